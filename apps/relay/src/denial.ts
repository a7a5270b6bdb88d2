// A refusal on its way out: thrown by a route, answered in canonical bytes with the status that goes with its word.

import { encode } from '@parley/kernel';
import { refusalCodec, type Receipt, type RefusalWord } from '@parley/post';

const STATUS: Record<RefusalWord, number> = {
  malformed: 400,
  'not-found': 404,
  forbidden: 403,
  clock: 401,
  'no-such-log': 404,
  'no-such-blob': 404,
  'no-such-chunk': 404,
  exists: 409,
  conflict: 409,
  'too-large': 413,
  full: 403,
  'relay-full': 507,
  'relay-failing': 503,
  busy: 429,
  'work-required': 429,
  empty: 404,
  'last-owner': 409,
  incomplete: 409,
  refused: 400,
};

export class Denial extends Error {
  readonly reason: RefusalWord;
  readonly detail: string;
  readonly retryAfterMs: number;
  readonly workBits: number;
  readonly head: Receipt | null;

  constructor(
    reason: RefusalWord,
    detail: string,
    more: { retryAfterMs?: number; workBits?: number; head?: Receipt } = {},
  ) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
    this.retryAfterMs = more.retryAfterMs ?? 0;
    this.workBits = more.workBits ?? 0;
    this.head = more.head ?? null;
  }

  get status(): number {
    return STATUS[this.reason];
  }

  body(nowMs: number): Buffer {
    const { reason, detail, retryAfterMs, workBits, head } = this;
    return Buffer.from(
      encode(refusalCodec, { reason, detail, nowMs, retryAfterMs, workBits, head }),
    );
  }
}
