import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { makeTiff } from '../../testing/tiff-maker.ts';
import { makeWebp } from '../../testing/webp-maker.ts';
import { defaultPolicy, disarm, quarantine, type Disarmed } from '../index.ts';
import { readPng } from '../../testing/read-png.ts';

async function rebuilt(bytes: Uint8Array): Promise<Disarmed> {
  const verdict = await disarm(quarantine(bytes), defaultPolicy);
  if (!verdict.ok) throw new Error(`${verdict.reason} ${verdict.detail ?? ''}`);
  return verdict.value;
}

/** Eight by two, the left half white: one byte a row where bits are packed. */
const BITS = Uint8Array.of(0xf0, 0xf0);

const ROW = [255, 255, 255, 255, 0, 0, 0, 0];

describe('TIFF', () => {
  it('of every usual compression shows the same pixels', async () => {
    const packBits = Uint8Array.of(0xff, 0xf0);
    // Nine-bit codes, most significant bit first: clear, twice 0xf0, end.
    const lzw = Uint8Array.of(0x80, 0x3c, 0x1e, 0x10, 0x10);
    // Four white, four black in horizontal mode; then a row that equals the one above.
    const g4 = Uint8Array.of(0b00110110, 0b11111000);
    const forms = [
      [1, BITS, 1],
      [32773, packBits, 1],
      [5, lzw, 1],
      [8, zlibSync(BITS), 1],
      [4, g4, 0],
    ] as const;
    for (const [compression, data, photometric] of forms) {
      const done = await rebuilt(
        makeTiff([{ width: 8, height: 2, compression, photometric, data }]),
      );
      const { width, height, gray } = readPng(done.safe.bytes);
      expect([compression, width, height, ...gray]).toEqual([compression, 8, 2, ...ROW, ...ROW]);
    }
  });

  it('of several pages becomes a document of as many, and its marks are named', async () => {
    const page = { width: 8, height: 2, compression: 1, photometric: 1, data: BITS };
    const done = await rebuilt(makeTiff([page, page, page], 'made by A'));
    expect(done.safe.extension).toBe('pdf');
    expect(done.report.pages).toHaveLength(3);
    expect(done.report.removed).toMatchObject([
      { kind: 'metadata', details: [{ code: 'tag-program' }] },
    ]);
  });

  it('that claims more pixels than allowed, or runs in circles, is refused', async () => {
    const wide = makeTiff([
      { width: 40_000, height: 40_000, compression: 1, photometric: 1, data: BITS },
    ]);
    expect(await disarm(quarantine(wide), defaultPolicy)).toMatchObject({
      reason: 'too-many-pixels',
    });
    const cut = makeTiff([
      { width: 8, height: 2, compression: 4, photometric: 0, data: BITS },
    ]).subarray(0, 12);
    expect(await disarm(quarantine(cut), defaultPolicy)).toMatchObject({ reason: 'broken' });
  });
});

describe('WebP', () => {
  it('with and without loss becomes a PNG; notes and a tail are named', async () => {
    for (const lossless of [0, 1] as const) {
      const plain = await makeWebp(5, 3, lossless);
      const bytes = new Uint8Array(Buffer.concat([plain, Buffer.from('tail')]));
      const done = await rebuilt(bytes);
      expect(readPng(done.safe.bytes)).toMatchObject({ width: 5, height: 3 });
      expect(done.report.removed.map(({ kind }) => kind)).toEqual(['appended-data']);
    }
  });

  it('cut off is refused', async () => {
    const bytes = (await makeWebp(5, 3, 0)).subarray(0, 30);
    expect(await disarm(quarantine(bytes), defaultPolicy)).toMatchObject({ reason: 'broken' });
  });
});

describe('pictures that we do not read', () => {
  it('are refused with what to ask for', async () => {
    const heic = Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'latin1');
    expect(await disarm(quarantine(new Uint8Array(heic)), defaultPolicy)).toMatchObject({
      reason: 'unsupported',
      detail: expect.stringContaining('JPEG') as string,
    });
  });
});
