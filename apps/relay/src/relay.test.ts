import { createConnection } from 'node:net';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concat, decode, utf8 } from '@parley/kernel';
import {
  ENVELOPE_MAX_BYTES,
  RelayClient,
  authorisation,
  downloadFile,
  idInPath,
  newCapability,
  newFileKey,
  newLogId,
  newShelfId,
  planBlob,
  refusalCodec,
  sealFile,
  uploadFile,
  type RelayLog,
} from '@parley/post';
import { nativePorts } from '@parley/kernel/node';
import { DEFAULT_LIMITS } from './limits.ts';
import { startRelay, sweep } from './relay.ts';
import type { RunningRelay } from './relay-options.ts';
import { BlobFiles } from './blob-files.ts';
import { Journal } from './journal.ts';
import { openSqliteStore } from './sqlite-store.ts';
import {
  crypto,
  freshLog,
  randomness,
  removeDirectory,
  spawnRelay,
  temporaryDirectory,
} from './testing/fixture.ts';

let dataDir: string;
let relay: RunningRelay;
let client: RelayClient;

beforeAll(async () => {
  dataDir = await temporaryDirectory();
  relay = await startRelay({
    dataDir,
    listen: '127.0.0.1:0',
    journal: { level: 'silent' },
    limits: {
      strangerBurst: 10_000,
      strangersBurst: 10_000,
      refusalsBurst: 10_000,
      requestTimeoutMs: 1500,
      headersTimeoutMs: 1000,
      blobQuotaBytes: 8e6,
    },
  });
  client = new RelayClient({ url: relay.url, relayKey: relay.relayKey });
});
afterAll(async () => {
  await relay.close();
  await removeDirectory(dataDir);
});

const soon = (): number => Date.now() + 60_000;
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Sends raw bytes and gives all that comes back until the relay closes, or for a while. */
function raw(
  bytes: Uint8Array | string,
  options: { end?: boolean; waitMs?: number } = {},
): Promise<string> {
  const { hostname, port } = new URL(relay.url);
  return new Promise((settle) => {
    let got = '';
    const socket = createConnection(Number(port), hostname, () => {
      socket.write(bytes);
      if (options.end === true) socket.destroy();
    });
    socket.on('data', (data) => (got += data.toString('latin1')));
    socket.on('error', () => settle(got));
    socket.on('close', () => settle(got));
    if (options.waitMs !== undefined) setTimeout(() => socket.destroy(), options.waitMs);
  });
}

function putHeaders(
  log: RelayLog,
  owner: Parameters<typeof authorisation>[1],
  place: number | string,
  length: number,
): string {
  const target = `/v1/logs/${idInPath(log.id)}/${place}`;
  const shown = authorisation(crypto, owner, { method: 'PUT', target, expiresMs: soon() });
  return `PUT ${target} HTTP/1.1\r\nhost: x\r\nauthorization: ${shown}\r\ncontent-type: application/octet-stream\r\ncontent-length: ${length}\r\n\r\n`;
}

