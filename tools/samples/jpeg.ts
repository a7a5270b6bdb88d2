// A baseline JPEG encoder for one small picture (ITU-T T.81), and the picture: a harbour with EXIF that says where.

import { be16, join, latin1 } from './bytes.ts';
import { exif } from './exif.ts';

const WIDTH = 160;
const HEIGHT = 112;

// cos(k * pi / 16) for k = 0..7, written out (SQRT1_2 is a constant) so that every machine multiplies the same numbers.
const COSINES = [
  1,
  0.9807852804032304,
  0.9238795325112867,
  0.8314696123025452,
  Math.SQRT1_2,
  0.5555702330196022,
  0.3826834323650898,
  0.19509032201612825,
];

/** cos((2x + 1) * u * pi / 16), by symmetry from the eight constants. */
function basis(x: number, u: number): number {
  const angle = ((2 * x + 1) * u) % 32;
  const folded = angle > 16 ? 32 - angle : angle;
  if (folded === 8) return 0;
  return folded < 8 ? (COSINES[folded] ?? 0) : -(COSINES[16 - folded] ?? 0);
}

// Table K.1, halved: about quality 75.
const QUANTA = [
  8, 6, 5, 8, 12, 20, 26, 31, 6, 6, 7, 10, 13, 29, 30, 28, 7, 7, 8, 12, 20, 29, 35, 28, 7, 9, 11,
  15, 26, 44, 40, 31, 9, 11, 19, 28, 34, 55, 52, 39, 12, 18, 28, 32, 41, 52, 57, 46, 25, 32, 39, 44,
  52, 61, 60, 51, 36, 46, 48, 49, 56, 50, 52, 50,
];

const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
  45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

type HuffmanTable = { readonly counts: readonly number[]; readonly symbols: readonly number[] };

// Tables K.3 and K.5, the luminance ones.
const DC: HuffmanTable = {
  counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
  symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const AC: HuffmanTable = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
  symbols: [
    ...Buffer.from(
      '0102030004110512213141061351610722711432819' +
        '1a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a' +
        '535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4' +
        'a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9ea' +
        'f1f2f3f4f5f6f7f8f9fa',
      'hex',
    ),
  ],
};

/** Annex C: codes in order of length. */
function codesOf({ counts, symbols }: HuffmanTable): Map<number, { code: number; length: number }> {
  const codes = new Map<number, { code: number; length: number }>();
  let code = 0;
  let next = 0;
  for (const [index, count] of counts.entries()) {
    for (let i = 0; i < count; i++)
      codes.set(symbols[next++] ?? 0, { code: code++, length: index + 1 });
    code <<= 1;
  }
  return codes;
}

/** Bits from the left, with a zero after every 0xff and ones at the end (sections F.1.2.3 and B.1.1.5). */
class Bits {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  put(value: number, length: number): void {
    for (let bit = length - 1; bit >= 0; bit--) {
      this.#held = (this.#held << 1) | ((value >> bit) & 1);
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#held);
      if (this.#held === 0xff) this.#bytes.push(0);
      this.#held = 0;
      this.#count = 0;
    }
  }

  finish(): Uint8Array {
    if (this.#count > 0) this.put(0xff, 8 - this.#count);
    return Uint8Array.from(this.#bytes);
  }
}

/** Sky, sun, sea with waves, a quay. Grey values, and nothing but arithmetic every machine does alike. */
function greyAt(x: number, y: number): number {
  const sun = (x - 116) * (x - 116) + (y - 30) * (y - 30);
  if (sun < 144) return 250;
  if (y < 64) return 205 - y;
  const isHull = y > 66 && y < 76 && x > 30 + (y - 66) && x < 84 - (y - 66);
  if (isHull || (x > 54 && x < 57 && y > 40 && y <= 66)) return 40;
  if (y > 98) return 70 + ((x >> 3) & 1) * 18;
  return 120 + ((x + y * 5) % 24) - ((y - 64) >> 1);
}

function coefficients(left: number, top: number): number[] {
  const out: number[] = [];
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 8; x++)
          sum += (greyAt(left + x, top + y) - 128) * basis(x, u) * basis(y, v);
      const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1) * 0.25;
      out.push(Math.round((sum * scale) / (QUANTA[v * 8 + u] ?? 1)));
    }
  return ZIGZAG.map((index) => out[index] ?? 0);
}

function scan(): Uint8Array {
  const dc = codesOf(DC);
  const ac = codesOf(AC);
  const bits = new Bits();
  const put = (codes: typeof dc, symbol: number): void => {
    const { code, length } = codes.get(symbol) ?? { code: 0, length: 0 };
    bits.put(code, length);
  };
  const putValue = (value: number, size: number): void =>
    bits.put(value < 0 ? value + (1 << size) - 1 : value, size);
  const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));
  let previous = 0;
  for (let top = 0; top < HEIGHT; top += 8)
    for (let left = 0; left < WIDTH; left += 8) {
      const [first = 0, ...rest] = coefficients(left, top);
      put(dc, sizeOf(first - previous));
      putValue(first - previous, sizeOf(first - previous));
      previous = first;
      const last = rest.findLastIndex((value) => value !== 0);
      let zeros = 0;
      for (const value of rest.slice(0, last + 1)) {
        if (value === 0) {
          zeros++;
          continue;
        }
        for (; zeros > 15; zeros -= 16) put(ac, 0xf0);
        put(ac, (zeros << 4) | sizeOf(value));
        putValue(value, sizeOf(value));
        zeros = 0;
      }
      if (last < 62) put(ac, 0);
    }
  return bits.finish();
}

function segment(marker: number, data: Uint8Array): Uint8Array {
  return join(Uint8Array.of(0xff, marker), be16(data.length + 2), data);
}

/** A grey JPEG with EXIF (owner, time, GPS), a comment, and bytes after its end. */
export function jpegWithGps(): Uint8Array {
  const table = (id: number, { counts, symbols }: HuffmanTable): Uint8Array =>
    join(Uint8Array.of(id, ...counts, ...symbols));
  return join(
    Uint8Array.of(0xff, 0xd8),
    segment(0xe0, join('JFIF\0', Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0))),
    segment(0xe1, join('Exif\0\0', exif())),
    segment(0xfe, latin1('Taken from room 412 of the delegation hotel')),
    segment(
      0xdb,
      join(Uint8Array.of(0), Uint8Array.from(ZIGZAG.map((index) => QUANTA[index] ?? 1))),
    ),
    segment(0xc0, join(Uint8Array.of(8), be16(HEIGHT), be16(WIDTH), Uint8Array.of(1, 1, 0x11, 0))),
    segment(0xc4, join(table(0x00, DC), table(0x10, AC))),
    segment(0xda, Uint8Array.of(1, 1, 0x00, 0, 63, 0)),
    scan(),
    Uint8Array.of(0xff, 0xd9),
    latin1('Bytes after the end of the picture.'),
  );
}
