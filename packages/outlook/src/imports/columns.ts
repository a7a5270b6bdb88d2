// Rows by column name: the header is checked once, and every value is asked for by its name.

import { accept, refuse, type Verdict } from '@parley/kernel';
import type { ImportReason } from './imported.ts';

/** Reads one value of a row; an absent optional column is the empty string. */
export type RowReader = (row: readonly string[], column: string) => string;

/** Refuses a header that lacks a required column, and names what is missing and what stands there instead. */
export function readColumns(
  header: readonly string[],
  required: readonly string[],
): Verdict<RowReader, ImportReason> {
  const at = new Map(header.map((name, index) => [name.trim().toLowerCase(), index]));
  const missing = required.filter((name) => !at.has(name.toLowerCase()));
  if (missing.length > 0) {
    return refuse('wrong-columns', {
      detail: `the header lacks ${missing.join(', ')}; it has ${header.slice(0, 12).join(', ').slice(0, 300)}`,
    });
  }
  return accept((row, column) => (row[at.get(column.toLowerCase()) ?? -1] ?? '').trim());
}

/** Strings of a Python list such as `['A', "B's"]`, nested or not; a text that is no list is one string. */
export function readPythonList(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (!trimmed.startsWith('[')) return [trimmed];
  const found: string[] = [];
  for (const match of trimmed.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)) {
    found.push((match[1] ?? match[2] ?? '').replaceAll(/\\(.)/g, '$1').trim());
  }
  return found;
}
