// `parley release`: a colleague releases a document by the very file, where the posture asks for two people.

import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, type Shell } from '../shell.ts';
import { utcTime } from '../words.ts';

export function registerRelease(program: Command, shell: Shell): void {
  program
    .command('release')
    .description('release a document that a colleague sends, or list what waits for a release')
    .argument('<channel>')
    .argument('[file]', 'your own copy of the very file; without it, what was asked for is listed')
    .option('--as <name>', 'the name that the other side will see (default: the name of the file)')
    .action(async (name: string, file: string | undefined, options: { as?: string }) =>
      atDesk(shell, async (desk) => {
        if (file === undefined) {
          const asked = await desk.releasing.asked(name);
          for (const one of asked) {
            const state = one.releasedBy === null ? 'waits' : `released by ${one.releasedBy}`;
            shell.line(
              `entry ${one.entry}  ${utcTime(one.askedMs)}  asked by ${one.mine ? 'you' : printable(one.by)}: ${printable(state)}`,
            );
          }
          if (asked.length === 0) shell.line('Nobody in your party asked for a release here.');
          shell.result({ ok: true, channel: name, asked });
          return;
        }
        const sent = await desk.releasing.release(name, file, options);
        shell.line(
          `Released. The document goes out when ${printable(sent.by)}'s desk syncs next (asked in entry ${sent.asked}).`,
        );
        shell.result({ ok: true, ...sent });
      }),
    );
}
