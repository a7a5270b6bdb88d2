// Who is in a channel: how it is shown, and how a device is taken out.

import { sameBytes, toHex } from '@parley/kernel';
import { deviceOf, isOfficer } from '@parley/record';
import { frozenView, type AlarmView } from './alarm-sentences.ts';
import { partiesOf } from './audience.ts';
import type { Card } from './card.ts';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf, isRoomName } from './room-name.ts';
import type { Traffic } from './traffic.ts';
import { overdueIn, type RoomKind } from './room-standing.ts';
import type { DeviceView, PartyView } from './views.ts';

export type ChannelView = {
  readonly name: string;
  /** The channel that the room belongs to: the name itself for a plenary. */
  readonly channel: string;
  /** Null until this desk was let in. */
  readonly room: RoomKind | null;
  /** What has still to be done here, as sentences: devices that the plenary has let go and this room has not. */
  readonly overdue: readonly string[];
  readonly stage: Card['stage'];
  readonly relay: string;
  readonly frozen: string | null;
  /** What that means, and what to do next. */
  readonly frozenWhy: AlarmView | null;
  readonly parties: readonly PartyView[];
  readonly size: number;
  readonly root: string;
};

/** A channel as people see it. */
export function channelView(context: Context, card: Card): ChannelView {
  const { name, stage, relay, frozen } = card;
  const channel = channelOf(name);
  const nothing = { parties: [], size: 0, root: '', room: null, overdue: [] };
  const frozenWhy = frozenView(frozen);
  if (card.room === null) return { name, channel, stage, relay, frozen, frozenWhy, ...nothing };
  const open = context.openCard(name);
  const { transcript } = context.room(open);
  return {
    name,
    channel,
    room: transcript.terms.kind,
    overdue: overdueIn(context, open),
    stage,
    relay,
    frozen,
    frozenWhy,
    parties: partiesOf(context, open),
    size: transcript.tree.size,
    root: toHex(transcript.root),
  };
}

/** Removes a device of our own party; `prefix` is the beginning of its id. */
export async function removeDevice(
  context: Context,
  traffic: Traffic,
  asked: { name: string; prefix: string; reason: string },
): Promise<DeviceView> {
  const { name, prefix, reason } = asked;
  await traffic.exchange(name);
  const card = context.openCard(name);
  const { parties } = channelView(context, card);
  const found = parties
    .flatMap((party) => party.devices)
    .filter((device) => device.id.startsWith(prefix.toLowerCase()));
  const [device] = found;
  if (device === undefined || found.length > 1 || prefix.length < 4) {
    throw new DeskRefusal('wrong-use', 'no-such-device', {
      message:
        found.length > 1
          ? 'Several devices begin like that.'
          : 'No device of this channel has this id.',
      next: `look at "parley channel list" and give at least four characters of the id`,
    });
  }
  if (context.identities.of(device.id) !== undefined) {
    throw new DeskRefusal('wrong-use', 'own-device', {
      message: 'This is the device you are working at: it cannot change the keys that shut it out.',
      next: 'do it at another desk of your party',
    });
  }
  const { transcript, ...room } = context.room(card);
  const known = transcript.devices.get(device.id);
  if (known === undefined) throw new Error('bug: a device that is shown is in the transcript');
  const me = deviceOf(transcript, room.device);
  if (!sameBytes(known.party, context.ownParty(card))) {
    throw new DeskRefusal('policy', 'not-removed', {
      message: 'Only its own party removes a device. Nothing was removed.',
      next: `to tell everybody that you doubt it: parley party object ${name} ${device.id.slice(0, 16)} --reason TEXT`,
    });
  }
  if (me !== undefined && !isOfficer(me) && me.member !== known.member && !isRoomName(name)) {
    throw new DeskRefusal('policy', 'not-an-officer', {
      message: "Only an officer removes another member's device, and this desk is a member's.",
      next: 'ask an officer of your party: parley party show names them',
    });
  }
  traffic.queue(card, { kind: 'device-removed', device: known.id, reason });
  const { remarks } = await traffic.exchange(name);
  const after = context.room(context.openCard(name)).transcript.devices.get(device.id);
  if (after?.removed === null || after === undefined) {
    throw new DeskRefusal('policy', 'not-removed', {
      message: `The device was not removed: ${remarks.join('; ') || 'the record does not allow it'}.`,
      next: 'a party keeps an officer while it has devices here: let another officer in first; "parley party show" names them',
    });
  }
  return { ...device, removed: true };
}
