// A room as one device holds it: an immutable value with its group, the record's judge, and what is on its way out.

import {
  accept,
  bytes,
  concat,
  decode,
  encode,
  list,
  nullable,
  refuse,
  sameBytes,
  struct,
  text,
  toHex,
  uint,
  utf8,
  word,
  type Crypto,
  type Decoded,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  asRoomId,
  BODY_MAX_BYTES,
  decodeTranscript,
  deviceOf,
  digest,
  emptyTranscript,
  encodeTranscript,
  maySign,
  NO_LEAF,
  type Checkpoint,
  type DeviceId,
  type EarlierRecord,
  type Fingerprint,
  type LeafHash,
  type RoomId,
  type Transcript,
} from '@parley/record';
import { KEY_PACKAGE_MAX_BYTES, type Act } from './act.ts';
import { CEREMONIES_MAX, ceremonyCodec, type Ceremony } from './ceremony.ts';
import { ENVELOPE_MAX_BYTES } from './envelope.ts';
import { createGroup } from './group.ts';
import { decodeGroup, encodeGroup, members, type Group } from './mls-state.ts';
import type { Identity } from './identity.ts';
import { DEVICES_MAX } from './profile.ts';

const ACT_MAX_BYTES = DEVICES_MAX * KEY_PACKAGE_MAX_BYTES + 1_024;
const GROUP_MAX_BYTES = 16 * 1024 * 1024;
/** An MLS welcome for a room of 128 devices has about 350 KB. */
export const WELCOME_MAX_BYTES = 2 * 1024 * 1024;
const TRANSCRIPT_MAX_BYTES = 16 * 1024 * 1024;

const frozenCodec = struct({
  reason: word(['fork', 'mismatch', 'broken-commit', 'removed', 'lost-state']),
  /** The log place that showed it. */
  seq: uint(),
  detail: text(500),
  evidence: nullable(bytes({ max: TRANSCRIPT_MAX_BYTES })),
});

/** Why this device says nothing more here. Only people restart a room: nothing rejoins by itself. */
export type Frozen = Decoded<typeof frozenCodec>;

const draftCodec = struct({
  act: bytes({ max: ACT_MAX_BYTES }),
  size: uint(),
  entry: bytes({ max: BODY_MAX_BYTES + 8_192 }),
  leaf: digest<LeafHash>(),
  /** The nonce behind a commitment. */
  nonce: nullable(bytes({ exactly: 32 })),
  keyPackage: nullable(bytes({ max: KEY_PACKAGE_MAX_BYTES })),
});

/** The entry signed last that is not on the record. A device signs once for each size, so it is sent before any other. */
export type Draft = Decoded<typeof draftCodec>;

const pendingCodec = struct({
  seq: uint(),
  envelope: bytes({ max: ENVELOPE_MAX_BYTES }),
  /** Null for an entry: then the draft is what was sent. */
  commit: nullable(
    struct({
      act: bytes({ max: ACT_MAX_BYTES }),
      /** The cosigned checkpoint inside it. */
      note: bytes({ max: 8_192 }),
      next: bytes({ max: GROUP_MAX_BYTES }),
      welcome: nullable(bytes({ max: WELCOME_MAX_BYTES })),
    }),
  ),
});

/** What was sealed and may have been sent: after a crash the same bytes are sent again. */
export type Pending = Decoded<typeof pendingCodec>;

const nonceCodec = struct({ offer: digest<LeafHash>(), nonce: bytes({ exactly: 32 }) });
const admissionCodec = struct({
  device: digest<DeviceId>(),
  keyPackage: bytes({ max: KEY_PACKAGE_MAX_BYTES }),
});

const roomCodec = struct({
  version: uint(1),
  room: digest<RoomId>(),
  device: digest<DeviceId>(),
  seq: uint(),
  head: bytes({ exactly: 32 }),
  group: bytes({ max: GROUP_MAX_BYTES }),
  transcript: bytes({ max: TRANSCRIPT_MAX_BYTES }),
  pending: nullable(pendingCodec),
  draft: nullable(draftCodec),
  frozen: nullable(frozenCodec),
  ceremonies: list(ceremonyCodec, CEREMONIES_MAX),
  nonces: list(nonceCodec, CEREMONIES_MAX),
  admissions: list(admissionCodec, DEVICES_MAX),
  renewedMs: uint(),
});

export type Room = {
  readonly room: RoomId;
  /** Whose view this is. */
  readonly device: DeviceId;
  /** The last place of the log that was taken in; 0 before the first. */
  readonly seq: number;
  /** The hash chain over everything taken in: what the relay's receipt for `seq` must say. */
  readonly head: Uint8Array;
  readonly group: Group;
  readonly transcript: Transcript;
  readonly pending: Pending | null;
  readonly draft: Draft | null;
  readonly frozen: Frozen | null;
  readonly ceremonies: readonly Ceremony[];
  /** Nonces of this device's own offers. */
  readonly nonces: readonly { readonly offer: LeafHash; readonly nonce: Uint8Array }[];
  /** Devices this one admitted, whose commit is still owed. */
  readonly admissions: readonly { readonly device: DeviceId; readonly keyPackage: Uint8Array }[];
  /** When this device last got new keys of its own, by its own clock: it joined, or a commit of its own renewed them. */
  readonly renewedMs: number;
};

