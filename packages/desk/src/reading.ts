// What a person reads: the record with its states, the inbox, one document.

import { say, toHex } from '@parley/kernel';
import type { Act, Room } from '@parley/channel';
import { deviceOf, type BodyOf, type Fingerprint } from '@parley/record';
import type { AlarmView } from './alarm-sentences.ts';
import { Alarms } from './alarms.ts';
import type { Context, OpenCard } from './context.ts';
import { copyWarnings } from './copy-doubts.ts';
import type { Documents } from './documents.ts';
import { entryInEnglish, entrySaid } from './entry-sentences.ts';
import { Ledger, type LedgerLine } from './ledger.ts';
import { namesMember } from './mention.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import { signsReceipts } from './posture-record.ts';
import { signedSizes } from './signed-sizes.ts';
import { statements } from './statements.ts';
import { documentView, readLine, summaryOf, type DeliveryState, type EntryView } from './views.ts';

/** A document's entry in a room. */
export type DocumentEntry = {
  readonly entry: number;
  readonly leaf: string;
  readonly body: BodyOf<'document'>;
  /** Sent from this desk. */
  readonly mine: boolean;
};

export type InboxView = {
  readonly channel: string;
  readonly frozen: string | null;
  readonly entries: readonly EntryView[];
};

export type LogView = InboxView & {
  readonly size: number;
  readonly root: string;
  /** What was done to the room that must be known, oldest first. */
  readonly alarms: readonly AlarmView[];
  readonly remarks: readonly string[];
};

export type SpanView = LogView & {
  /** The number of the first entry. */
  readonly from: number;
};

/** Entries of a room: at most `count` from one number on, or those of the given numbers. */
export type Stretch =
  | { readonly from: number; readonly count: number }
  | { readonly numbers: readonly number[] };

/** Of the entries up to `upTo`: who has seen how far, and who has opened which document, by its leaf. */
type Opened = {
  upTo: number;
  readonly seenUpTo: Map<string, number>;
  readonly documents: Map<string, Set<string>>;
};

type Warnings = ReturnType<typeof copyWarnings>;
type Reached = (index: number, leaf: string, kind: string) => DeliveryState;

export class Reading {
  readonly #context: Context;
  readonly #documents: Documents;
  /** By room: what `unseen` found of the entries from `shown` up to `upTo`. */
  readonly #counted = new Map<
    string,
    { shown: number; upTo: number; fresh: number; mentions: number }
  >();
  readonly #opened = new Map<string, Opened>();

  constructor(context: Context, documents: Documents) {
    this.#context = context;
    this.#documents = documents;
  }

  /** The document that an entry announces; refuses any other entry. */
  documentAt(card: OpenCard, index: number): DocumentEntry {
    const line = new Ledger(this.#context.vault, card.room).at(index);
    const { transcript } = this.#context.room(card);
    const read =
      line === undefined ? undefined : readLine(this.#context.ports.crypto, transcript, line);
    if (read?.body?.kind !== 'document') {
      throw new DeskRefusal('wrong-use', read === undefined ? 'no-such-entry' : 'not-a-document', {
        message:
          read === undefined
            ? `There is no entry ${index} in this channel.`
            : `Entry ${index} is no document.`,
        next: `look at "parley inbox ${card.name}" for the numbers`,
      });
    }
    const mine = read.author !== undefined && this.#context.isOwn(read.author.id);
    return { entry: index, leaf: read.leaf, body: read.body, mine };
  }

  #views(card: OpenCard, room: Room, from: number): EntryView[] {
    return this.#viewsOf(card, room, new Ledger(this.#context.vault, card.room).from(from));
  }

  #viewsOf(
    card: OpenCard,
    room: Room,
    lines: Iterable<LedgerLine & { readonly index: number }>,
  ): EntryView[] {
    const views: EntryView[] = [];
    const reached = this.#reached(card, room);
    const warningAt = copyWarnings(this.#context.vault, card.room);
    const isVerified = this.#verified(card);
    for (const line of lines) {
      const view = this.#entryView({ card, room, reached, warningAt, isVerified }, line);
      if (view !== undefined) views.push(view);
    }
    return views;
  }

  /** Whom our party has verified. It reads the whole room, so each party is asked about once. */
  #verified(card: OpenCard): (party: Fingerprint) => boolean {
    const known = new Map<string, boolean>();
    return (party) => {
      const key = toHex(party);
      const verified = known.get(key) ?? this.#context.verifies(card, party);
      known.set(key, verified);
      return verified;
    };
  }

