// Is this display name that person? Order-free, across alphabets, with titles, initials, hyphens and look-alike letters.

import { lookFold } from '../unicode/skeleton.ts';
import { scriptCounts, scriptOf } from '../unicode/scripts.ts';

export type NameMatch = {
  /** `same`: the same letters. `alike`: other letters that look the same. `near`: one letter off. */
  readonly how: 'same' | 'alike' | 'near';
  /** The spelling of the directory that it matches. */
  readonly known: string;
  /** UTF-16 offsets of the letters that differ in the candidate as given. */
  readonly marks: readonly (readonly [start: number, end: number])[];
};

/** One spelling of a person's name, prepared once. */
export type KnownName = {
  readonly spelling: string;
  /** Matches only where it is the whole display name. */
  readonly whole: boolean;
  /** Every order of its words, written together: plain letters and looks. */
  readonly plain: ReadonlySet<string>;
  readonly looks: ReadonlySet<string>;
  readonly words: number;
  readonly letters: number;
};

const WORDS_MAX = 6;
const CANDIDATE_WORDS_MAX = 12;

// Words before and after a name that are no part of it.
const TITLES = new Set(
  (
    'mr mrs ms miss dr prof professor sir dame lord lady amb ambassador hon honorable honourable he excellency minister ' +
    'president secretary director general gen col colonel capt captain maj major lt sgt cmdr adm admiral deputy vice ' +
    'assistant envoy special representative herr frau monsieur madame mme m sr sra don phd md esq jr ii iii via from ' +
    'office of the on behalf and'
  ).split(' '),
);
const EAST_TITLES =
  /(?:대사|장관|차관|국장|과장|교수|박사|위원장|비서관|보좌관|대표|님|씨|先生|女士|大使|部长|部長|教授|博士|主任|司长|司長|さん|様)+$/u;

type Word = { readonly text: string; readonly start: number; readonly end: number };

function wordsOf(name: string): Word[] {
  const words: Word[] = [];
  // Apostrophes, hyphens and dots inside a word are dropped later; Han and Hangul words may touch.
  for (const match of name.matchAll(
    /[\p{L}\p{M}\p{N}\u200b-\u200f\u2060\u00ad'\u2019\u02bc\u00b7.-]+/gu,
  )) {
    if (!/\p{L}/u.test(match[0])) continue;
    words.push({ text: match[0], start: match.index, end: match.index + match[0].length });
    if (words.length >= CANDIDATE_WORDS_MAX) break;
  }
  return words;
}

const NOT_LETTERS = /[^\p{L}\p{N}]+/gu;

/** Letters alone, case and accents folded, the alphabet kept. */
function plainFold(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(NOT_LETTERS, '')
    .normalize('NFC');
}

/** Looks alone; i and l stand for one another, since a capital I is a small l. */
function lookKey(text: string): string {
  return lookFold(text).replace(NOT_LETTERS, '').replace(/[l1|]/g, 'i').replace(/0/g, 'o');
}

function isEastAsian(text: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+$/u.test(text);
}

function permutations(words: readonly string[]): string[] {
  if (words.length <= 1) return [words.join('')];
  const found: string[] = [];
  for (const [index, word] of words.entries())
    for (const rest of permutations(words.toSpliced(index, 1))) found.push(word + rest);
  return found;
}

/** Prepares a spelling. Single letters (middle initials) are left out; null where nothing is left. */
export function knownName(spelling: string, whole = false): KnownName | null {
  const all = wordsOf(spelling).filter(({ text }) => !TITLES.has(plainFold(text)));
  const long = all.filter(({ text }) => plainFold(text).length > 1 || isEastAsian(text));
  const used = (long.length > 0 ? long : all).slice(0, WORDS_MAX);
  if (used.length === 0) return null;
  const orders = used.length <= 4 ? permutations : (words: readonly string[]) => rotations(words);
  const plain = new Set(orders(used.map(({ text }) => plainFold(text))));
  const looks = new Set(orders(used.map(({ text }) => lookKey(text))));
  return {
    spelling,
    whole,
    plain,
    looks,
    words: used.length,
    letters: Array.from(plain.values().next().value ?? '').length,
  };
}

function rotations(words: readonly string[]): string[] {
  const forward = words.map((_, index) =>
    [...words.slice(index), ...words.slice(0, index)].join(''),
  );
  return [...forward, words.toReversed().join('')];
}

/** Long enough to name one person: two words, or two letters of a script that writes syllables. */
function names(known: KnownName): boolean {
  if (known.whole) return false;
  return known.words >= 2 || (isEastAsian(known.spelling.replace(/\s/g, '')) && known.letters >= 2);
}

function differingMarks(words: readonly Word[], name: string): [number, number][] {
  const marks: [number, number][] = [];
  const start = words[0]?.start ?? 0;
  const end = words.at(-1)?.end ?? name.length;
  const main = [...scriptCounts(name.slice(start, end))].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  let at = start;
  for (const letter of name.slice(start, end)) {
    const script = scriptOf(letter);
    const odd =
      (script !== undefined && script !== main) || /\p{Default_Ignorable_Code_Point}/u.test(letter);
    if (odd) marks.push([at, at + letter.length]);
    at += letter.length;
  }
  return marks.length > 0 ? marks : [[start, end]];
}

/** At most one letter exchanged, left out, put in or two neighbours swapped. Equal texts are not near. */
export function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 4) return false;
  // Most pairs part at both ends, and are told apart without being taken apart.
  if (a.charAt(0) !== b.charAt(0) && a.at(-1) !== b.at(-1) && a.length > 2 && b.length > 2)
    return false;
  const left = Array.from(a);
  const right = Array.from(b);
  if (Math.abs(left.length - right.length) > 1) return false;
  let front = 0;
  while (front < left.length && left[front] === right[front]) front++;
  if (front === left.length && front === right.length) return false;
  let back = 0;
  while (
    back < left.length - front &&
    back < right.length - front &&
    left[left.length - 1 - back] === right[right.length - 1 - back]
  )
    back++;
  const restLeft = left.slice(front, left.length - back);
  const restRight = right.slice(front, right.length - back);
  if (restLeft.length <= 1 && restRight.length <= 1) return true;
  return (
    restLeft.length === 2 &&
    restRight.length === 2 &&
    restLeft[0] === restRight[1] &&
    restLeft[1] === restRight[0]
  );
}

