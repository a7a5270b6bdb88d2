// `node packages/channel/testing/make-verification-vectors.ts`: writes vectors/channel/verification.json, the codes that
// desks show each other and the words of fingerprints. Nothing in it is random.

import { writeFileSync } from 'node:fs';
import { fromHex, toHex, utf8 } from '@parley/kernel';
import { nativeCrypto as crypto } from '@parley/kernel/node';
import { asFingerprint, type Fingerprint, type Party } from '@parley/record';
import {
  authorityWords,
  checkInPersonCode,
  inPersonCode,
  type Meeting,
} from '../src/verification.ts';
import { wordsFor } from '../src/words.ts';

const named = (name: string): Fingerprint => asFingerprint(crypto.hash('sha256', utf8(name)));
const [alpha, beta, gamma] = [named('alpha'), named('beta'), named('gamma')];
const meeting = (channel: string, ...parties: readonly Fingerprint[]): Meeting => ({
  transcript: {
    channel: crypto.hash('sha256', utf8(channel)),
    // The codes look at nothing else of a party.
    parties: new Map(parties.map((fingerprint) => [toHex(fingerprint), { fingerprint } as Party])),
  },
});

const here = meeting('talks', alpha, beta);
const shown = inPersonCode(crypto, here, beta, alpha);
const flip = (code: string, at: number): string =>
  code.slice(0, at) + (code[at] === 'A' ? 'B' : 'A') + code.slice(at + 1);
const codes = {
  valid: [
    { name: 'the other party shows it', text: shown },
    { name: 'with a line end, as a scanner gives it', text: `${shown}\n` },
  ],
  invalid: [
    { name: 'nothing', text: '' },
    { name: 'another scheme', text: shown.replace('verify1', 'verify2') },
    { name: 'longer than any code', text: shown + 'A'.repeat(400) },
    { name: 'a character is wrong', text: flip(shown, 40) },
    { name: 'the check is wrong', text: flip(shown, shown.length - 2) },
    { name: 'its end is missing', text: shown.slice(0, -4) },
    { name: 'not base64url', text: `${shown.slice(0, -1)}=` },
    { name: 'of another channel', text: inPersonCode(crypto, meeting('others'), beta, alpha) },
    { name: 'our own code, shown back to us', text: inPersonCode(crypto, here, alpha, beta) },
    { name: 'of an authority that is not here', text: inPersonCode(crypto, here, gamma, alpha) },
    { name: 'another authority in our place', text: inPersonCode(crypto, here, beta, gamma) },
  ],
};

const reasonOf = (text: string): string => {
  const read = checkInPersonCode(crypto, here, alpha, text);
  if (read.ok) throw new Error('an invalid code was accepted');
  return read.reason;
};

const fingerprints: Uint8Array[] = [alpha, beta, new Uint8Array(32), new Uint8Array(32).fill(255)];
const bent = fromHex('80'.padEnd(64, '0'));
if (bent.ok) fingerprints.push(bent.value);
const vectors = {
  comment:
    'What a desk of the party `own` makes of codes, in a channel with these parties; and the words of fingerprints.',
  channel: toHex(here.transcript.channel ?? new Uint8Array(0)),
  parties: [alpha, beta].map((one) => toHex(one)),
  own: toHex(alpha),
  other: toHex(beta),
  valid: codes.valid,
  invalid: codes.invalid.map((one) => ({ ...one, reason: reasonOf(one.text) })),
  words: fingerprints.map((bytes) => {
    const numbers = authorityWords(asFingerprint(bytes));
    return { fingerprint: toHex(bytes), numbers, en: wordsFor(numbers, 'en').join(' ') };
  }),
};
const file = new URL('../../../vectors/channel/verification.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(vectors, undefined, 1)}\n`);
