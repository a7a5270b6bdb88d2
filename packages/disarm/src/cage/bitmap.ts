// Small picture formats read by ourselves: GIF (its first frame), BMP and PNM. Bounded by the size they claim, checked before a pixel is made.

import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { checkSize, sendPixels } from './picture.ts';

type Rgba = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray };

const broken = (detail: string): never => {
  throw new JobRefusal('broken', detail);
};

/** Reads that end in a refusal instead of zeros. */
class Cursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  at = 0;

  constructor(bytes: Uint8Array, little = true) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = little;
  }

  #check(at: number, count: number): void {
    if (at < 0 || at + count > this.bytes.length) broken('cut off');
  }

  u8(at = this.at++): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, this.#little);
  }

  u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, this.#little);
  }

  i32(at: number): number {
    this.#check(at, 4);
    return this.#view.getInt32(at, this.#little);
  }

  slice(at: number, count: number): Uint8Array {
    this.#check(at, count);
    return this.bytes.subarray(at, at + count);
  }
}

function canvas(width: number, height: number, job: Job): Uint8ClampedArray {
  checkSize({ width, height }, job);
  return new Uint8ClampedArray(width * height * 4);
}

/** Variable-width LZW, least significant bit first, as in GIF. */
function gifLzw(data: Uint8Array, minimum: number, count: number): Uint8Array {
  if (minimum < 1 || minimum > 11) broken('LZW width');
  const out = new Uint8Array(count);
  const clear = 1 << minimum;
  const prefix = new Int16Array(4096);
  const suffix = new Uint8Array(4096);
  const stack = new Uint8Array(4097);
  let width = minimum + 1;
  let next = clear + 2;
  let before = -1;
  let first = 0;
  let bits = 0;
  let held = 0;
  let to = 0;
  for (let i = 0; i < clear; i++) suffix[i] = i;
  for (const byte of data) {
    bits |= byte << held;
    held += 8;
    while (held >= width && to < count) {
      let code = bits & ((1 << width) - 1);
      bits >>>= width;
      held -= width;
      if (code === clear) {
        width = minimum + 1;
        next = clear + 2;
        before = -1;
        continue;
      }
      if (code === clear + 1) return out;
      if (code > next || (before < 0 && code >= clear)) return out;
      const now = code;
      let top = 0;
      if (code === next) {
        stack[top++] = first;
        code = before;
      }
      while (code >= clear && top < 4096) {
        stack[top++] = suffix[code] ?? 0;
        code = prefix[code] ?? 0;
      }
      first = code & 255;
      stack[top++] = first;
      while (top > 0 && to < count) out[to++] = stack[--top] ?? 0;
      if (before >= 0 && next < 4096) {
        prefix[next] = before;
        suffix[next] = first;
        next++;
        if (next === 1 << width && width < 12) width++;
      }
      before = now;
    }
  }
  return out;
}

function readGif(bytes: Uint8Array, job: Job): Rgba {
  const c = new Cursor(bytes);
  const width = c.u16(6);
  const height = c.u16(8);
  const data = canvas(width, height, job);
  const flags = c.u8(10);
  c.at = 13;
  const table = (bits: number): Uint8Array => {
    const size = 3 << ((bits & 7) + 1);
    const colors = c.slice(c.at, size);
    c.at += size;
    return colors;
  };
  const global = (flags & 0x80) === 0 ? undefined : table(flags);
  const blocks = (): Uint8Array => {
    const parts: Uint8Array[] = [];
    for (let size = c.u8(); size > 0; size = c.u8()) {
      parts.push(c.slice(c.at, size));
      c.at += size;
    }
    return Buffer.concat(parts);
  };
  let clear = -1;
  let frames = 0;
  for (;;) {
    if (c.at >= bytes.length) break;
    const kind = c.u8();
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const label = c.u8();
      const body = blocks();
      if (label === 0xf9 && frames === 0) clear = ((body[0] ?? 0) & 1) === 1 ? (body[3] ?? 0) : -1;
      if (label === 0xfe)
        emit.remark({
          list: 'removed',
          kind: 'metadata',
          text: Buffer.from(body).toString('latin1'),
        });
      continue;
    }
    if (kind !== 0x2c) break;
    const [left, top, w, h] = [
      c.u16(c.at),
      c.u16(c.at + 2),
      c.u16(c.at + 4),
      c.u16(c.at + 6),
    ] as const;
    const local = c.u8(c.at + 8);
    c.at += 9;
    const colors = (local & 0x80) === 0 ? global : table(local);
    const minimum = c.u8();
    const packed = blocks();
    if (frames++ > 0) continue;
    checkSize({ width: Math.max(1, w), height: Math.max(1, h) }, job);
    const indices = gifLzw(packed, minimum, w * h);
    const rows = (local & 0x40) === 0 ? undefined : interlacedRows(h);
    for (let y = 0; y < h; y++) {
      const py = top + (rows?.[y] ?? y);
      for (let x = 0; x < w; x++) {
        const px = left + x;
        const index = indices[y * w + x] ?? 0;
        if (px >= width || py >= height || index === clear || colors === undefined) continue;
        data.set(
          [colors[3 * index] ?? 0, colors[3 * index + 1] ?? 0, colors[3 * index + 2] ?? 0, 255],
          (py * width + px) * 4,
        );
      }
    }
  }
  if (frames === 0) broken('no frame');
  if (frames > 1) emit.detail('animation', 'frames-left-out', { count: frames });
  return { width, height, data };
}