/** Same number of letters, and every difference is a letter of an alphabet foreign to the word. */
function differsInForeignLetters(candidate: string, known: string): boolean {
  const left = Array.from(candidate);
  const right = Array.from(known);
  if (left.length !== right.length) return false;
  const main = [...scriptCounts(known)].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  let differences = 0;
  for (const [index, letter] of left.entries()) {
    if (letter === right[index]) continue;
    if (scriptOf(letter) === main || scriptOf(letter) === undefined) return false;
    differences++;
  }
  return differences > 0 && differences * 2 <= left.length;
}

type Window = {
  readonly words: readonly Word[];
  readonly plain: string;
  readonly letters: number;
  readonly start: number;
  readonly end: number;
  readonly invisible: boolean;
  /** The looks, worked out when first asked for. */
  look: string | null;
};

/** A display name taken apart once, to be compared with many people. */
export type CandidateName = {
  readonly text: string;
  readonly words: number;
  readonly windows: readonly Window[];
};

/** Every run of words that could be a name, the longest first. Titles and initials are left out. */
export function candidateName(given: string): CandidateName {
  const text = given
    .slice(0, 300)
    .replace(/\([^)]*\)|\[[^\]]*\]/gu, (bracket) => ' '.repeat(bracket.length));
  const kept: (Word & { readonly plain: string })[] = [];
  for (const word of wordsOf(text)) {
    const shorter = { ...word, text: word.text.replace(EAST_TITLES, '') || word.text };
    const plain = plainFold(shorter.text);
    if (TITLES.has(plain) || !(plain.length > 1 || isEastAsian(shorter.text))) continue;
    kept.push({ ...shorter, plain });
  }
  const windows: Window[] = [];
  for (let length = Math.min(kept.length, WORDS_MAX + 2); length >= 1; length--)
    for (let first = 0; first + length <= kept.length; first++) {
      const words = kept.slice(first, first + length);
      const plain = words.map((word) => word.plain).join('');
      const [start, end] = [words[0]?.start ?? 0, words.at(-1)?.end ?? 0];
      const invisible = /\p{Default_Ignorable_Code_Point}/u.test(given.slice(start, end));
      windows.push({
        words,
        plain,
        letters: Array.from(plain).length,
        start,
        end,
        invisible,
        look: null,
      });
    }
  return { text: given, words: kept.length, windows };
}

