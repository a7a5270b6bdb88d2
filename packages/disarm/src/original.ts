// An original: bytes as a stranger sent them. Nothing here opens them, and no viewer takes this type.

import { createHash } from 'node:crypto';

declare const original: unique symbol;

/** Quarantined bytes. Only `disarm` reads them. The name is what the sender claims; nothing is decided by it. */
export type Original = {
  readonly [original]: true;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly claimedName: string | undefined;
};

/** Takes strangers' bytes into quarantine. Never refuses: refusing is `disarm`'s task. */
export function quarantine(bytes: Uint8Array, claimedName?: string): Original {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, sha256, claimedName } as Original;
}
