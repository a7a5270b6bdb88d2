// The counterpart may sign anything about a file. What does not fit is evidence against it, and never reaches a person.

import { createReadStream, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeCrypto } from '@parley/kernel/node';
import { asLeafHash, verifyFile, type BodyOf } from '@parley/record';
import type { Act } from '@parley/channel';
import type { Desk } from '@parley/desk';
import { ROOT, parley } from './command.ts';
import { HostileMember, description, otherKey } from './hostile-member.ts';
import { Stage, TALKS, documentsIn, expectOneRecord, refusalOf, type Scene } from './stage.ts';

const AGENDA = join(ROOT, 'samples', 'draft-agenda.pdf');
const PICTURE = join(ROOT, 'samples', 'seating-plan.png');
type Described = Extract<Act, { kind: 'document' }>;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

const filesIn = (folder: string): Map<string, string> => {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name));
  return new Map(names.map((name) => [name, readFileSync(name).toString('base64')]));
};

async function withCheat(): Promise<{ scene: Scene; beta: HostileMember }> {
  const scene = await stage.scene();
  const beta = new HostileMember(scene, 'beta');
  return { scene, beta };
}

describe('a document entry that does not describe its blob is evidence against its author', () => {
  const lies: [string, (honest: Described, other: Described) => Described][] = [
    ['another file', (a, b) => ({ ...a, blob: b.blob, size: b.size })],
    ['a hash of nothing', (a) => ({ ...a, sha256: new Uint8Array(32) })],
    ['a key that opens another blob', (a, b) => ({ ...a, blob: { ...a.blob, key: b.blob.key } })],
    ['a key that opens nothing', (a) => ({ ...a, blob: { ...a.blob, key: otherKey().secret } })],
    ['one byte less', (a) => ({ ...a, size: a.size - 1 })],
    ['a size that its chunks do not have', (a) => ({ ...a, size: a.size + 2 ** 24 })],
    ['more chunks than its size', (a) => ({ ...a, blob: { ...a.blob, chunks: 4_000_000 } })],
  ];
  let scene: Scene;
  let alpha: Desk;
  let honest: Described;
  let other: Described;
  let opened: string;

  // Alpha has one honest document in quarantine and opened; then Beta cheats, again and again.
  beforeAll(async () => {
    scene = await stage.scene();
    const beta = new HostileMember(scene, 'beta');
    honest = description('draft-agenda.pdf', await beta.upload(AGENDA));
    other = description('seating-plan.png', await beta.upload(PICTURE));
    expect(await beta.act(honest)).toBe('sent');
    beta.close();
    alpha = scene.open('alpha');
    await alpha.sync();
    const [first] = documentsIn(alpha);
    const out = scene.path('one.pdf');
    opened = (await alpha.openDocument(TALKS, String(first?.entry), { out })).path;
  });

  test.each(lies)('%s', async (_name, lie) => {
    const before = filesIn(scene.path('alpha', 'quarantine'));
    expect(before.size).toBe(1);
    const bo = scene.open('beta');
    await bo.sync(TALKS, { documents: false });
    scene.close(bo);
    const cheat = new HostileMember(scene, 'beta');
    expect(await cheat.act(lie(honest, other))).toBe('sent');
    cheat.close();

    const refusal = await refusalOf(alpha.sync());
    expect(refusal.nature).toBe('tampering');
    expect(refusal.message).toContain('not the document that was announced');
    // The original that was there is untouched, nothing was added, and nothing of the forgery can be opened.
    expect(filesIn(scene.path('alpha', 'quarantine'))).toEqual(before);
    const forged = documentsIn(alpha).at(-1);
    expect(forged?.document?.state).toBe('not-fetched');
    const again = await refusalOf(
      alpha.openDocument(TALKS, String(forged?.entry), { out: scene.path('two.pdf') }),
    );
    expect(again).toMatchObject({ nature: 'tampering', code: 'wrong-document' });
    expect(readdirSync(scene.folder)).not.toContain('two.pdf');
    expect(readFileSync(opened).subarray(0, 5).toString()).toBe('%PDF-');
    // It does not stop the channel, and it is not said twice.
    expect(await alpha.sync()).toMatchObject({ channels: [{ alarms: [] }] });
    expect(alpha.log(TALKS).remarks.join()).toContain('not the document that was announced');
  });
});

