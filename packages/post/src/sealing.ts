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
  padmeLength,
  refuse,
  toHex,
  utf8,
  type Crypto,
  type Randomness,
  type Verdict,
} from '@parley/kernel';
import { blobId, type BlobId } from './ids.ts';
import { BLOB_MAX_CHUNKS, CHUNK_BYTES, CHUNK_OVERHEAD_BYTES } from './limits.ts';

const NONCE_BYTES = 12;
/** What is encrypted at a time: it stays in the processor's cache. */
const PIECE_BYTES = 64 * 1024;
/** Files up to this size all look alike to the relay. */
const LEAST_PADDED_BYTES = 4096;

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

/** How a file of `size` bytes is cut: padded by Padmé, in chunks of 1 MiB, the last one shorter. */
export type BlobPlan = {
  readonly paddedSize: number;
  readonly chunks: number;
  /** Sealed bytes of all chunks: what the relay's quota counts. */
  readonly sealedSize: number;
};

/** Faults with 'file-too-large' above 8 GiB. */
export function planBlob(size: number): BlobPlan {
  const paddedSize = padmeLength(Math.max(size, LEAST_PADDED_BYTES));
  const chunks = Math.ceil(paddedSize / CHUNK_BYTES);
  if (chunks > BLOB_MAX_CHUNKS) {
    throw new Fault(
      'file-too-large',
      'This file is larger than 8 GiB, the limit of one document.',
      {
        nextAction: 'split it, or hand it over by courier',
      },
    );
  }
  return { paddedSize, chunks, sealedSize: paddedSize + chunks * CHUNK_OVERHEAD_BYTES };
}

export type ChunkPlace = { readonly number: number; readonly last: boolean };

function placeBytes(place: ChunkPlace): Uint8Array {
  const bound = new Uint8Array(5);
  new DataView(bound.buffer).setUint32(0, place.number);
  bound[4] = place.last ? 1 : 0;
  return bound;
}

/** Seals one chunk: nonce, ciphertext, tag. */
export function sealChunk(
  ports: { crypto: Crypto; randomness: Randomness },
  key: FileKey,
  place: ChunkPlace,
  plaintext: Uint8Array,
): Uint8Array {
  assert(plaintext.length <= CHUNK_BYTES, 'a chunk has at most 1 MiB');
  const nonce = ports.randomness.bytes(NONCE_BYTES);
  // Not through the port: it would copy a mebibyte twice, and this is the inner loop of every document.
  const cipher = nodeCrypto.createCipheriv('aes-256-gcm', key.chunkKey, nonce);
  cipher.setAAD(placeBytes(place), { plaintextLength: plaintext.length });
  const sealed = new Uint8Array(plaintext.length + CHUNK_OVERHEAD_BYTES);
  sealed.set(nonce);
  for (let at = 0; at < plaintext.length; at += PIECE_BYTES)
    sealed.set(cipher.update(plaintext.subarray(at, at + PIECE_BYTES)), NONCE_BYTES + at);
  cipher.final();
  sealed.set(cipher.getAuthTag(), NONCE_BYTES + plaintext.length);
  return sealed;
}

/** As `sealChunk`, on a thread of its own: the same bytes but for the nonce. */
async function chunkSealer(
  ports: { randomness: Randomness },
  key: FileKey,
): Promise<(place: ChunkPlace, plaintext: Uint8Array) => Promise<SealedChunk>> {
  const { subtle } = nodeCrypto.webcrypto;
  const sealing = await subtle.importKey('raw', Uint8Array.from(key.chunkKey), 'AES-GCM', false, [
    'encrypt',
  ]);
  return (place, plaintext) => {
    const iv = Uint8Array.from(ports.randomness.bytes(NONCE_BYTES));
    const bound = { name: 'AES-GCM', iv, additionalData: Uint8Array.from(placeBytes(place)) };
    // The bytes are taken before this returns, so the caller may go on with its buffer.
    const sealed = subtle.encrypt(bound, sealing, plaintext);
    const whole = sealed.then((made) => ({ ...place, sealed: concat(iv, new Uint8Array(made)) }));
    // Whoever waits for it sees a failure; a caller that has gone must not end the process.
    whole.catch(() => undefined);
    return whole;
  };
}

