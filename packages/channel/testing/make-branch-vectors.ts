// `node packages/channel/testing/make-branch-vectors.ts`: writes vectors/channel/off-record.json. Seals to public keys are
// randomized, so the file differs from run to run; the tests read it and never write.

import { writeFileSync } from 'node:fs';
import { concat, encode, pad, struct, toHex, uint, utf8, xwingFromSeed } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { asDeviceId, asLeafHash } from '@parley/record';
import { greet, sealKey, type OwnSeat, type Seat } from '../src/branch-seats.ts';
import { branchDoor, sealBranch, type BranchBody, type BranchClaim } from '../src/branch-wire.ts';
import type { Device } from '@parley/record';

const { crypto } = nativePorts;
const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);
const secret = filled(0x01);
const door = branchDoor(crypto, secret);
const talk = filled(0x02);
const signer = crypto.signerFromSecret('ed25519', filled(0x03));
const seal = xwingFromSeed(crypto, filled(0x04));
const nonce = filled(0x05, 12);
const SEQ = 7;
const SEAT = 1;
const place = { log: door.id, seq: SEQ };
const saying = (body: BranchBody): BranchClaim => ({ seat: SEAT, after: filled(0x06), body });
const sealed = (body: BranchBody, key: Uint8Array): Uint8Array =>
  sealBranch(crypto, { key, signer: signer.secretKey, nonce }, place, saying(body));

const shown = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one)]));
};

const bodies: { name: string; body: BranchBody }[] = [
  {
    name: 'hello',
    body: {
      kind: 'hello',
      device: asDeviceId(filled(0x11)),
      signer: signer.publicKey,
      seal: seal.publicKey,
      logged: true,
    },
  },
  {
    name: 'meet',
    body: {
      kind: 'meet',
      greets: [{ seat: 2, sealed: filled(0x12, 1168) }],
      answers: [{ seat: 2, mac: filled(0x13) }],
    },
  },
  { name: 'ring', body: { kind: 'ring', proposal: asLeafHash(filled(0x14)) } },
  {
    name: 'key',
    body: {
      kind: 'key',
      commitment: filled(0x15),
      seats: [
        { seat: 1, sealed: filled(0x16, 1168) },
        { seat: 2, sealed: filled(0x17, 1168) },
      ],
    },
  },
  { name: 'line', body: { kind: 'line', text: 'What if we both move?' } },
  { name: 'line, empty', body: { kind: 'line', text: '' } },
  { name: 'line of the longest kind', body: { kind: 'line', text: 'x'.repeat(4096) } },
  { name: 'leave', body: { kind: 'leave', secretKey: signer.secretKey } },
];
const keyFor = (body: BranchBody): Uint8Array => (body.kind === 'line' ? talk : door.key);

const bound = concat(utf8('parley/v1/off-record\0'), door.id, filled(0, 7), Uint8Array.of(SEQ));
/** Any plain bytes, sealed as an envelope is. */
const raw = (plain: Uint8Array, key = door.key): Uint8Array =>
  concat(nonce, crypto.seal('aes-256-gcm', key, nonce, bound, plain));
const line = sealed({ kind: 'line', text: 'x' }, talk);
const leave: BranchBody = { kind: 'leave', secretKey: signer.secretKey };
const flipped = (at: number): Uint8Array => {
  const copy = line.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const elsewhere = (other: { log: Uint8Array; seq: number }): Uint8Array =>
  sealBranch(
    crypto,
    { key: talk, signer: signer.secretKey, nonce },
    other,
    saying({ kind: 'line', text: 'x' }),
  );
const short = encode(struct({ seat: uint() }), { seat: 1 });
const invalid = [
  { name: 'nothing', envelope: new Uint8Array(0), reason: 'wrong-size' },
  { name: 'a nonce and half a tag', envelope: filled(0, 20), reason: 'wrong-size' },
  { name: 'a flipped nonce', envelope: flipped(0), reason: 'unreadable' },
  { name: 'a flipped byte', envelope: flipped(2_000), reason: 'unreadable' },
  { name: 'cut short', envelope: line.slice(0, -1), reason: 'unreadable' },
  {
    name: 'made for another place',
    envelope: elsewhere({ log: door.id, seq: SEQ + 1 }),
    reason: 'unreadable',
  },
  {
    name: 'made for another log',
    envelope: elsewhere({ log: filled(0x21), seq: SEQ }),
    reason: 'unreadable',
  },
  {
    name: 'under a key from before',
    envelope: sealed({ kind: 'line', text: 'x' }, filled(0x22)),
    reason: 'unreadable',
  },
  {
    name: 'a line under the door’s key',
    envelope: sealed({ kind: 'line', text: 'x' }, door.key),
    reason: 'malformed',
  },
  {
    name: 'leaving under the talk’s key',
    envelope: sealed(leave, talk),
    reason: 'malformed',
  },
  { name: 'no padding', envelope: raw(short), reason: 'malformed' },
  { name: 'padded to another length', envelope: raw(pad(short, 2_048)), reason: 'malformed' },
  { name: 'fields are missing', envelope: raw(pad(short, 4_096)), reason: 'malformed' },
  {
    name: 'bytes behind the message',
    envelope: raw(pad(concat(short, Uint8Array.of(0)), 4_096)),
    reason: 'malformed',
  },
];

// Seats: the asking one greets, the answering one opens with its certificate's key.
const certified = xwingFromSeed(crypto, filled(0x31));
const asking: OwnSeat & { seat: number } = {
  signer,
  seal,
  greeting: filled(0x32),
  logged: true,
  seat: 1,
};
const answering = {
  seat: 2,
  signer: filled(0x33),
  seal: xwingFromSeed(crypto, filled(0x34)).publicKey,
};
const mine = { seat: 1, signer: signer.publicKey, seal: seal.publicKey };
const greeting = greet(
  nativePorts,
  { log: door.id, own: asking, mine },
  answering as Seat,
  { certificate: { seal: certified.publicKey } } as Device,
);
const given = sealKey(nativePorts, place, [mine, answering]);

writeFileSync(
  new URL('../../../vectors/channel/off-record.json', import.meta.url),
  `${JSON.stringify(
    shown({
      comment:
        'secret is the exporter’s; an envelope stands at place and opens with door or talk; its signature is by signer. A greeting opens with sealSecretKey and gives answer; own.sealSeed opens its share of a key.',
      secret,
      door,
      talk,
      signer: signer.publicKey,
      seq: SEQ,
      valid: bodies.map(({ name, body }) => ({
        name,
        envelope: sealed(body, keyFor(body)),
        ...saying(body),
      })),
      invalid,
      greeting: {
        asking: mine,
        answering,
        greeting: asking.greeting,
        sealSeed: filled(0x31),
        sealed: greeting,
      },
      key: { place: SEQ, ...given, own: { seat: 1, sealSeed: filled(0x04) } },
    }),
    null,
    1,
  )}\n`,
);
