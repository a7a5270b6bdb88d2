// How the office engine's main thread waits: it naps, or it looks without pause while another thread reads many files.

import type { WasmInstance } from '../wasm-host.ts';

/** Reads inside one call of the engine after which its main thread no longer naps. A start without fonts does fewer. */
const READS_BEFORE = 200;
/** Looking for so long without a read is in vain: the thread that read has stopped, or waits for this one. */
const IN_VAIN_MS = 2000;

type Read = (...all: readonly unknown[]) => unknown;

export type ReadingFiles = { read: Read };

/** What the engine calls outside itself; while it looks, it asks for the time at every look. */
export type Outside = { readonly env?: Record<string, unknown> };

const pause = new Int32Array(new SharedArrayBuffer(4));
const nap = (): void => void Atomics.wait(pause, 0, 0, 1);

/**
 * Runs calls of the engine. Only its main thread has files: another thread asks it for every piece, and while it waits
 * for that thread it looks for questions once a millisecond. A list of fonts is 70,000 questions. Chance decides which
 * thread makes it, so that one start in five took a minute and a half longer. Past `READS_BEFORE` the main thread looks
 * without pause until the call returns; then it may nap again, since looking costs a processor. Where no read comes for
 * a while it naps between looks, so that an engine that waits for itself is seen to stand still.
 */
export class Attention {
  readonly #naps: () => void;
  #reads: number | undefined;
  /** Reads at the last look, and when there were others. */
  #before = { reads: 0, at: 0 };

  constructor(naps = nap) {
    this.#naps = naps;
  }

  /** Must be called before the engine is made of its code. An engine that asks otherwise waits as it pleases. */
  hear({ env }: Outside): void {
    const clock = env?.['emscripten_get_now'];
    if (env === undefined || typeof clock !== 'function') return;
    env['emscripten_get_now'] = (): number => {
      const now = (clock as () => number)();
      this.#looked(now);
      return now;
    };
  }

  /** What then runs each call of the engine. */
  of(files: ReadingFiles, { exports }: WasmInstance): <T>(call: () => T) => T {
    const read = files.read;
    const napping = (may: boolean): void => {
      const { pthread_self: self, _emscripten_thread_init: init } = exports;
      // An engine of another make waits as it pleases: slower, never wrong.
      if (typeof self !== 'function' || typeof init !== 'function') return;
      (init as Read)((self as Read)(), 1, 1, may ? 1 : 0, 0, 0);
    };
    files.read = (...all) => {
      if (this.#reads !== undefined && ++this.#reads === READS_BEFORE) napping(false);
      return read(...all);
    };
    return (call) => {
      this.#reads = 0;
      try {
        return call();
      } finally {
        if (this.#reads >= READS_BEFORE) napping(true);
        this.#reads = undefined;
      }
    };
  }

  #looked(now: number): void {
    const reads = this.#reads;
    if (reads === undefined || reads < READS_BEFORE) return;
    if (reads !== this.#before.reads) this.#before = { reads, at: now };
    else if (now - this.#before.at > IN_VAIN_MS) this.#naps();
  }
}
