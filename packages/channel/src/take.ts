// What the steps of `receive` share: where they stand, and the ways an envelope ends.

import { sameBytes, type Ports } from '@parley/kernel';
import { deviceOf, type Device, type Seen, type Statement } from '@parley/record';
import { proveContradiction, type History } from './fork.ts';
import { members } from './mls-state.ts';
import type { Identity } from './identity.ts';
import type { Outcome, RefusedReason } from './outcome.ts';
import type { Frozen, Room } from './room.ts';

export type Context = {
  readonly ports: Ports;
  readonly identity: Identity;
  readonly history: History;
  readonly seq: number;
};

/** The room after an envelope; `stay` says that its place in the log is still open. */
export type Taken = {
  readonly room: Room;
  readonly outcomes: readonly Outcome[];
  readonly stay?: boolean;
};

/** Reasons that honest members and an honest relay can cause: none of the others can. */
const HARMLESS: ReadonlySet<RefusedReason> = new Set(['gap', 'duplicate', 'frozen']);

/** Names of people are in it: cut between letters, never inside one. */
const DETAIL_MAX_LETTERS = 120;

export function refused(seq: number, reason: RefusedReason, detail = ''): Outcome {
  return { kind: 'refused', seq, reason, detail, alarm: !HARMLESS.has(reason) };
}

/** What an envelope says that is there only to be seen: nothing. */
export const COVER = new Uint8Array(0);

/** Nothing of the envelope is taken, but its place is used up. */
export function skip(context: Context, room: Room, reason: RefusedReason, detail = ''): Taken {
  return { room, outcomes: [refused(context.seq, reason, detail)] };
}

export function freeze(
  context: Context,
  room: Room,
  why: Pick<Frozen, 'reason' | 'detail'> & { evidence?: Uint8Array | null },
): Taken {
  const frozen: Frozen = {
    reason: why.reason,
    seq: context.seq,
    detail: Array.from(why.detail).slice(0, DETAIL_MAX_LETTERS).join(''),
    evidence: why.evidence ?? null,
  };
  return { room: { ...room, frozen }, outcomes: [{ kind: 'frozen', frozen }] };
}

/** Another member signed a history that is not ours: the room stops, with the proof where one can be made. */
export function freezeForFork(
  context: Context,
  room: Room,
  theirs: { statement: Statement; seen: Seen; by: Device },
  detail: string,
): Taken {
  const { ports, identity, history } = context;
  const evidence = proveContradiction(ports, room, identity, theirs, history);
  return freeze(context, room, { reason: 'fork', detail, evidence });
}

/** Without what can be of no use again: a draft for a shorter record, a key package whose device is in the group. */
export function withoutStale(room: Room): Room {
  const { admissions, draft, transcript } = room;
  const kept = draft !== null && draft.size === transcript.tree.size ? draft : null;
  if (admissions.length === 0) return { ...room, draft: kept };
  const inGroup = members(room.group);
  // What is only proposed is on no record yet: it waits for a second officer.
  const owed = admissions.filter(
    ({ device }) =>
      (deviceOf(transcript, device)?.removed ?? null) === null &&
      !inGroup.some((leaf) => sameBytes(leaf.device, device)),
  );
  return { ...room, draft: kept, admissions: owed };
}
