// EXIF bytes (TIFF in little endian, Exif 2.3): who took a picture, with what, when and where.

import { join, latin1, le16, le32 } from './bytes.ts';

const ASCII = 2;
const LONG = 4;
const RATIONAL = 5;

type Field = { readonly tag: number; readonly type: number; readonly data: Uint8Array };

const SIZES: Readonly<Record<number, number>> = { [ASCII]: 1, [LONG]: 4, [RATIONAL]: 8 };

function ascii(tag: number, text: string): Field {
  return { tag, type: ASCII, data: latin1(`${text}\0`) };
}

function degrees(tag: number, parts: readonly [number, number, number]): Field {
  return { tag, type: RATIONAL, data: join(...parts.map((part) => join(le32(part), le32(1)))) };
}

/** A directory at `offset`, its longer values right after it. */
function directory(fields: readonly Field[], offset: number): Uint8Array {
  const entries: Uint8Array[] = [];
  const values: Uint8Array[] = [];
  let at = offset + 2 + fields.length * 12 + 4;
  for (const { tag, type, data } of fields) {
    const count = data.length / (SIZES[type] ?? 1);
    const isLong = data.length > 4;
    const inline = isLong ? le32(at) : join(data, new Uint8Array(4 - data.length));
    entries.push(join(le16(tag), le16(type), le32(count), inline));
    if (!isLong) continue;
    const padded = data.length % 2 === 0 ? data : join(data, Uint8Array.of(0));
    values.push(padded);
    at += padded.length;
  }
  return join(le16(fields.length), ...entries, le32(0), ...values);
}

/** A TIFF block that names a camera, its owner, a time, and a place in the open sea. */
export function exif(): Uint8Array {
  const names = [
    ascii(0x010f, 'Sample Camera Works'),
    ascii(0x0110, 'Model 7'),
    ascii(0x0132, '2026:11:01 09:00:00'),
    ascii(0x013b, 'Ana Example'),
  ];
  const gpsField = (offset: number): Field => ({ tag: 0x8825, type: LONG, data: le32(offset) });
  // The length does not depend on where the second directory stands, so it can be measured first.
  const gpsOffset = 8 + directory([...names, gpsField(0)], 8).length;
  const gps = [
    ascii(0x0001, 'S'),
    degrees(0x0002, [48, 52, 32]),
    ascii(0x0003, 'W'),
    degrees(0x0004, [123, 23, 33]),
  ];
  return join(
    'II*\0',
    le32(8),
    directory([...names, gpsField(gpsOffset)], 8),
    directory(gps, gpsOffset),
  );
}