test.each([2 ** 32, 2 ** 52])(
  'a document of %d bytes is refused without being fetched',
  async (size) => {
    const { scene, beta } = await withCheat();
    const honest = description('draft-agenda.pdf', await beta.upload(AGENDA));
    const blob = { ...honest.blob, chunks: 4096, sealedSize: size + 4096 * 28 };
    expect(await beta.act({ ...honest, size, blob })).toBe('sent');
    const alpha = scene.open('alpha');
    stage.gate.passed.length = 0;
    expect(await alpha.sync()).toMatchObject({ channels: [{ refused: 1 }] });
    expect(stage.gate.count('GET', /blobs/)).toBe(0);
    expect(documentsIn(alpha)[0]?.document).toMatchObject({
      state: 'refused',
      reason: 'too-large',
    });
    beta.close();
  },
);

test('a document whose chunks the relay does not have waits, and is fetched when they come', async () => {
  const { scene, beta } = await withCheat();
  const agenda = await beta.upload(AGENDA);
  const honest = description('draft-agenda.pdf', agenda);
  expect(await beta.act(honest)).toBe('sent');
  const alpha = scene.open('alpha');
  stage.gate.cut = ({ method, target }) =>
    method === 'GET' && target.includes('/blobs/') ? 'before' : undefined;
  await expect(alpha.sync()).rejects.toMatchObject({ code: 'relay-unreachable' });
  expect(documentsIn(alpha)[0]?.document?.state).toBe('not-fetched');
  stage.gate.cut = () => undefined;
  expect(await alpha.sync()).toMatchObject({ channels: [{ disarmed: 1 }] });
  beta.close();
});

test('a piece that was altered on the relay is an alarm once, and the document comes when the piece is whole', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await beta.send(TALKS, AGENDA, { onProgress: () => {} });
  // The newest sealed file is the document; an older one is the record that Beta was handed when it joined.
  const sealed = [...filesIn(scene.path('relay', 'blobs')).keys()].toSorted(
    (a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs,
  );
  const path = sealed[0] ?? '';
  // A chunk that just came is passed on from the relay's memory.
  await sleep(1_500);
  const whole = Uint8Array.from(readFileSync(path));
  writeFileSync(path, whole.with(500, (whole[500] ?? 0) ^ 1));
  const refusal = await refusalOf(alpha.sync());
  expect(refusal).toMatchObject({ nature: 'tampering', code: 'alarm' });
  expect(refusal.message).toContain('altered after its sender sealed it');
  expect(await alpha.sync()).toMatchObject({ channels: [{ disarmed: 0 }] });
  writeFileSync(path, whole);
  expect(await alpha.sync()).toMatchObject({ channels: [{ disarmed: 1 }] });
  expect(documentsIn(alpha)[0]?.document?.state).toBe('ready');
});

test('an original or a safe copy that was damaged at rest is fetched or made again', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await beta.send(TALKS, AGENDA, { onProgress: () => {} });
  await alpha.sync();
  const entry = String(documentsIn(alpha)[0]?.entry);
  const first = await alpha.openDocument(TALKS, entry, { out: scene.path('one.pdf') });
  for (const folder of ['quarantine', 'safe-copies'])
    for (const path of filesIn(scene.path('alpha', folder)).keys()) writeFileSync(path, 'rotten');
  const damaged = alpha.openDocument(TALKS, entry, { out: scene.path('two.pdf') });
  await expect(damaged).rejects.toMatchObject({ code: 'file-damaged' });
  const again = await alpha.openDocument(TALKS, entry, { out: scene.path('two.pdf') });
  expect(again.safe).toBe(first.safe);
});

