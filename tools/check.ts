// What `npm test` runs: format, lint, types, then every test in one run; the last line counts them all.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NOTHING, type Tally, add, lastLine, notRunLines } from './tally.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ONE_PASSED: Tally = { ...NOTHING, passed: 1 };
const ONE_FAILED: Tally = { ...NOTHING, failed: 1 };

type Step = { readonly name: string; readonly run: () => Tally };

const environment = {
  ...process.env,
  // The tools of the lock file, and the Node among them, before whatever the machine has.
  PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
};

/** Runs a program with its output shown as it comes. Nothing reads from standard input. */
function succeeds(
  command: string,
  args: readonly string[],
  extra: NodeJS.ProcessEnv = {},
): boolean {
  const run = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...environment, ...extra },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (run.error !== undefined) console.log(`${command} did not start: ${run.error.message}`);
  return run.status === 0;
}

/** A script of package.json as a step, so that the step and `npm run` of it are one thing. */
function script(name: string): Step {
  const run = (): Tally => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const line = manifest.scripts[name];
    if (line === undefined) console.log(`package.json has no script ${name}`);
    return line !== undefined && succeeds('sh', ['-c', line]) ? ONE_PASSED : ONE_FAILED;
  };
  return { name, run };
}

function tests(): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'parley-check-'));
  const tallyFile = join(folder, 'tally.json');
  const announcements = join(folder, 'not-run.jsonl');
  writeFileSync(announcements, '');
  try {
    const program = join(ROOT, 'tools/run-tests.ts');
    const done = succeeds(process.execPath, [program, tallyFile, announcements], {
      PARLEY_NOT_RUN: announcements,
    });
    if (!existsSync(tallyFile)) {
      console.log('the test runner ended without counting: it crashed');
      return ONE_FAILED;
    }
    const tally = JSON.parse(readFileSync(tallyFile, 'utf8')) as Tally;
    // The runner may fail for a reason outside every test (a leaked handle, an error after the end).
    return done || tally.failed > 0 ? tally : add(tally, ONE_FAILED);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const STEPS: readonly Step[] = [
  script('check:format'),
  script('check:lint'),
  script('check:types'),
  { name: 'tests', run: tests },
];

let total = NOTHING;
const verdicts: string[] = [];
for (const [index, step] of STEPS.entries()) {
  console.log(`\n[${index + 1}/${STEPS.length}] ${step.name}`);
  const start = performance.now();
  const tally = step.run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = `${tally.failed === 0 ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s)`;
  console.log(verdict);
  verdicts.push(verdict);
  total = add(total, tally);
}

console.log(['', ...verdicts, ...notRunLines(total)].join('\n'));
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(lastLine(total));
