// Every vector in vectors/channel/off-record.json. A second implementation of docs/protocol/channel.md runs the same file.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assert, fromHex, toHex, xwingFromSeed } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { answerTo, answersRight, openKey, type OwnSeat, type Seat } from './branch-seats.ts';
import { branchDoor, openBranch, verifiesBranch } from './branch-wire.ts';

const { crypto } = nativePorts;

function hex(text: string): Uint8Array {
  const read = fromHex(text);
  assert(read.ok, 'hexadecimal');
  return read.value;
}

function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one)]));
}

type SeatVector = { seat: number; signer: string; seal: string };
type File = {
  secret: string;
  door: { id: string; capability: { id: string; key: string }; key: string };
  talk: string;
  signer: string;
  seq: number;
  valid: { name: string; envelope: string; seat: number; after: string; body: object }[];
  invalid: { name: string; envelope: string; reason: string }[];
  greeting: {
    asking: SeatVector;
    answering: SeatVector;
    greeting: string;
    sealSeed: string;
    sealed: string;
  };
  key: {
    commitment: string;
    seats: { seat: number; sealed: string }[];
    own: { seat: number; sealSeed: string };
  };
};

const file = JSON.parse(
  readFileSync(new URL('../../../vectors/channel/off-record.json', import.meta.url), 'utf8'),
) as File;
const place = { log: hex(file.door.id), seq: file.seq };
const keys = { door: hex(file.door.key), talk: hex(file.talk) };

describe('off the record', () => {
  test('the door follows from the secret', () => {
    expect(shown(branchDoor(crypto, hex(file.secret)))).toEqual(file.door);
  });

  test.each(file.valid)('valid: $name', ({ envelope, seat, after, body }) => {
    const opened = openBranch(crypto, keys, place, hex(envelope));
    assert(opened.ok, 'it opens');
    const { signature, ...said } = opened.value;
    expect(shown(said)).toEqual({ seat, after, body });
    const message = opened.value;
    expect(verifiesBranch(crypto, hex(file.signer), place, message)).toBe(true);
    // Not by another key, for another place, or with another word in it.
    expect(verifiesBranch(crypto, hex(file.talk), place, message)).toBe(false);
    expect(verifiesBranch(crypto, hex(file.signer), { ...place, seq: 8 }, message)).toBe(false);
    const changed = { ...message, seat: seat + 1 };
    expect(verifiesBranch(crypto, hex(file.signer), place, changed)).toBe(false);
    expect(signature).toHaveLength(64);
  });

  test.each(file.invalid)('invalid: $name', ({ envelope, reason }) => {
    expect(openBranch(crypto, keys, place, hex(envelope))).toMatchObject({ ok: false, reason });
  });

  const seatOf = ({ seat, signer, seal }: SeatVector): Seat =>
    ({ seat, signer: hex(signer), seal: hex(seal) }) as Seat;

  test('a greeting is answered by the certified key alone, and only for its two seats', () => {
    const { asking, answering, sealed, sealSeed, greeting } = file.greeting;
    const [from, mine] = [seatOf(asking), seatOf(answering)];
    const own = { greeting: hex(greeting), seat: asking.seat } as unknown as OwnSeat;
    const answer = (seed: string, to = mine): Uint8Array | undefined => {
      const sealSecretKey = hex(seed);
      const side = { log: place.log, sealSecretKey, mine: to };
      return answerTo(nativePorts, side, from, hex(sealed));
    };
    const mac = answer(sealSeed);
    assert(mac !== undefined, 'it opens');
    expect(answersRight(crypto, { log: place.log, own, mine: from }, mine, mac)).toBe(true);
    expect(answersRight(crypto, { log: place.log, own, mine: from }, mine, mac.fill(0, 31))).toBe(
      false,
    );
    expect(answer(file.secret)).toBeUndefined();
    expect(answer(sealSeed, { ...mine, signer: hex(file.signer) })).toBeUndefined();
  });

  test('a key opens for the seat it was sealed for, at its place, and matches its commitment', () => {
    const { own, seats, commitment } = file.key;
    const [share, other] = seats;
    assert(share !== undefined && other !== undefined, 'two shares');
    const mine = {
      seal: xwingFromSeed(crypto, hex(own.sealSeed)),
      seat: own.seat,
    } as unknown as OwnSeat & { seat: number };
    const open = (sealed: string, promised = commitment, at = place): boolean =>
      openKey(nativePorts, at, mine, { commitment: hex(promised), sealed: hex(sealed) }).ok;
    expect(open(share.sealed)).toBe(true);
    expect(open(other.sealed)).toBe(false);
    expect(open(share.sealed, file.secret)).toBe(false);
    expect(open(share.sealed, commitment, { ...place, seq: 8 })).toBe(false);
  });
});
