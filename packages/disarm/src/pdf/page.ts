// One page as items: walks the engine's page objects in painting order and says each in the display list's words.

import {
  UNITS_PER_EM,
  UNITS_PER_POINT,
  type ClipItem,
  type Item,
  type Matrix,
  type PathItem,
  type TextItem,
} from '../list/display-list.ts';
import { mixedWords } from '../unseen.ts';
import { FIELD } from './engine.ts';
import type { KnownGlyph } from './fonts.ts';
import { gradientItems, readGradient } from './gradient.ts';
import { readImage } from './image.ts';
import { OBJECT, ObjectReader, scaleStroke } from './objects.ts';
import { coversBox, isFiniteMatrix, multiply, readOutline, runArea } from './outline.ts';
import type { PageContext } from './page-context.ts';
import { makePatches, type Leaf } from './patches.ts';
import { isHollow, penItems, readPen } from './pen.ts';
import { isBlank } from './raster.ts';

const NO_CODE = 0xffffffff;
/** Forms inside forms deeper than this are shown as pictures. */
const DEPTH_MAX = 24;
/** More gradients on a page than this are shown as pictures. */
const GRADIENTS_MAX = 100;

export type HiddenText = {
  readonly text: string;
  readonly why:
    | 'invisible-text'
    | 'off-page-text'
    | 'bidi-control'
    | 'zero-width'
    | 'look-alike-letters';
};

/** What a page is in the list's words, with the glyphs and pictures it uses. */
export type ReadPage = {
  readonly items: Item[];
  readonly glyphs: Set<KnownGlyph>;
  readonly hidden: HiddenText[];
  /** Letters whose font is neither in the document nor in the engine. */
  readonly undrawn: number;
};

/** Reads a page. The page must be unrotated and its annotations flattened. */
export function readPage(context: PageContext): ReadPage {
  return new PageReader(context).read();
}

class PageReader {
  readonly #c: PageContext;
  readonly #objects: ObjectReader;
  readonly #items: Item[] = [];
  readonly #glyphs = new Set<KnownGlyph>();
  readonly #hidden: HiddenText[] = [];
  #undrawn = 0;
  #gradients = 0;
  #clipKey = '';
  constructor(context: PageContext) {
    this.#c = context;
    this.#objects = new ObjectReader(context.engine);
  }

