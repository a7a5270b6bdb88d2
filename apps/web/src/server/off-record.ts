// Talks off the record for the page: what a window shows of one is kept here, in memory, until the talk is over.
//
// A window that shows a talk says so again and again. When none has for a while, nobody is looking any more, and the desk
// leaves the talk.

import type { Desk, OffRecordTalk, TalkEvent } from '@parley/desk';
import { PageRefusal } from './refusals.ts';
import type { OffRecordAnswer, OffRecordLine } from './wire-off-record.ts';

/** Browsers let a hidden window speak once a minute. */
const UNSEEN_MAX_MS = 150_000;
const LOOK_MS = 5_000;
/** The oldest lines of a very long talk go first. */
const LINES_MAX = 2_000;
const ALARMS_MAX = 5;

type Kept = {
  talk: OffRecordTalk | undefined;
  lines: OffRecordLine[];
  alarms: OffRecordAnswer['alarms'];
  lineDown: boolean;
  saidToBe: string[];
  ended: Extract<TalkEvent, { event: 'ended' }> | undefined;
  seenMs: number;
};

export class PageTalks {
  readonly #desk: () => Desk;
  readonly #nowMs: () => number;
  readonly #tell: (channel: string) => void;
  readonly #kept = new Map<string, Kept>();
  #looking: NodeJS.Timeout | undefined;

  constructor(desk: () => Desk, nowMs: () => number, tell: (channel: string) => void) {
    this.#desk = desk;
    this.#nowMs = nowMs;
    this.#tell = tell;
  }

  /** What a window shows; `here` where one that is in the talk asks. */
  view(channel: string, here: boolean): OffRecordAnswer {
    const kept = this.#kept.get(channel);
    const proposedBy = this.#desk().offRecord.proposedBy(channel);
    const nothing = { lines: [], alarms: [], lineDown: false, who: [], saidToBe: [], ended: null };
    if (kept === undefined) return { state: 'none', proposedBy, logged: false, ...nothing };
    if (here) kept.seenMs = this.#nowMs();
    const { talk, ended, lines, alarms, lineDown, saidToBe } = kept;
    if (ended !== undefined) {
      const { end, lastedMs, logged, published, unpublished } = ended;
      const why = { end, lastedMs, published, unpublished };
      return { state: 'ended', proposedBy, logged, ...nothing, ended: why };
    }
    return {
      state: talk?.isOpen === true ? 'open' : 'there',
      proposedBy,
      logged: talk?.tookPlace === true,
      who: talk?.others ?? [],
      saidToBe,
      lines,
      alarms,
      lineDown,
      ended: null,
    };
  }

  async start(channel: string, logged: boolean): Promise<OffRecordAnswer> {
    const kept: Kept = {
      talk: undefined,
      lines: [],
      alarms: [],
      lineDown: false,
      saidToBe: [],
      ended: undefined,
      seenMs: this.#nowMs(),
    };
    const onEvent = (event: TalkEvent): void => this.#hear(channel, kept, event);
    kept.talk = await this.#desk().offRecord.start(channel, { logged, onEvent });
    this.#kept.set(channel, kept);
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS).unref();
    return this.view(channel, true);
  }

  async say(channel: string, text: string): Promise<void> {
    await this.#there(channel).say(text);
  }

  /** Leaves the talk, or takes away the note that it is over. */
  async leave(channel: string): Promise<void> {
    const kept = this.#kept.get(channel);
    if (kept?.ended !== undefined) this.#kept.delete(channel);
    await kept?.talk?.close();
  }

  /** Leaves every talk: the page is not served any more. */
  async end(): Promise<void> {
    clearInterval(this.#looking);
    await Promise.all([...this.#kept.values()].map(async ({ talk }) => talk?.close()));
  }

  #there(channel: string): OffRecordTalk {
    const talk = this.#kept.get(channel)?.talk;
    if (talk !== undefined) return talk;
    throw new PageRefusal(409, 'talk-is-over', {
      message: 'This desk is in no talk off the record here. Nothing was said.',
      next: 'propose another one',
    });
  }

  #hear(channel: string, kept: Kept, event: TalkEvent): void {
    switch (event.event) {
      case 'line':
        kept.lines.push({
          who: event.who,
          mine: event.mine,
          text: event.text,
          timeMs: event.atMs,
        });
        if (kept.lines.length > LINES_MAX) kept.lines.shift();
        break;
      case 'came':
        kept.saidToBe = [...kept.saidToBe, `${event.who.member} (${event.who.party})`];
        break;
      case 'proven':
        kept.saidToBe = kept.saidToBe.filter(
          (one) => one !== `${event.who.member} (${event.who.party})`,
        );
        break;
      case 'alarm':
        kept.alarms = [
          ...kept.alarms,
          { said: event.said, code: event.code, text: event.message },
        ].slice(-ALARMS_MAX);
        break;
      case 'line-state':
        kept.lineDown = event.state === 'down';
        break;
      case 'ended':
        // What was said goes with the talk.
        kept.lines = [];
        kept.ended = event;
        break;
      default:
    }
    this.#tell(channel);
  }

  #look(): void {
    const nowMs = this.#nowMs();
    for (const { talk, seenMs, ended } of this.#kept.values())
      if (ended === undefined && nowMs - seenMs > UNSEEN_MAX_MS) void talk?.close();
  }
}
