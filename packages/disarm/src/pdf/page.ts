// One page as items: walks the engine's page objects in painting order and says each in the display list's words.

import { createHash } from 'node:crypto';

import {
  UNITS_PER_EM,
  UNITS_PER_POINT,
  type Blend,
  type ClipItem,
  type Color,
  type Item,
  type Matrix,
  type Picture,
  type Stroke,
  type TextItem,
} from '../list/display-list.ts';
import { FIELD, PATTERN, type Engine } from './engine.ts';
import type { FontShelf, KnownGlyph } from './fonts.ts';
import { IDENTITY, isFiniteMatrix, multiply, readOutline } from './outline.ts';
import {
  isBlank,
  pictureOfBitmap,
  pictureOfRaster,
  renderArea,
  type Area,
  type Raster,
} from './raster.ts';

const OBJECT = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;
const MULTIPLY = 1;
const NO_CODE = 0xffffffff;
/** Forms inside forms deeper than this are shown as pictures. */
const DEPTH_MAX = 24;
/** More separate patches than this become one. */
const PATCHES_MAX = 24;

/** A thing to paint, in page order, with what stands above it. */
type Leaf = {
  readonly object: number;
  readonly type: number;
  readonly matrix: Matrix;
  /** Not sayable in the list: shown as a picture of the page up to here. */
  readonly complex: boolean;
};

export type PageBox = {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
};

export type HiddenText = {
  readonly text: string;
  readonly why: 'invisible-text' | 'off-page-text';
};

/** What a page is in the list's words, with the glyphs and pictures it uses. */
export type ReadPage = {
  readonly items: Item[];
  readonly glyphs: Set<KnownGlyph>;
  readonly hidden: HiddenText[];
  /** Letters whose font is neither in the document nor in the engine. */
  readonly undrawn: number;
};

export type PageContext = {
  readonly engine: Engine;
  readonly fonts: FontShelf;
  readonly pictures: PictureShelf;
  readonly page: number;
  readonly document: number;
  readonly box: PageBox;
  readonly rasterDpi: number;
  readonly pictureDpi: number;
  readonly pixelsMax: number;
  /** The page as it is seen, to tell whether a text shows. */
  readonly seen: Raster;
};

/** Pictures by their pixels, so that a logo on every page is sent once. */
export class PictureShelf {
  readonly #byDigest = new Map<string, number>();
  readonly #use: (picture: Picture, isNew: boolean) => void;
  #next = 0;

  /** `use` hears of every picture each time it is placed. */
  constructor(use: (picture: Picture, isNew: boolean) => void) {
    this.#use = use;
  }

  forget(id: number): void {
    for (const [digest, known] of this.#byDigest) if (known === id) this.#byDigest.delete(digest);
  }

  put(picture: Omit<Picture, 'id'>): number {
    const digest = createHash('sha256')
      .update(`${picture.kind} ${picture.width} ${picture.height} `)
      .update(picture.pixels)
      .digest('base64');
    const known = this.#byDigest.get(digest);
    const id = known ?? this.#next++;
    if (known === undefined) this.#byDigest.set(digest, id);
    this.#use({ id, ...picture }, known === undefined);
    return id;
  }
}

/** Reads a page. The page must be unrotated and its annotations flattened. */
export function readPage(context: PageContext): ReadPage {
  return new PageReader(context).read();
}

class PageReader {
  readonly #c: PageContext;
  readonly #items: Item[] = [];
  readonly #glyphs = new Set<KnownGlyph>();
  readonly #hidden: HiddenText[] = [];
  #undrawn = 0;
  #clipKey = '';

  constructor(context: PageContext) {
    this.#c = context;
  }

