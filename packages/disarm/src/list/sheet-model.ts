// An editable workbook as data: sheets, rows, cells with a value and perhaps a plain formula. Encoded canonically, so the decoder is kernel's strict one.

import {
  boolean,
  list,
  nullable,
  struct,
  text,
  uint,
  variant,
  word,
  type Decoded,
} from '@parley/kernel';

import { CHART_LIMITS, chartModel } from './chart-model.ts';
import { FONT_NAMES } from './font-names.ts';

export const SHEET_LIMITS = {
  sheets: 500,
  /** As in Excel. */
  rows: 1_048_576,
  columns: 16_384,
  /** Cells of the whole workbook. */
  cells: 500_000,
  textBytes: 131_068,
  formulaBytes: 16_384,
  formats: 4000,
  merges: 50_000,
  /** Boxes, pictures and charts of one sheet. */
  drawings: 20_000,
  paragraphs: 2000,
  paragraphBytes: 80_000,
  pictures: 65_535,
  /** English metric units, 914,400 to the inch. */
  emu: 1e8,
} as const;

const value = variant({
  none: struct({}),
  /** As XML says it; the writer believes only what looks like a number. */
  number: struct({ digits: text(40) }),
  text: struct({ text: text(SHEET_LIMITS.textBytes) }),
  truth: struct({ on: boolean() }),
  error: struct({
    error: word(['#NULL!', '#DIV/0!', '#VALUE!', '#REF!', '#NAME?', '#NUM!', '#N/A']),
  }),
});

const cell = struct({
  column: uint(SHEET_LIMITS.columns),
  /** Number of a format of the workbook. */
  format: uint(SHEET_LIMITS.formats),
  formula: nullable(text(SHEET_LIMITS.formulaBytes)),
  value,
});

const row = struct({
  row: uint(SHEET_LIMITS.rows),
  /** In hundredths of a point; 0 where it is as high as its words. */
  height: uint(40_950),
  cells: list(cell, SHEET_LIMITS.columns),
});

/** Counted from 0, with a step into the cell. */
const place = struct({
  column: uint(SHEET_LIMITS.columns - 1),
  x: uint(SHEET_LIMITS.emu),
  row: uint(SHEET_LIMITS.rows - 1),
  y: uint(SHEET_LIMITS.emu),
});

const anchor = variant({
  cells: struct({ from: place, to: place }),
  size: struct({ from: place, width: uint(SHEET_LIMITS.emu), height: uint(SHEET_LIMITS.emu) }),
  page: struct({
    x: uint(SHEET_LIMITS.emu),
    y: uint(SHEET_LIMITS.emu),
    width: uint(SHEET_LIMITS.emu),
    height: uint(SHEET_LIMITS.emu),
  }),
});

const drawing = struct({
  anchor,
  what: variant({
    text: struct({
      /** Whether its lines may be broken. */
      wrap: boolean(),
      paragraphs: list(text(SHEET_LIMITS.paragraphBytes), SHEET_LIMITS.paragraphs),
    }),
    picture: struct({ picture: uint(SHEET_LIMITS.pictures) }),
    /** Which of the workbook's charts. */
    chart: struct({ chart: uint(CHART_LIMITS.charts) }),
  }),
});

const page = struct({
  /** As Excel numbers them (ST_PaperSize): 1 is Letter, 9 is A4. */
  paper: uint(118),
  lying: boolean(),
  /** Percent. */
  scale: uint(400),
  /** Shrunk to so many pages; 0 for any. */
  fit: nullable(struct({ wide: uint(32_767), tall: uint(32_767) })),
  /** Left, right, top, bottom, header, footer, in hundredths of an inch. */
  margins: list(uint(4900), 6),
});

const sheet = struct({
  name: text(124),
  /** Of columns and rows that say none: digits across, hundredths of a point down. */
  usual: nullable(struct({ digits: uint(255), height: uint(40_950) })),
  /** Widths in hundredths of a character. */
  columns: list(
    struct({
      from: uint(SHEET_LIMITS.columns),
      to: uint(SHEET_LIMITS.columns),
      width: uint(25_500),
    }),
    SHEET_LIMITS.columns,
  ),
  rows: list(row, SHEET_LIMITS.rows),
  merges: list(
    struct({
      top: uint(SHEET_LIMITS.rows),
      left: uint(SHEET_LIMITS.columns),
      bottom: uint(SHEET_LIMITS.rows),
      right: uint(SHEET_LIMITS.columns),
    }),
    SHEET_LIMITS.merges,
  ),
  /** Above and below its pages, in plain codes (plain-margin.ts). */
  header: text(1020),
  footer: text(1020),
  page: nullable(page),
  drawings: list(drawing, SHEET_LIMITS.drawings),
});

const format = struct({
  /** A number format as Excel writes them, checked by the writer. */
  code: text(255),
  bold: boolean(),
  italic: boolean(),
  wrap: boolean(),
  font: word(FONT_NAMES),
  /** Half points. */
  size: uint(800),
});

export const sheetModel = struct({
  /** The first is that of cells which say none. */
  formats: list(format, SHEET_LIMITS.formats),
  sheets: list(sheet, SHEET_LIMITS.sheets),
  charts: list(chartModel, CHART_LIMITS.charts),
});

export type SheetModel = Decoded<typeof sheetModel>;
export type Sheet = SheetModel['sheets'][number];
export type CellValue = Decoded<typeof value>;
export type Cell = Decoded<typeof cell>;
export type Format = Decoded<typeof format>;
export type SheetPage = Decoded<typeof page>;
export type Anchor = Decoded<typeof anchor>;
export type Drawing = Decoded<typeof drawing>;
