// A baseline JPEG encoder (ITU-T T.81) of our own: 4:2:0 colour or gray, the standard's Huffman tables, no markers beyond what decoding needs.

import { assert } from '@parley/kernel';

// Annex K quantisation tables, row by row, at quality 50.
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
  47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
  45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

type HuffmanSpec = { readonly counts: readonly number[]; readonly symbols: readonly number[] };
const spec = (counts: string, symbols: string): HuffmanSpec => ({
  counts: [...Buffer.from(counts, 'hex')],
  symbols: [...Buffer.from(symbols, 'hex')],
});

// Annex K.3: the typical tables.
const DC_LUMINANCE = spec('00010501010101010100000000000000', '000102030405060708090a0b');
const DC_CHROMINANCE = spec('00030101010101010101010000000000', '000102030405060708090a0b');
const AC_LUMINANCE = spec(
  '0002010303020403050504040000017d',
  '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
);
const AC_CHROMINANCE = spec(
  '00020102040403040705040400010277',
  '0001020311040521310612415107617113223281081442 91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa'.replaceAll(
    ' ',
    '',
  ),
);

type HuffmanTable = { readonly codes: Uint16Array; readonly sizes: Uint8Array };

function huffmanTable({ counts, symbols }: HuffmanSpec): HuffmanTable {
  const codes = new Uint16Array(256);
  const sizes = new Uint8Array(256);
  let code = 0;
  let at = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) {
      const symbol = symbols[at++] ?? 0;
      codes[symbol] = code++;
      sizes[symbol] = i + 1;
    }
    code <<= 1;
  });
  assert(at === symbols.length, 'a Huffman table whose counts and symbols disagree');
  return { codes, sizes };
}

const TABLES = {
  dc: [huffmanTable(DC_LUMINANCE), huffmanTable(DC_CHROMINANCE)],
  ac: [huffmanTable(AC_LUMINANCE), huffmanTable(AC_CHROMINANCE)],
} as const;

function quantTable(base: readonly number[], quality: number): Uint8Array {
  const scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
  return Uint8Array.from(base, (q) =>
    Math.min(255, Math.max(1, Math.floor((q * scale + 50) / 100))),
  );
}

/** 1 / (8 * quantiser * AAN row scale * AAN column scale): folds the DCT's scaling into quantisation. */
function divisors(quant: Uint8Array): Float64Array {
  const aan = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379];
  return Float64Array.from(quant, (q, i) => {
    return 1 / (q * (aan[i >> 3] ?? 1) * (aan[i & 7] ?? 1) * 8);
  });
}

/** Eight values at `at`, `at + step`...: the AAN forward DCT, in place, scaled. */
function transform(d: Float64Array, at: number, step: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const d0 = d[at] as number;
  const d1 = d[i1] as number;
  const d2 = d[i2] as number;
  const d3 = d[i3] as number;
  const d4 = d[i4] as number;
  const d5 = d[i5] as number;
  const d6 = d[i6] as number;
  const d7 = d[i7] as number;
  const t0 = d0 + d7;
  const t7 = d0 - d7;
  const t1 = d1 + d6;
  const t6 = d1 - d6;
  const t2 = d2 + d5;
  const t5 = d2 - d5;
  const t3 = d3 + d4;
  const t4 = d3 - d4;
  const e0 = t0 + t3;
  const e3 = t0 - t3;
  const e1 = t1 + t2;
  const e2 = t1 - t2;
  d[at] = e0 + e1;
  d[i4] = e0 - e1;
  const z1 = (e2 + e3) * Math.SQRT1_2;
  d[i2] = e3 + z1;
  d[i6] = e3 - z1;
  const o0 = t4 + t5;
  const o1 = t5 + t6;
  const o2 = t6 + t7;
  const z5 = (o0 - o2) * 0.382683433;
  const z2 = 0.5411961 * o0 + z5;
  const z4 = 1.306562965 * o2 + z5;
  const z3 = o1 * Math.SQRT1_2;
  const z11 = t7 + z3;
  const z13 = t7 - z3;
  d[i5] = z13 + z2;
  d[i3] = z13 - z2;
  d[i1] = z11 + z4;
  d[i7] = z11 - z4;
}

