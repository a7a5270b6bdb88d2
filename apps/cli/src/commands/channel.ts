// `parley channel`: opening a channel, letting the other side in, and who is there.

import { readFile } from 'node:fs/promises';
import type { AdmissionRequest } from '@parley/desk';
import { Argument, type Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { Stop, printable, type Shell } from '../shell.ts';
import { registerRestart } from './room.ts';
import { groupedFingerprint, utcTime } from '../words.ts';
import { registerUploads } from './channel-upload.ts';

type NewOptions = { relay: string; name: string; expires: string; relayTokenFile?: string };

async function readToken(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new Stop(2, 'token-file', `The file ${path} cannot be read.`, 'check its name');
  });
}

function registerNew(channel: Command, shell: Shell): void {
  channel
    .command('new')
    .description('found a channel on a relay; prints an invitation for the other side')
    .requiredOption('--relay <url>', "the relay's address, for example https://relay.example:7447")
    .requiredOption('--name <name>', 'your own short name for the channel')
    .option('--expires <days>', 'how long the invitation is good for, in days', '7')
    .option('--relay-token-file <file>', 'what the operator gave you, where the relay asks for it')
    .action(async (options: NewOptions) => {
      const days = Number(options.expires);
      if (!(days > 0 && days <= 90)) {
        throw new Stop(
          2,
          'bad-expiry',
          'An invitation is good for 1 to 90 days.',
          'give --expires a number of days',
        );
      }
      await atDesk(shell, async (desk) => {
        if (options.relayTokenFile !== undefined)
          desk.bringing.useRelayToken(options.relay, await readToken(options.relayTokenFile));
        const made = await desk.newChannel({ relay: options.relay, name: options.name, days });
        shell.line(`Channel "${printable(options.name)}" is open on ${printable(options.relay)}.`);
        shell.line();
        shell.line('Give this invitation to ONE person of the other side, by a way you trust:');
        shell.line();
        shell.line(made.invitation);
        shell.line();
        shell.line(`It can be used once, until ${utcTime(made.expiresMs)}.`);
        shell.line(
          `Next: when they have joined, run  parley channel admit ${printable(options.name)}`,
        );
        shell.result({ ok: true, ...made });
      });
    });
}

function registerInvite(channel: Command, shell: Shell): void {
  channel
    .command('invite')
    .description('print a further invitation to a channel you are in')
    .argument('<channel>')
    .option('--expires <days>', 'how long it is good for, in days', '7')
    .action(async (name: string, options: { expires: string }) => {
      await atDesk(shell, async (desk) => {
        const made = await desk.invite(name, Number(options.expires));
        shell.line(made.invitation);
        shell.note(
          `Give it to ONE person, by a way you trust. It can be used once, until ${utcTime(made.expiresMs)}.`,
        );
        shell.note(`Next: when they have joined, run  parley channel admit ${printable(name)}`);
        shell.result({ ok: true, ...made });
      });
    });
}

function registerJoin(channel: Command, shell: Shell): void {
  channel
    .command('join')
    .description('ask to be let into a channel, with the invitation you were given')
    .argument(
      '<invitation>',
      'the line that starts with parley1, or - to read it from standard input',
    )
    .option(
      '--name <name>',
      'your own short name for the channel (default: the name in the invitation)',
    )
    .action(async (argument: string, options: { name?: string }) => {
      const invitation =
        argument === '-'
          ? new TextDecoder().decode(await shell.stdin(16_384)).trim()
          : argument.trim();
      await atDesk(shell, async (desk) => {
        const asked = await desk.joinChannel({ invitation, name: options.name });
        if (asked.entered) {
          shell.line(
            `This invitation has done its work: you are in "${printable(asked.channel)}".`,
          );
          shell.line(`Next: parley log ${printable(asked.channel)}`);
          shell.result({ ok: true, ...asked });
          return;
        }
        shell.line(`You asked to join "${printable(asked.channel)}".`);
        shell.line(`  invited by   ${groupedFingerprint(asked.inviter)}`);
        shell.line(`  you are      ${groupedFingerprint(asked.fingerprint)}`);
        shell.line(
          'They see your fingerprint and must admit you. Nothing can be read before that.',
        );
        shell.line(
          `Next: when they have admitted you, run  parley sync ${printable(asked.channel)}`,
        );
        shell.result({ ok: true, ...asked });
      });
    });
}

function describeRequest(shell: Shell, request: AdmissionRequest): void {
  shell.line('This party asks to be admitted:');
  shell.line(`  party        ${printable(request.party)}`);
  shell.line(`  member       ${printable(request.member)} (${printable(request.device)})`);
  shell.line(`  fingerprint  ${groupedFingerprint(request.fingerprint)}`);
}

