import { describe, expect, it } from 'vitest';
import { OP, type Glyph, type Page } from '../list/display-list.ts';
import { PdfWriter } from '../writer/pdf.ts';
import { openDocument } from './convert.ts';
import { loadEngine } from './engine.ts';
import { encodeFontProgram } from './proof-font.ts';
import { likeness, renderArea } from './raster.ts';

/** A box with a hole and a round corner: a wrong winding or a lost curve shows. */
const glyph = (number: number, size: number): Glyph => ({
  font: 0,
  glyph: number,
  width: size + 60,
  unicode: 'x',
  outline: {
    ops: Uint8Array.of(
      OP.move,
      OP.line,
      OP.line,
      OP.curve,
      OP.close,
      OP.move,
      OP.line,
      OP.line,
      OP.close,
    ),
    points: Int32Array.from(
      [
        [0, 0, size, 0, size, size, size, size * 2, 0, size * 2, 0, size],
        [100, 100, 100, size - 60, size - 60, 100],
      ].flat(),
    ),
  },
});

const page: Page = {
  width: 200,
  height: 100,
  rotate: 0,
  mode: 'structure',
  likeness: 0,
  items: [
    {
      kind: 'text',
      font: 0,
      matrix: [24, 0, 0, 24, 10, 30],
      color: 0x203040ff,
      ghost: false,
      glyphs: [0, 1, 2, 1],
      xs: [0, 700, 1900, 4000],
      ys: [0, 0, 300, 0],
    },
  ],
};

describe('the font program of a comparison', () => {
  it('draws what the copy draws', async () => {
    const engine = await loadEngine();
    const rasters = [undefined, encodeFontProgram].map((program) => {
      const writer = new PdfWriter({
        jpeg: null,
        compress: false,
        maxBytes: 1 << 20,
        ...(program && { fontProgram: program }),
      });
      [400, 650, 900].forEach((size, number) => writer.glyph(glyph(number, size)));
      writer.page(page);
      const bytes = writer.finish();
      expect(Buffer.from(bytes).includes('/FontFile3')).toBe(program !== undefined);
      const document = openDocument(engine, bytes, null);
      const loaded = engine.call.FPDF_LoadPage(document, 0);
      return renderArea(engine, loaded, 100, { left: 0, bottom: 0, right: 200, top: 100 }, 288);
    });
    const [copy, proof] = rasters;
    expect(copy?.bgrx.some((byte) => byte < 128)).toBe(true);
    if (copy !== undefined && proof !== undefined) {
      expect(likeness(copy, proof)).toBeGreaterThan(970);
    }
  });

  it('says nothing of a glyph that its numbers cannot hold', () => {
    expect(encodeFontProgram([glyph(0, 17_000)])).toBeUndefined();
    expect(encodeFontProgram([{ ...glyph(0, 400), width: 40_000 }])).toBeUndefined();
    expect(encodeFontProgram([])).toBeUndefined();
  });
});
