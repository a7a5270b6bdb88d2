// `parley mail watch`: the same verdicts where the mail arrives, in an IMAP folder.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isWarned } from '@parley/mail';
import {
  watchFolder,
  type ImapAccess,
  type WatchAction,
  type WatchPosition,
} from '@parley/mail/node';
import type { Command } from 'commander';
import { deskOpener, type DeskOpener } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';
import { portOf } from './mail-account.ts';
import { addKnownOptions, channelOf, writeHistoryFile, type KnownOptions } from './mail-known.ts';
import { keepFresh, liveKnown, numberOf, untilStopped } from './mail-live.ts';

type WatchOptions = KnownOptions & {
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly folder: string;
  readonly plain?: boolean;
  readonly keyword?: boolean;
  readonly moveTo?: string;
  readonly state?: string;
  readonly backlog: string;
  readonly once?: boolean;
};

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

type Place = { readonly access: ImapAccess; readonly state: string | undefined };

/** An account of the vault keeps its place beside the vault; a mailbox named by hand, where `--state` says. */
async function placeOf(
  account: string | undefined,
  options: WatchOptions,
  given: { readonly shell: Shell; readonly open: DeskOpener | undefined },
): Promise<Place> {
  const { shell, open } = given;
  const { host, user } = options;
  if (account !== undefined && open !== undefined) {
    const access = await open(async (desk) => desk.mail.accounts.access(account));
    const folder = Buffer.from(options.folder).toString('base64url').slice(0, 100);
    const state = options.state ?? join(shell.home(), `mail-watch-${account}-${folder}.json`);
    return { access, state };
  }
  if (host === undefined || user === undefined)
    throw new Stop(
      2,
      'wrong-use',
      'Say which mailbox is watched.',
      'name an account of "parley mail account list", or give --host, --user and --password-file',
    );
  const password = await shell.secret(`Password of ${user}: `, options.passwordFile);
  const access = { host, port: portOf(options), secure: options.plain !== true, user, password };
  return { access, state: options.state };
}

async function watch(
  account: string | undefined,
  options: WatchOptions,
  shell: Shell,
): Promise<void> {
  const needsDesk = account !== undefined || channelOf(options) !== undefined;
  const open = needsDesk ? await deskOpener(shell) : undefined;
  const { access, state } = await placeOf(account, options, { shell, open });
  const mind = await liveKnown(options, shell, open);
  const signal = untilStopped();
  const stopRefreshing = keepFresh(mind.refresh);
  try {
    const position = await watchFolder({
      ...access,
      folder: options.folder,
      action: actionOf(options),
      position: await readPosition(state),
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
        await keep(state, at);
      },
      onRemark: (text) => shell.note(text),
      signal,
      once: options.once === true,
    });
    if (position !== null) await keep(state, position);
  } finally {
    stopRefreshing();
  }
}

export function addWatch(mail: Command, shell: Shell): void {
  addKnownOptions(
    mail
      .command('watch')
      .description('screen an IMAP folder as mail arrives; looks only, unless told to mark or move')
      .argument('[account]', 'an account of "mail account"')
      .option('--host <host>', 'without an account: the IMAP server')
      .option('--port <port>', 'its port (default 993)')
      .option('--user <name>', 'the mailbox')
      .option('--password-file <file>', 'its password')
      .option('--folder <name>', 'which folder', 'INBOX')
      .option('--plain', 'STARTTLS or, on this machine, no TLS (port 143)')
      .option('--keyword', 'set $ParleyWarned and $ParleyProven on mails')
      .option('--move-to <folder>', 'move mails that are warned of there')
      .option('--state <file>', 'where to note how far it came (an account: beside the vault)')
      .option('--backlog <n>', 'on the first run, screen this many older mails', '100')
      .option('--once', 'stop when nothing is new'),
  ).action((account: string | undefined, options: WatchOptions) => watch(account, options, shell));
}
