// What is known of a room after its entries so far: the tree, the devices that may sign, the parties they speak for.

import {
  accept,
  bytes,
  decode,
  encode,
  HYBRID_PUBLIC_KEY_BYTES,
  list,
  nullable,
  refuse,
  struct,
  text,
  uint,
  word,
  type Crypto,
  type DecodeReason,
  type Verdict,
} from '@parley/kernel';
import {
  digest,
  digestKey,
  type DeviceId,
  type Fingerprint,
  type LeafHash,
  type RoomId,
  type RootHash,
} from './digests.ts';
import {
  readCertificate,
  signedCertificateCodec,
  type DeviceCertificate,
  type SignedCertificate,
} from './identity.ts';
import { earlierCodec, NAMED_PARTIES_MAX, type EarlierRecord } from './kinds.ts';
import { compactTreeCodec, EMPTY_TREE, isCompactTree, treeRoot, type CompactTree } from './tree.ts';

/** Devices that are in a room at a time: what one group is made for. */
export const ROOM_DEVICES_MAX = 128;
/** Devices a room can ever have held, removed ones included: their keys never come back, so they are remembered. */
export const ROOM_DEVICES_EVER_MAX = 1_000;
export const ROOM_PARTIES_MAX = 8;

/** A device the record admitted. Indexes count entries from 0; times are its own claims. */
export type Device = {
  readonly id: DeviceId;
  readonly party: Fingerprint;
  readonly certificate: DeviceCertificate;
  readonly signed: SignedCertificate;
  readonly admittedAt: number;
  readonly admittedBy: DeviceId;
  /** Its member's name now: the certificate holds the one at its admission. */
  readonly member: string;
  readonly removed: { readonly at: number; readonly by: DeviceId; readonly reason: string } | null;
  readonly suspended: {
    readonly at: number;
    readonly by: DeviceId;
    readonly reason: string;
  } | null;
  /** How many entries it signed: the next one's `authorSeq`. */
  readonly entries: number;
  readonly lastLeaf: LeafHash;
  /** It signed that it had seen the entries before this index; 0 before it said anything. */
  readonly acknowledged: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
};

/** What one party says of another's identity. `mismatch` means that the words differed. */
export type Verification = {
  readonly by: Fingerprint;
  readonly how: 'voice' | 'in-person' | 'writing' | 'mismatch';
  readonly at: number;
};

/** How many officers of a party must agree, by its own entry. */
export type PartyPolicy = {
  readonly officersForAdmission: number;
  readonly officersForAuthority: number;
};

/** An officer's word that waits for a second one: on a device, or on a new authority. */
export type Voice<T extends Uint8Array> = { readonly on: T; readonly by: DeviceId };

export const FIRST_POLICY: PartyPolicy = { officersForAdmission: 1, officersForAuthority: 2 };
/** Voices of each sort that a party remembers: the latest. */
export const VOICES_MAX = 16;
/** Authorities a party can have had. */
export const AUTHORITIES_MAX = 16;

export type Party = {
  /** Of its authority's key as it is now. */
  readonly fingerprint: Fingerprint;
  readonly authority: Uint8Array;
  /** Of the keys it had before, oldest first. */
  readonly formerly: readonly Fingerprint[];
  readonly policy: PartyPolicy;
  /** A looser policy that one officer asked for. */
  readonly loosening: { readonly policy: PartyPolicy; readonly by: DeviceId } | null;
  readonly proposals: readonly Voice<DeviceId>[];
  readonly claims: readonly Voice<Fingerprint>[];
  readonly name: string;
  readonly admittedAt: number;
  /** The party whose device admitted it; its own for the founder. */
  readonly admittedBy: Fingerprint;
  /** The latest word of each other party. */
  readonly verifications: readonly Verification[];
};

/** What kind of room it is, by its founding entry. */
export type RoomTerms = {
  readonly kind: 'plenary' | 'caucus' | 'bilateral';
  /** The only parties there can ever be, in order of their fingerprints; none named in a plenary. */
  readonly parties: readonly Fingerprint[];
  /** The record that it goes on from after a fork. */
  readonly earlier: EarlierRecord | null;
};

/** All that is needed to judge the next entry. It grows with devices and parties, never with entries. */
export type Transcript = {
  readonly room: RoomId;
  readonly tree: CompactTree;
  readonly root: RootHash;
  readonly channel: Uint8Array | null;
  readonly name: string;
  readonly relay: string;
  readonly terms: RoomTerms;
  /** By `digestKey` of the device id. */
  readonly devices: ReadonlyMap<string, Device>;
  /** By `digestKey` of the authority's fingerprint. */
  readonly parties: ReadonlyMap<string, Party>;
};

/** A room before its first entry. */
export function emptyTranscript(crypto: Crypto, room: RoomId): Transcript {
  return {
    room,
    tree: EMPTY_TREE,
    root: treeRoot(crypto, EMPTY_TREE),
    channel: null,
    name: '',
    relay: '',
    terms: { kind: 'plenary', parties: [], earlier: null },
    devices: new Map(),
    parties: new Map(),
  };
}

export function deviceOf(transcript: Transcript, id: DeviceId): Device | undefined {
  return transcript.devices.get(digestKey(id));
}

export function partyOf(transcript: Transcript, party: Fingerprint): Party | undefined {
  return transcript.parties.get(digestKey(party));
}

/** The devices of a party that the record holds; suspended ones among them. */
export function activeDevices(transcript: Transcript, party: Fingerprint): Device[] {
  const key = digestKey(party);
  return [...transcript.devices.values()].filter(
    (device) => device.removed === null && digestKey(device.party) === key,
  );
}

