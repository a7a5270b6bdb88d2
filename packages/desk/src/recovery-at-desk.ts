// Surviving the loss of the desk that holds the authority: shares for fellow officers beforehand, and k of them afterwards.

import { assert, sameBytes, toHex } from '@parley/kernel';
import { isOfficer, OFFICERS_MAX, type Device, type Fingerprint } from '@parley/record';
import { authorityKey, isAuthority, keepAuthority, requireAuthority } from './authority-key.ts';
import type { Context, OpenCard } from './context.ts';
import {
  inEachChannel,
  plenaries,
  requireReason,
  type Governed,
  type GovernStep,
} from './party-acts.ts';
import { leafBytes } from './posture-record.ts';
import {
  combineAuthority,
  openShare,
  sealShare,
  shareOf,
  splitAuthority,
  type Share,
} from './recovery-shares.ts';
import { DeskRefusal } from './refusal.ts';
import { statements, type Statement } from './statements.ts';

/** A fellow officer who asks for our share. */
export type RecoveryAsked = {
  readonly channel: string;
  readonly entry: number;
  readonly member: string;
  readonly deviceId: string;
  readonly reason: string;
};

export type Recovery = {
  /** Shares that are here, each once. */
  readonly given: number;
  /** How many restore the authority; 0 where none were ever handed out. */
  readonly needed: number;
  readonly recovered: boolean;
  readonly wrong: readonly string[];
};

type Given = Share & { readonly by: string };

const isOf = (body: Statement['body'], authority: Fingerprint): boolean =>
  'authority' in body && sameBytes(body.authority, authority);

function heldAlready(): DeskRefusal {
  return new DeskRefusal('policy', 'authority-held', {
    message: "This desk holds your party's authority: there is nothing to restore.",
    next: 'parley party show; to let in who lost a desk: parley party invite',
  });
}

function askedAlready(channel: string, entry: number): DeskRefusal {
  return new DeskRefusal('waiting', 'asked-already', {
    message: `This desk asked already, in entry ${entry} of "${channel}": it waits for fellow officers.`,
    next: 'they run: parley party recovery give; then here: parley party recover',
  });
}

export class RecoveryAtDesk {
  readonly #governed: Governed;

  constructor(governed: Governed) {
    this.#governed = governed;
  }

