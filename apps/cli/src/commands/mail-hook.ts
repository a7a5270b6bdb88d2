// `parley mail hook`: beside a mail server, verdicts on what comes in, or statements about what goes out.

import { writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeDirectories } from '@parley/kernel/node';
import { isWarned, readMessage } from '@parley/mail';
import {
  defaultHookPolicy,
  screeningHook,
  severeHookPolicy,
  startContentFilter,
  startMilter,
  type DecideMail,
  type HookPolicy,
  type RunningHook,
  type ScreenMail,
} from '@parley/mail/node';
import { DeskRefusal, type Desk } from '@parley/desk';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';
import { addKnownOptions, type KnownOptions } from './mail-known.ts';
import { keepFresh, liveKnown, numberOf, untilStopped } from './mail-live.ts';

type HookOptions = KnownOptions & {
  readonly listen: string;
  readonly next?: string;
  readonly quarantine?: string;
  readonly severe?: boolean;
  readonly attest?: string;
  readonly to?: readonly string[];
};

type Decision = { readonly decide: DecideMail; readonly onFailure: HookPolicy['onFailure'] };

function hostPort(written: string, what: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(written);
  if (match === null)
    throw new Stop(2, 'wrong-use', `${what} must be HOST:PORT.`, 'for example 127.0.0.1:10025');
  return { host: match[1] ?? '', port: numberOf(match[2] ?? '', what, 65_535) };
}

async function listen(kind: string, options: HookOptions, asked: Decision): Promise<RunningHook> {
  const where = hostPort(options.listen, '--listen');
  if (kind === 'milter') return startMilter({ ...where, ...asked });
  if (kind !== 'filter')
    throw new Stop(
      2,
      'wrong-use',
      `There is no hook "${printable(kind)}".`,
      'use milter or filter',
    );
  const { next, quarantine: folder } = options;
  if (next === undefined || (folder === undefined && options.attest === undefined))
    throw new Stop(
      2,
      'wrong-use',
      'A filter needs to know where mail goes.',
      'give --next HOST:PORT and --quarantine DIR',
    );
  if (folder !== undefined) makeDirectories(folder);
  return startContentFilter({
    ...where,
    ...asked,
    next: hostPort(next, '--next'),
    async quarantine(bytes, envelope) {
      // Statements about outgoing mail hold nothing back.
      if (folder === undefined) throw new Error('bug: nothing is quarantined here');
      const name = join(folder, createHash('sha256').update(bytes).digest('hex').slice(0, 32));
      await writeFile(`${name}.json`, JSON.stringify(envelope), { mode: 0o600, flush: true });
      await writeFile(`${name}.eml`, bytes, { mode: 0o600, flush: true });
    },
  });
}

async function run(
  kind: string,
  options: HookOptions,
  given: { readonly shell: Shell; readonly asked: Decision; readonly signal: AbortSignal },
): Promise<void> {
  const { shell, asked, signal } = given;
  const running = await listen(kind, options, asked);
  const { host } = hostPort(options.listen, '--listen');
  shell.note(`${kind} listens on ${host}:${running.port}`);
  await new Promise<void>((settle) =>
    signal.addEventListener('abort', () => settle(), { once: true }),
  );
  await running.close();
}

async function screening(kind: string, options: HookOptions, shell: Shell): Promise<void> {
  const mind = await liveKnown(options, shell);
  const policy: HookPolicy = options.severe === true ? severeHookPolicy : defaultHookPolicy;
  const said: ScreenMail = async (bytes, envelope) => {
    const verdict = await mind.screen(bytes, envelope);
    shell.item(verdict);
    if (isWarned(verdict.verdict))
      shell.line(`${verdict.verdict.padEnd(11)} ${verdict.mail.from}: ${verdict.summary}`);
    return verdict;
  };
  const signal = untilStopped();
  const stopRefreshing = keepFresh(mind.refresh);
  const asked = { decide: screeningHook(said, policy), onFailure: policy.onFailure };
  try {
    await run(kind, options, { shell, asked, signal });
  } finally {
    stopRefreshing();
  }
}

const SEALED_TEXT = 'the date of this mail lies on a closed day; send it again as of today';

/** Each mail is attested before it is handed on; one that cannot be waits, since the other side would call it denied. */
function attestingHook(
  desk: Desk,
  channel: string,
  options: { readonly to: readonly string[]; readonly shell: Shell; readonly done: () => void },
): DecideMail {
  const { shell, to, done } = options;
  return async ({ bytes, recipients }) => {
    const message = readMessage(bytes);
    try {
      const what = desk.mail.attestOutgoing(channel, { message, recipients }, to);
      shell.item({ what, messageId: message.messageId });
      if (what === 'attested') done();
      return { action: 'tag', verdict: null };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      shell.note(`not attested: ${printable(why)}`);
      if (error instanceof DeskRefusal && error.code === 'day-sealed')
        return { action: 'reject', verdict: null, text: SEALED_TEXT };
      throw error;
    }
  };
}

/** The desk stays open as long as the hook runs: the mail server has a device of its own. */
async function attesting(kind: string, options: HookOptions, shell: Shell): Promise<void> {
  const channel = options.attest ?? '';
  await atDesk(shell, async (desk) => {
    const to = desk.mail.addressees(channel, options.to ?? []);
    const signal = untilStopped();
    let sending: Promise<void> | undefined;
    let again = false;
    const send = (): void => {
      again = sending !== undefined;
      sending ??= desk.mail
        .takeIn(channel)
        .catch((error: unknown) =>
          shell.note(printable(error instanceof Error ? error.message : String(error))),
        )
        .finally(() => {
          sending = undefined;
          if (again) send();
        });
    };
    send();
    const timer = setInterval(send, SEND_MS);
    const decide = attestingHook(desk, channel, { to, shell, done: send });
    try {
      await run(kind, options, { shell, asked: { decide, onFailure: 'closed' }, signal });
    } finally {
      clearInterval(timer);
      again = false;
      await sending;
    }
  });
}

/** Statements that the relay did not take at once are sent again after this. */
const SEND_MS = 30_000;

export function addHook(mail: Command, shell: Shell): void {
  addKnownOptions(
    mail
      .command('hook')
      .description('run beside a mail server: "milter" or "filter" (SMTP content filter)')
      .argument('<kind>', 'milter or filter')
      .option('--listen <host:port>', 'where the mail server finds it', '127.0.0.1:10025')
      .option('--next <host:port>', 'filter: where mail goes afterwards')
      .option('--quarantine <dir>', 'filter: where held mail is kept')
      .option('--severe', 'severe posture: hold what is suspicious, let nothing pass unscreened')
      .option('--attest <channel>', 'on submission: state on this record what is sent')
      .option('--to <who...>', 'with --attest: domains and addresses of the counterpart'),
  ).action((kind: string, options: HookOptions) =>
    options.attest === undefined
      ? screening(kind, options, shell)
      : attesting(kind, options, shell),
  );
}
