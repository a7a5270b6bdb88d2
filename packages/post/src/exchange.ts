// One HTTP exchange with a relay that may be slow, dead or hostile: bounded in time and in bytes, whatever comes back.

import { Fault, decode, type Codec, type Verdict, accept, refuse } from '@parley/kernel';
import { REFUSALS, refusalCodec, type RefusalWord, type WireRefusal } from './wire.ts';

export type RelayFaultCode = 'relay-unreachable' | 'relay-broken';

/** The network or the relay is not there; the same call may succeed later. */
export function unreachable(cause: string, error?: unknown): Fault<RelayFaultCode> {
  return new Fault('relay-unreachable', `The relay cannot be reached: ${cause}.`, {
    cause: error,
    retry: true,
    nextAction:
      'check the network and the address of the relay; nothing is lost, it is sent again later',
  });
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
  readonly body?: Uint8Array;
  /** The longest answer that is read. */
  readonly answerMaxBytes: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

export type Answer = { readonly status: number; readonly body: Uint8Array };

const REFUSAL_MAX_BYTES = 4096;

async function boundedBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (response.headers.get('content-encoding') !== null) throw broken('a compressed body');
  if (response.body === null) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    length += part.length;
    // Leaving the loop cancels the stream, which closes the connection.
    if (length > maxBytes) throw broken(`more than ${maxBytes} bytes`);
    parts.push(part);
  }
  const only = parts.length === 1 ? parts[0] : undefined;
  return only ?? new Uint8Array(Buffer.concat(parts, length));
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : error;
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string')
    return inner.code;
  return inner instanceof Error ? inner.message : 'the connection failed';
}

/** Asks once. Throws 'relay-unreachable' or 'relay-broken', or the reason of the caller's own signal. */
export async function exchange(fetching: typeof fetch, ask: Ask): Promise<Answer> {
  const timeout = AbortSignal.timeout(ask.timeoutMs);
  const signal = ask.signal === undefined ? timeout : AbortSignal.any([timeout, ask.signal]);
  try {
    const response = await fetching(ask.url, {
      method: ask.method,
      headers: { accept: 'application/cbor', 'accept-encoding': 'identity', ...ask.headers },
      redirect: 'error',
      signal,
      ...(ask.body === undefined ? {} : { body: ask.body as Uint8Array<ArrayBuffer> }),
    });
    const maxBytes = response.ok ? ask.answerMaxBytes : REFUSAL_MAX_BYTES;
    return { status: response.status, body: await boundedBody(response, maxBytes) };
  } catch (error) {
    if (ask.signal?.aborted === true) throw ask.signal.reason;
    if (error instanceof Fault) throw error;
    if (timeout.aborted)
      throw unreachable(`no answer within ${ask.timeoutMs / 1000} seconds`, error);
    throw unreachable(causeOf(error), error);
  }
}

/** Takes an answer apart: the value, or the relay's refusal. */
export function readAnswer<T>(
  codec: Codec<T>,
  answer: Answer,
): Verdict<T, 'refused'> & { wire?: WireRefusal } {
  if (answer.status >= 200 && answer.status < 300) {
    const read = decode(codec, answer.body);
    if (!read.ok) throw broken(`a body that is ${read.reason}`);
    return accept(read.value);
  }
  const wire = decode(refusalCodec, answer.body);
  if (wire.ok) return { ...refuse('refused', { detail: wire.value.detail }), wire: wire.value };
  // Not a word of ours: a proxy that stands before a relay which is down, or no relay at all.
  if (answer.status >= 500) throw unreachable(`its front answered ${answer.status}`);
  throw broken(`status ${answer.status} without a refusal`);
}

/** A word this version knows, or 'refused'. */
export function refusalWord(wire: WireRefusal): RefusalWord {
  return REFUSALS.find((known) => known === wire.reason) ?? 'refused';
}
