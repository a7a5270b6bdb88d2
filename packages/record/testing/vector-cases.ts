// The vectors under vectors/record as files: a base in hexadecimal and the edits that make a case of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat } from '@parley/kernel';

const FOLDER = join(import.meta.dirname, '../../../vectors');

/** `[at, remove, insert]`: remove that many bytes of the base at that offset and put the hexadecimal there. */
export type Edit = readonly [number, number, string];

/** What a verifier says of the base after the edits: accepted, or refused with a reason and an index. */
export type VectorCase = {
  readonly description: string;
  readonly base: string;
  readonly edits: readonly Edit[];
  readonly ok: boolean;
  readonly reason?: string;
  readonly at?: number;
};

export const fromHexText = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll('\n', ''), 'hex'));

export function readVector(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** All cases, or those of one base. */
export function casesOf(base?: string): VectorCase[] {
  const cases = JSON.parse(readVector('record/cases.json')) as VectorCase[];
  return cases.filter((one) => base === undefined || one.base === base);
}

export function applyEdits(file: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [from, remove, insert] of edits) {
    parts.push(file.subarray(at, from), fromHexText(insert));
    at = from + remove;
  }
  return concat(...parts, file.subarray(at));
}

export function vectorFile({ base, edits }: VectorCase): Uint8Array {
  return applyEdits(fromHexText(readVector(`record/${base}.hex`)), edits);
}
