// Gradients as plain shapes, and what is left to pictures.

import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onePage } from '../../testing/pdf-maker.ts';
import { unsafeCaptureFrames } from '../cage/emit.ts';
import { SAMPLE_JOB } from '../cage/example-pages.ts';
import type { Job } from '../cage/job.ts';
import { decodePage } from '../list/decode.ts';
import type { Page } from '../list/display-list.ts';
import { FRAME } from '../list/frame.ts';
import { convertPdf } from './convert.ts';
import { loadEngine, type Engine } from './engine.ts';

const job: Job = { ...SAMPLE_JOB, likenessFloor: 0 };

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => unsafeCaptureFrames(undefined));

const RED_TO_BLUE = '/FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1';
const LINE = '/ShadingType 2/ColorSpace/DeviceRGB/Coords[100 0 200 0]/Extend[true false]';
const DISC = '/ShadingType 3/ColorSpace/DeviceRGB/Coords[150 100 0 150 100 80]';
const PAINT = 'q 50 50 200 100 re W n /S0 sh Q';
const FILL = '/Pattern cs /P0 scn 50 50 m 250 50 l 150 150 l h f';

/** A page with a shading S0, and P0 which is its pattern. */
function pageOf(
  content: string,
  shading: string,
  more: { f?: string; pattern?: string; state?: string } = {},
): Page {
  let page: Page | undefined;
  unsafeCaptureFrames((type, payload) => {
    const decoded = type === FRAME.page ? decodePage(payload) : undefined;
    if (decoded !== undefined) expect(decoded.ok).toBe(true);
    if (decoded?.ok === true) page = decoded.value;
  });
  const pdf = onePage(content, {
    page: `/Resources<</Shading<</S0 6 0 R>>/Pattern<</P0 7 0 R>>/ExtGState<</G0<<${more.state ?? ''}>>>>>>`,
    objects: [
      `<<${shading}/Function 8 0 R>>`,
      `<</Type/Pattern/PatternType 2${more.pattern ?? ''}/Shading 6 0 R>>`,
      `<<${more.f ?? RED_TO_BLUE}>>`,
    ],
  });
  convertPdf(engine, pdf, job);
  if (page === undefined) throw new Error('no page');
  return page;
}

const kinds = (page: Page): string[] => [...new Set(page.items.map(({ kind }) => kind))].toSorted();

describe('a gradient', () => {
  it('along a line becomes bands of colour in the clip of its object', () => {
    for (const [content, clips] of [
      [PAINT, 1],
      [FILL, 1],
      [`q 0 0 300 60 re W n ${FILL} Q`, 2],
    ] as const) {
      const page = pageOf(content, LINE);
      expect(kinds(page), content).toEqual(['clip', 'path']);
      const clip = page.items.find((item) => item.kind === 'clip');
      expect(clip?.paths.length).toBe(clips);
      const paths = page.items.filter((item) => item.kind === 'path');
      expect(paths[0]?.fillColor).toBe(0xff0000ff);
      expect((paths.at(-1)?.fillColor ?? 0) >>> 8).toBeLessThan(0x040000);
      expect(page.likeness).toBeGreaterThan(950);
    }
  });

  it('between circles becomes discs, the inner over the outer, by the matrix of its pattern', () => {
    const inner = `${DISC}/Extend[true true]`;
    expect(pageOf(PAINT, inner).likeness).toBeGreaterThan(950);
    const page = pageOf(FILL, inner, { pattern: '/Matrix[1 0 0 .5 0 50]' });
    expect(kinds(page)).toEqual(['clip', 'path']);
    expect(page.likeness).toBeGreaterThan(950);
    const paths = page.items.filter((item) => item.kind === 'path');
    expect(paths.at(-1)?.fillColor).toBe(0xff0000ff);
  });

  it('of gray, or of one function for each part of colour, is one too', () => {
    const gray = LINE.replace('DeviceRGB', 'DeviceGray');
    expect(kinds(pageOf(PAINT, gray, { f: '/FunctionType 2/Domain[0 1]/N 1' }))).toEqual([
      'clip',
      'path',
    ]);
  });

  it('of a function in parts, or in units a thousand times smaller than a point, is one too', () => {
    const parts = `/FunctionType 3/Domain[0 1]/Bounds[.5]/Encode[0 1 1 0]/Functions[<<${RED_TO_BLUE}>><<${RED_TO_BLUE}>>]`;
    const folded = pageOf(PAINT, LINE, { f: parts });
    expect(kinds(folded)).toEqual(['clip', 'path']);
    expect(folded.likeness).toBeGreaterThan(950);
    const last = folded.items.findLast((item) => item.kind === 'path');
    expect((last?.fillColor ?? 0) >>> 24, 'red again at the far end').toBeGreaterThan(0xe0);
    const fine = LINE.replace('100 0 200 0', '5000000 0 10000000 0');
    const page = pageOf(FILL, fine, { pattern: '/Matrix[.00002 0 0 .00002 0 0]' });
    expect(kinds(page)).toEqual(['clip', 'path']);
    expect(page.likeness).toBeGreaterThan(950);
  });

  it.each([
    ['a mesh', PAINT, '/ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]', {}],
    ['a colour space of inks', PAINT, LINE.replace('DeviceRGB', 'DeviceCMYK'), {}],
    ['too few numbers', PAINT, LINE.replace('100 0 200 0', '100 0 200'), {}],
    ['a line of no length', PAINT, LINE.replace('100 0 200 0', '9 9 9 9'), {}],
    ['a cone', PAINT, DISC.replace('150 100 0 150', '10 100 30 250'), {}],
    ['a hole', PAINT, DISC.replace('150 100 0', '150 100 20'), {}],
    ['a background', FILL, `${LINE}/Background[0 1 0]`, {}],
    ['a box', PAINT, `${LINE}/BBox[0 0 90 90]`, {}],
    ['transparency', `/G0 gs ${PAINT}`, LINE, { state: '/ca .5' }],
    ['a blend', `/G0 gs ${PAINT}`, LINE, { state: '/BM/Multiply' }],
    ['a pen', `${FILL.slice(0, -1)}B`, LINE, {}],
  ])('with %s is no band', (_, content, shading, more) => {
    const page = pageOf(content, shading, more);
    expect(page.items.every((item) => item.kind === 'picture')).toBe(true);
  });

  it('of any numbers is a page that the decoder takes', () => {
    const number = fc.double({ min: -5000, max: 5000, noNaN: true }).map((n) => n.toFixed(3));
    const numbers = fc.array(number, { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(numbers, fc.boolean(), numbers, (coords, line, matrix) => {
        const of = line ? coords.slice(0, 4) : coords;
        const shading = `/ShadingType ${line ? 2 : 3}/ColorSpace/DeviceRGB/Coords[${of.join(' ')}]/Extend[true true]`;
        pageOf(FILL, shading, { pattern: `/Matrix[${matrix.join(' ')}]` });
      }),
      { numRuns: process.env['SLOW'] === '1' ? 1000 : 15, endOnFailure: true },
    );
  });
});
