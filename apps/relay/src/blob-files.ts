// Chunks of blobs as files: written aside, synced, then renamed, so that a name always means a whole chunk.

import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { EventEmitter } from 'node:events';
import { dirname, join } from 'node:path';
import nodeCrypto from 'node:crypto';
import { toHex } from '@parley/kernel';
import { writePieces, type BlobId, type LogId, type Pieces } from '@parley/post';
import { FreshChunks, type StoredChunk } from './fresh-chunks.ts';
import { syncDirectory } from './relay-key.ts';
import { storeFault } from './store-fault.ts';

/** How often a chunk is looked for that another process of this relay may have taken. */
const LOOK_MS = 500;
const PIECE_BYTES = 256 * 1024;

const nameOf = (log: LogId, blob: BlobId, chunk: number): string =>
  `${toHex(log)}/${toHex(blob)}/${chunk}`;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Chunk files under one directory, which several relay processes may share. */
export class BlobFiles {
  readonly #root: string;
  readonly #arrived = new EventEmitter();
  readonly #fresh = new FreshChunks();

  constructor(root: string) {
    this.#root = root;
    this.#arrived.setMaxListeners(0);
  }

  #directory(log: LogId, blob: BlobId): string {
    return join(this.#root, toHex(log), toHex(blob));
  }

  /** Makes the place for a blob's chunks. */
  async make(log: LogId, blob: BlobId): Promise<void> {
    try {
      await mkdir(this.#directory(log, blob), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storeFault(error);
    }
  }

  /** Resolves when the chunk's bytes are on disk; that it is found again after a power cut is promised by `settle`. Throws store faults. */
  async put(log: LogId, blob: BlobId, chunk: { number: number; sealed: Pieces }): Promise<void> {
    const directory = this.#directory(log, blob);
    const temporary = join(directory, `new-${nodeCrypto.randomBytes(8).toString('hex')}`);
    // Whoever follows is not made to wait for the disk: what is read is checked by its reader, and only the writer is promised anything.
    const name = nameOf(log, blob, chunk.number);
    this.#fresh.keep(name, chunk.sealed);
    this.#arrived.emit(name);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await writePieces(file, chunk.sealed);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(directory, String(chunk.number)));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw storeFault(error);
    }
  }

  /** Resolves when all that was put of a blob would survive a power cut. Throws store faults. */
  async settle(log: LogId, blob: BlobId): Promise<void> {
    const directory = this.#directory(log, blob);
    try {
      // A name is as lasting as the directories above it.
      for (const each of [directory, dirname(directory), this.#root]) await syncDirectory(each);
    } catch (error) {
      throw storeFault(error);
    }
  }

  /** A chunk, out of memory while it is fresh; else as it is read from the disk, where a slow reader holds one piece in memory. */
  async get(log: LogId, blob: BlobId, number: number): Promise<StoredChunk | undefined> {
    const fresh = this.#fresh.get(nameOf(log, blob, number));
    if (fresh !== undefined) return fresh;
    try {
      const file = await open(join(this.#directory(log, blob), String(number)), 'r');
      const { size: length } = await file.stat();
      return { length, bytes: file.createReadStream({ highWaterMark: PIECE_BYTES }) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw storeFault(error);
    }
  }

  /** As `get`, waiting for a chunk that is on its way; undefined when the time is over or the asker has gone. */
  async getWhenThere(
    log: LogId,
    blob: BlobId,
    asked: { number: number; waitMs: number; gone: AbortSignal },
  ): Promise<StoredChunk | undefined> {
    const { number, waitMs, gone } = asked;
    const untilMs = performance.now() + waitMs;
    for (;;) {
      // Listening begins before the look, so that what comes in between is heard of.
      const enough = new AbortController();
      const leftMs = Math.max(0, untilMs - performance.now());
      const signal = AbortSignal.any([gone, enough.signal]);
      const come = this.#come(nameOf(log, blob, number), Math.min(leftMs, LOOK_MS), signal);
      const sealed = await this.get(log, blob, number).finally(() => {
        if (leftMs === 0) enough.abort();
      });
      if (sealed !== undefined || leftMs === 0 || gone.aborted) {
        enough.abort();
        await come;
        return sealed;
      }
      await come;
    }
  }

  async #come(name: string, maxMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((settle) => {
      const timer = setTimeout(() => end(), maxMs);
      const end = (): void => {
        clearTimeout(timer);
        this.#arrived.off(name, end);
        signal.removeEventListener('abort', end);
        settle();
      };
      this.#arrived.once(name, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** One bit for each chunk that is there. */
  async have(log: LogId, blob: BlobId, chunks: number): Promise<Uint8Array> {
    const bits = new Uint8Array(Math.ceil(chunks / 8));
    const names = await readdir(this.#directory(log, blob)).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw storeFault(error);
    });
    for (const name of names) {
      const number = Number(name);
      if (/^\d+$/.test(name) && number < chunks)
        bits[number >> 3] = (bits[number >> 3] ?? 0) | (1 << (number & 7));
    }
    return bits;
  }

  /** Every chunk of a log that is no more. */
  async removeAll(log: LogId): Promise<void> {
    await rm(join(this.#root, toHex(log)), { recursive: true, force: true });
  }

  async remove(log: LogId, blob: BlobId): Promise<void> {
    await rm(this.#directory(log, blob), { recursive: true, force: true });
  }
}
