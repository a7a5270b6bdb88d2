// The envelope: what the relay stores. One padded ciphertext, so that it sees no epoch, no kind and no sender.
//
// The place in the log is inside. Whoever opens it learns whether the relay put it where its author did.

import {
  accept,
  assert,
  bigEndian,
  concat,
  pad,
  refuse,
  unpad,
  type Crypto,
  type Verdict,
} from '@parley/kernel';
import { exportSecret, type Group } from './mls-state.ts';
import type { SuitePorts } from './suite.ts';

/** What a relay takes. A commit that adds 127 devices has about 720 KB, one that renews keys among 128 about 170 KB. */
export const ENVELOPE_MAX_BYTES = 1_048_576;
/** Short texts, ceremony steps and small commits all have this size before sealing. */
export const ENVELOPE_LEAST_BYTES = 8_192;

/** At posture severe an envelope has one of these sizes before sealing, up to the last; above it Padmé as ever. */
const BUCKETS_BYTES = [ENVELOPE_LEAST_BYTES, 65_536, 524_288] as const;
export type Padding = 'padme' | 'buckets';

const NONCE_BYTES = 12;
const SEQ_BYTES = 8;
const LABEL = 'parley envelope';
const EMPTY = new Uint8Array(0);

export type EnvelopeReason =
  /** Not of this room and epoch, or changed on the way. */
  | 'unreadable'
  /** Outside the limits of any envelope. */
  | 'wrong-size'
  /** Sealed by a member, but not as an honest one seals. */
  | 'malformed';

async function keyOf(ports: SuitePorts, group: Group): Promise<Uint8Array> {
  return exportSecret(ports, group, { label: LABEL, context: EMPTY, length: 32 });
}

/** Nonce(12) || AES-256-GCM(key, padmé(seq(8) || message)), with the room's id as authenticated data. */
export function sealWithKey(
  crypto: Crypto,
  secret: { key: Uint8Array; nonce: Uint8Array },
  place: { room: Uint8Array; seq: number },
  message: Uint8Array,
  padding: Padding = 'padme',
): Uint8Array {
  const content = concat(bigEndian(place.seq, SEQ_BYTES), message);
  const bucket = BUCKETS_BYTES.find((size) => content.length < size);
  const least = padding === 'padme' ? ENVELOPE_LEAST_BYTES : (bucket ?? ENVELOPE_LEAST_BYTES);
  const padded = pad(content, least);
  const sealed = crypto.seal('aes-256-gcm', secret.key, secret.nonce, place.room, padded);
  return concat(secret.nonce, sealed);
}

/** Undoes `sealWithKey`, whichever padding its author chose. Accepts no other padding and no other length. */
export function openWithKey(
  crypto: Crypto,
  key: Uint8Array,
  room: Uint8Array,
  envelope: Uint8Array,
): Verdict<{ seq: number; message: Uint8Array }, EnvelopeReason> {
  if (envelope.length < NONCE_BYTES + 16 || envelope.length > ENVELOPE_MAX_BYTES)
    return refuse('wrong-size');
  const nonce = envelope.subarray(0, NONCE_BYTES);
  const opened = crypto.open('aes-256-gcm', key, nonce, room, envelope.subarray(NONCE_BYTES));
  if (opened === undefined) return refuse('unreadable');
  const content = BUCKETS_BYTES.map((least) => unpad(opened, least)).find(({ ok }) => ok);
  if (content?.ok !== true || content.value.length < SEQ_BYTES) return refuse('malformed');
  let seq = 0;
  for (const byte of content.value.subarray(0, SEQ_BYTES)) seq = seq * 256 + byte;
  if (!Number.isSafeInteger(seq)) return refuse('malformed');
  return accept({ seq, message: content.value.slice(SEQ_BYTES) });
}

/** Seals for the devices of this epoch. */
export async function sealEnvelope(
  ports: SuitePorts,
  group: Group,
  place: { room: Uint8Array; seq: number },
  message: Uint8Array,
  padding: Padding = 'padme',
): Promise<Uint8Array> {
  const secret = { key: await keyOf(ports, group), nonce: ports.randomness.bytes(NONCE_BYTES) };
  const envelope = sealWithKey(ports.crypto, secret, place, message, padding);
  assert(envelope.length <= ENVELOPE_MAX_BYTES, `an envelope of ${envelope.length} bytes`);
  return envelope;
}

/** The message and the place its author gave it. Only a device of this epoch can have made it. */
export async function openEnvelope(
  ports: SuitePorts,
  group: Group,
  room: Uint8Array,
  envelope: Uint8Array,
): Promise<Verdict<{ seq: number; message: Uint8Array }, EnvelopeReason>> {
  return openWithKey(ports.crypto, await keyOf(ports, group), room, envelope);
}
