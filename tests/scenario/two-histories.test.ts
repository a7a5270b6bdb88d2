// Two desks that are shown different histories find out, and hold a proof that a third person can check.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '@parley/relay';
import type { LogId } from '@parley/post';
import { cpSync } from 'node:fs';
import { json, parley } from './command.ts';
import { Stage, TALKS, refusalOf, roomIn, textsIn, type Scene } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** What a third person's machine says of an evidence file: the exit code and the sentences. */
async function explained(
  path: unknown,
): Promise<{ exit: number | null; code: string; text: string }> {
  expect(path).toBeTypeOf('string');
  const came = await parley(['record', 'verify', String(path), '--json']);
  const said = json(came) as { error: { code: string }; evidence?: { sentences: string[] } };
  return {
    exit: came.exit,
    code: said.error.code,
    text: said.evidence?.sentences.join('\n') ?? '',
  };
}

/** Two relays with one key, the second on a copy of the first: Ana talks to one, Bo to the other. */
async function fork(scene: Scene): Promise<{ ana: string; bo: string }> {
  await scene.stopRelays();
  scene.copyRelay('relay-of-bo');
  const [first, second] = [await scene.startRelay(), await scene.startRelay('relay-of-bo')];
  return { ana: first.url, bo: second.url };
}

async function envelopesIn(directory: string, room: LogId): Promise<Uint8Array[]> {
  const store = openSqliteStore(`${directory}/relay.db`);
  const page = await store.read(room, { after: 0, maxEnvelopes: 100, maxBytes: 2 ** 26 });
  await store.close();
  if (!page.ok) throw new Error(page.reason);
  return page.value.envelopes.map((one) => one.envelope);
}

describe('a relay that shows each side another history', () => {
  test('is caught at the next entry that crosses, and both signatures are the proof', async () => {
    const scene = await stage.scene();
    const relays = await fork(scene);
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    scene.gate.upstream = relays.ana;
    await alpha.say(TALKS, 'as Ana knows it');
    await alpha.say(TALKS, 'and one more');
    scene.gate.upstream = relays.bo;
    await beta.say(TALKS, 'as Bo knows it');
    // The relay now carries Ana's next envelope into Bo's history, at the very place it was made for.
    const room = roomIn(scene.path('relay'));
    const [crossing] = (await envelopesIn(scene.path('relay'), room)).slice(-1);
    const store = openSqliteStore(scene.path('relay-of-bo', 'relay.db'));
    const head = await store.head(room);
    if (!head.ok || crossing === undefined) throw new Error('there is a log');
    await store.append(room, {
      expectedSeq: head.value.seq + 1,
      envelope: crossing,
      nowMs: 1,
    });
    await store.close();
    const refusal = await refusalOf(beta.sync());
    expect(refusal).toMatchObject({ nature: 'tampering', code: 'fork', data: { frozen: true } });
    const said = await explained(refusal.data['evidence']);
    expect(said).toMatchObject({ exit: 5, code: 'evidence-of-fork' });
    expect(said.text).toContain('Republic of Alpha');
    expect(said.text).toContain('Republic of Beta');
    // Nothing is lost, nothing more is said, and it is said again with the same proof.
    expect(textsIn(beta)).toEqual(['as Bo knows it']);
    expect(await refusalOf(beta.say(TALKS, 'after the fork'))).toMatchObject({
      nature: 'tampering',
    });
    expect((await refusalOf(beta.sync())).data['evidence']).toBe(refusal.data['evidence']);
  });

  test('is caught as soon as it mends the fork, by its own two signatures', async () => {
    const scene = await stage.scene();
    const relays = await fork(scene);
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    scene.gate.upstream = relays.ana;
    await alpha.say(TALKS, 'as Ana knows it');
    scene.gate.upstream = relays.bo;
    await beta.say(TALKS, 'as Bo knows it');
    scene.gate.upstream = relays.ana;
    const refusal = await refusalOf(beta.sync());
    expect(refusal).toMatchObject({
      nature: 'tampering',
      code: 'relay-rewrote-history',
      data: { proven: true },
    });
    const said = await explained(refusal.data['evidence']);
    expect(said.exit).toBe(5);
    expect(said.code).toMatch(/^evidence-of-/);
    expect(said.text.length).toBeGreaterThan(40);
    expect(textsIn(beta)).toEqual(['as Bo knows it']);
    // Back in the history it acknowledged, Bo goes on.
    scene.gate.upstream = relays.bo;
    await beta.sync();
    expect(await beta.say(TALKS, 'still here')).toMatchObject({ state: 'at-relay' });
  });
});

