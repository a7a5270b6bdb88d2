// One log on the relay, as one capability may use it: append, read, follow; who else may; its blobs and packages.

import { accept, encode, refuse, type Verdict } from '@parley/kernel';
import { narrow, type Call, type CommonRefusal, type Relay } from './call.ts';
import { provesTerms, signTerms, type BlobTerms } from './blob-terms.ts';
import type { Capability, Grant } from './capability.ts';
import { broken } from './exchange.ts';
import { Feed } from './feed.ts';
import { idInPath, type BlobId, type CapabilityId, type LogId, type ShelfId } from './ids.ts';
import {
  ENVELOPE_MAX_BYTES,
  PACKAGE_MAX_BYTES,
  PAGE_MAX_BYTES,
  PAGE_MAX_ENVELOPES,
  SEALED_CHUNK_MAX_BYTES,
  WAIT_MAX_MS,
} from './limits.ts';
import type { FileKey } from './sealing.ts';
import { lengthOf, type Pieces } from './pieces.ts';
import { nothing } from './raw.ts';
import { nextHead, receiptCodec, type Receipt } from './receipt.ts';
import {
  SEALED_TYPE,
  blobRequestCodec,
  blobStateCodec,
  grantCodec,
  pageCodec,
  type BlobState,
  type LogPage,
  type RefusalWord,
} from './wire.ts';

const PAGE_ANSWER_MAX_BYTES = 2 * PAGE_MAX_BYTES;
const SMALL_ANSWER_MAX_BYTES = 2048;
/** How long a feed may take to open before a reader polls. */
const FEED_SETTLES_MS = 1000;
/** Time for one chunk on a thin line: 1 MiB in four minutes is 35 kbit/s, a large one in eight is 70. */
const CHUNK_TIMEOUT_MS = 480_000;

