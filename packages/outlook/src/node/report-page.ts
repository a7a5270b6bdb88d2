// The page of `parley outlook report -o`: forecasts, ledger, pictures and the backtest that says what they are worth.

import type { Backtest } from '../backtest/result.ts';
import type { Forecast, HorizonRow } from '../forecast/forecast.ts';
import { cautionText } from '../forecast/cautions.ts';
import { questionText } from '../forecast/question.ts';
import { chanceText, type Yardstick } from '../forecast/words.ts';
import { textOfEstimate } from '../backtest/findings.ts';
import type { HistoryRecord } from '../history/record.ts';
import { RANKED_MIN, type LedgerScore } from '../ledger.ts';
import { backtestFigures, backtestSections } from './backtest-page.ts';
import { pageHtml, type Section } from './page.ts';
import { horizonCurve, timeline } from './pictures.ts';

export type ReportParts = {
  readonly history: readonly HistoryRecord[];
  readonly forecasts: readonly {
    readonly forecast: Forecast;
    readonly horizon: readonly HorizonRow[];
  }[];
  readonly scores: readonly LedgerScore[];
  readonly backtest: Backtest | null;
  /** Why there is no backtest, where there is none. */
  readonly backtestMissing: string;
  readonly yardstick: Yardstick;
  readonly madeOn: string;
};

const share = (value: number): string => `${(100 * value).toFixed(0)} %`;

function forecastSection({ forecasts, yardstick }: ReportParts): Section {
  return {
    heading: 'Forecasts',
    sentences: forecasts.flatMap(({ forecast }) => [
      `${questionText(forecast.question)}: ${chanceText(forecast.p, forecast.interval90.low, forecast.interval90.high, yardstick)}; base rate ${(100 * forecast.baseRate).toFixed(1)} %.`,
      ...forecast.adjustments.map(
        (one) => `Adjusted by ${one.by} (${one.logOdds} log-odds): ${one.reason}`,
      ),
      `If one comes: ${forecast.kinds.map((kind) => `${kind.name} ${share(kind.share)}`).join(', ')}.`,
      ...forecast.cautions.map(cautionText),
    ]),
    table: {
      columns: ['Question', 'Probability', 'Low', 'High', 'Base rate', 'Known until'],
      rows: forecasts.map(({ forecast }) => [
        questionText(forecast.question),
        forecast.p,
        forecast.interval90.low,
        forecast.interval90.high,
        forecast.baseRate,
        forecast.knownUntil,
      ]),
    },
  };
}

function ledgerSection({ scores }: ReportParts): Section {
  return {
    heading: 'Who was right',
    sentences: [
      `Everybody is scored alike. Nobody is ranked on fewer than ${RANKED_MIN} resolved questions; lower Brier is better.`,
    ],
    table: {
      columns: ['Forecaster', 'Forecasts', 'Resolved', 'Brier', 'Skill over base rate', 'Rank'],
      rows: scores.map((score) => [
        score.forecaster,
        score.forecasts,
        score.resolved,
        score.brier === null ? '–' : textOfEstimate(score.brier).replaceAll('+', ''),
        score.skillOverBaseRate === null ? '–' : textOfEstimate(score.skillOverBaseRate),
        score.rank === null ? 'not ranked' : String(score.rank),
      ]),
    },
  };
}

/** Both timelines stand on the page: when things happened, and when one could have known. */
export function reportPage(parts: ReportParts): string {
  const { backtest, history, forecasts } = parts;
  const curves = forecasts.map(({ forecast, horizon }, i) =>
    horizonCurve(
      horizon,
      `How the chance grows: ${questionText(forecast.question)}`,
      `horizon-${i + 1}`,
    ),
  );
  const tested =
    backtest === null
      ? []
      : backtestFigures(backtest, history).filter(({ id }) => !id.startsWith('timeline'));
  return pageHtml(
    'Outlook',
    [
      `Made on ${parts.madeOn} from ${history.length} records.`,
      backtest === null ? parts.backtestMissing : (backtest.findings[0] ?? ''),
    ],
    [
      forecastSection(parts),
      ledgerSection(parts),
      ...(backtest === null ? [] : backtestSections(backtest)),
    ],
    [...curves, ...tested],
    'A forecast is a number with an interval. It is not a warning, and its absence is not safety.',
    [timeline(history, 'occurred'), timeline(history, 'disclosed')],
  );
}