  /** How far the others' signed words go: a thing has reached them when every other party says so. */
  #reached(card: OpenCard, room: Room): Reached {
    const own = toHex(this.#context.ownParty(card));
    const onDevice = new Map<string, number>();
    const signed = signedSizes(this.#context, card, { all: false });
    for (const { id, party } of room.transcript.devices.values()) {
      const key = toHex(party);
      if (key !== own)
        onDevice.set(key, Math.max(onDevice.get(key) ?? 0, signed.get(toHex(id)) ?? 0));
    }
    const { seenUpTo, documents } = this.#openedIn(card, room);
    const parties = [...onDevice.keys()];
    return (index, leaf, kind) => {
      if (parties.length === 0) return 'at-relay';
      const openedBy = (party: string): boolean =>
        kind === 'document'
          ? documents.get(leaf)?.has(party) === true
          : (seenUpTo.get(party) ?? 0) > index;
      if (parties.every(openedBy)) return 'opened';
      return parties.every((party) => (onDevice.get(party) ?? 0) > index)
        ? 'on-device'
        : 'at-relay';
    };
  }

  /** What the others' receipts say by now. A room may hold thousands of them, so each is read once. */
  #openedIn(card: OpenCard, room: Room): Opened {
    const key = toHex(card.room);
    const { size } = room.transcript.tree;
    const known = this.#opened.get(key);
    const opened =
      known !== undefined && known.upTo <= size
        ? known
        : {
            upTo: 0,
            seenUpTo: new Map<string, number>(),
            documents: new Map<string, Set<string>>(),
          };
    for (const { mine, party, body } of statements(this.#context, card, ['opened'], opened.upTo)) {
      if (mine || body.kind !== 'opened') continue;
      const by = party.fingerprint;
      if (body.document === null) {
        opened.seenUpTo.set(by, Math.max(opened.seenUpTo.get(by) ?? 0, body.upTo));
        continue;
      }
      const leaf = toHex(body.document);
      opened.documents.set(leaf, (opened.documents.get(leaf) ?? new Set()).add(by));
    }
    opened.upTo = size;
    this.#opened.set(key, opened);
    return opened;
  }

  #entryView(
    at: {
      card: OpenCard;
      room: Room;
      reached: Reached;
      warningAt: Warnings;
      isVerified: (party: Fingerprint) => boolean;
    },
    line: LedgerLine & { index: number },
  ): EntryView | undefined {
    const { card, room, reached } = at;
    const { transcript } = room;
    const read = readLine(this.#context.ports.crypto, transcript, line);
    if (read === undefined) return undefined;
    const doubt = at.warningAt(line.index, read.leaf);
    const { header, body, author, leaf } = read;
    const said = entrySaid(body, transcript);
    const mine = author !== undefined && this.#context.isOwn(author.id);
    const me = deviceOf(transcript, room.device);
    return {
      entry: line.index,
      timeMs: header.timeMs,
      zone: header.zone,
      party: author?.certificate.party ?? 'unknown',
      member: author?.member ?? 'unknown',
      device: author?.certificate.label ?? 'unknown',
      kind: header.kind,
      mine,
      verified: author !== undefined && at.isVerified(author.party),
      fresh: !mine && line.index >= card.shown,
      mentions: !mine && body?.kind === 'text' && namesMember(body.text, me?.member ?? ''),
      state: mine ? reached(line.index, leaf, header.kind) : null,
      summary: summaryOf(body, said),
      said,
      leaf,
      ...(doubt === undefined ? {} : { doubt, warning: entryInEnglish(doubt) }),
      ...(body?.kind === 'text' ? { text: body.text } : {}),
      ...(body?.kind === 'document'
        ? { document: documentView(body, this.#documents.facts(leaf, mine)) }
        : {}),
    };
  }

  #queuedViews(card: OpenCard): EntryView[] {
    const { party, member, label } = this.#context.identity.certified;
    return new Outbox(this.#context.vault, card.room).all().flatMap(({ act }) => {
      if (act.kind !== 'text' && act.kind !== 'document') return [];
      return [
        {
          entry: null,
          timeMs: this.#context.ports.clock.nowMs(),
          zone: null,
          party,
          member,
          device: label,
          kind: act.kind,
          mine: true,
          mentions: false,
          verified: true,
          fresh: false,
          state: 'queued' as const,
          ...queuedWords(act),
          leaf: null,
          ...(act.kind === 'text' ? { text: act.text } : {}),
        },
      ];
    });
  }

  /** Messages and documents of the others. Shown once, they are no longer fresh. */
  inbox(name: string | undefined, freshOnly: boolean): InboxView[] {
    const { cards } = this.#context;
    const open = (name === undefined ? cards.all() : [this.#context.card(name)]).filter(
      (card) => card.room !== null,
    );
    if (name !== undefined && open.length === 0) this.#context.openCard(name);
    return open.map((closed) => {
      const card = this.#context.openCard(closed.name);
      const room = this.#context.room(card);
      const entries = this.#views(card, room, freshOnly ? card.shown : 0).filter(
        (view) => !view.mine && (view.kind === 'text' || view.kind === 'document'),
      );
      const upTo = room.transcript.tree.size;
      this.#context.vault.transaction(() => {
        cards.put({ ...card, shown: upTo });
        if (signsReceipts(this.#context, card) && entries.some((view) => view.fresh)) {
          new Outbox(this.#context.vault, card.room).add({ kind: 'opened', upTo, document: null });
        }
      });
      return { channel: card.name, frozen: card.frozen, entries };
    });
  }

  /** How many messages and documents of others were not shown yet, and how many of them name this desk's member. */
  unseen(name: string): { fresh: number; mentions: number } {
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const { shown } = card;
    const key = toHex(card.room);
    const upTo = room.transcript.tree.size;
    const before = this.#counted.get(key);
    // Entries do not change: a desk that asks every second looks only at what came since.
    const known =
      before?.shown === shown && before.upTo <= upTo
        ? before
        : { shown, upTo: shown, fresh: 0, mentions: 0 };
    const added = this.#views(card, room, known.upTo).filter(
      ({ fresh, kind }) => fresh && (kind === 'text' || kind === 'document'),
    );
    const fresh = known.fresh + added.length;
    const mentions = known.mentions + added.filter((view) => view.mentions).length;
    this.#counted.set(key, { shown, upTo, fresh, mentions });
    return { fresh, mentions };
  }

