// Office documents to pages: LibreOffice as WebAssembly, with nothing of the machine in reach. Its PDF is a stranger's PDF and is rebuilt like one.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { OFFICE } from '../engine-pins.ts';
import type { Kind } from '../kind.ts';
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
  }): Promise<Converter>;
};

async function checkPin(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  if (hash.digest('hex') !== sha256) throw new Error(`${path} is not the pinned file`);
}

/** Emits the document as a PDF of LibreOffice's. Throws `JobRefusal`. */
export async function convertOffice(bytes: Uint8Array, job: Job): Promise<void> {
  const extension = EXTENSIONS[job.kind];
  if (extension === undefined) throw new JobRefusal('unsupported', job.kind);
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
  const converter = await engine.createConverter({ wasmPath, wasmLoader: loader, verbose: false });
  emit.progress(0, 1);
  let pdf: Uint8Array;
  try {
    const options = { outputFormat: 'pdf', inputFormat: extension };
    const password = job.password === null ? {} : { password: job.password };
    ({ data: pdf } = await converter.convert(bytes, { ...options, ...password }, `d.${extension}`));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/password/i.test(message))
      throw new JobRefusal(job.password === null ? 'encrypted' : 'wrong-password');
    throw new JobRefusal('broken', message);
  }
  emit.document(pdf);
}
