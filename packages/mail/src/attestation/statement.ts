// A party's statement about one mail it sent: salted hashes of its pieces, sealed so that the record alone tells nothing.

import {
  bytes,
  concat,
  decode,
  encode,
  list,
  refuse,
  accept,
  sameBytes,
  struct,
  text,
  uint,
  utf8,
  word,
  type Crypto,
  type Decoded,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import type { Message } from '../message/message.ts';
import { detailsCodec, HASH, SHORT, type Details } from './details.ts';
import { senderOf } from '../history/history.ts';
import { fingerprint, forwardLocator, locators, wholeHash } from './fingerprint.ts';

/** Sealed statements come in steps of this, so that their size says little about the mail. */
const STEP_BYTES = 1024;
const BOX_MAX = 64 * STEP_BYTES;

export type { Details } from './details.ts';

/** The body of the channel's entry: the day, a random id, a commitment and the box. */
export const statementCodec = struct({
  format: word(['parley/mail-statement/1']),
  day: text(10),
  id: SHORT,
  commitment: HASH,
  box: bytes({ max: BOX_MAX + 16 }),
});
export type Statement = Decoded<typeof statementCodec>;

/** The key that opens a day's statements: given to the counterpart inside the channel, withheld from an arbiter's export. */
export const dayKeyCodec = struct({
  format: word(['parley/mail-day-key/1']),
  day: text(10),
  key: HASH,
});
export type DayKey = Decoded<typeof dayKeyCodec>;

/** "Of this day we sent exactly these": a count and one hash over the statements' ids. */
export const daySealCodec = struct({
  format: word(['parley/mail-day-seal/1']),
  day: text(10),
  count: uint(1_000_000),
  root: HASH,
  /** Domains and addresses whose mail to you is all attested; a mail from elsewhere is not denied by this seal. */
  covers: list(text(320), 500),
});
export type DaySeal = Decoded<typeof daySealCodec>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The UTC day of a time, as `2026-11-21`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function newDayKey(ports: Ports, day: string): DayKey {
  return { format: 'parley/mail-day-key/1', day, key: ports.randomness.bytes(32) };
}

function boxKey(crypto: Crypto, dayKey: DayKey, id: Uint8Array): Uint8Array {
  return crypto.hmac('sha256', dayKey.key, concat(utf8('parley/v1/mail-box\0'), id));
}

function commit(crypto: Crypto, details: Uint8Array): Uint8Array {
  return crypto.hash('sha256', concat(utf8('parley/v1/mail-statement\0'), details));
}

const NONCE = new Uint8Array(12);

/** States one sent mail. The day is that of its Date header, or the key's own where it has none that fits. */
export function attest(ports: Ports, message: Message, dayKey: DayKey): Statement {
  const { crypto, randomness } = ports;
  const salt = randomness.bytes(32);
  const details = encode(detailsCodec, {
    salt,
    locators: [
      ...locators(crypto, message, dayKey.key),
      forwardLocator(crypto, { from: senderOf(message), subject: message.subject }, dayKey.key),
    ],
    ...fingerprint(crypto, message, salt),
  });
  const padded = new Uint8Array(Math.ceil((details.length + 4) / STEP_BYTES) * STEP_BYTES);
  new DataView(padded.buffer).setUint32(0, details.length);
  padded.set(details, 4);
  const id = randomness.bytes(16);
  return {
    format: 'parley/mail-statement/1',
    day: dayKey.day,
    id,
    commitment: commit(crypto, details),
    // The key is used for this id alone, so a fixed nonce never meets it twice.
    box: crypto.seal('aes-256-gcm', boxKey(crypto, dayKey, id), NONCE, utf8(dayKey.day), padded),
  };
}

/** What makes two copies of a sent mail the same mail: all that its sender wrote, without what servers put on top. */
export function mailDigest(crypto: Crypto, message: Message): Uint8Array {
  return wholeHash(crypto, utf8('parley/v1/mail-digest'), message);
}

/** Opens a statement with its day's key; refuses what does not match its own commitment. */
export function openStatement(
  crypto: Crypto,
  statement: Statement,
  dayKey: DayKey,
): Verdict<Details, 'unreadable'> {
  if (statement.day !== dayKey.day || !DAY.test(statement.day)) return refuse('unreadable');
  const padded = crypto.open(
    'aes-256-gcm',
    boxKey(crypto, dayKey, statement.id),
    NONCE,
    utf8(dayKey.day),
    statement.box,
  );
  if (padded === undefined || padded.length < 4) return refuse('unreadable');
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - 4) return refuse('unreadable');
  const encoded = padded.subarray(4, 4 + length);
  if (!sameBytes(commit(crypto, encoded), statement.commitment)) return refuse('unreadable');
  const details = decode(detailsCodec, encoded);
  return details.ok ? accept(details.value) : refuse('unreadable');
}

function rootOf(crypto: Crypto, ids: readonly Uint8Array[]): Uint8Array {
  const sorted = ids.map((id) => Buffer.from(id).toString('hex')).toSorted();
  return crypto.hash('sha256', utf8(`parley/v1/mail-day-seal\0${sorted.join(',')}`));
}

/** Closes a day over exactly these statements. */
export function sealDay(
  crypto: Crypto,
  day: string,
  sent: { readonly statements: readonly Statement[]; readonly covers: readonly string[] },
): DaySeal {
  const ids = sent.statements.filter((statement) => statement.day === day).map(({ id }) => id);
  return {
    format: 'parley/mail-day-seal/1',
    day,
    count: ids.length,
    root: rootOf(crypto, ids),
    covers: sent.covers,
  };
}

/** True where these statements are all that the seal counts: only then does absence mean anything. */
export function sealIsComplete(
  crypto: Crypto,
  seal: DaySeal,
  statements: readonly Statement[],
): boolean {
  const ids = statements.filter(({ day }) => day === seal.day).map(({ id }) => id);
  return ids.length === seal.count && sameBytes(rootOf(crypto, ids), seal.root);
}
