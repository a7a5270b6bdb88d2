// `parley say, send, sync, inbox, log, open`: what a member does all day.

import type { Audience, DeliveryState, EntryView, RoomKind, Sent, SyncReport } from '@parley/desk';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { fileSize, plural, utcTime } from '../words.ts';

const DELIVERY: Record<DeliveryState, string> = {
  queued: 'queued here; the relay does not have it yet',
  'at-relay': 'at the relay',
  'on-device': 'on their device',
  opened: 'opened by them',
};

const ROOM: Record<RoomKind, string> = {
  plenary: 'the plenary: every party of the channel',
  caucus: 'a caucus: your own party alone',
  bilateral: 'a room of some parties',
};

/** Where it went, and who reads it: one line a party, with its members. */
export function showAudience(shell: Shell, { room, readers }: Audience): void {
  shell.line(`  on the record of ${ROOM[room]}; read by`);
  for (const { party, mine, verified, members } of readers) {
    const standing = mine ? 'your party' : verified ? 'verified' : 'NOT VERIFIED';
    const people = members.map(
      ({ member, devices }) => `${printable(member)} (${devices.map(printable).join(', ')})`,
    );
    shell.line(`    ${printable(party)} [${standing}]: ${people.join('; ')}`);
  }
}

/** What came of sending: how far it is, where it went, who reads it. */
export function showSent(shell: Shell, sent: Sent, what: string): void {
  shell.line(`${what}: ${DELIVERY[sent.state]}.`);
  showAudience(shell, sent);
  if (!sent.verified)
    shell.note('The other side is not verified yet: run "parley verify" before you trust it.');
  if (sent.awaitsRelease === true) {
    shell.line(
      `It waits for a colleague, who runs: parley release ${printable(sent.channel)} FILE. Then sync here.`,
    );
    process.exitCode = 4;
    return;
  }
  if (sent.state !== 'queued') return;
  const channel = printable(sent.channel);
  shell.note(
    `The relay does not take it now: it is queued, and goes out with the next "parley sync ${channel}".`,
  );
}

function registerSay(program: Command, shell: Shell): void {
  program
    .command('say')
    .description('write a message to everyone in the channel, on the record')
    .argument('<channel>')
    .argument('<text>', 'the message, or - to read it from standard input')
    .action(async (name: string, argument: string) => {
      const text =
        argument === '-' ? new TextDecoder().decode(await shell.stdin(65_536)) : argument;
      await atDesk(shell, async (desk) => {
        const sent = await desk.say(name, text);
        showSent(shell, sent, sent.entry === null ? 'Written' : `Entry ${sent.entry}`);
        shell.result({ ok: true, ...sent });
      });
    });
}

function registerSend(program: Command, shell: Shell): void {
  program
    .command('send')
    .description(
      'send a document; it is sealed here and rebuilt safe on the other side. Run it again to resume',
    )
    .argument('<channel>')
    .argument('<file>')
    .option('--as <name>', 'the name that the other side sees (default: the name of the file)')
    .action(async (name: string, file: string, options: { as?: string }) => {
      await atDesk(shell, async (desk) => {
        const sent = await desk.send(name, file, {
          as: options.as,
          onProgress: (done, total) =>
            shell.progress(`sealing and sending ${fileSize(done)} of ${fileSize(total)}`),
        });
        const what = `${printable(sent.name)}, ${fileSize(sent.size)}`;
        const entry = sent.entry === null ? 'Document' : `Entry ${sent.entry}`;
        showSent(shell, sent, `${entry} (${what})`);
        shell.result({ ok: true, ...sent });
      });
    });
}

function showSync(shell: Shell, report: SyncReport): void {
  for (const channel of report.channels) {
    const parts = [
      ...(channel.entered ? ['this desk is in'] : []),
      plural(channel.received, 'new entry', 'new entries'),
    ];
    if (channel.sent > 0) parts.push(`${channel.sent} sent`);
    if (channel.disarmed > 0)
      parts.push(plural(channel.disarmed, 'document rebuilt safe', 'documents rebuilt safe'));
    if (channel.refused > 0)
      parts.push(plural(channel.refused, 'document refused', 'documents refused'));
    if (channel.renewed) parts.push('keys renewed');
    shell.line(`${printable(channel.name)}: ${channel.waiting ?? parts.join(', ')}`);
    for (const remark of channel.remarks) shell.line(`  ${printable(remark)}`);
  }
}

function registerSync(program: Command, shell: Shell): void {
  program
    .command('sync')
    .description('fetch and send what is waiting; rebuild new documents into safe copies')
    .argument('[channel]', 'one channel (default: all)')
    .option('--no-documents', 'leave documents for later')
    .action(async (name: string | undefined, options: { documents: boolean }) => {
      await atDesk(shell, async (desk) => {
        const report = await desk.sync(name, {
          documents: options.documents,
          awaiting: true,
          onProgress: (text) => shell.progress(text),
        });
        showSync(shell, report);
        const proposed = report.channels
          .filter(({ waiting }) => waiting === undefined)
          .flatMap(({ name: channel }) => {
            const by = desk.offRecord.proposedBy(channel);
            return by === null ? [] : [{ channel, ...by }];
          });
        for (const { channel, party, member } of proposed) {
          shell.ring();
          shell.line(
            `${printable(member)} of ${printable(party)} proposes to talk off the record. Next: parley off-record ${printable(channel)}`,
          );
        }
        const names = new Set(report.channels.map(({ name: channel }) => channel));
        const frozen = desk
          .channels()
          .flatMap((view) =>
            view.frozen === null || !names.has(view.name)
              ? []
              : [{ channel: view.name, why: view.frozen }],
          );
        for (const { channel, why } of frozen) {
          shell.ring();
          shell.line(
            `${printable(channel)} is FROZEN: ${printable(why)}. Talk to them by another way; nothing can be said here.`,
          );
          process.exitCode = 5;
        }
        if (report.channels.length === 0)
          shell.line('No channel yet. Next: parley channel new  or  parley channel join');
        shell.result({ ok: frozen.length === 0, ...report, frozen, offRecordProposed: proposed });
      });
    });
}

