// Bodies of requests and answers, in canonical bytes. What an envelope, a chunk or a package holds is nobody's business here.

import {
  boolean,
  bytes,
  concat,
  encode,
  list,
  nullable,
  struct,
  text,
  uint,
  utf8,
  word,
  type Crypto,
  type Decoded,
} from '@parley/kernel';
import { RIGHTS } from './capability.ts';
import {
  BLOB_MAX_CHUNKS,
  ENVELOPE_MAX_BYTES,
  LOG_MAX_ENTRIES,
  PAGE_MAX_ENVELOPES,
  SEALED_CHUNK_MAX_BYTES,
} from './limits.ts';
import { receiptCodec } from './receipt.ts';

const id32 = bytes({ exactly: 32 });

/** Asks for a log, with its first owner. */
export const logRequestCodec = struct({
  log: id32,
  owner: struct({ id: bytes({ exactly: 16 }), key: id32 }),
  maxEntries: uint(LOG_MAX_ENTRIES),
  /** When the relay may forget the log, by the relay's clock; null: never, once it holds something. */
  expiresMs: nullable(uint()),
});

export const grantCodec = struct({ key: id32, rights: word(RIGHTS) });

export const pageCodec = struct({
  envelopes: list(
    struct({
      seq: uint(LOG_MAX_ENTRIES),
      envelope: bytes({ max: ENVELOPE_MAX_BYTES }),
    }),
    PAGE_MAX_ENVELOPES,
  ),
  head: receiptCodec,
});
export type LogPage = Decoded<typeof pageCodec>;

export const blobRequestCodec = struct({
  chunks: uint(BLOB_MAX_CHUNKS),
  /** Sealed bytes of all chunks together. */
  size: uint(BLOB_MAX_CHUNKS * SEALED_CHUNK_MAX_BYTES),
  expiresMs: uint(),
  /** The file's public key and its signature over all this: blob-terms.ts. */
  signer: id32,
  signature: bytes({ exactly: 64 }),
});
export type BlobRequest = Decoded<typeof blobRequestCodec>;

export const blobStateCodec = struct({
  chunks: uint(BLOB_MAX_CHUNKS),
  size: uint(BLOB_MAX_CHUNKS * SEALED_CHUNK_MAX_BYTES),
  expiresMs: uint(),
  signer: id32,
  signature: bytes({ exactly: 64 }),
  finished: boolean(),
  /** One bit a chunk, the lowest bit of the first byte is chunk 0. */
  have: bytes({ max: BLOB_MAX_CHUNKS / 8 }),
});
export type BlobState = Decoded<typeof blobStateCodec>;

/** Whether a chunk is in the bit string of a blob's state. */
export function hasChunk(have: Uint8Array, chunk: number): boolean {
  return (((have[chunk >> 3] ?? 0) >> (chunk & 7)) & 1) === 1;
}

const facts = {
  relay: id32,
  /** The caller's nonce: the signature is fresh. */
  nonce: id32,
  nowMs: uint(),
  version: text(40),
  /** Where callers without a capability go, or null for this same address. */
  anonymousUrl: nullable(text(300)),
  /** Leading zero bits asked for in a proof of work on anonymous requests right now; 0 in quiet times. */
  workBits: uint(40),
};
const factsClaimCodec = struct(facts);
export const factsCodec = struct({ ...facts, signature: bytes({ exactly: 64 }) });
export type RelayFacts = Decoded<typeof factsCodec>;

export function factsBytes(claimed: Decoded<typeof factsClaimCodec>): Uint8Array {
  return concat(utf8('parley/v1/relay-facts\0'), encode(factsClaimCodec, claimed));
}

/** True if the relay that answered holds the key it names. */
export function provesFacts(crypto: Crypto, shown: RelayFacts): boolean {
  const { signature, ...claimed } = shown;
  return crypto.verify('ed25519', shown.relay, factsBytes(claimed), signature);
}

/** Why a relay says no. A client meeting a word it does not know treats it as 'refused'. */
export const REFUSALS = [
  'malformed',
  'not-found',
  'forbidden',
  'clock',
  'no-such-log',
  'no-such-blob',
  'no-such-chunk',
  'exists',
  'conflict',
  'too-large',
  'full',
  'relay-full',
  'relay-failing',
  'busy',
  'work-required',
  'empty',
  'last-owner',
  'incomplete',
  'refused',
] as const;
export type RefusalWord = (typeof REFUSALS)[number];

export const refusalCodec = struct({
  reason: text(40),
  detail: text(300),
  nowMs: uint(),
  /** For 'busy': when to come back, 0 where unknown. */
  retryAfterMs: uint(24 * 60 * 60 * 1000),
  /** For 'work-required': the zero bits asked for. */
  workBits: uint(40),
  /** For 'conflict': where the log stands. */
  head: nullable(receiptCodec),
});
export type WireRefusal = Decoded<typeof refusalCodec>;

export const CONTENT_TYPE = 'application/cbor';
/** Type of the bodies that are opaque to the relay. */
export const SEALED_TYPE = 'application/octet-stream';
