// From an act to an envelope. The state that comes back must be stored before the envelope leaves: it has used the
// sender's key, so that no key is ever used twice, and it holds the envelope, so that a crash loses nothing.

import { accept, refuse, sameBytes, type Ports, type Verdict } from '@parley/kernel';
import {
  authorEntry,
  cosignCheckpoint,
  deviceOf,
  encodeCheckpoint,
  encodeEntry,
  judge,
  maySign,
  readCertificate,
  type Body,
  type DeviceId,
} from '@parley/record';
import { decodeAct, encodeAct, type Act } from './act.ts';
import { commitmentOf } from './ceremony.ts';
import { ENVELOPE_MAX_BYTES, sealEnvelope, type Padding } from './envelope.ts';
import { makeCommit, type Change } from './commit.ts';
import { sealContent } from './group.ts';
import { readKeyPackage } from './key-package.ts';
import { encodeGroup, members } from './mls-state.ts';
import type { Identity } from './identity.ts';
import { COVER } from './take.ts';
import { saysTheRightWords } from './verification.ts';
import {
  checkpointOf,
  overdueRemovals,
  ownParty,
  ownPlace,
  type Draft,
  type Room,
} from './room.ts';

export type AuthorReason =
  /** An envelope is on its way: send it (again), then receive. */
  | 'busy'
  | 'frozen'
  /** An entry is signed for this size of the record and lost its race: author that act first (`unsentAct`). */
  | 'unsent-entry'
  /** A removed device could still read: author the commit of its removal first (`overdueRemovals`). */
  | 'removal-due'
  /** The body is over a limit of its kind. */
  | 'does-not-fit'
  /** The record's rules forbid it; `detail` begins with the judge's reason. */
  | 'not-allowed'
  /** No ceremony waits for this step. */
  | 'no-such-offer'
  | 'no-such-device'
  /** Only devices that an entry admitted are added, and only removed ones are taken out. */
  | 'not-on-record'
  | 'bad-key-package';

/** What is left of an envelope for a commit, at the worst padding. */
const COMMIT_MAX_BYTES = Math.floor(ENVELOPE_MAX_BYTES * 0.88);

/** `expectedSeq` is the place in the log that this envelope is made for: the first one is 1. */
export type Authored = {
  readonly state: Room;
  readonly envelope: Uint8Array;
  readonly expectedSeq: number;
};

type Result<T> = Verdict<T, AuthorReason>;

/**
 * Makes the envelope for one act. Store `state`, then append `envelope` at `expectedSeq`, then `receive` what the log
 * holds there. Refusals change nothing; all but the first four are final for the act.
 */
export async function author(
  ports: Ports,
  room: Room,
  identity: Identity,
  act: Act,
  padding: Padding = 'padme',
): Promise<Result<Authored>> {
  if (room.frozen !== null) return refuse('frozen', { detail: room.frozen.reason });
  if (room.pending !== null) return refuse('busy', { at: room.pending.seq });
  const own = deviceOf(room.transcript, room.device);
  if (own?.removed)
    return refuse('not-allowed', { detail: 'removed-device: the record removed this device' });
  if (own?.suspended)
    return refuse('not-allowed', { detail: 'suspended-device: the record suspended this device' });
  const encoded = fits(act);
  if (!encoded.ok) return encoded;
  return act.kind === 'commit'
    ? authorCommit(ports, room, identity, { change: act.change, encoded: encoded.value, padding })
    : authorSpoken(ports, room, identity, { act, encoded: encoded.value, padding });
}

type SpokenAct = Exclude<Act, { kind: 'commit' }>;

async function authorSpoken(
  ports: Ports,
  room: Room,
  identity: Identity,
  { act, encoded, padding }: { act: SpokenAct; encoded: Uint8Array; padding: Padding },
): Promise<Result<Authored>> {
  const draft = sameDraft(room, encoded) ?? signDraft(ports, room, identity, act, encoded);
  if (!draft.ok) return draft;
  const expectedSeq = room.seq + 1;
  const sealed = await sealContent(ports, room.group, draft.value.entry);
  const place = { room: room.room, seq: expectedSeq };
  const envelope = await sealEnvelope(ports, room.group, place, sealed.message, padding);
  const pending = { seq: expectedSeq, envelope, commit: null };
  const state = { ...room, group: sealed.group, pending, draft: draft.value };
  return accept({ state, envelope, expectedSeq });
}

