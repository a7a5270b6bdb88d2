// Three parties at one table: each is verified for itself, two of them talk aside, one is renamed and one is let go, and a
// mismatch that one of them says stops all.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import Database from 'better-sqlite3';
import { squareCodePng } from '../../packages/mail/src/testing/picture.ts';
import { ROOT, parley } from './command.ts';
import { PASSPHRASE, Stage, TALKS, refusalOf, textsIn, type Scene } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** Alpha and Beta as they met, and Gamma, whom Alpha lets in. */
async function three(scene: Scene): Promise<{ alpha: Desk; beta: Desk; gamma: Desk }> {
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const gamma = scene.create('gamma', { party: 'City of Gamma', member: 'Gil' });
  const { invitation } = await alpha.invite(TALKS, 1);
  await gamma.joinChannel({ invitation });
  await alpha.admit(TALKS, await alpha.admissionRequest(TALKS));
  await rounds([gamma, beta, alpha], 2);
  return { alpha, beta, gamma };
}

async function rounds(desks: readonly Desk[], count = 3): Promise<void> {
  for (let round = 0; round < count; round++) for (const desk of desks) await desk.sync();
}

async function meetInPerson(one: Desk, other: Desk): Promise<void> {
  const [a, b] = [one.whoAmI().fingerprint, other.whoAmI().fingerprint];
  const [shown, theirs] = [
    await one.verifying.meeting(TALKS, b),
    await other.verifying.meeting(TALKS, a),
  ];
  await one.verifying.scanned(TALKS, theirs.code, b);
  await other.verifying.scanned(TALKS, shown.code, a);
}

/** How many may do something in the logs of a relay that hold more than a box does. */
function grants(scene: Scene): number {
  const file = new Database(scene.path('relay', 'relay.db'), { readonly: true });
  const row = file.prepare<[], { n: number }>('SELECT count(*) AS n FROM capability').get();
  file.close();
  return row?.n ?? 0;
}

const partiesIn = (desk: Desk, room: string): string[] =>
  desk
    .channels()
    .filter(({ name }) => name === room)
    .flatMap(({ parties }) => parties.map((party) => `${party.name}${party.verified ? '' : ' ?'}`));

test('each pair verifies for itself, two of three talk aside, and whom the channel renames or lets go its rooms do too', async () => {
  const scene = await stage.scene();
  const { alpha, gamma, ...met } = await three(scene);
  let { beta } = met;
  await meetInPerson(alpha, gamma);
  await rounds([alpha, beta, gamma], 1);
  expect(partiesIn(alpha, TALKS)).toEqual([
    'Republic of Alpha',
    'Republic of Beta',
    'City of Gamma',
  ]);
  // What Alpha compared says nothing about Beta's own comparison.
  expect(partiesIn(beta, TALKS)).toContain('City of Gamma ?');
  const unverified = { channel: TALKS, kind: 'bilateral', with: ['City of Gamma'] } as const;
  expect(await refusalOf(beta.rooms.open({ ...unverified, name: 'no' }))).toMatchObject({
    code: 'party-not-verified',
  });
  // Beta and Gamma by the command: which of the two others is meant, and a photograph of a code, have to be right.
  const shown = await gamma.verifying.meeting(TALKS, beta.whoAmI().fingerprint);
  const picture = scene.write('gamma.png', squareCodePng(shown.code));
  const command = { home: scene.path('beta'), passphraseFile: scene.path('passphrase') };
  scene.close(beta);
  const scan = ['verify', TALKS, '--in-person', '--image'];
  const nobody = await parley([...scan, picture, '--party', 'Duchy of Delta'], command);
  expect(nobody).toMatchObject({ exit: 2, out: '' });
  expect(nobody.err).toContain('Republic of Alpha');
  const noCode = await parley([...scan, join(ROOT, 'samples', 'seating-plan.png')], command);
  expect(noCode.err).toContain('no-code-in-picture');
  const byPicture = await parley([...scan, picture, '--party', 'City of Gamma'], command);
  expect(byPicture.out).toContain('Verified: City of Gamma.');
  const wrongWay = [
    'verify',
    TALKS,
    '--in-writing',
    '--party',
    'City of Gamma',
    '--image',
    picture,
  ];
  expect((await parley(wrongWay, command)).err).toContain('not-in-person');
  beta = scene.open('beta');
  const answer = await beta.verifying.meeting(TALKS, gamma.whoAmI().fingerprint);
  await gamma.verifying.scanned(TALKS, answer.code, beta.whoAmI().fingerprint);

  // A second member of Alpha, who is in every room of it.
  const invited = await alpha.party.invite({ member: 'Cleo', role: 'member', days: 1 });
  const place = { home: scene.path('cleo'), passphrase: utf8(PASSPHRASE) };
  const asked = await Desk.createInvited(nativePorts, place, {
    invited: invited.invitation,
    label: 'notebook',
  });
  await alpha.party.admit(asked.deviceId);
  const cleo = await Desk.enter(nativePorts, place);
  await rounds([cleo, alpha, beta, gamma], 1);
  // A desk that stands open looks after the room while it is still being opened: everybody is called once.
  const opening = alpha.rooms.open({ ...unverified, name: 'south' });
  while (!alpha.channels().some(({ name }) => name === `${TALKS}/south`))
    await new Promise((settle) => setTimeout(settle, 1));
  await Promise.all([opening, alpha.sync(`${TALKS}/south`), alpha.sync(`${TALKS}/south`)]);
  await alpha.rooms.open({ channel: TALKS, kind: 'caucus', with: [], name: 'own' });
  await rounds([cleo, gamma, beta, alpha], 3);
  await cleo.say(`${TALKS}/south`, 'Beta does not hear this.');
  await cleo.say(`${TALKS}/own`, 'Nor does Gamma hear this.');
  await rounds([alpha, gamma, beta], 1);
  expect(textsIn(gamma, `${TALKS}/south`)).toEqual(['Beta does not hear this.']);
  expect(beta.rooms.list(TALKS).map(({ name }) => name)).toEqual([TALKS]);
  expect(gamma.rooms.list(TALKS).map(({ name }) => name)).toEqual([TALKS, `${TALKS}/south`]);
  const names = cleo.rooms.list(TALKS).map(({ name }) => name);
  expect(names.toSorted()).toEqual([TALKS, `${TALKS}/own`, `${TALKS}/south`]);

  await alpha.party.rename('Cleo', 'Cleo Dahl');
  await rounds([alpha, gamma], 1);
  for (const room of [TALKS, `${TALKS}/south`]) {
    const members = gamma
      .channels()
      .filter(({ name }) => name === room)
      .flatMap(({ parties }) => parties.flatMap(({ devices }) => devices.map((one) => one.member)));
    expect(members).toContain('Cleo Dahl');
  }
  const before = grants(scene);
  await alpha.removeDevice(TALKS, asked.deviceId.slice(0, 8), 'left us');
  await rounds([alpha], 1);
  // At the relay it may do nothing more in any of the three rooms.
  expect(grants(scene)).toBe(before - 3);
  for (const room of [TALKS, `${TALKS}/south`, `${TALKS}/own`])
    expect((await refusalOf(cleo.sync(room))).code).toBe('no-access');
  await alpha.say(`${TALKS}/south`, 'Without Cleo.');
  cleo.close();
});

