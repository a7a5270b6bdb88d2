// Gradients along a line or between circles: read from the engine, and said as plain filled shapes, each step of colour over the one before.

import { UNITS_PER_POINT, type Color, type Matrix, type PathItem } from '../list/display-list.ts';
import type { Engine } from './engine.ts';
import { EngineObjects } from './engine-objects.ts';
import { isFiniteMatrix, multiply } from './outline.ts';

/** Field offsets of CPDF_ShadingPattern, its colour space and its functions. */
const AT = {
  source: 24,
  matrix: 28,
  parent: 52,
  type: 76,
  direct: 80,
  space: 84,
  functions: 88,
  spaceFamily: 20,
  spaceComponents: 28,
  functionOutputs: 12,
} as const;
/** Address of its virtual table: tilings have another. */
const SHADING_TABLE = 593_392;
const CALL_SLOT = 3;
/** Gray, RGB, and profiles that are one of the two. */
const FAMILIES = [1, 2, 7];
const LINE = 2;
const CIRCLES = 3;
/** Steps of colour from one end to the other: at most so many that black and white differ by two of 255 from one to the next, and none finer than a point. */
const STEPS = { least: 16, most: 128 } as const;
/** A quarter circle as one curve. */
const ARC = 0.5523;

export type Gradient = {
  readonly circles: boolean;
  /** Two points, or two centres each with its radius. */
  readonly coords: readonly number[];
  readonly before: boolean;
  readonly after: boolean;
  readonly colors: readonly Color[];
  /** From the gradient's space to the page. */
  readonly matrix: Matrix;
};

type Box = { readonly width: number; readonly height: number };

/** The gradient of a pattern; undefined for every shading that is not one of the two plain ones. */
export function readGradient(engine: Engine, pattern: number, outer: Matrix): Gradient | undefined {
  const objects = new EngineObjects(engine);
  const word = (at: number): number => objects.word(at);
  if (word(pattern) !== SHADING_TABLE) return undefined;
  const type = word(pattern + AT.type);
  if (type !== LINE && type !== CIRCLES) return undefined;
  const source = word(pattern + AT.source);
  const direct = engine.memory().getUint8(pattern + AT.direct) !== 0;
  const shading = direct ? source : objects.entry(source, 'Shading');
  if (objects.entry(shading, 'Background') !== 0 || objects.entry(shading, 'BBox') !== 0) {
    return undefined;
  }
  const coords = objects.numbers(objects.entry(shading, 'Coords'));
  if (coords?.length !== (type === LINE ? 4 : 6)) return undefined;
  const extend = objects.entry(shading, 'Extend');
  const [before, after] = (extend === 0 ? undefined : objects.truths(extend)) ?? [];
  const domain = objects.numbers(objects.entry(shading, 'Domain')) ?? [0, 1];
  const own = floats(engine, pattern + AT.matrix);
  if (!direct && !isPagePattern(engine, pattern)) return undefined;
  const matrix = multiply(own, outer);
  if (!isFiniteMatrix(matrix)) return undefined;
  const circles = type === CIRCLES;
  const steps = Math.min(STEPS.most, Math.max(STEPS.least, Math.ceil(reach(coords, matrix))));
  const colors = readColors(engine, pattern, domain, steps);
  if (colors === undefined) return undefined;
  return { circles, coords, before: before === true, after: after === true, colors, matrix };
}

/** How far the colours reach on the page, in points. */
function reach(coords: readonly number[], [a, b, c, d]: Matrix): number {
  const size = Math.sqrt(Math.abs(a * d - b * c));
  if (coords.length === 4) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = coords;
    const [dx, dy] = [x1 - x0, y1 - y0];
    return Math.hypot(a * dx + c * dy, b * dx + d * dy);
  }
  const [x0 = 0, y0 = 0, r0 = 0, x1 = 0, y1 = 0, r1 = 0] = coords;
  return size * Math.max(Math.abs(r1 - r0), Math.hypot(x1 - x0, y1 - y0));
}

function floats(engine: Engine, at: number): Matrix {
  const f = (i: number): number => engine.memory().getFloat32(at + 4 * i, true);
  return [f(0), f(1), f(2), f(3), f(4), f(5)];
}

/** True where a pattern lies in the space of the page and not in that of a form. */
function isPagePattern(engine: Engine, pattern: number): boolean {
  return floats(engine, pattern + AT.parent).every((v, i) => v === (i === 0 || i === 3 ? 1 : 0));
}

function readColors(
  engine: Engine,
  pattern: number,
  domain: readonly number[],
  steps: number,
): Color[] | undefined {
  const word = (at: number): number => engine.memory().getUint32(at, true);
  const space = word(pattern + AT.space);
  const from = word(pattern + AT.functions);
  const count = (word(pattern + AT.functions + 4) - from) >> 2;
  if (space === 0 || !FAMILIES.includes(word(space + AT.spaceFamily))) return undefined;
  const components = word(space + AT.spaceComponents);
  if (components !== 1 && components !== 3) return undefined;
  if (count !== 1 && count !== components) return undefined;
  const functions = Array.from({ length: count }, (_, i) => word(from + 4 * i));
  const each = components / count;
  if (functions.some((f) => f === 0 || word(f + AT.functionOutputs) !== each)) return undefined;
  const [low = 0, high = 1] = domain;
  const { scratch } = engine;
  const [input, output, spans] = [scratch, scratch + 16, scratch + 64];
  const colors: Color[] = [];
  for (let step = 0; step < steps; step++) {
    const parts: number[] = [];
    for (const one of functions) {
      const memory = engine.memory();
      memory.setFloat32(input, low + ((high - low) * step) / steps, true);
      // Two spans of floats: where they begin and how many they are.
      [input, 1, output, each].forEach((value, i) => memory.setUint32(spans + 4 * i, value, true));
      if (engine.virtualOf(one, CALL_SLOT)(one, spans, spans + 8) === 0) return undefined;
      for (let i = 0; i < each; i++) parts.push(engine.memory().getFloat32(output + 4 * i, true));
    }
    const byte = (part: number | undefined): number =>
      Math.round(255 * Math.max(0, Math.min(1, part ?? 0))) || 0;
    const [r, g, b] = parts.length === 1 ? [parts[0], parts[0], parts[0]] : parts;
    colors.push(((byte(r) << 24) | (byte(g) << 16) | (byte(b) << 8) | 255) >>> 0);
  }
  return colors;
}

