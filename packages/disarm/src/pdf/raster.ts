// Pixels out of the engine, and how alike two pages look.

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
    return readBitmap(engine, bitmap, width, height);
  } finally {
    call.FPDFBitmap_Destroy(bitmap);
  }
}

function readBitmap(engine: Engine, bitmap: number, width: number, height: number): Raster {
  const at = engine.call.FPDFBitmap_GetBuffer(bitmap);
  const stride = engine.call.FPDFBitmap_GetStride(bitmap);
  const bytes = engine.bytes();
  if (stride === width * 4) return { width, height, bgrx: bytes.slice(at, at + stride * height) };
  const bgrx = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    bgrx.set(bytes.subarray(at + y * stride, at + y * stride + width * 4), y * width * 4);
  }
  return { width, height, bgrx };
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

function gray({ width, height, bgrx }: Raster): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < out.length; i++, at += 4) {
    out[i] =
      (77 * (bgrx[at + 2] as number) +
        150 * (bgrx[at + 1] as number) +
        29 * (bgrx[at] as number)) >>
      8;
  }
  return out;
}

/** Mean structural similarity (Wang 2004) over 8x8 windows side by side, in thousandths. */
export function likeness(a: Raster, b: Raster): number {
  const width = Math.min(a.width, b.width);
  const height = Math.min(a.height, b.height);
  const left = gray(a);
  const right = gray(b);
  let sum = 0;
  let count = 0;
  for (let y = 0; y + 8 <= height; y += 8) {
    for (let x = 0; x + 8 <= width; x += 8) {
      let sa = 0;
      let sb = 0;
      let aa = 0;
      let bb = 0;
      let ab = 0;
      for (let j = 0; j < 8; j++) {
        let p = (y + j) * a.width + x;
        let q = (y + j) * b.width + x;
        for (let i = 0; i < 8; i++) {
          const u = left[p++] as number;
          const v = right[q++] as number;
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
      sum +=
        ((2 * ma * mb + 6.5025) * (2 * cov + 58.5225)) /
        ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225));
      count++;
    }
  }
  return count === 0 ? 1000 : Math.round((1000 * sum) / count);
}

/** True where nothing can be seen inside an area: every pixel of the page there has one colour. Pixel units. */
export function isBlank(raster: Raster, x0: number, y0: number, x1: number, y1: number): boolean {
  const left = Math.max(0, Math.floor(x0));
  const right = Math.min(raster.width, Math.ceil(x1));
  const top = Math.max(0, Math.floor(y0));
  const bottom = Math.min(raster.height, Math.ceil(y1));
  if (left >= right || top >= bottom) return true;
  const { bgrx } = raster;
  const first = 4 * (top * raster.width + left);
  for (let y = top; y < bottom; y++) {
    const row = 4 * y * raster.width;
    for (let at = row + 4 * left; at < row + 4 * right; at++) {
      // The fourth byte of a pixel is always 255.
      const difference = (bgrx[at] as number) - (bgrx[first + (at & 3)] as number);
      if (difference > 5 || difference < -5) return false;
    }
  }
  return true;
}
