// What goes between this desk and the relays: one append path for everything, and the sync of all channels.

import { isFault } from '@parley/kernel';
import { isAway } from '@parley/post';
import type { Act } from '@parley/channel';
import type { Admission } from './admission.ts';
import { alarmView, documentAlarm } from './alarm-sentences.ts';
import { Alarms } from './alarms.ts';
import { Archive } from './archive.ts';
import { audienceOf, type Audience } from './audience.ts';
import { bringDocuments, documentsDue } from './bringing.ts';
import type { Context, OpenCard } from './context.ts';
import type { Documents } from './documents.ts';
import { queueDuties } from './duties.ts';
import { bringAhead } from './courier-ahead.ts';
import type { Exchanged } from './exchange.ts';
import type { Fellows } from './fellows.ts';
import { collectRooms } from './fellowship.ts';
import type { Joiner } from './joining.ts';
import { Ledger } from './ledger.ts';
import { notHanded } from './handed.ts';
import { todoCollection } from './notices.ts';
import { Outbox } from './outbox.ts';
import { rulesOf } from './posture-record.ts';
import type { Reading } from './reading.ts';
import { requireVerifiedAnew } from './red-stop.ts';
import { revokeGone } from './revoking.ts';
import { awaitsRelease, releaseAsks } from './release-record.ts';
import { DeskRefusal, lostState, removedRefusal } from './refusal.ts';
import { isLeftBehind } from './restart-proposal.ts';
import { runExchange, type Over } from './running.ts';
import { entryOfBlob } from './sent.ts';
import { channelOf, isRoomName, stillAsking } from './room-name.ts';
import { requireStanding } from './room-standing.ts';
import type { Rooms } from './rooms.ts';
import { tellAlarms } from './telling.ts';
import { Turns } from './turns.ts';
import { takeUnsaid } from './unsaid.ts';
import { bringUnsent } from './unsent-documents.ts';
import type { DeliveryState } from './views.ts';

export type Sent = Audience & {
  readonly entry: number | null;
  readonly state: DeliveryState;
  /** Queued because a colleague must release it first. */
  readonly awaitsRelease?: boolean;
};

export type SyncedChannel = {
  readonly name: string;
  readonly received: number;
  readonly sent: number;
  readonly disarmed: number;
  readonly refused: number;
  readonly waiting?: string;
  /** This desk was let in, and handed the record so far: it is in `received`. */
  readonly entered: boolean;
  /** This desk made new keys of its own here. */
  readonly renewed: boolean;
  readonly remarks: readonly string[];
  readonly alarms: readonly string[];
};
export type SyncReport = { readonly channels: readonly SyncedChannel[] };

export type SyncOptions = {
  readonly documents?: boolean;
  /** Also says what waits for the desk's person: it asks the relay for that, so not with every exchange of a page. */
  readonly awaiting?: boolean;
  readonly onProgress?: (text: string) => void;
};

/** Nothing is said in a frozen channel. */
export function requireThawed({ name, frozen }: OpenCard): void {
  if (frozen === null) return;
  if (frozen.startsWith('removed')) throw removedRefusal(frozen);
  if (frozen.startsWith('lost-state')) throw lostState({ name, detail: frozen });
  throw new DeskRefusal('tampering', 'frozen', {
    message: `The channel is frozen (${frozen}). Nothing can be said in it.`,
    next: `talk to the other side by another way; after a fork: parley channel restart ${name}`,
  });
}

/** What work brings, or undefined where the relay is away. */
async function ifReachable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAway(error)) return undefined;
    throw error;
  }
}

export class Traffic {
  readonly #context: Context;
  readonly #admission: Admission;
  readonly #joiner: Joiner;
  readonly #documents: Documents;
  readonly #reading: Reading;
  readonly #rooms: Rooms;
  readonly #fellows: Fellows;
  /** Exchanges take turns: each reads a room, changes it and stores it. */
  readonly #turns = new Turns();