  get #context(): Context {
    return this.#governed.context;
  }

  /** Hands one share to every officer of the party, sealed to that officer's devices. A later handing-out replaces it. */
  async share(needed: number): Promise<{ steps: GovernStep[]; officers: string[] }> {
    const authority = requireAuthority(this.#context);
    const officers = [
      ...new Set(
        plenaries(this.#context)
          .flatMap((card) => this.#officersIn(card))
          .map(({ member }) => member),
      ),
    ].toSorted();
    if (
      !Number.isInteger(needed) ||
      needed < 2 ||
      needed > Math.min(officers.length, OFFICERS_MAX)
    ) {
      throw new DeskRefusal('policy', 'too-few-officers', {
        message: `Your party has ${officers.length} officers in its channels; a recovery needs 2 or more of them, and not more than there are.`,
        next: 'admit further officers first (parley party invite --officer), or give another --of',
      });
    }
    const shares = await splitAuthority(this.#context.ports, authority, {
      officers: officers.length,
      needed,
    });
    const [first] = shares;
    assert(first !== undefined, 'there are officers');
    const steps = await inEachChannel(this.#governed, ({ card }) => {
      const sealed = this.#officersIn(card).flatMap((device) => {
        const share = shares[officers.indexOf(device.member)];
        const made =
          share === undefined ? undefined : sealShare(this.#context.ports, device, share);
        return made === undefined ? [] : [{ device: device.id, sealed: made }];
      });
      if (sealed.length < 2) return undefined;
      return { kind: 'recovery-shared', authority: first.authority, needed, shares: sealed };
    });
    return { steps, officers };
  }

  #officersIn(card: OpenCard): Device[] {
    const own = this.#context.ownParty(card);
    return [...this.#context.room(card).transcript.devices.values()].filter(
      (device) => sameBytes(device.party, own) && isOfficer(device),
    );
  }

  /** Asks the fellow officers for their shares; everybody in the channel sees it. */
  async ask(reason: string): Promise<GovernStep[]> {
    requireReason(reason);
    const [first] = plenaries(this.#context);
    if (first !== undefined) {
      await this.#governed.traffic.exchangeIfReachable(first.name);
      if (this.#holds(this.#context.ownParty(first))) throw heldAlready();
    }
    return inEachChannel(this.#governed, ({ card, own }) => {
      const before = this.#ownAsking(card, own);
      if (before !== undefined) throw askedAlready(card.name, before.entry);
      return { kind: 'recovery-asked', authority: own, reason };
    });
  }

  #holds(own: Fingerprint): boolean {
    const key = authorityKey(this.#context);
    return key !== null && isAuthority(this.#context, key, own);
  }

  /** What this desk asked for since shares were last handed out: it stands until it is answered. */
  #ownAsking(card: OpenCard, own: Fingerprint): Statement | undefined {
    const here = toHex(this.#context.room(card).device);
    const said = [...statements(this.#context, card, ['recovery-shared', 'recovery-asked'])];
    const last = said.findLast(
      ({ body, mine, deviceId }) =>
        mine && (body.kind === 'recovery-shared' || deviceId === here) && isOf(body, own),
    );
    return last?.body.kind === 'recovery-asked' ? last : undefined;
  }

  /** Requests of fellow officers that this desk has not answered. */
  asked(): RecoveryAsked[] {
    return plenaries(this.#context).flatMap((card) =>
      this.#askedIn(card).map(({ entry, member, deviceId, body }) => ({
        channel: card.name,
        entry,
        member,
        deviceId,
        reason: body.kind === 'recovery-asked' ? body.reason : '',
      })),
    );
  }

  #askedIn(card: OpenCard): Statement[] {
    const own = this.#context.ownParty(card);
    const here = toHex(this.#context.room(card).device);
    const said = [...statements(this.#context, card, ['recovery-asked', 'recovery-given'])];
    const given = new Set(
      said.flatMap(({ body, deviceId }) =>
        body.kind === 'recovery-given' && deviceId === here ? [toHex(body.request)] : [],
      ),
    );
    // Of each device only its latest word: who asks twice is answered once.
    const latest = new Map(
      said.flatMap(({ body, deviceId, leaf }) =>
        body.kind === 'recovery-asked' ? [[deviceId, leaf] as const] : [],
      ),
    );
    return said.filter(
      ({ body, mine, deviceId, leaf }) =>
        body.kind === 'recovery-asked' &&
        latest.get(deviceId) === leaf &&
        mine &&
        deviceId !== here &&
        sameBytes(body.authority, own) &&
        !given.has(leaf) &&
        this.#officersIn(card).some((device) => toHex(device.id) === deviceId),
    );
  }

  /** Gives our share to the officer's device that asked. */
  async give(deviceId: string): Promise<GovernStep[]> {
    const steps = await inEachChannel(this.#governed, ({ card, own }) => {
      const asked = this.#askedIn(card).findLast((one) => one.deviceId === deviceId);
      const to = this.#officersIn(card).find((device) => toHex(device.id) === deviceId);
      const share = shareOf(this.#context, own);
      if (asked === undefined || to === undefined) return undefined;
      if (share === undefined) throw this.#noShare();
      const sealed = sealShare(this.#context.ports, to, share);
      if (sealed === undefined) return undefined;
      return { kind: 'recovery-given', request: leafBytes(asked.leaf), sealed };
    });
    return steps;
  }

  #noShare(): DeskRefusal {
    return new DeskRefusal('policy', 'no-share', {
      message: "This desk holds no share of your party's authority.",
      next: 'shares are handed out beforehand, where the authority is: parley party recovery set',
    });
  }

  /**
   * Puts the authority's key together from the shares that were given, and keeps it at this desk. `wrong` names members
   * who gave something else than the share they were handed.
   */
  async recover(): Promise<Recovery> {
    for (const { name } of plenaries(this.#context))
      await this.#governed.traffic.exchangeIfReachable(name);
    const [card] = plenaries(this.#context);
    const own = card === undefined ? this.#context.identity.party : this.#context.ownParty(card);
    if (this.#holds(own)) throw heldAlready();
    const kept = shareOf(this.#context, own);
    const shares: Given[] = [
      ...(kept === undefined ? [] : [{ ...kept, by: this.#context.identity.certified.member }]),
      ...plenaries(this.#context).flatMap((one) => this.#givenIn(one)),
    ].filter((share) => sameBytes(share.authority, own));
    // The record says how many it takes, not whoever gives one.
    const needed = Math.max(0, ...plenaries(this.#context).map((one) => this.#neededIn(one, own)));
    const given = new Set(shares.map((share) => toHex(share.share))).size;
    const found = await combineAuthority(this.#context.ports, { of: own, needed }, shares);
    if (found !== undefined) keepAuthority(this.#context, 'current', found.key);
    const wrong = [...new Set(found?.wrong.map(({ by }) => by))];
    return { given, needed, recovered: found !== undefined, wrong };
  }

  /** How many shares of the latest handing-out restore the authority; 0 where none were handed out. */
  #neededIn(card: OpenCard, own: Fingerprint): number {
    const handed = [...statements(this.#context, card, ['recovery-shared'])].findLast(
      ({ body, mine }) => mine && isOf(body, own),
    );
    return handed?.body.kind === 'recovery-shared' ? handed.body.needed : 0;
  }

  #givenIn(card: OpenCard): Given[] {
    const here = toHex(this.#context.room(card).device);
    const said = [...statements(this.#context, card, ['recovery-asked', 'recovery-given'])];
    const asked = new Set(
      said.flatMap(({ body, deviceId, leaf }) =>
        body.kind === 'recovery-asked' && deviceId === here ? [leaf] : [],
      ),
    );
    return said.flatMap(({ body, mine, member }) => {
      if (body.kind !== 'recovery-given' || !mine || !asked.has(toHex(body.request))) return [];
      const share = openShare(this.#context, body.sealed);
      return share === undefined ? [] : [{ ...share, by: member }];
    });
  }
}
