// The judge refuses each way in which an entry can be out of place, each with its own reason, and goes on afterwards.

import { expect, test } from 'vitest';
import { concat, generateXWing, hybridSign } from '@parley/kernel';
import {
  crypto,
  delegate,
  RehearsedRoom,
  START_MS,
  summit,
  type Delegate,
} from '../testing/rehearsed-room.ts';
import {
  asDeviceId,
  asRoomId,
  asRootHash,
  authorUnknownEntry,
  decodeTranscript,
  deviceOf,
  encodeTranscript,
  isVerifiedParty,
  issueCertificate,
  judge,
  partyOf,
  readHeader,
  type EntryPlace,
  type JudgeReason,
  type RecordEntry,
} from './index.ts';

const text = { kind: 'text', text: 'Agreed.' } as const;

function reasonOf(room: RehearsedRoom, entry: RecordEntry): JudgeReason | 'accepted' {
  const judged = judge(crypto, room.transcript, entry);
  if (!judged.ok) {
    expect(judged.at).toBe(room.transcript.tree.size);
    expect(judged.detail, 'people are told why').toMatch(/\w/);
  }
  return judged.ok ? 'accepted' : judged.reason;
}

/** The verdict on a text by `by` that stands elsewhere than it honestly would. */
function misplaced(room: RehearsedRoom, by: Delegate, place: Partial<EntryPlace>): string {
  return reasonOf(room, room.draft(by, text, place).entry);
}

/** When its author says that an entry was written. */
function timeOf(room: RehearsedRoom, index: number): number | undefined {
  const entry = room.entries[index];
  const header = entry && readHeader(entry.signed);
  return header?.ok === true ? header.value.timeMs : undefined;
}

const other = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 1);

test('an honest room is accepted entry by entry, and says who has seen what', () => {
  const { room, kim, lena, tom } = summit();
  expect(room.entries).toHaveLength(11);
  expect(deviceOf(room.transcript, kim.id)).toMatchObject({
    entries: 6,
    acknowledged: 10,
    firstMs: timeOf(room, 0),
    lastMs: timeOf(room, 10),
  });
  expect(deviceOf(room.transcript, tom.id)).toMatchObject({ admittedAt: 7, admittedBy: lena.id });
  expect(partyOf(room.transcript, lena.party)).toMatchObject({
    name: 'Delegation of the West',
    admittedAt: 1,
    verifications: [{ how: 'voice', at: 5 }],
  });
});

test('a stored transcript judges as the living one does', () => {
  const { room, kim } = summit();
  const stored = decodeTranscript(crypto, encodeTranscript(room.transcript));
  expect(stored).toMatchObject({ ok: true, value: room.transcript });
  room.say(kim, text);
});

test('an entry is refused when its author saw fewer entries, more, or others', () => {
  const { room, kim } = summit();
  const { size, root } = room.placeOf(kim).seen;
  expect(misplaced(room, kim, { seen: { size: size - 1, root } })).toBe('stale-seen');
  expect(misplaced(room, kim, { seen: { size: size + 1, root } })).toBe('seen-ahead');
  expect(misplaced(room, kim, { seen: { size, root: asRootHash(other(root)) } })).toBe(
    'false-seen',
  );
  expect(misplaced(room, kim, {})).toBe('accepted');
});

test("an entry is refused when it does not follow its author's last one", () => {
  const { room, kim } = summit();
  const { authorSeq } = room.placeOf(kim);
  expect(misplaced(room, kim, { authorSeq: authorSeq + 1 })).toBe('broken-author-chain');
  expect(misplaced(room, kim, { authorSeq: authorSeq - 1 })).toBe('broken-author-chain');
  expect(misplaced(room, kim, { authorPrev: room.leafAt(0) })).toBe('broken-author-chain');
});

test('an entry is refused when its header is none, whoever signed it', () => {
  const { room, kim } = summit();
  const { entry } = room.draft(kim, text);
  const cut = entry.signed.header.slice(0, -1);
  const key = { secretKey: kim.signer.secretKey, purpose: 'entry' };
  const signed = { header: cut, signature: hybridSign(crypto, key, cut) };
  expect(reasonOf(room, { ...entry, signed })).toBe('malformed-entry');
});

