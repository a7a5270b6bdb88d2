// Envelopes that say nothing, and envelopes of a few sizes: what posture severe asks of everybody.

import { expect, test } from 'vitest';
import { assert } from '@parley/kernel';
import { author, authorCover, type Act } from './index.ts';
import { summit, type Desk, type Log } from '../testing/town.ts';

const say = (text: string): Act => ({ kind: 'text', text });

async function cover(desk: Desk, log: Log): Promise<Uint8Array> {
  const made = await authorCover(desk.ports, desk.room);
  assert(made.ok, 'nothing is in its way');
  desk.store(made.value.state);
  log.append(made.value.expectedSeq, made.value.envelope);
  return made.value.envelope;
}

test('cover takes a place in the log and none in the record, and talk goes on around it', async () => {
  const { log, ana, bo } = await summit('cover');
  const before = ana.room.transcript.tree.size;
  const empty = await cover(ana, log);
  expect(await ana.sync(log)).toEqual([]);
  expect(await bo.sync(log)).toEqual([]);
  await cover(bo, log);
  expect(await bo.act(log, say('after it'))).toBe('done');
  await ana.sync(log);
  expect(ana.room.transcript.tree.size).toBe(before + 1);
  expect(bo.room.transcript.root).toEqual(ana.room.transcript.root);
  // Who sees sizes only cannot tell it from a short text.
  expect(log.envelopes.at(-1)?.length).toBe(empty.length);
});

test('cover that lost its place is forgotten; the state survives a crash in between', async () => {
  const { log, ana, bo } = await summit('lost');
  const made = await authorCover(ana.ports, ana.room);
  assert(made.ok, 'nothing is in its way');
  ana.store(made.value.state);
  ana.crash();
  await bo.act(log, say('faster'));
  expect((await ana.sync(log)).map(({ kind }) => kind)).toEqual(['entry']);
  expect(ana.room.pending).toBeNull();
  expect(await ana.act(log, say('still here'))).toBe('done');
});

test('cover waits for a signed entry, and nothing is sent in a frozen room', async () => {
  const { ana } = await summit('waits');
  const made = await author(ana.ports, ana.room, ana.identity, say('first'));
  assert(made.ok, 'authored');
  expect(await authorCover(ana.ports, made.value.state)).toMatchObject({ reason: 'busy' });
  expect(await authorCover(ana.ports, { ...made.value.state, pending: null })).toMatchObject({
    reason: 'unsent-entry',
  });
});

test('at severe an envelope has one of three sizes, and the other side reads it as ever', async () => {
  const { log, ana, bo } = await summit('buckets');
  const sizes = new Set<number>();
  for (const length of [1, 9_000, 20_000, 60_000]) {
    await ana.sync(log);
    const made = await author(
      ana.ports,
      ana.room,
      ana.identity,
      say('x'.repeat(length)),
      'buckets',
    );
    assert(made.ok, 'authored');
    ana.store(made.value.state);
    log.append(made.value.expectedSeq, made.value.envelope);
    sizes.add(made.value.envelope.length);
    await bo.sync(log);
  }
  expect(bo.seen('entry').at(-1)?.body).toMatchObject({ kind: 'text' });
  expect([...sizes].map((size) => size - 28)).toEqual(
    [8_192, 65_536, 524_288].slice(0, sizes.size),
  );
  expect(sizes.size).toBeLessThanOrEqual(3);
});
