// What this device owes a room because of what the record says: it follows from the state, so a crash cannot lose it.

import { sameBytes, toHex } from '@parley/kernel';
import { deviceOf, maySign, type DeviceId } from '@parley/record';
import { decodeAct, type Act } from './act.ts';
import type { Identity } from './identity.ts';
import { overdueRemovals, ownParty, type Room } from './room.ts';

/** `id` names the duty, so that one is told from the next of its kind. */
export type Due = { readonly id: string; readonly act: Act };

/**
 * The duties of this device, in order: add the devices it admitted, take out the removed and suspended ones (every device owes that:
 * whoever removed them may be gone), answer and open ceremonies. Another device may do one first; then `author` refuses
 * it for good.
 */
export function dueActs(room: Room, identity: Identity): readonly Due[] {
  if (room.frozen !== null || !speaks(room, room.device)) return [];
  // One that is only proposed waits for the second officer.
  const admitted = room.admissions.filter(({ device }) => speaks(room, device));
  const due: Due[] = admitted.map(({ device, keyPackage }) => ({
    id: `add ${toHex(device)}`,
    act: { kind: 'commit', change: { kind: 'add', keyPackages: [keyPackage] } },
  }));
  // This device is none of them: it may sign.
  for (const device of overdueRemovals(room)) {
    due.push({
      id: `remove ${toHex(device)}`,
      act: { kind: 'commit', change: { kind: 'remove', devices: [device] } },
    });
  }
  for (const one of room.ceremonies) {
    const { offer } = one;
    if (one.phase === 'offered' && sameBytes(one.about, ownParty(room, identity)))
      due.push({ id: `answer ${toHex(offer)}`, act: { kind: 'verify-answer', offer } });
    const ours = room.nonces.some((kept) => sameBytes(kept.offer, offer));
    if (one.phase === 'answered' && ours)
      due.push({ id: `open ${toHex(offer)}`, act: { kind: 'verify-open', offer } });
  }
  return due;
}

function speaks(room: Room, id: DeviceId): boolean {
  const device = deviceOf(room.transcript, id);
  return device !== undefined && maySign(device);
}

/**
 * Whether this device's own keys are older than `everyMs`: then it authors `{ kind: 'commit', change: { kind: 'update' } }`,
 * so that a thief of its old keys is shut out again. A clock that was set back makes it due as well.
 */
export function renewalDue(room: Room, nowMs: number, everyMs: number): boolean {
  const quiet = room.frozen !== null || room.pending !== null || room.transcript.tree.size === 0;
  const ageMs = nowMs - room.renewedMs;
  return !quiet && (ageMs < 0 || ageMs >= everyMs);
}

/** The act whose entry is signed for this size of the record but not on it: nothing else can be said before it. */
export function unsentAct(room: Room): Act | null {
  const { draft, pending, transcript } = room;
  if (draft === null || pending !== null || draft.size !== transcript.tree.size) return null;
  const act = decodeAct(draft.act);
  return act.ok ? act.value : null;
}
