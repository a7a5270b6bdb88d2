// The port that was free the first time is asked for again, so that a window which stands open finds the client after a
// restart. It was drawn by chance, and whoever else stands there has no bearer that is worth anything.

import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const FILE = 'ui-port';

/** The port of the last time where it is free, else 0: any. */
export async function lastPort(home: string, host: string): Promise<number> {
  let port = 0;
  try {
    port = Number(readFileSync(join(home, FILE), 'utf8'));
  } catch {
    return 0;
  }
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) return 0;
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(0));
    probe.listen(port, host, () => probe.close(() => settle(port)));
  });
}

/** A convenience: where it cannot be kept, the next port is another one. */
export function keepPort(home: string, port: number): void {
  try {
    writeFileSync(join(home, FILE), String(port), { mode: 0o600 });
  } catch {
    // The directory may not be there yet, or the disk is full.
  }
}