/** Whether this device may sign entries now. */
export function maySign(device: Device): boolean {
  return device.removed === null && device.suspended === null;
}

/** Whether this device governs its party now. */
export function isOfficer(device: Device): boolean {
  return maySign(device) && device.certificate.role === 'officer';
}

/** The party that had this authority, now or before. */
export function partyOfAuthority(
  transcript: Transcript,
  authority: Fingerprint,
): Party | undefined {
  const key = digestKey(authority);
  return (
    transcript.parties.get(key) ??
    [...transcript.parties.values()].find((one) =>
      one.formerly.some((former) => digestKey(former) === key),
    )
  );
}

/** Whether the party changed its authority and no other party has verified it since: a red stop. */
export function awaitsVerification(transcript: Transcript, party: Party): boolean {
  if (party.formerly.length === 0 || transcript.parties.size < 2) return false;
  return !party.verifications.some((said) => said.how !== 'mismatch');
}

/** Whether a party's word admits others: the founder's does, and that of any party such a party has verified. */
export function isVerifiedParty(transcript: Transcript, party: Fingerprint): boolean {
  const verified = new Set<string>();
  for (const one of transcript.parties.values()) {
    if (one.admittedAt === 0) verified.add(digestKey(one.fingerprint));
  }
  const trusts = (said: Verification): boolean =>
    said.how !== 'mismatch' && verified.has(digestKey(said.by));
  // Each round reaches one step further from the founder, so there are at most as many as parties.
  for (let known = 0; known < verified.size;) {
    known = verified.size;
    for (const one of transcript.parties.values()) {
      if (one.verifications.some(trusts)) verified.add(digestKey(one.fingerprint));
    }
  }
  const found = partyOf(transcript, party);
  if (found === undefined || awaitsVerification(transcript, found)) return false;
  return verified.has(digestKey(party));
}

const deviceCodec = struct({
  signed: signedCertificateCodec,
  admittedAt: uint(),
  admittedBy: digest<DeviceId>(),
  member: text(120),
  removed: nullable(struct({ at: uint(), by: digest<DeviceId>(), reason: text(500) })),
  suspended: nullable(struct({ at: uint(), by: digest<DeviceId>(), reason: text(500) })),
  /** The fingerprint of its party's authority now, which its certificate may not know. */
  party: digest<Fingerprint>(),
  entries: uint(),
  lastLeaf: digest<LeafHash>(),
  acknowledged: uint(),
  firstMs: nullable(uint()),
  lastMs: nullable(uint()),
});

const policyCodec = struct({ officersForAdmission: uint(2), officersForAuthority: uint(16) });

const partyCodec = struct({
  fingerprint: digest<Fingerprint>(),
  authority: bytes({ exactly: HYBRID_PUBLIC_KEY_BYTES }),
  formerly: list(digest<Fingerprint>(), AUTHORITIES_MAX),
  policy: policyCodec,
  loosening: nullable(struct({ policy: policyCodec, by: digest<DeviceId>() })),
  proposals: list(struct({ on: digest<DeviceId>(), by: digest<DeviceId>() }), VOICES_MAX),
  claims: list(struct({ on: digest<Fingerprint>(), by: digest<DeviceId>() }), VOICES_MAX),
  name: text(120),
  admittedAt: uint(),
  admittedBy: digest<Fingerprint>(),
  verifications: list(
    struct({
      by: digest<Fingerprint>(),
      how: word(['voice', 'in-person', 'writing', 'mismatch']),
      at: uint(),
    }),
    ROOM_PARTIES_MAX * AUTHORITIES_MAX,
  ),
});

const transcriptCodec = struct({
  room: digest<RoomId>(),
  tree: compactTreeCodec,
  channel: nullable(bytes({ exactly: 32 })),
  name: text(200),
  relay: text(300),
  terms: struct({
    kind: word(['plenary', 'caucus', 'bilateral']),
    parties: list(digest<Fingerprint>(), NAMED_PARTIES_MAX),
    earlier: nullable(earlierCodec),
  }),
  devices: list(deviceCodec, ROOM_DEVICES_EVER_MAX),
  parties: list(partyCodec, ROOM_PARTIES_MAX),
});

/** For a vault: about 9 kB for each device. It holds nothing secret, but whoever can change it changes what is judged. */
export function encodeTranscript(transcript: Transcript): Uint8Array {
  return encode(transcriptCodec, {
    ...transcript,
    devices: [...transcript.devices.values()],
    parties: [...transcript.parties.values()],
  });
}

/** Reads what `encodeTranscript` wrote. Signatures are not checked again: the vault answers for its own bytes. */
export function decodeTranscript(
  crypto: Crypto,
  stored: Uint8Array,
): Verdict<Transcript, DecodeReason | 'malformed-certificate'> {
  const decoded = decode(transcriptCodec, stored);
  if (!decoded.ok) return decoded;
  const { value } = decoded;
  if (!isCompactTree(value.tree)) return refuse('out-of-range');
  const devices = new Map<string, Device>();
  for (const device of value.devices) {
    const read = readCertificate(crypto, device.signed);
    if (!read.ok) return read;
    const { deviceId: id, certificate } = read.value;
    devices.set(digestKey(id), { ...device, id, certificate });
  }
  const parties = new Map(value.parties.map((party) => [digestKey(party.fingerprint), party]));
  return accept({ ...value, root: treeRoot(crypto, value.tree), devices, parties });
}
