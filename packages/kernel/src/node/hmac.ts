// HMAC (RFC 2104) from two hashes. Node's own makes a key object of every raw key first, which takes four times as long
// as both hashes together; a key schedule of MLS is hundreds of these.

import nodeCrypto from 'node:crypto';
import type { HashName } from '../ports.ts';

/** Bytes that a hash takes at a time: the length a key is padded to. */
const BLOCK_BYTES: Readonly<Record<HashName, number>> = {
  sha256: 64,
  sha384: 128,
  sha512: 128,
  'sha3-256': 136,
};

export function hmac(name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array {
  const block = BLOCK_BYTES[name];
  const short = key.length > block ? nodeCrypto.hash(name, key, 'buffer') : key;
  const inner = new Uint8Array(block + data.length);
  inner.set(short);
  for (let i = 0; i < block; i++) inner[i] = (inner[i] ?? 0) ^ 0x36;
  inner.set(data, block);
  const first = nodeCrypto.hash(name, inner, 'buffer');
  const outer = new Uint8Array(block + first.length);
  outer.set(short);
  for (let i = 0; i < block; i++) outer[i] = (outer[i] ?? 0) ^ 0x5c;
  outer.set(first, block);
  const mac = new Uint8Array(nodeCrypto.hash(name, outer, 'buffer'));
  // Both held the key.
  inner.fill(0);
  outer.fill(0);
  return mac;
}
