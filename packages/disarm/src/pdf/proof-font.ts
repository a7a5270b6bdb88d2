// A font program of our own, for the comparison inside the cage and never for a copy: the engine keeps its glyphs as bitmaps and draws a page five times faster.
//
// Compact Font Format (Adobe technical note 5176) with Type 2 charstrings (5177): moves, lines, curves and the end, nothing else.

import { OP, OP_POINTS, type Glyph } from '../list/display-list.ts';

/** Steps and places of this format are 16 bits; 5177 promises 32,000 everywhere. */
const FAR = 32_000;
const GLYPHS_MAX = 255;
/** String numbers below this belong to the standard. */
const FIRST_OWN_STRING = 391;

/** Bytes that grow. */
class Program {
  bytes = new Uint8Array(1 << 14);
  length = 0;

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(2 * (this.length + count));
    grown.set(this.bytes);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  append(data: Uint8Array): void {
    this.reserve(data.length);
    this.bytes.set(data, this.length);
    this.length += data.length;
  }

  short(value: number): void {
    this.byte(value >> 8);
    this.byte(value);
  }

  long(value: number): void {
    this.short(value >> 16);
    this.short(value);
  }

  /** An INDEX: count, offset size, offsets from one, data. */
  index(ends: readonly number[], data: Uint8Array): void {
    this.short(ends.length);
    if (ends.length === 0) return;
    this.byte(4);
    this.long(1);
    for (const end of ends) this.long(1 + end);
    this.append(data);
  }

  words(texts: readonly string[]): void {
    let end = 0;
    this.index(
      texts.map((text) => (end += text.length)),
      Uint8Array.from(texts.join(''), (letter) => letter.charCodeAt(0)),
    );
  }
}

/** Bytes of a point at most: two numbers of three. */
const POINT_BYTES = 6;
/** What ends each step of an outline, by its word in the list: a close needs none. */
const STEP_ENDS = { [OP.move]: 21, [OP.line]: 5, [OP.curve]: 8, [OP.close]: 0 } as const;

/** Appends a glyph's program; false where it is wider than the format's numbers. */
function charstring(out: Program, { outline: { ops, points } }: Glyph): boolean {
  out.reserve(ops.length + POINT_BYTES * points.length + 1);
  const { bytes } = out;
  let to = out.length;
  let x = 0;
  let y = 0;
  let at = 0;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i] as 0 | 1 | 2 | 3;
    for (const end = at + 2 * OP_POINTS[op]; at < end; at += 2) {
      const nextX = points[at] as number;
      const nextY = points[at + 1] as number;
      const dx = nextX - x;
      const dy = nextY - y;
      if (Math.max(Math.abs(nextX), Math.abs(nextY), Math.abs(dx), Math.abs(dy)) > FAR)
        return false;
      bytes[to++] = 28;
      bytes[to++] = dx >> 8;
      bytes[to++] = dx;
      bytes[to++] = 28;
      bytes[to++] = dy >> 8;
      bytes[to++] = dy;
      x = nextX;
      y = nextY;
    }
    if (op !== OP.close) bytes[to++] = STEP_ENDS[op];
  }
  bytes[to++] = 14;
  out.length = to;
  return true;
}

/** The glyphs as g1, g2, ...; undefined where the format cannot say one of them. */
export function encodeFontProgram(glyphs: readonly Glyph[]): Uint8Array | undefined {
  if (glyphs.length === 0 || glyphs.length > GLYPHS_MAX) return undefined;
  const programs = new Program();
  programs.byte(14);
  const ends = [1];
  for (const glyph of glyphs) {
    if (Math.abs(glyph.width) > FAR || !charstring(programs, glyph)) return undefined;
    ends.push(programs.length);
  }
  const strings = new Program();
  strings.words(glyphs.map((_, i) => `g${i + 1}`));
  const out = new Program();
  for (const byte of [1, 0, 4, 4]) out.byte(byte);
  out.words(['P']);
  const topBytes = 23;
  // Behind the dictionary, which is an INDEX of one: the strings, no subroutines, the charset of four bytes, the glyphs.
  const charset = out.length + 2 + 1 + 8 + topBytes + strings.length + 2;
  out.short(1);
  out.byte(4);
  out.long(1);
  out.long(1 + topBytes);
  for (const [values, operator] of [
    [[charset], 15],
    [[charset + 4], 17],
    [[0, 0], 18],
  ] as const) {
    for (const value of values) {
      out.byte(29);
      out.long(value);
    }
    out.byte(operator);
  }
  out.append(strings.bytes.subarray(0, strings.length));
  out.short(0);
  out.byte(1);
  out.short(FIRST_OWN_STRING);
  out.byte(glyphs.length - 1);
  out.index(ends, programs.bytes.subarray(0, programs.length));
  return out.bytes.slice(0, out.length);
}
