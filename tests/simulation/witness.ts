// The witness knows what really happened and judges every delivery: what should have been taken was taken, what should
// not was refused or stopped the room, and every stop that can be proven is.

import { assert, toHex } from '@parley/kernel';
import { epochAuthenticator, type Outcome } from '@parley/channel';
import { deviceOf, verifyEvidence, type DeviceId } from '@parley/record';
import type { Desk } from '../../packages/channel/testing/town.ts';
import { digest } from './hostile-relay.ts';
import type { Due } from './traitor.ts';

/** Where a device stood when it made an envelope, or stands when one is delivered. */
type Standing = {
  readonly place: number;
  readonly epoch: string;
  readonly size: number;
  readonly root: string;
};

type Made = Standing & { readonly by: number; readonly sender: DeviceId };

export type Counts = {
  deliveries: number;
  taken: number;
  crossings: number;
  proven: number;
  alarms: number;
  frozen: number;
  /** Forks proven by a word carried outside the room. */
  words: number;
  /** Forged envelopes of a member with real keys, each met as it was due. */
  cheats: number;
  /** Devices that came back older than a commit of their own and were told so. */
  outdated: number;
  /** Relays convicted by two receipts. */
  receipts: number;
};

export const NOTHING: Counts = {
  deliveries: 0,
  taken: 0,
  crossings: 0,
  proven: 0,
  alarms: 0,
  frozen: 0,
  words: 0,
  cheats: 0,
  outdated: 0,
  receipts: 0,
};

const standsThere = (made: Made, at: Standing): boolean =>
  made.place === at.place && made.epoch === at.epoch && made.root === at.root;

export class Witness {
  readonly #made = new Map<string, Made>();
  readonly #keys = new Map<string, string>();
  readonly #forged = new Map<string, Made & { readonly due: Due }>();
  /** Devices that came back with an old vault. */
  readonly restored = new Set<number>();
  readonly counts: Counts = { ...NOTHING };

  static standing(desk: Desk): Standing {
    const { group, seq, transcript } = desk.room;
    return {
      place: seq + 1,
      epoch: toHex(epochAuthenticator(group)),
      size: transcript.tree.size,
      root: toHex(transcript.root),
    };
  }

  /** An envelope left a device, from the state it had before. A key that sealed two of them is a failure. */
  noteSent(device: number, before: Desk['room'], standing: Standing, envelope: Uint8Array): void {
    const id = toHex(digest(envelope));
    this.#made.set(id, { ...standing, by: device, sender: before.device });
    const { privatePath, secretTree } = before.group.state;
    const ratchets = secretTree[2 * privatePath.leafIndex];
    assert(ratchets !== undefined, 'a device has its ratchets');
    const { application, handshake } = ratchets;
    const key = `${device}/${standing.epoch}/${application.generation}/${handshake.generation}`;
    const other = this.#keys.get(key);
    // An old vault has the keys of its day: only a fresh one keeps this promise.
    const fresh = !this.restored.has(device);
    assert(!fresh || other === undefined || other === id, 'no key sealed two envelopes');
    this.#keys.set(key, id);
  }

  /** A member cheats: what everybody who stands where it stands must do with the envelope. */
  noteForged(desk: Desk, envelope: Uint8Array, due: Due): void {
    const id = toHex(digest(envelope));
    const sender = desk.identity.deviceId;
    this.#forged.set(id, { ...Witness.standing(desk), by: -1, sender, due });
  }

