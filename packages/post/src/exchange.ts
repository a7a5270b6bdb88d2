// One HTTP exchange with a relay that may be slow, dead or hostile: bounded in time and in bytes, whatever comes back.

import { request as overTcp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as overTls } from 'node:https';
import {
  Fault,
  accept,
  concat,
  decode,
  isFault,
  refuse,
  type Codec,
  type Verdict,
} from '@parley/kernel';
import { Gathered, lengthOf, type Pieces } from './pieces.ts';
import { REFUSALS, refusalCodec, type RefusalWord, type WireRefusal } from './wire.ts';

/** Not there, or there and unable for now: the same call may succeed later. */
type AwayCode = 'relay-unreachable' | 'relay-full' | 'relay-failing' | 'relay-busy';
export type RelayFaultCode = AwayCode | 'relay-broken';

/** The network or the relay is not there; the same call may succeed later. */
export function unreachable(cause: string, error?: unknown): Fault<RelayFaultCode> {
  return new Fault('relay-unreachable', `The relay cannot be reached: ${cause}.`, {
    cause: error,
    retry: true,
    nextAction:
      'check the network and the address of the relay; nothing is lost, it is sent again later',
  });
}

/** Refusals that are about the relay's own state. */
const UNABLE: ReadonlyMap<string, { readonly code: AwayCode; readonly message: string }> = new Map([
  [
    'relay-full',
    { code: 'relay-full', message: 'The disk of the relay is full: it takes nothing for now.' },
  ],
  [
    'relay-failing',
    {
      code: 'relay-failing',
      message: 'The relay is failing or being restored: it takes and shows nothing for now.',
    },
  ],
  ['busy', { code: 'relay-busy', message: 'The relay is busy and asks to wait.' }],
]);

/** The fault for a refusal that is about the relay's own state; undefined for one that is about the caller. */
export function unable(reason: string): Fault<RelayFaultCode> | undefined {
  const known = UNABLE.get(reason);
  if (known === undefined) return undefined;
  return new Fault(known.code, known.message, {
    retry: true,
    nextAction:
      'nothing is lost, it is sent again later; if it stays so, ask the operator of the relay',
  });
}

const AWAY: ReadonlySet<string> = new Set([
  'relay-unreachable',
  ...[...UNABLE.values()].map(({ code }) => code),
]);

/** Whether the relay is away for now, whatever the cause: what was written waits, and is sent when it is back. */
export function isAway(error: unknown): error is Fault<AwayCode> {
  return isFault(error) && AWAY.has(error.code);
}

/** The relay answered what no honest relay of this version answers. */
export function broken(what: string): Fault<RelayFaultCode> {
  return new Fault('relay-broken', `The relay gave an answer that cannot be right: ${what}.`, {
    nextAction:
      'tell its operator; if it happens again, treat the relay as hostile and move to another',
  });
}

export type Ask = {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Pieces;
  /** The longest answer that is read. */
  readonly answerMaxBytes: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

export type Answer = { readonly status: number; readonly body: Pieces };

/** How an answer is read: as a value, or as the bytes it is, in the pieces in which they came. */
export type Reading<T> = Codec<T> | ((body: Pieces) => T);

const REFUSAL_MAX_BYTES = 4096;

/** Not through `fetch`: its streams cost more for each byte of a document than sealing it. */
function answerTo(ask: Ask, signal: AbortSignal): Promise<Answer> {
  return new Promise((settle, fail) => {
    const url = new URL(ask.url);
    const options: RequestOptions = {
      method: ask.method,
      signal,
      headers: {
        accept: 'application/cbor',
        'accept-encoding': 'identity',
        ...(ask.body === undefined ? {} : { 'content-length': lengthOf(ask.body) }),
        ...ask.headers,
      },
    };
    const asking = url.protocol === 'https:' ? overTls(url, options) : overTcp(url, options);
    const giveUp = (error: Error): void => {
      fail(error);
      asking.destroy();
    };
    asking.once('error', giveUp);
    asking.once('response', (response) => takeAnswer(response, ask, { settle, giveUp }));
    for (const piece of ask.body ?? []) asking.write(piece);
    asking.end();
  });
}

function takeAnswer(
  response: IncomingMessage,
  ask: Ask,
  { settle, giveUp }: { settle: (answer: Answer) => void; giveUp: (error: Error) => void },
): void {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) return giveUp(unreachable('it sends its callers elsewhere'));
  if (response.headers['content-encoding'] !== undefined)
    return giveUp(broken('a compressed body'));
  const maxBytes = status >= 200 && status < 300 ? ask.answerMaxBytes : REFUSAL_MAX_BYTES;
  const body = new Gathered();
  response.on('data', (piece: Uint8Array) => {
    body.add(piece);
    if (body.length > maxBytes) giveUp(broken(`more than ${maxBytes} bytes`));
  });
  response.once('error', giveUp);
  response.once('end', () => settle({ status, body: body.pieces }));
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : error;
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string')
    return inner.code;
  return inner instanceof Error ? inner.message : 'the connection failed';
}

/** Asks once. Throws 'relay-unreachable' or 'relay-broken', or the reason of the caller's own signal. */
export async function exchange(ask: Ask): Promise<Answer> {
  const timeout = AbortSignal.timeout(ask.timeoutMs);
  const signal = ask.signal === undefined ? timeout : AbortSignal.any([timeout, ask.signal]);
  try {
    signal.throwIfAborted();
    return await answerTo(ask, signal);
  } catch (error) {
    if (ask.signal?.aborted === true) throw ask.signal.reason;
    if (error instanceof Fault) throw error;
    if (timeout.aborted)
      throw unreachable(`no answer within ${ask.timeoutMs / 1000} seconds`, error);
    throw unreachable(causeOf(error), error);
  }
}

/** Not as a Buffer: its `slice` is a view, and decoded values would hold what they were decoded from. */
function inOne(pieces: Pieces): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined
    ? new Uint8Array(only.buffer, only.byteOffset, only.length)
    : concat(...pieces);
}

/** Takes an answer apart: the value, or the relay's refusal. */
export function readAnswer<T>(
  reading: Reading<T>,
  answer: Answer,
): Verdict<T, 'refused'> & { wire?: WireRefusal } {
  const done = answer.status >= 200 && answer.status < 300;
  if (done && typeof reading === 'function') return accept(reading(answer.body));
  const body = inOne(answer.body);
  if (done && typeof reading !== 'function') {
    const read = decode(reading, body);
    if (!read.ok) throw broken(`a body that is ${read.reason}`);
    return accept(read.value);
  }
  const wire = decode(refusalCodec, body);
  if (wire.ok) return { ...refuse('refused', { detail: wire.value.detail }), wire: wire.value };
  // Not a word of ours: a proxy that stands before a relay which is down, or no relay at all.
  if (answer.status >= 500) throw unreachable(`its front answered ${answer.status}`);
  throw broken(`status ${answer.status} without a refusal`);
}

/** A word this version knows, or 'refused'. */
export function refusalWord(wire: WireRefusal): RefusalWord {
  return REFUSALS.find((known) => known === wire.reason) ?? 'refused';
}
