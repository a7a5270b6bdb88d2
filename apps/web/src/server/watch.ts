// Keeps the desk in step with its relays while the page is open, one exchange at a time, and tells the page what changed.

import { isFault } from '@parley/kernel';
import { isAway, type Desk } from '@parley/desk';
import { refusalOf } from './refusals.ts';
import type { LineState, News } from './wire.ts';

const UNKNOWN: LineState = {
  relay: 'unknown',
  lastMs: null,
  tookMs: null,
  sinceMs: null,
  trouble: null,
};
/** A relay that does not answer is asked again at growing intervals, up to this many times the usual one. */
const SLOWER_MAX = 8;

export type WatchOptions = {
  readonly everyMs: number;
  readonly nowMs: () => number;
  readonly tell: (news: News) => void;
  readonly onBug: (error: unknown) => void;
};

export class Watch {
  readonly #desk: Desk;
  readonly #options: WatchOptions;
  readonly #lines = new Map<string, LineState>();
  /** What each channel looked like when the page was last told. */
  readonly #told = new Map<string, string>();
  #slower = 1;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;
  /** Long work takes turns, so that one document is not rebuilt twice at once. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk, options: WatchOptions) {
    this.#desk = desk;
    this.#options = options;
  }

  line(channel: string): LineState {
    return this.#lines.get(channel) ?? UNKNOWN;
  }

  start(): void {
    this.#plan(0);
  }

  /** Ends after the exchange that is under way. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  /** Runs long work of the page in turn with the exchanges. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /** Asks the relays now: the page did something, or a person wants to know. */
  soon(): void {
    this.#slower = 1;
    if (!this.#ended) this.#plan(50);
  }

  #plan(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#round();
    }, afterMs);
  }

  async #round(): Promise<void> {
    let allUp = true;
    // A device that its party has let in finds its first channel by this.
    if (this.#desk.channels().length === 0) await this.inTurn(() => this.#firstChannels());
    for (const { name } of this.#desk.channels()) {
      if (this.#ended) return;
      await this.inTurn(() => this.#sync(name)).catch(this.#options.onBug);
      if (this.line(name).relay === 'down') allUp = false;
    }
    this.#slower = allUp ? 1 : Math.min(SLOWER_MAX, this.#slower * 2);
    if (!this.#ended) this.#plan(this.#options.everyMs * this.#slower);
  }

  async #firstChannels(): Promise<void> {
    await this.#desk.sync().catch((error: unknown) => refusalOf(error, this.#options.onBug));
    if (this.#desk.channels().length > 0) this.#options.tell({ kind: 'changed', channel: null });
  }

  async #sync(name: string): Promise<void> {
    if (this.#ended) return;
    const { nowMs } = this.#options;
    const startMs = nowMs();
    try {
      await this.#desk.sync(name, {
        onProgress: (text) => this.#options.tell({ kind: 'progress', channel: name, text }),
      });
      const lastMs = nowMs();
      const tookMs = Math.max(0, lastMs - startMs);
      this.#lines.set(name, { relay: 'up', lastMs, tookMs, sinceMs: null, trouble: null });
    } catch (error) {
      const { refusal } = refusalOf(error, this.#options.onBug);
      const down = isAway(error);
      const before = this.line(name);
      this.#lines.set(name, {
        ...before,
        relay: down ? 'down' : 'up',
        sinceMs: down ? (before.sinceMs ?? nowMs()) : null,
        trouble: isFault(error, 'relay-unreachable') ? null : refusal,
      });
    }
    this.#tellIfChanged(name);
  }

  #tellIfChanged(name: string): void {
    const view = this.#desk.channels().find((channel) => channel.name === name);
    const { relay, sinceMs, trouble } = this.line(name);
    const now = JSON.stringify([view, relay, sinceMs, trouble]);
    if (this.#told.get(name) === now) return;
    this.#told.set(name, now);
    this.#options.tell({ kind: 'changed', channel: name });
  }
}
