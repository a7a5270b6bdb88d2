// The independent check in Python says the same as ours about every record vector: what is wrong, and where.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, type TestContext } from 'vitest';
import { casesOf, vectorFile, type VectorCase } from '../testing/vector-cases.ts';

const SCRIPT = join(import.meta.dirname, '../../../docs/protocol/verify-record.py');
const folder = mkdtempSync(join(tmpdir(), 'parley-second-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the acts of a party that governs itself, only those that a signature decides are checked with signatures: it is slow. */
const slow = new Set(['bad-authority-proof', undefined]);
const cases = [
  ...casesOf('summit'),
  ...casesOf('governance').toSorted(
    (a, b) => Number(slow.has(b.reason)) - Number(slow.has(a.reason)),
  ),
];
const rooms = casesOf().filter(
  ({ base }) => base === 'words' || /^(?:caucus|room-|channel-|nothing)/.test(base),
);
const checked = cases.findIndex((one) => one.base === 'governance' && !slow.has(one.reason));
const pathOf = (i: number): string => join(folder, `${i}.parley`);
cases.push(...rooms);
for (const [i, one] of cases.entries()) writeFileSync(pathOf(i), vectorFile(one));

type Answer = { ok: boolean; reason?: string; at?: number; size?: number };

function python(
  context: TestContext,
  options: readonly string[],
  files: readonly string[],
): string {
  const found = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  const version = /^Python 3\.(\d+)/.exec(found.stdout ?? '');
  if (version === null || Number(version[1]) < 8)
    context.skip('python3 (3.8 or newer) is not installed');
  const run = spawnSync('python3', [SCRIPT, ...options, ...files], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout;
}

const answers = (told: string): Answer[] =>
  told
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answer);

/** The script reads records only, so it cannot tell a foreign file from another kind of ours. */
const expectedOf = ({ ok, reason, at }: VectorCase): Answer => ({
  ok,
  ...(reason === undefined
    ? {}
    : { reason: reason === 'not-a-parley-file' ? 'not-a-record' : reason }),
  ...(at === undefined ? {} : { at }),
});

test('the second check judges every record vector alike, signatures included', (context) => {
  const found = answers(
    python(
      context,
      ['--json'],
      cases.slice(0, checked).map((_, i) => pathOf(i)),
    ),
  );
  expect(found).toHaveLength(checked);
  for (const [i, one] of cases.slice(0, checked).entries()) {
    expect(found[i], one.description).toMatchObject(expectedOf(one));
  }
});

test('without signatures it still finds the rest, and says what it did not check', (context) => {
  const whole = cases.findIndex(({ ok }) => ok);
  const told = python(context, ['--no-signatures'], [pathOf(whole)]);
  expect(told).toContain('Signatures were not checked');
  const named = new Set([
    'bad-signature',
    'bad-cosignature',
    'bad-file-signature',
    'wrong-authority',
    'bad-authority-proof',
  ]);
  const others = cases.flatMap((one, i) => (named.has(one.reason ?? '') ? [] : [{ one, i }]));
  const found = answers(
    python(
      context,
      ['--json', '--no-signatures'],
      others.map(({ i }) => pathOf(i)),
    ),
  );
  for (const [i, { one }] of others.entries()) {
    expect(found[i], one.description).toMatchObject(expectedOf(one));
  }
});

test('it shares no code with the first', () => {
  const script = readFileSync(SCRIPT, 'utf8');
  const imports = [...script.matchAll(/^(?:import|from) (\w+)/gm)].map(([, name]) => name);
  expect(imports).toEqual(['base64', 'hashlib', 'json', 're', 'struct', 'sys']);
});
