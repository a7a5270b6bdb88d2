// A covariate may only move a forecast away from the base rate, and only as far as the data push: an offset-logistic term.

/** Cases in time order; the fit at any point uses only those before it. */
export type CovariateCases = {
  /** Log-odds of the base forecast that the covariate has to beat. */
  readonly offsets: Float64Array;
  /** Usually 1 within 28 days after a trigger and 0 elsewhere. */
  readonly x: Float64Array;
  readonly outcome: Float64Array;
};

/** Variance of the prior on the coefficient: shrinks hard, a threefold effect is one and a half standard deviations. */
const PRIOR_VARIANCE = 0.5;

const logit = (p: number): number => Math.log(p / (1 - p));
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

export type CovariateFit = { readonly intercept: number; readonly coefficient: number };

export const NO_COVARIATE: CovariateFit = { intercept: 0, coefficient: 0 };

/**
 * Maximum a posteriori coefficient and intercept of outcome ~ logistic(logit(base) + intercept + coefficient * x) over the
 * first `upTo` cases. The intercept keeps a covariate that is always on from posing as an effect.
 */
export function fitCovariate(
  cases: CovariateCases,
  upTo: number,
  start: CovariateFit = NO_COVARIATE,
): CovariateFit {
  const { offsets, x, outcome } = cases;
  let { intercept, coefficient } = start;
  for (let round = 0; round < 6; round++) {
    let gradientI = -intercept / PRIOR_VARIANCE;
    let gradientC = -coefficient / PRIOR_VARIANCE;
    let hII = 1 / PRIOR_VARIANCE;
    let hIC = 0;
    let hCC = 1 / PRIOR_VARIANCE;
    for (let i = 0; i < upTo; i++) {
      const value = x[i] ?? 0;
      const p = logistic((offsets[i] ?? 0) + intercept + coefficient * value);
      const error = (outcome[i] ?? 0) - p;
      const weight = p * (1 - p);
      gradientI += error;
      hII += weight;
      if (value === 0) continue;
      gradientC += error * value;
      hIC += weight * value;
      hCC += weight * value * value;
    }
    const determinant = hII * hCC - hIC * hIC;
    const stepI = (hCC * gradientI - hIC * gradientC) / determinant;
    const stepC = (hII * gradientC - hIC * gradientI) / determinant;
    intercept += stepI;
    coefficient += stepC;
    if (Math.abs(stepI) + Math.abs(stepC) < 1e-4) break;
  }
  return { intercept, coefficient };
}

/** The base forecasts as offsets. */
export function offsetsOf(base: Float64Array): Float64Array {
  return base.map((p) => logit(Math.min(1 - 1e-6, Math.max(1e-6, p))));
}

export function withCovariate(offset: number, fit: CovariateFit, x: number): number {
  return logistic(offset + fit.intercept + fit.coefficient * x);
}
