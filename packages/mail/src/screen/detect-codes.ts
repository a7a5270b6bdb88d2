// D14, codes: where a square code in a picture leads. A reader cannot see it, and a telephone opens it.

import { say } from '@parley/kernel';
import { visible } from '../unicode/visible.ts';
import { evidence, mark, type Evidence } from './evidence.ts';
import type { Case, Proof } from './case.ts';
import { isOfficialHost, lookAlikeOf } from './known-party.ts';

export function detectCodes(given: Case, proof: Proof | null): Evidence[] {
  const { codes, party } = given;
  if (codes === null) return [];
  const found = codes.codes.map(({ picture, text, host }) => {
    const marks = [mark('picture', picture), mark('square code', text)];
    if (host === null) return evidence('D14', 'info', say('square-code'), marks);
    if (isOfficialHost(party, host))
      return evidence('D14', 'info', say('square-code-official', { host }), marks);
    const alike = lookAlikeOf(party, host);
    if (alike !== null)
      return evidence(
        'D14',
        'stop',
        say('square-code-look-alike', {
          found: alike.shown,
          party: party.directory.party,
          official: alike.official,
        }),
        marks,
      );
    return evidence(
      'D14',
      proof === null ? 'warn' : 'info',
      say('square-code-elsewhere', { host: visible(host, 100), party: party.directory.party }),
      marks,
    );
  });
  if (codes.drawn)
    found.push(evidence('D14', proof === null ? 'warn' : 'info', say('square-code-drawn')));
  if (codes.unread > 0 && proof === null)
    found.push(evidence('D14', 'info', say('pictures-unread', { count: codes.unread })));
  return found;
}
