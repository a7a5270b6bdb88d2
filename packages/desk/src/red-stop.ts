// The red stop: a party whose authority changed is told nothing more until people have compared anew. What governs a party,
// and the comparison itself, go on.

import type { Act } from '@parley/channel';
import { partyOfAuthority, type Party } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { DeskRefusal } from './refusal.ts';
import { isRoomName } from './room-name.ts';
import { isVerifiedBy } from './views.ts';

/** What tells the others something: everything else is about who they and we are. */
const TELLS: ReadonlySet<Act['kind']> = new Set<Act['kind']>([
  'text',
  'document',
  'disarmed',
  'opened',
  'forecast',
  'mail-directory',
  'mail-attestation',
  'mail-day-key',
  'mail-count',
  'off-record-proposed',
  'off-record-agreed',
]);

/** Other parties of a room that have changed their authority and that ours has not verified since. */
export function partiesToVerifyAnew(context: Context, card: OpenCard): Party[] {
  const plenary = isRoomName(card.name) ? context.plenaryOf(card) : card;
  const { transcript } = context.room(plenary);
  const own = context.ownParty(plenary);
  return [...context.room(card).transcript.parties.values()].flatMap((party) => {
    // A further room may not know of the change yet: the plenary does.
    const known = partyOfAuthority(transcript, party.fingerprint);
    if (known === undefined || known.formerly.length === 0) return [];
    return isVerifiedBy(transcript, own, known.fingerprint) ? [] : [known];
  });
}

/** Whether this act waits here until a party of the room is verified anew. */
export function isHeld(context: Context, card: OpenCard, kind: Act['kind']): boolean {
  return TELLS.has(kind) && partiesToVerifyAnew(context, card).length > 0;
}

/** Refuses to tell anything to a room with such a party. */
export function requireVerifiedAnew(context: Context, card: OpenCard, kind: Act['kind']): void {
  if (!TELLS.has(kind)) return;
  const [party] = partiesToVerifyAnew(context, card);
  if (party === undefined) return;
  const { name } = isRoomName(card.name) ? context.plenaryOf(card) : card;
  throw new DeskRefusal('policy', 'authority-changed', {
    message: `${party.name} has changed its authority key and is NOT verified. Nothing was sent.`,
    next: `ask them by a way you trust whether they did, then compare words anew: parley verify ${name}`,
    data: { party: party.name },
  });
}
