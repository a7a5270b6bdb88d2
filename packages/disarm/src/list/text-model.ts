// An editable document as data: paragraphs, runs, tables, notes, pictures by number. Encoded canonically, so the decoder is kernel's strict one.

import {
  boolean,
  list,
  nullable,
  struct,
  text,
  uint,
  variant,
  word,
  type Codec,
  type Decoded,
} from '@parley/kernel';

import { CHART_LIMITS, chartModel } from './chart-model.ts';
import { FONT_NAMES } from './font-names.ts';

export const MODEL_LIMITS = {
  runBytes: 200_000,
  inlines: 20_000,
  blocks: 200_000,
  rows: 20_000,
  cells: 200,
  notes: 20_000,
  depth: 12,
  lists: 5000,
  /** Twentieths of a point, as wide as Word takes a page. */
  twips: 31_680,
} as const;

const run = struct({
  text: text(MODEL_LIMITS.runBytes),
  bold: boolean(),
  italic: boolean(),
  underline: boolean(),
  strike: boolean(),
  mark: boolean(),
  vertical: word(['base', 'super', 'sub']),
  /** Half points; null for the style's own. */
  size: nullable(uint(800)),
  color: nullable(uint(0xffffff)),
});

const inline = variant({
  run,
  break: struct({ page: boolean() }),
  tab: struct({}),
  /** Sides in English metric units, 914,400 to the inch. */
  picture: struct({ picture: uint(65_535), width: uint(1e8), height: uint(1e8) }),
  /** Which of the document's charts. */
  chart: struct({ chart: uint(CHART_LIMITS.charts), width: uint(1e8), height: uint(1e8) }),
  note: struct({ note: uint(MODEL_LIMITS.notes) }),
  /** The number of this page or of all pages. */
  number: struct({ of: word(['page', 'pages']) }),
});

export const PARAGRAPH_STYLES = [
  'normal',
  'title',
  'heading1',
  'heading2',
  'heading3',
  'heading4',
  'heading5',
  'heading6',
  'bullet',
  'number',
] as const;

/** How numbers of a list may be written (ST_NumberFormat of WordprocessingML); what is not here becomes decimal. */
export const NUMBER_FORMATS = [
  'none',
  'bullet',
  'decimal',
  'decimalZero',
  'lowerLetter',
  'upperLetter',
  'lowerRoman',
  'upperRoman',
  'ordinal',
  'ordinalText',
  'cardinalText',
  'numberInDash',
  'decimalFullWidth',
  'decimalEnclosedCircle',
  'decimalEnclosedParen',
  'decimalEnclosedFullstop',
  'arabicAbjad',
  'arabicAlpha',
  'hebrew1',
  'hebrew2',
  'russianLower',
  'russianUpper',
  'ganada',
  'chosung',
  'koreanDigital',
  'koreanCounting',
  'koreanLegal',
  'chineseCounting',
  'chineseCountingThousand',
  'chineseLegalSimplified',
  'taiwaneseCounting',
  'taiwaneseCountingThousand',
  'ideographDigital',
  'ideographEnclosedCircle',
  'ideographTraditional',
  'ideographZodiac',
  'japaneseCounting',
  'japaneseLegal',
  'aiueo',
  'iroha',
  'thaiCounting',
  'thaiNumbers',
  'hindiNumbers',
  'hindiCounting',
] as const;

const listLevel = struct({
  format: word(NUMBER_FORMATS),
  /** The label; %1 to %9 stand for the numbers of the levels. */
  text: text(200),
  start: uint(32_767),
  /** The level after which it begins anew, 0 for never; null for any level above. */
  restart: nullable(uint(9)),
  /** Whether all its numbers are decimal. */
  legal: boolean(),
  /** What stands after the label. */
  suffix: word(['tab', 'space', 'nothing']),
  /** Twentieths of a point. */
  left: uint(MODEL_LIMITS.twips),
  hanging: uint(MODEL_LIMITS.twips),
});

/** One of the lists of a document. Paragraphs of two numberings of one list count on, but where one begins anew. */
const numbering = struct({
  list: uint(MODEL_LIMITS.lists),
  overrides: list(
    struct({ level: uint(8), start: nullable(uint(32_767)), as: nullable(listLevel) }),
    9,
  ),
});

