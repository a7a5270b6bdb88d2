// What one envelope does to a room at its edges: places that are not next, a room that stands still, an act that was lost.

import { expect, test } from 'vitest';
import { assert, concat, sameBytes } from '@parley/kernel';
import { sealEnvelope } from './envelope.ts';
import { sealContent } from './group.ts';
import { author, authorCover, receive, type Act, type Outcome, type Room } from './index.ts';
import { exportSecret } from './mls-state.ts';
import type { Frozen } from './room.ts';
import { colleague, invite, summit, type Desk, type Log } from '../testing/town.ts';

const say = (text: string): Act => ({ kind: 'text', text });

async function outcomesAt(
  desk: Desk,
  room: Room,
  seq: number,
  envelope: Uint8Array,
): Promise<readonly Outcome[]> {
  const { ports, identity, history } = desk;
  return (await receive(ports, room, identity, { seq, envelope }, history)).outcomes;
}

async function madeBy(desk: Desk, act: Act): Promise<Uint8Array> {
  const made = await author(desk.ports, desk.room, desk.identity, act);
  assert(made.ok, 'authored');
  return made.value.envelope;
}

const lastOf = (log: Log): Uint8Array => log.envelopes.at(-1) as Uint8Array;

test('a place that is not the next one leaves the room as it is, and says which was expected', async () => {
  const { log, ana, bo } = await summit('places');
  const { seq } = bo.room;
  expect(await outcomesAt(bo, bo.room, seq, lastOf(log))).toMatchObject([
    { kind: 'refused', seq, reason: 'duplicate', detail: '' },
  ]);
  const later = await madeBy(ana, say('later'));
  expect(await outcomesAt(bo, bo.room, seq + 2, later)).toMatchObject([
    { kind: 'refused', seq: seq + 2, reason: 'gap', detail: `expected ${seq + 1}` },
  ]);
});

test('a room that stands still takes nothing and says why; after a mismatch it still reads', async () => {
  const { ana, bo } = await summit('still');
  const envelope = await madeBy(ana, say('while it stands'));
  const still = (reason: Frozen['reason']): Room => ({
    ...bo.room,
    frozen: { reason, seq: bo.room.seq, detail: 'a test', evidence: null },
  });
  for (const reason of ['fork', 'removed', 'broken-commit', 'lost-state'] as const)
    expect(await outcomesAt(bo, still(reason), bo.room.seq + 1, envelope)).toMatchObject([
      { kind: 'refused', reason: 'frozen', detail: reason },
    ]);
  expect(await outcomesAt(bo, still('mismatch'), bo.room.seq + 1, envelope)).toMatchObject([
    { kind: 'entry' },
  ]);
});

test('an act that lost its place is said to be lost once, whatever it was, and cover never', async () => {
  const { log, ana, bo } = await summit('lost acts');
  const update: Act = { kind: 'commit', change: { kind: 'update' } };
  for (const act of [update, say('mine')]) {
    const made = await author(ana.ports, ana.room, ana.identity, act);
    assert(made.ok, 'authored');
    ana.store(made.value.state);
    await bo.act(log, { kind: 'commit', change: { kind: 'update' } });
    expect(await ana.sync(log)).toMatchObject([{ kind: 'epoch' }, { kind: 'lost', act }]);
    // The commit is forgotten; the entry is signed and waits, and is not told again.
    await bo.act(log, { kind: 'commit', change: { kind: 'update' } });
    expect(await ana.sync(log)).toMatchObject([{ kind: 'epoch' }]);
    ana.queue = [];
  }
  expect(await ana.act(log, say('mine'))).toBe('done');
  await bo.sync(log);
  const cover = await authorCover(ana.ports, ana.room);
  assert(cover.ok, 'nothing is in its way');
  ana.store(cover.value.state);
  await bo.act(log, say('faster'));
  expect((await ana.sync(log)).map(({ kind }) => kind)).toEqual(['entry']);
});

test('what an envelope makes due is said with it, and not again with the next', async () => {
  const { log, ana, bo } = await summit('due');
  const about = bo.identity.party;
  await ana.act(log, { kind: 'verify-offer', about });
  const outcomes = await bo.sync(log);
  const [entry] = outcomes;
  assert(entry?.kind === 'entry', 'the offer');
  const answer = { kind: 'verify-answer', offer: entry.leaf };
  expect(outcomes.slice(1)).toMatchObject([{ kind: 'ceremony' }, { kind: 'due', act: answer }]);
  await ana.act(log, say('take your time'));
  expect((await bo.sync(log)).map(({ kind }) => kind)).toEqual(['entry']);
});

test('each refusal of an envelope says what was wrong with it', async () => {
  const { log, ana, bo } = await summit('refused');
  const next = bo.room.seq + 1;
  // Sealed with the key of the epoch, and padded like none of ours.
  const use = { label: 'parley envelope', context: new Uint8Array(0), length: 32 };
  const key = await exportSecret(ana.ports, ana.room.group, use);
  const nonce = new Uint8Array(12).fill(7);
  const { crypto } = ana.ports;
  const plain = new Uint8Array(100).fill(1);
  const bare = concat(nonce, crypto.seal('aes-256-gcm', key, nonce, ana.room.room, plain));
  expect(await outcomesAt(bo, bo.room, next, bare)).toMatchObject([
    { reason: 'malformed', alarm: true },
  ]);
  const { message } = await sealContent(ana.ports, ana.room.group, new Uint8Array(1));
  const madeFor = async (seq: number): Promise<Uint8Array> =>
    sealEnvelope(ana.ports, ana.room.group, { room: ana.room.room, seq }, message);
  expect(await outcomesAt(bo, bo.room, next, await madeFor(next - 1))).toMatchObject([
    { reason: 'misplaced', detail: `it was made for place ${next - 1}` },
  ]);
  expect(await outcomesAt(bo, bo.room, next, await madeFor(next + 2))).toMatchObject([
    {
      reason: 'withheld',
      detail: `Ana had taken in ${next + 1} envelopes before it, not ${next - 1}`,
    },
  ]);
  const zoe = await invite(log, ana, colleague('refused', ana, 'Zoe'));
  await ana.act(log, { kind: 'device-removed', device: zoe.identity.deviceId, reason: 'lost' });
  await zoe.sync(log);
  await bo.sync(log);
  const ghost = await sealContent(zoe.ports, zoe.room.group, new Uint8Array(1));
  const place = { room: zoe.room.room, seq: zoe.room.seq + 1 };
  const late = await sealEnvelope(zoe.ports, zoe.room.group, place, ghost.message);
  expect(await outcomesAt(bo, bo.room, bo.room.seq + 1, late)).toMatchObject([
    { reason: 'not-on-record', detail: 'its sender is not on the record' },
  ]);
});

test('what a member of the group says whom the record does not know is refused', async () => {
  const { ana, bo } = await summit('unknown member');
  const envelope = await madeBy(ana, say('who is this?'));
  const known = [...bo.room.transcript.devices].filter(
    ([, device]) => !sameBytes(device.id, ana.identity.deviceId),
  );
  expect(known).toHaveLength(bo.room.transcript.devices.size - 1);
  const without = { ...bo.room, transcript: { ...bo.room.transcript, devices: new Map(known) } };
  expect(await outcomesAt(bo, without, bo.room.seq + 1, envelope)).toMatchObject([
    { kind: 'refused', reason: 'not-on-record', detail: 'its sender is not on the record' },
  ]);
});
