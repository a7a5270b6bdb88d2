// The gate: a covariate is switched on only if it beats the base rate on pairs and years that did not choose it.

import { fitCovariate, NO_COVARIATE, offsetsOf, withCovariate } from '../forecast/covariate.ts';
import { compare, type Comparison } from './score.ts';
import type { Walk } from './walk-forward.ts';

export type GateResult = {
  readonly name: string;
  readonly question: string;
  /** Share of forecasts for which the covariate was on. */
  readonly share: number;
  /** Skill over the recency base rate; every forecast used a coefficient fitted on other pairs and earlier dates. */
  readonly comparison: Comparison | null;
  /** Multiple of the odds while the covariate is on, as fitted on everything: for reading, never for scoring. */
  readonly oddsRatio: number | null;
  readonly passed: boolean;
  readonly verdict: string;
};

const REFITS_PER_YEAR = 1;

/** Fewer incidents than this while the covariate was on cannot carry a claim, whatever an interval says. */
const INCIDENTS_ON_MIN = 10;

/** x of step s and pair d stands at s * dyads + d, as in the walk. */
export type Covariate = {
  readonly name: string;
  readonly question: string;
  readonly x: Float64Array;
};

const LEARNERS = [0, 1] as const;

/** The cases of every second pair, step by step. */
function everySecond(values: Float64Array, dyads: number, parity: number): Float64Array {
  const perStep = Math.ceil((dyads - parity) / 2);
  const steps = values.length / dyads;
  const kept = new Float64Array(steps * perStep);
  for (let s = 0; s < steps; s++) {
    for (let k = 0; k < perStep; k++)
      kept[s * perStep + k] = values[s * dyads + parity + 2 * k] ?? 0;
  }
  return kept;
}

/** Cross-fitted forecasts: pairs are split in two halves, each scored with what the other half taught up to then. */
export function crossFit(walk: Walk, x: Float64Array): Float64Array {
  const offsets = offsetsOf(walk.model);
  const forecast = new Float64Array(walk.model.length);
  const first = walk.issues[0] ?? 0;
  for (const scored of LEARNERS) {
    const parity = 1 - scored;
    const teaching = {
      offsets: everySecond(offsets, walk.dyads, parity),
      x: everySecond(x, walk.dyads, parity),
      outcome: everySecond(walk.outcome, walk.dyads, parity),
    };
    const perStep = Math.ceil((walk.dyads - parity) / 2);
    let fit = NO_COVARIATE;
    let fittedAt = Number.NEGATIVE_INFINITY;
    walk.issues.forEach((issue, s) => {
      const period = Math.floor(((issue - first) / 365.25) * REFITS_PER_YEAR);
      if (period > fittedAt) {
        // Outcomes of windows that are still open at the issue date are not used.
        let closed = s;
        while (closed > 0 && (walk.horizonEnds[closed - 1] ?? 0) > issue) closed--;
        fit = fitCovariate(teaching, closed * perStep, fit);
        fittedAt = period;
      }
      for (let d = scored; d < walk.dyads; d += 2) {
        const at = s * walk.dyads + d;
        forecast[at] = withCovariate(offsets[at] ?? 0, fit, x[at] ?? 0);
      }
    });
  }
  return forecast;
}

export type GateOptions = {
  readonly resamples: number;
  readonly seed: number;
  /** How many covariates ask for a place at the same time: the more ask, the more must be shown. */
  readonly together: number;
};

export const GATE_OPTIONS: GateOptions = { resamples: 1000, seed: 21, together: 1 };

/** Cross-fitting alone changes the base too (its intercept): the reference gets the same treatment with x = 0. */
export function testGate(
  walk: Walk,
  covariate: Covariate,
  options: GateOptions = GATE_OPTIONS,
): GateResult {
  const on = covariate.x.reduce((sum, value) => sum + value, 0) / Math.max(1, covariate.x.length);
  const base = { name: covariate.name, question: covariate.question, share: on };
  const cannot = (why: string): GateResult => ({
    ...base,
    comparison: null,
    oddsRatio: null,
    passed: false,
    verdict: `${covariate.name}: no measured skill, it cannot be tested: ${why}; it stays off.`,
  });
  if (on === 0) return cannot('no date of it falls into these years');
  if (on === 1 || walk.dyads < 2) return cannot('it is never off, or there is one pair only');
  const came = walk.outcome.reduce((sum, outcome, at) => sum + outcome * (covariate.x[at] ?? 0), 0);
  if (came < INCIDENTS_ON_MIN)
    return cannot(
      `${came.toFixed(0)} incidents came while it was on, fewer than ${INCIDENTS_ON_MIN}`,
    );
  const reference = crossFit(walk, new Float64Array(covariate.x.length));
  const forecast = crossFit(walk, covariate.x);
  const scored = {
    p: forecast,
    reference,
    outcome: walk.outcome,
    block: (i: number) => walk.years[Math.floor(i / walk.dyads)] ?? 0,
  };
  const comparison = compare(scored, options.resamples, options.seed);
  const strict = compare(scored, options.resamples, options.seed, 0.05 / options.together);
  const passed = strict.logSkill.interval90.low > 0 && comparison.brierSkill.value > 0;
  const whole = fitCovariate(
    { offsets: offsetsOf(walk.model), x: covariate.x, outcome: walk.outcome },
    covariate.x.length,
  );
  const { value, interval90 } = comparison.logSkill;
  const numbers = `log skill over the base rate ${value >= 0 ? '+' : ''}${value.toFixed(4)} [${interval90.low.toFixed(4)}, ${interval90.high.toFixed(4)}]`;
  return {
    ...base,
    comparison,
    oddsRatio: Math.exp(whole.coefficient),
    passed,
    verdict: passed
      ? `${covariate.name}: supported, ${numbers}.`
      : `${covariate.name}: no measured skill, ${numbers}; it stays off.`,
  };
}
