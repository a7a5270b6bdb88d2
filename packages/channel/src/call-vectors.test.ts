// Every vector in vectors/channel/call.json: a call is read by the device it is for, and a certificate made anew is taken
// from a fellow device alone.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assert, fromHex, sameBytes, toHex } from '@parley/kernel';
import {
  asFingerprint,
  asRoomId,
  decodeEntry,
  deviceOf,
  emptyTranscript,
  judge,
} from '@parley/record';
import { certifiedAnew, decodeIdentity, doorstepKeys, openCall } from './index.ts';
import { crypto, seededPorts } from '../testing/town.ts';

type Refused = {
  readonly name: string;
  readonly reason: string;
  readonly envelope?: string;
  readonly flip?: number;
  readonly cut?: number;
  readonly zeros?: number;
};
const file = JSON.parse(
  readFileSync(new URL('../../../vectors/channel/call.json', import.meta.url), 'utf8'),
) as {
  identity: string;
  room: string;
  entries: string[];
  doorstep: {
    channel: string;
    party: string;
    id: string;
    capability: { id: string; key: string };
  };
  valid: { name: string; envelope: string; from: string; call: unknown }[];
  invalid: Refused[];
  certificates: { name: string; envelope: string; taken: boolean }[];
};
const hex = (text: string): Uint8Array => {
  const read = fromHex(text);
  assert(read.ok, 'hexadecimal');
  return read.value;
};
const shown = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shown(one)]));
};

const ports = seededPorts('call vectors');
const identity = decodeIdentity(ports, hex(file.identity));
assert(identity.ok, 'the secrets read');
const zoe = identity.value;
let plenary = emptyTranscript(crypto, asRoomId(hex(file.room)));
for (const encoded of file.entries) {
  const entry = decodeEntry(hex(encoded));
  assert(entry.ok, 'an entry');
  const judged = judge(crypto, plenary, entry.value);
  assert(judged.ok, 'an honest plenary');
  plenary = judged.value.transcript;
}
const own = deviceOf(plenary, zoe.deviceId);
assert(own !== undefined, 'Zoe is in the plenary');

describe('a call', () => {
  test.each(file.valid)('valid: $name', ({ envelope, from, call }) => {
    const read = openCall(ports, zoe, plenary, hex(envelope));
    assert(read.ok, 'it opens');
    expect(shown(read.value.call)).toEqual(call);
    expect(toHex(read.value.from.id)).toBe(from);
  });

  test.each(file.invalid)('invalid: $name', ({ envelope, flip, cut, zeros, reason }) => {
    const bytes = hex(envelope ?? file.valid[0]?.envelope ?? '').slice(0, cut);
    if (flip !== undefined) bytes[flip] = (bytes[flip] ?? 0) ^ 1;
    const sealed = zeros === undefined ? bytes : new Uint8Array(zeros);
    expect(openCall(ports, zoe, plenary, sealed)).toMatchObject({ ok: false, reason });
  });

  test('lies on the doorstep of its party', () => {
    const { channel, party, id, capability } = file.doorstep;
    expect(shown(doorstepKeys(crypto, hex(channel), asFingerprint(hex(party))))).toEqual({
      id,
      capability,
    });
    expect(toHex(own.party)).toBe(party);
  });
});

describe('a certificate made anew', () => {
  test.each(file.certificates)('$name: taken $taken', ({ envelope, taken }) => {
    const read = openCall(ports, zoe, plenary, hex(envelope));
    assert(read.ok && read.value.call.kind === 'certificate', 'a certificate came');
    const { call, from } = read.value;
    const made = certifiedAnew(ports, zoe, call.certificate, own.party);
    expect(made.ok && sameBytes(from.party, own.party)).toBe(taken);
    if (!taken) return;
    expect(made).toMatchObject({ ok: true, value: { party: own.party, authority: null } });
    expect(made.ok && toHex(made.value.deviceId)).not.toBe(toHex(zoe.deviceId));
  });
});
