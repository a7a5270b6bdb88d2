// The chunks that came last, kept for a moment: who follows a document on its way is answered without asking the disk again.

import { Readable } from 'node:stream';
import { lengthOf, type Pieces } from '@parley/post';

/** What one relay keeps so at most. */
const KEPT_BYTES = 16 * 1024 * 1024;
/** What is being sent out of memory at most: readers beyond it, or slow ones in great number, are served from the disk. */
const SENDING_BYTES = 32 * 1024 * 1024;
/** Longer than a reader who follows needs, and short enough that a quiet relay holds nothing. */
const KEPT_MS = 1_000;

/** A chunk on its way out: whoever takes it reads it to the end or destroys it. */
export type StoredChunk = { readonly length: number; readonly bytes: Readable };

/** Chunks in memory by name, from when they have come whole; their own writers alone wait for the disk. */
export class FreshChunks {
  readonly #kept = new Map<string, { readonly pieces: Pieces; readonly length: number }>();
  #keptBytes = 0;
  #sendingBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Keeps a chunk until others have taken its place, or nothing more comes. */
  keep(name: string, pieces: Pieces): void {
    this.#drop(name);
    const length = lengthOf(pieces);
    this.#kept.set(name, { pieces, length });
    this.#keptBytes += length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#drop(oldest);
    }
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#clear(), KEPT_MS).unref();
    else this.#timer.refresh();
  }

  /** The chunk, if it is here and memory for sending it is left. */
  get(name: string): StoredChunk | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined || this.#sendingBytes + kept.length > SENDING_BYTES) return undefined;
    const { pieces, length } = kept;
    this.#sendingBytes += length;
    let at = 0;
    const bytes = new Readable({
      read() {
        this.push(pieces[at++] ?? null);
      },
    });
    bytes.once('close', () => (this.#sendingBytes -= length));
    return { length, bytes };
  }

  #drop(name: string): void {
    this.#keptBytes -= this.#kept.get(name)?.length ?? 0;
    this.#kept.delete(name);
  }

  #clear(): void {
    this.#timer = undefined;
    this.#kept.clear();
    this.#keptBytes = 0;
  }
}
