// How a file is cut: what its sender, its reader and the relay each work out alone from a size.

import { Fault, padmeLength } from '@parley/kernel';
import {
  BLOB_MAX_CHUNKS,
  CHUNK_BYTES,
  CHUNK_OVERHEAD_BYTES,
  LARGE_CHUNK_BYTES,
  SMALL_CHUNKS_MAX_BYTES,
} from './limits.ts';

/** Files up to this size all look alike to the relay. */
const LEAST_PADDED_BYTES = 4096;

/** How a file of `size` bytes is cut: padded by Padmé, in chunks of 1 MiB, or of 4 MiB above 64 MiB, the last one shorter. */
export type BlobPlan = {
  readonly paddedSize: number;
  readonly chunkBytes: number;
  readonly chunks: number;
  /** Sealed bytes of all chunks: what the relay's quota counts. */
  readonly sealedSize: number;
};

/** Faults with 'file-too-large' above 8 GiB. */
export function planBlob(size: number): BlobPlan {
  const paddedSize = padmeLength(Math.max(size, LEAST_PADDED_BYTES));
  const chunkBytes = paddedSize > SMALL_CHUNKS_MAX_BYTES ? LARGE_CHUNK_BYTES : CHUNK_BYTES;
  const chunks = Math.ceil(paddedSize / chunkBytes);
  if (chunks > BLOB_MAX_CHUNKS) {
    throw new Fault(
      'file-too-large',
      'This file is larger than 8 GiB, the limit of one document.',
      {
        nextAction: 'split it, or hand it over by courier',
      },
    );
  }
  const sealedSize = paddedSize + chunks * CHUNK_OVERHEAD_BYTES;
  return { paddedSize, chunkBytes, chunks, sealedSize };
}

/** Bytes of a sealed chunk of a blob declared so; undefined if no chunk size makes `size` of so many chunks. */
export function sealedChunkLength(
  declared: { readonly chunks: number; readonly size: number },
  number: number,
): number | undefined {
  for (const chunkBytes of [CHUNK_BYTES, LARGE_CHUNK_BYTES]) {
    const full = chunkBytes + CHUNK_OVERHEAD_BYTES;
    const last = declared.size - (declared.chunks - 1) * full;
    if (last >= CHUNK_OVERHEAD_BYTES && last <= full)
      return number === declared.chunks - 1 ? last : full;
  }
  return undefined;
}
