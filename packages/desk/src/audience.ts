// Who reads what is said in a room: by party, member and device, so that nothing is sent to people who were not named.

import { toHex } from '@parley/kernel';
import { maySign } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { channelOf } from './room-name.ts';
import type { RoomKind } from './room-standing.ts';
import { partyViews, type PartyView } from './views.ts';

export type ReaderParty = {
  readonly party: string;
  readonly fingerprint: string;
  readonly mine: boolean;
  readonly verified: boolean;
  readonly members: readonly { readonly member: string; readonly devices: readonly string[] }[];
};

export type Audience = {
  /** Where it goes: the channel, and what kind of room of it. */
  readonly channel: string;
  readonly room: RoomKind;
  /** Everyone who can read it, as "party / member (device)". */
  readonly audience: readonly string[];
  /** The same by party and member. */
  readonly readers: readonly ReaderParty[];
  /** Whether every other party in the room has been verified by ours. */
  readonly verified: boolean;
};

/** The parties of a room as people see them; who is verified stands in the plenary. */
export function partiesOf(context: Context, card: OpenCard): PartyView[] {
  const { transcript } = context.room(card);
  return partyViews(transcript, context.ownParty(card)).map((view) => {
    const party = transcript.parties.get(view.fingerprint);
    return party === undefined
      ? view
      : { ...view, verified: view.mine || context.verifies(card, party.fingerprint) };
  });
}

export function audienceOf(context: Context, card: OpenCard): Audience {
  const { terms } = context.room(card).transcript;
  const readers = partiesOf(context, card).flatMap((party): ReaderParty[] => {
    // One that is suspended is out of the keys: it reads on when its member is resumed.
    const devices = party.devices.filter((device) => !device.removed && !device.suspended);
    if (devices.length === 0) return [];
    const members = [...new Set(devices.map((device) => device.member))].map((member) => ({
      member,
      devices: devices.filter((one) => one.member === member).map((one) => one.label),
    }));
    const { fingerprint, mine, verified } = party;
    return [{ party: party.name, fingerprint, mine, verified, members }];
  });
  return {
    channel: channelOf(card.name),
    room: terms.kind,
    audience: readers.flatMap(({ party, members }) =>
      members.flatMap(({ member, devices }) =>
        devices.map((label) => `${party} / ${member} (${label})`),
      ),
    ),
    readers,
    verified: readers.every((reader) => reader.verified),
  };
}

/** Names the devices that would read something, so that a person's yes holds for these and no others. */
export function readerIds(context: Context, card: OpenCard): string[] {
  const { devices } = context.room(card).transcript;
  return [...devices.values()]
    .filter(maySign)
    .map((device) => toHex(device.id))
    .toSorted();
}
