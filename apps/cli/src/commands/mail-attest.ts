// `parley mail attest` and `seal-day`: statements about mail that was sent, kept in a file until the desk puts them on record.

import { writeFile } from 'node:fs/promises';
import {
  attest,
  attestationsJson,
  dayOf,
  newDayKey,
  readAttestations,
  readMessage,
  sealDay,
  type HeldAttestations,
} from '@parley/mail';
import { readMailbox } from '@parley/mail/node';
import { nativePorts } from '@parley/kernel/node';
import type { Command } from 'commander';
import { atDesk } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';
import { plural } from '../words.ts';
import { readJson, timeOf } from './mail-known.ts';

type AttestOptions = {
  readonly file?: string;
  readonly party?: string;
  readonly channel?: string;
  readonly account?: string;
  readonly folder?: string;
  readonly to?: readonly string[];
  readonly since?: string;
};
type SealOptions = {
  readonly file?: string;
  readonly channel?: string;
  readonly day: string;
  readonly covers: readonly string[];
};

async function readHeld(path: string, party: string | undefined): Promise<HeldAttestations> {
  let value: unknown;
  try {
    value = await readJson(path);
  } catch (error) {
    if (party !== undefined && error instanceof Stop && error.code === 'file-unreadable')
      return { party, dayKeys: [], statements: [], seals: [] };
    throw error;
  }
  const held = readAttestations(value);
  if (!held.ok)
    throw new Stop(
      2,
      held.reason,
      `The file ${printable(path)} holds no attestations.`,
      'name another file',
    );
  return held.value;
}

function fileOf(options: { readonly file?: string }): string {
  if (options.file !== undefined) return options.file;
  throw new Stop(2, 'where', 'Say where the statements go.', 'give --channel NAME, or --file FILE');
}

async function attestOnRecord(
  paths: readonly string[],
  channel: string,
  shell: Shell,
): Promise<void> {
  const mails: Uint8Array[] = [];
  for (const path of paths) for await (const item of readMailbox(path)) mails.push(item.bytes);
  const attested = await atDesk(shell, (desk) => desk.mail.attest(channel, mails));
  const known = mails.length - attested;
  shell.result({ ok: true, attested, known });
  shell.line(`${plural(attested, 'mail')} attested on the record of ${printable(channel)}.`);
  if (known > 0) shell.line(`${plural(known, 'mail')} attested before.`);
}

const FIRST_RUN_DAYS = 30;

/** What lies in a folder of a mail account; each run goes on where the last one stopped. */
async function attestFolder(
  account: string,
  options: AttestOptions & { readonly channel: string },
  shell: Shell,
): Promise<void> {
  const { channel, folder, to } = options;
  const since =
    options.since === undefined
      ? nativePorts.clock.nowMs() - FIRST_RUN_DAYS * 86_400_000
      : timeOf(options.since, '--since');
  const done = await atDesk(shell, (desk) =>
    desk.mail.attestFolder(channel, {
      account,
      folder: folder ?? null,
      to: to ?? [],
      since: new Date(since),
      onProgress: (seen) => shell.progress(`${plural(seen, 'mail')} read`),
    }),
  );
  shell.result({ ok: done.sealedDays.length === 0, ...done });
  shell.line(
    `${plural(done.attested, 'mail')} attested on the record of ${printable(channel)}; ${done.known} attested before, ${done.others} to others.`,
  );
  if (done.sealedDays.length === 0) return;
  shell.line(
    `Not attested: mails of ${done.sealedDays.join(', ')}. These days are sealed, so the other side sees such mails as denied: tell them in the channel.`,
  );
  process.exitCode = 3;
}

