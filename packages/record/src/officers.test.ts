// Who decides for a party: which officers' words count, whose do not, and when a looser rule comes into force.

import { expect, test } from 'vitest';
import {
  crypto,
  delegate,
  RehearsedRoom,
  summit,
  type Delegate,
} from '../testing/rehearsed-room.ts';
import { digestKey, judge, partyOf, type Body, type Party, type Role } from './index.ts';

const WEST = 'Delegation of the West';

function refusalOf(room: RehearsedRoom, by: Delegate, body: Body): string {
  const judged = judge(crypto, room.transcript, room.draft(by, body).entry);
  if (judged.ok) return 'accepted';
  expect(judged.detail, 'people are told why').toMatch(/\w/);
  return judged.reason;
}

const policy = (officersForAdmission: number, officersForAuthority: number): Body => ({
  kind: 'party-policy',
  officersForAdmission,
  officersForAuthority,
});
const admitted = ({ signed }: Delegate): Body => ({ kind: 'device-admitted', certificate: signed });
const proposed = ({ signed }: Delegate): Body => ({
  kind: 'admission-proposed',
  certificate: signed,
});

/** Lena and Tom are officers of the West; Lena has a second device, Mia is a member. */
function west(): ReturnType<typeof summit> & {
  readonly second: Delegate;
  readonly una: Delegate;
  readonly mia: Delegate;
  readonly colleague: (member: string, role?: Role) => Delegate;
  readonly party: () => Party;
} {
  const made = summit('officers');
  const { room, lena } = made;
  const { authority } = lena;
  const colleague = (member: string, role: Role = 'officer', label = 'laptop'): Delegate =>
    delegate(room.randomness, { party: WEST, member, role, label, authority });
  const second = colleague('Lena Brandt', 'officer', 'phone');
  const [una, mia] = [colleague('Una'), colleague('Mia', 'member')];
  for (const one of [second, una, mia]) room.say(lena, admitted(one));
  const party = (): Party => {
    const found = partyOf(room.transcript, lena.party);
    if (found === undefined) throw new Error('the West is here');
    return found;
  };
  return { ...made, second, una, mia, colleague, party };
}

test('a looser rule waits for an officer of another member who asks for the very same', () => {
  const { room, lena, second, tom, party } = west();
  const stands = (admission: number, authority: number): void =>
    expect(party().policy).toEqual({
      officersForAdmission: admission,
      officersForAuthority: authority,
    });
  const waits = (by: Delegate, admission: number, authority: number): void => {
    room.say(by, policy(admission, authority));
    stands(2, 3);
    expect(party().loosening).toEqual({
      policy: { officersForAdmission: admission, officersForAuthority: authority },
      by: by.id,
    });
  };
  room.say(lena, policy(2, 3));
  stands(2, 3);
  // The same again is no looser rule.
  room.say(tom, policy(2, 3));
  expect(party().loosening).toBeNull();
  waits(lena, 1, 3);
  waits(lena, 1, 3);
  waits(second, 1, 3);
  waits(tom, 2, 2);
  waits(lena, 1, 2);
  waits(tom, 1, 3);
  room.say(lena, policy(1, 3));
  stands(1, 3);
  expect(party().loosening).toBeNull();
});

test('a stricter rule forgets the looser one that was asked for; a suspended officer asks for nothing', () => {
  const { room, lena, tom, una, party } = west();
  room.say(lena, policy(2, 3));
  room.say(lena, policy(1, 3));
  room.say(tom, policy(2, 4));
  expect(party().loosening).toBeNull();
  room.say(lena, policy(1, 4));
  room.say(tom, { kind: 'member-suspended', member: 'Lena Brandt', reason: 'in doubt' });
  room.say(una, policy(1, 4));
  expect(party().policy).toEqual({ officersForAdmission: 2, officersForAuthority: 4 });
  room.say(tom, policy(1, 4));
  expect(party().policy).toEqual({ officersForAdmission: 1, officersForAuthority: 4 });
});

test('two officers are asked for where there are two, and what was asked for stays when one goes', () => {
  const { room, kim, lena, tom, park } = summit('two officers');
  room.say(kim, {
    kind: 'device-admitted',
    certificate: delegate(room.randomness, {
      party: 'Delegation of the North',
      member: 'Clerk',
      role: 'member',
      authority: kim.authority,
    }).signed,
  });
  // A member and an officer are not two officers.
  expect(refusalOf(room, kim, policy(2, 2))).toBe('too-few-officers');
  room.say(kim, admitted(park));
  expect(refusalOf(room, kim, policy(2, 2))).toBe('accepted');
  room.say(lena, policy(2, 2));
  room.say(lena, { kind: 'device-removed', device: tom.id, reason: 'left us' });
  expect(refusalOf(room, lena, policy(2, 3))).toBe('accepted');
});

