// Padding: it comes off again, hides lengths, costs little, and has one form.

import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { pad, padmeLength, unpad } from './index.ts';

test('lengths of the paper', () => {
  const lengths = [0, 1, 2, 8, 9, 10, 100, 1_000, 8_192, 8_193, 1_000_000];
  expect(lengths.map(padmeLength)).toEqual([
    0, 1, 2, 8, 10, 10, 104, 1_024, 8_192, 8_704, 1_015_808,
  ]);
});

describe('padded content', () => {
  const content = fc.uint8Array({ maxLength: 3_000 });
  const floor = fc.constantFrom(0, 1, 64, 1_024, 8_192);

  test('comes back, in at most 12 % more above the floor', () => {
    fc.assert(
      fc.property(content, floor, (bytes, least) => {
        const padded = pad(bytes, least);
        expect(unpad(padded, least)).toEqual({ ok: true, value: bytes });
        expect(padded.length).toBeGreaterThanOrEqual(least);
        const needed = Math.max(bytes.length + 1, least);
        expect(padded.length).toBeLessThanOrEqual(Math.max(Math.ceil(needed * 1.12), 10));
      }),
    );
  });

  test('is refused with one byte more or less, or under another floor', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        const padded = pad(bytes, 64);
        expect(unpad(padded.subarray(0, -1), 64).ok).toBe(false);
        expect(unpad(Uint8Array.of(...padded, 0), 64).ok).toBe(false);
      }),
    );
    expect(unpad(pad(new Uint8Array(3), 64), 128)).toMatchObject({ reason: 'bad-padding' });
    expect(unpad(new Uint8Array(64), 64)).toMatchObject({ reason: 'bad-padding' });
    expect(unpad(new Uint8Array(0), 0)).toMatchObject({ reason: 'bad-padding' });
    expect(unpad(new Uint8Array(64).fill(1), 64)).toMatchObject({ reason: 'bad-padding' });
  });

  test('of every length up to 4,095 shows fewer than 110 lengths', () => {
    const seen = new Set(Array.from({ length: 4_096 }, (_, n) => padmeLength(n)));
    expect(seen.size).toBeLessThan(110);
  });
});
