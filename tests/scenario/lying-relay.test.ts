// A relay may say anything about a channel. Whatever it says, the desks lose nothing, and what it did is named.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Stage, TALKS, expectOneRecord, refusalOf, textsIn, type Scene } from './stage.ts';
import type { Tale } from './lying-relay.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

const flip = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const replaceLast =
  (change: (last: Uint8Array, all: readonly Uint8Array[]) => readonly Uint8Array[]): Tale =>
  (all) => [...all.slice(0, -1), ...change(all.at(-1) as Uint8Array, all)];

/** Ana speaks twice; the relay tells Bo a tale of it, consistently signed. */
async function told(
  tale: Tale,
): Promise<{ scene: Scene; refusal: Awaited<ReturnType<typeof refusalOf>> }> {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  await alpha.say(TALKS, 'the first line');
  await alpha.say(TALKS, 'the second line');
  const beta = scene.open('beta');
  const before = textsIn(beta);
  await scene.lie(tale);
  const refusal = await refusalOf(beta.sync());
  expect(before).toEqual([]);
  return { scene, refusal };
}

describe('an envelope that the relay changed, moved or repeated is an alarm, and nothing of it reaches the record', () => {
  const tales: [string, Tale, string][] = [
    ['flipped', replaceLast((last) => [flip(last, 40)]), 'unreadable'],
    ['truncated', replaceLast((last) => [last.slice(0, -1)]), 'unreadable'],
    ['cut to nothing', replaceLast(() => [new Uint8Array(0)]), 'unreadable'],
    [
      'made of noise',
      replaceLast((last) => [new Uint8Array(randomBytes(last.length))]),
      'unreadable',
    ],
    ['duplicated', (all) => [...all, all.at(-1) as Uint8Array], 'misplaced'],
    ['replayed from the day before', (all) => [...all, all.at(-3) as Uint8Array], 'misplaced'],
  ];
  test.each(tales)('%s', async (_name, tale, reason) => {
    const { refusal } = await told(tale);
    expect(refusal).toMatchObject({ nature: 'tampering', code: 'alarm' });
    expect(refusal.message).toContain(reason);
  });
});

describe('a relay that drops or reorders envelopes and renumbers the rest', () => {
  test.each<[string, Tale]>([
    ['drops one in the middle', (all) => [...all.slice(0, -2), ...all.slice(-1)]],
    [
      'swaps two',
      (all) => [...all.slice(0, -2), all.at(-1) as Uint8Array, all.at(-2) as Uint8Array],
    ],
  ])('%s', async (_name, tale) => {
    const { refusal, scene } = await told(tale);
    expect(refusal.nature).toBe('tampering');
    expect(refusal.message).toMatch(/withheld|misplaced/);
    expect(scene).toBeDefined();
  });
});

test('a relay that holds the end back delays, and takes nothing away: later everything is there', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.say(TALKS, 'held back');
  await scene.lie((all) => all.slice(0, -1));
  expect(await beta.sync()).toMatchObject({ channels: [{ received: 0, alarms: [] }] });
  await scene.repent();
  await beta.sync();
  expect(textsIn(beta)).toEqual(['held back']);
  expectOneRecord(alpha, beta);
});
