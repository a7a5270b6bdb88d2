// Stories of a party that governs itself: colleagues come in, are doubted, go and come back; its authority is lost and found.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8, type Ports } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import { HostileMember } from './hostile-member.ts';
import {
  PASSPHRASE,
  Stage,
  TALKS,
  expectOneRecord,
  refusalOf,
  textsIn,
  type Scene,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

type Role = 'officer' | 'member';

const at = (scene: Scene, home: string): { home: string; passphrase: Uint8Array } => ({
  home: scene.path(home),
  passphrase: utf8(PASSPHRASE),
});

/** A new device asks with an invitation of `officer`; gives its id. */
async function asks(
  scene: Scene,
  officer: Desk,
  home: string,
  who: { member: string; role: Role },
): Promise<string> {
  const { invitation } = await officer.party.invite({ ...who, days: 1 });
  const asked = await Desk.createInvited(nativePorts, at(scene, home), {
    invited: invitation,
    label: 'notebook',
  });
  return asked.deviceId;
}

async function enters(scene: Scene, home: string, ports: Ports = nativePorts): Promise<Desk> {
  const desk = await Desk.enter(ports, at(scene, home));
  await desk.sync();
  return desk;
}

/** The whole way in, where one officer is enough. */
async function colleague(
  scene: Scene,
  officer: Desk,
  home: string,
  who: { member: string; role: Role },
): Promise<Desk> {
  const id = await asks(scene, officer, home, who);
  await officer.party.admit(id);
  return enters(scene, home);
}

/** Rooms call, and are answered, with each exchange. */
async function settled(...desks: readonly Desk[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const desk of desks) await desk.sync();
}

const kindsIn = (desk: Desk): string[] => desk.log(TALKS).entries.map(({ kind }) => kind);

test("a colleague's first device comes in by an officer's act, and the other side sees it before anything it says", async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.say(TALKS, 'before');
  const id = await asks(scene, alpha, 'cy', { member: 'Cy', role: 'member' });
  expect((await refusalOf(Desk.enter(nativePorts, at(scene, 'cy')))).code).toBe(
    'not-certified-yet',
  );
  const { asking } = await alpha.party.requests();
  expect(asking).toEqual([{ member: 'Cy', device: 'notebook', role: 'member', id, known: false }]);
  expect(await alpha.party.admit(id)).toEqual([{ channel: TALKS, state: 'admitted' }]);
  const cy = await enters(scene, 'cy');
  expect(textsIn(cy)).toEqual(['before']);
  await cy.say(TALKS, 'from Cy');
  await beta.sync();
  const kinds = kindsIn(beta);
  expect(kinds.indexOf('device-admitted')).toBeLessThan(kinds.lastIndexOf('text'));
  expect(beta.log(TALKS).entries.at(-1)).toMatchObject({
    party: 'Republic of Alpha',
    member: 'Cy',
    text: 'from Cy',
    verified: true,
  });
  await alpha.sync();
  expectOneRecord(alpha, beta);
  // A member's device governs nobody.
  expect((await refusalOf(cy.party.suspend('Ana', 'a coup'))).code).toBe('not-an-officer');
  expect((await refusalOf(cy.party.invite({ member: 'X', role: 'member', days: 1 }))).code).toBe(
    'no-authority',
  );
  cy.close();
});

test('an invitation that is used, expired, damaged, of a channel or of another party is refused, each by its name', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const { invitation } = await alpha.party.invite({ member: 'Cy', role: 'member', days: 1 });
  const create = async (home: string, invited: string, ports = nativePorts): Promise<unknown> =>
    Desk.createInvited(ports, at(scene, home), { invited, label: 'notebook' });
  const later = { ...nativePorts, clock: { nowMs: () => Date.now() + 2 * 86_400_000 } };
  expect((await refusalOf(create('late', invitation, later))).code).toBe('invitation-expired');
  const altered = `${invitation.slice(0, 40)}${invitation[40] === 'A' ? 'B' : 'A'}${invitation.slice(41)}`;
  expect((await refusalOf(create('bent', altered))).code).toBe('invitation-damaged');
  const { invitation: channel } = await alpha.invite(TALKS, 1);
  expect((await refusalOf(create('other', channel))).code).toBe('not-for-a-device');
  expect((await refusalOf(beta.joinChannel({ invitation }))).code).toBe('invitation-of-a-party');
  expect((await refusalOf(beta.party.join(invitation))).code).toBe('other-party');
  await create('cy', invitation);
  expect((await refusalOf(create('thief', invitation))).code).toBe('invitation-used');
  // What a refusal left behind is no vault.
  expect(Desk.exists(scene.path('thief'))).toBe(false);
  expect((await alpha.party.requests()).asking).toHaveLength(1);
});

