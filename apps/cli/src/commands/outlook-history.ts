// parley outlook import | history | forget | backtest: evidence in, and what it is worth out.

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { nativePorts } from '@parley/kernel/node';
import {
  backtest,
  BACKTEST_OPTIONS,
  countryCode,
  countryName,
  KIND_GROUPS,
  readJson,
  readMapping,
  SHIPPED_HISTORY,
  snapshotHash,
  textOfEstimate,
  textOfSpan,
  type Backtest,
  type BacktestOptions,
  type Dyad,
  type HistoryRecord,
  type Mapping,
} from '@parley/outlook';
import {
  backtestPage,
  holidayCalendars,
  importFile,
  OutlookStore,
  replaceFile,
} from '@parley/outlook/node';
import { printable, Stop, type Shell } from '../shell.ts';
import { country } from './outlook-question.ts';

export type HistoryChoice = 'shipped' | 'imported' | 'all';

/** Imported incidents take the place of the shipped ones, which are too few to score and would count twice. */
export function chosenHistory(
  store: OutlookStore,
  choice: string | undefined,
): { records: HistoryRecord[]; choice: HistoryChoice } {
  if (choice !== undefined && !['shipped', 'imported', 'all'].includes(choice)) {
    throw new Stop(
      2,
      'bad-option',
      `--history is shipped, imported or all, not "${printable(choice)}".`,
    );
  }
  const imported = choice === 'shipped' ? [] : store.history();
  const hasIncidents = imported.some((record) => record.type === 'incident');
  const use: HistoryChoice =
    (choice as HistoryChoice | undefined) ?? (hasIncidents ? 'imported' : 'all');
  const shipped =
    use === 'imported'
      ? SHIPPED_HISTORY.filter((record) => record.type === 'event')
      : SHIPPED_HISTORY;
  return { records: [...shipped, ...imported], choice: use };
}

async function readMappingFile(path: string): Promise<Mapping> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new Stop(2, 'mapping-unreadable', `The mapping file ${printable(path)} cannot be read.`);
  }
  const json = readJson(text);
  const mapping = json.ok ? readMapping(json.value) : json;
  if (!mapping.ok) {
    throw new Stop(
      3,
      mapping.reason,
      `The mapping file is refused: ${printable(mapping.detail ?? mapping.reason)}.`,
      'docs/outlook.md shows a mapping',
    );
  }
  return mapping.value;
}

const NEXT_OF: Readonly<Record<string, string>> = {
  'wrong-columns': 'check that this is the file you mean, or give --mapping FILE',
  'unknown-format': 'give --mapping FILE for a CSV of your own; docs/outlook.md lists the formats',
  'too-many-rows': 'cut the file into parts of at most 200,000 rows, by year for example',
  'too-many-bad-rows': 'correct the rows named, or give --mapping FILE with another dateFormat',
  'not-a-text': 'save it as CSV or JSON in UTF-8',
};

async function importOne(shell: Shell, file: string, options: { mapping?: string }): Promise<void> {
  const mapping =
    options.mapping === undefined ? undefined : await readMappingFile(options.mapping);
  const read = await importFile(resolve(file), mapping);
  if (!read.ok) {
    throw new Stop(
      3,
      read.reason,
      `${printable(basename(file))} is refused: ${printable(read.detail ?? read.reason)}. Nothing was kept.`,
      NEXT_OF[read.reason] ?? 'correct the file and import it again',
    );
  }
  const store = new OutlookStore(shell.home());
  const { imported, sha256 } = read.value;
  const batch = store.saveBatch(imported, basename(file), sha256, Date.now());
  shell.line(
    `Imported ${batch.records} records${batch.actors > 0 ? ` and ${batch.actors} actors` : ''} of ${batch.dataset} as ${batch.batch}.`,
  );
  if (batch.refused.length > 0) {
    shell.line(`${batch.refused.length} rows were left out:`);
    for (const row of batch.refused.slice(0, 10))
      shell.line(`  ${printable(row.row)}: ${printable(row.detail)} [${row.reason}]`);
  }
  for (const remark of imported.remarks) shell.line(printable(remark));
  shell.line('Next: parley outlook duplicates   or   parley outlook backtest');
  shell.result({ ok: true, ...batch, remarks: imported.remarks });
}

function matches(record: HistoryRecord, country: string | undefined): boolean {
  if (country === undefined) return true;
  const codes =
    record.type === 'event'
      ? [...record.actors, ...record.against]
      : [...record.initiators, ...record.receivers].map((one) => one.country);
  return codes.some((code) => code === country);
}

