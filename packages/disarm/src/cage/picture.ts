// Pictures: decoded inside the cage, sent as raw pixels.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';

import { JPEG_READER, PNG_READER } from '../engine-pins.ts';
import { wasmHost, type WasmModule } from '../wasm-host.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';

/** A decoder's binary, if it is the pinned one. */
export function pinnedModule({ module, sha256 }: { module: string; sha256: string }): WasmModule {
  const bytes = readFileSync(fileURLToPath(import.meta.resolve(module)));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${module} is not the pinned file`);
  return new wasmHost.Module(bytes);
}

type Pixels = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray };

/** The size a picture claims, before anything is decoded. */
export function claimedSize(
  kind: 'png' | 'jpeg',
  bytes: Uint8Array,
): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (kind === 'png') {
    if (bytes.length < 33) throw new JobRefusal('broken', 'no header');
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    const frame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker === 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd9) || marker === 1)
      at += marker === 0xff ? 1 : 2;
    else at += 2 + view.getUint16(at + 2);
  }
  throw new JobRefusal('broken', 'no frame');
}

async function decode(kind: 'png' | 'jpeg', bytes: Uint8Array): Promise<Pixels> {
  // The libraries want an ArrayBuffer of exactly the file.
  const whole = bytes.slice().buffer;
  if (kind === 'png') {
    await initPng(pinnedModule(PNG_READER));
    return decodePng(whole);
  }
  await initJpeg(pinnedModule(JPEG_READER));
  return decodeJpeg(whole, { preserveOrientation: true });
}

export async function convertPicture(
  kind: 'png' | 'jpeg',
  bytes: Uint8Array,
  job: Job,
): Promise<void> {
  const claimed = claimedSize(kind, bytes);
  checkSize(claimed, job);
  reportExtras(kind, bytes);
  let pixels: Pixels;
  try {
    pixels = await decode(kind, bytes);
  } catch (error) {
    throw new JobRefusal('broken', error instanceof Error ? error.message : String(error));
  }
  sendPixels(pixels, job);
}

export function checkSize({ width, height }: { width: number; height: number }, job: Job): void {
  if (width < 1 || height < 1) throw new JobRefusal('broken', 'a picture without size');
  if (width * height > job.pixelsMax || width > 32_767 || height > 32_767) {
    throw new JobRefusal('too-many-pixels', `${width} x ${height}`);
  }
}

/** RGBA in; sent without its alpha where it is opaque. */
export function sendPixels({ width, height, data }: Pixels, job: Job, id = 0): void {
  checkSize({ width, height }, job);
  const count = width * height;
  let opaque = true;
  for (let i = 3; i < data.length && opaque; i += 4) opaque = data[i] === 255;
  if (!opaque) {
    const pixels = new Uint8Array(data.buffer, data.byteOffset, count * 4).slice();
    // Colour under a clear pixel could hide a second picture.
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] === 0) pixels.fill(0, i, i + 3);
    emit.picture({ id, width, height, kind: 'rgba', pixels });
    return;
  }
  const pixels = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    pixels[3 * i] = data[4 * i] as number;
    pixels[3 * i + 1] = data[4 * i + 1] as number;
    pixels[3 * i + 2] = data[4 * i + 2] as number;
  }
  emit.picture({ id, width, height, kind: 'rgb', pixels });
}

/** A picture inside a document: one that cannot be read is left out and named, the document goes on. */
export async function sendPicture(id: number, bytes: Uint8Array, job: Job): Promise<void> {
  const kind = bytes[0] === 0x89 ? 'png' : 'jpeg';
  try {
    checkSize(claimedSize(kind, bytes), job);
    sendPixels(await decode(kind, bytes), job, id);
  } catch {
    emit.detail('media', 'picture-unread', { number: id + 1 });
  }
}

/** Names metadata and bytes behind the picture. */
function reportExtras(kind: 'png' | 'jpeg', bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const named = new Map<string, number>();
  let at = kind === 'png' ? 8 : 2;
  if (kind === 'png') {
    while (at + 12 <= bytes.length) {
      const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
      if (!/^(IHDR|PLTE|tRNS|IDAT|IEND)$/.test(name)) named.set(name, (named.get(name) ?? 0) + 1);
      at += 12 + view.getUint32(at);
      if (name === 'IEND') break;
    }
  } else {
    while (at + 4 < bytes.length && bytes[at] === 0xff) {
      const marker = bytes[at + 1] ?? 0;
      if (marker === 0xda) break;
      if ((marker >= 0xe1 && marker <= 0xef) || marker === 0xfe) {
        const name = marker === 0xfe ? 'comment' : `APP${marker - 0xe0}`;
        named.set(name, (named.get(name) ?? 0) + 1);
      }
      at += 2 + view.getUint16(at + 2);
    }
    const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(
      '\xff\xd9',
      undefined,
      'latin1',
    );
    at = end < 0 ? bytes.length : end + 2;
  }
  for (const [name, count] of named)
    if (name === 'comment') emit.detail('metadata', 'tag-comment');
    else emit.remark({ list: 'removed', kind: 'metadata', text: name, count });
  if (at < bytes.length) {
    emit.detail('appended-data', 'bytes-after-picture', { count: bytes.length - at });
  }
}
