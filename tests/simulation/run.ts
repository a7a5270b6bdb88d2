// `npm run simulate [-- --schedules N --from SEED]`: the long run of 10,000. A failing seed replays with --from SEED --schedules 1 --trace.

import { parseArgs } from 'node:util';
import { assembleCast } from './cast.ts';
import { play } from './schedule.ts';
import { NOTHING, type Counts } from './witness.ts';

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const schedules = Number(values.schedules);
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(schedules)) {
  console.error('usage: node tests/simulation/run.ts [--schedules N] [--from SEED] [--trace]');
  process.exit(2);
}

const cast = await assembleCast();
const total: Counts = { ...NOTHING };
const start = performance.now();
let failed = 0;
for (let seed = from; seed < from + schedules; seed++) {
  try {
    const { counts, trace } = await play(cast, seed);
    if (values.trace) for (const line of trace) console.log(line);
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
  } catch (error) {
    failed += 1;
    console.error(error instanceof Error ? error.message : error);
    if (failed >= 5) break;
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${schedules} schedules from seed ${from} in ${seconds.toFixed(1)} s: ${failed} failed. ` +
    `${total.deliveries} deliveries, ${total.taken} taken in their place, ` +
    `${total.crossings} out of place or from another history, all noticed; ` +
    `${total.frozen} contradictions, ${total.proven} proven; ${total.words} more by a word outside the room; ` +
    `${total.cheats} meetings with a cheat of real keys, each as due; ${total.outdated} devices told that their vault is older ` +
    `than their own commit; ${total.receipts} false receipts proven against the relay.`,
);
if (failed > 0) process.exitCode = 1;
