// `parley mail check`, `report` and `feedback`: verdicts with their evidence, a table for many, and an officer's word on them.

import { randomUUID } from 'node:crypto';
import {
  isWarned,
  MESSAGE_BYTES_MAX,
  messageDigest,
  readMessage,
  rule,
  rulingCounts,
  screen,
  senderOf,
  startLearning,
  startReport,
  unrule,
  type Evidence,
  type Mark,
  type PeriodReport,
  type Screening,
} from '@parley/mail';
import { mailboxKind, readMailbox, type MailboxItem } from '@parley/mail/node';
import Table from 'cli-table3';
import type { Command } from 'commander';
import colors from 'picocolors';
import { deskOpener } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';
import { plural } from '../words.ts';
import { askThem, filesInto, printFiles, type ActOptions } from './mail-act.ts';
import {
  addKnownOptions,
  channelOf,
  readHistoryFile,
  readKnown,
  timeOf,
  writeHistoryFile,
  type Known,
  type KnownOptions,
} from './mail-known.ts';

type CheckOptions = ActOptions & { readonly learn?: boolean; readonly warned?: boolean };
type ReportOptions = KnownOptions & { readonly since?: string; readonly until?: string };
type FeedbackOptions = {
  readonly history: string;
  readonly officer?: string;
  readonly undo?: string;
} & KnownOptions;

const PAINT: Readonly<Record<Screening['verdict'], (text: string) => string>> = {
  proven: colors.green,
  altered: colors.red,
  denied: colors.red,
  suspicious: colors.yellow,
  unknown: (text) => text,
};

function paint(shell: Shell, screening: Screening): string {
  const word = screening.verdict.toUpperCase();
  return shell.color ? PAINT[screening.verdict](word) : word;
}

/** 0 nothing to warn of, 3 suspicious, 5 the party's own word speaks against it. */
function exitFor(verdict: Screening['verdict']): 0 | 3 | 5 {
  return verdict === 'altered' || verdict === 'denied' ? 5 : verdict === 'suspicious' ? 3 : 0;
}

function setExit(code: 0 | 3 | 5): void {
  if (code > Number(process.exitCode ?? 0)) process.exitCode = code;
}

/** The marked characters under the line that holds them. */
function markLines(marked: Mark): string[] {
  const lines = [`      ${marked.where}: ${marked.text}`];
  if (marked.spans.length === 0) return lines;
  const offset = 8 + marked.where.length;
  const carets = Array.from({ length: marked.text.length }, () => ' ');
  for (const [start, end] of marked.spans) for (let at = start; at < end; at++) carets[at] = '^';
  // Wide letters take two columns on a terminal; the caret line follows them.
  const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/;
  const under = carets
    .map((caret, at) => (wide.test(marked.text.charAt(at)) ? caret + caret : caret))
    .join('');
  return [...lines, `${' '.repeat(offset)}${under.trimEnd()}`];
}

function printOne(shell: Shell, screening: Screening): void {
  const { mail } = screening;
  shell.line(`${paint(shell, screening)}  ${screening.summary}`);
  shell.line(`  from     ${mail.from}`);
  shell.line(`  subject  ${mail.subject}`);
  if (mail.date !== null) shell.line(`  date     ${mail.date}`);
  if (mail.files.length > 0) shell.line(`  files    ${mail.files.join(', ')}`);
  const shown = (item: Evidence): void => {
    shell.line(
      `  ${item.strength === 'stop' ? '!!' : item.strength === 'warn' ? ' !' : '  '} ${item.detector} ${item.text}`,
    );
    for (const marked of item.marks.slice(0, 4))
      for (const line of markLines(marked)) shell.line(line);
    shell.line(`      source: ${item.source}`);
  };
  for (const item of screening.evidence) shown(item);
  if (screening.attestation?.kind === 'proven' && screening.attestation.added.length > 0) {
    shell.line('  added on the way by a list, not part of what the party sent:');
    for (const line of screening.attestation.added) shell.line(`      ${line}`);
  }
  if (isWarned(screening.verdict))
    shell.line('  next: do not answer or open it; ask them in the channel.');
}

async function* itemsOf(path: string, shell: Shell): AsyncGenerator<MailboxItem> {
  if (path === '-') yield { name: 'standard input', bytes: await shell.stdin(MESSAGE_BYTES_MAX) };
  else yield* readMailbox(path);
}

