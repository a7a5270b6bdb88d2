// What every route works with: one relay process, put together once at the start.

import { encode, type Clock, type Crypto, type KeyPair } from '@parley/kernel';
import {
  FEED_PAGE_MAX_BYTES,
  PAGE_MAX_ENVELOPES,
  encodeReceipt,
  factsBytes,
  factsCodec,
  pageCodec,
  signReceipt,
  type LogHead,
  type LogId,
  type Receipt,
  type Store,
} from '@parley/post';
import type { Admission } from './admission.ts';
import type { BlobFiles } from './blob-files.ts';
import type { Doorbells } from './doorbells.ts';
import type { PageAfter } from './feeds.ts';
import type { Journal } from './journal.ts';
import type { RelayLimits } from './limits.ts';
import type { Metrics } from './metrics.ts';

export type World = {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly key: KeyPair;
  /** Keys of relays whose logs were brought here by their members. */
  readonly formerKeys: readonly Uint8Array[];
  readonly store: Store;
  readonly blobs: BlobFiles;
  readonly doorbells: Doorbells;
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

const RECENT_MAX = 20_000;

/** Signs receipts, and keeps the newest of each busy log: many readers ask for the same one. */
export class Receipts {
  readonly #crypto: Crypto;
  readonly #key: KeyPair;
  readonly #recent = new Map<string, Receipt>();

  constructor(crypto: Crypto, key: KeyPair) {
    this.#crypto = crypto;
    this.#key = key;
  }

  of(log: LogId, at: LogHead): Receipt {
    const name = Buffer.from(log).toString('latin1');
    const recent = this.#recent.get(name);
    if (recent !== undefined && recent.seq === at.seq) return recent;
    const signed = signReceipt(this.#crypto, this.#key.secretKey, {
      relay: this.#key.publicKey,
      log,
      seq: at.seq,
      head: at.head,
      timeMs: at.timeMs,
    });
    // What came from a request's body is a view of a block of 64 KiB, which would stay in memory with the receipt.
    const receipt: Receipt = {
      ...signed,
      log: Uint8Array.from(signed.log),
      head: Uint8Array.from(signed.head),
      signature: Uint8Array.from(signed.signature),
    };
    if (recent !== undefined && recent.seq > at.seq) return receipt;
    this.#recent.delete(name);
    this.#recent.set(name, receipt);
    if (this.#recent.size > RECENT_MAX) {
      const oldest = this.#recent.keys().next();
      if (oldest.done !== true) this.#recent.delete(oldest.value);
    }
    return receipt;
  }

  encodedOf(log: LogId, at: LogHead): Buffer {
    return Buffer.from(encodeReceipt(this.of(log, at)));
  }
}

/** Pages of a log as a feed hands them out. */
export function feedPages(store: Store, receipts: Receipts): PageAfter {
  return async (log, after) => {
    const limits = { maxEnvelopes: PAGE_MAX_ENVELOPES, maxBytes: FEED_PAGE_MAX_BYTES };
    const page = await store.read(log, { after, ...limits });
    const last = page.ok ? page.value.envelopes.at(-1)?.seq : undefined;
    if (!page.ok || last === undefined) return undefined;
    const { envelopes, head } = page.value;
    return { encoded: encode(pageCodec, { envelopes, head: receipts.of(log, head) }), last };
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
