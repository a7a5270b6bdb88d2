// Runs inside a cage in tests and tries to get out: files, programs, network, environment. Prints what happened.

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

function attempt(what: () => unknown): string {
  try {
    what();
    return 'allowed';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const port = process.env['PROBE_PORT'] ?? '9';
const network = await new Promise<string>((settle) => {
  try {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.on('connect', () => settle('allowed'));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  } catch (error) {
    settle(error instanceof Error && 'code' in error ? String(error.code) : String(error));
  }
});

process.stdout.write(
  JSON.stringify({
    passwd: attempt(() => readFileSync('/etc/passwd')),
    home: attempt(() => readdirSync('/root')),
    write: attempt(() => writeFileSync(process.env['PROBE_WRITE'] ?? '/var/tmp/parley-probe', 'x')),
    program: attempt(() => {
      const { error } = spawnSync('/bin/true');
      if (error !== undefined) throw error;
    }),
    network,
    environment: Object.keys(process.env).toSorted(),
  }),
);
