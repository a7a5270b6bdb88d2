// How a party governs itself: its officers admit, rename, suspend, resume and remove; what loosens its rules takes two.
//
// Every act is by a device of the party's own. No act of another party reaches any of this.

import { accept, sameBytes } from '@parley/kernel';
import { digestKey, type DeviceId, type Fingerprint } from './digests.ts';
import { no, type Judgement } from './judgement.ts';
import type { BodyOf } from './kinds.ts';
import {
  activeDevices,
  deviceOf,
  isOfficer,
  partyOf,
  VOICES_MAX,
  type Device,
  type Party,
  type Transcript,
  type Voice,
} from './transcript.ts';

export function withDevice(transcript: Transcript, device: Device): Transcript {
  const devices = new Map(transcript.devices).set(digestKey(device.id), device);
  return { ...transcript, devices };
}

export function withParty(transcript: Transcript, party: Party): Transcript {
  const parties = new Map(transcript.parties).set(digestKey(party.fingerprint), party);
  return { ...transcript, parties };
}

/**
 * Whether the device's word governs its party here. In a room of named parties any device of theirs repeats what the
 * officers decided in the plenary, so that a room without an officer in it can follow.
 */
function governs({ terms }: Transcript, device: Device): boolean {
  return terms.kind !== 'plenary' || isOfficer(device);
}

/** The author's party, where the author is an officer of it. */
export function governed(transcript: Transcript, author: Device): Judgement<Party> {
  const party = partyOf(transcript, author.party);
  if (party !== undefined && governs(transcript, author)) return accept(party);
  return no(transcript, 'not-an-officer', "only an officer's device governs its party");
}

/** Adds an officer's word; an earlier one of the same device gives way, and the oldest beyond the limit. */
export function withVoice<T extends Uint8Array>(
  voices: readonly Voice<T>[],
  voice: Voice<T>,
): readonly Voice<T>[] {
  const others = voices.filter(
    (one) => !sameBytes(one.by, voice.by) || !sameBytes(one.on, voice.on),
  );
  return [...others, voice].slice(-VOICES_MAX);
}

/** The members of the party whose officers' devices said this, and are officers still. */
export function officersFor<T extends DeviceId | Fingerprint>(
  transcript: Transcript,
  party: Party,
  voices: readonly Voice<T>[],
  on: T,
): ReadonlySet<string> {
  const members = new Set<string>();
  for (const voice of voices) {
    const device = deviceOf(transcript, voice.by);
    if (device === undefined || !sameBytes(voice.on, on) || !isOfficer(device)) continue;
    if (sameBytes(device.party, party.fingerprint)) members.add(device.member);
  }
  return members;
}

/** Whether the party's policy lets `author` admit this device now; the author's own word is in the act. */
export function mayAdmit(
  transcript: Transcript,
  author: Device,
  device: DeviceId,
): Judgement<Party> {
  const party = governed(transcript, author);
  if (!party.ok || party.value.policy.officersForAdmission < 2) return party;
  const proposers = officersFor(transcript, party.value, party.value.proposals, device);
  if ([...proposers].some((member) => member !== author.member)) return party;
  const detail = 'its policy asks for a proposal by another officer first';
  return no(transcript, 'second-officer-needed', detail);
}

function devicesOfMember(transcript: Transcript, author: Device, member: string): Device[] {
  return activeDevices(transcript, author.party).filter((device) => device.member === member);
}

export function renameMember(
  transcript: Transcript,
  author: Device,
  { member, to }: BodyOf<'member-renamed'>,
): Judgement<Transcript> {
  const party = governed(transcript, author);
  if (!party.ok) return party;
  const devices = devicesOfMember(transcript, author, member);
  if (devices.length === 0) return no(transcript, 'unknown-member', 'the party has no such member');
  if (devicesOfMember(transcript, author, to).length > 0)
    return no(transcript, 'member-known', 'another member has this name');
  return accept(devices.reduce((now, one) => withDevice(now, { ...one, member: to }), transcript));
}

