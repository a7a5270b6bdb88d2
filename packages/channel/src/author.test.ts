// Each word with which an act is turned away, and what it says to whoever reads it.

import { beforeAll, describe, expect, test } from 'vitest';
import { assert, sameBytes } from '@parley/kernel';
import {
  asDeviceId,
  asLeafHash,
  decodeOpenedEntry,
  deviceOf,
  readHeader,
  type Device as Known,
} from '@parley/record';
import { decodeRoom, members, type Act, type Room } from './index.ts';
import { author, authorCover } from './author.ts';
import { makeKeyPackage } from './key-package.ts';
import { colleague, crypto, invite, summit, type Desk, type Log } from '../testing/town.ts';

const say = (text: string): Act => ({ kind: 'text', text });
const UPDATE: Act = { kind: 'commit', change: { kind: 'update' } };
const nobody = asLeafHash(new Uint8Array(32).fill(9));

let log: Log;
let ana: Desk;
let bo: Desk;
beforeAll(async () => ({ log, ana, bo } = await summit('author')));

const asks = (desk: Desk, act: Act, room: Room = desk.room): ReturnType<typeof author> =>
  author(desk.ports, room, desk.identity, act);

/** The room as this desk has it, with one device otherwise than the record says. */
function knowing(room: Room, id: Uint8Array, change: Partial<Known> | null): Room {
  const devices = new Map(room.transcript.devices);
  const key = Buffer.from(id).toString('hex');
  const found = devices.get(key);
  assert(found !== undefined, 'the record has this device');
  if (change === null) devices.delete(key);
  else devices.set(key, { ...found, ...change });
  return { ...room, transcript: { ...room.transcript, devices } };
}

const out = (by: Uint8Array): Known['removed'] => ({ at: 1, by: asDeviceId(by), reason: 'lost' });

describe('nothing is authored', () => {
  test('in a frozen room, nor over an envelope on its way, nor cover over a signed entry', async () => {
    const frozen = { reason: 'fork', seq: 3, detail: 'two histories', evidence: null } as const;
    const made = await asks(ana, say('first'));
    assert(made.ok, 'it is authored');
    const { state, expectedSeq } = made.value;
    expect(state.seq).toBe(expectedSeq - 1);
    for (const cover of [false, true]) {
      const asked = (room: Room): Promise<{ ok: boolean }> =>
        cover ? authorCover(ana.ports, room) : asks(ana, say('then'), room);
      expect(await asked({ ...ana.room, frozen })).toMatchObject({
        reason: 'frozen',
        detail: 'fork',
      });
      expect(await asked(state)).toMatchObject({ reason: 'busy', at: expectedSeq });
      const waits = { ...state, pending: null };
      expect(await asked(waits)).toMatchObject({ reason: 'unsent-entry' });
    }
    expect((await authorCover(ana.ports, ana.room)).ok).toBe(true);
    // The same act goes out as the same entry; one for a shorter record is signed anew.
    const again = await asks(ana, say('first'), { ...state, pending: null });
    assert(again.ok, 'it is sent again');
    expect(again.value.state.draft?.entry).toEqual(state.draft?.entry);
    const old = { ...state, pending: null, draft: { ...state.draft!, size: 1 } };
    const anew = await asks(ana, say('then'), old);
    assert(anew.ok, 'the record has grown since');
    expect(anew.value.state.draft?.size).toBe(ana.room.transcript.tree.size);
  });

  test('by a device that the record removed, suspended, or never had', async () => {
    const own = ana.identity.deviceId;
    const removed = knowing(ana.room, own, { removed: out(own) });
    const suspended = knowing(ana.room, own, { suspended: out(own) });
    for (const act of [say('me'), UPDATE]) {
      expect(await asks(ana, act, removed)).toMatchObject({
        reason: 'not-allowed',
        detail: 'removed-device: the record removed this device',
      });
      expect(await asks(ana, act, suspended)).toMatchObject({
        reason: 'not-allowed',
        detail: 'suspended-device: the record suspended this device',
      });
    }
    expect(await asks(ana, UPDATE, knowing(ana.room, own, null))).toMatchObject({
      reason: 'not-allowed',
      detail: 'unknown-device: this device is not on the record',
    });
  });

  test('that does not fit, with the reason', async () => {
    const long = await asks(ana, say('x'.repeat(65_537)));
    assert(!long.ok, 'it is too long');
    expect([long.reason, (long.detail ?? '').length > 0]).toEqual(['does-not-fit', true]);
    const hash = new Uint8Array(32);
    const torn = { document: nobody, original: hash, safe: hash, report: hash } as const;
    const words = { policy: 'p', engine: 'e', outcome: 'refused' } as const;
    expect(await asks(ana, { kind: 'disarmed', ...torn, ...words })).toMatchObject({
      reason: 'does-not-fit',
      detail: 'what it says does not go together',
    });
  });

  test('that the judge refuses, or whose words nobody computes', async () => {
    const about = bo.identity.party;
    const refused = await asks(ana, {
      kind: 'mismatch',
      about: ana.identity.party,
      how: 'voice',
      offer: null,
    });
    assert(!refused.ok, 'nobody reports a mismatch with itself');
    expect(refused.reason).toBe('not-allowed');
    expect(refused.detail).toMatch(/^own-party: ./);
    expect(
      await asks(ana, {
        kind: 'verified',
        about,
        how: 'voice',
        words: [1, 2, 3, 4],
        offer: nobody,
      }),
    ).toMatchObject({
      reason: 'not-allowed',
      detail: 'other-words: not the words that everybody computes',
    });
    expect(await asks(ana, { kind: 'verify-answer', offer: nobody })).toMatchObject({
      reason: 'no-such-offer',
    });
    expect(await asks(ana, { kind: 'verify-open', offer: nobody })).toMatchObject({
      reason: 'no-such-offer',
    });
  });
});

