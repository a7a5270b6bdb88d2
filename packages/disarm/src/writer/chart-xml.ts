// The canonical chart part: literal values, or values beside the cells of the same workbook that say them. No workbook behind it, no link, no reference to elsewhere.

import {
  PLAIN_AXIS,
  type ChartAxis,
  type ChartData,
  type ChartKind,
  type ChartModel,
  type ChartSeries,
} from '../list/chart-model.ts';
import { plainCells } from '../list/plain-formula.ts';
import { isPlainFormat, isPlainNumber } from '../list/plain-number.ts';
import { HEAD, xmlText } from './docx-xml.ts';

export const CHART_NAMESPACE = 'http://schemas.openxmlformats.org/drawingml/2006/chart';
export const CHART_TYPE = 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml';

type Group = ChartModel['groups'][number];

const ELEMENTS: Record<ChartKind, string> = {
  bar: 'barChart',
  line: 'lineChart',
  area: 'areaChart',
  pie: 'pieChart',
  doughnut: 'doughnutChart',
  scatter: 'scatterChart',
  radar: 'radarChart',
  bubble: 'bubbleChart',
};
const ROUND = new Set<ChartKind>(['pie', 'doughnut']);
const PLACED = new Set<ChartKind>(['scatter', 'bubble']);
const LEGENDS = { right: 'r', left: 'l', top: 't', bottom: 'b' } as const;

/** Numbers of the axes of a pair. */
const axisIds = (pair: number): readonly [number, number] => [10 + 2 * pair, 11 + 2 * pair];
const set = (tag: string, value: string | number): string => `<c:${tag} val="${value}"/>`;
const flag = (tag: string, on: boolean): string => set(tag, on ? 1 : 0);
const richText = (words: string): string =>
  `<c:rich><a:bodyPr/><a:p><a:r><a:t>${xmlText(words)}</a:t></a:r></a:p></c:rich>`;
const titleText = (words: string): string =>
  words === '' ? '' : `<c:title><c:tx>${richText(words)}</c:tx>${set('overlay', 0)}</c:title>`;

/** The cage chose the places of cells, and it may lie: they are read again here. */
const cellsOf = (cells: string | null, sheets: ReadonlySet<string>): string | undefined =>
  cells === null ? undefined : plainCells(cells, sheets);

function dataText(tag: string, data: ChartData | null, sheets: ReadonlySet<string>): string {
  if (data === null || data.count === 0) return '';
  const { numbers } = data;
  const points = data.points
    .filter(
      ({ at, said }, i) =>
        at < data.count && at > (data.points[i - 1]?.at ?? -1) && (!numbers || isPlainNumber(said)),
    )
    .map(({ at, said }) => `<c:pt idx="${at}"><c:v>${xmlText(said)}</c:v></c:pt>`);
  const format =
    numbers && isPlainFormat(data.format)
      ? `<c:formatCode>${xmlText(data.format)}</c:formatCode>`
      : '';
  const inner = `${format}${set('ptCount', data.count)}${points.join('')}`;
  const kind = numbers ? 'num' : 'str';
  const cells = cellsOf(data.cells, sheets);
  const said =
    cells === undefined
      ? `<c:${kind}Lit>${inner}</c:${kind}Lit>`
      : `<c:${kind}Ref><c:f>${xmlText(cells)}</c:f><c:${kind}Cache>${inner}</c:${kind}Cache></c:${kind}Ref>`;
  return `<c:${tag}>${said}</c:${tag}>`;
}

function nameText({ name, nameCells }: ChartSeries, sheets: ReadonlySet<string>): string {
  const cells = cellsOf(nameCells, sheets);
  if (cells !== undefined)
    return `<c:tx><c:strRef><c:f>${xmlText(cells)}</c:f><c:strCache>${set('ptCount', 1)}<c:pt idx="0"><c:v>${xmlText(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>`;
  return name === '' ? '' : `<c:tx><c:v>${xmlText(name)}</c:v></c:tx>`;
}

function colorText(color: number | null, kind: ChartKind): string {
  if (color === null || ROUND.has(kind)) return '';
  const fill = `<a:solidFill><a:srgbClr val="${color.toString(16).padStart(6, '0')}"/></a:solidFill>`;
  const lines = kind === 'line' || kind === 'scatter' || kind === 'radar';
  return `<c:spPr>${lines ? `<a:ln>${fill}</a:ln>` : fill}</c:spPr>`;
}

function labelsText({ value, category, series, percent }: ChartSeries['labels']): string {
  if (!value && !category && !series && !percent) return '';
  return `<c:dLbls>${flag('showLegendKey', false)}${flag('showVal', value)}${flag('showCatName', category)}${flag('showSerName', series)}${flag('showPercent', percent)}${flag('showBubbleSize', false)}</c:dLbls>`;
}

function seriesText(
  series: ChartSeries,
  number: number,
  group: Group,
  sheets: ReadonlySet<string>,
): string {
  const { kind, joined } = group;
  const placed = PLACED.has(kind);
  const unjoined = kind === 'scatter' && !joined;
  const color = unjoined
    ? '<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
    : colorText(series.color, kind);
  const own =
    kind === 'bar' || kind === 'bubble'
      ? flag('invertIfNegative', false)
      : kind === 'line'
        ? `<c:marker>${set('symbol', 'none')}</c:marker>`
        : '';
  return (
    `<c:ser>${set('idx', number)}${set('order', number)}${nameText(series, sheets)}${color}${own}${labelsText(series.labels)}` +
    dataText(placed ? 'xVal' : 'cat', series.across, sheets) +
    dataText(placed ? 'yVal' : 'val', numbersOnly(series.up), sheets) +
    (kind === 'bubble' ? dataText('bubbleSize', numbersOnly(series.sizes), sheets) : '') +
    `${kind === 'line' || kind === 'scatter' ? flag('smooth', false) : ''}</c:ser>`
  );
}

