// DrawingML charts to the chart model, by whitelist: the values that a chart holds of its own. The workbook behind it, links and references to elsewhere do not exist in the copy.

import { utf8 } from '@parley/kernel';

import {
  CHART_LIMITS,
  PLAIN_AXIS,
  type ChartAxis,
  type ChartData,
  type ChartKind,
  type ChartModel,
  type ChartSeries,
} from '../list/chart-model.ts';
import { colorNamed, isPlainNumber, plainFormat } from '../list/plain-number.ts';
import { withoutUnseen } from '../unseen.ts';
import { readXml } from './xml.ts';

const KINDS: Readonly<Record<string, ChartKind>> = {
  'c:barChart': 'bar',
  'c:bar3DChart': 'bar',
  'c:lineChart': 'line',
  'c:line3DChart': 'line',
  'c:areaChart': 'area',
  'c:area3DChart': 'area',
  'c:pieChart': 'pie',
  'c:pie3DChart': 'pie',
  'c:ofPieChart': 'pie',
  'c:doughnutChart': 'doughnut',
  'c:scatterChart': 'scatter',
  'c:radarChart': 'radar',
  'c:bubbleChart': 'bubble',
};
const CELLS_BYTES = 400;
const AXES = new Set(['c:catAx', 'c:valAx', 'c:dateAx', 'c:serAx']);
/** Parts of a chart that are no part of the model, with all that is in them. */
const GONE = new Set([
  'mc:Fallback',
  'c:extLst',
  'c:dLbl',
  'c:dPt',
  'c:trendline',
  'c:errBars',
  'c:pivotFmts',
  'c:txPr',
]);
const ROLES = {
  'c:cat': 'across',
  'c:xVal': 'across',
  'c:val': 'up',
  'c:yVal': 'up',
  'c:bubbleSize': 'sizes',
} as const;
const LABELS = {
  'c:showVal': 'value',
  'c:showCatName': 'category',
  'c:showSerName': 'series',
  'c:showPercent': 'percent',
} as const;
const LEGENDS = { r: 'right', l: 'left', t: 'top', b: 'bottom', tr: 'right' } as const;

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenData = Open<Omit<ChartData, 'points'>> & { said: Map<number, string> };
type OpenLabels = Open<ChartSeries['labels']>;
type OpenSeries = Open<Omit<ChartSeries, 'across' | 'up' | 'sizes' | 'labels'>> & {
  across: OpenData | null;
  up: OpenData | null;
  sizes: OpenData | null;
  labels: OpenLabels | undefined;
};
type OpenAxis = Open<ChartAxis> & { id: string };
type OpenGroup = Open<Omit<ChartModel['groups'][number], 'series' | 'axes'>> & {
  series: OpenSeries[];
  labels: OpenLabels | undefined;
  axisIds: string[];
};

const has = <T extends object>(table: T, key: string): key is Extract<keyof T, string> =>
  Object.hasOwn(table, key);
const isOn = (value: string | undefined): boolean =>
  value === undefined || value === '1' || value === 'true';
const clean = (words: string): string =>
  withoutUnseen(words.toWellFormed()).replaceAll(/\s+/gu, ' ').trim().slice(0, 500).toWellFormed();
const numberOr = (value: string | undefined): string | null =>
  value !== undefined && isPlainNumber(value.trim()) ? value.trim() : null;

const noLabels = (): OpenLabels => ({
  value: false,
  category: false,
  series: false,
  percent: false,
});

class ChartReader {
  readonly #path: string[] = [];
  readonly #groups: OpenGroup[] = [];
  readonly #axes: OpenAxis[] = [];
  #title = '';
  #titled = false;
  #legend: ChartModel['legend'] = 'none';
  #skip = 0;
  #data: OpenData | undefined;
  #named = false;
  #at = -1;
  #level = 0;
  #said = '';
  #reads = false;
  #points = 0;
  readonly #most: number;
  /** A kind that is not in the model, or more than it holds. */
  #refused = false;

  constructor(most: number) {
    this.#most = most;
  }