function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const) {
    for (let y = start; y < height; y += step) rows.push(y);
  }
  return rows;
}

function readBmp(bytes: Uint8Array, job: Job): Rgba {
  const c = new Cursor(bytes);
  const start = c.u32(10);
  const header = c.u32(14);
  const old = header === 12;
  const width = old ? c.u16(18) : c.i32(18);
  const rawHeight = old ? c.u16(20) : c.i32(22);
  const height = Math.abs(rawHeight);
  const bits = old ? c.u16(24) : c.u16(28);
  const compression = old ? 0 : c.u32(30);
  if (![1, 4, 8, 24, 32].includes(bits) || (compression !== 0 && compression !== 3)) {
    throw new JobRefusal('unsupported', `BMP of ${bits} bits, compression ${compression}`);
  }
  const data = canvas(width, height, job);
  const palette = 14 + header;
  const entry = old ? 3 : 4;
  const stride = Math.ceil((width * bits) / 32) * 4;
  c.slice(start, stride * (height - 1) + Math.ceil((width * bits) / 8));
  for (let y = 0; y < height; y++) {
    const row = start + stride * (rawHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x++) {
      let at: number;
      if (bits >= 24) at = row + (x * bits) / 8;
      else {
        const byte = bytes[row + ((x * bits) >> 3)] ?? 0;
        const index = (byte >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
        at = palette + index * entry;
      }
      data.set([bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0, 255], (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

function readPnm(bytes: Uint8Array, job: Job): Rgba {
  let at = 2;
  const kind = bytes[1] ?? 0;
  const number = (): number => {
    for (;;) {
      const byte = bytes[at] ?? broken('cut off');
      if (byte === 0x23) while (at < bytes.length && bytes[at] !== 10) at++;
      else if (byte > 32) break;
      else at++;
    }
    let value = 0;
    while ((bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57)
      value = Math.min(1e9, value * 10 + (bytes[at++] ?? 48) - 48);
    return value;
  };
  const type = kind - 48;
  const width = number();
  const height = number();
  const max = type === 1 || type === 4 ? 1 : number();
  if (max < 1 || max > 255) throw new JobRefusal('unsupported', `PNM with ${max} levels`);
  const data = canvas(width, height, job);
  const plain = type <= 3;
  if (!plain) at++;
  const channels = type === 3 || type === 6 ? 3 : 1;
  const need = type === 4 ? Math.ceil(width / 8) * height : width * height * channels;
  if (!plain && at + need > bytes.length) broken('cut off');
  for (let i = 0; i < width * height; i++) {
    const sample = (): number => {
      if (type === 4) {
        const x = i % width;
        const byte = bytes[at + Math.ceil(width / 8) * Math.floor(i / width) + (x >> 3)] ?? 0;
        return ((byte >> (7 - (x & 7))) & 1) === 1 ? 0 : 255;
      }
      if (type === 1) {
        while ((bytes[at] ?? broken('cut off')) <= 32) at++;
        return bytes[at++] === 49 ? 0 : 255;
      }
      return Math.round(((plain ? number() : (bytes[at++] ?? 0)) * 255) / max);
    };
    const a = sample();
    data.set(channels === 3 ? [a, sample(), sample(), 255] : [a, a, a, 255], 4 * i);
  }
  return { width, height, data };
}

const READERS = { gif: readGif, bmp: readBmp, pnm: readPnm } as const;

export function convertBitmap(kind: keyof typeof READERS, bytes: Uint8Array, job: Job): void {
  sendPixels(READERS[kind](bytes, job), job);
}
