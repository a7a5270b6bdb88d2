import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zlib } from './deflate.ts';

const runs = process.env['SLOW'] === '1' ? 20_000 : 200;

/** Bytes with runs, repeats and noise in turn. */
const arbitraryBytes = fc
  .array(
    fc.record({
      bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }),
      times: fc.integer({ min: 1, max: 40 }),
    }),
    { maxLength: 12 },
  )
  .map((parts) =>
    Uint8Array.from(
      parts.flatMap(({ bytes, times }) => Array.from({ length: times }, () => [...bytes]).flat()),
    ),
  );

/** Noise that can be repeated. */
function noise(length: number, letters: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % letters;
  });
}

describe('our deflate', () => {
  it('is read back by another reader, whatever it was given', () => {
    fc.assert(
      fc.property(arbitraryBytes, (bytes) => {
        expect(Buffer.compare(inflateSync(zlib(bytes)), bytes)).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  it('holds at the edges of matches, blocks and windows', () => {
    for (const length of [0, 1, 2, 3, 257, 258, 259, 32_768, 65_535, 65_536, 100_000]) {
      for (const letters of [1, 2, 40, 256]) {
        const bytes = noise(length, letters);
        expect(Buffer.compare(inflateSync(zlib(bytes)), bytes)).toBe(0);
      }
    }
  });

  it('limits the codes of very uneven counts', () => {
    // Counts that grow like Fibonacci's ask for codes longer than the format has.
    const parts: number[] = [];
    for (let symbol = 0, a = 1, b = 1; symbol < 24; symbol++, [a, b] = [b, a + b]) {
      for (let i = 0; i < a && parts.length < 300_000; i++) parts.push(symbol);
    }
    const order = noise(parts.length, 65_536);
    const bytes = Uint8Array.from(
      parts.map((_, i) => parts[((order[i] ?? 0) * 257 + i * 7919) % parts.length] ?? 0),
    );
    expect(Buffer.compare(inflateSync(zlib(bytes)), bytes)).toBe(0);
  });

  it('gives the same bytes whatever was compressed before', () => {
    const bytes = noise(5000, 9);
    const first = zlib(bytes);
    zlib(noise(70_000, 9));
    expect(zlib(bytes)).toEqual(first);
  });

  it('makes noise no longer than its frame asks', () => {
    const bytes = noise(40_000, 256);
    expect(zlib(bytes).length).toBeLessThan(bytes.length + 40);
  });
});
