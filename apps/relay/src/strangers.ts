// The process for callers without a capability: it shares the store with the members' process and nothing else, so that
// no flood of strangers ever shares an event loop with members.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@parley/kernel';
import type { Journal } from './journal.ts';
import type { RelayOptions } from './relay-options.ts';

const AGAIN_MS = 1_000;
const PROGRAM = fileURLToPath(new URL('./strangers-process.ts', import.meta.url));

/** What is handed to the other process: plain data. */
export type StrangersOptions = Omit<
  RelayOptions,
  'ports' | 'store' | 'journal' | 'readyFile' | 'collect'
>;

export type Strangers = {
  readonly url: string;
  /** The process that serves now; another one after a crash. */
  pid(): number | null;
  close(): Promise<void>;
};

function start(options: StrangersOptions): { child: ChildProcess; url: Promise<string> } {
  const child = fork(PROGRAM, {
    serialization: 'json',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(options);
  const url = new Promise<string>((settle, fail) => {
    child.once('message', (message) => {
      type Said = { url?: string; refused?: string; next?: string };
      const { url: answered, refused, next } = message as Said;
      if (answered === undefined)
        fail(
          new Fault(
            'strangers-refused',
            `The process for strangers did not start: ${refused ?? ''}`,
            next === undefined ? {} : { nextAction: next },
          ),
        );
      else settle(answered);
    });
    child.once('exit', () =>
      fail(new Fault('strangers-refused', 'The process for strangers ended.')),
    );
  });
  return { child, url };
}

/** Starts it and keeps it running at the same address until closed. Faults with 'strangers-refused'. */
export async function startStrangers(
  options: StrangersOptions,
  journal: Journal,
): Promise<Strangers> {
  let closing = false;
  let running = start(options);
  const url = await running.url;
  const keep = async (): Promise<void> => {
    for (;;) {
      await new Promise((settle) => running.child.once('exit', settle));
      if (closing) return;
      journal.warn('strangers restarted');
      await sleep(AGAIN_MS);
      running = start({ ...options, listen: new URL(url).host });
      await running.url.catch(() => {});
    }
  };
  void keep();
  return {
    url,
    pid: () => running.child.pid ?? null,
    close: async () => {
      closing = true;
      if (running.child.exitCode !== null) return;
      const ended = new Promise((settle) => running.child.once('exit', settle));
      running.child.disconnect();
      await ended;
    },
  };
}