/** Refuses anything that the key's holder did not seal for exactly this place. */
export function openChunk(
  crypto: Crypto,
  key: FileKey,
  place: ChunkPlace,
  sealed: Uint8Array,
): Verdict<Uint8Array, 'unreadable'> {
  if (sealed.length < CHUNK_OVERHEAD_BYTES) return refuse('unreadable');
  const opened = crypto.open(
    'aes-256-gcm',
    key.chunkKey,
    sealed.subarray(0, NONCE_BYTES),
    placeBytes(place),
    sealed.subarray(NONCE_BYTES),
  );
  return opened === undefined ? refuse('unreadable') : accept(opened);
}

/** Cuts a stream into chunks of exactly 1 MiB, zero-padded at the end up to the plan. */
async function* chunksOf(
  source: AsyncIterable<Uint8Array>,
  size: number,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  const plan = planBlob(size);
  let made = 0;
  let taken = 0;
  let filled = 0;
  let gathered: Uint8Array | undefined;
  const dueBytes = (): number => Math.min(CHUNK_BYTES, plan.paddedSize - made * CHUNK_BYTES);
  for await (const piece of source) {
    taken += piece.length;
    if (taken > size) break;
    onBytes(piece);
    for (let at = 0; at < piece.length;) {
      const due = dueBytes();
      const part = piece.subarray(at, at + due - filled);
      at += part.length;
      // The usual case of a file read in pieces of one chunk: nothing to gather, nothing to copy.
      const whole = part.length === due;
      if (!whole) {
        gathered ??= new Uint8Array(due);
        gathered.set(part, filled);
      }
      filled += part.length;
      if (filled < due || made === plan.chunks - 1) {
        if (whole) gathered = part;
        continue;
      }
      yield whole || gathered === undefined ? part : gathered;
      made++;
      gathered = undefined;
      filled = 0;
    }
  }
  if (taken !== size) {
    throw new Fault('file-changed', 'The file changed while it was being read.', {
      retry: true,
      nextAction: 'send it again when nothing is writing to it',
    });
  }
  // What is left is the end of the file with its padding, and padding that fills whole chunks behind it.
  for (; made < plan.chunks; made++) {
    yield gathered ?? new Uint8Array(dueBytes());
    gathered = undefined;
  }
}

export type SealedChunk = ChunkPlace & { readonly sealed: Uint8Array };
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
  const seal = await chunkSealer(ports, key);
  let number = 0;
  // One chunk is sealed on another thread while the next one is read and hashed here.
  let ahead: Promise<SealedChunk> | undefined;
  for await (const chunk of chunksOf(file.source, file.size, (bytes) => hasher.update(bytes))) {
    const place = { number, last: number === plan.chunks - 1 };
    number++;
    if (file.skip?.(place.number) === true) continue;
    const sealing = seal(place, chunk);
    if (ahead !== undefined) yield await ahead;
    ahead = sealing;
  }
  if (ahead !== undefined) yield await ahead;
  assert(number === plan.chunks, `${number} chunks of ${plan.chunks}`);
  return { ...plan, size: file.size, sha256: hasher.digest() };
}

/** Puts a file together again, chunk after chunk in order; padding never leaves it. */
export class FileOpener {
  readonly #crypto: Crypto;
  readonly #key: FileKey;
  readonly #plan: BlobPlan;
  readonly #size: number;
  readonly #sha256: Uint8Array;
  readonly #hasher;
  #number = 0;
  #left: number;

  /** Faults with 'file-too-large' when asked for more than a blob can hold. */
  constructor(crypto: Crypto, key: FileKey, expected: { size: number; sha256: Uint8Array }) {
    this.#crypto = crypto;
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
  next(sealed: Uint8Array): Verdict<Uint8Array, 'unreadable'> {
    if (this.#number >= this.#plan.chunks) return refuse('unreadable', { at: this.#number });
    const last = this.#number === this.#plan.chunks - 1;
    const opened = openChunk(this.#crypto, this.#key, { number: this.#number, last }, sealed);
    const due = last ? this.#plan.paddedSize - this.#number * CHUNK_BYTES : CHUNK_BYTES;
    if (!opened.ok || opened.value.length !== due)
      return refuse('unreadable', { at: this.#number });
    const plaintext = opened.value.subarray(0, Math.min(this.#left, due));
    this.#hasher.update(plaintext);
    this.#left -= plaintext.length;
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
