// Raw pixels in, a picture stream of our own making out: deflate for drawings, baseline JPEG for photographs.

import { assert } from '@parley/kernel';

import type { Picture } from '../list/display-list.ts';
import { deflated } from './deflated.ts';

/** A finished image XObject, apart from its soft mask. */
export type EncodedPicture = {
  readonly width: number;
  readonly height: number;
  readonly space: '/DeviceGray' | '/DeviceRGB' | { readonly palette: Uint8Array };
  readonly bits: 1 | 2 | 4 | 8;
  readonly filter: '/FlateDecode' | '/DCTDecode' | null;
  /** PNG row predictors were applied before deflating. */
  readonly predicted: boolean;
  readonly data: Uint8Array;
  readonly mask: EncodedPicture | null;
};

/** Encodes interleaved 8-bit pixels as baseline JPEG. */
export type JpegEncoder = (
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
) => Uint8Array;

/** Sub filter of every row: what PNG calls filter type 1 works on pixels, type 2 on rows. */
export function predictRows(pixels: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const rows = pixels.length / rowBytes;
  const out = new Uint8Array(pixels.length + rows);
  for (let row = 0; row < rows; row++) {
    const from = row * rowBytes;
    const to = row * (rowBytes + 1);
    let sameAbove = 0;
    let sameLeft = 0;
    for (let i = 0; i < rowBytes; i += 7) {
      const value = pixels[from + i];
      if (row > 0 && value === pixels[from + i - rowBytes]) sameAbove++;
      if (i >= pixelBytes && value === pixels[from + i - pixelBytes]) sameLeft++;
    }
    const up = row > 0 && sameAbove >= sameLeft;
    out[to] = up ? 2 : 1;
    const back = up ? rowBytes : pixelBytes;
    const start = up ? 0 : pixelBytes;
    for (let i = 0; i < start; i++) out[to + 1 + i] = pixels[from + i] ?? 0;
    for (let i = start; i < rowBytes; i++) {
      out[to + 1 + i] = (pixels[from + i] ?? 0) - (pixels[from + i - back] ?? 0);
    }
  }
  return out;
}

/** Packs one sample a byte (values below 2^bits) into rows of whole bytes, the first sample in the highest bits. */
export function packBits(
  samples: Uint8Array,
  width: number,
  height: number,
  bits: 1 | 2 | 4,
): Uint8Array {
  const rowBytes = Math.ceil((width * bits) / 8);
  const out = new Uint8Array(rowBytes * height);
  const perByte = 8 / bits;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * rowBytes + Math.floor(x / perByte);
      const shift = 8 - bits * ((x % perByte) + 1);
      out[at] = (out[at] ?? 0) | ((samples[y * width + x] ?? 0) << shift);
    }
  }
  return out;
}

/** The colours of a picture in order of value with every pixel's index, or undefined from `max` + 1 colours on. */
export function paletteOf(
  pixels: Uint8Array,
  channels: 1 | 3,
  max: number,
): { palette: number[]; indices: Uint8Array } | undefined {
  const seen = new Map<number, number>();
  const count = pixels.length / channels;
  const indices = new Uint8Array(count);
  let lastColor = -1;
  let lastIndex = 0;
  for (let i = 0; i < count; i++) {
    const at = i * channels;
    const color =
      channels === 1
        ? (pixels[at] ?? 0) * 0x10101
        : ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0);
    if (color !== lastColor) {
      let index = seen.get(color);
      if (index === undefined) {
        if (seen.size === max) return undefined;
        index = seen.size;
        seen.set(color, index);
      }
      lastColor = color;
      lastIndex = index;
    }
    indices[i] = lastIndex;
  }
  const palette = [...seen.keys()].toSorted((a, b) => a - b);
  const rank = new Uint8Array(256);
  palette.forEach((color, place) => (rank[seen.get(color) ?? 0] = place));
  for (let i = 0; i < count; i++) indices[i] = rank[indices[i] ?? 0] ?? 0;
  return { palette, indices };
}

function isGray(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3) {
    if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  }
  return true;
}