test("what governs a party is refused by a member's device, and for members that are not there", () => {
  const { room, lena, mia } = west();
  const acts: Body[] = [
    { kind: 'member-renamed', member: 'Tom', to: 'Thomas' },
    { kind: 'member-suspended', member: 'Tom', reason: '' },
    { kind: 'member-resumed', member: 'Tom', reason: '' },
    policy(2, 2),
  ];
  for (const act of acts) expect(refusalOf(room, mia, act), act.kind).toBe('not-an-officer');
  const nobody: Body[] = [
    { kind: 'member-renamed', member: 'Nobody', to: 'Somebody' },
    { kind: 'member-suspended', member: 'Nobody', reason: '' },
    { kind: 'member-resumed', member: 'Nobody', reason: '' },
  ];
  for (const act of nobody) expect(refusalOf(room, lena, act), act.kind).toBe('unknown-member');
});

test('an admission by two takes a proposal of that very device, by an officer who is one still', () => {
  const { room, lena, second, tom, una, colleague } = west();
  const [first, other] = [colleague('Vera'), colleague('Wim')];
  room.say(lena, policy(2, 2));
  room.say(lena, proposed(first));
  expect(refusalOf(room, tom, admitted(other))).toBe('second-officer-needed');
  expect(refusalOf(room, second, admitted(first))).toBe('second-officer-needed');
  expect(refusalOf(room, tom, admitted(first))).toBe('accepted');
  room.say(tom, { kind: 'member-suspended', member: 'Lena Brandt', reason: 'in doubt' });
  expect(refusalOf(room, una, admitted(first))).toBe('second-officer-needed');
});

test('an officer who proposes twice is kept once, and the oldest of more than sixteen is forgotten', () => {
  const { room, lena, tom, colleague, party } = west();
  const many = Array.from({ length: 17 }, (_, i) => colleague(`Member ${i}`, 'member'));
  const [first, second] = many as [Delegate, Delegate, ...Delegate[]];
  const kept = (): string[] =>
    party().proposals.map(({ on, by }) => `${digestKey(on)} ${digestKey(by)}`);
  const of = (on: Delegate, by: Delegate): string => `${digestKey(on.id)} ${digestKey(by.id)}`;
  room.say(lena, proposed(first));
  room.say(lena, proposed(second));
  room.say(tom, proposed(first));
  room.say(lena, proposed(first));
  expect(kept()).toEqual([of(second, lena), of(first, tom), of(first, lena)]);
  for (const one of many.slice(2)) room.say(tom, proposed(one));
  expect(kept()).toHaveLength(16);
  expect(kept().slice(0, 2)).toEqual([of(first, lena), of(many[2] as Delegate, tom)]);
});

test('an officer goes while another stays, whoever else is there', () => {
  const { room, lena, tom, mia } = west();
  const gone = (who: Delegate): Body => ({
    kind: 'device-removed',
    device: who.id,
    reason: 'left us',
  });
  expect(refusalOf(room, lena, gone(tom))).toBe('accepted');
  const { room: north, kim } = summit('alone');
  const clerk = delegate(north.randomness, {
    party: 'Delegation of the North',
    member: 'Clerk',
    role: 'member',
    authority: kim.authority,
  });
  north.say(kim, admitted(clerk));
  expect(refusalOf(north, kim, gone(kim))).toBe('last-officer');
  expect(refusalOf(room, mia, gone(mia))).toBe('accepted');
});

test('in a room of named parties any device of a party repeats what its officers decided', () => {
  const { kim } = summit('named');
  const clerk = delegate(new RehearsedRoom('clerk').randomness, {
    party: 'Delegation of the North',
    member: 'Clerk',
    role: 'member',
    authority: kim.authority,
  });
  const room = new RehearsedRoom('caucus');
  room.say(kim, {
    kind: 'room-founded',
    channel: new Uint8Array(32).fill(3),
    room: 'caucus',
    parties: [kim.party],
    name: 'aside',
    relay: 'https://relay.example',
    earlier: null,
    certificate: kim.signed,
  });
  room.say(kim, admitted(clerk));
  const renamed: Body = { kind: 'member-renamed', member: kim.member, to: 'Kim' };
  expect(refusalOf(room, clerk, renamed)).toBe('accepted');
  // There the plenary has decided who is an officer: the last one may go.
  room.say(clerk, { kind: 'device-removed', device: kim.id, reason: 'left us' });
});
