// How alike rebuilt pages are to their originals: one engine draws both, and only what differs between them counts.

import { JobRefusal } from '../cage/emit.ts';
import type { Glyph, Page, Picture } from '../list/display-list.ts';
import { PdfWriter } from '../writer/pdf.ts';
import type { Engine } from './engine.ts';
import { encodeFontProgram } from './proof-font.ts';
import { drawArea, likeness, pooled, type Raster } from './raster.ts';

/** Dots of a second look for one of the first, and the most pixels it may take. */
const FINER = 3;
const FINER_PIXELS_MAX = 16_000_000;

export type Draft = {
  /** From 1. */
  readonly number: number;
  readonly page: Page;
  /** The original as it is seen. */
  readonly seen: Raster;
  readonly glyphs: ReadonlySet<Glyph>;
};

export type CompareOptions = {
  readonly pictures: readonly Picture[];
  /** Below this a page is looked at again, finer. */
  readonly floor: number;
  /** Loads the original page again, upright; 0 where it cannot. */
  readonly original: (number: number) => number;
};

/** Likeness of each page in thousandths. A page that cannot be drawn has none. */
export function compareBatch(
  engine: Engine,
  batch: readonly Draft[],
  { pictures, floor, original }: CompareOptions,
): number[] {
  const { call } = engine;
  const bytes = writeProof(batch, pictures);
  const at = call.malloc(bytes.length);
  if (at === 0) throw new JobRefusal('memory');
  engine.bytes().set(bytes, at);
  const document = call.FPDF_LoadMemDocument(at, bytes.length, 0);
  const scores = batch.map((draft, i) => {
    const page = document === 0 ? 0 : call.FPDF_LoadPage(document, i);
    if (page === 0) return 0;
    const score = draw(engine, page, draft, 1, (drawn) => likeness(draft.seen, drawn));
    const settled = score >= floor ? score : lookAgain(engine, page, draft, original, score);
    call.FPDF_ClosePage(page);
    return settled;
  });
  if (document !== 0) call.FPDF_CloseDocument(document);
  call.free(at);
  return scores;
}

/**
 * The engine fits the letters of some fonts to whole pixels and ours never: at this size a text may differ by that alone.
 * Drawn three times finer and reduced again, both sides show their shapes.
 */
function lookAgain(
  engine: Engine,
  page: number,
  draft: Draft,
  original: CompareOptions['original'],
  first: number,
): number {
  const { width, height } = draft.seen;
  if (width * height * FINER * FINER > FINER_PIXELS_MAX) return first;
  const source = original(draft.number);
  if (source === 0) return first;
  const seen = draw(engine, source, draft, FINER, (raster) => pooled(raster, FINER));
  engine.call.FPDF_ClosePage(source);
  return draw(engine, page, draft, FINER, (raster) => likeness(seen, pooled(raster, FINER)));
}

function draw<T>(
  engine: Engine,
  page: number,
  { page: { width, height }, seen }: Draft,
  finer: number,
  use: (raster: Raster) => T,
): T {
  const area = { left: 0, bottom: 0, right: width, top: height };
  return drawArea(engine, page, height, area, (seen.width / width) * 72 * finer, use);
}

/** The batch as a document to be drawn once. */
function writeProof(batch: readonly Draft[], pictures: readonly Picture[]): Uint8Array {
  const operators = new Set<Glyph>();
  for (const { glyphs } of batch) {
    for (const glyph of glyphs)
      if ('byOperators' in glyph && glyph.byOperators) operators.add(glyph);
  }
  const writer = new PdfWriter({
    jpeg: null,
    compress: false,
    maxBytes: 1 << 30,
    // The engine paints glyphs by operators like paths, so ours are compared in the same form.
    fontProgram: (glyphs) =>
      glyphs.some((glyph) => operators.has(glyph)) ? undefined : encodeFontProgram(glyphs),
  });
  for (const picture of pictures) writer.picture(picture);
  for (const { page, glyphs } of batch) {
    for (const glyph of glyphs) writer.glyph(glyph);
    const items = page.items.filter((i) => i.kind !== 'picture' || writer.knowsPicture(i.picture));
    writer.page({ ...page, rotate: 0, items });
  }
  return writer.finish();
}
