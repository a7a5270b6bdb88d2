import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js';
import decodePng, { init as initPng } from '@jsquash/png/decode.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryGlyph, arbitraryPage, arbitraryPicture } from '../../testing/arbitrary-list.ts';
import type { Page, Picture } from '../list/display-list.ts';
import { wasmHost } from '../wasm-host.ts';
import { decimal } from './content.ts';
import { writeJpeg } from './jpeg.ts';
import { OutputTooLarge, PdfWriter } from './pdf.ts';
import { writePng } from './png.ts';

const runs = process.env['SLOW'] === '1' ? 5000 : 60;
const wasm = (name: string): object =>
  new wasmHost.Module(readFileSync(fileURLToPath(import.meta.resolve(name))));

const EMPTY = { ops: new Uint8Array(0), points: new Int32Array(0) };
const choices = { jpeg: writeJpeg, compress: true, maxBytes: 1 << 24 } as const;

/** A document of one page in which every glyph and picture that the page names exists. */
function write(page: Page, maxBytes = choices.maxBytes): Uint8Array {
  const writer = new PdfWriter({ ...choices, maxBytes });
  for (let font = 0; font < 4; font++) {
    for (let glyph = 0; glyph < 10; glyph++) {
      writer.glyph({
        font,
        glyph,
        width: 500,
        unicode: String.fromCodePoint(65 + glyph),
        outline: EMPTY,
      });
    }
  }
  for (let id = 0; id < 4; id++) {
    writer.picture({ id, width: 1, height: 1, kind: 'gray', pixels: Uint8Array.of(40 * id) });
  }
  writer.page(page);
  return writer.finish();
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Every name outside streams. */
function namesOf(pdf: string): string[] {
  const outside = pdf.replaceAll(/stream\n[\s\S]*?\nendstream/g, '');
  return [...new Set(outside.match(/\/[A-Za-z0-9]+/g))];
}

const ALLOWED =
  /^\/(Type|Catalog|Pages|Kids|Count|Page|Parent|MediaBox|Rotate|Resources|Contents|Font|XObject|ExtGState|Subtype|Image|Width|Height|ColorSpace|DeviceGray|DeviceRGB|Indexed|BitsPerComponent|SMask|Filter|FlateDecode|DCTDecode|DecodeParms|Predictor|Colors|Columns|Length|ca|CA|BM|Normal|Multiply|Type3|FontBBox|FontMatrix|FirstChar|LastChar|Widths|Encoding|Differences|CharProcs|ToUnicode|Size|Root|a|g\d+|[FG]\d+|Im\d+)$/;

describe('the PDF writer', () => {
  it('writes one header, one end, and only names of its own', () => {
    fc.assert(
      fc.property(arbitraryPage(), (page) => {
        const pdf = latin1(write(page));
        expect(pdf.startsWith('%PDF-1.7\n')).toBe(true);
        expect(pdf.endsWith('%%EOF\n')).toBe(true);
        expect(pdf.split('%%EOF')).toHaveLength(2);
        for (const name of namesOf(pdf)) expect(name).toMatch(ALLOWED);
      }),
      { numRuns: runs },
    );
  });

  it('points at every object and leaves none unreachable', () => {
    fc.assert(
      fc.property(arbitraryPage(), (page) => {
        const pdf = latin1(write(page));
        const count = Number(/\/Size (\d+)/.exec(pdf)?.[1]) - 1;
        const named = new Set([...pdf.matchAll(/(\d+) 0 R/g)].map((match) => Number(match[1])));
        for (let object = 1; object <= count; object++) expect(named.has(object)).toBe(true);
        const table = pdf
          .slice(pdf.lastIndexOf('\nxref\n') + 6)
          .split('\n')
          .slice(2, 2 + count);
        table.forEach((line, i) => {
          expect(pdf.startsWith(`${i + 1} 0 obj\n`, Number(line.slice(0, 10)))).toBe(true);
        });
      }),
      { numRuns: runs },
    );
  });

  it('gives the same bytes for the same values', () => {
    fc.assert(
      fc.property(arbitraryPage(), (page) => {
        expect(write(page)).toEqual(write(page));
      }),
      { numRuns: runs },
    );
  });

  it('takes any glyph and picture of the list', () => {
    fc.assert(
      fc.property(arbitraryGlyph(), arbitraryPicture(), (glyph, picture) => {
        const writer = new PdfWriter(choices);
        writer.glyph(glyph);
        writer.picture(picture);
        writer.page({
          width: 100,
          height: 100,
          rotate: 0,
          mode: 'structure',
          likeness: 0,
          items: [
            {
              kind: 'text',
              font: glyph.font,
              matrix: [9, 0, 0, 9, 0, 0],
              color: 255,
              ghost: false,
              glyphs: [glyph.glyph],
              xs: [0],
              ys: [0],
            },
            {
              kind: 'picture',
              picture: picture.id,
              matrix: [9, 0, 0, 9, 0, 0],
              alpha: 99,
              blend: 'multiply',
            },
          ],
        });
        expect(writer.finish().length).toBeGreaterThan(500);
      }),
      { numRuns: runs },
    );
  });

  it('stops at its limit', () => {
    const page: Page = {
      width: 10,
      height: 10,
      rotate: 0,
      mode: 'structure',
      likeness: 0,
      items: [],
    };
    expect(() => write(page, 100)).toThrow(OutputTooLarge);
  });

  it('writes numbers without exponents, minus zero or trailing zeros', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(6), (value, digits) => {
        const text = decimal(value, digits);
        expect(text).toMatch(/^-?(\d+(\.\d*[1-9])?|\.\d*[1-9])$/);
        expect(text).not.toMatch(/^-0?$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(10 ** -digits);
      }),
    );
  });
});

