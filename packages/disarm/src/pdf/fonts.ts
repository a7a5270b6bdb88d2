// Glyphs as numbers: every character code of every font becomes an outline, a width and what it says. No font program leaves the cage.

import { UNITS_PER_EM, type Glyph } from '../list/display-list.ts';
import { withoutUnseen } from '../unseen.ts';
import type { Engine } from './engine.ts';
import { IDENTITY, readOutline } from './outline.ts';

export type KnownGlyph = Glyph & { readonly shown: boolean };

type Source = { readonly index: number; readonly glyphs: Map<number, KnownGlyph> };

/** The fonts of one document by their handles, which live as long as the document. */
export class FontShelf {
  readonly #engine: Engine;
  readonly #sources = new Map<number, Source>();
  #unmapped = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
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
    const { call } = this.#engine;
    const width = this.#engine.widthOf(font, code);
    const unicode = cleanUnicode(this.#engine.unicodeOf(font, code));
    let outline = { ops: new Uint8Array(0), points: new Int32Array(0) } as Glyph['outline'];
    if (!this.#engine.isType3(font)) {
      const path = this.#engine.glyphPath(font, code);
      const count = path === 0 ? 0 : call.FPDFGlyphPath_CountGlyphSegments(path);
      if (count > 0) {
        const first = call.FPDFGlyphPath_GetGlyphPathSegment(path, 0);
        outline = readOutline(this.#engine.memory(), first, count, IDENTITY, UNITS_PER_EM);
      }
    }
    const shown = outline.ops.length > 0;
    if (unicode === '' && shown) this.#unmapped++;
    return {
      font: fontIndex,
      glyph: number,
      width: Math.max(-100_000, Math.min(100_000, Math.round(width))),
      unicode,
      outline,
      shown,
    };
  }
}

function cleanUnicode(text: string): string {
  const clean = withoutUnseen(text.replaceAll('\u00ad', '-').replaceAll(/\s/g, ' ')).toWellFormed();
  return clean.length > 16 ? clean.slice(0, 16).toWellFormed() : clean;
}
