// The page of `parley outlook backtest -o`: findings first, then the tables and pictures that they stand on.

import type { Backtest } from '../backtest/result.ts';
import { textOfEstimate } from '../backtest/findings.ts';
import type { HistoryRecord } from '../history/record.ts';
import { pageHtml, type Section } from './page.ts';
import { calendarHeatMap, reliabilityDiagram, skillByYear, timeline } from './pictures.ts';
import type { Figure } from './figure.ts';

export function backtestSections(result: Backtest): Section[] {
  return [
    { heading: 'What was found', sentences: result.findings },
    {
      heading: 'Skill over climatology',
      sentences: [
        'Skill is 1 minus score over the score of each pair’s own past; intervals are 90 %, by resampling whole years.',
      ],
      table: {
        columns: [
          'Model',
          'Forecasts',
          'Came',
          'Brier skill',
          'Log skill',
          'Largest reliability error',
        ],
        rows: [
          [
            'default model',
            result.rate.n,
            result.rate.positives,
            textOfEstimate(result.rate.brierSkill),
            textOfEstimate(result.rate.logSkill),
            result.reliability.largestError,
          ],
          ...(result.inAdvance === null
            ? []
            : [
                [
                  'pairs chosen in advance',
                  result.inAdvance.n,
                  result.inAdvance.positives,
                  textOfEstimate(result.inAdvance.brierSkill),
                  textOfEstimate(result.inAdvance.logSkill),
                  null,
                ],
              ]),
          [
            'without calibration',
            result.uncalibrated.n,
            result.uncalibrated.positives,
            textOfEstimate(result.uncalibrated.brierSkill),
            textOfEstimate(result.uncalibrated.logSkill),
            result.uncalibratedReliability.largestError,
          ],
          [
            'without recency',
            result.withoutRecency.n,
            result.withoutRecency.positives,
            textOfEstimate(result.withoutRecency.brierSkill),
            textOfEstimate(result.withoutRecency.logSkill),
            null,
          ],
          ...result.lags.map((row) => [
            row.knowledge === 'recorded'
              ? 'knowledge as recorded'
              : `knowledge ${Math.round(row.lagDays / 30.44)} months late`,
            row.comparison.n,
            row.comparison.positives,
            textOfEstimate(row.comparison.brierSkill),
            textOfEstimate(row.comparison.logSkill),
            row.largestReliabilityError,
          ]),
        ],
      },
    },
    {
      heading: 'Given an incident: which kind, whom',
      sentences: [
        'Against the frequencies of everybody; what has no interval above zero has no measured skill.',
      ],
      table: {
        columns: ['Question', 'Incidents', 'Classes', 'Log skill', 'Gain in nats an incident'],
        rows: result.profiles.map((profile) => [
          profile.question,
          profile.n,
          profile.classes,
          textOfEstimate(profile.logSkill),
          textOfEstimate(profile.gain),
        ]),
      },
    },
    {
      heading: 'Timing claims',
      sentences: result.timing.map(({ verdict }) => verdict),
      table: {
        columns: ['Claim', 'n', 'Near', 'By chance', 'p', 'p corrected', 'Would show from'],
        rows: result.timing.map((claim) => [
          claim.name,
          claim.n,
          claim.observed,
          claim.expected,
          claim.p,
          claim.adjusted,
          claim.detectable === null ? '–' : `${claim.detectable.toFixed(1)} x`,
        ]),
      },
    },
    {
      heading: 'Covariates at the gate',
      sentences: result.covariates.map(({ verdict }) => verdict),
    },
    {
      heading: 'Planted-effect control',
      sentences:
        result.control.length === 0
          ? ['Not run.']
          : result.control.map(
              (row) =>
                `True effect x${row.multiple}: claimed in ${row.found} of ${row.seeds} made-up histories.`,
            ),
    },
    {
      heading: 'Pair by pair',
      sentences: [
        'Few incidents a pair: these numbers are noise more than knowledge, and are here so that nothing hides in the mean.',
      ],
      table: {
        columns: ['Pair', 'Forecasts', 'Came', 'Brier skill', 'Log skill'],
        rows: result.byDyad.map((slice) => [
          slice.name,
          slice.n,
          slice.positives,
          slice.brierSkill,
          slice.logSkill,
        ]),
      },
    },
  ];
}

export function backtestFigures(result: Backtest, history: readonly HistoryRecord[]): Figure[] {
  return [
    reliabilityDiagram(result.reliability),
    skillByYear(result),
    calendarHeatMap(history, result.datedBy),
    timeline(history, result.datedBy),
  ];
}

export function backtestPage(result: Backtest, history: readonly HistoryRecord[]): string {
  return pageHtml(
    'Outlook: the backtest',
    [
      `${result.datasets.join(', ')}: ${result.counts.incidents} incidents and ${result.counts.events} events, of which ${result.counts.used} could be used; ${result.counts.leftOut.yearPrecise} are dated to the year only, ${result.counts.leftOut.beyondCoverage} after the years that the data cover.`,
      `${result.dyads.length} pairs (${result.dyads.join(', ')}), ${result.years.first} to ${result.years.last}, one forecast a ${result.step}.`,
    ],
    backtestSections(result),
    backtestFigures(result, history),
    `Made from the records ${result.snapshot}. The same records give the same page.`,
  );
}
