// Pixels out of the engine, and how alike two pages look.

import { assert } from '@parley/kernel';

import type { Picture } from '../list/display-list.ts';
import type { Engine } from './engine.ts';

const BGRA = 4;

/** A page or a part of it as the engine draws it: blue, green, red, and a byte without meaning. */
export type Raster = { readonly width: number; readonly height: number; readonly bgrx: Uint8Array };

/** The part of a page to draw, in points from its lower left corner. */
export type Area = { left: number; bottom: number; right: number; top: number };

/** Draws an area of a page on white. `height` is the page's height in points. */
export function renderArea(
  engine: Engine,
  page: number,
  pageHeight: number,
  area: Area,
  dpi: number,
): Raster {
  return drawArea(engine, page, pageHeight, area, dpi, ({ width, height, bgrx }) => ({
    width,
    height,
    bgrx: bgrx.slice(),
  }));
}

/** The same, for `use` to look at: the raster lies in the engine's memory and ends with the call. */
export function drawArea<T>(
  engine: Engine,
  page: number,
  pageHeight: number,
  area: Area,
  dpi: number,
  use: (raster: Raster) => T,
): T {
  const { call, scratch } = engine;
  const scale = dpi / 72;
  const width = Math.max(1, Math.round((area.right - area.left) * scale));
  const height = Math.max(1, Math.round((area.top - area.bottom) * scale));
  const bitmap = call.FPDFBitmap_CreateEx(width, height, BGRA, 0, 0);
  if (bitmap === 0) throw new RangeError('memory limit');
  try {
    call.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    const sx = width / (area.right - area.left);
    const sy = height / (area.top - area.bottom);
    const view = engine.memory();
    // The engine's page space for this call has its origin at the upper left corner, y downwards.
    const matrix = [sx, 0, 0, sy, -area.left * sx, -(pageHeight - area.top) * sy];
    matrix.forEach((value, i) => view.setFloat32(scratch + 4 * i, value, true));
    [0, 0, width, height].forEach((value, i) => view.setFloat32(scratch + 32 + 4 * i, value, true));
    call.FPDF_RenderPageBitmapWithMatrix(bitmap, page, scratch, scratch + 32, 0);
    const at = call.FPDFBitmap_GetBuffer(bitmap);
    // Four bytes a pixel leave no padding at the end of a row.
    assert(call.FPDFBitmap_GetStride(bitmap) === width * 4, 'a bitmap with padded rows');
    return use({ width, height, bgrx: engine.bytes().subarray(at, at + width * height * 4) });
  } finally {
    call.FPDFBitmap_Destroy(bitmap);
  }
}

/** The raster as a picture of the list. */
export function pictureOfRaster({ width, height, bgrx }: Raster): Omit<Picture, 'id'> {
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < bgrx.length; from += 4) {
    pixels[to++] = bgrx[from + 2] as number;
    pixels[to++] = bgrx[from + 1] as number;
    pixels[to++] = bgrx[from] as number;
  }
  return { width, height, kind: 'rgb', pixels };
}

/** Reads an image object's bitmap of any of the engine's formats; undefined for one we do not know. */
export function pictureOfBitmap(engine: Engine, bitmap: number): Omit<Picture, 'id'> | undefined {
  const { call } = engine;
  const width = call.FPDFBitmap_GetWidth(bitmap);
  const height = call.FPDFBitmap_GetHeight(bitmap);
  const stride = call.FPDFBitmap_GetStride(bitmap);
  const format = call.FPDFBitmap_GetFormat(bitmap);
  const at = call.FPDFBitmap_GetBuffer(bitmap);
  const bytes = engine.bytes();
  if (format === 1) {
    const pixels = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      pixels.set(bytes.subarray(at + y * stride, at + y * stride + width), y * width);
    }
    return { width, height, kind: 'gray', pixels };
  }
  const step = format === 2 ? 3 : 4;
  if (format < 2 || format > 5) return undefined;
  const alpha = format >= 4;
  const premultiplied = format === 5;
  const channels = alpha ? 4 : 3;
  const pixels = new Uint8Array(width * height * channels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = at + y * stride;
    for (let x = 0; x < width; x++) {
      let b = bytes[from] as number;
      let g = bytes[from + 1] as number;
      let r = bytes[from + 2] as number;
      if (alpha) {
        const a = bytes[from + 3] as number;
        if (premultiplied && a > 0 && a < 255) {
          r = Math.min(255, Math.round((r * 255) / a));
          g = Math.min(255, Math.round((g * 255) / a));
          b = Math.min(255, Math.round((b * 255) / a));
        }
        pixels[to + 3] = a;
      }
      pixels[to] = r;
      pixels[to + 1] = g;
      pixels[to + 2] = b;
      to += channels;
      from += step;
    }
  }
  return { width, height, kind: alpha ? 'rgba' : 'rgb', pixels };
}

/**
 * The raster with every square of `side` pixels as one, their mean. What does not fill a square is left out. Two colours
 * are added at once, in the halves of a word, which a square of eleven does not overflow.
 */
