// How long keys live, by outcome: what a thief reads with a stolen state, before, after, and in between.

import { describe, expect, test } from 'vitest';
import { assert, toHex } from '@parley/kernel';
import { openEnvelope } from './envelope.ts';
import { readMessage } from './group.ts';
import { decodeRoom, receive, renewalDue, type Act, type Room } from './index.ts';
import {
  colleague,
  crypto,
  invite,
  seededPorts,
  START_MS,
  summit,
  type Desk,
  type Log,
} from '../testing/town.ts';

const say = (text: string): Act => ({ kind: 'text', text });
const UPDATE: Act = { kind: 'commit', change: { kind: 'update' } };
const ports = seededPorts('thief');

/** What lies on a disk at this moment, with the key to it. */
function stolen(desk: Desk): Room {
  const room = decodeRoom(crypto, desk.vault);
  assert(room.ok, 'a stored room reads');
  return room.value;
}

/** Whether this state opens the envelope at a place of the log, and how far. */
async function reads(room: Room, log: Log, seq: number): Promise<'words' | 'envelope' | 'nothing'> {
  const opened = await openEnvelope(
    ports,
    room.group,
    room.room,
    log.envelopes[seq - 1] as Uint8Array,
  );
  if (!opened.ok) return 'nothing';
  const read = await readMessage(ports, room.group, opened.value.message);
  return read.ok ? 'words' : 'envelope';
}

describe('forward secrecy', () => {
  test('what was read cannot be read again with the state of the same day', async () => {
    const { log, ana, bo } = await summit('forward');
    const before = stolen(bo);
    await ana.act(log, say('burn after reading'));
    const seq = log.envelopes.length;
    await bo.sync(log);
    expect(await reads(before, log, seq)).toBe('words');
    expect(await reads(stolen(bo), log, seq)).toBe('envelope');
    // Nor with the state of who wrote it.
    expect(await reads(stolen(ana), log, seq)).toBe('envelope');
  });

  test('after a commit of anybody, nothing of the epoch before opens at all', async () => {
    const { log, ana, bo } = await summit('forward epoch');
    await ana.act(log, say('of yesterday'));
    const seq = log.envelopes.length;
    await bo.sync(log);
    await ana.act(log, UPDATE);
    await bo.sync(log);
    expect(await reads(stolen(bo), log, seq)).toBe('nothing');
    expect(await reads(stolen(ana), log, seq)).toBe('nothing');
  });
});

describe('recovery', () => {
  test('a thief of a state reads on until that device renews its keys, and nothing after it', async () => {
    const { log, ana, bo } = await summit('recovery');
    const { history, identity } = bo;
    let thief = stolen(bo);
    const follow = async (): Promise<void> => {
      for (let seq = thief.seq + 1; seq <= log.envelopes.length; seq++) {
        const delivered = { seq, envelope: log.envelopes[seq - 1] as Uint8Array };
        thief = (await receive(ports, thief, identity, delivered, history)).state;
      }
    };
    await ana.act(log, say('still heard'));
    // The keys of another device do not help: only its own.
    await ana.act(log, UPDATE);
    await ana.act(log, say('heard as well'));
    await bo.sync(log);
    await follow();
    expect(thief.frozen).toBeNull();
    expect(toHex(thief.transcript.root)).toBe(toHex(bo.room.transcript.root));

    await bo.act(log, UPDATE);
    await ana.sync(log);
    await ana.act(log, say('no longer'));
    await bo.sync(log);
    expect(bo.seen('entry').at(-1)).toMatchObject({ body: { text: 'no longer' } });
    await follow();
    // It cannot follow a commit of the very device it took: to it that is a vault that lost its state.
    expect(thief.frozen?.reason).toBe('lost-state');
    expect(await reads(thief, log, log.envelopes.length)).toBe('nothing');
  });

  test('renewal is due when the keys are as old as the posture allows, and not again after it', async () => {
    const { log, ana, bo } = await summit('renewal');
    const hour = 3_600_000;
    const { renewedMs } = bo.room;
    expect(renewalDue(bo.room, renewedMs + hour - 1, hour)).toBe(false);
    expect(renewalDue(bo.room, renewedMs + hour, hour)).toBe(true);
    await bo.act(log, UPDATE);
    await bo.sync(log);
    await ana.sync(log);
    expect(bo.room.renewedMs).toBeGreaterThanOrEqual(START_MS);
    expect(renewalDue(bo.room, bo.room.renewedMs, hour)).toBe(false);
  });
});

test('who was removed and comes back with a new device reads what follows, and nothing in between', async () => {
  const { log, ana, bo } = await summit('back again');
  const zoe = await invite(log, ana, colleague('back again', ana, 'Zoe'));
  await bo.sync(log);
  await ana.act(log, { kind: 'device-removed', device: zoe.identity.deviceId, reason: 'lost' });
  await ana.settle(log);
  await bo.sync(log);
  await bo.act(log, say('while she is out'));
  const between = log.envelopes.length;
  await ana.sync(log);
  await zoe.sync(log);
  expect(zoe.room.frozen?.reason).toBe('removed');
  expect(await reads(stolen(zoe), log, between)).toBe('nothing');

  const again = await invite(log, ana, colleague('back again', ana, 'Zoe again'));
  await bo.sync(log);
  // She has the words, because the record was handed to her; not the keys of that time.
  expect(again.room.transcript.tree.size).toBe(bo.room.transcript.tree.size);
  expect(await reads(stolen(again), log, between)).toBe('nothing');
  await bo.act(log, say('welcome back'));
  await again.sync(log);
  expect(again.seen('entry').at(-1)).toMatchObject({ body: { text: 'welcome back' } });
  expect(await reads(stolen(zoe), log, log.envelopes.length)).toBe('nothing');
});
