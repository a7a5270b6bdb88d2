// One file from A to B, encrypted end to end: through our relay, stored on its disk on the way, against magic-wormhole's
// direct transfer. Run: npm run bench:transfer [-- --mib 256 --runs 5]
//
// Everything runs in a network namespace of its own that has only loopback: wormhole advertises every address of the
// machine, and would otherwise leave it. Wormhole finds its other end by a mailbox server; Debian has none, so the few
// messages of its protocol that two ends need are spoken here.

import { fork, spawn, spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  RelayClient,
  capabilityId,
  downloadFile,
  fileKey,
  logId,
  newCapability,
  newFileKey,
  newLogId,
  uploadFile,
} from '@parley/post';
import { WebSocketServer, type WebSocket } from 'ws';
import { spawnRelay } from '../apps/relay/src/testing/fixture.ts';

const { randomness, crypto } = nativePorts;
const MIB = 1024 * 1024;
const numberAfter = (flag: string, fallback: number): number => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const FILE_MIB = numberAfter('--mib', 256);
const RUNS = numberAfter('--runs', 5);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function bigFile(path: string): Promise<Uint8Array> {
  const file = await open(path, 'w');
  const hasher = crypto.hasher('sha256');
  for (let n = 0; n < FILE_MIB; n++) {
    const piece = randomness.bytes(MIB);
    hasher.update(piece);
    await file.write(piece);
  }
  await file.close();
  return hasher.digest();
}

/** What B, in a process of its own, is told. */
type Fetch = {
  url: string;
  log: string;
  owner: Record<'id' | 'key', string>;
  secret: string;
  size: number;
  sha256: string;
  target: string;
};

function hex(text: string): Uint8Array {
  const read = fromHex(text);
  if (!read.ok) throw new Error('not hexadecimal');
  return read.value;
}

async function receive(fetch: Fetch): Promise<void> {
  const owner = { id: capabilityId(hex(fetch.owner.id)), key: hex(fetch.owner.key) };
  const log = new RelayClient({ url: fetch.url }).log(logId(hex(fetch.log)), owner);
  const out = createWriteStream(fetch.target);
  const write = async (piece: Uint8Array): Promise<void> => {
    if (!out.write(piece)) await new Promise<void>((settle) => out.once('drain', settle));
  };
  const file = { key: fileKey(crypto, hex(fetch.secret)), size: fetch.size };
  const wanted = { ...file, sha256: hex(fetch.sha256) };
  let down = await downloadFile(log, wanted, write);
  while (!down.ok && down.reason === 'no-such-blob') down = await downloadFile(log, wanted, write);
  await new Promise<void>((settle) => out.end(() => settle()));
  process.send?.(down.ok ? 'received' : down.reason);
}

/** Seconds from the first byte read at A to the last byte written at B; each end is a process, as with wormhole. */
async function throughRelay(directory: string, path: string, sha256: Uint8Array): Promise<number> {
  const relay = await spawnRelay(directory, { quiet: true });
  const client = new RelayClient({ url: relay.url });
  const owner = newCapability(randomness);
  const id = newLogId(randomness);
  await client.createLog(id, owner);
  const log = client.log(id, owner);
  const { size } = await stat(path);
  const key = newFileKey(nativePorts);
  const target = join(directory, 'received');
  const other = fork(import.meta.filename, ['receiver']);
  await new Promise((settle) => other.once('message', settle));
  const told = new Promise((settle) => other.once('message', settle));
  const began = performance.now();
  const source = createReadStream(path, { highWaterMark: MIB }) as AsyncIterable<Uint8Array>;
  const expiresMs = Date.now() + 3_600_000;
  const up = uploadFile(log, { key, size, source, expiresMs });
  other.send({
    url: relay.url,
    log: toHex(id),
    owner: { id: toHex(owner.id), key: toHex(owner.key) },
    secret: toHex(key.secret),
    size,
    sha256: toHex(sha256),
    target,
  } satisfies Fetch);
  const down = await told;
  const seconds = (performance.now() - began) / 1000;
  if (down !== 'received' || !(await up).ok) throw new Error('the file did not arrive');
  other.disconnect();
  await relay.kill('SIGTERM');
  await rm(target);
  return seconds;
}

