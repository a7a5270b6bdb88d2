// Stories of a channel that tightens: posture raised and lowered, the line checked, receipts signed, keys renewed.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ports } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Stage, TALKS, expectOneRecord, refusalOf, type Scene } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

const HOUR_MS = 3_600_000;

/** Ports whose clock is moved by hand from now on. */
function movable(): { ports: Ports; forward: (ms: number) => void } {
  let shiftMs = 0;
  const ports = { ...nativePorts, clock: { nowMs: () => Date.now() + shiftMs } };
  return { ports, forward: (ms) => void (shiftMs += ms) };
}

test('one officer raises the posture; both sides work by it at once, and the reason is on the record', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.posture.raise(TALKS, 'elevated', 'mail in our name was sent to the press');
  await beta.sync(TALKS);
  expect(beta.posture.view(TALKS).level).toBe('elevated');
  expect(
    beta.posture.view(TALKS).parties.map(({ mine, level }) => ({ mine, level })),
  ).toContainEqual({
    mine: false,
    level: 'elevated',
  });
  expect(
    beta
      .log(TALKS)
      .entries.map(({ summary }) => summary)
      .join('\n'),
  ).toContain('mail in our name was sent to the press');
  expect((await refusalOf(alpha.posture.raise(TALKS, 'elevated', 'again'))).code).toBe(
    'not-higher',
  );
  expect((await refusalOf(alpha.posture.raise(TALKS, 'severe', ' '))).code).toBe('reason-needed');
});

test('lowering waits for a second officer: one alone cannot do it, and the counterpart cannot do it for us', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.posture.raise(TALKS, 'severe', 'the line was cut twice');
  const proposed = await alpha.posture.lower(TALKS, 'calm', 'the line is quiet');
  expect(proposed.effectiveMs).toBeNull();
  expect((await refusalOf(alpha.posture.lower(TALKS, 'calm', ''))).code).toBe('second-officer');
  await beta.sync(TALKS);
  expect((await refusalOf(beta.posture.lower(TALKS, 'calm', 'we want it calm'))).code).toBe(
    'not-lower',
  );
  expect(beta.posture.view(TALKS).level).toBe('severe');
});

test('at posture severe nobody is admitted', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  const { invitation } = await alpha.invite(TALKS, 1);
  const carol = scene.create('carol', { party: 'Kingdom of Gamma', member: 'Carol' });
  await carol.joinChannel({ invitation, name: 'gamma' });
  const request = await alpha.admissionRequest(TALKS);
  await alpha.posture.raise(TALKS, 'severe', 'wiper attack announced');
  expect((await refusalOf(alpha.admit(TALKS, request))).code).toBe('posture-severe');
  expect(alpha.channels()[0]?.parties).toHaveLength(2);
});

test('a check of the line is answered by the other desk itself; an answer that is late is a failure', async () => {
  const scene = await stage.scene();
  const { ports, forward } = movable();
  const alpha = scene.open('alpha', ports);
  const beta = scene.open('beta');
  expect(alpha.posture.view(TALKS).line.status).toBe('never');
  expect((await alpha.posture.checkLine(TALKS)).status).toBe('waiting');
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  expect(alpha.posture.view(TALKS).line.status).toBe('answered');
  expectOneRecord(alpha, beta);

  forward(8 * 24 * HOUR_MS);
  expect(alpha.posture.view(TALKS).line.status).toBe('due');
  await alpha.posture.checkLine(TALKS);
  forward(25 * HOUR_MS);
  expect(alpha.posture.view(TALKS).line.status).toBe('failed');
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  expect(alpha.posture.view(TALKS).line.status).toBe('failed');
});

/** The line of alpha's log that shows a text of its own. */
function stateOf(
  scene: Scene,
  desk: ReturnType<Scene['open']>,
  text: string,
): string | null | undefined {
  void scene;
  return desk.log(TALKS).entries.find((entry) => entry.text === text)?.state;
}

test('at relay, on their device, opened: each state is there only when it is proven', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  beta.setReceipts(TALKS, true);
  await alpha.say(TALKS, 'first');
  expect(stateOf(scene, alpha, 'first')).toBe('at-relay');
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  // Fetching proves nothing to alpha: beta has signed nothing since.
  expect(stateOf(scene, alpha, 'first')).toBe('at-relay');
  await beta.say(TALKS, 'answer');
  await alpha.sync(TALKS);
  expect(stateOf(scene, alpha, 'first')).toBe('on-device');
  beta.inbox(TALKS, false);
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  expect(stateOf(scene, alpha, 'first')).toBe('opened');
});

test('keys are renewed when the posture says so, and talk goes on', async () => {
  const scene = await stage.scene();
  const { ports, forward } = movable();
  const alpha = scene.open('alpha', ports);
  const beta = scene.open('beta');
  await alpha.sync(TALKS);
  forward(8 * 24 * HOUR_MS);
  const before = alpha.log(TALKS).size;
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  await beta.say(TALKS, 'after the renewal');
  await alpha.sync(TALKS);
  expect(alpha.log(TALKS).size).toBe(before + 1);
  expectOneRecord(alpha, beta);
});
