// A call reaches the one device it is sealed to, names who signed it, and is nothing to anybody else.

import { assert, integer, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { sameBytes } from '@parley/kernel';
import { deviceOf, type Device } from '@parley/record';
import { crypto, found, invite, Log, person, type Desk } from '../testing/town.ts';
import { doorstepKeys, openCall, sealCall, type Call } from './doorstep.ts';

const RUNS = process.env['SLOW'] === undefined ? 20 : 2_000;
const call: Call = { kind: 'room', of: 'bilateral', name: 'chairs', invitation: 'parley1...' };

async function pair(seed: string): Promise<{ log: Log; ana: Desk; bo: Desk }> {
  const log = new Log();
  const ana = await found(log, person(seed, { party: 'Alpha', member: 'Ana' }));
  const bo = await invite(log, ana, person(seed, { party: 'Beta', member: 'Bo' }));
  await ana.settle(log);
  await bo.sync(log);
  return { log, ana, bo };
}

const deviceIn = (desk: Desk, of: Desk): Device => {
  const device = deviceOf(desk.room.transcript, of.identity.deviceId);
  if (device === undefined) throw new Error('it is on the record');
  return device;
};

function sealed(from: Desk, to: Device, what: Call = call, by = from.identity): Uint8Array {
  const channel = from.room.transcript.channel ?? new Uint8Array(0);
  const made = sealCall(from.ports, by, to, { channel, call: what });
  if (!made.ok) throw new Error(made.reason);
  return made.value;
}

const opened = (desk: Desk, envelope: Uint8Array): string => {
  const read = openCall(desk.ports, desk.identity, desk.room.transcript, envelope);
  return read.ok ? read.value.call.kind : read.reason;
};

test('a call is read by the device it is for, who learns which device of the channel signed it', async () => {
  const { ana, bo } = await pair('call');
  const envelope = sealed(ana, deviceIn(ana, bo));
  const read = openCall(bo.ports, bo.identity, bo.room.transcript, envelope);
  expect(read).toMatchObject({ ok: true, value: { call, from: { member: 'Ana' } } });
  expect(opened(ana, envelope)).toBe('unreadable');
  // All calls have one size: the relay cannot tell a caucus from the sharing of a secret.
  const secret = sealed(ana, deviceIn(ana, bo), { kind: 'secret', secret: new Uint8Array(32) });
  expect(secret).toHaveLength(envelope.length);
  const { certificate } = bo.identity;
  const certified = sealed(ana, deviceIn(ana, bo), { kind: 'certificate', certificate });
  expect(certified).toHaveLength(envelope.length);
  expect(opened(bo, certified)).toBe('certificate');
});

test('a call of another channel, of nobody in the channel, or of a removed device is none', async () => {
  const { log, ana, bo } = await pair('refused');
  const other = await pair('another');
  const me = deviceIn(bo, bo);
  expect(opened(bo, sealed(other.ana, me))).toBe('unreadable');
  expect(opened(bo, sealed(ana, me, call, other.ana.identity))).toBe('unknown-device');
  const forger = { ...ana.identity, signer: other.ana.identity.signer };
  expect(opened(bo, sealed(ana, me, call, forger))).toBe('wrong-signature');
  await bo.act(log, { kind: 'text', text: 'still here' });
  const gone = new Map(bo.room.transcript.devices);
  for (const [key, device] of gone)
    if (sameBytes(device.id, ana.identity.deviceId))
      gone.set(key, { ...device, removed: { at: 1, by: device.id, reason: '' } });
  const without = { ...bo.room.transcript, devices: gone };
  const late = openCall(bo.ports, bo.identity, without, sealed(ana, me));
  expect(late).toMatchObject({ ok: false, reason: 'unknown-device' });
});

test('a call with any byte changed, or cut, is unreadable', async () => {
  const { ana, bo } = await pair('changed');
  const envelope = sealed(ana, deviceIn(ana, bo));
  assert(
    property(nat(envelope.length - 1), integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Uint8Array.from(envelope);
      changed[at] = (changed[at] ?? 0) ^ by;
      return (
        opened(bo, changed) === 'unreadable' && opened(bo, envelope.slice(0, at)) === 'unreadable'
      );
    }),
    { numRuns: RUNS },
  );
});

test('each party has a doorstep of its own, and only its secret leads to it', () => {
  const [channel, secret] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [alpha, beta] = [new Uint8Array(32).fill(3), new Uint8Array(32).fill(4)] as never[];
  const ids = [
    doorstepKeys(crypto, channel, alpha as never),
    doorstepKeys(crypto, channel, beta as never),
    doorstepKeys(crypto, secret, alpha as never),
  ].map(({ id, capability }) => Buffer.concat([id, capability.id, capability.key]).toString('hex'));
  expect(new Set(ids).size).toBe(3);
});
