// What every route works with: one relay process, put together once at the start.

import { encode, type Clock, type Crypto, type KeyPair } from '@parley/kernel';
import {
  FEED_PAGE_MAX_BYTES,
  PAGE_MAX_ENVELOPES,
  factsBytes,
  factsCodec,
  pageCodec,
  type LogHead,
  type LogId,
  type Store,
  type StoredEnvelope,
} from '@parley/post';
import type { Admission } from './admission.ts';
import type { BlobFiles } from './blob-files.ts';
import type { Doorbells } from './doorbells.ts';
import type { PageAfter } from './feeds.ts';
import type { FreshEnvelopes } from './fresh-envelopes.ts';
import type { Journal } from './journal.ts';
import type { RelayLimits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { Receipts } from './receipts.ts';

export type World = {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly key: KeyPair;
  /** Keys of relays whose logs were brought here by their members. */
  readonly formerKeys: readonly Uint8Array[];
  readonly store: Store;
  readonly blobs: BlobFiles;
  readonly doorbells: Doorbells;
  readonly fresh: FreshEnvelopes;
  readonly admission: Admission;
  readonly receipts: Receipts;
  readonly journal: Journal;
  readonly metrics: Metrics;
  readonly limits: RelayLimits;
  readonly version: string;
  readonly anonymousUrl: string | null;
  /** Whether somebody else has changed the relay's files: from then on it takes and shows nothing. */
  readonly files: { readonly changed: boolean };
};

type Page = { readonly envelopes: readonly StoredEnvelope[]; readonly head: LogHead };

/** Pages of a log as a feed hands them out: from what has just come, and where that is not all, from the store. */
export function feedPages(store: Store, fresh: FreshEnvelopes, receipts: Receipts): PageAfter {
  const limits = { maxEnvelopes: PAGE_MAX_ENVELOPES, maxBytes: FEED_PAGE_MAX_BYTES };
  const stored = async (log: LogId, after: number): Promise<Page | undefined> => {
    const page = await store.read(log, { after, ...limits });
    return page.ok ? page.value : undefined;
  };
  return async (log, after) => {
    const page = fresh.after(log, after, limits) ?? (await stored(log, after));
    const last = page?.envelopes.at(-1)?.seq;
    if (page === undefined || last === undefined) return undefined;
    const { envelopes, head } = page;
    const encoded = encode(pageCodec, { envelopes, head: await receipts.of(log, head) });
    return { encoded, last };
  };
}

/** The relay's signed answer to "who are you". */
export function signedFacts(world: World, nonce: Uint8Array): Buffer {
  const claimed = {
    relay: world.key.publicKey,
    nonce,
    nowMs: world.clock.nowMs(),
    version: world.version,
    anonymousUrl: world.anonymousUrl,
    workBits: world.admission.workBits,
  };
  const signature = world.crypto.sign('ed25519', world.key.secretKey, factsBytes(claimed));
  return Buffer.from(encode(factsCodec, { ...claimed, signature }));
}
