// D14, codes: where a square code in a picture leads. A reader cannot see it, and a telephone opens it.

import { visible } from '../unicode/visible.ts';
import { evidence, mark, type Evidence } from './evidence.ts';
import type { Case, Proof } from './case.ts';
import { isOfficialHost, lookAlikeOf } from './known-party.ts';

export function detectCodes(given: Case, proof: Proof | null): Evidence[] {
  const { codes, party } = given;
  if (codes === null) return [];
  const found = codes.codes.map(({ picture, text, host }) => {
    const marks = [mark('picture', picture), mark('square code', text)];
    if (host === null) return evidence('D14', 'info', 'A picture holds a square code.', marks);
    if (isOfficialHost(party, host))
      return evidence('D14', 'info', `A square code in a picture opens ${host}.`, marks);
    const alike = lookAlikeOf(party, host);
    if (alike !== null)
      return evidence(
        'D14',
        'stop',
        `A square code in a picture opens ${alike.shown}; ${party.directory.party}'s real domain is ${alike.official}.`,
        marks,
      );
    return evidence(
      'D14',
      proof === null ? 'warn' : 'info',
      `A square code in a picture opens ${visible(host, 100)}, which is not ${party.directory.party}'s. Do not point a telephone at it.`,
      marks,
    );
  });
  if (codes.drawn)
    found.push(
      evidence(
        'D14',
        proof === null ? 'warn' : 'info',
        'A square code seems to be drawn with letters in the text. It was not read; do not point a telephone at it.',
      ),
    );
  if (codes.unread > 0 && proof === null)
    found.push(
      evidence(
        'D14',
        'info',
        `${codes.unread} of its pictures could not be looked at; a square code in one can hold a link.`,
      ),
    );
  return found;
}
