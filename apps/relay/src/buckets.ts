// Token buckets by key, with a bounded memory: a flood of new keys forgets old ones, it does not fill the process.

const KEYS_MAX = 100_000;

type Level = { tokens: number; atMs: number };

/** One kind of allowance: `perSecond` on average, `burst` at once. */
export class Buckets {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #levels = new Map<string, Level>();

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** 0 if the key may go on, else the milliseconds after which it may. */
  take(key: string, nowMs: number): number {
    const level = this.#levels.get(key) ?? { tokens: this.#burst, atMs: nowMs };
    const passedMs = Math.max(0, nowMs - level.atMs);
    const tokens = Math.min(this.#burst, level.tokens + (passedMs * this.#perSecond) / 1000);
    // Moved to the end, so that the first key is the one unused for longest.
    this.#levels.delete(key);
    const allowed = tokens >= 1;
    this.#levels.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    if (this.#levels.size > KEYS_MAX) {
      const oldest = this.#levels.keys().next();
      if (oldest.done !== true) this.#levels.delete(oldest.value);
    }
    return allowed ? 0 : Math.ceil(((1 - tokens) * 1000) / this.#perSecond);
  }
}