describe('members', () => {
  it('append, read and follow, with receipts that chain', async () => {
    const log = await freshLog(client);
    const stop = new AbortController();
    const followed: number[] = [];
    const following = (async () => {
      for await (const page of log.follow({ after: 0, signal: stop.signal })) {
        if (!page.ok) return;
        followed.push(...page.value.envelopes.map((found) => found.seq));
        if (followed.length === 5) return;
      }
    })();
    const empty = await log.head();
    for (let seq = 1; seq <= 5; seq++)
      expect(await log.append({ expectedSeq: seq, envelope: Uint8Array.of(seq) })).toMatchObject({
        ok: true,
        value: { seq },
      });
    await following;
    expect(followed).toEqual([1, 2, 3, 4, 5]);
    const afterHead = empty.ok ? empty.value.head : new Uint8Array(32);
    expect(await log.read({ after: 0, afterHead })).toMatchObject({ ok: true });
    expect(await log.append({ expectedSeq: 5, envelope: Uint8Array.of(9) })).toMatchObject({
      reason: 'conflict',
    });
    expect(await log.append({ expectedSeq: 5, envelope: Uint8Array.of(5) })).toEqual(
      await log.head(),
    );
  });

  it('on a feed get what they lack and then what comes; a reader that takes nothing is held up alone', async () => {
    const log = await freshLog(client);
    const big = randomness.bytes(300_000);
    for (let seq = 1; seq <= 30; seq++) await log.append({ expectedSeq: seq, envelope: big });
    const slow = log.follow({ after: 0 });
    await slow.next();
    const seqs: number[] = [];
    for await (const page of log.follow({ after: 5 })) {
      if (!page.ok) break;
      seqs.push(...page.value.envelopes.map(({ seq }) => seq));
      if (seqs.length === 25) await log.append({ expectedSeq: 31, envelope: utf8('new') });
      if (seqs.length === 26) break;
    }
    expect(seqs).toEqual(Array.from({ length: 26 }, (_, at) => at + 6));
    let last = 0;
    for await (const page of slow) {
      last = (page.ok ? page.value.envelopes.at(-1)?.seq : undefined) ?? last;
      if (last === 31) break;
    }
    expect(last).toBe(31);
  });

  it('are held by a long poll until there is something', async () => {
    const log = await freshLog(client);
    const waiting = log.read({ after: 0, waitMs: 20_000 });
    await sleep(50);
    await log.append({ expectedSeq: 1, envelope: utf8('one') });
    expect(await waiting).toMatchObject({ value: { envelopes: [{ seq: 1 }] } });
    expect(await log.read({ after: 1, waitMs: 30 })).toMatchObject({ value: { envelopes: [] } });
  });

  it('whose clock is a year off are let in by the clock of the relay', async () => {
    const log = await freshLog(client);
    for (const yearMs of [-365 * 864e5, 365 * 864e5]) {
      const off = new RelayClient({
        url: relay.url,
        relayKey: relay.relayKey,
        ports: { ...nativePorts, clock: { nowMs: () => Date.now() + yearMs } },
      });
      const owner = newCapability(randomness);
      await log.grant({ ...owner, rights: 'member' });
      expect(await off.log(log.id, owner).head()).toMatchObject({ ok: true });
    }
  });

  it('have the rights they were given and no more, until they are taken away', async () => {
    const log = await freshLog(client);
    const reader = newCapability(randomness);
    await log.grant({ ...reader, rights: 'reader' });
    const asReader = client.log(log.id, reader);
    expect(await asReader.head()).toMatchObject({ ok: true });
    const no = { ok: false, reason: 'forbidden' };
    expect(await asReader.append({ expectedSeq: 1, envelope: utf8('x') })).toMatchObject(no);
    expect(await asReader.grant({ ...newCapability(randomness), rights: 'owner' })).toMatchObject(
      no,
    );
    expect(await log.revoke(reader.id)).toMatchObject({ ok: true });
    expect(await asReader.head()).toMatchObject(no);
    expect(await client.log(newLogId(randomness), reader).head()).toMatchObject({
      reason: 'no-such-log',
    });
    expect(await client.log(log.id, newCapability(randomness)).head()).toMatchObject(no);
  });

  it('exchange packages over a shelf', async () => {
    const log = await freshLog(client);
    const shelf = newShelfId(randomness);
    await log.putPackage(shelf, utf8('package'));
    expect(await client.takePackage(log.id, shelf)).toEqual({ ok: true, value: utf8('package') });
    expect(await client.takePackage(log.id, shelf)).toMatchObject({ reason: 'empty' });
  });
});

