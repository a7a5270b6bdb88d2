// Reads a file from the disk into an importer, piece by piece: what is refused is never held whole, and never half kept.

import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { accept, Fault, refuse, type Verdict } from '@parley/kernel';
import { CsvImport } from '../imports/csv-import.ts';
import type { Imported, ImportReason } from '../imports/imported.ts';
import { importJson } from '../imports/json-import.ts';
import type { Mapping } from '../imports/mapped.ts';
import type { StoreFault } from './json-lines.ts';

const CSV_BYTES_MAX = 1024 * 1024 * 1024;
const JSON_BYTES_MAX = 64 * 1024 * 1024;

export type FileReason = ImportReason | 'not-utf8' | 'not-a-text';

export type ReadFile = { readonly imported: Imported; readonly sha256: string };

async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 }))
      yield piece as Uint8Array;
  } catch (error) {
    throw new Fault<StoreFault>('outlook-file-unreadable', `${path} cannot be read.`, {
      cause: error,
      nextAction: 'check the name and that you may read it',
    });
  }
}

/** Bytes that no text has: zip (so xlsx), gzip, PDF, and anything with a zero byte. */
function isBinary(first: Uint8Array): boolean {
  const magic = Buffer.from(first.subarray(0, 4)).toString('latin1');
  return (
    magic.startsWith('PK') ||
    magic.startsWith('\u001f\u008b') ||
    magic === '%PDF' ||
    first.subarray(0, 1024).includes(0)
  );
}

/** Imports one file as what it is: JSON by its first character, anything else as CSV. Faults where it cannot be read. */
export async function importFile(
  path: string,
  mapping?: Mapping,
): Promise<Verdict<ReadFile, FileReason>> {
  let size: number;
  try {
    const about = statSync(path);
    if (!about.isFile()) return refuse('not-a-text', { detail: 'it is not a file' });
    size = about.size;
  } catch (error) {
    throw new Fault<StoreFault>('outlook-file-unreadable', `${path} cannot be read.`, {
      cause: error,
      nextAction: 'check the name and that you may read it',
    });
  }
  if (size > CSV_BYTES_MAX)
    return refuse('too-large', { detail: `${size} bytes, at most ${CSV_BYTES_MAX}` });
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let csv: CsvImport | undefined;
  let json: string[] | undefined;
  const give = (text: string): Verdict<undefined, FileReason> => {
    if (csv === undefined && json === undefined) {
      if (/^[\ufeff\s]*[[{]/.test(text) && mapping === undefined) json = [];
      else csv = new CsvImport(mapping);
    }
    if (json !== undefined) {
      json.push(text);
      return accept(undefined);
    }
    return csv?.push(text) ?? accept(undefined);
  };
  let first = true;
  for await (const piece of pieces(path)) {
    if (first && isBinary(piece))
      return refuse('not-a-text', {
        detail: 'it is no text file; save a spreadsheet as CSV first',
      });
    first = false;
    hash.update(piece);
    let text: string;
    try {
      text = decoder.decode(piece, { stream: true });
    } catch {
      return refuse('not-utf8', { detail: 'save it as UTF-8' });
    }
    const given = give(text);
    if (!given.ok) return given;
    if (json !== undefined && size > JSON_BYTES_MAX)
      return refuse('too-large', { detail: `${size} bytes of JSON, at most ${JSON_BYTES_MAX}` });
  }
  const imported =
    json === undefined ? (csv ?? new CsvImport(mapping)).finish() : importJson(json.join(''));
  return imported.ok ? accept({ imported: imported.value, sha256: hash.digest('hex') }) : imported;
}
