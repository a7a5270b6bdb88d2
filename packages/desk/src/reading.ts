// What a person reads: the record with its states, the inbox, one document.

import { toHex } from '@parley/kernel';
import type { Room } from '@parley/channel';
import { deviceOf, type BodyOf } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { copyWarnings } from './copy-doubts.ts';
import type { Documents } from './documents.ts';
import { Ledger, type LedgerLine } from './ledger.ts';
import { namesMember } from './mention.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import { signsReceipts } from './posture-record.ts';
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
  readonly remarks: readonly string[];
};

export type SpanView = LogView & {
  /** The number of the first entry. */
  readonly from: number;
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

  #views(card: OpenCard, room: Room, from: number, count = Infinity): EntryView[] {
    const views: EntryView[] = [];
    const reached = this.#reached(card, room);
    const warningAt = copyWarnings(this.#context.vault, card.room);
    for (const line of new Ledger(this.#context.vault, card.room).from(from)) {
      if (line.index >= from + count) break;
      const view = this.#entryView({ card, room, reached, warningAt }, line);
      if (view !== undefined) views.push(view);
    }
    return views;
  }

  /** How far the others' signed words go: a thing has reached them when every other party says so. */
  #reached(card: OpenCard, room: Room): Reached {
    const own = toHex(this.#context.ownParty(card));
    const onDevice = new Map<string, number>();
    for (const { party, acknowledged } of room.transcript.devices.values()) {
      const key = toHex(party);
      if (key !== own) onDevice.set(key, Math.max(onDevice.get(key) ?? 0, acknowledged));
    }
    const seenUpTo = new Map<string, number>();
    const documents = new Map<string, Set<string>>();
    for (const { mine, party, body } of statements(this.#context, card, ['opened'])) {
      if (mine || body.kind !== 'opened') continue;
      const key = party.fingerprint;
      if (body.document === null) {
        seenUpTo.set(key, Math.max(seenUpTo.get(key) ?? 0, body.upTo));
        continue;
      }
      const leaf = toHex(body.document);
      documents.set(leaf, (documents.get(leaf) ?? new Set()).add(key));
    }
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

  #entryView(
    at: { card: OpenCard; room: Room; reached: Reached; warningAt: Warnings },
    line: LedgerLine & { index: number },
  ): EntryView | undefined {
    const { card, room, reached } = at;
    const { transcript } = room;
    const read = readLine(this.#context.ports.crypto, transcript, line);
    if (read === undefined) return undefined;
    const warning = at.warningAt(line.index, read.leaf);
    const { header, body, author, leaf } = read;
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
      verified: author !== undefined && this.#context.verifies(card, author.party),
      fresh: !mine && line.index >= card.shown,
      mentions: !mine && body?.kind === 'text' && namesMember(body.text, me?.member ?? ''),
      state: mine ? reached(line.index, leaf, header.kind) : null,
      summary: summaryOf(body, transcript),
      leaf,
      ...(warning === undefined ? {} : { warning }),
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
          summary: act.kind === 'text' ? act.text : `sends the document "${act.name}"`,
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

  /** Entries from one number on, at most `count`, oldest first; behind the last what waits to be sent. */
  span(name: string, { from, count }: { from: number; count: number }): SpanView {
    const card = this.#context.openCard(name);
    const room = this.#context.room(card);
    const { size } = room.transcript.tree;
    const remarks = [...this.#context.vault.lines(`alarms:${toHex(card.room)}`)].map(
      ({ value }) => `ALARM: ${new TextDecoder().decode(value)}`,
    );
    if (card.frozen !== null) remarks.push(`FROZEN: ${card.frozen}`);
    return {
      channel: name,
      size,
      root: toHex(room.transcript.root),
      frozen: card.frozen,
      from,
      entries: [
        ...this.#views(card, room, from, count),
        ...(from + count >= size ? this.#queuedViews(card) : []),
      ],
      remarks,
    };
  }
}

/** The number of an entry as a person writes it, with or without #. */
export function entryNumber(name: string, entry: string): number {
  if (/^#?[0-9]{1,9}$/.test(entry)) return Number(entry.replace(/^#/, ''));
  throw new DeskRefusal('wrong-use', 'no-such-entry', {
    message: 'An entry is named by its number.',
    next: `look at "parley inbox ${name}" for the numbers`,
  });
}