test('an entry is refused when it was signed for another room', () => {
  const { room, kim } = summit();
  expect(misplaced(room, kim, { room: asRoomId(other(room.room)) })).toBe('wrong-room');
});

test('an entry is refused when its device was never admitted, or was removed', () => {
  const { room, kim, lena, park, tom } = summit();
  expect(misplaced(room, park, {})).toBe('unknown-device');
  expect(misplaced(room, kim, { author: asDeviceId(other(kim.id)) })).toBe('unknown-device');
  room.say(lena, { kind: 'device-removed', device: tom.id, reason: 'laptop stolen' });
  expect(misplaced(room, tom, {})).toBe('removed-device');
  expect(deviceOf(room.transcript, tom.id)?.removed).toMatchObject({ at: 11, by: lena.id });
});

test('an entry is refused when another signed it, or one byte differs', () => {
  const { room, kim, lena } = summit();
  expect(misplaced(room, { ...kim, signer: lena.signer }, {})).toBe('bad-signature');
  const { entry } = room.draft(kim, text);
  const { header, signature } = entry.signed;
  for (const at of [0, 40, 64, 65, 2_000, signature.length - 1]) {
    const bent = signature.slice();
    bent[at] = (bent[at] ?? 0) ^ 1;
    const signed = { header, signature: bent };
    expect(reasonOf(room, { ...entry, signed })).toBe('bad-signature');
  }
});

test('a signature made for another purpose does not count', () => {
  const { room, kim } = summit();
  const { entry } = room.draft(kim, text);
  const key = { secretKey: kim.signer.secretKey, purpose: 'checkpoint' };
  const signature = hybridSign(crypto, key, entry.signed.header);
  const signed = { header: entry.signed.header, signature };
  expect(reasonOf(room, { ...entry, signed })).toBe('bad-signature');
});

test('one good half of a signature is not enough', () => {
  const { room, kim } = summit();
  const [one, two] = [room.draft(kim, text).entry, room.draft(kim, text).entry];
  const half = concat(one.signed.signature.slice(0, 64), two.signed.signature.slice(64));
  const signed = { header: one.signed.header, signature: half };
  expect(reasonOf(room, { ...one, signed })).toBe('bad-signature');
});

test('an entry is refused when its body is not the signed one', () => {
  const { room, kim } = summit();
  const { entry } = room.draft(kim, text);
  const { salt, body } = entry.opened;
  expect(reasonOf(room, { ...entry, opened: { salt, body: other(body) } })).toBe('wrong-body');
  expect(reasonOf(room, { ...entry, opened: { salt: other(salt), body } })).toBe('wrong-body');
});

test('a body that is not of its kind is refused where it says who may sign, and else shown as unknown', () => {
  const { room, kim } = summit();
  const shapeless = (kind: string): RecordEntry => {
    const said = { kind, body: Uint8Array.of(1, 2, 3) };
    return authorUnknownEntry(room.ports, room.placeOf(kim), said, kim.signer.secretKey).entry;
  };
  expect(reasonOf(room, shapeless('device-removed'))).toBe('malformed-body');
  expect(reasonOf(room, shapeless('found'))).toBe('malformed-body');
  const judged = judge(crypto, room.transcript, shapeless('text'));
  expect(judged).toMatchObject({ ok: true, value: { body: { kind: 'unknown', name: 'text' } } });
});

test('a safe copy is named exactly when one was rebuilt', () => {
  const { room, kim } = summit();
  const hash = new Uint8Array(32);
  const report = {
    document: room.leafAt(9),
    original: hash,
    policy: 'p',
    engine: 'e',
    report: hash,
  };
  const said = { kind: 'disarmed', ...report } as const;
  const kindOf = (outcome: 'rebuilt' | 'refused', safe: Uint8Array | null): string | undefined => {
    const { entry } = room.draft(kim, { ...said, outcome, safe });
    const judged = judge(crypto, room.transcript, entry);
    return judged.ok ? judged.value.body?.kind : judged.reason;
  };
  expect(kindOf('refused', null)).toBe('disarmed');
  expect(kindOf('rebuilt', hash)).toBe('disarmed');
  expect(kindOf('refused', hash)).toBe('unknown');
  expect(kindOf('rebuilt', null)).toBe('unknown');
});