  /** The record, oldest first, and what waits to be sent behind it. */
  log(name: string, last?: number): LogView {
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const { size } = room.transcript.tree;
    const from = last === undefined ? 0 : Math.max(0, size - last);
    const { from: _, ...view } = this.span(name, { from, count: Infinity });
    return view;
  }

  /** A stretch, oldest first, without what is not there. What waits to be sent stands behind the last entry. */
  span(name: string, asked: Stretch): SpanView {
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const { size } = room.transcript.tree;
    const alarms = new Alarms(this.#context.vault, card.room).all();
    const remarks = alarms.map(({ text }) => `ALARM: ${text}`);
    if (card.frozen !== null) remarks.push(`FROZEN: ${card.frozen}`);
    const isToTheEnd = 'from' in asked && asked.from + asked.count >= size;
    return {
      channel: name,
      size,
      root: toHex(room.transcript.root),
      frozen: card.frozen,
      from: 'from' in asked ? asked.from : (asked.numbers[0] ?? size),
      entries: [
        ...this.#viewsOf(card, room, linesOf(new Ledger(this.#context.vault, card.room), asked)),
        ...(isToTheEnd ? this.#queuedViews(card) : []),
      ],
      alarms,
      remarks,
    };
  }
}

function* linesOf(
  ledger: Ledger,
  asked: Stretch,
): Generator<LedgerLine & { readonly index: number }> {
  if ('from' in asked) yield* ledger.from(asked.from, asked.from + asked.count);
  for (const index of 'from' in asked ? [] : asked.numbers) {
    const line = ledger.at(index);
    if (line !== undefined) yield { index, ...line };
  }
}

/** What waits here to be sent, in the words it will have. */
function queuedWords(
  act: Extract<Act, { kind: 'text' | 'document' }>,
): Pick<EntryView, 'summary' | 'said'> {
  if (act.kind === 'text') return { summary: act.text, said: null };
  const said = say('document-queued' as const, { name: act.name });
  return { summary: entryInEnglish(said), said };
}

/** The number of an entry as a person writes it, with or without #. */
export function entryNumber(name: string, entry: string): number {
  if (/^#?[0-9]{1,9}$/.test(entry)) return Number(entry.replace(/^#/, ''));
  throw new DeskRefusal('wrong-use', 'no-such-entry', {
    message: 'An entry is named by its number.',
    next: `look at "parley inbox ${name}" for the numbers`,
  });
}
