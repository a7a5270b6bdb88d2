// SpreadsheetML to the sheet model, by whitelist: values, plain formulas, number formats, widths and merged cells. Nothing stays hidden: what was hidden stands openly, so that sums stay right.

import { emit, JobRefusal } from '../cage/emit.ts';
import { columnNumber, plainFormula } from '../list/plain-formula.ts';
import { plainMargin } from '../list/plain-margin.ts';
import { FONT_NAMES, fontNamed, halfPoints } from '../list/font-names.ts';
import {
  SHEET_LIMITS,
  type Cell,
  type CellValue,
  type Format,
  type Sheet,
  type SheetModel,
} from '../list/sheet-model.ts';
import { isPlainNumber, plainFormat } from '../list/plain-number.ts';
import { withoutUnseen } from '../unseen.ts';
import type { OfficeInsides } from './office-insides.ts';
import { readDrawings } from './sheet-drawings.ts';
import { sharedStrings, workbookSheets, type SheetEntry } from './sheet-findings.ts';
import { heightOf, PageReader } from './sheet-page.ts';
import { removed } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

/** Formats that files name by number alone (ECMA-376, 18.8.30). */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  37: '#,##0;-#,##0',
  38: '#,##0;-#,##0',
  39: '#,##0.00;-#,##0.00',
  40: '#,##0.00;-#,##0.00',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
};

const isOn = (value: string | undefined): boolean =>
  value !== undefined && value !== '0' && value !== 'false';
const one = (value: string | undefined): boolean => value === undefined || isOn(value);

type Font = Pick<Format, 'bold' | 'italic' | 'font' | 'size'>;

const plainFont = (): { -readonly [K in keyof Font]: Font[K] } => ({
  bold: false,
  italic: false,
  font: FONT_NAMES[0],
  size: 22,
});

function readFont(
  font: ReturnType<typeof plainFont>,
  tag: string,
  value: string | undefined,
): void {
  if (tag === 'b') font.bold = one(value);
  else if (tag === 'i') font.italic = one(value);
  else if (tag === 'name') font.font = fontNamed(value, FONT_NAMES[0]);
  else if (tag === 'sz') {
    const size = halfPoints(2 * Number(value));
    if (size !== null) font.size = size;
  }
}

/** The format of each style number, equal ones once. */
function readFormats(zip: ZipReader): {
  formats: Format[];
  of: (style: string | undefined) => number;
} {
  const codes = new Map<number, string>();
  const fonts: ReturnType<typeof plainFont>[] = [];
  const styles: number[] = [];
  const formats: Format[] = [];
  const known = new Map<string, number>();
  /** Equal formats are one; the first is that of cells without a style. */
  const number = (code: string, font: Font, wrap: boolean): number => {
    const { bold, italic, font: name, size } = font;
    const format = { code, bold, italic, wrap, font: name, size };
    const key = JSON.stringify(format);
    const at =
      known.get(key) ?? (formats.length < SHEET_LIMITS.formats ? formats.push(format) - 1 : 0);
    known.set(key, at);
    return at;
  };
  let inFonts = false;
  let inStyles = false;
  let open: { code: string; font: number; wrap: boolean } | undefined;
  readXml(zip.text('xl/styles.xml') ?? '', {
    open(tag, a) {
      if (tag === 'fonts') inFonts = true;
      if (tag === 'cellXfs') inStyles = true;
      if (tag === 'numFmt') codes.set(Number(a['numFmtId']), plainFormat(a['formatCode'] ?? ''));
      const font = fonts.at(-1);
      if (inFonts && tag === 'font') fonts.push(plainFont());
      else if (inFonts && font !== undefined) readFont(font, tag, a['val']);
      if (inStyles && tag === 'xf') {
        const id = Number(a['numFmtId'] ?? 0);
        open = {
          code: codes.get(id) ?? BUILT_IN[id] ?? '',
          font: Number(a['fontId'] ?? 0),
          wrap: false,
        };
      }
      if (tag === 'alignment' && open !== undefined) open.wrap = isOn(a['wrapText']);
    },
    close(tag) {
      if (tag === 'fonts') {
        inFonts = false;
        const [{ font, size } = plainFont()] = fonts;
        number('', { ...plainFont(), font, size }, false);
      }
      if (tag === 'cellXfs') inStyles = false;
      if (tag !== 'xf' || open === undefined) return;
      styles.push(number(open.code, fonts[open.font] ?? plainFont(), open.wrap));
      open = undefined;
    },
  });
  if (formats.length === 0) number('', plainFont(), false);
  return { formats, of: (style) => styles[Number(style ?? 0)] ?? 0 };
}

const ERRORS = ['#NULL!', '#DIV/0!', '#VALUE!', '#REF!', '#NAME?', '#NUM!', '#N/A'] as const;

