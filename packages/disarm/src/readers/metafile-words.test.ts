import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { metafileOf } from '../../testing/drawing-maker.ts';
import { metafileWords } from './metafile-words.ts';

const runs = process.env['SLOW'] === '1' ? 20_000 : 300;

it('the words of a metafile stand in lines; pieces that touch are one word, columns are parted', () => {
  const drawn = metafileOf(
    { text: 'Art', x: 0, y: 0 },
    { text: 'icle', x: 30, y: 0 },
    { text: 'one', x: 80, y: 0 },
    { text: '7', x: 300, y: 0 },
    { text: 'second line', x: 0, y: 20 },
    { text: ' ', x: 0, y: 40 },
  );
  expect(metafileWords(drawn)).toEqual(['Article one | 7', 'second line']);
});

it('the older kind of metafile is read too', () => {
  const record = (type: number, ...values: number[]): number[] => [
    values.length + 3,
    0,
    type,
    ...values,
  ];
  const letters = (text: string): number[] =>
    text.match(/../g)?.map((two) => two.charCodeAt(0) | (two.charCodeAt(1) << 8)) ?? [];
  const head = [1, 9, 0x0300, 0, 0, 0, 0, 0, 0];
  const shorts = [
    ...head,
    ...record(0x0a_32, 5, 7, 4, 0, ...letters('seal'), 1, 1, 1, 1),
    ...record(0x05_21, 6, ...letters('treaty'), 50, 7),
    ...record(0),
  ];
  expect(metafileWords(new Uint8Array(Uint16Array.from(shorts).buffer))).toEqual([
    'seal',
    'treaty',
  ]);
});

it('glyph numbers say nothing, and counts that lie give nothing', () => {
  const honest = metafileOf({ text: 'words', x: 0, y: 0 });
  const with32 = (at: number, value: number): Uint8Array => {
    const bytes = honest.slice();
    new DataView(bytes.buffer).setUint32(108 + at, value, true);
    return bytes;
  };
  expect(metafileWords(honest)).toEqual(['words']);
  for (const [at, value] of [
    [52, 0x10],
    [44, 0x7fff_ffff],
    [44, 5000],
    [48, 0xffff_ff00],
    [4, 4],
    [4, 0xffff_ffff],
  ] as const)
    expect(metafileWords(with32(at, value))).toEqual([]);
  expect(metafileWords(with32(72, 0xffff_fff0))).toEqual(['words']);
  expect(metafileWords(new Uint8Array(0))).toEqual([]);
});

it('a million texts end at the limit', () => {
  const one = { text: 'x'.repeat(90), x: 0, y: 0 };
  const many = metafileOf(...Array.from({ length: 5000 }, (_, y) => ({ ...one, y: 100 * y })));
  const words = metafileWords(many).join('');
  expect(words.length).toBeLessThan(21_000);
  expect(words.length).toBeGreaterThan(19_000);
});

it('no bytes make it throw', () => {
  const seed = metafileOf({ text: 'Art', x: 0, y: 0 }, { text: 'icle', x: 30, y: 0 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { maxLength: 12 }),
      fc.nat(seed.length),
      (edits, length) => {
        const bytes = seed.slice(0, length);
        for (const [at, value] of edits) if (at >= 8 && at < length) bytes[at] = value;
        for (const line of metafileWords(bytes)) expect(line).not.toBe('');
      },
    ),
    { numRuns: runs },
  );
});
