// Word lists of the ceremony: each side reads its own language aloud; the index is what is compared.

import { assert } from '@parley/kernel';
import { wordlist as czech } from '@scure/bip39/wordlists/czech.js';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { wordlist as italian } from '@scure/bip39/wordlists/italian.js';
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js';
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js';
import { wordlist as portuguese } from '@scure/bip39/wordlists/portuguese.js';
import { wordlist as simplifiedChinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import { wordlist as traditionalChinese } from '@scure/bip39/wordlists/traditional-chinese.js';

const LISTS = {
  cs: czech,
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  ja: japanese,
  ko: korean,
  pt: portuguese,
  'zh-Hans': simplifiedChinese,
  'zh-Hant': traditionalChinese,
} as const;

/** BCP 47 tags of the lists there are. */
export type WordLanguage = keyof typeof LISTS;
export const WORD_LANGUAGES = Object.keys(LISTS) as readonly WordLanguage[];

/** The words for indexes 0..2047. */
export function wordsFor(indexes: readonly number[], language: WordLanguage): readonly string[] {
  return indexes.map((index) => {
    const word = LISTS[language][index];
    assert(word !== undefined, `no word ${index}`);
    return word;
  });
}

const indexes = new Map<WordLanguage, ReadonlyMap<string, number>>();

/** The words of a list by their letters alone, made when somebody first types one. */
function indexOf(language: WordLanguage): ReadonlyMap<string, number> {
  const made =
    indexes.get(language) ?? new Map(LISTS[language].map((word, i) => [word.normalize('NFKD'), i]));
  indexes.set(language, made);
  return made;
}

/** The index of a word a person typed, in any case and Unicode form; undefined if the list has no such word. */
export function indexOfWord(word: string, language: WordLanguage): number | undefined {
  return indexOf(language).get(word.trim().normalize('NFKD').toLowerCase());
}
