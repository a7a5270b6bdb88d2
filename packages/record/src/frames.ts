// How Parley's evidence files are cut: a line of magic, then frames, each a 4-byte big-endian length and its bytes.

import {
  accept,
  assert,
  concat,
  refuse,
  sameBytes,
  utf8,
  type Hasher,
  type Verdict,
} from '@parley/kernel';

/** One frame's bytes, its length not counted. */
export const FRAME_MAX_BYTES = 2 * 1024 * 1024;

/** The first line of each kind of file. All are of one length, so that one read tells them apart. */
export const MAGIC = {
  record: utf8('parley record v1    \n'),
  evidence: utf8('parley evidence v1  \n'),
  'entry-proof': utf8('parley one entry v1 \n'),
} as const;
export type FileKind = keyof typeof MAGIC;
const MAGIC_BYTES = MAGIC.record.length;

/** A whole file, or its pieces in order, cut anywhere. */
export type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const LENGTH_BYTES = 4;

function lengthAt(framed: Uint8Array): number | undefined {
  if (framed.length < LENGTH_BYTES) return undefined;
  let length = 0;
  for (const byte of framed.subarray(0, LENGTH_BYTES)) length = length * 256 + byte;
  return length;
}

function frameHead({ length }: Uint8Array): Uint8Array {
  assert(length <= FRAME_MAX_BYTES, `a frame of ${length} bytes`);
  return Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
}

export function frame(bytes: Uint8Array): Uint8Array {
  return concat(frameHead(bytes), bytes);
}

/** Which kind of file begins like this; undefined for anything else. */
export function fileKindOf(start: Uint8Array): FileKind | undefined {
  const first = start.subarray(0, MAGIC_BYTES);
  return (Object.keys(MAGIC) as FileKind[]).find((kind) => sameBytes(MAGIC[kind], first));
}

/** The one frame of a small file. */
export function onlyFrame(
  file: Uint8Array,
  kind: FileKind,
): Verdict<Uint8Array, 'wrong-kind' | 'truncated' | 'trailing-bytes'> {
  if (fileKindOf(file) !== kind) return refuse('wrong-kind');
  const framed = file.subarray(MAGIC_BYTES);
  const length = lengthAt(framed);
  if (length === undefined || framed.length - LENGTH_BYTES < length) return refuse('truncated');
  if (framed.length - LENGTH_BYTES > length) return refuse('trailing-bytes');
  return accept(framed.subarray(LENGTH_BYTES));
}

export type FrameReason = 'truncated' | 'too-large';

/** Reads a source piece by piece and holds at most one frame and one piece of it. */
export class FrameReader {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(source: ByteSource) {
    if (source instanceof Uint8Array) this.#pieces = [source][Symbol.iterator]();
    else if (Symbol.asyncIterator in source) this.#pieces = source[Symbol.asyncIterator]();
    else this.#pieces = source[Symbol.iterator]();
  }

  /** Makes `count` bytes available; false where the source ends before. */
  async #fill(count: number): Promise<boolean> {
    if (this.#left.length >= count) return true;
    const pieces = [this.#left];
    let have = this.#left.length;
    while (have < count && !this.#ended) {
      const next = await this.#pieces.next();
      if (next.done === true) {
        this.#ended = true;
      } else {
        pieces.push(next.value);
        have += next.value.length;
      }
    }
    // A whole file in one piece is not copied.
    const filled = pieces.filter((piece) => piece.length > 0);
    this.#left = filled.length === 1 ? (filled[0] as Uint8Array) : concat(...filled);
    return have >= count;
  }

  #take(count: number): Uint8Array {
    const taken = this.#left.subarray(0, count);
    this.#left = this.#left.subarray(count);
    return taken;
  }

  /** The file's first line; fewer bytes where it is shorter. */
  async magic(): Promise<Uint8Array> {
    await this.#fill(MAGIC_BYTES);
    return this.#take(Math.min(MAGIC_BYTES, this.#left.length));
  }

  /** The next frame's bytes, or undefined at the end of the source. */
  async next(): Promise<Verdict<Uint8Array | undefined, FrameReason>> {
    if (!(await this.#fill(1))) return accept(undefined);
    await this.#fill(LENGTH_BYTES);
    const length = lengthAt(this.#left);
    if (length === undefined) return refuse('truncated');
    if (length > FRAME_MAX_BYTES) return refuse('too-large');
    if (!(await this.#fill(LENGTH_BYTES + length))) return refuse('truncated');
    return accept(this.#take(LENGTH_BYTES + length).subarray(LENGTH_BYTES));
  }

  /** All that is left of the source, or its first `maxBytes` and a few more: enough to see that it is too long. */
  async rest(maxBytes: number): Promise<Uint8Array> {
    await this.#fill(maxBytes + 1);
    return this.#take(this.#left.length);
  }

  /** Stops reading: the source is told, so that it can close what it opened. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** Feeds a frame as it stands in the file, so that a hash over frames is a hash over the file. */
export function hashFrame(hasher: Hasher, bytes: Uint8Array): void {
  hasher.update(frameHead(bytes));
  hasher.update(bytes);
}
