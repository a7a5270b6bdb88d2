// Display-list values for property tests and for the fuzzer.

import * as fc from 'fast-check';
import {
  BYTES_PER_PIXEL,
  OP,
  OP_POINTS,
  PICTURE_KINDS,
  type Glyph,
  type Item,
  type Matrix,
  type Outline,
  type Page,
  type Picture,
} from '../src/list/display-list.ts';

const float = (limit: number): fc.Arbitrary<number> =>
  fc.integer({ min: -limit * 8, max: limit * 8 }).map((n) => n / 8);

/** Well-formed paths: a move first, and a move after each close. */
export function arbitraryOutline(): fc.Arbitrary<Outline> {
  return fc
    .tuple(
      fc.array(fc.constantFrom(OP.move, OP.line, OP.curve, OP.close), { maxLength: 12 }),
      fc.array(fc.integer({ min: -200_000, max: 200_000 }), { minLength: 6, maxLength: 40 }),
    )
    .map(([steps, numbers]) => {
      const ops: number[] = [];
      let open = false;
      for (const step of steps) {
        if (!open && step !== OP.move) ops.push(OP.move);
        ops.push(step);
        open = step !== OP.close;
      }
      const count = ops.reduce((sum, op) => sum + 2 * (OP_POINTS[op as 0 | 1 | 2 | 3] ?? 0), 0);
      const points = new Int32Array(count);
      for (let i = 0; i < count; i++) points[i] = numbers[i % numbers.length] ?? 0;
      return { ops: Uint8Array.from(ops), points };
    });
}

function arbitraryMatrix(): fc.Arbitrary<Matrix> {
  const v = float(1000);
  return fc.tuple(v, v, v, v, v, v);
}

const color = fc.integer({ min: 0, max: 0xffffffff });
const blend = fc.constantFrom('normal' as const, 'multiply' as const);

export function arbitraryItem(): fc.Arbitrary<Item> {
  const text = fc
    .record({
      font: fc.nat(3),
      matrix: arbitraryMatrix(),
      color,
      ghost: fc.boolean(),
      glyphs: fc.array(
        fc.tuple(
          fc.nat(9),
          fc.integer({ min: -9000, max: 9000 }),
          fc.integer({ min: -900, max: 900 }),
        ),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
    })
    .map(({ glyphs, ...rest }) => ({
      kind: 'text' as const,
      ...rest,
      glyphs: glyphs.map(([glyph]) => glyph),
      xs: glyphs.map(([, x]) => x),
      ys: glyphs.map(([, , y]) => y),
    }));
  const word = fc.constantFrom(0 as const, 1 as const, 2 as const);
  const path = fc.record({
    kind: fc.constant('path' as const),
    outline: arbitraryOutline(),
    fill: fc.constantFrom('none' as const, 'nonzero' as const, 'evenodd' as const),
    fillColor: color,
    stroke: fc.option(
      fc.record({
        color,
        width: fc.nat(800).map((n) => n / 8),
        cap: word,
        join: word,
        dash: fc.array(
          fc.nat(80).map((n) => n / 8),
          { maxLength: 4 },
        ),
        dashPhase: float(10),
      }),
    ),
    blend,
    matrix: fc.option(arbitraryMatrix()),
  });
  const picture = fc.record({
    kind: fc.constant('picture' as const),
    picture: fc.nat(3),
    matrix: arbitraryMatrix(),
    alpha: fc.nat(255),
    blend,
  });
  const clip = fc.record({
    kind: fc.constant('clip' as const),
    paths: fc.array(fc.record({ outline: arbitraryOutline(), evenOdd: fc.boolean() }), {
      maxLength: 3,
    }),
  });
  return fc.oneof(text, path, picture, clip);
}

export function arbitraryPage(): fc.Arbitrary<Page> {
  return fc.record({
    width: fc.integer({ min: 1, max: 2000 }),
    height: fc.integer({ min: 1, max: 2000 }),
    rotate: fc.constantFrom(0 as const, 90 as const, 180 as const, 270 as const),
    mode: fc.constantFrom('structure' as const, 'pixel' as const),
    likeness: fc.integer({ min: -1, max: 1000 }),
    items: fc.array(arbitraryItem(), { maxLength: 8 }),
  });
}

export function arbitraryGlyph(): fc.Arbitrary<Glyph> {
  return fc.record({
    font: fc.nat(3),
    glyph: fc.nat(9),
    width: fc.integer({ min: 0, max: 2000 }),
    unicode: fc.string({ maxLength: 4 }).map((text) => text.toWellFormed()),
    outline: arbitraryOutline(),
  });
}

export function arbitraryPicture(): fc.Arbitrary<Picture> {
  return fc
    .record({
      id: fc.nat(3),
      width: fc.integer({ min: 1, max: 12 }),
      height: fc.integer({ min: 1, max: 12 }),
      kind: fc.constantFrom(...PICTURE_KINDS),
    })
    .chain((shape) => {
      const length = shape.width * shape.height * BYTES_PER_PIXEL[shape.kind];
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((pixels) => ({ ...shape, pixels }));
    });
}
