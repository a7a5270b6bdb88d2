// `parley mail watch` and `hook`: the same verdicts where the mail arrives, in an IMAP folder or in a mail server.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isWarned, readMessage, screen, startLearning, type Screening } from '@parley/mail';
import {
  defaultHookPolicy,
  severeHookPolicy,
  startContentFilter,
  startMilter,
  watchFolder,
  type HookPolicy,
  type RunningHook,
  type ScreenMail,
  type WatchAction,
  type WatchPosition,
} from '@parley/mail/node';
import { nativePorts } from '@parley/kernel/node';
import type { Command } from 'commander';
import { printable, Stop, type Shell } from '../shell.ts';
import {
  addKnownOptions,
  readKnown,
  writeHistoryFile,
  type Known,
  type KnownOptions,
} from './mail-known.ts';

type WatchOptions = KnownOptions & {
  readonly host: string;
  readonly port?: string;
  readonly user: string;
  readonly passwordFile: string;
  readonly folder: string;
  readonly plain?: boolean;
  readonly keyword?: boolean;
  readonly moveTo?: string;
  readonly state?: string;
  readonly backlog: string;
  readonly once?: boolean;
};

type HookOptions = KnownOptions & {
  readonly listen: string;
  readonly next?: string;
  readonly quarantine?: string;
  readonly severe?: boolean;
};

function numberOf(written: string, what: string, max: number): number {
  const value = Number(written);
  if (!Number.isSafeInteger(value) || value < 0 || value > max)
    throw new Stop(
      2,
      'wrong-use',
      `${what} is no number up to ${max}: ${printable(written)}.`,
      'correct it',
    );
  return value;
}

function hostPort(written: string, what: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(written);
  if (match === null)
    throw new Stop(2, 'wrong-use', `${what} must be HOST:PORT.`, 'for example 127.0.0.1:10025');
  return { host: match[1] ?? '', port: numberOf(match[2] ?? '', what, 65_535) };
}

/** Aborts at SIGINT or SIGTERM; a second one ends the process at once. */
function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  return stopping.signal;
}

/** Screens with what is known, and remembers each mail for the next one. */
function remembering(start: Known): { screen: ScreenMail; known(): Known } {
  const learning = startLearning(start.history);
  const known = { ...start, history: learning.history };
  return {
    known: () => known,
    async screen(bytes, envelope): Promise<Screening> {
      const message = readMessage(bytes);
      const nowMs = nativePorts.clock.nowMs();
      const screening = await screen(bytes, { ...known, nowMs, message, envelope });
      learning.add(message, nowMs);
      return screening;
    },
  };
}

async function readPosition(path: string | undefined): Promise<WatchPosition | null> {
  if (path === undefined) return null;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  let value: Partial<WatchPosition> | null = null;
  try {
    value = JSON.parse(text) as Partial<WatchPosition>;
  } catch {
    // Reported below with what else it may be.
  }
  if (typeof value?.uidValidity === 'string' && typeof value.lastUid === 'number')
    return { uidValidity: value.uidValidity, lastUid: value.lastUid };
  throw new Stop(
    2,
    'not-a-position',
    `The file ${printable(path)} does not say where a watch stopped.`,
    'name another file with --state',
  );
}

