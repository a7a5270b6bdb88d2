// Going on after a fork: one side proposes the last checkpoint that both signed, every other party accepts, each by an act
// of a person. The room is new; its first entry names the old one. Nothing rejoins by itself.

import { sameBytes, toHex } from '@parley/kernel';
import { activeDevices, type EarlierRecord } from '@parley/record';
import type { Admission } from './admission.ts';
import type { Context, OpenCard } from './context.ts';
import type { Joiner } from './joining.ts';
import { Ledger } from './ledger.ts';
import { DeskRefusal } from './refusal.ts';
import {
  forgetAccepted,
  hexOrNull,
  leaveBehind,
  noteAccepted,
  proposalAt,
} from './restart-proposal.ts';
import { signedSizes } from './signed-sizes.ts';

export type RestartView = {
  readonly channel: string;
  /** `proposed` by us, or `accepted` here: we come in when their desk has answered. */
  readonly act: 'proposed' | 'accepted';
  readonly from: { readonly size: number; readonly root: string; readonly evidence: string | null };
  /** The name under which this desk keeps the earlier record. */
  readonly earlier: string;
};

/** The relay shows another history than the one this desk holds, so that the room itself never gets to see the fork. */
export type Torn = { readonly evidence: Uint8Array | null };

/** The largest size at which every other party has signed our own history. */
function lastCommon(context: Context, card: OpenCard): number {
  const { transcript } = context.room(card);
  const own = toHex(context.ownParty(card));
  const signed = signedSizes(context, card, { all: true });
  const others = [...transcript.parties.values()].filter(
    ({ fingerprint }) =>
      toHex(fingerprint) !== own && activeDevices(transcript, fingerprint).length > 0,
  );
  const sizes = others.map(({ fingerprint }) =>
    Math.max(
      ...activeDevices(transcript, fingerprint).map((one) => signed.get(toHex(one.id)) ?? 0),
    ),
  );
  return sizes.length === 0 ? 0 : Math.min(...sizes);
}

export class Restart {
  readonly #context: Context;
  readonly #admission: Admission;
  readonly #joiner: Joiner;

  constructor(parts: { context: Context; admission: Admission; joiner: Joiner }) {
    this.#context = parts.context;
    this.#admission = parts.admission;
    this.#joiner = parts.joiner;
  }

  /** Accepts what another party proposed, or else proposes; `size` names an earlier checkpoint than the last common one. */
  async act(
    name: string,
    { size, torn }: { size?: number | undefined; torn?: Torn | undefined } = {},
  ): Promise<RestartView> {
    const card = this.#context.openCard(name);
    const proposal = proposalAt(this.#context, card);
    if (proposal !== undefined) return this.#accept(card, proposal.earlier, proposal.invitation);
    const { frozen } = this.#context.room(card);
    const forked = frozen?.reason === 'fork' || frozen?.reason === 'broken-commit';
    if (!forked && (frozen !== null || torn === undefined)) {
      throw new DeskRefusal('wrong-use', 'nothing-to-restart', {
        message:
          frozen?.reason === 'mismatch'
            ? 'The words differed: somebody stands between you. Going on here would be going on with them.'
            : 'No fork was found in this channel, and nobody proposes to restart it.',
        next:
          frozen?.reason === 'mismatch'
            ? 'meet, and found a new channel'
            : 'a restart is for a channel with two histories',
      });
    }
    const evidence = frozen?.evidence ?? torn?.evidence ?? null;
    return this.#propose(card, { size: size ?? lastCommon(this.#context, card), evidence });
  }

  #rootAt(card: OpenCard, size: number): Uint8Array | undefined {
    return new Ledger(this.#context.vault, card.room).rootAt(size);
  }

  async #propose(
    card: OpenCard,
    { size, evidence }: { size: number; evidence: Uint8Array | null },
  ): Promise<RestartView> {
    const { transcript } = this.#context.room(card);
    const root = this.#rootAt(card, size);
    if (root === undefined || transcript.channel === null) {
      throw new DeskRefusal('policy', 'nothing-in-common', {
        message: 'The other side has signed no part of the record that this desk holds.',
        next: 'found a new channel: parley channel new',
      });
    }
    const earlier = {
      room: card.room,
      size,
      root,
      evidence: evidence === null ? null : this.#context.ports.crypto.hash('sha256', evidence),
    } as EarlierRecord;
    const { channel, terms } = transcript;
    const { kind, parties } = terms;
    const kept = this.#setAside(card);
    try {
      await this.#admission.found({
        relay: card.relay,
        relayKey: card.relayKey,
        name: card.name,
        called: transcript.name,
        party: this.#context.ownParty(card),
        founding:
          kind === 'plenary'
            ? { kind: 'restart', channel, earlier }
            : { kind, channel, parties, earlier },
      });
    } catch (error) {
      this.#putBack(card, kept);
      throw error;
    }
    return this.#view(card.name, 'proposed', earlier, kept);
  }

  async #accept(card: OpenCard, earlier: EarlierRecord, invitation: string): Promise<RestartView> {
    const { size } = earlier;
    const held = this.#rootAt(card, size);
    if (held === undefined || !sameBytes(held, earlier.root)) {
      throw new DeskRefusal('tampering', 'restart-other-history', {
        message: `They propose to go on from ${size} entries that are not those this desk holds. Nothing was accepted.`,
        next: `compare with them, by voice, which entries both hold; then propose yourselves: parley channel restart ${card.name} --from SIZE`,
        data: {
          proposed: { size, root: toHex(earlier.root) },
          held: held === undefined ? null : toHex(held),
        },
      });
    }
    const kept = this.#setAside(card);
    noteAccepted(this.#context, card.name, earlier);
    try {
      await this.#joiner.ask(invitation, card.name, this.#context.ownParty(card));
    } catch (error) {
      this.#putBack(card, kept);
      throw error;
    }
    return this.#view(card.name, 'accepted', earlier, kept);
  }

  /** The earlier record keeps a name of its own, and nothing more is said in it. */
  #setAside(card: OpenCard): string {
    const { cards, vault } = this.#context;
    let n = 1;
    while (cards.get(`${card.name}.${n}`) !== undefined) n++;
    const kept = `${card.name}.${n}`;
    vault.transaction(() => {
      cards.remove(card.name);
      leaveBehind(this.#context, card, true);
      cards.put({ ...card, name: kept, frozen: card.frozen ?? 'fork: the channel was restarted' });
    });
    return kept;
  }

  #putBack(card: OpenCard, kept: string): void {
    const { cards, vault } = this.#context;
    vault.transaction(() => {
      cards.remove(kept);
      cards.put(card);
      leaveBehind(this.#context, card, false);
      forgetAccepted(this.#context, card.name);
    });
  }

  #view(
    channel: string,
    act: RestartView['act'],
    { size, root, evidence }: EarlierRecord,
    earlier: string,
  ): RestartView {
    const from = { size, root: toHex(root), evidence: hexOrNull(evidence) };
    return { channel, act, from, earlier };
  }
}
