// What a backtest found, as data: every figure with what it was compared with.

import { type RateSettings } from '../forecast/rate.ts';
import type { KindGroup } from '../history/record.ts';
import { type ControlResult } from './control.ts';
import { type GateResult } from './gate.ts';
import { type TimingResult } from './permutation.ts';
import { type ProfileScore } from './profile-test.ts';
import { type Reliability } from './reliability.ts';
import { type Comparison } from './score.ts';
import { type DatedBy, type Series } from './series.ts';

export type LagRow = {
  readonly lagDays: number;
  readonly knowledge: 'lag' | 'recorded';
  readonly comparison: Comparison;
  readonly largestReliabilityError: number | null;
};

export type Slice = {
  readonly name: string;
  readonly n: number;
  readonly positives: number;
  readonly brierSkill: number;
  readonly logSkill: number;
};

export type Backtest = {
  readonly format: 'parley-outlook-backtest';
  readonly version: 1;
  readonly snapshot: string;
  readonly datasets: readonly string[];
  readonly counts: {
    readonly events: number;
    readonly incidents: number;
    readonly used: number;
    readonly leftOut: Series['leftOut'];
  };
  readonly dyads: readonly string[];
  readonly years: { readonly first: number; readonly last: number };
  readonly step: 'month' | 'week';
  readonly lagDays: number;
  readonly datedBy: DatedBy;
  readonly group: KindGroup | null;
  readonly settings: RateSettings;
  /** The default model against each pair's expanding climatology. */
  readonly rate: Comparison;
  /** The same model on as many pairs, chosen each New Year by what was known then; null where pairs were named. */
  readonly inAdvance: Comparison | null;
  /** The default model without the calibration factor, and without recency: what each part is worth. */
  readonly uncalibrated: Comparison;
  readonly withoutRecency: Comparison;
  readonly reliability: Reliability;
  readonly uncalibratedReliability: Reliability;
  readonly lags: readonly LagRow[];
  readonly byYear: readonly Slice[];
  readonly byDyad: readonly Slice[];
  readonly profiles: readonly ProfileScore[];
  readonly timing: readonly TimingResult[];
  readonly covariates: readonly GateResult[];
  readonly control: readonly ControlResult[];
  readonly findings: readonly string[];
};