/**
 * Makes an envelope that says nothing: who watches the relay cannot tell it from talk, and no record holds it. Not while a
 * signed entry waits: that goes first. The state must be stored before the envelope leaves, as with every other.
 */
export async function authorCover(
  ports: Ports,
  room: Room,
  padding: Padding = 'padme',
): Promise<Result<Authored>> {
  if (room.frozen !== null) return refuse('frozen', { detail: room.frozen.reason });
  if (room.pending !== null) return refuse('busy', { at: room.pending.seq });
  if (room.draft !== null) return refuse('unsent-entry');
  const expectedSeq = room.seq + 1;
  const sealed = await sealContent(ports, room.group, COVER);
  const place = { room: room.room, seq: expectedSeq };
  const envelope = await sealEnvelope(ports, room.group, place, sealed.message, padding);
  const pending = { seq: expectedSeq, envelope, commit: null };
  return accept({ state: { ...room, group: sealed.group, pending }, envelope, expectedSeq });
}

/** The act's bytes, or a refusal where a person wrote more than its kind holds. */
function fits(act: Act): Result<Uint8Array> {
  try {
    const encoded = encodeAct(act);
    // Fields can each fit and still not go together: then nobody, ourselves included, would read it as its kind.
    return decodeAct(encoded).ok
      ? accept(encoded)
      : refuse('does-not-fit', { detail: 'what it says does not go together' });
  } catch (error) {
    return refuse('does-not-fit', { detail: error instanceof Error ? error.message : '' });
  }
}

/** The draft, where one is signed for this size: it goes out again as it is, or nothing does. */
function sameDraft(room: Room, act: Uint8Array): Result<Draft> | undefined {
  const { draft } = room;
  if (draft === null || draft.size !== room.transcript.tree.size) return undefined;
  return sameBytes(draft.act, act) ? accept(draft) : refuse('unsent-entry');
}

function signDraft(
  ports: Ports,
  room: Room,
  identity: Identity,
  act: SpokenAct,
  encodedAct: Uint8Array,
): Result<Draft> {
  const urgent =
    act.kind === 'device-removed' || act.kind === 'member-suspended' || act.kind === 'mismatch';
  if (!urgent && overdueRemovals(room).length > 0) return refuse('removal-due');
  const said = bodyOf(ports, room, identity, act);
  if (!said.ok) return said;
  const { tree, root } = room.transcript;
  const place = {
    room: room.room,
    author: room.device,
    ...ownPlace(room),
    seen: { size: tree.size, root },
    timeMs: ports.clock.nowMs(),
    zone: ports.clock.zoneMinutes?.(),
  };
  const { body, nonce, keyPackage } = said.value;
  const made = authorEntry(ports, place, body, identity.signer.secretKey);
  const judged = judge(ports.crypto, room.transcript, made.entry);
  if (!judged.ok)
    return refuse('not-allowed', { detail: `${judged.reason}: ${judged.detail ?? ''}` });
  const entry = encodeEntry(made.entry);
  return accept({ act: encodedAct, size: tree.size, entry, leaf: made.leaf, nonce, keyPackage });
}

type Said = {
  readonly body: Body;
  readonly nonce: Uint8Array | null;
  readonly keyPackage: Uint8Array | null;
};

