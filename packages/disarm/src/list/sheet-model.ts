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

const row = struct({ row: uint(SHEET_LIMITS.rows), cells: list(cell, SHEET_LIMITS.columns) });

const sheet = struct({
  name: text(124),
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
});

const format = struct({
  /** A number format as Excel writes them, checked by the writer. */
  code: text(255),
  bold: boolean(),
  italic: boolean(),
  wrap: boolean(),
});

export const sheetModel = struct({
  formats: list(format, SHEET_LIMITS.formats),
  sheets: list(sheet, SHEET_LIMITS.sheets),
});

export type SheetModel = Decoded<typeof sheetModel>;
export type Sheet = SheetModel['sheets'][number];
export type CellValue = Decoded<typeof value>;
export type Cell = Decoded<typeof cell>;
export type Format = Decoded<typeof format>;