describe('files', () => {
  it('come out as they went in, and a second upload sends nothing again', async () => {
    const log = await freshLog(client);
    const key = newFileKey(nativePorts);
    const file = randomness.bytes(3_000_001);
    const upload = { key, size: file.length, expiresMs: soon() };
    const up = await uploadFile(log, { ...upload, source: once(file) });
    expect(up).toMatchObject({ ok: true, value: { chunks: 3 } });
    const parts: Uint8Array[] = [];
    const sha256 = crypto.hash('sha256', file);
    const down = await downloadFile(
      log,
      { key, size: file.length, sha256 },
      (part) => void parts.push(part),
    );
    expect(down).toMatchObject({ ok: true });
    expect(concat(...parts)).toEqual(file);
    const counted: number[] = [];
    await uploadFile(log, {
      ...upload,
      source: once(file),
      onProgress: ({ chunks }) => counted.push(chunks),
    });
    expect(counted).toEqual([3]);
  });

  it('can be fetched before they have arrived', async () => {
    const log = await freshLog(client);
    const key = newFileKey(nativePorts);
    const file = randomness.bytes(2_500_000);
    const plan = planBlob(file.length);
    await log.declareBlob(key, {
      chunks: plan.chunks,
      size: plan.sealedSize,
      expiresMs: soon(),
    });
    const sha256 = crypto.hash('sha256', file);
    const down = downloadFile(log, { key, size: file.length, sha256 }, () => {});
    await sleep(150);
    for await (const chunk of sealFile(nativePorts, key, { size: file.length, source: once(file) }))
      await log.putChunk(key.blob, chunk);
    expect(await down).toMatchObject({ ok: true });
    expect(await log.finishBlob(key.blob)).toMatchObject({ ok: true });
    expect(
      await log.putChunk(key.blob, { number: 0, sealed: [new Uint8Array(1048604)] }),
    ).toMatchObject({
      reason: 'exists',
    });
  });

  it('keep to the declared size, the quota and the end of their time', async () => {
    const log = await freshLog(client);
    const key = newFileKey(nativePorts);
    await log.declareBlob(key, { chunks: 1, size: 1000, expiresMs: soon() });
    await expect(
      log.putChunk(key.blob, { number: 0, sealed: [new Uint8Array(999)] }),
    ).rejects.toMatchObject({
      code: 'relay-broken',
    });
    expect(await log.finishBlob(key.blob)).toMatchObject({ reason: 'incomplete' });
    const stranger = { ...newFileKey(nativePorts), blob: key.blob };
    const longer = { chunks: 1, size: 1000, expiresMs: soon() + 9_000_000 };
    // Another member who does not hold the file's secret cannot move its end.
    expect(await log.declareBlob(stranger, longer)).toMatchObject({ reason: 'exists' });
    const big = planBlob(8_000_000);
    expect(
      await log.declareBlob(newFileKey(nativePorts), {
        chunks: big.chunks,
        size: big.sealedSize,
        expiresMs: soon(),
      }),
    ).toMatchObject({ reason: 'full' });
    await log.putChunk(key.blob, { number: 0, sealed: [new Uint8Array(1000)] });
    const store = openSqliteStore(join(dataDir, 'relay.db'));
    const blobs = new BlobFiles(join(dataDir, 'blobs'));
    const clock = { nowMs: () => soon() + 1000 };
    const limits = DEFAULT_LIMITS;
    await log.append({ expectedSeq: 1, envelope: new Uint8Array(1) });
    const world = {
      store,
      blobs,
      clock,
      crypto,
      limits,
      journal: new Journal({ level: 'silent' }),
    };
    // Whoever changes the end in the file itself does not get the chunks removed.
    const file = new Database(join(dataDir, 'relay.db'));
    const change = file.prepare('UPDATE blob SET expires_ms = expires_ms + ? WHERE id = ?');
    change.run(-1, key.blob);
    await sweep(world);
    await expect(log.blobState(key.blob)).rejects.toMatchObject({ code: 'relay-broken' });
    change.run(1, key.blob);
    file.close();
    expect(await sweep(world)).toBeGreaterThan(0);
    await store.close();
    expect(await log.blobState(key.blob)).toMatchObject({ reason: 'no-such-blob' });
    expect(await readdir(join(dataDir, 'blobs', Buffer.from(log.id).toString('hex')))).toEqual([]);
  });
});