test('a suspended member says and reads nothing, and comes back with the same record when resumed', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'member' });
  const { name: inner } = await alpha.rooms.open({
    channel: TALKS,
    kind: 'caucus',
    with: [],
    name: 'own',
  });
  await settled(alpha, cy);
  await alpha.party.rename('Cy', 'Cyril');
  await alpha.party.suspend('Cyril', 'telephone missing');
  await settled(alpha);
  await alpha.say(TALKS, 'while he is out');
  expect((await refusalOf(cy.sync())).code).toMatch(/no-access|suspended/);
  expect((await refusalOf(cy.say(TALKS, 'it is me'))).code).toMatch(/no-access|suspended/);
  expect(textsIn(cy)).not.toContain('while he is out');
  expect((await refusalOf(alpha.party.suspend('Ana', 'myself'))).message).toContain(
    'Nobody suspends itself',
  );
  await alpha.party.resume('Cyril', 'it was found');
  const { invitation } = await alpha.party.invite({ member: 'Cyril', role: 'member', days: 1 });
  const { deviceId } = await cy.party.join(invitation);
  expect((await alpha.party.requests()).asking).toMatchObject([{ id: deviceId, known: true }]);
  // Into his rooms too, which have not heard yet that he was resumed.
  expect(await alpha.party.admit(deviceId)).toEqual(
    [TALKS, inner].map((channel) => ({ channel, state: 'admitted' })),
  );
  await settled(cy, alpha);
  await alpha.say(inner, 'among ourselves');
  await cy.sync();
  expect(cy.log(inner).entries.at(-1)).toMatchObject({ text: 'among ourselves' });
  expect(textsIn(cy)).toContain('while he is out');
  await cy.say(TALKS, 'I am back');
  await beta.sync();
  await alpha.sync();
  expect(textsIn(beta)).toEqual(['while he is out', 'I am back']);
  expect(beta.log(TALKS).entries.at(-1)).toMatchObject({ member: 'Cyril' });
  expectOneRecord(alpha, beta);
  cy.close();
});

test('what was on its way when a member was suspended is not said when he is back, is not taken for said, and is his to say again', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'member' });
  await settled(alpha, cy);
  // Authored, but the relay never hears it: his desk counts it as under way.
  scene.gate.cut = ({ method }) => (method === 'PUT' ? 'before' : undefined);
  expect(await cy.say(TALKS, 'half way')).toMatchObject({ state: 'queued' });
  scene.gate.cut = () => undefined;
  await alpha.party.suspend('Cy', 'telephone missing');
  await settled(alpha);
  expect((await refusalOf(cy.sync())).code).toMatch(/no-access|suspended/);
  await alpha.party.resume('Cy', 'it was found');
  const { invitation } = await alpha.party.invite({ member: 'Cy', role: 'member', days: 1 });
  const { deviceId } = await cy.party.join(invitation);
  await alpha.party.admit(deviceId);
  const { channels } = await cy.sync();
  expect(channels.flatMap(({ remarks }) => remarks)).toEqual([
    expect.stringContaining('was not sent: "half way"'),
  ]);
  expect((await cy.sync()).channels.flatMap(({ remarks }) => remarks)).toEqual([]);
  expect(cy.drafts.read(TALKS)).toBe('half way');
  await settled(cy, alpha, beta);
  for (const desk of [cy, alpha, beta]) expect(textsIn(desk)).toEqual([]);
  await cy.say(TALKS, 'I am back');
  await settled(alpha, beta);
  for (const desk of [cy, alpha, beta]) expect(textsIn(desk)).toEqual(['I am back']);
  expectOneRecord(alpha, beta);
  cy.close();
});

