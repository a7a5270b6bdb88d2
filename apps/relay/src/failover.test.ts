// The primary is killed under load, and the quorum goes: nothing acknowledged is lost, and writing resumes by itself.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFault, utf8 } from '@parley/kernel';
import { newCapability, newLogId, type LogHead, type LogId, type Store } from '@parley/post';
import { openPostgresStore } from './postgres-store.ts';
import { randomness } from './testing/fixture.ts';
import {
  postgresBinaries,
  startPostgres,
  type PostgresCluster,
  type PostgresNode,
} from './testing/postgres.ts';

const binaries = postgresBinaries();

if ('missing' in binaries) {
  it(`failover: not run: ${binaries.missing}`, () => expect(binaries.missing).not.toBe(''));
} else {
  describe('a PostgreSQL primary with two quorum standbys', () => {
    let cluster: PostgresCluster;
    let stores: Store[];
    beforeEach(async () => {
      cluster = await startPostgres(2);
      const nodes = [cluster.primary, ...cluster.standbys];
      const hosts = nodes.map((node) => `127.0.0.1:${node.port}`).join(',');
      const url = `postgres://postgres@${hosts}/postgres`;
      stores = [
        await openPostgresStore(url, { giveUpMs: 3000 }),
        await openPostgresStore(url, { giveUpMs: 3000 }),
      ];
    });
    afterEach(async () => {
      await Promise.all(stores.map((store) => store.close()));
      await cluster.destroy();
    });

    async function freshLog(): Promise<LogId> {
      const log = newLogId(randomness);
      const made = { owner: newCapability(randomness), maxEntries: 1e6, nowMs: 1 };
      await (stores[0] as Store).createLog(log, made);
      return log;
    }

    /** What Patroni does: the standby that has most of the journal becomes the primary, the other follows it. */
    async function promote(): Promise<PostgresNode> {
      const received = await Promise.all(
        cluster.standbys.map(async (node) => {
          const [row] = await node.ask("SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn AS lsn");
          return { node, lsn: Number(row?.['lsn'] ?? 0) };
        }),
      );
      const [best, ...others] = received.toSorted((a, b) => b.lsn - a.lsn).map((one) => one.node);
      if (best === undefined) throw new Error('no standby');
      for (const other of others) {
        await other.configure([
          `primary_conninfo='host=127.0.0.1 port=${best.port} user=postgres application_name=${other.name}'`,
        ]);
        await other.ask('SELECT pg_reload_conf()');
      }
      await best.configure([
        `synchronous_standby_names='ANY 1 (${others.map((other) => other.name).join(',')})'`,
      ]);
      await best.ask('SELECT pg_promote(true, 30)');
      await best.ask('SELECT pg_reload_conf()');
      return best;
    }

    it('killed under load: a standby is promoted, the relays find it, every acknowledged entry is there', async () => {
      const logs = await Promise.all(Array.from({ length: 8 }, freshLog));
      const acknowledged = logs.map((): { envelope: Uint8Array; head: LogHead }[] => []);
      const load = { writing: true, killed: false, afterwards: 0 };
      const writers = logs.map(async (log, n) => {
        const mine = acknowledged[n] as { envelope: Uint8Array; head: LogHead }[];
        const store = stores[n % 2] as Store;
        let envelope = utf8(`${n}/1`);
        while (load.writing) {
          try {
            const stored = await store.append(log, {
              expectedSeq: mine.length + 1,
              envelope,
              nowMs: 1,
            });
            expect(stored).toMatchObject({ ok: true });
            if (!stored.ok) return;
            mine.push({ envelope, head: stored.value });
            envelope = utf8(`${n}/${mine.length + 1}`);
            if (load.killed) load.afterwards++;
          } catch (error) {
            // In doubt: the same envelope is sent again, as a desk does.
            if (!isFault(error, 'store-unreachable')) throw error;
          }
        }
      });
      await sleep(700);
      await cluster.primary.stop('SIGQUIT');
      const before = acknowledged.reduce((sum, mine) => sum + mine.length, 0);
      await promote();
      load.killed = true;
      while (load.afterwards < 50) await sleep(50);
      load.writing = false;
      await Promise.all(writers);
      expect(before).toBeGreaterThan(10);
      for (const [n, log] of logs.entries()) {
        const mine = acknowledged[n] as { envelope: Uint8Array; head: LogHead }[];
        const head = await (stores[0] as Store).head(log);
        expect(head).toEqual({ ok: true, value: mine.at(-1)?.head });
        for (let after = 0; after < mine.length; after += 500) {
          const page = await (stores[1] as Store).read(log, {
            after,
            maxEnvelopes: 500,
            maxBytes: 1e9,
          });
          expect(page.ok && page.value.envelopes.map((found) => String(found.envelope))).toEqual(
            mine.slice(after, after + 500).map((kept) => String(kept.envelope)),
          );
        }
      }
    });

    it('without a quorum nothing is acknowledged, readers go on, and it recovers by itself', async () => {
      const [store] = stores as [Store];
      const log = await freshLog();
      await store.append(log, { expectedSeq: 1, envelope: utf8('before'), nowMs: 1 });
      await Promise.all(cluster.standbys.map((standby) => standby.stop('SIGQUIT')));
      const during = { expectedSeq: 2, envelope: utf8('during'), nowMs: 1 };
      await expect(store.append(log, during)).rejects.toMatchObject({
        code: 'store-unreachable',
        retry: true,
        message: expect.stringContaining('standby') as string,
      });
      expect(await store.head(log)).toMatchObject({ value: { seq: 1 } });
      expect(await store.read(log, { after: 0, maxEnvelopes: 9, maxBytes: 1e6 })).toMatchObject({
        ok: true,
      });
      await (cluster.standbys[0] as PostgresNode).start();
      let again;
      while (again === undefined) again = await store.append(log, during).catch(() => undefined);
      expect(again).toMatchObject({ ok: true, value: { seq: 2 } });
      expect(await store.head(log)).toMatchObject({ value: { seq: 2 } });
    });
  });
}
