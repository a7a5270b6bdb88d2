// Names of things on the relay: random, and without meaning to it.

import { assert, fromBase64Url, toBase64Url, type Randomness } from '@parley/kernel';

declare const brand: unique symbol;

/** 32 random bytes that name a log. Whoever knows them learns only that the log exists. */
export type LogId = Uint8Array & { readonly [brand]: 'log' };
/** 32 bytes that name a blob: a commitment to its file key (see sealing.ts), random to the relay. */
export type BlobId = Uint8Array & { readonly [brand]: 'blob' };
/** 32 random bytes that name a log's shelf of key packages; knowing both names is the right to take one. */
export type ShelfId = Uint8Array & { readonly [brand]: 'shelf' };
/** 16 random bytes that name a capability. */
export type CapabilityId = Uint8Array & { readonly [brand]: 'capability' };

const ID_BYTES = 32;
const CAPABILITY_ID_BYTES = 16;

function sized(bytes: Uint8Array, length: number, what: string): Uint8Array {
  assert(bytes.length === length, `${what} has ${length} bytes, not ${bytes.length}`);
  return bytes;
}

/** Marks 32 bytes as a log's name; any other length is a bug of the caller. The next three do the same. */
export const logId = (bytes: Uint8Array): LogId => sized(bytes, ID_BYTES, 'a log id') as LogId;
export const blobId = (bytes: Uint8Array): BlobId => sized(bytes, ID_BYTES, 'a blob id') as BlobId;
export const shelfId = (bytes: Uint8Array): ShelfId =>
  sized(bytes, ID_BYTES, 'a shelf id') as ShelfId;
export const capabilityId = (bytes: Uint8Array): CapabilityId =>
  sized(bytes, CAPABILITY_ID_BYTES, 'a capability id') as CapabilityId;

export const newLogId = (randomness: Randomness): LogId => logId(randomness.bytes(ID_BYTES));
export const newShelfId = (randomness: Randomness): ShelfId => shelfId(randomness.bytes(ID_BYTES));

/** The id in a path segment, or undefined for anything that is not exactly its one spelling. */
export function idFromPath(segment: string, length: 16 | 32 = 32): Uint8Array | undefined {
  if (segment.length !== Math.ceil((length * 4) / 3)) return undefined;
  const read = fromBase64Url(segment);
  return read.ok ? read.value : undefined;
}

export const idInPath = (id: Uint8Array): string => toBase64Url(id);
