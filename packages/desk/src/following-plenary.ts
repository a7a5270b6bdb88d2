// A room repeats what its plenary decided about our own members: who is out, who is suspended or back, what they are called.

import { toHex } from '@parley/kernel';
import type { Act } from '@parley/channel';
import { activeDevices, maySign, type Device } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { strangersIn } from './room-standing.ts';
import { inChannel } from './same-device.ts';

/** What a desk of our party still has to say in a room so that it follows the plenary. */
export function owedToPlenary(context: Context, card: OpenCard): Act[] {
  const own = toHex(context.ownParty(card));
  const gone = strangersIn(context, card).filter(
    (device) => toHex(device.party) === own && !context.isOwn(device.id),
  );
  return [
    ...gone.map((device) => outOf(context, card, device)),
    ...resumed(context, card),
    ...renamed(context, card),
  ];
}

const ownIn = (context: Context, card: OpenCard): Device[] =>
  activeDevices(context.room(card).transcript, context.ownParty(card));

/** A suspended device can come back where it was suspended too; a removed one comes back nowhere. */
function outOf(context: Context, card: OpenCard, device: Device): Act {
  const { id, member } = device;
  const there = inChannel(context, context.plenaryOf(card), device);
  const suspended = there?.removed === null ? there.suspended : null;
  return suspended === null
    ? { kind: 'device-removed', device: id, reason: 'no longer in the channel' }
    : { kind: 'member-suspended', member, reason: suspended.reason };
}

/** Says for the members who are suspended here and no longer in the plenary that they are back. */
export function resumed(context: Context, card: OpenCard): Act[] {
  const plenary = context.plenaryOf(card);
  const back = ownIn(context, card).filter((device) => {
    const there = inChannel(context, plenary, device);
    return device.suspended !== null && there !== undefined && maySign(there);
  });
  return [...new Set(back.map(({ member }) => member))].map((member) => ({
    kind: 'member-resumed',
    member,
    reason: 'resumed in the channel',
  }));
}

/** Members whom the plenary calls by another name by now. */
function renamed(context: Context, card: OpenCard): Act[] {
  const plenary = context.plenaryOf(card);
  const names = ownIn(context, card).map((device) => {
    const to = inChannel(context, plenary, device)?.member ?? device.member;
    return [device.member, to] as const;
  });
  return [...new Map(names)]
    .filter(([member, to]) => member !== to)
    .map(([member, to]) => ({ kind: 'member-renamed', member, to }));
}
