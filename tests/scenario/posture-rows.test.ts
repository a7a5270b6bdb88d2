// What the rows of the posture's table do, seen at real desks: releases, directories, cover, bundles, a lowering stopped.

import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8, type Ports } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { newDirectory, type Directory } from '@parley/mail';
import { Desk } from '@parley/desk';
import {
  PASSPHRASE,
  Stage,
  TALKS,
  documentsIn,
  expectOneRecord,
  refusalOf,
  type Scene,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

const HOUR_MS = 3_600_000;
const quietly = { onProgress: () => {} };

function movable(): { ports: Ports; forward: (ms: number) => void } {
  let shiftMs = 0;
  const ports = { ...nativePorts, clock: { nowMs: () => Date.now() + shiftMs } };
  return { ports, forward: (ms) => void (shiftMs += ms) };
}

/** A second person of Alpha's delegation, at a desk of their own. */
async function colleague(
  scene: Scene,
  officer: Desk,
  who: { member: string; role: 'officer' | 'member' },
): Promise<Desk> {
  const at = { home: scene.path(who.member), passphrase: utf8(PASSPHRASE) };
  const { invitation } = await officer.party.invite({ ...who, days: 1 });
  const asked = await Desk.createInvited(nativePorts, at, {
    invited: invitation,
    label: 'notebook',
  });
  await officer.party.admit(asked.deviceId);
  const desk = await Desk.enter(nativePorts, at);
  await desk.sync();
  return desk;
}

test('at elevated a document leaves only when a colleague has released the very file', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const cy = await colleague(scene, alpha, { member: 'Cy', role: 'member' });
  try {
    await alpha.posture.raise(TALKS, 'elevated', 'the summit was cancelled');
    const draft = scene.write('draft.txt', 'Article 1\n');
    const sent = await alpha.send(TALKS, draft, quietly);
    expect(sent).toMatchObject({ entry: null, state: 'queued', awaitsRelease: true });
    // Run again, synced, talked around: it still waits, and is asked for once.
    await alpha.send(TALKS, draft, quietly);
    await alpha.say(TALKS, 'a draft follows');
    await alpha.sync(TALKS);
    await beta.sync(TALKS);
    expect(documentsIn(beta)).toHaveLength(0);
    expect(alpha.releasing.waiting(TALKS)).toBe(1);
    const kinds = beta.log(TALKS).entries.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'release-asked')).toHaveLength(1);

    expect((await refusalOf(alpha.releasing.release(TALKS, draft))).code).toBe('second-member');
    expect((await refusalOf(beta.releasing.release(TALKS, draft))).code).toBe('not-asked');
    const other = scene.write('other.txt', 'Article 2\n');
    const renamed = cy.releasing.release(TALKS, other, { as: 'draft.txt' });
    expect((await refusalOf(renamed)).code).toBe('not-asked');
    expect(await cy.releasing.release(TALKS, draft)).toMatchObject({ by: 'Ana' });
    await alpha.sync(TALKS);
    await beta.sync(TALKS);
    expect(documentsIn(beta).map(({ document }) => document?.name)).toEqual(['draft.txt']);
    expect((await refusalOf(cy.releasing.release(TALKS, draft))).code).toBe('not-asked');
    await alpha.sync(TALKS);
    expectOneRecord(alpha, beta);
  } finally {
    cy.close();
  }
});

test('a delegation of one sends no document above calm, and is told what to do', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  await alpha.posture.raise(TALKS, 'severe', 'wipers were announced');
  const draft = scene.write('draft.txt', 'Article 1\n');
  const refusal = await refusalOf(alpha.send(TALKS, draft, quietly));
  expect(refusal.code).toBe('nobody-to-release');
  expect(refusal.next).toContain('parley party invite');
  expect(alpha.releasing.waiting(TALKS)).toBe(0);
});

const directoryOf = (version: number, domains: string[]): Directory => ({
  ...newDirectory('Republic of Alpha', {
    issuedMs: Date.now(),
    expiresMs: Date.now() + 90 * 24 * HOUR_MS,
  }),
  version,
  domains,
});

