// One forecast: the number, how sure one may be of it, what it stands on, and what is not known.

import { accept, refuse, say, type Verdict } from '@parley/kernel';
import { buildSeries, type Series } from '../backtest/series.ts';
import { factorInAdvance } from '../backtest/in-advance.ts';
import { classesOf, profileCases } from '../backtest/profile-test.ts';
import { WALK_OPTIONS } from '../backtest/walk-forward.ts';
import { civilOf, day, DAYS_PER_MONTH, isMonthPrecise, textOfDay, type Day } from '../calendar.ts';
import { countryName } from '../country.ts';
import {
  initiatorCountries,
  kindGroup,
  receiverCountries,
  type HistoryRecord,
  type Incident,
} from '../history/record.ts';
import type { Caution } from './cautions.ts';
import { gateCovariates, type GatedCovariate } from './gated.ts';
import { KIND_PROFILE, Profile, TARGET_PROFILE } from './profile.ts';
import type { Question } from './question.ts';
import {
  believe,
  chanceWithin,
  credibleInterval,
  fadedExposure,
  RATE_SETTINGS,
  scaleChance,
  type RateBelief,
  type RateSettings,
} from './rate.ts';

export const MODEL_ID = 'parley-rate/2';

export type Adjustment = {
  /** Added to the log-odds: 0.7 about doubles the odds, -0.7 halves them. */
  readonly logOdds: number;
  readonly reason: string;
  readonly evidence: readonly string[];
  readonly by: string;
};

export type Share = { readonly name: string; readonly share: number };

export type Forecast = {
  readonly model: string;
  readonly question: Question;
  readonly p: number;
  readonly interval90: { readonly low: number; readonly high: number };
  /** The same question by the plain frequency of the past: what the forecast has to beat. */
  readonly baseRate: number;
  /** Given that one comes: shares of the kinds, and of the receivers among all that this initiator strikes. */
  readonly kinds: readonly Share[];
  readonly targets: readonly Share[];
  /** Ids of the incidents that weigh most, newest first. */
  readonly evidence: readonly string[];
  readonly adjustments: readonly Adjustment[];
  /** Every covariate that asked for a place: what the gate found, and what it does to this number. */
  readonly covariates: readonly GatedCovariate[];
  /** What the reader must know about this number. */
  readonly cautions: readonly Caution[];
  readonly snapshot: string;
  readonly knownUntil: string;
};

export type ForecastReason = 'no-history' | 'adjustment-too-large' | 'no-reason';

/** So many of the most frequent pairs are the pool. */
const POOL_PAIRS = 14;
const EVIDENCE_MAX = 8;
const STALE_DAYS = 400;

type Basis = {
  readonly series: Series;
  readonly belief: RateBelief;
  readonly factor: number;
  readonly edge: Day;
  readonly evidence: readonly Incident[];
  readonly exposureMonths: number;
  readonly count: number;
};

function matching(question: Question, history: readonly HistoryRecord[], edge: Day): Incident[] {
  return history.filter(
    (record): record is Incident =>
      record.type === 'incident' &&
      record.duplicateOf === null &&
      record.occurred !== null &&
      isMonthPrecise(record.occurred) &&
      day(record.occurred.start) <= edge &&
      initiatorCountries(record).includes(question.initiator) &&
      receiverCountries(record).some((code) => question.receivers.includes(code)) &&
      (question.group === null || kindGroup(record.kinds) === question.group),
  );
}

/**
 * The pool comes from the fourteen most frequent pairs, the calibration from those that were it at each New Year, the count
 * from the pair that is asked about.
 */
function basisOf(
  question: Question,
  history: readonly HistoryRecord[],
  settings: RateSettings,
  lagDays: number,
): Basis | undefined {
  const series = buildSeries(history, {
    dyads: POOL_PAIRS,
    ...(question.group === null ? {} : { group: question.group }),
    datedBy: 'occurred',
  });
  if (series.occurrences.length === 0) return undefined;
  const issue = day(question.issued);
  // A history that ends early knows nothing of the time after: its end is the edge, not a long quiet.
  const edge = Math.min(issue - lagDays, series.to - 1) as Day;
  if (edge <= series.from) return undefined;
  const halfLifeDays = settings.halfLifeMonths * DAYS_PER_MONTH;
  const weight = (at: number): number => 2 ** (-Math.max(0, edge - at) / halfLifeDays);
  const ageMonths = (edge - series.from) / DAYS_PER_MONTH;
  const exposure = fadedExposure(ageMonths, settings.halfLifeMonths);
  const known = series.occurrences.filter((occurrence) => occurrence.end <= edge + 1);
  const total = known.reduce((sum, { start, end }) => sum + weight((start + end) / 2), 0);
  const pooled = Math.max(
    total / (series.dyads.length * exposure),
    0.5 / (series.dyads.length * (ageMonths + 1)),
  );
  const evidence = matching(question, history, edge);
  const own = evidence.reduce(
    (sum, { occurred }) =>
      sum + (occurred === null ? 0 : weight((day(occurred.start) + day(occurred.end)) / 2)),
    0,
  );
  return {
    series,
    belief: believe(own, exposure, pooled, settings),
    factor: factorInAdvance(
      history,
      {
        ranks: { from: 0, to: POOL_PAIRS },
        group: question.group ?? undefined,
        walk: { ...WALK_OPTIONS, lagDays, settings },
      },
      edge,
    ),
    edge,
    evidence,
    exposureMonths: ageMonths,
    count: evidence.length,
  };
}

