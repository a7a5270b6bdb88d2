// `parley relay`: the operator's side.

import { XWING_PUBLIC_KEY_BYTES, isFault, toHex } from '@parley/kernel';
import {
  auditRelay,
  backUp,
  moveToPostgres,
  readConfig,
  readKeyFile,
  relayOptionsOf,
  startRelay,
  writeBackupKey,
  type Setting,
} from '@parley/relay';
import type { Command } from 'commander';
import { join } from 'node:path';
import { Stop, type Shell } from '../shell.ts';
import { registerRestore } from './relay-restore.ts';

type SettingOptions = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly verbose?: boolean;
};

/** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once, as an impatient person expects. */
function asked(): Promise<string> {
  return new Promise((settle) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => settle(signal));
  });
}

/** Settings as the relay names them: `--tls-cert` is `tls-cert`. */
async function settingsOf(options: SettingOptions): Promise<readonly Setting[]> {
  const flags: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options))
    flags[name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)] = value;
  if (options.verbose === true) flags['log-level'] = 'debug';
  const file = options.config ?? process.env['PARLEY_RELAY_CONFIG'];
  return readConfig({ flags, environment: process.env, ...(file === undefined ? {} : { file }) });
}

/** A wrong setting is wrong use of the command. */
async function rightly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error, 'config-wrong')) throw error;
    throw new Stop(2, error.code, error.message, error.nextAction);
  }
}

async function serve(options: SettingOptions, shell: Shell): Promise<void> {
  const stopping = asked();
  const relay = await startRelay(await rightly(() => settingsOf(options).then(relayOptionsOf)));
  process.on('SIGHUP', () => {
    relay.reloadTls().catch((error: unknown) => shell.note(String(error)));
  });
  shell.note(`relay ${relay.url}`);
  shell.note(`key   ${toHex(relay.relayKey)}`);
  await stopping;
  shell.note('stopping: no new requests, the running ones are finished');
  await relay.close();
}

async function migrate(options: { data: string; to: string }, shell: Shell): Promise<void> {
  const moved = await moveToPostgres(join(options.data, 'relay.db'), options.to, (done) =>
    shell.progress(
      `${done.logs} logs, ${done.envelopes} envelopes${done.pausing ? ', the relay pauses' : ''}`,
    ),
  );
  shell.result(moved);
  shell.line(
    `Moved ${moved.logs} logs with ${moved.envelopes} envelopes; every chain of heads was checked.`,
  );
  shell.line('The old store takes no more. Start the relay again with --store on the new one.');
}

async function audit(
  file: string,
  options: { data?: string; store?: string[] },
  shell: Shell,
): Promise<void> {
  const { receipts, findings, held } = await auditRelay(file, {
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    stores: options.store ?? [],
  });
  if (findings.length > 0) {
    for (const { kind, log, seq } of findings) shell.note(`${kind}: log ${log}, number ${seq}`);
    throw new Stop(
      5,
      'receipts-contradict',
      `${findings.length} of ${receipts} receipts contradict the relay.`,
      'keep the receipts: they are the evidence, and anyone can check them',
      { findings },
    );
  }
  shell.result({ receipts, held, findings });
  shell.line(
    `${receipts} receipts are genuine and agree with each other${held ? ', and the store has every entry of them' : ''}.`,
  );
  if (!held) shell.note('Not held against a store: add --data or --store.');
}

const several = (value: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

/** The settings of a relay; all of them can also stand in the file or in the environment. */
function withSettings(command: Command): Command {
  return command
    .option('--config <file>', 'a TOML file with these settings, and [limits]')
    .option('--data <dir>', 'where it keeps its key, its store and the sealed chunks')
    .option('--listen <host:port>', 'address to listen on (default: 127.0.0.1:7447)')
    .option('--ready-file <file>', 'write {"url","relayKey","pid"} there once it answers')
    .option('--create-token-file <file>', 'only whoever shows this text may make logs')
    .option(
      '--store <place>',
      '[NAME:GENERATION=]postgres://user@host1,host2/name; repeat it for each cluster',
      several,
    )
    .option(
      '--key-file <file>',
      'the key that signs receipts, where several machines are one relay',
    )
    .option(
      '--tls-cert <file>',
      'certificate chain (PEM); without it put a TLS proxy before the relay',
    )
    .option('--tls-key <file>', 'its key (PEM)')
    .option(
      '--admin-listen <host:port>',
      'where /healthz, /readyz and /metrics answer: not for the public',
    )
    .option(
      '--strangers-listen <host:port>',
      'serve callers without a capability in a process of their own, there',
    )
    .option(
      '--strangers-url <url>',
      'what clients are told instead of that address, behind a proxy',
    )
    .option(
      '--trust-proxy <address>',
      'believe X-Forwarded-For of this proxy; may be repeated',
      several,
    )
    .option('--log-level <level>', 'debug, info, warn, error or silent (default: info)')
    .option('--verbose', 'a line for every request: the same as --log-level debug');
}

export function registerRelay(program: Command, shell: Shell): void {
  const relay = program.command('relay').description('run and look after a relay');
  withSettings(relay.command('serve'))
    .description(
      'serve a relay until it is told to stop (SIGTERM); SIGHUP reads the certificate again',
    )
    .action((options: SettingOptions) => serve(options, shell));
  withSettings(relay.command('config'))
    .description('show the settings that serve would use')
    .option('--origin', 'and where each of them comes from')
    .action(async (options: SettingOptions & { origin?: boolean }) => {
      const settings = await rightly(() => settingsOf(options));
      shell.result(settings);
      for (const { name, value, origin } of settings)
        shell.line(
          `${name} = ${JSON.stringify(value)}${options.origin === true ? `   (${origin})` : ''}`,
        );
    });
  relay
    .command('migrate')
    .description(
      'move a live relay from its SQLite file to PostgreSQL, losing and reordering nothing',
    )
    .requiredOption('--data <dir>', 'the data directory of the relay')
    .requiredOption('--to <url>', 'postgres://user@host1,host2/name')
    .action((options: { data: string; to: string }) => migrate(options, shell));
  relay
    .command('audit')
    .description(
      'check receipts: are they genuine, do they agree, and does the store have what they promise',
    )
    .argument('<receipts>', 'a file of receipts')
    .option('--data <dir>', 'the data directory of the relay to hold them against')
    .option('--store <place>', 'or the PostgreSQL it keeps its logs on', several)
    .action((file: string, options: { data?: string; store?: string[] }) =>
      audit(file, options, shell),
    );
  relay
    .command('backup-key')
    .description(
      'make a key pair for backups: FILE is the secret (keep it off the relay), FILE.pub seals',
    )
    .argument('<file>', 'where to write the secret')
    .action(async (file: string) => {
      await writeBackupKey(file);
      shell.result({ secret: file, public: `${file}.pub` });
      shell.line(`Keep ${file} away from the relay, in two places. Give the relay ${file}.pub.`);
    });
  relay
    .command('backup')
    .description('back up a running relay into a new file, sealed to a backup key')
    .requiredOption('--data <dir>', 'the data directory of the relay')
    .requiredOption('--to <file>', 'a file that is not there yet')
    .requiredOption('--key <file>', 'the public half of the backup key (FILE.pub)')
    .action(async (options: { data: string; to: string; key: string }) => {
      const facts = await backUp(
        options.data,
        options.to,
        await readKeyFile(options.key, XWING_PUBLIC_KEY_BYTES),
      );
      shell.result(facts);
      shell.line(
        `Backed up ${facts.files} files, ${facts.bytes} bytes; the store in it was checked.`,
      );
    });
  registerRestore(relay, shell);
}
