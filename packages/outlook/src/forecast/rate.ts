// The default model of WHETHER: an empirical-Bayes gamma-Poisson rate per pair of countries, in which old incidents fade.

import { assert } from '@parley/kernel';
import { gammaQuantile } from '../gamma.ts';

export type RateSettings = {
  /** After so many months an incident counts half. Infinity: it never fades. */
  readonly halfLifeMonths: number;
  /** The pooled rate of all pairs counts like so many months of watching this pair. */
  readonly priorMonths: number;
  /** The calibration factor starts at 1 and is held there as if by so many incidents that were forecast right. */
  readonly calibrationPrior: number;
};

/**
 * The model of eight whose skill over a base rate could be measured (notes/outlook.md section 2 has 24 months of half-life).
 * 48 did better on 2010 to 2013 with pairs chosen in advance, and again on 2014 to 2017, which had no part in the choice.
 */
export const RATE_SETTINGS: RateSettings = {
  halfLifeMonths: 48,
  priorMonths: 24,
  calibrationPrior: 20,
};

/** Belief about a rate per month: Gamma(shape, rate). */
export type RateBelief = { readonly shape: number; readonly rate: number };

/** Months of watching, faded: the integral of the weights from `ageMonths` ago until now. */
export function fadedExposure(ageMonths: number, halfLifeMonths: number): number {
  if (!Number.isFinite(halfLifeMonths)) return ageMonths;
  return (halfLifeMonths / Math.LN2) * (1 - 2 ** (-ageMonths / halfLifeMonths));
}

/** Joins what is known of one pair (faded count and exposure) with the pooled rate. */
export function believe(
  fadedCount: number,
  exposureMonths: number,
  pooledRate: number,
  settings: RateSettings,
): RateBelief {
  assert(exposureMonths >= 0 && fadedCount >= 0, 'counts and exposures are not negative');
  return {
    shape: pooledRate * settings.priorMonths + fadedCount,
    rate: settings.priorMonths + exposureMonths,
  };
}

/** P(at least one incident within the horizon), with the doubt about the rate integrated out (negative binomial). */
export function chanceWithin(belief: RateBelief, horizonMonths: number): number {
  return 1 - (belief.rate / (belief.rate + horizonMonths)) ** belief.shape;
}

/** Multiplies the expected number behind a probability: how the calibration factor acts. */
export function scaleChance(chance: number, factor: number): number {
  return 1 - (1 - chance) ** factor;
}

/** The probabilities that the middle `share` of believed rates would give: a credible interval of the forecast. */
export function credibleInterval(
  belief: RateBelief,
  horizonMonths: number,
  factor: number,
  share = 0.9,
): { readonly low: number; readonly high: number } {
  const chance = (quantile: number): number =>
    1 - Math.exp(-gammaQuantile(belief.shape, belief.rate, quantile) * horizonMonths * factor);
  if (belief.shape <= 0) return { low: 0, high: 0 };
  return { low: chance((1 - share) / 2), high: chance((1 + share) / 2) };
}

/** How many came against how many were forecast, held near 1 until there is evidence. */
export function calibrationFactor(came: number, forecast: number, settings: RateSettings): number {
  return (settings.calibrationPrior + came) / (settings.calibrationPrior + forecast);
}
