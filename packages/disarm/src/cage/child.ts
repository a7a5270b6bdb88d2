// The child: reads one job and one document, speaks the display list, ends. Everything dangerous happens here and nowhere else.

import { readFileSync } from 'node:fs';

import { readText } from '../kind.ts';
import { limitWasmMemory } from '../wasm-host.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import type { OfficeEngine } from './office.ts';

/** Each kind loads its own reader and no other: less to start, less to attack. */
async function work(job: Job, bytes: Uint8Array, office?: OfficeEngine): Promise<void> {
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
      return convertPdf(await loadEngine(), bytes, job, recognise);
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
      return (await import('./text.ts')).convertText(bytes);
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
    case 'docx':
    case 'doc':
    case 'rtf':
    case 'odt':
    case 'xlsx':
    case 'xlsb':
    case 'xls':
    case 'ods':
    case 'pptx':
    case 'ppt':
    case 'odp':
      if (!job.told) {
        await (await import('../readers/office-findings.ts')).reportOffice(job.kind, bytes);
      }
      if (job.mode === 'edit' && job.kind === 'docx') {
        return (await import('./edit.ts')).convertToEdit(bytes, job);
      }
      if (job.mode === 'edit' && job.kind === 'xlsx') {
        return (await import('./edit-sheets.ts')).convertSheets(bytes);
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

/** What a child was told to start before it reads: `office` and the memory it may have, or nothing. */
async function startAhead(): Promise<OfficeEngine | undefined> {
  const [engine, memoryMaxBytes] = process.argv.slice(2);
  if (engine !== 'office') return undefined;
  limitWasmMemory(Number(memoryMaxBytes));
  return (await import('./office.ts')).startOffice();
}

async function main(): Promise<void> {
  const office = await startAhead();
  const input = readFileSync(0);
  const jobLength = input.readUInt32LE(0);
  const job = JSON.parse(input.subarray(4, 4 + jobLength).toString('utf8')) as Job;
  const bytes = new Uint8Array(
    input.buffer,
    input.byteOffset + 4 + jobLength,
    input.length - 4 - jobLength,
  );
  if (office === undefined) limitWasmMemory(job.memoryMaxBytes);
  emit.start();
  try {
    await work(job, bytes, office);
    emit.done();
  } catch (error) {
    if (error instanceof JobRefusal) emit.refusal(error.reason, error.message);
    else if (error instanceof RangeError) emit.refusal('memory', error.message);
    // An engine that stops on its input has met a document it cannot read.
    else emit.refusal('broken', error instanceof Error ? error.message : 'the engine stopped');
  }
}

await main();
// An engine's threads would keep the process alive after its last word.
process.exit(0);