function listHistory(
  shell: Shell,
  options: { country?: string; history?: string; limit?: string },
): void {
  const store = new OutlookStore(shell.home());
  const named = options.country === undefined ? undefined : country(options.country);
  const { records, choice } = chosenHistory(store, options.history);
  const found = records
    .filter((record) => matches(record, named))
    .toSorted((a, b) =>
      ((a.occurred ?? a.disclosed)?.start ?? '').localeCompare(
        (b.occurred ?? b.disclosed)?.start ?? '',
      ),
    );
  const limit = Number(options.limit ?? '40');
  const batches = store.batches();
  shell.line(
    `${found.length} records (${choice}); imports: ${batches.length === 0 ? 'none' : batches.map(({ batch }) => batch).join(', ')}`,
  );
  for (const record of found.slice(-limit)) {
    const when =
      record.occurred === null
        ? `(${record.disclosed === null ? '?' : textOfSpan(record.disclosed)} disclosed)`
        : textOfSpan(record.occurred);
    const who =
      record.type === 'event'
        ? record.actors.map(countryName).join(', ')
        : `${record.initiators.map((one) => `${one.country === null ? '?' : countryName(one.country)}${one.disputed ? ' (disputed)' : ''}`).join(', ')} -> ${record.receivers.map((one) => (one.country === null ? '?' : countryName(one.country))).join(', ')}`;
    shell.line(
      `${when.padEnd(12)} ${(record.type === 'event' ? record.class : record.kinds.join('+')).padEnd(22).slice(0, 22)} ${printable(who).slice(0, 44).padEnd(44)} ${printable(record.title).slice(0, 70)}`,
    );
  }
  if (found.length > limit)
    shell.line(`... the last ${limit} of ${found.length}; --limit shows more.`);
  shell.result({
    ok: true,
    history: choice,
    batches,
    total: found.length,
    records: found.slice(-limit),
  });
}

function readDyads(text: string | undefined): readonly Dyad[] | number {
  if (text === undefined) return BACKTEST_OPTIONS.dyads;
  if (/^\d+$/.test(text)) return Number(text);
  return text.split(',').map((pair) => {
    const [initiator, receiver, ...rest] = pair.split('-').map((part) => countryCode(part));
    if (initiator === undefined || receiver === undefined || rest.length > 0) {
      throw new Stop(
        2,
        'bad-dyads',
        `"${printable(pair)}" is no pair of countries.`,
        'write --dyads KP-US,KP-KR or a number of pairs',
      );
    }
    return { initiator, receiver };
  });
}

function readYears(text: string | undefined): BacktestOptions['years'] {
  if (text === undefined) return null;
  const match = /^(\d{4})(?:-(\d{4}))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || last < first)
    throw new Stop(
      2,
      'bad-years',
      `"${printable(text)}" is no range of years.`,
      'write --years 2010-2017',
    );
  return { first, last };
}

function wholeNumber(
  text: string | undefined,
  name: string,
  standard: number,
  max: number,
): number {
  if (text === undefined) return standard;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new Stop(2, 'bad-option', `--${name} is a whole number from 0 to ${max}.`);
  return value;
}

export type BacktestFlags = {
  dyads?: string;
  years?: string;
  kind?: string;
  step?: string;
  lagMonths?: string;
  seeds?: string;
  permutations?: string;
  history?: string;
  output?: string;
};

export function backtestOptions(flags: BacktestFlags): BacktestOptions {
  const group = flags.kind === undefined ? null : KIND_GROUPS.find((known) => known === flags.kind);
  if (group === undefined)
    throw new Stop(2, 'bad-option', `--kind is one of ${KIND_GROUPS.join(', ')}.`);
  if (flags.step !== undefined && flags.step !== 'month' && flags.step !== 'week')
    throw new Stop(2, 'bad-option', '--step is month or week.');
  return {
    ...BACKTEST_OPTIONS,
    dyads: readDyads(flags.dyads),
    years: readYears(flags.years),
    group,
    step: flags.step ?? 'month',
    lagDays: Math.round(wholeNumber(flags.lagMonths, 'lag-months', 6, 120) * 30.44),
    controlSeeds: wholeNumber(flags.seeds, 'seeds', 100, 10_000),
    permutations: wholeNumber(flags.permutations, 'permutations', 20_000, 1_000_000),
  };
}

