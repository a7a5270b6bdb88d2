// The vault's door: a desk that is open already, one to be unlocked, or one to be set up. Each is done from the page.

import type { Ports } from '@parley/kernel';
import { Desk, DeskRefusal, PASSPHRASE_MIN_BYTES, type VaultOptions } from '@parley/desk';
import { PageRefusal } from './refusals.ts';
import type { AskedIn, DoorState } from './wire.ts';

const WRONG_MAX = 10;

/** A desk that stays its opener's to close, or the directory of one that the page shall open. */
export type Place = Desk | { readonly home: string };

export type Newcomer = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly passphrase: string;
};

export class Door {
  readonly #ports: Ports;
  readonly #place: Place;
  readonly #onOpen: (desk: Desk) => void;
  #desk: Desk | undefined;
  #wrong = 0;

  constructor(ports: Ports, place: Place, onOpen: (desk: Desk) => void) {
    this.#ports = ports;
    this.#place = place;
    this.#onOpen = onOpen;
    if (place instanceof Desk) this.#desk = place;
  }

  get state(): DoorState {
    if (this.#desk !== undefined) return 'open';
    return Desk.exists(this.#home()) ? 'locked' : 'new';
  }

  /** The open desk; refuses `desk-locked` before it is open. */
  get desk(): Desk {
    if (this.#desk !== undefined) return this.#desk;
    throw new PageRefusal(409, 'desk-locked', {
      message: 'The desk is not open yet.',
      next: 'give the passphrase of its vault',
    });
  }

  /**
   * Opens the vault; refuses a wrong passphrase, and after ten of them all. A device that was invited by its own party
   * first looks whether an officer has let it in.
   */
  async unlock(passphrase: string): Promise<void> {
    if (this.#desk !== undefined) return;
    if (this.#wrong >= WRONG_MAX) {
      throw new PageRefusal(403, 'confirmation-locked', {
        message: 'The wrong passphrase was given too often.',
        next: 'end "parley ui" in the terminal and start it again',
      });
    }
    this.#wrong++;
    const vault = { home: this.#home(), passphrase: keyed(passphrase) };
    const desk = await Desk.enter(this.#ports, vault).catch((error: unknown) => {
      // The passphrase was right where only an officer's act is missing.
      if (error instanceof DeskRefusal && error.nature === 'waiting') this.#wrong = 0;
      throw error;
    });
    this.#opened(desk);
    this.#wrong = 0;
  }

  /** Sets up this machine for one member; refuses where a vault is there already. */
  create({ passphrase, party, member, device }: Newcomer): void {
    const vault = this.#newVault(passphrase);
    this.#opened(Desk.create(this.#ports, vault, { party, member, label: device }));
  }

  /** Sets up this machine for a colleague or a further device, who was invited by an officer of the own party. */
  async createInvited(asked: {
    passphrase: string;
    invited: string;
    device: string;
  }): Promise<AskedIn> {
    const vault = this.#newVault(asked.passphrase);
    const label = asked.device;
    return Desk.createInvited(this.#ports, vault, { invited: asked.invited, label });
  }

  #newVault(passphrase: string): VaultOptions {
    if (this.state !== 'new') {
      throw new PageRefusal(409, 'vault-exists', { message: 'There is a vault here already.' });
    }
    const key = keyed(passphrase);
    if (key.length < PASSPHRASE_MIN_BYTES) {
      throw new PageRefusal(403, 'passphrase-too-short', {
        message: `A passphrase has at least ${PASSPHRASE_MIN_BYTES} characters; four random words are good.`,
        next: 'choose a longer one',
      });
    }
    return { home: this.#home(), passphrase: key };
  }

  /** Closes the desk if it was opened here. */
  close(): void {
    if (!(this.#place instanceof Desk)) this.#desk?.close();
  }

  #opened(desk: Desk): void {
    this.#desk = desk;
    this.#onOpen(desk);
  }

  #home(): string {
    if (this.#place instanceof Desk) throw new Error('bug: an open desk needs no door');
    return this.#place.home;
  }
}

/** The same bytes as a terminal would give for this passphrase. */
export function keyed(passphrase: string): Uint8Array {
  return new TextEncoder().encode(passphrase.normalize('NFKC'));
}
