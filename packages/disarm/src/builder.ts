// From frames to a file: everything the cage says is decoded, checked against what was said before, and handed to the writers.

import { accept, decode, refuse, type Verdict } from '@parley/kernel';

import { readProgress } from './cage/cage.ts';
import type { DisarmReason } from './cage/job.ts';
import { inert } from './details.ts';
import { Findings } from './findings.ts';
import type { Detected, Kind, SafeKind } from './kind.ts';
import { decodeGlyph, decodePage, decodePicture } from './list/decode.ts';
import type { Picture } from './list/display-list.ts';
import { FRAME } from './list/frame.ts';
import { sheetModel, type SheetModel } from './list/sheet-model.ts';
import { textModel, type TextModel } from './list/text-model.ts';
import { editableAs } from './needs.ts';
import type { Policy } from './policy.ts';
import type { PageReport } from './report.ts';
import { writeDocx } from './writer/docx.ts';
import { writeJpeg } from './writer/jpeg.ts';
import { OutputTooLarge, PdfWriter } from './writer/pdf.ts';
import { writePng } from './writer/png.ts';
import { writeXlsx } from './writer/xlsx.ts';

export type ProgressListener = (progress: {
  readonly done: number;
  readonly total: number;
}) => void;

/** Kinds whose copy is one picture. */
const PICTURES: ReadonlySet<Kind> = new Set(['png', 'jpeg', 'gif', 'bmp', 'pnm', 'tiff', 'webp']);

/** Turns frames into a file. */
export class Builder {
  readonly findings = new Findings();
  readonly pages: PageReport[] = [];
  /** Files found inside, each to be disarmed by itself. */
  readonly parts: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  readonly #policy: Policy;
  readonly #onProgress: ProgressListener | undefined;
  readonly #detected: Detected;
  #pdf: PdfWriter | undefined;
  #picture: Picture | undefined;
  #text: string | undefined;
  #partBytes = 0;
  #model: TextModel | undefined;
  readonly #pictures: Picture[] = [];
  #sheets: SheetModel | undefined;
  readonly #editing: 'docx' | 'xlsx' | undefined;

  constructor(policy: Policy, onProgress: ProgressListener | undefined, detected: Detected) {
    this.#policy = policy;
    this.#onProgress = onProgress;
    this.#detected = detected;
    this.#editing = editableAs(detected.kind, policy);
  }

  #document(): PdfWriter {
    this.#pdf ??= new PdfWriter({
      jpeg: writeJpeg,
      compress: true,
      maxBytes: this.#policy.outputMaxBytes,
    });
    return this.#pdf;
  }

  /** The document, a picture that was alone until now in it. */
  #pages(): PdfWriter {
    const document = this.#document();
    if (this.#picture !== undefined) document.picture(this.#picture);
    this.#picture = undefined;
    return document;
  }

  frame(type: number, payload: Uint8Array): DisarmReason | undefined {
    try {
      return this.#take(type, payload);
    } catch (error) {
      if (error instanceof OutputTooLarge) return 'output-too-large';
      throw error;
    }
  }

  #take(type: number, payload: Uint8Array): DisarmReason | undefined {
    switch (type) {
      case FRAME.progress:
        this.#onProgress?.(readProgress(payload));
        return undefined;
      case FRAME.remark:
        this.findings.take(payload);
        return undefined;
      case FRAME.glyph: {
        const glyph = decodeGlyph(payload);
        if (!glyph.ok) return 'cage-broken';
        this.#document().glyph(glyph.value);
        return undefined;
      }
      case FRAME.picture: {
        const picture = decodePicture(payload);
        if (!picture.ok) return 'cage-broken';
        if (this.#editing !== undefined) this.#pictures.push(picture.value);
        else if (
          this.#picture === undefined &&
          PICTURES.has(this.#detected.kind) &&
          this.#pdf === undefined
        )
          this.#picture = picture.value;
        else this.#pages().picture(picture.value);
        return undefined;
      }
      case FRAME.page: {
        const page = decodePage(payload);
        if (!page.ok || this.pages.length >= this.#policy.pagesMax) return 'cage-broken';
        const document = this.#pages();
        for (const item of page.value.items) {
          const known =
            item.kind === 'picture'
              ? document.knowsPicture(item.picture)
              : item.kind !== 'text' ||
                item.glyphs.every((glyph) => document.knowsGlyph(item.font, glyph));
          if (!known) return 'cage-broken';
        }
        document.page(page.value);
        const { mode, likeness } = page.value;
        this.pages.push({
          page: this.pages.length + 1,
          mode,
          likeness: likeness < 0 ? null : likeness / 1000,
        });
        return undefined;
      }
      case FRAME.text:
        this.#text = Buffer.from(payload).toString('utf8');
        return undefined;
      case FRAME.model: {
        if (this.#editing === 'xlsx') {
          const sheets = decode(sheetModel, payload);
          if (!sheets.ok) return 'cage-broken';
          this.#sheets = sheets.value;
          return undefined;
        }
        const model = decode(textModel, payload);
        if (!model.ok || this.#editing === undefined) return 'cage-broken';
        this.#model = model.value;
        return undefined;
      }
      case FRAME.part:
        return this.#takePart(payload);
      default:
        return 'cage-broken';
    }
  }

  #takePart(payload: Uint8Array): DisarmReason | undefined {
    const length = payload[0] ?? 0;
    if (payload.length < 1 + length) return 'cage-broken';
    if (this.parts.length >= this.#policy.partsMax) return 'too-many-parts';
    this.#partBytes += payload.length;
    if (this.#partBytes > this.#policy.inputMaxBytes) return 'compression-bomb';
    const name = inert(Buffer.from(payload.subarray(1, 1 + length)).toString('utf8'));
    this.parts.push({ name, bytes: payload.slice(1 + length) });
    return undefined;
  }

  finish(): Verdict<{ safeBytes: Uint8Array; kind: SafeKind }, DisarmReason> {
    if (this.#picture !== undefined) {
      const { width, height, kind, pixels } = this.#picture;
      if (this.#detected.kind === 'jpeg' && kind === 'rgb') {
        return accept({ safeBytes: writeJpeg(pixels, width, height, 3, 90), kind: 'jpeg' });
      }
      return accept({ safeBytes: writePng(this.#picture), kind: 'png' });
    }
    if (this.#sheets !== undefined) {
      const safeBytes = writeXlsx(this.#sheets, this.#pictures);
      if (safeBytes === undefined) return refuse('cage-broken');
      if (safeBytes.length > this.#policy.outputMaxBytes) return refuse('output-too-large');
      return accept({ safeBytes, kind: 'xlsx' });
    }
    if (this.#model !== undefined) {
      const ids = new Set(this.#pictures.map(({ id }) => id));
      if (ids.size !== this.#pictures.length) return refuse('cage-broken');
      const safeBytes = writeDocx(this.#model, this.#pictures);
      if (safeBytes.length > this.#policy.outputMaxBytes) return refuse('output-too-large');
      return accept({ safeBytes, kind: 'docx' });
    }
    if (this.#text !== undefined) {
      return accept({ safeBytes: new TextEncoder().encode(this.#text), kind: 'text' });
    }
    if (this.#pdf === undefined || this.pages.length === 0) return refuse('cage-broken');
    try {
      return accept({ safeBytes: this.#pdf.finish(), kind: 'pdf' });
    } catch (error) {
      if (error instanceof OutputTooLarge) return refuse('output-too-large');
      throw error;
    }
  }
}
