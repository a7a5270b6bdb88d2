// The fingerprint of a history: two reports with the same one were made from the same records.

import { toHex, utf8, type Crypto } from '@parley/kernel';
import type { HistoryRecord } from './history/record.ts';

/** JSON with sorted keys and no white space; what is equal has one spelling. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** SHA-256 over the canonical records in order of their ids, in hexadecimal. */
export function snapshotHash(crypto: Crypto, history: readonly HistoryRecord[]): string {
  const hasher = crypto.hasher('sha256');
  hasher.update(utf8('parley/v1/outlook-history\0'));
  for (const record of history.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    hasher.update(utf8(`${canonicalJson(record)}\n`));
  }
  return toHex(hasher.digest());
}