test('a kind of a later version is carried and shown as unknown', () => {
  const { room, kim } = summit();
  const said = { kind: 'seating-plan', body: Uint8Array.of(9, 9) };
  const later = authorUnknownEntry(room.ports, room.placeOf(kim), said, kim.signer.secretKey);
  expect(room.add(later.entry).body).toEqual({
    kind: 'unknown',
    name: 'seating-plan',
    bytes: Uint8Array.of(9, 9),
  });
});

test('words can be withheld, but not who may sign', () => {
  const { room, kim, tom } = summit();
  const withheld = (entry: RecordEntry): string =>
    reasonOf(room, { signed: entry.signed, opened: null });
  expect(withheld(room.draft(kim, text).entry)).toBe('accepted');
  const removal = room.draft(kim, { kind: 'device-removed', device: tom.id, reason: '' });
  expect(withheld(removal.entry)).toBe('body-withheld');
});

test('a room begins with its founding, by the device it certifies, and is founded once', () => {
  const empty = new RehearsedRoom('not founded');
  const kim = delegate(empty.randomness, { party: 'North', member: 'Kim' });
  const park = delegate(empty.randomness, { party: 'North', member: 'Park' });
  const found = { kind: 'found', channel: empty.room, name: '', relay: '' } as const;
  expect(reasonOf(empty, empty.draft(kim, text).entry)).toBe('not-founded');
  const borrowed = empty.draft(kim, { ...found, certificate: park.signed });
  expect(reasonOf(empty, borrowed.entry)).toBe('not-own-certificate');
  const own = empty.draft(kim, { ...found, certificate: kim.signed });
  expect(reasonOf(empty, { signed: own.entry.signed, opened: null })).toBe('body-withheld');
  empty.add(own.entry);
  const again = empty.draft(kim, { ...found, certificate: park.signed });
  expect(reasonOf(empty, again.entry)).toBe('founded-twice');
});

test('a certificate is refused when the authority it names did not sign it', () => {
  const { room, lena, randomness } = { ...summit(), randomness: summit('other').room.randomness };
  const signer = delegate(randomness, { party: 'x', member: 'x' });
  const forged = issueCertificate(crypto, signer.authority.secretKey, {
    party: 'Delegation of the West',
    authority: lena.authority.publicKey,
    member: 'Intruder',
    label: 'phone',
    role: 'officer',
    signer: signer.signer.publicKey,
    mls: randomness.bytes(32),
    seal: generateXWing(crypto, randomness).publicKey,
    issuedMs: START_MS,
  });
  const entry = room.draft(lena, { kind: 'device-admitted', certificate: forged }).entry;
  expect(reasonOf(room, entry)).toBe('wrong-authority');
  const cut = { ...forged, body: forged.body.slice(0, -1) };
  const odd = room.draft(lena, { kind: 'device-admitted', certificate: cut }).entry;
  expect(reasonOf(room, odd)).toBe('malformed-certificate');
});

test("nobody admits a device of another party's: not as a device, not as a party", () => {
  const { room, kim, lena } = summit();
  const spare = delegate(room.randomness, {
    party: 'Delegation of the West',
    member: 'Spare',
    authority: lena.authority,
  });
  const asDevice = room.draft(kim, { kind: 'device-admitted', certificate: spare.signed });
  expect(reasonOf(room, asDevice.entry)).toBe('other-party');
  const asParty = room.draft(kim, { kind: 'party-admitted', certificate: spare.signed });
  expect(reasonOf(room, asParty.entry)).toBe('party-known');
  const byItself = room.draft(lena, { kind: 'device-admitted', certificate: spare.signed });
  expect(reasonOf(room, byItself.entry)).toBe('accepted');
});

