// A commit into the room: who is in the group follows the record, and every commit names the record it was made over.

import { assert, encode, sameBytes } from '@parley/kernel';
import {
  asDeviceId,
  cosignatureHolds,
  decodeCheckpoint,
  deviceOf,
  maySign,
  type CosignedCheckpoint,
  type Device,
  type DeviceId,
} from '@parley/record';
import { decodeAct } from './act.ts';
import { entryTicketCodec } from './admission.ts';
import { compareSeen } from './fork.ts';
import { applyCommit, type ReadCommit } from './group.ts';
import { decodeGroup, epochOf, isActive, members, type Group, type Leaf } from './mls-state.ts';
import type { Outcome } from './outcome.ts';
import { nextHead, type Room } from './room.ts';
import { freeze, freezeForFork, skip, type Context, type Taken } from './take.ts';

/** A commit another device made. Everything about it is judged before any key changes. */
export async function takeCommit(
  context: Context,
  room: Room,
  sender: Device,
  commit: ReadCommit,
): Promise<Taken> {
  const { ports, seq, history } = context;
  if (sameBytes(sender.id, room.device)) {
    // Nobody can follow its own commit from the message: what was prepared with it is gone.
    const detail = `this device made envelope ${seq}, and what it knew then is not here`;
    return freeze(context, room, { reason: 'lost-state', detail });
  }
  const cosigned = readNote(context, room, sender, commit.checkpoint);
  if (cosigned === undefined)
    return skip(context, room, 'malformed', 'no checkpoint of its author');
  const { checkpoint } = cosigned;
  const comparison = compareSeen(room, history, checkpoint);
  if (comparison === 'behind') return skip(context, room, 'stale', 'a commit over an older record');
  if (comparison !== 'same') {
    const statement = { kind: 'checkpoint', checkpoint: cosigned } as const;
    const theirs = { statement, seen: checkpoint, by: sender };
    const detail = `a commit over ${checkpoint.size} entries of another history`;
    return freezeForFork(context, room, theirs, detail);
  }
  const unfit = offRecord(room, commit);
  if (unfit !== undefined) return skip(context, room, 'not-on-record', unfit);

  const applied = await applyCommit(ports, room.group, commit);
  if (!applied.ok) {
    const detail = `a commit that ${sender.member} signed leads to no next epoch here`;
    return freeze(context, room, { reason: 'broken-commit', detail });
  }
  const group = applied.value;
  const outcome: Outcome = {
    kind: 'epoch',
    seq,
    epoch: isActive(group) ? epochOf(group) : epochOf(room.group) + 1,
    by: sender.id,
    change: commit.change,
    added: commit.added.map((leaf) => asDeviceId(leaf.device)),
    removed: commit.removed.map((leaf) => asDeviceId(leaf.device)),
    checkpoint: cosigned,
    own: false,
  };
  const after = { ...room, group };
  if (isActive(group)) return { room: after, outcomes: [outcome] };
  const own = deviceOf(room.transcript, room.device);
  const removed = freeze(context, after, {
    reason: 'removed',
    detail: `${sender.member} took this device out${own?.suspended ? ': its member is suspended' : ''}`,
  });
  return { room: removed.room, outcomes: [outcome, ...removed.outcomes] };
}

/** The checkpoint in a commit, if it is of this room and its committer alone cosigned it. */
function readNote(
  context: Context,
  room: Room,
  sender: Device,
  note: Uint8Array,
): CosignedCheckpoint | undefined {
  const read = decodeCheckpoint(note);
  if (!read.ok || !sameBytes(read.value.checkpoint.room, room.room)) return undefined;
  const { checkpoint, cosignatures } = read.value;
  const [cosignature, ...others] = cosignatures;
  if (cosignature === undefined || others.length > 0) return undefined;
  if (!sameBytes(cosignature.device, sender.id)) return undefined;
  const { signer } = sender.certificate;
  const { crypto } = context.ports;
  return cosignatureHolds(crypto, checkpoint, cosignature, signer) ? read.value : undefined;
}

/** Why the record does not allow this commit; undefined where it does. */
function offRecord(room: Room, commit: ReadCommit): string | undefined {
  for (const leaf of commit.added) {
    const device = deviceWith(room, leaf);
    if (device === undefined || !maySign(device)) return 'adds a device no entry admitted';
    if (members(room.group).some((one) => sameBytes(one.device, leaf.device)))
      return 'adds a device that is there';
  }
  for (const leaf of commit.removed) {
    const device = deviceWith(room, leaf);
    if (device !== undefined && maySign(device)) return 'takes out a device no entry removed';
  }
  return undefined;
}

function deviceWith(room: Room, leaf: Leaf): Device | undefined {
  if (leaf.device.length !== 32) return undefined;
  const device = deviceOf(room.transcript, asDeviceId(leaf.device));
  return device !== undefined && sameBytes(device.certificate.mls, leaf.mlsKey)
    ? device
    : undefined;
}

/** The commit this device sent came back in its place: the group it prepared becomes the group. */
export function takeOwnCommit(context: Context, room: Room): Taken {
  const { pending } = room;
  const commit = pending?.commit;
  assert(pending && commit, 'a commit was sent');
  const next = decodeGroup(commit.next);
  const act = decodeAct(commit.act);
  const note = decodeCheckpoint(commit.note);
  assert(next.ok && act.ok && note.ok, 'our own commit reads back');
  assert(act.value.kind === 'commit', 'and it is one');
  const { added, removed } = compareMembers(room.group, next.value);
  const { seq } = context;
  const outcomes: Outcome[] = [
    {
      kind: 'epoch',
      seq,
      epoch: epochOf(next.value),
      by: room.device,
      change: act.value.change.kind,
      added,
      removed,
      checkpoint: note.value,
      own: true,
    },
  ];
  // A commit that only adds has no update path: it gives its author no new keys.
  const renewed = act.value.change.kind !== 'add';
  const renewedMs = renewed ? context.ports.clock.nowMs() : room.renewedMs;
  const after = { ...room, group: next.value, renewedMs };
  if (commit.welcome === null) return { room: after, outcomes };
  const head = nextHead(context.ports.crypto, room.head, pending.envelope);
  const { tree, root } = room.transcript;
  const ticket = { room: room.room, seq, head, size: tree.size, root, mls: commit.welcome };
  const welcome = encode(entryTicketCodec, ticket);
  return {
    room: after,
    outcomes: [...outcomes, { kind: 'admitted', seq, devices: added, welcome }],
  };
}

function compareMembers(
  before: Group,
  after: Group,
): { added: readonly DeviceId[]; removed: readonly DeviceId[] } {
  const missing = (from: readonly Leaf[], others: readonly Leaf[]): DeviceId[] =>
    from
      .filter((leaf) => !others.some((other) => sameBytes(other.device, leaf.device)))
      .map((leaf) => asDeviceId(leaf.device));
  const [old, now] = [members(before), members(after)];
  return { added: missing(now, old), removed: missing(old, now) };
}
