// The cast: four devices of three parties in one room, made once with real keys and copied for every schedule.

import { toHex, type Crypto, type Ports } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import type { Identity, Room } from '@parley/channel';
import type { RootHash } from '@parley/record';
import {
  Desk,
  found,
  invite,
  Log,
  colleague,
  person,
  seededRandomness,
} from '../../packages/channel/testing/town.ts';

const verified = new Map<string, boolean>();

/** The native crypto, except that a signature checked by one device is not computed again for the next. */
export const sharedCrypto: Crypto = {
  ...nativeCrypto,
  verify(name, publicKey, message, signature) {
    const hash = nativeCrypto.hasher('sha256');
    for (const part of [publicKey, message, signature]) hash.update(part);
    const id = `${name}/${toHex(hash.digest())}`;
    const known = verified.get(id);
    if (known !== undefined) return known;
    if (verified.size > 50_000) verified.clear();
    const holds = nativeCrypto.verify(name, publicKey, message, signature);
    verified.set(id, holds);
    return holds;
  },
};

type Actor = {
  readonly identity: Identity;
  readonly room: Room;
  readonly roots: readonly RootHash[];
  readonly entries: readonly Uint8Array[];
};

/** The devices as they stand before a schedule, and the log behind them. */
export type Cast = { readonly actors: readonly Actor[]; readonly log: readonly Uint8Array[] };

export async function assembleCast(): Promise<Cast> {
  const log = new Log();
  const play = (party: string, member: string) => person('cast', { party, member });
  const ana = await found(log, play('Republic of Alpha', 'Ana'));
  const bo = await invite(log, ana, play('Kingdom of Beta', 'Bo'));
  // Two delegations of two devices: each can remove its own, and neither the other's.
  const desks = [ana, bo];
  for (const [host, member] of [
    [ana, 'Cy'],
    [bo, 'Di'],
  ] as const) {
    for (const desk of desks) await desk.sync(log);
    desks.push(await invite(log, host, colleague('cast', host, member)));
  }
  for (const desk of desks) await desk.sync(log);
  const actors = desks.map(({ entries, identity, room, roots }) => ({
    identity,
    room,
    roots,
    entries,
  }));
  return { actors, log: log.envelopes };
}

/** A fresh copy of the cast for one schedule. */
export function desksOf(cast: Cast, seed: number, clock: { nowMs: () => number }): Desk[] {
  return cast.actors.map(({ entries, identity, room, roots }, i) => {
    const ports: Ports = {
      clock,
      crypto: sharedCrypto,
      randomness: seededRandomness(`schedule ${seed}/${i}`),
    };
    const desk = new Desk(ports, identity, room);
    desk.roots = roots.slice();
    desk.entries = entries.slice();
    return desk;
  });
}
