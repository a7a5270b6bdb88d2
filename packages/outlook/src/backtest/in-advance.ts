// The pairs that somebody would have watched: chosen anew every New Year by what was known then, and scored in that year only.
//
// The most frequent pairs of a whole history are chosen with knowledge of how it ended. That flatters every model that learns
// from all pairs together, since a pair's later incidents are the reason that it is looked at.

import { civilOf, day, dayOf, type Day } from '../calendar.ts';
import { calibrationFactor, scaleChance } from '../forecast/rate.ts';
import type { HistoryRecord, KindGroup } from '../history/record.ts';
import { compare, type Comparison } from './score.ts';
import { buildSeries } from './series.ts';
import { walkForward, yearsOf, type WalkOptions } from './walk-forward.ts';

export type AdvanceOptions = {
  /** Ranks of the pairs, by incidents known at New Year: from 0, `to` exclusive. */
  readonly ranks: { readonly from: number; readonly to: number };
  readonly group?: KindGroup | undefined;
  readonly years: { readonly first: number; readonly last: number };
  readonly walk: WalkOptions;
  readonly resamples: number;
};

type Made = {
  readonly issue: Day;
  readonly end: Day;
  readonly year: number;
  readonly raw: number;
  readonly reference: number;
  readonly outcome: number;
};

const knownBefore =
  (limit: Day, lagDays: number) =>
  (record: HistoryRecord): boolean =>
    record.type === 'incident' &&
    [record.occurred, record.disclosed].some(
      (span) => span !== null && day(span.end) + 1 + lagDays <= limit,
    );

/** The calibration factor that the model's own earlier forecasts of this kind teach, as far as they closed by a day. */
export function factorInAdvance(
  history: readonly HistoryRecord[],
  options: Omit<AdvanceOptions, 'years' | 'resamples'>,
  until: Day,
): number {
  const years = { first: 0, last: civilOf(until).year };
  let [came, forecast] = [0, 0];
  for (const one of forecasts(history, { ...options, years, resamples: 0 })) {
    if (one.end > until) break;
    came += one.outcome;
    forecast += one.raw;
  }
  return calibrationFactor(came, forecast, options.walk.settings);
}

/** Every forecast that would have been made, without calibration. Early years before any forecast can be made are empty. */
function forecasts(history: readonly HistoryRecord[], options: AdvanceOptions): Made[] {
  const { ranks, group, walk } = options;
  const made: Made[] = [];
  const earliest = buildSeries(history, { dyads: 1, group }).from;
  for (let year = civilOf(earliest).year; year <= options.years.last; year++) {
    const known = history.filter(knownBefore(dayOf(year, 1, 1), walk.lagDays));
    const watched = buildSeries(known, { dyads: ranks.to, group }).dyads.slice(ranks.from);
    if (watched.length === 0) continue;
    const run = yearsOf(
      walkForward(buildSeries(history, { dyads: watched, group }), walk),
      year,
      year,
    );
    run.issues.forEach((issue, s) => {
      for (let d = 0; d < run.dyads; d++) {
        const at = s * run.dyads + d;
        made.push({
          issue,
          end: run.horizonEnds[s] ?? issue,
          year,
          raw: run.raw[at] ?? 0,
          reference: run.climatology[at] ?? 0,
          outcome: run.outcome[at] ?? 0,
        });
      }
    });
  }
  return made;
}

/**
 * Scores the model, calibrated by its own earlier forecasts of this kind, against each pair's own past. Undefined where no
 * forecast falls into the years.
 */
export function scoreInAdvance(
  history: readonly HistoryRecord[],
  options: AdvanceOptions,
): Comparison | undefined {
  const made = forecasts(history, options);
  const { settings, lagDays } = options.walk;
  let [came, forecast, closed] = [0, 0, 0];
  const scored: (Made & { p: number })[] = [];
  for (const one of made) {
    for (; (made[closed]?.end ?? Number.POSITIVE_INFINITY) <= one.issue - lagDays; closed++) {
      came += made[closed]?.outcome ?? 0;
      forecast += made[closed]?.raw ?? 0;
    }
    if (one.year < options.years.first) continue;
    const p = scaleChance(one.raw, calibrationFactor(came, forecast, settings));
    scored.push({ ...one, p });
  }
  if (scored.length === 0) return undefined;
  return compare(
    {
      p: scored.map(({ p }) => p),
      reference: scored.map(({ reference }) => reference),
      outcome: scored.map(({ outcome }) => outcome),
      block: (at) => scored[at]?.year ?? 0,
    },
    options.resamples,
  );
}
