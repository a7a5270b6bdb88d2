// kill -9 at any point of a command: nothing is lost, nothing is doubled, and the next run goes on.

import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdmissionRequest } from '@parley/desk';
import { ROOT, parley, start, type Asked, type Came } from './command.ts';
import { Stage, TALKS, documentsIn, expectOneRecord, textsIn, type Scene } from './stage.ts';
import type { Passing } from './gate.ts';

const SLOW = process.env['SLOW'] === '1';
const AGENDA = join(ROOT, 'samples', 'draft-agenda.pdf');

let stage: Stage;
let seed = Number(process.env['PARLEY_SEED'] ?? randomInt(2 ** 31));
beforeAll(async () => {
  console.log(`kills: PARLEY_SEED=${seed}`);
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** A small generator, so that a printed seed repeats the moments. */
function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
  return Math.floor((seed / 0x8000_0000) * below);
}

/**
 * Kills a command at its nth request to the relay: before the relay hears it, or after the relay has done it and before
 * the command knows. Or, at no request, after some milliseconds. Answers undefined where it ended first.
 */
async function killed(
  args: readonly string[],
  asked: Asked,
  when: { request: number; cut: 'before' | 'after' } | { afterMs: number },
): Promise<Came | undefined> {
  const { child, done } = start(args, asked);
  let count = 0;
  if ('request' in when) {
    stage.gate.cut = () => {
      if (++count !== when.request) return undefined;
      if (when.cut === 'before') child.kill('SIGKILL');
      else setTimeout(() => child.kill('SIGKILL'), 5);
      return when.cut;
    };
  } else setTimeout(() => child.kill('SIGKILL'), when.afterMs);
  const came = await done;
  stage.gate.cut = () => undefined;
  return came.signal === 'SIGKILL' ? undefined : came;
}

const at = (scene: Scene, who: string): Asked => ({
  home: scene.path(who),
  passphraseFile: scene.path('passphrase'),
});

/** Moments spread over the requests of a command, some more at random, and some between requests. */
function moments(
  requests: number,
): ({ request: number; cut: 'before' | 'after' } | { afterMs: number })[] {
  const every = SLOW ? 1 : Math.max(1, Math.ceil(requests / 2));
  const chosen: ({ request: number; cut: 'before' | 'after' } | { afterMs: number })[] = [];
  for (let request = 1 + random(every); request <= requests; request += every)
    chosen.push({ request, cut: random(2) === 0 ? 'before' : 'after' });
  for (let n = 0; n < (SLOW ? 10 : 1); n++) chosen.push({ afterMs: 300 + random(900) });
  return chosen;
}

test('say, killed anywhere and then synced or said again, is on the record once', async () => {
  const scene = await stage.scene();
  for (const [n, when] of moments(3).entries()) {
    const text = `line ${n}`;
    const came = await killed(['say', TALKS, text], at(scene, 'alpha'), when);
    // Killed before it was stored, it was never said; afterwards the queue has it. Saying it again is safe until it went out.
    const alpha = scene.open('alpha');
    await alpha.sync();
    const count = textsIn(alpha).filter((said) => said === text).length;
    const queued = alpha.log(TALKS).entries.filter((entry) => entry.entry === null);
    scene.close(alpha);
    expect(queued).toEqual([]);
    expect(count).toBeLessThanOrEqual(1);
    if (came?.exit === 0) expect(count).toBe(1);
    if ('request' in when) expect(count).toBe(1);
  }
  const [alpha, beta] = [scene.open('alpha'), scene.open('beta')];
  await beta.sync();
  await alpha.sync();
  expectOneRecord(alpha, beta);
});

test('what was being written in the browser stands there again after its client was killed', async () => {
  const scene = await stage.scene();
  const { child, done } = start(['ui'], at(scene, 'alpha'));
  const link = await new Promise<string>((settle) => {
    let out = '';
    child.stdout?.on('data', (text: string) => {
      out += text;
      const [found] = /http:\/\/\S+(?=\s)/.exec(out) ?? [];
      if (found !== undefined) settle(found);
    });
  });
  const { origin, hash } = new URL(link);
  const ask = async (act: string, fields: object, bearer: string): Promise<unknown> => {
    const response = await fetch(`${origin}/api/${act}`, {
      method: 'POST',
      headers: { origin, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    return ((await response.json()) as { value: unknown }).value;
  };
  const { bearer } = (await ask('enter', { token: hash.slice(1) }, '')) as { bearer: string };
  await ask('keep-draft', { channel: TALKS, text: 'Half a thought' }, bearer);
  child.kill('SIGKILL');
  expect((await done).signal).toBe('SIGKILL');
  const alpha = scene.open('alpha');
  expect(alpha.drafts.read(TALKS)).toBe('Half a thought');
  scene.close(alpha);
});

test('send, killed anywhere and run again, makes one entry and sends at most one chunk twice', async () => {
  const scene = await stage.scene();
  const big = scene.write(
    'big.txt',
    'a line of a long document, the same again and again\n'.repeat(100_000),
  );
  for (const [n, when] of moments(12).entries()) {
    stage.gate.passed.length = 0;
    const args = ['send', TALKS, big, '--as', `document ${n}.txt`, '--json'];
    await killed(args, at(scene, 'alpha'), when);
    const alpha = scene.open('alpha');
    const as = `document ${n}.txt`;
    const again = await alpha.send(TALKS, big, { as, onProgress: () => {} });
    expect(again).toMatchObject({ state: 'at-relay' });
    const chunks = new Map<string, number>();
    const isChunk = ({ method, target }: Passing) =>
      method === 'PUT' && /\/blobs\/[^/]+\/\d+$/.test(target);
    for (const { target } of stage.gate.passed.filter(isChunk))
      chunks.set(target, (chunks.get(target) ?? 0) + 1);
    expect(chunks.size).toBeGreaterThanOrEqual(5);
    const doubled = [...chunks.values()].reduce((sum, times) => sum + times - 1, 0);
    // Three chunks are on their way at once; those that the relay had not stored when the line was cut go again.
    expect(doubled).toBeLessThanOrEqual(3);
    const third = await alpha.send(TALKS, big, { as, onProgress: () => {} });
    expect(third.entry ?? again.entry).toBe(again.entry);
    scene.close(alpha);
  }
  const alpha = scene.open('alpha');
  const names = documentsIn(alpha).map((entry) => entry.document?.name);
  expect(new Set(names).size).toBe(names.length);
  const beta = scene.open('beta');
  const report = await beta.sync();
  expect(report.channels[0]?.disarmed).toBe(names.length);
  await alpha.sync();
  expectOneRecord(alpha, beta);
});

test('sync and open, killed anywhere, lose no document and say once what became of it', async () => {
  const scene = await stage.scene();
  const alpha = scene.open('alpha');
  const count = SLOW ? 12 : 3;
  const chosen = [...moments(6), { afterMs: 1000 + random(1500) }].slice(0, count);
  for (const [n, when] of chosen.entries()) {
    await alpha.send(TALKS, AGENDA, { as: `agenda ${n}.pdf`, onProgress: () => {} });
    await killed(['sync', TALKS, '--json'], at(scene, 'beta'), when);
  }
  const beta = scene.open('beta');
  await beta.sync();
  const documents = documentsIn(beta);
  expect(documents.map((entry) => entry.document?.state)).toEqual(chosen.map(() => 'ready'));
  const said = beta.log(TALKS).entries.filter((entry) => entry.kind === 'disarmed');
  expect(said).toHaveLength(chosen.length);
  await alpha.sync();
  expectOneRecord(alpha, beta);
  scene.close(beta);
  mkdirSync(scene.path('out'));
  const out = scene.path('out', 'safe.pdf');
  const args = ['open', TALKS, String(documents[0]?.entry), '--out', out, '--json'];
  await killed(args, at(scene, 'beta'), { afterMs: 500 + random(500) });
  if (existsSync(out)) expect(readFileSync(out).subarray(-6).toString()).toContain('%%EOF');
  const opened = await parley([...args, '--force'], at(scene, 'beta'));
  expect(opened.exit, opened.out).toBe(0);
  expect(readdirSync(scene.path('out')).filter((name) => !name.endsWith('.part'))).toEqual([
    'safe.pdf',
  ]);
});

test('admit, killed anywhere and run again, lets the guest in once', async () => {
  const requests = SLOW ? 14 : 3;
  for (let n = 0; n < requests; n++) {
    const scene = await stage.scene();
    const founder = scene.open('alpha');
    const { invitation } = await founder.newChannel({
      relay: stage.gate.url,
      name: 'side',
      days: 1,
    });
    scene.close(founder);
    const guest = scene.open('beta');
    await guest.joinChannel({ invitation, name: 'side' });
    const request = SLOW ? n + 1 : 1 + n * 4 + random(4);
    await killed(['channel', 'admit', 'side', '--json'], at(scene, 'alpha'), {
      request,
      cut: random(2) === 0 ? 'before' : 'after',
    });
    const alpha = scene.open('alpha');
    // Where the first run had got far enough, the second finishes it and finds nobody else waiting.
    const asked = await alpha.admissionRequest('side').catch((error: unknown) => error);
    if (asked instanceof Error) expect(asked).toMatchObject({ code: 'nobody-asked' });
    else await alpha.admit('side', asked as AdmissionRequest);
    await guest.sync('side');
    await alpha.sync('side');
    await guest.sync('side');
    const record = guest.log('side');
    expect(record.entries.filter((entry) => entry.kind === 'party-admitted')).toHaveLength(1);
    expect(alpha.log('side').root).toBe(record.root);
  }
});
