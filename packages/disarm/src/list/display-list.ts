// The display list: the only language the cage speaks to us. Numbers, outlines, code points and raw pixels; no stranger's codec, font or script.

/** Page space in hundredths of a point, origin at the lower left corner of the page. */
export const UNITS_PER_POINT = 100;
/** Glyph space: thousandths of the em. */
export const UNITS_PER_EM = 1000;

/** A path. `ops` holds one letter per step (see `OP`), `points` the x and y of every point the steps use. */
export type Outline = { readonly ops: Uint8Array; readonly points: Int32Array };

export const OP = { move: 0, line: 1, curve: 2, close: 3 } as const;
/** Points used by each op, by its number. */
export const OP_POINTS = [1, 1, 3, 0] as const;

/** One glyph of a font of ours: what it says, how far it moves, how it looks. `unicode` is empty where nothing says it. */
export type Glyph = {
  readonly font: number;
  readonly glyph: number;
  readonly width: number;
  readonly unicode: string;
  readonly outline: Outline;
};

export const PICTURE_KINDS = ['gray', 'rgb', 'rgba', 'bits'] as const;
export type PictureKind = (typeof PICTURE_KINDS)[number];

/** Raw pixels, rows from the top without padding; `bits` is one byte per pixel, 0 or 255. */
export type Picture = {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly kind: PictureKind;
  readonly pixels: Uint8Array;
};

export const BYTES_PER_PIXEL: Record<PictureKind, number> = { gray: 1, rgb: 3, rgba: 4, bits: 1 };

/** a b c d e f as in PDF: x' = a x + c y + e, y' = b x + d y + f; e and f are points. */
export type Matrix = readonly [number, number, number, number, number, number];

/** 0xRRGGBBAA. */
export type Color = number;

export type Stroke = {
  readonly color: Color;
  /** In points, before the item's matrix. */
  readonly width: number;
  readonly cap: 0 | 1 | 2;
  readonly join: 0 | 1 | 2;
  readonly dash: readonly number[];
  readonly dashPhase: number;
};

export const FILL_RULES = ['none', 'nonzero', 'evenodd'] as const;
export type FillRule = (typeof FILL_RULES)[number];

export const BLENDS = ['normal', 'multiply'] as const;
export type Blend = (typeof BLENDS)[number];

/** Glyphs of one font on one line. `xs` and `ys` are offsets from the origin in thousandths of the em. */
export type TextItem = {
  readonly kind: 'text';
  readonly font: number;
  /** Maps the em square to the page. */
  readonly matrix: Matrix;
  readonly color: Color;
  /** A ghost is not painted: it is the text layer of something that is shown as a picture. */
  readonly ghost: boolean;
  readonly glyphs: readonly number[];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
};

export type PathItem = {
  readonly kind: 'path';
  readonly outline: Outline;
  readonly fill: FillRule;
  readonly fillColor: Color;
  readonly stroke: Stroke | null;
  readonly blend: Blend;
  /** Present where a stroke is wider in one direction than in the other. */
  readonly matrix: Matrix | null;
};

/** A picture on the unit square of its matrix. */
export type PictureItem = {
  readonly kind: 'picture';
  readonly picture: number;
  readonly matrix: Matrix;
  readonly alpha: number;
  readonly blend: Blend;
};

/** Replaces the clip for what follows; no paths means the whole page. */
export type ClipItem = {
  readonly kind: 'clip';
  readonly paths: readonly { readonly outline: Outline; readonly evenOdd: boolean }[];
};

export type Item = TextItem | PathItem | PictureItem | ClipItem;

export const PAGE_MODES = ['structure', 'pixel'] as const;
export type PageMode = (typeof PAGE_MODES)[number];

export type Page = {
  /** Points, before rotation. */
  readonly width: number;
  readonly height: number;
  readonly rotate: 0 | 90 | 180 | 270;
  readonly mode: PageMode;
  /** Structural similarity of the rebuilt page to the original, in thousandths, as the cage measured it. */
  readonly likeness: number;
  readonly items: readonly Item[];
};