/** Runs the backtest of a command line and stops with a clear refusal where the history does not allow it. */
export function runBacktest(
  shell: Shell,
  store: OutlookStore,
  flags: BacktestFlags,
): { result: Backtest; records: readonly HistoryRecord[]; choice: HistoryChoice } {
  const options = backtestOptions(flags);
  const { records, choice } = chosenHistory(store, flags.history);
  const receivers =
    typeof options.dyads === 'number' ? [] : options.dyads.map(({ receiver }) => receiver);
  const snapshot = snapshotHash(nativePorts.crypto, records);
  const result = backtest(
    records,
    snapshot,
    { ...options, calendars: holidayCalendars(records, receivers) },
    (stage) => shell.progress(stage),
  );
  if (!result.ok) {
    throw new Stop(
      3,
      result.reason,
      `The backtest cannot run: ${printable(result.detail ?? result.reason)}.`,
      'import a longer history, or choose other --dyads and --years',
    );
  }
  return { result: result.value, records, choice };
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function printBacktest(shell: Shell, result: Backtest): void {
  shell.line(
    `Backtest of ${result.datasets.join(', ')}: ${result.counts.incidents} incidents and ${result.counts.events} events, ${result.counts.used} used; ${result.counts.leftOut.yearPrecise} are dated to the year only.`,
  );
  shell.line(
    `${result.dyads.length} pairs, ${result.years.first} to ${result.years.last}: ${result.dyads.join(' ')}`,
  );
  shell.line();
  for (const sentence of result.findings) shell.line(`- ${sentence}`);
  shell.line();
  shell.line('Over climatology           Brier skill [90 %]             log skill [90 %]');
  for (const [name, comparison] of [
    ['default model', result.rate],
    ['without calibration', result.uncalibrated],
    ['without recency', result.withoutRecency],
    ...(result.inAdvance === null ? [] : [['pairs chosen in advance', result.inAdvance] as const]),
  ] as const) {
    shell.line(
      `${name.padEnd(26)} ${textOfEstimate(comparison.brierSkill).padEnd(30)} ${textOfEstimate(comparison.logSkill)}`,
    );
  }
  for (const row of result.lags) {
    shell.line(
      `${`knowledge ${row.knowledge === 'recorded' ? 'as recorded' : `${Math.round(row.lagDays / 30.44)} months late`}`.padEnd(26)} ${textOfEstimate(row.comparison.brierSkill).padEnd(30)} ${textOfEstimate(row.comparison.logSkill)}`,
    );
  }
  shell.line();
  shell.line('Reliability: forecast  came    n');
  for (const bin of result.reliability.bins)
    shell.line(
      `             ${percent(bin.meanForecast).padStart(8)} ${percent(bin.observed).padStart(7)} ${String(bin.n).padStart(5)}`,
    );
  shell.line();
  for (const claim of result.timing) shell.line(`- ${claim.verdict}`);
  for (const covariate of result.covariates) shell.line(`- ${covariate.verdict}`);
  shell.line(`Records ${result.snapshot.slice(0, 16)}`);
}

export function registerHistory(outlook: Command, shell: Shell): void {
  outlook
    .command('import <file>')
    .description(
      'take in a history: EuRepoC or CFR CSV, CSIS JSON, MISP, STIX, ATT&CK, or a CSV with --mapping',
    )
    .option('--mapping <file>', 'a JSON file that says which column is what')
    .action((file: string, options: { mapping?: string }) => importOne(shell, file, options));
  outlook
    .command('history')
    .description('list what is known')
    .option('--country <country>', 'only records that name it')
    .option('--history <which>', 'shipped, imported or all')
    .option('--limit <n>', 'how many of the latest', '40')
    .action((options: { country?: string; history?: string; limit?: string }) =>
      listHistory(shell, options),
    );
  outlook
    .command('forget <batch>')
    .description('take a whole import back')
    .action((batch: string) => {
      if (!new OutlookStore(shell.home()).forget(batch))
        throw new Stop(
          2,
          'no-such-batch',
          `There is no import ${printable(batch)}.`,
          'parley outlook history lists them',
        );
      shell.line(`Took back ${batch}.`);
      shell.result({ ok: true, forgotten: batch });
    });
  const command = outlook
    .command('backtest')
    .description(
      'test the forecasts on the past: skill with intervals, reliability, timing claims, planted effects',
    );
  addBacktestFlags(command)
    .option('-o, --output <file>', 'also write a page with plots')
    .action((flags: BacktestFlags) => {
      const store = new OutlookStore(shell.home());
      const { result, records, choice } = runBacktest(shell, store, flags);
      if (flags.output !== undefined)
        replaceFile(resolve(flags.output), backtestPage(result, records));
      printBacktest(shell, result);
      if (flags.output !== undefined) shell.line(`Wrote ${flags.output}.`);
      shell.result({ ok: true, history: choice, ...result });
    });
}

export function addBacktestFlags(command: Command): Command {
  return command
    .option('--dyads <pairs>', 'pairs such as KP-US,KP-KR, or how many of the most frequent', '14')
    .option('--years <range>', 'scored years, such as 2010-2017')
    .option('--kind <group>', `only incidents of one kind: ${KIND_GROUPS.join(', ')}`)
    .option('--step <step>', 'month or week', 'month')
    .option('--lag-months <n>', 'how long until an incident is known with its initiator', '6')
    .option('--seeds <n>', 'made-up histories of the control; 0 leaves it out', '100')
    .option('--permutations <n>', 'of each timing claim', '20000')
    .option('--history <which>', 'shipped, imported or all');
}
