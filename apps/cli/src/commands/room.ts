// `parley room`: rooms of a channel beside its plenary, where a party is alone or some parties are among themselves.

import type { ChannelView, NewRoom } from '@parley/desk';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { plural } from '../words.ts';

/** What a person reads of a room: its kind, who is in it, and what is still to be done. */
function showRoom(shell: Shell, view: ChannelView): void {
  const kind = view.room ?? 'asked to be let in';
  const frozen = view.frozen === null ? '' : `  FROZEN: ${printable(view.frozen)}`;
  shell.line(`${printable(view.name)}  ${kind}${frozen}`);
  for (const party of view.parties) {
    const members = new Set(
      party.devices.filter((device) => !device.removed).map((device) => device.member),
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

export function registerRoom(program: Command, shell: Shell): void {
  const room = program
    .command('room')
    .description('rooms of a channel: a caucus of your own party, or a room with some parties');
  registerNew(room, shell);
  registerList(room, shell);
}
