// What was appended in the last turns of the event loop, kept until its readers have been served: they need not ask the store.

import { type LogHead, type LogId, type StoredEnvelope } from '@parley/post';
import { keyOf } from './feeds.ts';

type Fresh = {
  /** Of which turn: what comes in a later one takes its place. */
  readonly turn: number;
  readonly envelopes: StoredEnvelope[];
  bytes: number;
  head: LogHead;
};

/** Envelopes of two turns at most by their log, each durable before it is kept here. What is not here is in the store. */
export class FreshEnvelopes {
  readonly #byLog = new Map<string, Fresh>();
  #turn = 0;

  /** Keeps the envelope that made a log what it is now. */
  keep(log: LogId, envelope: Uint8Array, head: LogHead): void {
    if (this.#byLog.size === 0) this.#endTurnSoon();
    const name = keyOf(log);
    const fresh = this.#byLog.get(name);
    const stored = { seq: head.seq, envelope };
    if (fresh !== undefined && head.seq <= fresh.head.seq) return;
    if (fresh?.turn === this.#turn && fresh.head.seq + 1 === head.seq) {
      fresh.envelopes.push(stored);
      fresh.bytes += envelope.length;
      fresh.head = head;
    } else {
      const bytes = envelope.length;
      this.#byLog.set(name, { turn: this.#turn, envelopes: [stored], bytes, head });
    }
  }

  /** All envelopes after a number and the head that they lead to, where they are here and no more than this. */
  after(
    log: LogId,
    after: number,
    max: { readonly maxEnvelopes: number; readonly maxBytes: number },
  ): { readonly envelopes: readonly StoredEnvelope[]; readonly head: LogHead } | undefined {
    const fresh = this.#byLog.get(keyOf(log));
    if (fresh === undefined || fresh.bytes > max.maxBytes) return undefined;
    const skipped = after + 1 - (fresh.envelopes[0]?.seq ?? 0);
    if (skipped < 0 || skipped >= fresh.envelopes.length) return undefined;
    const envelopes = fresh.envelopes.slice(skipped);
    return envelopes.length > max.maxEnvelopes ? undefined : { envelopes, head: fresh.head };
  }

  /** A turn's readers may be rung only in the next one: what is kept is dropped at the end of that. */
  #endTurnSoon(): void {
    setImmediate(() => {
      for (const [name, { turn }] of this.#byLog) if (turn < this.#turn) this.#byLog.delete(name);
      this.#turn++;
      if (this.#byLog.size > 0) this.#endTurnSoon();
    });
  }
}