test('a suspended desk that asks by the certificate of an authority given up since stays out until an entry resumes it', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'member' });
  await alpha.party.suspend('Cy', 'telephone missing');
  await alpha.party.authority.change('the safe was opened', { lost: false });
  const { invitation } = await alpha.party.invite({ member: 'Cy', role: 'member', days: 1 });
  const { deviceId } = await cy.party.join(invitation);
  const held = await refusalOf(alpha.party.admit(deviceId));
  expect([held.nature, held.code]).toEqual(['policy', 'suspended-member']);
  expect(held.next).toContain('parley party resume "Cy"');
  expect((await refusalOf(beta.sync())).code).toBe('party-alarm');
  const { size } = beta.log(TALKS);
  await alpha.party.resume('Cy', 'it was found');
  // The invitation was not used up by the refusal.
  expect(await alpha.party.admit(deviceId)).toEqual([{ channel: TALKS, state: 'admitted' }]);
  await cy.sync();
  await cy.say(TALKS, 'I am back');
  await beta.sync();
  expect(beta.log(TALKS).entries.slice(size)).toMatchObject([
    { kind: 'member-resumed', member: 'Ana' },
    { kind: 'text', member: 'Cy', text: 'I am back', verified: false },
  ]);
  cy.close();
});

test('where the party wants two officers, one proposes and another admits; the counterpart is neither', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  expect((await refusalOf(alpha.party.decide({ officersForAdmission: 2 }))).code).toBe(
    'too-few-officers',
  );
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'officer' });
  await alpha.party.decide({ officersForAdmission: 2 });
  const id = await asks(scene, alpha, 'dee', { member: 'Dee', role: 'member' });
  expect(await alpha.party.admit(id)).toEqual([{ channel: TALKS, state: 'proposed' }]);
  expect((await refusalOf(alpha.party.admit(id))).code).toBe('second-officer');
  expect((await refusalOf(Desk.enter(nativePorts, at(scene, 'dee')))).code).toBe(
    'not-certified-yet',
  );
  expect((await beta.party.requests()).proposals).toEqual([]);
  expect((await cy.party.requests()).proposals).toMatchObject([
    { id, by: 'Ana', member: 'Dee', mine: false },
  ]);
  expect(await cy.party.admit(id)).toEqual([{ channel: TALKS, state: 'admitted' }]);
  await alpha.sync();
  const dee = await enters(scene, 'dee');
  await dee.say(TALKS, 'two let me in');
  await beta.sync();
  expect(textsIn(beta)).toContain('two let me in');
  // Fewer officers take a second one; more did not.
  expect((await alpha.party.decide({ officersForAdmission: 1 })).waiting).toEqual([TALKS]);
  expect((await alpha.party.decide({ officersForAdmission: 1 })).waiting).toEqual([TALKS]);
  expect((await cy.party.decide({ officersForAdmission: 1 })).waiting).toEqual([]);
  cy.close();
  dee.close();
});

test('an objection reaches every desk and removes nobody', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'member' });
  const id = cy.whoAmI().deviceId;
  await beta.party.object(TALKS, id.slice(0, 8), 'he was not announced');
  for (const desk of [alpha, cy]) {
    const refusal = await refusalOf(desk.sync());
    expect(refusal.code).toBe('party-alarm');
    expect(refusal.message).toContain('he was not announced');
    // Told once; from then on the log shows it.
    await desk.sync();
  }
  await cy.say(TALKS, 'still here');
  await beta.sync();
  expect(textsIn(beta)).toContain('still here');
  expect((await refusalOf(beta.party.object(TALKS, beta.whoAmI().deviceId, 'me'))).code).toBe(
    'no-such-device',
  );
  cy.close();
});