/** The head of a log without envelopes. The log of a room has the room's own id. */
export function emptyHead(crypto: Crypto, room: RoomId): Uint8Array {
  return crypto.hash('sha256', concat(utf8('parley/v1/log\0'), room));
}

/** The head after one more envelope. */
export function nextHead(crypto: Crypto, head: Uint8Array, envelope: Uint8Array): Uint8Array {
  return crypto.hash('sha256', concat(head, crypto.hash('sha256', envelope)));
}

/** What a room is founded as: a new channel's plenary, a room of some of its parties, or the plenary again after a fork. */
export type Founding =
  | { readonly kind: 'plenary' }
  | {
      readonly kind: 'caucus' | 'bilateral';
      readonly channel: Uint8Array;
      readonly parties: readonly Fingerprint[];
      /** Where the room goes on from a fork: of the room that it takes the place of. */
      readonly earlier?: EarlierRecord;
    }
  | { readonly kind: 'restart'; readonly channel: Uint8Array; readonly earlier: EarlierRecord };

/** A new room with nothing on its record; author the given act first. `name` has at most 200 bytes, `relay` 300. */
export async function foundRoom(
  ports: Ports,
  identity: Identity,
  terms: { name: string; relay: string; founding?: Founding },
): Promise<{ state: Room; act: Act }> {
  const room = asRoomId(ports.randomness.bytes(32));
  const group = await createGroup(ports, {
    groupId: room,
    device: identity.deviceId,
    mls: identity.mls,
  });
  const renewedMs = ports.clock.nowMs();
  const { certificate } = identity;
  const { name, relay, founding = { kind: 'plenary' } } = terms;
  const act: Act =
    founding.kind === 'plenary'
      ? { kind: 'found', channel: ports.randomness.bytes(32), name, relay, certificate }
      : founding.kind === 'restart'
        ? { ...founding, kind: 'room-restarted', name, relay, certificate }
        : {
            kind: 'room-founded',
            channel: founding.channel,
            room: founding.kind,
            parties: inOrder(founding.parties),
            name,
            relay,
            earlier: founding.earlier ?? null,
            certificate,
          };
  return {
    state: newRoom(ports.crypto, { room, device: identity.deviceId, group, renewedMs }),
    act,
  };
}

const inOrder = (parties: readonly Fingerprint[]): Fingerprint[] =>
  parties.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1));

/** A room's state around a group, before any entry. */
export function newRoom(
  crypto: Crypto,
  of: { room: RoomId; device: DeviceId; group: Group; renewedMs: number },
): Room {
  return {
    ...of,
    seq: 0,
    head: emptyHead(crypto, of.room),
    transcript: emptyTranscript(crypto, of.room),
    pending: null,
    draft: null,
    frozen: null,
    ceremonies: [],
    nonces: [],
    admissions: [],
  };
}

/** Bytes for the vault, secrets in plain. Their size depends on devices and parties, never on the length of the record. */
export function encodeRoom(room: Room): Uint8Array {
  return encode(roomCodec, {
    ...room,
    version: 1,
    group: encodeGroup(room.group),
    transcript: encodeTranscript(room.transcript),
  });
}

export function decodeRoom(crypto: Crypto, stored: Uint8Array): Verdict<Room, 'malformed-room'> {
  const decoded = decode(roomCodec, stored);
  if (!decoded.ok) return refuse('malformed-room', { detail: decoded.reason });
  const group = decodeGroup(decoded.value.group);
  const transcript = decodeTranscript(crypto, decoded.value.transcript);
  if (!group.ok || !transcript.ok) return refuse('malformed-room');
  return accept({ ...decoded.value, group: group.value, transcript: transcript.value });
}

/** Size and root of the record, for cosigning and for comparing. */
export function checkpointOf(room: Room): Checkpoint {
  const { tree, root } = room.transcript;
  return { room: room.room, size: tree.size, root };
}

/** What this device's next entry continues. */
export function ownPlace(room: Room): { authorSeq: number; authorPrev: LeafHash } {
  const device = deviceOf(room.transcript, room.device);
  return { authorSeq: device?.entries ?? 0, authorPrev: device?.lastLeaf ?? NO_LEAF };
}

/** This device's party as the room knows it: its authority may have changed since the device was certified. */
export function ownParty(room: Room, identity: Pick<Identity, 'party'>): Fingerprint {
  return deviceOf(room.transcript, room.device)?.party ?? identity.party;
}

/**
 * Devices that the record removed or suspended and the group still holds: they can read until somebody commits their
 * removal. A suspended one is let in again with a key package that it makes when its member is resumed.
 */
export function overdueRemovals(room: Room): readonly DeviceId[] {
  const removed = [...room.transcript.devices.values()].filter((device) => !maySign(device));
  if (removed.length === 0) return [];
  const inGroup = members(room.group);
  return removed
    .map((device) => device.id)
    .filter((id) => inGroup.some((leaf) => sameBytes(leaf.device, id)));
}

/** What the latest ceremony between two parties shows; null if there was none. */
export function ceremonyBetween(room: Room, own: Fingerprint, other: Fingerprint): Ceremony | null {
  const found = room.ceremonies.findLast(
    (one) =>
      (sameBytes(one.by, own) && sameBytes(one.about, other)) ||
      (sameBytes(one.by, other) && sameBytes(one.about, own)),
  );
  return found ?? null;
}
