// Receipts of one relay: those asked for in one turn of the event loop are signed together, and the newest of each busy log
// is kept, since its writer and all its readers ask for the same one.

import { type Crypto, type KeyPair, type Randomness } from '@parley/kernel';
import {
  encodeReceipt,
  signReceipts,
  type LogHead,
  type LogId,
  type Receipt,
  type ReceiptClaim,
} from '@parley/post';
import { keyOf } from './feeds.ts';

const RECENT_MAX = 20_000;

type Asked = { readonly claim: ReceiptClaim; readonly done: (receipt: Receipt) => void };
type Recent = { readonly seq: number; readonly receipt: Promise<Receipt> };

export class Receipts {
  readonly #ports: { readonly crypto: Crypto; readonly randomness: Randomness };
  readonly #key: KeyPair;
  readonly #recent = new Map<string, Recent>();
  #asked: Asked[] = [];

  constructor(ports: { readonly crypto: Crypto; readonly randomness: Randomness }, key: KeyPair) {
    this.#ports = ports;
    this.#key = key;
  }

  /** The receipt for what a log is by its store. A group commit ends in one turn, so its receipts share signatures. */
  async of(log: LogId, at: LogHead): Promise<Receipt> {
    const name = keyOf(log);
    const recent = this.#recent.get(name);
    // One that is still being signed is there already: a writer and its readers often ask in the same turn.
    if (recent !== undefined && recent.seq === at.seq) return recent.receipt;
    const receipt = this.#ask(log, at);
    if (recent === undefined || recent.seq < at.seq) this.#keep(name, { seq: at.seq, receipt });
    return receipt;
  }

  async #ask(log: LogId, { seq, head, timeMs }: LogHead): Promise<Receipt> {
    const receipt = await new Promise<Receipt>((done) => {
      // After everything else that this turn still does: whoever else has been answered by the store has asked by then.
      if (this.#asked.length === 0) process.nextTick(() => this.#sign());
      this.#asked.push({ claim: { relay: this.#key.publicKey, log, seq, head, timeMs }, done });
    });
    // What came from a request's body is a view of a block of 64 KiB, which would stay in memory with the receipt.
    return {
      ...receipt,
      log: new Uint8Array(receipt.log),
      head: new Uint8Array(receipt.head),
      signature: new Uint8Array(receipt.signature),
    };
  }

  #sign(): void {
    const asked = this.#asked;
    this.#asked = [];
    const claims = asked.map(({ claim }) => claim);
    const signed = signReceipts(this.#ports, this.#key.secretKey, claims);
    for (const [at, { done }] of asked.entries()) done(signed[at] as Receipt);
  }

  #keep(name: string, recent: Recent): void {
    this.#recent.delete(name);
    this.#recent.set(name, recent);
    if (this.#recent.size <= RECENT_MAX) return;
    const oldest = this.#recent.keys().next();
    if (oldest.done !== true) this.#recent.delete(oldest.value);
  }

  async encodedOf(log: LogId, at: LogHead): Promise<Buffer> {
    const encoded = encodeReceipt(await this.of(log, at));
    return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
  }
}
