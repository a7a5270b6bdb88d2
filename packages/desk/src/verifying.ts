// Knowing that it is them, as a member does it at a desk: by voice, by a code when people meet, by twelve words in writing.
// Whatever differs is one act: the channel stops here at once, the record says so, and the evidence is a file.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@parley/kernel';
import {
  authorityWords,
  checkInPersonCode,
  inPersonCode,
  wordsFor,
  type Act,
  type CodeReason,
} from '@parley/channel';
import type { Fingerprint, Party } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import type { Exporting } from './exporting.ts';
import type { Joiner } from './joining.ts';
import { DeskRefusal } from './refusal.ts';
import { requirePlenary } from './room-standing.ts';
import type { Sent, Traffic } from './traffic.ts';
import {
  asParty,
  ceremonyView,
  keepShown,
  languageOf,
  partyToVerify,
  requireOneOther,
  shownAt,
  verdictAct,
  type CeremonyView,
} from './verification.ts';
import { isVerifiedBy } from './views.ts';
import { readWords } from './written-words.ts';

export type Verifiable = {
  readonly about: { readonly party: string; readonly fingerprint: string };
  readonly own: { readonly party: string; readonly fingerprint: string };
  readonly verified: boolean;
};
/** What this desk shows when people meet. */
export type MeetingView = Verifiable & { readonly code: string };
/** What this party writes to the other: the words of its own authority. */
export type WritingView = Verifiable & {
  readonly words: readonly string[];
  /** The same words as numbers from 1 to 2048. */
  readonly numbers: readonly number[];
};
export type Verified = Sent & { readonly about: Verifiable['about'] };

const UNREAD: Record<Exclude<CodeReason, 'unknown-party' | 'other-key-for-us'>, string> = {
  'not-a-code': 'This is not a code that a desk shows for a meeting.',
  damaged: 'The code is damaged: a character is wrong or missing.',
  'other-channel': 'The code is for another channel than this one.',
};

export class Verifying {
  readonly #context: Context;
  readonly #traffic: Traffic;
  readonly #joiner: Joiner;
  readonly #exporting: Exporting;

  constructor(parts: { context: Context; traffic: Traffic; joiner: Joiner; exporting: Exporting }) {
    this.#context = parts.context;
    this.#traffic = parts.traffic;
    this.#joiner = parts.joiner;
    this.#exporting = parts.exporting;
  }

  async #fresh(name: string): Promise<OpenCard> {
    requirePlenary(name);
    if (this.#context.card(name).room === null) await this.#joiner.enter(name);
    await this.#traffic.exchangeIfReachable(name);
    return this.#context.openCard(name);
  }

