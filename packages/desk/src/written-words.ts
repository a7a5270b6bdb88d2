// Twelve words from a letter: in whichever language they were written, compared by their numbers.

import { indexOfWord, WORD_LANGUAGES } from '@parley/channel';

export type WrittenWords =
  | { readonly kind: 'same' }
  /** Places from 1 at which the words are others; of the language in which most of them agree. */
  | { readonly kind: 'other'; readonly places: readonly number[] }
  | { readonly kind: 'unreadable'; readonly why: string };

const TEXT_MAX_LETTERS = 500;
const NUMBER = /^[1-9][0-9]{0,3}$/;

/** Chinese is written without spaces: then each letter is a word. */
function split(text: string): string[] {
  const words = text
    .trim()
    .split(/[\s,.;]+/u)
    .filter((word) => word !== '');
  const [only] = words;
  return words.length === 1 && only !== undefined ? Array.from(only) : words;
}

/** Compares a letter's words with the numbers (0 to 2047) they should have. The words may be their numbers from 1. */
export function readWords(text: string, expected: readonly number[]): WrittenWords {
  const words = text.length > TEXT_MAX_LETTERS ? [] : split(text);
  if (words.length !== expected.length) {
    const why = `There are ${words.length} words, not ${expected.length}.`;
    return { kind: 'unreadable', why };
  }
  const readings: (readonly (number | undefined)[])[] = WORD_LANGUAGES.map((language) =>
    words.map((word) => indexOfWord(word, language)),
  );
  readings.push(words.map((word) => (NUMBER.test(word) ? Number(word) - 1 : undefined)));
  const whole = readings.filter((reading) => reading.every((index) => index !== undefined));
  if (whole.length === 0) {
    // The language that knows most of them says which word it does not know.
    const closest = readings.reduce((best, reading) =>
      known(reading) > known(best) ? reading : best,
    );
    const at = closest.indexOf(undefined);
    return { kind: 'unreadable', why: `Word number ${at + 1} is in none of the lists.` };
  }
  const differing = whole.map((reading) =>
    reading.flatMap((index, i) => (index === expected[i] ? [] : [i + 1])),
  );
  const least = differing.reduce((best, one) => (one.length < best.length ? one : best));
  return least.length === 0 ? { kind: 'same' } : { kind: 'other', places: least };
}

const known = (reading: readonly (number | undefined)[]): number =>
  reading.filter((index) => index !== undefined).length;
