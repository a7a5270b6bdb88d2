// The planted-effect control: made-up histories with a known effect, to show what the machinery finds and what it invents.

import { dayOf, type Day } from '../calendar.ts';
import type { CountryCode } from '../country.ts';
import { seeded, type Seeded } from '../random.ts';
import { GATE_OPTIONS, testGate } from './gate.ts';
import type { Occurrence, Series } from './series.ts';
import { walkForward, WALK_OPTIONS, type Walk } from './walk-forward.ts';

export type ControlSettings = {
  readonly dyads: number;
  readonly years: number;
  /** Incidents per month of the pairs, from frequent to rare; the default is like the real top fourteen. */
  readonly ratesPerMonth: readonly number[];
  readonly triggersPerYear: number;
  /** After a trigger the rate is multiplied for so many days. */
  readonly effectDays: number;
};

/** Incidents a year as of the fourteen most frequent pairs of the EuRepoC years that have any coverage. */
export const CONTROL_SETTINGS: ControlSettings = {
  dyads: 14,
  years: 18,
  ratesPerMonth: [
    0.21, 0.18, 0.17, 0.16, 0.13, 0.11, 0.1, 0.09, 0.08, 0.08, 0.07, 0.06, 0.06, 0.05,
  ],
  triggersPerYear: 6,
  effectDays: 28,
};

export type Simulated = { readonly series: Series; readonly triggers: readonly (readonly Day[])[] };

const FROM = dayOf(2000, 1, 1);

/** A Poisson process by day, thinned from its largest rate. */
function strikes(
  random: Seeded,
  days: number,
  rateOn: (d: number) => number,
  largest: number,
): number[] {
  const found: number[] = [];
  let at = 0;
  for (;;) {
    at += -Math.log(1 - random.next()) / largest;
    if (at >= days) return found;
    if (random.next() * largest < rateOn(Math.floor(at))) found.push(Math.floor(at));
  }
}

/** One made-up history. `multiple` 1 plants nothing. The overall rate is the same whatever is planted. */
export function simulate(
  seed: number,
  multiple: number,
  settings: ControlSettings = CONTROL_SETTINGS,
): Simulated {
  const random = seeded(seed);
  const days = Math.round(settings.years * 365.25);
  const occurrences: Occurrence[] = [];
  const triggers: Day[][] = [];
  for (let d = 0; d < settings.dyads; d++) {
    const perDay = (settings.ratesPerMonth[d] ?? 0.05) / 30.44;
    const trigger = strikes(
      random,
      days,
      () => settings.triggersPerYear / 365.25,
      settings.triggersPerYear / 365.25,
    );
    const on = new Uint8Array(days);
    for (const at of trigger) on.fill(1, at + 1, Math.min(days, at + 1 + settings.effectDays));
    const share = on.reduce((sum, value) => sum + value, 0) / days;
    const quiet = perDay / (1 + share * (multiple - 1));
    for (const at of strikes(
      random,
      days,
      (day) => quiet * (on[day] === 1 ? multiple : 1),
      quiet * multiple,
    )) {
      occurrences.push({
        dyad: d,
        start: (FROM + at) as Day,
        end: (FROM + at + 1) as Day,
        known: null,
      });
    }
    triggers.push(trigger.map((at) => (FROM + at) as Day));
  }
  const dyads = Array.from({ length: settings.dyads }, (_, d) => ({
    initiator: `S${d}` as CountryCode,
    receiver: 'XX' as CountryCode,
  }));
  return {
    series: {
      dyads,
      occurrences,
      from: FROM,
      to: (FROM + days) as Day,
      datedBy: 'occurred',
      leftOut: { yearPrecise: 0, undated: 0, noPair: 0, beyondCoverage: 0 },
    },
    triggers,
  };
}

/** 1 where a trigger of the pair fell within `days` before the issue day, else 0; the issue day itself is not yet known. */
export function afterTriggers(
  walk: Walk,
  triggers: readonly (readonly Day[])[],
  days: number,
): Float64Array {
  const x = new Float64Array(walk.model.length);
  walk.issues.forEach((issue, s) => {
    for (let d = 0; d < walk.dyads; d++) {
      if (triggers[d]?.some((at) => at < issue && at >= issue - days) === true)
        x[s * walk.dyads + d] = 1;
    }
  });
  return x;
}

/** Weeks that do not overlap, so that one incident is one outcome; known at once, so that only the effect is in question. */
export const HAZARD_OPTIONS = {
  ...WALK_OPTIONS,
  step: 'week',
  horizonDays: 7,
  lagDays: 0,
} as const;

export type ControlResult = {
  readonly multiple: number;
  readonly seeds: number;
  readonly found: number;
  readonly share: number;
  readonly meanLogSkill: number;
};

/** Runs the gate on made-up histories and counts how often it claims an effect. */
export function runControl(
  multiple: number,
  seeds: number,
  settings: ControlSettings = CONTROL_SETTINGS,
  firstSeed = 1,
): ControlResult {
  let [found, skill] = [0, 0];
  for (let i = 0; i < seeds; i++) {
    const { series, triggers } = simulate(firstSeed + i, multiple, settings);
    const walk = walkForward(series, HAZARD_OPTIONS);
    const result = testGate(
      walk,
      { name: 'planted', question: '', x: afterTriggers(walk, triggers, settings.effectDays) },
      { ...GATE_OPTIONS, resamples: 400 },
    );
    if (result.passed) found++;
    skill += result.comparison?.logSkill.value ?? 0;
  }
  return { multiple, seeds, found, share: found / seeds, meanLogSkill: skill / seeds };
}
