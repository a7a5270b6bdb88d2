// What a person has begun to write: sealed in the vault with everything else, until it is said or emptied.

import { decode, encode, struct, text, utf8 } from '@parley/kernel';
import { TEXT_MAX_BYTES } from '@parley/record';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

const COLLECTION = 'draft';
const draftCodec = struct({ text: text(TEXT_MAX_BYTES) });

export class Drafts {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The draft of a channel or room; empty where there is none. */
  read(name: string): string {
    const { room } = this.#context.openCard(name);
    const stored = this.#context.vault.get(COLLECTION, Buffer.from(room).toString('hex'));
    const draft = stored === undefined ? undefined : decode(draftCodec, stored);
    return draft?.ok === true ? draft.value.text : '';
  }

  /** Takes the place of the draft before; an empty text removes it. Refuses what could not be said either. */
  keep(name: string, written: string): void {
    const key = Buffer.from(this.#context.openCard(name).room).toString('hex');
    if (written === '') return this.#context.vault.remove(COLLECTION, key);
    if (!written.isWellFormed() || utf8(written).length > TEXT_MAX_BYTES) {
      throw new DeskRefusal('wrong-use', 'text-too-long', {
        message: `A message has 1 to ${TEXT_MAX_BYTES} bytes of text.`,
        next: 'send longer texts as a document',
      });
    }
    this.#context.vault.put(COLLECTION, key, encode(draftCodec, { text: written }));
  }
}
