// The pictures of the outlook: timeline, reliability, skill by year, calendar heat map, probability over the horizon.

import * as Plot from '@observablehq/plot';
import { say } from '@parley/kernel';
import type { Backtest } from '../backtest/result.ts';
import { civilOf, day, DAYS_PER_MONTH, textOfSpan, type Span } from '../calendar.ts';
import { ENGLISH_FIGURES, word, type FigureCode, type FigureSpeech } from '../figure-sentences.ts';
import type { HistoryRecord } from '../history/record.ts';
import type { Reliability } from '../backtest/reliability.ts';
import { ACCENT, draw, INK, QUIET, SECOND, type Figure } from './figure.ts';

const date = (text: string): Date => new Date(`${text}T00:00:00Z`);

const TIMELINE_MAX = 400;

/** An actor that is no country is named by its source: a stranger's text. */
function who(record: HistoryRecord, speech: FigureSpeech): string | { readonly theirs: string } {
  if (record.type === 'event') {
    const [first, ...others] = record.actors.map(speech.country);
    if (first === undefined) return word(speech, 'nobody-named');
    return others.length > 0 ? speech.say(say('and-others', { who: first })) : first;
  }
  const [first] = record.initiators;
  if (first?.country != null) return speech.country(first.country);
  return first?.actor == null ? word(speech, 'unknown-actor') : { theirs: first.actor };
}

function what(record: HistoryRecord, speech: FigureSpeech): string {
  if (record.type === 'event') return word(speech, `event-${record.class}`);
  return (
    record.kinds.map((kind) => word(speech, `kind-${kind}`)).join(' + ') || word(speech, 'incident')
  );
}

/** Lanes have room for so many letters. */
const LANE_LETTERS = 24;

function short(name: string): string {
  const letters = Array.from(name);
  return letters.length <= LANE_LETTERS ? name : `${letters.slice(0, LANE_LETTERS - 1).join('')}…`;
}

const YEAR_MS = 366 * 86_400_000;
/** Marks on an axis of time, about. */
const MARKS = 8;

/** How finely an axis of time is marked, so that no two of its marks say the same. */
function stepOf(lengthMs: number): 'year' | 'month' | 'day' {
  if (lengthMs > MARKS * YEAR_MS) return 'year';
  return lengthMs > (MARKS * YEAR_MS) / 12 ? 'month' : 'day';
}

/** Bars as wide as the doubt about the date. `by` says whether things stand where they happened or where they became known. */
export function timeline(
  history: readonly HistoryRecord[],
  by: 'occurred' | 'disclosed',
  speech: FigureSpeech = ENGLISH_FIGURES,
): Figure {
  const shown = history
    .flatMap((record) => {
      const span: Span | null = record[by];
      return span === null ? [] : [{ record, span, who: who(record, speech) }];
    })
    .toSorted((a, b) => (a.span.start < b.span.start ? -1 : 1))
    .slice(-TIMELINE_MAX);
  const times = shown.map(({ span }) => date(span.start).getTime());
  const width = Math.max(...times) - Math.min(...times);
  // A day among years would be thinner than a line of print: no bar is narrower than a quarter of a per cent.
  const leastMs = Math.max(86_400_000, width / 400);
  const marks = shown.map(({ record, span, who: name }) => ({
    start: date(span.start),
    end: new Date(
      Math.max(date(span.end).getTime() + 86_400_000, date(span.start).getTime() + leastMs),
    ),
    lane: short(typeof name === 'string' ? name : name.theirs),
    type: record.type,
  }));
  const lanes = [...Map.groupBy(marks, ({ lane }) => lane)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 14)
    .map(([lane]) => lane);
  const kept = marks.filter(({ lane }) => lanes.includes(lane));
  const step = stepOf(width);
  return draw(
    {
      id: `timeline-${by}`,
      title: word(speech, `timeline-${by}`),
      says: word(speech, 'timeline-says'),
      speech,
    },
    {
      height: 60 + lanes.length * 26,
      marginStart: 170,
      x: {
        type: 'utc',
        label: null,
        grid: true,
        ticks: MARKS,
        tickFormat: (tick: Date) => speech.date(tick, step),
      },
      y: { domain: lanes, label: null },
      marks: [
        Plot.barX(
          kept.filter(({ type }) => type === 'event'),
          { x1: 'start', x2: 'end', y: 'lane', fill: SECOND, fillOpacity: 0.7, insetBottom: 12 },
        ),
        Plot.barX(
          kept.filter(({ type }) => type === 'incident'),
          { x1: 'start', x2: 'end', y: 'lane', fill: ACCENT, fillOpacity: 0.7, insetTop: 12 },
        ),
      ],
    },
    {
      columns: columns(speech, [
        `column-${by}`,
        'column-precision',
        'column-who',
        'column-what',
        'column-title',
      ]),
      rows: shown.map(({ record, span, who: name }) => [
        textOfSpan(span),
        word(speech, `precision-${span.precision}`),
        name,
        what(record, speech),
        speech.title(record),
      ]),
    },
  );
}

const columns = (speech: FigureSpeech, codes: readonly FigureCode[]): string[] =>
  codes.map((code) => word(speech, code));

/** Forecast against what came, with the number behind every point. */
export function reliabilityDiagram(reliability: Reliability, id = 'reliability'): Figure {
  const top =
    Math.max(
      0.05,
      ...reliability.bins.flatMap((bin) => [bin.meanForecast, bin.observed + bin.noise]),
    ) * 1.05;
  return draw(
    {
      id,
      title: 'Reliability: did 10 % mean 10 %?',
      says: 'On the diagonal the forecasts mean what they say. Above it too little was forecast. The bars show what chance alone would do to each point; the numbers are how many forecasts it stands for.',
    },
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
    {
      id: 'skill-by-year',
      title: 'Skill by year',
      says: 'Log skill over climatology in each year. Below the line the plain past would have been better; single years are noisy, the interval over all years decides.',
    },
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
    {
      id: 'calendar',
      title: 'Incidents by month',
      says: `Darker months had more incidents. ${left} incidents are dated to the year only and have no place here: an empty month is no proof of quiet.`,
    },
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
  speech: FigureSpeech = ENGLISH_FIGURES,
): Figure {
  return draw(
    { id, title, says: word(speech, 'horizon-says'), speech },
    {
      height: 300,
      marginBottom: 40,
      x: {
        label: `${word(speech, 'axis-days')} ${speech.direction === 'ltr' ? '→' : '←'}`,
        labelOffset: 34,
        tickFormat: speech.number,
      },
      y: {
        label: `↑ ${word(speech, 'axis-probability')}`,
        tickFormat: speech.percent,
        grid: true,
        zero: true,
      },
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
      columns: columns(speech, [
        'column-days',
        'column-forecast',
        'column-low',
        'column-high',
        'column-base',
      ]),
      rows: points.map((point) => [point.days, point.p, point.low, point.high, point.base]),
    },
  );
}
