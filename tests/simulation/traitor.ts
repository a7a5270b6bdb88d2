// A member that cheats: it holds real keys, a place in the group and on the record, and makes what `author` would not.

import { assert, utf8 } from '@parley/kernel';
import { checkpointOf, epochAuthenticator } from '@parley/channel';
import {
  authorEntry,
  cosignCheckpoint,
  deviceOf,
  encodeCheckpoint,
  encodeEntry,
  NO_LEAF,
  type Body,
  type DeviceId,
  type EntryPlace,
  type RootHash,
} from '@parley/record';
import { makeCommit, type Change } from '../../packages/channel/src/commit.ts';
import { sealEnvelope } from '../../packages/channel/src/envelope.ts';
import { sealContent } from '../../packages/channel/src/group.ts';
import { ownPlace } from '../../packages/channel/src/room.ts';
import type { Desk } from '../../packages/channel/testing/town.ts';
import type { Dice } from './dice.ts';

/** What every honest device that stands where the traitor stood must do with the envelope. */
export type Due =
  | 'taken'
  | 'fork'
  | 'stale'
  | 'not-allowed'
  | 'not-on-record'
  | 'wrong-sender'
  | 'malformed';

export type Forgery = { readonly what: string; readonly envelope: Uint8Array; readonly due: Due };

/** Whether the device still has a voice to cheat with. */
export function mayCheat({ room, identity }: Desk): boolean {
  const device = deviceOf(room.transcript, identity.deviceId);
  return room.frozen === null && device !== undefined && device.removed === null;
}

async function sealed(desk: Desk, content: Uint8Array): Promise<Uint8Array> {
  const { group, message } = await sealContent(desk.ports, desk.room.group, content);
  // It cheats with words, not with keys: one used twice would only make it unreadable.
  desk.store({ ...desk.room, group });
  const place = { room: desk.room.room, seq: desk.room.seq + 1 };
  return sealEnvelope(desk.ports, desk.room.group, place, message);
}

function entry(desk: Desk, body: Body, change: Partial<EntryPlace> = {}): Uint8Array {
  const { tree, root } = desk.room.transcript;
  const place: EntryPlace = {
    room: desk.room.room,
    author: desk.identity.deviceId,
    ...ownPlace(desk.room),
    seen: { size: tree.size, root },
    timeMs: desk.ports.clock.nowMs(),
    ...change,
  };
  return encodeEntry(authorEntry(desk.ports, place, body, desk.identity.signer.secretKey).entry);
}

async function commit(desk: Desk, change: Change, root?: RootHash): Promise<Uint8Array> {
  const { identity, ports, room } = desk;
  const own = checkpointOf(room);
  const checkpoint = root === undefined ? own : { ...own, root };
  const cosignature = cosignCheckpoint(ports.crypto, checkpoint, {
    device: identity.deviceId,
    publicKey: identity.signer.publicKey,
    secretKey: identity.signer.secretKey,
    timeMs: ports.clock.nowMs(),
  });
  const note = encodeCheckpoint({ checkpoint, cosignatures: [cosignature] });
  const made = await makeCommit(ports, room.group, change, note);
  assert(made.ok, 'the library makes the commit');
  desk.store({ ...room, group: made.value.spent });
  return sealEnvelope(
    ports,
    room.group,
    { room: room.room, seq: room.seq + 1 },
    made.value.message,
  );
}

/** One forged envelope for the place where `desk` stands. `victim` is a device of another party. */
export async function forge(
  dice: Dice,
  desk: Desk,
  victim: DeviceId,
  text: string,
): Promise<Forgery> {
  const { root, tree } = desk.room.transcript;
  const said: Body = { kind: 'text', text };
  const otherRoot = epochAuthenticator(desk.room.group).slice(0, 32) as RootHash;
  const what = dice.pick([
    'false seen',
    'stale seen',
    'broken chain',
    "another's name",
    'no entry',
    "removes the other party's device",
    'a commit over another history',
    'a commit that takes out a device still on the record',
    'claims to have opened what is not there',
  ] as const);
  const older = desk.roots[tree.size - 1];
  const make = async (): Promise<readonly [Uint8Array, Due]> => {
    switch (what) {
      case 'false seen':
        return [
          await sealed(desk, entry(desk, said, { seen: { size: tree.size, root: otherRoot } })),
          'fork',
        ];
      case 'stale seen':
        assert(older !== undefined, 'a room has a past');
        return [
          await sealed(desk, entry(desk, said, { seen: { size: tree.size - 1, root: older } })),
          'stale',
        ];
      case 'broken chain':
        return [
          await sealed(desk, entry(desk, said, { authorSeq: 99, authorPrev: NO_LEAF })),
          'not-allowed',
        ];
      case "another's name":
        return [await sealed(desk, entry(desk, said, { author: victim })), 'wrong-sender'];
      case 'no entry':
        return [await sealed(desk, utf8(text)), 'malformed'];
      case "removes the other party's device":
        return [
          await sealed(desk, entry(desk, { kind: 'device-removed', device: victim, reason: text })),
          'not-allowed',
        ];
      case 'a commit over another history':
        return [await commit(desk, { kind: 'update' }, otherRoot), 'fork'];
      case 'a commit that takes out a device still on the record':
        return [await commit(desk, { kind: 'remove', devices: [victim] }), 'not-on-record'];
      default:
        // Only its own word, and shown as that: no rule of the record can know what a person has opened.
        assert(root.length === 32, 'a record has a root');
        return [
          await sealed(
            desk,
            entry(desk, { kind: 'opened', upTo: tree.size + 1_000, document: null }),
          ),
          'taken',
        ];
    }
  };
  const [envelope, due] = await make();
  return { what, envelope, due };
}
