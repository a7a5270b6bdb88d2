// How rooms are named on a desk: the plenary by its channel's name, any other room as channel/room.

import { DeskRefusal } from './refusal.ts';

/** Whether this names a room of some parties, not the plenary of a channel. */
export function isRoomName(name: string): boolean {
  return name.includes('/');
}

/** The channel in a room's name. */
export function channelOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}

/** A name of a channel or of a room alone: visible, short, without the slash that joins the two. */
export function requireName(what: 'channel' | 'room', name: string): void {
  const fits = name.trim() !== '' && Buffer.byteLength(name) <= 100 && !/[/\p{C}]/u.test(name);
  if (fits) return;
  throw new DeskRefusal('wrong-use', `bad-${what}-name`, {
    message: `A ${what} name has 1 to 100 visible characters and no slash.`,
    next: what === 'channel' ? 'choose another --name' : 'choose another name for the room',
  });
}

/** Why a desk that asked is not in yet. */
export function stillAsking(name: string): string {
  return isRoomName(name)
    ? 'asked to come in; no desk of the room has let this one in yet, each does at its next sync'
    : 'asked to join; the other side has not admitted you yet';
}