test('a mismatch that one of three says stops all three, and each holds the record that names who said it of whom', async () => {
  const scene = await stage.scene();
  const { alpha, beta, gamma } = await three(scene);
  await meetInPerson(alpha, gamma);
  await rounds([alpha, beta, gamma], 1);
  const stopped = await refusalOf(
    gamma.verifying.writtenMismatch(TALKS, beta.whoAmI().fingerprint),
  );
  expect(stopped).toMatchObject({ nature: 'tampering', code: 'verification-mismatch' });
  for (const desk of [alpha, beta]) {
    await desk.sync().catch(() => undefined);
    expect(await refusalOf(desk.say(TALKS, 'Are we still talking?'))).toMatchObject({
      code: 'frozen',
    });
    const last = desk.log(TALKS).entries.findLast((entry) => entry.kind === 'mismatch');
    expect(last).toMatchObject({ party: 'City of Gamma', member: 'Gil' });
    expect(last?.summary).toContain('Republic of Beta');
  }
});

test('an answer about words is about those that were shown last, whoever else is there; nobody is accused by a guess', async () => {
  const scene = await stage.scene();
  // Alpha and Beta have verified each other; Beta and Gamma have not, nor have Alpha and Gamma.
  const { alpha, beta, gamma } = await three(scene);
  const [a, b, g] = [alpha, beta, gamma].map((desk) => desk.whoAmI().fingerprint);
  // Between Gamma and the other two there are words for each; Gamma was shown none of them.
  const shown = async (desk: Desk, who: string | undefined): Promise<void> => {
    await desk.verifying.ceremony(TALKS, 'en', { shows: true, who });
  };
  await shown(alpha, g);
  await shown(beta, g);
  await rounds([gamma, alpha, beta], 2);
  const unseen = await refusalOf(gamma.verifying.confirmWords(TALKS, a));
  expect(unseen).toMatchObject({ nature: 'waiting', code: 'words-not-ready' });
  expect(unseen.next).toContain(`--party ${a?.slice(0, 16)}`);
  for (const guess of [gamma.verifying.mismatch(TALKS), gamma.verifying.writtenMismatch(TALKS)])
    expect((await refusalOf(guess)).code).toBe('which-party');
  // The second of two that are not verified: the words that were shown are the ones that are meant.
  await shown(gamma, b);
  await gamma.verifying.confirmWords(TALKS);
  const standing = (): string[] => partiesIn(gamma, TALKS);
  expect(standing()).toEqual(['Republic of Alpha ?', 'Republic of Beta', 'City of Gamma']);
  const other = await refusalOf(gamma.verifying.confirmWords(TALKS, a));
  expect(other).toMatchObject({ nature: 'policy', code: 'words-changed' });
  const letter = await beta.verifying.writing(TALKS, 'en');
  const wrong = await refusalOf(gamma.verifying.written(TALKS, letter.words.join(' '), a));
  expect(wrong.next).toMatch(new RegExp(`--mismatch --party ${a?.slice(0, 16)}$`));
  // Beta is no longer the next to be verified here, and it is Beta whose words differ: by the command too.
  const last = await gamma.verifying.ceremony(TALKS, 'en', { shows: false });
  expect(last.about.party).toBe('Republic of Beta');
  scene.close(gamma);
  const command = { home: scene.path('gamma'), passphraseFile: scene.path('passphrase') };
  const stopped = await parley(['verify', TALKS, '--mismatch'], command);
  expect(stopped.exit).toBe(5);
  expect(stopped.err).toContain('someone stands between you and Republic of Beta');
  await alpha.sync().catch(() => undefined);
  const said = alpha.log(TALKS).entries.findLast((entry) => entry.kind === 'mismatch');
  expect(said).toMatchObject({ party: 'City of Gamma' });
  expect(said?.summary).toContain('Republic of Beta');
});