  read(xml: string): { chart: ChartModel; points: number } | undefined {
    readXml(xml, {
      open: (tag, a) => this.#open(tag, a),
      close: (tag) => this.#close(tag),
      text: (text) => {
        if (this.#reads && this.#said.length < 10_000) this.#said += text;
      },
    });
    if (this.#refused || this.#groups.length === 0) return undefined;
    return { chart: this.#model(), points: this.#points };
  }

  #in(tag: string): boolean {
    return this.#path.includes(tag);
  }

  get #group(): OpenGroup | undefined {
    return this.#groups.at(-1);
  }

  #open(tag: string, a: Readonly<Record<string, string>>): void {
    const parent = this.#path.at(-1) ?? '';
    this.#path.push(tag);
    if (GONE.has(tag)) this.#skip++;
    if (this.#skip > 0 || this.#refused) return;
    const value = a['val'];
    if (parent === 'c:plotArea' && tag.endsWith('Chart')) return this.#begin(KINDS[tag]);
    if (AXES.has(tag)) {
      this.#axes.push({ id: '', ...PLAIN_AXIS });
      if (this.#axes.length > 16) this.#refused = true;
      return;
    }
    if (AXES.has(parent) || parent === 'c:scaling') return this.#axis(tag, a);
    if (parent === 'c:dLbls') {
      if (has(LABELS, tag)) this.#label(LABELS[tag], isOn(value));
      return;
    }
    const series = this.#in('c:ser') ? this.#group?.series.at(-1) : undefined;
    if (has(ROLES, tag) && parent === 'c:ser' && series !== undefined) {
      this.#data = { cells: null, numbers: false, format: '', count: 0, said: new Map() };
      series[ROLES[tag]] = this.#data;
      return;
    }
    switch (tag) {
      case 'c:ser':
        return this.#beginSeries();
      case 'c:tx':
        this.#named = parent === 'c:ser';
        return;
      case 'c:title':
        if (parent === 'c:chart') this.#titled = true;
        return;
      case 'c:legend':
        this.#legend = 'right';
        return;
      case 'c:legendPos':
        if (has(LEGENDS, value ?? '')) this.#legend = LEGENDS[value as keyof typeof LEGENDS];
        return;
      case 'a:srgbClr':
        // A fill comes before a line.
        if (series?.color === null && this.#isOwnColor()) series.color = colorNamed(value);
        return;
      case 'a:noFill':
        if (this.#path.slice(-4).join('/') === 'c:ser/c:spPr/a:ln/a:noFill')
          this.#shape('c:scatterStyle', 'marker');
        return;
      case 'c:lvl':
        this.#level++;
        return;
      case 'c:pt':
        this.#at = Number(a['idx']);
        return;
      case 'c:ptCount':
        if (this.#data !== undefined) this.#count(Number(value));
        return;
      case 'c:numRef':
      case 'c:numLit':
        if (this.#data !== undefined) this.#data.numbers = true;
        return;
      case 'c:f':
      case 'c:v':
      case 'c:formatCode':
      case 'a:t':
        this.#reads = true;
        this.#said = '';
        return;
      default:
        this.#shape(tag, value);
    }
  }

  /** The fill of the series itself, or the colour of its line. */
  #isOwnColor(): boolean {
    return /(^|\/)c:ser\/c:spPr(\/a:ln)?\/a:solidFill\/a:srgbClr$/.test(
      this.#path.slice(-6).join('/'),
    );
  }

  #begin(kind: ChartKind | undefined): void {
    if (kind === undefined || this.#groups.length >= CHART_LIMITS.groups) {
      this.#refused = true;
      return;
    }
    this.#groups.push({
      kind,
      lying: false,
      stacked: 'no',
      joined: kind === 'line' || kind === 'radar' || kind === 'scatter',
      series: [],
      labels: undefined,
      axisIds: [],
    });
  }

  #beginSeries(): void {
    const group = this.#group;
    if (group === undefined) return;
    if (group.series.length >= CHART_LIMITS.series) this.#refused = true;
    else
      group.series.push({
        name: '',
        nameCells: null,
        color: null,
        labels: undefined,
        across: null,
        up: null,
        sizes: null,
      });
  }

  #count(count: number): void {
    if (this.#data === undefined || !(count > 0)) return;
    if (count > CHART_LIMITS.points) this.#refused = true;
    else this.#data.count = Math.floor(count);
  }

  #shape(tag: string, value: string | undefined): void {
    const group = this.#group;
    if (group === undefined) return;
    if (tag === 'c:barDir') group.lying = value === 'bar';
    else if (tag === 'c:grouping')
      group.stacked = value === 'stacked' ? 'sum' : value === 'percentStacked' ? 'percent' : 'no';
    else if (tag === 'c:scatterStyle') group.joined &&= value !== 'marker' && value !== 'none';
    else if (tag === 'c:axId') group.axisIds.push(value ?? '');
  }

