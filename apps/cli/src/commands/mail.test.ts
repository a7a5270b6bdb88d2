import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'parley-mail-cli-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ran = { readonly exit: number | null; readonly out: string; readonly err: string };

function parley(words: readonly string[], input = ''): Ran {
  const done = spawnSync(process.execPath, [BIN, 'mail', ...words], { input, encoding: 'utf8' });
  return { exit: done.status, out: done.stdout, err: done.stderr };
}

const mail = (from: string, id: string): string =>
  `From: ${from}\r\nTo: me@our.example\r\nSubject: Draft\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <${id}@x>\r\n\r\nText.\r\n`;
const FORGED = mail('Kim <kim@mofa.example>', '1');
const HARMLESS = mail('Anna <anna@else.example>', '2');

beforeAll(() => {
  writeFileSync(at('forged.eml'), FORGED);
  writeFileSync(at('harmless.eml'), HARMLESS);
  writeFileSync(at('box.mbox'), `From a Sat\n${FORGED}\nFrom b Sat\n${HARMLESS}`);
  const added = parley([
    'directory',
    'add',
    'domain',
    'mofa.example',
    '--file',
    at('dir.json'),
    '--party',
    'Ministry',
  ]);
  expect(added).toMatchObject({ exit: 0 });
});

test('a forged mail ends in 3 and says why; a harmless one ends in 0', () => {
  const forged = parley(['check', at('forged.eml'), '--directory', at('dir.json')]);
  expect(forged.exit).toBe(3);
  expect(forged.out).toContain(
    "D2 It carries Ministry's real address, but nothing proves that Ministry sent it.",
  );
  expect(forged.out).toContain('next: do not answer or open it; ask them in the channel.');
  expect(parley(['check', at('harmless.eml'), '--directory', at('dir.json')])).toMatchObject({
    exit: 0,
  });
});

test('a mail on standard input, as JSON', () => {
  const { exit, out } = parley(['check', '-', '--json', '--directory', at('dir.json')], FORGED);
  expect(exit).toBe(3);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    verdict: 'suspicious',
    party: 'Ministry',
    evidence: [{ detector: 'D2' }],
  });
});

test('a mailbox gives a table for people and a line a mail for programs', () => {
  const words = ['check', at('box.mbox'), '--directory', at('dir.json')];
  const shown = parley(words);
  expect(shown.exit).toBe(3);
  expect(shown.out).toContain('2 mails: 1 suspicious, 1 unknown.');
  const lines = parley([...words, '--json'])
    .out.trim()
    .split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { verdict?: string }).verdict)).toEqual([
    'suspicious',
    'unknown',
    undefined,
  ]);
});

test('attested mail is proven, another of the sealed day is denied with 5', () => {
  const file = at('attested.json');
  expect(parley(['attest', at('forged.eml'), '--file', file, '--party', 'Ministry']).exit).toBe(0);
  expect(
    parley(['seal-day', '--file', file, '--day', '2026-11-21', '--covers', 'mofa.example']).exit,
  ).toBe(0);
  const known = ['--directory', at('dir.json'), '--attestations', file];
  const proven = parley(['check', at('forged.eml'), ...known]);
  expect(proven).toMatchObject({ exit: 0 });
  expect(proven.out).toContain('PROVEN');
  const denied = parley(
    ['check', '-', ...known],
    mail('Kim <kim@mofa.example>', '9').replace('08:00', '09:00'),
  );
  expect(denied.exit).toBe(5);
  expect(denied.out).toContain('DENIED');
  expect(parley(['attest', at('harmless.eml'), '--file', file])).toMatchObject({ exit: 3 });
});

test('an officer rules, sees the count, and takes it back', () => {
  const history = ['--history', at('history.json')];
  const ruled = parley([
    'feedback',
    at('forged.eml'),
    'wrong',
    '--officer',
    'Ann',
    '--directory',
    at('dir.json'),
    '--json',
    ...history,
  ]);
  const { id, counts } = JSON.parse(ruled.out) as { id: string; counts: unknown };
  expect(counts).toEqual({ suspicious: { right: 0, wrong: 1 } });
  expect(parley(['feedback', '--undo', id, '--json', ...history]).out).toContain('"rulings": []');
});

test('publishing raises the version, and the bytes are a directory', () => {
  const published = parley([
    'directory',
    'publish',
    '--file',
    at('dir.json'),
    '--out',
    at('dir.bytes'),
    '--json',
  ]);
  expect(JSON.parse(published.out)).toMatchObject({ ok: true, version: 2 });
  expect(parley(['check', at('forged.eml'), '--directory', at('dir.bytes')]).exit).toBe(3);
  expect(
    parley(['directory', 'remove', 'domain', 'mofa.example', '--file', at('dir.json')]).out,
  ).toContain('no longer lists the domain mofa.example');
  expect(JSON.parse(readFileSync(at('dir.json'), 'utf8'))).toMatchObject({ domains: [] });
});

test.each([
  [['check', '/nowhere.eml'], 1, 'mailbox-unreadable'],
  [['check', 'x', '--directory', '/nowhere.json'], 2, 'file-unreadable'],
  [['directory', 'add', 'planet', 'mars', '--file', 'x', '--party', 'P'], 2, 'wrong-use'],
  [['feedback'], 2, 'wrong-use'],
  [['report', '.', '--since', 'soon'], 2, 'not-a-time'],
])('%j is refused with %i', (words, exit, code) => {
  const ran = parley(words);
  expect(ran.exit).toBe(exit);
  expect(ran.err).toContain(`[${code}]`);
  expect(ran.err).toContain('next:');
});
