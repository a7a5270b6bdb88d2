// Documents that cannot be rebuilt safe, and names that mislead: a clear refusal, and the channel goes on.

import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BAD_NAMES, badSamples } from '../../tools/samples/bad.ts';
import { printable } from '../../apps/cli/src/shell.ts';
import { parley } from './command.ts';
import { HostileMember, description } from './hostile-member.ts';
import { Stage, TALKS, documentsIn, expectOneRecord, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

test('every bad document ends in a refusal with a reason, none is written, and both hold one record of it', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const samples = badSamples();
  for (const { name, make } of samples)
    await alpha.send(TALKS, scene.write(name, make()), { onProgress: () => {} });
  const report = await beta.sync();
  const documents = documentsIn(beta);
  expect(documents).toHaveLength(samples.length);
  expect(report.channels[0]?.alarms).toEqual([]);
  const states = new Map(
    documents.map(({ document }) => [document?.name ?? '', document?.state ?? 'none']),
  );
  for (const must of [
    'encrypted.pdf',
    'eleven-thousand-pages.pdf',
    'broken.pdf',
    'hundred-megapixels.png',
    'looping.pdf',
    'lying.jpg',
    'empty.pdf',
    'program.pdf',
  ])
    expect([must, states.get(must)]).toEqual([must, 'refused']);
  for (const { entry, document } of documents) {
    if (document?.state === 'ready') continue;
    const out = scene.path(`out-${entry}`);
    const refusal = await refusalOf(beta.openDocument(TALKS, String(entry), { out }));
    expect(refusal.nature).toBe('policy');
    expect(refusal.message).toContain('quarantine');
    expect(refusal.next).toBeDefined();
    expect(readdirSync(scene.folder)).not.toContain(`out-${entry}`);
  }
  await alpha.sync();
  expectOneRecord(alpha, beta);
});

describe('a name that misleads', () => {
  test('is refused at the sender, who learns how to give another', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    const file = scene.write('plain.txt', 'a plain text');
    for (const name of BAD_NAMES.filter((one) => one !== '-rf.pdf')) {
      const refusal = await refusalOf(alpha.send(TALKS, file, { as: name, onProgress: () => {} }));
      expect([name, refusal.code, refusal.nature]).toEqual([name, 'unsafe-name', 'policy']);
      expect(refusal.next).toContain('--as');
    }
    expect(documentsIn(alpha)).toEqual([]);
  });

  test('from a hostile sender is shown escaped and never becomes a path', async () => {
    const scene = await stage.scene();
    const cheat = new HostileMember(scene, 'beta');
    const file = await cheat.upload(scene.write('plain.txt', 'a plain text'));
    const [name = ''] = BAD_NAMES;
    expect(name).toContain('\u202e');
    expect(await cheat.act(description(name, file))).toBe('sent');
    cheat.close();
    const alpha = scene.open('alpha');
    await alpha.sync();
    const [document] = documentsIn(alpha);
    expect(document?.document?.name).toBe(name);
    scene.close(alpha);
    const asked = {
      home: scene.path('alpha'),
      passphraseFile: scene.path('passphrase'),
      cwd: scene.folder,
    };
    const shown = await parley(['inbox', TALKS], asked);
    expect(shown.out).toContain(printable(name));
    expect(shown.out).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(shown.out).not.toContain('\u001b');
    const before = readdirSync(scene.folder);
    const opened = await parley(['open', TALKS, String(document?.entry)], asked);
    expect(opened.exit, opened.err).toBe(0);
    const made = readdirSync(scene.folder).filter((one) => !before.includes(one));
    expect(made).toEqual(['agenda_fdp.safe.txt']);
  });
});
