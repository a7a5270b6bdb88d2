// What founds a room decides who can ever be in it, and a restarted room begins with everybody's acceptance.

import { expect, test } from 'vitest';
import {
  crypto,
  delegate,
  joined,
  RehearsedRoom,
  summit,
  type Delegate,
} from '../testing/rehearsed-room.ts';
import {
  decodeTranscript,
  encodeTranscript,
  exportRecord,
  judge,
  type Body,
  type EarlierRecord,
  type Fingerprint,
} from './index.ts';
import { verifyRestart } from './verify-restart.ts';
import { verifyRecord } from './verify-record.ts';

const relay = 'https://relay.example';
const channel = new Uint8Array(32).fill(3);
const inOrder = (parties: readonly Fingerprint[]): Fingerprint[] =>
  parties.toSorted((a, b) => Buffer.compare(a, b));

function reasonOf(room: RehearsedRoom, by: Delegate, body: Body): string {
  const judged = judge(crypto, room.transcript, room.draft(by, body).entry);
  if (judged.ok) return 'accepted';
  expect(judged.detail, 'people are told why').toMatch(/\w/);
  return judged.reason;
}

function side(
  room: 'caucus' | 'bilateral',
  by: Delegate,
  parties: readonly Fingerprint[],
  earlier: EarlierRecord | null = null,
): Body {
  return {
    kind: 'room-founded',
    channel,
    room,
    parties,
    name: 'aside',
    relay,
    earlier,
    certificate: by.signed,
  };
}

test('nobody of a party that a caucus does not name can be admitted, and its own party adds its devices', () => {
  const { kim, park, lena } = summit();
  const room = new RehearsedRoom('caucus');
  room.say(kim, side('caucus', kim, [kim.party]));
  expect(room.transcript.terms).toEqual({ kind: 'caucus', parties: [kim.party], earlier: null });
  expect(reasonOf(room, kim, { kind: 'party-admitted', certificate: lena.signed })).toBe(
    'party-not-named',
  );
  room.say(kim, { kind: 'device-admitted', certificate: park.signed });
  expect(reasonOf(room, park, { kind: 'party-admitted', certificate: lena.signed })).toBe(
    'party-not-named',
  );
  expect(decodeTranscript(crypto, encodeTranscript(room.transcript))).toMatchObject({
    ok: true,
    value: room.transcript,
  });
});

test('a bilateral room admits the parties it names without a ceremony, and no third', () => {
  const { kim, lena, tom } = summit();
  const room = new RehearsedRoom('bilateral');
  const third = delegate(room.randomness, { party: 'A third party', member: 'Ines' });
  room.say(kim, side('bilateral', kim, inOrder([kim.party, lena.party])));
  expect(reasonOf(room, kim, { kind: 'party-admitted', certificate: third.signed })).toBe(
    'party-not-named',
  );
  room.say(kim, { kind: 'party-admitted', certificate: lena.signed });
  expect(reasonOf(room, lena, { kind: 'party-admitted', certificate: third.signed })).toBe(
    'party-not-named',
  );
  expect(reasonOf(room, kim, { kind: 'device-admitted', certificate: tom.signed })).toBe(
    'other-party',
  );
  room.say(lena, { kind: 'device-admitted', certificate: tom.signed });
});

test('a founding entry names the parties that such a room has: its own, each once, in order', () => {
  const { kim, lena } = summit();
  const [low, high] = inOrder([kim.party, lena.party]) as [Fingerprint, Fingerprint];
  const founded = (body: Body): string => reasonOf(new RehearsedRoom('named'), kim, body);
  expect(founded(side('caucus', kim, [kim.party]))).toBe('accepted');
  expect(founded(side('bilateral', kim, [low, high]))).toBe('accepted');
  expect(founded(side('caucus', kim, []))).toBe('wrong-parties');
  expect(founded(side('caucus', kim, [lena.party]))).toBe('wrong-parties');
  expect(founded(side('caucus', kim, [low, high]))).toBe('wrong-parties');
  expect(founded(side('bilateral', kim, [kim.party]))).toBe('wrong-parties');
  expect(founded(side('bilateral', kim, [high, low]))).toBe('wrong-parties');
  expect(founded(side('bilateral', kim, [low, low, high]))).toBe('wrong-parties');
  const room = new RehearsedRoom('twice');
  room.say(kim, side('caucus', kim, [kim.party]));
  expect(reasonOf(room, kim, side('caucus', kim, [kim.party]))).toBe('founded-twice');
});

function restarted(evidence: Uint8Array | null = new Uint8Array(32).fill(9)): {
  old: RehearsedRoom;
  room: RehearsedRoom;
  earlier: EarlierRecord;
  kim: Delegate;
  lena: Delegate;
} {
  const { room: old, kim, lena } = summit();
  const held = old.copy(9).transcript;
  const earlier = {
    room: old.room,
    size: 9,
    root: held.root,
    evidence,
  };
  const room = new RehearsedRoom('restarted');
  room.say(kim, {
    kind: 'room-restarted',
    channel,
    name: 'talks',
    relay,
    earlier,
    certificate: kim.signed,
  });
  room.say(kim, { kind: 'party-admitted', certificate: lena.signed });
  return { old, room, earlier, kim, lena };
}

