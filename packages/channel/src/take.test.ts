// What one entry does beyond the record: two histories compared at every size, what is remembered of it, how it ends.

import { expect, test } from 'vitest';
import { assert } from '@parley/kernel';
import {
  authorEntry,
  cosignCheckpoint,
  deviceOf,
  encodeEntry,
  verifyEvidence,
  type Body,
  type EntryPlace,
  type RootHash,
  type Seen,
} from '@parley/record';
import { sealEnvelope } from './envelope.ts';
import { compareSeen, proveContradiction, type History } from './fork.ts';
import { sealContent } from './group.ts';
import { makeKeyPackage } from './key-package.ts';
import { receive, type Act, type Outcome, type Room } from './index.ts';
import { ownPlace } from './room.ts';
import { freeze, refused, skip, withoutStale, type Context } from './take.ts';
import { colleague, invite, START_MS, summit, type Desk } from '../testing/town.ts';

const text: Body = { kind: 'text', text: 'as it was signed' };
const other = (root: RootHash): RootHash => root.map((byte) => byte ^ 1) as RootHash;
const nothing: History = { rootAt: () => undefined };

function placeOf(desk: Desk, change: Partial<EntryPlace> = {}): EntryPlace {
  const { tree, root } = desk.room.transcript;
  const seen = { size: tree.size, root };
  const { deviceId: author } = desk.identity;
  return {
    room: desk.room.room,
    author,
    ...ownPlace(desk.room),
    seen,
    timeMs: START_MS,
    ...change,
  };
}

/** What `to` makes of bytes that `by` sends as an entry. */
async function outcomesOf(
  to: Desk,
  by: Desk,
  content: Uint8Array,
  room = to.room,
): Promise<readonly Outcome[]> {
  const { message } = await sealContent(by.ports, by.room.group, content);
  const place = { room: by.room.room, seq: by.room.seq + 1 };
  const envelope = await sealEnvelope(by.ports, by.room.group, place, message);
  const delivered = { seq: room.seq + 1, envelope };
  return (await receive(to.ports, room, to.identity, delivered, to.history)).outcomes;
}

const signedBy = (desk: Desk, body: Body, change: Partial<EntryPlace> = {}): Uint8Array =>
  encodeEntry(
    authorEntry(desk.ports, placeOf(desk, change), body, desk.identity.signer.secretKey).entry,
  );

test("another's word is the same history, the beginning of it, more of it, or another one", async () => {
  const { ana } = await summit('compared');
  const { room, history, roots } = ana;
  const { size } = room.transcript.tree;
  const { root } = room.transcript;
  const earlier = roots[size - 1] as RootHash;
  const compared = (seen: Seen, held = history): string => compareSeen(room, held, seen);
  expect(compared({ size, root })).toBe('same');
  expect(compared({ size, root: other(root) })).toBe('contradiction');
  expect(compared({ size: size + 1, root })).toBe('ahead');
  expect(compared({ size: size - 1, root: earlier })).toBe('behind');
  expect(compared({ size: size - 1, root: other(earlier) })).toBe('contradiction');
  // What a desk does not keep contradicts nothing.
  expect(compared({ size: size - 1, root: other(earlier) }, nothing)).toBe('behind');
});

test('a contradiction is proven at the size that the other signed, from what this device holds there', async () => {
  const { ana, bo } = await summit('proven');
  const { size } = ana.room.transcript.tree;
  const by = deviceOf(ana.room.transcript, bo.identity.deviceId);
  assert(by !== undefined, 'Bo is here');
  const proof = (at: number, root: RootHash, held: History): Uint8Array | null => {
    const checkpoint = { room: ana.room.room, size: at, root };
    const { deviceId: device, signer } = bo.identity;
    const cosignature = cosignCheckpoint(bo.ports.crypto, checkpoint, {
      device,
      ...signer,
      timeMs: START_MS,
    });
    const statement = {
      kind: 'checkpoint',
      checkpoint: { checkpoint, cosignatures: [cosignature] },
    } as const;
    const theirs = { statement, seen: { size: at, root }, by };
    return proveContradiction(ana.ports, ana.room, ana.identity, theirs, held);
  };
  const holds = (evidence: Uint8Array | null): boolean =>
    evidence !== null && verifyEvidence(ana.ports.crypto, evidence).ok;
  const now = ana.room.transcript.root;
  const before = ana.roots[size - 1] as RootHash;
  // The root of now is in the room itself.
  expect(holds(proof(size, other(now), nothing))).toBe(true);
  expect(holds(proof(size - 1, other(before), ana.history))).toBe(true);
  expect(proof(size - 1, other(before), nothing)).toBeNull();
  // What agrees with this device proves nothing against anybody.
  expect(proof(size, now, ana.history)).toBeNull();
  expect(proof(size - 1, before, ana.history)).toBeNull();
});

