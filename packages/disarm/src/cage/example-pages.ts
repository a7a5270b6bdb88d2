// Pages of our own: what a child works on before it meets a stranger's document.

import { readFileSync } from 'node:fs';

import type { Job } from './job.ts';

/** Little of everything, for a page of our own. */
export const SAMPLE_JOB: Job = {
  kind: 'pdf',
  mode: 'structure',
  rasterDpi: 72,
  pictureDpi: 72,
  likenessFloor: 900,
  pagesMax: 1,
  pixelsMax: 1e6,
  pageSideMax: 1000,
  memoryMaxBytes: 1 << 29,
  inputMaxBytes: 1 << 20,
  partsMax: 1,
  password: null,
  languages: ['eng'],
};

/** As a stranger's pages are read, but for the second look, which is the same work once more. */
export const REHEARSAL_JOB: Job = {
  ...SAMPLE_JOB,
  pagesMax: 10,
  rasterDpi: 150,
  pictureDpi: 200,
};

/** The text of `example.ts` as the office engine draws it: its fonts, its pictures, its operators (made by testing/write-example-pages.ts). */
export function examplePages(): Uint8Array {
  return readFileSync(new URL('./example-pages.pdf', import.meta.url));
}
