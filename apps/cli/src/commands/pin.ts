// `parley pin, unpin`: what a person keeps in sight of a room; this desk alone knows of it.

import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';

function entryNumber(written: string): number {
  if (/^\d{1,9}$/.test(written)) return Number(written);
  throw new Stop(2, 'bad-number', 'An entry is named by its number.', 'as inbox and log show it');
}

function register(program: Command, shell: Shell, pinned: boolean): void {
  program
    .command(pinned ? 'pin' : 'unpin')
    .description(
      pinned
        ? 'keep an entry in sight: "parley log" and the desk in the browser mark it, and nobody else is told'
        : 'no longer keep an entry in sight',
    )
    .argument('<channel>')
    .argument('<entry>', 'the number of the entry, as inbox and log show it')
    .action(async (channel: string, written: string) => {
      const entry = entryNumber(written);
      await atDesk(shell, async (desk) => {
        desk.pins.set(channel, entry, pinned);
        const what = pinned ? 'Pinned' : 'No longer pinned';
        shell.line(`${what}: entry ${entry} of ${printable(channel)}.`);
        shell.result({ ok: true, channel, entry, pinned: desk.pins.list(channel) });
      });
    });
}

export function registerPin(program: Command, shell: Shell): void {
  register(program, shell, true);
  register(program, shell, false);
}