  /**
   * Where the comparison of words stands, after an exchange; starts one where none was offered. With `shows` the person
   * sees the words: only these can be confirmed afterwards. Without, it is about the words that were shown last.
   */
  async ceremony(
    name: string,
    language: string,
    asked: { shows: boolean; who?: string | undefined },
  ): Promise<CeremonyView> {
    let card = await this.#fresh(name);
    const own = this.#context.ownParty(card);
    const { shows } = asked;
    const who = asked.who ?? (shows ? undefined : shownAt(this.#context, card)?.about);
    let view = ceremonyView(this.#context.room(card), own, language, who);
    if ((view.phase === 'none' || view.phase === 'broken') && !view.verified) {
      const about = partyToVerify(this.#context.room(card), own, who).fingerprint;
      this.#traffic.queue(card, { kind: 'verify-offer', about });
      await this.#traffic.exchangeIfReachable(name);
      card = this.#context.openCard(name);
      view = ceremonyView(this.#context.room(card), own, language, who);
    }
    if (shows && view.offer !== null) keepShown(this.#context, card, view);
    return view;
  }

  /** The person says that the words are the same: those that were shown last, and no others. */
  async confirmWords(name: string, who?: string): Promise<Sent> {
    const card = this.#context.openCard(name);
    const [room, own] = [this.#context.room(card), this.#context.ownParty(card)];
    const shown = shownAt(this.#context, card);
    const act = verdictAct(room, own, 'same', who ?? shown?.about);
    if (shown === undefined) {
      throw new DeskRefusal('waiting', 'words-not-ready', {
        message: 'This desk has shown you no words yet. Nothing was confirmed.',
        next: `run "parley verify ${name}${asParty(room, own, act.about)}" and compare`,
      });
    }
    if (act.offer !== null && toHex(act.offer) !== shown.offer) {
      throw new DeskRefusal('policy', 'words-changed', {
        message: 'The words are no longer those that were shown. Nothing was confirmed.',
        next: `run "parley verify ${name}${asParty(room, own, act.about)}" and compare again`,
      });
    }
    return this.#traffic.deliver(name, act);
  }

  /**
   * The words that were read by voice differ. Freezes the channel and answers where the evidence is. It accuses the
   * party whose words were shown last: among several others nobody is guessed.
   */
  async mismatch(name: string, who?: string): Promise<string> {
    const card = this.#context.openCard(name);
    const [room, own] = [this.#context.room(card), this.#context.ownParty(card)];
    const about = who ?? shownAt(this.#context, card)?.about;
    if (about === undefined) requireOneOther(room, own);
    return this.#stop(name, card, verdictAct(room, own, 'different', about));
  }

  /** The code to show to the other side, who must be named by `who` where several are here. */
  async meeting(name: string, who?: string): Promise<MeetingView> {
    const { card, party, own, view } = await this.#between(name, who);
    const room = this.#context.room(card);
    return {
      ...view,
      code: inPersonCode(this.#context.ports.crypto, room, own, party.fingerprint),
    };
  }

  /** What was scanned from the other side's desk. Anything but a code of this channel is refused and changes nothing. */
  async scanned(name: string, text: string, who?: string): Promise<Verified> {
    const { card, party, own } = await this.#between(name, who);
    const room = this.#context.room(card);
    const read = checkInPersonCode(this.#context.ports.crypto, room, own, text);
    if (!read.ok && read.reason !== 'unknown-party' && read.reason !== 'other-key-for-us') {
      throw new DeskRefusal('wrong-use', read.reason, {
        message: UNREAD[read.reason],
        next: `scan the other side's screen again: parley verify ${name} --in-person shows yours`,
      });
    }
    if (!read.ok) {
      const sees =
        read.reason === 'unknown-party'
          ? `Their desk shows an authority that is not in this channel as you see it`
          : `Their desk sees another key in your place`;
      return this.#differs(name, card, { party, how: 'in-person', message: sees });
    }
    const scanned = partyToVerify(room, own, toHex(read.value));
    const about = scanned.fingerprint;
    return this.#same(name, scanned, {
      kind: 'verified',
      about,
      how: 'in-person',
      words: [],
      offer: null,
    });
  }

  /** The twelve words of our own authority, to be written to the other side. */
  async writing(name: string, language: string, who?: string): Promise<WritingView> {
    const { own, view } = await this.#between(name, who);
    const words = authorityWords(own);
    return {
      ...view,
      words: wordsFor(words, languageOf(language)),
      numbers: words.map((index) => index + 1),
    };
  }

  /**
   * The words that the other side wrote, in any of the languages. Words that differ are refused with their places and
   * change nothing, since a hand may slip: that they do differ is said by `writtenMismatch`.
   */
  async written(name: string, text: string, who?: string): Promise<Verified> {
    const { party, card, own } = await this.#between(name, who);
    const about = party.fingerprint;
    const words = authorityWords(about);
    const read = readWords(text, words);
    if (read.kind === 'same')
      return this.#same(name, party, {
        kind: 'verified',
        about,
        how: 'writing',
        words,
        offer: null,
      });
    if (read.kind === 'unreadable') {
      throw new DeskRefusal('wrong-use', 'not-twelve-words', {
        message: read.why,
        next: 'give the twelve words in quotes, in their order, all of one language',
      });
    }
    const places = read.places.map((place) => `number ${place}`).join(', ');
    throw new DeskRefusal('policy', 'words-differ', {
      message: `These are not the words of ${party.name}: ${places} differ. Nothing was signed.`,
      next: `read the letter again. If it really says so: parley verify ${name} --in-writing --mismatch${asParty(this.#context.room(card), own, about)}`,
      data: { differ: read.places },
    });
  }

  /** The other side's letter holds other words than theirs. */
  async writtenMismatch(name: string, who?: string): Promise<never> {
    const { card, party, own } = await this.#between(name, who);
    if (who === undefined) requireOneOther(this.#context.room(card), own);
    return this.#differs(name, card, {
      party,
      how: 'writing',
      message: 'Their letter holds other words than their authority has here',
    });
  }

  async #between(
    name: string,
    who: string | undefined,
  ): Promise<{ card: OpenCard; party: Party; own: Fingerprint; view: Verifiable }> {
    const card = await this.#fresh(name);
    const own = this.#context.ownParty(card);
    const room = this.#context.room(card);
    const party = partyToVerify(room, own, who);
    const ownName = room.transcript.parties.get(toHex(own))?.name ?? '';
    const view: Verifiable = {
      about: { party: party.name, fingerprint: toHex(party.fingerprint) },
      own: { party: ownName, fingerprint: toHex(own) },
      verified: isVerifiedBy(room.transcript, own, party.fingerprint),
    };
    return { card, party, own, view };
  }

  async #same(name: string, party: Party, act: Act): Promise<Verified> {
    const sent = await this.#traffic.deliver(name, act);
    return { ...sent, about: { party: party.name, fingerprint: toHex(party.fingerprint) } };
  }

  async #differs(
    name: string,
    card: OpenCard,
    found: { party: Party; how: 'in-person' | 'writing'; message: string },
  ): Promise<never> {
    const about = found.party.fingerprint;
    const evidence = await this.#stop(name, card, {
      kind: 'mismatch',
      about,
      how: found.how,
      offer: null,
    });
    throw new DeskRefusal('tampering', 'verification-mismatch', {
      message: `${found.message}: someone stands between you and ${found.party.name}. The channel is frozen.`,
      next: `keep the evidence in ${evidence}; use no channel to them before you have talked face to face`,
      data: { evidence, frozen: true },
    });
  }

  async #stop(name: string, card: OpenCard, act: Act): Promise<string> {
    // Frozen here at once: who stands between the two may well be the relay that is to take the entry.
    this.#context.vault.transaction(() => {
      this.#traffic.queue(card, act);
      this.#context.cards.put({ ...card, frozen: 'mismatch: reported at this desk' });
    });
    await this.#traffic.exchangeIfReachable(name);
    const directory = join(this.#context.home, 'evidence');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const stamp = new Date(this.#context.ports.clock.nowMs())
      .toISOString()
      .replaceAll(/[:.]/g, '-');
    const path = join(directory, `mismatch-${toHex(card.room).slice(0, 12)}-${stamp}.parley`);
    await this.#exporting.record(name, path, { force: true });
    return path;
  }
}
