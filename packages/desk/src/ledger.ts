// The record of one room as this desk keeps it: every judged entry with the root after it, sealed in the vault.

import { Fault, decode, encode, struct, toHex, uint, type Decoded } from '@parley/kernel';
import { digest, recordEntryCodec, type RecordEntry, type RootHash } from '@parley/record';
import type { Vault } from './vault.ts';

const lineCodec = struct({
  /** The envelope's number in the relay's log; 0 for entries that came with the welcome. */
  seq: uint(),
  entry: recordEntryCodec,
  /** The root of the record that ends with this entry. */
  root: digest<RootHash>(),
});

export type LedgerLine = Decoded<typeof lineCodec>;

/** Entries are numbered from 0, as in the record. */
export class Ledger {
  readonly #vault: Vault;
  readonly #stream: string;

  constructor(vault: Vault, room: Uint8Array) {
    this.#vault = vault;
    this.#stream = `entries:${toHex(room)}`;
  }

  get size(): number {
    return this.#vault.lastLine(this.#stream) + 1;
  }

  append(index: number, line: { seq: number; entry: RecordEntry; root: RootHash }): void {
    this.#vault.putLine(this.#stream, index, encode(lineCodec, line));
  }

  #read(stored: Uint8Array): LedgerLine {
    const line = decode(lineCodec, stored);
    if (line.ok) return line.value;
    throw new Fault('vault-damaged', 'An entry in the vault cannot be read.', {
      nextAction: 'restore the vault from your backup',
    });
  }

  at(index: number): LedgerLine | undefined {
    const stored = this.#vault.lineAt(this.#stream, index);
    return stored === undefined ? undefined : this.#read(stored);
  }

  /** The root over the first `size` entries, or undefined where we have fewer. */
  rootAt(size: number): RootHash | undefined {
    return size === 0 ? undefined : this.at(size - 1)?.root;
  }

  *from(index: number, end = Infinity): Generator<LedgerLine & { readonly index: number }> {
    for (const { n, value } of this.#vault.lines(this.#stream, index, end)) {
      yield { index: n, ...this.#read(value) };
    }
  }
}
