// A whole PDF through the engine: page by page into the list, each page compared with what it came from, small batches at a time.

import { emit, JobRefusal } from '../cage/emit.ts';
import type { Job } from '../cage/job.ts';
import type { Glyph, Item, Page, Picture } from '../list/display-list.ts';
import { LIST_LIMITS } from '../list/decode.ts';
import type { Engine } from './engine.ts';
import { reportDocument, reportPage } from './findings.ts';
import { needsFlattening, readLinkBorders } from './annotations.ts';
import { compareBatch, type Draft } from './compare.ts';
import { FontShelf, type KnownGlyph } from './fonts.ts';
import { SeenLetters, unseenWords, type Recogniser } from './ocr.ts';
import { PictureShelf, type PageBox } from './page-context.ts';
import { readPage } from './page.ts';
import { pictureOfRaster, renderArea, type Raster } from './raster.ts';

/** Pages compared at a time: enough to share the cost of opening, few enough to bound memory. */
const BATCH = 24;
/** Pixels kept for a comparison before it is made early. */
const KEPT_PIXELS = 12_000_000;
const COMPARE_DPI = 72;

const LOAD_REASONS: Record<number, 'encrypted' | 'broken' | 'unsupported'> = {
  3: 'broken',
  4: 'encrypted',
  5: 'unsupported',
};

type Waiting = Draft & {
  page: Page;
  readonly glyphs: Set<Glyph>;
  /** Drawn by readers, not by the engine: added after the comparison. */
  readonly borders: readonly Item[];
};

/** Copies bytes into the engine's memory and opens them. The memory stays taken until the process ends. */
export function openDocument(engine: Engine, bytes: Uint8Array, password: string | null): number {
  const { call } = engine;
  const at = call.malloc(bytes.length);
  if (at === 0) throw new JobRefusal('memory');
  engine.bytes().set(bytes, at);
  const secret = new TextEncoder().encode(`${password ?? ''}\0`);
  const secretAt = call.malloc(secret.length);
  engine.bytes().set(secret, secretAt);
  const document = call.FPDF_LoadMemDocument(at, bytes.length, secretAt);
  engine.bytes().fill(0, secretAt, secretAt + secret.length);
  call.free(secretAt);
  if (document === 0) {
    const code = call.FPDF_GetLastError();
    const reason = LOAD_REASONS[code] ?? 'broken';
    call.free(at);
    if (reason === 'encrypted' && password !== null) throw new JobRefusal('wrong-password');
    throw new JobRefusal(reason, `the PDF engine says error ${code}`);
  }
  return document;
}

/** Emits the document's glyphs, pictures and pages. Throws `JobRefusal`. */
export function convertPdf(
  engine: Engine,
  bytes: Uint8Array,
  job: Job,
  recognise?: Recogniser,
): void {
  const { call } = engine;
  const document = openDocument(engine, bytes, job.password);
  const count = call.FPDF_GetPageCount(document);
  if (count < 1) throw new JobRefusal('broken', 'the document has no page');
  if (count > job.pagesMax) throw new JobRefusal('too-many-pages', `${count} pages`);
  emit.progress(0, count);
  reportDocument(engine, document, bytes);
  const converter = new Converter(engine, document, job, count, recognise);
  for (let i = 0; i < count; i++) converter.add(i);
  converter.finish();
}

class Converter {
  readonly #engine: Engine;
  readonly #document: number;
  readonly #job: Job;
  readonly #count: number;
  readonly #fonts: FontShelf;
  readonly #sent = new Set<Glyph>();
  readonly #recognise: Recogniser | undefined;
  /** The last font number that the list can say: no document comes near it. */
  readonly #letters = new SeenLetters(LIST_LIMITS.fonts - 1);
  readonly #pictures: PictureShelf;
  /** Pictures of the present batch, kept for its comparison. */
  #kept: Picture[] = [];
  #batch: Waiting[] = [];
  #blankPages = 0;
  /**
   * Glyphs and pictures go out as they are read, so that our side encodes them while the pages are compared. What only a
   * replaced page showed is no part of the copy: the writer writes what a page names.
   */
  readonly #sendsAhead: boolean;
  readonly #sentPictures = new Set<number>();

  constructor(
    engine: Engine,
    document: number,
    job: Job,
    count: number,
    recognise: Recogniser | undefined,
  ) {
    this.#recognise = recognise;
    this.#engine = engine;
    this.#document = document;
    this.#job = job;
    this.#count = count;
    this.#fonts = new FontShelf(engine);
    this.#sendsAhead = job.mode !== 'pixel';
    this.#pictures = new PictureShelf((picture) => {
      if (!this.#kept.some(({ id }) => id === picture.id)) this.#kept.push(picture);
      if (this.#sendsAhead) this.#sendPicture(picture);
    });
  }

