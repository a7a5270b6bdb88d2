// The main way by command, as a program drives it: every step with --json, its exit code and its keys, in one channel.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, json, parley, start, type Asked, type Running } from './command.ts';

const AGENDA = join(ROOT, 'samples', 'draft-agenda.pdf');
let folder: string;
let relay: Running;
let relayUrl: string;
const at = (who: string): Asked => ({
  home: join(folder, who),
  passphraseFile: join(folder, 'pass'),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-main-way-'));
  writeFileSync(join(folder, 'pass'), 'four plain words here\n');
  const ready = join(folder, 'ready.json');
  const data = join(folder, 'relay');
  relay = start([
    'relay',
    'serve',
    '--data',
    data,
    '--listen',
    '127.0.0.1:0',
    '--ready-file',
    ready,
  ]);
  for (;;) {
    if (readdirSync(folder).includes('ready.json')) break;
    await new Promise((settle) => setTimeout(settle, 50));
  }
  relayUrl = (JSON.parse(readFileSync(ready, 'utf8')) as { url: string }).url;
});
afterAll(async () => {
  relay.child.kill('SIGTERM');
  expect((await relay.done).exit).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command with --json and expects its exit code; answers what it printed. */
async function run(who: string, exit: number, ...args: string[]): Promise<Record<string, unknown>> {
  const came = await parley([...args, '--json'], at(who));
  expect(came.exit, `${args.join(' ')}\n${came.out}\n${came.err}`).toBe(exit);
  const answer = json(came);
  expect(answer['ok']).toBe(exit === 0);
  if (exit !== 0) {
    expect(answer).toMatchObject({
      exit,
      error: { code: expect.stringMatching(/^[a-z-]+$/), message: expect.stringMatching(/./) },
    });
  }
  expect(came.out + came.err).not.toContain('\u001b');
  expect(came.out + came.err).not.toMatch(/\n {4}at /);
  return answer;
}

const errorCode = (answer: Record<string, unknown>): string =>
  (answer['error'] as { code: string }).code;

test('two delegations meet, verify, talk, exchange a document and hold one record', async () => {
  const ana = await run('ana', 0, 'init', '--party', 'Alpha', '--member', 'Ana');
  expect(Object.keys(ana)).toEqual(
    expect.arrayContaining(['ok', 'party', 'member', 'device', 'fingerprint', 'deviceId', 'home']),
  );
  expect(errorCode(await run('ana', 3, 'init', '--party', 'Alpha', '--member', 'Ana'))).toBe(
    'vault-exists',
  );
  await run('bo', 0, 'init', '--party', 'Beta', '--member', 'Bo');

  const founded = await run('ana', 0, 'channel', 'new', '--relay', relayUrl, '--name', 'talks');
  expect(
    errorCode(await run('ana', 2, 'channel', 'new', '--relay', relayUrl, '--name', 'talks')),
  ).toBe('channel-name-taken');
  const invitation = String(founded['invitation']);
  expect(invitation).toMatch(/^parley1/);
  expect(errorCode(await run('ana', 4, 'channel', 'admit', 'talks'))).toBe('nobody-asked');
  // Asking is not being let in: exit 4 says so, and asking again is the same request.
  for (let n = 0; n < 2; n++) {
    const asked = json(await parley(['channel', 'join', invitation, '--json'], at('bo')));
    expect(JSON.stringify(asked)).toContain('talks');
  }
  expect(errorCode(await run('bo', 4, 'say', 'talks', 'too early'))).toBe('not-admitted-yet');
  const shown = await run('ana', 0, 'channel', 'admit', 'talks', '--show');
  const { request } = shown as { request: { fingerprint: string; party: string } };
  expect(shown).toMatchObject({ admitted: false, request: { party: 'Beta', member: 'Bo' } });
  const wrong = await run('ana', 3, 'channel', 'admit', 'talks', '--fingerprint', 'ab'.repeat(32));
  expect(errorCode(wrong)).toBe('fingerprint-differs');
  await run('ana', 0, 'channel', 'admit', 'talks', '--fingerprint', request.fingerprint);
  await run('bo', 0, 'sync');

  const words = (await run('ana', 0, 'verify', 'talks'))['words'];
  await run('bo', 0, 'sync');
  expect((await run('bo', 0, 'verify', 'talks'))['words']).toEqual(words);
  await run('ana', 0, 'verify', 'talks', '--confirm');
  await run('bo', 0, 'verify', 'talks', '--confirm');

  const said = await run('ana', 0, 'say', 'talks', 'Our draft follows.');
  expect(said).toMatchObject({ state: 'at-relay', audience: expect.any(Array) });
  const sent = await run('ana', 0, 'send', 'talks', AGENDA);
  expect(await run('ana', 0, 'send', 'talks', AGENDA)).toMatchObject({ entry: sent['entry'] });
  expect(await run('bo', 0, 'sync')).toMatchObject({
    channels: [{ name: 'talks', disarmed: 1, refused: 0, alarms: [] }],
  });
  expect(await run('bo', 0, 'sync')).toMatchObject({
    channels: [{ received: 0, sent: 0, disarmed: 0 }],
  });
  expect(JSON.stringify(await run('bo', 0, 'inbox', 'talks'))).toContain('Our draft follows.');
  const out = join(folder, 'safe.pdf');
  const entry = String(sent['entry']);
  const opened = await run('bo', 0, 'open', 'talks', entry, '--out', out);
  expect(opened).toMatchObject({
    path: out,
    mediaType: 'application/pdf',
    name: 'draft-agenda.pdf',
  });
  const safe = readFileSync(out);
  expect(safe.subarray(0, 5).toString()).toBe('%PDF-');
  expect(safe.toString('latin1')).not.toMatch(/\/(JavaScript|Launch|OpenAction|EmbeddedFile)\b/);
  expect(errorCode(await run('bo', 2, 'open', 'talks', entry, '--out', out))).toBe('file-exists');
  expect(errorCode(await run('ana', 2, 'open', 'talks', entry))).toBe('own-document');

  await run('ana', 0, 'sync');
  const files = [join(folder, 'a.parley'), join(folder, 'b.parley')];
  const a = await run('ana', 0, 'record', 'export', 'talks', '-o', String(files[0]));
  const b = await run('bo', 0, 'record', 'export', 'talks', '-o', String(files[1]));
  expect(b['root']).toBe(a['root']);
  for (const file of files) {
    // No vault, no network, no relay: not even a home.
    const verified = await parley(['record', 'verify', file, '--json']);
    expect(verified.exit).toBe(0);
    expect(json(verified)).toMatchObject({ ok: true, kind: 'record', report: { root: a['root'] } });
  }
  const bytes = readFileSync(String(files[0]));
  for (const place of [40, bytes.length >> 1, bytes.length - 40]) {
    const altered = Uint8Array.from(bytes);
    altered[place] = (altered[place] ?? 0) ^ 1;
    writeFileSync(join(folder, 'altered.parley'), altered);
    const refused = await parley(['record', 'verify', join(folder, 'altered.parley'), '--json']);
    expect(refused.exit, `byte ${place}: ${refused.out}`).toBe(5);
    expect(json(refused)).toMatchObject({ ok: false, exit: 5 });
  }
});
