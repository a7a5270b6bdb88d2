// How much work strangers must prove: none in quiet times, more with each second of a flood, less when it is over.

const LOOK_MS = 1_000;
const FIRST_BITS = 12;
const STEP_BITS = 2;
/** About a second of one core for an honest caller. */
const MOST_BITS = 20;
/** Quiet seconds before a step down, so that a flood in waves meets the same wall again. */
const QUIET_LOOKS = 10;

export class WorkGauge {
  readonly #fromPerSecond: number;
  readonly #timer: NodeJS.Timeout;
  #calls = 0;
  #quiet = 0;
  #bits = 0;

  constructor(fromPerSecond: number) {
    this.#fromPerSecond = fromPerSecond;
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  get bits(): number {
    return this.#bits;
  }

  /** Counts every call of a stranger, let in or not. */
  called(): void {
    this.#calls++;
  }

  /** Judges the last second. */
  look(): void {
    const flooded = this.#calls >= this.#fromPerSecond;
    this.#calls = 0;
    if (flooded) {
      this.#quiet = 0;
      this.#bits = this.#bits === 0 ? FIRST_BITS : Math.min(MOST_BITS, this.#bits + STEP_BITS);
    } else if (this.#bits > 0 && ++this.#quiet >= QUIET_LOOKS) {
      this.#quiet = 0;
      this.#bits = this.#bits <= FIRST_BITS ? 0 : this.#bits - STEP_BITS;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
