// `parley ui`: the desk in the browser, served by this process to this machine's browser only.

import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import { startUi } from '@parley/web';
import type { Command } from 'commander';
import { asStop } from '../at-desk.ts';
import { Stop, type Shell } from '../shell.ts';
import { untilInterrupted } from '../until-interrupted.ts';

type UiOptions = { port?: string };

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new Stop(2, 'bad-port', 'A port is a number from 1024 to 65535.', 'leave --port out');
}

/** The desk, where a passphrase was given beforehand; else its directory, and the page asks. */
async function place(shell: Shell): Promise<Desk | { readonly home: string }> {
  const home = shell.home();
  if (!shell.passphraseGiven || !Desk.exists(home)) return { home };
  return Desk.open(nativePorts, { home, passphrase: await shell.passphrase() });
}

export function registerUi(program: Command, shell: Shell): void {
  program
    .command('ui')
    .description(
      'open your desk in the browser of this machine, or set it up there the first time; press Ctrl-C to close it',
    )
    .option('--port <number>', 'serve on this port instead of a free one')
    .action(async (options: UiOptions) => {
      const port = portOf(options.port);
      const at = await place(shell).catch((error: unknown) => {
        throw asStop(error);
      });
      try {
        const ui = await startUi(at, {
          ports: nativePorts,
          ...(port === undefined ? {} : { port }),
          onBuild: () => shell.note('Building the page, once...'),
          onBug: (error) => shell.note(`a mistake of Parley: ${String(error)}`),
        });
        try {
          const link = ui.newLink();
          shell.line('Open this link in the browser of this machine. It opens one window, once:');
          shell.line();
          shell.line(`  ${link}`);
          shell.line();
          shell.line('Press Enter for a link to one more window, Ctrl-C to close the desk.');
          shell.item({ ok: true, origin: ui.origin, link });
          await untilInterrupted(() => shell.line(`  ${ui.newLink()}`));
        } finally {
          await ui.close();
        }
      } finally {
        if (at instanceof Desk) at.close();
      }
    });
}
