// The codes of refusals that a reader meets in their own language: what happened, and what to do next. English readers get
// the desk's own sentence, which names names; others get it behind theirs.

import { preferredLanguage, type Language } from './languages.ts';

export const CODES = [
  'alarm',
  'alone',
  'another-asks',
  'authority-changed',
  'bad-answer',
  'bad-channel-name',
  'bad-expiry',
  'bad-name',
  'bad-relay-address',
  'bad-room-name',
  'bad-welcome',
  'bug',
  'caucus-not-ready',
  'certificate-outdated',
  'channel-name-taken',
  'client-gone',
  'confirmation-locked',
  'desk-locked',
  'disclosure-changed',
  'disk-failed',
  'disk-full',
  'document-altered',
  'document-not-there',
  'encrypted',
  'file-changed',
  'file-damaged',
  'file-exists',
  'file-too-large',
  'for-the-channel',
  'forged-invitation',
  'fork',
  'frozen',
  'invitation-of-a-party',
  'invitation-unknown',
  'invitation-used',
  'ledger-broken',
  'link-used',
  'lost-state',
  'mismatch',
  'no-access',
  'no-authority',
  'no-bearer',
  'no-own-room',
  'no-room-in-a-room',
  'no-such-channel',
  'no-such-device',
  'no-such-entry',
  'no-such-folder',
  'no-such-language',
  'no-such-party',
  'no-such-request',
  'nobody-asked',
  'nobody-asks-so',
  'nobody-to-release',
  'not-a-document',
  'not-admitted',
  'not-admitted-yet',
  'not-an-officer',
  'not-another-room',
  'not-certified-yet',
  'not-for-a-device',
  'not-forwarded',
  'not-higher',
  'not-lower',
  'not-rebuilt',
  'not-recorded',
  'not-removed',
  'not-sent',
  'not-shown-yet',
  'not-the-document',
  'not-twelve-words',
  'not-yours',
  'nothing-to-do',
  'nothing-to-say',
  'nothing-to-stop',
  'original-approved',
  'original-asked',
  'original-expired',
  'original-written',
  'other-party',
  'own-device',
  'own-document',
  'party-alarm',
  'party-not-verified',
  'passphrase-too-short',
  'posture-severe',
  'reason-needed',
  'relay-broken',
  'relay-hides-envelope',
  'relay-lost-channel',
  'relay-lost-entries',
  'relay-needed',
  'relay-rewrote-history',
  'relay-unreachable',
  'relay-wants-token',
  'removed',
  'restart-not-accepted',
  'second-officer',
  'stranger-in-room',
  'suspended',
  'text-too-long',
  'too-large',
  'too-many-pins',
  'unsafe-name',
  'vault-busy',
  'vault-damaged',
  'vault-exists',
  'vault-missing',
  'verification-mismatch',
  'which-party',
  'who-with',
  'words-changed',
  'words-differ',
  'words-not-ready',
  'wrong-document',
  'wrong-passphrase',
  'wrong-request',
] as const;
export type Code = (typeof CODES)[number];
export type Sentences = Readonly<Record<Code, string>>;

/** Each language's sentences are a file of their own; English has none. */
export async function sentencesOf(language: Language): Promise<Sentences | undefined> {
  switch (language) {
    case 'fr':
      return (await import('./fr-codes.ts')).frCodes;
    case 'ru':
      return (await import('./ru-codes.ts')).ruCodes;
    case 'ar':
      return (await import('./ar-codes.ts')).arCodes;
    case 'ko':
      return (await import('./ko-codes.ts')).koCodes;
    case 'zh':
      return (await import('./zh-codes.ts')).zhCodes;
    default:
      return undefined;
  }
}

/** The sentence of a code; undefined for one that is not in the list. */
export function sentenceFor(sentences: Sentences | undefined, code: string): string | undefined {
  return sentences !== undefined && Object.hasOwn(sentences, code)
    ? sentences[code as Code]
    : undefined;
}

/** The sentence for a terminal of this locale (`fr_FR.UTF-8`); undefined in English, and for a code not in the list. */
export async function sentenceIn(locale: string, code: string): Promise<string | undefined> {
  const language = preferredLanguage([locale.replaceAll('_', '-')]);
  return sentenceFor(await sentencesOf(language), code);
}