/** Splits colour and alpha; the alpha is null where every pixel is opaque. */
function splitAlpha(rgba: Uint8Array): { rgb: Uint8Array; alpha: Uint8Array | null } {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(count * 3);
  const alpha = new Uint8Array(count);
  let opaque = true;
  for (let i = 0; i < count; i++) {
    const a = rgba[4 * i + 3] ?? 0;
    alpha[i] = a;
    if (a !== 255) opaque = false;
    // Colour under a fully clear pixel is never seen, so nothing may hide there.
    if (a === 0) continue;
    rgb[3 * i] = rgba[4 * i] ?? 0;
    rgb[3 * i + 1] = rgba[4 * i + 1] ?? 0;
    rgb[3 * i + 2] = rgba[4 * i + 2] ?? 0;
  }
  return { rgb, alpha: opaque ? null : alpha };
}

export type PictureChoices = {
  readonly jpeg: JpegEncoder | null;
  /** False inside the cage, where a page is written to be drawn once. */
  readonly compress: boolean;
};

function encodeOpaque(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
  { jpeg, compress }: PictureChoices,
): EncodedPicture {
  assert(pixels.length === width * height * channels, 'pixels do not fill the picture');
  const frame = { width, height, mask: null };
  if (!compress) {
    return {
      ...frame,
      space: channels === 1 ? '/DeviceGray' : '/DeviceRGB',
      bits: 8,
      filter: null,
      predicted: false,
      data: pixels,
    };
  }
  if (channels === 3 && isGray(pixels)) {
    const gray = new Uint8Array(width * height);
    for (let i = 0; i < gray.length; i++) gray[i] = pixels[3 * i] ?? 0;
    return encodeOpaque(gray, width, height, 1, { jpeg, compress });
  }
  const few = paletteOf(pixels, channels, 256);
  if (few !== undefined && (few.palette.length <= 16 || channels === 3)) {
    const { palette, indices } = few;
    const bits = palette.length <= 2 ? 1 : palette.length <= 4 ? 2 : palette.length <= 16 ? 4 : 8;
    const packed = bits === 8 ? indices : packBits(indices, width, height, bits);
    const blackAndWhite = palette.length === 2 && palette[0] === 0 && palette[1] === 0xffffff;
    return {
      ...frame,
      space: blackAndWhite
        ? '/DeviceGray'
        : {
            palette: Uint8Array.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])),
          },
      bits,
      filter: '/FlateDecode',
      predicted: false,
      data: deflated(packed),
    };
  }
  const space = channels === 1 ? '/DeviceGray' : '/DeviceRGB';
  const flat = (): EncodedPicture => ({
    ...frame,
    space,
    bits: 8,
    filter: '/FlateDecode',
    predicted: true,
    data: deflated(predictRows(pixels, width * channels, channels)),
  });
  if (jpeg === null || width * height < 256) return flat();
  const photo: EncodedPicture = {
    ...frame,
    space,
    bits: 8,
    filter: '/DCTDecode',
    predicted: false,
    data: jpeg(pixels, width, height, channels),
  };
  // Drawings with soft edges deflate well and stay sharp; deflating a large photograph only to throw it away is slow.
  if (!looksDrawn(pixels, width, height, channels)) return photo;
  const drawn = flat();
  return drawn.data.length <= photo.data.length * 1.5 ? drawn : photo;
}

/** True where most neighbours on sampled rows are equal, as in drawings and text. */
function looksDrawn(pixels: Uint8Array, width: number, height: number, channels: number): boolean {
  let same = 0;
  let total = 0;
  const step = Math.max(1, Math.floor(height / 64));
  for (let y = 0; y < height; y += step) {
    for (let x = 1; x < width; x++) {
      const at = (y * width + x) * channels;
      let equal = true;
      for (let c = 0; c < channels; c++) equal &&= pixels[at + c] === pixels[at + c - channels];
      if (equal) same++;
      total++;
    }
  }
  return total > 0 && same / total > 0.6;
}

/** Encodes any picture of the list. Same pixels, same choices: same bytes. */
export function encodePictureStream(picture: Picture, choices: PictureChoices): EncodedPicture {
  const { width, height, pixels } = picture;
  if (picture.kind !== 'rgba') {
    return encodeOpaque(pixels, width, height, picture.kind === 'rgb' ? 3 : 1, choices);
  }
  const { rgb, alpha } = splitAlpha(pixels);
  const color = encodeOpaque(rgb, width, height, 3, choices);
  if (alpha === null) return color;
  return { ...color, mask: encodeOpaque(alpha, width, height, 1, { ...choices, jpeg: null }) };
}
