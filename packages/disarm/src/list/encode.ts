// Encodes display-list values inside the cage. The reading side trusts none of this: see decode.ts.

import { BLENDS, FILL_RULES, PAGE_MODES, PICTURE_KINDS } from './display-list.ts';
import type { Glyph, Item, Matrix, Outline, Page, Picture } from './display-list.ts';

const utf8 = new TextEncoder();

/** A growing buffer of the few primitive forms of the list. */
class ListWriter {
  #bytes = new Uint8Array(1 << 12);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value >>> 0, true);
    this.#length += 4;
  }

  /** Zigzag LEB128, 32 bits. */
  int(value: number): void {
    this.#reserve(5);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  float(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(value: string): void {
    const encoded = utf8.encode(value);
    this.int(encoded.length);
    this.raw(encoded);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

function writeOutline(out: ListWriter, outline: Outline): void {
  out.int(outline.ops.length);
  out.raw(outline.ops);
  let x = 0;
  let y = 0;
  for (let i = 0; i < outline.points.length; i += 2) {
    const nextX = outline.points[i] ?? 0;
    const nextY = outline.points[i + 1] ?? 0;
    out.int(nextX - x);
    out.int(nextY - y);
    x = nextX;
    y = nextY;
  }
}

function writeMatrix(out: ListWriter, matrix: Matrix): void {
  for (const value of matrix) out.float(value);
}

function writeItem(out: ListWriter, item: Item): void {
  switch (item.kind) {
    case 'text': {
      out.byte(1);
      out.int(item.font);
      writeMatrix(out, item.matrix);
      out.u32(item.color);
      out.byte(item.ghost ? 1 : 0);
      out.int(item.glyphs.length);
      let x = 0;
      let y = 0;
      for (let i = 0; i < item.glyphs.length; i++) {
        out.int(item.glyphs[i] ?? 0);
        out.int((item.xs[i] ?? 0) - x);
        out.int((item.ys[i] ?? 0) - y);
        x = item.xs[i] ?? 0;
        y = item.ys[i] ?? 0;
      }
      return;
    }
    case 'path': {
      out.byte(2);
      writeOutline(out, item.outline);
      out.byte(FILL_RULES.indexOf(item.fill));
      out.u32(item.fillColor);
      out.byte(BLENDS.indexOf(item.blend));
      out.byte(item.matrix === null ? 0 : 1);
      if (item.matrix !== null) writeMatrix(out, item.matrix);
      out.byte(item.stroke === null ? 0 : 1);
      if (item.stroke !== null) {
        out.u32(item.stroke.color);
        out.float(item.stroke.width);
        out.byte(item.stroke.cap);
        out.byte(item.stroke.join);
        out.int(item.stroke.dash.length);
        for (const dash of item.stroke.dash) out.float(dash);
        out.float(item.stroke.dashPhase);
      }
      return;
    }
    case 'picture':
      out.byte(3);
      out.int(item.picture);
      writeMatrix(out, item.matrix);
      out.byte(item.alpha);
      out.byte(BLENDS.indexOf(item.blend));
      return;
    case 'clip':
      out.byte(4);
      out.int(item.paths.length);
      for (const path of item.paths) {
        writeOutline(out, path.outline);
        out.byte(path.evenOdd ? 1 : 0);
      }
  }
}

export function encodeGlyph(glyph: Glyph): Uint8Array {
  const out = new ListWriter();
  out.int(glyph.font);
  out.int(glyph.glyph);
  out.int(glyph.width);
  out.text(glyph.unicode);
  writeOutline(out, glyph.outline);
  return out.finish();
}

export function encodePicture(picture: Picture): Uint8Array {
  const out = new ListWriter();
  out.int(picture.id);
  out.int(picture.width);
  out.int(picture.height);
  out.byte(PICTURE_KINDS.indexOf(picture.kind));
  out.raw(picture.pixels);
  return out.finish();
}

export function encodePage(page: Page): Uint8Array {
  const out = new ListWriter();
  out.float(page.width);
  out.float(page.height);
  out.int(page.rotate);
  out.byte(PAGE_MODES.indexOf(page.mode));
  out.int(page.likeness);
  out.int(page.items.length);
  for (const item of page.items) writeItem(out, item);
  return out.finish();
}
