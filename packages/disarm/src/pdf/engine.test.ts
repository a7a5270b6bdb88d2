// What we read from the engine's memory without asking it, place by place: whoever raises the pin sees here which offset moved.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onePage } from '../../testing/pdf-maker.ts';
import { unsafeCaptureFrames } from '../cage/emit.ts';
import { SAMPLE_JOB } from '../cage/example-pages.ts';
import type { Job } from '../cage/job.ts';
import { PDFIUM } from '../engine-pins.ts';
import { decodeGlyph, decodePage } from '../list/decode.ts';
import type { Glyph, Item } from '../list/display-list.ts';
import { FRAME } from '../list/frame.ts';
import { convertPdf, openDocument } from './convert.ts';
import { checkPinned, loadEngine, type Engine } from './engine.ts';
import { ObjectReader } from './objects.ts';

const MOVED = 'an offset of the pinned pdfium moved (src/pdf/engine.ts)';

const job: Job = { ...SAMPLE_JOB, likenessFloor: 0 };

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterEach(() => unsafeCaptureFrames(undefined));

/** A page as the list says it. */
function listOf(content: string, objects: Parameters<typeof onePage>[1] = {}) {
  const glyphs: Glyph[] = [];
  let items: readonly Item[] = [];
  unsafeCaptureFrames((type, payload) => {
    if (type === FRAME.glyph) {
      const glyph = decodeGlyph(payload);
      if (glyph.ok) glyphs.push(glyph.value);
    }
    if (type !== FRAME.page) return;
    const page = decodePage(payload);
    if (page.ok) ({ items } = page.value);
  });
  convertPdf(engine, onePage(content, objects), job);
  return { glyphs, items };
}

/** The first object of a page, and what reads it. */
function firstObject(content: string, objects: Parameters<typeof onePage>[1] = {}) {
  const document = openDocument(engine, onePage(content, objects), null);
  const page = engine.call.FPDF_LoadPage(document, 0);
  const object = engine.call.FPDFPage_GetObject(page, 0);
  const type = engine.call.FPDFPageObj_GetType(object);
  const font = type === 1 ? engine.call.FPDFTextObj_GetFont(object) : 0;
  return { object, type, font, reader: new ObjectReader(engine) };
}

const state = (entries: string): Parameters<typeof onePage>[1] => ({
  page: `/Resources<</Font<</F1 5 0 R>>/ExtGState<</G0<<${entries}>>>>/Pattern<</P0 6 0 R>>>>`,
  objects: [
    {
      dictionary:
        '/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<<>>',
      stream: '0 0 5 5 re f',
    },
    {
      dictionary: '/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Group<</S/Transparency>>',
      stream: '0 0 50 50 re f',
    },
  ],
});

/** The page with another font for F1. */
const font = (dictionary: string, more: readonly string[] = []): Parameters<typeof onePage>[1] => ({
  page: '/Resources<</Font<</F1 6 0 R>>>>',
  objects: [dictionary, ...more],
});