test('an entry over more than there is stops the room; one whose header is none is refused', async () => {
  const { ana, bo } = await summit('ahead of all');
  const { tree, root } = bo.room.transcript;
  const ahead = signedBy(bo, text, { seen: { size: tree.size + 1, root } });
  expect(await outcomesOf(ana, bo, ahead)).toMatchObject([
    { kind: 'frozen', frozen: { reason: 'fork', evidence: null } },
  ]);
  const { entry } = authorEntry(bo.ports, placeOf(bo), text, bo.identity.signer.secretKey);
  const { header, signature } = entry.signed;
  const signed = { header: header.slice(0, -1), signature };
  expect(await outcomesOf(ana, bo, encodeEntry({ ...entry, signed }))).toMatchObject([
    { kind: 'refused', reason: 'malformed', detail: expect.stringMatching(/\w/) },
  ]);
  const removal: Body = { kind: 'device-removed', device: ana.identity.deviceId, reason: '' };
  expect(await outcomesOf(ana, bo, signedBy(bo, removal))).toMatchObject([
    {
      kind: 'refused',
      reason: 'not-allowed',
      detail: "other-party: a party's device is removed by its own devices only",
    },
  ]);
});

test('a second mismatch is on the record and freezes nothing anew', async () => {
  const { log, ana, bo } = await summit('twice');
  const of = (about: Desk): Body & Act => ({
    kind: 'mismatch',
    about: about.identity.party,
    how: 'writing',
    offer: null,
  });
  const second = signedBy(bo, of(ana));
  const before = bo.room;
  expect((await outcomesOf(ana, bo, second)).map(({ kind }) => kind)).toEqual(['entry', 'frozen']);
  const frozen: Room['frozen'] = {
    reason: 'mismatch',
    seq: 3,
    detail: 'the first',
    evidence: null,
  };
  const again = await outcomesOf(ana, bo, second, { ...ana.room, frozen });
  expect(again.map(({ kind }) => kind)).toEqual(['entry']);
  expect(bo.room).toBe(before);
  expect(log.envelopes.length).toBe(before.seq);
});

test('of its own offers a device keeps the last nonces, and of whom it lets in one key package each', async () => {
  const { log, ana, bo } = await summit('kept');
  const about = bo.identity.party;
  for (let n = 0; n < 18; n++) await ana.act(log, { kind: 'verify-offer', about });
  expect(ana.room.nonces).toHaveLength(16);
  expect(ana.room.nonces.at(-1)?.offer).toEqual(ana.room.ceremonies[0]?.offer);

  const { ports, identity } = colleague('kept', ana, 'Zoe');
  const propose = async (): Promise<Uint8Array> => {
    const { keyPackage } = await makeKeyPackage(ports, identity.deviceId, identity.mls);
    const act: Act = { kind: 'propose', certificate: identity.certificate, keyPackage };
    expect(await ana.act(log, act)).toBe('done');
    return keyPackage;
  };
  await propose();
  const keyPackage = await propose();
  expect(ana.room.admissions).toEqual([{ device: identity.deviceId, keyPackage }]);
  const yan = colleague('kept', ana, 'Yan');
  const other = (await makeKeyPackage(yan.ports, yan.identity.deviceId, yan.identity.mls))
    .keyPackage;
  const { certificate } = yan.identity;
  await ana.act(log, { kind: 'propose', certificate, keyPackage: other });
  expect(ana.room.admissions).toEqual([
    { device: identity.deviceId, keyPackage },
    { device: yan.identity.deviceId, keyPackage: other },
  ]);
  await bo.sync(log);
  expect(bo.room.admissions).toEqual([]);
});

test('who is only proposed is waited for, who was removed or is in is not', async () => {
  const { log, ana, bo } = await summit('waited for');
  const zoe = await invite(log, ana, colleague('waited for', ana, 'Zoe'));
  await ana.act(log, { kind: 'device-removed', device: zoe.identity.deviceId, reason: 'lost' });
  await ana.settle(log);
  const proposed = colleague('waited for', ana, 'Yan').identity.deviceId;
  const keyPackage = new Uint8Array(3);
  const owed = [zoe.identity.deviceId, bo.identity.deviceId, proposed];
  const admissions = owed.map((device) => ({ device, keyPackage }));
  expect(withoutStale({ ...ana.room, admissions }).admissions).toEqual([
    { device: proposed, keyPackage },
  ]);
});

test('a refusal says nothing that it was not given, and only what honest people can cause is no alarm', async () => {
  const { ana } = await summit('refusals');
  const context = { ports: ana.ports, identity: ana.identity, history: ana.history, seq: 7 };
  const reasons = ['gap', 'duplicate', 'frozen', 'withheld', 'misplaced', 'stale'] as const;
  expect(reasons.map((reason) => refused(7, reason))).toEqual(
    reasons.map((reason, at) => ({ kind: 'refused', seq: 7, reason, detail: '', alarm: at > 2 })),
  );
  const skipped = skip(context satisfies Context, ana.room, 'unreadable');
  expect(skipped).toEqual({ room: ana.room, outcomes: [refused(7, 'unreadable')] });
  const long = freeze(context, ana.room, { reason: 'mismatch', detail: '\u{1F600}'.repeat(200) });
  expect(long.room.frozen?.detail).toBe('\u{1F600}'.repeat(120));
});