  /** Judges what one device did with one delivered envelope. Throws where it was wrong. */
  judge(
    device: number,
    desk: Desk,
    before: Standing & { frozen: boolean; lastSeq: number },
    delivered: { seq: number; envelope: Uint8Array },
    outcomes: readonly Outcome[],
  ): void {
    this.counts.deliveries += 1;
    const taken = outcomes.some((one) => one.kind === 'entry' || one.kind === 'epoch');
    const refusal = outcomes.find((one) => one.kind === 'refused');
    const frozen = outcomes.find((one) => one.kind === 'frozen');
    if (refusal?.alarm === true) this.counts.alarms += 1;
    if (before.frozen) {
      assert(!taken && refusal?.reason === 'frozen', 'a frozen room takes nothing');
      return;
    }
    if (delivered.seq !== before.lastSeq + 1) {
      const reason = delivered.seq <= before.lastSeq ? 'duplicate' : 'gap';
      assert(!taken && refusal?.reason === reason && !refusal.alarm, `a ${reason} is named`);
      return;
    }
    const id = toHex(digest(delivered.envelope));
    const forged = this.#forged.get(id);
    if (forged !== undefined && standsThere(forged, before)) {
      // What the cheat's own device makes of it is its own affair.
      const own = desk.identity.deviceId === forged.sender;
      return own ? undefined : this.#judgeForged(desk, forged, outcomes);
    }
    const made = this.#made.get(id);
    if (made !== undefined && standsThere(made, before)) {
      // Nobody reads a commit of its own but from the state that prepared it, and an old vault has not.
      if (this.restored.has(device) && frozen?.frozen.reason === 'lost-state') {
        assert(made.by === device, 'only its own commit stops a device that came back old');
        this.counts.outdated += 1;
        return;
      }
      assert(taken, `an envelope in its place is taken, not ${JSON.stringify(refusal)}`);
      assert(refusal === undefined, 'and raises no alarm');
      assert(frozen === undefined || frozen.frozen.reason === 'removed', 'and stops nothing');
      this.counts.taken += 1;
      return;
    }
    this.counts.crossings += 1;
    assert(!taken, 'an envelope out of its place or history is never taken');
    assert(refusal?.alarm === true || frozen !== undefined, 'and it is noticed at once');
    if (made === undefined || made.by === device) return;
    if (made.epoch !== before.epoch) {
      assert(refusal?.reason === 'unreadable', 'another epoch cannot be read');
      return;
    }
    if (made.place < before.place) {
      assert(refusal?.reason === 'misplaced', 'what was moved is named');
      return;
    }
    if (deviceOf(desk.room.transcript, made.sender)?.removed) {
      // What a removed device signs cannot stop the others: it is refused and named.
      assert(refusal?.reason === 'not-on-record', 'a removed device is not heard');
      return;
    }
    if (made.place > before.place) {
      assert(refusal?.reason === 'withheld', 'what is held back is named');
      return;
    }
    const ours = desk.roots[made.size];
    const contradicts = ours !== undefined && toHex(ours) !== made.root && made.size <= before.size;
    if (!contradicts) return;
    this.counts.frozen += 1;
    assert(
      frozen?.frozen.reason === 'fork',
      `a contradiction stops the room, not ${JSON.stringify(refusal)}`,
    );
    const { evidence } = frozen.frozen;
    assert(evidence !== null, 'with a proof');
    const report = verifyEvidence(desk.ports.crypto, evidence);
    assert(report.ok, 'that holds without us');
    assert(report.value.signers.length === 2, 'and names two signers');
    this.counts.proven += 1;
  }
  /** A cheat is met as its kind asks: with a refusal by its name, or with a proof that names the cheat. */
  #judgeForged(
    desk: Desk,
    { due, sender }: { due: Due; sender: DeviceId },
    outcomes: readonly Outcome[],
  ): void {
    const refusal = outcomes.find((one) => one.kind === 'refused');
    const frozen = outcomes.find((one) => one.kind === 'frozen');
    const taken = outcomes.some((one) => one.kind === 'entry' || one.kind === 'epoch');
    this.counts.cheats += 1;
    if (due === 'taken') {
      assert(taken && frozen === undefined, 'a claim is only a claim');
      return;
    }
    assert(!taken, 'a cheat is never taken');
    if (due !== 'fork') {
      assert(refusal?.reason === due && refusal.alarm, `refused as ${due}, not ${refusal?.reason}`);
      return;
    }
    assert(frozen?.frozen.reason === 'fork', 'another history stops the room');
    const { evidence } = frozen.frozen;
    assert(evidence !== null, 'with a proof');
    const report = verifyEvidence(desk.ports.crypto, evidence);
    assert(report.ok, 'that holds without us');
    const cheat = report.value.signers.some(({ device }) => device === toHex(sender));
    assert(cheat, 'and names the cheat');
  }
}