function profileShares(
  question: Question,
  history: readonly HistoryRecord[],
  of: 'kind' | 'target',
  edge: Day,
): Share[] {
  const cases = profileCases(history, of, 'occurred');
  const classes = classesOf(cases, of);
  const profile = new Profile(classes, of === 'kind' ? KIND_PROFILE : TARGET_PROFILE);
  const { year, month } = civilOf(edge);
  const now = year * 12 + month - 1;
  const known = new Set(classes);
  for (const one of cases.toSorted((a, b) => a.closed - b.closed)) {
    if (one.closed <= now)
      profile.add({
        ...one,
        month: one.closed,
        outcome: known.has(one.outcome) ? one.outcome : 'other',
      });
  }
  const shares = profile.shares(question.initiator, of === 'kind' ? 'state' : '', now);
  return classes
    .map((name, i) => ({ name, share: shares[i] ?? 0 }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, of === 'kind' ? classes.length : 8);
}

function cautionsOf(
  basis: Basis,
  question: Question,
  covariates: readonly GatedCovariate[],
): Caution[] {
  const cautions: Caution[] = [];
  const gap = day(question.issued) - basis.edge;
  if (gap > STALE_DAYS)
    cautions.push(
      say('stale-history', { day: textOfDay(basis.edge), years: Math.round(gap / 365.25) }),
    );
  if (basis.count < 5) cautions.push(say('few-incidents', { count: basis.count }));
  if (question.receivers.length > 1) cautions.push(say('several-receivers'));
  const passed = covariates.filter((one) => one.passed);
  const names = passed.map(({ name, multiple }) => `${name} (rate x ${multiple.toFixed(2)})`);
  cautions.push(
    passed.length === 0 ? say('nothing-moves-it') : say('moved-by', { names: names.join(', ') }),
  );
  return cautions;
}

/** Forecasts a question from a history. Refuses only where there is no dated incident at all to learn from. */
export function forecast(
  question: Question,
  history: readonly HistoryRecord[],
  snapshot: string,
  settings: RateSettings = RATE_SETTINGS,
  lagDays = WALK_OPTIONS.lagDays,
): Verdict<Forecast, ForecastReason> {
  const basis = basisOf(question, history, settings, lagDays);
  if (basis === undefined)
    return refuse('no-history', {
      detail: 'no incident is dated to the month or better before the issue date',
    });
  const months = (day(question.closes) - day(question.issued) + 1) / DAYS_PER_MONTH;
  const rate = (basis.count + 0.5) / (basis.exposureMonths + 1);
  const covariates = gateCovariates(history, basis.series, question, basis.edge);
  const factor = covariates.reduce((product, { multiple }) => product * multiple, basis.factor);
  return accept({
    model: MODEL_ID,
    question,
    p: scaleChance(chanceWithin(basis.belief, months), factor),
    interval90: credibleInterval(basis.belief, months, factor),
    baseRate: 1 - Math.exp(-rate * months),
    kinds: profileShares(question, history, 'kind', basis.edge),
    targets: profileShares(question, history, 'target', basis.edge).map(({ name, share }) => ({
      name: countryName(name),
      share,
    })),
    evidence: basis.evidence
      .toSorted((a, b) => ((a.occurred?.start ?? '') < (b.occurred?.start ?? '') ? 1 : -1))
      .slice(0, EVIDENCE_MAX)
      .map(({ id }) => id),
    adjustments: [],
    covariates,
    cautions: cautionsOf(basis, question, covariates),
    snapshot,
    knownUntil: textOfDay(basis.edge),
  });
}

export type HorizonRow = {
  readonly days: number;
  readonly p: number;
  readonly low: number;
  readonly high: number;
  readonly base: number;
  readonly baseLow: number;
  readonly baseHigh: number;
};

/** The same forecast for growing horizons, with the band of the unfaded base rate: for the picture. */
export function horizonRows(
  question: Question,
  history: readonly HistoryRecord[],
  lastDays: number,
  settings: RateSettings = RATE_SETTINGS,
  lagDays = WALK_OPTIONS.lagDays,
): HorizonRow[] {
  const basis = basisOf(question, history, settings, lagDays);
  if (basis === undefined) return [];
  const base: RateBelief = { shape: basis.count + 0.5, rate: basis.exposureMonths + 1 };
  return Array.from({ length: 30 }, (_, i) =>
    Math.max(1, Math.round(((i + 1) * lastDays) / 30)),
  ).map((days) => {
    const months = days / DAYS_PER_MONTH;
    const own = credibleInterval(basis.belief, months, basis.factor);
    const plain = credibleInterval(base, months, 1);
    return {
      days,
      p: scaleChance(chanceWithin(basis.belief, months), basis.factor),
      ...own,
      base: chanceWithin(base, months),
      baseLow: plain.low,
      baseHigh: plain.high,
    };
  });
}

/** Log-odds beyond this would be a new forecast, not an adjustment of this one (about twenty times the odds). */
const ADJUSTMENT_MAX = 3;

const shift = (p: number, logOdds: number): number => {
  const odds = (p / (1 - p)) * Math.exp(logOdds);
  return odds / (1 + odds);
};

/** A person moves the number, and says why. The model's own number stays in the ledger and is scored apart. */
export function adjust(from: Forecast, adjustment: Adjustment): Verdict<Forecast, ForecastReason> {
  if (!(Math.abs(adjustment.logOdds) <= ADJUSTMENT_MAX))
    return refuse('adjustment-too-large', {
      detail: `log-odds from -${ADJUSTMENT_MAX} to ${ADJUSTMENT_MAX}`,
    });
  if (adjustment.reason.trim() === '')
    return refuse('no-reason', { detail: 'an adjustment needs its reason' });
  return accept({
    ...from,
    p: shift(from.p, adjustment.logOdds),
    interval90: {
      low: shift(from.interval90.low, adjustment.logOdds),
      high: shift(from.interval90.high, adjustment.logOdds),
    },
    adjustments: [...from.adjustments, adjustment],
  });
}
