import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlank, likeness, pooled, type Raster } from './raster.ts';

const arbitraryRaster = (width: number, height: number): fc.Arbitrary<Raster> =>
  fc
    .uint8Array({ minLength: 4 * width * height, maxLength: 4 * width * height })
    .map((bgrx) => ({ width, height, bgrx }));

const plain = (width: number, height: number, value: number): Raster => ({
  width,
  height,
  bgrx: new Uint8Array(4 * width * height).fill(value),
});

describe('how alike two pages look', () => {
  it('is everything for the same pixels, and the same from both sides', () => {
    fc.assert(
      fc.property(arbitraryRaster(17, 24), arbitraryRaster(17, 24), (a, b) => {
        expect(likeness(a, a)).toBe(1000);
        expect(likeness(a, b)).toBe(likeness(b, a));
        expect(likeness(a, b)).toBeLessThan(1000);
      }),
      { numRuns: 50 },
    );
  });

  it('falls with every window that differs', () => {
    const before = plain(80, 80, 255);
    const after = { ...before, bgrx: before.bgrx.slice() };
    let last = likeness(before, after);
    for (let window = 0; window < 5; window++) {
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 4; x++) {
          after.bgrx.fill(0, 4 * (80 * y + 16 * window + x), 4 * (80 * y + 16 * window + x + 1));
        }
      }
      const now = likeness(before, after);
      expect(now).toBeLessThan(last);
      last = now;
    }
  });

  it('is not changed by pooling what is plain, and pooling keeps the mean', () => {
    expect(pooled(plain(30, 21, 77), 3)).toEqual(plain(10, 7, 77));
    const { width, height, bgrx } = pooled(
      {
        width: 2,
        height: 2,
        bgrx: Uint8Array.of(0, 0, 0, 255, 255, 0, 0, 255, 0, 255, 0, 255, 255, 255, 0, 255),
      },
      2,
    );
    expect([width, height, ...bgrx]).toEqual([1, 1, 128, 128, 0, 255]);
  });
});

describe('pooling', () => {
  it('gives the mean of each square and colour, whatever they are', () => {
    fc.assert(
      fc.property(arbitraryRaster(11, 8), fc.constantFrom(1, 2, 3), (raster, side) => {
        const { width, height, bgrx } = pooled(raster, side);
        const mean = (x: number, y: number, c: number): number => {
          let sum = 0;
          for (let j = 0; j < side * side; j++) {
            const at = 11 * (y * side + Math.floor(j / side)) + x * side + (j % side);
            sum += raster.bgrx[4 * at + c] ?? Number.NaN;
          }
          return Math.round(sum / (side * side));
        };
        const expected = Array.from({ length: 4 * width * height }, (_, i) =>
          mean((i >> 2) % width, Math.floor((i >> 2) / width), i & 3),
        );
        expect([...bgrx]).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a blank area', () => {
  it('has one colour, or lies outside the page', () => {
    const page = plain(20, 20, 255);
    expect(isBlank(page, 0, 0, 20, 20)).toBe(true);
    expect(isBlank(page, 30, 30, 40, 40)).toBe(true);
    page.bgrx[4 * (20 * 10 + 10)] = 0;
    expect(isBlank(page, 0, 0, 20, 20)).toBe(false);
    expect(isBlank(page, 0, 0, 9, 9)).toBe(true);
  });

  it.each([0, 1, 2])('forgives five steps of colour %i and no sixth', (colour) => {
    const page = plain(8, 8, 100);
    for (const [value, blank] of [
      [105, true],
      [95, true],
      [106, false],
      [94, false],
    ] as const) {
      page.bgrx[4 * 30 + colour] = value;
      expect([value, isBlank(page, 0, 0, 8, 8)]).toEqual([value, blank]);
    }
  });
});