/** Many known names, found by their letters and looks without walking through all of them. */
export type NameIndex<T> = {
  readonly plain: ReadonlyMap<string, readonly Entry<T>[]>;
  readonly looks: ReadonlyMap<string, readonly Entry<T>[]>;
  /** Of looks long enough to be "near": their first and last letters, of which one edit leaves one end alone. */
  readonly ends: ReadonlyMap<string, readonly Entry<T>[]>;
  readonly byLength: ReadonlyMap<number, readonly Entry<T>[]>;
};

type Entry<T> = { readonly known: KnownName; readonly owner: T };

function addTo<K, T>(map: Map<K, Entry<T>[]>, key: K, entry: Entry<T>): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else if (list.at(-1) !== entry) list.push(entry);
}

const END_LETTERS = 4;
const NEAR_LETTERS_MIN = 9;

function endKeys(look: string): readonly string[] {
  return [`^${look.slice(0, END_LETTERS)}`, `${look.slice(-END_LETTERS)}$`];
}

export function nameIndex<T>(entries: readonly Entry<T>[]): NameIndex<T> {
  const plain = new Map<string, Entry<T>[]>();
  const looks = new Map<string, Entry<T>[]>();
  const ends = new Map<string, Entry<T>[]>();
  const byLength = new Map<number, Entry<T>[]>();
  for (const entry of entries) {
    for (const spelling of entry.known.plain) addTo(plain, spelling, entry);
    for (const look of entry.known.looks) {
      addTo(looks, look, entry);
      if (names(entry.known) && entry.known.letters >= NEAR_LETTERS_MIN)
        for (const key of endKeys(look)) addTo(ends, key, entry);
    }
    addTo(byLength, entry.known.letters, entry);
  }
  return { plain, looks, ends, byLength };
}

/** A name of a single given word counts only where it is all there is. */
function fits(window: Window, candidate: CandidateName, known: KnownName): boolean {
  return names(known) || window.words.length === candidate.words;
}

function nearEntry<T>(
  window: Window,
  candidate: CandidateName,
  index: NameIndex<T>,
): { entry: Entry<T>; how: 'alike' | 'near' } | null {
  if (!/^[a-z0-9]*$/.test(window.plain))
    for (const entry of index.byLength.get(window.letters) ?? [])
      if (entry.known.letters >= 4 && fits(window, candidate, entry.known))
        for (const spelling of entry.known.plain)
          if (differsInForeignLetters(window.plain, spelling)) return { entry, how: 'alike' };
  const look = window.look ?? '';
  if (look.length < NEAR_LETTERS_MIN - 1) return null;
  for (const key of endKeys(look))
    for (const entry of index.ends.get(key) ?? [])
      for (const spelling of entry.known.looks)
        if (isOneOff(look, spelling)) return { entry, how: 'near' };
  return null;
}

/**
 * Looks for known people in a display name: first the same letters, then the same look, then one letter off. Never
 * matches on one common word inside a longer text.
 */
export function findName<T>(
  candidate: CandidateName,
  index: NameIndex<T>,
): { readonly owner: T; readonly match: NameMatch } | null {
  const hit = (entry: Entry<T>, how: NameMatch['how'], marks: NameMatch['marks']) => ({
    owner: entry.owner,
    match: { how, known: entry.known.spelling, marks },
  });
  for (const window of candidate.windows) {
    const entry = index.plain
      .get(window.plain)
      ?.find(({ known }) => fits(window, candidate, known));
    if (entry === undefined) continue;
    if (!window.invisible) return hit(entry, 'same', [[window.start, window.end]]);
    return hit(entry, 'alike', differingMarks(window.words, candidate.text));
  }
  for (const window of candidate.windows) {
    window.look ??= lookKey(window.words.map(({ text }) => text).join(''));
    const entry = index.looks
      .get(window.look)
      ?.find(
        ({ known }) => known.letters >= (names(known) ? 4 : 5) && fits(window, candidate, known),
      );
    if (entry !== undefined)
      return hit(entry, 'alike', differingMarks(window.words, candidate.text));
  }
  for (const window of candidate.windows) {
    const near = nearEntry(window, candidate, index);
    if (near === null) continue;
    const marks: NameMatch['marks'] =
      near.how === 'near'
        ? [[window.start, window.end]]
        : differingMarks(window.words, candidate.text);
    return hit(near.entry, near.how, marks);
  }
  return null;
}
