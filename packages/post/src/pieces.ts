// Many bytes as the pieces in which they came: to gather them into one would cost more than to seal them.

import type { FileHandle } from 'node:fs/promises';
import { assert } from '@parley/kernel';

/** Bytes in order, in pieces of any length. */
export type Pieces = readonly Uint8Array[];

export function lengthOf(pieces: Pieces): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
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
