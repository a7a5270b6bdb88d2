// Fuzzes the display-list decoder and every canonical writer: random bytes, mutated encodings, and whatever decodes goes through a writer.
//
// node tests/fuzz/disarm/list-and-writers.ts [--inputs 1000000] [--seed 1]

import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import {
  arbitraryGlyph,
  arbitraryPage,
  arbitraryPicture,
} from '../../../packages/disarm/testing/arbitrary-list.ts';
import { FrameReader } from '../../../packages/disarm/src/cage/frames.ts';
import {
  decodeGlyph,
  decodePage,
  decodePicture,
} from '../../../packages/disarm/src/list/decode.ts';
import {
  encodeGlyph,
  encodePage,
  encodePicture,
} from '../../../packages/disarm/src/list/encode.ts';
import type { Page, Picture } from '../../../packages/disarm/src/list/display-list.ts';
import { writeJpeg } from '../../../packages/disarm/src/writer/jpeg.ts';
import { OutputTooLarge, PdfWriter } from '../../../packages/disarm/src/writer/pdf.ts';
import { writePng } from '../../../packages/disarm/src/writer/png.ts';
import { seededRun } from './seeded.ts';

const { wanted, seed, random, pick } = seededRun(1_000_000);

/** Valid encodings to mutate. */
const seeds = {
  page: fc.sample(arbitraryPage(), { numRuns: 400, seed: 1 }).map(encodePage),
  glyph: fc.sample(arbitraryGlyph(), { numRuns: 200, seed: 1 }).map(encodeGlyph),
  picture: fc.sample(arbitraryPicture(), { numRuns: 200, seed: 1 }).map(encodePicture),
};

function mutate(bytes: Uint8Array): Uint8Array {
  let out = bytes.slice();
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const at = random(out.length);
    const kind = random(5);
    if (kind === 0) out[at] = random(256);
    else if (kind === 1) out[at] = (out[at] ?? 0) ^ (1 << random(8));
    else if (kind === 2) out = out.slice(0, Math.max(1, at));
    else if (kind === 3)
      out = Uint8Array.of(...out.subarray(0, at), random(256), ...out.subarray(at));
    else out[at] = [0, 1, 127, 128, 255][random(5)] ?? 0;
  }
  return out;
}

const EMPTY = { ops: new Uint8Array(0), points: new Int32Array(0) };

/** A PDF with its deflated streams inflated, since compressed bytes spell any three letters by chance. */
const plain = (pdf: string): string =>
  pdf.replaceAll(
    /(<<[^\n]*?)>>stream\n([\s\S]*?)\nendstream/g,
    (_, head: string, body: string) =>
      head +
      (head.includes('/FlateDecode') ? String(inflateSync(Buffer.from(body, 'latin1'))) : ''),
  );

/** Writes a page whose glyphs and pictures all exist; an output over the limit is a right answer. */
function writePage(page: Page): void {
  const writer = new PdfWriter({ jpeg: writeJpeg, compress: true, maxBytes: 1 << 22 });
  for (const item of page.items) {
    if (item.kind === 'text') {
      for (const glyph of item.glyphs) {
        if (!writer.knowsGlyph(item.font, glyph)) {
          writer.glyph({ font: item.font, glyph, width: 500, unicode: 'x', outline: EMPTY });
        }
      }
    }
    if (item.kind === 'picture' && !writer.knowsPicture(item.picture)) {
      writer.picture({
        id: item.picture,
        width: 1,
        height: 1,
        kind: 'gray',
        pixels: Uint8Array.of(7),
      });
    }
  }
  try {
    writer.page(page);
    const text = plain(Buffer.from(writer.finish()).toString('latin1'));
    if (!text.endsWith('%%EOF\n') || /NaN|Infinity|undefined/.test(text)) {
      throw new Error('the writer wrote what is no PDF');
    }
  } catch (error) {
    if (!(error instanceof OutputTooLarge)) throw error;
  }
}

function writePicture(picture: Picture): void {
  if (picture.width * picture.height > 1 << 16) return;
  writePng(picture);
  if (picture.kind === 'rgb') writeJpeg(picture.pixels, picture.width, picture.height, 3);
  if (picture.kind === 'gray') writeJpeg(picture.pixels, picture.width, picture.height, 1);
}

const counts = { inputs: 0, accepted: 0, written: 0 };
const started = performance.now();
while (counts.inputs < wanted) {
  counts.inputs++;
  const raw = random(10) === 0;
  const kind = pick(['page', 'page', 'glyph', 'picture', 'frames'] as const);
  if (kind === 'frames') {
    const reader = new FrameReader(1 << 16);
    reader.push(Uint8Array.from({ length: random(64) }, () => random(256)));
    continue;
  }
  const bytes = raw
    ? Uint8Array.from({ length: random(200) }, () => random(256))
    : mutate(pick(seeds[kind]));
  if (kind === 'page') {
    const page = decodePage(bytes);
    if (!page.ok) continue;
    counts.accepted++;
    writePage(page.value);
    counts.written++;
  } else if (kind === 'glyph') {
    const glyph = decodeGlyph(bytes);
    if (!glyph.ok) continue;
    counts.accepted++;
    if (random(8) > 0) continue;
    const writer = new PdfWriter({ jpeg: null, compress: true, maxBytes: 1 << 22 });
    const { font, glyph: number } = glyph.value;
    writer.glyph(glyph.value);
    writer.page({
      width: 9,
      height: 9,
      rotate: 0,
      mode: 'structure',
      likeness: 0,
      items: [
        {
          kind: 'text',
          font,
          matrix: [1, 0, 0, 1, 0, 0],
          color: 255,
          ghost: false,
          glyphs: [number],
          xs: [0],
          ys: [0],
        },
      ],
    });
    writer.finish();
    counts.written++;
  } else {
    const picture = decodePicture(bytes);
    if (!picture.ok) continue;
    counts.accepted++;
    writePicture(picture.value);
    counts.written++;
  }
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${counts.inputs} inputs in ${seconds.toFixed(0)} s (seed ${seed}): ${counts.accepted} accepted by the decoder, ${counts.written} written, no crash`,
);
