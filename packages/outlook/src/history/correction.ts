// A person puts a record of a source right: the source's own value stays, and this device signs who changed what and why.

import {
  accept,
  fromBase64Url,
  hybridVerify,
  refuse,
  toHex,
  utf8,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import { readSpan, textOfSpan } from '../calendar.ts';
import { countryCode } from '../country.ts';
import { canonicalJson } from '../snapshot.ts';
import { readRecord } from './check.ts';
import type { Correction, HistoryRecord } from './record.ts';

/** What a device signs a correction for; a signature made for anything else does not count here. */
export const CORRECTION_PURPOSE = 'parley/v1/outlook-correction';

export type SignedCorrection = {
  /** The id of the record. */
  readonly record: string;
  readonly correction: Correction;
  /** Base64url: the device's public key, and its signature over record and correction. */
  readonly key: string;
  readonly signature: string;
};

export type CorrectionReason =
  | 'no-reason'
  | 'no-person'
  | 'unknown-field'
  | 'bad-value'
  | 'unchanged';

export const CORRECTABLE = [
  'title',
  'occurred',
  'ended',
  'disclosed',
  'severity',
  'kinds',
  'class',
  'initiators',
  'receivers',
  'actors',
  'against',
] as const;

type Plain = Readonly<Record<string, unknown>>;
const DATES = new Set(['occurred', 'ended', 'disclosed']);
const PLACES = new Set(['initiators', 'receivers', 'actors', 'against']);

const countryOf = (one: unknown): string =>
  typeof one === 'string' ? one : ((one as { country: string | null }).country ?? '?');

function textOf(record: Plain, field: string): string {
  const value = record[field];
  if (value === null || value === undefined) return '';
  if (DATES.has(field)) return textOfSpan(value as Parameters<typeof textOfSpan>[0]);
  if (PLACES.has(field)) return (value as unknown[]).map(countryOf).join(',');
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

/** An initiator that stays keeps what its source says of it; a new one has nothing but the person's word. */
function places(record: Plain, field: string, codes: readonly string[]): unknown[] {
  const before = record[field] as unknown[];
  return codes.map((code) => {
    if (field === 'actors' || field === 'against') return code;
    const known = before.find((one) => countryOf(one) === code);
    if (known !== undefined) return known;
    if (field === 'receivers') return { country: code, sector: null };
    const claim = { actor: null, country: code, sponsor: 'unknown', basis: null };
    return { ...claim, confidence: null, attributed: null, disputed: false };
  });
}

function valueOf(record: Plain, field: string, now: string): Verdict<unknown, 'bad-value'> {
  if (now === '') return accept(field === 'kinds' || PLACES.has(field) ? [] : null);
  if (DATES.has(field)) {
    const span = readSpan(now);
    return span.ok ? span : refuse('bad-value', { detail: span.detail ?? now });
  }
  if (field === 'severity') return accept(Number(now));
  if (field === 'title' || field === 'class') return accept(now);
  const words = now.split(',').map((word) => word.trim());
  if (field === 'kinds') return accept(words);
  const codes = words.map((word) => countryCode(word));
  const strange = words[codes.indexOf(undefined)];
  if (strange !== undefined) return refuse('bad-value', { detail: `no country: ${strange}` });
  return accept(places(record, field, codes as string[]));
}

/** The record with one correction in it, or why it cannot be one. An event has no kinds, an incident no class. */
export function applyCorrection(
  record: HistoryRecord,
  correction: Correction,
): Verdict<HistoryRecord, 'unknown-field' | 'bad-value'> {
  const plain: Plain = record;
  const { field } = correction;
  if (!CORRECTABLE.some((one) => one === field) || !(field in plain))
    return refuse('unknown-field', { detail: field });
  const value = valueOf(plain, field, correction.now);
  if (!value.ok) return value;
  const corrections = [...record.corrections, correction];
  const read = readRecord({ ...plain, [field]: value.value, corrections });
  return read.ok ? read : refuse('bad-value', { detail: read.detail ?? read.reason });
}

/** What a person wants changed, as a correction; refused without a reason, a name, or where nothing changes. */
export function correct(
  record: HistoryRecord,
  change: Omit<Correction, 'was'>,
): Verdict<Correction, CorrectionReason> {
  if (change.reason.trim() === '') return refuse('no-reason', { detail: 'say why' });
  if (change.by.trim() === '') return refuse('no-person', { detail: 'say who' });
  const correction = { ...change, was: textOf(record, change.field) };
  const applied = applyCorrection(record, correction);
  if (!applied.ok) return applied;
  if (textOf(applied.value, change.field) === correction.was)
    return refuse('unchanged', { detail: `${change.field} is ${correction.was} already` });
  return accept(correction);
}

/** The bytes that a device signs. */
export function correctionBytes(record: string, correction: Correction): Uint8Array {
  return utf8(canonicalJson({ record, correction }));
}

/** Whether the device whose key is named made this very correction of this very record. */
export function isSignedBy(crypto: Crypto, signed: SignedCorrection): boolean {
  const [key, signature] = [fromBase64Url(signed.key), fromBase64Url(signed.signature)];
  if (!key.ok || !signature.ok) return false;
  const message = correctionBytes(signed.record, signed.correction);
  const by = { publicKey: key.value, purpose: CORRECTION_PURPOSE };
  return hybridVerify(crypto, by, message, signature.value);
}

/** A short name for the key that signed. */
export function keyName(crypto: Crypto, key: string): string {
  return toHex(crypto.hash('sha256', utf8(key))).slice(0, 16);
}
