// Those who are not, not yet, or no longer in the channel; and invitations that went wrong.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import type { Ports } from '@parley/kernel';
import { asDeviceId } from '@parley/record';
import { json, parley } from './command.ts';
import { HostileMember } from './hostile-member.ts';
import { Stage, TALKS, refusalOf, textsIn } from './stage.ts';

const YEAR_MS = 365 * 86_400_000;
const shifted = (ms: number): Ports => ({
  ...nativePorts,
  clock: { nowMs: () => nativePorts.clock.nowMs() + ms },
});

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

describe('an invitation', () => {
  test('works once: a second guest is refused and nothing of it stays behind', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const { invitation } = await alpha.newChannel({ relay: stage.gate.url, name: 'side', days: 1 });
    await beta.joinChannel({ invitation });
    const gamma = scene.create('gamma', { party: 'Union of Gamma', member: 'Gil' });
    const refusal = await refusalOf(gamma.joinChannel({ invitation }));
    expect(refusal).toMatchObject({ nature: 'policy', code: 'invitation-used' });
    expect(gamma.channels()).toEqual([]);
    await alpha.admit('side', await alpha.admissionRequest('side'));
    await beta.sync('side');
    // The one who used it may say it again, and is told that it is in; nobody else may.
    expect(await beta.joinChannel({ invitation })).toMatchObject({
      channel: 'side',
      entered: true,
    });
    expect(
      beta
        .channels()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['side', TALKS]);
    expect(await refusalOf(gamma.joinChannel({ invitation }))).toMatchObject({
      code: 'invitation-used',
    });
  });

  test('said again after the relay was wiped takes nothing away from an open channel', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const { invitation } = await alpha.newChannel({ relay: stage.gate.url, name: 'side', days: 1 });
    await beta.joinChannel({ invitation });
    await alpha.admit('side', await alpha.admissionRequest('side'));
    await beta.sync('side');
    await scene.stopRelays();
    stage.gate.reset((await scene.startRelay('empty')).url);
    await beta.joinChannel({ invitation }).catch(() => {});
    expect(beta.log('side').size).toBeGreaterThan(0);
  });

  test('expired, garbled or of another kind is refused by name before anything is sent', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    const { invitation } = await alpha.newChannel({ relay: stage.gate.url, name: 'side', days: 1 });
    const gamma = scene.create(
      'gamma',
      { party: 'Union of Gamma', member: 'Gil' },
      shifted(2 * 86_400_000),
    );
    stage.gate.passed.length = 0;
    const codes: string[] = [];
    const middle = invitation.length >> 1;
    const other = invitation[middle] === 'a' ? 'b' : 'a';
    const tries = [
      invitation,
      `${invitation.slice(0, middle)}${other}${invitation.slice(middle + 1)}`,
      invitation.slice(0, -5),
      'parley9zzzz',
      'hello',
      '',
      `${invitation}\u202e`,
    ];
    for (const text of tries)
      codes.push((await refusalOf(gamma.joinChannel({ invitation: text }))).code);
    expect(codes[0]).toBe('invitation-expired');
    for (const code of codes.slice(1))
      expect(code).toMatch(/^invitation-(damaged|not-an-invitation|unknown-version)$/);
    expect(stage.gate.passed).toEqual([]);
    expect(gamma.channels()).toEqual([]);
  });
});

describe('a device', () => {
  test('that was removed reads nothing newer, says nothing, and is told so', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await alpha.say(TALKS, 'while Bo was in');
    await beta.sync();
    const { deviceId } = beta.whoAmI();
    const foreign = alpha.removeDevice(TALKS, deviceId.slice(0, 16), 'we do not like it');
    expect(await refusalOf(foreign)).toMatchObject({ nature: 'policy', code: 'not-removed' });
    // Only its own party may, and not at the device itself.
    const own = beta.removeDevice(TALKS, deviceId.slice(0, 16), 'lost');
    expect(await refusalOf(own)).toMatchObject({ nature: 'wrong-use', code: 'own-device' });
    scene.close(beta);
    // Bo's party signs the removal; Ana's desk makes the new keys.
    const party = new HostileMember(scene, 'beta');
    const device = asDeviceId(Uint8Array.from(Buffer.from(deviceId, 'hex')));
    expect(await party.act({ kind: 'device-removed', device, reason: 'lost' })).toBe('sent');
    party.close();
    await alpha.sync();
    await alpha.say(TALKS, 'after Bo was removed');
    const removed = scene.open('beta');
    const after = await refusalOf(removed.sync());
    expect(after.nature).toBe('policy');
    expect(after.code).toMatch(/^(removed|no-access)$/);
    expect(textsIn(removed)).toEqual(['while Bo was in']);
    expect((await refusalOf(removed.say(TALKS, 'hello?'))).next).toBeDefined();
    expect(textsIn(alpha)).toEqual(['while Bo was in', 'after Bo was removed']);
  });

  test('that nobody admitted gets nothing from the relay', async () => {
    const scene = await stage.scene();
    const answers = await Promise.all(
      ['/v1/logs/'.concat('A'.repeat(43)), '/', '/v1/blobs', '/index.html'].map(async (path) =>
        fetch(`${stage.gate.url}${path}`),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('content-type') ?? '').not.toContain('html');
    }
    expect(scene.folder).toContain('parley-scenario-');
  });
});

