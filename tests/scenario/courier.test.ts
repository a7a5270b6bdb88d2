// Stories of the day when the network is cut: the same sealed envelopes by file, and the relay hears of them afterwards.

import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Stage, TALKS, expectOneRecord, refusalOf, textsIn } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

test('one side is cut off: what the relay acknowledged reaches it by file, with the document', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.say(TALKS, 'the relay is under attack');
  const note = scene.write('note.txt', 'meet at the border\n');
  await alpha.send(TALKS, note, { onProgress: () => {} });
  const made = await alpha.courier.export(TALKS, scene.path('one.courier'));
  expect(made).toMatchObject({ pending: 0, documents: 1 });

  scene.gate.upstream = null;
  const took = await beta.courier.import(TALKS, scene.path('one.courier'));
  expect(took).toMatchObject({ received: 2, documents: 1, remarks: [] });
  expect(textsIn(beta)).toContain('the relay is under attack');
  const [document] =
    beta.inbox(TALKS, false)[0]?.entries.filter(({ kind }) => kind === 'document') ?? [];
  const opened = await beta.openDocument(TALKS, String(document?.entry), {
    out: scene.path('safe'),
  });
  expect(readFileSync(opened.path).length).toBeGreaterThan(0);
  expectOneRecord(alpha, beta);
});

test('the relay is gone for both: they take turns by file, and it has the same log when it is back', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  const up = scene.gate.upstream;
  scene.gate.upstream = null;

  await alpha.say(TALKS, 'are you there');
  await alpha.say(TALKS, 'a second line waits');
  const first = await alpha.courier.export(TALKS, scene.path('a1'));
  expect(first.pending).toBe(1);
  await beta.say(TALKS, 'we are here');
  await beta.courier.import(TALKS, scene.path('a1'));
  await beta.courier.export(TALKS, scene.path('b1'));
  await alpha.courier.import(TALKS, scene.path('b1'));
  await alpha.courier.export(TALKS, scene.path('a2'));
  await beta.courier.import(TALKS, scene.path('a2'));
  const said = ['are you there', 'we are here', 'a second line waits'];
  expect(textsIn(beta).slice(-3)).toEqual(said);

  scene.gate.upstream = up;
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  await alpha.say(TALKS, 'the relay is back');
  await beta.sync(TALKS);
  expect(textsIn(beta).slice(-4)).toEqual([...said, 'the relay is back']);
  expectOneRecord(alpha, beta);
});

test('a new document begins its way by file: it is opened on the other side, and the relay has it when it is back', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  const up = scene.gate.upstream;
  scene.gate.upstream = null;

  const note = scene.write('route.txt', 'by the north gate\n');
  const sent = await alpha.send(TALKS, note, { onProgress: () => {} });
  expect(sent).toMatchObject({ state: 'queued', entry: null });
  // The same command again is the same document.
  await alpha.send(TALKS, note, { onProgress: () => {} });
  const made = await alpha.courier.export(TALKS, scene.path('a'));
  expect(made).toMatchObject({ pending: 1, documents: 1 });
  expect(readFileSync(scene.path('a')).includes('north gate')).toBe(false);

  expect(await beta.courier.import(TALKS, scene.path('a'))).toMatchObject({
    received: 1,
    documents: 1,
    remarks: [],
  });
  const documents = () =>
    beta.inbox(TALKS, false)[0]?.entries.filter(({ kind }) => kind === 'document') ?? [];
  const [document] = documents();
  const opened = await beta.openDocument(TALKS, String(document?.entry), {
    out: scene.path('safe'),
  });
  expect(readFileSync(opened.path, 'utf8')).toContain('by the north gate');

  scene.gate.upstream = up;
  const isChunk = /\/blobs\/[^/]+\/\d+(\?|$)/;
  await beta.sync(TALKS);
  expect(scene.gate.passed.filter(({ target }) => isChunk.test(target))).toEqual([]);
  await alpha.sync(TALKS);
  const brought = scene.gate.passed.filter(
    ({ method, target }) => method === 'PUT' && isChunk.test(target),
  );
  expect(brought).toHaveLength(1);
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  expect(documents()).toHaveLength(1);
  expectOneRecord(alpha, beta);
});

test('who can reach the relay brings the envelope there for its author', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  const up = scene.gate.upstream;
  scene.gate.upstream = null;
  await alpha.say(TALKS, 'carry this');
  await alpha.courier.export(TALKS, scene.path('a'));
  scene.gate.upstream = up;
  expect(await beta.courier.import(TALKS, scene.path('a'))).toMatchObject({ delivered: 1 });
  expect(textsIn(beta)).toContain('carry this');
  await alpha.sync(TALKS);
  expect(alpha.log(TALKS).entries.find(({ text }) => text === 'carry this')?.state).not.toBe(
    'queued',
  );
  expectOneRecord(alpha, beta);
});

test('both wrote for the same place: neither is taken in, and the relay decides later', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  const up = scene.gate.upstream;
  scene.gate.upstream = null;
  await alpha.say(TALKS, 'from alpha');
  await beta.say(TALKS, 'from beta');
  await alpha.courier.export(TALKS, scene.path('a'));
  await beta.courier.export(TALKS, scene.path('b'));
  const took = await beta.courier.import(TALKS, scene.path('a'));
  expect(took.received).toBe(0);
  expect(took.remarks.join()).toContain('both of you had sealed an envelope');
  scene.gate.upstream = up;
  await alpha.sync(TALKS);
  await beta.sync(TALKS);
  await alpha.sync(TALKS);
  expect(textsIn(alpha).slice(-2).toSorted()).toEqual(['from alpha', 'from beta']);
  expectOneRecord(alpha, beta);
});

test('a bundle that was changed, cut, or is of another channel is refused whole', async () => {
  const scene = await stage.scene();
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await alpha.say(TALKS, 'one');
  await alpha.courier.export(TALKS, scene.path('good'));
  const good = readFileSync(scene.path('good'));
  const before = beta.log(TALKS).size;
  const cases: [string, Buffer, RegExp][] = [
    ['cut', good.subarray(0, -1), /bundle-unreadable/],
    [
      'changed',
      Buffer.from(good.map((byte, i) => (i === good.length - 400 ? byte ^ 1 : byte))),
      /^bundle-/,
    ],
    ['another file', Buffer.from('%PDF-1.7'), /bundle-unreadable/],
    ['a foreign log', Buffer.from(good.map((byte, i) => (i === 40 ? byte ^ 1 : byte))), /^bundle-/],
  ];
  for (const [what, content, code] of cases) {
    writeFileSync(scene.path('bad'), content);
    expect((await refusalOf(beta.courier.import(TALKS, scene.path('bad')))).code, what).toMatch(
      code,
    );
  }
  expect(beta.log(TALKS).size).toBe(before);
  // The same bundle twice changes nothing the second time.
  await beta.courier.import(TALKS, scene.path('good'));
  expect(await beta.courier.import(TALKS, scene.path('good'))).toMatchObject({ received: 0 });
  expect((await refusalOf(alpha.courier.export(TALKS, scene.path('good')))).code).toBe(
    'file-exists',
  );
});
