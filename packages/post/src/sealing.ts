// Sealed chunks: a file as the relay may hold it. AES-256-GCM per chunk; number and end are bound; the blob's name commits
// to the key, since GCM alone would let one ciphertext open under two keys.
//
// Every sealing draws a fresh nonce. So a file that changed between an interrupted upload and its resumption costs
// nothing but a wrong hash; nonces counted by chunk number would have been used twice.

import nodeCrypto from 'node:crypto';
import {
  Fault,
  accept,
  assert,
  concat,
  hkdf,
  refuse,
  toHex,
  utf8,
  type Crypto,
  type Randomness,
  type Verdict,
} from '@parley/kernel';
import { planBlob, type BlobPlan } from './blob-plan.ts';
import { blobId, type BlobId } from './ids.ts';
import { CHUNK_OVERHEAD_BYTES } from './limits.ts';
import { cut, lengthOf, type Pieces } from './pieces.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What is hashed and encrypted at a time: it stays in the processor's cache, and memory for it is there already. */
const PIECE_BYTES = 128 * 1024;

/** The secret of one file: 32 random bytes, never used for a second file. */
export type FileKey = {
  readonly secret: Uint8Array;
  readonly blob: BlobId;
  readonly chunkKey: Uint8Array;
  /** Signs until when the relay keeps it. */
  readonly termsSecret: Uint8Array;
};

/** Derives the blob's name, the chunk key and the key that signs its expiry from a file's secret. */
export function fileKey(crypto: Crypto, secret: Uint8Array): FileKey {
  assert(secret.length === 32, 'a file secret has 32 bytes');
  const derived = hkdf(crypto, 'sha256', {
    ikm: secret,
    info: utf8('parley/v1/blob\0'),
    length: 96,
  });
  return {
    secret,
    blob: blobId(derived.slice(0, 32)),
    chunkKey: derived.slice(32, 64),
    termsSecret: derived.slice(64),
  };
}

export function newFileKey(ports: { crypto: Crypto; randomness: Randomness }): FileKey {
  return fileKey(ports.crypto, ports.randomness.bytes(32));
}

export type ChunkPlace = { readonly number: number; readonly last: boolean };

function placeBytes(place: ChunkPlace): Uint8Array {
  const bound = new Uint8Array(5);
  new DataView(bound.buffer).setUint32(0, place.number);
  bound[4] = place.last ? 1 : 0;
  return bound;
}

/** One chunk as it is sealed, piece after piece: nonce, ciphertext, tag. */
class ChunkSealer {
  readonly #cipher: nodeCrypto.CipherGCM;
  readonly #pieces: Uint8Array[];

  constructor(randomness: Randomness, key: FileKey, place: ChunkPlace) {
    const nonce = randomness.bytes(NONCE_BYTES);
    // Not through the port: it takes a whole chunk at once, and this is the inner loop of every document.
    this.#cipher = nodeCrypto.createCipheriv('aes-256-gcm', key.chunkKey, nonce);
    this.#cipher.setAAD(placeBytes(place));
    this.#pieces = [nonce];
  }

  /** The bytes are taken before this returns. */
  take(plaintext: Uint8Array): void {
    for (let at = 0; at < plaintext.length; at += PIECE_BYTES)
      this.#pieces.push(this.#cipher.update(plaintext.subarray(at, at + PIECE_BYTES)));
  }

  finish(): Pieces {
    this.#cipher.final();
    this.#pieces.push(this.#cipher.getAuthTag());
    return this.#pieces;
  }
}

/** Seals one chunk that is there whole. */
export function sealChunk(
  ports: { randomness: Randomness },
  key: FileKey,
  place: ChunkPlace,
  plaintext: Uint8Array,
): Pieces {
  const sealer = new ChunkSealer(ports.randomness, key, place);
  sealer.take(plaintext);
  return sealer.finish();
}

/** Refuses anything that the key's holder did not seal for exactly this place. */
export function openChunk(
  key: FileKey,
  place: ChunkPlace,
  sealed: Pieces,
): Verdict<Pieces, 'unreadable'> {
  const length = lengthOf(sealed);
  if (length < CHUNK_OVERHEAD_BYTES) return refuse('unreadable');
  const end = length - TAG_BYTES;
  const nonce = concat(...cut(sealed, 0, NONCE_BYTES));
  const opening = nodeCrypto.createDecipheriv('aes-256-gcm', key.chunkKey, nonce, {
    authTagLength: TAG_BYTES,
  });
  opening.setAAD(placeBytes(place));
  opening.setAuthTag(concat(...cut(sealed, end, length)));
  const opened: Uint8Array[] = [];
  for (const part of cut(sealed, NONCE_BYTES, end))
    for (let at = 0; at < part.length; at += PIECE_BYTES)
      opened.push(opening.update(part.subarray(at, at + PIECE_BYTES)));
  try {
    opening.final();
  } catch {
    return refuse('unreadable');
  }
  return accept(opened);
}

export type SealedChunk = ChunkPlace & { readonly sealed: Pieces };
export type SealedFile = BlobPlan & { readonly size: number; readonly sha256: Uint8Array };

/**
 * Seals a file chunk by chunk and hashes its plaintext on the way; the hash is the generator's return value.
 * `skip` names chunks that need no sealing (the relay has them): they are hashed only.
 * Faults with 'file-changed' if the source does not give exactly `size` bytes.
 */
