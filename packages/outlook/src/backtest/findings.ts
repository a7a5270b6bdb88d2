// What may be said: every sentence a person reads about skill comes from here, so that no page says more than was measured.

import type { Backtest } from './result.ts';
import type { Estimate } from './score.ts';

/** The two sentences that the product owes its readers wherever skill or the holiday claim is mentioned. */
export const NO_MEASURED_SKILL = 'no measured skill';
export const HOLIDAY_CLAIM = 'the holiday claim is not supported by the data';

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;

/** "+0.022 [0.010, 0.031]" */
export function textOfEstimate({ value, interval90 }: Estimate): string {
  return `${signed(value)} [${signed(interval90.low)}, ${signed(interval90.high)}]`;
}

/** "skill" only if the 90 % interval lies above zero; else the words say so. */
export function skillWords(estimate: Estimate): string {
  if (estimate.interval90.low > 0) return `measured skill ${textOfEstimate(estimate)}`;
  return `${NO_MEASURED_SKILL} ${textOfEstimate(estimate)}`;
}

export function findings(result: Omit<Backtest, 'findings'>): string[] {
  const sentences = [
    `Whether an incident comes: ${skillWords(result.rate.brierSkill)} (Brier, over each pair's own past), log ${textOfEstimate(result.rate.logSkill)}, ` +
      `${result.rate.n} forecasts, ${Math.round(result.rate.positives)} came, ${result.years.first} to ${result.years.last}, knowledge ${Math.round(result.lagDays / 30.44)} months old.`,
  ];
  const ahead = result.inAdvance;
  if (ahead !== null) {
    sentences.push(
      `Those pairs were chosen with the whole history in view. With as many pairs chosen each New Year by what was known then: ${skillWords(ahead.brierSkill)} (Brier), log ${textOfEstimate(ahead.logSkill)}, ${Math.round(ahead.positives)} came.`,
    );
  }
  const measured = result.rate.brierSkill.interval90.low > 0;
  if (measured && ahead !== null && ahead.brierSkill.interval90.low <= 0) {
    sentences.push(
      'So the skill is measured only for pairs that are known afterwards to be frequent: read the number as a base rate that follows the last years, and decide by the stakes.',
    );
  } else if (measured && result.rate.brierSkill.value < 0.05) {
    sentences.push(
      'That skill is small: the forecast moves between a few and some twenty per cent, so it should rarely be the only reason to act.',
    );
  }
  const { largestError } = result.reliability;
  sentences.push(
    largestError === null
      ? 'Reliability cannot be judged: no bin holds 200 forecasts.'
      : `Reliability: the largest error of a bin is ${(100 * largestError).toFixed(1)} points.`,
  );
  const names = {
    kind: 'With which kind, given an incident by a named actor',
    target: 'Against which country, given an incident by a named actor',
    sector: 'Against which sector',
  };
  for (const profile of result.profiles) {
    sentences.push(
      `${names[profile.question]}: ${profile.n === 0 ? 'cannot be tested' : `${skillWords(profile.logSkill)} (log, over everybody's frequencies, ${profile.n} incidents)`}.`,
    );
  }
  const holiday = result.timing.filter(({ name }) => name.startsWith('holiday'));
  if (holiday.length > 0) {
    sentences.push(
      holiday.some(({ supported }) => supported)
        ? `A holiday claim is supported: ${holiday
            .filter(({ supported }) => supported)
            .map(({ verdict }) => verdict)
            .join(' ')}`
        : `Attacks timed around holidays: ${HOLIDAY_CLAIM}. The samples are small, so this is no evidence, not a disproof.`,
    );
  }
  const supported = result.timing.filter(
    (claim) => claim.supported && !claim.name.startsWith('holiday'),
  );
  sentences.push(
    supported.length === 0
      ? `Of ${result.timing.length} timing claims tested together none is supported.`
      : `Supported timing claims: ${supported.map(({ name }) => name).join(', ')}.`,
  );
  const passed = result.covariates.filter((covariate) => covariate.passed);
  sentences.push(
    passed.length === 0
      ? `Covariates (provocations, exercises, sanctions, summits, elections, holidays): ${NO_MEASURED_SKILL} for any of ${result.covariates.length}; all stay off.`
      : `Covariates that passed the gate: ${passed.map(({ name }) => name).join(', ')}.`,
  );
  const planted = result.control.find(({ multiple }) => multiple === 3);
  const nothing = result.control.find(({ multiple }) => multiple === 1);
  if (planted !== undefined && nothing !== undefined) {
    sentences.push(
      `Control: a planted threefold effect was found in ${planted.found} of ${planted.seeds} made-up histories, and in ${nothing.found} of ${nothing.seeds} where there was none.`,
    );
  }
  if (result.datedBy === 'disclosed')
    sentences.push(
      'This history dates disclosures, not attacks: the forecast is of what becomes public.',
    );
  return sentences;
}
