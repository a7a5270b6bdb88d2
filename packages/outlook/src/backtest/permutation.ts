// Timing claims ("they strike on holidays") put to the test: how often would chance alone come as close?

import type { Day } from '../calendar.ts';
import { seeded } from '../random.ts';

export type TimingClaim = {
  readonly name: string;
  /** What a reader would say: "attacks are timed around US federal holidays". */
  readonly claim: string;
  /** Days of incidents, day-precise only: a month says nothing about a holiday. */
  readonly days: readonly Day[];
  /** Days that the claim is about. */
  readonly anchors: readonly Day[];
  /** An incident counts when it lies from `before` days before to `after` days after an anchor. */
  readonly before: number;
  readonly after: number;
  /**
   * `weekday`: each incident moves by whole weeks within half a year, so weekdays and seasons of work stay.
   * `circular`: all incidents move together round the calendar, so that clusters stay clusters.
   */
  readonly method: 'weekday' | 'circular';
};

export type TimingResult = {
  readonly name: string;
  readonly claim: string;
  readonly method: TimingClaim['method'];
  readonly n: number;
  readonly observed: number;
  readonly expected: number;
  /** One-sided: the share of permutations with at least as many hits. */
  readonly p: number;
  /** p after Holm's correction for all claims tested together. */
  readonly adjusted: number;
  /** The smallest true multiple that a sample of this size would show in 80 of 100 cases; null where none could. */
  readonly detectable: number | null;
  readonly supported: boolean;
  /** A plain sentence; the same wherever the claim appears. */
  readonly verdict: string;
};

const HALF_YEAR_WEEKS = 26;

/** near[d - first] is 1 where day d lies near an anchor. */
function nearness(claim: TimingClaim, first: number, last: number): Uint8Array {
  const near = new Uint8Array(last - first + 1);
  for (const anchor of claim.anchors) {
    const low = Math.max(first, anchor - claim.before);
    const high = Math.min(last, anchor + claim.after);
    for (let d = low; d <= high; d++) near[d - first] = 1;
  }
  return near;
}

function hits(
  claim: TimingClaim,
  permutations: number,
  seed: number,
): { observed: number; expected: number; p: number } {
  const margin = HALF_YEAR_WEEKS * 7;
  const first = Math.min(...claim.days) - margin;
  const last = Math.max(...claim.days) + margin;
  const near = nearness(claim, first, last);
  const observed = claim.days.filter((d) => near[d - first] === 1).length;
  const random = seeded(seed);
  const span = last - first + 1 - 2 * margin;
  let [total, reached] = [0, 0];
  for (let i = 0; i < permutations; i++) {
    let count = 0;
    const shift = claim.method === 'circular' ? random.below(span) : 0;
    for (const d of claim.days) {
      const moved =
        claim.method === 'circular'
          ? margin + ((d - first - margin + shift) % span)
          : d - first + 7 * (random.below(2 * HALF_YEAR_WEEKS + 1) - HALF_YEAR_WEEKS);
      count += near[moved] ?? 0;
    }
    total += count;
    if (count >= observed) reached++;
  }
  // The observed arrangement is one of the possible ones: p is never 0.
  return { observed, expected: total / permutations, p: (reached + 1) / (permutations + 1) };
}

/** P(X >= k) for a binomial count. */
function upperTail(n: number, share: number, k: number): number {
  let term = (1 - share) ** n;
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= ((n - i) / (i + 1)) * (share / (1 - share));
  }
  return 1 - below;
}

/** Smallest multiple of the chance share that 80 of 100 samples of this size would show at 5 %. */
export function detectableMultiple(n: number, share: number): number | null {
  if (n === 0 || share <= 0 || share >= 1) return null;
  let critical = 0;
  while (critical <= n && upperTail(n, share, critical) > 0.05) critical++;
  if (critical > n) return null;
  for (let multiple = 1.1; multiple * share < 1; multiple += 0.1) {
    if (upperTail(n, multiple * share, critical) >= 0.8) return Math.round(multiple * 10) / 10;
  }
  return null;
}

function sentence(
  claim: TimingClaim,
  result: { observed: number; expected: number; p: number },
  adjusted: number,
  detectable: number | null,
): string {
  const numbers = `${result.observed} of ${claim.days.length} incidents where chance gives ${result.expected.toFixed(1)} (p = ${result.p.toFixed(2)})`;
  if (adjusted < 0.05)
    return `The ${claim.name} claim is supported: ${numbers}, also after correcting for every claim tested.`;
  const power =
    detectable === null
      ? 'A sample this small could not show any effect.'
      : `Only an effect of about ${detectable.toFixed(1)} times or more would have been seen.`;
  return `The ${claim.name} claim is not supported by the data: ${numbers}. ${power} No evidence is not a disproof.`;
}

/** Tests all claims together, because one in twenty looks real by chance. Claims without incidents or anchors say so. */
export function testTiming(
  claims: readonly TimingClaim[],
  permutations = 20_000,
  seed = 11,
): TimingResult[] {
  const raw = claims.map((claim, i) =>
    claim.days.length === 0 || claim.anchors.length === 0
      ? undefined
      : hits(claim, permutations, seed + i),
  );
  const order = raw
    .flatMap((result, i) => (result === undefined ? [] : [{ i, p: result.p }]))
    .toSorted((a, b) => a.p - b.p);
  const adjusted = new Map<number, number>();
  let running = 0;
  order.forEach(({ i, p }, rank) => {
    running = Math.max(running, Math.min(1, p * (order.length - rank)));
    adjusted.set(i, running);
  });
  return claims.map((claim, i) => {
    const result = raw[i];
    const base = {
      name: claim.name,
      claim: claim.claim,
      method: claim.method,
      n: claim.days.length,
    };
    if (result === undefined) {
      const missing =
        claim.days.length === 0
          ? 'no incident is dated to the day'
          : 'there are no dates to compare with';
      return {
        ...base,
        observed: 0,
        expected: 0,
        p: 1,
        adjusted: 1,
        detectable: null,
        supported: false,
        verdict: `The ${claim.name} claim cannot be tested: ${missing}.`,
      };
    }
    const corrected = adjusted.get(i) ?? 1;
    const detectable = detectableMultiple(claim.days.length, result.expected / claim.days.length);
    return {
      ...base,
      ...result,
      adjusted: corrected,
      detectable,
      supported: corrected < 0.05,
      verdict: sentence(claim, result, corrected, detectable),
    };
  });
}