test('a party without a device left may be admitted again, under its own name', () => {
  const { room, kim, lena, tom } = summit();
  for (const { id: device } of [lena, tom]) {
    room.say(tom, { kind: 'device-removed', device, reason: 'lost' });
  }
  const { authority } = lena;
  const renamed = delegate(room.randomness, { party: 'The West', member: 'Lena', authority });
  const admit = (who: Delegate): string =>
    reasonOf(room, room.draft(kim, { kind: 'party-admitted', certificate: who.signed }).entry);
  expect(admit(renamed)).toBe('party-name-changed');
  expect(admit(lena)).toBe('device-known');
  const again = { party: 'Delegation of the West', member: 'Lena', authority };
  expect(admit(delegate(room.randomness, again))).toBe('accepted');
});

test('a party admits others only after a chain of verifications has reached it', () => {
  const room = new RehearsedRoom('chain');
  const party = (name: string): Delegate =>
    delegate(room.randomness, { party: name, member: name });
  const [a, b, c, d] = [party('A'), party('B'), party('C'), party('D')];
  const admits = (by: Delegate, who: Delegate): string =>
    reasonOf(room, room.draft(by, { kind: 'party-admitted', certificate: who.signed }).entry);
  const verify = (by: Delegate, about: Delegate): void => {
    const words = [1, 2, 3, 4];
    const said = { about: about.party, how: 'voice', words, offer: null } as const;
    room.say(by, { kind: 'verified', ...said });
  };
  room.found(a);
  room.say(a, { kind: 'party-admitted', certificate: b.signed });
  room.say(a, { kind: 'party-admitted', certificate: c.signed });
  expect(admits(b, d)).toBe('party-not-verified');
  verify(b, c);
  verify(c, b);
  expect(isVerifiedParty(room.transcript, b.party)).toBe(false);
  verify(a, c);
  expect(isVerifiedParty(room.transcript, b.party)).toBe(true);
  expect(admits(b, d)).toBe('accepted');
  room.say(c, { kind: 'mismatch', about: b.party, how: 'voice', offer: room.leafAt(0) });
  expect(admits(b, d)).toBe('party-not-verified');
});

test('a party verifies neither itself nor a stranger', () => {
  const { room, kim } = summit();
  const offer = room.leafAt(0);
  const own = room.draft(kim, { kind: 'mismatch', about: kim.party, how: 'voice', offer });
  expect(reasonOf(room, own.entry)).toBe('own-party');
  const stranger = delegate(room.randomness, { party: 'Z', member: 'Z' });
  const unknown = room.draft(kim, { kind: 'mismatch', about: stranger.party, how: 'voice', offer });
  expect(reasonOf(room, unknown.entry)).toBe('unknown-party');
});

test("a device cannot come with another device's keys", () => {
  const { room, kim, lena } = summit();
  const certificate = issueCertificate(crypto, kim.authority.secretKey, {
    party: 'Delegation of the North',
    authority: kim.authority.publicKey,
    member: 'Twin',
    label: 'phone',
    role: 'officer',
    signer: lena.signer.publicKey,
    mls: room.randomness.bytes(32),
    seal: generateXWing(crypto, room.randomness).publicKey,
    issuedMs: START_MS,
  });
  const twin = room.draft(kim, { kind: 'device-admitted', certificate });
  expect(reasonOf(room, twin.entry)).toBe('key-reused');
});

test('a device is removed once, by its own party alone, itself included', () => {
  const { room, kim, lena, tom, park } = summit();
  const remove = (by: Delegate, device: Delegate): string =>
    reasonOf(room, room.draft(by, { kind: 'device-removed', device: device.id, reason: '' }).entry);
  expect(remove(kim, park)).toBe('unknown-device');
  expect(remove(kim, tom)).toBe('other-party');
  expect(remove(lena, tom)).toBe('accepted');
  expect(remove(tom, tom)).toBe('accepted');
  room.say(tom, { kind: 'device-removed', device: tom.id, reason: 'leaving' });
  expect(remove(kim, tom)).toBe('removed-device');
});

test('a refusal leaves the room good for the next honest entry', () => {
  const { room, kim, tom } = summit();
  expect(misplaced(room, kim, { authorSeq: 99 })).toBe('broken-author-chain');
  room.say(tom, text);
  room.say(kim, text);
  expect(room.transcript.tree.size).toBe(13);
});
