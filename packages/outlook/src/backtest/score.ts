// Scoring probabilities: Brier and logarithmic score against a reference, with intervals that respect that years hang together.

import { assert } from '@parley/kernel';
import { seeded } from '../random.ts';

export type Interval = { readonly low: number; readonly high: number };
export type Estimate = { readonly value: number; readonly interval90: Interval };

export type Comparison = {
  readonly n: number;
  /** Outcomes that came, where an outcome between 0 and 1 counts as its share. */
  readonly positives: number;
  readonly brier: number;
  readonly referenceBrier: number;
  readonly log: number;
  readonly referenceLog: number;
  /** 1 - score / score of the reference: above 0 is better than the reference. */
  readonly brierSkill: Estimate;
  readonly logSkill: Estimate;
  readonly blocks: number;
};

const CLAMP = 1e-6;

export function brierScore(p: number, outcome: number): number {
  return outcome * (1 - p) ** 2 + (1 - outcome) * p ** 2;
}

/** In nats; probabilities are held 1e-6 away from 0 and 1, so that one wrong certainty costs 13.8 and not everything. */
export function logScore(p: number, outcome: number): number {
  const held = Math.min(1 - CLAMP, Math.max(CLAMP, p));
  return -(outcome * Math.log(held) + (1 - outcome) * Math.log(1 - held));
}

export type Scored = {
  readonly p: ArrayLike<number>;
  readonly reference: ArrayLike<number>;
  readonly outcome: ArrayLike<number>;
  /** The block of each forecast, by its index: usually the year. */ readonly block: (
    at: number,
  ) => number;
};

type Sums = { brier: number; referenceBrier: number; log: number; referenceLog: number };

/** Quantile of a sorted list, between neighbours. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const a = sorted[below] ?? Number.NaN;
  const b = sorted[Math.min(below + 1, sorted.length - 1)] ?? a;
  return a + (b - a) * (position - below);
}

/** The lower and upper `tail` points (5 and 95 %) of a statistic over resampled blocks. */
export function blockBootstrap(
  blocks: readonly Sums[],
  resamples: number,
  seed: number,
  tail = 0.05,
): { brier: Interval; log: Interval } {
  const random = seeded(seed);
  const brier = new Float64Array(resamples);
  const log = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0; k < blocks.length; k++) {
      const block = blocks[random.below(blocks.length)];
      if (block === undefined) continue;
      a += block.brier;
      b += block.referenceBrier;
      c += block.log;
      d += block.referenceLog;
    }
    brier[i] = b === 0 ? 0 : 1 - a / b;
    log[i] = d === 0 ? 0 : 1 - c / d;
  }
  const interval = (values: Float64Array): Interval => {
    const sorted = values.toSorted();
    return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
  };
  return { brier: interval(brier), log: interval(log) };
}

/** Compares two forecasts of the same outcomes. Fewer than two blocks give an interval of width zero, and `blocks` says so. */
export function compare(scored: Scored, resamples = 2000, seed = 1, tail = 0.05): Comparison {
  const n = scored.outcome.length;
  assert(
    scored.p.length === n && scored.reference.length === n,
    'every forecast has a reference and an outcome',
  );
  const blocks = new Map<number, Sums>();
  let positives = 0;
  for (let i = 0; i < n; i++) {
    const [p, reference, outcome] = [
      scored.p[i] ?? 0,
      scored.reference[i] ?? 0,
      scored.outcome[i] ?? 0,
    ];
    const key = scored.block(i);
    const sums = blocks.get(key) ?? { brier: 0, referenceBrier: 0, log: 0, referenceLog: 0 };
    sums.brier += brierScore(p, outcome);
    sums.referenceBrier += brierScore(reference, outcome);
    sums.log += logScore(p, outcome);
    sums.referenceLog += logScore(reference, outcome);
    blocks.set(key, sums);
    positives += outcome;
  }
  const all: Sums = { brier: 0, referenceBrier: 0, log: 0, referenceLog: 0 };
  for (const sums of blocks.values()) {
    all.brier += sums.brier;
    all.referenceBrier += sums.referenceBrier;
    all.log += sums.log;
    all.referenceLog += sums.referenceLog;
  }
  const intervals = blockBootstrap([...blocks.values()], resamples, seed, tail);
  const per = (total: number): number => (n === 0 ? 0 : total / n);
  return {
    n,
    positives,
    brier: per(all.brier),
    referenceBrier: per(all.referenceBrier),
    log: per(all.log),
    referenceLog: per(all.referenceLog),
    brierSkill: {
      value: all.referenceBrier === 0 ? 0 : 1 - all.brier / all.referenceBrier,
      interval90: intervals.brier,
    },
    logSkill: {
      value: all.referenceLog === 0 ? 0 : 1 - all.log / all.referenceLog,
      interval90: intervals.log,
    },
    blocks: blocks.size,
  };
}
