// parley posture propose | advice: what the outlook says to an officer. It is kept as a value; only raising does anything.

import { nativePorts } from '@parley/kernel/node';
import { adviceText, makeAdvice, type Advice, type PostureLevel } from '@parley/desk';
import { forecast, snapshotHash, textOfSpan } from '@parley/outlook';
import { appendLine, OutlookStore, readLines } from '@parley/outlook/node';
import { Argument, Option, type Command } from 'commander';
import { printable, Stop, type Shell } from '../shell.ts';
import { chosenHistory } from './outlook-history.ts';
import { questionOf } from './outlook-question.ts';

const ADVICE = 'advice.jsonl';
/** What an entry takes as a reason. */
const REASON_MAX_BYTES = 1000;

type Kept = { readonly madeMs: number; readonly advice: Advice };

const kept = (store: OutlookStore): Kept[] => readLines(store.path(ADVICE)) as Kept[];

type ProposeFlags = {
  trigger?: string;
  event?: string;
  stakes: string;
  who?: string;
  against?: string;
  days?: string;
  history?: string;
};

/** The words of the trigger: a person's, or those of an event that the history holds. */
function triggerOf(store: OutlookStore, flags: ProposeFlags): string {
  if (flags.event === undefined) {
    if (flags.trigger !== undefined) return flags.trigger;
    throw new Stop(
      2,
      'no-trigger',
      'What happened? A proposal needs its trigger.',
      'give --trigger TEXT, or --event ID from "parley outlook history"',
    );
  }
  const record = chosenHistory(store, flags.history).records.find(({ id }) => id === flags.event);
  if (record !== undefined) {
    const when = record.occurred === null ? '' : ` (${textOfSpan(record.occurred)})`;
    return `${record.title.slice(0, 80)}${when}`;
  }
  throw new Stop(
    2,
    'no-such-event',
    `The history has no record "${printable(flags.event)}".`,
    'parley outlook history lists the ids',
  );
}

function propose(shell: Shell, level: PostureLevel, flags: ProposeFlags): void {
  const store = new OutlookStore(shell.home());
  if ((flags.who === undefined) !== (flags.against === undefined))
    throw new Stop(2, 'bad-option', '--who and --against go together: who would do it, to whom.');
  const days = Number(flags.days ?? '28');
  let chance = null;
  let source = 'an analyst';
  if (flags.who !== undefined && flags.against !== undefined) {
    const { records } = chosenHistory(store, flags.history);
    const question = questionOf({ ...flags, who: flags.who, against: flags.against });
    const made = forecast(question, records, snapshotHash(nativePorts.crypto, records));
    if (!made.ok)
      throw new Stop(
        3,
        made.reason,
        `No forecast: ${made.detail ?? made.reason}.`,
        'import a history first, or leave --who out: the stakes can stand alone',
      );
    const { p, interval90, baseRate, model } = made.value;
    chance = { p, low: interval90.low, high: interval90.high, base: baseRate };
    source = model;
  }
  const advice = makeAdvice({
    trigger: triggerOf(store, flags),
    stakes: flags.stakes,
    proposes: level,
    chance,
    horizonDays: days,
    // No trigger has passed the gate: the outlook's number is a base rate, and the sentence says so.
    measuredSkill: false,
    source,
  });
  if (!advice.ok)
    throw new Stop(
      2,
      advice.reason,
      'This proposal cannot be made: its words or numbers do not fit.',
      'a trigger has at most 200 bytes, the stakes 1000, the horizon 1 to 366 days',
    );
  appendLine(store.path(ADVICE), { madeMs: Date.now(), advice: advice.value } satisfies Kept);
  const number = kept(store).length;
  shell.line(`Proposal ${number}: ${printable(adviceText(advice.value))}`);
  shell.line(
    `Nothing has changed. Next: parley posture raise CHANNEL ${level} --advice ${number} --reason TEXT, or leave it.`,
  );
  shell.result({ ok: true, number, advice: advice.value });
}

function showAdvice(shell: Shell): void {
  const all = kept(new OutlookStore(shell.home()));
  if (all.length === 0) shell.line('No proposal was made here. Next: parley posture propose');
  for (const [i, { madeMs, advice }] of all.entries()) {
    const when = new Date(madeMs).toISOString().slice(0, 10);
    shell.line(`${i + 1}  ${when}  ${printable(adviceText(advice))}`);
  }
  shell.result({ ok: true, advice: all.map((one, i) => ({ number: i + 1, ...one })) });
}

/** An officer's reason with the proposal behind it, so that the record shows what was known. */
export function reasonWithAdvice(shell: Shell, reason: string, number: string | undefined): string {
  if (number === undefined) return reason;
  const found = kept(new OutlookStore(shell.home()))[Number(number) - 1];
  if (found === undefined)
    throw new Stop(
      2,
      'no-such-advice',
      `There is no proposal ${printable(number)}.`,
      'parley posture advice lists them',
    );
  const whole = `${reason} [before the officer: ${adviceText(found.advice)}]`;
  if (Buffer.byteLength(whole) <= REASON_MAX_BYTES) return whole;
  throw new Stop(
    2,
    'reason-too-long',
    `The reason and the proposal have more than ${REASON_MAX_BYTES} bytes together.`,
    'give a shorter --reason, or leave --advice out',
  );
}

export function registerAdvice(posture: Command, shell: Shell): void {
  posture
    .command('propose')
    .description(
      'the outlook proposes a level: the trigger, its stakes, and the chance beside them',
    )
    .addArgument(new Argument('<level>').choices(['elevated', 'severe']))
    .requiredOption('--stakes <text>', 'what could be lost')
    .option('--trigger <text>', 'what happened')
    .option('--event <id>', 'the trigger as the history has it')
    .addOption(new Option('--who <country>', 'who might strike: adds the forecast'))
    .option('--against <countries>', 'whom')
    .option('--days <n>', 'within how many days', '28')
    .option('--history <which>', 'shipped, imported or all')
    .action((level: PostureLevel, flags: ProposeFlags) => propose(shell, level, flags));
  posture
    .command('advice')
    .description('the proposals made at this desk; nothing happens until an officer raises')
    .action(() => showAdvice(shell));
}