  read(): ReadPage {
    const { engine, page, box } = this.#c;
    const leaves: Leaf[] = [];
    const shift: Matrix = [1, 0, 0, 1, -box.left, -box.bottom];
    const count = engine.call.FPDFPage_CountObjects(page);
    for (let i = 0; i < count; i++) {
      this.#collect(engine.call.FPDFPage_GetObject(page, i), shift, 0, leaves);
    }
    const patches = this.#patches(leaves);
    leaves.forEach((leaf, place) => {
      if (leaf.type === OBJECT.text) this.#text(leaf, leaf.complex);
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
    const complex = this.#isComplex(object, type);
    if (type !== OBJECT.form) {
      leaves.push({ object, type, matrix: outer, complex });
      return;
    }
    const inner = multiply(this.#matrix(object), outer);
    if (complex || depth >= DEPTH_MAX || this.#generalWord(object, FIELD.blend) !== 0) {
      leaves.push({ object, type, matrix: outer, complex: true });
      this.#ghosts(object, inner, depth, leaves);
      return;
    }
    const count = call.FPDFFormObj_CountObjects(object);
    for (let i = 0; i < count; i++) {
      this.#collect(call.FPDFFormObj_GetObject(object, i), inner, depth + 1, leaves);
    }
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
        this.#ghosts(object, multiply(this.#matrix(object), matrix), depth + 1, leaves);
      }
    }
  }

  #generalWord(object: number, field: number): number {
    const memory = this.#c.engine.memory();
    const general = memory.getUint32(object + FIELD.general, true);
    return general === 0 ? 0 : memory.getUint32(general + field, true);
  }

  #alpha(object: number, field: number): number {
    const memory = this.#c.engine.memory();
    const general = memory.getUint32(object + FIELD.general, true);
    const alpha = general === 0 ? 1 : memory.getFloat32(general + field, true);
    return alpha >= 0 && alpha <= 1 ? Math.round(alpha * 255) : 255;
  }

  #isComplex(object: number, type: number): boolean {
    const { engine } = this.#c;
    const blend = this.#generalWord(object, FIELD.blend);
    if (blend > MULTIPLY || this.#generalWord(object, FIELD.softMask) !== 0) return true;
    if (this.#hasTextClip(object)) return true;
    switch (type) {
      case OBJECT.text: {
        const mode = engine.call.FPDFTextObj_GetTextRenderMode(object);
        const font = engine.call.FPDFTextObj_GetFont(object);
        if (font === 0 || engine.isType3(font)) return mode !== 3;
        return mode !== 3 && mode !== 7 && this.#hasPattern(object);
      }
      case OBJECT.path:
        return this.#hasPattern(object);
      case OBJECT.image:
        return false;
      case OBJECT.form:
        return this.#alpha(object, FIELD.fillAlpha) !== 255;
      default:
        return true;
    }
  }

  #hasTextClip(object: number): boolean {
    const memory = this.#c.engine.memory();
    const clip = memory.getUint32(object + FIELD.clip, true);
    if (clip === 0) return false;
    const at = clip + FIELD.clipTexts;
    return memory.getUint32(at, true) !== memory.getUint32(at + 4, true);
  }

