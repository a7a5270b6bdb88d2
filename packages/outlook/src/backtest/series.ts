// The history as what a rate can be learnt from: who struck whom, and between which days.

import {
  day,
  DAYS_PER_MONTH,
  dayOf,
  civilOf,
  isMonthPrecise,
  type Day,
  type Span,
} from '../calendar.ts';
import type { CountryCode } from '../country.ts';
import {
  initiatorCountries,
  kindGroup,
  receiverCountries,
  type HistoryRecord,
  type Incident,
  type KindGroup,
} from '../history/record.ts';

/** A directed pair: the first is named as initiator, the second as receiver. */
export type Dyad = { readonly initiator: CountryCode; readonly receiver: CountryCode };

export type Occurrence = {
  readonly dyad: number;
  readonly start: Day;
  /** Exclusive. */
  readonly end: Day;
  /** The day it was public with its initiator's name, where the source says so. */
  readonly known: Day | null;
};

export type DatedBy = 'occurred' | 'disclosed';

export type Series = {
  readonly dyads: readonly Dyad[];
  readonly occurrences: readonly Occurrence[];
  /** First day of the month of the first dated incident of the whole history, any pair. */
  readonly from: Day;
  /** First day of the month after the last. */
  readonly to: Day;
  readonly datedBy: DatedBy;
  readonly leftOut: {
    readonly yearPrecise: number;
    readonly undated: number;
    readonly noPair: number;
    /** Dated after the years that the history really covers. */
    readonly beyondCoverage: number;
  };
};

export type SeriesOptions = {
  /** Named pairs, or how many of the most frequent to take. */
  readonly dyads: readonly Dyad[] | number;
  readonly group?: KindGroup | undefined;
  readonly datedBy?: DatedBy | undefined;
};

export function textOfDyad(dyad: Dyad): string {
  return `${dyad.initiator}-${dyad.receiver}`;
}

/** Incidents that somebody marked as the same as another do not count twice. */
function countable(history: readonly HistoryRecord[], group: KindGroup | undefined): Incident[] {
  return history.filter(
    (record): record is Incident =>
      record.type === 'incident' &&
      record.duplicateOf === null &&
      (group === undefined || kindGroup(record.kinds) === group),
  );
}

const monthFloor = (at: Day): Day => {
  const { year, month } = civilOf(at);
  return dayOf(year, month, 1);
};

function pairsOf(incident: Incident): Dyad[] {
  return initiatorCountries(incident).flatMap((initiator) =>
    receiverCountries(incident)
      .filter((receiver) => receiver !== initiator)
      .map((receiver) => ({ initiator, receiver })),
  );
}

function knownDay(incident: Incident): Day | null {
  const attributed = incident.initiators.flatMap((one) =>
    one.attributed === null ? [] : [day(one.attributed.end)],
  );
  const disclosed = incident.disclosed === null ? [] : [day(incident.disclosed.end)];
  const days = attributed.length > 0 ? attributed : disclosed;
  return days.length === 0 ? null : (Math.min(...days) as Day);
}

/** Disclosure dates stand in only where the history has next to no onset dates (the CFR tracker alone). */
function chooseDates(incidents: readonly Incident[]): DatedBy {
  const onsets = incidents.filter((incident) => incident.occurred !== null).length;
  return onsets * 10 >= incidents.length ? 'occurred' : 'disclosed';
}

/** The most frequent pairs, ties by name. They are chosen on the whole span: the same for model and reference. */
function frequentDyads(pairs: readonly (readonly Dyad[])[], count: number): Dyad[] {
  const counts = new Map<string, { dyad: Dyad; n: number }>();
  for (const dyad of pairs.flat()) {
    const key = textOfDyad(dyad);
    const entry = counts.get(key) ?? { dyad, n: 0 };
    entry.n++;
    counts.set(key, entry);
  }
  return [...counts]
    .toSorted(([a, x], [b, y]) => y.n - x.n || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, { dyad }]) => dyad);
}

/** A last year with fewer incidents than this share of the fullest one is a stray record, not a quiet world. */
const COVERED_SHARE = 0.1;

/**
 * The last day that the history covers. One record of another data set, years after the rest, must not pass for years in
 * which nothing happened: trailing years far below the fullest are cut off.
 */
function coverageEnd(spans: readonly Span[]): Day {
  const byYear = new Map<number, number>();
  for (const span of spans) {
    const { year } = civilOf(day(span.start));
    byYear.set(year, (byYear.get(year) ?? 0) + 1);
  }
  const first = Math.min(...byYear.keys());
  let last = Math.max(...byYear.keys());
  const fullest = Math.max(...byYear.values());
  while (last > first && (byYear.get(last) ?? 0) < COVERED_SHARE * fullest) last--;
  const ends = spans
    .filter((span) => civilOf(day(span.start)).year <= last)
    .map((span) => day(span.end));
  return ends.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY as Day);
}

/** Builds the series. Year-precise incidents cannot say in which month they fell, so they are counted as left out. */
export function buildSeries(history: readonly HistoryRecord[], options: SeriesOptions): Series {
  const incidents = countable(history, options.group);
  const datedBy = options.datedBy ?? chooseDates(incidents);
  const leftOut = { yearPrecise: 0, undated: 0, noPair: 0, beyondCoverage: 0 };
  const dated: { span: Span; pairs: Dyad[]; known: Day | null }[] = [];
  for (const incident of incidents) {
    const span = incident[datedBy];
    if (span === null) leftOut.undated++;
    else if (!isMonthPrecise(span)) leftOut.yearPrecise++;
    else {
      const pairs = pairsOf(incident);
      if (pairs.length === 0) leftOut.noPair++;
      dated.push({
        span,
        pairs,
        known: datedBy === 'disclosed' ? day(span.end) : knownDay(incident),
      });
    }
  }
  const last = coverageEnd(dated.map(({ span }) => span));
  const covered = dated.filter(({ span }) => day(span.start) <= last);
  leftOut.beyondCoverage = dated.length - covered.length;
  const dyads =
    typeof options.dyads === 'number'
      ? frequentDyads(
          covered.map(({ pairs }) => pairs),
          options.dyads,
        )
      : options.dyads;
  const indexOf = new Map(dyads.map((dyad, index) => [textOfDyad(dyad), index]));
  const occurrences = covered.flatMap(({ span, pairs, known }) =>
    pairs.flatMap((pair) => {
      const dyad = indexOf.get(textOfDyad(pair));
      return dyad === undefined
        ? []
        : [{ dyad, start: day(span.start), end: (day(span.end) + 1) as Day, known }];
    }),
  );
  const starts = dated.map(({ span }) => day(span.start));
  const first = starts.reduce((a, b) => (b < a ? b : a), Number.POSITIVE_INFINITY as Day);
  const empty = starts.length === 0;
  return {
    dyads,
    occurrences,
    from: empty ? (0 as Day) : monthFloor(first),
    to: empty ? (0 as Day) : monthFloor((monthFloor(last) + Math.ceil(DAYS_PER_MONTH) + 1) as Day),
    datedBy,
    leftOut,
  };
}
