// `parley relay restore`: a relay brought back from a backup, from its members, or from both, one after the other.

import { XWING_SECRET_KEY_BYTES, fromHex, toHex } from '@parley/kernel';
import {
  collectFromMembers,
  finishRestoring,
  readKeyFile,
  relayKeyOf,
  restore,
  type RestoredLog,
} from '@parley/relay';
import type { Command } from 'commander';
import { Stop, type Shell } from '../shell.ts';

type RestoreOptions = {
  readonly data: string;
  readonly from?: string;
  readonly key?: string;
  readonly fromMembers?: boolean;
  readonly listen?: string;
  readonly readyFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly formerKey?: string[];
  readonly salvage?: boolean;
  readonly finish?: boolean;
  readonly acceptLoss?: boolean;
};

const wrong = (message: string, next: string): Stop => new Stop(2, 'bad-option', message, next);

function keysOf(options: RestoreOptions): Uint8Array[] {
  return (options.formerKey ?? []).map((text) => {
    const read = fromHex(text.trim().toLowerCase());
    if (read.ok && read.value.length === 32) return read.value;
    throw wrong(
      'A key of a relay has 64 hexadecimal digits.',
      'it is what "parley relay serve" printed as "key", and what invitations name',
    );
  });
}

async function fromBackup(options: RestoreOptions, shell: Shell): Promise<void> {
  const { from, key, data } = options;
  if (from === undefined || key === undefined)
    throw wrong(
      'A restore needs a backup with its key, or the members.',
      'give --from FILE --key FILE, or --from-members',
    );
  const facts = await restore(from, data, await readKeyFile(key, XWING_SECRET_KEY_BYTES));
  shell.result(facts);
  shell.line(
    `Restored ${facts.logs} logs with ${facts.envelopes} envelopes; every chain of heads was checked.`,
  );
  shell.note(
    'What came after the backup is with the members: parley relay restore --from-members --data ...',
  );
}

/** Resolves at the first SIGTERM or SIGINT. */
function stopped(): Promise<string> {
  return new Promise((settle) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => settle(signal));
  });
}

async function collect(options: RestoreOptions, shell: Shell): Promise<void> {
  const stopping = stopped();
  const { data, listen = '127.0.0.1:7447', readyFile, tlsCert, tlsKey } = options;
  const tls =
    tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { certFile: tlsCert, keyFile: tlsKey } };
  const collecting = await collectFromMembers({
    dataDir: data,
    listen,
    formerKeys: keysOf(options),
    salvage: options.salvage === true,
    quiet: true,
    ...tls,
    ...(readyFile === undefined ? {} : { readyFile }),
    came: (log, { proven, missing }) => {
      shell.item({ log, proven, missing });
      shell.line(
        `log ${log.slice(0, 16)}: acknowledged up to ${proven}, ${missing === 0 ? 'all there' : `${missing} is the newest still missing`}`,
      );
    },
  });
  const { salvaged } = collecting;
  if (salvaged !== null) {
    shell.line(
      `Read ${salvaged.envelopes} envelopes of ${salvaged.logs} logs from the damaged store.`,
    );
    for (const { log, from } of salvaged.damaged)
      shell.line(`log ${log.slice(0, 16)}: damaged from envelope ${from} on`);
  }
  shell.note(`collecting at ${collecting.url}`);
  shell.note(`key   ${toHex(collecting.relayKey)}`);
  shell.note('Ask the members to run: parley channel upload NAME');
  shell.note('When they have come, stop this and run it again with --finish.');
  await stopping;
  await collecting.close();
}

function said(one: RestoredLog): string {
  const name = `log ${one.log.slice(0, 16)}`;
  const by = `by a receipt of the relay with the key ${one.by.slice(0, 16)}...`;
  if (one.outcome === 'contradiction')
    return `${name}: REFUSED. Two histories at envelope ${one.contradiction?.at ?? 0}; the receipts are in ${one.contradiction?.evidence ?? ''}`;
  if (one.outcome === 'incomplete')
    return `${name}: not opened. Envelope ${one.proven} was acknowledged, ${by}, and nobody brought envelope ${one.missing ?? 0}`;
  const members = `${one.back} members are back, ${one.awaited} are awaited`;
  const loss =
    one.missing === undefined
      ? ''
      : `; LOST: envelope ${one.missing} was acknowledged and nobody brought it`;
  return `${name}: complete from 1 to ${one.proven}, proven ${by}; ${members}${loss}`;
}

async function finish(options: RestoreOptions, shell: Shell): Promise<void> {
  const formerKeys = keysOf(options);
  const report = await finishRestoring(options.data, {
    ownKey: await relayKeyOf(options.data),
    acceptLoss: options.acceptLoss === true,
    ...(formerKeys.length === 0 ? {} : { formerKeys }),
  });
  for (const one of report) shell.line(said(one));
  const left = report.filter(({ outcome }) => outcome !== 'restored');
  if (left.some(({ outcome }) => outcome === 'contradiction')) {
    throw new Stop(
      5,
      'logs-contradict',
      'At least one log was refused: two genuine receipts tell two histories.',
      'keep the receipts (parley relay audit FILE explains them); tell the members; the other logs are rebuilt',
      { logs: report },
    );
  }
  if (left.length > 0) {
    throw new Stop(
      4,
      'logs-incomplete',
      `${left.length} of ${report.length} logs are not complete yet. They were not opened.`,
      'collect again from the members who are missing, or open them as they are with --accept-loss',
      { logs: report },
    );
  }
  shell.result({ ok: true, logs: report });
  shell.line('Now start the relay: parley relay serve');
}

const several = (value: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

export function registerRestore(relay: Command, shell: Shell): void {
  relay
    .command('restore')
    .description('bring a relay back: from a backup, from what its members kept, or both')
    .requiredOption('--data <dir>', 'the data directory: empty or absent for a backup')
    .option('--from <file>', 'the backup')
    .option('--key <file>', 'the secret half of the backup key')
    .option('--from-members', 'collect from the members until stopped; serves nobody meanwhile')
    .option('--listen <host:port>', 'where members bring it (default: 127.0.0.1:7447)')
    .option('--ready-file <file>', 'write {"url","relayKey","pid"} there once it answers')
    .option('--tls-cert <file>', 'certificate chain (PEM)')
    .option('--tls-key <file>', 'its key (PEM)')
    .option(
      '--former-key <hex>',
      'public key of the relay that was lost, where relay.key is lost too; may be repeated',
      several,
    )
    .option('--salvage', 'first read what can be read of a damaged relay.db')
    .option('--finish', 'end the collecting: rebuild every log that is proven whole')
    .option('--accept-loss', 'with --finish: also open logs of which something is missing')
    .action((options: RestoreOptions) => {
      if (options.fromMembers !== true) return fromBackup(options, shell);
      return options.finish === true ? finish(options, shell) : collect(options, shell);
    });
}
