// Glyphs that are drawn by page operators (Type3): their shapes, where a glyph is one plain filled outline. Our own copies have no others.

import { UNITS_PER_EM, type Outline } from '../list/display-list.ts';
import type { Engine } from './engine.ts';
import type { ObjectReader } from './objects.ts';
import { isFiniteMatrix, multiply, readOutline } from './outline.ts';

/** Field offsets of CPDF_Type3Font, its map of loaded glyphs, a glyph of it, and the objects of a glyph's form. */
const AT = {
  fontMatrix: 6324,
  loadedRoot: 6368,
  node: { left: 0, right: 4, code: 16, glyph: 20 },
  glyph: { form: 0, bitmap: 4, coloured: 8 },
  /** A glyph points into its form, not at its beginning: at the face that fonts know of it. */
  form: { face: 0, blocks: -56, start: -44, count: -40 },
} as const;
/** Address of the virtual table of that face. */
const FACE_TABLE = 593_320;
const NONZERO = 2;
/** Steps down the tree of loaded glyphs: it is balanced and has one per code. */
const STEPS_MAX = 64;

const EMPTY: Outline = { ops: new Uint8Array(0), points: new Int32Array(0) };

/** The glyph in thousandths of the em; undefined where it is anything but one outline, filled in the colour of its text. */
export function readType3Glyph(
  engine: Engine,
  objects: ObjectReader,
  font: number,
  code: number,
): Outline | undefined {
  engine.loadGlyph(font, code);
  const word = (at: number): number => engine.memory().getUint32(at, true);
  const { node } = AT;
  let at = word(font + AT.loadedRoot);
  for (let steps = 0; at !== 0 && word(at + node.code) !== code; steps++) {
    if (steps === STEPS_MAX) return undefined;
    at = word(at + (code < word(at + node.code) ? node.left : node.right));
  }
  const glyph = at === 0 ? 0 : word(at + node.glyph);
  if (glyph === 0) return EMPTY;
  if (word(glyph + AT.glyph.bitmap) !== 0) return undefined;
  const form = word(glyph + AT.glyph.form);
  if (form === 0) return EMPTY;
  if (word(form + AT.form.face) !== FACE_TABLE || word(form + AT.form.count) !== 1)
    return undefined;
  const object = word(word(word(form + AT.form.blocks)) + 4 * word(form + AT.form.start));
  const coloured = engine.memory().getUint8(glyph + AT.glyph.coloured) !== 0;
  if (!objects.isPlainFill(object, coloured)) return undefined;
  return outlineOf(engine, objects, font, object);
}

function outlineOf(
  engine: Engine,
  objects: ObjectReader,
  font: number,
  object: number,
): Outline | undefined {
  const { call, scratch } = engine;
  const count = call.FPDFPath_CountSegments(object);
  if (count <= 0 || call.FPDFPath_GetDrawMode(object, scratch, scratch + 4) === 0) return undefined;
  const memory = engine.memory();
  const fill = memory.getInt32(scratch, true);
  const stroked = memory.getInt32(scratch + 4, true) !== 0;
  if (fill !== NONZERO || stroked) return undefined;
  const part = (i: number): number =>
    engine.memory().getFloat32(font + AT.fontMatrix + 4 * i, true);
  const own = objects.matrix(object);
  const whole = multiply(own, [part(0), part(1), part(2), part(3), part(4), part(5)]);
  if (!isFiniteMatrix(whole)) return undefined;
  const first = call.FPDFPath_GetPathSegment(object, 0);
  return readOutline(engine.memory(), first, count, whole, UNITS_PER_EM);
}
