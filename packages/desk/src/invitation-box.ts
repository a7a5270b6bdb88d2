// The box of an invitation: a log of at most two envelopes on the relay, where a guest asks and is answered.

import {
  bytes,
  concat,
  struct,
  uint,
  utf8,
  type Crypto,
  type Fault,
  type Refused,
  type Verdict,
} from '@parley/kernel';
import {
  boxKeys,
  channelInvitationText,
  readInvitation,
  type Invitation,
  type InvitationReason,
} from '@parley/channel';
import {
  RelayClient,
  capabilityId,
  logId,
  unable,
  type CapabilityId,
  type RelayLog,
} from '@parley/post';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf, isRoomName, requireName } from './room-name.ts';

export const BOX_ENTRIES = 2;
const HISTORY_MAX_BYTES = 2 ** 32;

/** Where the guest finds the record so far, sealed on the relay. */
export const historyCodec = struct({
  secret: bytes({ exactly: 32 }),
  size: uint(HISTORY_MAX_BYTES),
  sha256: bytes({ exactly: 32 }),
});

/** What the relay's no means. */
export function relayRefusal(reason: string): DeskRefusal | Fault {
  const passing = unable(reason);
  if (passing !== undefined) return passing;
  // A log that holds all it may is not a relay whose disk is full.
  return new DeskRefusal('policy', `relay-${reason === 'full' ? 'log-full' : reason}`, {
    message: `The relay refuses: ${reason}.`,
    next: 'try again later, or ask its operator',
  });
}

/**
 * The name of a device's capability on a room's log: random to the relay, and known to every member, so that whoever
 * removes the device can also shut it out there.
 */
export function capabilityOf(crypto: Crypto, room: Uint8Array, device: Uint8Array): CapabilityId {
  const named = crypto.hash('sha256', concat(utf8('parley/v1/capability-of\0'), room, device));
  return capabilityId(named.slice(0, 16));
}

/** The value of a relay's answer, or its refusal to the person. */
export function taken<T>(verdict: Verdict<T, string>): T {
  if (verdict.ok) return verdict.value;
  throw relayRefusal(verdict.reason);
}

/** Reads what a person pasted, or says in words what is wrong with it. */
export function readInvitationText(context: Context, written: string): Invitation {
  const { ports } = context;
  if (channelInvitationText(written) !== undefined) {
    throw new DeskRefusal('wrong-use', 'invitation-of-a-party', {
      message: 'This invitation leads into a party, not into a channel.',
      next: 'on a new machine: parley init --invited TEXT; at a desk of that party: parley party join TEXT',
    });
  }
  const nowMs = ports.clock.nowMs();
  const read = readInvitation(ports.crypto, written, nowMs);
  if (read.ok) return read.value;
  throw invitationRefusal(read, nowMs);
}

/** What is wrong with an invitation, for the person who pasted it. */
export function invitationRefusal(read: Refused<InvitationReason>, nowMs: number): DeskRefusal {
  const said: Record<InvitationReason, { message: string; next: string }> = {
    'not-an-invitation': {
      message: 'This is not an invitation: an invitation starts with parley1.',
      next: 'copy the whole line you were given',
    },
    damaged: {
      message: 'The invitation is damaged: a letter is wrong or missing.',
      next: 'copy the whole line again, or ask for a new invitation',
    },
    'unknown-version': {
      message: 'The invitation is of a newer kind than this program knows.',
      next: 'update Parley on this machine',
    },
    expired: {
      message: `The invitation expired at ${new Date(read.at ?? 0).toISOString()}; your clock says ${new Date(nowMs).toISOString()}.`,
      next: 'if your clock is right, ask for a new invitation',
    },
  };
  return new DeskRefusal('policy', `invitation-${read.reason}`, said[read.reason]);
}

/** The calls on the box that an invitation names. */
export function boxLog(context: Pick<Context, 'ports'>, invitation: Invitation): RelayLog {
  const { ports } = context;
  const box = boxKeys(ports.crypto, invitation);
  const client = new RelayClient({ url: invitation.relay, relayKey: invitation.relayKey, ports });
  return client.log(logId(box.id), {
    id: capabilityId(box.capability.id),
    key: box.capability.key,
  });
}

/** The name of a channel, or of a room as channel/room, that this desk does not have yet. */
export function requireNewName(context: Context, name: string): void {
  if (isRoomName(name)) requireName('room', name.slice(channelOf(name).length + 1));
  requireName('channel', channelOf(name));
  if (context.cards.get(name) !== undefined) {
    throw new DeskRefusal('wrong-use', 'channel-name-taken', {
      message: `This desk has a channel named "${name}" already.`,
      next: 'choose another --name; it is only your own name for it',
    });
  }
}