  read(): ReadPage {
    const { engine, page, box } = this.#c;
    const leaves: Leaf[] = [];
    const shift: Matrix = [1, 0, 0, 1, -box.left, -box.bottom];
    const count = engine.call.FPDFPage_CountObjects(page);
    for (let i = 0; i < count; i++) {
      this.#collect(engine.call.FPDFPage_GetObject(page, i), shift, 0, leaves);
    }
    const patches = makePatches(this.#c, leaves);
    leaves.forEach((leaf, place) => {
      if (leaf.gradient !== undefined) this.#gradient(leaf, leaf.gradient);
      else if (leaf.type === OBJECT.text) this.#text(leaf, leaf.complex);
      else if (!leaf.complex && leaf.type === OBJECT.path) this.#path(leaf);
      else if (!leaf.complex && leaf.type === OBJECT.image) this.#image(leaf);
      const patch = patches.get(place);
      if (patch !== undefined) {
        this.#setClip({ kind: 'clip', paths: [] }, '');
        this.#items.push(patch);
      }
    });
    this.#setClip({ kind: 'clip', paths: [] }, '');
    return {
      items: this.#items,
      glyphs: this.#glyphs,
      hidden: this.#hidden,
      undrawn: this.#undrawn,
    };
  }

  #collect(object: number, outer: Matrix, depth: number, leaves: Leaf[]): void {
    const { call } = this.#c.engine;
    const type = call.FPDFPageObj_GetType(object);
    const complex =
      this.#objects.isComplex(object, type) || (type === OBJECT.text && this.#isUnsaid(object));
    if (type !== OBJECT.form) {
      const gradient = complex ? this.#gradientOf(object, type, outer) : undefined;
      leaves.push(
        gradient === undefined
          ? { object, type, matrix: outer, complex }
          : { object, type, matrix: outer, complex: false, gradient },
      );
      return;
    }
    const inner = multiply(this.#objects.matrix(object), outer);
    if (complex || depth >= DEPTH_MAX || this.#objects.blend(object) !== 'normal') {
      leaves.push({ object, type, matrix: outer, complex: true });
      this.#ghosts(object, inner, depth, leaves);
      return;
    }
    const count = call.FPDFFormObj_CountObjects(object);
    for (let i = 0; i < count; i++) {
      this.#collect(call.FPDFFormObj_GetObject(object, i), inner, depth + 1, leaves);
    }
  }

  #gradientOf(object: number, type: number, outer: Matrix): PathItem[] | undefined {
    const { engine, box } = this.#c;
    const pattern = this.#objects.patternOf(object, type);
    if (pattern === 0 || this.#gradients >= GRADIENTS_MAX) return undefined;
    const space =
      type === OBJECT.shading ? multiply(this.#objects.shadingMatrix(object), outer) : outer;
    const gradient = readGradient(engine, pattern, space);
    const items = gradient === undefined ? undefined : gradientItems(gradient, box);
    if (items !== undefined) this.#gradients++;
    return items;
  }

  #gradient(leaf: Leaf, shapes: readonly PathItem[]): void {
    const { engine } = this.#c;
    const { call, scratch } = engine;
    if (leaf.type === OBJECT.shading) this.#clip(leaf);
    else {
      const count = call.FPDFPath_CountSegments(leaf.object);
      if (count <= 0 || call.FPDFPath_GetDrawMode(leaf.object, scratch, scratch + 4) === 0) return;
      const evenOdd = engine.memory().getInt32(scratch, true) === 1;
      const whole = multiply(this.#objects.matrix(leaf.object), leaf.matrix);
      if (!isFiniteMatrix(whole)) return;
      const first = call.FPDFPath_GetPathSegment(leaf.object, 0);
      const outline = readOutline(engine.memory(), first, count, whole, UNITS_PER_POINT);
      const paths = [...this.#clipPaths(leaf), { outline, evenOdd }];
      this.#setClip({ kind: 'clip', paths }, `gradient ${leaf.object}`);
    }
    this.#items.push(...shapes);
  }

  /** True for a text whose letters are drawn by operators that the list has no words for. */
  #isUnsaid(object: number): boolean {
    const { engine, fonts } = this.#c;
    const font = engine.call.FPDFTextObj_GetFont(object);
    if (font === 0 || !engine.isType3(font)) return false;
    const mode = engine.call.FPDFTextObj_GetTextRenderMode(object);
    if (mode === 3) return false;
    if (mode === 7) return true;
    const memory = engine.memory();
    const from = memory.getUint32(object + FIELD.charCodes, true);
    const to = Math.min(memory.getUint32(object + FIELD.charCodes + 4, true), from + 240_000);
    const codes = Array.from(new Uint32Array(memory.buffer, from, (to - from) >> 2));
    return codes.some((code) => code !== NO_CODE && fonts.glyph(font, code).unsaid);
  }

  /** The texts inside a form that is shown as a picture become its text layer. */
  #ghosts(form: number, matrix: Matrix, depth: number, leaves: Leaf[]): void {
    if (depth > DEPTH_MAX) return;
    const { call } = this.#c.engine;
    const count = call.FPDFFormObj_CountObjects(form);
    for (let i = 0; i < count; i++) {
      const object = call.FPDFFormObj_GetObject(form, i);
      const type = call.FPDFPageObj_GetType(object);
      if (type === OBJECT.text) leaves.push({ object, type, matrix, complex: true });
      if (type === OBJECT.form) {
        this.#ghosts(object, multiply(this.#objects.matrix(object), matrix), depth + 1, leaves);
      }
    }
  }
  #clip(leaf: Leaf): void {
    const data = this.#c.engine.memory().getUint32(leaf.object + FIELD.clip, true);
    const key = data === 0 ? '' : `${data} ${leaf.matrix.join(' ')}`;
    if (key !== this.#clipKey) this.#setClip({ kind: 'clip', paths: this.#clipPaths(leaf) }, key);
  }

  #clipPaths(leaf: Leaf): ClipItem['paths'][number][] {
    const { engine } = this.#c;
    const { call } = engine;
    const data = engine.memory().getUint32(leaf.object + FIELD.clip, true);
    const paths: ClipItem['paths'][number][] = [];
    if (data !== 0) {
      const handle = call.FPDFPageObj_GetClipPath(leaf.object);
      const count = Math.max(0, call.FPDFClipPath_CountPaths(handle));
      const list = engine.memory().getUint32(data + FIELD.clipPaths, true);
      for (let i = 0; i < Math.min(count, 64); i++) {
        const points = call.FPDFClipPath_CountPathSegments(handle, i);
        const evenOdd = engine.memory().getUint8(list + 8 * i + 4) === 1;
        if (points <= 0) continue;
        const first = call.FPDFClipPath_GetPathSegment(handle, i, 0);
        const outline = readOutline(engine.memory(), first, points, leaf.matrix, UNITS_PER_POINT);
        // A clip to a rectangle around the whole page changes nothing.
        if (!coversBox(outline, this.#c.box)) paths.push({ outline, evenOdd });
      }
    }
    return paths;
  }

  #setClip(item: ClipItem, key: string): void {
    if (key === this.#clipKey) return;
    const last = this.#items.findLast((i) => i.kind === 'clip');
    this.#clipKey = key;
    if (item.paths.length === 0 && (last === undefined || last.paths.length === 0)) return;
    if (this.#items.at(-1)?.kind === 'clip') this.#items.pop();
    this.#items.push(item);
  }

  #path(leaf: Leaf): void {
    const { engine } = this.#c;
    const { call, scratch } = engine;
    const { object } = leaf;
    const count = call.FPDFPath_CountSegments(object);
    if (count <= 0 || call.FPDFPath_GetDrawMode(object, scratch, scratch + 4) === 0) return;
    const mode = engine.memory().getInt32(scratch, true);
    const stroked = engine.memory().getInt32(scratch + 4, true) !== 0;
    const fill = mode === 1 ? 'evenodd' : mode === 2 ? 'nonzero' : 'none';
    if (fill === 'none' && !stroked) return;
    const fillColor = fill === 'none' ? 0xff : this.#objects.color(object, false);
    const whole = multiply(this.#objects.matrix(object), leaf.matrix);
    if (!isFiniteMatrix(whole)) return;
    this.#clip(leaf);
    const first = call.FPDFPath_GetPathSegment(object, 0);
    let stroke = stroked ? this.#objects.stroke(object) : null;
    let matrix: Matrix | null = null;
    let toList = whole;
    if (stroke !== null) {
      const [a, b, c, d, e, f] = whole;
      const alongX = Math.hypot(a, b);
      const alongY = Math.hypot(c, d);
      const largest = Math.max(alongX, alongY, 1e-6);
      const skew = Math.abs(a * c + b * d) / (largest * largest);
      if (Math.abs(alongX - alongY) / largest < 0.01 && skew < 0.01) {
        stroke = scaleStroke(stroke, Math.sqrt(alongX * alongY));
      } else {
        // The pen is an ellipse: keep the matrix, scaled so that whole units stay fine enough.
        matrix = [a / largest, b / largest, c / largest, d / largest, e, f];
        toList = [largest, 0, 0, largest, 0, 0];
        stroke = scaleStroke(stroke, largest);
      }
    }
    const outline = readOutline(engine.memory(), first, count, toList, UNITS_PER_POINT);
    if (outline.ops.length === 0) return;
    this.#items.push({
      kind: 'path',
      outline,
      fill,
      fillColor,
      stroke,
      blend: this.#objects.blend(object),
      matrix,
    });
  }
  #image(leaf: Leaf): void {
    const item = readImage(this.#c, this.#objects, leaf);
    if (item === undefined) return;
    this.#clip(leaf);
    this.#items.push(item);
  }

  #text(leaf: Leaf, ghost: boolean): void {
    const { engine, fonts, box } = this.#c;
    const { call, scratch } = engine;
    const { object } = leaf;
    const font = call.FPDFTextObj_GetFont(object);
    if (font === 0 || call.FPDFTextObj_GetFontSize(object, scratch) === 0) return;
    const size = engine.memory().getFloat32(scratch, true);
    const mode = call.FPDFTextObj_GetTextRenderMode(object);
    const whole = multiply(
      [size, 0, 0, size, 0, 0],
      multiply(this.#objects.matrix(object), leaf.matrix),
    );
    if (size === 0 || !isFiniteMatrix(whole)) return;
    const memory = engine.memory();
    const codesAt = memory.getUint32(object + FIELD.charCodes, true);
    const codesEnd = memory.getUint32(object + FIELD.charCodes + 4, true);
    const positionsAt = memory.getUint32(object + FIELD.charPositions, true);
    const vertical = engine.isVertical(font);
    const glyphs: KnownGlyph[] = [];
    const xs: number[] = [];
    const ys: number[] = [];
    const count = Math.min(60_000, (codesEnd - codesAt) / 4);
    for (let i = 0; i < count; i++) {
      const code = engine.memory().getUint32(codesAt + 4 * i, true);
      if (code === NO_CODE) continue;
      const offset =
        i === 0 ? 0 : engine.memory().getFloat32(positionsAt + 4 * (i - 1), true) / size;
      const along = Math.max(-1e7, Math.min(1e7, Math.round(offset * UNITS_PER_EM))) || 0;
      const glyph = fonts.glyph(font, code);
      glyphs.push(glyph);
      // Vertical writing hangs the glyph from the middle of its top (PDF 32000-1 9.7.4.3, default metrics).
      xs.push(vertical ? -Math.round(glyph.width / 2) : along);
      ys.push(vertical ? along - 880 : 0);
    }
    if (glyphs.length === 0) return;
    const said = glyphs.map((glyph) => glyph.unicode).join('');
    for (const why of new Set(glyphs.flatMap((glyph) => glyph.unseen))) {
      this.#hidden.push({ text: said, why });
    }
    if (/[\u0370-\u052f]/.test(said)) {
      for (const text of mixedWords(said)) this.#hidden.push({ text, why: 'look-alike-letters' });
    }
    const last = glyphs.length - 1;
    const area = runArea(whole, xs[0] ?? 0, (xs[last] ?? 0) + (glyphs[last]?.width ?? 0), ys);
    const outside =
      area.right < 0 || area.top < 0 || area.left > box.width || area.bottom > box.height;
    const scale = this.#c.seen.width / box.width;
    const blank =
      outside ||
      isBlank(
        this.#c.seen,
        area.left * scale,
        (box.height - area.top) * scale,
        area.right * scale,
        (box.height - area.bottom) * scale,
      );
    const undrawn =
      blank &&
      said.trim() !== '' &&
      !engine.isType3(font) &&
      glyphs.every((glyph) => !glyph.shown) &&
      call.FPDFFont_GetIsEmbedded(font) === 0;
    if (undrawn) this.#undrawn += said.length;
    else if (blank) {
      // Nothing can be seen where this text stands: it is reported, and no copy of it is made.
      if (said.trim() !== '') {
        this.#hidden.push({ text: said, why: outside ? 'off-page-text' : 'invisible-text' });
      }
      if (said.trim() !== '' || glyphs.some((glyph) => glyph.shown)) return;
    }
    for (const glyph of glyphs) this.#glyphs.add(glyph);
    const first = glyphs[0] as KnownGlyph;
    const item: TextItem = {
      kind: 'text',
      font: first.font,
      matrix: whole,
      color: this.#objects.color(object, false),
      ghost:
        ghost ||
        undrawn ||
        mode === 3 ||
        mode === 7 ||
        // A text layer of empty glyphs, as our own copies have it under their pictures.
        (engine.isType3(font) && said.trim() !== '' && !glyphs.some((glyph) => glyph.shown)),
      glyphs: glyphs.map((glyph) => glyph.glyph),
      xs,
      ys,
    };
    const pen =
      item.ghost || engine.isType3(font)
        ? undefined
        : readPen(engine, this.#objects, object, mode, leaf.matrix);
    if (!item.ghost) this.#clip(leaf);
    const unpainted = item.ghost || (pen !== undefined && isHollow(mode));
    this.#items.push(unpainted ? { ...item, ghost: true, color: 0x000000ff } : item);
    if (pen !== undefined) for (const path of penItems(item, glyphs, pen)) this.#items.push(path);
  }
}
