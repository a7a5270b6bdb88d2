// Who is turned away at the door too often is not let as far as the door for a while: a connection that is closed at once
// costs less than the cheapest refusal.

import { Buckets } from './buckets.ts';

const BANNED_MS = 10_000;
const BANNED_MAX = 100_000;

/** Counts refusals at the door by address prefix. Members are refused rarely, floods always. */
export class Penalties {
  readonly #allowance: Buckets;
  readonly #until = new Map<string, number>();

  constructor(perSecond: number, burst: number) {
    this.#allowance = new Buckets(perSecond, burst);
  }

  /** One more refusal; true if that was too many. */
  refused(from: string, nowMs: number): boolean {
    if (this.#allowance.take(from, nowMs) === 0) return false;
    this.#until.delete(from);
    this.#until.set(from, nowMs + BANNED_MS);
    if (this.#until.size > BANNED_MAX) {
      const oldest = this.#until.keys().next();
      if (oldest.done !== true) this.#until.delete(oldest.value);
    }
    return true;
  }

  banned(from: string, nowMs: number): boolean {
    const until = this.#until.get(from);
    if (until === undefined) return false;
    if (until > nowMs) return true;
    this.#until.delete(from);
    return false;
  }
}
