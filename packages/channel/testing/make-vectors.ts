// `node packages/channel/testing/make-vectors.ts`: writes vectors/channel anew. Signatures and seals are randomized, so the
// files differ from run to run; the tests read them and never write.

import { mkdirSync, writeFileSync } from 'node:fs';
import { assert, concat, fromHex, pad, toBase64Url, toHex, utf8 } from '@parley/kernel';
import { asFingerprint, asLeafHash } from '@parley/record';
import {
  boxKeys,
  encodeIdentity,
  encodeInvitation,
  encodeJoining,
  epochAuthenticator,
  fellowCertificate,
  fellowInvitationText,
  generateDeviceKeys,
  makeInvitation,
  readJoinRequest,
  requestFellowship,
  requestJoin,
  sealFellowTerms,
  sealWelcome,
  type DeviceKeys,
  type Invitation,
} from '../src/index.ts';
import { ceremonyWords, commitmentOf } from '../src/ceremony.ts';
import { sealWithKey, ENVELOPE_LEAST_BYTES } from '../src/envelope.ts';
import { exportSecret } from '../src/mls-state.ts';
import { crypto, Desk, found, Log, person, seededPorts, START_MS } from './town.ts';
import { acceptWelcome, joinRoom } from '../src/index.ts';

const directory = new URL('../../../vectors/channel/', import.meta.url);
mkdirSync(directory, { recursive: true });
const write = (name: string, value: unknown): void =>
  writeFileSync(new URL(name, directory), `${JSON.stringify(value, null, 1)}\n`);

const DAY = 86_400_000;
const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);

// --- invitation
const example: Invitation = {
  relay: 'https://relay.example',
  relayKey: filled(0x11),
  box: filled(0x22),
  inviter: asFingerprint(filled(0x33)),
  name: 'talks',
  expiresMs: START_MS + DAY,
};
const shown = (one: Invitation) => ({
  ...one,
  relayKey: toHex(one.relayKey),
  box: toHex(one.box),
  inviter: toHex(one.inviter),
});
const text = encodeInvitation(crypto, example);
const withPayload = (payload: Uint8Array): string => {
  const check = crypto.hash('sha256', concat(utf8('parley/v1/invitation\0'), payload)).slice(0, 4);
  return `parley1${toBase64Url(concat(payload, check))}`;
};
const box = boxKeys(crypto, example);
const korean = { ...example, name: '회담' };
write('invitation.json', {
  comment: 'text reads to fields at nowMs; every invalid one is refused with its reason.',
  nowMs: START_MS,
  valid: [
    { name: 'plain', text, fields: shown(example) },
    {
      name: 'broken into lines',
      text: ` ${text.slice(0, 50)}\r\n\t${text.slice(50)}\n`,
      fields: shown(example),
    },
    { name: 'a name in Korean', text: encodeInvitation(crypto, korean), fields: shown(korean) },
    {
      name: 'its last millisecond',
      text: encodeInvitation(crypto, { ...example, expiresMs: START_MS }),
      fields: shown({ ...example, expiresMs: START_MS }),
    },
  ],
  invalid: [
    { name: 'empty', text: '', reason: 'not-an-invitation' },
    { name: 'a web address', text: 'https://relay.example', reason: 'not-an-invitation' },
    { name: 'too long', text: `parley1${'A'.repeat(2_048)}`, reason: 'not-an-invitation' },
    { name: 'capital prefix', text: `PARLEY1${text.slice(7)}`, reason: 'not-an-invitation' },
    { name: 'a later version', text: `parley2${text.slice(7)}`, reason: 'unknown-version' },
    { name: 'last letter missing', text: text.slice(0, -1), reason: 'damaged' },
    { name: 'one letter wrong', text: text.replace('h', 'k'), reason: 'damaged' },
    {
      name: 'a letter of no alphabet',
      text: `${text.slice(0, 20)}+${text.slice(21)}`,
      reason: 'damaged',
    },
    { name: 'nothing after the prefix', text: 'parley1', reason: 'damaged' },
    { name: 'a payload that is no map', text: withPayload(Uint8Array.of(1)), reason: 'damaged' },
    {
      name: 'a field more at the end',
      text: withPayload(concat(encodePayload(example), Uint8Array.of(0))),
      reason: 'damaged',
    },
    {
      name: 'expired',
      text: encodeInvitation(crypto, { ...example, expiresMs: START_MS - 1 }),
      reason: 'expired',
    },
  ],
  box: {
    secret: toHex(example.box),
    id: toHex(box.id),
    capabilityId: toHex(box.capability.id),
    capabilityKey: toHex(box.capability.key),
    seal: toHex(box.seal),
  },
});