function entryLine(entry: EntryView, pinned: readonly number[]): string {
  const who = entry.mine
    ? 'you'
    : `${printable(entry.party)} / ${printable(entry.member)}, ${printable(entry.device)}`;
  const number = entry.entry === null ? '   -' : `#${entry.entry}`.padStart(4);
  const fresh = entry.fresh ? '  NEW' : '';
  const mark = entry.mine || entry.verified ? '' : '  [party not verified]';
  const pin = entry.entry !== null && pinned.includes(entry.entry) ? '  PINNED' : '';
  return `${number}  ${utcTime(entry.timeMs)}  ${who}${fresh}${pin}${mark}`;
}

function entryBody(entry: EntryView): string {
  const { document } = entry;
  if (document !== undefined) {
    const state =
      document.state === 'ready'
        ? `safe copy ready: parley open ... ${entry.entry}`
        : document.state === 'refused'
          ? `cannot be rebuilt safe (${printable(document.reason ?? 'refused')})`
          : document.state === 'mine'
            ? 'sent by you'
            : 'not fetched yet: parley sync';
    return `document ${printable(document.name)} (${fileSize(document.size)}): ${state}`;
  }
  return printable(entry.summary);
}

function showEntries(shell: Shell, entries: readonly EntryView[], pinned: readonly number[]): void {
  for (const entry of entries) {
    shell.line(entryLine(entry, pinned));
    shell.line(`      ${entryBody(entry)}`);
    if (entry.warning !== undefined) shell.line(`      WARNING: ${entry.warning}`);
    if (entry.mine && entry.state !== null) shell.line(`      ${DELIVERY[entry.state]}`);
  }
}

function registerInbox(program: Command, shell: Shell): void {
  program
    .command('inbox')
    .description('what came in from the others; new entries are marked')
    .argument('[channel]')
    .option('--new', 'only what you have not seen')
    .action(async (name: string | undefined, options: { new?: boolean }) => {
      await atDesk(shell, async (desk) => {
        const inbox = desk.inbox(name, options.new === true);
        for (const { channel, entries, frozen } of inbox) {
          shell.line(`${printable(channel)}: ${plural(entries.length, 'entry', 'entries')}`);
          if (frozen !== null) shell.line(`  FROZEN: ${printable(frozen)}`);
          showEntries(shell, entries, desk.pins.list(channel));
        }
        shell.result({ ok: true, channels: inbox });
      });
    });
}

function registerLog(program: Command, shell: Shell): void {
  program
    .command('log')
    .description('the record of a channel, oldest first: every entry, who signed it, and its state')
    .argument('<channel>')
    .option('--last <n>', 'only the last n entries')
    .action(async (name: string, options: { last?: string }) => {
      await atDesk(shell, async (desk) => {
        const last = options.last === undefined ? undefined : Number(options.last);
        if (last !== undefined && !(Number.isSafeInteger(last) && last > 0)) {
          throw new Stop(2, 'bad-number', '--last takes a number of entries.');
        }
        const view = desk.log(name, last);
        const pinned = desk.pins.list(name);
        showEntries(shell, view.entries, pinned);
        shell.line();
        shell.line(`${plural(view.size, 'entry', 'entries')}, root ${view.root}`);
        for (const remark of view.remarks) shell.line(printable(remark));
        shell.result({ ok: true, ...view, pinned });
      });
    });
}

function registerOpen(program: Command, shell: Shell): void {
  program
    .command('open')
    .description(
      'open a document: the safe copy, and what was removed from it. The original stays in quarantine',
    )
    .argument('<channel>')
    .argument('<entry>', 'the number of the entry, as inbox and log show it')
    .option('--out <file>', 'where to write the safe copy (default: here, under its own name)')
    .option('--force', 'write over an existing file')
    .option(
      '--document-password-file <file>',
      'the password of an encrypted document, read from this file',
    )
    .action(
      async (
        name: string,
        entry: string,
        options: { out?: string; force?: boolean; documentPasswordFile?: string },
      ) => {
        await atDesk(shell, async (desk) => {
          const opened = await desk.openDocument(name, entry, {
            out: options.out,
            force: options.force === true,
            passwordFile: options.documentPasswordFile,
            onProgress: (text) => shell.progress(text),
          });
          shell.line(
            `Safe copy of "${printable(opened.name)}" written to ${printable(opened.path)}`,
          );
          for (const part of opened.parts) {
            shell.line(`  part "${printable(part.name)}": safe copy in ${printable(part.path)}`);
          }
          for (const sentence of opened.report.sentences) shell.line(`  ${printable(sentence)}`);
          shell.line(`  original  sha256 ${opened.original} (in quarantine, never opened)`);
          shell.line(`  safe copy sha256 ${opened.safe}`);
          shell.result({ ok: true, ...opened });
        });
      },
    );
}

export function registerTalk(program: Command, shell: Shell): void {
  registerSay(program, shell);
  registerSend(program, shell);
  registerSync(program, shell);
  registerInbox(program, shell);
  registerLog(program, shell);
  registerOpen(program, shell);
}
