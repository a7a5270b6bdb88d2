// A word carried outside the room proves what inside nobody can read any more.

import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { assert, concat, hpkeSeal, pad, utf8, xwingKem } from '@parley/kernel';
import { verifyEvidence } from '@parley/record';
import { openStatement, sealStatement, type Act } from './index.ts';
import { Log, person, summit, type Desk } from '../testing/town.ts';

const RUNS = process.env['SLOW'] === '1' ? 300 : 25;
const say = (text: string): Act => ({ kind: 'text', text });
const update: Act = { kind: 'commit', change: { kind: 'update' } };

function said(from: Desk, to: Desk): Uint8Array {
  const sealed = sealStatement(from.ports, from.room, from.identity, to.identity.deviceId);
  assert(sealed.ok, 'a statement is sealed');
  return sealed.value;
}

const open = (desk: Desk, sealed: Uint8Array) =>
  openStatement(desk.ports, desk.room, desk.identity, sealed, desk.history);

function split(log: Log): [Log, Log] {
  const [left, right] = [new Log(), new Log()];
  left.envelopes.push(...log.envelopes);
  right.envelopes.push(...log.envelopes);
  return [left, right];
}

test('devices that hold one history find the same', async () => {
  const { log, ana, bo } = await summit('same');
  await ana.act(log, say('hello'));
  await bo.act(log, update);
  await ana.sync(log);
  const read = open(bo, said(ana, bo));
  expect(read).toMatchObject({ ok: true, value: { record: 'same', epoch: 'same' } });
  assert(read.ok, 'it reads');
  expect(read.value.state).toBe(bo.room);
  expect(read.value.by.certificate.member).toBe('Ana');
});

test('one that has not caught up is behind, the other ahead, and nobody is stopped', async () => {
  const { log, ana, bo } = await summit('behind');
  await ana.act(log, say('one'));
  await ana.act(log, update);
  expect(open(ana, said(bo, ana))).toMatchObject({
    value: { record: 'behind', epoch: 'behind', state: { frozen: null } },
  });
  expect(open(bo, said(ana, bo))).toMatchObject({
    value: { record: 'ahead', epoch: 'ahead', state: { frozen: null } },
  });
});

test('a fork whose epochs have parted is proven by one word from the other side', async () => {
  const { log, ana, bo } = await summit('parted');
  const [left, right] = split(log);
  await ana.act(left, say('to the left'));
  await ana.act(left, update);
  await bo.act(right, say('to the right'));
  await bo.act(right, say('and on'));
  const read = open(bo, said(ana, bo));
  assert(read.ok, 'it reads');
  expect(read.value).toMatchObject({
    record: 'contradiction',
    state: { frozen: { reason: 'fork' } },
  });
  const evidence = read.value.state.frozen?.evidence;
  assert(evidence, 'a proof');
  const report = verifyEvidence(bo.ports.crypto, evidence);
  assert(report.ok, 'that holds');
  expect(report.value.signers.map(({ member }) => member)).toEqual(['Ana', 'Bo']);
});

test('two commits for one epoch over one record are a fork too', async () => {
  const { log, ana, bo } = await summit('two commits');
  const [left, right] = split(log);
  await ana.act(left, update);
  await bo.act(right, update);
  expect(open(bo, said(ana, bo))).toMatchObject({
    value: {
      record: 'same',
      epoch: 'parted',
      state: { frozen: { reason: 'fork', evidence: null } },
    },
  });
});

test('a statement that was changed, or is for another device or room, is unreadable', async () => {
  const { ana, bo } = await summit('changed word');
  const other = await summit('other room');
  const sealed = said(ana, bo);
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), (at) => {
      const flipped = sealed.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect(open(bo, flipped)).toMatchObject({ reason: 'unreadable' });
      expect(open(bo, sealed.subarray(0, at))).toMatchObject({ reason: 'unreadable' });
    }),
    { numRuns: RUNS },
  );
  expect(open(ana, sealed)).toMatchObject({ reason: 'unreadable' });
  expect(open(other.bo, sealed)).toMatchObject({ reason: 'unreadable' });
});

test('a statement by nobody of the room, or signed by another, is refused', async () => {
  const { ana, bo } = await summit('forged word');
  const mallory = person('forged word', { party: 'Republic of Alpha', member: 'Mallory' });
  const forgedBy = (identity: typeof ana.identity): Uint8Array => {
    const sealed = sealStatement(ana.ports, ana.room, identity, bo.identity.deviceId);
    assert(sealed.ok, 'sealed');
    return sealed.value;
  };
  expect(open(bo, forgedBy(mallory.identity))).toMatchObject({ reason: 'unknown-device' });
  const { deviceId } = ana.identity;
  expect(open(bo, forgedBy({ ...mallory.identity, deviceId }))).toMatchObject({
    reason: 'wrong-signature',
  });
  const to = mallory.identity.deviceId;
  expect(sealStatement(ana.ports, ana.room, ana.identity, to)).toMatchObject({
    reason: 'unknown-device',
  });
});

test('noise that is sealed as it should be is malformed', async () => {
  const { bo } = await summit('sealed noise');
  const suite = { kem: xwingKem(bo.ports), kdf: 'sha512', aead: 'aes-256-gcm' } as const;
  const info = concat(utf8('parley/v1/statement\0'), bo.room.room);
  const { publicKey } = bo.identity.seal;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, padded) => {
      const plain = padded ? pad(noise, 16_384) : noise;
      const sealed = hpkeSeal(bo.ports.crypto, suite, { publicKey, info }, plain);
      assert(sealed, 'sealed');
      expect(open(bo, concat(sealed.enc, sealed.ciphertext))).toMatchObject({
        reason: 'malformed',
      });
    }),
    { numRuns: RUNS },
  );
});
