// Signatures checked ahead of whoever will ask for them: many at a time, on whatever cores there are.

import { toHex } from './bytes.ts';
import type { Crypto, SignatureName } from './ports.ts';

/** What `Crypto.verify` is asked. */
export type SignatureCheck = {
  readonly name: SignatureName;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

/** Where to look; what is found there is compared whole. */
const keyOf = (name: SignatureName, signature: Uint8Array): string =>
  `${name} ${toHex(signature.subarray(0, 16))}`;

/**
 * The same crypto, with the outcomes of these checks known. It answers from them only where scheme, key, message and
 * signature are byte for byte those that were checked; everything else it computes as ever. So whoever guesses wrong
 * what will be asked loses time and nothing more. It holds the checks for as long as it lives.
 */
export async function verifiedAhead(
  crypto: Crypto,
  checks: readonly SignatureCheck[],
): Promise<Crypto> {
  const outcomes = new Map<string, SignatureCheck & { readonly holds: boolean }>();
  await Promise.all(
    checks.map(async ({ name, ...asked }) => {
      // Copies: an outcome is of these bytes, whatever their owner writes over them later.
      const publicKey = asked.publicKey.slice();
      const message = asked.message.slice();
      const signature = asked.signature.slice();
      const holds = await crypto.verifyAside(name, publicKey, message, signature);
      outcomes.set(keyOf(name, signature), { name, publicKey, message, signature, holds });
    }),
  );
  return {
    ...crypto,
    verify(name, publicKey, message, signature) {
      const known = outcomes.get(keyOf(name, signature));
      const asked =
        known !== undefined &&
        crypto.equal(known.signature, signature) &&
        crypto.equal(known.message, message) &&
        crypto.equal(known.publicKey, publicKey);
      return asked ? known.holds : crypto.verify(name, publicKey, message, signature);
    },
  };
}