describe('a word about a document that is not there, or not the one', () => {
  test('a `disarmed` entry for another original is no proof of anything, and changes nothing here', async () => {
    const { scene, beta } = await withCheat();
    const agenda = await beta.upload(AGENDA);
    expect(await beta.act(description('draft-agenda.pdf', agenda))).toBe('sent');
    const alpha = scene.open('alpha');
    await alpha.sync();
    beta.close();
    const bo = scene.open('beta');
    await bo.sync();
    scene.close(bo);
    const [document] = documentsIn(alpha);
    const before = filesIn(scene.path('alpha'));
    const cheat = new HostileMember(scene, 'beta');
    const forged: Act = {
      kind: 'disarmed',
      document: asLeafHash(Uint8Array.from(Buffer.from(document?.leaf ?? '', 'hex'))),
      original: new Uint8Array(32).fill(7),
      safe: new Uint8Array(32).fill(9),
      policy: 'none',
      engine: 'none',
      report: new Uint8Array(32),
      outcome: 'rebuilt',
    };
    expect(await cheat.act(forged)).toBe('sent');
    cheat.close();
    await alpha.sync();
    const quarantine = (files: Map<string, string>) =>
      [...files].filter(([name]) => /quarantine|safe-copies/.test(name));
    expect(quarantine(filesIn(scene.path('alpha')))).toEqual(quarantine(before));
    const opened = await alpha.openDocument(TALKS, String(document?.entry), {
      out: scene.path('agenda.pdf'),
    });
    expect(opened.original).toBe(Buffer.from(agenda.sha256).toString('hex'));
    // It stands in the record as what Beta said, under Beta's name.
    const said = alpha
      .log(TALKS)
      .entries.find((entry) => entry.summary.includes('0909090909090909'));
    expect(said).toMatchObject({ party: 'Republic of Beta', mine: false });
    expect(said?.warning).toContain('about another file than the one that was sent');

    // The same file, policy and engine as Alpha's desk, and another safe copy: both entries, and the document, say so.
    const file = scene.path('talks.parley');
    await alpha.exportRecord(TALKS, file);
    const bodies: BodyOf<'disarmed'>[] = [];
    await verifyFile(nativeCrypto, createReadStream(file), {
      onEntry: ({ body }) => void (body?.kind === 'disarmed' && bodies.push(body)),
    });
    const own = bodies.find(({ policy }) => policy !== 'none');
    if (own === undefined) throw new Error('Alpha said what it made of the document');
    const late = scene.open('beta');
    await late.sync();
    scene.close(late);
    const again = new HostileMember(scene, 'beta');
    expect(await again.act({ ...own, safe: new Uint8Array(32).fill(5) })).toBe('sent');
    again.close();
    await alpha.sync();
    const warned = alpha.log(TALKS).entries.filter(({ warning }) => warning !== undefined);
    expect(warned.map(({ kind, mine }) => [kind, mine])).toEqual([
      ['document', false],
      ['disarmed', true],
      ['disarmed', false],
      ['disarmed', false],
    ]);
    expect(warned.at(-1)?.warning).toContain('another safe copy than entry');
    expect(alpha.inbox(TALKS, false)[0]?.entries[0]?.warning).toBeDefined();
    await alpha.exportRecord(TALKS, file, { force: true });
    const told = await parley(['record', 'verify', file]);
    expect(told.exit).toBe(0);
    expect(told.out).toMatch(/WARNING: entry \d+ names another safe copy than entry \d+/);
  });
});

test('bytes that are no envelope are an alarm once, and the talk goes on for both', async () => {
  const scene = await stage.scene();
  const beta = new HostileMember(scene, 'beta');
  await beta.post(new Uint8Array(9000).fill(5));
  beta.close();
  const [alpha, bo] = [scene.open('alpha'), scene.open('beta')];
  expect(await refusalOf(alpha.sync())).toMatchObject({ nature: 'tampering', code: 'alarm' });
  expect(await refusalOf(bo.say(TALKS, 'sent all the same'))).toMatchObject({
    nature: 'tampering',
    data: { sent: { state: 'at-relay' } },
  });
  await alpha.sync();
  await alpha.say(TALKS, 'received');
  await bo.sync();
  expectOneRecord(alpha, bo);
});