async function keep(path: string | undefined, position: WatchPosition): Promise<void> {
  if (path === undefined) return;
  await writeFile(`${path}.new`, JSON.stringify(position), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function actionOf(options: WatchOptions): WatchAction {
  if (options.moveTo !== undefined) return { kind: 'move', folder: options.moveTo };
  return options.keyword === true ? { kind: 'keyword' } : { kind: 'read-only' };
}

async function watch(options: WatchOptions, shell: Shell): Promise<void> {
  const mind = remembering(await readKnown(options, shell));
  const password = await readFile(options.passwordFile, 'utf8').catch(() => {
    throw new Stop(
      2,
      'password-file',
      'The password file cannot be read.',
      'give --password-file FILE',
    );
  });
  const position = await watchFolder({
    host: options.host,
    port:
      options.port === undefined
        ? options.plain === true
          ? 143
          : 993
        : numberOf(options.port, '--port', 65_535),
    secure: options.plain !== true,
    user: options.user,
    password: password.replace(/\r?\n$/, ''),
    folder: options.folder,
    action: actionOf(options),
    position: await readPosition(options.state),
    backlog: numberOf(options.backlog, '--backlog', 1_000_000),
    screen: (bytes) => mind.screen(bytes, undefined),
    async onMail({ uid, screening, done }, at) {
      shell.item({ uid, done, ...screening });
      if (isWarned(screening.verdict) || screening.verdict === 'proven')
        shell.line(
          `${screening.verdict.padEnd(11)} ${screening.mail.from}: ${screening.summary}${done === 'nothing' ? '' : ` [${done}]`}`,
        );
      if (options.history !== undefined)
        await writeHistoryFile(options.history, mind.known().history);
      await keep(options.state, at);
    },
    onRemark: (text) => shell.note(text),
    signal: untilStopped(),
    once: options.once === true,
  });
  if (position !== null) await keep(options.state, position);
}

async function hook(kind: string, options: HookOptions, shell: Shell): Promise<void> {
  const mind = remembering(await readKnown(options, shell));
  const policy: HookPolicy = options.severe === true ? severeHookPolicy : defaultHookPolicy;
  const where = hostPort(options.listen, '--listen');
  const said: ScreenMail = async (bytes, envelope) => {
    const screening = await mind.screen(bytes, envelope);
    shell.item(screening);
    if (isWarned(screening.verdict))
      shell.line(`${screening.verdict.padEnd(11)} ${screening.mail.from}: ${screening.summary}`);
    return screening;
  };
  const stopping = untilStopped();
  let running: RunningHook;
  if (kind === 'milter') running = await startMilter({ ...where, screen: said, policy });
  else if (kind === 'filter') {
    if (options.next === undefined || options.quarantine === undefined)
      throw new Stop(
        2,
        'wrong-use',
        'A filter needs to know where mail goes.',
        'give --next HOST:PORT and --quarantine DIR',
      );
    const folder = options.quarantine;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    running = await startContentFilter({
      ...where,
      next: hostPort(options.next, '--next'),
      screen: said,
      policy,
      async quarantine(bytes, envelope) {
        const name = join(folder, createHash('sha256').update(bytes).digest('hex').slice(0, 32));
        await writeFile(`${name}.json`, JSON.stringify(envelope), { mode: 0o600, flush: true });
        await writeFile(`${name}.eml`, bytes, { mode: 0o600, flush: true });
      },
    });
  } else
    throw new Stop(
      2,
      'wrong-use',
      `There is no hook "${printable(kind)}".`,
      'use milter or filter',
    );
  shell.note(`${kind} listens on ${where.host}:${running.port}`);
  await new Promise<void>((settle) =>
    stopping.addEventListener('abort', () => settle(), { once: true }),
  );
  await running.close();
}

export function addServe(mail: Command, shell: Shell): void {
  addKnownOptions(
    mail
      .command('watch')
      .description('screen an IMAP folder as mail arrives; looks only, unless told to mark or move')
      .requiredOption('--host <host>', 'the IMAP server')
      .option('--port <port>', 'its port (default 993)')
      .requiredOption('--user <name>', 'the mailbox')
      .requiredOption('--password-file <file>', 'its password')
      .option('--folder <name>', 'which folder', 'INBOX')
      .option('--plain', 'STARTTLS or, on this machine, no TLS (port 143)')
      .option('--keyword', 'set $ParleyWarned and $ParleyProven on mails')
      .option('--move-to <folder>', 'move mails that are warned of there')
      .option('--state <file>', 'where to note how far it came, to resume')
      .option('--backlog <n>', 'on the first run, screen this many older mails', '100')
      .option('--once', 'stop when nothing is new'),
  ).action((options: WatchOptions) => watch(options, shell));
  addKnownOptions(
    mail
      .command('hook')
      .description('run beside a mail server: "milter" or "filter" (SMTP content filter)')
      .argument('<kind>', 'milter or filter')
      .option('--listen <host:port>', 'where the mail server finds it', '127.0.0.1:10025')
      .option('--next <host:port>', 'filter: where screened mail goes')
      .option('--quarantine <dir>', 'filter: where held mail is kept')
      .option('--severe', 'severe posture: hold what is suspicious, let nothing pass unscreened'),
  ).action((kind: string, options: HookOptions) => hook(kind, options, shell));
}
