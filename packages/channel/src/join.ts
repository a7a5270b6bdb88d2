// Joining a room: replay and judge its whole record, then check that the group holds exactly whom the record admits and
// that the invitation's own party let this device in. Trust comes from signatures, none of it from who sent the welcome.

import { accept, refuse, sameBytes, type Ports, type Verdict } from '@parley/kernel';
import {
  asDeviceId,
  decodeOpenedEntry,
  deviceOf,
  judge,
  maySign,
  partyOfAuthority,
  readAhead,
  type ReadItem,
} from '@parley/record';
import type { Joining, Welcome } from './admission.ts';
import { advanceCeremonies, type Ceremony } from './ceremony.ts';
import { joinGroup } from './group.ts';
import { groupIdOf, members } from './mls-state.ts';
import type { Identity } from './identity.ts';
import type { Outcome } from './outcome.ts';
import { newRoom, type Room } from './room.ts';

export type JoinReason =
  /** `at` is the entry's index, `detail` the judge's reason. */
  | 'bad-entry'
  /** The record that was handed over is not the one the welcome names. */
  | 'wrong-record'
  /** The party that invited is not in this room, or another one let this device in. */
  | 'wrong-inviter'
  /** No entry admits this device. */
  | 'not-admitted'
  /** The welcome does not open, or is for another group. */
  | 'wrong-welcome'
  /** The group holds somebody whom the record does not. */
  | 'strange-member';

export type EntryOutcome = Extract<Outcome, { kind: 'entry' }>;

type ReadEntry = ReadItem & { readonly read: ReturnType<typeof decodeOpenedEntry> };

async function* decoded(
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<ReadEntry> {
  for await (const encoded of entries) {
    const read = decodeOpenedEntry(encoded);
    yield { encoded, entry: read.ok ? read.value : undefined, read };
  }
}

/**
 * Builds the room from the encoded entries of its record, in order. `onEntry` gets each as `receive` would give it, so
 * that the desk stores them as they are judged; `seq` is 0 there. Time is linear in the record, memory constant:
 * the signatures of a stretch of it are checked ahead, on all cores, and every entry is judged as ever, in its place.
 */
export async function joinRoom(
  ports: Ports,
  identity: Identity,
  joining: Joining & {
    /** This device was in the room before: whoever let it in then, its own party brings it back. */
    readonly comesBack?: boolean;
  },
  welcome: Welcome,
  entries: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  onEntry: (outcome: EntryOutcome) => void | Promise<void> = () => undefined,
): Promise<Verdict<Room, JoinReason>> {
  const { crypto } = ports;
  const { ticket } = welcome;
  const joined = await joinGroup(ports, {
    welcome: ticket.mls,
    keyPackage: joining.keyPackage,
    secret: joining.secret,
  });
  if (!joined.ok) return refuse('wrong-welcome', { detail: joined.reason });
  const group = joined.value;
  if (!sameBytes(groupIdOf(group), ticket.room)) return refuse('wrong-welcome');

  const empty = newRoom(crypto, {
    room: ticket.room,
    device: identity.deviceId,
    group,
    renewedMs: ports.clock.nowMs(),
  });
  let { transcript } = empty;
  let ceremonies: readonly Ceremony[] = [];
  for await (const { item, crypto: knowing } of readAhead(
    crypto,
    decoded(entries),
    () => transcript,
  )) {
    const index = transcript.tree.size;
    const { read } = item;
    if (!read.ok) return refuse('bad-entry', { at: index, detail: read.reason });
    const judged = judge(knowing, transcript, read.value);
    if (!judged.ok) return refuse('bad-entry', { at: index, detail: judged.reason });
    const { author, body, header, leaf } = judged.value;
    transcript = judged.value.transcript;
    const said = { transcript, author, leaf, body };
    ({ ceremonies } = advanceCeremonies(crypto, ceremonies, said));
    if (body === null) return refuse('bad-entry', { at: index, detail: 'body-withheld' });
    const { root } = transcript;
    const own = sameBytes(author.id, identity.deviceId);
    const entry = read.value;
    await onEntry({ kind: 'entry', seq: 0, index, entry, header, body, author, leaf, root, own });
  }
  if (transcript.tree.size !== ticket.size || !sameBytes(transcript.root, ticket.root))
    return refuse('wrong-record', {
      at: transcript.tree.size,
      detail: `the welcome names ${ticket.size} entries`,
    });

  const room: Room = { ...empty, transcript, ceremonies, seq: ticket.seq, head: ticket.head };
  const mismatch = checkMembership(room, identity, joining);
  return mismatch === undefined ? accept(room) : refuse(mismatch);
}

function checkMembership(
  room: Room,
  identity: Identity,
  joining: Parameters<typeof joinRoom>[2],
): JoinReason | undefined {
  const { transcript } = room;
  const own = deviceOf(transcript, identity.deviceId);
  if (own === undefined || !maySign(own)) return 'not-admitted';
  const by = deviceOf(transcript, own.admittedBy);
  if (by === undefined) return 'wrong-inviter';
  // Let in by the inviting party; or of it, and back in a room that it knows, whoever admitted it once.
  const inviter = partyOfAuthority(transcript, joining.inviter);
  if (inviter === undefined) return 'wrong-inviter';
  const letInBy = joining.comesBack === true ? own.party : by.party;
  if (!sameBytes(letInBy, inviter.fingerprint)) return 'wrong-inviter';
  for (const leaf of members(room.group)) {
    if (leaf.device.length !== 32) return 'strange-member';
    const device = deviceOf(transcript, asDeviceId(leaf.device));
    // A removed device may still be there until its commit; one that was never admitted may not.
    if (device === undefined || !sameBytes(device.certificate.mls, leaf.mlsKey))
      return 'strange-member';
  }
  return undefined;
}
