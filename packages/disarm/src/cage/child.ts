// The child: reads one job and one document, speaks the display list, ends. Everything dangerous happens here and nowhere else.

import { readFileSync } from 'node:fs';

import { readText } from '../kind.ts';
import { limitWasmMemory } from '../wasm-host.ts';
import { emit, JobRefusal, unheard } from './emit.ts';
import type { Job } from './job.ts';
import type { Engine } from '../pdf/engine.ts';
import { FAMILIES } from './example.ts';
import type { OfficeKit } from './lok.ts';

/** What a child takes beside the page engine's memory: that engine ends by itself before the child is ended from outside. */
const RUNTIME_BYTES = 128 << 20;

/** Engines that were started before there was a job. */
type Started = {
  readonly office?: OfficeKit;
  readonly pages?: Engine;
  readonly limit: ReturnType<typeof limitWasmMemory>;
};

/** Each kind loads its own reader and no other: less to start, less to attack. */
async function work(
  job: Job,
  bytes: Uint8Array,
  { office, pages }: Partial<Started>,
): Promise<void> {
  switch (job.kind) {
    case 'pdf': {
      const [{ convertPdf }, { loadEngine }] = await Promise.all([
        import('../pdf/convert.ts'),
        import('../pdf/engine.ts'),
      ]);
      const recognise =
        job.mode === 'pixel'
          ? await (await import('../pdf/ocr.ts')).loadRecogniser(job.languages)
          : undefined;
      return convertPdf(pages ?? (await loadEngine()), bytes, job, recognise);
    }
    case 'png':
    case 'jpeg':
      return (await import('./picture.ts')).convertPicture(job.kind, bytes, job);
    case 'gif':
    case 'bmp':
    case 'pnm':
      return (await import('./bitmap.ts')).convertBitmap(job.kind, bytes, job);
    case 'tiff':
      return (await import('./tiff.ts')).convertTiff(bytes, job);
    case 'webp':
      return (await import('./webp.ts')).convertWebp(bytes, job);
    case 'text':
    case 'csv':
      return (await import('./text.ts')).convertText(job.kind, bytes);
    case 'html':
      return (await import('./text.ts')).convertHtml(bytes);
    case 'eml':
      return (await import('./mail.ts')).convertMail(bytes, job);
    case 'zip':
      return (await import('./archive.ts')).convertArchive(bytes, job);
    case 'hwpx':
      return (await import('./hwpx.ts')).convertHwpx(bytes, job);
    case 'hwp':
      return (await import('./hwp.ts')).convertHwp(bytes, job);
    case 'odt':
    case 'ods':
    case 'odp': {
      const opened = (await import('./locked.ts')).openOpenDocument(bytes, job);
      if (!job.told)
        await (await import('../readers/office-findings.ts')).reportOffice(job.kind, opened);
      return (await import('./office.ts')).convertOffice(opened, job, office);
    }
    case 'docx':
    case 'doc':
    case 'rtf':
    case 'xlsx':
    case 'xlsb':
    case 'xls':
    case 'pptx':
    case 'ppt':
      if (!job.told) {
        await (await import('../readers/office-findings.ts')).reportOffice(job.kind, bytes);
      }
      if (job.mode === 'edit' && job.kind === 'docx') {
        return (await import('./edit.ts')).convertToEdit(bytes, job);
      }
      if (job.mode === 'edit' && job.kind === 'xlsx') {
        return (await import('./edit-sheets.ts')).convertSheets(bytes, job);
      }
      return (await import('./office.ts')).convertOffice(bytes, job, office);
    case 'svg': {
      const { cleanSvg } = await import('../readers/svg.ts');
      const clean = new TextEncoder().encode(cleanSvg(readText(bytes) ?? ''));
      return (await import('./office.ts')).convertOffice(clean, job, office);
    }
    case 'ole-encrypted':
      return (await import('./locked.ts')).openLocked(bytes, job);
    default:
      throw new JobRefusal('unsupported', job.kind);
  }
}

/** What a child was told to do before it reads: which engine to start, on what to rehearse, and the memory it may have. */
async function startAhead(): Promise<Started | undefined> {
  const [engine, rehearsal = '', memoryMaxBytes] = process.argv.slice(2);
  if (engine === undefined) return undefined;
  const beside = engine === 'office' ? 0 : RUNTIME_BYTES;
  const limit = limitWasmMemory(Number(memoryMaxBytes) - beside);
  if (engine === 'office') {
    const { startOffice, rehearse } = await import('./office.ts');
    const office = await startOffice();
    rehearse(
      office,
      FAMILIES.filter((family) => rehearsal.split(',').includes(family)),
    );
    return { office, limit };
  }
  const [{ convertPdf }, { loadEngine }, { examplePages, REHEARSAL_JOB }] = await Promise.all([
    import('../pdf/convert.ts'),
    import('../pdf/engine.ts'),
    import('./example-pages.ts'),
  ]);
  const pages = await loadEngine();
  const example = examplePages();
  for (let round = 0; round < Number(rehearsal); round++) {
    unheard(() => convertPdf(pages, example, REHEARSAL_JOB));
  }
  return { pages, limit };
}

async function main(): Promise<void> {
  const started = await startAhead();
  emit.start();
  if (started !== undefined) emit.progress(0, 0);
  const input = readFileSync(0);
  const jobLength = input.readUInt32LE(0);
  const job = JSON.parse(input.subarray(4, 4 + jobLength).toString('utf8')) as Job;
  const bytes = new Uint8Array(
    input.buffer,
    input.byteOffset + 4 + jobLength,
    input.length - 4 - jobLength,
  );
  const limit = started?.limit ?? limitWasmMemory(job.memoryMaxBytes - RUNTIME_BYTES);
  try {
    await work(job, bytes, started ?? {});
    emit.done();
  } catch (error) {
    if (error instanceof JobRefusal) emit.refusal(error.reason, error.message);
    else if (error instanceof RangeError || limit.reached()) {
      emit.refusal('memory', error instanceof Error ? error.message : '');
    }
    // An engine that stops on its input has met a document it cannot read.
    else emit.refusal('broken', error instanceof Error ? error.message : 'the engine stopped');
  }
}

await main();
// An engine's threads would keep the process alive after its last word.
process.exit(0);