export async function* sealFile(
  ports: { crypto: Crypto; randomness: Randomness },
  key: FileKey,
  file: {
    size: number;
    source: AsyncIterable<Uint8Array>;
    skip?: (chunk: number) => boolean;
  },
): AsyncGenerator<SealedChunk, SealedFile> {
  const plan = planBlob(file.size);
  const hasher = ports.crypto.hasher('sha256');
  const sealing = new FileSealer(ports.randomness, { key, plan, skip: file.skip ?? (() => false) });
  let taken = 0;
  for await (const piece of file.source) {
    taken += piece.length;
    if (taken > file.size) break;
    for (let at = 0; at < piece.length; at += PIECE_BYTES) {
      // Hashed and sealed while it is in the processor's cache.
      const part = piece.subarray(at, at + PIECE_BYTES);
      hasher.update(part);
      yield* sealing.take(part);
    }
  }
  if (taken !== file.size) {
    throw new Fault('file-changed', 'The file changed while it was being read.', {
      retry: true,
      nextAction: 'send it again when nothing is writing to it',
    });
  }
  const zeros = new Uint8Array(PIECE_BYTES);
  for (; taken < plan.paddedSize; taken += PIECE_BYTES)
    yield* sealing.take(zeros.subarray(0, Math.min(PIECE_BYTES, plan.paddedSize - taken)));
  assert(sealing.made === plan.chunks, `${sealing.made} chunks of ${plan.chunks}`);
  return { ...plan, size: file.size, sha256: hasher.digest() };
}

/** Cuts what it is given into the chunks of a plan, and seals each as its bytes come. */
class FileSealer {
  readonly #randomness: Randomness;
  readonly #key: FileKey;
  readonly #plan: BlobPlan;
  readonly #skip: (chunk: number) => boolean;
  #sealer: ChunkSealer | undefined;
  #filled = 0;
  /** Chunks that are behind it. */
  made = 0;

  constructor(
    randomness: Randomness,
    file: { key: FileKey; plan: BlobPlan; skip: (chunk: number) => boolean },
  ) {
    this.#randomness = randomness;
    this.#key = file.key;
    this.#plan = file.plan;
    this.#skip = file.skip;
  }

  *take(piece: Uint8Array): Generator<SealedChunk> {
    const { chunkBytes, paddedSize, chunks } = this.#plan;
    for (let at = 0; at < piece.length;) {
      const place = { number: this.made, last: this.made === chunks - 1 };
      const due = Math.min(chunkBytes, paddedSize - this.made * chunkBytes);
      const part = piece.subarray(at, at + due - this.#filled);
      if (this.#filled === 0 && !this.#skip(place.number))
        this.#sealer = new ChunkSealer(this.#randomness, this.#key, place);
      this.#sealer?.take(part);
      at += part.length;
      this.#filled += part.length;
      if (this.#filled < due) continue;
      const sealed = this.#sealer?.finish();
      this.#sealer = undefined;
      this.#filled = 0;
      this.made++;
      if (sealed !== undefined) yield { ...place, sealed };
    }
  }
}

/** Puts a file together again, chunk after chunk in order; padding never leaves it. */
export class FileOpener {
  readonly #key: FileKey;
  readonly #plan: BlobPlan;
  readonly #size: number;
  readonly #sha256: Uint8Array;
  readonly #hasher;
  #number = 0;
  #left: number;

  /** Faults with 'file-too-large' when asked for more than a blob can hold. */
  constructor(crypto: Crypto, key: FileKey, expected: { size: number; sha256: Uint8Array }) {
    this.#key = key;
    this.#plan = planBlob(expected.size);
    this.#size = expected.size;
    this.#sha256 = expected.sha256;
    this.#hasher = crypto.hasher('sha256');
    this.#left = expected.size;
  }

  get plan(): BlobPlan {
    return this.#plan;
  }

  /** The plaintext of the next chunk; it may be empty where only padding is left. */
  next(sealed: Pieces): Verdict<Pieces, 'unreadable'> {
    const { chunks, chunkBytes, paddedSize } = this.#plan;
    if (this.#number >= chunks) return refuse('unreadable', { at: this.#number });
    const last = this.#number === chunks - 1;
    const due = last ? paddedSize - this.#number * chunkBytes : chunkBytes;
    const opened =
      lengthOf(sealed) === due + CHUNK_OVERHEAD_BYTES
        ? openChunk(this.#key, { number: this.#number, last }, sealed)
        : refuse('unreadable');
    if (!opened.ok) return refuse('unreadable', { at: this.#number });
    const plaintext = cut(opened.value, 0, this.#left);
    for (const piece of plaintext) this.#hasher.update(piece);
    this.#left -= lengthOf(plaintext);
    this.#number++;
    return accept(plaintext);
  }

  /** Ends it: accepts only if every chunk came and the whole is what its sender named. */
  finish(): Verdict<{ size: number }, 'incomplete' | 'wrong-file'> {
    if (this.#number !== this.#plan.chunks) return refuse('incomplete', { at: this.#number });
    return toHex(this.#hasher.digest()) === toHex(this.#sha256)
      ? accept({ size: this.#size })
      : refuse('wrong-file');
  }
}
