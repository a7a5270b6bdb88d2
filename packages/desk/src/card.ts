// What a desk knows of one channel beside the room itself: where its log is, how far it was read, who may use it.

import {
  Fault,
  boolean,
  bytes,
  decode,
  encode,
  list,
  nullable,
  struct,
  text,
  uint,
  word,
  type Decoded,
} from '@parley/kernel';
import { receiptCodec } from '@parley/post';
import type { Vault } from './vault.ts';

export const STAGES = ['asking', 'open'] as const;

const capability = struct({ id: bytes({ exactly: 16 }), key: bytes({ exactly: 32 }) });

const cardCodec = struct({
  name: text(200),
  stage: word(STAGES),
  relay: text(300),
  relayKey: bytes({ exactly: 32 }),
  /** The room's name, which is its log's name on the relay; null until we are let in. */
  room: nullable(bytes({ exactly: 32 })),
  capability: nullable(capability),
  /** The last receipt that we hold: the log was at least this long, with this head. */
  receipt: nullable(receiptCodec),
  /** The secrets of an admission that we asked for. */
  joining: nullable(bytes({ max: 65_536 })),
  /** Invitations we gave out and that nobody was admitted by yet. */
  invitations: list(struct({ text: text(4096), expiresMs: uint() }), 64),
  frozen: nullable(text(500)),
  /** Entries below this number were shown to the person. */
  shown: uint(),
  /** Whether this desk signs that its person opened what came in. */
  receipts: boolean(),
});

export type Card = Decoded<typeof cardCodec>;

const COLLECTION = 'channel';

/** The cards of a vault, by the member's own name for the channel. */
export class Cards {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  get(name: string): Card | undefined {
    const stored = this.#vault.get(COLLECTION, name);
    return stored === undefined ? undefined : readCard(stored);
  }

  put(card: Card): void {
    this.#vault.put(COLLECTION, card.name, encode(cardCodec, card));
  }

  remove(name: string): void {
    this.#vault.remove(COLLECTION, name);
  }

  all(): Card[] {
    return this.#vault
      .list(COLLECTION)
      .map(readCard)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function readCard(stored: Uint8Array): Card {
  const card = decode(cardCodec, stored);
  if (card.ok) return card.value;
  throw new Fault('vault-damaged', 'A channel in the vault cannot be read.', {
    nextAction: 'restore the vault from your backup, or use the release of Parley that wrote it',
  });
}
