// The judge: replays a room's entries in order and says for each whether an honest room could have it here.
//
// The relay's compare-and-append lets an author add an entry only after it has seen all before. So an honest entry at
// index i has seen exactly i entries, with our root. Anything else is evidence, not noise.

import { accept, refuse, sameBytes, type Crypto, type Refused, type Verdict } from '@parley/kernel';
import { digestKey, NO_LEAF, type DeviceId, type LeafHash } from './digests.ts';
import {
  bodyHash,
  entryLeaf,
  entrySignatureHolds,
  readHeader,
  type EntryHeader,
  type RecordEntry,
} from './entry.ts';
import { checkCertificate, type CheckedCertificate, type SignedCertificate } from './identity.ts';
import { decodeBody, isStructuralKind, type Body, type BodyOf, type UnknownBody } from './kinds.ts';
import {
  activeDevices,
  deviceOf,
  isVerifiedParty,
  partyOf,
  ROOM_DEVICES_MAX,
  ROOM_PARTIES_MAX,
  type Device,
  type Party,
  type Transcript,
  type Verification,
} from './transcript.ts';
import { appendLeaf, treeRoot } from './tree.ts';

export type JudgeReason =
  | 'malformed-entry'
  | 'wrong-room'
  | 'not-founded'
  | 'founded-twice'
  | 'unknown-device'
  | 'removed-device'
  | 'bad-signature'
  | 'stale-seen'
  | 'seen-ahead'
  | 'false-seen'
  | 'broken-author-chain'
  | 'wrong-body'
  | 'malformed-body'
  | 'body-withheld'
  | 'malformed-certificate'
  | 'wrong-authority'
  | 'not-own-certificate'
  | 'other-party'
  | 'party-name-changed'
  | 'party-known'
  | 'party-not-verified'
  | 'device-known'
  | 'key-reused'
  | 'unknown-party'
  | 'own-party'
  | 'too-many-devices'
  | 'too-many-parties';

export type Judged = {
  readonly transcript: Transcript;
  readonly index: number;
  readonly leaf: LeafHash;
  readonly header: EntryHeader;
  readonly author: Device;
  /** Null where the body is withheld. */
  readonly body: Body | UnknownBody | null;
};

type Judgement<T> = Verdict<T, JudgeReason>;

function no(transcript: Transcript, reason: JudgeReason, detail: string): Refused<JudgeReason> {
  return refuse(reason, { at: transcript.tree.size, detail });
}

/** A certificate's device as the record is about to admit it at `index`. */
function newDevice(
  checked: CheckedCertificate,
  signed: SignedCertificate,
  admitted: { at: number; by: DeviceId },
): Device {
  return {
    id: checked.deviceId,
    party: checked.party,
    certificate: checked.certificate,
    signed,
    admittedAt: admitted.at,
    admittedBy: admitted.by,
    removed: null,
    entries: 0,
    lastLeaf: NO_LEAF,
    acknowledged: 0,
    firstMs: null,
    lastMs: null,
  };
}

function withDevice(transcript: Transcript, device: Device): Transcript {
  const devices = new Map(transcript.devices).set(digestKey(device.id), device);
  return { ...transcript, devices };
}

function withParty(transcript: Transcript, party: Party): Transcript {
  const parties = new Map(transcript.parties).set(digestKey(party.fingerprint), party);
  return { ...transcript, parties };
}

/** The certificate in an admission, if it holds and its device and keys are new to the room. */
function newcomer(
  crypto: Crypto,
  transcript: Transcript,
  signed: SignedCertificate,
): Judgement<CheckedCertificate> {
  const checked = checkCertificate(crypto, signed);
  if (!checked.ok) return no(transcript, checked.reason, checked.detail ?? '');
  const { deviceId, certificate } = checked.value;
  if (transcript.devices.has(digestKey(deviceId))) {
    return no(transcript, 'device-known', 'this device was admitted before');
  }
  // Two devices with one key could each say that the other had signed.
  for (const { certificate: other } of transcript.devices.values()) {
    if (sameBytes(other.signer, certificate.signer) || sameBytes(other.mls, certificate.mls)) {
      return no(transcript, 'key-reused', 'its keys are those of another device of this room');
    }
  }
  if (transcript.devices.size >= ROOM_DEVICES_MAX) {
    return no(transcript, 'too-many-devices', `a room holds at most ${ROOM_DEVICES_MAX} devices`);
  }
  return checked;
}

