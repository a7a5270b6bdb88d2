// Waiting at a terminal until the person ends the program.

import { createInterface } from 'node:readline';

/** Settles at Ctrl-C or SIGTERM. Each Enter on the terminal calls `onEnter`. */
export async function untilInterrupted(onEnter: () => void): Promise<void> {
  await new Promise<void>((settle) => {
    const keepAlive = setInterval(() => {}, 60_000);
    const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : undefined;
    lines?.on('line', onEnter);
    const end = (): void => {
      clearInterval(keepAlive);
      lines?.close();
      settle();
    };
    lines?.once('SIGINT', end);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  });
}
