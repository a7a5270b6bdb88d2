// A party governs itself and nobody else does: every act that must be refused is, by its own reason, and no sequence of a
// counterpart's acts changes who may sign for us.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateHybridSigner } from '@parley/kernel';
import { crypto, delegate, summit, type Delegate } from '../testing/rehearsed-room.ts';
import { governed } from '../testing/governed-room.ts';
import {
  authorityChange,
  awaitsVerification,
  decodeTranscript,
  digestKey,
  encodeTranscript,
  isVerifiedParty,
  judge,
  partyOf,
  type Body,
  type Transcript,
} from './index.ts';

test('a party admits by two, renames, suspends, resumes and changes its authority', () => {
  const { room, kim, lena, tom, mia } = governed();
  const { transcript } = room;
  expect([...transcript.parties.keys()]).not.toContain(digestKey(lena.party));
  const device = (who: Delegate): unknown => transcript.devices.get(digestKey(who.id));
  expect(device(mia)).toMatchObject({ member: 'Mia Berg', suspended: null, admittedBy: tom.id });
  const west = [...transcript.parties.values()][1];
  expect(west).toMatchObject({
    name: 'Delegation of the West',
    formerly: [lena.party],
    policy: { officersForAdmission: 2, officersForAuthority: 2 },
    loosening: { policy: { officersForAdmission: 1, officersForAuthority: 2 }, by: tom.id },
    verifications: [{ by: kim.party, how: 'in-person', at: 14 }],
  });
  // Its word about others stays its own.
  expect(partyOf(transcript, kim.party)?.verifications).toMatchObject([{ by: west?.fingerprint }]);
});

test('each act against the rules is refused at its place', () => {
  const { room, refused } = governed();
  for (const { what, at, entry, reason } of refused) {
    const judged = judge(crypto, room.copy(at).transcript, entry);
    expect(judged.ok ? 'accepted' : judged.reason, what).toBe(reason);
    expect(judged, what).toMatchObject({ detail: expect.stringMatching(/\w/) });
  }
  expect(refused.length).toBeGreaterThanOrEqual(20);
});

test('a stored transcript of such a room judges as the living one does', () => {
  const { room } = governed();
  for (const size of [7, 11, 13, 14, 16]) {
    const { transcript } = room.copy(size);
    const stored = decodeTranscript(crypto, encodeTranscript(transcript));
    expect(stored, `after ${size} entries`).toMatchObject({ ok: true, value: transcript });
  }
});

test('a changed authority is trusted by nobody until somebody verifies it anew', () => {
  const { room, lena } = governed();
  const changed = room.copy(14).transcript;
  const [, west] = [...changed.parties.values()];
  if (west === undefined) throw new Error('the West is here');
  expect(west.formerly).toEqual([lena.party]);
  expect(awaitsVerification(changed, west)).toBe(true);
  expect(isVerifiedParty(changed, west.fingerprint)).toBe(false);
  expect(isVerifiedParty(room.transcript, west.fingerprint)).toBe(true);
});

test('without the old key as many officers decide as the policy asks for, each once', () => {
  const { room, lena, tom } = summit();
  const next = generateHybridSigner(crypto, room.randomness);
  const at = { room: room.room, party: lena.party };
  const body = authorityChange(crypto, at, { old: null, next }, 'the safe burned');
  room.say(lena, body);
  room.say(lena, body);
  expect(room.transcript.parties.has(digestKey(lena.party))).toBe(true);
  room.say(tom, body);
  expect(room.transcript.parties.has(digestKey(lena.party))).toBe(false);
});

test('the last officer of a party with devices stays', () => {
  const { room, kim } = summit();
  const { authority } = kim;
  const clerk = delegate(room.randomness, {
    party: 'Delegation of the North',
    member: 'Clerk',
    role: 'member',
    authority,
  });
  room.say(kim, { kind: 'device-admitted', certificate: clerk.signed });
  const { entry } = room.draft(kim, { kind: 'device-removed', device: kim.id, reason: '' });
  expect(judge(crypto, room.transcript, entry)).toMatchObject({ reason: 'last-officer' });
  room.say(clerk, { kind: 'device-removed', device: clerk.id, reason: 'leaving' });
});

/** All that says who may sign for one party, and under which names and rules. */
function ours(transcript: Transcript, party: Uint8Array): unknown {
  const key = digestKey(party);
  return {
    devices: [...transcript.devices.values()]
      .filter((device) => digestKey(device.party) === key)
      .map(({ id, member, removed, suspended }) => ({ id, member, removed, suspended })),
    party: {
      ...transcript.parties.get(key),
      // What others say of us is theirs.
      verifications: null,
    },
  };
}

test("no sequence of a counterpart's acts changes our side's devices, members or rules", () => {
  const played = summit();
  const { kim, park, lena, tom } = played;
  const rogue = generateHybridSigner(crypto, played.room.randomness);
  const acts: ((by: Delegate) => Body)[] = [
    () => ({ kind: 'device-admitted', certificate: park.signed }),
    () => ({ kind: 'party-admitted', certificate: park.signed }),
    () => ({ kind: 'admission-proposed', certificate: park.signed }),
    () => ({ kind: 'device-removed', device: kim.id, reason: '' }),
    () => ({ kind: 'member-renamed', member: kim.member, to: 'Nobody' }),
    () => ({ kind: 'member-suspended', member: kim.member, reason: '' }),
    () => ({ kind: 'member-resumed', member: kim.member, reason: '' }),
    () => ({ kind: 'party-policy', officersForAdmission: 2, officersForAuthority: 3 }),
    () => ({ kind: 'mismatch', about: kim.party, how: 'voice', offer: played.room.leafAt(2) }),
    () => ({ kind: 'objection', device: kim.id, reason: 'no' }),
    ...[kim.party, lena.party].map(
      (party) => () =>
        authorityChange(
          crypto,
          { room: played.room.room, party },
          { old: party === lena.party ? lena.authority : null, next: rogue },
          'ours now',
        ),
    ),
  ];
  const step = fc.record({
    act: fc.integer({ min: 0, max: acts.length - 1 }),
    by: fc.constantFrom('lena', 'tom'),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      const room = played.room.copy();
      const before = ours(room.transcript, kim.party);
      for (const { act, by } of steps) {
        const who = by === 'lena' ? lena : tom;
        const body = acts[act]?.(who);
        if (body === undefined) continue;
        const { entry } = room.draft(who, body);
        if (judge(crypto, room.transcript, entry).ok) room.add(entry);
      }
      expect(ours(room.transcript, kim.party)).toEqual(before);
    }),
    { numRuns: process.env['SLOW'] === '1' ? 500 : 15 },
  );
});
