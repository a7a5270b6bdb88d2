// Two people release a document where the posture asks for it: one sends it, a colleague who holds the same file says yes.
// Until then it stays sealed in the outbox: nothing of it is announced, and no key leaves this desk.

import { concat, sameBytes, toHex, utf8, type Crypto } from '@parley/kernel';
import type { Act } from '@parley/channel';
import { maySign } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { rulesOf } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { statements } from './statements.ts';

type Document = Extract<Act, { kind: 'document' }>;

export type AskedRelease = {
  readonly entry: number;
  readonly by: string;
  readonly askedMs: number;
  /** Whether this desk's member asked. */
  readonly mine: boolean;
  /** Who released it, or null. */
  readonly releasedBy: string | null;
};

/** What a release is about: this room, this name, these bytes. */
export function commitmentOf(
  crypto: Crypto,
  room: Uint8Array,
  file: { name: string; sha256: Uint8Array },
): Uint8Array {
  const name = crypto.hash('sha256', utf8(file.name));
  return crypto.hash('sha256', concat(utf8('parley/v1/release\0'), room, name, file.sha256));
}

/** Whether a document from here to this room needs a second person: not in a room of our own party alone. */
function needsTwo(context: Context, card: OpenCard): boolean {
  const { transcript } = context.room(card);
  return transcript.parties.size > 1 && rulesOf(context, card).rules.releaseApprovals > 1;
}

function ownMember(context: Context, card: OpenCard): string {
  const { device, transcript } = context.room(card);
  const own = transcript.devices.get(toHex(device));
  return own?.member ?? context.identity.certified.member;
}

export type Asked = AskedRelease & { readonly leaf: string; readonly commitment: Uint8Array };

export function askedIn(context: Context, card: OpenCard): Asked[] {
  const asked: Asked[] = [];
  const me = ownMember(context, card);
  for (const one of statements(context, card, ['release-asked', 'release-given'])) {
    if (!one.mine) continue;
    if (one.body.kind === 'release-asked') {
      const { entry, member: by, receivedMs: askedMs, leaf } = one;
      const { commitment } = one.body;
      asked.push({ entry, by, askedMs, mine: by === me, releasedBy: null, leaf, commitment });
    } else if (one.body.kind === 'release-given') {
      const given = toHex(one.body.asked);
      const at = asked.findIndex(({ leaf, by }) => leaf === given && by !== one.member);
      const found = asked[at];
      if (found !== undefined) asked[at] = { ...found, releasedBy: one.member };
    }
  }
  return asked;
}

function standing(context: Context, card: OpenCard, document: Document): Asked | undefined {
  const commitment = commitmentOf(context.ports.crypto, card.room, document);
  const same = askedIn(context, card).filter((one) => sameBytes(one.commitment, commitment));
  return (
    same.find(({ mine, releasedBy }) => mine && releasedBy !== null) ??
    same.find(({ mine }) => mine)
  );
}

/** Whether this act waits for a colleague: asked again each time, since the posture may have changed meanwhile. */
export function awaitsRelease(context: Context, card: OpenCard, act: Act): boolean {
  if (act.kind !== 'document' || !needsTwo(context, card)) return false;
  return standing(context, card, act)?.releasedBy == null;
}

/** What is to be said before this act may go out. Refuses where there is no colleague who could release it. */
export function releaseAsks(context: Context, card: OpenCard, act: Act): Act[] {
  if (act.kind !== 'document' || !needsTwo(context, card)) return [];
  if (standing(context, card, act) !== undefined) return [];
  const { transcript } = context.room(card);
  const own = toHex(context.ownParty(card));
  const me = ownMember(context, card);
  const colleagues = [...transcript.devices.values()].filter(
    (device) => toHex(device.party) === own && maySign(device) && device.member !== me,
  );
  if (colleagues.length === 0) {
    throw new DeskRefusal('policy', 'nobody-to-release', {
      message: `At posture ${rulesOf(context, card).level} two people release a document, and your party has one member here.`,
      next: 'bring a colleague in (parley party invite), or wait until the posture is lowered',
    });
  }
  const commitment = commitmentOf(context.ports.crypto, card.room, act);
  return [{ kind: 'release-asked', commitment }];
}