async function attestMails(
  paths: readonly string[],
  options: AttestOptions,
  shell: Shell,
): Promise<void> {
  const { channel, account } = options;
  if ((account === undefined) === (paths.length === 0))
    throw new Stop(
      2,
      'wrong-use',
      'Say which mails were sent: files, or an account.',
      'name .eml files, an mbox or a maildir, or give --account NAME',
    );
  if (account !== undefined && channel === undefined)
    throw new Stop(
      2,
      'where',
      'What an account holds is attested on a record.',
      'give --channel NAME',
    );
  if (account !== undefined && channel !== undefined)
    return attestFolder(account, { ...options, channel }, shell);
  if (channel !== undefined) return attestOnRecord(paths, channel, shell);
  const file = fileOf(options);
  let held = await readHeld(file, options.party);
  let count = 0;
  for (const path of paths)
    for await (const item of readMailbox(path)) {
      const message = readMessage(item.bytes);
      const day = dayOf(message.dateMs ?? nativePorts.clock.nowMs());
      if (held.seals.some((seal) => seal.day === day))
        throw new Stop(
          3,
          'day-sealed',
          `The day ${day} is sealed; nothing can be added to it.`,
          'a mail of a sealed day cannot be attested',
        );
      const known = held.dayKeys.find((key) => key.day === day);
      const dayKey = known ?? newDayKey(nativePorts, day);
      const statement = attest(nativePorts, message, dayKey);
      held = {
        ...held,
        dayKeys: known === undefined ? [...held.dayKeys, dayKey] : held.dayKeys,
        statements: [...held.statements, statement],
      };
      count++;
    }
  await writeFile(file, `${JSON.stringify(attestationsJson(held), null, 1)}\n`, {
    mode: 0o600,
  });
  shell.result({ ok: true, attested: count, statements: held.statements.length });
  shell.line(
    `${plural(count, 'mail')} attested; ${plural(held.statements.length, 'statement')} in the file.`,
  );
}

async function seal(options: SealOptions, shell: Shell): Promise<void> {
  const day =
    options.day === 'yesterday'
      ? dayOf(nativePorts.clock.nowMs() - 86_400_000)
      : dayOf(timeOf(options.day, '--day'));
  const { channel, covers } = options;
  if (channel !== undefined) {
    const count = await atDesk(shell, (desk) => desk.mail.sealDay(channel, { day, covers }));
    shell.result({ ok: true, day, count });
    shell.line(
      `${day} is sealed over ${plural(count, 'mail')}, on the record of ${printable(channel)}.`,
    );
    return;
  }
  const file = fileOf(options);
  const held = await readHeld(file, undefined);
  if (held.seals.some((existing) => existing.day === day))
    throw new Stop(3, 'day-sealed', `The day ${day} is sealed already.`);
  const made = sealDay(nativePorts.crypto, day, {
    statements: held.statements,
    covers: options.covers.map((entry) => entry.toLowerCase()),
  });
  await writeFile(
    file,
    `${JSON.stringify(attestationsJson({ ...held, seals: [...held.seals, made] }), null, 1)}\n`,
    { mode: 0o600 },
  );
  shell.result({ ok: true, day, count: made.count });
  shell.line(
    `${day} is sealed over ${plural(made.count, 'mail')}. Any other mail of that day from ${options.covers.map(printable).join(', ')} counts as denied.`,
  );
}

export function addAttest(mail: Command, shell: Shell): void {
  mail
    .command('attest')
    .description(
      'state that you sent these mails: .eml files, an mbox, a maildir, or a folder over IMAP',
    )
    .argument('[paths...]')
    .option(
      '--account <name>',
      'or the mails in a folder of this mail account; goes on where it stopped',
    )
    .option(
      '--folder <name>',
      "with --account: which folder (default: the server's folder of sent mail)",
    )
    .option(
      '--to <who...>',
      'with --account: domains and addresses of the counterpart (default: its directory)',
    )
    .option('--since <day>', 'with --account: how far back the first run looks (default 30 days)')
    .option('--channel <name>', 'put the statements on the record of this channel')
    .option('--file <file>', 'or keep them in this file')
    .option('--party <name>', 'start a new file for this party')
    .action((paths: string[], options: AttestOptions) => attestMails(paths, options, shell));
  mail
    .command('seal-day')
    .description('state that on a day you sent exactly the attested mails')
    .option('--channel <name>', 'put the statements on the record of this channel')
    .option('--file <file>', 'or keep them in this file')
    .requiredOption('--day <day>', 'like 2026-11-21 (UTC), or yesterday')
    .requiredOption('--covers <domains...>', 'domains and addresses whose mail is all attested')
    .action((options: SealOptions) => seal(options, shell));
}
