// TIFF: scans and faxes, read by UTIF inside the cage (LZW, PackBits, Deflate, CCITT G3 and G4, JPEG). One page becomes a picture, several become a document.

import { createRequire } from 'node:module';

import type * as Utif from 'utif2';

import type { Detail, DetailCode } from '../details.ts';
import type { Page } from '../list/display-list.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { checkSize, sendPixels } from './picture.ts';

// CommonJS whose names Node cannot see from outside.
const { decode, decodeImage, toRGBA8 } = createRequire(import.meta.url)('utif2') as typeof Utif;

const one = (page: Utif.IFD, tag: number, or: number): number => {
  const value = page[`t${tag}`];
  const first: unknown = Array.isArray(value) || value instanceof Uint8Array ? value[0] : undefined;
  return typeof first === 'number' && Number.isFinite(first) ? first : or;
};

/** Dots per inch as the scanner says, where that is sensible. */
function resolution(page: Utif.IFD, tag: 282 | 283): number {
  const perUnit = one(page, tag, 0);
  const dpi = one(page, 296, 2) === 3 ? perUnit * 2.54 : perUnit;
  return dpi >= 50 && dpi <= 2400 ? dpi : 150;
}

const hundredths = (points: number): number => Math.round(points * 100) / 100;

/** The page of a scan at its paper size, shrunk where that is larger than the policy allows. */
function sheet(
  page: Utif.IFD,
  at: number,
  { width, height }: { width: number; height: number },
  job: Job,
): Page {
  const across = (width / resolution(page, 282)) * 72;
  const down = (height / resolution(page, 283)) * 72;
  const shrink = Math.min(1, job.pageSideMax / Math.max(across, down));
  const size = {
    width: Math.max(1, hundredths(across * shrink)),
    height: Math.max(1, hundredths(down * shrink)),
  };
  const matrix = [size.width, 0, 0, size.height, 0, 0] as const;
  return {
    ...size,
    rotate: 0,
    mode: 'pixel',
    likeness: -1,
    items: [{ kind: 'picture', picture: at, matrix, alpha: 255, blend: 'normal' }],
  };
}

export function convertTiff(bytes: Uint8Array, job: Job): void {
  // The library wants a buffer of exactly the file.
  const file = bytes.slice().buffer;
  const all = readDirectories(file);
  // Bit 0 of tag 254 marks a thumbnail of another page.
  const pages = all.filter((page) => one(page, 256, 0) > 0 && (one(page, 254, 0) & 1) === 0);
  if (pages.length === 0) throw new JobRefusal('broken', 'no page');
  if (pages.length > job.pagesMax) throw new JobRefusal('too-many-pages', `${pages.length}`);
  const tags = new Set(pages.flatMap((page) => Object.keys(page)));
  for (const [tag, said] of METADATA) {
    if (!tags.has(`t${tag}`)) continue;
    if (typeof said === 'string') emit.remark({ list: 'removed', kind: 'metadata', text: said });
    else emit.detail('metadata', said.code, said.values);
  }
  pages.forEach((page, at) => {
    const size = { width: one(page, 256, 0), height: one(page, 257, 0) };
    checkSize(size, job);
    sendPixels({ ...size, data: pixelsOf(file, page, size) }, job, at);
    if (pages.length > 1) emit.page(sheet(page, at, size, job));
    emit.progress(at + 1, pages.length);
  });
}

const tag = (code: DetailCode, values: Detail['values'] = {}): Detail => ({ code, values });
const METADATA: readonly (readonly [number, string | Detail])[] = [
  [270, tag('tag-description')],
  [271, tag('tag-make')],
  [272, tag('tag-model')],
  [305, tag('tag-program')],
  [306, tag('tag-date')],
  [315, tag('tag-author')],
  [700, 'XMP'],
  [33432, tag('tag-copyright')],
  [33723, 'IPTC'],
  [34665, 'EXIF'],
  [34853, tag('tag-place', { format: 'GPS' })],
  [33550, tag('tag-place', { format: 'GeoTIFF' })],
];

function readDirectories(file: ArrayBuffer): Utif.IFD[] {
  try {
    return decode(file);
  } catch (error) {
    throw new JobRefusal('broken', error instanceof Error ? error.message : String(error));
  }
}

function pixelsOf(
  file: ArrayBuffer,
  page: Utif.IFD,
  { width, height }: { width: number; height: number },
): Uint8ClampedArray {
  const compression = one(page, 259, 1);
  try {
    decodeImage(file, page);
    const rgba = toRGBA8(page);
    if (page.width !== width || page.height !== height || rgba.length < width * height * 4) {
      throw new Error('other pixels than claimed');
    }
    return new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, width * height * 4);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new JobRefusal('broken', `TIFF with compression ${compression}: ${why}`);
  }
}
