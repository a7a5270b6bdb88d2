// The whole backtest as one value: what was asked, what came out, and what may honestly be said about it.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { civilOf, day, isMonthPrecise } from '../calendar.ts';
import { KIND_PROFILE, TARGET_PROFILE } from '../forecast/profile.ts';
import { RATE_SETTINGS, type RateSettings } from '../forecast/rate.ts';
import type { HistoryRecord, KindGroup } from '../history/record.ts';
import { usHolidayCalendar, type HolidayCalendar } from '../holidays.ts';
import { timingClaims } from './claims.ts';
import { HAZARD_OPTIONS, runControl } from './control.ts';
import { scoreInAdvance } from './in-advance.ts';
import { testGate } from './gate.ts';
import { testTiming } from './permutation.ts';
import { testProfile } from './profile-test.ts';
import { reliabilityOf } from './reliability.ts';
import { compare, type Comparison } from './score.ts';
import { buildSeries, textOfDyad, type Dyad, type Series } from './series.ts';
import { findings } from './findings.ts';
import type { LagRow, Slice, Backtest } from './result.ts';
import { covariatesFor } from './triggers.ts';
import { walkForward, WALK_OPTIONS, yearsOf, type Walk } from './walk-forward.ts';

export type BacktestOptions = {
  readonly dyads: readonly Dyad[] | number;
  /** Scored years; null takes all that have enough history before them. */
  readonly years: { readonly first: number; readonly last: number } | null;
  readonly group: KindGroup | null;
  readonly step: 'month' | 'week';
  readonly lagDays: number;
  readonly settings: RateSettings;
  /** Seeds of the planted-effect control; 0 leaves it out. */
  readonly controlSeeds: number;
  readonly permutations: number;
  readonly resamples: number;
  readonly calendars: readonly HolidayCalendar[];
};

export const BACKTEST_OPTIONS: BacktestOptions = {
  dyads: 14,
  years: null,
  group: null,
  step: 'month',
  lagDays: 183,
  settings: RATE_SETTINGS,
  controlSeeds: 100,
  permutations: 20_000,
  resamples: 2000,
  calendars: [],
};

export type BacktestReason = 'no-incidents' | 'too-short' | 'no-such-years';

/** Dated incidents that must precede the first scored year, so that it is not the start of the collection that is scored. */
const INCIDENTS_BEFORE_MIN = 50;

function scoredYears(
  history: readonly HistoryRecord[],
  walk: Walk,
  series: Series,
): { first: number; last: number } | undefined {
  const starts = history
    .flatMap((record) => {
      const span = record.type === 'incident' ? record[series.datedBy] : null;
      return span !== null && isMonthPrecise(span) ? [civilOf(day(span.start)).year] : [];
    })
    .toSorted((a, b) => a - b);
  const needed = Math.min(INCIDENTS_BEFORE_MIN, Math.floor(starts.length / 5));
  const enough = (starts[needed] ?? Number.POSITIVE_INFINITY) + 1;
  const first = Math.max(enough, walk.years[0] ?? Number.POSITIVE_INFINITY);
  const last = walk.years.at(-1) ?? Number.NEGATIVE_INFINITY;
  return first <= last ? { first, last } : undefined;
}

const blockOf =
  (walk: Walk) =>
  (at: number): number =>
    walk.years[Math.floor(at / walk.dyads)] ?? 0;

function against(walk: Walk, p: Float64Array, resamples: number): Comparison {
  return compare(
    { p, reference: walk.climatology, outcome: walk.outcome, block: blockOf(walk) },
    resamples,
  );
}

function slices(walk: Walk, names: readonly string[], keyOf: (at: number) => number): Slice[] {
  return names.map((name, key) => {
    const members = Array.from({ length: walk.model.length }, (_, at) => at).filter(
      (at) => keyOf(at) === key,
    );
    const pick = (values: Float64Array): number[] => members.map((at) => values[at] ?? 0);
    const result = compare(
      {
        p: pick(walk.model),
        reference: pick(walk.climatology),
        outcome: pick(walk.outcome),
        block: () => 0,
      },
      1,
    );
    return {
      name,
      n: result.n,
      positives: result.positives,
      brierSkill: result.brierSkill.value,
      logSkill: result.logSkill.value,
    };
  });
}

function lagRows(
  series: Series,
  options: BacktestOptions,
  range: { first: number; last: number },
): LagRow[] {
  const rows: { lagDays: number; knowledge: 'lag' | 'recorded' }[] = [
    { lagDays: 0, knowledge: 'lag' },
    { lagDays: 92, knowledge: 'lag' },
    { lagDays: 183, knowledge: 'lag' },
    { lagDays: 365, knowledge: 'lag' },
    { lagDays: options.lagDays, knowledge: 'recorded' },
  ];
  return rows.map((row) => {
    const walk = yearsOf(
      walkForward(series, {
        ...WALK_OPTIONS,
        ...row,
        step: options.step,
        settings: options.settings,
      }),
      range.first,
      range.last,
    );
    return {
      ...row,
      comparison: against(walk, walk.model, options.resamples),
      largestReliabilityError: reliabilityOf(walk.model, walk.outcome).largestError,
    };
  });
}

