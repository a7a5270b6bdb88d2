// Office documents to pages: LibreOffice as WebAssembly, with nothing of the machine in reach. Its PDF is a stranger's PDF and is rebuilt like one.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { FONTS } from '../engine-pins.ts';
import type { Kind } from '../kind.ts';
import { isLockedTheOldWay, reportContent } from '../readers/office-findings.ts';
import { withoutFilms } from '../readers/odf-films.ts';
import { emit, JobRefusal, unheard } from './emit.ts';
import { exampleOf, ROUNDS, type Family } from './example.ts';
import type { Job } from './job.ts';
import { startOfficeKit, type FontFile, type OfficeKit } from './lok.ts';

/** How LibreOffice calls what we detect. */
const EXTENSIONS: Partial<Record<Kind, string>> = {
  docx: 'docx',
  doc: 'doc',
  rtf: 'rtf',
  odt: 'odt',
  xlsx: 'xlsx',
  xlsb: 'xlsb',
  xls: 'xls',
  ods: 'ods',
  pptx: 'pptx',
  ppt: 'ppt',
  odp: 'odp',
  svg: 'svg',
};

function loadFonts(): FontFile[] {
  return FONTS.files.map(({ folder, file, sha256 }) => {
    const path = join(dirname(fileURLToPath(import.meta.resolve(folder))), '../fonts', file);
    const data = readFileSync(path);
    if (createHash('sha256').update(data).digest('hex') !== sha256)
      throw new Error(`${file} is not the pinned file`);
    return { filename: file, data };
  });
}

/** Old binary formats tell what they hold only to the engine; it writes them in a form that our own readers know. */
const TELLS_AS: Partial<Record<Kind, 'docx' | 'xlsx' | 'pptx'>> = {
  doc: 'docx',
  rtf: 'docx',
  xls: 'xlsx',
  xlsb: 'xlsx',
  ppt: 'pptx',
};

const LOCKED_THE_OLD_WAY =
  'This is an old Office file with a password, whose kind of lock is not opened here. Ask for it as DOCX, XLSX or PPTX (the password may stay), or without the password.';

/** Starts the engine: most of the time of a document, and the part that needs none. */
export async function startOffice(): Promise<OfficeKit> {
  // The engine prints to the console; that pipe is ours.
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    console[method] = (): void => undefined;
  }
  return startOfficeKit(loadFonts());
}

/** Converts one document of our own of each family, so that the next one finds filters, fonts and code in place. */
export function rehearse(kit: OfficeKit, families: readonly Family[]): void {
  for (const family of families) {
    const { bytes, kind } = exampleOf(family);
    for (let round = 0; round < ROUNDS; round++) {
      const document = kit.open(bytes, kind);
      document.as('pdf');
      document.close();
      // Our own readers start cold too.
      unheard(() => reportContent(kind, bytes));
    }
  }
}

/** Time for the pages that the engine has laid out: a long document may take longer than a short one. */
function allowFor(parts: number, { kind, into, pagesMax }: Job): void {
  const pages = !kind.startsWith('xls') && kind !== 'ods';
  if (pages && into === 'pdf' && parts > pagesMax) {
    throw new JobRefusal('too-many-pages', `${parts} pages`);
  }
  emit.progress(0, Math.max(1, parts));
}

/** Emits the document as the engine makes it: pages as PDF, or the same document in a form that can be edited. */
export function convertOffice(bytes: Uint8Array, job: Job, kit: OfficeKit | undefined): void {
  const extension = EXTENSIONS[job.kind];
  if (extension === undefined || kit === undefined) throw new JobRefusal('unsupported', job.kind);
  emit.progress(0, 1);
  try {
    const into = job.into ?? 'pdf';
    const plain = job.kind.startsWith('od') ? withoutFilms(bytes) : bytes;
    const document = kit.open(plain, extension);
    allowFor(document.parts(), job);
    const made = document.as(into);
    const tells = TELLS_AS[job.kind];
    if (tells !== undefined) reportContent(tells, tells === into ? made : document.as(tells));
    emit.document(made);
  } catch (error) {
    if (error instanceof JobRefusal) throw error;
    if (isLockedTheOldWay(job.kind, bytes)) throw new JobRefusal('unsupported', LOCKED_THE_OLD_WAY);
    throw new JobRefusal('broken', error instanceof Error ? error.message : String(error));
  }
}