export function pooled(raster: Raster, side: number): Raster {
  const across = Math.floor(raster.width / side);
  const down = Math.floor(raster.height / side);
  const pixels = words(raster);
  const out = new Uint8Array(4 * across * down);
  const even = new Uint32Array(across);
  const odd = new Uint32Array(across);
  const mean = (sum: number): number => Math.round(sum / (side * side));
  for (let y = 0, to = 0; y < down; y++) {
    even.fill(0);
    odd.fill(0);
    for (let j = 0; j < side; j++) {
      let from = raster.width * (y * side + j);
      for (let x = 0; x < across; x++) {
        let sumEven = 0;
        let sumOdd = 0;
        for (const end = from + side; from < end; from++) {
          const pixel = pixels[from] as number;
          sumEven += pixel & 0xff00ff;
          sumOdd += (pixel >>> 8) & 0xff00ff;
        }
        even[x] = (even[x] as number) + sumEven;
        odd[x] = (odd[x] as number) + sumOdd;
      }
    }
    for (let x = 0; x < across; x++) {
      out[to++] = mean((even[x] as number) & 0xffff);
      out[to++] = mean((odd[x] as number) & 0xffff);
      out[to++] = mean((even[x] as number) >>> 16);
      out[to++] = mean((odd[x] as number) >>> 16);
    }
  }
  return { width: across, height: down, bgrx: out };
}

/** Pixels as whole words: the engine's buffers and copies of them both begin at a multiple of four. */
function words({ width, height, bgrx }: Raster): Uint32Array {
  return new Uint32Array(bgrx.buffer, bgrx.byteOffset, width * height);
}

const luma = (word: number): number =>
  (77 * ((word >>> 16) & 255) + 150 * ((word >>> 8) & 255) + 29 * (word & 255)) >> 8;

const WINDOW = 8;

/** Mean structural similarity (Wang 2004) over 8x8 windows side by side, in thousandths. */
export function likeness(a: Raster, b: Raster): number {
  const width = Math.min(a.width, b.width);
  const height = Math.min(a.height, b.height);
  const left = words(a);
  const right = words(b);
  let sum = 0;
  let count = 0;
  for (let y = 0; y + WINDOW <= height; y += WINDOW) {
    for (let x = 0; x + WINDOW <= width; x += WINDOW) {
      const p = y * a.width + x;
      const q = y * b.width + x;
      // Equal windows are the rule, and their similarity is exactly one.
      sum += sameWindow(left, p, a.width, right, q, b.width)
        ? 1
        : windowSimilarity(left, p, a.width, right, q, b.width);
      count++;
    }
  }
  return count === 0 ? 1000 : Math.round((1000 * sum) / count);
}

function sameWindow(
  left: Uint32Array,
  from: number,
  leftWidth: number,
  right: Uint32Array,
  to: number,
  rightWidth: number,
): boolean {
  for (let j = 0, p = from, q = to; j < WINDOW; j++, p += leftWidth, q += rightWidth) {
    for (let i = 0; i < WINDOW; i++) if (left[p + i] !== right[q + i]) return false;
  }
  return true;
}

function windowSimilarity(
  left: Uint32Array,
  from: number,
  leftWidth: number,
  right: Uint32Array,
  to: number,
  rightWidth: number,
): number {
  let sa = 0;
  let sb = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let j = 0, p = from, q = to; j < WINDOW; j++, p += leftWidth, q += rightWidth) {
    for (let i = 0; i < WINDOW; i++) {
      const u = luma(left[p + i] as number);
      const v = luma(right[q + i] as number);
      sa += u;
      sb += v;
      aa += u * u;
      bb += v * v;
      ab += u * v;
    }
  }
  const ma = sa / 64;
  const mb = sb / 64;
  const va = aa / 64 - ma * ma;
  const vb = bb / 64 - mb * mb;
  const cov = ab / 64 - ma * mb;
  return (
    ((2 * ma * mb + 6.5025) * (2 * cov + 58.5225)) /
    ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225))
  );
}

/** True where nothing can be seen inside an area: every pixel of the page there has one colour. Pixel units. */
export function isBlank(raster: Raster, x0: number, y0: number, x1: number, y1: number): boolean {
  const left = Math.max(0, Math.floor(x0));
  const right = Math.min(raster.width, Math.ceil(x1));
  const top = Math.max(0, Math.floor(y0));
  const bottom = Math.min(raster.height, Math.ceil(y1));
  if (left >= right || top >= bottom) return true;
  const pixels = words(raster);
  const first = pixels[top * raster.width + left] as number;
  for (let y = top; y < bottom; y++) {
    const row = y * raster.width;
    for (let at = row + left; at < row + right; at++) {
      const pixel = pixels[at] as number;
      if (pixel !== first && farApart(pixel, first)) return false;
    }
  }
  return true;
}

/** True where one of the three colours differs by more than the eye sees. */
function farApart(a: number, b: number): boolean {
  for (let shift = 0; shift < 24; shift += 8) {
    const difference = ((a >>> shift) & 255) - ((b >>> shift) & 255);
    if (difference > 5 || difference < -5) return true;
  }
  return false;
}
