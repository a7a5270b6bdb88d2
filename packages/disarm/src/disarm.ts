// A document in; a safe copy and a report out. The whole promise of this package is the last line of `disarm`.

import { accept, refuse, type Verdict } from '@parley/kernel';

import { runCage, readProgress, type CageResult } from './cage/cage.ts';
import type { DisarmReason, Job } from './cage/job.ts';
import { OFFICE, PDFIUM, engineLine } from './engine-pins.ts';
import { Findings } from './findings.ts';
import { detect, type Detected, type Kind, type SafeKind } from './kind.ts';
import { decodeGlyph, decodePage, decodePicture } from './list/decode.ts';
import type { Picture } from './list/display-list.ts';
import { FRAME } from './list/frame.ts';
import type { Original } from './original.ts';
import { policyLine, type Policy } from './policy.ts';
import type { PageReport, Report } from './report.ts';
import { mintSafeCopy, type SafeCopy } from './safe-copy.ts';
import { writeJpeg } from './writer/jpeg.ts';
import { OutputTooLarge, PdfWriter } from './writer/pdf.ts';
import { writePng } from './writer/png.ts';

export type Disarmed = {
  readonly safe: SafeCopy;
  readonly report: Report;
  /** What made the copy: our writers and the engines with their hashes. */
  readonly engine: string;
  /** What decided the bytes of the copy. */
  readonly policy: string;
  /** Most memory the cage took, in bytes, where the machine tells. Not part of the record: it differs between runs. */
  readonly cagePeakBytes: number;
};

export type DisarmOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** For encrypted documents. */
  readonly password?: string;
};

/**
 * Rebuilds a document. Promises: the copy was made by our own writers from a checked display list; the same original,
 * policy and engines give the same bytes. Refuses with a reason of `DisarmReason`; it never gives a part of a document.
 */
export async function disarm(
  original: Original,
  policy: Policy,
  options: DisarmOptions = {},
): Promise<Verdict<Disarmed, DisarmReason>> {
  const { bytes } = original;
  if (bytes.length === 0) return refuse('empty');
  if (bytes.length > policy.inputMaxBytes) {
    return refuse('too-large', { detail: `${bytes.length} bytes, over ${policy.inputMaxBytes}` });
  }
  const detected = detect(bytes);
  const builder = new Builder(policy, options, detected);
  const office = OFFICE_KINDS.has(detected.kind);
  const ran = office
    ? await throughOffice(bytes, detected, builder, policy, options)
    : await runCage(jobOf(detected.kind, policy, options), bytes, policy, {
        signal: options.signal,
        onFrame: ({ type, payload }) => builder.frame(type, payload),
      });
  if (!ran.ok) return ran;
  const built = builder.finish();
  if (!built.ok) return built;
  const { safeBytes, kind } = built.value;
  for (const other of detected.also) builder.findings.removed('other-format', { text: other });
  const { findings } = builder;
  const report: Report = {
    version: 1,
    detected: detected.kind,
    also: detected.also,
    originalSha256: original.sha256,
    originalBytes: bytes.length,
    pages: builder.pages,
    removed: findings.removedList(),
    hidden: findings.hiddenList(),
    links: findings.links,
    remarks: findings.remarks,
    notes: findings.notes,
    cage: ran.value.report,
    parts: [],
  };
  return accept({
    safe: mintSafeCopy(safeBytes, kind),
    report,
    engine: office ? engineLine(OFFICE, PDFIUM) : engineLine(PDFIUM),
    policy: policyLine(policy),
    cagePeakBytes: ran.value.peakBytes,
  });
}

const OFFICE_KINDS: ReadonlySet<Kind> = new Set([
  'docx',
  'doc',
  'rtf',
  'odt',
  'xlsx',
  'xlsb',
  'xls',
  'ods',
  'pptx',
  'ppt',
  'odp',
  'ole-encrypted',
]);

