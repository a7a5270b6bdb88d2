// Hybrid signatures: Ed25519 and ML-DSA-65 (FIPS 204) over the same labelled message; both must verify.
//
// Evidence on the record has to hold for decades, so breaking either scheme alone must not be enough to forge it.

import { concat, utf8 } from './bytes.ts';
import type { Crypto, Randomness } from './ports.ts';
import type { SignatureCheck } from './verified-ahead.ts';

const ED25519_PUBLIC = 32;
const ED25519_SIGNATURE = 64;
const ML_DSA_PUBLIC = 1952;
const ML_DSA_SIGNATURE = 3309;

/** Bytes of a hybrid public key: Ed25519 first. */
export const HYBRID_PUBLIC_KEY_BYTES = ED25519_PUBLIC + ML_DSA_PUBLIC;
/** Bytes of a hybrid secret key: the two 32-byte seeds, Ed25519 first. */
export const HYBRID_SECRET_KEY_BYTES = 64;
export const HYBRID_SIGNATURE_BYTES = ED25519_SIGNATURE + ML_DSA_SIGNATURE;

export type HybridKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

export function generateHybridSigner(crypto: Crypto, randomness: Randomness): HybridKeyPair {
  return hybridSignerFromSecret(crypto, randomness.bytes(HYBRID_SECRET_KEY_BYTES));
}

export function hybridSignerFromSecret(crypto: Crypto, secretKey: Uint8Array): HybridKeyPair {
  const classical = crypto.signerFromSecret('ed25519', secretKey.subarray(0, 32));
  const lattice = crypto.signerFromSecret('ml-dsa-65', secretKey.subarray(32));
  return { publicKey: concat(classical.publicKey, lattice.publicKey), secretKey };
}

/** The bytes both schemes sign: the purpose keeps a signature made for one thing from counting for another. */
function labelled(purpose: string, message: Uint8Array): Uint8Array {
  return concat(utf8(`parley/v1/${purpose}\0`), message);
}

export function hybridSign(
  crypto: Crypto,
  key: { secretKey: Uint8Array; purpose: string },
  message: Uint8Array,
): Uint8Array {
  const signed = labelled(key.purpose, message);
  return concat(
    crypto.sign('ed25519', key.secretKey.subarray(0, 32), signed),
    crypto.sign('ml-dsa-65', key.secretKey.subarray(32), signed),
  );
}

/** What has to verify, both of it, for a hybrid signature to hold. Empty for wrong lengths: then it does not. */
export function hybridChecks(
  key: { publicKey: Uint8Array; purpose: string },
  message: Uint8Array,
  signature: Uint8Array,
): readonly SignatureCheck[] {
  if (key.publicKey.length !== HYBRID_PUBLIC_KEY_BYTES) return [];
  if (signature.length !== HYBRID_SIGNATURE_BYTES) return [];
  const signed = labelled(key.purpose, message);
  return [
    {
      name: 'ed25519',
      publicKey: key.publicKey.subarray(0, ED25519_PUBLIC),
      message: signed,
      signature: signature.subarray(0, ED25519_SIGNATURE),
    },
    {
      name: 'ml-dsa-65',
      publicKey: key.publicKey.subarray(ED25519_PUBLIC),
      message: signed,
      signature: signature.subarray(ED25519_SIGNATURE),
    },
  ];
}

/** True only if both halves verify. Wrong lengths are simply false. */
export function hybridVerify(
  crypto: Crypto,
  key: { publicKey: Uint8Array; purpose: string },
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const checks = hybridChecks(key, message, signature);
  return (
    checks.length > 0 &&
    checks.every((one) => crypto.verify(one.name, one.publicKey, one.message, one.signature))
  );
}
