// An archive: bounded in count, size and ratio, its files handed out one by one to cages of their own.

import { ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { cleanText } from './text.ts';

/** Names shown in the copy's own text; the report has them all. */
const LISTED_MAX = 1000;

export function convertArchive(bytes: Uint8Array, job: Job): void {
  try {
    const zip = new ZipReader(bytes, {
      entriesMax: 10_000,
      entryMaxBytes: job.inputMaxBytes,
      totalMaxBytes: job.inputMaxBytes,
      ratioMax: 200,
    });
    const names = zip.names.filter((name) => !name.endsWith('/'));
    const strange = names.filter((name) => /(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:/.test(name));
    for (const path of strange) emit.detail('active-element', 'path-outside', { path });
    emit.text(
      cleanText(
        `Archive with ${names.length} files, each rebuilt by itself:\n${names
          .slice(0, LISTED_MAX)
          .map((name, i) => `${i + 1}. ${name}`)
          .join('\n')}\n`,
      ),
    );
    const locked = names.filter((name) => zip.isEncrypted(name));
    for (const text of locked) emit.remark({ list: 'unreached', text, locked: true });
    const open = names.filter((name) => !zip.isEncrypted(name));
    emit.parts(open, job.partsMax, (at) => zip.read(open[at] ?? '') ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
