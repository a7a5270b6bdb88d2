// A run that can be repeated: how many inputs, and chance from a seed (xorshift32).

import { parseArgs } from 'node:util';

export type SeededRun = {
  readonly wanted: number;
  readonly seed: number;
  /** A whole number from 0 up to and without `below`. */
  readonly random: (below: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
};

/** From `--inputs` and `--seed` of the command line. */
export function seededRun(inputs: number): SeededRun {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: String(inputs) },
      seed: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  let state = seed | 1;
  const random = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  return {
    wanted: Number(values.inputs),
    seed,
    random,
    pick: <T>(items: readonly T[]): T => items[random(items.length)] as T,
  };
}
