// Bombs through the real `parley disarm`: each ends, refused or rebuilt, within its time and its memory.
//
// node bench/disarm-bombs.ts [--only REGEX] [--keep DIR] [--json F]

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { BOMBS, type Bomb } from './bomb-makers.ts';

const PARLEY = fileURLToPath(new URL('../apps/cli/bin/parley.js', import.meta.url));
const LOOK_MS = 20;
/** USER_HZ is 100 on every Linux that Node runs on. */
const TICK_SECONDS = 0.01;

const GOAL = { seconds: 30, mebibytes: 1024, officeMebibytes: 2048 } as const;

/** Of one process: processor seconds so far and the most memory it ever had, as the kernel counts them. */
type Load = { readonly cpuSeconds: number; readonly peakBytes: number };

type Ran = {
  readonly name: string;
  readonly bytes: number;
  readonly outcome: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly cageCpuSeconds: number;
  readonly cagePeakMiB: number;
  readonly within: boolean;
};

function loadOf(pid: number): Load | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold anything; the fields follow the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS,
      peakBytes: 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0),
    };
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1')
        .split(' ')
        .filter((word) => word !== '')
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** Looks at a process and everything below it, and keeps the most of each. */
function look(pid: number, seen: Map<number, Load>): void {
  const load = loadOf(pid);
  if (load !== undefined) {
    const before = seen.get(pid);
    seen.set(pid, {
      cpuSeconds: Math.max(load.cpuSeconds, before?.cpuSeconds ?? 0),
      peakBytes: Math.max(load.peakBytes, before?.peakBytes ?? 0),
    });
  }
  for (const child of childrenOf(pid)) look(child, seen);
}

async function run(bomb: Bomb, work: string): Promise<Ran> {
  const bytes = bomb.make();
  const file = join(work, `${bomb.name.replaceAll(/[^a-z0-9]+/gi, '-')}.${bomb.extension}`);
  writeFileSync(file, bytes);
  const started = performance.now();
  const command = spawn(
    process.execPath,
    ['--no-warnings', PARLEY, 'disarm', file, '--force', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const own = command.pid ?? 0;
  const seen = new Map<number, Load>();
  const timer = setInterval(() => look(own, seen), LOOK_MS);
  let said = '';
  command.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  await new Promise((settle) => command.once('close', settle));
  clearInterval(timer);
  const seconds = (performance.now() - started) / 1000;
  const cages = [...seen].filter(([pid]) => pid !== own).map(([, load]) => load);
  const cageCpuSeconds = cages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const cagePeakMiB = Math.max(0, ...cages.map(({ peakBytes }) => peakBytes)) / 2 ** 20;
  const most = bomb.office ? GOAL.officeMebibytes : GOAL.mebibytes;
  return {
    name: bomb.name,
    bytes: bytes.length,
    outcome: outcomeOf(said),
    seconds,
    cpuSeconds: cageCpuSeconds + (seen.get(own)?.cpuSeconds ?? 0),
    cageCpuSeconds,
    cagePeakMiB,
    within: seconds <= GOAL.seconds && cagePeakMiB <= most,
  };
}

function outcomeOf(said: string): string {
  try {
    const answer = JSON.parse(said) as { ok: boolean; code?: string; error?: { code?: string } };
    return answer.ok ? 'rebuilt' : (answer.code ?? answer.error?.code ?? 'refused');
  } catch {
    return `no answer: ${said.slice(0, 80)}`;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      keep: { type: 'string' },
      json: { type: 'string' },
    },
  });
  if (process.platform !== 'linux') {
    console.log('not run: the kernel is asked in the way of Linux');
    return;
  }
  const only = new RegExp(values.only);
  const work = values.keep ?? mkdtempSync(join(tmpdir(), 'parley-bombs-'));
  const all: Ran[] = [];
  try {
    for (const bomb of BOMBS.filter(({ name }) => only.test(name))) {
      const ran = await run(bomb, work);
      all.push(ran);
      console.log(
        `${ran.name}: ${ran.outcome} after ${ran.seconds.toFixed(1)} s, processor ${ran.cpuSeconds.toFixed(1)} s, cage ${Math.round(ran.cagePeakMiB)} MiB${ran.within ? '' : ' OVER'}`,
      );
      if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(all, null, 1));
    }
  } finally {
    if (values.keep === undefined) rmSync(work, { recursive: true, force: true });
  }
  console.table(
    all.map((ran) => ({
      bomb: ran.name,
      'made of bytes': ran.bytes,
      outcome: ran.outcome,
      seconds: ran.seconds.toFixed(1),
      'of processor': ran.cpuSeconds.toFixed(1),
      'in the cage': ran.cageCpuSeconds.toFixed(1),
      'cage MiB': Math.round(ran.cagePeakMiB),
      'within goals': ran.within,
    })),
  );
  console.log(
    `${all.filter(({ within }) => within).length} of ${all.length} within ${GOAL.seconds} s and ${GOAL.mebibytes} MiB (${GOAL.officeMebibytes} with the office engine); making them is not counted`,
  );
}

await main();