/** All devices of the member: what is doubted is the person, or which of them is in whose hands. */
export function suspendMember(
  transcript: Transcript,
  author: Device,
  { member, reason }: BodyOf<'member-suspended'>,
): Judgement<Transcript> {
  const party = governed(transcript, author);
  if (!party.ok) return party;
  const devices = devicesOfMember(transcript, author, member);
  if (devices.length === 0) return no(transcript, 'unknown-member', 'the party has no such member');
  if (member === author.member)
    return no(transcript, 'own-member', 'nobody suspends itself: another officer does');
  if (devices.every((device) => device.suspended !== null))
    return no(transcript, 'suspended-member', 'the member is suspended already');
  const suspended = { at: transcript.tree.size, by: author.id, reason };
  return accept(
    devices.reduce(
      (now, one) => withDevice(now, { ...one, suspended: one.suspended ?? suspended }),
      transcript,
    ),
  );
}

export function resumeMember(
  transcript: Transcript,
  author: Device,
  { member }: BodyOf<'member-resumed'>,
): Judgement<Transcript> {
  const party = governed(transcript, author);
  if (!party.ok) return party;
  const devices = devicesOfMember(transcript, author, member);
  if (devices.length === 0) return no(transcript, 'unknown-member', 'the party has no such member');
  if (devices.every((device) => device.suspended === null))
    return no(transcript, 'not-suspended', 'the member is not suspended');
  return accept(
    devices.reduce((now, one) => withDevice(now, { ...one, suspended: null }), transcript),
  );
}

/** By an officer, or by another device of the same member: who loses a telephone need not wait for anybody. */
export function removeDevice(
  transcript: Transcript,
  author: Device,
  body: BodyOf<'device-removed'>,
): Judgement<Transcript> {
  const device = deviceOf(transcript, body.device);
  if (device === undefined)
    return no(transcript, 'unknown-device', 'the removed device is not here');
  if (device.removed !== null) return no(transcript, 'removed-device', 'it was removed before');
  if (!sameBytes(device.party, author.party)) {
    return no(transcript, 'other-party', "a party's device is removed by its own devices only");
  }
  if (!governs(transcript, author) && device.member !== author.member)
    return no(transcript, 'not-an-officer', "an officer removes another member's device");
  const left = activeDevices(transcript, author.party).filter(
    (one) => !sameBytes(one.id, device.id),
  );
  const needsOfficer = transcript.terms.kind === 'plenary' && left.length > 0;
  if (isOfficer(device) && needsOfficer && !left.some(isOfficer))
    return no(transcript, 'last-officer', 'the party would have devices and no officer');
  const removed = { at: transcript.tree.size, by: author.id, reason: body.reason };
  return accept(withDevice(transcript, { ...device, removed }));
}

/** Asking for more officers takes effect at once; asking for fewer when a second officer says the same. */
export function changePolicy(
  transcript: Transcript,
  author: Device,
  { officersForAdmission, officersForAuthority }: BodyOf<'party-policy'>,
): Judgement<Transcript> {
  const governs = governed(transcript, author);
  if (!governs.ok) return governs;
  const party = governs.value;
  const policy = { officersForAdmission, officersForAuthority };
  const officers = new Set(
    activeDevices(transcript, author.party)
      .filter(isOfficer)
      .map((device) => device.member),
  );
  const { officersForAdmission: now, officersForAuthority: nowAuthority } = party.policy;
  const loosens = officersForAdmission < now || officersForAuthority < nowAuthority;
  if (officersForAdmission > now && officers.size < officersForAdmission)
    return no(transcript, 'too-few-officers', `the party has ${officers.size} officers here`);
  if (!loosens) return accept(withParty(transcript, { ...party, policy, loosening: null }));
  const asked = party.loosening;
  const first = asked === null ? undefined : deviceOf(transcript, asked.by);
  const agreed =
    asked !== null &&
    asked.policy.officersForAdmission === officersForAdmission &&
    asked.policy.officersForAuthority === officersForAuthority &&
    first !== undefined &&
    isOfficer(first) &&
    first.member !== author.member;
  return accept(
    withParty(
      transcript,
      agreed
        ? { ...party, policy, loosening: null }
        : { ...party, loosening: { policy, by: author.id } },
    ),
  );
}
