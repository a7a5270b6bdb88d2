import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@parley/kernel';
import {
  newCapability,
  newLogId,
  newShelfId,
  type Capability,
  type LogId,
  type Store,
} from '@parley/post';
import { moveToPostgres } from './migrate.ts';
import { openPostgresStore } from './postgres-store.ts';
import { MIGRATIONS, migrateSqlite } from './sqlite-schema.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { randomness, removeDirectory, temporaryDirectory } from './testing/fixture.ts';
import { postgresBinaries, startPostgres, type PostgresCluster } from './testing/postgres.ts';

const binaries = postgresBinaries();
let directory: string;
beforeAll(async () => (directory = await temporaryDirectory()));
afterAll(async () => removeDirectory(directory));

async function filled(
  store: Store,
  logs: number,
  entries: number,
): Promise<{ log: LogId; owner: Capability }[]> {
  return Promise.all(
    Array.from({ length: logs }, async () => {
      const log = newLogId(randomness);
      const owner = newCapability(randomness);
      await store.createLog(log, { owner, maxEntries: 1e6, nowMs: 5 });
      for (let seq = 1; seq <= entries; seq++)
        await store.append(log, { expectedSeq: seq, envelope: randomness.bytes(50), nowMs: seq });
      return { log, owner };
    }),
  );
}

describe('forward migrations of the embedded store', () => {
  it('a store of every earlier release opens, and one of a later release is refused', async () => {
    for (let version = 1; version < MIGRATIONS.length; version++) {
      const path = join(directory, `v${version}.db`);
      const db = new Database(path);
      migrateSqlite(db, MIGRATIONS.slice(0, version));
      db.prepare(
        'INSERT INTO log (id, seq, head, time_ms, max_entries, founder, made_ms) VALUES (?, 0, ?, 1, 9, ?, 1)',
      ).run(Buffer.alloc(32, version), Buffer.alloc(32), Buffer.alloc(32));
      db.close();
      const store = openSqliteStore(path);
      expect(await store.head(new Uint8Array(32).fill(version) as LogId)).toMatchObject({
        value: { seq: 0 },
      });
      await store.close();
    }
    const later = join(directory, 'later.db');
    const db = new Database(later);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openSqliteStore(later)).toThrow(
      expect.objectContaining({ code: 'store-unusable' }) as Error,
    );
  });
});

if ('missing' in binaries) {
  it(`moving to PostgreSQL: not run: ${binaries.missing}`, () =>
    expect(binaries.missing).not.toBe(''));
} else {
  describe('a live store moved to PostgreSQL', () => {
    let cluster: PostgresCluster;
    beforeAll(async () => (cluster = await startPostgres()));
    afterAll(async () => cluster.destroy());

    it('loses and reorders nothing, although it is written to until the last moment', async () => {
      const path = join(directory, 'live.db');
      const old = openSqliteStore(path);
      const logs = await filled(old, 10, 30);
      const shelf = newShelfId(randomness);
      const first = logs[0] as { log: LogId };
      await old.putPackage(first.log, shelf, { sealed: utf8('package'), nowMs: 1 });
      const counts = logs.map(() => 30);
      const stop = { now: false };
      const writers = logs.map(async ({ log }, n) => {
        while (!stop.now) {
          const seq = (counts[n] ?? 0) + 1;
          const stored = await old
            .append(log, { expectedSeq: seq, envelope: randomness.bytes(50), nowMs: seq })
            .catch((error: unknown) => {
              expect(error).toMatchObject({
                code: expect.stringMatching(/^store-(moved|unreachable)$/) as string,
              });
              return undefined;
            });
          if (stored === undefined) return;
          counts[n] = seq;
          await new Promise((settle) => setTimeout(settle, 3));
        }
      });
      const mover = fileURLToPath(new URL('./testing/move-process.ts', import.meta.url));
      const ran = await promisify(execFile)(process.execPath, [mover, path, cluster.primary.url]);
      const moved: unknown = JSON.parse(ran.stdout);
      stop.now = true;
      await Promise.all(writers);
      const sum = counts.reduce((total, count) => total + count);
      expect(moved).toEqual({ logs: 10, envelopes: sum });
      const present = await openPostgresStore(cluster.primary.url);
      for (const { log, owner } of logs) {
        const before = await old.read(log, { after: 0, maxEnvelopes: 1e5, maxBytes: 1e9 });
        expect(await present.read(log, { after: 0, maxEnvelopes: 1e5, maxBytes: 1e9 })).toEqual(
          before,
        );
        expect(await present.grantOf(log, owner.id)).toMatchObject({ rights: 'owner' });
      }
      expect(await present.takePackage(first.log, shelf)).toEqual({
        ok: true,
        value: utf8('package'),
      });
      const late = { expectedSeq: (counts[0] ?? 0) + 1, envelope: utf8('late'), nowMs: 1 };
      await expect(old.append(first.log, late)).rejects.toMatchObject({ code: 'store-moved' });
      expect(await present.append(first.log, late)).toMatchObject({ ok: true });
      await expect(moveToPostgres(path, cluster.primary.url)).rejects.toMatchObject({
        code: 'store-moved',
      });
      await present.close();
      await old.close();
    });

    it('stops at a damaged envelope and leaves the old store in use', async () => {
      const path = join(directory, 'damaged.db');
      const old = openSqliteStore(path);
      const [one] = await filled(old, 1, 5);
      const db = new Database(path);
      db.prepare('UPDATE envelope SET body = ? WHERE seq = 3').run(Buffer.from('changed'));
      db.close();
      await expect(moveToPostgres(path, cluster.primary.url)).rejects.toMatchObject({
        code: 'store-damaged',
      });
      expect(
        await old.append((one as { log: LogId }).log, {
          expectedSeq: 6,
          envelope: utf8('on'),
          nowMs: 1,
        }),
      ).toMatchObject({ ok: true });
      await old.close();
    });
  });
}
