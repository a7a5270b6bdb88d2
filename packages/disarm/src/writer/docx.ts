// The canonical DOCX writer: a fixed set of parts, no relationship but to our own parts, no field but page numbers, no property of anybody.

import { zipSync, type Zippable } from 'fflate';

import { assert, utf8 } from '@parley/kernel';

import type { Picture } from '../list/display-list.ts';
import type { Block, Inline, Paragraph, TextModel, UsualLook } from '../list/text-model.ts';
import { listProperty, numberingPart } from './docx-numbering.ts';
import { HEAD, W, xmlText } from './docx-xml.ts';
import { CHART_NAMESPACE, CHART_TYPE, chartPart } from './chart-xml.ts';
import { pictureFile } from './picture-file.ts';

const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const NAMESPACES =
  `xmlns:w="${W}" xmlns:r="${R}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
  ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"';

/** Relationships of the body, by the number of the picture or the chart. */
type Related = {
  readonly pictures: ReadonlyMap<number, string>;
  readonly charts: ReadonlyMap<number, string>;
};
const NOTHING: Related = { pictures: new Map(), charts: new Map() };

function runText(inline: Inline, related: Related): string {
  switch (inline.kind) {
    case 'run': {
      const { bold, italic, underline, strike, mark, vertical, size, color } = inline;
      const look =
        (bold ? '<w:b/>' : '') +
        (italic ? '<w:i/>' : '') +
        (strike ? '<w:strike/>' : '') +
        (color === null ? '' : `<w:color w:val="${color.toString(16).padStart(6, '0')}"/>`) +
        (size === null ? '' : `<w:sz w:val="${size}"/>`) +
        (mark ? '<w:highlight w:val="yellow"/>' : '') +
        (underline ? '<w:u w:val="single"/>' : '') +
        (vertical === 'base' ? '' : `<w:vertAlign w:val="${vertical}script"/>`);
      return `<w:r>${look === '' ? '' : `<w:rPr>${look}</w:rPr>`}<w:t xml:space="preserve">${xmlText(inline.text)}</w:t></w:r>`;
    }
    case 'break':
      return `<w:r><w:br${inline.page ? ' w:type="page"' : ''}/></w:r>`;
    case 'tab':
      return '<w:r><w:tab/></w:r>';
    case 'note':
      return `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="${inline.note + 1}"/></w:r>`;
    case 'number': {
      const field = inline.of === 'page' ? 'PAGE' : 'NUMPAGES';
      return `<w:fldSimple w:instr=" ${field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>`;
    }
    case 'picture':
      return pictureText(inline, related.pictures.get(inline.picture));
    case 'chart':
      return chartText(inline, related.charts.get(inline.chart));
    default:
      return assertNever(inline);
  }
}

function assertNever(value: never): never {
  throw new Error(`bug: an inline of no kind: ${String(value)}`);
}

