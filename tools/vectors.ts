// `npm run vectors`: every vector set of the house, official ones and our own, one after the other, each with its counts.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Programs that count for themselves. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'MLS (RFC 9420)': 'packages/channel/testing/mls/run.ts',
  'SPF (RFC 7208) and ARC (RFC 8617)': 'packages/mail/tools/vectors.ts',
};

/** Test files that run vectors; what they check beside them counts with them. */
const TESTS: Readonly<Record<string, string>> = {
  'Merkle (RFC 6962)': 'packages/record/src/tree.test.ts',
  records: 'packages/record/src/vectors.test.ts',
  channel: 'packages/channel/src/vectors.test.ts',
  'off the record': 'packages/channel/src/branch-vectors.test.ts',
  calls: 'packages/channel/src/call-vectors.test.ts',
  'envelopes in flight': 'packages/post/src/vectors.test.ts',
  'display lists': 'packages/disarm/src/list/decode.test.ts',
  'look-alike domains': 'packages/mail/src/domains/look-alike.test.ts',
  'canonical bytes': 'packages/kernel/src/codec.test.ts',
  'HKDF, HPKE, X-Wing': 'packages/kernel/src/seal.test.ts',
};

let failed = 0;
for (const [name, program] of Object.entries(PROGRAMS)) {
  console.log(`\n== ${name}`);
  if (spawnSync('node', [program], { cwd: ROOT, stdio: 'inherit' }).status !== 0) failed++;
}

console.log('\n== by tests');
const folder = mkdtempSync(join(tmpdir(), 'parley-vectors-'));
const told = join(folder, 'told.json');
const files = Object.values(TESTS);
const run = ['run', '--project', 'unit', '--reporter=json', `--outputFile=${told}`, ...files];
spawnSync('vitest', run, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
type Told = {
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
};
const { testResults } = JSON.parse(readFileSync(told, 'utf8')) as Told;
rmSync(folder, { recursive: true });
for (const [name, file] of Object.entries(TESTS)) {
  const found = testResults.find((one) => relative(ROOT, one.name) === file);
  const results = found?.assertionResults ?? [];
  const passed = results.filter(({ status }) => status === 'passed');
  const broken = results.filter(({ status }) => status === 'failed');
  console.log(`${name}: ${passed.length} of ${results.length} passed`);
  for (const { fullName } of broken) console.log(`  failed: ${fullName}`);
  // A file that does not run at all has no results.
  if (broken.length > 0 || passed.length === 0) failed++;
}

const sets = Object.keys(PROGRAMS).length + Object.keys(TESTS).length;
console.log(`\n${sets - failed} of ${sets} sets passed`);
if (failed > 0) process.exitCode = 1;
