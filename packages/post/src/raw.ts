// A body that is its own content: no framing, only a limit.

import type { Codec } from '@parley/kernel';

/** Reads and writes all bytes there are, up to the limit. */
export function rawBytes(maxBytes: number): Codec<Uint8Array> {
  return {
    write: (out, value) => out.raw(value),
    read: (from) => (from.left > maxBytes ? from.refuse('too-large') : from.raw(from.left)),
  };
}

/** The body of an answer that says only yes. */
export const nothing: Codec<null> = {
  write: () => {},
  read: (from) => (from.left > 0 ? from.refuse('trailing-bytes') : null),
};
