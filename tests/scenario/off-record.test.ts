// Two delegations talk off the record through a real relay. The record says that it took place if both agree; what was
// said, and every key it was under, is nowhere afterwards.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Ports } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Vault, type Desk, type OffRecordTalk, type TalkEvent } from '@parley/desk';
import { refusalOf, Stage, TALKS, type Scene } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** Long enough that an honest exchange on a slow machine is over. */
const PATIENCE = { timeout: 30_000, interval: 25 };
const SAID = ['What if we both gave up the ports?', 'Then we would sign in May.'] as const;

type Heard = { readonly talk: OffRecordTalk; readonly events: TalkEvent[] };

async function goTo(desk: Desk, asked: { logged?: boolean; idleMs?: number } = {}): Promise<Heard> {
  const events: TalkEvent[] = [];
  const talk = await desk.offRecord.start(TALKS, {
    logged: asked.logged ?? true,
    everyMs: 200,
    onEvent: (event) => void events.push(event),
    ...(asked.idleMs === undefined ? {} : { idleMs: asked.idleMs }),
  });
  return { talk, events };
}

const of = <K extends TalkEvent['event']>(
  heard: Heard,
  kind: K,
): Extract<TalkEvent, { event: K }>[] =>
  heard.events.filter((one): one is Extract<TalkEvent, { event: K }> => one.event === kind);
const linesOf = (heard: Heard): string[] => of(heard, 'line').map(({ text }) => text);

async function together(
  alpha: Desk,
  beta: Desk,
  asked: { logged?: boolean; idleMs?: number } = {},
): Promise<[Heard, Heard]> {
  const a = await goTo(alpha, asked);
  const b = await goTo(beta, asked);
  await vi.waitFor(() => expect([a.talk.isOpen, b.talk.isOpen]).toEqual([true, true]), PATIENCE);
  return [a, b];
}

const kindsOf = (desk: Desk): string[] =>
  desk
    .log(TALKS)
    .entries.map(({ kind }) => kind)
    .filter((kind) => kind.startsWith('off-record'));

/** Every byte below a directory. */
function bytesBelow(path: string): { path: string; content: Buffer }[] {
  if (!statSync(path).isDirectory()) return [{ path, content: readFileSync(path) }];
  return readdirSync(path).flatMap((name) => bytesBelow(join(path, name)));
}

/** Ports that remember each throw-away signing key and each 32 random bytes that were drawn through them. */
function watched(): { ports: Ports; secrets: Uint8Array[] } {
  const secrets: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): void => void secrets.push(Uint8Array.from(bytes));
  const crypto = Object.assign(Object.create(nativePorts.crypto) as Ports['crypto'], {
    generateSigner: (name: Parameters<Ports['crypto']['generateSigner']>[0]) => {
      const pair = nativePorts.crypto.generateSigner(name);
      keep(pair.secretKey);
      return pair;
    },
  });
  const randomness: Ports['randomness'] = {
    bytes(length) {
      const drawn = nativePorts.randomness.bytes(length);
      if (length === 32) keep(drawn);
      return drawn;
    },
  };
  return { ports: { ...nativePorts, crypto, randomness }, secrets };
}

const inEveryForm = (secret: Uint8Array): Buffer[] => {
  const raw = Buffer.from(secret);
  const texts = (['hex', 'base64', 'base64url'] as const).map((form) => raw.toString(form));
  return [raw, ...texts.map((text) => Buffer.from(text))];
};

function expectNowhere(
  scene: Scene,
  written: readonly Uint8Array[],
  secrets: readonly Uint8Array[],
): void {
  const files = ['alpha', 'beta', 'relay'].flatMap((name) => bytesBelow(scene.path(name)));
  expect(files.length).toBeGreaterThan(4);
  const needles = [
    ...SAID.map((text) => ({ what: text, needle: Buffer.from(text) })),
    ...secrets.flatMap((secret) =>
      inEveryForm(secret).map((needle) => ({ what: 'a throw-away secret', needle })),
    ),
  ];
  const places = [
    ...files.map(({ path, content }) => ({ where: path, content })),
    // What was sealed into the vaults, before it was sealed.
    ...written.map((value) => ({ where: 'a vault', content: Buffer.from(value) })),
  ];
  const found = places.flatMap(({ where, content }) =>
    needles
      .filter(({ needle }) => content.includes(needle))
      .map(({ what }) => `${what} in ${where}`),
  );
  expect(found).toEqual([]);
}

