// The certificates of this one device: its keys never change, but a party that changes its authority certifies them anew.
// A room knows the device by the certificate that was its newest when it came in.

import { assert, toHex, type Ports } from '@parley/kernel';
import { decodeIdentity, encodeIdentity, type Identity } from '@parley/channel';
import type { Vault } from './vault.ts';

const LATER = 'later-identity';

export class Identities {
  readonly #vault: Vault;
  /** The one that the desk was set up with; it alone may hold the authority that it was set up with. */
  readonly first: Identity;
  readonly #byDevice = new Map<string, Identity>();
  #newest: Identity;

  constructor(ports: Pick<Ports, 'crypto'>, vault: Vault, first: Identity) {
    this.#vault = vault;
    this.first = first;
    this.#newest = first;
    this.#byDevice.set(toHex(first.deviceId), first);
    for (const { value } of vault.lines(LATER)) {
      const read = decodeIdentity(ports, value);
      assert(read.ok, 'a certificate that was kept holds');
      this.#take(read.value);
    }
  }

  #take(identity: Identity): void {
    this.#newest = identity;
    this.#byDevice.set(toHex(identity.deviceId), identity);
  }

  /** By the authority that the party has now, as far as this desk knows. */
  get newest(): Identity {
    return this.#newest;
  }

  /** The one with this device id, in hexadecimal; undefined where it is another device. */
  of(deviceId: string): Identity | undefined {
    return this.#byDevice.get(deviceId);
  }

  /** The latest by this authority. */
  by(party: Uint8Array): Identity | undefined {
    const key = toHex(party);
    return [...this.#byDevice.values()].findLast((one) => toHex(one.party) === key);
  }

  all(): Identity[] {
    return [...this.#byDevice.values()];
  }

  /** Keeps a further certificate of the same keys: the newest from now on. One that is here already changes nothing. */
  keep(identity: Identity): void {
    if (this.of(toHex(identity.deviceId)) !== undefined) return;
    const later = { ...identity, authority: null };
    this.#vault.putLine(LATER, this.#vault.lastLine(LATER) + 1, encodeIdentity(later));
    this.#take(later);
  }
}
