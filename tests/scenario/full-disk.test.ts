// A disk that is full: at the desk's vault, its quarantine, where a safe copy or a record is written, and at the relay. A
// clear refusal each time, nothing half-written, and everything goes on once there is room again.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, json, parley } from './command.ts';
import { Stage, TALKS, documentsIn, expectOneRecord, textsIn, type Scene } from './stage.ts';

const AGENDA = join(ROOT, 'samples', 'draft-agenda.pdf');

let stage: Stage;
const mounted: string[] = [];
beforeAll(async () => {
  stage = await Stage.build();
});
// Also after a failure, or the next scene could not be cleared away.
afterEach(() => {
  for (const folder of mounted.splice(0)) spawnSync('umount', ['-l', folder]);
});
afterAll(async () => stage.strike());

/** A file system of a few megabytes, with what was in the folder; undefined where this user may not mount one. */
function smallDisk(folder: string, megabytes: number): boolean {
  const before = `${folder}.before`;
  if (existsSync(folder)) cpSync(folder, before, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  if (made.status !== 0) return false;
  mounted.push(folder);
  if (existsSync(before)) cpSync(before, folder, { recursive: true });
  return true;
}

/** Fills what is left; answers how to make room again. */
function fill(folder: string, leaveBytes = 0): () => void {
  const { bavail, bsize } = statfsSync(folder);
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, new Uint8Array(Math.max(0, bavail * bsize - leaveBytes)));
  return () => rmSync(ballast);
}

function release(folder: string): void {
  spawnSync('umount', [folder]);
  mounted.splice(mounted.indexOf(folder), 1);
}

const may = ((): boolean => {
  const folder = join(process.env['TMPDIR'] ?? '/tmp', `parley-may-mount-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (made) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return made;
})();

const asked = (scene: Scene, who: string) => ({
  home: scene.path(who),
  passphraseFile: scene.path('passphrase'),
});

function fullDisks(): void {
  test('under the vault: what cannot be stored is not sent, and is said again later', async () => {
    const scene = await stage.scene();
    smallDisk(scene.path('alpha'), 4);
    const room = fill(scene.path('alpha'));
    const refused = await parley(
      ['say', TALKS, 'no room for this', '--json'],
      asked(scene, 'alpha'),
    );
    expect(refused.exit, refused.out).toBe(1);
    expect(json(refused)).toMatchObject({
      error: { code: 'disk-full', next: expect.stringContaining('free') },
    });
    room();
    const said = await parley(['say', TALKS, 'now there is', '--json'], asked(scene, 'alpha'));
    expect(said.exit, said.out).toBe(0);
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await beta.sync();
    await alpha.sync();
    const texts = textsIn(beta);
    expect(texts.at(-1)).toBe('now there is');
    expect(new Set(texts).size).toBe(texts.length);
    expectOneRecord(alpha, beta);
    scene.close(alpha);
    release(scene.path('alpha'));
  });

  test('under the quarantine: the document waits, and comes when there is room', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    const big = scene.write('big.txt', 'a line of a long document\n'.repeat(150_000));
    await alpha.send(TALKS, big, { onProgress: () => {} });
    smallDisk(scene.path('beta'), 16);
    const room = fill(scene.path('beta'), 2 ** 21);
    const refused = await parley(['sync', '--json'], asked(scene, 'beta'));
    expect(refused.exit, refused.out).toBe(1);
    expect(json(refused)).toMatchObject({ error: { code: 'disk-full' } });
    room();
    const beta = scene.open('beta');
    expect(await beta.sync()).toMatchObject({ channels: [{ disarmed: 1 }] });
    expect(documentsIn(beta)[0]?.document?.state).toBe('ready');
    scene.close(beta);
    release(scene.path('beta'));
  });

  test('where a safe copy or a record is written: none or whole, and a file that was there stays', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    await alpha.send(TALKS, AGENDA, { onProgress: () => {} });
    const beta = scene.open('beta');
    await beta.sync();
    smallDisk(scene.path('out'), 1);
    writeFileSync(scene.path('out', 'old.pdf'), 'what was there');
    const room = fill(scene.path('out'));
    const entry = String(documentsIn(beta)[0]?.entry);
    for (const options of [
      { out: scene.path('out', 'new.pdf') },
      { out: scene.path('out', 'old.pdf'), force: true },
    ])
      await expect(beta.openDocument(TALKS, entry, options)).rejects.toMatchObject({
        name: 'Fault',
      });
    await expect(beta.exportRecord(TALKS, scene.path('out', 'r.parley'))).rejects.toMatchObject({
      name: 'Fault',
    });
    expect(readdirSync(scene.path('out')).toSorted()).toEqual(['ballast', 'old.pdf']);
    expect(readFileSync(scene.path('out', 'old.pdf'), 'utf8')).toBe('what was there');
    room();
    await beta.openDocument(TALKS, entry, { out: scene.path('out', 'new.pdf') });
    await beta.exportRecord(TALKS, scene.path('out', 'r.parley'));
    release(scene.path('out'));
  });

  test('at the relay: it says so and keeps what it had; what was said waits at home', async () => {
    const scene = await stage.scene();
    await scene.stopRelays();
    smallDisk(scene.path('relay'), 4);
    stage.gate.reset((await scene.startRelay()).url);
    const alpha = scene.open('alpha');
    await alpha.say(TALKS, 'before it was full');
    const room = fill(scene.path('relay'));
    const said: string[] = [];
    let state: string | undefined;
    for (let n = 0; n < 400 && state !== 'queued'; n++) {
      said.push(`line ${n}`);
      ({ state } = await alpha.say(TALKS, `line ${n}`));
    }
    expect(state).toBe('queued');
    await expect(alpha.sync()).rejects.toMatchObject({ name: 'Fault', code: 'relay-full' });
    expect(await alpha.send(TALKS, AGENDA, { onProgress: () => {} })).toMatchObject({
      state: 'queued',
    });
    room();
    const beta = scene.open('beta');
    await alpha.sync();
    await beta.sync();
    expect(textsIn(beta)).toEqual(['before it was full', ...said]);
    expect(documentsIn(beta)).toHaveLength(1);
    await scene.stopRelays();
    release(scene.path('relay'));
  });
}

if (may) describe('a full disk', fullDisks);
else test('full disks: not run, this user may not mount a small file system', () => {});
