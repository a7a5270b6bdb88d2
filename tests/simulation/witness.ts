// The witness knows what really happened and judges every delivery: what should have been taken was taken, what should
// not was refused or stopped the room, and every stop that can be proven is.

import { assert, toHex } from '@parley/kernel';
import { epochAuthenticator, type Outcome } from '@parley/channel';
import { deviceOf, verifyEvidence, type DeviceId } from '@parley/record';
import type { Desk } from '../../packages/channel/testing/town.ts';
import { digest } from './hostile-relay.ts';

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
};

export class Witness {
  readonly #made = new Map<string, Made>();
  readonly #keys = new Map<string, string>();
  readonly counts: Counts = {
    deliveries: 0,
    taken: 0,
    crossings: 0,
    proven: 0,
    alarms: 0,
    frozen: 0,
    words: 0,
  };

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
    assert(other === undefined || other === id, 'no key sealed two envelopes');
    this.#keys.set(key, id);
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
    const made = this.#made.get(toHex(digest(delivered.envelope)));
    const honest =
      made !== undefined &&
      made.place === before.place &&
      made.epoch === before.epoch &&
      made.root === before.root;
    if (honest) {
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
}