test('an offer is answered once, by the party it is about, and opened by who made it', async () => {
  const { log: road, ana: asking, bo: asked } = await summit('offers');
  await asking.act(road, { kind: 'verify-offer', about: asked.identity.party });
  await asking.sync(road);
  await asked.sync(road);
  const [offered] = asked.room.ceremonies;
  assert(offered !== undefined, 'there is an offer');
  const { offer } = offered;
  // Not by its maker, and not opened before it is answered.
  expect(await asks(asking, { kind: 'verify-answer', offer })).toMatchObject({
    reason: 'no-such-offer',
  });
  expect(await asks(asking, { kind: 'verify-open', offer })).toMatchObject({
    reason: 'no-such-offer',
  });
  const answered = await asks(asked, { kind: 'verify-answer', offer });
  assert(answered.ok, 'the other party answers');
  expect(answered.value.state.draft?.nonce).toBeNull();
  await asked.act(road, { kind: 'verify-answer', offer });
  await asked.sync(road);
  await asking.sync(road);
  expect(await asks(asked, { kind: 'verify-answer', offer })).toMatchObject({
    reason: 'no-such-offer',
  });
  // Only who made it has its nonce.
  expect(await asks(asked, { kind: 'verify-open', offer })).toMatchObject({
    reason: 'no-such-offer',
  });
  expect((await asks(asking, { kind: 'verify-open', offer })).ok).toBe(true);
  expect(
    await asks(asking, { kind: 'verify-open', offer }, { ...asking.room, nonces: [] }),
  ).toMatchObject({ reason: 'no-such-offer' });
});

describe('an admission', () => {
  test('takes a key package of the very device and key that the certificate names', async () => {
    const zoe = colleague('author', ana, 'Zoe');
    const { deviceId, certificate, mls } = zoe.identity;
    const own = await makeKeyPackage(zoe.ports, deviceId, mls);
    const wrongDevice = await makeKeyPackage(zoe.ports, bo.identity.deviceId, mls);
    const wrongKey = await makeKeyPackage(zoe.ports, deviceId, bo.identity.mls);
    for (const kind of ['admit', 'propose'] as const) {
      const asked = (keyPackage: Uint8Array): ReturnType<typeof author> =>
        asks(ana, { kind, certificate, keyPackage });
      for (const bad of [new Uint8Array(9), wrongDevice.keyPackage, wrongKey.keyPackage])
        expect(await asked(bad)).toMatchObject({ reason: 'bad-key-package' });
      const made = await asked(own.keyPackage);
      assert(made.ok, 'the right one is taken');
      const { draft } = made.value.state;
      expect(draft?.keyPackage).toEqual(own.keyPackage);
      const entry = decodeOpenedEntry(draft?.entry ?? new Uint8Array());
      assert(entry.ok, 'the draft holds an entry');
      const header = readHeader(entry.value.signed);
      assert(header.ok, 'with a header');
      const said = kind === 'admit' ? 'device-admitted' : 'admission-proposed';
      expect(header.value.kind).toBe(said);
    }
    const torn = { ...certificate, body: certificate.body.subarray(1) };
    expect(
      await asks(ana, { kind: 'admit', certificate: torn, keyPackage: own.keyPackage }),
    ).toMatchObject({ reason: 'not-allowed', detail: 'malformed-certificate' });
    // A device of another party is admitted as that party: only its own admits further ones.
    expect(
      await asks(bo, { kind: 'admit', certificate, keyPackage: own.keyPackage }),
    ).toMatchObject({ reason: 'not-allowed', detail: expect.stringMatching(/^party-/) });
  });
});

