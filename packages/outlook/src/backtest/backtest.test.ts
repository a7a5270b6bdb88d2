import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativePorts } from '@parley/kernel/node';
import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, dayOf, type Day } from '../calendar.ts';
import type { CountryCode } from '../country.ts';
import { Profile } from '../forecast/profile.ts';
import {
  believe,
  chanceWithin,
  credibleInterval,
  fadedExposure,
  RATE_SETTINGS,
  scaleChance,
} from '../forecast/rate.ts';
import { gammaCdf, gammaQuantile } from '../gamma.ts';
import { SHIPPED_HISTORY } from '../history/shipped.ts';
import { usFederalHolidays } from '../holidays.ts';
import { importCsv } from '../imports/csv-import.ts';
import { seeded } from '../random.ts';
import { snapshotHash } from '../snapshot.ts';
import { backtest, BACKTEST_OPTIONS } from './backtest.ts';
import { runControl } from './control.ts';
import { HOLIDAY_CLAIM, NO_MEASURED_SKILL } from './findings.ts';
import { scoreInAdvance } from './in-advance.ts';
import { detectableMultiple, testTiming, type TimingClaim } from './permutation.ts';
import { reliabilityOf } from './reliability.ts';
import { brierScore, compare, logScore } from './score.ts';
import { buildSeries, type Series } from './series.ts';
import { walkForward, WALK_OPTIONS } from './walk-forward.ts';

const CSV = join(
  import.meta.dirname,
  '../../../../../shared/corpus/outlook/eurepoc-1.1-subset.csv',
);
const here = existsSync(CSV);
const runs = { numRuns: process.env['SLOW'] === undefined ? 25 : 1000 };
const pair = (n: number) => ({ initiator: `A${n}` as CountryCode, receiver: 'XX' as CountryCode });
const FROM = dayOf(2000, 1, 1);

function series(
  strikes: readonly { dyad: number; at: number; length?: number }[],
  months = 120,
): Series {
  return {
    dyads: [pair(0), pair(1), pair(2)],
    occurrences: strikes.map(({ dyad, at, length = 1 }) => ({
      dyad,
      start: (FROM + at) as Day,
      end: (FROM + at + length) as Day,
      known: null,
    })),
    from: FROM,
    to: dayOf(2000 + months / 12, 1, 1),
    datedBy: 'occurred',
    leftOut: { yearPrecise: 0, undated: 0, noPair: 0, beyondCoverage: 0 },
  };
}

const quick = { ...BACKTEST_OPTIONS, controlSeeds: 0, permutations: 500, resamples: 500 };

