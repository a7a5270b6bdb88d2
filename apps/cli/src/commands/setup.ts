// `parley init` and `parley doctor`: the first two commands a member runs.

import { nativePorts } from '@parley/kernel/node';
import { Desk, PASSPHRASE_MIN_BYTES, examine } from '@parley/desk';
import type { Command } from 'commander';
import { asStop } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { groupedFingerprint } from '../words.ts';

async function newPassphrase(shell: Shell): Promise<Uint8Array> {
  const first = await shell.passphrase('Choose a passphrase for the vault: ');
  if (first.length < PASSPHRASE_MIN_BYTES) {
    throw new Stop(
      3,
      'passphrase-too-short',
      `A passphrase has at least ${PASSPHRASE_MIN_BYTES} characters; four random words are good.`,
      'choose a longer one: nobody can reset it, and it is all that protects a stolen machine',
    );
  }
  if (!process.stdin.isTTY || shell.unattended) return first;
  const second = await shell.passphrase('The same again: ');
  if (!Buffer.from(first).equals(second)) {
    throw new Stop(
      2,
      'passphrase-differs',
      'The two passphrases are not the same.',
      'run "parley init" again',
    );
  }
  return first;
}

type Init = { party?: string; member?: string; invited?: string; device: string };

async function initInvited(
  shell: Shell,
  { home, label, invited }: { home: string; label: string; invited: string },
): Promise<void> {
  const text = invited === '-' ? new TextDecoder().decode(await shell.stdin(16_384)) : invited;
  const passphrase = await newPassphrase(shell);
  try {
    const asked = await Desk.createInvited(
      nativePorts,
      { home, passphrase },
      { invited: text.trim(), label },
    );
    shell.line(
      `This is to be ${printable(asked.member)}'s desk for ${printable(asked.party)} (${asked.role}).`,
    );
    shell.line(`  vault        ${home}`);
    shell.line(`  fingerprint  ${groupedFingerprint(asked.deviceId)}`);
    shell.line(
      '  The fingerprint is of this device. Read it to the officer who invited you: they must see the same.',
    );
    shell.line('Next: when they have admitted it (parley party admit), run  parley sync');
    shell.result({ ok: true, ...asked, home });
  } catch (error) {
    throw asStop(error);
  }
}

function registerInit(program: Command, shell: Shell): void {
  program
    .command('init')
    .description(
      "set up this machine for one member of a party: makes the party's authority key, this device's keys, and a vault sealed by your passphrase",
    )
    .option('--party <name>', 'the party (delegation), as the other side shall see it')
    .option('--member <name>', 'the person who uses this machine')
    .option(
      '--invited <text>',
      'join a party that is there, with an invitation of its officer (or - for standard input)',
    )
    .option('--device <label>', 'a name for this machine', 'first device')
    .addHelpText(
      'after',
      '\nExamples:\n  parley init --party "Republic of Alpha" --member "Ana"\n  parley init --invited INVITATION --device laptop',
    )
    .action(async (options: Init) => {
      const home = shell.home();
      if (Desk.exists(home)) {
        throw new Stop(
          3,
          'vault-exists',
          `There is a vault in ${home} already.`,
          'use it, or choose another --home',
        );
      }
      const { party, member, invited, device: label } = options;
      if (invited !== undefined) return initInvited(shell, { home, label, invited });
      if (party === undefined || member === undefined) {
        throw new Stop(
          2,
          'names-needed',
          'Say which party and which member this machine is for.',
          'give --party NAME and --member NAME; into a party that is there: --invited INVITATION',
        );
      }
      const passphrase = await newPassphrase(shell);
      try {
        const desk = Desk.create(nativePorts, { home, passphrase }, { party, member, label });
        const who = desk.whoAmI();
        desk.close();
        shell.line(`This is now ${printable(who.member)}'s desk for ${printable(who.party)}.`);
        shell.line(`  vault        ${home}`);
        shell.line(`  fingerprint  ${groupedFingerprint(who.fingerprint)}`);
        shell.line(
          "  The fingerprint is your party's. Give it to the other side in person where you can.",
        );
        shell.line();
        shell.line(
          'Next: parley channel new --relay URL --name NAME    or    parley channel join INVITATION',
        );
        shell.result({ ok: true, ...who, home });
      } catch (error) {
        throw asStop(error);
      }
    });
}

function registerDoctor(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description('look at this machine: what is here, what is missing, and what that means')
    .action(() => {
      const findings = examine(shell.home(), Date.now());
      const marks = { good: 'good  ', weaker: 'weaker', bad: 'BAD   ' };
      for (const { what, state, found, meaning } of findings) {
        shell.line(`${marks[state]}  ${what}: ${found}`);
        if (meaning !== undefined) shell.line(`        ${meaning}`);
      }
      const bad = findings.filter((finding) => finding.state === 'bad').length;
      shell.result({ ok: bad === 0, findings });
      if (bad > 0) process.exitCode = 1;
    });
}

export function registerSetup(program: Command, shell: Shell): void {
  registerInit(program, shell);
  registerDoctor(program, shell);
}