describe('the pinned engine', () => {
  it('is the file that the offsets were found in, and one changed byte is refused', () => {
    const binary = readFileSync(fileURLToPath(import.meta.resolve(PDFIUM.module)));
    expect(() => checkPinned(binary)).not.toThrow();
    binary[binary.length >> 1] = (binary[binary.length >> 1] ?? 0) ^ 1;
    expect(() => checkPinned(binary)).toThrow('not the pinned file');
  });

  it('tells a font by its virtual table: width, Unicode, direction, outline', () => {
    const { font: helvetica } = firstObject('BT /F1 12 Tf (A) Tj ET');
    expect(engine.widthOf(helvetica, 65), MOVED).toBe(667);
    expect(engine.unicodeOf(helvetica, 65), MOVED).toBe('A');
    expect(engine.isVertical(helvetica), MOVED).toBe(false);
    expect(engine.isType3(helvetica), MOVED).toBe(false);
    expect(engine.isCid(helvetica), MOVED).toBe(false);
    const table = engine.memory().getUint32(helvetica, true);
    const before = engine.bytes().slice(table, table + 128);
    const path = engine.glyphPath(helvetica, 65);
    expect(engine.call.FPDFGlyphPath_CountGlyphSegments(path), MOVED).toBeGreaterThan(6);
    expect(engine.bytes().slice(table, table + 128), 'the table is as it was').toEqual(before);
  });

  it('tells Type3 fonts and vertical writing', () => {
    const type3 = font(
      '<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 65/LastChar 65/Widths[9]/Encoding<</Differences[65/a]>>/CharProcs<</a 4 0 R>>/Resources<<>>>>',
    );
    expect(engine.isType3(firstObject('BT /F1 12 Tf (A) Tj ET', type3).font), MOVED).toBe(true);
    const vertical = font(
      '<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-V/DescendantFonts[7 0 R]>>',
      [
        '<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 8 0 R>>',
        '<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent 0/CapHeight 700/StemV 80>>',
      ],
    );
    const { font: upright } = firstObject('BT /F1 12 Tf <00410042> Tj ET', vertical);
    expect(engine.isVertical(upright), MOVED).toBe(true);
    expect(engine.isCid(upright), MOVED).toBe(true);
    expect(engine.glyphNumber(upright, 65), MOVED).not.toBe(0);
  });

  it('tells the codes and places of a text', () => {
    const { items, glyphs } = listOf('BT /F1 10 Tf 20 50 Td [(AB) -500 (C)] TJ ET');
    const text = items.find((item) => item.kind === 'text');
    const said = text?.glyphs.map((n) => glyphs.find(({ glyph }) => glyph === n)?.unicode).join('');
    expect(said, MOVED).toBe('ABC');
    // Helvetica: A 667, B 667; then half an em of room.
    expect(text?.xs, MOVED).toEqual([0, 667, 1834]);
  });

  it('tells the pen of a text in the space where it is measured, and letters under it stay words', () => {
    for (const [mode, ghost, pens] of [
      [0, false, 0],
      [1, true, 3],
      [2, false, 3],
    ] as const) {
      const { items } = listOf(
        `q 2 0 0 3 0 0 cm 1.5 w 1 0 0 RG BT /F1 12 Tf ${mode} Tr 5 0 0 5 10 10 Tm (Hey) Tj ET Q`,
      );
      const text = items.find((item) => item.kind === 'text');
      expect([text?.ghost, text?.glyphs.length], `mode ${mode}`).toEqual([ghost, 3]);
      const paths = items.filter((item) => item.kind === 'path');
      expect(paths.length, `mode ${mode}`).toBe(pens);
      for (const { fill, stroke } of paths) {
        expect([fill, stroke?.color], MOVED).toEqual(['none', 0xff0000ff]);
        expect(stroke?.width, MOVED).toBeCloseTo(1.5 * Math.sqrt(6), 3);
      }
    }
  });

  it('tells transparency, blend mode and soft mask', () => {
    const { object, type, reader } = firstObject(
      '/G0 gs 0 0 50 50 re B',
      state('/ca .5/CA .25/BM/Multiply'),
    );
    expect(reader.color(object, false) & 255, MOVED).toBe(128);
    expect(reader.color(object, true) & 255, MOVED).toBe(64);
    expect(reader.blend(object), MOVED).toBe('multiply');
    expect(reader.isComplex(object, type), MOVED).toBe(false);
    const screen = firstObject('/G0 gs 0 0 50 50 re f', state('/BM/Screen'));
    expect(screen.reader.isComplex(screen.object, screen.type), MOVED).toBe(true);
    const masked = firstObject('/G0 gs 0 0 50 50 re f', state('/SMask<</S/Alpha/G 7 0 R>>'));
    expect(masked.reader.isComplex(masked.object, masked.type), MOVED).toBe(true);
  });

  it('tells patterns of fill and of stroke from colours', () => {
    for (const [content, complex] of [
      ['1 0 0 rg 0 0 50 50 re f', false],
      ['/Pattern cs /P0 scn 0 0 50 50 re f', true],
      ['/Pattern CS /P0 SCN 0 0 50 50 re S', true],
    ] as const) {
      const { object, type, reader } = firstObject(content, state(''));
      expect(reader.isComplex(object, type), `${content}: ${MOVED}`).toBe(complex);
    }
  });

  it('tells clips by path with their rule, and clips by text', () => {
    for (const [operator, evenOdd] of [
      ['W', false],
      ['W*', true],
    ] as const) {
      const { items } = listOf(`10 10 90 90 re 30 30 20 20 re ${operator} n 0 0 60 60 re f`);
      const clip = items.find((item) => item.kind === 'clip');
      expect(
        clip?.paths.map((path) => path.evenOdd),
        MOVED,
      ).toEqual([evenOdd]);
      expect(clip?.paths[0]?.outline.points.slice(0, 2), MOVED).toEqual(Int32Array.of(1000, 1000));
    }
    const clipped = 'BT /F1 40 Tf 7 Tr 10 10 Td (A) Tj ET 0 0 60 60 re f';
    const document = openDocument(engine, onePage(clipped), null);
    const page = engine.call.FPDF_LoadPage(document, 0);
    const reader = new ObjectReader(engine);
    const last = engine.call.FPDFPage_GetObject(page, engine.call.FPDFPage_CountObjects(page) - 1);
    expect(reader.isComplex(last, engine.call.FPDFPageObj_GetType(last)), MOVED).toBe(true);
  });
});
