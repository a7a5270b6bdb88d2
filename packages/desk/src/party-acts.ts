// An officer's act in every channel of the party at once: each has a record of its own, so each gets an entry of its own.

import { toHex } from '@parley/kernel';
import type { Act } from '@parley/channel';
import { type Fingerprint, type Transcript } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import { isRoomName } from './room-name.ts';
import type { Traffic } from './traffic.ts';

/** What became of an act in one channel. `queued`: the relay could not be reached; the next sync sends it. */
export type GovernStep = {
  readonly channel: string;
  readonly state: 'done' | 'queued' | 'refused';
  readonly entry: number | null;
  readonly detail?: string;
};

export type Governed = {
  readonly context: Context;
  readonly traffic: Traffic;
};

/** The channels of this desk that are not frozen; its further rooms follow their plenary. */
export function plenaries(context: Context): OpenCard[] {
  return context.openCards().filter((card) => !isRoomName(card.name) && card.frozen === null);
}

/**
 * Delivers what `actFor` gives for each channel, undefined to leave one out. Refuses where no channel took it: with what
 * the record's rules say, or because there is none that it is about.
 */
export async function inEachChannel(
  { context, traffic }: Governed,
  actFor: (at: { transcript: Transcript; own: Fingerprint; card: OpenCard }) => Act | undefined,
  among: OpenCard[] = plenaries(context),
): Promise<GovernStep[]> {
  const steps: GovernStep[] = [];
  let refusal: DeskRefusal | undefined;
  for (const { name } of among) {
    await traffic.exchangeIfReachable(name);
    const card = context.openCard(name);
    const { transcript } = context.room(card);
    const act = actFor({ transcript, own: context.ownParty(card), card });
    if (act === undefined) continue;
    try {
      const { entry, state } = await traffic.deliver(name, act);
      steps.push({ channel: name, state: state === 'queued' ? 'queued' : 'done', entry });
    } catch (error) {
      // What one channel does not take keeps no other from it.
      if (!(error instanceof DeskRefusal)) throw error;
      refusal ??= error;
      steps.push({ channel: name, state: 'refused', entry: null, detail: error.message });
    }
  }
  if (refusal !== undefined && steps.every((step) => step.state === 'refused')) throw refusal;
  if (steps.length === 0) {
    throw new DeskRefusal('wrong-use', 'nothing-to-do', {
      message:
        'No channel of this desk has anybody whom this would change: none is named so, or it is so already.',
      next: 'look at "parley party show"',
    });
  }
  return steps;
}

/** Devices of our own party in a transcript that are not removed, by the name of their member. */
export function devicesOf(transcript: Transcript, own: Fingerprint, member: string): string[] {
  return [...transcript.devices.entries()].flatMap(([id, device]) =>
    toHex(device.party) === toHex(own) && device.removed === null && device.member === member
      ? [id]
      : [],
  );
}

export function requireReason(reason: string): void {
  if (reason.trim() !== '' && Buffer.byteLength(reason) <= 500) return;
  throw new DeskRefusal('wrong-use', 'reason-needed', {
    message: 'This needs a reason of 1 to 500 bytes: it goes into the record.',
    next: 'give --reason TEXT',
  });
}
