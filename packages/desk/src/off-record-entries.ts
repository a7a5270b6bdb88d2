// What the record holds of a talk off the record: that it was proposed, that others agreed when it took place, and how
// long each who agreed was there. Only what its person agreed to is signed by this device.

import { isFault, sameBytes, toHex } from '@parley/kernel';
import { present, type Branch } from '@parley/channel';
import { asLeafHash, type LeafHash } from '@parley/record';
import type { Context } from './context.ts';
import { Ledger } from './ledger.ts';
import { DeskRefusal } from './refusal.ts';
import { statements } from './statements.ts';
import type { Traffic } from './traffic.ts';
import { readLine } from './views.ts';

export class OffRecordEntries {
  readonly #context: Context;
  readonly #traffic: Traffic;
  readonly #name: string;
  readonly #logged: boolean;
  /** The proposal of this device, once it stands on the record. */
  #proposed: LeafHash | undefined;
  /** The proposal of another that this device has agreed to. */
  #agreed: LeafHash | undefined;

  constructor(context: Context, traffic: Traffic, asked: { name: string; logged: boolean }) {
    this.#context = context;
    this.#traffic = traffic;
    this.#name = asked.name;
    this.#logged = asked.logged;
  }

  /** What the others are told to agree to. */
  get proposal(): LeafHash | undefined {
    return this.#proposed;
  }

  /** Proposes on the record, once, if its person wants the talk logged. Gives the entry's number where that was done now. */
  async propose(): Promise<number | undefined> {
    if (!this.#logged || this.#proposed !== undefined) return undefined;
    const { entry } = await this.#traffic.deliver(this.#name, { kind: 'off-record-proposed' });
    if (entry === null) return undefined;
    const card = this.#context.openCard(this.#name);
    const line = new Ledger(this.#context.vault, card.room).at(entry);
    const { transcript } = this.#context.room(card);
    const read = line && readLine(this.#context.ports.crypto, transcript, line);
    if (read === undefined) return undefined;
    this.#proposed = asLeafHash(Uint8Array.from(Buffer.from(read.leaf, 'hex')));
    return entry;
  }

  /**
   * Agrees to the proposal of somebody who is there, if both want it logged. Gives the entry's number where that was done
   * now. Where two have proposed, the one who came first stands.
   */
  async agree(branch: Branch): Promise<number | undefined> {
    if (!this.#logged || this.#agreed !== undefined) return undefined;
    const theirs = present(branch)
      .filter(({ logged, proposal }) => logged && proposal !== null)
      .toSorted((a, b) => a.seat - b.seat)[0];
    const proposal = theirs?.proposal;
    if (theirs === undefined || proposal === undefined || proposal === null) return undefined;
    if (this.#proposed !== undefined && (branch.own.seat ?? 0) < theirs.seat) return undefined;
    const card = this.#context.openCard(this.#name);
    // What they name must be a proposal of that very device, on the record that we hold.
    const isTheirs = [...statements(this.#context, card, ['off-record-proposed'])].some(
      ({ leaf, deviceId }) => leaf === toHex(proposal) && deviceId === toHex(theirs.device),
    );
    if (!isTheirs) return undefined;
    this.#agreed = proposal;
    const agreed = await this.#traffic.deliver(this.#name, { kind: 'off-record-agreed', proposal });
    return agreed.entry ?? undefined;
  }

  /** Whether the record says that it took place: this device agreed, or another to what this one proposed. */
  get tookPlace(): boolean {
    return this.#agreed !== undefined || this.#wasAgreed(this.#proposed);
  }

  /**
   * Closes what this device has proposed or agreed to. Where the relay cannot be reached it waits in the outbox; where the
   * room takes nothing more, the record stays without it.
   */
  async close(lastedMs: number | null): Promise<void> {
    const proposals = [this.#proposed, this.#agreed].filter((one) => one !== undefined);
    if (proposals.length === 0) return;
    // Their word that it took place may have come a moment ago.
    await this.#ifTaken(() => this.#traffic.exchangeIfReachable(this.#name));
    for (const proposal of proposals) {
      const isMine = proposal === this.#proposed;
      const took = isMine && !this.#wasAgreed(proposal) ? null : lastedMs;
      await this.#ifTaken(() =>
        this.#traffic.deliver(this.#name, { kind: 'off-record-closed', proposal, lastedMs: took }),
      );
    }
  }

  /** Leaves undone what the room does not take any more. */
  async #ifTaken(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DeskRefusal || isFault(error))) throw error;
    }
  }

  #wasAgreed(proposal: LeafHash | undefined): boolean {
    if (proposal === undefined) return false;
    const card = this.#context.openCard(this.#name);
    return [...statements(this.#context, card, ['off-record-agreed'])].some(
      ({ body }) => body.kind === 'off-record-agreed' && sameBytes(body.proposal, proposal),
    );
  }
}
