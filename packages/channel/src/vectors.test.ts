// Every vector in vectors/channel: valid ones give their values, invalid ones their reason. A second implementation of
// docs/protocol/channel.md runs the same files.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assert, fromHex, toHex, utf8 } from '@parley/kernel';
import { asFingerprint, asLeafHash, type Party, type RootHash } from '@parley/record';
import { ceremonyWords, commitmentOf } from './ceremony.ts';
import { openWithKey, sealWithKey } from './envelope.ts';
import {
  acceptWelcome,
  boxKeys,
  channelInvitationText,
  decodeIdentity,
  decodeJoining,
  encodeInvitation,
  epochAuthenticator,
  joinRoom,
  openFellowTerms,
  readFellowRequest,
  readInvitation,
  readJoinRequest,
} from './index.ts';
import { exportSecret } from './mls-state.ts';
import { authorityWords, checkInPersonCode, inPersonCode } from './verification.ts';
import { wordsFor } from './words.ts';
import { crypto, Desk, seededPorts } from '../testing/town.ts';

function load(name: string): unknown {
  const url = new URL(`../../../vectors/channel/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

function hex(text: string): Uint8Array {
  const read = fromHex(text);
  assert(read.ok, 'hexadecimal');
  return read.value;
}

type Named = { readonly name: string };
type Refused = Named & { readonly reason: string };

describe('invitation', () => {
  type Fields = {
    relay: string;
    relayKey: string;
    box: string;
    inviter: string;
    name: string;
    expiresMs: number;
  };
  const file = load('invitation') as {
    nowMs: number;
    valid: (Named & { text: string; fields: Fields })[];
    invalid: (Refused & { text: string })[];
    box: { secret: string; id: string; capabilityId: string; capabilityKey: string; seal: string };
  };

  test.each(file.valid)('valid: $name', ({ text, fields }) => {
    const read = readInvitation(crypto, text, file.nowMs);
    assert(read.ok, 'it reads');
    const { box, inviter, relayKey } = read.value;
    expect({
      ...read.value,
      box: toHex(box),
      inviter: toHex(inviter),
      relayKey: toHex(relayKey),
    }).toEqual(fields);
    expect(encodeInvitation(crypto, read.value)).toBe(text.replaceAll(/\s/g, ''));
  });

  test.each(file.invalid)('invalid: $name', ({ text, reason }) => {
    expect(readInvitation(crypto, text, file.nowMs)).toMatchObject({ ok: false, reason });
  });

  test('box keys', () => {
    const { capability, id, seal } = boxKeys(crypto, { box: hex(file.box.secret) });
    expect([id, capability.id, capability.key, seal].map(toHex)).toEqual([
      file.box.id,
      file.box.capabilityId,
      file.box.capabilityKey,
      file.box.seal,
    ]);
  });
});

describe('envelope', () => {
  const file = load('envelope') as {
    key: string;
    room: string;
    valid: (Named & { envelope: string; seq: number; message: string })[];
    invalid: (Refused & { envelope: string })[];
  };
  const [key, room] = [hex(file.key), hex(file.room)];

  test.each(file.valid)('valid: $name', ({ envelope, seq, message }) => {
    const opened = openWithKey(crypto, key, room, hex(envelope));
    expect(opened).toEqual({ ok: true, value: { seq, message: hex(message) } });
    const nonce = hex(envelope).slice(0, 12);
    expect(toHex(sealWithKey(crypto, { key, nonce }, { room, seq }, hex(message)))).toBe(envelope);
  });

  test.each(file.invalid)('invalid: $name', ({ envelope, reason }) => {
    expect(openWithKey(crypto, key, room, hex(envelope))).toMatchObject({ ok: false, reason });
  });
});

describe('ceremony', () => {
  type Case = {
    offered: string;
    answered: string;
    parties: [string, string];
    channel: string;
    offer: string;
    commitment: string;
    words: number[];
  };
  test.each((load('ceremony') as { cases: Case[] }).cases)('words $words', (one) => {
    const [a, b] = one.parties;
    const words = ceremonyWords(crypto, {
      offered: hex(one.offered),
      answered: hex(one.answered),
      parties: [asFingerprint(hex(a)), asFingerprint(hex(b))],
      channel: hex(one.channel),
      offer: asLeafHash(hex(one.offer)),
    });
    expect(words).toEqual(one.words);
    expect(toHex(commitmentOf(crypto, hex(one.offered)))).toBe(one.commitment);
  });
});

describe('join request', () => {
  const file = load('join-request') as {
    nowMs: number;
    invitation: string;
    valid: (Named & {
      request: string;
      party: string;
      member: string;
      label: string;
      fingerprint: string;
      device: string;
    })[];
    invalid: (Refused & { request?: string; flip?: number; cut?: number; nowMs?: number })[];
  };
  const invitation = readInvitation(crypto, file.invitation, file.nowMs);
  assert(invitation.ok, 'the invitation reads');
  const portsAt = (nowMs: number) => seededPorts('vectors', { nowMs: () => nowMs });

  test.each(file.valid)('valid: $name', async ({ request, ...expected }) => {
    const read = await readJoinRequest(portsAt(file.nowMs), invitation.value, hex(request));
    assert(read.ok, 'it reads');
    const { deviceId, fingerprint, label, member, party } = read.value;
    expect({
      party,
      member,
      label,
      fingerprint: toHex(fingerprint),
      device: toHex(deviceId),
    }).toEqual({ ...expected, name: undefined });
  });

  test.each(file.invalid)('invalid: $name', async ({ cut, flip, nowMs, reason, request }) => {
    const bytes = hex(request ?? file.valid[0]?.request ?? '').slice(0, cut);
    if (flip !== undefined) bytes[flip] = (bytes[flip] ?? 0) ^ 1;
    const read = await readJoinRequest(portsAt(nowMs ?? file.nowMs), invitation.value, bytes);
    expect(read).toMatchObject({ ok: false, reason });
  });
});

test('a room from inside: welcome, replay, and every envelope to its result', async () => {
  type Step = {
    seq: number;
    epochKey: string;
    envelope: string;
    outcome: string;
    root: string;
    head: string;
    epochAuthenticator: string;
  };
  const file = load('room') as {
    identity: string;
    joining: string;
    welcome: string;
    history: string;
    entries: string[];
    room: string;
    seq: number;
    root: string;
    head: string;
    steps: Step[];
  };
  const ports = seededPorts('room vector');
  const identity = decodeIdentity(ports, hex(file.identity));
  const joining = decodeJoining(hex(file.joining));
  assert(identity.ok && joining.ok, 'the secrets read');
  const welcome = acceptWelcome(ports, identity.value, joining.value, hex(file.welcome));
  assert(welcome.ok, 'the welcome opens');
  expect(welcome.value.history).toEqual(utf8(file.history));
  const roots: RootHash[] = [];
  const joined = await joinRoom(
    ports,
    identity.value,
    joining.value,
    welcome.value,
    file.entries.map(hex),
    ({ index, root }) => {
      roots[index + 1] = root;
    },
  );
  assert(joined.ok, 'the guest joins');
  const state = joined.value;
  expect([toHex(state.room), state.seq, toHex(state.transcript.root), toHex(state.head)]).toEqual([
    file.room,
    file.seq,
    file.root,
    file.head,
  ]);
  const desk = new Desk(ports, identity.value, state);
  desk.roots = roots;
  for (const step of file.steps) {
    const use = { label: 'parley envelope', context: new Uint8Array(0), length: 32 };
    expect(toHex(await exportSecret(ports, desk.room.group, use))).toBe(step.epochKey);
    const [outcome] = await desk.take(step.seq, hex(step.envelope));
    expect(outcome?.kind === 'refused' ? `refused ${outcome.reason}` : outcome?.kind).toBe(
      step.outcome,
    );
    expect(toHex(desk.room.transcript.root)).toBe(step.root);
    expect(toHex(desk.room.head)).toBe(step.head);
    expect(toHex(epochAuthenticator(desk.room.group))).toBe(step.epochAuthenticator);
  }
});

describe('verification in person and in writing', () => {
  const file = load('verification') as {
    channel: string;
    parties: string[];
    own: string;
    other: string;
    valid: (Named & { text: string })[];
    invalid: (Refused & { text: string })[];
    words: { fingerprint: string; numbers: number[]; en: string }[];
  };
  const parties = new Map(
    file.parties.map((one) => [one, { fingerprint: asFingerprint(hex(one)) } as Party]),
  );
  const meeting = { transcript: { channel: hex(file.channel), parties } };
  const own = asFingerprint(hex(file.own));

  test.each(file.valid)('valid: $name', ({ text }) => {
    const read = checkInPersonCode(crypto, meeting, own, text);
    assert(read.ok, 'it is theirs');
    expect(toHex(read.value)).toBe(file.other);
    expect(inPersonCode(crypto, meeting, read.value, own)).toBe(text.trim());
  });

  test.each(file.invalid)('invalid: $name', ({ text, reason }) => {
    expect(checkInPersonCode(crypto, meeting, own, text)).toMatchObject({ ok: false, reason });
  });

  test.each(file.words)('words of $fingerprint', ({ fingerprint, numbers, en }) => {
    const words = authorityWords(asFingerprint(hex(fingerprint)));
    expect(words).toEqual(numbers);
    expect(wordsFor(words, 'en').join(' ')).toBe(en);
  });
});

describe("a device of one's own party", () => {
  type Boxed = Named & { envelope: string };
  const file = load('fellow') as {
    invitation: string;
    nowMs: number;
    terms: { valid: (Boxed & { member: string; role: string })[]; invalid: (Boxed & Refused)[] };
    requests: { valid: (Boxed & { device: string })[]; invalid: (Boxed & Refused)[] };
  };
  const written = channelInvitationText(file.invitation);
  assert(written !== undefined, 'it is an invitation into a party');
  const invitation = readInvitation(crypto, written, file.nowMs);
  assert(invitation.ok, 'the invitation reads');
  const ports = seededPorts('vectors', { nowMs: () => file.nowMs });
  const termsIn = (envelope: string) => openFellowTerms(crypto, invitation.value, hex(envelope));
  const first = termsIn(file.terms.valid[0]?.envelope ?? '');
  assert(first.ok, 'the terms read');

  test.each(file.terms.valid)('valid terms: $name', ({ envelope, member, role }) => {
    expect(termsIn(envelope)).toMatchObject({ ok: true, value: { member, role } });
  });

  test.each(file.terms.invalid)('invalid terms: $name', ({ envelope, reason }) => {
    expect(termsIn(envelope)).toMatchObject({ ok: false, reason });
  });

  const requestIn = async (envelope: string) =>
    readFellowRequest(ports, invitation.value, first.value, hex(envelope));

  test.each(file.requests.valid)('valid request: $name', async ({ envelope, device }) => {
    const read = await requestIn(envelope);
    expect(read.ok && toHex(read.value.deviceId)).toBe(device);
  });

  test.each(file.requests.invalid)('invalid request: $name', async ({ envelope, reason }) => {
    expect(await requestIn(envelope)).toMatchObject({ ok: false, reason });
  });
});
