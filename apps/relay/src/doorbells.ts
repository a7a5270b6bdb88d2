// Who waits for a log to grow: readers held in a long poll, and readers on a feed. Rings of one turn are one ring.

import type { LogId } from '@parley/post';
import { Feeds, keyOf, type PageAfter } from './feeds.ts';

type Waiter = { readonly wake: () => void };

export class Doorbells {
  readonly #max: number;
  readonly #feeds: Feeds;
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #rung = new Map<string, number>();
  #held = 0;
  #closed = false;

  constructor(max: number, pageAfter: PageAfter) {
    this.#max = max;
    this.#feeds = new Feeds(pageAfter);
  }

  get waiting(): number {
    return this.#held + this.#feeds.count;
  }

  get full(): boolean {
    return this.#closed || this.waiting >= this.#max;
  }

  /** Tells everyone who waits for this log, at the end of this turn. */
  ring(log: LogId, seq: number): void {
    const name = keyOf(log);
    if (!this.#feeds.has(name) && !this.#waiters.has(name)) return;
    if (this.#rung.size === 0) setImmediate(() => this.#flush());
    this.#rung.set(name, Math.max(seq, this.#rung.get(name) ?? 0));
  }

  #flush(): void {
    for (const [name, seq] of this.#rung) {
      this.#feeds.grown(name, seq);
      for (const waiter of this.#waiters.get(name) ?? []) waiter.wake();
    }
    this.#rung.clear();
  }

  /** Resolves when the log is rung, when the time is over, on abort, or when the relay stops. */
  async wait(log: LogId, maxMs: number, signal: AbortSignal): Promise<void> {
    if (this.full || signal.aborted) return;
    const name = keyOf(log);
    const waiters = this.#waiters.get(name) ?? new Set<Waiter>();
    this.#waiters.set(name, waiters);
    this.#held++;
    await new Promise<void>((settle) => {
      const timer = setTimeout(() => end(), maxMs);
      const waiter = { wake: (): void => end() };
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        if (!waiters.delete(waiter)) return;
        this.#held--;
        if (waiters.size === 0 && this.#waiters.get(name) === waiters) this.#waiters.delete(name);
        settle();
      };
      waiters.add(waiter);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** Whether anyone is on the feed of this log. */
  feeds(log: LogId): boolean {
    return this.#feeds.has(keyOf(log));
  }

  /** Takes a reader of the feed in. */
  add(log: LogId, reader: Parameters<Feeds['add']>[2]): void {
    this.#feeds.add(keyOf(log), log, reader);
  }

  close(): void {
    this.#closed = true;
    for (const waiters of this.#waiters.values()) for (const waiter of waiters) waiter.wake();
    this.#feeds.close();
  }
}
