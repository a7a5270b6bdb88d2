import { fc } from '../testing/fuzz.ts';
import { describe, expect, test } from 'vitest';
import { CONFUSABLES, CONFUSABLES_UNICODE_VERSION } from './confusables-table.ts';
import { lookFold } from './skeleton.ts';
import { oddCharacters } from './scripts.ts';
import { visible } from './visible.ts';

describe('the look of a text', () => {
  test('the table is the current one', () => {
    expect(Number.parseInt(CONFUSABLES_UNICODE_VERSION, 10)).toBeGreaterThanOrEqual(17);
    expect(CONFUSABLES.split(',').length).toBeGreaterThan(6000);
  });

  test.each([
    ['mоfа', 'mofa'],
    ['МОFА', 'mofa'],
    ['ｍｏｆａ', 'mofa'],
    ['m\u200bofa', 'mofa'],
    ['mófà', 'mofa'],
    ['𝗺𝗼𝗳𝗮', 'mofa'],
    ['ⅿofa', 'mofa'],
    ['ѕtаtе', 'state'],
    ['ᴍᴏꜰᴀ', 'mofa'],
  ])('%s looks like %s', (written, read) => {
    expect(lookFold(written)).toBe(read);
  });

  test('other letters stay other letters', () => {
    expect(lookFold('김종수')).not.toBe(lookFold('김정수'));
    expect(lookFold('李伟')).not.toBe(lookFold('李玮'));
    expect(lookFold('abc')).toBe('abc');
  });

  test('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(lookFold(lookFold(lookFold(text)))).toBe(lookFold(lookFold(text)));
      }),
    );
  });
});

describe('odd characters', () => {
  test.each([
    ['Kim Jоng', 'foreign-letter', 'о'],
    ['pay\u202efdp.exe', 'direction', '\u202e'],
    ['Ki\u200bm', 'invisible', '\u200b'],
    ['a\u0007b', 'control', '\u0007'],
  ])('%j: %s', (text, kind, marked) => {
    const odd = oddCharacters(text);
    expect(odd.map((one) => one.kind)).toEqual([kind]);
    expect(text.slice(odd[0]?.start, odd[0]?.end)).toBe(marked);
  });

  test.each([
    '김종수 Kim',
    '李伟明 (Li Weiming)',
    'Сергей Волков',
    'أحمد الرشيد',
    'Γιώργος',
    '東京タワー',
    'Zoë Müller',
    'می‌خواهم',
    'Иван (Ivan)',
  ])('%s is ordinary', (text) => {
    expect(oddCharacters(text)).toEqual([]);
  });
});

describe('printing', () => {
  test('nothing of a stranger can start a line, turn it or hide', () => {
    expect(visible('a\r\nb\u001b[2J\u202ec\u200bd')).toBe(
      'a<U+000D><U+000A>b<U+001B>[2J<U+202E>c<U+200B>d',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b]/u);
      }),
    );
  });

  test('long texts are cut', () => {
    expect(visible('x'.repeat(10_000), 50)).toHaveLength(53);
  });
});
