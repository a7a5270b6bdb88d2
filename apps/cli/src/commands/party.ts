// `parley party`: how an officer governs the party: who is in it, on which machines, and by how many officers' word.

import type { FellowAsking, FellowStep, ProposalView } from '@parley/desk';
import { Option, type Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { groupedFingerprint, plural, utcTime } from '../words.ts';
import { registerAuthority, registerRecovery, showSteps } from './party-authority.ts';

function registerShow(party: Command, shell: Shell): void {
  party
    .command('show')
    .description('the members of your party, their devices, and how many officers decide')
    .action(async () => {
      await atDesk(shell, async (desk) => {
        const view = desk.party.view();
        shell.line(printable(view.party));
        shell.line(`  authority  ${groupedFingerprint(view.fingerprint)}`);
        shell.line(
          view.holdsAuthority
            ? '  this desk holds its secret and can certify devices'
            : '  its secret is at another desk of your party',
        );
        for (const { member, devices } of view.members) {
          shell.line(`  ${printable(member)}`);
          for (const device of devices) {
            const marks = [
              device.role,
              ...(device.here ? ['this desk'] : []),
              ...(device.suspended ? ['SUSPENDED'] : []),
            ];
            shell.line(
              `    ${printable(device.label)}  ${device.id.slice(0, 16)}  ${marks.join(', ')}  in ${device.channels.map((name) => printable(name)).join(', ')}`,
            );
          }
        }
        for (const { name, policy, loosening } of view.channels) {
          const waits =
            loosening === null
              ? ''
              : `; asked for: ${loosening.officersForAdmission} and ${loosening.officersForAuthority}, a second officer must agree`;
          shell.line(
            `  ${printable(name)}: ${plural(policy.officersForAdmission, 'officer')} for an admission, ${policy.officersForAuthority} for a new authority without the old key${waits}`,
          );
        }
        shell.result({ ok: true, ...view });
      });
    });
}

function registerInvite(party: Command, shell: Shell): void {
  party
    .command('invite')
    .description("print an invitation for one device of a member: a colleague's, or a second one")
    .requiredOption('--member <name>', 'the person, as the other side shall see it')
    .option('--officer', 'the device governs the party too: admits, renames, suspends, removes')
    .option('--relay <url>', 'where the device asks (default: the relay of your first channel)')
    .option('--expires <days>', 'how long it is good for, in days', '7')
    .addHelpText(
      'after',
      '\nOn the new machine:  parley init --invited INVITATION\nAt a desk of your party that comes back, or into new channels:  parley party join INVITATION',
    )
    .action(
      async (options: { member: string; officer?: boolean; relay?: string; expires: string }) => {
        await atDesk(shell, async (desk) => {
          const made = await desk.party.invite({
            member: options.member,
            role: options.officer === true ? 'officer' : 'member',
            days: Number(options.expires),
            relay: options.relay,
          });
          shell.line(
            `Give this invitation to ${printable(made.member)} alone, by a way you trust:`,
          );
          shell.line();
          shell.line(made.invitation);
          shell.line();
          shell.line(`It can be used once, until ${utcTime(made.expiresMs)}.`);
          shell.line('Next: when it was used, run  parley party requests');
          shell.result({ ok: true, ...made });
        });
      },
    );
}

function registerJoin(party: Command, shell: Shell): void {
  party
    .command('join')
    .description('ask, at a desk of the party, to come back into its channels or into new ones')
    .argument('<invitation>', 'the line that starts with parleyfellow1, or - for standard input')
    .action(async (argument: string) => {
      const invitation =
        argument === '-' ? new TextDecoder().decode(await shell.stdin(16_384)) : argument;
      await atDesk(shell, async (desk) => {
        const asked = await desk.party.join(invitation.trim());
        shell.line(`You asked to be let in as ${printable(asked.member)}.`);
        shell.line(`  this device  ${asked.deviceId}`);
        shell.line('Next: when an officer has admitted it, run  parley sync');
        shell.result({ ok: true, ...asked });
      });
    });
}

function showAsking(shell: Shell, one: FellowAsking): void {
  shell.line(`${one.known ? 'A device of the party asks to come back' : 'A new device asks'}:`);
  shell.line(`  member       ${printable(one.member)}, ${one.role}`);
  shell.line(`  device       ${printable(one.device)}`);
  shell.line(`  fingerprint  ${groupedFingerprint(one.id)}`);
}

function showProposal(shell: Shell, one: ProposalView): void {
  shell.line(
    `Proposed by ${printable(one.by)} in ${printable(one.channel)}, entry ${one.entry}${one.mine ? ': a second officer must agree' : ''}:`,
  );
  shell.line(`  party        ${printable(one.party)}`);
  shell.line(`  member       ${printable(one.member)}, ${one.role}`);
  shell.line(`  device       ${printable(one.device)}`);
  shell.line(`  fingerprint  ${groupedFingerprint(one.fingerprint)}`);
}

function registerRequests(party: Command, shell: Shell): void {
  party
    .command('requests')
    .description('devices that ask to be let in, and admissions that wait for a second officer')
    .action(async () => {
      await atDesk(shell, async (desk) => {
        const found = await desk.party.requests();
        for (const one of found.asking) showAsking(shell, one);
        for (const one of found.proposals) showProposal(shell, one);
        for (const trouble of found.troubles) shell.line(`Nobody can be let in: ${trouble}.`);
        if (found.asking.length + found.proposals.length === 0) shell.line('Nobody asks.');
        else
          shell.line(
            'Compare the fingerprint with the one that their desk shows, then:  parley party admit FINGERPRINT',
          );
        shell.result({ ok: true, ...found });
      });
    });
}

function stepWords({ channel, state, detail }: FellowStep): string {
  const said: Record<FellowStep['state'], string> = {
    admitted: 'admitted, and the other side sees it',
    proposed: 'proposed; a second officer of your party must agree',
    queued: 'queued: the relay cannot be reached',
    'there-already': 'it is in already',
    removed: 'it was removed there: a removed device does not come back; invite it as a new one',
    suspended: 'its member is suspended: resume first',
    refused: 'refused',
  };
  return `  ${printable(channel)}: ${said[state]}${detail === undefined ? '' : `: ${printable(detail)}`}`;
}

function registerAdmit(party: Command, shell: Shell): void {
  party
    .command('admit')
    .description('let in a device of your party: an explicit act, written into every record')
    .argument('<fingerprint>', "the device's, or at least its first four digits")
    .option('--show', 'only show who asks; admit nobody')
    .action(async (written: string, options: { show?: boolean }) => {
      const prefix = written.replaceAll(/[\s:]/g, '').toLowerCase();
      await atDesk(shell, async (desk) => {
        const { asking, proposals } = await desk.party.requests();
        const ids = new Set(
          [...asking.map(({ id }) => ({ id, fingerprint: id })), ...proposals].flatMap(
            ({ id, fingerprint }) => (fingerprint.startsWith(prefix) || id === prefix ? [id] : []),
          ),
        );
        const [id] = ids;
        if (id === undefined || ids.size > 1 || prefix.length < 4) {
          throw new Stop(
            3,
            'nobody-asks-so',
            'No single device that asks has this fingerprint. Nobody was admitted.',
            'look at "parley party requests" and give more of it',
          );
        }
        for (const one of asking) if (one.id === id) showAsking(shell, one);
        for (const one of proposals) if (one.id === id) showProposal(shell, one);
        if (options.show === true) {
          shell.result({ ok: true, admitted: false, id });
          return;
        }
        if (!(await shell.confirm('Does this device show the same fingerprint, and admit it?'))) {
          throw new Stop(
            3,
            'not-admitted',
            'Nobody was admitted.',
            'run it again when you are sure',
          );
        }
        const steps = await desk.party.admit(id);
        for (const step of steps) shell.line(stepWords(step));
        if (steps.length === 0) shell.line('  certified; it is in no channel yet');
        shell.result({ ok: true, admitted: true, id, steps });
        if (steps.some((step) => step.state === 'proposed')) process.exitCode = 4;
      });
    });
}

function registerMembers(party: Command, shell: Shell): void {
  party
    .command('rename')
    .description('change the name under which the others see a member')
    .argument('<member>')
    .argument('<name>', 'the new name')
    .action(async (member: string, name: string) => {
      await atDesk(shell, async (desk) => {
        const steps = await desk.party.rename(member, name);
        shell.line(`${printable(member)} is now ${printable(name)}.`);
        showSteps(shell, steps);
        shell.result({ ok: true, steps });
      });
    });
  party
    .command('suspend')
    .description("stop a member's devices: they say and read nothing until the member is resumed")
    .argument('<member>')
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .action(async (member: string, { reason }: { reason: string }) => {
      await atDesk(shell, async (desk) => {
        const steps = await desk.party.suspend(member, reason);
        shell.line(
          steps.some((step) => step.state === 'done')
            ? `${printable(member)} is suspended. The keys have been changed.`
            : `${printable(member)} is to be suspended, and is not yet: until then the keys are as they were.`,
        );
        showSteps(shell, steps);
        shell.result({ ok: true, steps });
      });
    });
  party
    .command('resume')
    .description("end a member's suspension; the member's desks then come back by an invitation")
    .argument('<member>')
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .action(async (member: string, { reason }: { reason: string }) => {
      await atDesk(shell, async (desk) => {
        const steps = await desk.party.resume(member, reason);
        shell.line(`${printable(member)} is resumed.`);
        showSteps(shell, steps);
        shell.line(
          `Next: parley party invite --member ${JSON.stringify(printable(member))}, and at each of its desks: parley party join`,
        );
        shell.result({ ok: true, steps });
      });
    });
}

function registerPolicy(party: Command, shell: Shell): void {
  party
    .command('policy')
    .description('how many officers must agree: more at once, fewer when a second officer agrees')
    .addOption(
      new Option('--admission <officers>', 'for letting in a device or a party').choices([
        '1',
        '2',
      ]),
    )
    .option('--authority <officers>', 'for a new authority key without the old one: 2 to 16')
    .action(async (options: { admission?: string; authority?: string }) => {
      const authority = options.authority === undefined ? undefined : Number(options.authority);
      const bad =
        authority !== undefined &&
        !(Number.isInteger(authority) && authority >= 2 && authority <= 16);
      if (bad || (options.admission === undefined && authority === undefined)) {
        throw new Stop(
          2,
          'policy-needed',
          'Say how many officers must agree.',
          'give --admission 1 or 2, or --authority 2 to 16',
        );
      }
      await atDesk(shell, async (desk) => {
        const { steps, waiting } = await desk.party.decide({
          ...(options.admission === undefined
            ? {}
            : { officersForAdmission: Number(options.admission) }),
          ...(authority === undefined ? {} : { officersForAuthority: authority }),
        });
        showSteps(shell, steps);
        if (waiting.length > 0) {
          shell.line('It takes effect when a second officer runs the same command.');
          process.exitCode = 4;
        }
        shell.result({ ok: true, steps, waiting });
      });
    });
}

function registerObject(party: Command, shell: Shell): void {
  party
    .command('object')
    .description("tell everybody that you doubt another party's device; it stays, they decide")
    .argument('<channel>')
    .argument('<device>', 'the first characters of its id, as "parley channel list" shows it')
    .requiredOption('--reason <text>', 'why; it goes into the record')
    .action(async (channel: string, device: string, { reason }: { reason: string }) => {
      await atDesk(shell, async (desk) => {
        const step = await desk.party.object(channel, device, reason);
        shell.line('Your objection is on the record. Every desk of the channel is told.');
        shell.result({ ok: true, ...step });
      });
    });
}

export function registerParty(program: Command, shell: Shell): void {
  const party = program
    .command('party')
    .description('your own party: its members, their devices, its officers and its authority');
  registerShow(party, shell);
  registerInvite(party, shell);
  registerJoin(party, shell);
  registerRequests(party, shell);
  registerAdmit(party, shell);
  registerMembers(party, shell);
  registerPolicy(party, shell);
  registerObject(party, shell);
  registerAuthority(party, shell);
  registerRecovery(party, shell);
}
