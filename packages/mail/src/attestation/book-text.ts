// Attestations as a JSON file: the channel's entry bodies in base64url, for a desk's export and for tests.

import {
  accept,
  decode,
  encode,
  fromBase64Url,
  refuse,
  toBase64Url,
  type Codec,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import { openBook, type AttestationBook } from './book.ts';
import {
  dayKeyCodec,
  daySealCodec,
  statementCodec,
  type DayKey,
  type DaySeal,
  type Statement,
} from './statement.ts';

export type HeldAttestations = {
  readonly party: string;
  readonly dayKeys: readonly DayKey[];
  readonly statements: readonly Statement[];
  readonly seals: readonly DaySeal[];
};

const ITEMS_MAX = 200_000;

function readList<T>(codec: Codec<T>, value: unknown): T[] | null {
  if (!Array.isArray(value) || value.length > ITEMS_MAX) return null;
  const items: T[] = [];
  for (const item of value as unknown[]) {
    const bytes = typeof item === 'string' ? fromBase64Url(item) : null;
    const decoded = bytes?.ok === true ? decode(codec, bytes.value) : null;
    if (decoded?.ok !== true) return null;
    items.push(decoded.value);
  }
  return items;
}

/** Refuses the whole file if one item in it is not canonical. */
export function readAttestations(value: unknown): Verdict<HeldAttestations, 'not-attestations'> {
  if (typeof value !== 'object' || value === null) return refuse('not-attestations');
  const given = value as Record<string, unknown>;
  const dayKeys = readList(dayKeyCodec, given['dayKeys']);
  const statements = readList(statementCodec, given['statements']);
  const seals = readList(daySealCodec, given['seals']);
  if (typeof given['party'] !== 'string' || !dayKeys || !statements || !seals)
    return refuse('not-attestations');
  return accept({ party: given['party'], dayKeys, statements, seals });
}

export function attestationsJson(held: HeldAttestations): Record<string, unknown> {
  return {
    party: held.party,
    dayKeys: held.dayKeys.map((key) => toBase64Url(encode(dayKeyCodec, key))),
    statements: held.statements.map((statement) => toBase64Url(encode(statementCodec, statement))),
    seals: held.seals.map((seal) => toBase64Url(encode(daySealCodec, seal))),
  };
}

/** Reads and opens a file's attestations. */
export function openAttestations(
  crypto: Crypto,
  value: unknown,
): Verdict<AttestationBook, 'not-attestations'> {
  const held = readAttestations(value);
  return held.ok ? accept(openBook(crypto, held.value)) : held;
}
