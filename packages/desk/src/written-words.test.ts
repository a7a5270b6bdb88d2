// Twelve words from a letter are read in whichever language they came, and what is not them is named.

import { describe, expect, test } from 'vitest';
import { WORD_LANGUAGES, wordsFor } from '@parley/channel';
import { readWords } from './written-words.ts';

const EXPECTED = [0, 2047, 5, 77, 1024, 3, 900, 1500, 12, 64, 2000, 333];

describe.each(WORD_LANGUAGES)('a letter in %s', (language) => {
  const words = wordsFor(EXPECTED, language);

  test('is read, in another case and with other spaces too', () => {
    expect(readWords(words.join(' '), EXPECTED)).toEqual({ kind: 'same' });
    expect(readWords(`\n${words.join('\u3000').toUpperCase()}. `, EXPECTED)).toEqual({
      kind: 'same',
    });
  });

  test('with two words exchanged names their places', () => {
    const swapped = [...words.slice(0, 10), words[11], words[10]].join(' ');
    expect(readWords(swapped, EXPECTED)).toEqual({ kind: 'other', places: [11, 12] });
  });
});

test('Chinese needs no spaces, and numbers do for words', () => {
  expect(readWords(wordsFor(EXPECTED, 'zh-Hant').join(''), EXPECTED)).toEqual({ kind: 'same' });
  const numbers = EXPECTED.map((index) => index + 1).join(' ');
  expect(readWords(numbers, EXPECTED)).toEqual({ kind: 'same' });
});

test('what is not twelve words of one language is said, not compared', () => {
  const english = wordsFor(EXPECTED, 'en');
  const korean = wordsFor(EXPECTED, 'ko');
  expect(readWords(english.slice(1).join(' '), EXPECTED)).toMatchObject({
    kind: 'unreadable',
    why: 'There are 11 words, not 12.',
  });
  expect(readWords(['zzz', ...english.slice(1)].join(' '), EXPECTED)).toMatchObject({
    kind: 'unreadable',
    why: 'Word number 1 is in none of the lists.',
  });
  const mixed = [...english.slice(0, 6), ...korean.slice(6)].join(' ');
  expect(readWords(mixed, EXPECTED)).toMatchObject({ kind: 'unreadable' });
  expect(readWords('2049 '.repeat(12), EXPECTED)).toMatchObject({ kind: 'other' });
  expect(readWords('a'.repeat(600), EXPECTED)).toMatchObject({ kind: 'unreadable' });
});
