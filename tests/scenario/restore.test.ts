// The relay is wiped, or lies in pieces. Its members bring it back.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '@parley/kernel';
import {
  backUp,
  collectFromMembers,
  finishRestoring,
  readKeyFile,
  restore,
  writeBackupKey,
  type Collecting,
} from '@parley/relay';
import { TALKS, Stage, expectOneRecord, refusalOf, textsIn, type Scene } from './stage.ts';

let stage: Stage;
beforeAll(async () => (stage = await Stage.build()));
afterAll(async () => stage.strike());

const keyOf = (scene: Scene): Buffer => readFileSync(scene.path('relay', 'relay.key'));

/** Everything is gone; the key too, unless it was kept elsewhere. */
async function wipe(scene: Scene, keep: { key: boolean }): Promise<void> {
  await scene.stopRelays();
  const key = keyOf(scene);
  for (const name of readdirSync(scene.path('relay')))
    rmSync(scene.path('relay', name), { recursive: true });
  if (keep.key) writeFileSync(scene.path('relay', 'relay.key'), key, { mode: 0o600 });
}

async function collect(
  scene: Scene,
  options: { salvage?: boolean; formerKeys?: Uint8Array[] } = {},
): Promise<Collecting> {
  const dataDir = scene.path('relay');
  const collecting = await collectFromMembers({
    dataDir,
    listen: '127.0.0.1:0',
    quiet: true,
    ...options,
  });
  scene.gate.reset(collecting.url);
  return collecting;
}

const finish = async (
  scene: Scene,
  collecting: Collecting,
  acceptLoss = false,
): ReturnType<typeof finishRestoring> => {
  await collecting.close();
  return finishRestoring(scene.path('relay'), { ownKey: collecting.relayKey, acceptLoss });
};

describe('a wiped relay', () => {
  it('is rebuilt by one member, and the talks go on in the same room, documents included', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await alpha.say(TALKS, 'Before the fire.');
    const file = scene.write('note.txt', 'A document that the relay loses.');
    await alpha.send(TALKS, file, { onProgress: () => {} });
    await beta.sync();
    await beta.say(TALKS, 'Received.');
    await alpha.sync();
    await wipe(scene, { key: true });

    const collecting = await collect(scene);
    expect(await refusalOf(alpha.bringing.bring('nowhere'))).toMatchObject({
      code: 'no-such-channel',
    });
    const brought = await beta.bringing.bring(TALKS);
    expect(brought).toMatchObject({ phase: 'collecting', missing: 0 });
    const [report] = await finish(scene, collecting);
    expect(report).toMatchObject({
      outcome: 'restored',
      proven: brought.proven,
      back: 1,
      awaited: 1,
    });
    scene.gate.reset((await scene.startRelay()).url);

    // Who did not come in time comes back with the receipt of its own.
    expect(await refusalOf(alpha.sync())).toMatchObject({ code: 'no-access' });
    expect(await alpha.bringing.bring(TALKS)).toMatchObject({ phase: 'open' });
    await alpha.say(TALKS, 'After the fire.');
    await beta.sync();
    expect(textsIn(beta)).toEqual(['Before the fire.', 'Received.', 'After the fire.']);
    expectOneRecord(alpha, beta);
    // The chunks came back with the first sync of the member who had fetched them.
    expect(await alpha.bringing.bring(TALKS)).toMatchObject({ documents: 0 });
    expect(existsSync(scene.path('relay', 'blobs'))).toBe(true);
    expect(readdirSync(scene.path('relay', 'blobs'), { recursive: true }).length).toBeGreaterThan(
      2,
    );
  });

  it('that lost its key is believed only by members who were told the new one', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await alpha.say(TALKS, 'Under the old key.');
    await beta.sync();
    await wipe(scene, { key: false });
    const collecting = await collect(scene);
    const relayKey = toHex(collecting.relayKey);
    expect(await refusalOf(alpha.bringing.bring(TALKS))).toMatchObject({
      code: 'another-relay-key',
      data: { relayKey },
    });
    await alpha.bringing.bring(TALKS, { relayKey });
    await beta.bringing.bring(TALKS, { relayKey });
    const [report] = await finish(scene, collecting);
    expect(report).toMatchObject({ outcome: 'restored', back: 2, awaited: 0 });
    expect(report?.by).not.toBe(relayKey);
    scene.gate.reset((await scene.startRelay()).url);
    await beta.say(TALKS, 'Under the new one.');
    await alpha.sync();
    expect(textsIn(alpha)).toEqual(['Under the old key.', 'Under the new one.']);
  });

  it('is not opened while a member proves that something acknowledged is missing', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await beta.sync();
    beta.bringing.keepEnvelopes(TALKS, false);
    beta.bringing.keepEnvelopes(TALKS, true);
    await beta.say(TALKS, 'Alpha never saw this.');
    await wipe(scene, { key: true });
    const collecting = await collect(scene);
    // Beta has the last envelope and its receipt, and nothing before: Alpha's desk brings that.
    const partly = await beta.bringing.bring(TALKS);
    expect(partly.missing).toBe(partly.proven - 1);
    const early = await finish(scene, collecting);
    expect(early).toMatchObject([{ outcome: 'incomplete', missing: partly.missing }]);
    const again = await collect(scene);
    expect(await alpha.bringing.bring(TALKS)).toMatchObject({ missing: 0 });
    expect(await finish(scene, again)).toMatchObject([{ outcome: 'restored', back: 2 }]);
    scene.gate.reset((await scene.startRelay()).url);
    await alpha.sync();
    expect(textsIn(alpha)).toEqual(['Alpha never saw this.']);
  });

  it('refuses a room with a contradiction and keeps the two receipts', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    const beta = scene.open('beta');
    await beta.sync();
    await scene.stopRelays();
    scene.copyRelay('other');
    // The relay tells two histories: the same key, another envelope at the same number.
    scene.gate.reset((await scene.startRelay()).url);
    await alpha.say(TALKS, 'Told to Alpha.');
    await scene.stopRelays();
    scene.gate.reset((await scene.startRelay('other')).url);
    await beta.say(TALKS, 'Told to Beta.');
    await wipe(scene, { key: true });
    const collecting = await collect(scene);
    await alpha.bringing.bring(TALKS);
    await beta.bringing.bring(TALKS);
    const [report] = await finish(scene, collecting);
    expect(report).toMatchObject({ outcome: 'contradiction' });
    expect(existsSync(report?.contradiction?.evidence ?? '')).toBe(true);
    scene.gate.reset((await scene.startRelay()).url);
    expect(await refusalOf(alpha.sync())).toMatchObject({ code: 'relay-lost-channel' });
  });

  it('takes nothing from strangers, forged receipts or another room', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    await alpha.say(TALKS, 'Ours.');
    await wipe(scene, { key: false });
    const collecting = await collect(scene, { formerKeys: [new Uint8Array(32).fill(7)] });
    const relayKey = toHex(collecting.relayKey);
    expect(await refusalOf(alpha.bringing.bring(TALKS, { relayKey }))).toMatchObject({
      code: 'relay-forbidden',
    });
    await expect(finish(scene, collecting)).rejects.toMatchObject({ code: 'nothing-collected' });
  });
});