test('a changed authority is a red stop: nothing is sent to that party until words are compared anew', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const before = alpha.party.view().fingerprint;
  const { waiting, fingerprint } = await alpha.party.authority.change('the safe was opened', {
    lost: false,
  });
  expect(waiting).toEqual([]);
  expect(fingerprint).not.toBe(before);
  // Said before Beta's desk knew: it takes the change in first, and keeps what it was to send.
  const held = await refusalOf(beta.say(TALKS, 'too early'));
  expect(held).toMatchObject({ nature: 'policy', code: 'party-alarm' });
  expect(held.message).toContain('authority key');
  expect(held.next).toContain('was NOT sent');
  const seen = beta.channels()[0]?.parties.find((party) => !party.mine);
  expect(seen).toMatchObject({ verified: false, awaitsVerification: true, fingerprint });
  const refused = await refusalOf(beta.say(TALKS, 'too early again'));
  expect([refused.nature, refused.code]).toEqual(['policy', 'authority-changed']);
  await alpha.say(TALKS, 'it was us');
  await beta.sync();
  await alpha.sync();
  expect(textsIn(alpha)).toEqual(['it was us']);
  await beta.verifying.ceremony(TALKS, 'en', { shows: true });
  await alpha.sync();
  await beta.sync();
  await alpha.sync();
  await beta.sync();
  const words = await beta.verifying.ceremony(TALKS, 'en', { shows: true });
  expect(words.words).toEqual((await alpha.verifying.ceremony(TALKS, 'en', { shows: true })).words);
  await beta.verifying.confirmWords(TALKS);
  await beta.say(TALKS, 'now we know');
  await alpha.sync();
  expect(textsIn(alpha)).toEqual(['it was us', 'too early', 'now we know']);
  // The new key certifies: a colleague still comes in.
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'member' });
  await cy.say(TALKS, 'certified by the new one');
  await beta.sync();
  expect(textsIn(beta)).toContain('certified by the new one');
  cy.close();
});

test('the loss of the desk with the authority is survived: two of three officers restore it and re-admit the member', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.say(TALKS, 'held by the party');
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'officer' });
  const dee = await colleague(scene, alpha, 'dee', { member: 'Dee', role: 'officer' });
  expect((await refusalOf(alpha.party.recovery.share(4))).code).toBe('too-few-officers');
  await alpha.party.recovery.share(2);
  const lost = alpha.whoAmI().deviceId;
  scene.close(alpha);
  await cy.sync();
  await dee.sync();
  expect(await cy.party.recovery.recover()).toMatchObject({
    given: 1,
    needed: 2,
    recovered: false,
  });
  await cy.party.recovery.ask("Ana's notebook is at the bottom of the sea");
  await dee.sync();
  const [asked] = dee.party.recovery.asked();
  expect(asked).toMatchObject({ member: 'Cy', deviceId: cy.whoAmI().deviceId });
  await dee.party.recovery.give(asked?.deviceId ?? '');
  expect(await cy.party.recovery.recover()).toMatchObject({ given: 2, recovered: true });
  await cy.removeDevice(TALKS, lost.slice(0, 8), 'lost');
  const ana = await colleague(scene, cy, 'ana-again', { member: 'Ana', role: 'officer' });
  expect(textsIn(ana)).toEqual(['held by the party']);
  await ana.say(TALKS, 'Ana again');
  await beta.sync();
  expect(textsIn(beta)).toEqual(['held by the party', 'Ana again']);
  expect(kindsIn(beta)).toEqual(
    expect.arrayContaining([
      'recovery-shared',
      'recovery-asked',
      'recovery-given',
      'device-removed',
    ]),
  );
  for (const desk of [cy, dee, ana]) desk.close();
});

