// How the parts of the client make a call, and how a relay's word becomes one that a method declares.

import { refuse, type Crypto, type Ports, type Refused, type Verdict } from '@parley/kernel';
import type { Capability } from './capability.ts';
import type { Ask, Reading } from './exchange.ts';
import type { LogId } from './ids.ts';
import type { Pieces } from './pieces.ts';
import type { Receipt } from './receipt.ts';
import type { RefusalWord, WireRefusal } from './wire.ts';

/** Refusals that any call may meet: no right, no such log (a wiped relay says so too), the relay's disk, its load, or a newer word. */
export type CommonRefusal =
  | 'forbidden'
  | 'no-such-log'
  | 'relay-full'
  | 'relay-failing'
  | 'busy'
  | 'refused';

/** One call as the log and blob parts make it. */
export type Call<T> = {
  readonly method: Ask['method'];
  /** From `/v1/` on, with the query. */
  readonly target: string;
  readonly answer: Reading<T>;
  readonly answerMaxBytes: number;
  readonly capability?: Capability;
  readonly body?: Pieces;
  readonly bodyType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/** What a log needs of the client that made it. */
export interface Relay {
  readonly crypto: Crypto;
  readonly ports: Ports;
  readonly timeoutMs: number;
  call<T>(call: Call<T>): Promise<Verdict<T, RefusalWord> & { wire?: WireRefusal }>;
  /** A call without a capability, at the door for such calls. */
  anonymously<T>(call: Call<T>): Promise<Verdict<T, RefusalWord>>;
  held(receipt: Receipt, log: LogId): Receipt;
  feedRequest(target: string, capability: Capability): { url: string; authorization: string };
}

const COMMON: readonly CommonRefusal[] = [
  'forbidden',
  'no-such-log',
  'relay-full',
  'relay-failing',
  'busy',
  'refused',
];

/** Keeps the words that a method declares; any other becomes 'refused', with the word as its detail. */
export function narrow<const W extends RefusalWord>(
  refused: Refused<RefusalWord>,
  words: readonly W[],
): Refused<W | CommonRefusal> {
  const known = [...words, ...COMMON].find((word) => word === refused.reason);
  if (known === undefined) return refuse('refused', { detail: refused.reason });
  return refuse(known, refused.detail === undefined ? {} : { detail: refused.detail });
}
