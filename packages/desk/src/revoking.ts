// Who is out of a room is out at the relay too: each desk of its party takes away what its device could still do there.

import { fromUtf8, toHex, utf8 } from '@parley/kernel';
import { members } from '@parley/channel';
import { maySign } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { capabilityOf } from './invitation-box.ts';

const REVOKED = 'revoked';

/**
 * Takes away the relay capability of each device of our party that the record has let go and the keys no longer hold. It is
 * done once for each time that a device is let go; gives how many were. What the relay refuses is tried again the next time.
 */
export async function revokeGone(context: Context, card: OpenCard): Promise<number> {
  const { ports, vault } = context;
  const { group, transcript } = context.room(card);
  const own = toHex(context.ownParty(card));
  const here = new Set(members(group).map(({ device }) => toHex(device)));
  let revoked = 0;
  for (const [id, device] of transcript.devices) {
    if (toHex(device.party) !== own || maySign(device) || here.has(id)) continue;
    const mark = `${toHex(card.room)}:${id}`;
    const since = String(device.removed?.at ?? device.suspended?.at);
    const done = fromUtf8(vault.get(REVOKED, mark) ?? new Uint8Array(0));
    if (done.ok && done.value === since) continue;
    const answer = await context.log(card).revoke(capabilityOf(ports.crypto, card.room, device.id));
    if (!answer.ok) continue;
    vault.put(REVOKED, mark, utf8(since));
    revoked++;
  }
  return revoked;
}
