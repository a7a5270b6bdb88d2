// `parley channel upload` and `keep`: a lost relay is rebuilt from what its members kept.

import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';

function registerUpload(channel: Command, shell: Shell): void {
  channel
    .command('upload')
    .description(
      'bring a channel back to a relay that lost it, or to another relay: what this desk kept of it, still sealed',
    )
    .argument('<channel>')
    .option('--to <url>', 'another address of the relay, or another relay')
    .option('--relay-key <hex>', 'the key of the relay there, as its operator told you')
    .action(async (name: string, options: { to?: string; relayKey?: string }) => {
      await atDesk(shell, async (desk) => {
        const brought = await desk.bringing.bring(name, {
          ...options,
          onProgress: (text) => shell.progress(text),
        });
        if (brought.phase === 'open') {
          shell.line(`"${printable(name)}" works again: ${brought.proven} envelopes are there.`);
          if (brought.documents > 0) shell.line(`Documents brought: ${brought.documents}.`);
        } else if (brought.missing === 0) {
          shell.line(`All ${brought.proven} envelopes are at the relay.`);
          shell.line(
            `Next: when its operator has ended the collecting, run  parley sync ${printable(name)}`,
          );
        } else {
          shell.line(
            `The relay has what this desk kept. Of ${brought.proven} envelopes, number ${brought.missing} is still missing.`,
          );
          shell.line('Next: other members have to bring it.');
        }
        shell.result({ ok: true, ...brought });
      });
    });
}

function registerKeep(channel: Command, shell: Shell): void {
  channel
    .command('keep')
    .description(
      'whether this desk keeps the sealed envelopes of a channel, to bring them to a relay that lost them (on by default)',
    )
    .argument('<channel>')
    .argument('<on-or-off>', 'off also removes what was kept')
    .action(async (name: string, choice: string) => {
      if (choice !== 'on' && choice !== 'off')
        throw new Stop(2, 'bad-choice', 'Say on or off.', `parley channel keep ${name} on`);
      await atDesk(shell, async (desk) => {
        desk.bringing.keepEnvelopes(name, choice === 'on');
        shell.line(
          choice === 'on'
            ? 'This desk keeps the sealed envelopes from the next sync on, also those before it.'
            : 'This desk keeps no envelopes. If the relay loses them, others have to bring them.',
        );
        shell.result({ ok: true, channel: name, keeps: choice === 'on' });
      });
    });
}

export function registerUploads(channel: Command, shell: Shell): void {
  registerUpload(channel, shell);
  registerKeep(channel, shell);
}