describe('a relay that was wiped or rolled back', () => {
  test('to an older copy of its data is named; restored to what it had, everything goes on', async () => {
    const scene = await stage.scene();
    await scene.stopRelays();
    scene.copyRelay('older');
    await scene.repent();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await alpha.say(TALKS, 'one');
    await beta.sync();
    await scene.stopRelays();
    scene.copyRelay('newest');
    scene.gate.reset((await scene.startRelay('older')).url);
    const refusal = await refusalOf(alpha.sync());
    expect(refusal).toMatchObject({ nature: 'tampering', code: 'relay-lost-entries' });
    expect(await refusalOf(beta.say(TALKS, 'on the older copy'))).toMatchObject({
      code: 'relay-lost-entries',
    });
    await scene.stopRelays();
    scene.gate.reset((await scene.startRelay('newest')).url);
    await beta.sync();
    await alpha.sync();
    expect(textsIn(alpha)).toEqual(['one', 'on the older copy']);
    expect(textsIn(beta)).toEqual(['one', 'on the older copy']);
  });

  test('and then filled with other envelopes has signed the contradiction itself', async () => {
    const scene = await stage.scene();
    await scene.stopRelays();
    scene.copyRelay('older');
    await scene.repent();
    const alpha = scene.open('alpha');
    await alpha.say(TALKS, 'acknowledged, then thrown away');
    await scene.stopRelays();
    // Bo never saw it, so the older copy is all he knows.
    scene.gate.reset((await scene.startRelay('older')).url);
    const beta = scene.open('beta');
    await beta.say(TALKS, 'written over it');
    const refusal = await refusalOf(alpha.sync());
    expect(refusal).toMatchObject({ code: 'relay-rewrote-history', data: { proven: true } });
    expect((await explained(refusal.data['evidence'])).exit).toBe(5);
    expect(textsIn(alpha)).toEqual(['acknowledged, then thrown away']);
  });

  test('to nothing is named, and the record is still here', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    await alpha.say(TALKS, 'kept at home');
    await scene.stopRelays();
    cpSync(scene.path('relay', 'relay.key'), scene.path('empty', 'relay.key'), { recursive: true });
    scene.gate.reset((await scene.startRelay('empty')).url);
    expect(await refusalOf(alpha.sync())).toMatchObject({
      nature: 'tampering',
      code: 'relay-lost-channel',
    });
    expect(textsIn(alpha)).toEqual(['kept at home']);
    const file = scene.path('saved.parley');
    await alpha.exportRecord(TALKS, file);
    expect((await parley(['record', 'verify', file])).exit).toBe(0);
    await scene.stopRelays();
    await scene.repent();
    expect(await alpha.sync()).toMatchObject({ channels: [{ alarms: [] }] });
  });

  test('another relay at the old address, with another key, is not believed', async () => {
    const scene = await stage.scene();
    const alpha = scene.open('alpha');
    await scene.stopRelays();
    scene.gate.reset((await scene.startRelay('stranger')).url);
    await expect(alpha.sync()).rejects.toMatchObject({ name: expect.stringMatching(/./) });
    const queued = await alpha.say(TALKS, 'for the real relay').catch((error: unknown) => error);
    expect(queued).toMatchObject({ nature: 'tampering' });
    await scene.stopRelays();
    await scene.repent();
    await alpha.sync();
    expect(textsIn(alpha)).toEqual(['for the real relay']);
  });
});
