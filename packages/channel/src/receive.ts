// One envelope of the log into the room. Every device takes the same envelopes in the same order and decides alike, from
// the room's state alone; what this device cannot accept it leaves out, and says why.

import { assert, sameBytes, type Ports } from '@parley/kernel';
import { asDeviceId, deviceOf, maySign, type Device } from '@parley/record';
import { decodeAct } from './act.ts';
import { dueActs } from './due.ts';
import { openEnvelope } from './envelope.ts';
import type { History } from './fork.ts';
import { readMessage } from './group.ts';
import type { Identity } from './identity.ts';
import type { Outcome, RefusedReason } from './outcome.ts';
import { nextHead, type Room } from './room.ts';
import { takeCommit, takeOwnCommit } from './take-commit.ts';
import { takeEntry, takeOwnEntry } from './take-entry.ts';
import { refused, skip, withoutStale, type Context, type Taken } from './take.ts';

/** An envelope as the relay delivered it: `seq` counts from 1. */
export type Delivered = { readonly seq: number; readonly envelope: Uint8Array };

export type Received = { readonly state: Room; readonly outcomes: readonly Outcome[] };

/**
 * Takes in the envelope at the next place of the log. Store `state` and the outcomes together. Nothing in the bytes can
 * make it throw. The state stays where it was for a repeated place, a later one, and one the relay holds back.
 */
export async function receive(
  ports: Ports,
  room: Room,
  identity: Identity,
  delivered: Delivered,
  history: History,
): Promise<Received> {
  const { seq, envelope } = delivered;
  const stay = (reason: RefusedReason, detail = ''): Received => ({
    state: room,
    outcomes: [refused(seq, reason, detail)],
  });
  // After a mismatch people still read what arrives; after the others nothing can be read or believed.
  if (room.frozen !== null && room.frozen.reason !== 'mismatch')
    return stay('frozen', room.frozen.reason);
  if (seq <= room.seq) return stay('duplicate');
  if (seq > room.seq + 1) return stay('gap', `expected ${room.seq + 1}`);

  const context: Context = { ports, identity, history, seq };
  const { pending } = room;
  const own = pending !== null && sameBytes(pending.envelope, envelope);
  const taken = own ? takeOwn(context, room) : await takeOther(context, room, envelope);
  if (taken.stay === true) return { state: room, outcomes: taken.outcomes };

  const head = nextHead(ports.crypto, room.head, envelope);
  const state = withoutStale({ ...taken.room, pending: null, seq, head });
  const outcomes = [...taken.outcomes];
  const spoke = pending?.commit != null || room.draft !== null;
  if (pending !== null && !own && spoke) outcomes.push(lost(room, seq));
  const before = new Set(dueActs(room, identity).map((due) => due.id));
  for (const due of dueActs(state, identity))
    if (!before.has(due.id)) outcomes.push({ kind: 'due', act: due.act });
  return { state, outcomes };
}

/** This device's own envelope came back: what was prepared becomes true. */
function takeOwn(context: Context, room: Room): Taken {
  return room.pending?.commit ? takeOwnCommit(context, room) : takeOwnEntry(context, room);
}

async function takeOther(context: Context, room: Room, envelope: Uint8Array): Promise<Taken> {
  const { ports, seq } = context;
  const opened = await openEnvelope(ports, room.group, room.room, envelope);
  if (!opened.ok)
    return skip(context, room, opened.reason === 'malformed' ? 'malformed' : 'unreadable');
  const made = opened.value.seq;
  if (made < seq) return skip(context, room, 'misplaced', `it was made for place ${made}`);
  const read = await readMessage(ports, room.group, opened.value.message);
  if (!read.ok) return skip(context, room, read.reason, read.detail);
  const sender = senderOf(room, read.value.sender.device);
  if (sender === undefined)
    return skip(context, room, 'not-on-record', 'its sender is not on the record');
  // Only what a device on the record really said can hold up the room, and it is named: the place alone is sealed with a
  // key that all share.
  if (made > seq) {
    const { member } = sender.certificate;
    const detail = `${member} had taken in ${made - 1} envelopes before it, not ${seq - 1}`;
    return { room, outcomes: [refused(seq, 'withheld', detail)], stay: true };
  }
  return read.value.kind === 'commit'
    ? takeCommit(context, room, sender, read.value.commit)
    : takeEntry(context, { ...room, group: read.value.group }, sender, read.value.content);
}

function senderOf(room: Room, device: Uint8Array): Device | undefined {
  if (device.length !== 32) return undefined;
  const found = deviceOf(room.transcript, asDeviceId(device));
  return found !== undefined && maySign(found) ? found : undefined;
}

function lost(room: Room, seq: number): Outcome {
  const encoded = room.pending?.commit?.act ?? room.draft?.act;
  assert(encoded !== undefined, 'what was sent has an act');
  const act = decodeAct(encoded);
  assert(act.ok, 'our own act reads back');
  return { kind: 'lost', seq, act: act.value };
}
