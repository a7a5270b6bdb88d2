// What a search looks through in one room: entries do not change, so each is opened once while the client runs.

import { setImmediate as afterOthers } from 'node:timers/promises';
import type { Desk } from '@parley/desk';
import type { EntryView } from './wire.ts';

/** Entries opened before others of the page are answered: each takes a tenth of a millisecond and more. */
const AT_ONCE = 100;
/** UTF-16 units kept of one room: many thousands of long messages. What is beyond is opened for each search. */
const KEPT_MAX = 20_000_000;

export type KnownEntry = {
  readonly kind: string;
  readonly leaf: string;
  /** Undefined where the room has more than is kept. */
  readonly words: string | undefined;
  readonly isDocument: boolean;
};

const NOTHING: KnownEntry = { kind: '', leaf: '', words: '', isDocument: false };

export class RoomWords {
  readonly #desk: () => Desk;
  readonly #channel: string;
  readonly #wordsOf: (entry: EntryView) => string;
  #known: KnownEntry[] = [];
  #kept = 0;
  #learning: Promise<void> | undefined;

  constructor(desk: () => Desk, channel: string, wordsOf: (entry: EntryView) => string) {
    this.#desk = desk;
    this.#channel = channel;
    this.#wordsOf = wordsOf;
  }

  get size(): number {
    return this.#known.length;
  }

  /** An entry by its number; one that could not be read has no words. */
  at(index: number): KnownEntry & { readonly words: string } {
    const known = this.#known[index] ?? NOTHING;
    const { words } = known;
    if (words !== undefined) return { ...known, words };
    return {
      ...known,
      words: this.#stretch({ numbers: [index] })
        .entries.map(this.#wordsOf)
        .join(),
    };
  }

  /** Opens what came since the last time. Two that ask at once wait for the same work. */
  async learn(): Promise<void> {
    this.#learning ??= this.#learn().finally(() => {
      this.#learning = undefined;
    });
    return this.#learning;
  }

  async #learn(): Promise<void> {
    // After a restart the channel goes on in another record: nothing that was learned is of it.
    const [first] = this.#stretch({ numbers: [0] }).entries;
    if (first?.leaf !== this.#known[0]?.leaf) this.#forget();
    for (;;) {
      const from = this.#known.length;
      const { entries, size } = this.#stretch({ from, count: AT_ONCE });
      if (from >= size) return;
      const end = Math.min(size, from + AT_ONCE);
      for (let index = from; index < end; index++) this.#known.push(NOTHING);
      for (const view of entries) this.#keep(view);
      await afterOthers();
    }
  }

  #keep(view: EntryView): void {
    if (view.entry === null || view.leaf === null) return;
    const words = this.#wordsOf(view);
    const fits = this.#kept + words.length <= KEPT_MAX;
    if (fits) this.#kept += words.length;
    const { kind, leaf, document } = view;
    this.#known[view.entry] = {
      kind,
      leaf,
      words: fits ? words : undefined,
      isDocument: document !== undefined,
    };
  }

  #forget(): void {
    this.#known = [];
    this.#kept = 0;
  }

  #stretch(asked: { from: number; count: number } | { numbers: number[] }) {
    return this.#desk().span(this.#channel, asked);
  }
}
