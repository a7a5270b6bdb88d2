// What a commit tells whoever takes it: who made it, which epoch it leads to, who came and who went. One that the record
// does not allow is refused with its reason.

import { expect, test } from 'vitest';
import { assert, sameBytes } from '@parley/kernel';
import {
  asDeviceId,
  cosignCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type DeviceId,
} from '@parley/record';
import { makeCommit, type Change } from './commit.ts';
import { sealEnvelope } from './envelope.ts';
import { makeKeyPackage } from './key-package.ts';
import { epochOf, leafOf } from './mls-state.ts';
import { receive, type Act, type Outcome } from './index.ts';
import { checkpointOf } from './room.ts';
import {
  colleague,
  invite,
  person,
  seededPorts,
  START_MS,
  summit,
  type Desk,
} from '../testing/town.ts';

const update: Act = { kind: 'commit', change: { kind: 'update' } };
const idOf = (desk: Desk): DeviceId => desk.identity.deviceId;

type Epoch = Extract<Outcome, { kind: 'epoch' }>;
const epochIn = (outcomes: readonly Outcome[]): Epoch | undefined =>
  outcomes.find((one): one is Epoch => one.kind === 'epoch');

/** A note that these devices cosigned, each with its own key. */
function noteOf(checkpoint: Checkpoint, ...signers: readonly Desk[]): Uint8Array {
  const cosignatures = signers.map(({ ports, identity }) =>
    cosignCheckpoint(ports.crypto, checkpoint, {
      device: identity.deviceId,
      ...identity.signer,
      timeMs: START_MS,
    }),
  );
  return encodeCheckpoint({ checkpoint, cosignatures });
}

/** What `to` makes of a commit that `by` would not make by `author`. */
async function outcomesOf(
  to: Desk,
  by: Desk,
  change: Change,
  note = noteOf(checkpointOf(by.room), by),
): Promise<readonly Outcome[]> {
  const made = await makeCommit(by.ports, by.room.group, change, note);
  assert(made.ok, 'a commit');
  const place = { room: by.room.room, seq: by.room.seq + 1 };
  const envelope = await sealEnvelope(by.ports, by.room.group, place, made.value.message);
  const { ports, room, identity, history } = to;
  const delivered = { seq: room.seq + 1, envelope };
  return (await receive(ports, room, identity, delivered, history)).outcomes;
}

test('both sides are told the same of an update, an admission and a removal, and whose it was', async () => {
  const { log, ana, bo } = await summit('told');
  const before = epochOf(ana.room.group);
  await ana.act(log, update);
  const own = ana.seen('epoch').at(-1);
  const size = ana.room.transcript.tree.size;
  const by = idOf(ana);
  const updated = { epoch: before + 1, by, change: 'update', added: [], removed: [] };
  expect(own).toMatchObject({ ...updated, own: true, checkpoint: { checkpoint: { size } } });
  expect(await bo.sync(log)).toEqual([{ ...own, own: false }]);

  const zoe = await invite(log, ana, colleague('told', ana, 'Zoe'));
  const added = ana.seen('epoch').at(-1);
  expect(added).toMatchObject({ epoch: before + 2, change: 'add', removed: [], own: true });
  expect(added?.added).toEqual([idOf(zoe)]);
  expect(ana.seen('admitted').at(-1)?.devices).toEqual([idOf(zoe)]);
  expect(epochIn(await bo.sync(log))).toEqual({ ...added, own: false });

  await ana.act(log, { kind: 'device-removed', device: idOf(zoe), reason: 'lost' });
  await ana.settle(log);
  const gone = ana.seen('epoch').at(-1);
  expect(gone).toMatchObject({ epoch: before + 3, change: 'remove', added: [], own: true });
  expect(gone?.removed).toEqual([idOf(zoe)]);
  expect(epochIn(await bo.sync(log))).toEqual({ ...gone, own: false });
  // Who was taken out is told the same, and then that it is out.
  const last = (await zoe.sync(log)).slice(-2);
  expect(last[0]).toEqual({ ...gone, own: false });
  expect(last[1]).toMatchObject({
    kind: 'frozen',
    frozen: { reason: 'removed', detail: 'Ana took this device out' },
  });
});

