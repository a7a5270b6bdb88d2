// HKDF (RFC 5869) over the port's HMAC.

import { concat } from './bytes.ts';
import { assert } from './fault.ts';
import type { Crypto, HashName } from './ports.ts';

export function hkdfExtract(
  crypto: Crypto,
  hash: HashName,
  input: { salt: Uint8Array; ikm: Uint8Array },
): Uint8Array {
  return crypto.hmac(hash, input.salt, input.ikm);
}

export function hkdfExpand(
  crypto: Crypto,
  hash: HashName,
  input: { prk: Uint8Array; info: Uint8Array; length: number },
): Uint8Array {
  const blocks: Uint8Array[] = [];
  let previous: Uint8Array = new Uint8Array(0);
  let made = 0;
  while (made < input.length) {
    assert(blocks.length < 255, 'HKDF output is at most 255 blocks');
    previous = crypto.hmac(
      hash,
      input.prk,
      concat(previous, input.info, Uint8Array.of(blocks.length + 1)),
    );
    blocks.push(previous);
    made += previous.length;
  }
  return concat(...blocks).slice(0, input.length);
}

/** Extract and expand in one call; an absent salt is a string of zeros, as the RFC says. */
export function hkdf(
  crypto: Crypto,
  hash: HashName,
  input: { ikm: Uint8Array; salt?: Uint8Array; info: Uint8Array; length: number },
): Uint8Array {
  const size = hash === 'sha512' ? 64 : hash === 'sha384' ? 48 : 32;
  const prk = hkdfExtract(crypto, hash, {
    salt: input.salt ?? new Uint8Array(size),
    ikm: input.ikm,
  });
  return hkdfExpand(crypto, hash, { prk, info: input.info, length: input.length });
}
