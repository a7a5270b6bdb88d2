// A chart as data: series of words and numbers of the usual kinds. What is drawn from them is the business of whoever opens the copy.

import { boolean, list, nullable, struct, text, uint, word, type Decoded } from '@parley/kernel';

export const CHART_LIMITS = {
  charts: 500,
  groups: 8,
  series: 256,
  /** Points of one series; Excel draws as many. */
  points: 32_000,
  /** Points of all charts of a document. */
  allPoints: 200_000,
  wordsBytes: 2000,
} as const;

export const CHART_KINDS = [
  'bar',
  'line',
  'area',
  'pie',
  'doughnut',
  'scatter',
  'radar',
  'bubble',
] as const;

const chartData = struct({
  /** Cells of the same workbook that say the same; null where the values stand alone. */
  cells: nullable(text(400)),
  numbers: boolean(),
  /** A number format, checked by the writer. */
  format: text(255),
  count: uint(CHART_LIMITS.points),
  /** In rising order; a gap is a point that is not there. */
  points: list(
    struct({ at: uint(CHART_LIMITS.points), said: text(CHART_LIMITS.wordsBytes) }),
    CHART_LIMITS.points,
  ),
});

const series = struct({
  name: text(CHART_LIMITS.wordsBytes),
  nameCells: nullable(text(400)),
  color: nullable(uint(0xffffff)),
  /** What is written at each point. */
  labels: struct({
    value: boolean(),
    category: boolean(),
    series: boolean(),
    percent: boolean(),
  }),
  /** Categories; of scatter and bubble charts the places across. */
  across: nullable(chartData),
  up: nullable(chartData),
  /** Sizes of bubbles. */
  sizes: nullable(chartData),
});

const axis = struct({
  title: text(CHART_LIMITS.wordsBytes),
  shown: boolean(),
  /** As XML says them; the writer believes only what looks like a number. */
  least: nullable(text(40)),
  most: nullable(text(40)),
  step: nullable(text(40)),
  format: text(255),
  reversed: boolean(),
});

export const chartModel = struct({
  title: text(CHART_LIMITS.wordsBytes),
  legend: word(['none', 'right', 'left', 'top', 'bottom']),
  groups: list(
    struct({
      kind: word(CHART_KINDS),
      /** Bars that lie. */
      lying: boolean(),
      stacked: word(['no', 'sum', 'percent']),
      /** Points joined by a line, in scatter and radar charts. */
      joined: boolean(),
      /** Which pair of axes. */
      axes: uint(1),
      series: list(series, CHART_LIMITS.series),
    }),
    CHART_LIMITS.groups,
  ),
  axes: list(struct({ across: axis, up: axis }), 2),
});

export type ChartModel = Decoded<typeof chartModel>;
export type ChartKind = ChartModel['groups'][number]['kind'];
export type ChartSeries = Decoded<typeof series>;
export type ChartData = Decoded<typeof chartData>;
export type ChartAxis = Decoded<typeof axis>;

/** An axis that says nothing of itself. */
export const PLAIN_AXIS: ChartAxis = {
  title: '',
  shown: true,
  least: null,
  most: null,
  step: null,
  format: '',
  reversed: false,
};
