// parley outlook forecast | ask | say | resolve | ledger: questions, everyone's numbers on them, and who was right.

import type { Command } from 'commander';
import { nativePorts } from '@parley/kernel/node';
import {
  adjust,
  cautionText,
  chanceText,
  countryName,
  day,
  forecast,
  KIND_GROUPS,
  nameOfForecaster,
  questionText,
  resolveQuestion,
  snapshotHash,
  textOfDay,
  type Forecast,
  type LedgerLine,
  type Question,
  type Yardstick,
} from '@parley/outlook';
import { OutlookStore } from '@parley/outlook/node';
import { printable, Stop, type Shell } from '../shell.ts';
import { chosenHistory } from './outlook-history.ts';
import { add, adoptQuestion, findQuestion, readLedger } from './outlook-ledger.ts';
import { type AskFlags, questionOf, today, yardstick } from './outlook-question.ts';

type ForecastFlags = AskFlags & {
  words?: string;
  adjust?: string;
  reason?: string;
  by?: string;
  person?: string;
  keep?: boolean;
  history?: string;
};

function forecastOf(
  store: OutlookStore,
  question: Question,
  flags: { adjust?: string; reason?: string; person?: string; history?: string },
): Forecast {
  const { records } = chosenHistory(store, flags.history);
  const made = forecast(question, records, snapshotHash(nativePorts.crypto, records));
  if (!made.ok)
    throw new Stop(
      3,
      made.reason,
      `No forecast: ${made.detail ?? made.reason}.`,
      'import a history first',
    );
  if (flags.adjust === undefined) return made.value;
  const adjusted = adjust(made.value, {
    logOdds: Number(flags.adjust),
    reason: flags.reason ?? '',
    evidence: [],
    by: flags.person ?? 'analyst',
  });
  if (!adjusted.ok)
    throw new Stop(
      2,
      adjusted.reason,
      `The adjustment is refused: ${adjusted.detail ?? adjusted.reason}.`,
      'give --adjust LOGODDS and --reason TEXT',
    );
  return adjusted.value;
}

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;

function printForecast(shell: Shell, made: Forecast, words: Yardstick): void {
  shell.line(`${questionText(made.question)}:`);
  shell.line(
    `  ${chanceText(made.p, made.interval90.low, made.interval90.high, words)}   (base rate ${(100 * made.baseRate).toFixed(1)} %)`,
  );
  for (const one of made.adjustments)
    shell.line(
      `  adjusted by ${printable(one.by)} (${one.logOdds > 0 ? '+' : ''}${one.logOdds} log-odds): ${printable(one.reason)}`,
    );
  shell.line(
    `  if one comes: ${made.kinds.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')}`,
  );
  shell.line(
    `  whom ${countryName(made.question.initiator)} strikes: ${made.targets.map(({ name, share }) => `${name} ${percent(share)}`).join(', ')}`,
  );
  if (made.evidence.length > 0) shell.line(`  evidence: ${made.evidence.join(', ')}`);
  for (const caution of made.cautions) shell.line(`  ! ${cautionText(caution)}`);
  for (const { verdict } of made.covariates) shell.line(`    ${verdict}`);
  shell.line(
    `  ${made.model}, records ${made.snapshot.slice(0, 16)}, known until ${made.knownUntil}`,
  );
}

