// Mails forwarded as text: typed lines prove nothing, but a delegate who is shown them wants to know what is known.

import { forwardedDetails, type AttestationBook } from '../attestation/book.ts';
import { unitsHash } from '../attestation/fingerprint.ts';
import type { Details } from '../attestation/details.ts';
import { sameBytes, say, type Crypto } from '@parley/kernel';
import { readInlineForwards, type InlineForward } from '../message/inline-forward.ts';
import { asciiHost } from '../message/links.ts';
import { evidence, mark, type Evidence } from './evidence.ts';
import type { Case } from './case.ts';
import { officialMailbox } from './claims.ts';
import { lookAlikeOf } from './known-party.ts';

const LEADING_LINES = 4;

/** True where the attested text stands there, line by line, behind at most a few empty lines. */
function sameWords(crypto: Crypto, details: Details, words: readonly string[]): boolean {
  return details.parts
    .filter(({ kind, units }) => kind === 'text' && units > 0 && units <= words.length)
    .some(({ kind, units, hash }) => {
      for (let start = 0; start <= LEADING_LINES; start++) {
        if (
          sameBytes(unitsHash(crypto, details.salt, kind, words.slice(start, start + units)), hash)
        )
          return true;
        if ((words[start] ?? '').trim() !== '') return false;
      }
      return false;
    });
}

function judged(
  given: Case,
  forward: InlineForward,
  book: AttestationBook | undefined,
): Evidence[] {
  const { party } = given;
  const name = party.directory.party;
  const marks = [mark('forwarded text', forward.line)];
  if (!officialMailbox(party, forward.from)) {
    const host = asciiHost(forward.from.domain);
    const alike = host === null ? null : lookAlikeOf(party, host);
    if (alike === null) return [];
    const said = say('forwarded-look-alike', {
      found: alike.shown,
      party: name,
      official: alike.official,
    });
    return [evidence('D3', 'stop', said, [mark('forwarded text', alike.shown, alike.marks)])];
  }
  const statements =
    book === undefined
      ? []
      : forwardedDetails(book, {
          from: forward.from.address.toLowerCase(),
          subject: forward.subject,
        });
  if (
    book !== undefined &&
    statements.some((details) => sameWords(book.crypto, details, forward.words))
  )
    return [evidence('D16', 'info', say('forwarded-same-words', { party: name }), marks)];
  const code = statements.length > 0 ? 'forwarded-other-words' : 'forwarded-typed';
  return [evidence('D2', 'info', say(code, { party: name }), marks)];
}

export function detectInlineForwards(given: Case, book: AttestationBook | undefined): Evidence[] {
  return readInlineForwards(given.message.text)
    .flatMap((forward) => judged(given, forward, book))
    .slice(0, 5);
}