export type ReadFrom = {
  readonly after: number;
  /**
   * The chained head at `after`, where the caller knows it. With it every page is proven to continue that history: a
   * relay that changed, dropped or reordered an envelope is 'relay-broken', not a surprise later.
   */
  readonly afterHead?: Uint8Array;
  readonly limit?: number;
  /** How long the relay may wait for an envelope where there is none yet; at most 25 s. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
};

/** Made by `RelayClient.log`. Stateless: any number may stand for one log. */
export class RelayLog {
  readonly id: LogId;
  readonly client: Relay;
  readonly #capability: Capability;

  constructor(client: Relay, id: LogId, capability: Capability) {
    this.client = client;
    this.id = id;
    this.#capability = capability;
  }

  #target(path: string): string {
    return `/v1/logs/${idInPath(this.id)}${path}`;
  }

  #call<T>(
    asked: `${Call<T>['method']} ${string}`,
    call: Omit<Call<T>, 'method' | 'target' | 'capability'>,
  ): Promise<Verdict<T, RefusalWord>> {
    const space = asked.indexOf(' ');
    return this.client.call({
      ...call,
      method: asked.slice(0, space) as Call<T>['method'],
      target: this.#target(asked.slice(space + 1)),
      capability: this.#capability,
    });
  }

  async #receipt(
    asked: `${'GET' | 'PUT'} ${string}`,
    body?: Uint8Array,
  ): Promise<Verdict<Receipt, RefusalWord>> {
    const answered = await this.#call(asked, {
      answer: receiptCodec,
      answerMaxBytes: SMALL_ANSWER_MAX_BYTES,
      ...(body === undefined ? {} : { body: [body], bodyType: SEALED_TYPE }),
    });
    return answered.ok ? accept(this.client.held(answered.value, this.id)) : answered;
  }

  /**
   * Compare and append: accepted only if `expectedSeq` is the next number. Sending the same envelope at the same number
   * again gives the same receipt, so a caller that lost the answer simply sends it again.
   */
  async append(entry: {
    expectedSeq: number;
    envelope: Uint8Array;
  }): Promise<Verdict<Receipt, 'conflict' | 'too-large' | 'full' | CommonRefusal>> {
    if (entry.envelope.length > ENVELOPE_MAX_BYTES) return refuse('too-large');
    const stored = await this.#receipt(`PUT /${entry.expectedSeq}`, entry.envelope);
    if (!stored.ok) return narrow(stored, ['conflict', 'too-large', 'full']);
    if (stored.value.seq !== entry.expectedSeq) throw broken('a receipt for another place');
    return stored;
  }

  /** Where the log stands, by a signed receipt; seq 0 for an empty log. */
  async head(): Promise<Verdict<Receipt, CommonRefusal>> {
    const head = await this.#receipt('GET /head');
    return head.ok ? head : narrow(head, []);
  }

  /** A page of envelopes: numbers without gaps from `after` + 1, at least one if there is one. */
  async read(from: ReadFrom): Promise<Verdict<LogPage, CommonRefusal>> {
    const limit = Math.min(from.limit ?? PAGE_MAX_ENVELOPES, PAGE_MAX_ENVELOPES);
    const waitMs = Math.min(from.waitMs ?? 0, WAIT_MAX_MS);
    const answered = await this.#call(
      `GET ?after=${from.after}&limit=${limit}&wait=${Math.round(waitMs)}`,
      {
        answer: pageCodec,
        answerMaxBytes: PAGE_ANSWER_MAX_BYTES,
        timeoutMs: this.client.timeoutMs + waitMs,
        ...(from.signal === undefined ? {} : { signal: from.signal }),
      },
    );
    if (!answered.ok) return narrow(answered, []);
    this.#checkPage(answered.value, from);
    return answered;
  }

  #checkPage(page: LogPage, from: ReadFrom): void {
    this.client.held(page.head, this.id);
    let seq = from.after;
    let head = from.afterHead;
    for (const envelope of page.envelopes) {
      if (envelope.seq !== ++seq) throw broken('a page with a gap');
      if (head !== undefined) head = nextHead(this.client.crypto, head, envelope.envelope);
    }
    if (seq > page.head.seq && page.envelopes.length > 0)
      throw broken('envelopes beyond the head it signed');
    if (page.envelopes.length === 0 && page.head.seq > from.after)
      throw broken('an empty page before the head it signed');
    if (head === undefined || seq !== page.head.seq) return;
    if (head.some((byte, at) => byte !== page.head.head[at]))
      throw broken('envelopes that do not lead to the head it signed');
  }

  /**
   * Every envelope after a number, as it comes: on a feed, by long polling where that fails. Ends with the first refusal;
   * throws as `read` does. Stop it with `signal` or by leaving the loop.
   */
  async *follow(from: {
    after: number;
    signal?: AbortSignal;
  }): AsyncGenerator<Verdict<LogPage, CommonRefusal>, void> {
    const { signal } = from;
    const target = this.#target(`/feed?after=${from.after}`);
    const feed = new Feed(this.client.feedRequest(target, this.#capability), signal);
    let { after } = from;
    try {
      await feed.settled(FEED_SETTLES_MS);
      while (from.signal?.aborted !== true) {
        const fed = feed.live ? await feed.next() : undefined;
        const page =
          fed === undefined ? await this.#polled(after, feed, signal) : this.#fed(fed, after);
        if (!page.ok) {
          yield page;
          return;
        }
        const last = page.value.envelopes.at(-1);
        if (last === undefined) continue;
        after = last.seq;
        yield page;
      }
    } finally {
      feed.close();
    }
  }

  async #polled(
    after: number,
    feed: Feed,
    signal: AbortSignal | undefined,
  ): ReturnType<RelayLog['read']> {
    const waitMs = feed.live ? 0 : feed.closed ? WAIT_MAX_MS : FEED_SETTLES_MS;
    return this.read({ after, waitMs, ...(signal === undefined ? {} : { signal }) });
  }

  /** A page of the feed without what was polled meanwhile. */
  #fed(page: LogPage, after: number): Verdict<LogPage, never> {
    const first = page.envelopes[0]?.seq ?? 1;
    if (first > after + 1) throw broken('a feed with a gap');
    this.#checkPage(page, { after: first - 1 });
    return accept({ ...page, envelopes: page.envelopes.filter(({ seq }) => seq > after) });
  }

  /** Lets another capability use this log; only an owner may. The same id again replaces its key and rights. */
  async grant(grant: Grant): Promise<Verdict<null, 'full' | 'last-owner' | CommonRefusal>> {
    const granted = await this.#call(`PUT /grants/${idInPath(grant.id)}`, {
      answer: nothing,
      answerMaxBytes: 0,
      body: [encode(grantCodec, { key: grant.key, rights: grant.rights })],
    });
    return granted.ok ? granted : narrow(granted, ['full', 'last-owner']);
  }

  /** Takes a capability away; only an owner may, and not from the last owner. */
  async revoke(id: CapabilityId): Promise<Verdict<null, 'last-owner' | CommonRefusal>> {
    const revoked = await this.#call(`DELETE /grants/${idInPath(id)}`, {
      answer: nothing,
      answerMaxBytes: 0,
    });
    return revoked.ok ? revoked : narrow(revoked, ['last-owner']);
  }

  /** Reserves room for a blob until a time that the file's own key signs. Asked again alike, the time moves, never back. */
  async declareBlob(
    key: FileKey,
    terms: BlobTerms,
  ): Promise<Verdict<BlobState, 'full' | 'exists' | 'too-large' | CommonRefusal>> {
    const request = signTerms(this.client.crypto, { log: this.id, key }, terms);
    const declared = await this.#call(`PUT /blobs/${idInPath(key.blob)}`, {
      answer: blobStateCodec,
      answerMaxBytes: SMALL_ANSWER_MAX_BYTES,
      body: [encode(blobRequestCodec, request)],
    });
    return declared.ok
      ? this.#signed(key.blob, declared.value)
      : narrow(declared, ['full', 'exists', 'too-large']);
  }

  /** What the relay has of a blob: the way to resume. */
  async blobState(blob: BlobId): Promise<Verdict<BlobState, 'no-such-blob' | CommonRefusal>> {
    const state = await this.#call(`GET /blobs/${idInPath(blob)}`, {
      answer: blobStateCodec,
      answerMaxBytes: SMALL_ANSWER_MAX_BYTES,
    });
    return state.ok ? this.#signed(blob, state.value) : narrow(state, ['no-such-blob']);
  }

  /** The relay keeps a blob as long as a holder of the file said, or what it says of it is not true. */
  #signed(blob: BlobId, state: BlobState): Verdict<BlobState, never> {
    if (!provesTerms(this.client.crypto, { log: this.id, blob }, state))
      throw broken('a blob with an expiry that nobody signed');
    return accept(state);
  }

  /** Stores one sealed chunk. The same number again replaces it until the blob is finished, then it is 'exists'. */
  async putChunk(
    blob: BlobId,
    chunk: { number: number; sealed: Pieces; signal?: AbortSignal },
  ): Promise<Verdict<null, 'no-such-blob' | 'exists' | 'too-large' | 'full' | CommonRefusal>> {
    if (lengthOf(chunk.sealed) > SEALED_CHUNK_MAX_BYTES) return refuse('too-large');
    const stored = await this.#call(`PUT /blobs/${idInPath(blob)}/${chunk.number}`, {
      answer: nothing,
      answerMaxBytes: 0,
      body: chunk.sealed,
      bodyType: SEALED_TYPE,
      timeoutMs: CHUNK_TIMEOUT_MS,
      ...(chunk.signal === undefined ? {} : { signal: chunk.signal }),
    });
    return stored.ok ? stored : narrow(stored, ['no-such-blob', 'exists', 'too-large', 'full']);
  }

  /** One sealed chunk. With `waitMs` a chunk that is still on its way is waited for. */
  async getChunk(
    blob: BlobId,
    chunk: { number: number; waitMs?: number; signal?: AbortSignal },
  ): Promise<Verdict<Pieces, 'no-such-blob' | 'no-such-chunk' | CommonRefusal>> {
    const waitMs = Math.min(chunk.waitMs ?? 0, WAIT_MAX_MS);
    const got = await this.#call(
      `GET /blobs/${idInPath(blob)}/${chunk.number}?wait=${Math.round(waitMs)}`,
      {
        answer: (pieces: Pieces) => pieces,
        answerMaxBytes: SEALED_CHUNK_MAX_BYTES,
        timeoutMs: CHUNK_TIMEOUT_MS + waitMs,
        ...(chunk.signal === undefined ? {} : { signal: chunk.signal }),
      },
    );
    return got.ok ? got : narrow(got, ['no-such-blob', 'no-such-chunk']);
  }

  /** Says that all chunks are there; 'incomplete' if they are not. From then on nobody can change them. */
  async finishBlob(
    blob: BlobId,
  ): Promise<Verdict<BlobState, 'no-such-blob' | 'incomplete' | CommonRefusal>> {
    const finished = await this.#call(`POST /blobs/${idInPath(blob)}/finish`, {
      answer: blobStateCodec,
      answerMaxBytes: SMALL_ANSWER_MAX_BYTES,
    });
    return finished.ok ? finished : narrow(finished, ['no-such-blob', 'incomplete']);
  }

  /** Puts a key package on a shelf that belongs to this log. */
  async putPackage(
    shelf: ShelfId,
    sealed: Uint8Array,
  ): Promise<Verdict<null, 'full' | 'too-large' | CommonRefusal>> {
    if (sealed.length > PACKAGE_MAX_BYTES) return refuse('too-large');
    const put = await this.#call(`POST /shelves/${idInPath(shelf)}`, {
      answer: nothing,
      answerMaxBytes: 0,
      body: [sealed],
      bodyType: SEALED_TYPE,
    });
    return put.ok ? put : narrow(put, ['full', 'too-large']);
  }
}
