// What a body does to a room: who may sign from now on, and which party has verified which.

import { accept, sameBytes, type Crypto, type Refused } from '@parley/kernel';
import { changeAuthority } from './authority.ts';
import { digestKey, NO_LEAF, type DeviceId, type Fingerprint } from './digests.ts';
import type { EntryHeader } from './entry.ts';
import { isFoundingBody, isNamed, owesAcceptance, sameEarlier, termsOf } from './founding.ts';
import {
  changePolicy,
  governed,
  mayAdmit,
  removeDevice,
  renameMember,
  resumeMember,
  suspendMember,
  withDevice,
  withParty,
  withVoice,
} from './governance.ts';
import { checkCertificate, type CheckedCertificate, type SignedCertificate } from './identity.ts';
import { no, type Judgement, type JudgeReason } from './judgement.ts';
import type { Body, BodyOf, UnknownBody } from './kinds.ts';
import {
  activeDevices,
  FIRST_POLICY,
  isVerifiedParty,
  partyOf,
  partyOfAuthority,
  ROOM_DEVICES_EVER_MAX,
  ROOM_DEVICES_MAX,
  ROOM_PARTIES_MAX,
  type Device,
  type Party,
  type Transcript,
  type Verification,
} from './transcript.ts';

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
    member: checked.certificate.member,
    removed: null,
    suspended: null,
    entries: 0,
    lastLeaf: NO_LEAF,
    acknowledged: 0,
    firstMs: null,
    lastMs: null,
  };
}

/** A party as its first device comes: one officer is enough for everything until it says otherwise. */
function newParty(checked: CheckedCertificate, admitted: { at: number; by: Fingerprint }): Party {
  return {
    fingerprint: checked.party,
    authority: checked.certificate.authority,
    formerly: [],
    policy: FIRST_POLICY,
    loosening: null,
    proposals: [],
    claims: [],
    name: checked.certificate.party,
    admittedAt: admitted.at,
    admittedBy: admitted.by,
    verifications: [],
  };
}

/** Why no further device may come in; undefined where one may. */
function roomFor(transcript: Transcript): Refused<JudgeReason> | undefined {
  const { devices } = transcript;
  let present = 0;
  for (const device of devices.values()) if (device.removed === null) present++;
  if (present >= ROOM_DEVICES_MAX)
    return no(transcript, 'too-many-devices', `a room holds at most ${ROOM_DEVICES_MAX} devices`);
  return devices.size < ROOM_DEVICES_EVER_MAX
    ? undefined
    : no(
        transcript,
        'too-many-devices',
        `a room remembers at most ${ROOM_DEVICES_EVER_MAX} devices, removed ones too: found a new one`,
      );
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
  return roomFor(transcript) ?? checked;
}

/** Founds the room: the author's own certificate comes with the first entry, so it is read before the signature is. */
export function founder(
  crypto: Crypto,
  transcript: Transcript,
  header: EntryHeader,
  body: Body | UnknownBody | null,
): Judgement<{ transcript: Transcript; author: Device }> {
  if (!isFoundingBody(body)) return no(transcript, 'malformed-body', 'not a founding entry');
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
  const terms = termsOf(transcript, body, party);
  if (!terms.ok) return terms;
  if (terms.value.kind === 'plenary' && certificate.role !== 'officer')
    return no(transcript, 'not-an-officer', "a party's first device is an officer's");
  const author = newDevice(checked.value, body.certificate, { at: 0, by: deviceId });
  const founded = withParty(
    withDevice(transcript, author),
    newParty(checked.value, { at: 0, by: party }),
  );
  const { channel, name, relay } = body;
  return accept({ transcript: { ...founded, channel, name, relay, terms: terms.value }, author });
}

function admitParty(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: BodyOf<'party-admitted'>,
): Judgement<Transcript> {
  const checked = newcomer(crypto, transcript, body.certificate);
  if (!checked.ok) return checked;
  const { party, certificate, deviceId } = checked.value;
  const allowed = mayAdmit(transcript, author, deviceId);
  if (!allowed.ok) return allowed;
  if (transcript.terms.kind === 'plenary' && certificate.role !== 'officer')
    return no(transcript, 'not-an-officer', "a party's first device is an officer's");
  if (!isNamed(transcript, party)) {
    return no(transcript, 'party-not-named', 'the founding entry does not name its party');
  }
  // Who founded a room of named parties has named all of them: they are verified in the plenary, not here.
  const { kind } = transcript.terms;
  if (kind === 'plenary' && !isVerifiedParty(transcript, author.party)) {
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
    if (partyOfAuthority(transcript, party) !== undefined) {
      return no(transcript, 'party-known', 'its authority is one that a party here has given up');
    }
    return accept(withParty(admitted, newParty(checked.value, { at, by: author.party })));
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
  const allowed = mayAdmit(transcript, author, checked.value.deviceId);
  if (!allowed.ok) return allowed;
  const { member } = checked.value.certificate;
  const fellows = activeDevices(transcript, author.party).filter((one) => one.member === member);
  if (fellows.some((one) => one.suspended !== null))
    return no(transcript, 'suspended-member', 'its member is suspended');
  const admitted = { at: transcript.tree.size, by: author.id };
  return accept(withDevice(transcript, newDevice(checked.value, body.certificate, admitted)));
}

/** One officer's half of an admission that the party's policy wants two for. */
function proposeAdmission(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: BodyOf<'admission-proposed'>,
): Judgement<Transcript> {
  const party = governed(transcript, author);
  if (!party.ok) return party;
  const checked = newcomer(crypto, transcript, body.certificate);
  if (!checked.ok) return checked;
  const voice = { on: checked.value.deviceId, by: author.id };
  const proposals = withVoice(party.value.proposals, voice);
  return accept(withParty(transcript, { ...party.value, proposals }));
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

function acceptRestart(
  transcript: Transcript,
  { earlier }: BodyOf<'restart-accepted'>,
): Judgement<Transcript> {
  const { terms } = transcript;
  return terms.earlier !== null && sameEarlier(terms.earlier, earlier)
    ? accept(transcript)
    : no(transcript, 'wrong-restart', 'not the checkpoint that this room goes on from');
}

/** What the body does to the room. Kinds that decide nothing leave it as it is. */
export function takeEffect(
  crypto: Crypto,
  transcript: Transcript,
  author: Device,
  body: Body | UnknownBody | null,
): Judgement<Transcript> {
  if (body?.kind !== 'restart-accepted' && owesAcceptance(transcript, author)) {
    return no(transcript, 'restart-not-accepted', 'its party has not accepted the restart');
  }
  switch (body?.kind) {
    case 'restart-accepted':
      return acceptRestart(transcript, body);
    case 'found':
    case 'room-founded':
    case 'room-restarted':
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
    case 'admission-proposed':
      return proposeAdmission(crypto, transcript, author, body);
    case 'member-renamed':
      return renameMember(transcript, author, body);
    case 'member-suspended':
      return suspendMember(transcript, author, body);
    case 'member-resumed':
      return resumeMember(transcript, author, body);
    case 'party-policy':
      return changePolicy(transcript, author, body);
    case 'authority-changed':
      return changeAuthority(crypto, transcript, author, body);
    case 'verified':
    case 'mismatch':
      return recordVerification(transcript, author, body);
    default:
      return accept(transcript);
  }
}
