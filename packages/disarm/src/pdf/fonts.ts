// Glyphs as numbers: every character code of every font becomes an outline, a width and what it says. No font program leaves the cage.

import { UNITS_PER_EM, type Glyph } from '../list/display-list.ts';
import { unseenKinds, withoutUnseen } from '../unseen.ts';
import type { Engine } from './engine.ts';
import { readFontLetters } from './font-letters.ts';
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
  /** Characters that cannot be seen, which the document says of it and the copy does not. */
  readonly unseen: readonly ('bidi-control' | 'zero-width')[];
};

const EMPTY: Glyph['outline'] = { ops: new Uint8Array(0), points: new Int32Array(0) };

type Source = {
  readonly index: number;
  readonly glyphs: Map<number, KnownGlyph>;
  /** Read when the first glyph has no Unicode. */
  letters?: ReadonlyMap<number, string>;
};

/** A font program larger than this is not searched for letters. */
const PROGRAM_MAX = 32 << 20;

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
      glyph = this.#make(font, code, source);
      source.glyphs.set(code, glyph);
    }
    return glyph;
  }

  #make(font: number, code: number, source: Source): KnownGlyph {
    const width = this.#engine.widthOf(font, code);
    const byOperators = this.#engine.isType3(font);
    const said = this.#engine.unicodeOf(font, code);
    const unicode = cleanUnicode(
      said === '' && !byOperators ? this.#letterInFont(font, code, source) : said,
    );
    const outline = byOperators
      ? readType3Glyph(this.#engine, this.#objects, font, code)
      : this.#outline(font, code);
    const shown = outline === undefined || outline.ops.length > 0;
    if (unicode === '' && shown) this.#unmapped++;
    return {
      font: source.index,
      glyph: source.glyphs.size,
      width: Math.max(-100_000, Math.min(100_000, Math.round(width))),
      unicode,
      outline: outline ?? EMPTY,
      shown,
      byOperators,
      unsaid: outline === undefined,
      unseen: unseenKinds(said.replaceAll('\u00ad', '-')),
    };
  }

  /** What the font program says of a glyph of which the document says nothing. */
  #letterInFont(font: number, code: number, source: Source): string {
    const number = this.#engine.glyphNumber(font, code);
    source.letters ??= this.#lettersOf(font);
    const letter = source.letters.get(number);
    if (letter !== undefined) return letter;
    // Who numbers characters and yet not by their glyphs numbers them by Unicode (TCPDF, FPDF); other readers take it so too.
    const chosen = number > 0 && number !== code && this.#engine.isCid(font);
    return chosen && this.#engine.call.FPDFFont_GetIsEmbedded(font) === 1 && isLetter(code)
      ? String.fromCodePoint(code)
      : '';
  }

  #lettersOf(font: number): ReadonlyMap<number, string> {
    const { call, scratch } = this.#engine;
    if (call.FPDFFont_GetIsEmbedded(font) !== 1) return new Map();
    if (call.FPDFFont_GetFontData(font, 0, 0, scratch) === 0) return new Map();
    const length = this.#engine.memory().getUint32(scratch, true);
    const at = length > PROGRAM_MAX ? 0 : call.malloc(length);
    if (at === 0) return new Map();
    const read = call.FPDFFont_GetFontData(font, at, length, scratch);
    const program = this.#engine.bytes().slice(at, at + length);
    call.free(at);
    return read === 0 ? new Map() : readFontLetters(program);
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

const isLetter = (code: number): boolean =>
  code < 0xd800 && /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(String.fromCodePoint(code));

function cleanUnicode(text: string): string {
  const clean = withoutUnseen(text.replaceAll('\u00ad', '-').replaceAll(/\s/g, ' ')).toWellFormed();
  return clean.length > 16 ? clean.slice(0, 16).toWellFormed() : clean;
}
