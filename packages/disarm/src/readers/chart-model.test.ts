import { decode, encode } from '@parley/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { axes, chartPartOf, numbers, series, title, words } from '../../testing/drawing-maker.ts';
import { CHART_LIMITS, chartModel, type ChartModel } from '../list/chart-model.ts';
import { plainCells } from '../list/plain-formula.ts';
import { chartPart } from '../writer/chart-xml.ts';
import { readChart } from './chart-model.ts';
import { readXml } from './xml.ts';

const runs = process.env['SLOW'] === '1' ? 50_000 : 500;
const MOST = CHART_LIMITS.allPoints;
const SHEETS = new Set(['Costs', "Their 'plan'"]);
const read = (xml: string): ChartModel | undefined => readChart(xml, MOST)?.chart;

function written(model: ChartModel, sheets: ReadonlySet<string> = SHEETS): string {
  const again = decode(chartModel, encode(chartModel, model));
  expect(again).toMatchObject({ ok: true, value: model });
  const xml = chartPart(model, sheets);
  expect(readXml(xml, {})).toBe(true);
  return xml;
}

const ids = '<c:axId val="1"/><c:axId val="2"/>';
const COSTS = series(
  words('Costs!$B$1', 'Price &amp; &lt;tax&gt;'),
  words('Costs!$A$2:$A$3', 'May', 'June'),
  numbers('Costs!$B$2:$B$3', '4.5', '7'),
  '<c:spPr><a:solidFill><a:srgbClr val="204080"/></a:solidFill></c:spPr><c:dLbls><c:dLbl><c:showPercent val="1"/></c:dLbl><c:showVal val="1"/></c:dLbls>',
);
const bars = (inner: string): string =>
  `<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/>${inner}${ids}</c:barChart>`;

