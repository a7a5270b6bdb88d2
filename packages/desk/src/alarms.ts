// Alarms: what an honest relay and honest members cannot cause. Each is kept from the transaction that met it, so that no
// crash and no other command can swallow it before a person was told.

import { fromUtf8, toHex, utf8 } from '@parley/kernel';
import type { Vault } from './vault.ts';

const TOLD = 'alarms-told';

/** Begins a sentence about what a party did within the rules, and that people must know: no evidence of tampering. */
export const PARTY_ALARM = 'PARTY: ';

export class Alarms {
  readonly #vault: Vault;
  readonly #room: string;

  constructor(vault: Vault, room: Uint8Array) {
    this.#vault = vault;
    this.#room = toHex(room);
  }

  get #stream(): string {
    return `alarms:${this.#room}`;
  }

  /** Within the caller's transaction, where there is one. */
  add(sentence: string): void {
    this.#vault.putLine(this.#stream, this.#vault.lastLine(this.#stream) + 1, utf8(sentence));
  }

  /** As `add`, unless the same sentence stands there already. */
  addOnce(sentence: string): void {
    for (const { value } of this.#vault.lines(this.#stream))
      if (new TextDecoder().decode(value) === sentence) return;
    this.add(sentence);
  }

  /** Those that no command has told yet, oldest first. */
  untold(): string[] {
    const told = fromUtf8(this.#vault.get(TOLD, this.#room) ?? new Uint8Array(0));
    const from = told.ok ? Number(told.value) : 0;
    return [...this.#vault.lines(this.#stream, from)].map(({ value }) =>
      new TextDecoder().decode(value),
    );
  }

  /** From now on only the log shows those there are. */
  told(): void {
    this.#vault.put(TOLD, this.#room, utf8(String(this.#vault.lastLine(this.#stream) + 1)));
  }
}
