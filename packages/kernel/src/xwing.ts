// X-Wing: ML-KEM-768 with X25519 as one KEM (draft-connolly-cfrg-xwing-kem-06).

import { concat } from './bytes.ts';
import type { Crypto, Randomness } from './ports.ts';

const ML_KEM_PUBLIC = 1184;
const ML_KEM_CIPHERTEXT = 1088;
const X25519 = 32;
// The six characters \.//^\ of section 5.3.
const LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c);

export const XWING_PUBLIC_KEY_BYTES = ML_KEM_PUBLIC + X25519;
/** The secret key is the 32-byte seed everything else is expanded from. */
export const XWING_SECRET_KEY_BYTES = 32;
export const XWING_CIPHERTEXT_BYTES = ML_KEM_CIPHERTEXT + X25519;

export type XWingKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

function expand(crypto: Crypto, seed: Uint8Array): { mlKemSeed: Uint8Array; x25519: Uint8Array } {
  const expanded = crypto.shake256(seed, 96);
  return { mlKemSeed: expanded.subarray(0, 64), x25519: expanded.subarray(64) };
}

export function xwingFromSeed(crypto: Crypto, secretKey: Uint8Array): XWingKeyPair {
  const { mlKemSeed, x25519 } = expand(crypto, secretKey);
  return {
    publicKey: concat(crypto.mlKemPublicKey(mlKemSeed), crypto.dhPublicKey('x25519', x25519)),
    secretKey,
  };
}

export function generateXWing(crypto: Crypto, randomness: Randomness): XWingKeyPair {
  return xwingFromSeed(crypto, randomness.bytes(XWING_SECRET_KEY_BYTES));
}

function combine(
  crypto: Crypto,
  parts: { mlKem: Uint8Array; x25519: Uint8Array; ciphertext: Uint8Array; publicKey: Uint8Array },
): Uint8Array {
  return crypto.hash(
    'sha3-256',
    concat(parts.mlKem, parts.x25519, parts.ciphertext, parts.publicKey, LABEL),
  );
}

/** Undefined where the public key is not one. */
export function xwingEncapsulate(
  crypto: Crypto,
  publicKey: Uint8Array,
): { sharedSecret: Uint8Array; ciphertext: Uint8Array } | undefined {
  if (publicKey.length !== XWING_PUBLIC_KEY_BYTES) return undefined;
  const theirX25519 = publicKey.subarray(ML_KEM_PUBLIC);
  const lattice = crypto.mlKemEncapsulate(publicKey.subarray(0, ML_KEM_PUBLIC));
  if (lattice === undefined) return undefined;
  const classical = crypto.agreeOnce('x25519', theirX25519);
  if (classical === undefined) return undefined;
  const sharedSecret = combine(crypto, {
    mlKem: lattice.sharedSecret,
    x25519: classical.shared,
    ciphertext: classical.publicKey,
    publicKey: theirX25519,
  });
  return { sharedSecret, ciphertext: concat(lattice.ciphertext, classical.publicKey) };
}

/** Undefined where the ciphertext has the wrong length or a low-order point; a flipped one gives another secret. */
export function xwingDecapsulate(
  crypto: Crypto,
  secretKey: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  if (ciphertext.length !== XWING_CIPHERTEXT_BYTES) return undefined;
  const { mlKemSeed, x25519 } = expand(crypto, secretKey);
  const theirX25519 = ciphertext.subarray(ML_KEM_CIPHERTEXT);
  const lattice = crypto.mlKemDecapsulate(mlKemSeed, ciphertext.subarray(0, ML_KEM_CIPHERTEXT));
  const classical = crypto.dh('x25519', x25519, theirX25519);
  if (lattice === undefined || classical === undefined) return undefined;
  return combine(crypto, {
    mlKem: lattice,
    x25519: classical,
    ciphertext: theirX25519,
    publicKey: crypto.dhPublicKey('x25519', x25519),
  });
}
