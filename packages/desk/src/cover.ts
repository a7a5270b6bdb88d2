// Cover traffic: at posture severe this desk says nothing at fixed times, so that silence looks like talk.

import { toHex, utf8 } from '@parley/kernel';
import { members } from '@parley/channel';
import type { Context, OpenCard } from './context.ts';
import { rulesOf } from './posture-record.ts';

const SENT_AT = 'sent-at';

/** Remembers that an envelope left: cover counts from the last one, whatever it said. */
export function noteLeft(context: Context, card: OpenCard): void {
  context.vault.put(SENT_AT, toHex(card.room), utf8(String(context.ports.clock.nowMs())));
}

/** Whether the posture asks for an envelope now. A room with one device has nobody to hide talk with. */
export function coverDue(context: Context, card: OpenCard): boolean {
  const { coverTrafficMinutes } = rulesOf(context, card).rules;
  if (coverTrafficMinutes === null || members(context.room(card).group).length < 2) return false;
  const stored = context.vault.get(SENT_AT, toHex(card.room));
  const lastMs = stored === undefined ? 0 : Number(new TextDecoder().decode(stored));
  return context.ports.clock.nowMs() - lastMs >= coverTrafficMinutes * 60_000;
}
