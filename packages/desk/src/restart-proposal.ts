// A proposal to go on after a fork, as it waits at a desk for a person, and the checkpoint that a person accepted.

import { decode, encode, sameBytes, struct, text, toHex, utf8 } from '@parley/kernel';
import { earlierCodec, type EarlierRecord } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import type { Called } from './doorsteps.ts';
import { DeskRefusal } from './refusal.ts';
import { channelOf } from './room-name.ts';
import { counterpart } from './same-device.ts';

const PROPOSED = 'restart-proposed';
const ACCEPTING = 'restart-accepting';
const LEFT = 'restart-left';

const proposalCodec = struct({
  earlier: earlierCodec,
  invitation: text(2_048),
  party: text(120),
  member: text(120),
});

export type Proposal = {
  readonly party: string;
  readonly member: string;
  readonly size: number;
  readonly root: string;
  readonly evidence: string | null;
};

export const hexOrNull = (some: Uint8Array | null): string | null =>
  some === null ? null : toHex(some);

/**
 * Keeps a proposal of somebody in the room until a person answers it, of several the last one. Gives the room's name;
 * undefined where this desk has no such room in the channel.
 */
export function keepProposal(
  context: Context,
  plenary: OpenCard,
  { call, from }: Called,
): string | undefined {
  if (call.kind !== 'restart') return undefined;
  const { earlier, invitation } = call;
  const card = context
    .openCards()
    .find((one) => channelOf(one.name) === plenary.name && sameBytes(one.room, earlier.room));
  if (card === undefined) return undefined;
  if (counterpart(context.room(card).transcript, from) === undefined) return undefined;
  const { party } = from.certificate;
  const kept = { earlier, invitation, party, member: from.member };
  context.vault.put(PROPOSED, toHex(card.room), encode(proposalCodec, kept));
  return card.name;
}

/** The proposal that waits for an answer here, with what accepting it takes. */
export function proposalAt(
  context: Context,
  card: OpenCard,
): (Proposal & { readonly earlier: EarlierRecord; readonly invitation: string }) | undefined {
  const stored = context.vault.get(PROPOSED, toHex(card.room));
  const read = stored === undefined ? undefined : decode(proposalCodec, stored);
  if (read?.ok !== true) return undefined;
  const { earlier, invitation, party, member } = read.value;
  const { size, root, evidence } = earlier;
  const shown = { size, root: toHex(root), evidence: hexOrNull(evidence) };
  return { party, member, ...shown, earlier, invitation };
}

export function noteAccepted(context: Context, name: string, earlier: EarlierRecord): void {
  context.vault.put(ACCEPTING, name, encode(earlierCodec, earlier));
}

export function forgetAccepted(context: Context, name: string): void {
  context.vault.remove(ACCEPTING, name);
}

/** A room that people went on from: nothing arrives there any more, and nobody is alarmed by it anew. */
export function leaveBehind(context: Context, { room }: OpenCard, behind: boolean): void {
  if (behind) context.vault.put(LEFT, toHex(room), utf8('left'));
  else context.vault.remove(LEFT, toHex(room));
}

export function isLeftBehind(context: Context, room: Uint8Array | null): boolean {
  return room !== null && context.vault.get(LEFT, toHex(room)) !== undefined;
}

/** The checkpoint that a person at this desk accepted for the room of this name; its first entry there says so. */
export function acceptedFor(context: Context, name: string): EarlierRecord | undefined {
  const stored = context.vault.get(ACCEPTING, name);
  const read = stored === undefined ? undefined : decode(earlierCodec, stored);
  return read?.ok === true ? read.value : undefined;
}

/** A proposal in one sentence. */
export function proposalSentence({ party, member, size, root }: Proposal): string {
  return `${party} / ${member} proposes to go on in a new room from the first ${size} entries (root ${root.slice(0, 16)})`;
}

/** The same refusal. Where the relay itself tells two histories it also says how people go on. */
export function withWayOn(refusal: DeskRefusal, name: string): DeskRefusal {
  const { nature, code, message, next = '', data } = refusal;
  if (code !== 'relay-rewrote-history') return refusal;
  const restart = `to go on together, once you have talked: parley channel restart ${name}`;
  return new DeskRefusal(nature, code, { message, next: `${next}; ${restart}`, data });
}