function encodePayload(invitation: Invitation): Uint8Array {
  const written = encodeInvitation(crypto, invitation).slice(7);
  return Uint8Array.from(Buffer.from(written, 'base64url')).slice(0, -4);
}

// --- a device of one's own party (section 9.1)
{
  const officer = person('vectors/fellow', { party: 'Republic of Alpha', member: 'Ana' });
  const device = seededPorts('vectors/fellow/cy');
  const keys = generateDeviceKeys(device);
  const invitation = { ...example, inviter: officer.identity.party };
  const terms = {
    party: 'Republic of Alpha',
    authority: officer.identity.certified.authority,
    member: 'Cy',
    role: 'member',
    rooms: 1,
  } as const;
  const body = fellowCertificate(device, terms, keys, 'laptop');
  const asked = async (over: { member?: string; keys?: DeviceKeys } = {}): Promise<string> => {
    const made = { ...terms, member: over.member ?? terms.member };
    const wanted =
      over.member === undefined ? body : fellowCertificate(device, made, keys, 'laptop');
    const by = { keys: over.keys ?? keys, body: wanted };
    return toHex((await requestFellowship(device, invitation, by, 1)).request);
  };
  const request = await asked();
  const strange = { ...terms, authority: generateDeviceKeys(device).signer.publicKey };
  const boxed = (one: Invitation, what: typeof terms | typeof strange): string =>
    toHex(sealFellowTerms(device, one, what));
  write('fellow.json', {
    comment:
      'terms and requests in the box of the invitation; invalid ones are refused with their reason.',
    invitation: fellowInvitationText(encodeInvitation(crypto, invitation)),
    nowMs: START_MS,
    terms: {
      valid: [
        { name: 'for a member', envelope: boxed(invitation, terms), member: 'Cy', role: 'member' },
      ],
      invalid: [
        {
          name: 'another authority',
          envelope: boxed(invitation, strange),
          reason: 'wrong-authority',
        },
        {
          name: 'another box',
          envelope: boxed({ ...invitation, box: filled(0x23) }, terms),
          reason: 'unreadable',
        },
      ],
    },
    requests: {
      valid: [
        { name: 'as invited', envelope: request, device: toHex(crypto.hash('sha256', body)) },
      ],
      invalid: [
        {
          name: 'under another name',
          envelope: await asked({ member: 'Ana' }),
          reason: 'other-terms',
        },
        {
          name: 'signed by other keys',
          envelope: await asked({ keys: generateDeviceKeys(device) }),
          reason: 'wrong-signature',
        },
        { name: 'cut', envelope: request.slice(0, -2), reason: 'unreadable' },
      ],
    },
  });
}

// --- envelope
const key = filled(0x44);
const room = filled(0x55);
const nonce = filled(0x66, 12);
const seal = (plain: Uint8Array): string =>
  toHex(concat(nonce, crypto.seal('aes-256-gcm', key, nonce, room, plain)));
const sealed = (seq: number, message: Uint8Array): string =>
  toHex(sealWithKey(crypto, { key, nonce }, { room, seq }, message));
