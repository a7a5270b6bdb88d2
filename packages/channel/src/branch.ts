// A talk off the record as one process lives it: who sits there, which key they share, and what it still owes the others.
//
// There is no encoding of this value, and that is the point: it cannot be stored. With the process everything is gone.

import { accept, generateXWing, refuse, type Ports, type Verdict } from '@parley/kernel';
import type { DeviceId, LeafHash, Transcript } from '@parley/record';
import { greet, guestOf, sealKey, sideOf, type OwnSeat, type Seat } from './branch-seats.ts';
import { sealBranch, type BranchBody, type BranchDoor, type BranchReason } from './branch-wire.ts';
import type { Identity } from './identity.ts';

const NONCE_BYTES = 12;

export type Branch = {
  readonly door: BranchDoor;
  /** The last place taken in, and the chain over everything up to it. */
  readonly seq: number;
  readonly head: Uint8Array;
  readonly own: OwnSeat;
  readonly seats: ReadonlyMap<number, Seat>;
  /** The key of now, and the seats that have it. */
  readonly key: { readonly bytes: Uint8Array; readonly seats: readonly number[] } | null;
  readonly opened: boolean;
};

export type BranchRefusal =
  | BranchReason
  /** A device that is not in the room, or not any more. */
  | 'unknown-device'
  | 'unknown-seat'
  /** No seat is left in this log. */
  | 'full'
  | 'wrong-signature'
  /** By a seat that was given up: from then on its key is everybody's. */
  | 'gone'
  /** A line by a seat that has not proven whose it is. */
  | 'unproven'
  /** An answer that the device of that seat did not make. */
  | 'false-answer'
  | 'false-key';

export type BranchOutcome =
  | { readonly kind: 'entered' }
  /** Somebody says to be this device: not proven yet. */
  | { readonly kind: 'came'; readonly seat: Seat }
  | { readonly kind: 'proven'; readonly seat: Seat }
  | { readonly kind: 'rings'; readonly seat: Seat; readonly proposal: LeafHash }
  /** From here on lines can be said. */
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'line';
      readonly seat: number;
      readonly device: DeviceId;
      readonly text: string;
      readonly mine: boolean;
    }
  /** `published`: the key that it signed with is everybody's from now on. */
  | { readonly kind: 'left'; readonly seat: Seat; readonly published: boolean }
  /** The own seat was given up. */
  | { readonly kind: 'ended' }
  /** Nobody else is left. */
  | { readonly kind: 'over' }
  /** Somebody who proved whose seat it is was shown another talk: the relay tells two. */
  | { readonly kind: 'forked'; readonly seat: Seat }
  | {
      readonly kind: 'refused';
      readonly seq: number;
      readonly reason: BranchRefusal;
      /** An honest relay and honest members cannot cause it. */
      readonly alarm: boolean;
    };

export function emptyBranchHead(ports: Pick<Ports, 'crypto'>, door: BranchDoor): Uint8Array {
  return ports.crypto.hash('sha256', door.id);
}

/** A process that has said nothing yet: read the log from its beginning first, then ask `owedBody`. */
export function beginBranch(
  ports: Ports,
  door: BranchDoor,
  { logged }: { logged: boolean },
): Branch {
  const { crypto, randomness } = ports;
  return {
    door,
    seq: 0,
    head: emptyBranchHead(ports, door),
    own: {
      signer: crypto.generateSigner('ed25519'),
      seal: generateXWing(crypto, randomness),
      greeting: randomness.bytes(32),
      logged,
      seat: null,
    },
    seats: new Map(),
    key: null,
    opened: false,
  };
}

export const isOwn = (branch: Branch, seat: number): boolean => branch.own.seat === seat;

/** Others who have proven whose seat they have, and are still there. */
export function present(branch: Branch): Seat[] {
  return [...branch.seats.values()].filter(
    (one) => one.proven && one.gone === null && !isOwn(branch, one.seat),
  );
}

