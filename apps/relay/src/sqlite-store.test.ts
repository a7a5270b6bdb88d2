import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { nativeCrypto, nativePorts } from '@parley/kernel/node';
import { emptyHead, newCapability, newLogId, nextHead, type LogId, type Store } from '@parley/post';
import { storeConformance } from '@parley/post/conformance';
import { MIGRATIONS } from './sqlite-schema.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { removeDirectory, temporaryDirectory } from './testing/fixture.ts';

storeConformance('SQLite', async () => {
  const directory = await temporaryDirectory();
  return {
    open: async () => openSqliteStore(join(directory, 'relay.db')),
    destroy: () => removeDirectory(directory),
  };
});

it('a store of a development version is refused in words, and a released one is brought forward', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'relay.db');
  const db = new Database(path);
  db.exec('CREATE TABLE log (n INTEGER PRIMARY KEY); CREATE TABLE moved (place TEXT)');
  db.pragma(`user_version = ${MIGRATIONS.length}`);
  db.close();
  expect(() => openSqliteStore(path)).toThrow(
    expect.objectContaining({ code: 'store-unusable' }) as Error,
  );
  const released = join(directory, 'released.db');
  const old = new Database(released);
  for (const migration of MIGRATIONS.slice(0, 2)) old.exec(migration);
  old.pragma('user_version = 2');
  old.exec("INSERT INTO log VALUES (1, x'01', 0, x'00', 0, 10, x'00', 1000)");
  old.close();
  const store = openSqliteStore(released);
  expect(await store.countLogs()).toBe(1);
  await store.close();
  await removeDirectory(directory);
});

it('what shares a transaction is done in the order of asking, appends and other changes alike', async () => {
  const { randomness } = nativePorts;
  const directory = await temporaryDirectory();
  const store = openSqliteStore(join(directory, 'relay.db'));
  const [log, other] = [newLogId(randomness), newLogId(randomness)];
  const owner = newCapability(randomness);
  await store.createLog(log, { owner, maxEntries: 3, nowMs: 1 });
  const envelopeOf = (n: number): Uint8Array => new Uint8Array(100).fill(n);
  const put = (to: LogId, seq: number, n = seq): ReturnType<Store['append']> =>
    store.append(to, { expectedSeq: seq, envelope: envelopeOf(n), nowMs: seq });
  const [first, second, made, early, granted, third, lost, full, dropped] = await Promise.all([
    put(log, 1),
    put(log, 2),
    store.createLog(other, { owner, maxEntries: 10, nowMs: 1 }),
    put(other, 1),
    store.grant(other, { ...newCapability(randomness), rights: 'member' }),
    put(log, 3),
    put(log, 3, 4),
    put(log, 4),
    // It holds an envelope by now, so it is not a log that was never used.
    store.dropLog(other, { nowMs: 0, unusedSinceMs: 10 }),
  ]);
  for (const done of [first, second, made, early, granted, third])
    expect(done).toMatchObject({ ok: true });
  expect(lost).toMatchObject({ ok: false, reason: 'conflict', at: 3 });
  expect(full).toMatchObject({ ok: false, reason: 'full' });
  expect(dropped).toBe(false);
  let head = emptyHead(nativeCrypto, log);
  for (const n of [1, 2, 3]) head = nextHead(nativeCrypto, head, envelopeOf(n));
  expect(await store.head(log)).toEqual({ ok: true, value: { seq: 3, head, timeMs: 3 } });
  expect(await store.head(other)).toEqual(early);
  await store.close();
  await removeDirectory(directory);
});
