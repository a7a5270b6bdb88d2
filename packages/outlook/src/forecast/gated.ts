// Covariates in a forecast: each passes the backtest gate on what was known at the issue date, or it stays off and says why.

import { HAZARD_OPTIONS } from '../backtest/control.ts';
import { GATE_OPTIONS, testGate } from '../backtest/gate.ts';
import type { Series } from '../backtest/series.ts';
import { covariatesFor, sharesOn } from '../backtest/triggers.ts';
import { walkForward, type Walk } from '../backtest/walk-forward.ts';
import { civilOf, day, type Day } from '../calendar.ts';
import type { HistoryRecord } from '../history/record.ts';
import { usHolidayCalendar, type HolidayCalendar } from '../holidays.ts';
import type { Question } from './question.ts';

export type GatedCovariate = {
  readonly name: string;
  readonly passed: boolean;
  /** What the gate found, in a sentence: also why it stays off. */
  readonly verdict: string;
  /** Share of the horizon's weeks in which it is on. */
  readonly on: number;
  /** By what the rate is multiplied over the horizon: 1 where it stays off. */
  readonly multiple: number;
};

/** The steps of a walk that had closed by a day: what nobody knew then teaches nothing. */
function until(walk: Walk, edge: Day): Walk {
  const steps = walk.horizonEnds.filter((end) => end <= edge).length;
  const cut = (values: Float64Array): Float64Array => values.slice(0, steps * walk.dyads);
  return {
    ...walk,
    issues: walk.issues.slice(0, steps),
    horizonEnds: walk.horizonEnds.slice(0, steps),
    years: walk.years.slice(0, steps),
    model: cut(walk.model),
    raw: cut(walk.raw),
    climatology: cut(walk.climatology),
    flat: cut(walk.flat),
    outcome: cut(walk.outcome),
  };
}

/** What each covariate does to one question. The more that ask together, the more each must show. */
export function gateCovariates(
  history: readonly HistoryRecord[],
  series: Series,
  question: Question,
  edge: Day,
  calendars: readonly HolidayCalendar[] = [],
): GatedCovariate[] {
  const issue = day(question.issued);
  const end = (day(question.closes) + 1) as Day;
  const known = calendars.some(({ country }) => country === 'US')
    ? calendars
    : [...calendars, usHolidayCalendar(civilOf(series.from).year, civilOf(end).year)];
  const walk = until(walkForward(series, HAZARD_OPTIONS), edge);
  const asked = covariatesFor(history, series.dyads, walk, known);
  const pairs = question.receivers.map((receiver) =>
    sharesOn(history, { initiator: question.initiator, receiver }, { issue, end }, known),
  );
  return asked.map((covariate) => {
    const { name } = covariate;
    const tested = testGate(walk, covariate, { ...GATE_OPTIONS, together: asked.length });
    const on = Math.max(...pairs.map((shares) => shares.get(name) ?? 0));
    const ratio = tested.passed ? (tested.oddsRatio ?? 1) : 1;
    // Fitted beside an intercept: where it is off, the rate is a little under the base that has it mixed in.
    const mean = 1 + tested.share * (ratio - 1);
    const multiple = tested.passed ? (1 + on * (ratio - 1)) / mean : 1;
    return { name, passed: tested.passed, verdict: tested.verdict, on, multiple };
  });
}
