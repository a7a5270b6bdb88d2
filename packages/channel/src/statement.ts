// A device's word about a room, sealed to one other device and carried outside the room: by another relay, by a file, by
// hand. When epochs have parted nothing of the other side can be read any more, so only such a word can prove the fork.

import {
  accept,
  bigEndian,
  bytes,
  concat,
  decode,
  encode,
  HYBRID_SIGNATURE_BYTES,
  hpkeOpen,
  hpkeSeal,
  hybridSign,
  hybridVerify,
  pad,
  refuse,
  sameBytes,
  struct,
  uint,
  unpad,
  utf8,
  xwingKem,
  type HpkeSuite,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  cosignatureHolds,
  cosignCheckpoint,
  decodeCheckpoint,
  deviceOf,
  encodeCheckpoint,
  type CosignedCheckpoint,
  type Device,
  type DeviceId,
} from '@parley/record';
import { compareSeen, proveContradiction, type Comparison, type History } from './fork.ts';
import type { Identity } from './identity.ts';
import { epochAuthenticator, epochOf } from './mls-state.ts';
import { checkpointOf, type Frozen, type Room } from './room.ts';
import type { SuitePorts } from './suite.ts';

const LABEL = utf8('parley/v1/statement\0');
const PURPOSE = 'epoch';
const LEAST_BYTES = 16_384;
const ENC_BYTES = 1_120;

const statementCodec = struct({
  /** A checkpoint note with its author's cosignature. */
  note: bytes({ max: 8_192 }),
  epoch: uint(),
  authenticator: bytes({ exactly: 64 }),
  /** Over room, epoch and authenticator. */
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
});

/** How the other's epoch stands to ours; `parted` means that two commits were taken for one epoch. */
export type EpochComparison = 'same' | 'behind' | 'ahead' | 'parted';

export type StatementRead = {
  /** Frozen, if the statement contradicts what this device holds; otherwise as it was. */
  readonly state: Room;
  readonly by: Device;
  readonly checkpoint: CosignedCheckpoint;
  readonly record: Comparison;
  readonly epoch: EpochComparison;
};

export type StatementReason =
  /** Not sealed to this device for this room, or changed on the way. */
  | 'unreadable'
  | 'malformed'
  /** Of a device that the record does not have, or has removed. */
  | 'unknown-device'
  | 'wrong-signature';

function suiteFor(ports: SuitePorts): HpkeSuite {
  return { kem: xwingKem(ports), kdf: 'sha512', aead: 'aes-256-gcm' };
}

function signedEpoch(room: Uint8Array, epoch: number, authenticator: Uint8Array): Uint8Array {
  return concat(room, bigEndian(epoch, 8), authenticator);
}

/** This device's word on record and epoch, for one device of the room. Refuses a device that the record does not have. */
export function sealStatement(
  ports: Ports,
  room: Room,
  identity: Identity,
  to: DeviceId,
): Verdict<Uint8Array, 'unknown-device'> {
  const device = deviceOf(room.transcript, to);
  if (device === undefined) return refuse('unknown-device');
  const checkpoint = checkpointOf(room);
  const { publicKey, secretKey } = identity.signer;
  const cosignature = cosignCheckpoint(ports.crypto, checkpoint, {
    device: identity.deviceId,
    publicKey,
    secretKey,
    timeMs: ports.clock.nowMs(),
  });
  const epoch = epochOf(room.group);
  const authenticator = epochAuthenticator(room.group);
  const signed = signedEpoch(room.room, epoch, authenticator);
  const plain = encode(statementCodec, {
    note: encodeCheckpoint({ checkpoint, cosignatures: [cosignature] }),
    epoch,
    authenticator,
    signature: hybridSign(ports.crypto, { secretKey, purpose: PURPOSE }, signed),
  });
  const recipient = { publicKey: device.certificate.seal, info: concat(LABEL, room.room) };
  const sealed = hpkeSeal(ports.crypto, suiteFor(ports), recipient, pad(plain, LEAST_BYTES));
  if (sealed === undefined) return refuse('unknown-device', { detail: 'its sealing key is none' });
  return accept(concat(sealed.enc, sealed.ciphertext));
}

/**
 * Compares another device's word with what this device holds. A contradiction freezes the room, with a proof where the
 * records differ; store `state`. `behind` and `ahead` are what delay or withholding look like: they prove nothing.
 */
export function openStatement(
  ports: Ports,
  room: Room,
  identity: Identity,
  sealed: Uint8Array,
  history: History,
): Verdict<StatementRead, StatementReason> {
  const { crypto } = ports;
  const opened = hpkeOpen(
    crypto,
    suiteFor(ports),
    { secretKey: identity.seal.secretKey, info: concat(LABEL, room.room) },
    { enc: sealed.subarray(0, ENC_BYTES), ciphertext: sealed.subarray(ENC_BYTES) },
  );
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, LEAST_BYTES);
  if (!plain.ok) return refuse('malformed', { detail: plain.reason });
  const decoded = decode(statementCodec, plain.value);
  if (!decoded.ok) return refuse('malformed', { detail: decoded.reason });
  const { authenticator, epoch, note, signature } = decoded.value;
  const read = decodeCheckpoint(note);
  if (!read.ok || !sameBytes(read.value.checkpoint.room, room.room)) return refuse('malformed');
  const { checkpoint, cosignatures } = read.value;
  const [cosignature, ...others] = cosignatures;
  if (cosignature === undefined || others.length > 0) return refuse('malformed');

  const by = deviceOf(room.transcript, cosignature.device);
  if (by === undefined || by.removed !== null) return refuse('unknown-device');
  const { signer } = by.certificate;
  const key = { publicKey: signer, purpose: PURPOSE };
  const holds =
    cosignatureHolds(crypto, checkpoint, cosignature, signer) &&
    hybridVerify(crypto, key, signedEpoch(room.room, epoch, authenticator), signature);
  if (!holds) return refuse('wrong-signature');

  const record = compareSeen(room, history, checkpoint);
  const parted = compareEpochs(room, epoch, authenticator);
  const result = { by, checkpoint: read.value, record, epoch: parted };
  if (room.frozen !== null || (record !== 'contradiction' && parted !== 'parted'))
    return accept({ ...result, state: room });
  const statement = { kind: 'checkpoint', checkpoint: read.value } as const;
  const theirs = { statement, seen: checkpoint, by };
  const frozen: Frozen = {
    reason: 'fork',
    seq: room.seq,
    detail:
      record === 'contradiction'
        ? `another device signed another history of ${checkpoint.size} entries`
        : `another device is in another epoch ${epoch}`,
    evidence:
      record === 'contradiction'
        ? proveContradiction(ports, room, identity, theirs, history)
        : null,
  };
  return accept({ ...result, state: { ...room, frozen } });
}

function compareEpochs(room: Room, epoch: number, authenticator: Uint8Array): EpochComparison {
  const own = epochOf(room.group);
  if (epoch !== own) return epoch < own ? 'behind' : 'ahead';
  return sameBytes(authenticator, epochAuthenticator(room.group)) ? 'same' : 'parted';
}
