// `parley room`: rooms of a channel beside its plenary, where a party is alone or some parties are among themselves.

import type { ChannelView, Disclosure, NewRoom } from '@parley/desk';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { fileSize, plural } from '../words.ts';
import { showAudience, showSent } from './talk.ts';

/** What a person reads of a room: its kind, who is in it, and what is still to be done. */
function showRoom(shell: Shell, view: ChannelView): void {
  const kind = view.room ?? 'asked to be let in';
  const frozen = view.frozen === null ? '' : `  FROZEN: ${printable(view.frozen)}`;
  shell.line(`${printable(view.name)}  ${kind}${frozen}`);
  for (const party of view.parties) {
    const members = new Set(
      party.devices
        .filter((device) => !device.removed)
        .map(({ member, suspended }) => (suspended ? `${member} (suspended)` : member)),
    );
    const standing = party.mine ? 'your party' : party.verified ? 'verified' : 'NOT VERIFIED';
    shell.line(
      `  ${printable(party.name)}  ${standing}: ${[...members].map(printable).join(', ')}`,
    );
  }
  for (const sentence of view.overdue) shell.line(`  STILL TO DO: ${printable(sentence)}`);
}

type NewOptions = { caucus?: boolean; bilateral?: boolean; with?: string[] };

function askedRoom(channel: string, name: string, options: NewOptions): NewRoom {
  if ((options.caucus === true) === (options.bilateral === true)) {
    throw new Stop(
      2,
      'which-room',
      'A room is either a caucus or bilateral.',
      'give --caucus, or --bilateral --with PARTY',
    );
  }
  const kind = options.caucus === true ? 'caucus' : 'bilateral';
  return { channel, kind, with: options.with ?? [], name };
}

function registerNew(room: Command, shell: Shell): void {
  room
    .command('new')
    .description('open a room beside the plenary: for your own party, or with some of the others')
    .argument('<channel>')
    .argument('<name>', 'the name of the room; everyone in it sees the name')
    .option('--caucus', 'for the devices of your own party alone')
    .option('--bilateral', 'for your party and those you name')
    .option('--with <party...>', 'the other parties, by name or the beginning of their fingerprint')
    .addHelpText(
      'after',
      '\nSay, send, log and the others take channel/name: parley say talks/advisers "Can we accept this?"',
    )
    .action(async (channel: string, name: string, options: NewOptions) => {
      const asked = askedRoom(channel, name, options);
      await atDesk(shell, async (desk) => {
        const view = await desk.rooms.open(asked);
        shell.line(`Room "${printable(view.name)}" is open.`);
        showRoom(shell, view);
        shell.line(
          'Devices of the channel that belong here come in by themselves, when their desks and then yours have synced.',
        );
        shell.result({ ok: true, ...view });
      });
    });
}

function registerList(room: Command, shell: Shell): void {
  room
    .command('list')
    .description('the rooms of a channel that you are in, and who reads each')
    .argument('<channel>')
    .action(async (channel: string) => {
      await atDesk(shell, async (desk) => {
        const rooms = desk.rooms.list(channel);
        for (const view of rooms) showRoom(shell, view);
        shell.note(plural(rooms.length, 'room'));
        shell.result({ ok: true, rooms });
      });
    });
}

function showDisclosure(shell: Shell, disclosure: Disclosure): void {
  const { document, text, newReaders } = disclosure;
  shell.line(`This would be disclosed in ${printable(disclosure.to)}, in your own name:`);
  shell.line();
  if (text !== undefined) for (const part of text.split('\n')) shell.line(`    ${printable(part)}`);
  if (document !== undefined) {
    shell.line(`    document  ${printable(document.name)}, ${plural(document.size, 'byte')}`);
    shell.line(`    sha256    ${document.sha256}`);
    shell.line('    the whole file as it was sent, sealed with a new key');
  }
  shell.line();
  showAudience(shell, disclosure.audience);
  if (newReaders.length > 0)
    shell.line(`  who cannot read it now: ${newReaders.map(printable).join('; ')}`);
  shell.line(
    'Not disclosed: who said it first, when, in which room, and that there is such a room. It cannot be taken back.',
  );
}

function registerForward(program: Command, shell: Shell): void {
  program
    .command('forward')
    .description(
      'say an entry of one room in another: first shows what that discloses, and to whom',
    )
    .argument('<room>', 'where it is, for example talks/advisers')
    .argument('<entry>', 'its number')
    .requiredOption('--to <room>', 'where it is to go, for example talks')
    .option('--as <name>', 'the name of a document that the others see')
    .option('--confirm', 'disclose exactly what was shown')
    .action(
      async (
        from: string,
        entry: string,
        options: { to: string; as?: string; confirm?: boolean },
      ) => {
        const asked = { from, entry, to: options.to, as: options.as };
        await atDesk(shell, async (desk) => {
          if (options.confirm !== true) {
            const disclosure = desk.rooms.disclose(asked);
            showDisclosure(shell, disclosure);
            throw new Stop(
              4,
              'not-confirmed',
              'Nothing was sent.',
              'run the same command with --confirm to disclose exactly this',
              { disclosure },
            );
          }
          const done = await desk.rooms.forward({
            ...asked,
            onProgress: (at, of) =>
              shell.progress(`sealing anew ${fileSize(at)} of ${fileSize(of)}`),
          });
          showSent(shell, done.sent, `Disclosed in ${printable(done.to)}`);
          shell.result({ ok: true, ...done });
        });
      },
    );
}

function size(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const read = Number(text);
  if (Number.isSafeInteger(read) && read > 0) return read;
  throw new Stop(2, 'bad-number', '--from takes a number of entries.');
}

/** `parley channel restart`: after a fork, by an act of each side. */
export function registerRestart(channel: Command, shell: Shell): void {
  channel
    .command('restart')
    .description(
      'go on after a fork: proposes a new room from the last checkpoint both sides signed, or accepts what the other side proposed',
    )
    .argument('<channel>')
    .option('--from <size>', 'propose the record of this many entries instead')
    .action(async (name: string, options: { from?: string }) => {
      const from = size(options.from);
      await atDesk(shell, async (desk) => {
        if (!(await shell.confirm(`Go on with "${printable(name)}" in a new room?`))) {
          throw new Stop(3, 'not-restarted', 'Nothing was done.', 'talk to the other side first');
        }
        const made = await desk.rooms.restart(name, from);
        const { evidence } = made.from;
        shell.line(
          `${made.act === 'proposed' ? 'Proposed' : 'Accepted'}: to go on in a new room from the first ${plural(made.from.size, 'entry', 'entries')}.`,
        );
        shell.line(`  root      ${made.from.root}`);
        if (evidence !== null) shell.line(`  evidence  sha256 ${evidence}`);
        shell.line(`The earlier record stays here as "${printable(made.earlier)}".`);
        shell.line(
          made.act === 'proposed'
            ? `Nothing can be said before every other party has accepted: they run  parley channel restart ${printable(name)}`
            : `Next: when the other side's desk has synced, run  parley sync ${printable(name)}`,
        );
        shell.result({ ok: true, ...made });
      });
    });
}

export function registerRoom(program: Command, shell: Shell): void {
  const room = program
    .command('room')
    .description('rooms of a channel: a caucus of your own party, or a room with some parties');
  registerNew(room, shell);
  registerList(room, shell);
  registerForward(program, shell);
}
