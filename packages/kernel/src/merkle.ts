// Hashes of a Merkle tree (RFC 6962 section 2.1), and the small full trees by which one signature covers many statements.

import { assert } from './fault.ts';
import { concat } from './bytes.ts';
import type { Crypto } from './ports.ts';

const HASH_BYTES = 32;
const LEAF = Uint8Array.of(0);

/** SHA-256(0x00 || data). */
export function leafHash(crypto: Crypto, data: Uint8Array): Uint8Array {
  return crypto.hash('sha256', concat(LEAF, data));
}

// One buffer for all nodes: making a fresh one costs as much as the hash, and hashing is synchronous.
const node = new Uint8Array(1 + 2 * HASH_BYTES);
node[0] = 1;

/** SHA-256(0x01 || left || right). */
export function nodeHash(crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return crypto.hash('sha256', node);
}

/** A tree with a leaf at each of its 2^n places. `paths` are in the order of the leaves, each from the leaf upwards. */
export type FullTree = { readonly root: Uint8Array; readonly paths: readonly Uint8Array[][] };

/** The tree over so many leaf hashes; their number is a power of two. */
export function fullTree(crypto: Crypto, leaves: readonly Uint8Array[]): FullTree {
  assert(Math.log2(leaves.length) % 1 === 0, `${leaves.length} leaves fill no tree`);
  const paths: Uint8Array[][] = leaves.map(() => []);
  let level = leaves;
  for (let height = 0; level.length > 1; height++) {
    for (const [place, path] of paths.entries())
      path.push(level[(place >> height) ^ 1] as Uint8Array);
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2)
      above.push(nodeHash(crypto, level[i] as Uint8Array, level[i + 1] as Uint8Array));
    level = above;
  }
  return { root: level[0] as Uint8Array, paths };
}

/** The root to which a path leads from the leaf at a place; undefined where no full tree has such a place or path. */
export function rootAlong(
  crypto: Crypto,
  leaf: { readonly hash: Uint8Array; readonly place: number },
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (leaf.place >= 2 ** path.length || leaf.hash.length !== HASH_BYTES) return undefined;
  if (!path.every((sibling) => sibling.length === HASH_BYTES)) return undefined;
  let { hash, place } = leaf;
  for (const sibling of path) {
    hash = place % 2 === 1 ? nodeHash(crypto, sibling, hash) : nodeHash(crypto, hash, sibling);
    place = Math.floor(place / 2);
  }
  return hash;
}
