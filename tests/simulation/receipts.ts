// The relay's signed receipts. It may acknowledge what it does not keep; each device holds its receipts against what it
// takes in, and two that contradict each other convict the relay.

import { assert, sameBytes } from '@parley/kernel';
import { nextHead } from '@parley/channel';
import { encodeReceipt, signReceipt, type Receipt } from '@parley/post';
import { relayReceiptsEvidence, verifyEvidence, type RoomId } from '@parley/record';
import { sharedCrypto } from './cast.ts';

const SECRET = new Uint8Array(32).fill(7);
const RELAY = sharedCrypto.signerFromSecret('ed25519', SECRET).publicKey;

/** The relay's word that the log `room` has this head after `seq` envelopes. */
export function acknowledge(
  room: RoomId,
  at: { seq: number; head: Uint8Array; timeMs: number },
): Receipt {
  return signReceipt(sharedCrypto, SECRET, { relay: RELAY, log: room, ...at });
}

/** The receipt for an envelope that would follow `head`. */
export function acknowledgeNext(
  room: RoomId,
  before: { seq: number; head: Uint8Array; timeMs: number },
  envelope: Uint8Array,
): Receipt {
  const head = nextHead(sharedCrypto, before.head, envelope);
  return acknowledge(room, { seq: before.seq + 1, head, timeMs: before.timeMs });
}

/** What one device was given. */
export class ReceiptBook {
  readonly #kept = new Map<number, Receipt>();
  /** Places where the relay has been convicted. */
  readonly convicted = new Set<number>();

  /** Keeps the first receipt of each place. */
  keep(receipt: Receipt): void {
    if (!this.#kept.has(receipt.seq)) this.#kept.set(receipt.seq, receipt);
  }

  /**
   * The device has taken in envelopes that lead to another head than the relay acknowledged: it asks again, the relay
   * signs what it shows now, and the two receipts are the proof.
   */
  hold(room: RoomId, taken: { seq: number; head: Uint8Array; timeMs: number }): boolean {
    const before = this.#kept.get(taken.seq);
    if (before === undefined || sameBytes(before.head, taken.head)) return false;
    const now = acknowledge(room, taken);
    const evidence = relayReceiptsEvidence(encodeReceipt(before), encodeReceipt(now));
    const report = verifyEvidence(sharedCrypto, evidence);
    assert(report.ok && report.value.kind === 'relay-receipts', 'two receipts convict the relay');
    this.convicted.add(taken.seq);
    return true;
  }
}