function jobOf(kind: Kind, policy: Policy, options: DisarmOptions): Job {
  return {
    kind,
    mode: policy.mode,
    rasterDpi: policy.rasterDpi,
    pictureDpi: policy.pictureDpi,
    likenessFloor: policy.likenessFloor,
    pagesMax: policy.pagesMax,
    pixelsMax: policy.pixelsMax,
    pageSideMax: policy.pageSideMax,
    memoryMaxBytes: policy.memoryMaxBytes,
    password: options.password ?? null,
  };
}

/** Two cages in a row: the office engine makes pages, the page engine rebuilds them. Neither sees the other. */
async function throughOffice(
  bytes: Uint8Array,
  detected: Detected,
  builder: Builder,
  policy: Policy,
  options: DisarmOptions,
): Promise<Verdict<CageResult, DisarmReason>> {
  let pages: Uint8Array | undefined;
  const first = await runCage(
    { ...jobOf(detected.kind, policy, options), memoryMaxBytes: policy.officeMemoryMaxBytes },
    bytes,
    {
      ...policy,
      memoryMaxBytes: policy.officeMemoryMaxBytes,
      documentMs: policy.officeMs,
      pageMs: 0,
      silenceMs: policy.officeMs,
    },
    {
      signal: options.signal,
      packages: [OFFICE.loader, 'saxes', 'xmlchars/xml/1.0/ed5', 'zod'],
      threads: true,
      onFrame: ({ type, payload }) => {
        if (type !== FRAME.document) return builder.frame(type, payload);
        pages = payload;
        return undefined;
      },
    },
  );
  if (!first.ok) return first;
  if (pages === undefined) return refuse('cage-broken');
  // What the office engine adds to its own PDF is not the sender's.
  builder.findings.muteEngine();
  const second = await runCage(
    { ...jobOf('pdf', policy, options), password: null },
    pages,
    policy,
    {
      signal: options.signal,
      onFrame: ({ type, payload }) => builder.frame(type, payload),
    },
  );
  if (!second.ok) return second;
  const peakBytes = Math.max(first.value.peakBytes, second.value.peakBytes);
  return accept({ report: second.value.report, peakBytes });
}

/** Turns frames into a file. */
class Builder {
  readonly findings = new Findings();
  readonly pages: PageReport[] = [];
  readonly #policy: Policy;
  readonly #options: DisarmOptions;
  readonly #detected: Detected;
  #pdf: PdfWriter | undefined;
  #picture: Picture | undefined;
  #text: string | undefined;

  constructor(policy: Policy, options: DisarmOptions, detected: Detected) {
    this.#policy = policy;
    this.#options = options;
    this.#detected = detected;
  }

  #document(): PdfWriter {
    this.#pdf ??= new PdfWriter({
      jpeg: writeJpeg,
      level: 4,
      maxBytes: this.#policy.outputMaxBytes,
    });
    return this.#pdf;
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
        this.#options.onProgress?.(readProgress(payload));
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
        if (this.#detected.kind === 'png' || this.#detected.kind === 'jpeg')
          this.#picture = picture.value;
        else this.#document().picture(picture.value);
        return undefined;
      }
      case FRAME.page: {
        const page = decodePage(payload);
        if (!page.ok || this.pages.length >= this.#policy.pagesMax) return 'cage-broken';
        const document = this.#document();
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
      default:
        return 'cage-broken';
    }
  }

  finish(): Verdict<{ safeBytes: Uint8Array; kind: SafeKind }, DisarmReason> {
    if (this.#picture !== undefined) {
      const { width, height, kind, pixels } = this.#picture;
      if (this.#detected.kind === 'jpeg' && kind === 'rgb') {
        return accept({ safeBytes: writeJpeg(pixels, width, height, 3, 90), kind: 'jpeg' });
      }
      return accept({ safeBytes: writePng(this.#picture), kind: 'png' });
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
