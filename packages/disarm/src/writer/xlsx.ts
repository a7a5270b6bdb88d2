// The canonical XLSX writer: a fixed set of parts, values, formulas from the allow-list, number formats; no name, link, drawing or property of anybody.

import { zipSync, type Zippable } from 'fflate';

import { utf8 } from '@parley/kernel';

import { columnLetters, plainFormula } from '../list/plain-formula.ts';
import { plainMargin } from '../list/plain-margin.ts';
import type { Cell, Format, Sheet, SheetModel } from '../list/sheet-model.ts';
import { xmlText } from './docx-xml.ts';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const FIRST_OWN_FORMAT = 164;

/** Letters, digits and signs of number formats, a currency or language by its number, plain text in quotes; anything else is no format of ours. */
const FORMAT_CODE =
  /^(?:[-0#?.,%eE+/ :;ymdhsAMP$@_()*!]|"[^"\\]{0,40}"|\\[ -~\p{L}]|[\p{Sc}]|\[(?:h+|m+|s+|Red|Blue|Green|Black|\$[\p{Sc}\p{L}]{0,4}(?:-[\dA-F]{1,8})?)\])*$/iu;
const DIGITS = /^-?\d+(\.\d+)?(E[+-]?\d+)?$/i;

function stylesPart(formats: readonly Format[]): string {
  const codes = [
    ...new Set(
      formats.map(({ code }) => code).filter((code) => code !== '' && FORMAT_CODE.test(code)),
    ),
  ];
  const numbers = codes.map(
    (code, i) => `<numFmt numFmtId="${FIRST_OWN_FORMAT + i}" formatCode="${xmlText(code)}"/>`,
  );
  const fonts = [false, true].flatMap((italic) =>
    [false, true].map(
      (bold) =>
        `<font>${bold ? '<b/>' : ''}${italic ? '<i/>' : ''}<sz val="11"/><name val="Liberation Sans"/></font>`,
    ),
  );
  const styles = formats.map(({ code, bold, italic, wrap }) => {
    const at = codes.indexOf(code);
    const number = at < 0 ? 0 : FIRST_OWN_FORMAT + at;
    const font = (bold ? 1 : 0) + (italic ? 2 : 0);
    const start = `<xf numFmtId="${number}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"`;
    return wrap
      ? `${start} applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>`
      : `${start}/>`;
  });
  return (
    `${HEAD}<styleSheet xmlns="${MAIN}">${numbers.length === 0 ? '' : `<numFmts count="${numbers.length}">${numbers.join('')}</numFmts>`}` +
    `<fonts count="4">${fonts.join('')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${styles.length}">${styles.join('')}</cellXfs></styleSheet>`
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
      if (!DIGITS.test(value.digits)) return '';
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

function sheetPart(sheet: Sheet, formats: number, names: ReadonlySet<string>): string {
  const columns = sheet.columns.map(
    ({ from, to, width }) =>
      `<col min="${from}" max="${to}" width="${(width / 100).toFixed(2)}" customWidth="1"/>`,
  );
  const rows = sheet.rows.map(
    ({ row, cells }) =>
      `<row r="${row}">${cells.map((cell) => cellText(cell, row, formats, names)).join('')}</row>`,
  );
  const merges = sheet.merges.map(
    ({ top, left, bottom, right }) =>
      `<mergeCell ref="${columnLetters(left)}${top}:${columnLetters(right)}${bottom}"/>`,
  );
  return (
    `${HEAD}<worksheet xmlns="${MAIN}">${columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`}<sheetData>${rows.join('')}</sheetData>` +
    `${merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`}${marginText(sheet)}</worksheet>`
  );
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

/** Writes a workbook. Same values, same bytes. Undefined where the model is not in order. */
export function writeXlsx(model: SheetModel): Uint8Array | undefined {
  if (!isOrdered(model)) return undefined;
  const parts: Zippable = {};
  const add = (name: string, text: string): void => {
    parts[name] = utf8(text);
  };
  const names = new Set(model.sheets.map(({ name }) => name));
  const each = (text: (n: number, sheet: Sheet) => string): string =>
    model.sheets.map((sheet, i) => text(i + 1, sheet)).join('');
  add(
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
      `${each((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`)}</Types>`,
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
    add(`xl/worksheets/sheet${i + 1}.xml`, sheetPart(sheet, model.formats.length, names)),
  );
  return zipSync(parts, { level: 6, mtime: new Date(1980, 0, 1), os: 0 });
}
