// The secret of the party's authority, where this desk holds it: in the first desk's identity, or recovered, or newer.

import { hybridSignerFromSecret, sameBytes, toHex, type HybridKeyPair } from '@parley/kernel';
import { fingerprint } from '@parley/record';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

const AUTHORITY = 'authority';
/** `next` is made before anything is signed with it, and becomes `current` when a room's record has it. */
type Which = 'current' | 'next';

function stored(context: Context, which: Which): HybridKeyPair | null {
  const secret = context.vault.get(AUTHORITY, which);
  return secret === undefined ? null : hybridSignerFromSecret(context.ports.crypto, secret);
}

/** The authority's key, or null where another desk of the party holds it. */
export function authorityKey(context: Context): HybridKeyPair | null {
  return stored(context, 'current') ?? context.identities.first.authority;
}

export function nextAuthorityKey(context: Context): HybridKeyPair | null {
  return stored(context, 'next');
}

export function keepAuthority(context: Context, which: Which, key: HybridKeyPair): void {
  context.vault.put(AUTHORITY, which, key.secretKey);
}

/** The new key takes the place of the old one, which is gone from this desk. */
export function promoteNextAuthority(context: Context): void {
  const next = stored(context, 'next');
  if (next === null) return;
  context.vault.transaction(() => {
    keepAuthority(context, 'current', next);
    context.vault.remove(AUTHORITY, 'next');
  });
}

export function isAuthority(context: Context, key: HybridKeyPair, party: Uint8Array): boolean {
  return sameBytes(fingerprint(context.ports.crypto, key.publicKey), party);
}

/** The authority's key, or a refusal that says who has it. */
export function requireAuthority(context: Context): HybridKeyPair {
  const key = authorityKey(context);
  if (key !== null) return key;
  throw noAuthorityHere(context);
}

export function noAuthorityHere(context: Context): DeskRefusal {
  return new DeskRefusal('policy', 'no-authority', {
    message:
      "This desk does not hold your party's authority key as it is now, which certifies devices.",
    next: 'do it at the desk that holds it (parley party show); if that is lost: parley party recovery ask',
    data: { device: toHex(context.identity.deviceId) },
  });
}
