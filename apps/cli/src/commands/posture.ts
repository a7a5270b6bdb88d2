// `parley posture` and `parley line`: how tightly a channel works, and whether the other side still answers.

import { POSTURE_LEVELS, postureRows, type PostureLevel } from '@parley/channel';
import type { LineView, PostureView } from '@parley/desk';
import Table from 'cli-table3';
import { Argument, type Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, type Shell } from '../shell.ts';
import { utcTime } from '../words.ts';
import { reasonWithAdvice, registerAdvice } from './posture-advice.ts';

function showTable(shell: Shell, level: PostureLevel): void {
  const head = [
    '',
    ...POSTURE_LEVELS.map((one) => (one === level ? `> ${one} <` : one)),
    'kept by',
  ];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const row of postureRows()) table.push([...row]);
  shell.line(table.toString());
}

function lineSentence(line: LineView): string {
  const sent = line.lastCheckMs === null ? '' : ` (sent ${utcTime(line.lastCheckMs)})`;
  switch (line.status) {
    case 'never':
      return 'line: never checked. Next: parley line check';
    case 'answered':
      return `line: answered${sent}`;
    case 'waiting':
      return `line: waiting for an answer until ${utcTime(line.answerBeforeMs ?? 0)}${sent}`;
    case 'failed':
      return `LINE FAILED: no answer in time${sent}. Call them by another way`;
    default:
      return `line: the next check is due${sent}. Next: parley line check`;
  }
}

function showPosture(shell: Shell, view: PostureView): void {
  shell.line(
    `${printable(view.channel)} works at posture ${view.level}: the strictest of its parties.`,
  );
  for (const { party, mine, level, lowering } of view.parties) {
    shell.line(`  ${printable(party)}${mine ? ' (your party)' : ''}: ${level}`);
    if (lowering === null) continue;
    const when =
      lowering.fromMs === null
        ? 'a second officer must agree'
        : `in force from ${utcTime(lowering.fromMs)}`;
    shell.line(
      `    lowering to ${lowering.to} proposed by ${printable(lowering.proposedBy)}: ${when}`,
    );
  }
  shell.line(`  ${lineSentence(view.line)}`);
  shell.line(
    `  keys: this desk's are of ${utcTime(view.keys.renewedMs)}; the first sync after ${utcTime(view.keys.dueMs)} renews them`,
  );
  showTable(shell, view.level);
  shell.result({ ok: true, ...view });
}

type RaiseFlags = { readonly reason: string; readonly advice?: string };

function registerActs(posture: Command, shell: Shell): void {
  posture
    .command('show')
    .description('the posture of a channel, and the table of what each level changes')
    .argument('<channel>')
    .action(async (name: string) =>
      atDesk(shell, async (desk) => showPosture(shell, desk.posture.view(name))),
    );
  posture
    .command('raise')
    .description("raise your party's posture: one officer's act, in force at once")
    .argument('<channel>')
    .addArgument(new Argument('<level>').choices(['elevated', 'severe']))
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .option('--advice <number>', 'put a proposal of "parley posture advice" beside the reason')
    .action(async (name: string, level: PostureLevel, options: RaiseFlags) => {
      const reason = reasonWithAdvice(shell, options.reason, options.advice);
      await atDesk(shell, async (desk) => {
        const sent = await desk.posture.raise(name, level, reason);
        shell.line(
          `Raised to ${level}. Everybody in the channel sees it, and the strictest posture counts.`,
        );
        shell.result({ ok: true, ...sent, posture: desk.posture.view(name) });
      });
    });
  posture
    .command('lower')
    .description('propose to lower it, or agree as the second officer; then a waiting time runs')
    .argument('<channel>')
    .addArgument(new Argument('<level>').choices(['calm', 'elevated']))
    .option('--reason <text>', 'why; it goes into the record', '')
    .action(async (name: string, level: PostureLevel, options: { reason: string }) =>
      atDesk(shell, async (desk) => {
        const sent = await desk.posture.lower(name, level, options.reason);
        shell.line(
          sent.effectiveMs === null
            ? 'Proposed. A second officer of your party must run the same command.'
            : `Agreed by two officers: in force from ${utcTime(sent.effectiveMs)}.`,
        );
        shell.result({ ok: true, ...sent });
      }),
    );
}

function registerKeep(posture: Command, shell: Shell): void {
  posture
    .command('keep')
    .description("stop your party's lowering before it takes effect: one officer's act")
    .argument('<channel>')
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .action(async (name: string, { reason }: { reason: string }) =>
      atDesk(shell, async (desk) => {
        const sent = await desk.posture.keep(name, reason);
        shell.line('The posture stays as it is; the lowering is over.');
        shell.result({ ok: true, ...sent, posture: desk.posture.view(name) });
      }),
    );
}

function registerLine(program: Command, shell: Shell): void {
  const line = program
    .command('line')
    .description('is the other side still there? Tests the line both ways');
  line
    .command('check')
    .description('send a test message; their desk answers by itself')
    .argument('<channel>')
    .action(async (name: string) =>
      atDesk(shell, async (desk) => {
        const sent = await desk.posture.checkLine(name);
        shell.line(lineSentence(sent));
        shell.result({ ok: true, ...sent });
      }),
    );
  line
    .command('status')
    .description('how the last test of the line went')
    .argument('<channel>')
    .action(async (name: string) =>
      atDesk(shell, async (desk) => {
        await desk.sync(name, { documents: false });
        const view = desk.posture.view(name).line;
        shell.line(lineSentence(view));
        shell.result({ ok: view.status !== 'failed', ...view });
        if (view.status === 'failed') process.exitCode = 1;
      }),
    );
}

export function registerPosture(program: Command, shell: Shell): void {
  const posture = program
    .command('posture')
    .description('how tightly a channel works: calm, elevated, severe');
  registerActs(posture, shell);
  registerKeep(posture, shell);
  registerAdvice(posture, shell);
  registerLine(program, shell);
}
