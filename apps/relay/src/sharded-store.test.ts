import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeConformance } from '@parley/post/conformance';
import { newCapability, newLogId, type LogId } from '@parley/post';
import { ShardedStore, candidates, type Shard } from './sharded-store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { randomness, removeDirectory, temporaryDirectory } from './testing/fixture.ts';

const shardIn = (directory: string, name: string, generation: number): Shard => ({
  name,
  generation,
  store: openSqliteStore(join(directory, `${name}.db`)),
});

storeConformance('three shards of two generations', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-shards-'));
  return {
    open: async () =>
      new ShardedStore([
        shardIn(directory, 'a', 1),
        shardIn(directory, 'b', 1),
        shardIn(directory, 'c', 2),
      ]),
    destroy: () => rm(directory, { recursive: true }),
  };
});

describe('a map of shards', () => {
  it('grows without moving a log, and new logs go to old and new shards alike', async () => {
    const directory = await temporaryDirectory();
    const owner = newCapability(randomness);
    const made = { owner, maxEntries: 10, nowMs: 1 };
    const small = new ShardedStore([shardIn(directory, 'a', 1), shardIn(directory, 'b', 1)]);
    const old = Array.from({ length: 60 }, () => newLogId(randomness));
    for (const log of old) {
      await small.createLog(log, made);
      await small.append(log, { expectedSeq: 1, envelope: Uint8Array.of(1), nowMs: 1 });
    }
    await small.close();

    const shards = [
      shardIn(directory, 'a', 1),
      shardIn(directory, 'b', 1),
      shardIn(directory, 'c', 2),
    ];
    const grown = new ShardedStore(shards);
    for (const log of old) {
      expect(await grown.head(log)).toMatchObject({ value: { seq: 1 } });
      expect(
        await grown.append(log, { expectedSeq: 2, envelope: Uint8Array.of(2), nowMs: 1 }),
      ).toMatchObject({ ok: true });
      // Made again by a caller that lost the answer: still the one log there is.
      expect(await grown.createLog(log, made)).toMatchObject({ ok: true });
    }
    const fresh = Array.from({ length: 90 }, () => newLogId(randomness));
    for (const log of fresh) await grown.createLog(log, made);
    const counts = await Promise.all(shards.map(({ store }) => store.countLogs()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(150);
    expect(Math.min(...counts)).toBeGreaterThan(10);
    const moved = old.filter((log: LogId) => candidates(shards, log)[0]?.name === 'c');
    expect(moved.length).toBeGreaterThan(0);
    for (const log of moved) expect((await (shards[2] as Shard).store.head(log)).ok).toBe(false);
    await grown.close();
    await removeDirectory(directory);
  });
});
