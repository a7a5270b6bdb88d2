// A desk that was away for a month catches up in order, in every room; one that lost its state is told what it can read.

import { cpSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import type { Ports } from '@parley/kernel';
import type { Desk } from '@parley/desk';
import { Stage, TALKS, refusalOf, textsIn } from './stage.ts';

const ROOM = `${TALKS}/chairs`;
const MONTH_MS = 30 * 86_400_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** Ports whose clock runs ahead by what `ahead` says now. */
function portsAhead(ahead: { ms: number }): Ports {
  return { ...nativePorts, clock: { nowMs: () => nativePorts.clock.nowMs() + ahead.ms } };
}

async function openChairs(alpha: Desk, beta: Desk): Promise<void> {
  await alpha.rooms.open({
    channel: TALKS,
    kind: 'bilateral',
    with: ['Republic of Beta'],
    name: 'chairs',
  });
  for (const desk of [beta, alpha, beta]) await desk.sync(TALKS);
}

describe('a desk that was away', () => {
  test('catches up with a month of entries in their order, in the plenary and in a room', async () => {
    const scene = await stage.scene();
    const ahead = { ms: 0 };
    const alpha = scene.open('alpha', portsAhead(ahead));
    const beta = scene.open('beta', portsAhead(ahead));
    await openChairs(alpha, beta);
    const said = { plenary: [] as string[], room: [] as string[] };
    for (let day = 3; day <= 30; day += 3) {
      ahead.ms = (day * MONTH_MS) / 30;
      said.plenary.push(`plenary, day ${day}`);
      said.room.push(`chairs, day ${day}`);
      await alpha.say(TALKS, `plenary, day ${day}`);
      const sent = await alpha.say(ROOM, `chairs, day ${day}`);
      expect(sent).toMatchObject({ channel: TALKS, room: 'bilateral', state: 'at-relay' });
    }
    await beta.sync();
    expect(textsIn(beta)).toEqual(said.plenary);
    expect(textsIn(beta, ROOM)).toEqual(said.room);
    expect(beta.log(ROOM).root).toBe(alpha.log(ROOM).root);
    // Nothing is claimed before Beta's signed word: then it is on their device, and opened with a receipt.
    const states = (): unknown[] =>
      alpha
        .log(ROOM)
        .entries.filter((entry) => entry.kind === 'text')
        .slice(-1)
        .map((entry) => entry.state);
    await alpha.sync();
    expect(states()).toEqual(['at-relay']);
    beta.setReceipts(ROOM, true);
    expect(beta.inbox(ROOM, true)[0]?.entries).toHaveLength(10);
    await beta.sync();
    await alpha.sync();
    expect(states()).toEqual(['opened']);
  });

  test('and came back with an old copy of its vault is told what it can read, and what to do', async () => {
    const scene = await stage.scene();
    const ahead = { ms: 0 };
    const beta = scene.open('beta');
    await beta.say(TALKS, 'before the copy');
    scene.close(beta);
    cpSync(scene.path('beta'), scene.path('copy'), { recursive: true });
    // A month later the keys are due: Beta's desk makes new ones, and then its disk fails.
    ahead.ms = MONTH_MS;
    const later = scene.open('beta', portsAhead(ahead));
    await later.say(TALKS, 'after the copy');
    await later.sync();
    await later.say(TALKS, 'under new keys');
    scene.close(later);
    rmSync(scene.path('beta'), { recursive: true });
    cpSync(scene.path('copy'), scene.path('beta'), { recursive: true });

    const restored = scene.open('beta');
    const refusal = await refusalOf(restored.sync());
    expect(refusal).toMatchObject({ nature: 'policy', code: 'lost-state' });
    expect(refusal.message).toContain('You can read the first');
    expect(refusal.next).toContain('parley party invite');
    expect(textsIn(restored)).toEqual(['before the copy', 'after the copy']);
    expect(await refusalOf(restored.say(TALKS, 'as if nothing had been'))).toMatchObject({
      code: 'lost-state',
    });
    // The other side reads all of it and hears no alarm.
    const alpha = scene.open('alpha');
    await alpha.sync();
    expect(textsIn(alpha)).toEqual(['before the copy', 'after the copy', 'under new keys']);
  });
});
