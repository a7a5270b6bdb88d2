// What a text looks like: UTS #39 confusables folded to one spelling, so that look-alikes compare equal.

import { CONFUSABLES } from './confusables-table.ts';

const MARKS = /\p{M}+/gu;
/** Characters that show nothing: UTS #39 drops them before it compares. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}+/gu;

// Letters Unicode keeps apart although a reader of a mail program's small font does not: small capitals (which the
// Unicode table makes of Cyrillic lower-case letters), kra, eszett, Greek pi and others. Ours, by eye.
const BY_EYE: readonly (readonly [letter: string, froms: string])[] = [
  ['a', 'ᴀᴧɑαⱥəʌ'],
  ['b', 'ʙɓƅьъßв'],
  ['c', 'ᴄƈȼ'],
  ['d', 'ᴅđɗɖð'],
  ['e', 'ᴇɇєɛεѐё'],
  ['f', 'ғƒꜰ'],
  ['g', 'ɢɡǥԍɠ'],
  ['h', 'ʜнɦħⱨһ'],
  ['i', 'ɪɩɨıіιïї'],
  ['j', 'ᴊɉјʝ'],
  ['k', 'ᴋĸкκқⱪƙҝ'],
  ['l', 'ʟłƚɫⱡӏ|ǀ'],
  ['m', 'ᴍмɱ'],
  ['n', 'ɴпηɲƞꞑπņŋи'],
  ['o', 'ᴏøɵоοօσ'],
  ['p', 'ᴘрρƿƥþ'],
  ['q', 'ԛʠ'],
  ['r', 'ʀгɍɾɼɽяᴦ'],
  ['s', 'ꜱѕʂƽ'],
  ['t', 'ᴛтτŧƫƭ'],
  ['u', 'ᴜυʉʋսцμ'],
  ['v', 'ᴠνѵⱱⱴᶌ'],
  ['w', 'ᴡωѡԝⱳшɯ'],
  ['x', 'хχ×ҳ'],
  ['y', 'ʏуүγɏƴỿў'],
  ['z', 'ᴢƶʐⱬȥ'],
  ['0', '०০੦૦௦೦൦๐໐᠐'],
  ['2', 'ƻ'],
];

function isAsciiLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function buildTable(): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const entry of CONFUSABLES.split(',')) {
    const [from = 0, ...to] = entry.split(' ').map((digits) => Number.parseInt(digits, 36));
    // Plain letters stay themselves (Unicode maps m to rn): their pairs are priced by the look-alike rules instead.
    if (isAsciiLetterOrDigit(from)) continue;
    const target = String.fromCodePoint(...to);
    table.set(String.fromCodePoint(from), target === 'rn' ? 'm' : target);
  }
  for (const [letter, froms] of BY_EYE) for (const from of froms) table.set(from, letter);
  return table;
}

const table = buildTable();

function mapEach(text: string): string {
  let mapped = '';
  for (const letter of text) mapped += table.get(letter) ?? letter;
  return mapped;
}

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Folds a text to what it looks like: case, accents, width, invisible characters and confusable letters go. Two texts
 * with one fold look alike; the fold itself is for comparing only and is never shown.
 */
export function lookFold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  const decomposed = text.normalize('NFKD').replace(IGNORABLE, '').replace(MARKS, '');
  const mapped = mapEach(decomposed).toLowerCase();
  // A second round: capitals are lower-cased only after the first (a Cyrillic capital VE looks like B, the small one
  // does not), and some targets are small capitals that the first round made.
  return mapEach(mapped.normalize('NFKD').replace(MARKS, '')).toLowerCase();
}

/** True where a letter is not what it looks like: its fold is another letter than its own lower case. */
export function isDisguised(letter: string): boolean {
  return (letter.codePointAt(0) ?? 0) > 0x7f && lookFold(letter) !== letter.toLowerCase();
}
