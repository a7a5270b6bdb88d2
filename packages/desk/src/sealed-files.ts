// Files at rest: originals and safe copies, sealed in the same chunks in which documents travel. Their keys are in the vault.

import { mkdirSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Fault,
  accept,
  concat,
  refuse,
  toHex,
  utf8,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  FileOpener,
  fileKey,
  lengthOf,
  newFileKey,
  planBlob,
  sealFile,
  sealedChunkLength,
  writePieces,
  type BlobPlan,
  type Pieces,
} from '@parley/post';

/** What opens a file at rest, and what it must turn out to be. */
export type SealedFileRef = {
  readonly secret: Uint8Array;
  readonly size: number;
  readonly sha256: Uint8Array;
};

function diskFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS' && code !== 'EIO') return error;
  return new Fault(
    code === 'EROFS' || code === 'EIO' ? 'disk-failed' : 'disk-full',
    'The disk does not take the document. Nothing was lost.',
    {
      cause: error,
      nextAction: 'free some space and run the command again: it goes on where it stopped',
    },
  );
}

/**
 * Sealed files in one directory. The name of each binds its key and what it must turn out to be, so that a second
 * description of the same sealed bytes, by whoever made it, never touches the file of the first.
 */
export class SealedFiles {
  readonly #directory: string;
  readonly #ports: Ports;

  constructor(ports: Ports, directory: string) {
    this.#ports = ports;
    this.#directory = directory;
  }

  #path(ref: SealedFileRef): string {
    const { blob } = fileKey(this.#ports.crypto, ref.secret);
    const bound = concat(blob, ref.sha256, utf8(String(ref.size)));
    return join(this.#directory, toHex(this.#ports.crypto.hash('sha256', bound)).slice(0, 40));
  }

  async has(ref: SealedFileRef): Promise<boolean> {
    return (await stat(this.#path(ref)).catch(() => undefined)) !== undefined;
  }

  /** Seals bytes under a fresh key. The file is complete or absent, also after a power cut. */
  async put(bytes: Uint8Array): Promise<SealedFileRef> {
    const key = newFileKey(this.#ports);
    const partial = join(this.#directory, `${toHex(key.blob).slice(0, 40)}.part`);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes;
    }
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      const file = await open(partial, 'w', 0o600);
      try {
        const sealing = sealFile(this.#ports, key, { size: bytes.length, source: source() });
        for (;;) {
          const step = await sealing.next();
          if (step.done === true) {
            await file.sync();
            const { sha256 } = step.value;
            const ref: SealedFileRef = { secret: key.secret, size: bytes.length, sha256 };
            await rename(partial, this.#path(ref));
            return ref;
          }
          await writePieces(file, step.value.sealed);
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(partial, { force: true });
      throw diskFault(error);
    }
  }

  /**
   * Takes the sealed chunks of a file as they come from the relay, from `fetchChunk`. What an interrupted call had taken
   * is kept; the next call asks only for the rest. Refuses chunks that do not open, and a whole that is not the file
   * that was announced ('wrong-file').
   */
  async fetch(
    ref: SealedFileRef,
    fetchChunk: (n: number) => Promise<Pieces>,
    onChunk: (done: number, total: number) => void,
  ): Promise<Verdict<null, 'unreadable' | 'wrong-file'>> {
    const key = fileKey(this.#ports.crypto, ref.secret);
    const opener = new FileOpener(this.#ports.crypto, key, ref);
    const { chunks } = opener.plan;
    const partial = `${this.#path(ref)}.part`;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      const file = await open(partial, 'a+', 0o600);
      try {
        let kept = 0;
        let keptBytes = 0;
        for await (const sealed of this.#chunksOf(partial, opener.plan)) {
          if (!opener.next(sealed).ok) break;
          kept++;
          keptBytes += lengthOf(sealed);
        }
        // A torn last chunk is cut off; everything before it was checked just now.
        await file.truncate(keptBytes);
        for (let n = kept; n < chunks; n++) {
          const sealed = await fetchChunk(n);
          if (!opener.next(sealed).ok) return refuse('unreadable', { at: n });
          await writePieces(file, sealed);
          onChunk(n + 1, chunks);
        }
        const whole = opener.finish();
        if (!whole.ok) return refuse('wrong-file');
        await file.sync();
        await rename(partial, this.#path(ref));
        return accept(null);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw diskFault(error);
    }
  }

  /** The whole chunks of a file, until it ends. */
  async *#chunksOf(path: string, { chunks, sealedSize }: BlobPlan): AsyncGenerator<Pieces> {
    const file = await open(path, 'r');
    try {
      for (let n = 0; n < chunks; n++) {
        const chunk = new Uint8Array(sealedChunkLength({ chunks, size: sealedSize }, n) ?? 0);
        for (let filled = 0; filled < chunk.length;) {
          const { bytesRead } = await file.read(chunk, filled);
          if (bytesRead === 0) return;
          filled += bytesRead;
        }
        yield [chunk];
      }
    } finally {
      await file.close();
    }
  }

  /** The plaintext, whole, in memory: for the cage and for writing a safe copy out. */
  async read(ref: SealedFileRef): Promise<Uint8Array> {
    const plaintext = new Uint8Array(ref.size);
    let at = 0;
    for await (const piece of this.pieces(ref)) {
      plaintext.set(piece, at);
      at += piece.length;
    }
    return plaintext;
  }

  /** The plaintext piece by piece. Only after the last one is it known that the file is whole: `file-damaged` until then. */
  async *pieces(ref: SealedFileRef): AsyncGenerator<Uint8Array> {
    const key = fileKey(this.#ports.crypto, ref.secret);
    const opener = new FileOpener(this.#ports.crypto, key, ref);
    const damaged = (): Fault =>
      new Fault('file-damaged', 'A file at rest has been altered or cut short.', {
        nextAction: 'run "parley sync": it is fetched again',
      });
    try {
      for await (const sealed of this.#chunksOf(this.#path(ref), opener.plan)) {
        const opened = opener.next(sealed);
        if (!opened.ok) throw damaged();
        yield* opened.value;
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw damaged();
      throw error;
    }
    if (!opener.finish().ok) throw damaged();
  }

  /** The chunks of a file as they came, still sealed. */
  sealedChunks(ref: SealedFileRef): AsyncGenerator<Pieces> {
    return this.#chunksOf(this.#path(ref), planBlob(ref.size));
  }

  async remove(ref: SealedFileRef): Promise<void> {
    await rm(this.#path(ref), { force: true });
    await rm(`${this.#path(ref)}.part`, { force: true });
  }
}
