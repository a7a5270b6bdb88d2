// `node packages/channel/testing/make-call-vectors.ts`: writes vectors/channel/call.json, what lies on a doorstep. Seals and
// signatures are randomized, so the file differs from run to run; the tests read it and never write.

import { writeFileSync } from 'node:fs';
import {
  assert,
  concat,
  generateHybridSigner,
  hpkeSeal,
  pad,
  toHex,
  xwingKem,
} from '@parley/kernel';
import {
  asRoomId,
  asRootHash,
  authorityChange,
  deviceOf,
  fingerprint,
  issueCertificate,
  type Device,
  type SignedCertificate,
} from '@parley/record';
import { doorstepKeys, encodeIdentity, sealCall, type Call, type Identity } from '../src/index.ts';
import {
  colleague,
  crypto,
  invite,
  person,
  seededPorts,
  START_MS,
  summit,
  type Desk,
} from './town.ts';

const ports = seededPorts('vectors/call');
const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);

// Alpha's plenary: Ana has changed the authority since it certified Zoe, and certifies her anew.
const { log, ana, bo } = await summit('vectors/call');
const old = ana.identity.authority;
assert(old !== null, 'Ana founded her party');
const zoe = await invite(log, ana, colleague('vectors/call', ana, 'Zoe'));
const next = generateHybridSigner(crypto, ports.randomness);
const at = { room: ana.room.room, party: ana.identity.party };
await ana.act(log, authorityChange(crypto, at, { old, next }, 'the safe was opened'));
for (const desk of [bo, zoe]) await desk.sync(log);

const { transcript } = zoe.room;
const { channel } = transcript;
assert(channel !== null, 'it was founded');
const deviceIn = ({ identity }: Desk): Device => {
  const device = deviceOf(transcript, identity.deviceId);
  assert(device !== undefined, 'it is on the record');
  return device;
};
const certify = (
  authority: typeof next,
  over: { party?: string; signer?: Uint8Array } = {},
): SignedCertificate =>
  issueCertificate(crypto, authority.secretKey, {
    ...zoe.identity.certified,
    ...over,
    authority: authority.publicKey,
    issuedMs: START_MS,
  });

const left = (call: Call, from = ana.identity, to = deviceIn(zoe)): Uint8Array => {
  const sealed = sealCall(ports, from, to, { channel, call });
  assert(sealed.ok, 'sealed');
  return sealed.value;
};
const stranger = person('vectors/call', { party: 'Nobody', member: 'Mallory' }).identity;
const forger: Identity = { ...ana.identity, signer: stranger.signer };
const raw = (plain: Uint8Array): Uint8Array => {
  const info = concat(new TextEncoder().encode('parley/v1/call\0'), channel, zoe.identity.deviceId);
  const suite = { kem: xwingKem(ports), kdf: 'sha512', aead: 'aes-256-gcm' } as const;
  const sealed = hpkeSeal(
    crypto,
    suite,
    { publicKey: deviceIn(zoe).certificate.seal, info },
    plain,
  );
  assert(sealed !== undefined, 'sealed');
  return concat(sealed.enc, sealed.ciphertext);
};
const anew = certify(next);
const calls: readonly Call[] = [
  { kind: 'room', of: 'caucus', name: 'own', invitation: 'parley1...' },
  {
    kind: 'restart',
    earlier: { room: asRoomId(filled(1)), size: 9, root: asRootHash(filled(2)), evidence: null },
    invitation: 'parley1...',
  },
  { kind: 'secret', secret: filled(3) },
  { kind: 'certificate', certificate: anew },
];
const certificates = [
  { name: 'for her keys, by the authority of now', certificate: anew, taken: true },
  { name: 'by the authority given up', certificate: zoe.identity.certificate, taken: false },
  {
    name: 'that the authority did not sign',
    certificate: {
      ...anew,
      signature: anew.signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
    },
    taken: false,
  },
  {
    name: 'for keys that are not hers',
    certificate: certify(next, { signer: stranger.signer.publicKey }),
    taken: false,
  },
  {
    name: 'under the name of another party',
    certificate: certify(next, { party: 'Kingdom of Beta' }),
    taken: false,
  },
  { name: "by the counterpart's device", certificate: anew, taken: false, from: bo.identity },
];

const [room] = calls;
assert(room !== undefined, 'a call');
const shown = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one)]));
};
const doorstep = doorstepKeys(crypto, channel, fingerprint(crypto, next.publicKey));
const vectors = {
  comment:
    "Zoe's device reads what lies on a doorstep; `entries` are the plenary as she holds it. `flip` changes the lowest bit of that byte of the first valid one, `cut` keeps that many bytes, `zeros` is so many. A certificate is taken or left as `taken` says.",
  identity: encodeIdentity(zoe.identity),
  entries: zoe.entries,
  room: zoe.room.room,
  doorstep: { channel, party: fingerprint(crypto, next.publicKey), ...doorstep },
  valid: calls.map((call) => ({
    name: call.kind,
    envelope: left(call),
    from: ana.identity.deviceId,
    call,
  })),
  invalid: [
    { name: 'changed encapsulation', flip: 40, reason: 'unreadable' },
    { name: 'changed inside', flip: 9_000, reason: 'unreadable' },
    { name: 'cut', cut: 1_119, reason: 'unreadable' },
    { name: 'empty', cut: 0, reason: 'unreadable' },
    { name: 'longer than any call', zeros: 32_769, reason: 'unreadable' },
    {
      name: 'for another device',
      envelope: left(room, ana.identity, deviceIn(bo)),
      reason: 'unreadable',
    },
    { name: 'not padded', envelope: raw(filled(1, 100)), reason: 'malformed' },
    { name: 'padded noise', envelope: raw(pad(filled(1, 100), 16_384)), reason: 'malformed' },
    {
      name: 'of a device that is not in the plenary',
      envelope: left(room, stranger),
      reason: 'unknown-device',
    },
    { name: 'signed by other keys', envelope: left(room, forger), reason: 'wrong-signature' },
  ],
  certificates: certificates.map(({ name, certificate, taken, from = ana.identity }) => ({
    name,
    envelope: left({ kind: 'certificate', certificate }, from),
    taken,
  })),
};
const list = (value: unknown): unknown => (Array.isArray(value) ? value.map(list) : shown(value));
const json = Object.fromEntries(Object.entries(vectors).map(([name, one]) => [name, list(one)]));
writeFileSync(
  new URL('../../../vectors/channel/call.json', import.meta.url),
  `${JSON.stringify(json, null, 1)}\n`,
);
