// What the list has no words for: a picture of the page as painted so far, laid at the same depth.

import type { Item, Matrix, PathItem } from '../list/display-list.ts';
import type { PageContext } from './page-context.ts';
import { pictureOfRaster, renderArea, type Area } from './raster.ts';

/** More separate patches than this become one. */
const PATCHES_MAX = 24;

/** A thing to paint, in page order, with what stands above it. */
export type Leaf = {
  readonly object: number;
  readonly type: number;
  readonly matrix: Matrix;
  /** Not sayable in the list: shown as a picture of the page up to here. */
  readonly complex: boolean;
  /** A gradient as plain shapes, to be clipped by the object. */
  readonly gradient?: readonly PathItem[];
};

/** Pictures of the page as painted so far, keyed by the leaf they follow. */
export function makePatches(context: PageContext, leaves: readonly Leaf[]): Map<number, Item> {
  const runs: { last: number; area: Area }[] = [];
  let before = -2;
  leaves.forEach((leaf, place) => {
    if (!leaf.complex) return;
    const area = bounds(context, leaf);
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
  const { engine, page, box, rasterDpi, pictures } = context;
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

function bounds(context: PageContext, leaf: Leaf): Area | undefined {
  const { engine, box, rasterDpi } = context;
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

function union(a: Area, b: Area): Area {
  return {
    left: Math.min(a.left, b.left),
    bottom: Math.min(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
    top: Math.max(a.top, b.top),
  };
}
