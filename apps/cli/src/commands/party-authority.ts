// `parley party authority` and `parley party recovery`: the key that certifies devices, changed, shared out and restored.

import type { AuthorityChanged, GovernStep } from '@parley/desk';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { groupedFingerprint, plural } from '../words.ts';

export function showSteps(shell: Shell, steps: readonly GovernStep[]): void {
  for (const { channel, state, entry, detail } of steps) {
    const where = entry === null ? '' : `, entry ${entry}`;
    shell.line(
      `  ${printable(channel)}: ${state}${where}${detail === undefined ? '' : `: ${printable(detail)}`}`,
    );
  }
}

function showChanged(shell: Shell, changed: AuthorityChanged): void {
  shell.line(`The new authority is  ${groupedFingerprint(changed.fingerprint)}`);
  showSteps(shell, changed.steps);
  if (changed.waiting.length > 0) {
    shell.line('Further officers must agree:  parley party authority agree FINGERPRINT');
    process.exitCode = 4;
  } else {
    shell.line(
      'The others see a red stop: they send you nothing until you have compared words anew.',
    );
  }
  shell.result({ ok: true, ...changed });
}

export function registerAuthority(party: Command, shell: Shell): void {
  const authority = party
    .command('authority')
    .description("the party's authority key: change it, or agree to a fellow officer's change");
  authority
    .command('show')
    .description('changes that fellow officers have asked for and that wait for your word')
    .action(async () => {
      await atDesk(shell, async (desk) => {
        await desk.sync(undefined, { documents: false });
        const claims = desk.party.authority.claims();
        for (const { channel, by, fingerprint, body } of claims) {
          shell.line(`${printable(by)} asks for another authority in ${printable(channel)}:`);
          shell.line(`  fingerprint  ${groupedFingerprint(fingerprint)}`);
          shell.line(`  reason       ${printable(body.reason)}`);
        }
        if (claims.length === 0) shell.line('Nobody asks for another authority.');
        shell.result({
          ok: true,
          claims: claims.map(({ channel, by, fingerprint, body }) => ({
            channel,
            by,
            fingerprint,
            reason: body.reason,
          })),
        });
      });
    });
  authority
    .command('change')
    .description('replace the authority key, signed by the old one: a red stop for the others')
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .option('--lost', 'the old key is lost: further officers must agree instead')
    .action(async ({ reason, lost }: { reason: string; lost?: boolean }) => {
      await atDesk(shell, async (desk) => {
        const question = 'Replace the authority key? The others must verify your party anew.';
        if (!(await shell.confirm(question))) {
          throw new Stop(
            3,
            'not-changed',
            'Nothing was changed.',
            'run it again when you are sure',
          );
        }
        showChanged(shell, await desk.party.authority.change(reason, { lost: lost === true }));
      });
    });
  authority
    .command('agree')
    .description("agree to a fellow officer's new authority key")
    .argument('<fingerprint>', 'the whole of it, as that officer reads it to you')
    .action(async (written: string) => {
      const fingerprint = written.replaceAll(/[\s:]/g, '').toLowerCase();
      await atDesk(shell, async (desk) => {
        await desk.sync(undefined, { documents: false });
        showChanged(shell, await desk.party.authority.agree(fingerprint));
      });
    });
}

function moreNeeded(given: number, needed: number): Stop {
  const data = { given, needed };
  if (needed === 0) {
    return new Stop(
      3,
      'no-shares-handed-out',
      "No shares of your party's authority were ever handed out.",
      'without them further officers agree to a new key: parley party authority change --lost',
      data,
    );
  }
  if (given < needed) {
    return new Stop(
      4,
      'more-shares-needed',
      `The authority needs the shares of ${plural(needed, 'officer')}; there ${given === 1 ? 'is' : 'are'} ${given}.`,
      'ask fellow officers: parley party recovery ask, and at their desks: parley party recovery give',
      data,
    );
  }
  return new Stop(
    4,
    'shares-do-not-fit',
    `There are ${given} shares, and no ${needed} of them make the authority: one or more are not what was handed out.`,
    'ask a further officer to give: parley party recovery give. "parley log" shows who gave',
    data,
  );
}