function pictureText(
  inline: Extract<Inline, { kind: 'picture' }>,
  name: string | undefined,
): string {
  if (name === undefined) return '';
  const id = inline.picture + 1;
  return (
    `<w:r><w:drawing><wp:inline><wp:extent cx="${inline.width}" cy="${inline.height}"/><wp:docPr id="${id}" name="picture ${id}"/>` +
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>' +
    `<pic:nvPicPr><pic:cNvPr id="${id}" name="picture ${id}"/><pic:cNvPicPr/></pic:nvPicPr>` +
    `<pic:blipFill><a:blip r:embed="${name}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
    `<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${inline.width}" cy="${inline.height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>` +
    '</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
  );
}

/** Numbers of drawings, above those of pictures. */
const FIRST_CHART = 100_000;

function chartText(
  { chart, width, height }: Extract<Inline, { kind: 'chart' }>,
  name: string | undefined,
): string {
  if (name === undefined) return '';
  const id = FIRST_CHART + chart;
  return (
    `<w:r><w:drawing><wp:inline><wp:extent cx="${width}" cy="${height}"/><wp:docPr id="${id}" name="chart ${chart + 1}"/>` +
    `<a:graphic><a:graphicData uri="${CHART_NAMESPACE}"><c:chart xmlns:c="${CHART_NAMESPACE}" r:id="${name}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
  );
}

const STYLE_IDS: Record<Paragraph['style'], string> = {
  normal: '',
  title: 'Title',
  heading1: 'Heading1',
  heading2: 'Heading2',
  heading3: 'Heading3',
  heading4: 'Heading4',
  heading5: 'Heading5',
  heading6: 'Heading6',
  bullet: '',
  number: '',
};

function paragraphText(p: Paragraph, names: Related, before = ''): string {
  const style = STYLE_IDS[p.style];
  const properties =
    (style === '' ? '' : `<w:pStyle w:val="${style}"/>`) +
    listProperty(p) +
    (p.align === 'left' ? '' : `<w:jc w:val="${p.align}"/>`);
  const runs = p.inlines.map((inline) => runText(inline, names)).join('');
  return `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${before}${runs}</w:p>`;
}

/** Of the columns of a table: those that it says, where they are as many and fit; else equal ones. */
function columnWidths(said: readonly number[], columns: number, room: number): number[] {
  const total = said.reduce((sum, width) => sum + width, 0);
  const fits = said.length === columns && said.every((width) => width > 0) && total <= 2 * room;
  if (fits) return [...said];
  return Array.from({ length: columns }, () => Math.floor(room / columns));
}

function blockText(block: Block, names: Related, room: number): string {
  if (block.kind === 'paragraph') return paragraphText(block, names);
  const columns = Math.max(
    1,
    ...block.rows.map((row) => row.reduce((sum, cell) => sum + cell.span, 0)),
  );
  const widths = columnWidths(block.widths, columns, room);
  const border = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
    .map((edge) => `<w:${edge} w:val="single" w:sz="4" w:space="0" w:color="808080"/>`)
    .join('');
  const rows = block.rows.map((row) => {
    let column = 0;
    const cells = row.map((cell) => {
      const own = widths.slice(column, column + cell.span);
      const width = own.reduce((sum, one) => sum + one, 0);
      column += cell.span;
      const merge =
        cell.merge === 'none'
          ? ''
          : `<w:vMerge${cell.merge === 'start' ? ' w:val="restart"' : ''}/>`;
      const span = cell.span > 1 ? `<w:gridSpan w:val="${cell.span}"/>` : '';
      const inner = cell.blocks.map((b) => blockText(b, names, Math.max(720, width))).join('');
      // A cell ends with a paragraph, even after a table.
      const end = cell.blocks.at(-1)?.kind === 'paragraph' ? '' : '<w:p/>';
      return `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/>${span}${merge}</w:tcPr>${inner}${end}</w:tc>`;
    });
    return `<w:tr>${cells.join('')}</w:tr>`;
  });
  const grid = widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('');
  return `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>${border}</w:tblBorders></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${rows.join('')}</w:tbl>`;
}

function stylesPart({ font, size: usual }: UsualLook): string {
  const heading = [32, 28, 26, 24, 22, 22].map(
    (size, i) =>
      `<w:style w:type="paragraph" w:styleId="Heading${i + 1}"><w:name w:val="heading ${i + 1}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/>` +
      `<w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="${i}"/></w:pPr><w:rPr><w:b/><w:sz w:val="${size}"/></w:rPr></w:style>`,
  );
  return (
    `${HEAD}<w:styles xmlns:w="${W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="${font}" w:hAnsi="${font}" w:eastAsia="Noto Sans CJK KR" w:cs="${font}"/><w:sz w:val="${Math.max(2, usual)}"/></w:rPr></w:rPrDefault>` +
    '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>' +
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>' +
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="40"/></w:rPr></w:style>' +
    `${heading.join('')}</w:styles>`
  );
}

function footnotesPart(notes: TextModel['notes'], names: Related): string {
  const mark =
    '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>';
  const texts = notes.map((paragraphs, i) => {
    const filled =
      paragraphs.length > 0
        ? paragraphs
        : [{ style: 'normal', level: 0, numbering: null, align: 'left', inlines: [] } as const];
    const body = filled.map((p, at) => paragraphText(p, names, at === 0 ? mark : '')).join('');
    return `<w:footnote w:id="${i + 1}">${body}</w:footnote>`;
  });
  return (
    `${HEAD}<w:footnotes ${NAMESPACES}><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>` +
    `<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>${texts.join('')}</w:footnotes>`
  );
}

/** Writes a model and its pictures. Same values, same bytes. Pictures that the model names and nobody gave are left out. */
export function writeDocx(model: TextModel, pictures: readonly Picture[]): Uint8Array {
  const parts: Zippable = {};
  const add = (name: string, text: string): void => {
    parts[name] = utf8(text);
  };
  const relationships: string[] = [];
  const relate = (id: string, type: string, target: string): void => {
    relationships.push(`<Relationship Id="${id}" Type="${R}/${type}" Target="${target}"/>`);
  };
  relate('styles', 'styles', 'styles.xml');
  relate('numbering', 'numbering', 'numbering.xml');
  relate('footnotes', 'footnotes', 'footnotes.xml');
  relate('settings', 'settings', 'settings.xml');
  const names = new Map<number, string>();
  const media: [string, Uint8Array][] = [];
  for (const picture of pictures) {
    const { extension, bytes } = pictureFile(picture);
    const file = `media/image${picture.id + 1}.${extension}`;
    names.set(picture.id, `image${picture.id + 1}`);
    relate(`image${picture.id + 1}`, 'image', file);
    media.push([`word/${file}`, bytes]);
  }
  assert(names.size === pictures.length, 'two pictures of one number');
  const charts = new Map<number, string>();
  for (const [i, chart] of model.charts.entries()) {
    const name = `chart${i + 1}`;
    charts.set(i, name);
    relate(name, 'chart', `charts/${name}.xml`);
    add(`word/charts/${name}.xml`, chartPart(chart, new Set()));
  }
  const related: Related = { pictures: names, charts };
  const { page } = model;
  const room = Math.max(720, page.width - page.left - page.right);
  relate('header', 'header', 'header.xml');
  relate('footer', 'footer', 'footer.xml');
  // Pictures stand in the body only: headers and footers have no relationships of their own.
  const margin = (tag: string, paragraphs: readonly Paragraph[]): string => {
    const text = paragraphs
      .map((p) =>
        paragraphText({ ...p, inlines: p.inlines.filter((i) => i.kind !== 'note') }, NOTHING),
      )
      .join('');
    return `${HEAD}<w:${tag} ${NAMESPACES}>${text === '' ? '<w:p/>' : text}</w:${tag}>`;
  };
  const body = model.blocks.map((block) => blockText(block, related, room)).join('');
  const end = model.blocks.at(-1)?.kind === 'table' ? '<w:p/>' : '';
  add(
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      '<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>' +
      `<Override PartName="/word/document.xml" ContentType="${TYPE}.document.main+xml"/>` +
      ['styles', 'settings', 'numbering', 'footnotes', 'header', 'footer']
        .map((part) => `<Override PartName="/word/${part}.xml" ContentType="${TYPE}.${part}+xml"/>`)
        .join('') +
      [...charts.values()]
        .map(
          (name) => `<Override PartName="/word/charts/${name}.xml" ContentType="${CHART_TYPE}"/>`,
        )
        .join('') +
      '</Types>',
  );
  const rels = (inner: string): string =>
    `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  add(
    '_rels/.rels',
    rels(`<Relationship Id="document" Type="${R}/officeDocument" Target="word/document.xml"/>`),
  );
  add(
    'word/document.xml',
    `${HEAD}<w:document ${NAMESPACES}><w:body>${body}${end}<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference w:type="default" r:id="footer"/>` +
      `<w:pgSz w:w="${page.width}" w:h="${page.height}"${page.width > page.height ? ' w:orient="landscape"' : ''}/><w:pgMar w:top="${page.top}" w:right="${page.right}" w:bottom="${page.bottom}" w:left="${page.left}" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>`,
  );
  add('word/_rels/document.xml.rels', rels(relationships.join('')));
  add('word/styles.xml', stylesPart(model.usual));
  add(
    'word/settings.xml',
    `${HEAD}<w:settings xmlns:w="${W}"><w:defaultTabStop w:val="${Math.max(1, model.usual.tab)}"/></w:settings>`,
  );
  add('word/numbering.xml', numberingPart(model));
  add('word/footnotes.xml', footnotesPart(model.notes, NOTHING));
  add('word/header.xml', margin('hdr', model.header));
  add('word/footer.xml', margin('ftr', model.footer));
  for (const [name, bytes] of media) parts[name] = [bytes, { level: 0 }];
  return zipSync(parts, { level: 6, mtime: new Date(1980, 0, 1), os: 0 });
}