function runForecast(shell: Shell, flags: ForecastFlags): void {
  const store = new OutlookStore(shell.home());
  const question = questionOf(flags);
  const words = yardstick(flags.words);
  const made = forecastOf(store, question, flags);
  printForecast(shell, made, words);
  let kept: LedgerLine | undefined;
  if (flags.keep === true) {
    if (day(question.closes) < today()) {
      throw new Stop(
        3,
        'question-closed',
        `It closed on ${question.closes}: a forecast made afterwards is hindsight and is not kept.`,
      );
    }
    const lines = readLedger(store);
    const asked = add(store, lines, { type: 'question', question });
    const base = {
      type: 'forecast' as const,
      question: asked.hash,
      baseRate: made.baseRate,
      evidence: made.evidence,
      snapshot: made.snapshot,
    };
    const plain = forecastOf(
      store,
      question,
      flags.history === undefined ? {} : { history: flags.history },
    );
    kept = add(store, [...lines, asked], {
      ...base,
      by: { kind: 'model', id: plain.model },
      p: plain.p,
      interval90: plain.interval90,
      rationale: '',
    });
    if (made.adjustments.length > 0) {
      const rationale = made.adjustments.map(({ reason }) => reason).join(' ');
      kept = add(store, [...lines, asked, kept], {
        ...base,
        by: { kind: 'person', name: flags.person ?? 'analyst' },
        p: made.p,
        interval90: made.interval90,
        rationale,
      });
    }
    shell.line(`Kept in the ledger as question ${asked.hash.slice(0, 12)}.`);
  }
  shell.result({
    ok: true,
    text: chanceText(made.p, made.interval90.low, made.interval90.high, words),
    ...made,
    ledger: kept?.body ?? null,
  });
}

function runAsk(shell: Shell, flags: AskFlags & { model?: boolean }): void {
  const store = new OutlookStore(shell.home());
  const question = questionOf(flags);
  const line = add(store, readLedger(store), { type: 'question', question });
  shell.line(`Question ${line.hash.slice(0, 12)}: ${questionText(question)}.`);
  shell.line(`Settled by ${printable(question.source)}. ${printable(question.rule)}`);
  shell.result({ ok: true, id: line.hash, question });
}

type SayFlags = {
  person?: string;
  quoted?: string;
  outlet?: string;
  reason?: string;
  channel?: string;
};

async function runSay(
  shell: Shell,
  prefix: string,
  probability: string,
  flags: SayFlags,
): Promise<void> {
  const store = new OutlookStore(shell.home());
  const wanted =
    flags.channel === undefined ? prefix : await adoptQuestion(shell, store, flags.channel, prefix);
  const lines = readLedger(store);
  const { hash, question } = findQuestion(lines, wanted);
  const p = probability.endsWith('%')
    ? Number(probability.slice(0, -1)) / 100
    : Number(probability);
  if (!(p >= 0 && p <= 1))
    throw new Stop(
      2,
      'bad-probability',
      `"${printable(probability)}" is no probability.`,
      'write 0.15 or 15%',
    );
  if (flags.quoted !== undefined && flags.outlet === undefined)
    throw new Stop(2, 'no-outlet', 'A quoted forecast needs its --outlet.');
  const baseRate = forecastOf(store, question, {}).baseRate;
  const by =
    flags.quoted === undefined
      ? { kind: 'person' as const, name: flags.person ?? 'analyst' }
      : { kind: 'quoted' as const, name: flags.quoted, outlet: flags.outlet ?? '' };
  const line = add(store, lines, {
    type: 'forecast',
    question: hash,
    by,
    p,
    interval90: null,
    baseRate,
    rationale: flags.reason ?? '',
    evidence: [],
    snapshot: null,
  });
  shell.line(
    `${nameOfForecaster(by)} says ${(100 * p).toFixed(1)} % for ${questionText(question)}; base rate ${(100 * baseRate).toFixed(1)} %.`,
  );
  shell.result({ ok: true, id: line.hash, question: hash, p, baseRate });
}