  #label(what: keyof OpenLabels, on: boolean): void {
    const of = this.#in('c:ser') ? this.#group?.series.at(-1) : this.#group;
    if (of === undefined) return;
    of.labels ??= noLabels();
    of.labels[what] = on;
  }

  #axis(tag: string, a: Readonly<Record<string, string>>): void {
    const axis = this.#axes.at(-1);
    if (axis === undefined) return;
    const value = a['val'];
    if (tag === 'c:axId') axis.id = value ?? '';
    else if (tag === 'c:delete') axis.shown = !isOn(value);
    else if (tag === 'c:min') axis.least = numberOr(value);
    else if (tag === 'c:max') axis.most = numberOr(value);
    else if (tag === 'c:majorUnit') axis.step = numberOr(value);
    else if (tag === 'c:orientation') axis.reversed = value === 'maxMin';
    else if (tag === 'c:numFmt' && a['sourceLinked'] !== '1')
      axis.format = plainFormat(a['formatCode'] ?? '');
  }

  #close(tag: string): void {
    this.#path.pop();
    if (GONE.has(tag)) {
      this.#skip--;
      return;
    }
    if (this.#skip > 0 || this.#refused) return;
    if (tag === 'a:p' && this.#in('c:title')) this.#entitle(' ');
    if (has(ROLES, tag)) this.#data = undefined;
    if (tag === 'c:tx') this.#named = false;
    if (tag === 'c:multiLvlStrCache') this.#level = 0;
    if (!this.#reads || !['c:f', 'c:v', 'c:formatCode', 'a:t'].includes(tag)) return;
    this.#reads = false;
    if (tag === 'a:t' || (tag === 'c:v' && this.#in('c:title'))) this.#entitle(this.#said);
    else if (tag === 'c:f') this.#refer();
    else if (tag === 'c:formatCode') {
      if (this.#data !== undefined) this.#data.format = plainFormat(this.#said);
    } else this.#value();
  }

  #entitle(words: string): void {
    if (!this.#in('c:title')) return;
    const axis = this.#path.some((tag) => AXES.has(tag)) ? this.#axes.at(-1) : undefined;
    if (axis !== undefined) axis.title += words;
    else if (!this.#in('c:ser')) this.#title += words;
  }

  /** Kept as it is said: whether these are cells of the copy is asked where they are written. */
  #refer(): void {
    const said = this.#said.trim().toWellFormed();
    const cells = utf8(said).length <= CELLS_BYTES ? said : null;
    const series = this.#group?.series.at(-1);
    if (this.#data !== undefined) this.#data.cells = this.#in('c:multiLvlStrRef') ? null : cells;
    else if (this.#named && series !== undefined) series.nameCells = cells;
  }

  #value(): void {
    const data = this.#data;
    const words = clean(this.#said);
    if (data === undefined) {
      const series = this.#group?.series.at(-1);
      if (this.#named && series !== undefined)
        series.name = series.name === '' ? words : clean(`${series.name} ${words}`);
      return;
    }
    if (!Number.isInteger(this.#at) || this.#at < 0) return;
    if (this.#at >= CHART_LIMITS.points || ++this.#points > this.#most) {
      this.#refused = true;
      return;
    }
    const inner = this.#level > 1 ? data.said.get(this.#at) : undefined;
    data.said.set(this.#at, inner === undefined ? words : clean(`${words} ${inner}`));
    data.count = Math.max(data.count, this.#at + 1);
  }

  #model(): ChartModel {
    const series = this.#groups.flatMap((group) => group.series);
    const [only] = series;
    // A title that says nothing of its own is the name of the only series.
    const title = clean(this.#title);
    const own = this.#titled && title === '' && series.length === 1 ? (only?.name ?? '') : title;
    const pairs: string[] = [];
    const axes: ChartModel['axes'][number][] = [];
    const groups = this.#groups.map(({ axisIds, labels, ...group }) => {
      const pair = axisIds.join(' ');
      if (!pairs.includes(pair) && pairs.length < 2 && axisIds.length >= 2) {
        pairs.push(pair);
        axes.push({ across: this.#axisOf(axisIds[0]), up: this.#axisOf(axisIds[1]) });
      }
      return {
        ...group,
        axes: Math.max(0, pairs.indexOf(pair)),
        series: group.series.map((one) => ({
          ...one,
          labels: one.labels ?? labels ?? noLabels(),
          across: closed(one.across),
          up: closed(one.up),
          sizes: closed(one.sizes),
        })),
      };
    });
    return { title: own, legend: this.#legend, groups, axes };
  }

  #axisOf(id: string | undefined): ChartAxis {
    const found = this.#axes.find((axis) => axis.id === id);
    if (found === undefined) return PLAIN_AXIS;
    const { id: _, ...axis } = found;
    return { ...axis, title: clean(axis.title) };
  }
}

function closed(data: OpenData | null): ChartData | null {
  if (data === null) return null;
  const { said, ...rest } = data;
  const points = [...said]
    .filter(([, words]) => !rest.numbers || isPlainNumber(words))
    .map(([at, words]) => ({ at, said: words }))
    .toSorted((a, b) => a.at - b.at);
  return { ...rest, points };
}

/** A chart of the usual kinds and how many points it has; undefined where it is another, or has more than `most`. */
export const readChart = (
  xml: string,
  most: number,
): { chart: ChartModel; points: number } | undefined => new ChartReader(most).read(xml);