describe('statistics', () => {
  it('the gamma distribution is the known one', () => {
    // 1 - exp(-x) for shape 1; the second value by numerical integration in numpy.
    expect(gammaCdf(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12);
    expect(gammaCdf(3.7, 2.5)).toBeCloseTo(0.2985451307, 9);
    for (const p of [0.05, 0.5, 0.95])
      expect(gammaCdf(0.4, gammaQuantile(0.4, 1, p))).toBeCloseTo(p, 9);
  });

  it('seeds repeat and differ', () => {
    const draw = (seed: number): number[] => {
      const random = seeded(seed);
      return Array.from({ length: 1000 }, () => random.next());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const mean = draw(3).reduce((a, b) => a + b, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });

  it('scores are proper: the true probability scores best', () => {
    for (const truth of [0.03, 0.2, 0.7]) {
      for (const score of [brierScore, logScore]) {
        const expected = (p: number): number => score(p, truth);
        for (const other of [0.01, 0.1, 0.5, 0.9])
          if (other !== truth) expect(expected(truth)).toBeLessThan(expected(other));
      }
    }
    const same = compare({
      p: [0.1, 0.2],
      reference: [0.1, 0.2],
      outcome: [0, 1],
      block: (i) => i,
    });
    expect(same.brierSkill).toEqual({ value: 0, interval90: { low: 0, high: 0 } });
  });

  it('reliability judges no bin under two hundred', () => {
    const p = Array.from({ length: 1000 }, (_, i) => (i % 10) / 20);
    const outcome = p.map((value, i) => (((i * 7919) % 1000) / 1000 < value ? 1 : 0));
    const result = reliabilityOf(p, outcome);
    expect(result.bins.map(({ n }) => n)).toEqual([200, 200, 200, 200, 200]);
    expect(result.largestError).toBeLessThan(0.1);
    expect(reliabilityOf([0.1, 0.2, 0.3], [0, 0, 1]).largestError).toBeNull();
    expect(reliabilityOf([], []).bins).toEqual([]);
  });
});

describe('the rate', () => {
  it('stays between pool and own past, and doubt widens the interval', () => {
    const quiet = believe(0, 24, 0.1, RATE_SETTINGS);
    const busy = believe(12, 24, 0.1, RATE_SETTINGS);
    expect(chanceWithin(quiet, 1)).toBeLessThan(0.1);
    expect(chanceWithin(busy, 1)).toBeGreaterThan(chanceWithin(quiet, 1));
    const { low, high } = credibleInterval(busy, 1, 1);
    expect(low).toBeLessThan(chanceWithin(busy, 1));
    expect(high).toBeGreaterThan(chanceWithin(busy, 1));
    expect(fadedExposure(10_000, 24)).toBeCloseTo(24 / Math.LN2, 6);
    expect(scaleChance(0.1, 1)).toBeCloseTo(0.1, 12);
  });

  it('profiles sum to one and lean towards what an actor did', () => {
    const profile = new Profile(['a', 'b'], { shrinkage: 6, halfLifeMonths: 120 });
    for (let month = 0; month < 20; month++)
      profile.add({ month, actor: 'X', group: 's', outcome: 'a' });
    for (let month = 0; month < 20; month++)
      profile.add({ month, actor: 'Y', group: 's', outcome: 'b' });
    const [a = 0, b = 0] = profile.shares('X', 's', 20);
    expect(a + b).toBeCloseTo(1, 12);
    expect(a).toBeGreaterThan(0.7);
    expect(profile.shares('Z', '', 20)[0]).toBeCloseTo(0.5, 6);
  });
});

describe('walk-forward', () => {
  const strike = record({ dyad: integer({ min: 0, max: 2 }), at: integer({ min: 0, max: 3600 }) });

  it('never looks ahead: what comes later, or is not yet known, changes no forecast', () => {
    assert(
      property(
        array(strike, { maxLength: 60 }),
        integer({ min: 62, max: 118 }),
        (strikes, month) => {
          const cut = dayOf(2000 + Math.floor(month / 12), (month % 12) + 1, 1);
          const known = strikes.filter(({ at }) => FROM + at + 1 + WALK_OPTIONS.lagDays <= cut);
          const [whole, past] = [walkForward(series(strikes)), walkForward(series(known))];
          whole.issues.forEach((issue, s) => {
            if (issue > cut) return;
            for (let d = 0; d < 3; d++) {
              for (const key of ['model', 'raw', 'climatology', 'flat'] as const)
                expect(whole[key][s * 3 + d]).toBe(past[key][s * 3 + d]);
            }
          });
        },
      ),
      runs,
    );
  });

  it('answers probabilities, whatever the history', () => {
    assert(
      property(array(strike, { maxLength: 200 }), (strikes) => {
        for (const step of ['month', 'week'] as const) {
          const walk = walkForward(series(strikes), { ...WALK_OPTIONS, step });
          for (const key of ['model', 'raw', 'climatology', 'flat'] as const)
            for (const p of walk[key]) expect(p > 0 && p < 1).toBe(true);
          for (const outcome of walk.outcome) expect(outcome >= 0 && outcome <= 1).toBe(true);
        }
      }),
      runs,
    );
  });

  it('an incident "some time in a month" is spread over the weeks it may have fallen into', () => {
    const walk = walkForward(series([{ dyad: 0, at: 3000, length: 31 }]), {
      ...WALK_OPTIONS,
      step: 'week',
      horizonDays: 7,
    });
    const total = walk.outcome.reduce((sum, outcome) => sum + outcome, 0);
    expect(total).toBeCloseTo(1, 1);
    expect(Math.max(...walk.outcome)).toBeLessThan(0.3);
  });

  it('leaves year-precise incidents and marked duplicates out of the months', () => {
    const [first] = SHIPPED_HISTORY.filter((one) => one.type === 'incident');
    if (first?.type !== 'incident') throw new Error('no incident');
    const year = {
      ...first,
      id: 'y',
      occurred: { start: '2014-01-01', end: '2014-12-31', precision: 'year' as const },
    };
    const built = buildSeries([first, year, { ...first, id: 'd', duplicateOf: first.id }], {
      dyads: 5,
    });
    expect(built.leftOut.yearPrecise).toBe(1);
    expect(built.occurrences).toHaveLength(2);
  });
});

describe('timing claims', () => {
  const days = (years: number[], month: number, dayOfMonth: number): Day[] =>
    years.map((year) => dayOf(year, month, dayOfMonth));
  const years = Array.from({ length: 20 }, (_, i) => 2001 + i);
  const claim = (over: Partial<TimingClaim>): TimingClaim => ({
    name: 'test',
    claim: '',
    days: days(years, 7, 4),
    anchors: years.flatMap(usFederalHolidays),
    before: 3,
    after: 3,
    method: 'weekday',
    ...over,
  });

  it('a real effect is found, chance is not, and too little is said to be too little', () => {
    const random = seeded(5);
    const scattered = years.map((year) => dayOf(year, 1 + random.below(12), 1 + random.below(28)));
    const [real, chance, none] = testTiming(
      [claim({}), claim({ days: scattered }), claim({ days: [] })],
      2000,
    );
    expect(real?.supported).toBe(true);
    expect(chance?.supported).toBe(false);
    expect(chance?.verdict).toContain('not supported by the data');
    expect(none?.verdict).toContain('cannot be tested');
  });

  it('corrects for the number of claims', () => {
    const results = testTiming(
      Array.from({ length: 12 }, () =>
        claim({ days: days([2009, 2011, 2012], 7, 4), before: 1, after: 1 }),
      ),
      500,
    );
    for (const result of results) expect(result.adjusted).toBeGreaterThanOrEqual(result.p);
  });

  it('says how large an effect would have to be', () => {
    expect(detectableMultiple(10, 0.19)).toBeGreaterThan(2.5);
    expect(detectableMultiple(400, 0.19)).toBeLessThan(1.6);
    expect(detectableMultiple(0, 0.19)).toBeNull();
  });

  it('knows the federal holidays of 2021', () => {
    expect(usFederalHolidays(2021)).toEqual(
      [
        '2021-01-01',
        '2021-01-18',
        '2021-02-15',
        '2021-05-31',
        '2021-06-19',
        '2021-07-04',
        '2021-09-06',
        '2021-10-11',
        '2021-11-11',
        '2021-11-25',
        '2021-12-25',
      ].map(day),
    );
  });
});

describe('the planted-effect control', () => {
  it('finds a large effect and invents none', () => {
    expect(runControl(5, 4).found).toBe(4);
    expect(runControl(1, 4).found).toBe(0);
  });
});

describe('the whole backtest', () => {
  it('refuses a history that is too short, and years that cannot be scored', () => {
    expect(backtest([], 'x', quick)).toMatchObject({ ok: false, reason: 'no-incidents' });
    expect(backtest(SHIPPED_HISTORY.slice(98, 101), 'x', quick)).toMatchObject({ ok: false });
    expect(
      backtest(SHIPPED_HISTORY, 'x', { ...quick, years: { first: 1950, last: 1960 } }),
    ).toMatchObject({ ok: false, reason: 'no-such-years' });
  });

  it('claims no skill for the shipped history, which is small and was chosen by hand', () => {
    const result = backtest(SHIPPED_HISTORY, 'x', quick);
    if (!result.ok) throw new Error(result.reason);
    expect(result.value.findings[0]).toContain(NO_MEASURED_SKILL);
    expect(result.value.findings.join(' ')).toContain(HOLIDAY_CLAIM);
    expect(result.value.covariates.some(({ passed }) => passed)).toBe(false);
    expect(backtest(SHIPPED_HISTORY, 'x', quick)).toEqual(result);
  });

  it.runIf(here)(
    'on the EuRepoC subset: small skill in whether, real skill in kind and whom, none in timing',
    () => {
      const read = importCsv(readFileSync(CSV, 'utf8'));
      if (!read.ok) throw new Error(read.detail);
      const result = backtest(
        read.value.records,
        snapshotHash(nativePorts.crypto, read.value.records),
        { ...quick, resamples: 2000 },
      );
      if (!result.ok) throw new Error(result.reason);
      const { rate, reliability, profiles, timing, lags, inAdvance, findings } = result.value;
      expect(rate.brierSkill.interval90.low).toBeGreaterThan(0);
      expect(rate.logSkill.value).toBeGreaterThanOrEqual(0.05);
      expect(reliability.largestError).toBeLessThanOrEqual(0.03);
      const skill = Object.fromEntries(
        profiles.map(({ question, logSkill }) => [question, logSkill]),
      );
      expect(skill['kind']?.value).toBeGreaterThanOrEqual(0.12);
      expect(skill['target']?.value).toBeGreaterThanOrEqual(0.14);
      expect(skill['sector']?.interval90.low).toBeLessThanOrEqual(0);
      expect(timing.filter(({ supported }) => supported)).toEqual([]);
      for (const row of lags) expect(row.comparison.logSkill.value).toBeGreaterThan(0.05);
      // Pairs that are chosen by what was known at the time show none, and the words say so.
      expect(inAdvance?.brierSkill.interval90.low).toBeLessThan(0);
      expect(findings[1]).toContain(`by what was known then: ${NO_MEASURED_SKILL}`);
    },
  );

  it('pairs chosen in advance: what comes later changes no forecast made before', () => {
    const incidents = SHIPPED_HISTORY.filter((one) => one.type === 'incident');
    const options = {
      ranks: { from: 0, to: 14 },
      years: { first: 2014, last: 2016 },
      walk: WALK_OPTIONS,
      resamples: 50,
    };
    const whole = scoreInAdvance(incidents, options);
    // Incidents of 2017 and 2018 make other pairs frequent; the horizon of the last scored month stays the same.
    const cut = incidents.filter(
      ({ occurred }) => occurred === null || occurred.start < '2017' || occurred.start > '2019',
    );
    expect(whole?.n).toBeGreaterThan(300);
    expect(scoreInAdvance(cut, options)).toEqual(whole);
  });

  it.runIf(here)('holds on pairs and years that did not choose the settings', () => {
    const read = importCsv(readFileSync(CSV, 'utf8'));
    if (!read.ok) throw new Error(read.detail);
    const frequent = buildSeries(read.value.records, { dyads: 28 }).dyads;
    const odd = frequent.filter((_, i) => i % 2 === 1);
    const result = backtest(read.value.records, 'x', {
      ...quick,
      dyads: odd,
      years: { first: 2013, last: 2017 },
    });
    if (!result.ok) throw new Error(result.reason);
    expect(result.value.rate.logSkill.value).toBeGreaterThan(0.03);
  });
});
