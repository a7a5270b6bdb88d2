// A talk off the record as one desk lives it: at the relay under a name that only the room can find, in memory alone.
//
// Nothing of it is written: no line, no key, no name of the log. When this process ends, in whatever way, the talk has
// ended here. What the record may say of it is off-record-entries.ts.

import { isFault, say } from '@parley/kernel';
import { isAway } from '@parley/post';
import {
  branchDoorOf,
  isOpen,
  owedBody,
  present,
  wipeBranch,
  type Branch,
  type BranchBody,
  type BranchDoor,
  type BranchOutcome,
} from '@parley/channel';
import { deviceOf, type DeviceId } from '@parley/record';
import { alarmView } from './alarm-sentences.ts';
import type { Context, OpenCard } from './context.ts';
import type { OffRecordEntries } from './off-record-entries.ts';
import { overRefusal, WaitingLines } from './off-record-lines.ts';
import { OffRecordLog } from './off-record-log.ts';
import { END_SENTENCES, type Speaker, type TalkEnd, type TalkEvent } from './off-record-words.ts';
import { requireVerifiedAnew } from './red-stop.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf } from './room-name.ts';
import { requireStanding } from './room-standing.ts';
import { requireThawed, type Traffic } from './traffic.ts';

/** How long somebody who is said to be there is waited for before the talk is proposed on the record. */
const PATIENCE_MS = 5_000;
/** How long the others are waited for to publish their keys, once we have left. */
const FAREWELL_MS = 5_000;
const RETRY_MS = 2_000;
/** What is told of envelopes that an honest relay and honest members cannot cause. */
const ALARMS_MAX = 20;

export type TalkOptions = {
  readonly onEvent: (event: TalkEvent) => void;
  /** Without a word from anybody for so long, this desk leaves. */
  readonly idleMs: number;
  /** How often the room's own log is looked at: who was removed, whether it froze. */
  readonly everyMs: number;
};

export class OffRecordTalk {
  readonly channel: string;
  readonly #context: Context;
  readonly #traffic: Traffic;
  readonly #entries: OffRecordEntries;
  readonly #options: TalkOptions;
  readonly #stopping = new AbortController();
  #following = new AbortController();
  readonly #log: OffRecordLog;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #lines = new WaitingLines();
  #rung = false;
  #end: TalkEnd | undefined;
  #openedMs: number | undefined;
  #heardMs: number;
  #alarms = 0;
  #lineDown = false;
  #timers: NodeJS.Timeout[] = [];
  #finish: (() => void) | undefined;
  /** Settles when it is over here, its keys are overwritten, and the record says what was agreed. */
  readonly ended: Promise<void>;

  private constructor(
    parts: { context: Context; traffic: Traffic; entries: OffRecordEntries; channel: string },
    door: BranchDoor,
    options: TalkOptions & { logged: boolean },
  ) {
    this.channel = parts.channel;
    this.#context = parts.context;
    this.#traffic = parts.traffic;
    this.#entries = parts.entries;
    this.#options = options;
    const { channel } = parts;
    const at = { channel, door, logged: options.logged };
    this.#log = new OffRecordLog(this.#context, at, (outcome) => this.#hear(outcome));
    this.#heardMs = this.#nowMs;
    this.ended = new Promise((settle) => (this.#finish = settle));
  }

  /** Takes a seat; refuses with what the relay says where it does not take a log. */
  static async start(
    parts: { context: Context; traffic: Traffic; entries: OffRecordEntries; channel: string },
    options: TalkOptions & { logged: boolean },
  ): Promise<OffRecordTalk> {
    const { context, channel } = parts;
    const door = await branchDoorOf(context.ports, context.room(context.openCard(channel)));
    const talk = new OffRecordTalk(parts, door, options);
    try {
      await talk.#enter();
    } catch (error) {
      wipeBranch(talk.#log.branch);
      throw error;
    }
    void talk.#follow();
    talk.#every(options.everyMs, () => talk.#look());
    return talk;
  }

  get #branch(): Branch {
    return this.#log.branch;
  }

  get #nowMs(): number {
    return this.#context.ports.clock.nowMs();
  }

  get #card(): OpenCard {
    return this.#context.openCard(this.channel);
  }

  /** Whether a line would be heard now. */
  get isOpen(): boolean {
    return this.#end === undefined && isOpen(this.#branch);
  }

