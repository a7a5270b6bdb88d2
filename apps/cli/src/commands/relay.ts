// `parley relay`: the operator's side.

import { toHex } from '@parley/kernel';
import { startRelay } from '@parley/relay';
import type { Command } from 'commander';
import type { Shell } from '../shell.ts';

type ServeOptions = {
  readonly data: string;
  readonly listen: string;
  readonly readyFile?: string;
  readonly createTokenFile?: string;
  readonly verbose?: boolean;
};

/** Resolves at the first SIGTERM or SIGINT. A second one ends the process at once, as an impatient person expects. */
function asked(): Promise<string> {
  return new Promise((settle) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => settle(signal));
  });
}

async function serve(options: ServeOptions, shell: Shell): Promise<void> {
  const stopping = asked();
  const relay = await startRelay({
    dataDir: options.data,
    listen: options.listen,
    journal: { level: options.verbose === true ? 'debug' : 'info' },
    ...(options.readyFile === undefined ? {} : { readyFile: options.readyFile }),
    ...(options.createTokenFile === undefined ? {} : { createTokenFile: options.createTokenFile }),
  });
  shell.note(`relay ${relay.url}`);
  shell.note(`key   ${toHex(relay.relayKey)}`);
  await stopping;
  shell.note('stopping: no new requests, the running ones are finished');
  await relay.close();
}

export function registerRelay(program: Command, shell: Shell): void {
  const relay = program.command('relay').description('run and look after a relay');
  relay
    .command('serve')
    .description('serve a relay until it is told to stop (SIGTERM)')
    .requiredOption('--data <dir>', 'where it keeps its key, its store and the sealed chunks')
    .option('--listen <host:port>', 'address to listen on', '127.0.0.1:7447')
    .option('--ready-file <file>', 'write {"url","relayKey","pid"} there once it answers')
    .option('--create-token-file <file>', 'only whoever shows this text may make logs')
    .option('--verbose', 'a line for every request')
    .action((options: ServeOptions) => serve(options, shell));
}
