// parley outlook export | taxii | report: what leaves, in the forms that others read, and the page that shows it all.

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { nativePorts } from '@parley/kernel/node';
import {
  checkQuestion,
  forecast,
  horizonRows,
  mispEvent,
  navigatorLayer,
  scoreLedger,
  snapshotHash,
  standardRule,
  stixBundle,
  textOfDay,
  type CountryCode,
  type Day,
  type Forecast,
  type HistoryRecord,
} from '@parley/outlook';
import { OutlookStore, replaceFile, reportPage } from '@parley/outlook/node';
import { printable, Stop, type Shell } from '../shell.ts';
import { readLedger } from './outlook-ledger.ts';
import { registerTaxii } from './outlook-taxii.ts';
import {
  addBacktestFlags,
  chosenHistory,
  runBacktest,
  type BacktestFlags,
} from './outlook-history.ts';
import { country } from './outlook-question.ts';

const now = (): string => new Date().toISOString();
const today = (): string => now().slice(0, 10);

const codes = (text: string): CountryCode[] => text.split(',').map(country);

function forecastFor(records: readonly HistoryRecord[], pair: string, days: number): Forecast {
  const [who = '', whom = ''] = pair.split('-');
  const [initiator] = codes(who);
  if (initiator === undefined || whom === '')
    throw new Stop(2, 'bad-option', `"${printable(pair)}" is no pair.`, 'write KP-US or KP-US,KR');
  const issued = today();
  const closes = textOfDay((Math.floor(Date.parse(issued) / 86_400_000) + days - 1) as Day);
  const draft = { initiator, receivers: codes(whom), group: null, issued, closes };
  const question = checkQuestion({
    ...draft,
    source: 'EuRepoC Global Database',
    rule: standardRule(draft),
  });
  if (!question.ok)
    throw new Stop(
      2,
      question.reason,
      `No question: ${printable(question.detail ?? question.reason)}.`,
    );
  const made = forecast(question.value, records, snapshotHash(nativePorts.crypto, records));
  if (!made.ok) throw new Stop(3, made.reason, `No forecast: ${made.detail ?? made.reason}.`);
  return made.value;
}

function write(shell: Shell, output: string | undefined, value: unknown, what: string): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (output === undefined) {
    if (shell.json) shell.result(value);
    else process.stdout.write(text);
    return;
  }
  replaceFile(resolve(output), text);
  shell.line(`Wrote ${what} to ${printable(output)}.`);
  shell.result({ ok: true, wrote: output });
}

type ExportFlags = {
  format?: string;
  output?: string;
  actor?: string;
  forecast?: string[];
  history?: string;
};

function runExport(shell: Shell, flags: ExportFlags): void {
  const store = new OutlookStore(shell.home());
  const { records } = chosenHistory(store, flags.history);
  if (flags.format === 'navigator') {
    if (flags.actor === undefined)
      throw new Stop(2, 'no-actor', 'A Navigator layer is of one actor: give --actor NAME.');
    const layer = navigatorLayer(flags.actor, store.actors(), records);
    if (layer === undefined)
      throw new Stop(
        2,
        'unknown-actor',
        `No actor ${printable(flags.actor)} is known.`,
        'import ATT&CK or a MISP galaxy first',
      );
    write(shell, flags.output, layer, 'a Navigator layer');
  } else if (flags.format === 'misp') {
    const seconds = Math.floor(Date.now() / 1000);
    write(
      shell,
      flags.output,
      { response: records.map((record) => mispEvent(nativePorts.crypto, record, seconds)) },
      `${records.length} MISP events`,
    );
  } else if (flags.format === 'stix' || flags.format === undefined) {
    const forecasts = (flags.forecast ?? []).map((pair) => forecastFor(records, pair, 28));
    const bundle = stixBundle(nativePorts.crypto, records, forecasts, now());
    write(shell, flags.output, bundle, `a STIX 2.1 bundle of ${bundle.objects.length} objects`);
  } else throw new Stop(2, 'bad-option', '--format is stix, misp or navigator.');
}

const DEFAULT_PAIRS = ['KP-US,KR', 'RU-UA', 'IR-US', 'IR-IL', 'CN-US'];

function runReport(
  shell: Shell,
  flags: BacktestFlags & { output?: string; forecast?: string[]; words?: string },
): void {
  if (flags.output === undefined)
    throw new Stop(2, 'no-output', 'Say where the page goes: -o report.html');
  if (flags.words !== undefined && flags.words !== 'icd203' && flags.words !== 'phia')
    throw new Stop(2, 'bad-option', '--words is icd203 or phia.');
  const store = new OutlookStore(shell.home());
  const { records } = chosenHistory(store, flags.history);
  const pairs = (flags.forecast ?? []).length > 0 ? (flags.forecast ?? []) : DEFAULT_PAIRS;
  const forecasts = pairs.map((pair) => {
    const made = forecastFor(records, pair, 28);
    return { forecast: made, horizon: horizonRows(made.question, records, 180) };
  });
  const scores = scoreLedger(readLedger(store));
  let tested: ReturnType<typeof runBacktest>['result'] | null = null;
  let missing = '';
  try {
    tested = runBacktest(shell, store, flags).result;
  } catch (error) {
    if (!(error instanceof Stop) || error.exit !== 3) throw error;
    missing = `No backtest: ${error.message}`;
  }
  replaceFile(
    resolve(flags.output),
    reportPage({
      history: records,
      forecasts,
      scores,
      backtest: tested,
      backtestMissing: missing,
      yardstick: flags.words ?? 'icd203',
      madeOn: today(),
    }),
  );
  for (const sentence of tested?.findings ?? [missing]) shell.line(`- ${sentence}`);
  shell.line(`Wrote ${printable(flags.output)}.`);
  shell.result({
    ok: true,
    wrote: flags.output,
    findings: tested?.findings ?? [],
    forecasts: forecasts.map(({ forecast: made }) => made),
  });
}

const collect = (value: string, before: string[]): string[] => [...before, value];

export function registerExchange(outlook: Command, shell: Shell): void {
  registerTaxii(outlook, shell);
  outlook
    .command('export')
    .description(
      'write the history for others: STIX 2.1 bundle, MISP events, or an ATT&CK Navigator layer',
    )
    .option('--format <format>', 'stix, misp or navigator', 'stix')
    .option('--actor <name>', 'the actor of a Navigator layer')
    .option('--forecast <pair>', 'add a forecast such as KP-US,KR to a STIX bundle', collect, [])
    .option('--history <which>', 'shipped, imported or all')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .action((flags: ExportFlags) => runExport(shell, flags));
  addBacktestFlags(
    outlook
      .command('report')
      .description('one page with forecasts, ledger, pictures and the backtest'),
  )
    .option('-o, --output <file>', 'the page')
    .option(
      '--forecast <pair>',
      'forecast for a pair such as KP-US,KR; repeat for more',
      collect,
      [],
    )
    .option('--words <yardstick>', 'icd203 or phia', 'icd203')
    .action((flags: BacktestFlags & { output?: string; forecast?: string[]; words?: string }) =>
      runReport(shell, flags),
    );
}
