// A proposal to go on after a fork, as it waits at a desk for a person, and the checkpoint that a person accepted.

import { decode, encode, sameBytes, struct, text, toHex } from '@parley/kernel';
import { earlierCodec, type EarlierRecord } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import type { Called } from './doorsteps.ts';

const PROPOSED = 'restart-proposed';
const ACCEPTING = 'restart-accepting';

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

/** Keeps another side's proposal until a person answers it. Of several the last one counts. */
export function keepProposal(context: Context, card: OpenCard, { call, from }: Called): void {
  if (call.kind !== 'restart' || !sameBytes(call.earlier.room, card.room)) return;
  const { earlier, invitation } = call;
  const { party } = from.certificate;
  const kept = { earlier, invitation, party, member: from.member };
  context.vault.put(PROPOSED, toHex(card.room), encode(proposalCodec, kept));
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