test('an officer who gives another share than it was handed keeps nobody from the key, and is named', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  const officers = new Map<string, Desk>();
  for (const member of ['Cy', 'Dee', 'Eve'])
    officers.set(
      member,
      await colleague(scene, alpha, member.toLowerCase(), { member, role: 'officer' }),
    );
  await alpha.party.recovery.share(2);
  scene.close(alpha);
  for (const desk of officers.values()) await desk.sync();
  const [cy, dee, eve] = [...officers.values()];
  if (cy === undefined || dee === undefined || eve === undefined) throw new Error('three officers');
  await cy.party.recovery.ask('our first desk burned');
  expect((await refusalOf(cy.party.recovery.ask('again'))).code).toBe('asked-already');
  await dee.sync();
  dee.close();
  const hostile = new HostileMember(scene, 'dee');
  expect(await hostile.giveShare(cy.whoAmI().deviceId)).toBe('sent');
  hostile.close();
  expect(await cy.party.recovery.recover()).toEqual({
    given: 2,
    needed: 2,
    recovered: false,
    wrong: [],
  });
  await eve.sync();
  await eve.party.recovery.give(cy.whoAmI().deviceId);
  expect(await cy.party.recovery.recover()).toEqual({
    given: 3,
    needed: 2,
    recovered: true,
    wrong: ['Dee'],
  });
  expect((await refusalOf(cy.party.recovery.recover())).code).toBe('authority-held');
  for (const desk of [cy, eve]) desk.close();
});

test('without the old key a new authority takes a second officer, whom the others see as well', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const cy = await colleague(scene, alpha, 'cy', { member: 'Cy', role: 'officer' });
  expect((await refusalOf(cy.party.authority.change('mine now', { lost: false }))).code).toBe(
    'no-authority',
  );
  const asked = await cy.party.authority.change('the first desk burned', { lost: true });
  expect(asked.waiting).toEqual([TALKS]);
  await beta.sync();
  // One officer's word changes nothing.
  expect(beta.channels()[0]?.parties.find((party) => !party.mine)).toMatchObject({
    verified: true,
    awaitsVerification: false,
  });
  await alpha.sync();
  expect(alpha.party.authority.claims()).toMatchObject([
    { by: 'Cy', fingerprint: asked.fingerprint },
  ]);
  expect((await refusalOf(alpha.party.authority.agree('ab'.repeat(32)))).code).toBe(
    'no-such-change',
  );
  expect((await alpha.party.authority.agree(asked.fingerprint)).waiting).toEqual([]);
  expect((await refusalOf(beta.sync())).code).toBe('party-alarm');
  expect((await refusalOf(beta.say(TALKS, 'to whom?'))).code).toBe('authority-changed');
  await refusalOf(cy.sync());
  // The desk that made the key has it now; the old one certifies nobody any more.
  expect(cy.party.view()).toMatchObject({ holdsAuthority: true, fingerprint: asked.fingerprint });
  expect(alpha.party.view().holdsAuthority).toBe(false);
  // Until the desk with the new key has certified this one anew, it enters nothing; then it does, as the new authority's.
  const further = { relay: scene.gate.url, name: 'further', days: 1 };
  await alpha.sync();
  const made = await alpha.newChannel(further);
  expect(made.fingerprint).toBe(asked.fingerprint);
  await beta.joinChannel({ invitation: made.invitation });
  await alpha.admit('further', await alpha.admissionRequest('further'));
  await beta.sync();
  await alpha.say('further', 'under the new authority');
  await beta.sync();
  expect(textsIn(beta, 'further')).toEqual(['under the new authority']);
  expect(beta.channels().find(({ name }) => name === 'further')?.parties[0]).toMatchObject({
    fingerprint: asked.fingerprint,
  });
  // In the channel of before it is the device that the record knows; a caucus there is the new authority's.
  await alpha.say(TALKS, 'as ever');
  await alpha.rooms.open({ channel: TALKS, kind: 'caucus', with: [], name: 'own' });
  for (let round = 0; round < 2; round++) {
    await cy.sync().catch(() => undefined);
    await alpha.sync().catch(() => undefined);
  }
  await cy.say(`${TALKS}/own`, 'between us');
  await alpha.sync().catch(() => undefined);
  expect(textsIn(alpha, `${TALKS}/own`)).toEqual(['between us']);
  expect(alpha.party.view().members).toHaveLength(2);
  cy.close();
});
