// Reliability: of all forecasts of about 10 %, did about 10 % come? Bins of equal size, so that each can be judged.

export type ReliabilityBin = {
  readonly n: number;
  readonly meanForecast: number;
  readonly observed: number;
  /** Observed minus forecast: above 0 the forecast was too low. */
  readonly error: number;
  /** Two standard errors of `observed` if the forecasts were exactly right: errors below it are nothing. */
  readonly noise: number;
  readonly low: number;
  readonly high: number;
};

export type Reliability = {
  readonly bins: readonly ReliabilityBin[];
  /** Largest absolute error of bins with at least 200 forecasts; null where no bin has that many. */
  readonly largestError: number | null;
  /** Murphy's parts of the Brier score over these bins. */
  readonly reliability: number;
  readonly resolution: number;
  readonly uncertainty: number;
};

/** Below this many forecasts a bin is shown and not judged. */
export const JUDGED_BIN_MIN = 200;

/** Five bins of equal size, fewer where they would hold under 200; ties keep the order of the forecasts. */
export function reliabilityOf(
  p: ArrayLike<number>,
  outcome: ArrayLike<number>,
  binsMax = 5,
): Reliability {
  const n = outcome.length;
  const order = Array.from({ length: n }, (_, i) => i).toSorted(
    (a, b) => (p[a] ?? 0) - (p[b] ?? 0) || a - b,
  );
  const count = Math.max(
    1,
    Math.min(binsMax, Math.floor(n / JUDGED_BIN_MIN) || Math.min(binsMax, 3)),
  );
  const bins: ReliabilityBin[] = [];
  let total = 0;
  for (let b = 0; b < (n === 0 ? 0 : count); b++) {
    const members = order.slice(Math.floor((b * n) / count), Math.floor(((b + 1) * n) / count));
    if (members.length === 0) continue;
    let [forecast, came, spread] = [0, 0, 0];
    for (const i of members) {
      const value = p[i] ?? 0;
      forecast += value;
      came += outcome[i] ?? 0;
      spread += value * (1 - value);
    }
    total += came;
    const size = members.length;
    bins.push({
      n: size,
      meanForecast: forecast / size,
      observed: came / size,
      error: (came - forecast) / size,
      noise: (2 * Math.sqrt(spread)) / size,
      low: p[members[0] ?? 0] ?? 0,
      high: p[members.at(-1) ?? 0] ?? 0,
    });
  }
  const base = n === 0 ? 0 : total / n;
  const judged = bins.filter((bin) => bin.n >= JUDGED_BIN_MIN);
  const weighted = (part: (bin: ReliabilityBin) => number): number =>
    bins.reduce((sum, bin) => sum + (bin.n / Math.max(1, n)) * part(bin), 0);
  return {
    bins,
    largestError:
      judged.length === 0 ? null : Math.max(...judged.map((bin) => Math.abs(bin.error))),
    reliability: weighted((bin) => bin.error ** 2),
    resolution: weighted((bin) => (bin.observed - base) ** 2),
    uncertainty: base * (1 - base),
  };
}