/** Founds the room: the author's own certificate comes with the first entry, so it is read before the signature is. */
function founder(
  crypto: Crypto,
  transcript: Transcript,
  header: EntryHeader,
  body: Body | UnknownBody | null,
): Judgement<{ transcript: Transcript; author: Device }> {
  if (body?.kind !== 'found') return no(transcript, 'malformed-body', 'not a founding entry');
  const checked = newcomer(crypto, transcript, body.certificate);
  if (!checked.ok) return checked;
  const { deviceId, party, certificate } = checked.value;
  if (!sameBytes(deviceId, header.author)) {
    return no(
      transcript,
      'not-own-certificate',
      'the founder certifies a device that is not its own',
    );
  }
  const author = newDevice(checked.value, body.certificate, { at: 0, by: deviceId });
  const founded = withParty(withDevice(transcript, author), {
    fingerprint: party,
    name: certificate.party,
    admittedAt: 0,
    admittedBy: party,
    verifications: [],
  });
  const { channel, name, relay } = body;
  return accept({ transcript: { ...founded, channel, name, relay }, author });
}

function admitParty(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: BodyOf<'party-admitted'>,
): Judgement<Transcript> {
  const checked = newcomer(crypto, transcript, body.certificate);
  if (!checked.ok) return checked;
  const { party, certificate } = checked.value;
  if (!isVerifiedParty(transcript, author.party)) {
    return no(transcript, 'party-not-verified', 'no other party has verified the one that admits');
  }
  const at = transcript.tree.size;
  const admitted = withDevice(
    transcript,
    newDevice(checked.value, body.certificate, { at, by: author.id }),
  );
  const known = partyOf(transcript, party);
  if (known === undefined) {
    if (transcript.parties.size >= ROOM_PARTIES_MAX) {
      return no(transcript, 'too-many-parties', `a room holds at most ${ROOM_PARTIES_MAX} parties`);
    }
    return accept(
      withParty(admitted, {
        fingerprint: party,
        name: certificate.party,
        admittedAt: at,
        admittedBy: author.party,
        verifications: [],
      }),
    );
  }
  // A party that lost its last device comes back this way; while it has one, only its own devices add another.
  if (activeDevices(transcript, party).length > 0) {
    return no(transcript, 'party-known', 'the party has devices here and adds its own');
  }
  return known.name === certificate.party
    ? accept(admitted)
    : no(transcript, 'party-name-changed', 'its authority named the party otherwise before');
}

function admitDevice(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: BodyOf<'device-admitted'>,
): Judgement<Transcript> {
  const checked = newcomer(crypto, transcript, body.certificate);
  if (!checked.ok) return checked;
  if (!sameBytes(checked.value.party, author.party)) {
    return no(transcript, 'other-party', "a party's device is admitted by its own devices only");
  }
  if (checked.value.certificate.party !== author.certificate.party) {
    return no(transcript, 'party-name-changed', 'its authority named the party otherwise before');
  }
  const admitted = { at: transcript.tree.size, by: author.id };
  return accept(withDevice(transcript, newDevice(checked.value, body.certificate, admitted)));
}

/** Any member may remove any device: it is signed and in the open, and a party with one stolen device needs it. */
function removeDevice(
  transcript: Transcript,
  author: Device,
  body: BodyOf<'device-removed'>,
): Judgement<Transcript> {
  const device = deviceOf(transcript, body.device);
  if (device === undefined)
    return no(transcript, 'unknown-device', 'the removed device is not here');
  if (device.removed !== null) return no(transcript, 'removed-device', 'it was removed before');
  const removed = { at: transcript.tree.size, by: author.id, reason: body.reason };
  return accept(withDevice(transcript, { ...device, removed }));
}

function recordVerification(
  transcript: Transcript,
  author: Device,
  body: BodyOf<'verified'> | BodyOf<'mismatch'>,
): Judgement<Transcript> {
  const party = partyOf(transcript, body.about);
  if (party === undefined) return no(transcript, 'unknown-party', 'the party named is not here');
  if (sameBytes(party.fingerprint, author.party)) {
    return no(transcript, 'own-party', 'a party cannot verify itself');
  }
  const said: Verification = {
    by: author.party,
    how: body.kind === 'verified' ? body.how : 'mismatch',
    at: transcript.tree.size,
  };
  const others = party.verifications.filter((earlier) => !sameBytes(earlier.by, said.by));
  return accept(withParty(transcript, { ...party, verifications: [...others, said] }));
}

/** What the body does to the room. Kinds that decide nothing leave it as it is. */
function takeEffect(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: Body | UnknownBody | null,
): Judgement<Transcript> {
  switch (body?.kind) {
    case 'found':
      // The founding entry took effect before its signature was checked; a second one has none to take.
      return transcript.tree.size === 0
        ? accept(transcript)
        : no(transcript, 'founded-twice', 'the room was founded before');
    case 'party-admitted':
      return admitParty(crypto, transcript, author, body);
    case 'device-admitted':
      return admitDevice(crypto, transcript, author, body);
    case 'device-removed':
      return removeDevice(transcript, author, body);
    case 'verified':
    case 'mismatch':
      return recordVerification(transcript, author, body);
    default:
      return accept(transcript);
  }
}

