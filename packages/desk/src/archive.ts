// The sealed envelopes of a room as they went through the relay, sealed once more in the vault: what a relay that lost
// everything is rebuilt from. They tell nobody more than the record does: the keys that opened them are gone.

import {
  Fault,
  bytes,
  decode,
  encode,
  nullable,
  sameBytes,
  struct,
  toHex,
  utf8,
  type Crypto,
} from '@parley/kernel';
import {
  ENVELOPE_MAX_BYTES,
  PAGE_MAX_ENVELOPES,
  emptyHead,
  logId,
  nextHead,
  receiptCodec,
  type LogArchive,
  type LogPage,
  type Receipt,
  type RelayLog,
} from '@parley/post';
import type { Vault } from './vault.ts';

const lineCodec = struct({
  /** The head of the log before this envelope. */
  before: bytes({ exactly: 32 }),
  envelope: bytes({ max: ENVELOPE_MAX_BYTES }),
  receipt: nullable(receiptCodec),
});
type Line = { before: Uint8Array; envelope: Uint8Array; receipt: Receipt | null };

const DECLINED = 'archive-declined';
const WHOLE = 'archive-whole';

/** Lines are numbered as envelopes in the log: from 1. */
export class Archive implements LogArchive {
  readonly #vault: Vault;
  readonly #crypto: Crypto;
  readonly #room: Uint8Array;
  readonly #stream: string;

  constructor(vault: Vault, crypto: Crypto, room: Uint8Array) {
    this.#vault = vault;
    this.#crypto = crypto;
    this.#room = room;
    this.#stream = `envelopes:${toHex(room)}`;
  }

  /** Whether this desk keeps envelopes of the room. It does unless it was told not to. */
  get keeps(): boolean {
    return this.#vault.get(DECLINED, toHex(this.#room)) === undefined;
  }

  /** Stops or begins to keep them; what was kept is removed when it stops. */
  keep(on: boolean): void {
    const name = toHex(this.#room);
    this.#vault.transaction(() => {
      this.#vault.remove(WHOLE, name);
      if (on) return this.#vault.remove(DECLINED, name);
      this.#vault.put(DECLINED, name, utf8('declined'));
      for (let n = this.last; n > 0 && this.#vault.lineAt(this.#stream, n) !== undefined; n--)
        this.#vault.dropLine(this.#stream, n);
    });
  }

  get last(): number {
    return Math.max(0, this.#vault.lastLine(this.#stream));
  }

  /** Within a transaction of the caller. */
  put(seq: number, line: Line): void {
    if (this.keeps) this.#vault.putLine(this.#stream, seq, encode(lineCodec, line));
  }

  /** Keeps a page that continues `before`, with the receipt that it ends in. */
  putPage(before: Uint8Array, page: LogPage): void {
    if (!this.keeps || page.envelopes.length === 0) return;
    this.#vault.transaction(() => {
      let head = before;
      for (const { seq, envelope } of page.envelopes) {
        const receipt = seq === page.head.seq ? page.head : null;
        const present = this.#at(seq);
        if (present === undefined || (present.receipt === null && receipt !== null))
          this.put(seq, { before: head, envelope, receipt });
        head = nextHead(this.#crypto, head, envelope);
      }
    });
  }

  #at(seq: number): Line | undefined {
    const stored = this.#vault.lineAt(this.#stream, seq);
    if (stored === undefined) return undefined;
    const line = decode(lineCodec, stored);
    if (line.ok) return line.value;
    throw new Fault('vault-damaged', 'A kept envelope cannot be read from the vault.', {
      nextAction: 'restore the vault from your backup',
    });
  }

  *receipts(): Generator<Receipt> {
    for (let n = this.last; n > 0; n--) {
      const line = this.#at(n);
      if (line === undefined) return;
      if (line.receipt !== null) yield line.receipt;
    }
  }

  endingAt(
    last: number,
    limits: { maxEnvelopes: number; maxBytes: number },
  ): { before: Uint8Array; envelopes: Uint8Array[] } | undefined {
    const envelopes: Uint8Array[] = [];
    let bytesSoFar = 0;
    let before: Uint8Array | undefined;
    for (let n = last; n > 0 && envelopes.length < limits.maxEnvelopes; n--) {
      const line = this.#at(n);
      if (line === undefined) break;
      bytesSoFar += line.envelope.length;
      if (envelopes.length > 0 && bytesSoFar > limits.maxBytes) break;
      envelopes.unshift(line.envelope);
      before = line.before;
    }
    return before === undefined ? undefined : { before, envelopes };
  }

  /**
   * Fetches what was in the log before this desk joined: nothing here can read it, and together with it this desk alone
   * can bring the whole log back. `at` is where the room stands now. What does not lead there is not kept.
   */
  async fill(log: RelayLog, at: { seq: number; head: Uint8Array }): Promise<void> {
    const name = toHex(this.#room);
    if (!this.keeps || at.seq === 0 || this.#vault.get(WHOLE, name) !== undefined) return;
    let first = at.seq + 1;
    while (first > 1 && this.#vault.lineAt(this.#stream, first - 1) !== undefined) first--;
    const goal = this.#at(first)?.before ?? at.head;
    let head = emptyHead(this.#crypto, logId(this.#room));
    for (let after = 0; after < first - 1;) {
      const limit = Math.min(PAGE_MAX_ENVELOPES, first - 1 - after);
      const page = await log.read({ after, limit });
      const envelopes = page.ok ? page.value.envelopes.slice(0, limit) : [];
      if (envelopes.length === 0) return;
      const start = head;
      for (const { envelope } of envelopes) head = nextHead(this.#crypto, head, envelope);
      after += envelopes.length;
      if (after === first - 1 && !sameBytes(head, goal)) return;
      if (page.ok) this.putPage(start, { envelopes, head: page.value.head });
    }
    this.#vault.put(WHOLE, name, utf8('whole'));
  }
}