/** Whether a line can be said: everyone who has the key has proven whose seat it is, and is still there. */
export function isOpen(branch: Branch): boolean {
  const { key, own, seats } = branch;
  if (key === null || own.seat === null || key.seats.length < 2) return false;
  return key.seats.every((number) => {
    const seat = seats.get(number);
    return seat !== undefined && seat.gone === null && (seat.proven || isOwn(branch, number));
  });
}

/** Who this process is, and the record of its room as it stands. */
export type AtRoom = { readonly identity: Identity; readonly transcript: Transcript };

/** What this process has to say next by itself, before any line; undefined where the others have to. */
export function owedBody(
  ports: Ports,
  { identity, transcript }: AtRoom,
  branch: Branch,
): BranchBody | undefined {
  const { own, door, seats } = branch;
  const mine = sideOf(own);
  if (mine === undefined) {
    const { signer, seal, logged } = own;
    const device = identity.deviceId;
    return { kind: 'hello', device, signer: signer.publicKey, seal: seal.publicKey, logged };
  }
  if (seats.get(mine.seat)?.gone !== null) return undefined;
  const there = [...seats.values()].filter((one) => one.gone === null && one.seat !== mine.seat);
  const greets = there.flatMap((one) => {
    const device = guestOf(transcript, one.device);
    if (one.greeted || device === undefined) return [];
    const sealed = greet(ports, { log: door.id, own, mine }, one, device);
    return sealed === undefined ? [] : [{ seat: one.seat, sealed }];
  });
  const answers = there.flatMap(({ seat, owed }) => (owed === null ? [] : [{ seat, mac: owed }]));
  if (greets.length + answers.length > 0) return { kind: 'meet', greets, answers };

  // The first of those who know each other hands out the key, to exactly these.
  const others = present(branch);
  if (others.length === 0 || others.some(({ seat }) => seat < mine.seat)) return undefined;
  const wanted = [mine, ...others];
  const has = new Set(branch.key?.seats);
  if (has.size === wanted.length && wanted.every(({ seat }) => has.has(seat))) return undefined;
  return { kind: 'key', ...sealKey(ports, { log: door.id, seq: branch.seq + 1 }, wanted) };
}

/** The body that gives the own seat up, and its signing key with it. */
export function leaveBody(branch: Branch): BranchBody {
  return { kind: 'leave', secretKey: branch.own.signer.secretKey };
}

/**
 * Seals what this process says for the next place. If another envelope wins that place, take it in and ask again. Refuses
 * a line while somebody could read it who has not proven whose seat it is, and anything before a seat is taken.
 */
export function sayInBranch(
  ports: Ports,
  branch: Branch,
  body: BranchBody,
): Verdict<{ expectedSeq: number; envelope: Uint8Array }, 'not-open' | 'no-seat'> {
  const { own, door, head, key } = branch;
  const seq = branch.seq + 1;
  const seat = body.kind === 'hello' ? seq : own.seat;
  if (seat === null) return refuse('no-seat');
  if (body.kind === 'line' && !isOpen(branch)) return refuse('not-open');
  const envelope = sealBranch(
    ports.crypto,
    {
      key: body.kind === 'line' && key !== null ? key.bytes : door.key,
      signer: own.signer.secretKey,
      nonce: ports.randomness.bytes(NONCE_BYTES),
    },
    { log: door.id, seq },
    { seat, after: head, body },
  );
  return accept({ expectedSeq: seq, envelope });
}

/** Overwrites every secret of a talk that is over. What people read stays in their heads and on their screens. */
export function wipeBranch({ own, key, door }: Branch): void {
  const secrets = [
    own.signer.secretKey,
    own.seal.secretKey,
    own.greeting,
    door.key,
    door.capability.key,
  ];
  for (const secret of secrets) secret.fill(0);
  key?.bytes.fill(0);
}
