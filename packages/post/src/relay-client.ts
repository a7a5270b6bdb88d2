// The client of a relay: everything it answers is bounded, decoded strictly and, where it is a promise, checked by signature.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  accept,
  encode,
  refuse,
  sameBytes,
  toBase64Url,
  type Crypto,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { authorisation, type Capability } from './capability.ts';
import { narrow, type Call, type CommonRefusal, type Relay } from './call.ts';
import { broken, exchange, readAnswer, refusalWord } from './exchange.ts';
import { idInPath, type LogId, type ShelfId } from './ids.ts';
import { LOG_MAX_ENTRIES, PACKAGE_MAX_BYTES } from './limits.ts';
import { checkReceipt, receiptCodec, type Receipt } from './receipt.ts';
import { RelayLog } from './relay-log.ts';
import {
  CONTENT_TYPE,
  factsCodec,
  logRequestCodec,
  provesFacts,
  type RefusalWord,
  type RelayFacts,
  type WireRefusal,
} from './wire.ts';
import { rawBytes } from './raw.ts';
import { proveWork } from './work.ts';

export type RelayClientOptions = {
  /** `http(s)://host[:port][/prefix]` */
  readonly url: string;
  /** The relay's Ed25519 public key from the invitation. Without it the first signed answer is trusted and then held to. */
  readonly relayKey?: Uint8Array;
  /** What a relay that makes logs only for some gave its people. */
  readonly createToken?: string;
  readonly ports?: Ports;
  readonly timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 30_000;
/** Long enough for a slow upload, short enough that a captured header is soon worthless. */
const AUTHORISATION_MS = 120_000;
const BUSY_ATTEMPTS = 4;
const BUSY_WAIT_MAX_MS = 5_000;

/**
 * Talks to one relay. Refusals are verdicts; 'relay-unreachable' (retry) and 'relay-broken' are faults. A relay that
 * says 'busy' is asked again a few times, and a clock that differs from the relay's is allowed for.
 */
export class RelayClient implements Relay {
  readonly #base: string;
  readonly #ports: Ports;
  readonly #createToken: string | undefined;
  /** How long one call may take, apart from waiting that was asked for. */
  readonly timeoutMs: number;
  #relayKey: Uint8Array | undefined;
  #anonymousBase: string | undefined;
  #skewMs = 0;

  constructor(options: RelayClientOptions) {
    this.#base = options.url.replace(/\/+$/, '');
    this.#ports = options.ports ?? nativePorts;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#relayKey = options.relayKey;
    this.#createToken = options.createToken;
  }

  get crypto(): Crypto {
    return this.#ports.crypto;
  }

  get ports(): Ports {
    return this.#ports;
  }

  /** The key that this relay's receipts must verify under; undefined until the first signed answer. */
  get relayKey(): Uint8Array | undefined {
    return this.#relayKey;
  }

  /** Who the relay is, signed over a fresh nonce. Faults with 'relay-broken' if it is not the relay of the invitation. */
  async facts(): Promise<RelayFacts> {
    const nonce = this.#ports.randomness.bytes(32);
    const read = await this.call({
      method: 'GET',
      target: `/v1/relay?nonce=${toBase64Url(nonce)}`,
      answer: factsCodec,
      answerMaxBytes: 2048,
    });
    if (!read.ok) throw broken(`no facts, but '${read.reason}'`);
    const facts = read.value;
    if (!sameBytes(facts.nonce, nonce) || !provesFacts(this.crypto, facts))
      throw broken('facts that are not signed by the key they name');
    this.#hold(facts.relay);
    this.#anonymousBase = facts.anonymousUrl?.replace(/\/+$/, '');
    return facts;
  }

  /** Makes a log whose first owner is `owner`. The same call again is accepted again; a taken id is 'exists'. */
  async createLog(
    log: LogId,
    owner: Capability,
    options: { maxEntries?: number; expiresMs?: number } = {},
  ): Promise<Verdict<Receipt, 'exists' | 'full' | CommonRefusal>> {
    const { maxEntries = LOG_MAX_ENTRIES, expiresMs = null } = options;
    const made = await this.anonymously({
      method: 'POST',
      target: '/v1/logs',
      answer: receiptCodec,
      answerMaxBytes: 1024,
      body: [encode(logRequestCodec, { log, owner, maxEntries, expiresMs })],
      bodyType: CONTENT_TYPE,
      ...(this.#createToken === undefined
        ? {}
        : { headers: { authorization: `ParleyCreate ${this.#createToken}` } }),
    });
    if (!made.ok) return narrow(made, ['exists', 'full']);
    return accept(this.held(made.value, log));
  }

  /** The calls on one log by one capability. It sends nothing by itself. */
  log(log: LogId, capability: Capability): RelayLog {
    return new RelayLog(this, log, capability);
  }

  /** Takes one key package from a shelf, for good. */
  async takePackage(
    log: LogId,
    shelf: ShelfId,
  ): Promise<Verdict<Uint8Array, 'empty' | CommonRefusal>> {
    const taken = await this.anonymously({
      method: 'POST',
      target: `/v1/logs/${idInPath(log)}/shelves/${idInPath(shelf)}/take`,
      answer: rawBytes(PACKAGE_MAX_BYTES),
      answerMaxBytes: PACKAGE_MAX_BYTES,
    });
    return taken.ok ? taken : narrow(taken, ['empty']);
  }

  /** Checks a receipt against the relay's key and the log; faults with 'relay-broken' if it does not hold. */
  held(receipt: Receipt, log: LogId): Receipt {
    const relayKey = this.#relayKey;
    const checked = checkReceipt(this.crypto, receipt, {
      log,
      ...(relayKey === undefined ? {} : { relayKey }),
    });
    if (!checked.ok) throw broken(`a receipt that is ${checked.reason}`);
    this.#hold(receipt.relay);
    return receipt;
  }

  /** The URL and headers of a feed. */
  feedRequest(target: string, capability: Capability): { url: string; authorization: string } {
    return {
      url: this.#base.replace(/^http/, 'ws') + target,
      authorization: this.#authorise('GET', target, capability),
    };
  }

  /** Makes one call; see `Call`. Refusals keep the relay's word. */
  async call<T>(call: Call<T>): Promise<Verdict<T, RefusalWord> & { wire?: WireRefusal }> {
    return this.#attempt(call, this.#base);
  }

  async #attempt<T>(
    call: Call<T>,
    base: string,
  ): Promise<Verdict<T, RefusalWord> & { wire?: WireRefusal }> {
    let skewed = false;
    let work: { nonce: Uint8Array; bits: number } | undefined;
    for (let attempt = 1; ; attempt++) {
      const answer = await exchange({
        method: call.method,
        url: base + call.target,
        headers: {
          ...(call.body === undefined ? {} : { 'content-type': call.bodyType ?? CONTENT_TYPE }),
          ...(call.capability === undefined
            ? {}
            : { authorization: this.#authorise(call.method, call.target, call.capability) }),
          ...(work === undefined ? {} : { 'parley-work': toBase64Url(work.nonce) }),
          ...call.headers,
        },
        answerMaxBytes: call.answerMaxBytes,
        timeoutMs: call.timeoutMs ?? this.timeoutMs,
        ...(call.body === undefined ? {} : { body: call.body }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
      const read = readAnswer(call.answer, answer);
      if (read.ok || read.wire === undefined) return read;
      const wire = read.wire;
      const reason = refusalWord(wire);
      if (reason === 'clock' && !skewed && call.capability !== undefined) {
        // Our clock or the relay's is wrong. The relay judges by its own, so follow it, for this purpose only.
        this.#skewMs = wire.nowMs - this.#ports.clock.nowMs();
        skewed = true;
        continue;
      }
      if (reason === 'work-required' && attempt < BUSY_ATTEMPTS) {
        const proof = await proveWork(this.#ports, {
          method: call.method,
          target: call.target,
          bits: wire.workBits,
          nowMs: wire.nowMs,
        });
        if (proof === undefined) return { ...refuse('busy', { detail: wire.detail }), wire };
        work = { nonce: proof, bits: wire.workBits };
        continue;
      }
      if (reason === 'busy' && attempt < BUSY_ATTEMPTS && wire.retryAfterMs <= BUSY_WAIT_MAX_MS) {
        const waitMs = Math.max(50, wire.retryAfterMs);
        await sleep(waitMs, undefined, call.signal === undefined ? {} : { signal: call.signal });
        continue;
      }
      if (reason === 'malformed' || reason === 'not-found' || reason === 'clock')
        throw broken(`'${reason}' to a request of this version`);
      return { ...refuse(reason, { detail: wire.detail }), wire };
    }
  }

  /** Calls without a capability go to the relay's anonymous door, if it has named one. */
  async anonymously<T>(call: Call<T>): Promise<Verdict<T, RefusalWord>> {
    if (this.#relayKey === undefined || this.#anonymousBase === undefined) await this.facts();
    return this.#attempt(call, this.#anonymousBase ?? this.#base);
  }

  #authorise(method: string, target: string, capability: Capability): string {
    const expiresMs = Math.max(1, this.#ports.clock.nowMs() + this.#skewMs + AUTHORISATION_MS);
    return authorisation(this.crypto, capability, { method, target, expiresMs });
  }

  #hold(relayKey: Uint8Array): void {
    if (this.#relayKey !== undefined && !sameBytes(this.#relayKey, relayKey))
      throw broken('it is not the relay that the invitation names');
    this.#relayKey = relayKey;
  }
}