describe('a vault', () => {
  test('opens with its passphrase only, for one process at a time, and says which it was', async () => {
    const scene = await stage.scene();
    const home = scene.path('alpha');
    const wrong = scene.write('wrong', 'not the passphrase\n');
    const refused = await parley(['log', TALKS, '--json'], { home, passphraseFile: wrong });
    expect(refused.exit).toBe(1);
    expect(json(refused)).toMatchObject({ error: { code: 'wrong-passphrase' } });
    const alpha = scene.open('alpha');
    const busy = await parley(['say', TALKS, 'at the same time', '--json'], {
      home,
      passphraseFile: scene.path('passphrase'),
    });
    expect(busy.exit).toBe(1);
    expect(json(busy)).toMatchObject({ error: { code: 'vault-busy' } });
    expect(await alpha.say(TALKS, 'the first process goes on')).toMatchObject({
      state: 'at-relay',
    });
  });
});

describe('a clock that is wrong by a year', () => {
  test.each([
    ['behind', -YEAR_MS],
    ['ahead', YEAR_MS],
  ])(
    '%s: the member is told by the relay or takes part; the record says what it claimed',
    async (_way, ms) => {
      const scene = await stage.scene();
      const beta = scene.open('beta', shifted(ms));
      const alpha = scene.open('alpha');
      const said = await beta.say(TALKS, 'my clock is wrong');
      await alpha.sync();
      expect(said.state).toBe('at-relay');
      const entry = alpha.log(TALKS).entries.at(-1);
      expect(entry).toMatchObject({ text: 'my clock is wrong' });
      expect(Math.abs((entry?.timeMs ?? 0) - Date.now() - ms)).toBeLessThan(3_600_000);
    },
  );
});

describe('a line that is down', () => {
  test('queues what is said and delivers it in order later, once', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    stage.gate.upstream = null;
    for (const text of ['one', 'two', 'three'])
      expect(await alpha.say(TALKS, text)).toMatchObject({ entry: null, state: 'queued' });
    await expect(alpha.sync()).rejects.toMatchObject({ code: 'relay-unreachable' });
    expect(alpha.log(TALKS).entries.filter(({ state }) => state === 'queued')).toHaveLength(3);
    await scene.repent();
    await alpha.sync();
    await beta.sync();
    expect(textsIn(beta)).toEqual(['one', 'two', 'three']);
  });

  test('cut after the relay heard: the answer is lost, the entry is there once', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    let cuts = 0;
    stage.gate.cut = ({ method }) => (method === 'PUT' && cuts++ === 0 ? 'after' : undefined);
    expect(await alpha.say(TALKS, 'heard, not answered')).toMatchObject({ state: 'queued' });
    await alpha.sync();
    await beta.sync();
    expect(textsIn(beta)).toEqual(['heard, not answered']);
  });

  test('of one channel keeps no other channel waiting', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const second = await scene.startRelay('second');
    const { invitation } = await alpha.newChannel({ relay: second.url, name: 'a-side', days: 1 });
    await beta.joinChannel({ invitation });
    await alpha.admit('a-side', await alpha.admissionRequest('a-side'));
    await beta.sync('a-side');
    await second.close();
    await alpha.say(TALKS, 'over the relay that is up');
    await expect(beta.sync()).rejects.toMatchObject({ code: 'relay-unreachable' });
    expect(textsIn(beta)).toEqual(['over the relay that is up']);
  });
});
