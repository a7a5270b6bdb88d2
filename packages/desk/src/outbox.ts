// The outbox: acts that a person has decided and that the log does not hold yet, in order. An act leaves it in the same
// transaction in which its own envelope is taken in, so a crash can neither lose nor double it.

import { Fault, sameBytes, toHex } from '@parley/kernel';
import { decodeAct, encodeAct, type Act } from '@parley/channel';
import type { Vault } from './vault.ts';

export type Queued = { readonly n: number; readonly act: Act };

export class Outbox {
  readonly #vault: Vault;
  readonly #stream: string;

  constructor(vault: Vault, room: Uint8Array) {
    this.#vault = vault;
    this.#stream = `outbox:${toHex(room)}`;
  }

  /** Puts an act at the end. What a desk owes waits once; what a person says may be said twice. */
  add(act: Act): number {
    const encoded = encodeAct(act);
    if (act.kind !== 'text') {
      for (const { n, value } of this.#vault.lines(this.#stream))
        if (sameBytes(value, encoded)) return n;
    }
    const n = this.#vault.lastLine(this.#stream) + 1;
    this.#vault.putLine(this.#stream, n, encoded);
    return n;
  }

  all(): Queued[] {
    return [...this.#vault.lines(this.#stream)].map(({ n, value }) => ({ n, act: read(value) }));
  }

  has(n: number): boolean {
    return this.#vault.lineAt(this.#stream, n) !== undefined;
  }

  remove(n: number): void {
    this.#vault.dropLine(this.#stream, n);
  }

  /** Removes the first queued act that is this one. */
  done(act: Act): void {
    const encoded = encodeAct(act);
    for (const { n, value } of this.#vault.lines(this.#stream)) {
      if (!sameBytes(value, encoded)) continue;
      this.remove(n);
      return;
    }
  }
}

function read(stored: Uint8Array): Act {
  const act = decodeAct(stored);
  if (act.ok) return act.value;
  throw new Fault(
    'vault-damaged',
    'Something that waits to be sent cannot be read from the vault.',
    {
      nextAction: 'restore the vault from your backup',
    },
  );
}