/**
 * Runs everything. `snapshot` names the records it ran on. Refuses a history without dated incidents between two countries,
 * or too short to score; takes a few seconds with the control, of which `onStage` tells.
 */
export function backtest(
  history: readonly HistoryRecord[],
  snapshot: string,
  options: BacktestOptions = BACKTEST_OPTIONS,
  onStage: (stage: string) => void = () => {},
): Verdict<Backtest, BacktestReason> {
  const series = buildSeries(history, {
    dyads: options.dyads,
    ...(options.group === null ? {} : { group: options.group }),
  });
  if (series.dyads.length === 0 || series.occurrences.length === 0) {
    return refuse('no-incidents', {
      detail: 'no incident between two named countries is dated to the month or better',
    });
  }
  onStage('walk-forward');
  const whole = walkForward(series, {
    ...WALK_OPTIONS,
    step: options.step,
    lagDays: options.lagDays,
    settings: options.settings,
  });
  const possible = scoredYears(history, whole, series);
  if (possible === undefined)
    return refuse('too-short', {
      detail: 'there must be five years of incidents before the first year that is scored',
    });
  const range = options.years ?? possible;
  const walk = yearsOf(whole, range.first, range.last);
  if (walk.issues.length === 0) {
    return refuse('no-such-years', {
      detail: `forecasts can be scored from ${whole.years[0] ?? '?'} to ${whole.years.at(-1) ?? '?'}`,
    });
  }
  const years = [...new Set(walk.years)];
  const profileOptions = {
    datedBy: series.datedBy,
    lagMonths: Math.round(options.lagDays / 30.44),
    firstYear: range.first,
    lastYear: range.last,
  };
  onStage('pairs chosen in advance');
  const inAdvance =
    typeof options.dyads === 'number' && series.datedBy === 'occurred'
      ? scoreInAdvance(history, {
          ranks: { from: 0, to: options.dyads },
          group: options.group ?? undefined,
          years: range,
          walk: { ...WALK_OPTIONS, lagDays: options.lagDays, settings: options.settings },
          resamples: options.resamples,
        })
      : undefined;
  onStage('profiles');
  const profiles = (['kind', 'target', 'sector'] as const).map((question) =>
    testProfile(history, question, {
      ...profileOptions,
      settings: question === 'kind' ? KIND_PROFILE : TARGET_PROFILE,
    }),
  );
  onStage('lags');
  const lags = lagRows(series, options, range);
  onStage('timing claims');
  const timing = testTiming(timingClaims(history, options.calendars), options.permutations);
  onStage('covariates');
  const us = usHolidayCalendar(civilOf(series.from).year, civilOf(series.to).year);
  const calendars = [
    ...options.calendars,
    ...(options.calendars.some(({ country }) => country === 'US') ? [] : [us]),
  ];
  const hazard = yearsOf(walkForward(series, HAZARD_OPTIONS), range.first, range.last);
  const asked = covariatesFor(history, series.dyads, hazard, calendars);
  const covariates = asked.map((covariate) =>
    testGate(hazard, covariate, { resamples: options.resamples, seed: 21, together: asked.length }),
  );
  onStage('planted-effect control');
  const control =
    options.controlSeeds === 0
      ? []
      : [1, 3].map((multiple) => runControl(multiple, options.controlSeeds));
  const result: Omit<Backtest, 'findings'> = {
    format: 'parley-outlook-backtest',
    version: 1,
    snapshot,
    datasets: [...new Set(history.map((record) => record.provenance.dataset))].toSorted(),
    counts: {
      events: history.filter((record) => record.type === 'event').length,
      incidents: history.filter((record) => record.type === 'incident').length,
      used: series.occurrences.length,
      leftOut: series.leftOut,
    },
    dyads: series.dyads.map(textOfDyad),
    years: { first: years[0] ?? range.first, last: years.at(-1) ?? range.last },
    step: options.step,
    lagDays: options.lagDays,
    datedBy: series.datedBy,
    group: options.group,
    settings: options.settings,
    rate: against(walk, walk.model, options.resamples),
    inAdvance: inAdvance ?? null,
    uncalibrated: against(walk, walk.raw, options.resamples),
    withoutRecency: against(walk, walk.flat, options.resamples),
    reliability: reliabilityOf(walk.model, walk.outcome),
    uncalibratedReliability: reliabilityOf(walk.raw, walk.outcome),
    lags,
    byYear: slices(walk, years.map(String), (at) => years.indexOf(blockOf(walk)(at))),
    byDyad: slices(walk, series.dyads.map(textOfDyad), (at) => at % walk.dyads),
    profiles,
    timing,
    covariates,
    control,
  };
  return accept({ ...result, findings: findings(result) });
}
