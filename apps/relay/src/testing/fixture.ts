// Real relays for tests: in this process or as processes of their own, on directories that are removed afterwards.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { assert } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import {
  newCapability,
  newLogId,
  type Capability,
  type RelayClient,
  type RelayLog,
} from '@parley/post';

export const { randomness, crypto } = nativePorts;

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'parley-relay-'));
}

export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** A log of its own on a relay, with its owner. */
export async function freshLog(
  client: RelayClient,
  owner: Capability = newCapability(randomness),
): Promise<RelayLog> {
  const log = newLogId(randomness);
  const made = await client.createLog(log, owner);
  assert(made.ok, 'the log was made');
  return client.log(log, owner);
}

export type RelayProcess = {
  readonly url: string;
  /** Where its measures are, if it was started with `adminListen`. */
  readonly adminUrl: string | null;
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it wrote to both streams so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
};

const SERVE = fileURLToPath(new URL('./serve-process.ts', import.meta.url));

/** Starts a relay process of its own and waits until it answers. */
export async function spawnRelay(
  dataDir: string,
  options: Record<string, unknown> = {},
): Promise<RelayProcess> {
  const readyFile = join(dataDir, `ready-${randomness.bytes(4).join('')}.json`);
  const { syncDelayUs, ...rest } = options;
  const argv = [SERVE, JSON.stringify({ dataDir, listen: '127.0.0.1:0', readyFile, ...rest })];
  // A slower disk than this machine's: every sync takes so much longer.
  const slow = ['-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync'];
  slow.push('-e', `inject=fsync,fdatasync:delay_exit=${Number(syncDelayUs)}`, process.execPath);
  const child =
    syncDelayUs === undefined
      ? spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('strace', [...slow, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<number | null>((settle) => child.once('exit', (code) => settle(code)));
  for (;;) {
    const ready = await readFile(readyFile, 'utf8').catch(() => undefined);
    if (ready !== undefined) {
      const { url, adminUrl, pid } = JSON.parse(ready) as Pick<
        RelayProcess,
        'url' | 'adminUrl' | 'pid'
      >;
      await rm(readyFile);
      const kill = (signal: NodeJS.Signals): Promise<number | null> => (
        process.kill(pid, signal),
        ended
      );
      return { url, adminUrl, pid, child, output: () => output, kill };
    }
    assert(child.exitCode === null, `the relay process ended: ${output}`);
    await sleep(20);
  }
}
