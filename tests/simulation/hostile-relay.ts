// The relay as an enemy: it keeps as many histories as it likes and shows each device one of them.

import { concat, toHex } from '@parley/kernel';
import { sharedCrypto } from './cast.ts';

/** One history. Devices in it see these envelopes under these numbers. */
export type Branch = { readonly name: string; readonly envelopes: Uint8Array[] };

export class HostileRelay {
  readonly branches: Branch[];
  /** Which branch each device is shown, by its place in the cast. */
  readonly shown: Branch[];

  constructor(beginning: readonly Uint8Array[], devices: number) {
    const main: Branch = { name: 'main', envelopes: beginning.slice() };
    this.branches = [main];
    this.shown = Array.from({ length: devices }, () => main);
  }

  branchOf(device: number): Branch {
    return this.shown[device] as Branch;
  }

  /** Compare and append, in the history that the device is shown. */
  append(device: number, seq: number, envelope: Uint8Array): 'stored' | 'conflict' {
    const { envelopes } = this.branchOf(device);
    const there = envelopes[seq - 1];
    if (there !== undefined)
      return toHex(digest(there)) === toHex(digest(envelope)) ? 'stored' : 'conflict';
    if (seq !== envelopes.length + 1) return 'conflict';
    envelopes.push(envelope);
    return 'stored';
  }

  /** A new history that begins as the device's does, up to `length` envelopes. */
  fork(devices: readonly number[], from: Branch, length: number): Branch {
    const branch: Branch = {
      name: `branch ${this.branches.length}`,
      envelopes: from.envelopes.slice(0, length),
    };
    this.branches.push(branch);
    for (const device of devices) this.shown[device] = branch;
    return branch;
  }
}

export function digest(envelope: Uint8Array): Uint8Array {
  return sharedCrypto.hash('sha256', envelope);
}

/** An envelope with one bit changed. */
export function flipped(envelope: Uint8Array, bit: number): Uint8Array {
  const changed = concat(envelope);
  const at = (bit >> 3) % changed.length;
  changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
  return changed;
}