describe('a damaged page', () => {
  it('is found, named, and repaired from members', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    for (let n = 1; n <= 12; n++) await alpha.say(TALKS, `Line ${n} ${'.'.repeat(3000)}`);
    await beta.sync();
    await scene.stopRelays();
    const path = scene.path('relay', 'relay.db');
    const file = readFileSync(path);
    const at = Math.floor(file.length / 4096 / 2) * 4096;
    file.fill(0xa5, at, at + 4096);
    writeFileSync(path, file);
    await expect(collect(scene)).rejects.toMatchObject({ code: 'store-damaged' });
    const collecting = await collect(scene, { salvage: true });
    expect(collecting.salvaged?.damaged.length).toBeGreaterThan(0);
    await beta.bringing.bring(TALKS);
    const report = await finish(scene, collecting);
    expect(report.map(({ outcome }) => outcome)).toContain('restored');
    scene.gate.reset((await scene.startRelay()).url);
    await alpha.say(TALKS, 'Whole again.');
    await beta.sync();
    expectOneRecord(alpha, beta);
  });
});

describe('ransomware', () => {
  it('that encrypts every file in place is noticed within seconds; backup and members bring everything back', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await alpha.say(TALKS, 'In the backup.');
    await beta.sync();
    await writeBackupKey(scene.path('backup-key'));
    const publicKey = await readKeyFile(scene.path('backup-key.pub'), 1216);
    await backUp(scene.path('relay'), scene.path('night.backup'), publicKey);
    await alpha.say(TALKS, 'After the backup.');
    await beta.sync();
    await beta.say(TALKS, 'Nobody but Beta knows this yet.');
    for (const name of readdirSync(scene.path('relay'), { recursive: true, encoding: 'utf8' })) {
      const path = scene.path('relay', name);
      if (statSync(path).isFile()) writeFileSync(path, randomBytes(statSync(path).size));
    }
    // The relay runs on; it looks at its files every five seconds and then takes nothing more.
    let refused = '';
    for (let tries = 0; tries < 100 && refused === ''; tries++) {
      await sleep(200);
      refused = await alpha.sync().then(
        () => '',
        (error: unknown) => (error as { code?: string }).code ?? 'fault',
      );
    }
    expect(refused).toBe('relay-failing');
    await scene.stopRelays();
    await expect(scene.startRelay()).rejects.toMatchObject({ name: 'Fault' });
    rmSync(scene.path('relay'), { recursive: true });
    const secret = await readKeyFile(scene.path('backup-key'), 32);
    await restore(scene.path('night.backup'), scene.path('relay'), secret);
    const collecting = await collect(scene);
    await beta.bringing.bring(TALKS);
    expect(await finish(scene, collecting)).toMatchObject([{ outcome: 'restored', awaited: 0 }]);
    scene.gate.reset((await scene.startRelay()).url);
    await alpha.sync();
    expect(textsIn(alpha)).toEqual([
      'In the backup.',
      'After the backup.',
      'Nobody but Beta knows this yet.',
    ]);
    expectOneRecord(alpha, beta);
  });
});
