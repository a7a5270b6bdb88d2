// `parley original`: two officers let the file itself out of the quarantine, as a file that nothing opens by accident.

import type { Command } from 'commander';
import { ORIGINAL_WARNING, type OriginalRequest } from '@parley/desk';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { fileSize, utcTime } from '../words.ts';

function showRequest(shell: Shell, one: OriginalRequest): void {
  const { document, state, approvedBy } = one;
  const who = one.mine ? 'you' : printable(one.by);
  const yes = approvedBy === null ? '' : ` by ${printable(approvedBy)}`;
  shell.line(
    `${printable(one.room)} ${one.request}  ${utcTime(one.askedMs)}  asked by ${who}: ${state}${yes}`,
  );
  shell.line(
    document === null
      ? '    a document that this desk does not have'
      : `    entry ${document.entry} of ${printable(document.channel)}: ${printable(document.name)} (${fileSize(document.size)})`,
  );
  shell.line(`    ${printable(one.reason)}`);
}

export function registerOriginal(program: Command, shell: Shell): void {
  const original = program
    .command('original')
    .description(
      'let the original of a document out of the quarantine: two officers, on the record',
    );
  original
    .command('list')
    .description('what was asked for, and how far it is')
    .argument('<channel>')
    .action(async (channel: string) =>
      atDesk(shell, async (desk) => {
        const requests = desk.originals.requests(channel);
        for (const one of requests) showRequest(shell, one);
        if (requests.length === 0) shell.line('No original was asked for in this channel.');
        shell.result({ ok: true, channel, requests });
      }),
    );
  original
    .command('ask')
    .description(
      'as an officer, ask for the original of a document; the reason goes into the record',
    )
    .argument('<channel>')
    .argument('<entry>', 'the number of the document')
    .requiredOption('--reason <text>')
    .action(async (channel: string, entry: string, { reason }: { reason: string }) =>
      atDesk(shell, async (desk) => {
        const sent = await desk.originals.ask(channel, entry, reason);
        const place = sent.entry === null ? '' : ` ${sent.entry}`;
        shell.line(
          `Asked in ${printable(sent.askedIn)}, which your own party alone reads. A second officer approves it:`,
        );
        shell.line(`  parley original approve ${printable(sent.askedIn)}${place}`);
        shell.result({ ok: true, ...sent });
      }),
    );
  original
    .command('approve')
    .description('as the second officer, approve what another officer asked for')
    .argument('<room>', 'the room of your own party in which it was asked')
    .argument('<request>', 'the number of the entry that asks')
    .action(async (room: string, request: string) =>
      atDesk(shell, async (desk) => {
        shell.note(ORIGINAL_WARNING);
        if (!(await shell.confirm('Approve that this original leaves the quarantine?'))) {
          throw new Stop(
            3,
            'not-approved',
            'Nothing was approved.',
            'run it again when you are sure',
          );
        }
        const sent = await desk.originals.approve(room, request);
        shell.line('Approved, for one day and one time. The record of your own party says so.');
        shell.result({ ok: true, ...sent });
      }),
    );
  original
    .command('write')
    .description('as the officer who asked, write the approved original into a directory')
    .argument('<room>')
    .argument('<request>')
    .requiredOption('--to <directory>', 'best on a medium that you take to another machine')
    .action(async (room: string, request: string, { to }: { to: string }) =>
      atDesk(shell, async (desk) => {
        shell.note(ORIGINAL_WARNING);
        const onProgress = (text: string): void => shell.progress(text);
        const written = await desk.originals.write(room, request, { folder: to, onProgress });
        shell.line(`The ORIGINAL is in ${printable(written.path)}`);
        shell.line(`  sha256       ${written.sha256}`);
        shell.line(`  approved by  ${printable(written.approvedBy)}`);
        shell.result({ ok: true, ...written });
      }),
    );
}