/** The entry's body, if it is the one the header hashes and of the shape its kind asks for. */
function openBody(
  crypto: Crypto,
  transcript: Transcript,
  header: EntryHeader,
  entry: RecordEntry,
): Judgement<Body | UnknownBody | null> {
  if (entry.opened === null) {
    return isStructuralKind(header.kind)
      ? no(transcript, 'body-withheld', `an entry of kind ${header.kind} cannot be withheld`)
      : accept(null);
  }
  if (!sameBytes(bodyHash(crypto, entry.opened), header.body)) {
    return no(transcript, 'wrong-body', 'the body is not the one its author signed');
  }
  const body = decodeBody(header.kind, entry.opened.body);
  if (body.ok) return body;
  return no(transcript, 'malformed-body', `the body of kind ${header.kind} is ${body.reason}`);
}

function checkSeen(
  transcript: Transcript,
  { seen }: EntryHeader,
): Refused<JudgeReason> | undefined {
  const index = transcript.tree.size;
  if (seen.size < index) {
    return no(transcript, 'stale-seen', `its author had seen ${seen.size} entries, not ${index}`);
  }
  if (seen.size > index) {
    return no(transcript, 'seen-ahead', `its author had seen ${seen.size} entries, not ${index}`);
  }
  if (!sameBytes(seen.root, transcript.root)) {
    return no(transcript, 'false-seen', `its author signed another history of ${index} entries`);
  }
  return undefined;
}

/** The state with the author known: for the first entry that is the founder its own body brings. */
function whoSpeaks(
  crypto: Crypto,
  transcript: Transcript,
  header: EntryHeader,
  entry: RecordEntry,
): Judgement<{ transcript: Transcript; author: Device }> {
  if (transcript.devices.size === 0) {
    if (header.kind !== 'found') {
      return no(transcript, 'not-founded', 'the first entry does not found the room');
    }
    const body = openBody(crypto, transcript, header, entry);
    return body.ok ? founder(crypto, transcript, header, body.value) : body;
  }
  const author = deviceOf(transcript, header.author);
  if (author === undefined) {
    return no(transcript, 'unknown-device', 'its author was never admitted');
  }
  return author.removed === null
    ? accept({ transcript, author })
    : no(transcript, 'removed-device', `its author was removed by entry ${author.removed.at}`);
}

/**
 * Says whether `entry` may stand next in the room, and gives the room after it. The given transcript stays as it was.
 * A refusal names the entry's index in `at` and leaves the transcript good for another entry at that index.
 */
export function judge(
  crypto: Crypto,
  transcript: Transcript,
  entry: RecordEntry,
): Verdict<Judged, JudgeReason> {
  const index = transcript.tree.size;
  const read = readHeader(entry.signed);
  if (!read.ok) return no(transcript, 'malformed-entry', `the header is ${read.reason}`);
  const header = read.value;
  if (!sameBytes(header.room, transcript.room)) {
    return no(transcript, 'wrong-room', 'it was signed for another room');
  }
  const speaker = whoSpeaks(crypto, transcript, header, entry);
  if (!speaker.ok) return speaker;
  const { author } = speaker.value;
  if (!entrySignatureHolds(crypto, entry.signed, author.certificate.signer)) {
    return no(transcript, 'bad-signature', 'its author did not sign it');
  }
  const unseen = checkSeen(transcript, header);
  if (unseen !== undefined) return unseen;
  if (header.authorSeq !== author.entries || !sameBytes(header.authorPrev, author.lastLeaf)) {
    return no(transcript, 'broken-author-chain', "it does not follow its author's last entry");
  }
  const body = openBody(crypto, transcript, header, entry);
  if (!body.ok) return body;
  const effect = takeEffect(crypto, speaker.value.transcript, author, body.value);
  if (!effect.ok) return effect;

  const leaf = entryLeaf(crypto, entry.signed);
  const tree = appendLeaf(crypto, transcript.tree, leaf);
  // A device may remove itself: take it as the effect left it.
  const spoken: Device = {
    ...(deviceOf(effect.value, author.id) ?? author),
    entries: author.entries + 1,
    lastLeaf: leaf,
    acknowledged: index,
    firstMs: author.firstMs ?? header.timeMs,
    lastMs: header.timeMs,
  };
  const after = { ...withDevice(effect.value, spoken), tree, root: treeRoot(crypto, tree) };
  return accept({ transcript: after, index, leaf, header, author: spoken, body: body.value });
}