const paragraph = struct({
  style: word(PARAGRAPH_STYLES),
  level: uint(8),
  /** Which of the model's numberings; null for none but that of the style. */
  numbering: nullable(uint(MODEL_LIMITS.lists)),
  align: word(['left', 'center', 'right', 'both']),
  inlines: list(inline, MODEL_LIMITS.inlines),
});

export type Inline = Decoded<typeof inline>;
export type Run = Extract<Inline, { kind: 'run' }>;
export type Paragraph = Decoded<typeof paragraph>;

/** How a run looks that says nothing of it. */
export const PLAIN_RUN = {
  bold: false,
  italic: false,
  underline: false,
  strike: false,
  mark: false,
  vertical: 'base',
  size: null,
  color: null,
} as const satisfies Omit<Run, 'kind' | 'text'>;

export type ListLevel = Decoded<typeof listLevel>;

/** Levels of a list. */
export const LIST_LEVELS = 9;

/** A level that looks like others, a step further in for each above it. */
export function plainLevel(
  at: number,
  format: ListLevel['format'] = 'decimal',
  label = `%${at + 1}.`,
): ListLevel {
  return {
    format,
    text: label,
    start: 1,
    restart: null,
    legal: false,
    suffix: 'tab',
    left: 720 * (at + 1),
    hanging: 360,
  };
}
export type Cell = {
  readonly span: number;
  readonly merge: 'none' | 'start' | 'continue';
  readonly blocks: readonly Block[];
};
export type Block =
  | ({ readonly kind: 'paragraph' } & Paragraph)
  | {
      readonly kind: 'table';
      /** Of its columns, in twentieths of a point; none where it does not say. */
      readonly widths: readonly number[];
      readonly rows: readonly (readonly Cell[])[];
    };

/** Tables in tables up to `depth`; deeper ones cannot be written or read. */
function blockCodec(depth: number): Codec<Block> {
  const cell = struct({
    span: uint(200),
    merge: word(['none', 'start', 'continue']),
    blocks: list(
      depth === 0 ? (variant({ paragraph }) as Codec<Block>) : blockCodec(depth - 1),
      MODEL_LIMITS.blocks,
    ),
  });
  const table = struct({
    widths: list(uint(MODEL_LIMITS.twips), MODEL_LIMITS.cells),
    rows: list(list(cell, MODEL_LIMITS.cells), MODEL_LIMITS.rows),
  });
  return variant({ paragraph, table });
}

/** Paper and margins, in twentieths of a point. */
const page = struct({
  width: uint(MODEL_LIMITS.twips),
  height: uint(MODEL_LIMITS.twips),
  top: uint(MODEL_LIMITS.twips),
  right: uint(MODEL_LIMITS.twips),
  bottom: uint(MODEL_LIMITS.twips),
  left: uint(MODEL_LIMITS.twips),
});

export type PageSize = Decoded<typeof page>;

/** A4 with margins of an inch. */
export const USUAL_PAGE: PageSize = {
  width: 11_906,
  height: 16_838,
  top: 1440,
  right: 1440,
  bottom: 1440,
  left: 1440,
};

/** How words look that say nothing of it, and how far apart tabs stand, in twentieths of a point. */
const usual = struct({
  font: word(FONT_NAMES),
  /** Half points. */
  size: uint(800),
  tab: uint(MODEL_LIMITS.twips),
});

export type UsualLook = Decoded<typeof usual>;

export const USUAL_LOOK: UsualLook = { font: 'Liberation Serif', size: 22, tab: 720 };

export const textModel = struct({
  page,
  usual,
  header: list(paragraph, 1000),
  footer: list(paragraph, 1000),
  blocks: list(blockCodec(MODEL_LIMITS.depth), MODEL_LIMITS.blocks),
  notes: list(list(paragraph, 1000), MODEL_LIMITS.notes),
  lists: list(list(listLevel, 9), MODEL_LIMITS.lists),
  numberings: list(numbering, MODEL_LIMITS.lists),
  charts: list(chartModel, CHART_LIMITS.charts),
});

export type TextModel = Decoded<typeof textModel>;
