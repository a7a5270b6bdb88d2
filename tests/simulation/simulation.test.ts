// A short run of the simulation: every schedule keeps what the channel promises, and a seed replays exactly.

import { beforeAll, expect, test } from 'vitest';
import { assembleCast, type Cast } from './cast.ts';
import { play } from './schedule.ts';
import { TEMPERS } from './tempers.ts';
import { NOTHING, type Counts } from './witness.ts';

// SLOW=1 or `npm run simulate` for more.
const SCHEDULES = process.env['SLOW'] === '1' ? 3_000 : 120;
const FROM = Number(process.env['PARLEY_SEED'] ?? 1);

let cast: Cast;
beforeAll(async () => {
  cast = await assembleCast();
});

test(`${SCHEDULES} schedules from seed ${FROM}: every crossing is noticed at once, nothing acknowledged is lost, no false alarm`, async () => {
  const total: Counts = { ...NOTHING };
  for (let seed = FROM; seed < FROM + SCHEDULES; seed++) {
    const { counts } = await play(cast, seed);
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
  }
  console.log(`simulation from seed ${FROM}: ${JSON.stringify(total)}`);
  // The run must have seen what it is about, or it proves nothing.
  expect(total.taken).toBeGreaterThan(SCHEDULES * 10);
  expect(total.crossings).toBeGreaterThan(SCHEDULES);
  expect(total.frozen).toBeGreaterThan(0);
  expect(total.proven).toBe(total.frozen);
  expect(total.words).toBeGreaterThan(0);
  expect(total.cheats).toBeGreaterThan(0);
  expect(total.outdated).toBeGreaterThan(0);
  expect(total.receipts).toBeGreaterThan(0);
  // Twenty seconds of one core, which a busy machine may take long to give.
}, 900_000);

test.each(TEMPERS.map((temper, i) => [temper, 2 * TEMPERS.length * 7 + i] as const))(
  'a seed of a %s relay replays exactly',
  async (_temper, seed) => {
    const [first, second] = [await play(cast, seed), await play(cast, seed)];
    expect(second.trace).toEqual(first.trace);
    expect(second.counts).toEqual(first.counts);
  },
);
