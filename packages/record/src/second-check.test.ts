// The independent check in Python says the same as ours about every vector of a file: what is wrong, and where.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, type TestContext } from 'vitest';
import { casesOf, vectorFile, type VectorCase } from '../testing/vector-cases.ts';

const SCRIPT = join(import.meta.dirname, '../../../docs/protocol/verify-record.py');
const folder = mkdtempSync(join(tmpdir(), 'parley-second-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = casesOf();
const ALONE = /^(?:entry-proof|.*fork|fork-.*|.*-entry|.*-receipts)$/;
const pathOf = (i: number): string => join(folder, `${i}.parley`);
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

/** What a decoder finds wrong inside a frame: the script has one word for all of it. */
const MALFORMED =
  /^(?:not-canonical|unexpected-type|unknown-field|missing-field|out-of-range|not-utf8)$/;

const expectedOf = ({ ok, reason, at }: VectorCase): Answer => ({
  ok,
  ...(reason === undefined ? {} : { reason: MALFORMED.test(reason) ? 'malformed-frame' : reason }),
  ...(at === undefined ? {} : { at }),
});

test('the second check judges records, evidence and single entries alike, signatures included', (context) => {
  // One run for all: a signature that two files share is checked once.
  const found = answers(
    python(
      context,
      ['--json'],
      cases.map((_, i) => pathOf(i)),
    ),
  );
  expect(found).toHaveLength(cases.length);
  for (const [i, one] of cases.entries())
    expect(found[i], `${one.base}: ${one.description}`).toMatchObject(expectedOf(one));
});

test('without signatures it says so, and takes what only a signature would refuse', (context) => {
  const [whole, bent] = [undefined, 'bad-file-signature'].map((reason) =>
    cases.findIndex((one) => one.base === 'summit' && one.reason === reason),
  );
  const told = python(
    context,
    ['--no-signatures'],
    [whole, bent].map((i) => pathOf(i ?? -1)),
  );
  expect(told.match(/Signatures were not checked/g)).toHaveLength(2);
});

test('of evidence and single entries it knows as many that hold nothing as that hold', () => {
  const alone = cases.filter(({ base }) => ALONE.test(base));
  const valid = alone.filter(({ ok }) => ok).length;
  expect(valid).toBeGreaterThan(4);
  expect(alone.length - valid).toBeGreaterThan(2 * valid);
});

test('it shares no code with the first', () => {
  const script = readFileSync(SCRIPT, 'utf8');
  const imports = [...script.matchAll(/^(?:import|from) (\w+)/gm)].map(([, name]) => name);
  expect(imports).toEqual(['base64', 'hashlib', 'json', 're', 'struct', 'sys']);
});
