// Glyphs drawn by operators: which of them are read as outlines, and that a copy of a copy is the copy.

import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onePage } from '../../testing/pdf-maker.ts';
import { unsafeCaptureFrames } from '../cage/emit.ts';
import { SAMPLE_JOB } from '../cage/example-pages.ts';
import type { Job } from '../cage/job.ts';
import { decodeGlyph, decodePage } from '../list/decode.ts';
import { OP, OP_POINTS, type Glyph, type Item, type Outline } from '../list/display-list.ts';
import { FRAME } from '../list/frame.ts';
import { PdfWriter } from '../writer/pdf.ts';
import { convertPdf } from './convert.ts';
import { loadEngine, type Engine } from './engine.ts';

const job: Job = { ...SAMPLE_JOB, likenessFloor: 0 };

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => unsafeCaptureFrames(undefined));

function listOf(pdf: Uint8Array): { glyphs: Glyph[]; items: readonly Item[] } {
  const glyphs: Glyph[] = [];
  let items: readonly Item[] = [];
  unsafeCaptureFrames((type, payload) => {
    const glyph = type === FRAME.glyph ? decodeGlyph(payload) : undefined;
    if (glyph?.ok === true) glyphs.push(glyph.value);
    const page = type === FRAME.page ? decodePage(payload) : undefined;
    if (page?.ok === true) ({ items } = page.value);
  });
  convertPdf(engine, pdf, job);
  return { glyphs, items };
}

/** A page that says `A` in a font whose one glyph is drawn by `operators`. */
const drawn = (operators: string, content = 'BT /F1 40 Tf 20 50 Td (A) Tj ET'): Uint8Array =>
  onePage(content, {
    page: '/Resources<</Font<</F1 6 0 R>>>>',
    objects: [
      '<</Type/Font/Subtype/Type3/FontBBox[0 0 4 4]/FontMatrix[.25 0 0 .5 0 0]/FirstChar 65/LastChar 65/Widths[4]/Encoding<</Differences[65/A]>>/CharProcs<</A 7 0 R>>/Resources<<>>>>',
      { dictionary: '', stream: operators },
    ],
  });

const TRIANGLE = '0 0 m 4 0 l 4 1 l h f';

describe('glyphs drawn by operators', () => {
  it('that are one filled path become outlines by the matrix of their font', () => {
    for (const operators of [`4 0 d0 ${TRIANGLE}`, `4 0 0 0 4 1 d1 1 0 0 rg ${TRIANGLE}`]) {
      const { glyphs, items } = listOf(
        drawn(operators, 'BT 0 0 1 rg /F1 40 Tf 20 50 Td (A) Tj ET'),
      );
      expect(items.map((item) => item.kind)).toEqual(['text']);
      expect(items[0]).toMatchObject({ ghost: false, color: 0x0000ffff });
      expect(glyphs).toMatchObject([{ width: 1000 }]);
      expect(glyphs[0]?.outline).toEqual({
        ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.close),
        points: Int32Array.of(0, 0, 1000, 0, 1000, 500),
      });
    }
  });

  it.each([
    ['a colour of its own', `4 0 d0 1 0 0 rg ${TRIANGLE}`],
    ['a stroke', '4 0 d0 0 0 m 4 0 l 4 1 l h S'],
    ['two paths', `4 0 d0 ${TRIANGLE} 1 1 2 1 re f`],
    ['the even-odd rule', '4 0 d0 0 0 m 4 0 l 4 1 l h f*'],
    ['a clip', `4 0 d0 1 0 2 2 re W n ${TRIANGLE}`],
    ['a picture', '4 0 d0 4 0 0 2 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x10 EI'],
    ['a stencil', '4 0 0 0 4 4 d1 4 0 0 2 0 0 cm BI /IM true /W 8 /H 1 /BPC 1 ID \x5a EI'],
  ])('that have %s stay a picture with their text', (_, operators) => {
    const { items } = listOf(drawn(operators));
    expect(items.map((item) => item.kind)).toEqual(['text', 'picture']);
    expect(items[0]).toMatchObject({ ghost: true });
  });

  it('that call their own font for ever end', () => {
    const own = 'BT /F1 1 Tf (A) Tj ET';
    expect(() => listOf(drawn(`4 0 d0 ${own} ${TRIANGLE}`))).not.toThrow();
  });

  it('of our own writer are read back: a copy of a copy is the copy', () => {
    let texts = 0;
    const again = (pdf: Uint8Array): Uint8Array => {
      const { glyphs, items } = listOf(pdf);
      texts += items.filter((item) => item.kind === 'text').length;
      const writer = new PdfWriter({ jpeg: null, compress: false, maxBytes: 1 << 22 });
      for (const glyph of glyphs) writer.glyph(glyph);
      writer.page({ ...PAGE, items });
      return writer.finish();
    };
    // Parts of one point draw nothing, and the engine forgets them.
    const part = fc
      .array(fc.constantFrom(OP.line, OP.curve), { minLength: 1, maxLength: 4 })
      .map((steps) => [OP.move, ...steps, OP.close]);
    const small = fc
      .tuple(
        fc.array(part, { maxLength: 3 }),
        fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 90, maxLength: 90 }),
      )
      .map(([parts, numbers]): Outline => {
        const ops = parts.flat();
        const count = ops.reduce<number>((sum, op) => sum + 2 * OP_POINTS[op], 0);
        return { ops: Uint8Array.from(ops), points: Int32Array.from(numbers.slice(0, count)) };
      });
    const shown = fc.array(small, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(shown, (outlines) => {
        const copy = again(pageOf(outlines));
        expect(latin1(again(copy))).toBe(latin1(copy));
      }),
      { numRuns: process.env['SLOW'] === '1' ? 2000 : 20, endOnFailure: true },
    );
    // A glyph may cover all there is to see behind it; most do not.
    expect(texts).toBeGreaterThan(20);
  });
});

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const PAGE = { width: 300, height: 200, rotate: 0, mode: 'structure', likeness: 1000 } as const;

/** A page of our own whose text crosses the edge of a triangle, so that it never counts as unseen. */
function pageOf(outlines: readonly Outline[]): Uint8Array {
  const writer = new PdfWriter({ jpeg: null, compress: false, maxBytes: 1 << 22 });
  outlines.forEach((outline, i) => {
    writer.glyph({ font: 0, glyph: i, width: 500 + i, unicode: `${i}`, outline });
  });
  const triangle: Item = {
    kind: 'path',
    outline: {
      ops: Uint8Array.of(OP.move, OP.line, OP.line, OP.close),
      points: Int32Array.of(0, 0, 30_000, 0, 15_000, 20_000),
    },
    fill: 'nonzero',
    fillColor: 0xa0b0c0ff,
    stroke: null,
    blend: 'normal',
    matrix: null,
  };
  const text: Item = {
    kind: 'text',
    font: 0,
    matrix: [10, 0, 0, 10, 35, 50],
    color: 0x000000ff,
    ghost: false,
    glyphs: outlines.map((_, i) => i),
    xs: outlines.map((_, i) => 2000 * i),
    ys: outlines.map(() => 0),
  };
  writer.page({ ...PAGE, items: [triangle, text] });
  return writer.finish();
}
