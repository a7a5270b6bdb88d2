// Pictures for tests: a square code drawn as a PNG, written here so that no picture lies in the repository.

import { crc32, deflateSync } from 'node:zlib';
import { encodeQR } from 'qr';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A PNG of gray rows, or one that only claims to be that wide and high. */
export function png(width: number, height: number, rows: Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export type Gray = { readonly side: number; readonly at: (x: number, y: number) => number };

export function squareCode(text: string, scale = 5): Gray {
  const bits = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  return {
    side: bits.length * scale,
    at: (x, y) => (bits[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true ? 0 : 255),
  };
}

export function squareCodePng(text: string): Buffer {
  const { side, at } = squareCode(text);
  const rows = Buffer.alloc(side * (side + 1));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) rows[y * (side + 1) + 1 + x] = at(x, y);
  return png(side, side, rows);
}
