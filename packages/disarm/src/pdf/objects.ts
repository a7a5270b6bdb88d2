// Page objects as the engine keeps them: matrix, colours, transparency, stroke, and whether the display list has words for them.

import type { Blend, Color, Matrix, Stroke } from '../list/display-list.ts';
import { FIELD, NO_COLOR, PATTERN, type Engine } from './engine.ts';
import { IDENTITY } from './outline.ts';

/** Object kinds of the engine. */
export const OBJECT = { text: 1, path: 2, image: 3, shading: 4, form: 5 } as const;
const MULTIPLY = 1;

/** Reads properties of page objects; every answer is finite and within the list's limits. */
export class ObjectReader {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  #generalWord(object: number, field: number): number {
    const memory = this.#engine.memory();
    const general = memory.getUint32(object + FIELD.general, true);
    return general === 0 ? 0 : memory.getUint32(general + field, true);
  }

  #alpha(object: number, field: number): number {
    const memory = this.#engine.memory();
    const general = memory.getUint32(object + FIELD.general, true);
    const alpha = general === 0 ? 1 : memory.getFloat32(general + field, true);
    return alpha >= 0 && alpha <= 1 ? Math.round(alpha * 255) : 255;
  }

  /** True where the list cannot say this object: it is shown as a picture of the page up to here. */
  isComplex(object: number, type: number): boolean {
    const engine = this.#engine;
    const blend = this.#generalWord(object, FIELD.blend);
    if (blend > MULTIPLY || this.#generalWord(object, FIELD.softMask) !== 0) return true;
    if (this.#hasTextClip(object)) return true;
    switch (type) {
      case OBJECT.text: {
        const mode = engine.call.FPDFTextObj_GetTextRenderMode(object);
        const font = engine.call.FPDFTextObj_GetFont(object);
        if (font === 0) return mode !== 3;
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

  /** True for a path of a glyph that is painted in the colour of its text and nothing more. */
  isPlainFill(object: number, coloured: boolean): boolean {
    const memory = this.#engine.memory();
    const color = memory.getUint32(object + FIELD.color, true);
    const inherits = color === 0 || memory.getUint8(color + FIELD.fillVariant) === NO_COLOR;
    return (
      this.#engine.call.FPDFPageObj_GetType(object) === OBJECT.path &&
      memory.getUint32(object + FIELD.clip, true) === 0 &&
      this.#generalWord(object, FIELD.blend) === 0 &&
      this.#generalWord(object, FIELD.softMask) === 0 &&
      this.#alpha(object, FIELD.fillAlpha) === 255 &&
      (inherits || !coloured)
    );
  }

  /** The pattern that a shading or a path without a pen is filled with and nothing else is special about; 0 for others. */
  patternOf(object: number, type: number): number {
    const { call, scratch } = this.#engine;
    const word = (at: number): number => this.#engine.memory().getUint32(at, true);
    if (
      this.#generalWord(object, FIELD.blend) !== 0 ||
      this.#generalWord(object, FIELD.softMask) !== 0 ||
      this.#alpha(object, FIELD.fillAlpha) !== 255 ||
      this.#hasTextClip(object)
    ) {
      return 0;
    }
    if (type === OBJECT.shading) return word(object + FIELD.shading);
    if (type !== OBJECT.path || call.FPDFPath_GetDrawMode(object, scratch, scratch + 4) === 0) {
      return 0;
    }
    const color = word(object + FIELD.color);
    const plain = word(scratch) !== 0 && word(scratch + 4) === 0;
    if (!plain || color === 0) return 0;
    const variant = this.#engine.memory().getUint8(color + FIELD.fillVariant);
    const value = variant === PATTERN ? word(color + FIELD.fillValue) : 0;
    return value === 0 ? 0 : word(value);
  }

  #hasTextClip(object: number): boolean {
    const memory = this.#engine.memory();
    const clip = memory.getUint32(object + FIELD.clip, true);
    if (clip === 0) return false;
    const at = clip + FIELD.clipTexts;
    return memory.getUint32(at, true) !== memory.getUint32(at + 4, true);
  }

  #hasPattern(object: number): boolean {
    const memory = this.#engine.memory();
    const color = memory.getUint32(object + FIELD.color, true);
    if (color === 0) return false;
    return (
      memory.getUint8(color + FIELD.fillVariant) === PATTERN ||
      memory.getUint8(color + FIELD.strokeVariant) === PATTERN
    );
  }

  matrix(object: number): Matrix {
    const engine = this.#engine;
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

  /** The matrix of a shading painted by itself: the interface does not tell it. */
  shadingMatrix(object: number): Matrix {
    const f = (i: number): number =>
      this.#engine.memory().getFloat32(object + FIELD.shadingMatrix + 4 * i, true);
    return [f(0), f(1), f(2), f(3), f(4), f(5)];
  }

  color(object: number, stroke: boolean): Color {
    const engine = this.#engine;
    const { call, scratch } = engine;
    const read = stroke ? call.FPDFPageObj_GetStrokeColor : call.FPDFPageObj_GetFillColor;
    if (read(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return 0x000000ff;
    const m = engine.memory();
    const byte = (i: number): number => m.getUint32(scratch + 4 * i, true) & 255;
    const alpha = this.#alpha(object, stroke ? FIELD.strokeAlpha : FIELD.fillAlpha);
    return ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | alpha) >>> 0;
  }

  blend(object: number): Blend {
    return this.#generalWord(object, FIELD.blend) === MULTIPLY ? 'multiply' : 'normal';
  }

  stroke(object: number): Stroke {
    const engine = this.#engine;
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
      color: this.color(object, true),
      width: width >= 0 && width < 1e5 ? width : 1,
      cap: word(call.FPDFPageObj_GetLineCap(object)),
      join: word(call.FPDFPageObj_GetLineJoin(object)),
      dash,
      dashPhase: Math.abs(dashPhase) < 1e5 ? dashPhase : 0,
    };
  }
}

/** The stroke of a path whose points were scaled. */
export function scaleStroke(stroke: Stroke, scale: number): Stroke {
  return {
    ...stroke,
    width: Math.min(1e5, stroke.width * scale),
    dash: stroke.dash.map((d) => Math.min(1e5, d * scale)),
    dashPhase: Math.max(-1e6, Math.min(1e6, stroke.dashPhase * scale)),
  };
}