describe('strangers and bad requests', () => {
  it('no route answers HTML or JavaScript, and every refusal is in canonical bytes', async () => {
    const log = await freshLog(client);
    const name = idInPath(log.id);
    const paths = [
      '/',
      '/index.html',
      '/favicon.ico',
      '/v1',
      '/v1/relay',
      '/v1/logs',
      `/v1/logs/${name}`,
      `/v1/logs/${name}/head`,
      `/v1/logs/${name}/feed?after=0`,
      `/v1/logs/${name}/1`,
      `/v1/logs/x/1`,
      `/v1/logs/${name}/blobs/${name}/0`,
      `/v1/logs/${name}/shelves/${name}/take`,
      `/v1/logs/%ff`,
      `/v1/logs/${'a'.repeat(300)}`,
      '/v1/logs/../../etc/passwd',
      '/%2e%2e/',
    ];
    let asked = 0;
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
        const answer = await raw(
          `${method} ${path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n`,
        );
        const [head = '', ...rest] = answer.split('\r\n\r\n');
        expect(head).toMatch(/^HTTP\/1\.1 [45]\d\d/);
        expect(head).not.toMatch(/text\/|html|javascript|json/i);
        const body = rest.join('\r\n\r\n');
        if (/content-type: application\/cbor/.test(head) && method !== 'HEAD')
          expect(decode(refusalCodec, Uint8Array.from(Buffer.from(body, 'latin1')))).toMatchObject({
            ok: true,
          });
        else expect(body).toBe('');
        asked++;
      }
    }
    expect(asked).toBe(paths.length * 8);
  });

  it('a body is refused by its headers before a byte of it is read', async () => {
    const log = await freshLog(client);
    const stranger = newCapability(randomness);
    const refused = await raw(putHeaders(log, stranger, 1, 1000));
    expect(refused).toMatch(/^HTTP\/1\.1 403/);
    expect(refused).toMatch(/connection: close/i);
  });

  it('a length that is only claimed takes no room from others', async () => {
    const log = await freshLog(client);
    const owner = newCapability(randomness);
    const target = `/v1/logs/${idInPath(log.id)}?after=0&limit=1&wait=20000`;
    const shown = authorisation(crypto, owner, { method: 'GET', target, expiresMs: soon() });
    const claims = Array.from({ length: 4 }, () =>
      raw(
        `GET ${target} HTTP/1.1\r\nhost: x\r\nauthorization: ${shown}\r\ncontent-length: 134217728\r\n\r\n`,
        { waitMs: 5000 },
      ),
    );
    expect(await log.append({ expectedSeq: 1, envelope: Uint8Array.of(1) })).toMatchObject({
      ok: true,
    });
    for (const answer of await Promise.all(claims)) expect(answer).toMatch(/^HTTP\/1\.1 4/);
    const oversize = putHeaders(log, owner, 2, 134217728);
    expect(await raw(oversize, { waitMs: 5000 })).toMatch(/^HTTP\/1\.1 4/);
  });

  it('bodies that are too large, compressed, chunked or of no length are refused', async () => {
    const owner = newCapability(randomness);
    const log = await freshLog(client, owner);
    expect(
      await log.append({ expectedSeq: 1, envelope: new Uint8Array(ENVELOPE_MAX_BYTES + 1) }),
    ).toMatchObject({ reason: 'too-large' });
    expect(await raw(putHeaders(log, owner, 1, ENVELOPE_MAX_BYTES + 1))).toMatch(/ 413 /);
    expect(
      await log.append({ expectedSeq: 1, envelope: new Uint8Array(ENVELOPE_MAX_BYTES) }),
    ).toMatchObject({ ok: true });
    const head = putHeaders(log, owner, 2, 4);
    expect(
      await raw(
        head.replace('\r\n\r\n', '\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nabcd'),
      ),
    ).toMatch(/ 400 /);
    const chunked = head.replace(
      /content-length: 4/,
      'transfer-encoding: chunked\r\nconnection: close',
    );
    expect(await raw(`${chunked}4\r\nabcd\r\n0\r\n\r\n`)).toMatch(/ 400 /);
    expect(
      await raw(
        head.replace(/application\/octet-stream/, 'text/plain\r\nconnection: close') + 'abcd',
      ),
    ).toMatch(/ 400 /);
    expect(await log.head()).toMatchObject({ value: { seq: 1 } });
  });

  it('bodies cut off in the middle, slow senders and garbage leave the relay and the log as they were', async () => {
    const owner = newCapability(randomness);
    const log = await freshLog(client, owner);
    await Promise.all(
      Array.from({ length: 50 }, () =>
        raw(`${putHeaders(log, owner, 1, 1000)}only some of it`, { end: true }),
      ),
    );
    // The more is to come the longer it may take.
    let largerIsOpen = true;
    const chunk = `blobs/${idInPath(log.id)}/0`;
    const larger = raw(`${putHeaders(log, owner, chunk, 4e6)}drip`).then(() => {
      largerIsOpen = false;
    });
    const slow = raw(`${putHeaders(log, owner, 1, 1000)}drip`);
    const neverEnding = raw('GET /v1/relay HTTP/1.1\r\nhost: x\r\nx: ');
    expect(await raw(randomness.bytes(3000))).toMatch(/^HTTP\/1\.1 400|^$/);
    expect(await raw(`GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 4\d\d|^$/,
    );
    expect(await slow).toMatch(/ 408 /);
    await log.head();
    expect(largerIsOpen).toBe(true);
    expect(await neverEnding).toMatch(/ 408 /);
    await larger;
    expect(await log.head()).toMatchObject({ value: { seq: 0 } });
    expect(await log.append({ expectedSeq: 1, envelope: utf8('whole') })).toMatchObject({
      ok: true,
    });
  });

  it('a capability that asks too often waits, and so do strangers and founders', async () => {
    const other = await temporaryDirectory();
    const token = 'a-token-of-the-operator';
    await writeFile(join(other, 'token'), `${token}\n`);
    const strict = await startRelay({
      dataDir: other,
      listen: '127.0.0.1:0',
      journal: { level: 'silent' },
      createTokenFile: join(other, 'token'),
      limits: {
        strangerBurst: 3,
        strangerPerSecond: 0.001,
        capabilityBurst: 5,
        capabilityPerSecond: 50,
        logs: 1,
      },
    });
    const stranger = new RelayClient({ url: strict.url });
    const strictClient = new RelayClient({ url: strict.url, createToken: token });
    const owner = newCapability(randomness);
    const id = newLogId(randomness);
    expect(await stranger.createLog(id, owner)).toMatchObject({ reason: 'forbidden' });
    expect(await strictClient.createLog(id, owner)).toMatchObject({ ok: true });
    expect(await strictClient.createLog(newLogId(randomness), owner)).toMatchObject({
      reason: 'full',
    });
    const log = strictClient.log(id, owner);
    const many = await Promise.all(Array.from({ length: 12 }, () => log.head()));
    // Twelve at once against five: the client waits for its turn and comes through.
    expect(many.filter((one) => one.ok)).toHaveLength(12);
    expect(await strictClient.createLog(newLogId(randomness), owner)).toMatchObject({
      reason: 'busy',
    });
    await strict.close();
    await removeDirectory(other);
  });
});

describe('starting and stopping', () => {
  it('SIGTERM lets a waiting reader and a running append end well', async () => {
    const other = await temporaryDirectory();
    const child = await spawnRelay(other);
    const here = new RelayClient({ url: child.url });
    const log = await freshLog(here);
    const waiting = log.read({ after: 0, waitMs: 20_000 });
    await sleep(100);
    const code = child.kill('SIGTERM');
    expect(await waiting).toMatchObject({ ok: true, value: { envelopes: [] } });
    expect(await code).toBe(0);
    await expect(log.head()).rejects.toMatchObject({ code: 'relay-unreachable', retry: true });
    await removeDirectory(other);
  });

  it('an address that is taken or malformed is a clear fault', async () => {
    const { host } = new URL(relay.url);
    const start = (listen: string): Promise<RunningRelay> =>
      startRelay({ dataDir, listen, journal: { level: 'silent' } });
    await expect(start(host)).rejects.toMatchObject({ code: 'listen-refused' });
    await expect(start('nonsense')).rejects.toMatchObject({ code: 'listen-malformed' });
    const beside = startRelay({
      dataDir,
      listen: '127.0.0.1:0',
      strangersListen: host,
      journal: { level: 'silent' },
    });
    await expect(beside).rejects.toMatchObject({
      code: 'strangers-refused',
      nextAction: expect.stringContaining('another address') as string,
    });
  });
});