/** What is known, growing mail by mail where that is asked for. */
type Mind = { readonly known: Known; readonly learning: ReturnType<typeof startLearning> | null };

function mindOf(known: Known, learns: boolean): Mind {
  if (!learns) return { known, learning: null };
  const learning = startLearning(known.history);
  return { known: { ...known, history: learning.history }, learning };
}

async function screenItem(item: MailboxItem, { known, learning }: Mind): Promise<Screening> {
  const message = readMessage(item.bytes);
  const screening = await screen(item.bytes, { ...known, message });
  learning?.add(message, message.dateMs ?? known.nowMs);
  return screening;
}

async function check(paths: readonly string[], options: CheckOptions, shell: Shell): Promise<void> {
  const needsDesk = channelOf(options) !== undefined || options.ask !== undefined;
  const open = needsDesk ? await deskOpener(shell) : undefined;
  const mind = mindOf(await readKnown(options, shell, open), options.learn === true);
  const rebuild = await filesInto(options, shell, open);
  if (mind.known.directories.length === 0)
    shell.note('no --directory given: nothing is known of any party, so every verdict is unknown');
  const only = paths[0] ?? '-';
  const single = paths.length === 1 && (only === '-' || (await mailboxKind(only)) === 'mail');
  if (options.ask !== undefined && !single)
    throw new Stop(2, 'wrong-use', 'One mail is asked about at a time.', 'name one mail');
  const table = new Table({
    head: ['verdict', 'party', 'from', 'subject', 'why'],
    style: { head: [], border: [] },
    colWidths: [12, 18, 30, 28, 50],
    wordWrap: true,
  });
  const counts: Record<string, number> = {};
  let warned = 0;
  let mails = 0;
  for (const path of paths)
    for await (const item of itemsOf(path, shell)) {
      const screening = await screenItem(item, mind);
      const files = rebuild === null ? [] : await rebuild(readMessage(item.bytes));
      const attachments = rebuild === null ? {} : { attachments: files };
      mails++;
      counts[screening.verdict] = (counts[screening.verdict] ?? 0) + 1;
      setExit(exitFor(screening.verdict));
      if (isWarned(screening.verdict)) warned++;
      if (single) {
        printOne(shell, screening);
        printFiles(shell, files);
        if (options.ask !== undefined && open !== undefined)
          await askThem(screening, options.ask, { shell, open });
        shell.result({ ok: true, ...screening, ...attachments });
      } else if (options.warned !== true || isWarned(screening.verdict)) {
        shell.item({ name: item.name, ...screening, ...attachments });
        if (isWarned(screening.verdict))
          table.push([
            screening.verdict,
            screening.party ?? '',
            screening.mail.from,
            screening.mail.subject,
            screening.summary,
          ]);
        printFiles(shell, files);
      }
      shell.progress(`${mails} mails, ${warned} warned of`);
    }
  if (options.learn === true && options.history !== undefined)
    await writeHistoryFile(options.history, mind.known.history);
  if (single) return;
  shell.item({ summary: { mails, warned, verdicts: counts } });
  if (table.length > 0) shell.line(table.toString());
  const words = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  shell.line(`${plural(mails, 'mail')}: ${words.length === 0 ? 'none' : words.join(', ')}.`);
}

function printReport(shell: Shell, report: PeriodReport): void {
  shell.line(
    `${plural(report.mails, 'mail')}; ${report.outside} outside the period or without a date.`,
  );
  for (const [verdict, count] of Object.entries(report.verdicts))
    shell.line(`  ${verdict.padEnd(11)}${count}`);
  for (const [party, verdicts] of Object.entries(report.parties)) {
    const words = Object.entries(verdicts).filter(([, count]) => count > 0);
    shell.line(
      `  ${printable(party)}: ${words.map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`,
    );
  }
  for (const [detector, count] of Object.entries(report.detectors))
    shell.line(`  ${detector.padEnd(4)} spoke on ${plural(count, 'warned mail')}`);
  for (const [sender, count] of report.warnedSenders) shell.line(`  warned ${count}x: ${sender}`);
  for (const [verdict, { right, wrong }] of Object.entries(report.rulings))
    shell.line(`  officers on "${verdict}": ${right} right, ${wrong} wrong`);
}