const good = sealed(7, utf8('message'));
const bytesOf = (hex: string): Uint8Array => {
  const read = fromHex(hex);
  assert(read.ok, 'hexadecimal');
  return read.value;
};
const change = (hex: string, at: number): string => {
  const changed = bytesOf(hex);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return toHex(changed);
};
const seven = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7);
write('envelope.json', {
  comment: 'key is the epoch key; invalid ones are refused with their reason.',
  key: toHex(key),
  room: toHex(room),
  valid: [
    { name: 'short', envelope: good, seq: 7, message: toHex(utf8('message')) },
    { name: 'empty message', envelope: sealed(1, new Uint8Array(0)), seq: 1, message: '' },
    {
      name: 'over the least size',
      envelope: sealed(2 ** 40, filled(9, 8_300)),
      seq: 2 ** 40,
      message: toHex(filled(9, 8_300)),
    },
  ],
  invalid: [
    { name: 'empty', envelope: '', reason: 'wrong-size' },
    { name: 'a nonce and less than a tag', envelope: good.slice(0, 2 * 27), reason: 'wrong-size' },
    { name: 'changed nonce', envelope: change(good, 0), reason: 'unreadable' },
    { name: 'changed ciphertext', envelope: change(good, 100), reason: 'unreadable' },
    { name: 'cut by one byte', envelope: good.slice(0, -2), reason: 'unreadable' },
    {
      name: 'sealed for another room',
      envelope: toHex(sealWithKey(crypto, { key, nonce }, { room: filled(0x56), seq: 7 }, seven)),
      reason: 'unreadable',
    },
    { name: 'not padded', envelope: seal(concat(seven, utf8('message'))), reason: 'malformed' },
    {
      name: 'padded to another length',
      envelope: seal(pad(concat(seven, utf8('message')), 64)),
      reason: 'malformed',
    },
    {
      name: 'no place',
      envelope: seal(pad(filled(1, 7), ENVELOPE_LEAST_BYTES)),
      reason: 'malformed',
    },
    {
      name: 'a place above 2^53',
      envelope: seal(pad(filled(0xff, 9), ENVELOPE_LEAST_BYTES)),
      reason: 'malformed',
    },
  ],
});

// --- ceremony
const between = {
  offered: filled(1),
  answered: filled(2),
  parties: [asFingerprint(filled(3)), asFingerprint(filled(4))] as const,
  channel: filled(5),
  offer: asLeafHash(filled(6)),
};
const ceremonyCase = (one: typeof between) => ({
  offered: toHex(one.offered),
  answered: toHex(one.answered),
  parties: one.parties.map((party) => toHex(party)),
  channel: toHex(one.channel),
  offer: toHex(one.offer),
  commitment: toHex(commitmentOf(crypto, one.offered)),
  words: ceremonyWords(crypto, one),
});
write('ceremony.json', {
  comment: 'The order of the parties does not matter; anything else changes the words.',
  cases: [
    ceremonyCase(between),
    ceremonyCase({ ...between, parties: [between.parties[1], between.parties[0]] }),
    ceremonyCase({ ...between, answered: filled(7) }),
    ceremonyCase({ ...between, channel: filled(8) }),
  ],
});

// --- join request, welcome, and a room from inside
const log = new Log();
const ana = await found(log, person('vectors', { party: 'Republic of Alpha', member: 'Ana' }));
const bo = person('vectors', { party: 'Kingdom of Beta', member: 'Bo' });
const eve = person('vectors', { party: 'Kingdom of Beta', member: 'Eve' });
const { invitation } = makeInvitation(ana.ports, {
  relay: 'https://relay.example',
  relayKey: filled(0x11),
  inviter: ana.identity.party,
  name: 'talks',
  expiresMs: START_MS + DAY,
});
const { joining, request } = await requestJoin(bo.ports, bo.identity, invitation);
const read = await readJoinRequest(ana.ports, invitation, request);
assert(read.ok, 'the request reads');
const forgery = async (identity: typeof bo.identity): Promise<string> =>
  toHex((await requestJoin(bo.ports, identity, invitation)).request);
const { body, signature } = bo.identity.certificate;
const bentCertificate = {
  body,
  signature: signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
};
const boxed = boxKeys(crypto, invitation);
const sealedRequest = (plain: Uint8Array): string =>
  toHex(
    concat(
      nonce,
      crypto.seal(
        'aes-256-gcm',
        boxed.seal,
        nonce,
        concat(utf8('parley/v1/join-request\0'), boxed.id),
        plain,
      ),
    ),
  );