describe('the picture writers', () => {
  it('PNG decodes to the same pixels in another reader', async () => {
    await initPng(wasm('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
    await fc.assert(
      fc.asyncProperty(arbitraryPicture(), async (picture) => {
        const decoded = await decodePng(writePng(picture).slice().buffer);
        expect([decoded.width, decoded.height]).toEqual([picture.width, picture.height]);
        expect([...decoded.data]).toEqual(rgbaOf(picture));
      }),
      { numRuns: runs },
    );
  });

  it('JPEG decodes to nearly the same pixels in another reader', async () => {
    await initJpeg(wasm('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
    for (const channels of [1, 3] as const) {
      for (const [width, height] of [
        [1, 1],
        [37, 21],
        [16, 64],
        [65, 3],
      ] as const) {
        const pixels = new Uint8Array(width * height * channels);
        for (let i = 0; i < width * height; i++) {
          const shade = Math.round(127 + 100 * Math.sin(i / 50));
          for (let c = 0; c < channels; c++) pixels[i * channels + c] = Math.max(0, shade - 20 * c);
        }
        const decoded = await decodeJpeg(
          writeJpeg(pixels, width, height, channels, 92).slice().buffer,
        );
        expect([decoded.width, decoded.height]).toEqual([width, height]);
        let error = 0;
        for (let i = 0; i < width * height; i++) {
          for (let c = 0; c < 3; c++) {
            const wanted = pixels[i * channels + (channels === 1 ? 0 : c)] ?? 0;
            error += Math.abs((decoded.data[4 * i + c] ?? 0) - wanted);
          }
        }
        expect(error / (width * height * 3)).toBeLessThan(6);
      }
    }
  });
});

function rgbaOf({ kind, pixels }: Picture): number[] {
  const out: number[] = [];
  const step = kind === 'rgba' ? 4 : kind === 'rgb' ? 3 : 1;
  for (let at = 0; at < pixels.length; at += step) {
    const [a = 0, b = 0, c = 0, d = 255] = pixels.subarray(at, at + step);
    out.push(...(step === 1 ? [a, a, a, 255] : [a, b, c, step === 4 ? d : 255]));
  }
  return out;
}