test('above calm an addition to a directory counts when two have published it, and at severe none is made', async () => {
  const scene = await stage.scene();
  const { ports, forward } = movable();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta', ports)];
  const cy = await colleague(scene, alpha, { member: 'Cy', role: 'officer' });
  const known = async (): Promise<readonly string[]> => {
    await beta.sync(TALKS);
    return beta.mail.knowledge(TALKS).directories[0]?.domains ?? [];
  };
  try {
    await alpha.mail.publish(TALKS, directoryOf(1, ['alpha.example']));
    expect(await known()).toEqual(['alpha.example']);
    await alpha.posture.raise(TALKS, 'elevated', 'mail in our name was sent');
    const more = directoryOf(2, ['alpha.example', 'press.alpha.example']);
    await alpha.mail.publish(TALKS, more);
    await known();
    forward(30 * 24 * HOUR_MS);
    expect(await known()).toEqual(['alpha.example']);
    expect(beta.mail.knowledge(TALKS).remarks.join()).toContain('a second officer of theirs');
    await cy.sync();
    await cy.mail.publish(TALKS, more);
    expect(await known()).toEqual(['alpha.example', 'press.alpha.example']);

    await alpha.sync(TALKS);
    await alpha.posture.raise(TALKS, 'severe', 'the press room was entered');
    const added = alpha.mail.publish(TALKS, directoryOf(3, [...more.domains, 'new.example']));
    expect((await refusalOf(added)).code).toBe('posture-severe');
    await alpha.mail.publish(TALKS, directoryOf(3, ['alpha.example']));
    expect(await known()).toEqual(['alpha.example']);
  } finally {
    cy.close();
  }
});

test('at severe a desk covers its silence at the relay, in envelopes like those of talk, and prepares bundles', async () => {
  const scene = await stage.scene();
  const { ports, forward } = movable();
  const [alpha, beta] = [scene.open('alpha', ports), scene.open('beta')];
  const appended = (): number => scene.gate.count('PUT', /\/v1\/logs\/[^/]+\/\d+$/);
  await alpha.sync(TALKS);
  const calm = appended();
  await alpha.sync(TALKS);
  expect(appended()).toBe(calm);
  expect(existsSync(scene.path('alpha', 'courier'))).toBe(false);

  await alpha.posture.raise(TALKS, 'severe', 'the building is watched');
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  const size = alpha.log(TALKS).size;
  const before = appended();
  forward(11 * 60_000);
  await alpha.sync(TALKS);
  await alpha.sync(TALKS);
  expect(appended()).toBe(before + 1);
  expect(alpha.log(TALKS).size).toBe(size);
  await beta.sync(TALKS);
  expectOneRecord(alpha, beta);
  expect(readdirSync(scene.path('alpha', 'courier'))).toHaveLength(1);
});

test('receipts are given at elevated whether or not the person asked for them', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.posture.raise(TALKS, 'elevated', 'did they get it');
  await alpha.say(TALKS, 'please confirm');
  await beta.sync(TALKS);
  beta.inbox(TALKS, false);
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  expect(alpha.log(TALKS).entries.find(({ text }) => text === 'please confirm')?.state).toBe(
    'opened',
  );
});

test('two officers lower, any one stops it until it takes effect, and who is no officer does neither', async () => {
  const scene = await stage.scene();
  const { ports, forward } = movable();
  const [alpha, beta] = [scene.open('alpha', ports), scene.open('beta', ports)];
  const cy = await colleague(scene, alpha, { member: 'Cy', role: 'officer' });
  const dee = await colleague(scene, alpha, { member: 'Dee', role: 'member' });
  try {
    await alpha.posture.raise(TALKS, 'elevated', 'mail in our name was sent');
    await dee.sync();
    expect((await refusalOf(dee.posture.raise(TALKS, 'severe', 'I think so'))).code).toBe(
      'not-an-officer',
    );
    await alpha.posture.lower(TALKS, 'calm', 'it was a mistake of the press');
    await cy.sync();
    const agreed = await cy.posture.lower(TALKS, 'calm', '');
    expect(agreed.effectiveMs).not.toBeNull();
    await alpha.sync(TALKS);
    await alpha.posture.keep(TALKS, 'a second mail came');
    await beta.sync(TALKS);
    forward(49 * HOUR_MS);
    expect(beta.posture.view(TALKS).level).toBe('elevated');
    expect((await refusalOf(alpha.posture.keep(TALKS, 'again'))).code).toBe('nothing-to-stop');

    await alpha.posture.lower(TALKS, 'calm', 'now it is quiet');
    await cy.sync();
    await cy.posture.lower(TALKS, 'calm', '');
    await beta.sync(TALKS);
    expect(beta.posture.view(TALKS).level).toBe('elevated');
    forward(49 * HOUR_MS);
    expect(beta.posture.view(TALKS).level).toBe('calm');
  } finally {
    cy.close();
    dee.close();
  }
});