describe('a commit', () => {
  const change = (one: Extract<Act, { kind: 'commit' }>['change']): Act => ({
    kind: 'commit',
    change: one,
  });

  test('adds only whom an entry admitted, by that key, and who is not there', async () => {
    const zoe = colleague('author', ana, 'Yan');
    const add = async (device: Uint8Array, mls: typeof bo.identity.mls): Promise<Act> => {
      const { keyPackage } = await makeKeyPackage(zoe.ports, device, mls);
      return change({ kind: 'add', keyPackages: [keyPackage] });
    };
    expect(await asks(ana, await add(zoe.identity.deviceId, zoe.identity.mls))).toMatchObject({
      reason: 'not-on-record',
    });
    expect(
      await asks(ana, change({ kind: 'add', keyPackages: [new Uint8Array(7)] })),
    ).toMatchObject({ reason: 'bad-key-package' });
    const { deviceId, mls } = bo.identity;
    expect(await asks(ana, await add(deviceId, zoe.identity.mls))).toMatchObject({
      reason: 'bad-key-package',
    });
    const again = await add(deviceId, mls);
    expect(await asks(ana, again)).toMatchObject({
      reason: 'no-such-device',
      detail: 'it is in the group already',
    });
    const suspended = knowing(ana.room, deviceId, { suspended: out(deviceId) });
    expect(await asks(ana, again, suspended)).toMatchObject({ reason: 'not-on-record' });
  });

  test('takes out only whom an entry removed, and who is there; what was removed goes before talk', async () => {
    const zoe = await invite(log, ana, colleague('author', ana, 'Xu'));
    const id = zoe.identity.deviceId;
    await bo.sync(log);
    const remove = change({ kind: 'remove', devices: [id] });
    expect(await asks(ana, remove)).toMatchObject({ reason: 'not-on-record' });
    expect(await asks(ana, change({ kind: 'remove', devices: [nobody] }))).toMatchObject({
      reason: 'not-on-record',
    });
    await ana.act(log, { kind: 'device-removed', device: id, reason: 'lost' });
    await ana.sync(log);
    expect(deviceOf(ana.room.transcript, id)?.removed).not.toBeNull();
    expect(await asks(ana, say('too early'))).toMatchObject({ reason: 'removal-due' });
    // What is urgent waits for no removal.
    const mismatch = { kind: 'mismatch', about: bo.identity.party, how: 'voice' } as const;
    expect((await asks(ana, { ...mismatch, offer: null })).ok).toBe(true);
    const urgent: Act[] = [
      { kind: 'device-removed', device: bo.identity.deviceId, reason: 'not ours' },
      { kind: 'member-suspended', member: 'Nobody', reason: 'not here' },
    ];
    for (const act of urgent) expect(await asks(ana, act)).toMatchObject({ reason: 'not-allowed' });
    await ana.act(log, remove);
    await ana.sync(log);
    expect(members(ana.room.group).some((leaf) => sameBytes(leaf.device, id))).toBe(false);
    expect(await asks(ana, remove)).toMatchObject({
      reason: 'no-such-device',
      detail: 'it is out of the group already',
    });
  });

  test('is stored before it is sent: the same state reads back with the envelope in it', async () => {
    await bo.sync(log);
    const made = await asks(bo, UPDATE);
    assert(made.ok, 'keys are renewed');
    bo.store(made.value.state);
    const read = decodeRoom(crypto, bo.vault);
    assert(read.ok, 'it reads back');
    expect(read.value.pending?.envelope).toEqual(made.value.envelope);
    expect(read.value.pending?.seq).toBe(made.value.expectedSeq);
    expect(made.value.expectedSeq).toBe(log.envelopes.length + 1);
    log.append(made.value.expectedSeq, made.value.envelope);
    await bo.sync(log);
    await ana.sync(log);
    expect(bo.seen('epoch').at(-1)).toMatchObject({ own: true, change: 'update' });
    expect(ana.seen('epoch').at(-1)).toMatchObject({ own: false, change: 'update' });
  });
});
