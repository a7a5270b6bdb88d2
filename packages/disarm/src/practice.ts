// Our own side's practice: decoders and writers work once on a page that means nothing, so that the runtime has compiled them before a document waits.

import { assert } from '@parley/kernel';

import { Builder } from './builder.ts';
import { encodeGlyph, encodePage, encodePicture } from './list/encode.ts';
import { OP, type Glyph, type Item, type Picture } from './list/display-list.ts';
import { FRAME } from './list/frame.ts';
import type { Policy } from './policy.ts';

const GLYPHS = 60;
const STEPS = 24;
const SIDE = 128;
/** The runtime compiles well what it has met often. */
const ROUNDS = 3;

/** Numbers without a pattern that a compressor would find; the same ones every time. */
function* numbers(): Generator<number, never> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state >>> 16;
  }
}

let practised = false;

/** Takes a tenth of a second or two, once in a process. Changes nothing but how soon later copies are written. */
export function practise(policy: Policy): void {
  if (practised) return;
  practised = true;
  const more = numbers();
  const place = (): number => more.next().value % 900;
  const builder = new Builder(policy, undefined, { kind: 'pdf', also: [] });
  const say = (type: number, payload: Uint8Array): void => {
    assert(builder.frame(type, payload) === undefined, 'our own practice is refused');
  };
  for (let glyph = 0; glyph < GLYPHS; glyph++) {
    say(FRAME.glyph, encodeGlyph(letter(glyph, place)));
  }
  for (let round = 0; round < ROUNDS; round++) {
    // A photograph, a drawing with soft edges, one of few colours.
    const pictures = [
      picture(3 * round, () => more.next().value),
      picture(3 * round + 1, (x, y, c) => (x > y ? 255 : (x + y * c) & 255)),
      picture(3 * round + 2, (x, _, c) => 64 * ((x >> 6) + c)),
    ];
    for (const one of pictures) say(FRAME.picture, encodePicture(one));
    const items = [...lines(place), ...pictures.map(({ id }) => shown(id))];
    const page = { width: 600, height: 800, rotate: 0, mode: 'structure', likeness: 0 } as const;
    say(FRAME.page, encodePage({ ...page, items }));
  }
  assert(builder.finish().ok, 'our own practice gives no copy');
}

function letter(glyph: number, place: () => number): Glyph {
  const ops = Array.from({ length: STEPS }, (_, i): number => (i % 3 === 0 ? OP.curve : OP.line));
  const count = ops.reduce((sum, op) => sum + (op === OP.curve ? 3 : 1), 1);
  return {
    font: 0,
    glyph,
    width: place(),
    unicode: String.fromCodePoint(0x4e00 + glyph),
    outline: {
      ops: Uint8Array.of(OP.move, ...ops, OP.close),
      points: Int32Array.from({ length: 2 * count }, place),
    },
  };
}

function picture(id: number, value: (x: number, y: number, c: number) => number): Picture {
  const pixels = new Uint8Array(4 * SIDE * SIDE);
  for (let at = 0; at < pixels.length; at++) {
    const pixel = at >> 2;
    pixels[at] = value(pixel % SIDE, Math.floor(pixel / SIDE), at & 3);
  }
  return { id, width: SIDE, height: SIDE, kind: 'rgba', pixels };
}

const shown = (id: number): Item => ({
  kind: 'picture',
  picture: id,
  matrix: [100, 0, 0, 100, 100 * id, 0],
  alpha: 255,
  blend: 'normal',
});

function lines(place: () => number): Item[] {
  return Array.from({ length: 20 }, (_, line): Item[] => {
    const glyphs = Array.from({ length: 60 }, () => place() % GLYPHS);
    const at = 100 * (20 + 15 * line);
    return [
      {
        kind: 'text',
        font: 0,
        matrix: [11, 0, 0, 11, 50, 20 + 15 * line],
        color: 0x0000_00ff,
        ghost: false,
        glyphs,
        xs: glyphs.map((_glyph, i) => 500 * i + (place() % 3)),
        ys: glyphs.map(() => 0),
      },
      {
        kind: 'path',
        outline: {
          ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.line, OP.close),
          points: Int32Array.of(5000, at, 9000 + place(), at, 9000, at + 50, 5000, at + 50),
        },
        fill: 'nonzero',
        fillColor: 0x2040_80ff,
        stroke: null,
        blend: 'normal',
        matrix: null,
      },
    ];
  }).flat();
}
