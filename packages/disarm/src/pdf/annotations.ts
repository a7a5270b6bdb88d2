// Annotations as marks on paper: what a reader would draw becomes part of the page, what it would do is gone.

import { OP, UNITS_PER_POINT, type PathItem } from '../list/display-list.ts';
import type { Engine } from './engine.ts';
import type { PageBox } from './page-context.ts';

const LINK = 2;
const POPUP = 16;
const HIDDEN_OR_NO_VIEW = 2 | 32;
const COUNT_MAX = 5000;

function eachAnnotation(
  engine: Engine,
  page: number,
  use: (annotation: number, type: number) => boolean,
): void {
  const { call } = engine;
  const count = Math.min(COUNT_MAX, Math.max(0, call.FPDFPage_GetAnnotCount(page)));
  for (let i = 0; i < count; i++) {
    const annotation = call.FPDFPage_GetAnnot(page, i);
    if (annotation === 0) continue;
    const more = use(annotation, call.FPDFAnnot_GetSubtype(annotation));
    call.FPDFPage_CloseAnnot(annotation);
    if (!more) return;
  }
}

/** True where something other than a link or a pop-up may show. */
export function needsFlattening(engine: Engine, page: number): boolean {
  let found = false;
  eachAnnotation(engine, page, (_, type) => {
    found = type !== LINK && type !== POPUP;
    return !found;
  });
  return found;
}

/** The frames that readers draw round links, as paths. */
export function readLinkBorders(engine: Engine, page: number, box: PageBox): PathItem[] {
  const { call, scratch } = engine;
  const items: PathItem[] = [];
  eachAnnotation(engine, page, (annotation, type) => {
    if (type !== LINK || (call.FPDFAnnot_GetFlags(annotation) & HIDDEN_OR_NO_VIEW) !== 0)
      return true;
    const known = call.FPDFAnnot_GetBorder(annotation, scratch, scratch + 4, scratch + 8);
    const width = known === 0 ? 1 : engine.memory().getFloat32(scratch + 8, true);
    if (!(width > 0 && width < 100)) return true;
    if (call.FPDFAnnot_GetRect(annotation, scratch) === 0) return true;
    const edges = [0, 4, 8, 12].map((at) => engine.memory().getFloat32(scratch + at, true));
    const [x0 = 0, y1 = 0, x1 = 0, y0 = 0] = edges;
    if (!edges.every((edge) => Math.abs(edge) < 1e5)) return true;
    call.FPDFAnnot_GetColor(annotation, 0, scratch, scratch + 4, scratch + 8, scratch + 12);
    const byte = (i: number): number => engine.memory().getUint32(scratch + 4 * i, true) & 255;
    const units = (value: number): number => Math.round(value * UNITS_PER_POINT);
    const [left, bottom, right, top] = [
      units(x0 - box.left),
      units(y0 - box.bottom),
      units(x1 - box.left),
      units(y1 - box.bottom),
    ];
    items.push({
      kind: 'path',
      outline: {
        ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.line, OP.close),
        points: Int32Array.of(left, bottom, right, bottom, right, top, left, top),
      },
      fill: 'none',
      fillColor: 0x000000ff,
      stroke: {
        color: ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | 255) >>> 0,
        width,
        cap: 0,
        join: 0,
        dash: [],
        dashPhase: 0,
      },
      blend: 'normal',
      matrix: null,
    });
    return true;
  });
  return items;
}