test('in a restarted room every other party first accepts that very checkpoint', () => {
  const { room, earlier, lena, kim } = restarted();
  expect(room.transcript.terms).toEqual({ kind: 'plenary', parties: [], earlier });
  const text = { kind: 'text', text: 'Where were we?' } as const;
  expect(reasonOf(room, lena, text)).toBe('restart-not-accepted');
  const other = { ...earlier, size: 8 };
  expect(reasonOf(room, lena, { kind: 'restart-accepted', earlier: other })).toBe('wrong-restart');
  const unproven = { ...earlier, evidence: null };
  expect(reasonOf(room, lena, { kind: 'restart-accepted', earlier: unproven })).toBe(
    'wrong-restart',
  );
  room.say(lena, { kind: 'restart-accepted', earlier });
  room.say(lena, text);
  room.say(kim, text);
});

test('a restart without evidence is accepted as one without evidence', () => {
  const { room, earlier, lena } = restarted(null);
  const claimed = { ...earlier, evidence: new Uint8Array(32).fill(9) };
  expect(reasonOf(room, lena, { kind: 'restart-accepted', earlier: claimed })).toBe(
    'wrong-restart',
  );
  expect(reasonOf(room, lena, { kind: 'restart-accepted', earlier })).toBe('accepted');
});

test('a room that goes on from nothing accepts no restart, and none goes on from itself or from no entry', () => {
  const { room, kim } = summit();
  const earlier = { room: room.room, size: 1, root: room.copy(1).transcript.root, evidence: null };
  expect(reasonOf(room, kim, { kind: 'restart-accepted', earlier })).toBe('wrong-restart');
  const fresh = new RehearsedRoom('fresh');
  const body = {
    kind: 'room-restarted',
    channel,
    name: 'talks',
    relay,
    certificate: kim.signed,
  } as const;
  expect(reasonOf(fresh, kim, { ...body, earlier: { ...earlier, room: fresh.room } })).toBe(
    'wrong-restart',
  );
  expect(reasonOf(fresh, kim, { ...body, earlier: { ...earlier, size: 0 } })).toBe('wrong-restart');
});

async function fileOf(room: RehearsedRoom): Promise<Uint8Array> {
  const { tree, root } = room.transcript;
  return joined(exportRecord(crypto, room.entries, { room: room.room, size: tree.size, root }));
}

test('an arbiter with both files follows the link, and is told where it does not hold', async () => {
  const { old, room, kim } = restarted();
  const later = await verifyRecord(crypto, [await fileOf(room)]);
  if (!later.ok) throw new Error(later.reason);
  expect(later.value.terms).toMatchObject({ kind: 'plenary', earlier: { size: 9 } });
  const file = await fileOf(old);
  expect(await verifyRestart(crypto, later.value, [file])).toMatchObject({
    ok: true,
    value: { size: 11, room: later.value.terms.earlier?.room },
  });
  const cut = await fileOf(old.copy(8));
  expect(await verifyRestart(crypto, later.value, [cut])).toMatchObject({ reason: 'ends-before' });
  const stranger = await fileOf(summit('another').room);
  expect(await verifyRestart(crypto, later.value, [stranger])).toMatchObject({
    reason: 'other-room',
  });
  expect(await verifyRestart(crypto, later.value, [file.slice(0, -9)])).toMatchObject({
    reason: 'bad-record',
  });
  const split = old.copy(8);
  split.say(kim, { kind: 'text', text: 'Another ninth entry.' });
  expect(await verifyRestart(crypto, later.value, [await fileOf(split)])).toMatchObject({
    reason: 'other-history',
  });
  const plain = await verifyRecord(crypto, [file]);
  if (!plain.ok) throw new Error(plain.reason);
  expect(await verifyRestart(crypto, plain.value, [file])).toMatchObject({ reason: 'no-restart' });
});

test('a room of some parties goes on after a fork too: the others accept first, and it is the room that it was', () => {
  const { kim, lena } = summit();
  const room = new RehearsedRoom('chairs again');
  const parties = inOrder([kim.party, lena.party]);
  const { earlier } = restarted();
  room.say(kim, side('bilateral', kim, parties, earlier));
  expect(room.transcript.terms).toEqual({ kind: 'bilateral', parties, earlier });
  room.say(kim, { kind: 'party-admitted', certificate: lena.signed });
  const said: Body = { kind: 'text', text: 'Good morning.' };
  expect(reasonOf(room, lena, said)).toBe('restart-not-accepted');
  room.say(lena, { kind: 'restart-accepted', earlier });
  expect(reasonOf(room, lena, said)).toBe('accepted');
});
