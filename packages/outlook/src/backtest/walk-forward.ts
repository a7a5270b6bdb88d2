// Walk-forward: at every issue date forecast with what was known then, and only then. The heart of the backtest.

import { assert } from '@parley/kernel';
import { civilOf, DAYS_PER_MONTH, monthStarts, type Day } from '../calendar.ts';
import {
  believe,
  calibrationFactor,
  chanceWithin,
  fadedExposure,
  RATE_SETTINGS,
  scaleChance,
  type RateSettings,
} from '../forecast/rate.ts';
import type { Occurrence, Series } from './series.ts';

export type WalkOptions = {
  /** `month`: on the first of a month for that month. `week`: every seven days for `horizonDays`. */
  readonly step: 'month' | 'week';
  readonly horizonDays: number;
  /** Days until an incident is public with its initiator's name, where the record does not say. */
  readonly lagDays: number;
  /** `lag`: the lag for all. `recorded`: the record's own date of attribution or disclosure where it has one. */
  readonly knowledge: 'lag' | 'recorded';
  /** Months of history before the first forecast. */
  readonly burnInMonths: number;
  readonly settings: RateSettings;
};

export const WALK_OPTIONS: WalkOptions = {
  step: 'month',
  horizonDays: 28,
  lagDays: 183,
  knowledge: 'lag',
  burnInMonths: 60,
  settings: RATE_SETTINGS,
};

/** Step-major arrays: the value of step s and pair d stands at s * dyads + d. */
export type Walk = {
  readonly dyads: number;
  /** Issue days; the forecast is for [issue, horizonEnd). */
  readonly issues: readonly Day[];
  readonly horizonEnds: readonly Day[];
  readonly years: readonly number[];
  /** Calibrated model, uncalibrated model, expanding climatology per pair, and the same model without fading. */
  readonly model: Float64Array;
  readonly raw: Float64Array;
  readonly climatology: Float64Array;
  readonly flat: Float64Array;
  /** Share of the outcome that fell into the horizon: 0 or 1 where dates allow, between where they do not. */
  readonly outcome: Float64Array;
};

type Window = { readonly start: Day; readonly end: Day };

function windowsOf(series: Series, options: WalkOptions): Window[] {
  if (options.step === 'month') {
    const starts = monthStarts(series.from, series.to);
    return starts.slice(0, -1).map((start, i) => ({ start, end: starts[i + 1] ?? start }));
  }
  const windows: Window[] = [];
  for (let start = series.from as number; start + options.horizonDays <= series.to; start += 7) {
    windows.push({ start: start as Day, end: (start + options.horizonDays) as Day });
  }
  return windows;
}

/** 1 minus the product of each incident's chance to have missed the window; its date is uniform over its span. */
function outcomes(series: Series, windows: readonly Window[]): Float64Array {
  const dyads = series.dyads.length;
  const missed = new Float64Array(windows.length * dyads).fill(1);
  for (const { dyad, start, end } of series.occurrences) {
    // Windows are ordered, so the ones that overlap are one run.
    let low = 0;
    let high = windows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((windows[middle]?.end ?? 0) > start) high = middle;
      else low = middle + 1;
    }
    for (let s = low; s < windows.length; s++) {
      const window = windows[s];
      if (window === undefined || window.start >= end) break;
      const overlap = Math.min(end, window.end) - Math.max(start, window.start);
      const at = s * dyads + dyad;
      missed[at] = (missed[at] ?? 1) * (1 - overlap / (end - start));
    }
  }
  return missed.map((value) => 1 - value);
}

function availableDay(occurrence: Occurrence, options: WalkOptions): number {
  const closed = occurrence.end;
  if (options.knowledge === 'recorded' && occurrence.known !== null)
    return Math.max(closed, occurrence.known + 1);
  return closed + options.lagDays;
}

/** Faded and unfaded counts per pair, moved forward in time. Each incident enters once, on the day it was known. */
class KnownCounts {
  readonly faded: Float64Array;
  readonly flat: Float64Array;
  #queue: readonly (Occurrence & { available: number })[];
  #next = 0;
  #now: number;
  #halfLifeDays: number;

  constructor(series: Series, options: WalkOptions) {
    this.faded = new Float64Array(series.dyads.length);
    this.flat = new Float64Array(series.dyads.length);
    this.#queue = series.occurrences
      .map((occurrence) => ({ ...occurrence, available: availableDay(occurrence, options) }))
      .toSorted((a, b) => a.available - b.available);
    this.#now = series.from;
    this.#halfLifeDays = options.settings.halfLifeMonths * DAYS_PER_MONTH;
  }

