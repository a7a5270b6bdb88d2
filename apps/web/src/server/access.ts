// Who may speak to the desk: a start token that works once, and the bearer it is exchanged for. Both live in memory only.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '@parley/kernel';

const TOKEN_BYTES = 32;
/** Windows at once; the oldest loses its bearer to the next. */
const BEARERS_MAX = 16;
/** Links that were made and not used yet. */
const TOKENS_MAX = 4;
const TOKEN_LIFE_MS = 10 * 60_000;

function same(a: Buffer, b: string): boolean {
  const given = Buffer.from(b, 'base64url');
  return given.length === a.length && timingSafeEqual(a, given);
}

/** Tokens and bearers are 256 random bits each: nobody guesses one, on this machine or from a page. */
export class Access {
  readonly #randomness: Randomness;
  readonly #nowMs: () => number;
  #tokens: { value: Buffer; untilMs: number }[] = [];
  #bearers: Buffer[] = [];

  constructor(randomness: Randomness, nowMs: () => number) {
    this.#randomness = randomness;
    this.#nowMs = nowMs;
  }

  #make(): Buffer {
    return Buffer.from(this.#randomness.bytes(TOKEN_BYTES));
  }

  /** A start token, good once and for ten minutes. */
  newToken(): string {
    const value = this.#make();
    const untilMs = this.#nowMs() + TOKEN_LIFE_MS;
    this.#tokens = [...this.#tokens, { value, untilMs }].slice(-TOKENS_MAX);
    return value.toString('base64url');
  }

  /** The bearer for a token; undefined for one that is wrong, late or used. */
  enter(token: string): string | undefined {
    const found = this.#tokens.find(({ value }) => same(value, token));
    if (found === undefined) return undefined;
    this.#tokens = this.#tokens.filter((one) => one !== found);
    if (found.untilMs < this.#nowMs()) return undefined;
    const bearer = this.#make();
    this.#bearers = [...this.#bearers, bearer].slice(-BEARERS_MAX);
    return bearer.toString('base64url');
  }

  /**
   * Shows a window that this is the client it was let in by, before it says anything: the nonce and our own address under
   * every bearer. Who took the port meanwhile knows none, learns none from this, and cannot pass on what we answer elsewhere.
   */
  prove(nonce: string, origin: string): string[] {
    return this.#bearers.map((bearer) =>
      createHmac('sha256', bearer).update(`${origin} ${nonce}`).digest('base64url'),
    );
  }

  /** Nobody is known any more: a client that is about to leave its port proves nothing that others there would profit by. */
  end(): void {
    this.#tokens = [];
    this.#bearers = [];
  }

  holds(bearer: string | undefined): boolean {
    return bearer !== undefined && this.#bearers.some((known) => same(known, bearer));
  }
}
