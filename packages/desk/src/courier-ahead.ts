// Envelopes that came by courier while the relay was away: the desk that took them in brings them there when it is back.

import { toHex } from '@parley/kernel';
import { Archive } from './archive.ts';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

/** Marks a room that holds envelopes which no relay acknowledged: the number of the last one that it did. */
export const AHEAD = 'courier-ahead';

/** Brings to the relay what came by courier while it was away, before anything is asked of it. */
export async function bringAhead(context: Context, name: string): Promise<void> {
  const card = context.openCard(name);
  const key = toHex(card.room);
  const mark = context.vault.get(AHEAD, key);
  if (mark === undefined) return;
  const room = context.room(card);
  const acknowledged = Number(new TextDecoder().decode(mark));
  const kept = new Archive(context.vault, context.ports.crypto, card.room).endingAt(room.seq, {
    maxEnvelopes: room.seq - acknowledged,
    maxBytes: Number.MAX_SAFE_INTEGER,
  });
  const log = context.log(card);
  const first = room.seq + 1 - (kept?.envelopes.length ?? 0);
  for (const [i, envelope] of (kept?.envelopes ?? []).entries()) {
    const seq = first + i;
    const stored = await log.append({ expectedSeq: seq, envelope });
    if (stored.ok) {
      context.cards.put({ ...context.openCard(name), receipt: stored.value });
      continue;
    }
    throw new DeskRefusal('tampering', 'courier-history-differs', {
      message: `The relay holds another envelope at place ${seq} than the one that came by courier.`,
      next: 'nothing more is taken in. Compare the roots that "parley log" shows with the other side, by voice',
    });
  }
  context.vault.remove(AHEAD, key);
}
