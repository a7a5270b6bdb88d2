// Letters drawn with a pen, with or without a filling: the outline of each as a stroked path. The words stay in the text item.

import {
  UNITS_PER_EM,
  UNITS_PER_POINT,
  type Matrix,
  type PathItem,
  type Stroke,
  type TextItem,
} from '../list/display-list.ts';
import type { Engine } from './engine.ts';
import type { KnownGlyph } from './fonts.ts';
import { scaleStroke, type ObjectReader } from './objects.ts';
import { clampUnit } from './outline.ts';

/** Field offsets of a text object and of its text state: the four numbers of the space in which the pen is measured. */
const AT = { state: 16, space: 48 } as const;
/** Render modes of PDF 32000-1 9.3.6 that use a pen. */
const PEN_MODES = [1, 2, 5, 6];

/** True where a render mode draws outlines and does not fill them. */
export const isHollow = (mode: number): boolean => mode === 1 || mode === 5;

/** The pen of a text in points of the page; undefined where it has none. */
export function readPen(
  engine: Engine,
  objects: ObjectReader,
  object: number,
  mode: number,
  [a, b, c, d]: Matrix,
): Stroke | undefined {
  const state = engine.memory().getUint32(object + AT.state, true);
  if (!PEN_MODES.includes(mode) || state === 0) return undefined;
  const part = (i: number): number => engine.memory().getFloat32(state + AT.space + 4 * i, true);
  const area = Math.abs((part(0) * part(3) - part(1) * part(2)) * (a * d - b * c));
  return area < 1e12 ? scaleStroke(objects.stroke(object), Math.sqrt(area)) : undefined;
}

/** The outlines of a text's letters under a pen. */
export function penItems(
  { matrix: [a, b, c, d, e, f], xs, ys }: TextItem,
  glyphs: readonly KnownGlyph[],
  stroke: Stroke,
): PathItem[] {
  return glyphs.flatMap(({ outline: { ops, points: from } }, i): PathItem[] => {
    if (ops.length === 0) return [];
    const points = new Int32Array(from.length);
    for (let at = 0; at < from.length; at += 2) {
      const x = ((from[at] ?? 0) + (xs[i] ?? 0)) / UNITS_PER_EM;
      const y = ((from[at + 1] ?? 0) + (ys[i] ?? 0)) / UNITS_PER_EM;
      points[at] = clampUnit((a * x + c * y + e) * UNITS_PER_POINT);
      points[at + 1] = clampUnit((b * x + d * y + f) * UNITS_PER_POINT);
    }
    const outline = { ops, points };
    const path = { fill: 'none', fillColor: 0xff, blend: 'normal', matrix: null } as const;
    return [{ kind: 'path', outline, stroke, ...path }];
  });
}