export function registerRecovery(party: Command, shell: Shell): void {
  const recovery = party
    .command('recovery')
    .description("survive the loss of the desk that holds the authority's secret");
  recovery
    .command('set')
    .description('hand one share of the secret to every officer, sealed to that officer')
    .requiredOption('--of <officers>', 'how many officers together restore it')
    .action(async ({ of }: { of: string }) => {
      if (!/^\d{1,2}$/.test(of) || Number(of) < 2) {
        throw new Stop(
          2,
          'not-a-number-of-officers',
          'A recovery takes two officers or more: one alone would hold the whole key.',
          'give --of with 2 or more',
        );
      }
      await atDesk(shell, async (desk) => {
        const { steps, officers } = await desk.party.recovery.share(Number(of));
        shell.line(
          `Any ${of} of ${plural(officers.length, 'officer')} can restore the authority: ${officers.map((one) => printable(one)).join(', ')}.`,
        );
        showSteps(shell, steps);
        if (officers.length === Number(of)) {
          shell.line(
            'All of them are needed: where one loses every device, nobody restores it. Better: one more officer.',
          );
        }
        shell.result({ ok: true, needed: Number(of), officers, steps });
      });
    });
  recovery
    .command('ask')
    .description('ask your fellow officers for their shares; everybody in the channels sees it')
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .action(async ({ reason }: { reason: string }) => {
      await atDesk(shell, async (desk) => {
        const steps = await desk.party.recovery.ask(reason);
        shell.line('Asked. Each fellow officer decides:  parley party recovery give');
        showSteps(shell, steps);
        shell.result({ ok: true, steps });
      });
    });
  recovery
    .command('give')
    .description('give your share to a fellow officer who asks: an explicit act')
    .argument(
      '[device]',
      "the first characters of the asking device's id; without it, who asks is shown",
    )
    .action(async (prefix: string | undefined) => {
      await atDesk(shell, async (desk) => {
        await desk.sync(undefined, { documents: false });
        const asked = desk.party.recovery.asked();
        for (const one of asked) {
          shell.line(`${printable(one.member)} asks in ${printable(one.channel)}:`);
          shell.line(`  device  ${one.deviceId}`);
          shell.line(`  reason  ${printable(one.reason)}`);
        }
        const ids = new Set(asked.map(({ deviceId }) => deviceId));
        const chosen = [...ids].filter((id) => prefix !== undefined && id.startsWith(prefix));
        const [device] = chosen;
        if (prefix === undefined) {
          if (asked.length === 0) shell.line('No fellow officer asks for your share.');
          shell.result({ ok: true, asked });
          return;
        }
        if (device === undefined || chosen.length > 1 || prefix.length < 4) {
          throw new Stop(
            3,
            'nobody-asks-so',
            'No single fellow officer asks from a device with this id. Nothing was given.',
            'run "parley party recovery give" without it to see who asks',
          );
        }
        if (!(await shell.confirm('Have you spoken with this officer, and give your share?'))) {
          throw new Stop(3, 'not-given', 'Nothing was given.', 'run it again when you are sure');
        }
        const steps = await desk.party.recovery.give(device);
        shell.line('Given. The record says so.');
        showSteps(shell, steps);
        shell.result({ ok: true, steps });
      });
    });
  party
    .command('recover')
    .description('put the authority together from the shares that were given to this desk')
    .action(async () => {
      await atDesk(shell, async (desk) => {
        const { given, needed, recovered, wrong } = await desk.party.recovery.recover();
        if (!recovered) throw moreNeeded(given, needed);
        shell.line('The authority is restored at this desk. It certifies devices from here.');
        for (const member of wrong) {
          shell.line(
            `The share that ${printable(member)} gave is not the one that was handed out. Ask why; it was not needed.`,
          );
        }
        shell.line(
          'Next: parley party invite for who lost a desk; parley channel remove for what was lost',
        );
        shell.result({ ok: true, given, needed, wrong });
      });
    });
}
