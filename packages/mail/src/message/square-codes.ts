// Square codes (QR) in the pictures of a mail: the link that a telephone would open past everything that reads mail.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import { decodeQR } from 'qr/decode.js';
import { hostNamedBy, hostOfUrl } from './links.ts';
import type { Message } from './message.ts';
import { partBytes, type Part } from './mime.ts';

/** Pictures read of one mail, their size as files and as pixels all together, and passes of one JPEG. */
const PICTURES_MAX = 6;
const FILE_BYTES_MAX = 8 * 1024 * 1024;
const PIXELS_MAX = 16_000_000;
const SCANS_MAX = 40;
const SIDE_MIN = 21;
const TEXT_MAX = 2000;

export type SquareCode = {
  /** The picture's file name, or its type. */
  readonly picture: string;
  readonly text: string;
  /** Where it leads, if it names a host. */
  readonly host: string | null;
};

export type SquareCodes = {
  readonly codes: readonly SquareCode[];
  /** Pictures that were not read: another format, broken, or above the limits. */
  readonly unread: number;
  /** A code drawn with block letters in the text, which is not read. */
  readonly drawn: boolean;
};

type Picture = { readonly kind: 'png' | 'jpeg'; readonly width: number; readonly height: number };

function pngSize(bytes: Uint8Array): Picture | null {
  if (bytes.length < 33) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** The size in a JPEG's frame header. A file of very many passes is refused: each costs a walk over all its pixels. */
function jpegSize(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let size: Picture | null = null;
  let scans = 0;
  for (let at = 2; at + 9 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xda && ++scans > SCANS_MAX) return null;
    const frame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame && size === null)
      size = { kind: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker >= 0xc0 && marker < 0xff && (marker < 0xd0 || marker > 0xda))
      at += 1 + view.getUint16(at + 2);
  }
  return size;
}

function pictureOf(bytes: Uint8Array): Picture | null {
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e) return pngSize(bytes);
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegSize(bytes) : null;
}

type WasmHost = { readonly Module: new (bytes: Uint8Array) => object };
const { Module } = (globalThis as unknown as { readonly WebAssembly: WasmHost }).WebAssembly;

/** The decoders run as WebAssembly: whatever a picture does to them, it does to their own memory. */
function decoder(file: string): object {
  return new Module(readFileSync(fileURLToPath(import.meta.resolve(file))));
}

// Its types leave the module out. What it says of a broken picture is no line for our standard error.
const quietJpeg = initJpeg as (module: object, settings: { printErr: () => void }) => Promise<void>;

let ready: Promise<unknown> | undefined;
function decoders(): Promise<unknown> {
  return (ready ??= Promise.all([
    initPng(decoder('@jsquash/png/codec/pkg/squoosh_png_bg.wasm') as Parameters<typeof initPng>[0]),
    quietJpeg(decoder('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'), { printErr: () => {} }),
  ]));
}

type Pixels = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray };

async function textIn(bytes: Uint8Array, { kind }: Picture): Promise<string | null> {
  await decoders();
  const whole = bytes.slice().buffer;
  const pixels: Pixels = kind === 'png' ? await decodePng(whole) : await decodeJpeg(whole);
  onWhite(pixels.data);
  try {
    return decodeQR(pixels, EFFORT);
  } catch {
    // Most pictures hold no code.
    return null;
  }
}

// No clock: the same picture gives the same answer on a slow machine.
const EFFORT = { effort: 1, timeLimit: Number.MAX_SAFE_INTEGER } as const;

/** Clear pixels are shown on the white of a mail program; a code may be black on clear. */
function onWhite(data: Uint8ClampedArray): void {
  for (let at = 3; at < data.length; at += 4) {
    const alpha = data[at] ?? 255;
    if (alpha === 255) continue;
    for (let channel = at - 3; channel < at; channel++)
      data[channel] = 255 - ((255 - (data[channel] ?? 255)) * alpha) / 255;
  }
}

const DRAWN_LINE = /[\u2580-\u259f\u25a0]{8}/;

/** True where the text holds many lines of block letters, as codes drawn without a picture do. */
function isDrawn(text: string): boolean {
  let lines = 0;
  for (const line of text.slice(0, 64 * 1024).split('\n')) if (DRAWN_LINE.test(line)) lines++;
  return lines >= 8;
}

function isPicture({ type, fileName }: Part): boolean {
  return type.startsWith('image/') || /\.(?:png|jpe?g)$/i.test(fileName);
}

/** The text of the square code in one PNG or JPEG; null where there is none, or none within the limits above. */
export async function squareCodeIn(bytes: Uint8Array): Promise<string | null> {
  const picture = bytes.length > FILE_BYTES_MAX ? null : pictureOf(bytes);
  if (picture === null || picture.width * picture.height > PIXELS_MAX) return null;
  if (Math.min(picture.width, picture.height) < SIDE_MIN) return null;
  try {
    return (await textIn(bytes, picture))?.slice(0, TEXT_MAX) ?? null;
  } catch {
    return null;
  }
}

/** Reads the pictures of a mail; work and memory are bounded by the limits above, and any bytes give an answer. */
export async function readSquareCodes(message: Message): Promise<SquareCodes> {
  const codes: SquareCode[] = [];
  let unread = 0;
  let pixels = 0;
  let looked = 0;
  for (const part of message.parts.filter(isPicture)) {
    const bytes = partBytes(part, FILE_BYTES_MAX + 1);
    const picture = pictureOf(bytes);
    const { width, height } = picture ?? { width: 0, height: 0 };
    if (picture !== null && Math.min(width, height) < SIDE_MIN) continue;
    if (
      picture === null ||
      bytes.length > FILE_BYTES_MAX ||
      ++looked > PICTURES_MAX ||
      pixels + width * height > PIXELS_MAX
    ) {
      unread++;
      continue;
    }
    pixels += width * height;
    try {
      const text = (await textIn(bytes, picture))?.slice(0, TEXT_MAX);
      if (text === undefined || text === '') continue;
      const name = part.fileName === '' ? part.type : part.fileName;
      codes.push({ picture: name, text, host: hostOfUrl(text) ?? hostNamedBy(text) });
    } catch {
      unread++;
    }
  }
  return { codes, unread, drawn: isDrawn(message.text) };
}
