// The pictures of the outlook: timeline, reliability, skill by year, calendar heat map, probability over the horizon.

import * as Plot from '@observablehq/plot';
import type { Backtest } from '../backtest/result.ts';
import { civilOf, day, DAYS_PER_MONTH, textOfSpan, type Span } from '../calendar.ts';
import { countryName } from '../country.ts';
import type { HistoryRecord } from '../history/record.ts';
import type { Reliability } from '../backtest/reliability.ts';
import { ACCENT, draw, INK, QUIET, SECOND, type Figure } from './figure.ts';

const date = (text: string): Date => new Date(`${text}T00:00:00Z`);

const TIMELINE_MAX = 400;

function who(record: HistoryRecord): string {
  if (record.type === 'event') {
    const [first, ...others] = record.actors.map(countryName);
    return first === undefined
      ? 'nobody named'
      : `${first}${others.length > 0 ? ' and others' : ''}`;
  }
  const first = record.initiators[0];
  return first?.country == null ? (first?.actor ?? 'unknown') : countryName(first.country);
}

/** Lanes have room for so many letters. */
const LANE_LETTERS = 24;

function short(name: string): string {
  const letters = Array.from(name);
  return letters.length <= LANE_LETTERS ? name : `${letters.slice(0, LANE_LETTERS - 1).join('')}…`;
}

/** Bars as wide as the doubt about the date. `by` says whether things stand where they happened or where they became known. */
export function timeline(history: readonly HistoryRecord[], by: 'occurred' | 'disclosed'): Figure {
  const shown = history
    .flatMap((record) => {
      const span: Span | null = record[by];
      return span === null ? [] : [{ record, span }];
    })
    .toSorted((a, b) => (a.span.start < b.span.start ? -1 : 1))
    .slice(-TIMELINE_MAX);
  const times = shown.map(({ span }) => date(span.start).getTime());
  const width = Math.max(...times) - Math.min(...times);
  // A day among years would be thinner than a line of print: no bar is narrower than a quarter of a per cent.
  const leastMs = Math.max(86_400_000, width / 400);
  const marks = shown.map(({ record, span }) => ({
    start: date(span.start),
    end: new Date(
      Math.max(date(span.end).getTime() + 86_400_000, date(span.start).getTime() + leastMs),
    ),
    lane: short(who(record)),
    what: record.type === 'event' ? 'event' : 'incident',
  }));
  const lanes = [...Map.groupBy(marks, ({ lane }) => lane)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 14)
    .map(([lane]) => lane);
  const kept = marks.filter(({ lane }) => lanes.includes(lane));
  const verb = by === 'occurred' ? 'happened' : 'became known';
  return draw(
    `timeline-${by}`,
    by === 'occurred' ? 'When it happened' : 'When it became known',
    `Each bar is one record, as wide as the doubt about its date: a day, a month, a year or a range. Placed where it ${verb}; events above, incidents below in each lane.`,
    {
      height: 60 + lanes.length * 26,
      marginLeft: 170,
      x: { type: 'utc', label: null, grid: true },
      y: { domain: lanes, label: null },
      marks: [
        Plot.barX(
          kept.filter(({ what }) => what === 'event'),
          { x1: 'start', x2: 'end', y: 'lane', fill: SECOND, fillOpacity: 0.7, insetBottom: 12 },
        ),
        Plot.barX(
          kept.filter(({ what }) => what === 'incident'),
          { x1: 'start', x2: 'end', y: 'lane', fill: ACCENT, fillOpacity: 0.7, insetTop: 12 },
        ),
      ],
    },
    {
      columns: [by === 'occurred' ? 'Happened' : 'Known', 'Precision', 'Who', 'What', 'Title'],
      rows: shown.map(({ record, span }) => [
        textOfSpan(span),
        span.precision,
        who(record),
        record.type === 'event' ? record.class : record.kinds.join('+') || 'incident',
        record.title,
      ]),
    },
  );
}

/** Forecast against what came, with the number behind every point. */
export function reliabilityDiagram(reliability: Reliability, id = 'reliability'): Figure {
  const top =
    Math.max(
      0.05,
      ...reliability.bins.flatMap((bin) => [bin.meanForecast, bin.observed + bin.noise]),
    ) * 1.05;
  return draw(
    id,
    'Reliability: did 10 % mean 10 %?',
    'On the diagonal the forecasts mean what they say. Above it too little was forecast. The bars show what chance alone would do to each point; the numbers are how many forecasts it stands for.',
    {
      width: 520,
      height: 460,
      marginBottom: 40,
      x: {
        domain: [0, top],
        label: 'forecast →',
        labelOffset: 34,
        percent: false,
        tickFormat: '.0%',
      },
      y: { domain: [0, top], label: '↑ came', tickFormat: '.0%', grid: true },
      marks: [
        Plot.line(
          [
            [0, 0],
            [top, top],
          ],
          { stroke: QUIET, strokeDasharray: '4,4' },
        ),
        Plot.ruleX([...reliability.bins], {
          x: 'meanForecast',
          y1: (bin: { observed: number; noise: number }) => Math.max(0, bin.observed - bin.noise),
          y2: (bin: { observed: number; noise: number }) => bin.observed + bin.noise,
          stroke: ACCENT,
        }),
        Plot.dot([...reliability.bins], { x: 'meanForecast', y: 'observed', fill: ACCENT, r: 5 }),
        Plot.text([...reliability.bins], {
          x: 'meanForecast',
          y: 'observed',
          text: (bin: { n: number }) => `n=${bin.n}`,
          dx: 22,
          dy: -10,
          fill: INK,
        }),
      ],
    },
    {
      columns: ['Forecasts', 'Mean forecast', 'Came', 'Error', 'Noise (2 s.e.)'],
      rows: reliability.bins.map((bin) => [
        bin.n,
        bin.meanForecast,
        bin.observed,
        bin.error,
        bin.noise,
      ]),
    },
  );
}

