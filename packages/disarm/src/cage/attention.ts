// How the office engine's main thread waits: it naps, or it looks without pause while another thread reads many files.

import type { WasmInstance } from '../wasm-host.ts';

/** Reads inside one call of the engine after which its main thread no longer naps. A start without fonts does fewer. */
const READS_BEFORE = 200;

type Read = (...all: readonly unknown[]) => unknown;

export type ReadingFiles = { read: Read };

/**
 * Runs calls of the engine. Only its main thread has files: another thread asks it for every piece, and while it waits
 * for that thread it looks for questions once a millisecond. A list of fonts is 70,000 questions. Chance decides which
 * thread makes it, so that one start in five took a minute and a half longer. Past `READS_BEFORE` the main thread looks
 * without pause until the call returns; then it may nap again, since looking costs a processor.
 */
export function attentive(files: ReadingFiles, { exports }: WasmInstance): <T>(call: () => T) => T {
  let reads: number | undefined;
  const read = files.read;
  const napping = (may: boolean): void => {
    const { pthread_self: self, _emscripten_thread_init: init } = exports;
    // An engine of another make waits as it pleases: slower, never wrong.
    if (typeof self !== 'function' || typeof init !== 'function') return;
    (init as Read)((self as Read)(), 1, 1, may ? 1 : 0, 0, 0);
  };
  files.read = (...all) => {
    if (reads !== undefined && ++reads === READS_BEFORE) napping(false);
    return read(...all);
  };
  return (call) => {
    reads = 0;
    try {
      return call();
    } finally {
      if (reads >= READS_BEFORE) napping(true);
      reads = undefined;
    }
  };
}
