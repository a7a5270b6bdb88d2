// The box of an invitation: a log of at most two envelopes on the relay, where a guest asks and is answered.

import { bytes, struct, uint, type Verdict, concat, utf8, type Crypto } from '@parley/kernel';
import { boxKeys, readInvitation, type Invitation } from '@parley/channel';
import { RelayClient, capabilityId, logId, type CapabilityId, type RelayLog } from '@parley/post';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

export const BOX_ENTRIES = 2;
const HISTORY_MAX_BYTES = 2 ** 32;

/** Where the guest finds the record so far, sealed on the relay. */
export const historyCodec = struct({
  secret: bytes({ exactly: 32 }),
  size: uint(HISTORY_MAX_BYTES),
  sha256: bytes({ exactly: 32 }),
});

export function relayRefusal(reason: string): DeskRefusal {
  return new DeskRefusal('policy', `relay-${reason}`, {
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
  const read = readInvitation(ports.crypto, written, ports.clock.nowMs());
  if (read.ok) return read.value;
  const said: Record<typeof read.reason, { message: string; next: string }> = {
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
      message: `The invitation expired at ${new Date(read.at ?? 0).toISOString()}; your clock says ${new Date(ports.clock.nowMs()).toISOString()}.`,
      next: 'if your clock is right, ask for a new invitation',
    },
  };
  throw new DeskRefusal('policy', `invitation-${read.reason}`, said[read.reason]);
}

/** The calls on the box that an invitation names. */
export function boxLog(context: Context, invitation: Invitation): RelayLog {
  const { ports } = context;
  const box = boxKeys(ports.crypto, invitation);
  const client = new RelayClient({ url: invitation.relay, relayKey: invitation.relayKey, ports });
  return client.log(logId(box.id), {
    id: capabilityId(box.capability.id),
    key: box.capability.key,
  });
}

/** A channel's name on this desk: visible, short, and not taken. */
export function requireNewName(context: Context, name: string): void {
  if (name.trim() === '' || Buffer.byteLength(name) > 100 || /\p{C}/u.test(name)) {
    throw new DeskRefusal('wrong-use', 'bad-channel-name', {
      message: 'A channel name has 1 to 100 visible characters.',
      next: 'choose another --name',
    });
  }
  if (context.cards.get(name) !== undefined) {
    throw new DeskRefusal('wrong-use', 'channel-name-taken', {
      message: `This desk has a channel named "${name}" already.`,
      next: 'choose another --name; it is only your own name for it',
    });
  }
}