  add(index: number): void {
    const { call } = this.#engine;
    let page = call.FPDF_LoadPage(this.#document, index);
    if (page === 0) {
      // A page that cannot be read is shown as an empty one, and said to be.
      this.#blankPages++;
      emit.note('page-unread', { page: index + 1 });
      this.#push(index, { width: 595, height: 842 }, 0, [], undefined, new Set());
      return;
    }
    reportPage(this.#engine, this.#document, page, index + 1);
    const turns = call.FPDFPage_GetRotation(page) & 3;
    call.FPDFPage_SetRotation(page, 0);
    const box = this.#box(page);
    const borders = readLinkBorders(this.#engine, page, box);
    if (needsFlattening(this.#engine, page)) {
      // Flattening forgets boxes that a page inherits, so they are written down first.
      const { left, bottom, width, height } = box;
      call.FPDFPage_SetMediaBox(page, left, bottom, left + width, bottom + height);
      call.FPDFPage_SetCropBox(page, left, bottom, left + width, bottom + height);
      call.FPDFPage_Flatten(page, 0);
      call.FPDF_ClosePage(page);
      page = call.FPDF_LoadPage(this.#document, index);
      if (page === 0) throw new JobRefusal('broken', `page ${index + 1}`);
      call.FPDFPage_SetRotation(page, 0);
    }
    // Annotations and form fields are part of the page by now, as a reader would show them.
    const area = { left: 0, bottom: 0, right: box.width, top: box.height };
    const seen = renderArea(this.#engine, page, box.height, area, this.#compareDpi(box));
    const rotate = ([0, 90, 180, 270] as const)[turns as 0 | 1 | 2 | 3];
    const read = readPage({
      engine: this.#engine,
      fonts: this.#fonts,
      pictures: this.#pictures,
      page,
      document: this.#document,
      box,
      rasterDpi: this.#job.rasterDpi,
      pictureDpi: this.#job.pictureDpi,
      pixelsMax: this.#job.pixelsMax,
      seen,
    });
    for (const { text, why } of read.hidden.slice(0, 200)) {
      emit.remark({ list: 'hidden', kind: why, page: index + 1, text });
    }
    if (read.undrawn > 0) {
      emit.note('letters-undrawn', { page: index + 1, count: read.undrawn });
    }
    call.FPDF_ClosePage(page);
    this.#push(index, box, rotate, read.items, seen, read.glyphs, borders);
  }

  finish(): void {
    this.#settle();
    if (this.#blankPages === this.#count) throw new JobRefusal('broken', 'no page can be read');
    if (this.#fonts.unmapped > 0) {
      emit.note('letters-unmapped', { count: this.#fonts.unmapped });
    }
  }

  #compareDpi(box: PageBox): number {
    // Small pages are compared finer, huge ones coarser: a window must hold strokes, not letters or nothing.
    const pixels = Math.max(2e5, Math.min(4e6, box.width * box.height));
    return COMPARE_DPI * Math.min(4, Math.sqrt(pixels / (box.width * box.height)));
  }

  #box(page: number): PageBox {
    const { call, scratch } = this.#engine;
    const width = call.FPDF_GetPageWidthF(page);
    const height = call.FPDF_GetPageHeightF(page);
    const sideMax = this.#job.pageSideMax;
    if (!(width > 0 && height > 0)) throw new JobRefusal('broken', 'a page without size');
    if (width > sideMax || height > sideMax) {
      throw new JobRefusal('page-too-large', `${Math.round(width)} x ${Math.round(height)} points`);
    }
    call.FPDF_GetPageBoundingBox(page, scratch);
    const memory = this.#engine.memory();
    const left = memory.getFloat32(scratch, true);
    const bottom = memory.getFloat32(scratch + 12, true);
    return {
      left: Math.abs(left) < 1e6 ? left : 0,
      bottom: Math.abs(bottom) < 1e6 ? bottom : 0,
      width: Math.max(1, width),
      height: Math.max(1, height),
    };
  }

  #push(
    index: number,
    size: { width: number; height: number },
    rotate: 0 | 90 | 180 | 270,
    items: Item[],
    seen: Raster | undefined,
    glyphs: Set<KnownGlyph>,
    borders: readonly Item[] = [],
  ): void {
    if (this.#sendsAhead) this.#sendGlyphs(glyphs);
    const page: Page = {
      width: size.width,
      height: size.height,
      rotate,
      mode: 'structure',
      likeness: -1,
      items,
    };
    const nothing = { width: 1, height: 1, bgrx: new Uint8Array(4) };
    this.#batch.push({ number: index + 1, page, seen: seen ?? nothing, glyphs, borders });
    const kept = this.#kept.reduce((sum, { width: w, height: h }) => sum + w * h, 0);
    if (this.#batch.length === BATCH || kept > KEPT_PIXELS) this.#settle();
  }

  /** Compares the batch with its originals, replaces pages below the floor, and sends everything. */
  #settle(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    const pixels = this.#job.mode === 'pixel';
    const scores = pixels
      ? []
      : compareBatch(this.#engine, batch, {
          pictures: this.#kept,
          floor: this.#job.likenessFloor,
          original: (number) => this.#original(number),
        });
    batch.forEach((draft, i) => {
      const score = scores[i] ?? -1;
      draft.page = { ...draft.page, likeness: score };
      if (draft.seen.width > 1 && score < this.#job.likenessFloor) this.#toPixels(draft);
      this.#send(draft);
    });
    this.#kept = [];
  }

  #sendPicture(picture: Picture): void {
    if (this.#sentPictures.has(picture.id)) return;
    this.#sentPictures.add(picture.id);
    emit.picture(picture);
  }

  #sendGlyphs(glyphs: ReadonlySet<Glyph>): void {
    for (const glyph of glyphs) {
      if (this.#sent.has(glyph)) continue;
      this.#sent.add(glyph);
      emit.glyph(glyph);
    }
  }

  /** The original page, upright; 0 where it cannot be read. */
  #original(number: number): number {
    const { call } = this.#engine;
    const page = call.FPDF_LoadPage(this.#document, number - 1);
    if (page !== 0) call.FPDFPage_SetRotation(page, 0);
    return page;
  }

  /** The page as one picture, its text as a layer of ghosts. */
  #toPixels(draft: Waiting): void {
    const { call } = this.#engine;
    const page = this.#original(draft.number);
    if (page === 0) return;
    const { width, height } = draft.page;
    const area = { left: 0, bottom: 0, right: width, top: height };
    const most = 72 * Math.sqrt(this.#job.pixelsMax / (width * height));
    // A page the size of a stamp needs more dots per inch to be read.
    const least = Math.min(600, 72 * Math.sqrt(1e6 / (width * height)));
    const dpi = Math.min(most, Math.max(this.#job.rasterDpi, least));
    const raster = renderArea(this.#engine, page, height, area, dpi);
    call.FPDF_ClosePage(page);
    const shot = pictureOfRaster(raster);
    const picture = this.#pictures.put(shot);
    this.#sendPicture({ id: picture, ...shot });
    const read = this.#recognise === undefined ? undefined : this.#recogniseText(draft, raster);
    const ghosts =
      read ??
      draft.page.items.flatMap((item): Item[] =>
        item.kind === 'text' ? [{ ...item, ghost: true, color: 0x000000ff }] : [],
      );
    draft.page = {
      ...draft.page,
      mode: 'pixel',
      // The page is now its own picture: the figure was about the attempt that was dropped.
      likeness: -1,
      items: [
        {
          kind: 'picture',
          picture,
          matrix: [width, 0, 0, height, 0, 0],
          alpha: 255,
          blend: 'normal',
        },
        ...ghosts,
      ],
    };
  }

  /** The text layer as the page shows it, after comparing it with the document's own. */
  #recogniseText(draft: Waiting, raster: Raster): Item[] {
    const seen = this.#recognise?.(raster) ?? [];
    const names = new Map(
      [...draft.glyphs].map((glyph) => [`${glyph.font} ${glyph.glyph}`, glyph.unicode]),
    );
    const own = draft.page.items.flatMap((item) =>
      item.kind === 'text'
        ? [item.glyphs.map((glyph) => names.get(`${item.font} ${glyph}`) ?? '').join('')]
        : [],
    );
    const lies = unseenWords(own.join(' '), seen);
    if (lies.length > 0) {
      emit.remark({
        list: 'hidden',
        kind: 'text-layer-differs',
        page: draft.number,
        text: lies.slice(0, 60).join(' '),
      });
    }
    draft.glyphs.clear();
    return seen.map((word) => this.#letters.item(word, raster, draft.page, draft.glyphs));
  }

  #send(draft: Waiting): void {
    this.#sendGlyphs(draft.glyphs);
    emit.page({ ...draft.page, items: [...draft.page.items, ...draft.borders] });
    emit.progress(draft.number, this.#count);
  }
}
