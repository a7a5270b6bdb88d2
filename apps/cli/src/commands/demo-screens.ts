// The end of the demo for people who would rather look than read: both desks in the browser, as they stand.

import { nativePorts } from '@parley/kernel/node';
import type { Desk } from '@parley/desk';
import { newDirectory } from '@parley/mail';
import { startUi, type RunningUi } from '@parley/web';
import type { Shell } from '../shell.ts';
import { untilInterrupted } from '../until-interrupted.ts';

const DAY_MS = 86_400_000;

/** Says a little more, so that the rooms look as they do on a working day. */
async function furnish(alpha: Desk, beta: Desk, channel: string): Promise<void> {
  const issuedMs = nativePorts.clock.nowMs();
  await alpha.mail.publish(channel, {
    ...newDirectory(alpha.whoAmI().party, { issuedMs, expiresMs: issuedMs + 90 * DAY_MS }),
    domains: ['alpha-mfa.example'],
  });
  await beta.sync(channel);
  await beta.say(channel, 'We can read all of them. The seating plan is agreed.');
  await beta.say(channel, 'On the draft agenda: our comments on item 2 follow before noon.');
  await alpha.sync(channel);
  await alpha.say(channel, 'Thank you. Item 2 is open on our side as well.');
  await beta.sync(channel);
}

/** Serves both desks on this machine and prints a link for each, until Ctrl-C. */
export async function showDesks(
  shell: Shell,
  desks: { readonly alpha: Desk; readonly beta: Desk },
  channel: string,
): Promise<void> {
  await furnish(desks.alpha, desks.beta, channel);
  const screens: RunningUi[] = [];
  try {
    for (const desk of [desks.alpha, desks.beta]) {
      screens.push(
        await startUi(desk, {
          ports: nativePorts,
          onBuild: () => shell.note('Building the page, once...'),
          onBug: (error) => shell.note(`a mistake of Parley: ${String(error)}`),
        }),
      );
    }
    const links = (): void => {
      for (const [at, name] of ['Alpha', 'Beta'].entries())
        shell.line(`   ${name}'s desk  ${screens[at]?.newLink('tour') ?? ''}`);
    };
    shell.line();
    shell.line('Look at both desks in the browser of this machine. Each link opens one window:');
    links();
    shell.line('A short tour begins by itself and can be left at any time. To see a forged mail');
    shell.line('judged, drop samples/changed-place.eml on the Mail place of Beta.');
    shell.line('Press Enter for further links, Ctrl-C to end the demo and remove all it made.');
    await untilInterrupted(links);
  } finally {
    for (const screen of screens) await screen.close();
  }
}