function bodyOf(ports: Ports, room: Room, identity: Identity, act: SpokenAct): Result<Said> {
  const plain = { nonce: null, keyPackage: null };
  switch (act.kind) {
    case 'verify-offer': {
      const nonce = ports.randomness.bytes(32);
      const commitment = commitmentOf(ports.crypto, nonce);
      return accept({
        ...plain,
        body: { kind: 'verify-offer', about: act.about, commitment },
        nonce,
      });
    }
    case 'verify-answer': {
      const offered = room.ceremonies.find((one) => sameBytes(one.offer, act.offer));
      if (offered?.phase !== 'offered' || !sameBytes(offered.about, ownParty(room, identity)))
        return refuse('no-such-offer');
      const nonce = ports.randomness.bytes(32);
      return accept({ ...plain, body: { kind: 'verify-answer', offer: act.offer, nonce } });
    }
    case 'verify-open': {
      const offered = room.ceremonies.find((one) => sameBytes(one.offer, act.offer));
      const secret = room.nonces.find((one) => sameBytes(one.offer, act.offer));
      if (offered?.phase !== 'answered' || secret === undefined) return refuse('no-such-offer');
      const { nonce } = secret;
      return accept({ ...plain, body: { kind: 'verify-open', offer: act.offer, nonce } });
    }
    case 'admit':
    case 'propose': {
      const read = readCertificate(ports.crypto, act.certificate);
      if (!read.ok) return refuse('not-allowed', { detail: read.reason });
      const { certificate, deviceId, party } = read.value;
      const leaf = readKeyPackage(act.keyPackage);
      if (!leaf.ok || !sameBytes(leaf.value.device, deviceId)) return refuse('bad-key-package');
      if (!sameBytes(leaf.value.mlsKey, certificate.mls)) return refuse('bad-key-package');
      const admitted = sameBytes(party, ownParty(room, identity))
        ? 'device-admitted'
        : 'party-admitted';
      const kind = act.kind === 'propose' ? 'admission-proposed' : admitted;
      return accept({
        ...plain,
        body: { kind, certificate: act.certificate },
        keyPackage: act.keyPackage,
      });
    }
    case 'verified':
      return saysTheRightWords(room.ceremonies, act)
        ? accept({ ...plain, body: act })
        : refuse('not-allowed', { detail: 'other-words: not the words that everybody computes' });
    default:
      return accept({ ...plain, body: act });
  }
}

async function authorCommit(
  ports: Ports,
  room: Room,
  identity: Identity,
  { change, encoded, padding }: { change: Change; encoded: Uint8Array; padding: Padding },
): Promise<Result<Authored>> {
  if (deviceOf(room.transcript, room.device) === undefined)
    return refuse('not-allowed', { detail: 'unknown-device: this device is not on the record' });
  const onRecord = checkChange(room, change);
  if (!onRecord.ok) return onRecord;
  const checkpoint = checkpointOf(room);
  const cosignature = cosignCheckpoint(ports.crypto, checkpoint, {
    device: room.device,
    publicKey: identity.signer.publicKey,
    secretKey: identity.signer.secretKey,
    timeMs: ports.clock.nowMs(),
  });
  const note = encodeCheckpoint({ checkpoint, cosignatures: [cosignature] });
  const made = await makeCommit(ports, room.group, change, note);
  if (!made.ok) return made;
  if (made.value.message.length > COMMIT_MAX_BYTES)
    return refuse('does-not-fit', { detail: 'too many key packages for one commit' });
  const expectedSeq = room.seq + 1;
  const place = { room: room.room, seq: expectedSeq };
  const envelope = await sealEnvelope(ports, room.group, place, made.value.message, padding);
  const commit = {
    act: encoded,
    note,
    next: encodeGroup(made.value.next),
    welcome: made.value.welcome,
  };
  const pending = { seq: expectedSeq, envelope, commit };
  return accept({ state: { ...room, group: made.value.spent, pending }, envelope, expectedSeq });
}

/** Whether the record allows a commit to make this change to the group. */
function checkChange(room: Room, change: Change): Result<null> {
  const inGroup = members(room.group);
  if (change.kind === 'add') {
    for (const keyPackage of change.keyPackages) {
      const leaf = readKeyPackage(keyPackage);
      if (!leaf.ok) return refuse('bad-key-package');
      const device = deviceOf(room.transcript, leaf.value.device as DeviceId);
      if (device === undefined || !maySign(device)) return refuse('not-on-record');
      if (!sameBytes(device.certificate.mls, leaf.value.mlsKey)) return refuse('bad-key-package');
      if (inGroup.some((one) => sameBytes(one.device, device.id)))
        return refuse('no-such-device', { detail: 'it is in the group already' });
    }
  }
  if (change.kind === 'remove') {
    for (const id of change.devices) {
      const device = deviceOf(room.transcript, id as DeviceId);
      if (device === undefined || maySign(device)) return refuse('not-on-record');
      if (!inGroup.some((one) => sameBytes(one.device, id)))
        return refuse('no-such-device', { detail: 'it is out of the group already' });
    }
  }
  return accept(null);
}
