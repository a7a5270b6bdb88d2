// `parley mail`: is this mail really theirs? Checks mails and mailboxes, keeps directories and attestations in files.

import type { Command } from 'commander';
import type { Shell } from '../shell.ts';
import { addCheck } from './mail-check.ts';
import { addDirectory } from './mail-directory.ts';
import { addAttest } from './mail-attest.ts';
import { addAccount } from './mail-account.ts';
import { addHook } from './mail-hook.ts';
import { addWatch } from './mail-watch.ts';

export function registerMail(program: Command, shell: Shell): void {
  const mail = program.command('mail').description('is this mail really theirs?');
  addCheck(mail, shell);
  addDirectory(mail, shell);
  addAttest(mail, shell);
  addAccount(mail, shell);
  addWatch(mail, shell);
  addHook(mail, shell);
}
