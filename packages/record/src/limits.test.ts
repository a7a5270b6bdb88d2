// A room holds 128 devices at a time and 8 parties, live and in every exported file: the judge alone says so.

import { describe, expect, test } from 'vitest';
import { assert } from '@parley/kernel';
import { exportRecord } from './export.ts';
import { judge } from './judge.ts';
import { ROOM_DEVICES_MAX, ROOM_PARTIES_MAX } from './transcript.ts';
import {
  crypto,
  delegate,
  type RehearsedRoom,
  summit,
  type Delegate,
} from '../testing/rehearsed-room.ts';
import { verifyRecord } from './verify-record.ts';

function reasonOf(room: RehearsedRoom, by: Delegate, body: Parameters<RehearsedRoom['draft']>[1]) {
  const judged = judge(crypto, room.transcript, room.draft(by, body).entry);
  return judged.ok ? 'accepted' : judged.reason;
}

describe('a room full of devices', () => {
  const { room, kim } = summit('crowd');
  const colleague = (n: number): Delegate =>
    delegate(room.randomness, {
      party: 'Delegation of the North',
      member: `m${n}`,
      authority: kim.authority,
    });
  const present = (): number =>
    [...room.transcript.devices.values()].filter(({ removed }) => removed === null).length;
  const guests: Delegate[] = [];
  while (present() < ROOM_DEVICES_MAX) {
    const guest = colleague(guests.length);
    guests.push(guest);
    room.say(kim, { kind: 'device-admitted', certificate: guest.signed });
  }

  test('holds the 128th and refuses the 129th', () => {
    expect(present()).toBe(128);
    const one = colleague(1_000);
    expect(reasonOf(room, kim, { kind: 'device-admitted', certificate: one.signed })).toBe(
      'too-many-devices',
    );
  });

  test('refuses the 129th in a file as well, at its place', async () => {
    const beyond = room.draft(kim, {
      kind: 'device-admitted',
      certificate: colleague(1_001).signed,
    }).entry;
    const pieces: Uint8Array[] = [];
    const { root, tree } = room.transcript;
    const what = { room: room.room, size: tree.size + 1, root };
    for await (const piece of exportRecord(crypto, [...room.entries, beyond], what))
      pieces.push(piece);
    const verdict = await verifyRecord(crypto, pieces);
    expect(verdict).toMatchObject({ ok: false, reason: 'too-many-devices', at: tree.size });
  });

  test('takes another when one has been removed', () => {
    const [gone] = guests;
    assert(gone !== undefined, 'a guest');
    room.say(kim, { kind: 'device-removed', device: gone.id, reason: 'left' });
    const next = colleague(1_002);
    expect(reasonOf(room, kim, { kind: 'device-admitted', certificate: next.signed })).toBe(
      'accepted',
    );
  });
});

test('a channel holds eight parties and refuses the ninth', () => {
  const { room, kim } = summit('parties');
  const stranger = (n: number): Delegate =>
    delegate(room.randomness, { party: `Party ${n}`, member: 'M' });
  while (room.transcript.parties.size < ROOM_PARTIES_MAX)
    room.say(kim, {
      kind: 'party-admitted',
      certificate: stranger(room.transcript.parties.size).signed,
    });
  expect(room.transcript.parties.size).toBe(8);
  expect(reasonOf(room, kim, { kind: 'party-admitted', certificate: stranger(9).signed })).toBe(
    'too-many-parties',
  );
});