describe('a talk off the record', () => {
  test('is heard by both, logged as both agreed, and then nowhere: no line and no key in vaults or relay', async () => {
    const scene = await stage.scene();
    const { ports, secrets } = watched();
    const [alpha, beta] = [scene.open('alpha', ports), scene.open('beta', ports)];
    await alpha.sync();
    await beta.sync();
    const before = alpha.log(TALKS).size;
    const put = vi.spyOn(Vault.prototype, 'put');
    const putLine = vi.spyOn(Vault.prototype, 'putLine');
    secrets.splice(0);
    scene.gate.passed.length = 0;
    const [a, b] = await together(alpha, beta);
    await a.talk.say(SAID[0]);
    await vi.waitFor(() => expect(linesOf(b)).toEqual([SAID[0]]), PATIENCE);
    await b.talk.say(SAID[1]);
    await vi.waitFor(() => expect(linesOf(a)).toEqual([...SAID]), PATIENCE);
    expect(a.talk.others).toMatchObject([{ member: 'Bo', verified: true }]);
    await vi.waitFor(
      () => expect([a.talk.tookPlace, b.talk.tookPlace]).toEqual([true, true]),
      PATIENCE,
    );
    await a.talk.close();
    await b.talk.ended;
    expect(of(a, 'ended')).toMatchObject([
      { end: 'left', logged: true, published: true, unpublished: [] },
    ]);
    expect(of(b, 'ended')).toMatchObject([
      { end: 'over', logged: true, published: true, unpublished: [] },
    ]);
    expect([...of(a, 'alarm'), ...of(b, 'alarm')]).toEqual([]);

    await alpha.sync();
    await beta.sync();
    const written = [...put.mock.calls, ...putLine.mock.calls].map(([, , value]) => value);
    put.mockRestore();
    putLine.mockRestore();
    expect(written.length).toBeGreaterThan(0);
    const summaries = alpha
      .log(TALKS)
      .entries.slice(before)
      .map(({ summary }) => summary);
    expect(summaries.slice(0, 2)).toEqual([
      'proposed to talk off the record',
      'agreed to talk off the record: it took place',
    ]);
    expect(summaries.slice(2)).toHaveLength(2);
    for (const summary of summaries.slice(2))
      expect(summary).toMatch(/^left the talk off the record after \d+ s$/);
    expect(beta.log(TALKS).root).toBe(alpha.log(TALKS).root);
    scene.close(alpha);
    scene.close(beta);
    await scene.stopRelays();
    // The salts of the four entries are drawn like keys, and are in the vaults, as is that of an entry which lost its place
    // to another and was written anew: everything else must be nowhere.
    const lost = scene.gate.passed.filter(({ status }) => status === 409).length;
    const salts = new Set(
      written.flatMap((value) =>
        secrets
          .filter((secret) => Buffer.from(value).includes(Buffer.from(secret)))
          .map((secret) => Buffer.from(secret).toString('hex')),
      ),
    );
    expect(salts.size).toBeLessThanOrEqual(4 + lost);
    const throwAway = secrets.filter((secret) => !salts.has(Buffer.from(secret).toString('hex')));
    // Two signing keys, two sealing keys, two greetings and the talk's key at the least.
    expect(throwAway.length).toBeGreaterThanOrEqual(7);
    expectNowhere(scene, written, throwAway);
  });

  test('is on no record where one of them does not want it', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    await beta.sync();
    await alpha.sync();
    const [a, b] = await together(alpha, beta, { logged: false });
    await a.talk.say(SAID[0]);
    await b.talk.close();
    await a.talk.ended;
    expect(linesOf(b)).toEqual([SAID[0]]);
    expect([kindsOf(alpha), kindsOf(beta)]).toEqual([[], []]);
    // Alpha wants it logged, Beta does not: Alpha's own proposal is all there is.
    const proposing = await goTo(alpha);
    const silent = await goTo(beta, { logged: false });
    await vi.waitFor(() => expect(silent.talk.isOpen).toBe(true), PATIENCE);
    await silent.talk.say(SAID[1]);
    await proposing.talk.close();
    await silent.talk.ended;
    await beta.sync();
    expect(kindsOf(beta)).toEqual(['off-record-proposed', 'off-record-closed']);
    expect(of(proposing, 'ended')).toMatchObject([{ logged: false }]);
    expect(beta.log(TALKS).entries.at(-1)?.summary).toBe(
      'withdrew its proposal to talk off the record',
    );
  });

  test('ends by itself when the other side dies or never closes, and says whose key was not published', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const [a, b] = await together(alpha, beta, { logged: false, idleMs: 10_000 });
    b.talk.abandon();
    await a.talk.ended;
    expect(of(a, 'ended')).toMatchObject([
      { end: 'idle', published: true, unpublished: [{ party: 'Republic of Beta', member: 'Bo' }] },
    ]);
    expect(await refusalOf(a.talk.say('still there?'))).toMatchObject({ code: 'talk-is-over' });
  });

  test('ends where the room freezes, and none begins there', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const [a, b] = await together(alpha, beta, { logged: false });
    await beta.mismatch(TALKS);
    await Promise.all([a.talk.ended, b.talk.ended]);
    expect([...of(a, 'ended'), ...of(b, 'ended')].map(({ end }) => end)).toEqual(
      expect.arrayContaining(['frozen']),
    );
    expect(await refusalOf(goTo(alpha))).toMatchObject({ nature: 'tampering', code: 'frozen' });
  });

  test('waits through a change of keys, and a process that comes back takes its place', async () => {
    const scene = await stage.scene();
    const later = { nowMs: () => nativePorts.clock.nowMs() + 400 * 86_400_000 };
    const alpha = scene.open('alpha');
    const ports = { ...nativePorts, clock: later };
    const beta = scene.open('beta', ports);
    const a = await goTo(alpha, { logged: false });
    expect(await refusalOf(a.talk.say('hello?'))).toMatchObject({ code: 'nobody-there' });
    expect(await refusalOf(goTo(alpha))).toMatchObject({ code: 'already-talking' });
    // Beta's clock says that new keys are overdue: the talk moves on with them.
    await beta.sync();
    const b = await goTo(beta, { logged: false });
    await vi.waitFor(() => expect([a.talk.isOpen, b.talk.isOpen]).toEqual([true, true]), PATIENCE);
    const made = scene.gate.passed.filter(
      (one) => one.method === 'POST' && one.target === '/v1/logs',
    );
    expect(made.length).toBeGreaterThanOrEqual(2);
    b.talk.abandon();
    scene.close(beta);
    const again = await goTo(scene.open('beta', ports), { logged: false });
    await vi.waitFor(() => expect(again.talk.isOpen).toBe(true), PATIENCE);
    await vi.waitFor(() => expect(a.talk.isOpen).toBe(true), PATIENCE);
    await a.talk.say('you are back');
    await vi.waitFor(() => expect(linesOf(again)).toEqual(['you are back']), PATIENCE);
    expect(a.talk.others).toHaveLength(1);
    await a.talk.close();
    await again.talk.ended;
  });

  test('goes on when the line was down', async () => {
    const scene = await stage.scene();
    const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
    const [a, b] = await together(alpha, beta, { logged: false });
    const { upstream } = scene.gate;
    scene.gate.upstream = null;
    const said = a.talk.say('through the cut');
    await vi.waitFor(
      () => expect(of(a, 'line-state').map(({ state }) => state)).toContain('down'),
      PATIENCE,
    );
    scene.gate.upstream = upstream;
    await said;
    await vi.waitFor(() => expect(linesOf(b)).toEqual(['through the cut']), PATIENCE);
    await b.talk.close();
    await a.talk.ended;
  });
});