test('a suspended device is told why it is out', async () => {
  const { log, ana } = await summit('suspended');
  const zoe = await invite(log, ana, colleague('suspended', ana, 'Zoe'));
  await ana.act(log, { kind: 'member-suspended', member: 'Zoe', reason: 'in doubt' });
  await ana.settle(log);
  expect((await zoe.sync(log)).at(-1)).toMatchObject({
    frozen: { reason: 'removed', detail: 'Ana took this device out: its member is suspended' },
  });
});

test("a commit of one's own that is not here says which envelope it was", async () => {
  const { log, ana, bo } = await summit('own commit');
  const old = ana.room;
  await ana.act(log, update);
  await bo.sync(log);
  const { ports, identity, history } = ana;
  const delivered = { seq: old.seq + 1, envelope: log.envelopes.at(-1) as Uint8Array };
  expect((await receive(ports, old, identity, delivered, history)).outcomes).toMatchObject([
    {
      kind: 'frozen',
      frozen: {
        reason: 'lost-state',
        detail: `this device made envelope ${old.seq + 1}, and what it knew then is not here`,
      },
    },
  ]);
});

test("a commit over another record is stale or a fork; one with two devices' words is malformed", async () => {
  const { ana, bo } = await summit('notes');
  const now = checkpointOf(bo.room);
  const older = { ...now, size: now.size - 1, root: bo.roots[now.size - 1] ?? now.root };
  const renew: Change = { kind: 'update' };
  expect(await outcomesOf(ana, bo, renew, noteOf(older, bo))).toMatchObject([
    { kind: 'refused', reason: 'stale', detail: 'a commit over an older record' },
  ]);
  const bent = { ...now, root: older.root };
  expect(await outcomesOf(ana, bo, renew, noteOf(bent, bo))).toMatchObject([
    {
      kind: 'frozen',
      frozen: { reason: 'fork', detail: `a commit over ${now.size} entries of another history` },
    },
  ]);
  expect(await outcomesOf(ana, bo, renew, noteOf(now, bo, ana))).toMatchObject([
    { kind: 'refused', reason: 'malformed', detail: 'no checkpoint of its author' },
  ]);
});

test('a commit adds only whom the record has, by the key of its certificate, and takes out nobody whom it has', async () => {
  const { log, ana, bo } = await summit('who comes');
  const zoe = await invite(log, ana, colleague('who comes', ana, 'Zoe'));
  await bo.sync(log);
  const refused = (detail: string): object[] => [
    { kind: 'refused', reason: 'not-on-record', alarm: true, detail },
  ];
  const adding = async (device: Uint8Array, mls: Desk['identity']['mls']): Promise<Change> => {
    const ports = seededPorts(`who comes/${device[0]}`);
    const { keyPackage } = await makeKeyPackage(ports, asDeviceId(device), mls);
    return { kind: 'add', keyPackages: [keyPackage] };
  };
  const guest = person('who comes', { party: 'Nobody', member: 'Mallory' }).identity;
  expect(await outcomesOf(ana, bo, await adding(guest.deviceId, guest.mls))).toMatchObject(
    refused('adds a device no entry admitted'),
  );
  // Her name under another's key.
  expect(await outcomesOf(ana, bo, await adding(idOf(zoe), guest.mls))).toMatchObject(
    refused('adds a device no entry admitted'),
  );
  // The library makes no commit that adds who is there: a cheat's own would, having forgotten her.
  const again = await adding(idOf(zoe), zoe.identity.mls);
  const { group } = bo.room;
  const ratchetTree = group.state.ratchetTree.map((node) =>
    node?.nodeType === 'leaf' && sameBytes(leafOf(node.leaf).device, idOf(zoe)) ? undefined : node,
  );
  expect(ratchetTree).not.toEqual(group.state.ratchetTree);
  const forgot = { ...group, state: { ...group.state, ratchetTree } };
  bo.room = { ...bo.room, group: forgot };
  expect(await outcomesOf(ana, bo, again)).toMatchObject(refused('adds a device that is there'));
  bo.room = { ...bo.room, group };
  const remove: Change = { kind: 'remove', devices: [idOf(zoe)] };
  expect(await outcomesOf(ana, bo, remove)).toMatchObject(
    refused('takes out a device no entry removed'),
  );
  expect(sameBytes(idOf(zoe), guest.deviceId)).toBe(false);
});
