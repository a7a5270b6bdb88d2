// Who signed the text: a listed name in the closing lines that the writer wrote himself.

import type { DirectoryPerson } from '../directory/directory.ts';
import { matchPerson, type KnownParty } from './known-party.ts';

export type SignedText = {
  readonly person: DirectoryPerson;
  readonly line: string;
  /** An official address or domain in the lines below. */
  readonly withAddress: string | null;
  /** A closing phrase stands above it: then it is a signature, and not a list of names. */
  readonly closing: boolean;
};

const LINES = 14;
const TEXT_MAX = 64 * 1024;

const QUOTE: readonly RegExp[] = [
  /^>/,
  /^-{2,}\s*(?:original|forwarded|urspr|weitergel|message d|mensaje)/i,
  /^_{10,}$/,
  /^(?:on|am|le|el|il|op)\b.{5,160}(?:wrote|schrieb|écrit|escribió|scritto|schreef)\s*:?$/i,
  /^\*?(?:from|von|de|da|van|от|보낸 ?사람|发件人|寄件者|差出人|من)\*?\s*[:：]/i,
];

const CLOSING =
  /\b(?:regards|sincerely|best|yours|faithfully|cordially|thanks|thank you|respectfully|cheers|wishes|grüße|grüßen|gruß|cordialement|salutations|saludos|atentamente|saluti)\b|с уважением|искренне|감사합니다|드림|올림|此致|敬上|谢谢|謝謝|顺颂|مع (?:خالص )?(?:التحية|التقدير|الشكر)|وتفضلوا/iu;

/** The last lines that the writer wrote: quoted text and what stands under it left out. */
function closingLines(text: string): string[] {
  const lines = text
    .slice(0, TEXT_MAX)
    .split('\n')
    .map((line) => line.trim());
  const quote = lines.findIndex((line) => QUOTE.some((pattern) => pattern.test(line)));
  const own = (quote < 0 ? lines : lines.slice(0, quote)).filter((line) => line !== '');
  return own.slice(-LINES);
}

/** The first closing line that is a listed name and hardly more. */
export function signedText(text: string, party: KnownParty): SignedText | null {
  const lines = closingLines(text);
  for (const [index, line] of lines.entries()) {
    if (line.length > 60 || /[@:]|(?:\S+\s+){6}/.test(line)) continue;
    const found = matchPerson(party, line);
    if (found === null || found.match.how === 'near') continue;
    const [start = 0, end = 0] = found.match.marks[0] ?? [];
    // What else stands there is at most a title.
    if (found.match.how === 'same' && line.length - (end - start) > 24) continue;
    const below = lines
      .slice(index + 1, index + 6)
      .join(' ')
      .toLowerCase();
    const withAddress =
      [...party.addresses, ...party.directory.domains].find((known) => below.includes(known)) ??
      null;
    const closing = lines.slice(Math.max(0, index - 3), index).some((above) => CLOSING.test(above));
    return { person: found.person, line, withAddress, closing };
  }
  return null;
}
