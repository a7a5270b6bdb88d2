// Chunks of blobs as files: written aside, synced, then renamed, so that a name always means a whole chunk.

import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import nodeCrypto from 'node:crypto';
import { toHex } from '@parley/kernel';
import type { BlobId, LogId } from '@parley/post';
import { syncDirectory } from './relay-key.ts';
import { storeFault } from './store-fault.ts';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Chunk files under one directory, which several relay processes may share. */
export class BlobFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
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

  /** Resolves when the chunk would survive a power cut. Throws store faults. */
  async put(
    log: LogId,
    blob: BlobId,
    chunk: { number: number; sealed: Uint8Array },
  ): Promise<void> {
    const directory = this.#directory(log, blob);
    const temporary = join(directory, `new-${nodeCrypto.randomBytes(8).toString('hex')}`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(chunk.sealed);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(directory, String(chunk.number)));
      await syncDirectory(directory);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw storeFault(error);
    }
  }

  async get(log: LogId, blob: BlobId, number: number): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#directory(log, blob), String(number)));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw storeFault(error);
    }
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
