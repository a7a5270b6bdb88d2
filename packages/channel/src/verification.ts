// Verification without a ceremony: twelve words of an authority's fingerprint for letters, and a code to scan when people
// meet. Each needs no secret and no network; each binds a full key, so that grinding for another one is out of reach.

import {
  accept,
  concat,
  fromBase64Url,
  refuse,
  sameBytes,
  toBase64Url,
  utf8,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import { asFingerprint, type BodyOf, type Fingerprint, type Transcript } from '@parley/record';
import type { Ceremony } from './ceremony.ts';

const WORDS = 12;
const WORD_BITS = 11n;
const PREFIX = 'parley-verify1:';
const PART = 32;
const CHECK_BYTES = 4;
const CODE_MAX = 400;

/**
 * The first 132 bits of a fingerprint as twelve numbers below 2048. Each party writes the words of its *own* authority;
 * the other compares them with what its desk shows for it. One set for both would halve the bits an attacker must hit.
 */
export function authorityWords(authority: Fingerprint): readonly number[] {
  let bits = 0n;
  for (const byte of authority.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
  const spare = 17n * 8n - BigInt(WORDS) * WORD_BITS;
  bits >>= spare;
  return Array.from({ length: WORDS }, (_, i) =>
    Number((bits >> (WORD_BITS * BigInt(WORDS - 1 - i))) & 0x7ffn),
  );
}

export type CodeReason =
  | 'not-a-code'
  /** A character is wrong or missing: scan again. */
  | 'damaged'
  | 'other-channel'
  /** They show a party that is not in this room: somebody is between you. */
  | 'unknown-party'
  /** They see another key for this party than it has: somebody is between you. */
  | 'other-key-for-us';

const checksum = (crypto: Crypto, payload: Uint8Array): Uint8Array =>
  crypto.hash('sha256', concat(utf8('parley/v1/verify-code\0'), payload)).slice(0, CHECK_BYTES);

/** All of a room that a code depends on. */
export type Meeting = { readonly transcript: Pick<Transcript, 'channel' | 'parties'> };

/** The text of the code this device shows to the other: its channel, its own authority, and whom it sees as the other. */
export function inPersonCode(
  crypto: Crypto,
  room: Meeting,
  own: Fingerprint,
  other: Fingerprint,
): string {
  const { channel } = room.transcript;
  const payload = concat(channel ?? new Uint8Array(PART), own, other);
  return PREFIX + toBase64Url(concat(payload, checksum(crypto, payload)));
}

/**
 * Reads the code that the other device shows. Accepted, it names the party that is verified in both directions:
 * both desks see the same two authorities. The last two refusals are a mismatch.
 */
export function checkInPersonCode(
  crypto: Crypto,
  room: Meeting,
  own: Fingerprint,
  code: string,
): Verdict<Fingerprint, CodeReason> {
  const text = code.trim();
  if (text.length > CODE_MAX || !text.startsWith(PREFIX)) return refuse('not-a-code');
  const read = fromBase64Url(text.slice(PREFIX.length));
  if (!read.ok || read.value.length !== 3 * PART + CHECK_BYTES) return refuse('damaged');
  const payload = read.value.slice(0, 3 * PART);
  if (!sameBytes(read.value.slice(3 * PART), checksum(crypto, payload))) return refuse('damaged');
  const { channel, parties } = room.transcript;
  if (channel === null || !sameBytes(payload.subarray(0, PART), channel))
    return refuse('other-channel');
  const theirs = asFingerprint(payload.slice(PART, 2 * PART));
  const known = [...parties.values()].some((party) => sameBytes(party.fingerprint, theirs));
  if (!known || sameBytes(theirs, own)) return refuse('unknown-party');
  if (!sameBytes(payload.subarray(2 * PART), own)) return refuse('other-key-for-us');
  return accept(theirs);
}

const sameWords = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((index, i) => index === b[i]);

/**
 * Whether a `verified` entry says what everybody can compute: the words of the ceremony it names, or of the authority in
 * writing, or none in person. Anything else is a mismatch that its author signed.
 */
export function saysTheRightWords(
  ceremonies: readonly Ceremony[],
  body: BodyOf<'verified'>,
): boolean {
  if (body.how === 'in-person') return body.words.length === 0;
  if (body.how === 'writing') return sameWords(body.words, authorityWords(body.about));
  const { offer } = body;
  const one = ceremonies.find((c) => offer !== null && sameBytes(c.offer, offer));
  return one !== undefined && one.words.length > 0 && sameWords(one.words, body.words);
}
