// An old copy of a device's vault, and what a person does who puts it back.

import { decodeRoom, type Room } from '@parley/channel';
import { assert } from '@parley/kernel';
import { decodeAct } from '../../packages/channel/src/act.ts';
import type { Desk } from '../../packages/channel/testing/town.ts';
import { sharedCrypto } from './cast.ts';

export type Backup = { readonly room: Room; readonly entries: number };

export function backUp({ entries, vault }: Desk): Backup {
  const room = decodeRoom(sharedCrypto, vault);
  assert(room.ok, 'a vault reads back');
  return { room: room.value, entries: entries.length };
}

/** Everything is as it was: the room, its entries, its roots. Only what the person still wants to say is in their head. */
export function restore(desk: Desk, backup: Backup): void {
  desk.entries = desk.entries.slice(0, backup.entries);
  desk.roots = desk.roots.slice(0, backup.entries + 1);
  desk.store(backup.room);
}

/** The text that a vault holds signed and not yet on the record. */
export function waitingText({ draft }: Room): string | undefined {
  const act = draft === null ? undefined : decodeAct(draft.act);
  return act?.ok === true && act.value.kind === 'text' ? act.value.text : undefined;
}