function valueOf(type: string, said: string, strings: readonly string[]): CellValue {
  const text = (value: string): CellValue => {
    const clean = value
      .toWellFormed()
      .split('\n')
      .map((line) => withoutUnseen(line))
      .join('\n');
    return clean === ''
      ? { kind: 'none' }
      : { kind: 'text', text: clean.slice(0, 32_767).toWellFormed() };
  };
  if (type === 's') return text(strings[Number(said)] ?? '');
  if (type === 'str' || type === 'inlineStr' || type === 'd') return text(said);
  if (type === 'b') return { kind: 'truth', on: said.trim() === '1' || said.trim() === 'true' };
  if (type === 'e')
    return { kind: 'error', error: ERRORS.find((word) => word === said.trim()) ?? '#VALUE!' };
  const digits = said.trim();
  if (digits === '') return { kind: 'none' };
  return isPlainNumber(digits) ? { kind: 'number', digits } : text(digits);
}

type Shared = { formula: string; row: number; column: number };

class SheetReader {
  readonly #names: ReadonlySet<string>;
  readonly #strings: readonly string[];
  readonly #formats: ReturnType<typeof readFormats>;
  readonly #shared = new Map<string, Shared>();
  readonly #entry: SheetEntry;
  #dropped = 0;

  constructor(
    entry: SheetEntry,
    names: ReadonlySet<string>,
    strings: readonly string[],
    formats: ReturnType<typeof readFormats>,
  ) {
    this.#entry = entry;
    this.#names = names;
    this.#strings = strings;
    this.#formats = formats;
  }

