// A room in which a party governs itself in every way there is, and the acts that it must refuse: for tests and vectors.

import { generateHybridSigner } from '@parley/kernel';
import { authorityChange, type Body, type OpenedEntry } from '../src/index.ts';
import { crypto, delegate, RehearsedRoom, type Delegate } from './rehearsed-room.ts';

const WEST = 'Delegation of the West';

export type Governed = {
  readonly room: RehearsedRoom;
  readonly kim: Delegate;
  /** Officers of the West; Lena's device is its first. */
  readonly lena: Delegate;
  readonly tom: Delegate;
  /** A member of the West, admitted by two officers, renamed to "Mia Berg", suspended and resumed. */
  readonly mia: Delegate;
  /** Entries that a device really signed and that may not stand at `at`. */
  readonly refused: readonly {
    readonly what: string;
    readonly at: number;
    readonly entry: OpenedEntry;
    readonly reason: string;
  }[];
};

/** Sixteen entries; the authority of the West changes in entry 13. */
export function governed(seed = 'governed'): Governed {
  const room = new RehearsedRoom(seed);
  const { randomness } = room;
  const kim = delegate(randomness, { party: 'Delegation of the North', member: 'Kim' });
  const lena = delegate(randomness, { party: WEST, member: 'Lena' });
  const { authority } = lena;
  const tom = delegate(randomness, { party: WEST, member: 'Tom', authority });
  const mia = delegate(randomness, { party: WEST, member: 'Mia', role: 'member', authority });
  const spare = delegate(randomness, { party: WEST, member: 'Spare', authority });
  const next = generateHybridSigner(crypto, randomness);
  const other = generateHybridSigner(crypto, randomness);
  const refused: { what: string; at: number; entry: OpenedEntry; reason: string }[] = [];
  const bad = (what: string, by: Delegate, body: Body, reason: string): void => {
    const { entry } = room.draft(by, body);
    refused.push({ what, at: room.entries.length, entry, reason });
  };
  const policy = (officersForAdmission: number, officersForAuthority = 2): Body => ({
    kind: 'party-policy',
    officersForAdmission,
    officersForAuthority,
  });
  const west = { room: room.room, party: lena.party };
  const change = (keys: { old: typeof authority | null; next: typeof authority }): Body =>
    authorityChange(crypto, west, keys, 'its vault was stolen');
  const inPerson = { kind: 'verified', how: 'in-person', words: [], offer: null } as const;

  room.found(kim);
  const first = delegate(randomness, { party: 'The South', member: 'Sol', role: 'member' });
  bad(
    "a party's first device is a member's",
    kim,
    { kind: 'party-admitted', certificate: first.signed },
    'not-an-officer',
  );
  room.say(kim, { kind: 'party-admitted', certificate: lena.signed });
  room.say(kim, { ...inPerson, about: lena.party });
  room.say(lena, { ...inPerson, about: kim.party });
  bad('two officers asked for where there is one', lena, policy(2), 'too-few-officers');
  bad('no officer asked for', lena, policy(0), 'malformed-body');
  room.say(lena, { kind: 'device-admitted', certificate: tom.signed });
  room.say(lena, policy(2));
  bad(
    'an admission without its second officer',
    lena,
    { kind: 'device-admitted', certificate: mia.signed },
    'second-officer-needed',
  );
  room.say(lena, { kind: 'admission-proposed', certificate: mia.signed });
  bad(
    'an admission by the officer who proposed it',
    lena,
    { kind: 'device-admitted', certificate: mia.signed },
    'second-officer-needed',
  );
  bad(
    "the counterpart's consent to our proposal",
    kim,
    { kind: 'device-admitted', certificate: mia.signed },
    'other-party',
  );
  room.say(tom, { kind: 'device-admitted', certificate: mia.signed });
  bad(
    'a proposal by a member',
    mia,
    { kind: 'admission-proposed', certificate: spare.signed },
    'not-an-officer',
  );
  bad(
    "another member's device removed by a member",
    mia,
    { kind: 'device-removed', device: tom.id, reason: '' },
    'not-an-officer',
  );
  room.say(kim, { kind: 'objection', device: mia.id, reason: 'she was not announced' });
  bad(
    'a member renamed by the counterpart',
    kim,
    { kind: 'member-renamed', member: 'Mia', to: 'Nobody' },
    'unknown-member',
  );
  bad(
    'a member renamed to another',
    tom,
    { kind: 'member-renamed', member: 'Mia', to: 'Tom' },
    'member-known',
  );
  room.say(tom, { kind: 'member-renamed', member: 'Mia', to: 'Mia Berg' });
  bad(
    'an officer suspends itself',
    lena,
    { kind: 'member-suspended', member: 'Lena', reason: '' },
    'own-member',
  );
  room.say(lena, { kind: 'member-suspended', member: 'Mia Berg', reason: 'telephone missing' });
  bad('a suspended device speaks', mia, { kind: 'text', text: 'It is me.' }, 'suspended-device');
  bad(
    'a member suspended twice',
    tom,
    { kind: 'member-suspended', member: 'Mia Berg', reason: '' },
    'suspended-member',
  );
  room.say(tom, { kind: 'member-resumed', member: 'Mia Berg', reason: 'it was found' });
  bad(
    'a member resumed who is not suspended',
    tom,
    { kind: 'member-resumed', member: 'Mia Berg', reason: '' },
    'not-suspended',
  );
  room.say(tom, policy(1));
  bad(
    'a change of authority that another key signed',
    lena,
    change({ old: other, next }),
    'bad-authority-proof',
  );
  bad(
    "another party's authority taken as one's own",
    lena,
    change({ old: authority, next: kim.authority }),
    'party-known',
  );
  bad('a change of authority by a member', mia, change({ old: null, next }), 'not-an-officer');
  const honest = change({ old: null, next });
  if (honest.kind === 'authority-changed') {
    const proof = honest.proof.map((byte) => byte ^ 1);
    bad('a new authority that did not sign', lena, { ...honest, proof }, 'bad-authority-proof');
  }
  room.say(lena, change({ old: authority, next }));
  bad(
    'a device certified by the authority that was given up',
    lena,
    { kind: 'device-admitted', certificate: spare.signed },
    'other-party',
  );
  bad(
    'a party of an authority that was given up',
    kim,
    { kind: 'party-admitted', certificate: spare.signed },
    'party-known',
  );
  bad(
    'a verification of the authority that was given up',
    kim,
    { ...inPerson, about: lena.party },
    'unknown-party',
  );
  const renewed = room.transcript.devices.get(Buffer.from(lena.id).toString('hex'));
  if (renewed === undefined) throw new Error('Lena is in the room');
  room.say(kim, { ...inPerson, about: renewed.party });
  room.say(mia, { kind: 'text', text: 'We go on.' });
  return { room, kim, lena, tom, mia, refused };
}