/** What is drawn by its size can be no word. */
const numbersOnly = (data: ChartData | null): ChartData | null =>
  data === null ? null : { ...data, numbers: true };

function groupText(group: Group, first: number, sheets: ReadonlySet<string>): string {
  const { kind, stacked } = group;
  const element = ELEMENTS[kind];
  const grouping = set(
    'grouping',
    stacked === 'sum'
      ? 'stacked'
      : stacked === 'percent'
        ? 'percentStacked'
        : kind === 'bar'
          ? 'clustered'
          : 'standard',
  );
  const before: Record<ChartKind, string> = {
    bar: set('barDir', group.lying ? 'bar' : 'col') + grouping,
    line: grouping,
    area: grouping,
    pie: '',
    doughnut: '',
    scatter: set('scatterStyle', 'lineMarker'),
    radar: set('radarStyle', 'marker'),
    bubble: '',
  };
  const after: Record<ChartKind, string> = {
    bar: set('gapWidth', 100) + (stacked === 'no' ? '' : set('overlap', 100)),
    line: flag('marker', true),
    area: '',
    pie: set('firstSliceAng', 0),
    doughnut: set('firstSliceAng', 0) + set('holeSize', 50),
    scatter: '',
    radar: '',
    bubble: '',
  };
  const series = group.series.map((one, i) => seriesText(one, first + i, group, sheets)).join('');
  const axes = ROUND.has(kind)
    ? ''
    : axisIds(group.axes)
        .map((id) => set('axId', id))
        .join('');
  return `<c:${element}>${before[kind]}${flag('varyColors', ROUND.has(kind))}${series}${after[kind]}${axes}</c:${element}>`;
}

function axisText(
  axis: ChartAxis,
  place: { element: 'catAx' | 'valAx'; id: number; crosses: number; at: string; far: boolean },
): string {
  const { element, id, crosses, at, far } = place;
  const bound = (tag: string, value: string | null): string =>
    value !== null && isPlainNumber(value) ? set(tag, value) : '';
  const step = element === 'valAx' && !/^-|^0*(\.0*)?$/.test(axis.step ?? '') ? axis.step : null;
  const format = isPlainFormat(axis.format)
    ? `<c:numFmt formatCode="${xmlText(axis.format)}" sourceLinked="0"/>`
    : '<c:numFmt formatCode="General" sourceLinked="1"/>';
  const scaling = `<c:scaling>${set('orientation', axis.reversed ? 'maxMin' : 'minMax')}${bound('max', axis.most)}${bound('min', axis.least)}</c:scaling>`;
  return (
    `<c:${element}>${set('axId', id)}${scaling}${flag('delete', !axis.shown)}${set('axPos', at)}${titleText(axis.title)}${format}` +
    `${set('majorTickMark', 'out')}${set('minorTickMark', 'none')}${set('tickLblPos', 'nextTo')}${set('crossAx', crosses)}${set('crosses', far ? 'max' : 'autoZero')}` +
    `${element === 'valAx' ? bound('majorUnit', step) : ''}</c:${element}>`
  );
}

function axesText(model: ChartModel, pair: number): string {
  const group = model.groups.find(({ kind, axes }) => axes === pair && !ROUND.has(kind));
  if (group === undefined) return '';
  const { across, up } = model.axes[pair] ?? { across: PLAIN_AXIS, up: PLAIN_AXIS };
  const [first, second] = axisIds(pair);
  const element = PLACED.has(group.kind) ? 'valAx' : 'catAx';
  const [low, side] = group.lying ? (['l', 'b'] as const) : (['b', 'l'] as const);
  return (
    axisText(across, { element, id: first, crosses: second, at: low, far: false }) +
    axisText(up, { element: 'valAx', id: second, crosses: first, at: side, far: pair > 0 })
  );
}

/** A chart as the part of a package; `sheets` are the names of the workbook's own sheets, none in a text. */
export function chartPart(model: ChartModel, sheets: ReadonlySet<string>): string {
  let first = 0;
  const groups = model.groups.map((group) => {
    const text = groupText(group, first, sheets);
    first += group.series.length;
    return text;
  });
  const legend =
    model.legend === 'none'
      ? ''
      : `<c:legend>${set('legendPos', LEGENDS[model.legend])}${set('overlay', 0)}</c:legend>`;
  return (
    `${HEAD}<c:chartSpace xmlns:c="${CHART_NAMESPACE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">${flag('roundedCorners', false)}` +
    `<c:chart>${titleText(model.title)}${flag('autoTitleDeleted', model.title === '')}<c:plotArea><c:layout/>${groups.join('')}${axesText(model, 0)}${axesText(model, 1)}</c:plotArea>` +
    `${legend}${flag('plotVisOnly', true)}${set('dispBlanksAs', 'gap')}</c:chart></c:chartSpace>`
  );
}
