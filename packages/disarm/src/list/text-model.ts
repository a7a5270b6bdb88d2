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

export const MODEL_LIMITS = {
  runBytes: 200_000,
  inlines: 20_000,
  blocks: 200_000,
  rows: 20_000,
  cells: 200,
  notes: 20_000,
  depth: 12,
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

const paragraph = struct({
  style: word(PARAGRAPH_STYLES),
  level: uint(8),
  align: word(['left', 'center', 'right', 'both']),
  inlines: list(inline, MODEL_LIMITS.inlines),
});

export type Inline = Decoded<typeof inline>;
export type Run = Extract<Inline, { kind: 'run' }>;
export type Paragraph = Decoded<typeof paragraph>;
export type Cell = {
  readonly span: number;
  readonly merge: 'none' | 'start' | 'continue';
  readonly blocks: readonly Block[];
};
export type Block =
  | ({ readonly kind: 'paragraph' } & Paragraph)
  | { readonly kind: 'table'; readonly rows: readonly (readonly Cell[])[] };

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
  const table = struct({ rows: list(list(cell, MODEL_LIMITS.cells), MODEL_LIMITS.rows) });
  return variant({ paragraph, table });
}

export const textModel = struct({
  header: list(paragraph, 1000),
  footer: list(paragraph, 1000),
  blocks: list(blockCodec(MODEL_LIMITS.depth), MODEL_LIMITS.blocks),
  notes: list(list(paragraph, 1000), MODEL_LIMITS.notes),
});

export type TextModel = Decoded<typeof textModel>;
