// Glyphs as numbers: every character code of every font becomes an outline, a width and what it says. No font program leaves the cage.

import { UNITS_PER_EM, type Glyph } from '../list/display-list.ts';
import { withoutUnseen } from '../unseen.ts';
import type { Engine } from './engine.ts';
import { ObjectReader } from './objects.ts';
import { IDENTITY, readOutline } from './outline.ts';
import { readType3Glyph } from './type3.ts';

export type KnownGlyph = Glyph & {
  /** It leaves a mark. */
  readonly shown: boolean;
  /** Drawn by operators of the page (Type3): the engine paints such glyphs by other rules than those of fonts. */
  readonly byOperators: boolean;
  /** Its marks are more than one outline, so that the list cannot say them. */
  readonly unsaid: boolean;
};

const EMPTY: Glyph['outline'] = { ops: new Uint8Array(0), points: new Int32Array(0) };

type Source = { readonly index: number; readonly glyphs: Map<number, KnownGlyph> };

/** The fonts of one document by their handles, which live as long as the document. */
export class FontShelf {
  readonly #engine: Engine;
  readonly #objects: ObjectReader;
  readonly #sources = new Map<number, Source>();
  #unmapped = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#objects = new ObjectReader(engine);
  }

  /** Distinct glyphs met that say nothing: the text layer lacks them. */
  get unmapped(): number {
    return this.#unmapped;
  }

  glyph(font: number, code: number): KnownGlyph {
    let source = this.#sources.get(font);
    if (source === undefined) {
      source = { index: this.#sources.size, glyphs: new Map<number, KnownGlyph>() };
      this.#sources.set(font, source);
    }
    let glyph = source.glyphs.get(code);
    if (glyph === undefined) {
      glyph = this.#make(font, code, source.index, source.glyphs.size);
      source.glyphs.set(code, glyph);
    }
    return glyph;
  }

  #make(font: number, code: number, fontIndex: number, number: number): KnownGlyph {
    const width = this.#engine.widthOf(font, code);
    const unicode = cleanUnicode(this.#engine.unicodeOf(font, code));
    const byOperators = this.#engine.isType3(font);
    const outline = byOperators
      ? readType3Glyph(this.#engine, this.#objects, font, code)
      : this.#outline(font, code);
    const shown = outline === undefined || outline.ops.length > 0;
    if (unicode === '' && shown) this.#unmapped++;
    return {
      font: fontIndex,
      glyph: number,
      width: Math.max(-100_000, Math.min(100_000, Math.round(width))),
      unicode,
      outline: outline ?? EMPTY,
      shown,
      byOperators,
      unsaid: outline === undefined,
    };
  }

  #outline(font: number, code: number): Glyph['outline'] {
    const { call } = this.#engine;
    const path = this.#engine.glyphPath(font, code);
    const count = path === 0 ? 0 : call.FPDFGlyphPath_CountGlyphSegments(path);
    if (count <= 0) return EMPTY;
    const first = call.FPDFGlyphPath_GetGlyphPathSegment(path, 0);
    return readOutline(this.#engine.memory(), first, count, IDENTITY, UNITS_PER_EM);
  }
}

function cleanUnicode(text: string): string {
  const clean = withoutUnseen(text.replaceAll('\u00ad', '-').replaceAll(/\s/g, ' ')).toWellFormed();
  return clean.length > 16 ? clean.slice(0, 16).toWellFormed() : clean;
}