  constructor(parts: {
    context: Context;
    admission: Admission;
    joiner: Joiner;
    documents: Documents;
    reading: Reading;
    rooms: Rooms;
    fellows: Fellows;
  }) {
    this.#context = parts.context;
    this.#admission = parts.admission;
    this.#joiner = parts.joiner;
    this.#documents = parts.documents;
    this.#reading = parts.reading;
    this.#rooms = parts.rooms;
    this.#fellows = parts.fellows;
  }

  /** Puts an act into the outbox of a channel; the next exchange sends it. */
  queue(card: OpenCard, act: Act): number {
    const { vault } = this.#context;
    return vault.transaction(() => new Outbox(vault, card.room).add(act));
  }

  /** Takes in and sends until nothing is left, and answers a guest who was let in on the way. */
  async exchange(name: string): Promise<Exchanged> {
    return this.#turns.take(() => this.#exchangeAlone(name));
  }

  /** The same path for envelopes that come by another way than the relay. */
  async exchangeOver(name: string, over: Over): Promise<Exchanged> {
    return this.#turns.take(() => runExchange(this.#context, name, over));
  }

  async #exchangeAlone(name: string): Promise<Exchanged> {
    const exchanged = await this.#exchangeAndAnswer(name);
    await ifReachable(revokeGone(this.#context, this.#context.openCard(name)));
    return exchanged;
  }

  async #exchangeAndAnswer(name: string): Promise<Exchanged> {
    await bringAhead(this.#context, name);
    const waiting = await bringUnsent(this.#context, name);
    const first = await runExchange(this.#context, name);
    const { welcomed, trouble } = await this.#welcome(name);
    if (!welcomed && !queueDuties(this.#context, name))
      return { ...first, remarks: [...waiting, ...first.remarks, ...trouble] };
    const second = await runExchange(this.#context, name);
    return {
      received: [...first.received, ...second.received],
      sent: [...first.sent, ...second.sent],
      placed: new Map([...first.placed, ...second.placed]),
      remarks: [...waiting, ...first.remarks, ...trouble, ...second.remarks],
      alarms: [...first.alarms, ...second.alarms],
    };
  }

  /** Answers a guest who was let in. Where that fails, what the person wanted to send has still been sent. */
  async #welcome(name: string): Promise<{ welcomed: boolean; trouble: string[] }> {
    try {
      const fellows = await this.#fellows.welcome(name);
      const guest = await this.#admission.welcome(name);
      return { welcomed: guest !== undefined || fellows > 0, trouble: [] };
    } catch (error) {
      if (!(error instanceof DeskRefusal)) throw error;
      return { welcomed: false, trouble: [`the guest was not answered yet: ${error.message}`] };
    }
  }

  /** A document that two must release is preceded by the question to a colleague. */
  #queueWithAsks(card: OpenCard, act: Act): number {
    for (const ask of releaseAsks(this.#context, card, act)) this.queue(card, ask);
    return this.queue(card, act);
  }

  /** As `exchange`; undefined where the relay is away, so that work goes on with what is here. */
  async exchangeIfReachable(name: string): Promise<Exchanged | undefined> {
    return ifReachable(this.exchange(name));
  }

  /** Queues an act and sends it, or leaves it queued where the relay is away. */
  async deliver(name: string, act: Act): Promise<Sent> {
    const card = this.#context.openCard(name);
    const done = this.#sentBefore(card, act);
    if (done !== undefined)
      return { entry: done, state: 'at-relay', ...audienceOf(this.#context, card) };
    requireThawed(card);
    requireStanding(this.#context, card);
    requireVerifiedAnew(this.#context, card, act.kind);
    // Queued in our own turn: another exchange under way must not send it and leave us without an answer.
    const { n, exchanged } = await this.#turns.take(async () => ({
      n: this.#queueWithAsks(card, act),
      exchanged: await ifReachable(this.#exchangeAlone(name)),
    }));
    const entry = exchanged?.placed.get(n) ?? null;
    const outbox = new Outbox(this.#context.vault, card.room);
    if (!outbox.has(n) && entry === null && exchanged !== undefined) {
      throw new DeskRefusal('policy', 'not-sent', {
        message: `${exchanged.remarks.join('; ') || 'It was not sent: the channel does not take it'}.`,
        next: 'look at "parley log" and "parley channel list"',
      });
    }
    const sent: Sent = {
      entry,
      state: entry === null ? 'queued' : 'at-relay',
      awaitsRelease: entry === null && awaitsRelease(this.#context, card, act),
      ...audienceOf(this.#context, card),
    };
    tellAlarms(this.#context, [name], { sent });
    return sent;
  }

  /** The same document under the same key is one entry, however often an interrupted command is run again. */
  #sentBefore(card: OpenCard, act: Act): number | undefined {
    if (act.kind !== 'document') return undefined;
    return entryOfBlob(this.#context.vault, card.room, act.blob.id);
  }

  /** Fetches and sends what waits in one channel or all, and rebuilds new documents. Refuses (tampering) after alarms. */
  async sync(name?: string, options: SyncOptions = {}): Promise<SyncReport> {
    const wanted = name === undefined ? undefined : this.#context.card(name).name;
    // A channel brings its rooms, also those that a call in its plenary has only just led to.
    const isWanted = (one: string): boolean =>
      wanted === undefined || one === wanted || (!isRoomName(wanted) && channelOf(one) === wanted);
    const names: string[] = [];
    const next = (): string | undefined =>
      this.#context.cards
        .all()
        .filter(({ name: one, room }) => one === wanted || !isLeftBehind(this.#context, room))
        .find((card) => isWanted(card.name) && !names.includes(card.name))?.name;
    const channels: SyncedChannel[] = [];
    const failures: unknown[] = [];
    // Rooms that officers of our party have let this device into are there before they are read.
    const before = new Map(
      this.#context.openCards().map(({ name: one, room }) => [one, this.#size(room)]),
    );
    await this.#collectRooms(failures);
    for (let one = next(); one !== undefined; one = next()) {
      names.push(one);
      try {
        channels.push(await this.#syncOne(one, options, before.get(one)));
      } catch (error) {
        // What is wrong with one channel, or with its relay, keeps no other channel waiting.
        if (!(error instanceof DeskRefusal || isFault(error))) throw error;
        failures.push(error);
      }
    }
    const grave = failures.find(
      (error) => error instanceof DeskRefusal && error.nature === 'tampering',
    );
    if (grave !== undefined) throw grave;
    tellAlarms(this.#context, names, { channels });
    if (failures.length > 0) throw failures[0];
    return { channels };
  }

  #size(room: Uint8Array): number {
    return new Ledger(this.#context.vault, room).size;
  }

  async #collectRooms(failures: unknown[]): Promise<void> {
    try {
      await collectRooms(this.#context, this.#joiner);
    } catch (error) {
      if (!(error instanceof DeskRefusal || isFault(error))) throw error;
      failures.push(error);
    }
  }

  /** `before`: how much of the record was here when the sync began; undefined where this desk was not in. */
  async #syncOne(
    name: string,
    options: SyncOptions,
    before: number | undefined,
  ): Promise<SyncedChannel> {
    const nothing = { name, received: 0, sent: 0, disarmed: 0, refused: 0 };
    const entered = before === undefined;
    // Two syncs at once would enter twice.
    const enter = async (): Promise<boolean> =>
      this.#context.card(name).room !== null || (await this.#joiner.enter(name));
    if (this.#context.card(name).room === null && !(await this.#turns.take(enter))) {
      const waiting = stillAsking(name);
      return { ...nothing, waiting, entered: false, renewed: false, remarks: [], alarms: [] };
    }
    const here = (): OpenCard => this.#context.openCard(name);
    const { renewedMs } = this.#context.room(here());
    const first = await this.exchange(name).catch(async (error: unknown) => {
      throw await this.#rooms.stopped(name, error);
    });
    const tended = await this.#tend(name);
    await this.#keepWhole(name);
    const documents =
      options.documents === false ? undefined : await this.#disarmAll(name, options);
    const second =
      documents !== undefined && documents.acts > 0 ? await this.exchange(name) : undefined;
    const sent = first.sent.length + (second?.sent.length ?? 0);
    return {
      name,
      received: this.#size(here().room) - (before ?? 0) - sent,
      sent,
      disarmed: documents?.disarmed ?? 0,
      refused: documents?.refused ?? 0,
      entered,
      renewed: this.#context.room(here()).renewedMs !== renewedMs,
      remarks: [
        ...(entered ? notHanded(this.#context, here()) : []),
        ...takeUnsaid(this.#context, here()),
        ...first.remarks,
        ...tended,
        ...(second?.remarks ?? []),
        ...(documents?.remarks ?? []),
      ],
      alarms: [...first.alarms, ...(second?.alarms ?? []), ...(documents?.alarms ?? [])],
    };
  }

  /** What membership in a channel asks of its rooms. What cannot be done now is said, and done by a later sync. */
  async #tend(name: string): Promise<readonly string[]> {
    try {
      const remarks = isRoomName(name) ? [] : await this.#rooms.tendPlenary(name);
      const alarms = await this.#rooms.tendRoom(name, (one) => this.exchange(one));
      const { room } = this.#context.openCard(name);
      for (const alarm of alarms) new Alarms(this.#context.vault, room).add(alarm);
      return [...remarks, ...alarms.map((alarm) => alarmView(alarm).text)];
    } catch (error) {
      if (!(error instanceof DeskRefusal) || error.nature === 'tampering') throw error;
      return [error.message];
    }
  }

  /** What a relay that loses everything would need of us: the envelopes before we came, documents after it was restored. */
  async #keepWhole(name: string): Promise<void> {
    const { vault, ports } = this.#context;
    const card = this.#context.openCard(name);
    const log = this.#context.log(card);
    await new Archive(vault, ports.crypto, card.room).fill(log, this.#context.room(card));
    if (documentsDue(this.#context, card)) await bringDocuments(this.#context, card);
  }

  async #disarmAll(
    name: string,
    options: SyncOptions,
  ): Promise<{
    acts: number;
    disarmed: number;
    refused: number;
    remarks: string[];
    alarms: string[];
  }> {
    const { vault } = this.#context;
    const card = this.#context.openCard(name);
    const todo = todoCollection(card.room);
    const done = {
      acts: 0,
      disarmed: 0,
      refused: 0,
      remarks: [] as string[],
      alarms: [] as string[],
    };
    const numbers = vault.list(todo).map((value) => Number(new TextDecoder().decode(value)));
    for (const index of numbers.toSorted((a, b) => a - b)) {
      const document = this.#reading.documentAt(card, index);
      try {
        const act = await this.#documents.make(document, this.#context.log(card), {
          mode: rulesOf(this.#context, card).rules.disarmMode,
          onProgress: (text) => options.onProgress?.(text),
        });
        // What was done now settled its own entry; what was done before only stands on the list still.
        vault.remove(todo, document.leaf);
        if (act === undefined) continue;
        done.acts++;
        if (act.kind === 'disarmed' && act.outcome === 'rebuilt') done.disarmed++;
        else done.refused++;
      } catch (error) {
        // One document must not keep the others waiting, whatever is wrong with it.
        if (!(error instanceof DeskRefusal)) {
          if (isAway(error) || isFault(error, 'disk-full')) throw error;
          done.remarks.push(`document in entry ${index}: it was left for later (${String(error)})`);
          continue;
        }
        const sentence = `document in entry ${index}: ${error.message}`;
        (error.nature === 'tampering' ? done.alarms : done.remarks).push(sentence);
        if (error.nature !== 'tampering') continue;
        vault.transaction(() => {
          new Alarms(vault, card.room).addOnce(documentAlarm(index, error.code), error.message);
          // An altered piece may come whole the next time; a false announcement stays false.
          if (error.code !== 'document-altered') vault.remove(todo, document.leaf);
        });
      }
    }
    return done;
  }
}
