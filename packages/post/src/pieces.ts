// Many bytes as the pieces in which they came: to gather them into one would cost more than to seal them.

import type { FileHandle } from 'node:fs/promises';
import { assert, concat } from '@parley/kernel';

/** Bytes in order, in pieces of any length. */
export type Pieces = readonly Uint8Array[];

export function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

/** Pieces shorter than this are put together where so many come: each costs memory beside its bytes. */
const SMALL_BYTES = 1024;
const SMALL_MANY = 512;

/** Takes pieces as they come from a stranger, who may send single bytes: what it holds stays near their length. */
export class Gathered {
  readonly #pieces: Uint8Array[] = [];
  readonly #small: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    this.#small.push(piece);
    if (piece.length >= SMALL_BYTES) this.#pieces.push(...this.#small.splice(0));
    else if (this.#small.length === SMALL_MANY) this.#pieces.push(concat(...this.#small.splice(0)));
  }

  /** All that came, in order. */
  get pieces(): Pieces {
    return [...this.#pieces, ...this.#small];
  }
}

/** The pieces from one byte to before another, of the same memory. */
export function cut(pieces: Pieces, from: number, to: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const piece of pieces) {
    const part = piece.subarray(Math.max(0, from - at), Math.max(0, to - at));
    if (part.length > 0) parts.push(part);
    at += piece.length;
  }
  return parts;
}

/** Writes all of them where the file stands. */
export async function writePieces(file: FileHandle, pieces: Pieces): Promise<void> {
  const length = lengthOf(pieces);
  for (let at = 0; at < length;) {
    const { bytesWritten } = await file.writev(at === 0 ? pieces : cut(pieces, at, length));
    assert(bytesWritten > 0, 'a write that takes nothing fails');
    at += bytesWritten;
  }
}