  /** Ages are counted from `edge`, the last day about which anything can be known. */
  advance(issue: Day, edge: number): void {
    const decay = 2 ** (-(edge - this.#now) / this.#halfLifeDays);
    for (let d = 0; d < this.faded.length; d++) this.faded[d] = (this.faded[d] ?? 0) * decay;
    this.#now = edge;
    for (; this.#next < this.#queue.length; this.#next++) {
      const occurrence = this.#queue[this.#next];
      if (occurrence === undefined || occurrence.available > issue) break;
      const age = edge - (occurrence.start + occurrence.end) / 2;
      this.faded[occurrence.dyad] =
        (this.faded[occurrence.dyad] ?? 0) + 2 ** (-Math.max(0, age) / this.#halfLifeDays);
      this.flat[occurrence.dyad] = (this.flat[occurrence.dyad] ?? 0) + 1;
    }
  }
}

/** Sums over windows whose outcome was known at the issue date. */
class KnownOutcomes {
  readonly came: Float64Array;
  windows = 0;
  totalCame = 0;
  totalForecast = 0;
  #next = 0;

  constructor(dyads: number) {
    this.came = new Float64Array(dyads);
  }

  advance(
    edge: number,
    windows: readonly Window[],
    outcome: Float64Array,
    raw: Float64Array,
    firstForecast: number,
    share: number,
  ): void {
    const dyads = this.came.length;
    for (; this.#next < windows.length && (windows[this.#next]?.end ?? 0) <= edge; this.#next++) {
      this.windows++;
      for (let d = 0; d < dyads; d++) {
        const at = this.#next * dyads + d;
        this.came[d] = (this.came[d] ?? 0) + (outcome[at] ?? 0);
        if (this.#next < firstForecast) continue;
        this.totalCame += share * (outcome[at] ?? 0);
        this.totalForecast += share * (raw[at] ?? 0);
      }
    }
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Forecasts every window of the series after the burn-in; earlier steps hold NaN and are dropped from the result. */
export function walkForward(series: Series, options: WalkOptions = WALK_OPTIONS): Walk {
  const windows = windowsOf(series, options);
  const dyads = series.dyads.length;
  assert(dyads > 0, 'a walk needs at least one pair');
  const outcome = outcomes(series, windows);
  const size = windows.length * dyads;
  const [model, raw, climatology, flat] = [
    new Float64Array(size),
    new Float64Array(size),
    new Float64Array(size),
    new Float64Array(size),
  ];
  const { settings } = options;
  const still: RateSettings = { ...settings, halfLifeMonths: Number.POSITIVE_INFINITY };
  const counts = new KnownCounts(series, options);
  const known = new KnownOutcomes(dyads);
  const firstForecast = windows.findIndex(
    ({ start }) => start >= series.from + options.burnInMonths * DAYS_PER_MONTH - 16,
  );
  const first = firstForecast < 0 ? windows.length : firstForecast;
  const share = options.step === 'month' ? 1 : Math.min(1, 7 / options.horizonDays);
  windows.forEach((window, s) => {
    const edge = Math.max(series.from, window.start - options.lagDays);
    counts.advance(window.start, edge);
    known.advance(edge, windows, outcome, raw, first, share);
    if (s < first) return;
    const ageMonths = (edge - series.from) / DAYS_PER_MONTH;
    const exposure = fadedExposure(ageMonths, settings.halfLifeMonths);
    const pooled = exposure > 0 ? sum(counts.faded) / (dyads * exposure) : 0;
    const pooledFlat = ageMonths > 0 ? sum(counts.flat) / (dyads * ageMonths) : 0;
    const horizon = (window.end - window.start) / DAYS_PER_MONTH;
    const factor = calibrationFactor(known.totalCame, known.totalForecast, settings);
    for (let d = 0; d < dyads; d++) {
      const at = s * dyads + d;
      // A pair with no incident at all before the first one anywhere still has a chance: half an incident in the pool.
      const floor = 0.5 / (dyads * (ageMonths + 1));
      raw[at] = chanceWithin(
        believe(counts.faded[d] ?? 0, exposure, Math.max(pooled, floor), settings),
        horizon,
      );
      model[at] = scaleChance(raw[at] ?? 0, factor);
      flat[at] = chanceWithin(
        believe(counts.flat[d] ?? 0, ageMonths, Math.max(pooledFlat, floor), still),
        horizon,
      );
      climatology[at] = ((known.came[d] ?? 0) + 0.5) / (known.windows + 1);
    }
  });
  const kept = windows.slice(first);
  const tail = (values: Float64Array): Float64Array => values.slice(first * dyads);
  return {
    dyads,
    issues: kept.map(({ start }) => start),
    horizonEnds: kept.map(({ end }) => end),
    years: kept.map(({ start }) => civilOf(start).year),
    model: tail(model),
    raw: tail(raw),
    climatology: tail(climatology),
    flat: tail(flat),
    outcome: tail(outcome),
  };
}

/** The steps whose issue year lies in the range, as a walk of their own. */
export function yearsOf(walk: Walk, firstYear: number, lastYear: number): Walk {
  const steps = walk.years.flatMap((year, s) => (year >= firstYear && year <= lastYear ? [s] : []));
  const low = steps[0] ?? 0;
  const high = (steps.at(-1) ?? -1) + 1;
  const cut = (values: Float64Array): Float64Array =>
    values.slice(low * walk.dyads, high * walk.dyads);
  return {
    dyads: walk.dyads,
    issues: walk.issues.slice(low, high),
    horizonEnds: walk.horizonEnds.slice(low, high),
    years: walk.years.slice(low, high),
    model: cut(walk.model),
    raw: cut(walk.raw),
    climatology: cut(walk.climatology),
    flat: cut(walk.flat),
    outcome: cut(walk.outcome),
  };
}
