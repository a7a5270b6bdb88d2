// The canonical XLSX writer: a fixed set of parts, values, formulas from the allow-list, number formats; drawings by chart-xml.ts and xlsx-drawings.ts; no name, link or property of anybody.

import { zipSync, type Zippable } from 'fflate';

import { utf8 } from '@parley/kernel';

import { CHART_TYPE } from './chart-xml.ts';
import type { Picture } from '../list/display-list.ts';
import { columnLetters, plainFormula } from '../list/plain-formula.ts';
import { plainMargin } from '../list/plain-margin.ts';
import { isPlainFormat, isPlainNumber } from '../list/plain-number.ts';
import { FONT_NAMES } from '../list/font-names.ts';
import type { Cell, Format, Sheet, SheetModel } from '../list/sheet-model.ts';
import { HEAD, xmlText } from './docx-xml.ts';
import { pictureFile } from './picture-file.ts';
import { drawingParts } from './xlsx-drawings.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const FIRST_OWN_FORMAT = 164;

function stylesPart(formats: readonly Format[]): string {
  const codes = [...new Set(formats.map(({ code }) => code).filter(isPlainFormat))];
  const numbers = codes.map(
    (code, i) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + i}" formatCode="${xmlText(code)}"/>`,
  );
  const fontOf = ({ bold, italic, font, size }: Format): string =>
    `<font>${bold ? '<b/>' : ''}${italic ? '<i/>' : ''}<sz val="${Math.max(1, size / 2)}"/><name val="${font}"/></font>`;
  const fonts = [...new Set(formats.map(fontOf))];
  if (fonts.length === 0) fonts.push(`<font><sz val="11"/><name val="${FONT_NAMES[0]}"/></font>`);
  const styles = formats.map((format) => {
    const { code, wrap } = format;
    const at = codes.indexOf(code);
    const number = at < 0 ? 0 : FIRST_OWN_FORMAT + at;
    const font = fonts.indexOf(fontOf(format));
    const start = `<xf numFmtId="${number}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"`;
    return wrap
      ? `${start} applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>`
      : `${start}/>`;
  });
  return (
    `${HEAD}<styleSheet xmlns="${MAIN}">${numbers.length === 0 ? '' : `<numFmts count="${numbers.length}">${numbers.join('')}</numFmts>`}` +
    `<fonts count="${fonts.length}">${fonts.join('')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${styles.length}">${styles.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}

function cellText(cell: Cell, row: number, formats: number, sheets: ReadonlySet<string>): string {
  const place = `r="${columnLetters(cell.column)}${row}"${cell.format > 0 && cell.format < formats ? ` s="${cell.format}"` : ''}`;
  // The cage chose these formulas, and it may lie: each is read again here.
  const plain = cell.formula === null ? undefined : plainFormula(cell.formula, sheets);
  const formula = plain === undefined ? '' : `<f>${xmlText(plain)}</f>`;
  const { value } = cell;
  switch (value.kind) {
    case 'none':
      return formula === '' ? '' : `<c ${place}>${formula}</c>`;
    case 'number':
      if (!isPlainNumber(value.digits)) return '';
      return `<c ${place}>${formula}<v>${value.digits}</v></c>`;
    case 'truth':
      return `<c ${place} t="b">${formula}<v>${value.on ? 1 : 0}</v></c>`;
    case 'error':
      return `<c ${place} t="e">${formula}<v>${value.error}</v></c>`;
    case 'text': {
      const text = xmlText(value.text);
      if (formula !== '') return `<c ${place} t="str">${formula}<v>${text}</v></c>`;
      return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
    }
    default:
      return value satisfies never;
  }
}

function sheetPart(
  sheet: Sheet,
  { formats, names, drawn }: { formats: number; names: ReadonlySet<string>; drawn: boolean },
): string {
  const columns = sheet.columns.map(
    ({ from, to, width }) =>
      `<col min="${from}" max="${to}" width="${(width / 100).toFixed(2)}" customWidth="1"/>`,
  );
  const rows = sheet.rows.map(
    ({ row, height, cells }) =>
      `<row r="${row}"${height === 0 ? '' : ` ht="${(height / 100).toFixed(2)}" customHeight="1"`}>${cells.map((cell) => cellText(cell, row, formats, names)).join('')}</row>`,
  );
  const merges = sheet.merges.map(
    ({ top, left, bottom, right }) =>
      `<mergeCell ref="${columnLetters(left)}${top}:${columnLetters(right)}${bottom}"/>`,
  );
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"${drawn ? ` xmlns:r="${R}"` : ''}>${sheet.page?.fit ? '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' : ''}${usualText(sheet)}${columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`}<sheetData>${rows.join('')}</sheetData>` +
    `${merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`}${pageText(sheet)}${marginText(sheet)}${drawn ? '<drawing r:id="drawing"/>' : ''}</worksheet>`
  );
}

