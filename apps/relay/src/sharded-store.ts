// Several stores as one, each log in one of them. The map can grow: a log stays where it was made, and new logs are placed
// among all shards, so that nothing is ever moved by hand.

import nodeCrypto from 'node:crypto';
import { Fault, refuse, type Verdict } from '@parley/kernel';
import type {
  BlobId,
  BlobRow,
  SignedTerms,
  CapabilityId,
  HeldGrant,
  LogHead,
  LogId,
  NewLog,
  NoLog,
  Over,
  ShelfId,
  Store,
  StoreFaultCode,
  StoredEnvelope,
} from '@parley/post';

/** One shard of the map. `name` and `generation` are for ever: they decide where logs are looked for. */
export type Shard = {
  readonly name: string;
  /** 1 for the first shards; each later growth of the map takes the next number. */
  readonly generation: number;
  readonly store: Store;
};

const KNOWN_MAX = 100_000;

/** Rendezvous hashing: the shard with the highest draw. Adding a shard changes nobody's draw but its own. */
function drawn(shards: readonly Shard[], log: Uint8Array): Shard {
  let best: { shard: Shard; draw: Buffer } | undefined;
  for (const shard of shards) {
    const draw = nodeCrypto.createHash('sha256').update(`${shard.name}\0`).update(log).digest();
    if (best === undefined || Buffer.compare(draw, best.draw) > 0) best = { shard, draw };
  }
  if (best === undefined) {
    throw new Fault<StoreFaultCode>('store-unusable', 'The map of shards is empty.', {
      nextAction: 'name at least one store',
    });
  }
  return best.shard;
}

/** Where a log may be: by the newest map first, then by each older one. */
export function candidates(shards: readonly Shard[], log: Uint8Array): Shard[] {
  const generations = [...new Set(shards.map((shard) => shard.generation))].toSorted(
    (a, b) => b - a,
  );
  const found = generations.map((generation) =>
    drawn(
      shards.filter((shard) => shard.generation <= generation),
      log,
    ),
  );
  return [...new Set(found)];
}

/** Keeps the store contract over any stores that keep it. Closes them with itself. */
export class ShardedStore implements Store {
  readonly #shards: readonly Shard[];
  readonly #known = new Map<string, Store>();

  constructor(shards: readonly Shard[]) {
    this.#shards = shards;
  }

  /** The store that has the log, or undefined. */
  async #of(log: LogId): Promise<Store | undefined> {
    const name = Buffer.from(log).toString('latin1');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    for (const { store } of candidates(this.#shards, log)) {
      if (!(await store.head(log)).ok) continue;
      this.#known.set(name, store);
      if (this.#known.size > KNOWN_MAX) {
        const oldest = this.#known.keys().next();
        if (oldest.done !== true) this.#known.delete(oldest.value);
      }
      return store;
    }
    return undefined;
  }

  async #on<T>(log: LogId, work: (store: Store) => Promise<T>): Promise<T | Verdict<never, NoLog>> {
    const store = await this.#of(log);
    return store === undefined ? refuse('no-such-log') : work(store);
  }

  async createLog(log: LogId, made: NewLog): Promise<Verdict<LogHead, 'exists'>> {
    const store = (await this.#of(log)) ?? drawn(this.#shards, log).store;
    return store.createLog(log, made);
  }

  append(
    log: LogId,
    entry: { expectedSeq: number; envelope: Uint8Array; nowMs: number },
  ): Promise<Verdict<LogHead, NoLog | 'conflict' | 'full'>> {
    return this.#on(log, (store) => store.append(log, entry));
  }

  head(log: LogId): Promise<Verdict<LogHead, NoLog>> {
    return this.#on(log, (store) => store.head(log));
  }

  read(
    log: LogId,
    from: { after: number; maxEnvelopes: number; maxBytes: number },
  ): Promise<Verdict<{ envelopes: readonly StoredEnvelope[]; head: LogHead }, NoLog>> {
    return this.#on(log, (store) => store.read(log, from));
  }

  async grantOf(log: LogId, id: CapabilityId): Promise<HeldGrant | undefined> {
    return (await this.#of(log))?.grantOf(log, id);
  }

  grant(log: LogId, grant: HeldGrant): Promise<Verdict<null, NoLog | 'full' | 'last-owner'>> {
    return this.#on(log, (store) => store.grant(log, grant));
  }

  revoke(log: LogId, id: CapabilityId): Promise<Verdict<null, NoLog | 'last-owner'>> {
    return this.#on(log, (store) => store.revoke(log, id));
  }

  putPackage(
    log: LogId,
    shelf: ShelfId,
    entry: { sealed: Uint8Array; nowMs: number },
  ): Promise<Verdict<null, NoLog | 'full'>> {
    return this.#on(log, (store) => store.putPackage(log, shelf, entry));
  }

  async takePackage(log: LogId, shelf: ShelfId): Promise<Verdict<Uint8Array, 'empty'>> {
    const store = await this.#of(log);
    return store === undefined ? refuse('empty') : store.takePackage(log, shelf);
  }

  declareBlob(
    log: LogId,
    blob: BlobId,
    asked: SignedTerms & { readonly quotaBytes: number },
  ): Promise<Verdict<BlobRow, NoLog | 'full' | 'exists'>> {
    return this.#on(log, (store) => store.declareBlob(log, blob, asked));
  }

  async blob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>> {
    const store = await this.#of(log);
    return store === undefined ? refuse('no-such-blob') : store.blob(log, blob);
  }

  async finishBlob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>> {
    const store = await this.#of(log);
    return store === undefined ? refuse('no-such-blob') : store.finishBlob(log, blob);
  }

  async expiredBlobs(nowMs: number, max: number): Promise<readonly { log: LogId; blob: BlobId }[]> {
    const found = await Promise.all(
      this.#shards.map(({ store }) => store.expiredBlobs(nowMs, max)),
    );
    return found.flat().slice(0, max);
  }

  async dropBlob(log: LogId, blob: BlobId, nowMs: number): Promise<boolean> {
    return (await (await this.#of(log))?.dropBlob(log, blob, nowMs)) ?? false;
  }

  async expiredLogs(over: Over, max: number): Promise<readonly LogId[]> {
    const found = await Promise.all(this.#shards.map(({ store }) => store.expiredLogs(over, max)));
    return found.flat().slice(0, max);
  }

  async dropLog(log: LogId, over: Over): Promise<boolean> {
    return (await (await this.#of(log))?.dropLog(log, over)) ?? false;
  }

  async countLogs(): Promise<number> {
    const counts = await Promise.all(this.#shards.map(({ store }) => store.countLogs()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  watch(ring: (log: LogId, seq: number) => void): () => void {
    const stops = this.#shards.map(({ store }) => store.watch(ring));
    return () => {
      for (const stop of stops) stop();
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#shards.map(({ store }) => store.close()));
  }
}
