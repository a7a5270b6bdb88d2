// Alarms: what an honest relay and honest members cannot cause. Each is kept from the transaction that met it, so that no
// crash and no other command can swallow it before a person was told.

import { fromUtf8, toHex, utf8, type Said } from '@parley/kernel';
import { alarmView, type AlarmCode, type AlarmView } from './alarm-sentences.ts';
import type { Vault } from './vault.ts';

const TOLD = 'alarms-told';

/** Kept as JSON: the vault is ours, and what is not readable there is shown as it stands. */
function readAlarm(value: Uint8Array): AlarmView {
  const text = new TextDecoder().decode(value);
  try {
    const { said, detail } = JSON.parse(text) as { said: Said<AlarmCode>; detail: string };
    return alarmView(said, detail);
  } catch {
    return { said: null, text, ofParty: false };
  }
}

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

  /** Within the caller's transaction, where there is one. `detail` is what the machine saw, in English. */
  add(said: Said<AlarmCode>, detail = ''): void {
    const kept = utf8(JSON.stringify({ said, detail }));
    this.#vault.putLine(this.#stream, this.#vault.lastLine(this.#stream) + 1, kept);
  }

  /** As `add`, unless the same stands there already. */
  addOnce(said: Said<AlarmCode>, detail = ''): void {
    const kept = JSON.stringify({ said, detail });
    for (const { value } of this.#vault.lines(this.#stream))
      if (new TextDecoder().decode(value) === kept) return;
    this.add(said, detail);
  }

  all(): AlarmView[] {
    return [...this.#vault.lines(this.#stream)].map(({ value }) => readAlarm(value));
  }

  /** Those that no command has told yet, oldest first. */
  untold(): AlarmView[] {
    const told = fromUtf8(this.#vault.get(TOLD, this.#room) ?? new Uint8Array(0));
    const from = told.ok ? Number(told.value) : 0;
    return [...this.#vault.lines(this.#stream, from)].map(({ value }) => readAlarm(value));
  }

  /** From now on only the log shows those there are. */
  told(): void {
    this.#vault.put(TOLD, this.#room, utf8(String(this.#vault.lastLine(this.#stream) + 1)));
  }
}