  #hasPattern(object: number): boolean {
    const memory = this.#c.engine.memory();
    const color = memory.getUint32(object + FIELD.color, true);
    if (color === 0) return false;
    return (
      memory.getUint8(color + FIELD.fillVariant) === PATTERN ||
      memory.getUint8(color + FIELD.strokeVariant) === PATTERN
    );
  }

  #matrix(object: number): Matrix {
    const { engine } = this.#c;
    if (engine.call.FPDFPageObj_GetMatrix(object, engine.scratch) === 0) return IDENTITY;
    const m = engine.memory();
    const at = engine.scratch;
    return [
      m.getFloat32(at, true),
      m.getFloat32(at + 4, true),
      m.getFloat32(at + 8, true),
      m.getFloat32(at + 12, true),
      m.getFloat32(at + 16, true),
      m.getFloat32(at + 20, true),
    ];
  }

  #color(object: number, stroke: boolean): Color {
    const { engine } = this.#c;
    const { call, scratch } = engine;
    const read = stroke ? call.FPDFPageObj_GetStrokeColor : call.FPDFPageObj_GetFillColor;
    if (read(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return 0x000000ff;
    const m = engine.memory();
    const byte = (i: number): number => m.getUint32(scratch + 4 * i, true) & 255;
    const alpha = this.#alpha(object, stroke ? FIELD.strokeAlpha : FIELD.fillAlpha);
    return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | alpha) >>> 0;
  }

  #blend(object: number): Blend {
    return this.#generalWord(object, FIELD.blend) === MULTIPLY ? 'multiply' : 'normal';
  }

  #clip(leaf: Leaf): void {
    const { engine } = this.#c;
    const { call } = engine;
    const data = engine.memory().getUint32(leaf.object + FIELD.clip, true);
    const key = data === 0 ? '' : `${data} ${leaf.matrix.join(' ')}`;
    if (key === this.#clipKey) return;
    const paths: { outline: ClipItem['paths'][number]['outline']; evenOdd: boolean }[] = [];
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
        if (!this.#coversPage(outline.ops, outline.points)) paths.push({ outline, evenOdd });
      }
    }
    this.#setClip({ kind: 'clip', paths }, key);
  }

  /** A clip to a rectangle around the whole page changes nothing. */
  #coversPage(ops: Uint8Array, p: Int32Array): boolean {
    if (ops.length < 4 || ops.length > 6 || p.length < 8 || ops.includes(2)) return false;
    const xs = [p[0], p[2], p[4], p[6]].map((v) => v ?? 0);
    const ys = [p[1], p[3], p[5], p[7]].map((v) => v ?? 0);
    const rectangle = new Set(xs).size === 2 && new Set(ys).size === 2;
    const { width, height } = this.#c.box;
    return (
      rectangle &&
      Math.min(...xs) <= 1 &&
      Math.min(...ys) <= 1 &&
      Math.max(...xs) >= width * UNITS_PER_POINT - 1 &&
      Math.max(...ys) >= height * UNITS_PER_POINT - 1
    );
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
    const fillColor = fill === 'none' ? 0xff : this.#color(object, false);
    const whole = multiply(this.#matrix(object), leaf.matrix);
    if (!isFiniteMatrix(whole)) return;
    this.#clip(leaf);
    const first = call.FPDFPath_GetPathSegment(object, 0);
    let stroke = stroked ? this.#stroke(object) : null;
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
      blend: this.#blend(object),
      matrix,
    });
  }

  #stroke(object: number): Stroke {
    const { engine } = this.#c;
    const { call, scratch } = engine;
    call.FPDFPageObj_GetStrokeWidth(object, scratch);
    const width = engine.memory().getFloat32(scratch, true);
    const dashCount = Math.min(32, Math.max(0, call.FPDFPageObj_GetDashCount(object)));
    let dash: number[] = [];
    let dashPhase = 0;
    if (dashCount > 0 && call.FPDFPageObj_GetDashArray(object, scratch, dashCount) !== 0) {
      dash = Array.from({ length: dashCount }, (_, i) =>
        engine.memory().getFloat32(scratch + 4 * i, true),
      );
      call.FPDFPageObj_GetDashPhase(object, scratch);
      dashPhase = engine.memory().getFloat32(scratch, true);
      if (!dash.every((d) => d >= 0 && d < 1e5) || dash.every((d) => d === 0)) dash = [];
    }
    const word = (value: number): 0 | 1 | 2 => (value === 1 ? 1 : value === 2 ? 2 : 0);
    return {
      color: this.#color(object, true),
      width: width >= 0 && width < 1e5 ? width : 1,
      cap: word(call.FPDFPageObj_GetLineCap(object)),
      join: word(call.FPDFPageObj_GetLineJoin(object)),
      dash,
      dashPhase: Math.abs(dashPhase) < 1e5 ? dashPhase : 0,
    };
  }

  #image(leaf: Leaf): void {
    const { engine, document, page, pictureDpi, pixelsMax } = this.#c;
    const { call, scratch } = engine;
    const own = this.#matrix(leaf.object);
    const whole = multiply(own, leaf.matrix);
    if (!isFiniteMatrix(whole)) return;
    if (call.FPDFImageObj_GetImagePixelSize(leaf.object, scratch, scratch + 4) === 0) return;
    const nativeWidth = engine.memory().getUint32(scratch, true);
    const nativeHeight = engine.memory().getUint32(scratch + 4, true);
    const [a, b, c, d] = whole;
    const placedWidth = (Math.hypot(a, b) / 72) * pictureDpi;
    const placedHeight = (Math.hypot(c, d) / 72) * pictureDpi;
    let width = Math.max(1, nativeWidth);
    let height = Math.max(1, nativeHeight);
    if (width > placedWidth * 1.3) width = Math.max(1, Math.round(placedWidth));
    if (height > placedHeight * 1.3) height = Math.max(1, Math.round(placedHeight));
    const room = Math.sqrt(pixelsMax / (width * height));
    if (room < 1) {
      width = Math.max(1, Math.floor(width * room));
      height = Math.max(1, Math.floor(height * room));
    }
    this.#setImageMatrix(leaf.object, [width, 0, 0, height, 0, 0]);
    const bitmap = call.FPDFImageObj_GetRenderedBitmap(document, page, leaf.object);
    this.#setImageMatrix(leaf.object, own);
    if (bitmap === 0) return;
    const picture = pictureOfBitmap(engine, bitmap);
    call.FPDFBitmap_Destroy(bitmap);
    if (picture === undefined) return;
    this.#clip(leaf);
    this.#items.push({
      kind: 'picture',
      picture: this.#c.pictures.put(picture),
      matrix: whole,
      alpha: 255,
      blend: this.#blend(leaf.object),
    });
  }

  #setImageMatrix(object: number, [a, b, c, d, e, f]: Matrix): void {
    this.#c.engine.call.FPDFImageObj_SetMatrix(object, a, b, c, d, e, f);
  }

  #text(leaf: Leaf, ghost: boolean): void {
    const { engine, fonts, box } = this.#c;
    const { call, scratch } = engine;
    const { object } = leaf;
    const font = call.FPDFTextObj_GetFont(object);
    if (font === 0 || call.FPDFTextObj_GetFontSize(object, scratch) === 0) return;
    const size = engine.memory().getFloat32(scratch, true);
    const mode = call.FPDFTextObj_GetTextRenderMode(object);
    const whole = multiply([size, 0, 0, size, 0, 0], multiply(this.#matrix(object), leaf.matrix));
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
    const last = glyphs.length - 1;
    const area = extent(whole, xs[0] ?? 0, (xs[last] ?? 0) + (glyphs[last]?.width ?? 0), ys);
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
      color: mode === 1 || mode === 5 ? this.#color(object, true) : this.#color(object, false),
      ghost: ghost || undrawn || mode === 3 || mode === 7 || engine.isType3(font),
      glyphs: glyphs.map((glyph) => glyph.glyph),
      xs,
      ys,
    };
    if (!item.ghost) this.#clip(leaf);
    this.#items.push(item.ghost ? { ...item, color: 0x000000ff } : item);
  }

  /** Pictures of the page as painted so far, for leaves the list has no words for; keyed by the leaf they follow. */
  #patches(leaves: readonly Leaf[]): Map<number, Item> {
    const runs: { last: number; area: Area }[] = [];
    let before = -2;
    leaves.forEach((leaf, place) => {
      if (!leaf.complex) return;
      const area = this.#bounds(leaf);
      const run = runs.at(-1);
      if (area === undefined) {
        if (before === place - 1) before = place;
        return;
      }
      if (run !== undefined && before === place - 1) {
        run.last = place;
        run.area = union(run.area, area);
      } else runs.push({ last: place, area });
      before = place;
    });
    const merged =
      runs.length <= PATCHES_MAX
        ? runs
        : [{ last: runs.at(-1)?.last ?? 0, area: runs.map((r) => r.area).reduce(union) }];
    const patches = new Map<number, Item>();
    if (merged.length === 0) return patches;
    const { engine, page, box, rasterDpi, pictures } = this.#c;
    let active = leaves.length;
    for (const { last, area } of merged.toReversed()) {
      // What is painted later must not be in the picture; from the last patch to the first nothing is switched twice.
      while (active > last + 1) {
        active--;
        const leaf = leaves[active] as Leaf;
        engine.call.FPDFPageObj_SetIsActive(leaf.object, 0);
      }
      const raster = renderArea(engine, page, box.height, area, rasterDpi);
      patches.set(last, {
        kind: 'picture',
        picture: pictures.put(pictureOfRaster(raster)),
        matrix: [area.right - area.left, 0, 0, area.top - area.bottom, area.left, area.bottom],
        alpha: 255,
        blend: 'normal',
      });
    }
    for (const leaf of leaves.slice(active)) engine.call.FPDFPageObj_SetIsActive(leaf.object, 1);
    return patches;
  }

  /** The page area of a leaf, rounded outwards to whole pixels of the raster; undefined outside the page. */
  #bounds(leaf: Leaf): Area | undefined {
    const { engine, box, rasterDpi } = this.#c;
    const { scratch } = engine;
    const ok = engine.call.FPDFPageObj_GetBounds(
      leaf.object,
      scratch,
      scratch + 4,
      scratch + 8,
      scratch + 12,
    );
    const whole = { left: 0, bottom: 0, right: box.width, top: box.height };
    if (ok === 0) return whole;
    const m = engine.memory();
    const values = [0, 4, 8, 12].map((at) => m.getFloat32(scratch + at, true));
    const [left = 0, bottom = 0, right = 0, top = 0] = values;
    const corners = [
      [left, bottom],
      [right, bottom],
      [left, top],
      [right, top],
    ].map(([x = 0, y = 0]) => {
      const [a, b, c, d, e, f] = leaf.matrix;
      return [a * x + c * y + e, b * x + d * y + f] as const;
    });
    const pixel = 72 / rasterDpi;
    const down = (v: number): number => Math.floor(v / pixel - 1) * pixel;
    const up = (v: number): number => Math.ceil(v / pixel + 1) * pixel;
    const area = {
      left: Math.max(0, down(Math.min(...corners.map(([x]) => x)))),
      bottom: Math.max(0, down(Math.min(...corners.map(([, y]) => y)))),
      right: Math.min(box.width, up(Math.max(...corners.map(([x]) => x)))),
      top: Math.min(box.height, up(Math.max(...corners.map(([, y]) => y)))),
    };
    if (!Object.values(area).every(Number.isFinite)) return whole;
    return area.right - area.left > 0.01 && area.top - area.bottom > 0.01 ? area : undefined;
  }
}

