// Outlines out of the engine's memory: its path points are 12 bytes each (x, y, kind, close), so one call finds a whole path.

import {
  OP,
  UNITS_PER_EM,
  UNITS_PER_POINT,
  type Matrix,
  type Outline,
} from '../list/display-list.ts';
import type { Area } from './raster.ts';

const KIND = { line: 0, bezier: 1, move: 2 } as const;

/** A place outside any page, where wild coordinates end up; well inside the decoder's limits. */
const FAR = 1 << 25;

/** A whole unit, kept in reach. */
export const clampUnit = (value: number): number =>
  value > -FAR && value < FAR ? Math.round(value) : value > 0 ? FAR : value < 0 ? -FAR : 0;

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiply(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [p, q, r, s, t, u] = outer;
  return [
    a * p + b * r,
    a * q + b * s,
    c * p + d * r,
    c * q + d * s,
    e * p + f * r + t,
    e * q + f * s + u,
  ];
}

export function isFiniteMatrix(m: Matrix): boolean {
  return m.every((value) => Math.abs(value) < 1e6);
}

/** Reads `count` points at `at`, maps them by `matrix` and scales them to whole units. */
export function readOutline(
  memory: DataView,
  at: number,
  count: number,
  matrix: Matrix,
  scale: number,
): Outline {
  const ops: number[] = [];
  const points: number[] = [];
  const [a, b, c, d, e, f] = matrix;
  let open = false;
  let curve: number[] = [];
  let startX = 0;
  let startY = 0;
  const begin = (): void => {
    // Drawing on after a close starts again at the sub-path's first point.
    if (open) return;
    ops.push(OP.move);
    points.push(startX, startY);
    open = true;
  };
  for (let i = 0; i < count; i++) {
    const from = at + 12 * i;
    const px = memory.getFloat32(from, true);
    const py = memory.getFloat32(from + 4, true);
    const kind = memory.getUint8(from + 8);
    const close = memory.getUint8(from + 9) !== 0;
    const x = clampUnit((a * px + c * py + e) * scale);
    const y = clampUnit((b * px + d * py + f) * scale);
    if (kind === KIND.move) {
      // A move that nothing follows draws nothing.
      if (ops.at(-1) === OP.move) {
        ops.pop();
        points.length -= 2;
      }
      ops.push(OP.move);
      points.push(x, y);
      startX = x;
      startY = y;
      open = true;
    } else if (kind === KIND.line) {
      begin();
      ops.push(OP.line);
      points.push(x, y);
    } else {
      curve.push(x, y);
      if (curve.length === 6) {
        begin();
        ops.push(OP.curve);
        points.push(...curve);
        curve = [];
      }
    }
    if (close && open) {
      // The engine says the way back that a close means; said twice, it would be longer with every copy.
      const back = points.at(-2) === startX && points.at(-1) === startY;
      if (back && ops.at(-1) === OP.line && ops.at(-2) !== OP.move) {
        ops.pop();
        points.length -= 2;
      }
      ops.push(OP.close);
      open = false;
    }
  }
  if (ops.at(-1) === OP.move) {
    ops.pop();
    points.length -= 2;
  }
  return { ops: Uint8Array.from(ops), points: Int32Array.from(points) };
}

/** The page area of a run of glyphs, from baseline descent to ascent. */
export function runArea(m: Matrix, from: number, to: number, ys: readonly number[]): Area {
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

/** True for a rectangle around the whole box, whose lower left corner is the origin. In units of the page. */
export function coversBox(
  { ops, points: p }: Outline,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  if (ops.length < 4 || ops.length > 6 || p.length < 8 || ops.includes(OP.curve)) return false;
  const xs = [p[0], p[2], p[4], p[6]].map((v) => v ?? 0);
  const ys = [p[1], p[3], p[5], p[7]].map((v) => v ?? 0);
  const rectangle = new Set(xs).size === 2 && new Set(ys).size === 2;
  return (
    rectangle &&
    Math.min(...xs) <= 1 &&
    Math.min(...ys) <= 1 &&
    Math.max(...xs) >= width * UNITS_PER_POINT - 1 &&
    Math.max(...ys) >= height * UNITS_PER_POINT - 1
  );
}
