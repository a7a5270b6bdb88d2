// What nobody can hand to a desk that comes into a room.

import { sameBytes } from '@parley/kernel';
import { deviceOf } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { isRoomName } from './room-name.ts';

/** What a member who lost other devices does not get back with the record; nothing for anybody else. */
export function notHanded(context: Context, card: OpenCard): readonly string[] {
  const { transcript, device } = context.room(card);
  const own = deviceOf(transcript, device);
  if (own === undefined || isRoomName(card.name)) return [];
  const lost = [...transcript.devices.values()].filter(
    (one) => one.removed !== null && one.member === own.member && sameBytes(one.party, own.party),
  );
  if (lost.length === 0) return [];
  return [
    'You read the whole record again. What only your removed device held is gone: what it had not sent, drafts, pins, mailboxes, talks off the record, rooms without another desk of your party.',
  ];
}
