// Seats of a talk off the record: who sits where, and how a seat proves whose it is without signing anything.
//
// A asks by sealing 32 bytes to the key that B's certificate holds; only B can open them and answer with a MAC over both
// seats. A could have made that answer itself, so it convinces A and nobody else.

import {
  accept,
  bigEndian,
  concat,
  hpkeOpen,
  hpkeSeal,
  hkdf,
  refuse,
  utf8,
  XWING_CIPHERTEXT_BYTES,
  xwingKem,
  type Crypto,
  type HpkeSuite,
  type KeyPair,
  type Ports,
  type Verdict,
  type XWingKeyPair,
} from '@parley/kernel';
import {
  deviceOf,
  type Device,
  type DeviceId,
  type LeafHash,
  type Transcript,
} from '@parley/record';

const GREET = 'parley/v1/off-record-greet\0';
const ANSWER = 'parley/v1/off-record-answer\0';
const KEY = 'parley/v1/off-record-key\0';
const COMMITMENT = 'parley/v1/off-record-commitment\0';
const NUMBER_BYTES = 8;

/** One coming of one device. Its number is the place of its hello. */
export type Seat = {
  readonly seat: number;
  readonly device: DeviceId;
  readonly signer: Uint8Array;
  readonly seal: Uint8Array;
  readonly logged: boolean;
  /** The entry by which it proposed the talk, where it says that there is one. */
  readonly proposal: LeafHash | null;
  /** It has shown this device that it is whose it says. */
  readonly proven: boolean;
  /** This device has asked it. */
  readonly greeted: boolean;
  /** What this device has still to answer it. */
  readonly owed: Uint8Array | null;
  /** Null while it is there. A key that is not the seat's was published for `false-key`. */
  readonly gone: 'left' | 'false-key' | 'replaced' | 'removed' | null;
};

/** What this process holds for its own seat, in memory alone. */
export type OwnSeat = {
  readonly signer: KeyPair;
  readonly seal: XWingKeyPair;
  /** What the secrets in its greetings come from. */
  readonly greeting: Uint8Array;
  readonly logged: boolean;
  /** Null until its hello stands in the log. */
  readonly seat: number | null;
};

type Sealing = Pick<Ports, 'crypto' | 'randomness'>;

const suiteFor = ({ crypto, randomness }: Sealing): HpkeSuite => ({
  kem: xwingKem({ crypto, randomness }),
  kdf: 'sha512',
  aead: 'aes-256-gcm',
});

const numbered = (seat: number): Uint8Array => bigEndian(seat, NUMBER_BYTES);

/** The device, if it may be in a talk of this room. */
export function guestOf(transcript: Transcript, id: DeviceId): Device | undefined {
  const device = deviceOf(transcript, id);
  return device?.removed === null && device.suspended === null ? device : undefined;
}

/** 32 bytes for one seat. The context binds what they are for. */
function sealSecret(
  ports: Sealing,
  to: { publicKey: Uint8Array; info: Uint8Array },
  secret: Uint8Array,
): Uint8Array | undefined {
  const sealed = hpkeSeal(ports.crypto, suiteFor(ports), to, secret);
  return sealed === undefined ? undefined : concat(sealed.enc, sealed.ciphertext);
}

function openSecret(
  ports: Sealing,
  from: { secretKey: Uint8Array; info: Uint8Array },
  sealed: Uint8Array,
): Uint8Array | undefined {
  return hpkeOpen(ports.crypto, suiteFor(ports), from, {
    enc: sealed.subarray(0, XWING_CIPHERTEXT_BYTES),
    ciphertext: sealed.subarray(XWING_CIPHERTEXT_BYTES),
  });
}

type Side = Pick<Seat, 'seat' | 'signer' | 'seal'>;

/** Both seats of one greeting with the keys they announced: what an answer vouches for. */
const between = (log: Uint8Array, asks: Side, answers: Side): Uint8Array =>
  concat(
    log,
    ...[asks, answers].flatMap(({ seat, signer, seal }) => [numbered(seat), signer, seal]),
  );

