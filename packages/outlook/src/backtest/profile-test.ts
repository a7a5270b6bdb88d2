// Walk-forward test of the profiles: each incident is forecast from the incidents that were known before it.

import { civilOf, day, type Day } from '../calendar.ts';
import { Profile, type ProfileCase, type ProfileSettings } from '../forecast/profile.ts';
import {
  initiatorCountries,
  kindGroup,
  KIND_GROUPS,
  receiverCountries,
  type HistoryRecord,
  type Incident,
} from '../history/record.ts';
import { seeded } from '../random.ts';
import { quantile, type Estimate } from './score.ts';
import type { DatedBy } from './series.ts';

export type ProfileQuestion = 'kind' | 'target' | 'sector';

export type ProfileScore = {
  readonly question: ProfileQuestion;
  readonly n: number;
  readonly classes: number;
  /** Log score of the profile against the expanding frequencies of everybody. */
  readonly logSkill: Estimate;
  readonly brierSkill: number;
  /** Nats gained per incident. */
  readonly gain: Estimate;
};

/** Above this many, classes are joined as "other". */
const CLASSES_MAX = 30;

const monthOf = (at: Day): number => {
  const { year, month } = civilOf(at);
  return year * 12 + month - 1;
};

function outcomeOf(incident: Incident, question: ProfileQuestion): string | undefined {
  if (question === 'kind') return kindGroup(incident.kinds) ?? undefined;
  if (question === 'target') return receiverCountries(incident)[0];
  return incident.receivers[0]?.sector ?? undefined;
}

/** `closed` is the month in which its date span ended: an incident "some time in 2014" is not known in spring. */
export type DatedCase = ProfileCase & { readonly year: number; readonly closed: number };

/** One case per incident with a named initiator country; dates of any precision, ordered by their first day. */
export function profileCases(
  history: readonly HistoryRecord[],
  question: ProfileQuestion,
  datedBy: DatedBy,
): DatedCase[] {
  const cases: DatedCase[] = [];
  for (const record of history) {
    if (record.type !== 'incident' || record.duplicateOf !== null) continue;
    const span = record[datedBy];
    const actor = initiatorCountries(record)[0];
    const outcome = outcomeOf(record, question);
    if (span === null || actor === undefined || outcome === undefined) continue;
    const sponsor =
      record.initiators.find(({ country }) => country === actor)?.sponsor ?? 'unknown';
    const start = day(span.start);
    cases.push({
      month: monthOf(start),
      closed: monthOf(day(span.end)),
      year: civilOf(start).year,
      actor,
      // Who stands behind it says much about the kind and, measured, nothing more about the target.
      group: question === 'kind' ? sponsor : '',
      outcome,
    });
  }
  return cases.toSorted((a, b) => a.month - b.month);
}

/** The classes of a question: the kind groups, or the most frequent outcomes and "other". */
export function classesOf(cases: readonly ProfileCase[], question: ProfileQuestion): string[] {
  if (question === 'kind') return [...KIND_GROUPS];
  const counts = new Map<string, number>();
  for (const { outcome } of cases) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const names = [...counts]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name]) => name);
  return names.length <= CLASSES_MAX ? names : [...names.slice(0, CLASSES_MAX - 1), 'other'];
}

type Gain = { year: number; model: number; pool: number; modelBrier: number; poolBrier: number };

function gains(
  cases: readonly DatedCase[],
  classes: readonly string[],
  settings: ProfileSettings,
  lagMonths: number,
  firstYear: number,
  lastYear: number,
): Gain[] {
  const profile = new Profile(classes, settings);
  const found: Gain[] = [];
  const byKnown = cases.toSorted((a, b) => a.closed - b.closed || a.month - b.month);
  let next = 0;
  for (const one of cases) {
    for (; next < byKnown.length && (byKnown[next]?.closed ?? 0) < one.month - lagMonths; next++) {
      const past = byKnown[next];
      if (past !== undefined) profile.add({ ...past, month: past.closed });
    }
    if (one.year < firstYear || one.year > lastYear) continue;
    const at = classes.indexOf(one.outcome);
    const pooled = profile.pooled();
    const shares = profile.shares(one.actor, one.group, one.month);
    const brier = (p: readonly number[]): number =>
      p.reduce((sum, share, i) => sum + (share - (i === at ? 1 : 0)) ** 2, 0);
    found.push({
      year: one.year,
      model: Math.log(shares[at] ?? 1e-9),
      pool: Math.log(pooled[at] ?? 1e-9),
      modelBrier: brier(shares),
      poolBrier: brier(pooled),
    });
  }
  return found;
}

function summarise(blocks: readonly (readonly Gain[])[]): {
  log: number;
  gain: number;
  brier: number;
  n: number;
} {
  let [model, pool, modelBrier, poolBrier, n] = [0, 0, 0, 0, 0];
  for (const block of blocks) {
    for (const gain of block) {
      model += gain.model;
      pool += gain.pool;
      modelBrier += gain.modelBrier;
      poolBrier += gain.poolBrier;
      n++;
    }
  }
  return {
    log: pool === 0 ? 0 : 1 - model / pool,
    gain: n === 0 ? 0 : (model - pool) / n,
    brier: poolBrier === 0 ? 0 : 1 - modelBrier / poolBrier,
    n,
  };
}

export type ProfileTestOptions = {
  readonly settings: ProfileSettings;
  readonly datedBy: DatedBy;
  readonly lagMonths: number;
  readonly firstYear: number;
  readonly lastYear: number;
  readonly resamples?: number;
};

/** Tests one profile question over the years named. Years are resampled whole, with their incidents. */
export function testProfile(
  history: readonly HistoryRecord[],
  question: ProfileQuestion,
  options: ProfileTestOptions,
): ProfileScore {
  const cases = profileCases(history, question, options.datedBy);
  const classes = classesOf(cases, question);
  const known = new Set(classes);
  const folded = cases.map((one) => (known.has(one.outcome) ? one : { ...one, outcome: 'other' }));
  const all = gains(
    folded,
    classes,
    options.settings,
    options.lagMonths,
    options.firstYear,
    options.lastYear,
  );
  const byYear = [...Map.groupBy(all, ({ year }) => year).values()];
  const random = seeded(7);
  const resamples = options.resamples ?? 1000;
  const logs = new Float64Array(resamples);
  const perCase = new Float64Array(resamples);
  for (let i = 0; i < resamples && byYear.length > 0; i++) {
    const sample = summarise(byYear.map(() => byYear[random.below(byYear.length)] ?? []));
    logs[i] = sample.log;
    perCase[i] = sample.gain;
  }
  const point = summarise(byYear);
  const interval = (values: Float64Array): { low: number; high: number } => {
    const sorted = values.toSorted();
    return { low: quantile(sorted, 0.05), high: quantile(sorted, 0.95) };
  };
  return {
    question,
    n: point.n,
    classes: classes.length,
    logSkill: { value: point.log, interval90: interval(logs) },
    brierSkill: point.brier,
    gain: { value: point.gain, interval90: interval(perCase) },
  };
}