describe('a chart', () => {
  it('keeps its words, values, axes and labels, with the cells of its own workbook', () => {
    const model = read(chartPartOf(bars(COSTS) + axes('Month', 'Euro'), title('What it costs')));
    expect(model).toMatchObject({
      title: 'What it costs',
      legend: 'bottom',
      groups: [
        {
          kind: 'bar',
          lying: true,
          stacked: 'sum',
          series: [
            {
              name: 'Price & <tax>',
              color: 0x204080,
              labels: { value: true, percent: false },
              across: {
                numbers: false,
                points: [
                  { at: 0, said: 'May' },
                  { at: 1, said: 'June' },
                ],
              },
              up: { numbers: true, format: '0.0', count: 2 },
            },
          ],
        },
      ],
      axes: [{ across: { title: 'Month' }, up: { title: 'Euro', least: '-1', most: '9' } }],
    });
    const xml = written(model as ChartModel);
    expect(xml).toContain('<c:f>Costs!$B$2:$B$3</c:f><c:numCache>');
    expect(xml).toContain('<c:v>Price &amp; &lt;tax&gt;</c:v>');
    // A copy of the copy is the same copy.
    expect(chartPart(read(xml) as ChartModel, SHEETS)).toBe(xml);
    // In a text no cell is known: the values stand alone.
    const alone = written(model as ChartModel, new Set());
    expect(alone).not.toContain('<c:f>');
    expect(alone).toMatch(/<c:strLit>.*<c:numLit>/s);
    expect(chartPart(read(alone) as ChartModel, new Set())).toBe(alone);
  });

  it.each([
    'lineChart',
    'line3DChart',
    'areaChart',
    'pieChart',
    'pie3DChart',
    'ofPieChart',
    'doughnutChart',
    'scatterChart',
    'radarChart',
    'bubbleChart',
    'bar3DChart',
  ])('of kind %s is kept, and a copy of the copy is the same', (kind) => {
    const placed = kind === 'scatterChart' || kind === 'bubbleChart';
    const one = placed
      ? COSTS.replaceAll('c:cat>', 'c:xVal>').replaceAll('c:val>', 'c:yVal>')
      : COSTS;
    const model = read(chartPartOf(`<c:${kind}>${one}${ids}</c:${kind}>${axes('a', 'b')}`));
    const xml = written(model as ChartModel);
    expect(xml).toContain('<c:v>June</c:v>');
    expect(xml).toContain('<c:v>4.5</c:v>');
    expect(chartPart(read(xml) as ChartModel, SHEETS)).toBe(xml);
  });

  it.each(['stockChart', 'surfaceChart', 'surface3DChart', 'flyingChart'])(
    'of kind %s is left out, also beside one that is known',
    (kind) => {
      expect(read(chartPartOf(`${bars(COSTS)}<c:${kind}>${COSTS}</c:${kind}>`))).toBeUndefined();
    },
  );

  it('takes no place outside the workbook, no workbook behind it, no link and no user shape', () => {
    const hostile = series(
      words('[1]Other!$A$1', 'Name'),
      words("cmd|'/c calc'!A0", 'x'),
      numbers('Costs!$A$1:INDIRECT("http://evil.example")', '1'),
    );
    const model = read(
      chartPartOf(
        bars(hostile),
        '<c:extLst><c:ext uri="evil"/></c:extLst>',
        '<c:externalData r:id="rId1"><c:autoUpdate val="1"/></c:externalData><c:userShapes r:id="rId2"/>',
      ),
    );
    const xml = written(model as ChartModel);
    expect(xml).toContain('<c:v>Name</c:v>');
    expect(xml).not.toMatch(/<c:f>|externalData|userShapes|r:id|calc|evil|INDIRECT|\[1\]/);
  });

  it('with more points, series or groups than a copy holds is left out, not cut', () => {
    const one = (count: number): string => {
      const points = Array.from(
        { length: count },
        (_, i) => `<c:pt idx="${i}"><c:v>1</c:v></c:pt>`,
      );
      const up = `<c:numLit>${points.join('')}</c:numLit>`;
      return chartPartOf(bars(series('<c:v>n</c:v>', words('x', 'a'), up)));
    };
    expect(read(one(1_000_000))).toBeUndefined();
    expect(readChart(one(30), 30)).toBeUndefined();
    expect(readChart(one(29), 30)?.points).toBe(30);
    expect(read(chartPartOf(bars(COSTS.repeat(300))))).toBeUndefined();
    expect(read(chartPartOf(bars(COSTS).repeat(9)))).toBeUndefined();
    const claimed = numbers('x', '1').replace('ptCount val="1"', 'ptCount val="4000000000"');
    expect(
      read(chartPartOf(bars(series('<c:v>n</c:v>', words('x', 'a'), claimed)))),
    ).toBeUndefined();
  });

  it('expands no entity and survives what is no chart', () => {
    const entity = `<!DOCTYPE x [<!ENTITY e "boom">]>${chartPartOf(bars(COSTS), title('&e;'))}`;
    expect(JSON.stringify(read(entity) ?? '')).not.toContain('boom');
    for (const wrong of ['', '<c:chart', '<a/>', chartPartOf(''), chartPartOf('<c:barChart>')])
      expect(() => read(wrong)).not.toThrow();
    const odd = series(
      '<c:v>n</c:v>',
      words('x', 'a'),
      numbers('x', '1').replace('idx="0"', 'idx="-5"') + numbers('x', '=1+1', 'NaN'),
    );
    const xml = written(read(chartPartOf(bars(odd))) as ChartModel);
    expect(xml).not.toMatch(/NaN|=1\+1|idx="-5"/);
  });

  it('with words of any length and kind fits what a model holds', () => {
    const long = '兆😀'.repeat(3000);
    for (const said of [long, 'A'.repeat(5000), '0'.repeat(300), `'${long}'!A1`]) {
      const one = series(
        words(said, said, said),
        `<c:multiLvlStrRef><c:multiLvlStrCache><c:lvl><c:pt idx="0"><c:v>${said}</c:v></c:pt></c:lvl><c:lvl><c:pt idx="0"><c:v>${said}</c:v></c:pt></c:lvl></c:multiLvlStrCache></c:multiLvlStrRef>`,
        numbers(said, said).replace('>0.0<', `>${said}<`),
      );
      const plot =
        bars(one) +
        axes(said, said).replace(
          '<c:crossAx',
          `<c:numFmt formatCode="${said}"/><c:majorUnit val="${said}"/><c:crossAx`,
        );
      written(read(chartPartOf(plot, title(said))) as ChartModel);
    }
  });

  it('in broken or changed XML is a chart, or none, and never more', () => {
    const whole = chartPartOf(bars(COSTS) + axes('a', 'b'), title('t'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length), fc.nat(40), fc.nat(whole.length)), {
          maxLength: 5,
        }),
        (edits) => {
          let xml = whole;
          for (const [at, length, from] of edits)
            xml = xml.slice(0, at) + whole.slice(from, from + length) + xml.slice(at + 1);
          const model = read(xml);
          if (model !== undefined) written(model);
        },
      ),
      { numRuns: runs },
    );
  });

  it('is written from a lying model without what it lies', () => {
    const model = read(chartPartOf(bars(COSTS))) as ChartModel;
    const [group] = model.groups;
    const [first] = group?.series ?? [];
    if (group === undefined || first?.up === undefined || first.up === null)
      throw new Error('none');
    const lying = {
      ...model,
      groups: [
        {
          ...group,
          series: [
            {
              ...first,
              nameCells: '[9]Evil!A1',
              up: {
                ...first.up,
                cells: 'WEBSERVICE("x")',
                format: '"><x/>',
                points: [
                  { at: 1, said: '"/><x y="' },
                  { at: 0, said: '3' },
                  { at: 99, said: '4' },
                ],
              },
            },
          ],
        },
      ],
    };
    const xml = chartPart(lying, SHEETS);
    expect(readXml(xml, {})).toBe(true);
    expect(xml).not.toMatch(/Evil|WEBSERVICE|<x|idx="99"/);
  });
});

it('cells of a chart are one block of a sheet of the workbook', () => {
  for (const cells of ['Costs!A1', 'Costs!$A$1:$B$9', "'Their ''plan'''!$C$3"])
    expect(plainCells(cells, SHEETS)).toBe(cells);
  for (const cells of [
    'Other!A1',
    '[1]Costs!A1',
    'Costs!A1,Costs!B1',
    '(Costs!A1)',
    "'[b.xlsx]Costs'!A1",
    'Costs!A0',
    'Costs!A1:B',
    'A1',
    '#REF!',
    'Costs!A1"',
    '',
  ])
    expect(plainCells(cells, SHEETS)).toBeUndefined();
});
