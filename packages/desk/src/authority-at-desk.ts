// Changing the party's authority key: by the old one where it is still here, else by as many officers as the policy asks.
// The others see a red stop and compare anew.

import { generateHybridSigner, sameBytes, toHex } from '@parley/kernel';
import { authorityChange, fingerprint, type BodyOf, type Fingerprint } from '@parley/record';
import {
  authorityKey,
  isAuthority,
  keepAuthority,
  nextAuthorityKey,
  promoteNextAuthority,
} from './authority-key.ts';
import { certifyAnew } from './certified-anew.ts';
import type { OpenCard } from './context.ts';
import { Doorsteps } from './doorsteps.ts';
import { inEachChannel, requireReason, type Governed, type GovernStep } from './party-acts.ts';
import { DeskRefusal } from './refusal.ts';
import { isRoomName } from './room-name.ts';
import { statements } from './statements.ts';

export type AuthorityChanged = {
  readonly steps: readonly GovernStep[];
  /** Of the new key. */
  readonly fingerprint: string;
  /** Channels in which further officers have to agree. */
  readonly waiting: readonly string[];
};

export class AuthorityAtDesk {
  readonly #governed: Governed;

  constructor(governed: Governed) {
    this.#governed = governed;
  }

  #rooms(): OpenCard[] {
    return this.#governed.context.openCards().filter((card) => card.frozen === null);
  }

  /** Makes a new key and puts it on every record. With `lost` the old key is not used: officers decide. */
  async change(reason: string, { lost }: { lost: boolean }): Promise<AuthorityChanged> {
    requireReason(reason);
    const { context } = this.#governed;
    const old = lost ? null : authorityKey(context);
    if (old === null && !lost) {
      throw new DeskRefusal('policy', 'no-authority', {
        message: "This desk does not hold your party's authority key.",
        next: 'do it at the desk that holds it; where it is lost: parley party recovery ask, or --lost, and further officers agree',
      });
    }
    // Kept before anything is signed with it: run again after a crash, the same key goes on.
    const next =
      nextAuthorityKey(context) ??
      generateHybridSigner(context.ports.crypto, context.ports.randomness);
    keepAuthority(context, 'next', next);
    const to = fingerprint(context.ports.crypto, next.publicKey);
    const steps = await inEachChannel(
      this.#governed,
      ({ transcript, own }) => {
        if (sameBytes(own, to)) return undefined;
        const signer = old !== null && isAuthority(context, old, own) ? old : null;
        const at = { room: transcript.room, party: own };
        return authorityChange(context.ports.crypto, at, { old: signer, next }, reason);
      },
      this.#rooms(),
    );
    return this.#settled(steps, to);
  }

  /** Says what a fellow officer said: that this new key takes the place of the lost one. */
  async agree(authority: string): Promise<AuthorityChanged> {
    const { context } = this.#governed;
    const asked = this.claims().find((one) => one.fingerprint === authority);
    if (asked === undefined) {
      throw new DeskRefusal('wrong-use', 'no-such-change', {
        message: 'No fellow officer has asked for an authority key with this fingerprint.',
        next: 'look at "parley party authority"',
      });
    }
    const steps = await inEachChannel(
      this.#governed,
      ({ card }) => this.#claimsIn(card).find((one) => this.#of(one.body) === authority)?.body,
      this.#rooms(),
    );
    return this.#settled(steps, fingerprint(context.ports.crypto, asked.body.authority));
  }

  /** Changes that fellow officers have asked for and that are not made yet. */
  claims(): {
    channel: string;
    by: string;
    fingerprint: string;
    body: BodyOf<'authority-changed'>;
  }[] {
    return this.#rooms().flatMap((card) =>
      this.#claimsIn(card).map(({ by, body }) => ({
        channel: card.name,
        by,
        fingerprint: this.#of(body),
        body,
      })),
    );
  }

  #of(body: BodyOf<'authority-changed'>): string {
    return toHex(fingerprint(this.#governed.context.ports.crypto, body.authority));
  }

  #claimsIn(card: OpenCard): { by: string; body: BodyOf<'authority-changed'> }[] {
    const { context } = this.#governed;
    const own = context.ownParty(card);
    const standing = context.room(card).transcript.parties.get(toHex(own))?.claims ?? [];
    const found: { by: string; body: BodyOf<'authority-changed'> }[] = [];
    for (const one of statements(context, card, ['authority-changed'])) {
      if (!one.mine || one.body.kind !== 'authority-changed') continue;
      if (context.identities.of(one.deviceId) !== undefined) continue;
      const { body } = one;
      if (standing.some((voice) => toHex(voice.on) === this.#of(body)))
        found.push({ by: one.member, body });
    }
    return found;
  }

  async #settled(steps: readonly GovernStep[], to: Fingerprint): Promise<AuthorityChanged> {
    const { context } = this.#governed;
    const waiting = this.#rooms().filter((card) => !sameBytes(context.ownParty(card), to));
    const next = nextAuthorityKey(context);
    const ours = next !== null && isAuthority(context, next, to);
    if (ours && waiting.length === 0) promoteNextAuthority(context);
    await this.#certifyAnew(steps);
    return { steps, fingerprint: toHex(to), waiting: waiting.map((card) => card.name) };
  }

  /** Our devices get their certificates at once where the relay was reached; else the next sync gives them. */
  async #certifyAnew(steps: readonly GovernStep[]): Promise<void> {
    const { context } = this.#governed;
    const doorsteps = new Doorsteps(context);
    for (const { channel, state } of steps) {
      if (state !== 'done' || isRoomName(channel)) continue;
      const card = context.openCard(channel);
      await certifyAnew(context, card, (to, certificate) =>
        doorsteps.leave(card, to, { kind: 'certificate', certificate }),
      );
    }
  }

  /** Takes up a change of ours that further officers have agreed to since, once every room has it. */
  finish(): void {
    const { context } = this.#governed;
    const next = nextAuthorityKey(context);
    const rooms = this.#rooms();
    if (next === null || rooms.length === 0) return;
    if (rooms.every((card) => isAuthority(context, next, context.ownParty(card))))
      promoteNextAuthority(context);
  }
}
