// A relay may say anything about a channel. Whatever it says, the desks lose nothing, and what it did is named.

import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type { Desk, DeskRefusal } from '@parley/desk';
import { nativeCrypto } from '@parley/kernel/node';
import { verifyFile } from '@parley/record';
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
async function told(tale: Tale): Promise<{ scene: Scene; beta: Desk; refusal: DeskRefusal }> {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  await alpha.say(TALKS, 'the first line');
  await alpha.say(TALKS, 'the second line');
  const beta = scene.open('beta');
  const before = textsIn(beta);
  await scene.lie(tale);
  const refusal = await refusalOf(beta.sync());
  expect(before).toEqual([]);
  return { scene, beta, refusal };
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
  ])(
    '%s: nothing is taken in after the gap, and the truth is taken in later',
    async (_name, tale) => {
      const { refusal, scene, beta } = await told(tale);
      expect(refusal).toMatchObject({ nature: 'tampering', code: 'alarm' });
      expect(refusal.message).toContain('withheld');
      expect(textsIn(beta)).toEqual([]);
      // What Bo writes meanwhile waits: it cannot be sent into a history with a hole, and no request goes round in circles.
      scene.gate.passed.length = 0;
      const queued = await refusalOf(beta.say(TALKS, 'waiting behind the hole'));
      expect(queued).toMatchObject({ nature: 'tampering', data: { sent: { state: 'queued' } } });
      expect(scene.gate.passed.length).toBeLessThan(10);
      await scene.repent();
      await beta.sync();
      expect(textsIn(beta)).toEqual([
        'the first line',
        'the second line',
        'waiting behind the hole',
      ]);
    },
  );
});

test('a relay that says a place is taken and never shows by what is named, and what was written waits', async () => {
  const scene = await stage.scene();
  const beta = scene.open('beta');
  await scene.lie((all) => all);
  const hidden = scene.open('alpha');
  await hidden.say(TALKS, 'told to nobody');
  scene.close(hidden);
  // Reads end before the last envelope; appends are told that its place is taken.
  const honest = await scene.startRelay();
  const short = await scene.lie((all) => all.slice(0, -1));
  scene.gate.route = ({ method }) => (method === 'GET' ? short.url : honest.url);
  scene.gate.passed.length = 0;
  const refusal = await refusalOf(beta.say(TALKS, 'kept at home'));
  expect(refusal).toMatchObject({ nature: 'tampering', code: 'relay-hides-envelope' });
  expect(scene.gate.passed.length).toBeLessThan(10);
  await scene.repent();
  await beta.sync();
  expect(textsIn(beta)).toEqual(['told to nobody', 'kept at home']);
});

test('a relay that tells the truth after a lie has signed both, and the proof is kept', async () => {
  const { scene, beta } = await told(replaceLast((last) => [flip(last, 40)]));
  await scene.repent();
  const refusal = await refusalOf(beta.sync());
  expect(refusal).toMatchObject({ code: 'relay-rewrote-history', data: { proven: true } });
  const evidence = Uint8Array.from(readFileSync(String(refusal.data['evidence'])));
  const verdict = await verifyFile(nativeCrypto, evidence);
  expect(verdict).toMatchObject({ kind: 'evidence', verdict: { ok: true } });
  // The same proof again is the same file.
  await refusalOf(beta.sync());
  expect(readdirSync(scene.path('beta', 'evidence'))).toHaveLength(1);
});

test('an alarm that another command met is told once, by that command or by the next sync, and stays in the log', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  await alpha.say(TALKS, 'one');
  const beta = scene.open('beta');
  await scene.lie(replaceLast((last) => [flip(last, 40)]));
  // The line goes down after the envelope was taken in: the alarm is not lost with it.
  scene.gate.cut = ({ method }) => (method === 'PUT' ? 'before' : undefined);
  const met = await refusalOf(beta.say(TALKS, 'two').then(async () => beta.sync()));
  expect(met).toMatchObject({ nature: 'tampering', code: 'alarm' });
  expect(beta.log(TALKS).remarks.join()).toContain('ALARM');
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