function runResolve(
  shell: Shell,
  prefix: string,
  flags: { outcome?: string; note?: string; evidence?: string; person?: string; history?: string },
): void {
  const store = new OutlookStore(shell.home());
  const lines = readLedger(store);
  const { hash, question } = findQuestion(lines, prefix);
  const read = resolveQuestion(question, chosenHistory(store, flags.history).records, today());
  const outcome = flags.outcome ?? read.outcome;
  if (outcome !== 'yes' && outcome !== 'no') {
    shell.result({ ok: false, outcome: read.outcome, evidence: read.evidence });
    throw new Stop(
      4,
      `question-${read.outcome}`,
      `It is ${read.outcome}: ${read.outcome === 'open' ? `the history does not reach beyond ${question.closes} yet` : `these may lie inside or outside: ${read.evidence.join(', ')}`}.`,
      'give --outcome yes|no with --note and --evidence, or wait for a later history',
    );
  }
  if (flags.outcome !== undefined && (flags.note ?? '') === '')
    throw new Stop(2, 'no-note', 'A person’s resolution needs --note: what settles it.');
  const revised = lines.findLast(
    (line) => line.body.type === 'resolution' && line.body.question === hash,
  );
  const evidence = flags.evidence === undefined ? read.evidence : flags.evidence.split(',');
  const line = add(store, lines, {
    type: 'resolution',
    question: hash,
    resolution: { outcome, asOf: textOfDay(today()), evidence },
    by: flags.person ?? 'analyst',
    note: flags.note ?? 'as the history has it',
    revises: revised?.hash ?? null,
  });
  shell.line(
    `${outcome.toUpperCase()}: ${questionText(question)}${evidence.length > 0 ? ` (${evidence.map(printable).join(', ')})` : ''}.`,
  );
  shell.result({ ok: true, id: line.hash, outcome, evidence, revised: revised?.hash ?? null });
}

function addAskFlags(command: Command): Command {
  return command
    .requiredOption('--who <country>', 'who would do it')
    .requiredOption('--against <countries>', 'to whom; several count as one')
    .option('--kind <group>', `only one kind: ${KIND_GROUPS.join(', ')}`)
    .option('--days <n>', 'how many days from the issue date', '28')
    .option('--by <date>', 'last day, instead of --days')
    .option('--issued <date>', 'first day (default: today)')
    .option('--source <name>', 'what settles it (default: EuRepoC Global Database)')
    .option('--rule <text>', 'what counts as yes');
}

export function registerForecast(outlook: Command, shell: Shell): void {
  addAskFlags(outlook.command('forecast'))
    .description(
      'the model’s probability, with its interval, base rate, profile, evidence and cautions',
    )
    .option('--words <yardstick>', 'icd203 or phia', 'icd203')
    .option('--adjust <logodds>', 'move it by a stated reason, such as 0.7')
    .option('--reason <text>', 'why it is moved')
    .option('--person <name>', 'who moves it')
    .option('--keep', 'put the question and the forecast into the ledger')
    .option('--history <which>', 'shipped, imported or all')
    .action((flags: ForecastFlags) => runForecast(shell, flags));
  addAskFlags(outlook.command('ask').description('put a question into the ledger')).action(
    (flags: AskFlags) => runAsk(shell, flags),
  );
  outlook
    .command('say <question> <probability>')
    .description('put a person’s or a quoted expert’s probability into the ledger')
    .option('--person <name>', 'whose it is')
    .option('--quoted <name>', 'an expert quoted in public')
    .option('--outlet <name>', 'where the quote stood')
    .option('--reason <text>', 'on what grounds')
    .option('--channel <name>', 'take the question from what was shared there')
    .action(async (question: string, probability: string, flags: SayFlags) =>
      runSay(shell, question, probability, flags),
    );
  outlook
    .command('resolve <question>')
    .description('settle a question by the history, or by a person with evidence')
    .option('--outcome <outcome>', 'yes or no')
    .option('--note <text>', 'what settles it')
    .option('--evidence <list>', 'ids or URLs, by comma')
    .option('--person <name>', 'who settles it')
    .option('--history <which>', 'shipped, imported or all')
    .action(
      (
        question: string,
        flags: {
          outcome?: string;
          note?: string;
          evidence?: string;
          person?: string;
          history?: string;
        },
      ) => runResolve(shell, question, flags),
    );
}
