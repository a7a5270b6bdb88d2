// The canonical PNG writer: IHDR, IDAT, IEND and nothing else.

import { zlibSync } from 'fflate';

import { concat } from '@parley/kernel';

import { BYTES_PER_PIXEL, type Picture } from '../list/display-list.ts';
import { packBits, paletteOf, predictRows } from './pictures.ts';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 255] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) out[4 + i] = name.charCodeAt(i);
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}

const COLOR_TYPE = { gray: 0, bits: 0, rgb: 2, rgba: 6 } as const;

/** Lossless, without colour profile, text, time or trailing bytes. Same pixels, same bytes. */
export function writePng(picture: Picture): Uint8Array {
  const { width, height, kind, pixels } = picture;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  const few = kind === 'rgb' ? paletteOf(pixels, 3, 256) : undefined;
  let rows: Uint8Array;
  const extra: Uint8Array[] = [];
  if (few !== undefined) {
    const count = few.palette.length;
    const bits = count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8;
    header.set([bits, 3, 0, 0, 0], 8);
    extra.push(
      chunk(
        'PLTE',
        Uint8Array.from(few.palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255])),
      ),
    );
    const packed = bits === 8 ? few.indices : packBits(few.indices, width, height, bits);
    const rowBytes = packed.length / height;
    rows = new Uint8Array(packed.length + height);
    for (let y = 0; y < height; y++) {
      rows.set(packed.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
    }
  } else {
    header.set([8, COLOR_TYPE[kind], 0, 0, 0], 8);
    rows = predictRows(pixels, width * BYTES_PER_PIXEL[kind], BYTES_PER_PIXEL[kind]);
  }
  return concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', zlibSync(rows, { level: 6 })),
    chunk('IEND', new Uint8Array(0)),
  );
}
