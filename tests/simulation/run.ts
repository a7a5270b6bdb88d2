// `npm run simulate [-- --from SEED --to SEED --keep FILE]`: the long run, of seeds 1 to 10,000. It says every hundred how far it
// is; with --keep it goes on where it was stopped. A failing seed replays with --from SEED --to SEED --trace.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { assembleCast } from './cast.ts';
import { play } from './schedule.ts';
import { NOTHING, type Counts } from './witness.ts';

const FAILURES_MAX = 5;
const REPORT_EVERY = 100;

/** What a run has come to. `next` is the first seed that was not played. */
type Progress = {
  readonly from: number;
  next: number;
  failed: number[];
  cpuSeconds: number;
  readonly counts: Counts;
};

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '10000' },
    keep: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const to = Number(values.to);
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to < from) {
  console.error(
    'usage: node tests/simulation/run.ts [--from SEED] [--to SEED] [--keep FILE] [--trace]',
  );
  process.exit(2);
}

const { keep } = values;
const progress = kept() ?? {
  from,
  next: from,
  failed: [],
  cpuSeconds: 0,
  counts: { ...NOTHING },
};
const before = progress.cpuSeconds;

const cast = await assembleCast();
while (progress.next <= to && progress.failed.length < FAILURES_MAX) {
  const seed = progress.next;
  try {
    const { counts, trace } = await play(cast, seed);
    if (values.trace) for (const line of trace) console.log(line);
    for (const name of Object.keys(counts) as (keyof Counts)[])
      progress.counts[name] += counts[name];
  } catch (error) {
    progress.failed.push(seed);
    console.error(error instanceof Error ? error.message : error);
  }
  progress.next += 1;
  if ((progress.next - progress.from) % REPORT_EVERY === 0) {
    note();
    console.error(`seed ${seed}: ${summary()}`);
  }
}
note();
const { counts, failed } = progress;
console.log(
  `${summary()}. ` +
    `${counts.deliveries} deliveries, ${counts.taken} taken in their place, ` +
    `${counts.crossings} out of place or from another history, all noticed; ` +
    `${counts.frozen} contradictions, ${counts.proven} proven; ${counts.words} more by a word outside the room; ` +
    `${counts.cheats} meetings with a cheat of real keys, each as due; ${counts.outdated} devices told that their vault is older ` +
    `than their own commit; ${counts.receipts} false receipts proven against the relay.`,
);
if (failed.length > 0) {
  console.log(`failed: seeds ${failed.join(', ')}`);
  process.exitCode = 1;
}

function summary(): string {
  const played = progress.next - progress.from;
  const rate = (played / progress.cpuSeconds).toFixed(1);
  return (
    `${played} schedules from seed ${progress.from}, ${progress.failed.length} failed, ` +
    `${progress.cpuSeconds.toFixed(0)} s of one core (${rate}/s)`
  );
}

/** Where an earlier run stopped, if it was one of the same seeds. */
function kept(): Progress | undefined {
  if (keep === undefined || !existsSync(keep)) return undefined;
  const read = JSON.parse(readFileSync(keep, 'utf8')) as Progress;
  if (read.from !== from) {
    console.error(`${keep} is of a run from seed ${read.from}, not ${from}: name another file`);
    process.exit(2);
  }
  return read;
}

function note(): void {
  const { user, system } = process.cpuUsage();
  progress.cpuSeconds = before + (user + system) / 1e6;
  if (keep === undefined) return;
  writeFileSync(`${keep}.new`, JSON.stringify(progress));
  renameSync(`${keep}.new`, keep);
}
