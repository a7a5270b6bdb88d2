// Talks off the record at one desk: one at a time in each room, only while this process lives.

import { toHex } from '@parley/kernel';
import { activeDevices } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { OffRecordEntries } from './off-record-entries.ts';
import { OffRecordTalk, type TalkOptions } from './off-record.ts';
import { requireVerifiedAnew } from './red-stop.ts';
import { DeskRefusal } from './refusal.ts';
import { requireStanding } from './room-standing.ts';
import { statements } from './statements.ts';
import { requireThawed, type Traffic } from './traffic.ts';

const IDLE_MS = 15 * 60 * 1000;
const EVERY_MS = 3_000;
/** A proposal that nobody took up for so long is shown no more: its author may be long gone. */
const PROPOSAL_LIFE_MS = 24 * 60 * 60 * 1000;

export class OffRecordAtDesk {
  readonly #context: Context;
  readonly #traffic: Traffic;
  readonly #talks = new Map<string, OffRecordTalk>();

  constructor(context: Context, traffic: Traffic) {
    this.#context = context;
    this.#traffic = traffic;
  }

  /**
   * Goes to where this room talks off the record: joins whoever is there, or waits for them. With `logged` the record says
   * that it was proposed, and, if another there agrees to that too, that it took place and how long; never what was said.
   * Refuses where nothing can be said on the record either, and where the relay cannot be reached.
   */
  async start(
    channel: string,
    asked: Pick<TalkOptions, 'onEvent'> & Partial<TalkOptions> & { logged: boolean },
  ): Promise<OffRecordTalk> {
    if (this.#talks.has(channel)) {
      throw new DeskRefusal('wrong-use', 'already-talking', {
        message: 'This desk is in a talk off the record in this room already.',
        next: 'leave it first',
      });
    }
    requireThawed(this.#context.openCard(channel));
    await this.#traffic.exchange(channel);
    const card = this.#context.openCard(channel);
    requireThawed(card);
    requireStanding(this.#context, card);
    requireVerifiedAnew(this.#context, card, 'text');
    if (!hasOthers(this.#context, card)) {
      throw new DeskRefusal('waiting', 'nobody-else', {
        message: 'There is nobody else in this room to talk to.',
        next: 'invite them first: parley channel invite',
      });
    }
    const entries = new OffRecordEntries(this.#context, this.#traffic, {
      name: channel,
      logged: asked.logged,
    });
    const talk = await OffRecordTalk.start(
      { context: this.#context, traffic: this.#traffic, entries, channel },
      { idleMs: IDLE_MS, everyMs: EVERY_MS, ...asked },
    );
    this.#talks.set(channel, talk);
    void talk.ended.then(() => this.#talks.delete(channel));
    return talk;
  }

  /** The last proposal of somebody else that stands on the record, is not a day old, and was not closed by its author. */
  proposedBy(channel: string): { party: string; member: string; timeMs: number } | null {
    const card = this.#context.openCard(channel);
    const all = [...statements(this.#context, card, ['off-record-proposed', 'off-record-closed'])];
    const closed = new Set(
      all.flatMap(({ body }) => (body.kind === 'off-record-closed' ? [toHex(body.proposal)] : [])),
    );
    const own = toHex(this.#context.room(card).device);
    const sinceMs = this.#context.ports.clock.nowMs() - PROPOSAL_LIFE_MS;
    const open = all.findLast(
      ({ body, leaf, deviceId, receivedMs }) =>
        body.kind === 'off-record-proposed' &&
        deviceId !== own &&
        receivedMs > sinceMs &&
        !closed.has(leaf),
    );
    if (open === undefined) return null;
    const { party, member, timeMs } = open;
    return { party: party.name, member, timeMs };
  }

  /** Leaves every talk as a person would. */
  async close(): Promise<void> {
    await Promise.all([...this.#talks.values()].map((talk) => talk.close()));
  }

  /** Forgets every talk at once: the desk is being closed. */
  abandon(): void {
    for (const talk of this.#talks.values()) talk.abandon();
    this.#talks.clear();
  }
}

/** Whether there is anybody to talk to. */
function hasOthers(context: Context, card: OpenCard): boolean {
  const { transcript } = context.room(card);
  return [...transcript.parties.values()]
    .flatMap(({ fingerprint }) => activeDevices(transcript, fingerprint))
    .some(({ id }) => !context.isOwn(id));
}
