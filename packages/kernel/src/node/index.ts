import nodeCrypto from 'node:crypto';
import type { Ports } from '../ports.ts';
import { nativeCrypto } from './native-crypto.ts';

export { makeDirectories } from './directories.ts';
export { missingAlgorithms, nativeCrypto } from './native-crypto.ts';
export { countOutsideMemoryWithHeap } from './outside-memory.ts';

/** The machine's clock, randomness and crypto. */
export const nativePorts: Ports = {
  clock: {
    nowMs: () => Date.now(),
    // By the machine's setting, or by TZ in the environment: TZ=UTC states nothing.
    zoneMinutes: () => -new Date().getTimezoneOffset(),
  },
  randomness: { bytes: (length) => Uint8Array.from(nodeCrypto.randomBytes(length)) },
  crypto: nativeCrypto,
};