/** The secret in this device's greeting of one seat: the same however often it is made. */
function greetingFor(crypto: Crypto, own: OwnSeat, to: number): Uint8Array {
  const info = concat(utf8(GREET), numbered(to));
  return hkdf(crypto, 'sha256', { ikm: own.greeting, info, length: 32 });
}

/** The own seat as the others see it. Undefined before it is taken. */
export function sideOf(own: OwnSeat): Side | undefined {
  if (own.seat === null) return undefined;
  return { seat: own.seat, signer: own.signer.publicKey, seal: own.seal.publicKey };
}

/** Asks a seat to prove that it is its device's. Undefined where that device's certificate holds no key. */
export function greet(
  ports: Sealing,
  { log, own, mine }: { log: Uint8Array; own: OwnSeat; mine: Side },
  to: Seat,
  device: Device,
): Uint8Array | undefined {
  const info = concat(utf8(GREET), between(log, mine, to));
  const secret = greetingFor(ports.crypto, own, to.seat);
  return sealSecret(ports, { publicKey: device.certificate.seal, info }, secret);
}

/** The answer to a greeting; undefined for one that was not sealed for this device and these seats. */
export function answerTo(
  ports: Sealing,
  { log, sealSecretKey, mine }: { log: Uint8Array; sealSecretKey: Uint8Array; mine: Side },
  from: Seat,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const both = between(log, from, mine);
  const info = concat(utf8(GREET), both);
  const secret = openSecret(ports, { secretKey: sealSecretKey, info }, sealed);
  return secret && ports.crypto.hmac('sha256', secret, concat(utf8(ANSWER), both));
}

/** Whether a seat has answered this device's greeting as only its device can. */
export function answersRight(
  crypto: Crypto,
  { log, own, mine }: { log: Uint8Array; own: OwnSeat; mine: Side },
  from: Seat,
  mac: Uint8Array,
): boolean {
  const both = between(log, mine, from);
  const secret = greetingFor(crypto, own, from.seat);
  return crypto.equal(crypto.hmac('sha256', secret, concat(utf8(ANSWER), both)), mac);
}

type KeyPlace = { readonly log: Uint8Array; readonly seq: number };

const keyInfo = ({ log, seq }: KeyPlace, to: number): Uint8Array =>
  concat(utf8(KEY), log, numbered(seq), numbered(to));

const commitmentOf = (crypto: Crypto, key: Uint8Array): Uint8Array =>
  crypto.hash('sha256', concat(utf8(COMMITMENT), key));

/** A fresh key for these seats and no others. Seats whose announced key is none are left out. */
export function sealKey(
  ports: Sealing,
  place: KeyPlace,
  to: readonly Side[],
): { commitment: Uint8Array; seats: { seat: number; sealed: Uint8Array }[] } {
  const key = ports.randomness.bytes(32);
  const seats = to.flatMap(({ seat, seal }) => {
    const sealed = sealSecret(ports, { publicKey: seal, info: keyInfo(place, seat) }, key);
    return sealed === undefined ? [] : [{ seat, sealed }];
  });
  const commitment = commitmentOf(ports.crypto, key);
  key.fill(0);
  return { commitment, seats };
}

/** The key that was sealed for the own seat, if it is the one that everybody got. */
export function openKey(
  ports: Sealing,
  place: KeyPlace,
  own: OwnSeat & { seat: number },
  given: { commitment: Uint8Array; sealed: Uint8Array },
): Verdict<Uint8Array, 'false-key'> {
  const from = { secretKey: own.seal.secretKey, info: keyInfo(place, own.seat) };
  const key = openSecret(ports, from, given.sealed);
  if (key === undefined || !ports.crypto.equal(commitmentOf(ports.crypto, key), given.commitment))
    return refuse('false-key');
  return accept(key);
}
