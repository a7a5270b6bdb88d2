// Entries that a person keeps in sight: a list of this desk alone, sealed in the vault, said to nobody.

import { decode, encode, list, struct, toHex, uint } from '@parley/kernel';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

const COLLECTION = 'pinned';
/** More than this nobody keeps in sight. */
const PINS_MAX = 50;
const pinsCodec = struct({ entries: list(uint(), PINS_MAX) });

export class Pins {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The numbers of the pinned entries of a room, in the order of the record. */
  list(name: string): readonly number[] {
    const stored = this.#context.vault.get(COLLECTION, toHex(this.#context.openCard(name).room));
    const pins = stored === undefined ? undefined : decode(pinsCodec, stored);
    return pins?.ok === true ? pins.value.entries : [];
  }

  /** Pins or unpins one entry. Refuses what the record does not have, and more than fifty. */
  set(name: string, entry: number, pinned: boolean): void {
    const card = this.#context.openCard(name);
    const others = this.list(name).filter((one) => one !== entry);
    const { size } = this.#context.room(card).transcript.tree;
    if (pinned && entry >= size) {
      throw new DeskRefusal('wrong-use', 'no-such-entry', {
        message: `There is no entry ${entry} in this channel.`,
        next: `look at "parley log ${name}"`,
      });
    }
    if (pinned && others.length >= PINS_MAX) {
      throw new DeskRefusal('wrong-use', 'too-many-pins', {
        message: `At most ${PINS_MAX} entries of a room are pinned.`,
        next: `unpin another entry first: parley unpin ${name} ENTRY`,
      });
    }
    const entries = (pinned ? [...others, entry] : others).toSorted((a, b) => a - b);
    this.#context.vault.put(COLLECTION, toHex(card.room), encode(pinsCodec, { entries }));
  }
}