  read(xml: string, name: string, most: number): { sheet: Omit<Sheet, 'drawings'>; cells: number } {
    const columns: Sheet['columns'][number][] = [];
    const rows: { row: number; height: number; cells: Cell[] }[] = [];
    const merges: Sheet['merges'][number][] = [];
    let row = 0;
    let column = 0;
    let cells = 0;
    let cell = {
      type: '',
      style: 0,
      said: '',
      formula: '',
      formulaKind: '',
      shared: '',
      hasFormula: false,
    };
    let usual: number | undefined;
    let reads: 'said' | 'formula' | 'oddHeader' | 'oddFooter' | '' = '';
    const margins = { oddHeader: '', oddFooter: '' };
    const pages = new PageReader();
    let aside = 0;
    readXml(xml, {
      open: (tag, a) => {
        if (tag === 'rPh') aside++;
        pages.open(tag, a);
        if (tag === 'col') {
          const [from, to] = [Number(a['min']), Number(a['max'])];
          const width = widthOf(a['width']);
          if (from >= 1 && to >= from && to <= SHEET_LIMITS.columns && width !== undefined)
            columns.push({ from, to, width });
        }
        if (tag === 'sheetFormatPr') usual = widthOf(a['defaultColWidth']);
        if (tag === 'row') {
          row = Math.max(row + 1, Math.min(SHEET_LIMITS.rows, Number(a['r']) || 0));
          column = 0;
          rows.push({ row, height: isOn(a['customHeight']) ? heightOf(a['ht']) : 0, cells: [] });
        }
        if (tag === 'c') {
          const there = columnNumber(/^[A-Z]{1,3}/.exec(a['r'] ?? '')?.[0] ?? '');
          column = Math.max(column + 1, there);
          cell = {
            type: a['t'] ?? '',
            style: this.#formats.of(a['s']),
            said: '',
            formula: '',
            formulaKind: '',
            shared: '',
            hasFormula: false,
          };
        }
        if (tag === 'f') {
          cell.hasFormula = true;
          cell.formulaKind = a['t'] ?? '';
          cell.shared = a['si'] ?? '';
        }
        if (tag === 'v' || tag === 't') reads = aside > 0 ? '' : 'said';
        if (tag === 'f') reads = 'formula';
        if (tag === 'oddHeader' || tag === 'oddFooter') reads = tag;
        if (tag === 'mergeCell') {
          const box = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(a['ref'] ?? '');
          if (box !== null && merges.length < SHEET_LIMITS.merges) {
            const [, left = '', top = '', right = '', bottom = ''] = box;
            merges.push({
              top: Number(top),
              left: columnNumber(left),
              bottom: Number(bottom),
              right: columnNumber(right),
            });
          }
        }
      },
      text: (text) => {
        if (reads === 'oddHeader' || reads === 'oddFooter') margins[reads] += text;
        else if (reads !== '') cell[reads] += text;
      },
      close: (tag) => {
        if (tag === 'rPh') aside--;
        if (tag === 'v' || tag === 't' || tag === 'f' || tag === reads) reads = '';
        if (tag !== 'c' || row < 1 || column > SHEET_LIMITS.columns) return;
        const value = valueOf(cell.type, cell.said, this.#strings);
        const formula = cell.hasFormula ? this.#formula(cell, row, column) : null;
        if (value.kind === 'none' && formula === null) return;
        if (++cells > most)
          throw new JobRefusal('output-too-large', `more than ${SHEET_LIMITS.cells} cells`);
        rows.at(-1)?.cells.push({ column, format: cell.style, formula, value });
      },
    });
    if (this.#dropped > 20)
      emit.detail('formula', 'more-formulas', {
        sheet: this.#entry.name,
        count: this.#dropped - 20,
      });
    const filled = rows.filter((line) => line.cells.length > 0);
    const [header, footer] = [margins.oddHeader, margins.oddFooter].map((codes) =>
      plainMargin(withoutUnseen(codes.toWellFormed())),
    );
    const sheet = {
      name,
      columns: usual === undefined ? columns : withUsual(columns, usual),
      rows: filled,
      merges,
      header: header ?? '',
      footer: footer ?? '',
      page: pages.page,
      usual: pages.usual,
    };
    return { sheet, cells };
  }

  #formula(
    cell: { formula: string; formulaKind: string; shared: string },
    row: number,
    column: number,
  ): string | null {
    let { formula } = cell;
    let move = { rows: 0, columns: 0 };
    if (cell.formulaKind === 'shared') {
      const first = this.#shared.get(cell.shared);
      if (formula !== '') this.#shared.set(cell.shared, { formula, row, column });
      else if (first !== undefined) {
        ({ formula } = first);
        move = { rows: row - first.row, columns: column - first.column };
      }
    }
    const plain =
      cell.formulaKind === '' || cell.formulaKind === 'normal' || cell.formulaKind === 'shared'
        ? plainFormula(formula, this.#names, move)
        : undefined;
    if (plain === undefined && ++this.#dropped <= 20)
      removed('formula', `${this.#entry.name}: ${formula}`);
    return plain ?? null;
  }
}

/** A name that any program takes, different from all before it. */
function cleanName(name: string, taken: ReadonlySet<string>): string {
  const clean = withoutUnseen(name.toWellFormed())
    .replaceAll(/[[\]:*?/\\]/g, '_')
    .replaceAll(/^'|'$/g, '_')
    .slice(0, 31)
    .trim();
  const base = clean === '' ? 'Sheet' : clean.toWellFormed();
  let unique = base;
  for (let n = 2; taken.has(unique.toLowerCase()); n++)
    unique = `${base.slice(0, 27).toWellFormed()}_${n}`;
  return unique;
}

export function readSheetModel(zip: ZipReader, insides: OfficeInsides): SheetModel {
  const strings = sharedStrings(zip);
  const formats = readFormats(zip);
  const entries = workbookSheets(zip).filter(
    ({ part }) => /^xl\/worksheets\/[^/]+\.xml$/i.test(part) && zip.has(part),
  );
  if (entries.length === 0) throw new JobRefusal('broken', 'no sheet');
  if (entries.length > SHEET_LIMITS.sheets)
    throw new JobRefusal('output-too-large', `${entries.length} sheets`);
  const taken = new Set<string>();
  const names = entries.map(({ name }) => {
    const clean = cleanName(name, taken);
    taken.add(clean.toLowerCase());
    return clean;
  });
  // A formula finds a sheet only if the sheet has kept its name.
  const kept = new Set(names.filter((name, i) => name === entries[i]?.name));
  let left: number = SHEET_LIMITS.cells;
  const sheets = entries.map((entry, i) => {
    const reader = new SheetReader(entry, kept, strings, formats);
    const { sheet, cells } = reader.read(zip.text(entry.part) ?? '', names[i] ?? '', left);
    left -= cells;
    return { ...sheet, drawings: readDrawings(zip, entry.part, insides) };
  });
  if (entries.some(({ state }) => state !== 'visible')) {
    emit.note('sheets-unhidden');
  }
  return { formats: formats.formats, sheets, charts: insides.charts };
}

/** In hundredths of a character; undefined for what is none. */
function widthOf(said: string | undefined): number | undefined {
  const width = Math.round(Number(said) * 100);
  return width > 0 && width <= 25_500 ? width : undefined;
}

/** Every reader has its own usual width: where pages are cut, and what runs over their edge, hangs on it. */
function withUsual(columns: Sheet['columns'], width: number): Sheet['columns'] {
  const all: Sheet['columns'][number][] = [];
  let next = 1;
  for (const column of columns) {
    if (column.from > next) all.push({ from: next, to: column.from - 1, width });
    all.push(column);
    next = column.to + 1;
  }
  if (next <= SHEET_LIMITS.columns) all.push({ from: next, to: SHEET_LIMITS.columns, width });
  return all;
}
