// Which alphabets a text uses, and which of its letters do not belong beside their neighbours.

const SCRIPTS = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Han', /\p{Script=Han}/u],
  ['Hangul', /\p{Script=Hangul}/u],
  ['Hiragana', /\p{Script=Hiragana}/u],
  ['Katakana', /\p{Script=Katakana}/u],
  ['Bopomofo', /\p{Script=Bopomofo}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Ethiopic', /\p{Script=Ethiopic}/u],
] as const;

export type ScriptName = (typeof SCRIPTS)[number][0] | 'Other';

// Scripts that one word may mix in ordinary writing (UTS #39 section 5.2, "highly restrictive").
const EAST_ASIAN: ReadonlySet<ScriptName> = new Set([
  'Latin',
  'Han',
  'Hangul',
  'Hiragana',
  'Katakana',
  'Bopomofo',
]);
// Alphabets whose letters pass for one another's. Others beside Latin are odd, but deceive nobody.
const ALIKE: ReadonlySet<ScriptName> = new Set([
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Cherokee',
  'Coptic',
]);

const LETTER = /\p{L}/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
// U+200B..F, 2060..4, FEFF, 00AD, 061C, 180E, 115F, 1160, 3164, FFA0 and the tag characters show nothing at all.
const INVISIBLE =
  // oxlint-disable-next-line no-misleading-character-class -- each is meant alone
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/gu;
const JOINERS = /[\u200c\u200d]/gu;
const BIDI = /[\u202a-\u202e\u2066-\u2069]/gu;
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

export type OddKind = 'foreign-letter' | 'invisible' | 'direction' | 'control';
export type OddCharacter = {
  readonly kind: OddKind;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
};

const seen = new Map<string, ScriptName>();

/** The script of one letter; undefined for digits, marks, punctuation. */
export function scriptOf(letter: string): ScriptName | undefined {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x80) return (code | 32) >= 97 && (code | 32) <= 122 ? 'Latin' : undefined;
  const known = seen.get(letter);
  if (known !== undefined) return known;
  if (!LETTER.test(letter)) return undefined;
  const script = SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? 'Other';
  if (seen.size < 20_000) seen.set(letter, script);
  return script;
}

/** Scripts of a text's letters with their number. */
export function scriptCounts(text: string): ReadonlyMap<ScriptName, number> {
  const counts = new Map<ScriptName, number>();
  for (const letter of text) {
    const script = scriptOf(letter);
    if (script !== undefined) counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  return counts;
}

function foreignLetters(word: string, offset: number, found: OddCharacter[]): void {
  const counts = scriptCounts(word);
  if (counts.size < 2) return;
  const scripts = [...counts.keys()];
  if (scripts.every((script) => EAST_ASIAN.has(script))) return;
  if (scripts.filter((script) => ALIKE.has(script)).length < 2) return;
  const main = [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  let at = offset;
  for (const letter of word) {
    const script = scriptOf(letter);
    if (script !== undefined && script !== main && found.length < ODD_MAX)
      found.push({ kind: 'foreign-letter', start: at, end: at + letter.length });
    at += letter.length;
  }
}

const ODD_MAX = 64;
const ASCII_PRINTABLE = /^[\x20-\x7e\t\r\n]*$/;

/**
 * Characters that a reader cannot see or would take for others: letters of a second look-alike alphabet inside one
 * word, invisible characters, direction overrides, control characters. At most 64, in no order. Joiners count only
 * outside the scripts and emoji that need them.
 */
export function oddCharacters(text: string): readonly OddCharacter[] {
  if (ASCII_PRINTABLE.test(text)) return [];
  const found: OddCharacter[] = [];
  const collect = (pattern: RegExp, kind: OddKind): void => {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= ODD_MAX) return;
      found.push({ kind, start: match.index, end: match.index + match[0].length });
    }
  };
  collect(INVISIBLE, 'invisible');
  collect(BIDI, 'direction');
  collect(CONTROL, 'control');
  // oxlint-disable-next-line no-control-regex -- a range from the first character on
  if (/^[\u0000-\u024f\u0370-\u052f\u1e00-\u1fff\u200c\u200d]*$/u.test(text))
    collect(JOINERS, 'invisible');
  for (const match of text.matchAll(WORD)) foreignLetters(match[0], match.index, found);
  return found;
}
