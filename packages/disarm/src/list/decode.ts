// The strict decoder on our side of the cage: everything it accepts is finite, bounded and complete, or it accepts nothing.

import { accept, refuse, type Verdict } from '@parley/kernel';

import {
  BLENDS,
  BYTES_PER_PIXEL,
  FILL_RULES,
  OP,
  OP_POINTS,
  PAGE_MODES,
  PICTURE_KINDS,
} from './display-list.ts';
import type { Glyph, Item, Matrix, Outline, Page, Picture, Stroke } from './display-list.ts';

/** Limits of single values; documents are limited by the policy. */
export const LIST_LIMITS = {
  fonts: 4096,
  glyphsPerFont: 65_536,
  pictures: 65_536,
  pictureSide: 32_768,
  unicodeBytes: 64,
  pathOps: 1_000_000,
  itemsPerPage: 1_000_000,
  glyphsPerRun: 65_536,
  clipPaths: 256,
  dashes: 32,
  /** Points; the largest page of PDF 1.7. */
  pageSide: 14_400,
  /** Any coordinate, in its own unit. */
  coordinate: 1 << 27,
} as const;

export type ListReason = 'truncated' | 'out-of-range' | 'not-utf8' | 'trailing-bytes';

class Refusal extends Error {
  readonly reason: ListReason;
  readonly at: number;
  constructor(reason: ListReason, at: number) {
    super(reason);
    this.reason = reason;
    this.at = at;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class ListReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  refuse(reason: ListReason): never {
    throw new Refusal(reason, this.at);
  }

  #take(count: number): number {
    if (this.left < count) this.refuse('truncated');
    const start = this.at;
    this.at += count;
    return start;
  }

  byte(max: number): number {
    const value = this.#bytes[this.#take(1)] ?? 0;
    return value <= max ? value : this.refuse('out-of-range');
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int(min: number, max: number): number {
    let rest = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift > 28) this.refuse('out-of-range');
      const next = this.#bytes[this.#take(1)] ?? 0;
      rest = (rest | ((next & 127) << shift)) >>> 0;
      if (next < 128) break;
    }
    const value = (rest >>> 1) ^ -(rest & 1);
    return value >= min && value <= max ? value : this.refuse('out-of-range');
  }

  float(limit: number): number {
    const value = this.#view.getFloat32(this.#take(4), true);
    return Math.abs(value) <= limit ? value : this.refuse('out-of-range');
  }

  raw(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  text(maxBytes: number): string {
    const raw = this.raw(this.int(0, maxBytes));
    try {
      return utf8.decode(raw);
    } catch {
      return this.refuse('not-utf8');
    }
  }
}

function readOutline(from: ListReader): Outline {
  const count = from.int(0, LIST_LIMITS.pathOps);
  const ops = from.raw(count);
  let pointCount = 0;
  let open = false;
  for (const op of ops) {
    if (op > OP.close) from.refuse('out-of-range');
    // A path starts with a move, and after a close comes a move: the forms every reader draws alike.
    if (op !== OP.move && !open) from.refuse('out-of-range');
    open = op !== OP.close;
    pointCount += OP_POINTS[op as 0 | 1 | 2 | 3];
  }
  if (pointCount * 2 > from.left) from.refuse('truncated');
  const points = new Int32Array(pointCount * 2);
  let x = 0;
  let y = 0;
  for (let i = 0; i < points.length; i += 2) {
    x += from.int(-LIST_LIMITS.coordinate * 2, LIST_LIMITS.coordinate * 2);
    y += from.int(-LIST_LIMITS.coordinate * 2, LIST_LIMITS.coordinate * 2);
    if (Math.abs(x) > LIST_LIMITS.coordinate || Math.abs(y) > LIST_LIMITS.coordinate) {
      from.refuse('out-of-range');
    }
    points[i] = x;
    points[i + 1] = y;
  }
  return { ops, points };
}

function readMatrix(from: ListReader): Matrix {
  const limit = 1e6;
  return [
    from.float(limit),
    from.float(limit),
    from.float(limit),
    from.float(limit),
    from.float(limit),
    from.float(limit),
  ];
}

function oneOf<const T>(from: ListReader, words: readonly T[]): T {
  return words[from.byte(words.length - 1)] as T;
}

function readStroke(from: ListReader): Stroke {
  const color = from.u32();
  const width = from.float(1e5);
  const cap = from.byte(2) as 0 | 1 | 2;
  const join = from.byte(2) as 0 | 1 | 2;
  const dash: number[] = [];
  for (let left = from.int(0, LIST_LIMITS.dashes); left > 0; left--) dash.push(from.float(1e5));
  const dashPhase = from.float(1e6);
  if (width < 0 || dash.some((length) => length < 0)) from.refuse('out-of-range');
  return { color, width, cap, join, dash, dashPhase };
}

