import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFontLetters } from './font-letters.ts';

const short = (...values: number[]): number[] => values.flatMap((v) => [(v >> 8) & 255, v & 255]);
const long = (...values: number[]): number[] => values.flatMap((v) => short(v >>> 16, v & 0xffff));

/** A font of one table: a `cmap` with one map of the given platform and encoding. */
const font = (platform: number, encoding: number, map: readonly number[]): Uint8Array =>
  Uint8Array.from([
    ...long(0x10000),
    ...short(1, 0, 0, 0),
    ...long(0x63_6d_61_70, 0, 28, 12 + map.length),
    ...short(0, 1, platform, encoding),
    ...long(12),
    ...map,
  ]);

/** A to C are glyphs 5 to 7 by a step; X is glyph 9 by a list; then the end. */
const SEGMENTS = [
  ...short(4, 0, 0, 6, 0, 0, 0),
  ...short(67, 88, 0xffff, 0),
  ...short(65, 88, 0xffff),
  ...short((5 - 65) & 0xffff, 0, 1),
  ...short(0, 4, 0),
  ...short(9),
];
const GROUPS = [...short(12, 0), ...long(0, 0, 1), ...long(0x1f600, 0x1f601, 3)];

describe('the letters that a font leads to its glyphs from', () => {
  it('are read from segments and from groups', () => {
    expect([...readFontLetters(font(3, 1, SEGMENTS))]).toEqual([
      [5, 'A'],
      [6, 'B'],
      [7, 'C'],
      [9, 'X'],
    ]);
    expect([...readFontLetters(font(3, 10, GROUPS))]).toEqual([
      [3, '\u{1f600}'],
      [4, '\u{1f601}'],
    ]);
    expect(readFontLetters(font(0, 3, SEGMENTS)).size).toBe(4);
  });

  it.each([
    ['a map of symbols', font(3, 0, SEGMENTS)],
    ['an old code page', font(1, 0, SEGMENTS)],
    ['a map cut off', font(3, 1, SEGMENTS.slice(0, 20))],
    ['groups without end', font(3, 10, [...short(12, 0), ...long(0, 0, 0xffffffff)])],
    ['a format of no kind', font(3, 1, [...short(9, 0), ...long(0, 0, 1)])],
    ['surrogates', font(3, 10, [...short(12, 0), ...long(0, 0, 1), ...long(0xd800, 0xdfff, 3)])],
    ['control codes', font(3, 10, [...short(12, 0), ...long(0, 0, 1), ...long(0, 31, 3)])],
    ['no font', Uint8Array.of(1, 2, 3)],
    ['nothing', new Uint8Array(0)],
  ])('are none in %s', (_, bytes) => {
    expect(readFontLetters(bytes).size).toBe(0);
  });

  it('of a group over every code end at the limit', () => {
    const all = font(3, 10, [...short(12, 0), ...long(0, 0, 1), ...long(0, 0xffffffff, 1)]);
    expect(readFontLetters(all).size).toBeLessThan(200_000);
  });

  it('of any bytes are letters', () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((map) => font(3, 1, [...short(4), ...map]));
    fc.assert(
      fc.property(bytes, (program) => {
        for (const [glyph, letter] of readFontLetters(program)) {
          expect(glyph).toBeGreaterThan(0);
          expect(letter.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: process.env['SLOW'] === '1' ? 100_000 : 200, endOnFailure: true },
    );
  });
});