function scaleStroke(stroke: Stroke, scale: number): Stroke {
  return {
    ...stroke,
    width: Math.min(1e5, stroke.width * scale),
    dash: stroke.dash.map((d) => Math.min(1e5, d * scale)),
    dashPhase: Math.max(-1e6, Math.min(1e6, stroke.dashPhase * scale)),
  };
}

function union(a: Area, b: Area): Area {
  return {
    left: Math.min(a.left, b.left),
    bottom: Math.min(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
    top: Math.max(a.top, b.top),
  };
}

/** The page area of a run of glyphs, from baseline descent to ascent. */
function extent(m: Matrix, from: number, to: number, ys: readonly number[]): Area {
  const [a, b, c, d, e, f] = m;
  const low = (Math.min(...ys.slice(0, 1000)) - 150) / UNITS_PER_EM;
  const high = (Math.max(...ys.slice(0, 1000)) + 750) / UNITS_PER_EM;
  const x0 = from / UNITS_PER_EM;
  const x1 = to / UNITS_PER_EM;
  const xs = [a * x0 + c * low, a * x1 + c * low, a * x0 + c * high, a * x1 + c * high];
  const ysAll = [b * x0 + d * low, b * x1 + d * low, b * x0 + d * high, b * x1 + d * high];
  return {
    left: Math.min(...xs) + e,
    right: Math.max(...xs) + e,
    bottom: Math.min(...ysAll) + f,
    top: Math.max(...ysAll) + f,
  };
}
