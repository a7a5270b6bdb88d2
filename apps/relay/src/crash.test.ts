// Nothing acknowledged is lost: several processes on one store, killed at random moments, full and read-only disks.

import { chmod, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { isFault, utf8 } from '@parley/kernel';
import {
  RelayClient,
  newCapability,
  newLogId,
  type Capability,
  type Receipt,
  type RelayLog,
} from '@parley/post';
import { relayKeyOf } from './relay-key.ts';
import { openSqliteStore } from './sqlite-store.ts';
import {
  crypto,
  freshLog,
  randomness,
  removeDirectory,
  spawnRelay,
  temporaryDirectory,
  type RelayProcess,
} from './testing/fixture.ts';

const SLOW = process.env['SLOW'] === '1';
const OPEN_DOORS = { limits: { capabilityPerSecond: 1e6, capabilityBurst: 1e6 } };

let dataDir: string;
beforeEach(async () => (dataDir = await temporaryDirectory()));
afterEach(async () => removeDirectory(dataDir));

describe('several relay processes on one store', () => {
  it('give every number to exactly one of 8 racers', async () => {
    const relays = await Promise.all([1, 2, 3].map(() => spawnRelay(dataDir, OPEN_DOORS)));
    const owner = newCapability(randomness);
    const logs: RelayLog[] = [];
    const first = new RelayClient({ url: (relays[0] as RelayProcess).url });
    const { id } = await freshLog(first, owner);
    for (let racer = 0; racer < 8; racer++) {
      const { url } = relays[racer % relays.length] as RelayProcess;
      const client = new RelayClient({ url });
      await client.facts();
      logs.push(client.log(id, owner));
    }
    const epochs = SLOW ? 10_000 : 150;
    for (let seq = 1; seq <= epochs; seq++) {
      const results = await Promise.all(
        logs.map((log, racer) =>
          log.append({ expectedSeq: seq, envelope: utf8(`${racer}/${seq}`) }),
        ),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(results.filter((r) => !r.ok && r.reason === 'conflict')).toHaveLength(7);
    }
    // A ring crosses from one process to a reader at another.
    const [here, , there] = logs as [RelayLog, RelayLog, RelayLog];
    const waiting = there.read({ after: epochs, waitMs: 20_000 });
    await here.append({ expectedSeq: epochs + 1, envelope: utf8('ring') });
    let rung = await waiting;
    // The ring of an earlier number may come late: an answer without an envelope is one to ask again after.
    if (rung.ok && rung.value.envelopes.length === 0)
      rung = await there.read({ after: epochs, waitMs: 20_000 });
    expect(rung).toMatchObject({ value: { envelopes: [{ seq: epochs + 1 }] } });
    expect(await Promise.all(relays.map((relay) => relay.kill('SIGTERM')))).toEqual([0, 0, 0]);
  });
});

describe('a relay killed at any moment', () => {
  it('has every envelope it gave a receipt for, under the same receipt', async () => {
    const owners: { owner: Capability; log: Uint8Array; receipts: Receipt[] }[] = [];
    const rounds = SLOW ? 100 : 6;
    let acknowledged = 0;
    for (let round = 0; round < rounds; round++) {
      const relay = await spawnRelay(dataDir, OPEN_DOORS);
      const client = new RelayClient({ url: relay.url });
      const writing = Array.from({ length: 6 }, async () => {
        const owner = newCapability(randomness);
        const kept = { owner, log: newLogId(randomness) as Uint8Array, receipts: [] as Receipt[] };
        try {
          const made = await client.createLog(kept.log as RelayLog['id'], owner);
          if (!made.ok) return;
          owners.push(kept);
          const log = client.log(kept.log as RelayLog['id'], owner);
          for (let seq = 1; ; seq++) {
            const stored = await log.append({ expectedSeq: seq, envelope: randomness.bytes(1000) });
            if (!stored.ok) throw new Error(stored.reason);
            kept.receipts.push(stored.value);
          }
        } catch (error) {
          if (!isFault(error, 'relay-unreachable')) throw error;
        }
      });
      await sleep(150 + (randomness.bytes(1)[0] ?? 0));
      await relay.kill('SIGKILL');
      await Promise.all(writing);
    }
    const relay = await spawnRelay(dataDir, OPEN_DOORS);
    const client = new RelayClient({ url: relay.url });
    for (const { owner, log, receipts } of owners) {
      const reading = client.log(log as RelayLog['id'], owner);
      const head = await reading.head();
      expect(head).toMatchObject({ ok: true });
      const last = receipts.at(-1);
      if (!head.ok || last === undefined) continue;
      // At most the one envelope whose receipt was on its way can be there beyond the last receipt.
      expect(head.value.seq - last.seq).toBeGreaterThanOrEqual(0);
      expect(head.value.seq - last.seq).toBeLessThanOrEqual(1);
      const page = await reading.read({ after: last.seq - 1, limit: 1 });
      const envelope = page.ok ? page.value.envelopes[0]?.envelope : undefined;
      expect(
        await reading.append({ expectedSeq: last.seq, envelope: envelope as Uint8Array }),
      ).toEqual({
        ok: true,
        value: last,
      });
      acknowledged += receipts.length;
    }
    expect(acknowledged).toBeGreaterThan(rounds);
    await relay.kill('SIGTERM');
    const db = new Database(join(dataDir, 'relay.db'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

describe('a disk that will not take more', () => {
  it('a full store refuses, keeps all it acknowledged, and goes on when there is room', async () => {
    const path = join(dataDir, 'relay.db');
    const store = openSqliteStore(path);
    const log = newLogId(randomness);
    await store.createLog(log, { owner: newCapability(randomness), maxEntries: 1e6, nowMs: 1 });
    // The same refusal as a full disk gives, from SQLite itself: a bound on its pages.
    const pages = limitPages(store, 40);
    let seq = 0;
    const appendUntilRefused = async (): Promise<unknown> => {
      for (;;) {
        const envelope = randomness.bytes(3000);
        try {
          await store.append(log, { expectedSeq: seq + 1, envelope, nowMs: 1 });
          seq++;
        } catch (error) {
          return error;
        }
      }
    };
    const refused = await appendUntilRefused();
    expect(refused).toMatchObject({ name: 'Fault', code: 'store-full', retry: true });
    expect(await store.head(log)).toMatchObject({ value: { seq } });
    pages.lift();
    expect(
      await store.append(log, { expectedSeq: seq + 1, envelope: utf8('more'), nowMs: 1 }),
    ).toMatchObject({
      ok: true,
    });
    await store.close();
  });

  it('a place that takes no directories is refused, and not tried for ever', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(dataDir, 'file'), '');
    for (const place of ['/proc/parley/data', join(dataDir, 'file', 'data')])
      await expect(relayKeyOf(place)).rejects.toMatchObject({ code: 'directory-refused' });
    expect(await relayKeyOf(join(dataDir, 'a', 'b', 'c'))).toHaveLength(32);
  });

  it('a store that is not writable refuses to start, and says what to do', async () => {
    const path = join(dataDir, 'relay.db');
    await openSqliteStore(path).close();
    const damaged = join(dataDir, 'damaged.db');
    await chmod(path, 0o400);
    if (process.getuid?.() !== 0)
      expect(() => openSqliteStore(path)).toThrow(
        expect.objectContaining({ code: 'store-read-only' }) as Error,
      );
    expect(() => openSqliteStore(join(dataDir, 'absent', 'relay.db'))).toThrow();
    const { writeFile } = await import('node:fs/promises');
    await writeFile(damaged, randomness.bytes(8192));
    expect(() => openSqliteStore(damaged)).toThrow(
      expect.objectContaining({ code: 'store-damaged' }) as Error,
    );
  });
});

describe('what the relay keeps and writes down', () => {
  it('holds no plaintext, no name, no id in a log line and no whole address', async () => {
    const relay = await spawnRelay(dataDir, OPEN_DOORS);
    const client = new RelayClient({ url: relay.url });
    const owner = newCapability(randomness);
    const log = await freshLog(client, owner);
    const { newFileKey, uploadFile } = await import('@parley/post');
    const { nativePorts } = await import('@parley/kernel/node');
    const secret = utf8('THE PLAINTEXT OF THE TALKS '.repeat(2000));
    const key = newFileKey(nativePorts);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield secret;
    }
    await uploadFile(log, {
      key,
      size: secret.length,
      source: source(),
      expiresMs: Date.now() + 1e6,
    });
    const stands = await log.append({ expectedSeq: 1, envelope: randomness.bytes(500) });
    if (!stands.ok) throw new Error(stands.reason);
    await log.append({ expectedSeq: 7, envelope: randomness.bytes(500) });
    await client.log(newLogId(randomness), owner).head();
    await relay.kill('SIGTERM');

    const hidden = {
      plaintext: utf8('THE PLAINTEXT'),
      'file secret': key.secret,
      'chunk key': key.chunkKey,
      'key of the end of the blob': key.termsSecret,
    };
    const stored = await everythingUnder(dataDir);
    expect(stored.length).toBeGreaterThan(50_000);
    for (const [what, bytes] of Object.entries(hidden)) {
      expect(stored.includes(Buffer.from(bytes)), `${what} in what was stored`).toBe(false);
    }
    const written = relay.output();
    expect(written.split('\n').length).toBeGreaterThan(5);
    for (const [what, bytes] of Object.entries({
      ...hidden,
      log: log.id,
      blob: key.blob,
      capability: owner.id,
      'key of the capability': owner.key,
      'who signs the end of the blob': crypto.signerFromSecret('ed25519', key.termsSecret)
        .publicKey,
      'head in a receipt': stands.value.head,
      'signature of a receipt': stands.value.signature,
    })) {
      for (const form of ['hex', 'base64url', 'latin1'] as const)
        expect(written.includes(Buffer.from(bytes).toString(form)), `${what} in a log line`).toBe(
          false,
        );
    }
    expect(written).not.toContain('127.0.0.1');
    expect(written).toContain('127.0.0.0/24');
    expect(written).toContain('/v1/logs/:log/:seq');
  });
});

/** Bounds the pages of an open store through its own connection, as a full disk would. */
function limitPages(store: object, more: number): { lift(): void } {
  const db = (store as { unsafeDatabase: Database.Database }).unsafeDatabase;
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages + more}`);
  return { lift: () => void db.pragma('max_page_count = 1073741823') };
}

async function everythingUnder(directory: string): Promise<Buffer> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile());
  return Buffer.concat(
    await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))),
  );
}
