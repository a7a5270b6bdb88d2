// The drawings of a workbook of ours: plain boxes of text, pictures re-encoded by us, charts by their values; each with its place and nothing else.

import type { ChartModel } from '../list/chart-model.ts';
import { FONT_NAMES, type FontName } from '../list/font-names.ts';
import type { Anchor, Drawing, SheetModel } from '../list/sheet-model.ts';
import { CHART_NAMESPACE, chartPart } from './chart-xml.ts';
import { HEAD, xmlText } from './docx-xml.ts';

const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const NAMESPACES =
  'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"' +
  ` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${R}"`;

export type Part = { readonly name: string; readonly text: string };

const relationships = (inner: string): string =>
  `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;

type Place = Extract<Anchor, { kind: 'cells' }>['from'];
const placeText = (tag: string, { column, x, row, y }: Place): string =>
  `<xdr:${tag}><xdr:col>${column}</xdr:col><xdr:colOff>${x}</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>${y}</xdr:rowOff></xdr:${tag}>`;

function anchored(anchor: Anchor, inner: string): string {
  const end = `${inner}<xdr:clientData/>`;
  switch (anchor.kind) {
    case 'cells':
      return `<xdr:twoCellAnchor>${placeText('from', anchor.from)}${placeText('to', anchor.to)}${end}</xdr:twoCellAnchor>`;
    case 'size':
      return `<xdr:oneCellAnchor>${placeText('from', anchor.from)}<xdr:ext cx="${anchor.width}" cy="${anchor.height}"/>${end}</xdr:oneCellAnchor>`;
    case 'page':
      return `<xdr:absoluteAnchor><xdr:pos x="${anchor.x}" y="${anchor.y}"/><xdr:ext cx="${anchor.width}" cy="${anchor.height}"/>${end}</xdr:absoluteAnchor>`;
    default:
      return anchor satisfies never;
  }
}

const BOX =
  '<xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln w="6350"><a:solidFill><a:srgbClr val="808080"/></a:solidFill></a:ln></xdr:spPr>';

/** Words of a picture are small, as they were in it, and their lines stay whole. */
function boxText(
  id: number,
  { wrap, paragraphs }: Extract<Drawing['what'], { kind: 'text' }>,
  font: FontName,
): string {
  const size = wrap ? 1100 : 800;
  const words = paragraphs.map((text) =>
    text === ''
      ? `<a:p><a:endParaRPr sz="${size}"/></a:p>`
      : `<a:p><a:r><a:rPr sz="${size}"><a:latin typeface="${font}"/></a:rPr><a:t>${xmlText(text)}</a:t></a:r></a:p>`,
  );
  return (
    `<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="${id}" name="text ${id}"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>${BOX}` +
    `<xdr:txBody><a:bodyPr wrap="${wrap ? 'square' : 'none'}"/>${words.length === 0 ? '<a:p/>' : words.join('')}</xdr:txBody></xdr:sp>`
  );
}

const pictureText = (id: number, relationship: string): string =>
  `<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${id}" name="picture ${id}"/><xdr:cNvPicPr/></xdr:nvPicPr>` +
  `<xdr:blipFill><a:blip r:embed="${relationship}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>` +
  '<xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>';

const chartFrame = (id: number, relationship: string): string =>
  `<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="${id}" name="chart ${id}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>` +
  '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>' +
  `<a:graphic><a:graphicData uri="${CHART_NAMESPACE}"><c:chart xmlns:c="${CHART_NAMESPACE}" r:id="${relationship}"/></a:graphicData></a:graphic></xdr:graphicFrame>`;

/** What a sheet's drawing part says; charts and pictures that nobody gave are left out. */
class DrawingPart {
  readonly #relationships = new Map<string, string>();
  readonly #files: ReadonlyMap<number, string>;
  readonly #charts: readonly ChartModel[];
  readonly usedCharts = new Set<number>();

  readonly #font: FontName;

  constructor(files: ReadonlyMap<number, string>, charts: readonly ChartModel[], font: FontName) {
    this.#font = font;
    this.#files = files;
    this.#charts = charts;
  }

  text({ anchor, what }: Drawing, id: number): string {
    if (what.kind === 'text') return anchored(anchor, boxText(id, what, this.#font));
    if (what.kind === 'picture') {
      const file = this.#files.get(what.picture);
      if (file === undefined) return '';
      return anchored(anchor, pictureText(id, this.#relate('image', what.picture, file)));
    }
    if (what.chart >= this.#charts.length) return '';
    this.usedCharts.add(what.chart);
    const part = `../charts/chart${what.chart + 1}.xml`;
    return anchored(anchor, chartFrame(id, this.#relate('chart', what.chart, part)));
  }

  #relate(type: string, number: number, target: string): string {
    const id = `${type}${number + 1}`;
    this.#relationships.set(
      id,
      `<Relationship Id="${id}" Type="${R}/${type}" Target="${target}"/>`,
    );
    return id;
  }

  get relationships(): string {
    return [...this.#relationships.values()].join('');
  }
}

/**
 * The parts of all drawings, and the numbers of the sheets (from 1) that have one. `files` are the pictures' own parts,
 * as seen from a drawing.
 */
export function drawingParts(
  { sheets, charts, formats }: SheetModel,
  files: ReadonlyMap<number, string>,
): {
  readonly parts: readonly Part[];
  readonly drawn: ReadonlySet<number>;
  readonly charts: readonly number[];
} {
  const parts: Part[] = [];
  const drawn = new Set<number>();
  const used = new Set<number>();
  const names = new Set(sheets.map(({ name }) => name));
  for (const [i, sheet] of sheets.entries()) {
    const part = new DrawingPart(files, charts, formats[0]?.font ?? FONT_NAMES[0]);
    const shapes = sheet.drawings.map((drawing, at) => part.text(drawing, at + 2)).join('');
    if (shapes === '') continue;
    const number = i + 1;
    drawn.add(number);
    for (const chart of part.usedCharts) used.add(chart);
    parts.push(
      {
        name: `xl/drawings/drawing${number}.xml`,
        text: `${HEAD}<xdr:wsDr ${NAMESPACES}>${shapes}</xdr:wsDr>`,
      },
      {
        name: `xl/drawings/_rels/drawing${number}.xml.rels`,
        text: relationships(part.relationships),
      },
      {
        name: `xl/worksheets/_rels/sheet${number}.xml.rels`,
        text: relationships(
          `<Relationship Id="drawing" Type="${R}/drawing" Target="../drawings/drawing${number}.xml"/>`,
        ),
      },
    );
  }
  const kept = [...used].toSorted((a, b) => a - b);
  for (const chart of kept) {
    const model = charts[chart];
    if (model !== undefined)
      parts.push({ name: `xl/charts/chart${chart + 1}.xml`, text: chartPart(model, names) });
  }
  return { parts, drawn, charts: kept };
}