class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #bits = 0;
  #count = 0;

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(this.#bytes.length * 2 + count);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  raw(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** At most 16 bits a call. */
  bits(value: number, size: number): void {
    this.#bits = (this.#bits << size) | value;
    this.#count += size;
    this.#reserve(8);
    while (this.#count >= 8) {
      const byte = (this.#bits >> (this.#count - 8)) & 255;
      this.#bytes[this.#length++] = byte;
      if (byte === 255) this.#bytes[this.#length++] = 0;
      this.#count -= 8;
    }
    this.#bits &= (1 << this.#count) - 1;
  }

  flush(): void {
    if (this.#count > 0) this.bits((1 << (8 - this.#count)) - 1, 8 - this.#count);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

type Plane = { readonly data: Uint8Array; readonly stride: number };

/** One 8x8 block: transform, quantise, code. Returns its DC value, which the next block is coded against. */
function block(
  out: BitWriter,
  plane: Plane,
  x: number,
  y: number,
  scratch: Float64Array,
  divide: Float64Array,
  dcBefore: number,
  dc: HuffmanTable,
  ac: HuffmanTable,
): number {
  for (let row = 0; row < 8; row++) {
    const from = (y + row) * plane.stride + x;
    for (let column = 0; column < 8; column++) {
      scratch[row * 8 + column] = (plane.data[from + column] as number) - 128;
    }
  }
  for (let row = 0; row < 8; row++) transform(scratch, row * 8, 1);
  for (let column = 0; column < 8; column++) transform(scratch, column, 8);
  for (let i = 0; i < 64; i++) {
    const value = (scratch[i] as number) * (divide[i] as number);
    scratch[i] = value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5);
  }
  const emit = (value: number, table: HuffmanTable, run: number): void => {
    const size = 32 - Math.clz32(Math.abs(value));
    const symbol = (run << 4) | size;
    out.bits(table.codes[symbol] as number, table.sizes[symbol] as number);
    if (size > 0) out.bits(value < 0 ? value + (1 << size) - 1 : value, size);
  };
  const dcValue = scratch[0] as number;
  emit(dcValue - dcBefore, dc, 0);
  let run = 0;
  for (let k = 1; k < 64; k++) {
    const value = scratch[ZIGZAG[k] as number] as number;
    if (value === 0) {
      run++;
      continue;
    }
    while (run > 15) {
      out.bits(ac.codes[0xf0] as number, ac.sizes[0xf0] as number);
      run -= 16;
    }
    emit(value, ac, run);
    run = 0;
  }
  if (run > 0) out.bits(ac.codes[0] as number, ac.sizes[0] as number);
  return dcValue;
}

const up = (value: number, to: number): number => Math.ceil(value / to) * to;

function grayPlane(pixels: Uint8Array, width: number, height: number): Plane {
  const stride = up(width, 8);
  const data = new Uint8Array(stride * up(height, 8));
  for (let y = 0; y < data.length / stride; y++) {
    const from = Math.min(y, height - 1) * width;
    for (let x = 0; x < stride; x++) {
      data[y * stride + x] = pixels[from + Math.min(x, width - 1)] as number;
    }
  }
  return { data, stride };
}

/** Y at full size, Cb and Cr at half size both ways, edges repeated to whole 16x16 units. */
function colorPlanes(pixels: Uint8Array, width: number, height: number): [Plane, Plane, Plane] {
  const stride = up(width, 16);
  const rows = up(height, 16);
  const luma = new Uint8Array(stride * rows);
  const half = stride / 2;
  const blue = new Uint8Array(half * (rows / 2));
  const red = new Uint8Array(half * (rows / 2));
  for (let y = 0; y < rows; y += 2) {
    for (let x = 0; x < stride; x += 2) {
      let cb = 0;
      let cr = 0;
      for (let k = 0; k < 4; k++) {
        const px = x + (k & 1);
        const py = y + (k >> 1);
        const at = (Math.min(py, height - 1) * width + Math.min(px, width - 1)) * 3;
        const r = pixels[at] as number;
        const g = pixels[at + 1] as number;
        const b = pixels[at + 2] as number;
        luma[py * stride + px] = 0.299 * r + 0.587 * g + 0.114 * b + 0.5;
        cb += -0.168735892 * r - 0.331264108 * g + 0.5 * b;
        cr += 0.5 * r - 0.418687589 * g - 0.081312411 * b;
      }
      const at = (y / 2) * half + x / 2;
      blue[at] = Math.min(255, cb / 4 + 128.5);
      red[at] = Math.min(255, cr / 4 + 128.5);
    }
  }
  return [
    { data: luma, stride },
    { data: blue, stride: half },
    { data: red, stride: half },
  ];
}

function segment(out: BitWriter, marker: number, body: readonly number[]): void {
  const length = body.length + 2;
  out.raw([0xff, marker, length >> 8, length & 255, ...body]);
}

/** Interleaved 8-bit RGB or gray in, a JFIF file out. Same pixels and quality, same bytes. Sides are at most 65,535. */
export function writeJpeg(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
  quality = 82,
): Uint8Array {
  assert(pixels.length === width * height * channels, 'pixels do not fill the picture');
  assert(width <= 65_535 && height <= 65_535, 'a picture too large for JPEG');
  const quants = [quantTable(LUMINANCE, quality), quantTable(CHROMINANCE, quality)] as const;
  const out = new BitWriter();
  out.raw([0xff, 0xd8]);
  segment(out, 0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  const used = channels === 1 ? 1 : 2;
  for (let i = 0; i < used; i++) {
    segment(out, 0xdb, [i, ...ZIGZAG.map((at) => quants[i as 0 | 1][at] as number)]);
  }
  const parts =
    channels === 1
      ? [[1, 0x11, 0]]
      : [
          [1, 0x22, 0],
          [2, 0x11, 1],
          [3, 0x11, 1],
        ];
  segment(out, 0xc0, [
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    channels,
    ...parts.flat(),
  ]);
  const specs = [
    [0x00, DC_LUMINANCE],
    [0x10, AC_LUMINANCE],
    [0x01, DC_CHROMINANCE],
    [0x11, AC_CHROMINANCE],
  ] as const;
  for (const [id, { counts, symbols }] of specs.slice(0, used * 2)) {
    segment(out, 0xc4, [id, ...counts, ...symbols]);
  }
  const scan = channels === 1 ? [1, 0x00] : [1, 0x00, 2, 0x11, 3, 0x11];
  segment(out, 0xda, [channels, ...scan, 0, 63, 0]);
  const scratch = new Float64Array(64);
  const divide = [divisors(quants[0]), divisors(quants[1])] as const;
  const before = [0, 0, 0];
  const code = (plane: Plane, x: number, y: number, component: 0 | 1 | 2): void => {
    const table = component === 0 ? 0 : 1;
    before[component] = block(
      out,
      plane,
      x,
      y,
      scratch,
      divide[table],
      before[component] ?? 0,
      TABLES.dc[table],
      TABLES.ac[table],
    );
  };
  if (channels === 1) {
    const plane = grayPlane(pixels, width, height);
    for (let y = 0; y < height; y += 8) {
      for (let x = 0; x < width; x += 8) code(plane, x, y, 0);
    }
  } else {
    const [luma, blue, red] = colorPlanes(pixels, width, height);
    for (let y = 0; y < height; y += 16) {
      for (let x = 0; x < width; x += 16) {
        code(luma, x, y, 0);
        code(luma, x + 8, y, 0);
        code(luma, x, y + 8, 0);
        code(luma, x + 8, y + 8, 0);
        code(blue, x / 2, y / 2, 1);
        code(red, x / 2, y / 2, 2);
      }
    }
  }
  out.flush();
  out.raw([0xff, 0xd9]);
  return out.finish();
}