/** The mailbox protocol of magic-wormhole, as far as one pair of ends needs it. */
function mailbox(): Promise<{ url: string; close: () => void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/v1' });
  const messages: { side: string; phase: string; body: string }[] = [];
  const listeners = new Set<WebSocket>();
  server.on('connection', (socket) => {
    const say = (message: object): void =>
      socket.send(JSON.stringify({ server_tx: Date.now() / 1000, ...message }));
    let side = '';
    say({ type: 'welcome', welcome: {} });
    socket.on('close', () => listeners.delete(socket));
    socket.on('message', (data: Buffer) => {
      const asked = JSON.parse(data.toString()) as Record<string, string>;
      say({ type: 'ack', id: asked['id'] });
      if (asked['type'] === 'bind') side = asked['side'] ?? '';
      else if (asked['type'] === 'list') say({ type: 'nameplates', nameplates: [{ id: '4' }] });
      else if (asked['type'] === 'allocate') say({ type: 'allocated', nameplate: '4' });
      else if (asked['type'] === 'claim') say({ type: 'claimed', mailbox: 'box' });
      else if (asked['type'] === 'release') say({ type: 'released' });
      else if (asked['type'] === 'close') say({ type: 'closed' });
      else if (asked['type'] === 'open') {
        listeners.add(socket);
        for (const message of messages) say({ type: 'message', ...message });
      } else if (asked['type'] === 'add') {
        const message = { side, phase: asked['phase'] ?? '', body: asked['body'] ?? '' };
        messages.push(message);
        for (const listener of listeners)
          listener.send(JSON.stringify({ type: 'message', id: asked['id'], ...message }));
      }
    });
  });
  return new Promise((settle) =>
    server.on('listening', () =>
      settle({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
        close: () => server.close(),
      }),
    ),
  );
}

async function byWormhole(directory: string, path: string): Promise<number> {
  const box = await mailbox();
  // A helper that is not there: the two ends reach each other directly.
  const common = ['--relay-url', box.url, '--transit-helper', 'tcp:127.0.0.1:1'];
  const run = (args: readonly string[]): Promise<void> =>
    new Promise((settle, fail) => {
      const child = spawn('wormhole', [...common, ...args], { cwd: directory, stdio: 'ignore' });
      child.once('exit', (code) => (code === 0 ? settle() : fail(new Error(`wormhole: ${code}`))));
    });
  const began = performance.now();
  const target = join(directory, 'received');
  const sending = run(['send', '--hide-progress', '--code', '4-purple-sausages', path]);
  const receiving = run([
    'receive',
    '--hide-progress',
    '--accept-file',
    '-o',
    target,
    '4-purple-sausages',
  ]);
  await Promise.all([sending, receiving]);
  const seconds = (performance.now() - began) / 1000;
  box.close();
  await rm(target);
  return seconds;
}

/** Until both ends have started and agreed on a key: what a file of one byte takes. */
async function compare(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-transfer-'));
  const path = join(directory, 'file');
  const sha256 = await bigFile(path);
  const small = join(directory, 'small');
  await (await open(small, 'w')).close();
  const wormhole = spawnSync('wormhole', ['--version']).status === 0;
  const ours: number[] = [];
  const theirs: number[] = [];
  const starting: number[] = [];
  for (let n = 0; n < RUNS; n++) {
    const data = await mkdtemp(join(directory, 'relay-'));
    ours.push(FILE_MIB / (await throughRelay(data, path, sha256)));
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
    if (!wormhole) continue;
    starting.push(await byWormhole(directory, small));
    theirs.push(await byWormhole(directory, path));
  }
  console.log(`${FILE_MIB} MiB from A to B, median of ${RUNS}`);
  console.log(`  through the relay          ${median(ours).toFixed(0).padStart(5)} MiB/s`);
  if (wormhole) {
    // Its programs take time to start, ours were running: that is not the transfer.
    const start = median(starting);
    const pure = median(theirs.map((seconds) => FILE_MIB / Math.max(0.001, seconds - start)));
    console.log(
      `  magic-wormhole, direct     ${pure.toFixed(0).padStart(5)} MiB/s without the ${start.toFixed(1)} s that it takes to start`,
    );
    console.log(`  ratio ${(median(ours) / pure).toFixed(2)} (goal 0.8)`);
  } else console.log('  magic-wormhole: not run: it is not installed');
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

if (process.argv[2] === 'receiver') {
  process.once('message', (fetch: Fetch) => void receive(fetch));
  process.send?.('ready');
} else if (process.env['PARLEY_NAMESPACE'] === '1') await compare();
else {
  const inside = `ip link set lo up && exec "$0" "$@"`;
  const args = ['-rn', 'sh', '-c', inside, process.execPath, ...process.argv.slice(1)];
  const done = spawnSync('unshare', args, {
    stdio: 'inherit',
    env: { ...process.env, PARLEY_NAMESPACE: '1' },
  });
  if (done.status !== 0) console.log('not run: no network namespace can be made on this machine');
}