export function skillByYear(result: Backtest): Figure {
  return draw(
    'skill-by-year',
    'Skill by year',
    'Log skill over climatology in each year. Below the line the plain past would have been better; single years are noisy, the interval over all years decides.',
    {
      height: 260,
      x: { label: null, type: 'band' },
      y: { label: '↑ log skill', grid: true },
      marks: [
        Plot.barY([...result.byYear], { x: 'name', y: 'logSkill', fill: ACCENT }),
        Plot.ruleY([0], { stroke: INK }),
      ],
    },
    {
      columns: ['Year', 'Forecasts', 'Came', 'Brier skill', 'Log skill'],
      rows: result.byYear.map((slice) => [
        slice.name,
        slice.n,
        slice.positives,
        slice.brierSkill,
        slice.logSkill,
      ]),
    },
  );
}

/** Months against years; only records that are precise to the month can have a place. */
export function calendarHeatMap(
  history: readonly HistoryRecord[],
  by: 'occurred' | 'disclosed',
): Figure {
  const counts = new Map<string, { year: number; month: string; count: number }>();
  const names = [
    'Jan',
    'Feb',
    'Mar',
    'Apr',
    'May',
    'Jun',
    'Jul',
    'Aug',
    'Sep',
    'Oct',
    'Nov',
    'Dec',
  ];
  let left = 0;
  for (const record of history) {
    const span = record[by];
    if (record.type !== 'incident' || span === null) continue;
    if (
      span.precision === 'year' ||
      (span.precision === 'range' && day(span.end) - day(span.start) > DAYS_PER_MONTH)
    ) {
      left++;
      continue;
    }
    const { year, month } = civilOf(day(span.start));
    const key = `${year}-${month}`;
    const entry = counts.get(key) ?? { year, month: names[month - 1] ?? '', count: 0 };
    entry.count++;
    counts.set(key, entry);
  }
  const cells = [...counts.values()].toSorted(
    (a, b) => a.year - b.year || names.indexOf(a.month) - names.indexOf(b.month),
  );
  return draw(
    'calendar',
    'Incidents by month',
    `Darker months had more incidents. ${left} incidents are dated to the year only and have no place here: an empty month is no proof of quiet.`,
    {
      height: 70 + new Set(cells.map(({ year }) => year)).size * 18,
      x: { domain: names, label: null },
      y: { type: 'band', label: null, tickFormat: 'd' },
      // From a blue that is seen on white: an empty month and a month with one incident must not look alike.
      color: { type: 'sqrt', range: ['#a9c8e8', '#08306b'], interpolate: 'rgb', legend: false },
      marks: [Plot.cell(cells, { x: 'month', y: 'year', fill: 'count', inset: 0.5 })],
    },
    {
      columns: ['Year', 'Month', 'Incidents'],
      rows: cells.map(({ year, month, count }) => [String(year), month, count]),
    },
  );
}

export type HorizonPoint = {
  readonly days: number;
  readonly p: number;
  readonly low: number;
  readonly high: number;
  readonly base: number;
  readonly baseLow: number;
  readonly baseHigh: number;
};

/** The probability as the horizon grows, against the band of the base rate. */
export function horizonCurve(
  points: readonly HorizonPoint[],
  title: string,
  id = 'horizon',
): Figure {
  return draw(
    id,
    title,
    'The line is the forecast with its 90 % credible band; the grey band is the base rate. Where the bands overlap, the forecast says little more than the base rate.',
    {
      height: 300,
      marginBottom: 40,
      x: { label: 'days from issue →', labelOffset: 34 },
      y: { label: '↑ probability', tickFormat: '.0%', grid: true, zero: true },
      marks: [
        Plot.areaY([...points], {
          x: 'days',
          y1: 'baseLow',
          y2: 'baseHigh',
          fill: QUIET,
          fillOpacity: 0.25,
        }),
        Plot.areaY([...points], {
          x: 'days',
          y1: 'low',
          y2: 'high',
          fill: ACCENT,
          fillOpacity: 0.2,
        }),
        Plot.line([...points], { x: 'days', y: 'base', stroke: QUIET, strokeDasharray: '4,4' }),
        Plot.line([...points], { x: 'days', y: 'p', stroke: ACCENT, strokeWidth: 2 }),
        Plot.ruleY([0], { stroke: INK }),
      ],
    },
    {
      columns: ['Days', 'Forecast', 'Low', 'High', 'Base rate'],
      rows: points.map((point) => [point.days, point.p, point.low, point.high, point.base]),
    },
  );
}
