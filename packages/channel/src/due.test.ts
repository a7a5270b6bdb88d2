// What a device owes follows from the room alone: whom it lets in, whom it takes out, which comparison waits for it.

import { expect, test } from 'vitest';
import { assert, toHex } from '@parley/kernel';
import { deviceOf } from '@parley/record';
import { dueActs, renewalDue, unsentAct } from './due.ts';
import { author, type Act, type Room } from './index.ts';
import { colleague, invite, START_MS, summit } from '../testing/town.ts';

const DAY_MS = 86_400_000;
const frozen: Room['frozen'] = { reason: 'fork', seq: 1, detail: 'a test', evidence: null };

test('every removed device is owed once, each under its own name, and not by one that is removed itself', async () => {
  const { log, ana, bo } = await summit('owed');
  const zoe = await invite(log, ana, colleague('owed', ana, 'Zoe'));
  const yan = await invite(log, ana, colleague('owed', ana, 'Yan'));
  for (const { identity } of [zoe, yan])
    await ana.act(log, { kind: 'device-removed', device: identity.deviceId, reason: 'lost' });
  for (const desk of [bo, zoe]) await desk.sync(log);
  const devices = [zoe, yan].map(({ identity }) => identity.deviceId);
  expect(dueActs(bo.room, bo.identity)).toEqual(
    devices.map((device) => ({
      id: `remove ${toHex(device)}`,
      act: { kind: 'commit', change: { kind: 'remove', devices: [device] } },
    })),
  );
  expect(dueActs(zoe.room, zoe.identity)).toEqual([]);
  expect(dueActs({ ...bo.room, frozen }, bo.identity)).toEqual([]);
  // A room that does not know this device owes it nothing to do.
  const others = new Map(
    [...bo.room.transcript.devices].filter(([, one]) => one.member !== bo.name),
  );
  const unknown = { ...bo.room, transcript: { ...bo.room.transcript, devices: others } };
  expect(dueActs(unknown, bo.identity)).toEqual([]);
});

test('who was admitted is let in by whoever admitted it; who is only proposed is not', async () => {
  const { ana, bo } = await summit('let in');
  const device = deviceOf(bo.room.transcript, bo.identity.deviceId);
  assert(device !== undefined, 'Bo is here');
  const stranger = ana.room.room;
  const [keyPackage, other] = [new Uint8Array(9).fill(1), new Uint8Array(9).fill(2)];
  const admissions = [
    { device: device.id, keyPackage },
    { device: stranger as unknown as typeof device.id, keyPackage: other },
  ];
  expect(dueActs({ ...ana.room, admissions }, ana.identity)).toEqual([
    {
      id: `add ${toHex(device.id)}`,
      act: { kind: 'commit', change: { kind: 'add', keyPackages: [keyPackage] } },
    },
  ]);
});

test('an offer is owed an answer by the other side, and an answer its opening by whoever offered', async () => {
  const { log, ana, bo } = await summit('comparison');
  await ana.act(log, { kind: 'verify-offer', about: bo.identity.party });
  await bo.sync(log);
  const [one] = bo.room.ceremonies;
  assert(one !== undefined, 'an offer');
  const { offer } = one;
  const answer: Act = { kind: 'verify-answer', offer };
  expect(dueActs(bo.room, bo.identity)).toEqual([{ id: `answer ${toHex(offer)}`, act: answer }]);
  expect(dueActs(ana.room, ana.identity)).toEqual([]);
  await bo.act(log, answer);
  await ana.sync(log);
  const open = { id: `open ${toHex(offer)}`, act: { kind: 'verify-open', offer } };
  expect(dueActs(ana.room, ana.identity)).toEqual([open]);
  expect(dueActs({ ...ana.room, nonces: [] }, ana.identity)).toEqual([]);
  expect(dueActs(bo.room, bo.identity)).toEqual([]);
});

test('keys are renewed where the room goes on and nothing is on its way', async () => {
  const { ana } = await summit('renewal');
  const { room } = ana;
  const due = (change: Partial<Room>): boolean =>
    renewalDue({ ...room, ...change }, START_MS + DAY_MS, DAY_MS);
  expect(due({})).toBe(true);
  expect(due({ renewedMs: START_MS + 1 })).toBe(false);
  expect(due({ renewedMs: START_MS + DAY_MS })).toBe(false);
  expect(due({ renewedMs: START_MS + DAY_MS + 1 })).toBe(true);
  expect(due({ frozen })).toBe(false);
  const made = await author(ana.ports, room, ana.identity, { kind: 'text', text: 'on its way' });
  assert(made.ok, 'authored');
  expect(due({ pending: made.value.state.pending })).toBe(false);
  const { transcript } = room;
  expect(due({ transcript: { ...transcript, tree: { ...transcript.tree, size: 0 } } })).toBe(false);
});

test('what is signed for this size of the record and not on it goes first', async () => {
  const { ana } = await summit('unsent');
  const act: Act = { kind: 'text', text: 'signed' };
  const made = await author(ana.ports, ana.room, ana.identity, act);
  assert(made.ok && made.value.state.draft !== null, 'a draft');
  const { state } = made.value;
  const { draft } = state;
  expect(unsentAct(ana.room)).toBeNull();
  expect(unsentAct(state)).toBeNull();
  expect(unsentAct({ ...state, pending: null })).toEqual(act);
  assert(draft !== null, 'a draft');
  const older = { ...draft, size: draft.size - 1 };
  expect(unsentAct({ ...state, pending: null, draft: older })).toBeNull();
  expect(unsentAct({ ...state, pending: null, draft: null })).toBeNull();
});