function readItem(from: ListReader): Item {
  switch (from.byte(4)) {
    case 1: {
      const font = from.int(0, LIST_LIMITS.fonts - 1);
      const matrix = readMatrix(from);
      const color = from.u32();
      const ghost = from.byte(1) === 1;
      const glyphs: number[] = [];
      const xs: number[] = [];
      const ys: number[] = [];
      let x = 0;
      let y = 0;
      for (let left = from.int(1, LIST_LIMITS.glyphsPerRun); left > 0; left--) {
        glyphs.push(from.int(0, LIST_LIMITS.glyphsPerFont - 1));
        x += from.int(-LIST_LIMITS.coordinate, LIST_LIMITS.coordinate);
        y += from.int(-LIST_LIMITS.coordinate, LIST_LIMITS.coordinate);
        if (Math.abs(x) > LIST_LIMITS.coordinate || Math.abs(y) > LIST_LIMITS.coordinate) {
          from.refuse('out-of-range');
        }
        xs.push(x);
        ys.push(y);
      }
      return { kind: 'text', font, matrix, color, ghost, glyphs, xs, ys };
    }
    case 2: {
      const outline = readOutline(from);
      const fill = oneOf(from, FILL_RULES);
      const fillColor = from.u32();
      const blend = oneOf(from, BLENDS);
      const matrix = from.byte(1) === 1 ? readMatrix(from) : null;
      const stroke = from.byte(1) === 1 ? readStroke(from) : null;
      return { kind: 'path', outline, fill, fillColor, stroke, blend, matrix };
    }
    case 3: {
      const picture = from.int(0, LIST_LIMITS.pictures - 1);
      const matrix = readMatrix(from);
      const alpha = from.byte(255);
      return { kind: 'picture', picture, matrix, alpha, blend: oneOf(from, BLENDS) };
    }
    case 4: {
      const paths: { outline: Outline; evenOdd: boolean }[] = [];
      for (let left = from.int(0, LIST_LIMITS.clipPaths); left > 0; left--) {
        const outline = readOutline(from);
        paths.push({ outline, evenOdd: from.byte(1) === 1 });
      }
      return { kind: 'clip', paths };
    }
    default:
      return from.refuse('out-of-range');
  }
}

function whole<T>(bytes: Uint8Array, read: (from: ListReader) => T): Verdict<T, ListReason> {
  const from = new ListReader(bytes);
  try {
    const value = read(from);
    return from.left === 0 ? accept(value) : refuse('trailing-bytes', { at: from.at });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.reason, { at: error.at });
    throw error;
  }
}

/** Refuses a glyph with the byte offset of the first thing that is not as `encodeGlyph` writes it. */
export function decodeGlyph(bytes: Uint8Array): Verdict<Glyph, ListReason> {
  return whole(bytes, (from) => ({
    font: from.int(0, LIST_LIMITS.fonts - 1),
    glyph: from.int(0, LIST_LIMITS.glyphsPerFont - 1),
    width: from.int(-100_000, 100_000),
    unicode: from.text(LIST_LIMITS.unicodeBytes),
    outline: readOutline(from),
  }));
}

/** Refuses pixels that are not exactly width x height of their kind. The pixels are a view of `bytes`. */
export function decodePicture(bytes: Uint8Array): Verdict<Picture, ListReason> {
  return whole(bytes, (from) => {
    const id = from.int(0, LIST_LIMITS.pictures - 1);
    const width = from.int(1, LIST_LIMITS.pictureSide);
    const height = from.int(1, LIST_LIMITS.pictureSide);
    const kind = oneOf(from, PICTURE_KINDS);
    const pixels = from.raw(width * height * BYTES_PER_PIXEL[kind]);
    return { id, width, height, kind, pixels };
  });
}

export function decodePage(bytes: Uint8Array): Verdict<Page, ListReason> {
  return whole(bytes, (from) => {
    const width = from.float(LIST_LIMITS.pageSide);
    const height = from.float(LIST_LIMITS.pageSide);
    if (width < 1 || height < 1) from.refuse('out-of-range');
    const rotate = from.int(0, 270);
    if (rotate !== 0 && rotate !== 90 && rotate !== 180 && rotate !== 270) {
      return from.refuse('out-of-range');
    }
    const mode = oneOf(from, PAGE_MODES);
    const likeness = from.int(-1000, 1000);
    const count = from.int(0, LIST_LIMITS.itemsPerPage);
    if (count > from.left) from.refuse('truncated');
    const items: Item[] = [];
    for (let i = 0; i < count; i++) items.push(readItem(from));
    return { width, height, rotate, mode, likeness, items };
  });
}
