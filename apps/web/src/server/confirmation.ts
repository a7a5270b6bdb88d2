// Grave acts ask for the passphrase again. It is checked in the client, against the vault, and a few wrong ones end it.

import type { Desk } from '@parley/desk';
import { keyed } from './door.ts';
import { PageRefusal } from './refusals.ts';

/** Wrong passphrases until the page cannot do grave acts any more in this run. */
const WRONG_MAX = 5;

export class Confirmation {
  readonly #desk: Desk;
  #wrong = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Refuses (`wrong-passphrase`, `confirmation-locked`) unless this opens the vault. */
  require(passphrase: string): void {
    if (this.#wrong >= WRONG_MAX) {
      throw new PageRefusal(403, 'confirmation-locked', {
        message: 'The wrong passphrase was given too often. Nothing was done.',
        next: 'end "parley ui" in the terminal and start it again',
      });
    }
    if (this.#desk.confirms(keyed(passphrase))) {
      this.#wrong = 0;
      return;
    }
    this.#wrong++;
    throw new PageRefusal(403, 'wrong-passphrase', {
      message: 'This passphrase does not open the vault. Nothing was done.',
      next: 'try again',
    });
  }
}
