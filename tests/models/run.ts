// `npm run models`: explores the Promela models beside this file to the end, with Spin and a C compiler where the machine
// has them (Debian: apt-get install spin gcc). Each model is also run with a planted fault, which must be found.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Run = {
  readonly model: 'fork' | 'epoch';
  readonly what: string;
  readonly flags: readonly string[];
  /** A planted fault is to be found. */
  readonly planted?: true;
};

const RUNS: readonly Run[] = [
  { model: 'fork', what: 'a hostile relay, 3 members, 5 entries', flags: [] },
  { model: 'fork', what: 'an honest relay', flags: ['-DHONEST'] },
  { model: 'fork', what: 'planted: roots are not compared', flags: ['-DPLANTED'], planted: true },
  { model: 'epoch', what: 'a hostile relay, 3 members, 3 envelopes, crashes', flags: ['-DMADE=3'] },
  { model: 'epoch', what: 'an honest relay, 4 envelopes, crashes', flags: ['-DHONEST'] },
  {
    model: 'epoch',
    what: 'planted: sent before it is stored',
    flags: ['-DPLANTED'],
    planted: true,
  },
];

const missing = ['spin', 'gcc'].filter(
  (tool) => spawnSync(tool, ['--version']).error !== undefined,
);
if (missing.length > 0) {
  console.log(
    `not run: ${RUNS.length} runs of 2 models need ${missing.join(' and ')}, which is not here.`,
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
  try {
    for (const run of RUNS) explore(run, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inside(folder: string, command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  return `${done.stdout ?? ''}${done.stderr ?? ''}`;
}

function explore({ flags, model, planted, what }: Run, folder: string): void {
  const source = join(import.meta.dirname, `${model}.pml`);
  inside(folder, 'spin', ['-a', ...flags, source]);
  inside(folder, 'gcc', ['-O2', '-DSAFETY', '-w', '-o', 'pan', 'pan.c']);
  const told = inside(folder, join(folder, 'pan'), ['-m100000', '-w24']);
  const errors = Number(/errors: (\d+)/.exec(told)?.[1] ?? Number.NaN);
  const states = Number(/(\d+) states, stored/.exec(told)?.[1] ?? Number.NaN);
  // A search that met a limit has not seen everything, so its silence proves nothing.
  const whole = !/max search depth too small|out of memory|Search not completed/.test(told);
  const good = planted === true ? errors > 0 : errors === 0 && whole && states > 0;
  if (!good) process.exitCode = 1;
  const verdict = planted === true ? (good ? 'found' : 'MISSED') : good ? 'holds' : 'FAILS';
  const size = Number.isNaN(states) ? 'no answer' : `${states.toLocaleString('en-US')} states`;
  console.log(`${verdict.padEnd(7)} ${model.padEnd(6)} ${what}: ${size}, errors ${errors}`);
}