function usualText({ usual }: Sheet): string {
  if (usual === null) return '';
  return `<sheetFormatPr baseColWidth="${Math.max(1, usual.digits)}" defaultRowHeight="${(Math.max(1, usual.height) / 100).toFixed(2)}"/>`;
}

function pageText({ page }: Sheet): string {
  if (page === null) return '';
  const [left, right, top, bottom, header, footer] = page.margins.map((edge) =>
    (edge / 100).toFixed(2),
  );
  const margins =
    footer === undefined
      ? ''
      : `<pageMargins left="${left}" right="${right}" top="${top}" bottom="${bottom}" header="${header}" footer="${footer}"/>`;
  const fit =
    page.fit === null ? '' : ` fitToWidth="${page.fit.wide}" fitToHeight="${page.fit.tall}"`;
  return `${margins}<pageSetup paperSize="${Math.max(1, page.paper)}" scale="${Math.max(10, page.scale)}"${fit} orientation="${page.lying ? 'landscape' : 'portrait'}"/>`;
}

/** The cage chose these codes too: they are read again here. */
function marginText({ header, footer }: Sheet): string {
  const [above, below] = [plainMargin(header), plainMargin(footer)].map(xmlText);
  return above === '' && below === ''
    ? ''
    : `<headerFooter><oddHeader>${above}</oddHeader><oddFooter>${below}</oddFooter></headerFooter>`;
}

/** Places must rise and names differ; undefined where the cage says otherwise. */
function isOrdered({ sheets }: SheetModel): boolean {
  const names = new Set(sheets.map(({ name }) => name.toLowerCase()));
  if (names.size !== sheets.length || sheets.length === 0) return false;
  return sheets.every(
    ({ name, rows, columns, merges }) =>
      !/[[\]:*?/\\]/.test(name) &&
      name !== '' &&
      name.length <= 31 &&
      rows.every(
        (line, i) =>
          line.row > (rows[i - 1]?.row ?? 0) &&
          line.cells.every((cell, n) => cell.column > (line.cells[n - 1]?.column ?? 0)),
      ) &&
      columns.every(({ from, to }, i) => from > (columns[i - 1]?.to ?? 0) && to >= from) &&
      merges.every(
        ({ top, left, bottom, right }) => top > 0 && left > 0 && bottom >= top && right >= left,
      ),
  );
}

/** Writes a workbook and its pictures. Same values, same bytes. Undefined where the model is not in order, or two pictures have one number. */
export function writeXlsx(
  model: SheetModel,
  pictures: readonly Picture[] = [],
): Uint8Array | undefined {
  const ids = new Set(pictures.map(({ id }) => id));
  if (!isOrdered(model) || ids.size !== pictures.length) return undefined;
  const parts: Zippable = {};
  const add = (name: string, text: string): void => {
    parts[name] = utf8(text);
  };
  const names = new Set(model.sheets.map(({ name }) => name));
  const files = new Map<number, string>();
  for (const picture of pictures) {
    const { extension, bytes } = pictureFile(picture);
    const file = `media/image${picture.id + 1}.${extension}`;
    files.set(picture.id, `../${file}`);
    parts[`xl/${file}`] = [bytes, { level: 0 }];
  }
  const drawings = drawingParts(model, files);
  const each = (text: (n: number, sheet: Sheet) => string): string =>
    model.sheets.map((sheet, i) => text(i + 1, sheet)).join('');
  add(
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      (pictures.length === 0
        ? ''
        : '<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>') +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
      each(
        (n) =>
          `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
      ) +
      [...drawings.drawn]
        .map(
          (n) =>
            `<Override PartName="/xl/drawings/drawing${n}.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>`,
        )
        .join('') +
      drawings.charts
        .map(
          (n) => `<Override PartName="/xl/charts/chart${n + 1}.xml" ContentType="${CHART_TYPE}"/>`,
        )
        .join('') +
      '</Types>',
  );
  const rels = (inner: string): string =>
    `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  add(
    '_rels/.rels',
    rels(`<Relationship Id="workbook" Type="${R}/officeDocument" Target="xl/workbook.xml"/>`),
  );
  add(
    'xl/workbook.xml',
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${R}"><sheets>${each((n, { name }) => `<sheet name="${xmlText(name)}" sheetId="${n}" r:id="sheet${n}"/>`)}</sheets></workbook>`,
  );
  add(
    'xl/_rels/workbook.xml.rels',
    rels(
      `<Relationship Id="styles" Type="${R}/styles" Target="styles.xml"/>${each((n) => `<Relationship Id="sheet${n}" Type="${R}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}`,
    ),
  );
  add('xl/styles.xml', stylesPart(model.formats));
  model.sheets.forEach((sheet, i) =>
    add(
      `xl/worksheets/sheet${i + 1}.xml`,
      sheetPart(sheet, {
        formats: model.formats.length,
        names,
        drawn: drawings.drawn.has(i + 1),
      }),
    ),
  );
  for (const { name, text } of drawings.parts) add(name, text);
  return zipSync(parts, { level: 6, mtime: new Date(1980, 0, 1), os: 0 });
}