async function report(path: string, options: ReportOptions, shell: Shell): Promise<void> {
  const mind = mindOf(await readKnown(options, shell), true);
  const counted = startReport({
    fromMs: options.since === undefined ? null : timeOf(options.since, '--since'),
    toMs: options.until === undefined ? null : timeOf(options.until, '--until'),
  });
  for await (const item of itemsOf(path, shell)) {
    counted.add(await screenItem(item, mind));
  }
  const finished = counted.finish(
    options.history === undefined ? mind.known.history : await readHistoryFile(options.history),
  );
  shell.result({ ok: true, ...finished });
  printReport(shell, finished);
}

async function feedback(
  file: string | undefined,
  word: string | undefined,
  options: FeedbackOptions,
  shell: Shell,
): Promise<void> {
  const history = await readHistoryFile(options.history);
  let next = history;
  let id: string | undefined;
  if (options.undo !== undefined) {
    const undone = unrule(history, options.undo);
    if (!undone.ok)
      throw new Stop(
        2,
        undone.reason,
        `There is no ruling ${printable(options.undo)}.`,
        'see "parley mail feedback --history FILE --json"',
      );
    next = undone.value;
  } else if (file !== undefined) {
    if (word !== 'right' && word !== 'wrong')
      throw new Stop(
        2,
        'wrong-use',
        'Say whether the verdict was right or wrong.',
        'parley mail feedback FILE right|wrong --history FILE',
      );
    const known = await readKnown(options, shell);
    for await (const item of itemsOf(file, shell)) {
      const message = readMessage(item.bytes);
      const { verdict, party } = await screen(item.bytes, { ...known, message });
      id = randomUUID();
      next = rule(next, {
        id,
        mail: messageDigest(
          message.messageId === '' ? Buffer.from(item.bytes).toString('latin1') : message.messageId,
        ),
        sender: senderOf(message),
        party: party ?? '',
        verdict,
        ruling: word,
        officer: options.officer ?? '',
        atMs: known.nowMs,
      });
      break;
    }
  }
  if (next !== history) await writeHistoryFile(options.history, next);
  const counts = rulingCounts(next);
  shell.result({ ok: true, ...(id === undefined ? {} : { id }), counts, rulings: next.rulings });
  if (id !== undefined) shell.line(`Noted as ${id}. Take it back with --undo ${id}.`);
  for (const [verdict, { right, wrong }] of Object.entries(counts))
    shell.line(`  "${verdict}": ${right} right, ${wrong} wrong`);
  if (next.rulings.length === 0) shell.line('No verdict has been ruled on.');
}

export function addCheck(mail: Command, shell: Shell): void {
  addKnownOptions(
    mail
      .command('check')
      .description('judge a mail (.eml or -), an mbox, a maildir or a folder of mails')
      .argument('<paths...>', 'files, folders, or - for standard input')
      .option('--learn', 'remember these mails in the history file afterwards')
      .option('--warned', 'of many mails, list only those warned of')
      .option('--attachments-to <dir>', 'rebuild their files into this folder; originals stay out')
      .option(
        '--mode <mode>',
        'how files are rebuilt: structure or pixel (default: by the posture)',
      )
      .option('--force', 'write over safe copies that are there')
      .option('--ask <channel>', 'ask the other side in this channel whether they sent it'),
  ).action((paths: string[], options: CheckOptions) => check(paths, options, shell));
  addKnownOptions(
    mail
      .command('report')
      .description('count a mailbox over a period: claims, verdicts, detectors, rulings')
      .argument('<path>', 'mbox, maildir or folder')
      .option('--since <time>', 'from this time on')
      .option('--until <time>', 'before this time'),
  ).action((path: string, options: ReportOptions) => report(path, options, shell));
  addKnownOptions(
    mail
      .command('feedback')
      .alias('mark')
      .description('say that a verdict was right or wrong; list the rulings; take one back')
      .argument('[file]', 'the mail')
      .argument('[ruling]', 'right or wrong')
      .option('--officer <name>', 'who says so')
      .option('--undo <id>', 'take a ruling back'),
  ).action((file: string | undefined, word: string | undefined, options: FeedbackOptions) => {
    if (options.history === undefined)
      throw new Stop(
        2,
        'wrong-use',
        'Rulings are kept in a history file.',
        'name it with --history FILE',
      );
    return feedback(file, word, options, shell);
  });
}