  /** Who is there and has proven it. */
  get others(): Speaker[] {
    return present(this.#branch).map(({ device }) => this.#speaker(device));
  }

  get tookPlace(): boolean {
    return this.#entries.tookPlace;
  }

  /**
   * Says one line to those who are there now; settles when it stands in the talk. Refuses it while nobody is there, and
   * where somebody came or went before it was sent.
   */
  async say(text: string): Promise<void> {
    if (this.#end !== undefined) throw overRefusal(this.#end);
    const heard = this.#lines.add(text, this.#branch);
    void this.#inTurn(() => this.#pump());
    return heard;
  }

  /** Leaves: publishes this desk's throw-away signing key, waits a little for the others', and overwrites every key. */
  async close(): Promise<void> {
    await this.#leave('left');
  }

  /** Forgets everything at once, without a word to the others: for a desk that is being closed. */
  abandon(): void {
    this.#end ??= 'left';
    this.#stop();
    wipeBranch(this.#branch);
  }

  // ---- what this desk says

  /** Proposes the talk on the record where nobody is there, and takes a seat. */
  async #enter(): Promise<void> {
    await this.#log.enter();
    if (this.#log.isVisited) this.#after(PATIENCE_MS, () => this.#propose());
    else await this.#proposeNow();
    await this.#pump();
  }

  async #propose(): Promise<void> {
    if (!isOpen(this.#branch)) await this.#proposeNow();
    await this.#pump();
  }

  async #proposeNow(): Promise<void> {
    const entry = await this.#entries.propose();
    if (entry !== undefined) this.#tell({ event: 'proposed', entry });
  }

  /** What this desk says next, if anything. */
  #next(): BranchBody | undefined {
    if (this.#end !== undefined) return undefined;
    const owed = owedBody(this.#context.ports, this.#log.at, this.#branch);
    if (owed !== undefined) return owed;
    const { proposal } = this.#entries;
    if (proposal !== undefined && !this.#rung) return { kind: 'ring', proposal };
    return this.#lines.next(this.#branch);
  }

  /** Says what is owed and what was written, until nothing is left. Only one at a time: see `#inTurn`. */
  async #pump(): Promise<void> {
    for (let body = this.#next(); body !== undefined; body = this.#next()) {
      const placed = await this.#log.put(body);
      if (placed && body.kind === 'ring') this.#rung = true;
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#turn.then(async () => {
      try {
        await work();
        this.#lineIs('up');
      } catch (error) {
        this.#failed(error);
      }
    });
    this.#turn = run;
    return run;
  }

  #failed(error: unknown): void {
    if (isAway(error)) {
      this.#lineIs('down');
      if (this.#end === undefined) this.#after(RETRY_MS, () => this.#pump());
      return;
    }
    if (error instanceof DeskRefusal || isFault(error)) this.#refused(error);
    else this.#alarm({ message: String(error), said: null, code: 'bug' });
    if (this.#end === undefined) void this.#leave('relay');
  }

  #lineIs(state: 'up' | 'down'): void {
    if (this.#lineDown === (state === 'down') || this.#end !== undefined) return;
    this.#lineDown = state === 'down';
    this.#tell({ event: 'line-state', state });
  }

  async #follow(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const signal = AbortSignal.any([this.#stopping.signal, this.#following.signal]);
      try {
        await this.#log.follow(signal, (page) =>
          this.#inTurn(async () => {
            this.#log.takeIn(page);
            await this.#pump();
          }),
        );
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (!signal.aborted) {
          this.#failed(error);
          await new Promise((settle) => setTimeout(settle, RETRY_MS).unref());
        }
      }
    }
  }

  // ---- what comes

  #hear(outcome: BranchOutcome): void {
    switch (outcome.kind) {
      case 'entered':
        return this.#tell({ event: 'waiting' });
      case 'came':
        return this.#tell({ event: 'came', who: this.#speaker(outcome.seat.device) });
      case 'proven':
        return this.#tell({ event: 'proven', who: this.#speaker(outcome.seat.device) });
      case 'opened':
        this.#openedMs ??= this.#nowMs;
        this.#heardMs = this.#nowMs;
        this.#tell({ event: 'opened', who: this.others });
        return this.#after(0, () => this.#agree());
      case 'rings':
        return this.#after(0, () => this.#agree());
      case 'line':
        return this.#heard(outcome);
      case 'left': {
        const { seat, published } = outcome;
        if (!seat.proven) return undefined;
        return this.#tell({ event: 'left', who: this.#speaker(seat.device), published });
      }
      case 'over':
        return void this.#leave('over');
      case 'forked':
        return void this.#leave('forked');
      case 'refused':
        if (outcome.alarm) {
          const said = say('alarm-talk-envelope' as const, { seq: outcome.seq });
          this.#alarm({ message: alarmView(said, outcome.reason).text, said, code: null });
        }
        return undefined;
      default:
        return undefined;
    }
  }

  #heard({ device, text, mine }: Extract<BranchOutcome, { kind: 'line' }>): void {
    this.#heardMs = this.#nowMs;
    this.#tell({ event: 'line', who: this.#speaker(device), mine, text, atMs: this.#nowMs });
    if (mine) this.#lines.placed();
  }

  #speaker(device: DeviceId): Speaker {
    const found = deviceOf(this.#log.transcript, device);
    const { party = 'unknown', member = 'unknown', label = 'unknown' } = found?.certificate ?? {};
    const verified = found !== undefined && this.#context.verifies(this.#card, found.party);
    return { party, member, device: label, verified };
  }

  #refused({ message, code }: { message: string; code: string }): void {
    this.#alarm({ message, said: null, code });
  }

  #alarm(alarm: Omit<Extract<TalkEvent, { event: 'alarm' }>, 'event'>): void {
    if (this.#alarms++ < ALARMS_MAX) this.#tell({ event: 'alarm', ...alarm });
  }

  #tell(event: TalkEvent): void {
    this.#options.onEvent(event);
  }

  // ---- the room meanwhile

  async #agree(): Promise<void> {
    if (!isOpen(this.#branch)) return;
    const entry = await this.#entries.agree(this.#branch);
    if (entry !== undefined) this.#tell({ event: 'logged', entry });
  }

  /** Looks at the room: a frozen one ends the talk, a removed device is let go, new keys lead to another door. */
  async #look(): Promise<void> {
    if (this.#nowMs - this.#heardMs > this.#options.idleMs) return void this.#leave('idle');
    try {
      const plenary = channelOf(this.channel);
      if (plenary !== this.channel) await this.#traffic.exchangeIfReachable(plenary);
      await this.#traffic.exchangeIfReachable(this.channel);
      requireThawed(this.#card);
      requireStanding(this.#context, this.#card);
      requireVerifiedAnew(this.#context, this.#card, 'text');
    } catch (error) {
      if (!(error instanceof DeskRefusal)) throw error;
      this.#refused(error);
      return void this.#leave('frozen');
    }
    const room = this.#context.room(this.#card);
    this.#log.review(room.transcript);
    // While nobody else is there, a commit takes this desk along to where the others will come.
    const door = await branchDoorOf(this.#context.ports, room);
    if (!this.#branch.opened && (await this.#log.moveTo(door))) {
      this.#rung = false;
      this.#following.abort();
      this.#following = new AbortController();
    }
    await this.#agree();
    await this.#pump();
    return undefined;
  }

  // ---- the end

  async #leave(end: TalkEnd): Promise<void> {
    if (this.#end !== undefined) return this.ended;
    this.#end = end;
    this.#lines.over(end);
    let published = false;
    await this.#inTurn(async () => {
      published = await this.#log.giveUp();
      await this.#waitForOthers();
    });
    this.#stop();
    const unpublished = [...this.#branch.seats.values()]
      .filter(({ proven, gone }) => proven && gone !== 'left')
      .map(({ device }) => this.#speaker(device));
    const lastedMs = this.#openedMs === undefined ? null : this.#nowMs - this.#openedMs;
    wipeBranch(this.#branch);
    await this.#entries.close(lastedMs);
    const logged = this.#entries.tookPlace;
    const message = END_SENTENCES[end];
    this.#tell({ event: 'ended', end, message, lastedMs, logged, published, unpublished });
    this.#finish?.();
    return undefined;
  }

  async #waitForOthers(): Promise<void> {
    const untilMs = this.#nowMs + FAREWELL_MS;
    while (present(this.#branch).length > 0 && this.#nowMs < untilMs)
      await this.#log.readOn(FAREWELL_MS / 5);
  }

  #stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(ms: number, work: () => Promise<void>): void {
    this.#timers.push(setTimeout(() => void this.#inTurn(() => this.#unlessOver(work)), ms));
  }

  #every(ms: number, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void this.#inTurn(() => this.#unlessOver(work)), ms));
  }

  async #unlessOver(work: () => Promise<void>): Promise<void> {
    if (this.#end === undefined) await work();
  }
}
