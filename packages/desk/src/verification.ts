// Knowing that it is them: where the comparison of words stands, and what the person says about it.

import { toHex, utf8 } from '@parley/kernel';
import {
  WORD_LANGUAGES,
  ceremonyBetween,
  wordsFor,
  type Ceremony,
  type Room,
  type WordLanguage,
} from '@parley/channel';
import type { BodyOf, Fingerprint, Party } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import { isVerifiedBy } from './views.ts';

export type CeremonyView = {
  readonly about: { readonly party: string; readonly fingerprint: string };
  readonly phase: Ceremony['phase'] | 'none';
  readonly verified: boolean;
  /** Names this comparison, in hexadecimal; null until there are words. */
  readonly offer: string | null;
  /** In the reader's language; absent until both desks have done their part. */
  readonly words?: readonly string[];
  /** The same words as numbers from 1 to 2048: equal in every language. */
  readonly numbers?: readonly number[];
};

const SHOWN = 'words-shown';

/** The comparison whose words this desk showed last: its offer, and with whom; both in hexadecimal. */
export type Shown = { readonly offer: string; readonly about: string | undefined };

export function keepShown({ vault }: Context, { room }: OpenCard, view: CeremonyView): void {
  vault.put(SHOWN, toHex(room), utf8(`${view.offer} ${view.about.fingerprint}`));
}

/** What `keepShown` kept. Older desks kept the offer alone. */
export function shownAt(context: Context, card: OpenCard): Shown | undefined {
  const kept = context.vault.get(SHOWN, toHex(card.room));
  const [offer, about] = kept === undefined ? [] : new TextDecoder().decode(kept).split(' ');
  if (offer === undefined) return undefined;
  // A party that has changed its authority since is another to compare with.
  const here = about !== undefined && context.room(card).transcript.parties.has(about);
  return { offer, about: here ? about : undefined };
}

const othersIn = (room: Room, own: Fingerprint): Party[] =>
  [...room.transcript.parties.values()].filter((party) => toHex(party.fingerprint) !== toHex(own));

/**
 * How a command names the party where several could be meant: by digits, since a name is a stranger's text and a person
 * copies the command into a shell.
 */
export function asParty(room: Room, own: Fingerprint, about: Fingerprint): string {
  return othersIn(room, own).length > 1 ? ` --party ${toHex(about).slice(0, 16)}` : '';
}

/** A mismatch accuses: where several parties are here, a person says which. */
export function requireOneOther(room: Room, own: Fingerprint): void {
  const others = othersIn(room, own);
  if (others.length < 2) return;
  throw new DeskRefusal('wrong-use', 'which-party', {
    message: 'Several other parties are here. Nobody was accused.',
    next: `say with --party whose words differ: ${others.map(({ name }) => name).join(', ')}`,
  });
}

/** The party to be verified next: the one named by `who`, else the first that is not, or the only one there is. */
export function partyToVerify(room: Room, own: Fingerprint, who?: string): Party {
  const others = othersIn(room, own);
  if (who !== undefined) return partyNamed(others, who);
  const next =
    others.find((party) => !isVerifiedBy(room.transcript, own, party.fingerprint)) ?? others[0];
  if (next !== undefined) return next;
  throw new DeskRefusal('waiting', 'alone', {
    message: 'Nobody else is in this channel yet.',
    next: 'give them the invitation, then run "parley channel admit"',
  });
}

/** By its name in any case, or by the first digits of its fingerprint, which no other party here shares. */
function partyNamed(others: readonly Party[], who: string): Party {
  const wanted = who.trim().toLowerCase();
  const digits = wanted.replaceAll(/[\s:]/g, '');
  const found = others.filter(
    ({ fingerprint, name }) =>
      name.toLowerCase() === wanted || (digits !== '' && toHex(fingerprint).startsWith(digits)),
  );
  const [party] = found;
  if (party !== undefined && found.length === 1) return party;
  throw new DeskRefusal('wrong-use', found.length === 0 ? 'no-such-party' : 'which-party', {
    message: `There ${found.length === 0 ? 'is no party' : 'are several parties'} "${who}" to verify here.`,
    next: `name one of: ${others.map(({ name }) => name).join(', ')}, or give the beginning of its fingerprint`,
  });
}

export function languageOf(tag: string): WordLanguage {
  const wanted = tag === 'zh' ? 'zh-Hans' : tag;
  const language = WORD_LANGUAGES.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (language !== undefined) return language;
  throw new DeskRefusal('wrong-use', 'no-such-language', {
    message: `There are no words in "${tag}".`,
    next: `choose one of: ${WORD_LANGUAGES.join(', ')}`,
  });
}

export function ceremonyView(
  room: Room,
  own: Fingerprint,
  languageTag: string,
  who?: string,
): CeremonyView {
  const language = languageOf(languageTag);
  const party = partyToVerify(room, own, who);
  const ceremony = ceremonyBetween(room, own, party.fingerprint);
  const about = { party: party.name, fingerprint: toHex(party.fingerprint) };
  const verified = isVerifiedBy(room.transcript, own, party.fingerprint);
  if (ceremony === null) return { about, phase: 'none', verified, offer: null };
  const { phase, words } = ceremony;
  if (words.length === 0) return { about, phase, verified, offer: null };
  return {
    about,
    phase,
    verified,
    offer: toHex(ceremony.offer),
    words: wordsFor(words, language),
    numbers: words.map((index) => index + 1),
  };
}

/** What to write into the record once the person has compared the words; refuses where there are none yet. */
export function verdictAct(
  room: Room,
  own: Fingerprint,
  said: 'same' | 'different',
  who?: string,
): BodyOf<'verified'> | BodyOf<'mismatch'> {
  const party = partyToVerify(room, own, who);
  const ceremony = ceremonyBetween(room, own, party.fingerprint);
  if (ceremony === null || (said === 'same' && ceremony.words.length === 0)) {
    throw new DeskRefusal('waiting', 'words-not-ready', {
      message: 'There are no words to compare yet.',
      next: 'run "parley verify" on both sides first',
    });
  }
  if (said === 'different')
    return { kind: 'mismatch', about: party.fingerprint, how: 'voice', offer: ceremony.offer };
  return {
    kind: 'verified',
    about: party.fingerprint,
    how: 'voice',
    words: ceremony.words,
    offer: ceremony.offer,
  };
}