const requestHex = toHex(request);
write('join-request.json', {
  comment:
    'Read with the invitation at nowMs. `flip` changes the lowest bit of that byte of the valid request, `cut` keeps that many bytes.',
  nowMs: START_MS,
  invitation: encodeInvitation(crypto, invitation),
  valid: [
    {
      name: 'a guest asks',
      request: requestHex,
      party: read.value.party,
      member: read.value.member,
      label: read.value.label,
      fingerprint: toHex(read.value.fingerprint),
      device: toHex(read.value.deviceId),
    },
  ],
  invalid: [
    { name: 'past its time', request: requestHex, nowMs: START_MS + 2 * DAY, reason: 'expired' },
    { name: 'changed nonce', flip: 0, reason: 'unreadable' },
    { name: 'changed inside', flip: 5_000, reason: 'unreadable' },
    { name: 'changed tag', flip: request.length - 1, reason: 'unreadable' },
    { name: 'cut', cut: 1_000, reason: 'unreadable' },
    { name: 'empty', cut: 0, reason: 'unreadable' },
    { name: 'not padded', request: sealedRequest(filled(1, 100)), reason: 'malformed' },
    {
      name: 'padded noise',
      request: sealedRequest(pad(filled(1, 100), 16_384)),
      reason: 'malformed',
    },
    {
      name: 'a certificate its authority did not sign',
      request: await forgery({ ...bo.identity, certificate: bentCertificate }),
      reason: 'wrong-certificate',
    },
    {
      name: "another device's certificate",
      request: await forgery({ ...bo.identity, certificate: eve.identity.certificate }),
      reason: 'wrong-key-package',
    },
    {
      name: 'a key package with another MLS key',
      request: await forgery({ ...bo.identity, mls: eve.identity.mls }),
      reason: 'wrong-key-package',
    },
    {
      name: 'signed by another device',
      request: await forgery({ ...bo.identity, signer: eve.identity.signer }),
      reason: 'wrong-signature',
    },
  ],
});

const { certificate, keyPackage } = read.value;
await ana.act(log, { kind: 'admit', certificate, keyPackage });
await ana.settle(log);
const admitted = ana.seen('admitted').at(-1);
assert(admitted, 'admitted');
const welcome = sealWelcome(ana.ports, invitation, read.value, {
  welcome: admitted.welcome,
  capability: boxed.capability,
  history: utf8('where the record is'),
});
assert(welcome.ok, 'sealed');
const accepted = acceptWelcome(bo.ports, bo.identity, joining, welcome.value);
assert(accepted.ok, 'opened');
const before = ana.entries.slice();
const joined = await joinRoom(bo.ports, bo.identity, joining, accepted.value, before);
assert(joined.ok, 'joined');
const desk = new Desk(bo.ports, bo.identity, joined.value);
desk.roots = ana.roots.slice();
const from = log.envelopes.length;
await ana.act(log, { kind: 'text', text: 'Good morning.' });
await ana.act(log, { kind: 'commit', change: { kind: 'update' } });
log.envelopes.push(filled(0x77, 8_220));
await ana.act(log, { kind: 'text', text: 'Under new keys.' });
const steps = [];
for (let seq = from + 1; seq <= log.envelopes.length; seq++) {
  const envelope = log.envelopes[seq - 1] as Uint8Array;
  const epochKey = await exportSecret(bo.ports, desk.room.group, {
    label: 'parley envelope',
    context: new Uint8Array(0),
    length: 32,
  });
  const [outcome] = await desk.take(seq, envelope);
  assert(outcome, 'an outcome');
  steps.push({
    seq,
    epochKey: toHex(epochKey),
    envelope: toHex(envelope),
    outcome: outcome.kind === 'refused' ? `refused ${outcome.reason}` : outcome.kind,
    root: toHex(desk.room.transcript.root),
    head: toHex(desk.room.head),
    epochAuthenticator: toHex(epochAuthenticator(desk.room.group)),
  });
}
write('room.json', {
  comment:
    'A guest with these secrets opens the welcome, replays the entries, and takes the envelopes one by one to these results.',
  identity: toHex(encodeIdentity(bo.identity)),
  joining: toHex(encodeJoining(joining)),
  welcome: toHex(welcome.value),
  history: 'where the record is',
  entries: before.map((entry) => toHex(entry)),
  room: toHex(joined.value.room),
  seq: joined.value.seq,
  root: toHex(joined.value.transcript.root),
  head: toHex(joined.value.head),
  steps,
});
