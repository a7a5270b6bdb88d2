// Office documents to pages: LibreOffice as WebAssembly, with nothing of the machine in reach. Its PDF is a stranger's PDF and is rebuilt like one.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { FONTS, OFFICE } from '../engine-pins.ts';
import type { Kind } from '../kind.ts';
import { reportContent } from '../readers/office-findings.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';

/** How LibreOffice calls what we detect. */
const EXTENSIONS: Partial<Record<Kind, string>> = {
  docx: 'docx',
  doc: 'doc',
  rtf: 'rtf',
  odt: 'odt',
  xlsx: 'xlsx',
  xlsb: 'xlsx',
  xls: 'xls',
  ods: 'ods',
  pptx: 'pptx',
  ppt: 'ppt',
  odp: 'odp',
  html: 'html',
  csv: 'csv',
  epub: 'epub',
  svg: 'svg',
};

type Converter = {
  convert(
    input: Uint8Array,
    options: { outputFormat: string; inputFormat: string; password?: string },
    name: string,
  ): Promise<{ data: Uint8Array }>;
};

type ConverterModule = {
  createConverter(options: {
    wasmPath: string;
    wasmLoader: unknown;
    verbose: boolean;
    fonts: readonly { filename: string; data: Uint8Array }[];
  }): Promise<Converter>;
};

async function checkPin(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  if (hash.digest('hex') !== sha256) throw new Error(`${path} is not the pinned file`);
}

function loadFonts(): { filename: string; data: Uint8Array }[] {
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

export type OfficeEngine = (
  bytes: Uint8Array,
  from: string,
  to: string,
  password: string | null,
) => Promise<Uint8Array>;

/** Starts the engine: most of the time of a document, and the part that needs none. */
export async function startOffice(): Promise<OfficeEngine> {
  // The engine prints to the console; that pipe is ours.
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    console[method] = (): void => undefined;
  }
  const load = createRequire(import.meta.url);
  const loaderPath = load.resolve(OFFICE.loader);
  const wasmPath = dirname(loaderPath);
  await Promise.all(OFFICE.files.map(({ name, sha256 }) => checkPin(join(wasmPath, name), sha256)));
  const loader: unknown = load(loaderPath);
  const engine =
    (await import('@matbee/libreoffice-converter/server')) as unknown as ConverterModule;
  const converter = await engine.createConverter({
    wasmPath,
    wasmLoader: loader,
    verbose: false,
    fonts: loadFonts(),
  });
  return async (bytes, from, to, password) => {
    const options = { outputFormat: to, inputFormat: from };
    const opening = password === null ? {} : { password };
    const { data } = await converter.convert(bytes, { ...options, ...opening }, `d.${from}`);
    return data;
  };
}

/** Emits the document as the engine makes it: pages as PDF, or the same document in a form that can be edited. */
export async function convertOffice(
  bytes: Uint8Array,
  job: Job,
  started?: OfficeEngine,
): Promise<void> {
  const extension = EXTENSIONS[job.kind];
  if (extension === undefined) throw new JobRefusal('unsupported', job.kind);
  const convert = started ?? (await startOffice());
  emit.progress(0, 1);
  try {
    const into = job.into ?? 'pdf';
    const made = await convert(bytes, extension, into, job.password);
    const tells = TELLS_AS[job.kind];
    if (tells !== undefined) {
      const readable = tells === into ? made : await convert(bytes, extension, tells, job.password);
      reportContent(tells, readable);
    }
    emit.document(made);
  } catch (error) {
    if (error instanceof JobRefusal) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (/password/i.test(message))
      throw new JobRefusal(job.password === null ? 'encrypted' : 'wrong-password');
    throw new JobRefusal('broken', message);
  }
}