/** The gradient over the whole page, for a clip around it; undefined where it cannot be laid out in plain shapes. */
export function gradientItems(gradient: Gradient, page: Box): PathItem[] | undefined {
  const [a, b, c, d, e, f] = gradient.matrix;
  const size = a * d - b * c;
  if (!(Math.abs(size) > 1e-16)) return undefined;
  const corners = [0, page.width].flatMap((x) =>
    [0, page.height].map((y): Point => {
      const [u, v] = [x - e, y - f];
      return [(d * u - c * v) / size, (a * v - b * u) / size];
    }),
  );
  return gradient.circles ? discs(gradient, corners) : bands(gradient, corners);
}

type Point = readonly [number, number];

/** Steps at which the colour changes, each with the colour from there on. */
function changes(colors: readonly Color[]): { at: number; color: Color }[] {
  return colors.flatMap((color, i) =>
    i > 0 && color === colors[i - 1] ? [] : [{ at: i / (colors.length - 1), color }],
  );
}

function bands(gradient: Gradient, corners: readonly Point[]): PathItem[] | undefined {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = gradient.coords;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  if (length < 1e-9) return undefined;
  const along = corners.map(([x, y]) => ((x - x0) * dx + (y - y0) * dy) / length);
  const across = corners.map(([x, y]) => ((y - y0) * dx - (x - x0) * dy) / length);
  const [left, right] = [Math.min(...across) - 1, Math.max(...across) + 1];
  const first = gradient.before ? Math.min(0, ...along) - 1 : 0;
  const last = gradient.after ? Math.max(1, ...along) + 1 : 1;
  const point = (t: number, s: number): Point => [x0 + t * dx - s * dy, y0 + t * dy + s * dx];
  return changes(gradient.colors).map(({ at, color }, i) => {
    const from = i === 0 ? first : at;
    const quad = [point(from, left), point(last, left), point(last, right), point(from, right)];
    return filled(gradient.matrix, [0, 1, 1, 1, 3], quad, color);
  });
}

function discs(gradient: Gradient, corners: readonly Point[]): PathItem[] | undefined {
  const [x0 = 0, y0 = 0, r0 = 0, x1 = 0, y1 = 0, r1 = 0] = gradient.coords;
  if (r0 < 0 || r1 < 0 || r0 === r1) return undefined;
  // From the outer circle to the inner one, which must lie in it.
  const inward = r1 > r0;
  if (Math.hypot(x1 - x0, y1 - y0) > Math.abs(r1 - r0)) return undefined;
  const outer = inward ? gradient.after : gradient.before;
  const inner = inward ? gradient.before : gradient.after;
  // A hole in the middle would need a clip of its own.
  if (!inner && Math.min(r0, r1) > 0) return undefined;
  const steps = changes(inward ? gradient.colors.toReversed() : gradient.colors);
  const far = Math.max(
    r0,
    r1,
    ...corners.map(([x, y]) => Math.max(Math.hypot(x - x0, y - y0), Math.hypot(x - x1, y - y1))),
  );
  return steps.map(({ at, color }, i) => {
    const t = inward ? 1 - at : at;
    const [x, y] = [x0 + t * (x1 - x0), y0 + t * (y1 - y0)];
    const r = i === 0 && outer ? 2 * far : Math.max(0, r0 + t * (r1 - r0));
    const k = ARC * r;
    const round: Point[] = [
      [x + r, y],
      ...([
        [x + r, y + k],
        [x + k, y + r],
        [x, y + r],
        [x - k, y + r],
        [x - r, y + k],
        [x - r, y],
        [x - r, y - k],
        [x - k, y - r],
        [x, y - r],
        [x + k, y - r],
        [x + r, y - k],
        [x + r, y],
      ] as const),
    ];
    return filled(gradient.matrix, [0, 2, 2, 2, 2, 3], round, color);
  });
}

/** Far outside any page, and inside the decoder's limits. */
const FAR = 1 << 25;

function filled(
  [a, b, c, d, e, f]: Matrix,
  ops: readonly (0 | 1 | 2 | 3)[],
  points: readonly Point[],
  fillColor: Color,
): PathItem {
  const unit = (value: number): number =>
    Math.max(-FAR, Math.min(FAR, Math.round(value * UNITS_PER_POINT))) || 0;
  const flat = points.flatMap(([x, y]) => [unit(a * x + c * y + e), unit(b * x + d * y + f)]);
  return {
    kind: 'path',
    outline: { ops: Uint8Array.from(ops), points: Int32Array.from(flat) },
    fill: 'nonzero',
    fillColor,
    stroke: null,
    blend: 'normal',
    matrix: null,
  };
}