function registerAdmit(channel: Command, shell: Shell): void {
  channel
    .command('admit')
    .description(
      'let in the party that used your invitation: an explicit act, written into the record',
    )
    .argument('<channel>')
    .option('--show', 'only show who asks; admit nobody')
    .option('--fingerprint <hex>', 'admit only if the asking party has exactly this fingerprint')
    .action(async (name: string, options: { show?: boolean; fingerprint?: string }) => {
      await atDesk(shell, async (desk) => {
        const request = await desk.admissionRequest(name);
        describeRequest(shell, request);
        if (options.show === true) {
          shell.result({ ok: true, admitted: false, request });
          return;
        }
        const expected = options.fingerprint?.replaceAll(/[\s:]/g, '').toLowerCase();
        if (expected !== undefined && expected !== request.fingerprint) {
          throw new Stop(
            3,
            'fingerprint-differs',
            'The fingerprint of who asks is not the one you gave. Nobody was admitted.',
            'ask the other side, by a way you trust, for their fingerprint; make a new invitation if a stranger used this one',
            { request },
          );
        }
        if (!(await shell.confirm('Admit them?'))) {
          throw new Stop(
            3,
            'not-admitted',
            'Nobody was admitted.',
            'run the command again when you are sure',
          );
        }
        await desk.admit(name, request);
        shell.line(
          `Admitted ${printable(request.party)}. The record says so, and both sides see it.`,
        );
        shell.line(`Next: compare a few words by voice with  parley verify ${printable(name)}`);
        shell.result({ ok: true, admitted: true, request });
      });
    });
}

function registerList(channel: Command, shell: Shell): void {
  channel
    .command('list')
    .description('the channels of this desk, who is in them, and how they stand')
    .action(async () => {
      await atDesk(shell, async (desk) => {
        const channels = desk.channels();
        if (channels.length === 0)
          shell.line('No channel yet. Next: parley channel new  or  parley channel join');
        for (const view of channels) {
          shell.line(
            `${printable(view.name)}  ${view.stage}${view.frozen === null ? '' : `: ${printable(view.frozen)}`}`,
          );
          for (const party of view.parties) {
            const verified = party.mine
              ? 'your party'
              : party.verified
                ? 'verified'
                : 'NOT VERIFIED';
            shell.line(
              `  ${printable(party.name)}  ${verified}  ${groupedFingerprint(party.fingerprint)}`,
            );
            for (const device of party.devices) {
              const removed = device.removed ? '  removed' : device.suspended ? '  SUSPENDED' : '';
              shell.line(
                `    ${printable(device.member)}, ${printable(device.label)}  ${device.id.slice(0, 16)}${removed}`,
              );
            }
          }
        }
        shell.result({ ok: true, channels });
      });
    });
}

function registerRemove(channel: Command, shell: Shell): void {
  channel
    .command('remove')
    .description('remove a device from a channel: it reads nothing that is written afterwards')
    .argument('<channel>')
    .argument('<device>', 'the first characters of its id, as "parley channel list" shows it')
    .option('--reason <text>', 'why; it goes into the record', 'removed by its party')
    .action(async (name: string, device: string, options: { reason: string }) => {
      await atDesk(shell, async (desk) => {
        const removed = await desk.removeDevice(name, device, options.reason);
        shell.line(
          `Removed ${printable(removed.member)}, ${printable(removed.label)}. The keys have been changed.`,
        );
        shell.result({ ok: true, removed });
      });
    });
}

function registerReceipts(channel: Command, shell: Shell): void {
  channel
    .command('receipts')
    .description('sign receipts when you open a document or read what came in: on or off')
    .argument('<channel>')
    .addArgument(new Argument('<state>').choices(['on', 'off']))
    .action(async (name: string, state: 'on' | 'off') => {
      await atDesk(shell, async (desk) => {
        desk.setReceipts(name, state === 'on');
        shell.line(
          state === 'on'
            ? 'The others will see, signed, what you have opened.'
            : 'No receipts from now on.',
        );
        shell.result({ ok: true, channel: name, receipts: state === 'on' });
      });
    });
}

export function registerChannel(program: Command, shell: Shell): void {
  const channel = program
    .command('channel')
    .description('open a channel; invite, join, admit, list, remove');
  registerNew(channel, shell);
  registerInvite(channel, shell);
  registerJoin(channel, shell);
  registerAdmit(channel, shell);
  registerList(channel, shell);
  registerRemove(channel, shell);
  registerReceipts(channel, shell);
  registerRestart(channel, shell);
  registerUploads(channel, shell);
}
