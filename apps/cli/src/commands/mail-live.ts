// What a command that runs for days knows: it learns from each mail, and reads the channel's record again now and then.

import { readMessage, screen, startLearning, type Screening } from '@parley/mail';
import type { ScreenMail } from '@parley/mail/node';
import { nativePorts } from '@parley/kernel/node';
import { deskOpener, type DeskOpener } from '../at-desk.ts';
import { printable, Stop, type Shell } from '../shell.ts';
import { channelOf, readKnown, type Known, type KnownOptions } from './mail-known.ts';

/** How long a day seal or a removal may wait before it counts here; SIGHUP makes it count at once. */
const REFRESH_MS = 5 * 60_000;

export type LiveKnown = {
  readonly screen: ScreenMail;
  readonly known: () => Known;
  /** Reads the record again; a vault that is in use, or a relay that is away, leaves what was known. */
  readonly refresh: () => Promise<void>;
};

export async function liveKnown(
  options: KnownOptions,
  shell: Shell,
  given?: DeskOpener,
): Promise<LiveKnown> {
  const name = channelOf(options);
  const open = name === undefined ? undefined : (given ?? (await deskOpener(shell)));
  let known = await readKnown(options, shell, open);
  const learning = startLearning(known.history);
  const fromFiles = await readKnown({ ...options, channel: false }, shell);
  return {
    known: () => ({ ...known, history: learning.history }),
    async screen(bytes, envelope): Promise<Screening> {
      const message = readMessage(bytes);
      const nowMs = nativePorts.clock.nowMs();
      const { history } = learning;
      const screening = await screen(bytes, { ...known, history, nowMs, message, envelope });
      learning.add(message, nowMs);
      return screening;
    },
    async refresh() {
      if (name === undefined || open === undefined) return;
      try {
        const now = await open(async (desk) => {
          await desk.mail.takeIn(name ?? undefined);
          return desk.mail.knowledge(name ?? undefined);
        });
        known = {
          ...known,
          directories: [...fromFiles.directories, ...now.directories],
          attestations: [...fromFiles.attestations, ...now.attestations],
        };
        shell.note('the record was read again');
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        shell.note(`the record was not read again: ${printable(why)}`);
      }
    },
  };
}

/** Runs `refresh` every few minutes and at SIGHUP, one at a time, until what it answers is called. */
export function keepFresh(refresh: () => Promise<void>): () => void {
  let running = false;
  const once = (): void => {
    if (running) return;
    running = true;
    void refresh().finally(() => {
      running = false;
    });
  };
  const timer = setInterval(once, REFRESH_MS);
  process.on('SIGHUP', once);
  return () => {
    clearInterval(timer);
    process.off('SIGHUP', once);
  };
}

/** Aborts at SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopped(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  return stopping.signal;
}

export function numberOf(written: string, what: string, max: number): number {
  const value = Number(written);
  if (!Number.isSafeInteger(value) || value < 0 || value > max)
    throw new Stop(
      2,
      'wrong-use',
      `${what} is no number up to ${max}: ${printable(written)}.`,
      'correct it',
    );
  return value;
}
