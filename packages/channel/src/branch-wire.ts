// The wire of a talk off the record: where its log is, what its envelopes hold, and how one is sealed, opened and verified.
//
// A signature here is by a throw-away key that nothing long-lived vouches for. Once that key is published, what anybody
// seals with it verifies like the original: docs/decisions/0017-off-the-record.md.

import {
  accept,
  assert,
  bigEndian,
  boolean,
  bytes,
  concat,
  decode,
  encode,
  hkdf,
  list,
  pad,
  refuse,
  struct,
  text,
  uint,
  unpad,
  utf8,
  variant,
  XWING_CIPHERTEXT_BYTES,
  XWING_PUBLIC_KEY_BYTES,
  type Crypto,
  type Decoded,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import { digest, type DeviceId, type LeafHash } from '@parley/record';
import { exportSecret } from './mls-state.ts';
import type { Room } from './room.ts';

/** One line of a talk, in bytes of UTF-8. */
export const BRANCH_LINE_MAX_BYTES = 4_096;
/** Seats that one log of talks may have; a device takes a new one each time it comes in. */
export const SEATS_MAX = 32;
/** The longest envelope of a talk: whatever is longer is none. */
export const BRANCH_ENVELOPE_MAX_BYTES = 131_072;

/** Short lines, and every step but those among many, have this size before sealing. */
const LEAST_BYTES = 4_096;
const NONCE_BYTES = 12;
const SEQ_BYTES = 8;
/** X-Wing's ciphertext, 32 bytes and the tag. */
const SEALED_SECRET_BYTES = XWING_CIPHERTEXT_BYTES + 32 + 16;
const EXPORT_LABEL = 'parley off the record';
const LABEL = utf8('parley/v1/off-record\0');

const seat = uint();
const sealedSecret = bytes({ exactly: SEALED_SECRET_BYTES });
const hash = bytes({ exactly: 32 });

const bodyCodec = variant({
  /** Takes a seat: its number is the place of this envelope. */
  hello: struct({
    device: digest<DeviceId>(),
    /** The throw-away Ed25519 key. */
    signer: hash,
    /** The throw-away X-Wing key that the talk's keys are sealed to. */
    seal: bytes({ exactly: XWING_PUBLIC_KEY_BYTES }),
    /** Whether its person agrees that the record says that the talk took place. */
    logged: boolean(),
  }),
  /** Asks seats to prove whose they are, and proves it to those that asked. */
  meet: struct({
    greets: list(struct({ seat, sealed: sealedSecret }), SEATS_MAX),
    answers: list(struct({ seat, mac: hash }), SEATS_MAX),
  }),
  /** The entry by which this seat's device proposed the talk on the record. */
  ring: struct({ proposal: digest<LeafHash>() }),
  /** A new key for exactly these seats. */
  key: struct({ commitment: hash, seats: list(struct({ seat, sealed: sealedSecret }), SEATS_MAX) }),
  line: struct({ text: text(BRANCH_LINE_MAX_BYTES) }),
  /** Gives the seat up and publishes its signing key. */
  leave: struct({ secretKey: hash }),
});
export type BranchBody = Decoded<typeof bodyCodec>;

const claim = {
  seat,
  /** The chain over all envelopes before, as the author has it. */
  after: hash,
  body: bodyCodec,
};
const claimCodec = struct(claim);
export type BranchClaim = Decoded<typeof claimCodec>;
const signedCodec = struct({ ...claim, signature: bytes({ exactly: 64 }) });
export type BranchMessage = Decoded<typeof signedCodec>;

export type BranchReason =
  /** Over the limit, or too short for anything. */
  | 'wrong-size'
  /** Under no key that this device has, for another place, or changed on the way. */
  | 'unreadable'
  /** Sealed by a member, but not as an honest one seals. */
  | 'malformed';

/** The log of the talks of one epoch of a room, and the key of what every device of the room may read there. */
export type BranchDoor = {
  readonly id: Uint8Array;
  readonly capability: { readonly id: Uint8Array; readonly key: Uint8Array };
  readonly key: Uint8Array;
};

/** From the secret that the devices of the room share in this epoch, and nobody else has. */
export function branchDoor(crypto: Crypto, secret: Uint8Array): BranchDoor {
  const derive = (name: string, length: number): Uint8Array =>
    hkdf(crypto, 'sha256', { ikm: secret, info: utf8(`parley/v1/off-record ${name}`), length });
  return {
    id: derive('id', 32),
    capability: { id: derive('capability id', 16), key: derive('capability key', 32) },
    key: derive('door', 32),
  };
}

/** Where this epoch of a room talks off the record. The next commit ends it: no other epoch leads here. */
export async function branchDoorOf(ports: Ports, room: Room): Promise<BranchDoor> {
  const use = { label: EXPORT_LABEL, context: new Uint8Array(0), length: 32 };
  const secret = await exportSecret(ports, room.group, use);
  const door = branchDoor(ports.crypto, secret);
  secret.fill(0);
  return door;
}

export type BranchPlace = { readonly log: Uint8Array; readonly seq: number };

const boundTo = ({ log, seq }: BranchPlace): Uint8Array =>
  concat(LABEL, log, bigEndian(seq, SEQ_BYTES));

const signedBytes = (place: BranchPlace, { seat, after, body }: BranchClaim): Uint8Array =>
  concat(boundTo(place), encode(claimCodec, { seat, after, body }));

/** Nonce(12) || AES-256-GCM(key, padmé(message)), bound to its log and place. Asserts the limits. */
export function sealBranch(
  crypto: Crypto,
  secrets: { key: Uint8Array; signer: Uint8Array; nonce: Uint8Array },
  place: BranchPlace,
  said: BranchClaim,
): Uint8Array {
  const signature = crypto.sign('ed25519', secrets.signer, signedBytes(place, said));
  const padded = pad(encode(signedCodec, { ...said, signature }), LEAST_BYTES);
  const sealed = crypto.seal('aes-256-gcm', secrets.key, secrets.nonce, boundTo(place), padded);
  const envelope = concat(secrets.nonce, sealed);
  assert(envelope.length <= BRANCH_ENVELOPE_MAX_BYTES, `an envelope of ${envelope.length} bytes`);
  return envelope;
}

/**
 * Opens an envelope: a line under the talk's own key, everything else under the door's. Who signed it is still to be
 * checked by `verifiesBranch`.
 */
export function openBranch(
  crypto: Crypto,
  keys: { door: Uint8Array; talk: Uint8Array | null },
  place: BranchPlace,
  envelope: Uint8Array,
): Verdict<BranchMessage, BranchReason> {
  if (envelope.length < NONCE_BYTES + 16 || envelope.length > BRANCH_ENVELOPE_MAX_BYTES)
    return refuse('wrong-size');
  const nonce = envelope.subarray(0, NONCE_BYTES);
  const sealed = envelope.subarray(NONCE_BYTES);
  const openWith = (key: Uint8Array | null): Uint8Array | undefined =>
    key === null ? undefined : crypto.open('aes-256-gcm', key, nonce, boundTo(place), sealed);
  const line = openWith(keys.talk);
  const opened = line ?? openWith(keys.door);
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, LEAST_BYTES);
  const decoded = plain.ok ? decode(signedCodec, plain.value) : plain;
  if (!decoded.ok) return refuse('malformed', { detail: decoded.reason });
  const isLine = decoded.value.body.kind === 'line';
  if (isLine !== (line !== undefined)) return refuse('malformed', { detail: 'under another key' });
  return accept(decoded.value);
}

/** True for what the holder of this throw-away key signed for this place: anybody, once it is published. */
export function verifiesBranch(
  crypto: Crypto,
  signer: Uint8Array,
  place: BranchPlace,
  { signature, ...said }: BranchMessage,
): boolean {
  return crypto.verify('ed25519', signer, signedBytes(place, said), signature);
}
