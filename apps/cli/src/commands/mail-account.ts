// `parley mail account`: mailboxes with their passwords in the vault, for watching and for attesting sent mail.

import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, type Shell } from '../shell.ts';
import { numberOf } from './mail-live.ts';

type AddOptions = {
  readonly host: string;
  readonly port?: string;
  readonly user: string;
  readonly plain?: boolean;
  readonly passwordFile?: string;
  readonly unchecked?: boolean;
};

/** TLS from the first byte on 993; STARTTLS, or nothing on this machine, on 143. */
export function portOf(options: { readonly port?: string; readonly plain?: boolean }): number {
  if (options.port !== undefined) return numberOf(options.port, '--port', 65_535);
  return options.plain === true ? 143 : 993;
}

async function add(name: string, options: AddOptions, shell: Shell): Promise<void> {
  const port = portOf(options);
  const password = await shell.secret(`Password of ${options.user}: `, options.passwordFile);
  const account = await atDesk(shell, (desk) =>
    desk.mail.accounts.add(
      {
        name,
        host: options.host,
        port,
        secure: options.plain !== true,
        user: options.user,
        password,
      },
      { unchecked: options.unchecked === true },
    ),
  );
  shell.result({ ok: true, account });
  shell.line(
    options.unchecked === true
      ? `The account ${printable(name)} is in the vault. Nobody has tried to log in.`
      : `The account ${printable(name)} is in the vault: the server took its password.`,
  );
}

async function list(shell: Shell): Promise<void> {
  const accounts = await atDesk(shell, async (desk) => desk.mail.accounts.list());
  shell.result({ ok: true, accounts });
  if (accounts.length === 0) shell.line('There is no mail account.');
  for (const { name, user, host, port, secure } of accounts)
    shell.line(
      printable(`${name.padEnd(16)} ${user} at ${host}:${port}${secure ? '' : ' (STARTTLS)'}`),
    );
}

async function remove(name: string, shell: Shell): Promise<void> {
  await atDesk(shell, async (desk) => desk.mail.accounts.remove(name));
  shell.result({ ok: true });
  shell.line(`The account ${printable(name)} and its password are gone from the vault.`);
}

export function addAccount(mail: Command, shell: Shell): void {
  const account = mail
    .command('account')
    .description('mailboxes for "mail watch" and "mail attest"; passwords stay in the vault');
  account
    .command('add')
    .description('keep a mailbox; the password is asked for, or read from a file')
    .argument('<name>')
    .requiredOption('--host <host>', 'the IMAP server')
    .requiredOption('--user <user>', 'the mailbox')
    .option('--port <port>', 'its port (default 993, with --plain 143)')
    .option('--plain', 'STARTTLS or, on this machine, no TLS')
    .option('--password-file <file>', 'read the password from here instead of asking')
    .option('--unchecked', 'keep it without logging in first')
    .action((name: string, options: AddOptions) => add(name, options, shell));
  account
    .command('list')
    .description('the mailboxes, without their passwords')
    .action(() => list(shell));
  account
    .command('remove')
    .description('forget a mailbox and its password')
    .argument('<name>')
    .action((name: string) => remove(name, shell));
}
