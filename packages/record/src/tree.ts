// The record as an RFC 6962 Merkle tree: grow it leaf by leaf, prove a leaf, prove that one size continues another.
//
// A tree that only grows is held as its peaks: the roots of the perfect subtrees that make it up, largest first. That is
// at most 53 hashes whatever the size.

import { assert, bytes, leafHash as hashOfLeaf, list, nodeHash, sameBytes } from '@parley/kernel';
import { struct, uint, type Crypto, type Decoded } from '@parley/kernel';
import { DIGEST_BYTES, type LeafHash, type RootHash } from './digests.ts';

const PROOF_MAX_HASHES = 2 * 53;

/** `hashes` are the peaks, largest subtree first: one for each set bit of `size`. */
export const compactTreeCodec = struct({
  size: uint(),
  hashes: list(bytes({ exactly: DIGEST_BYTES }), 53),
});
export type CompactTree = Decoded<typeof compactTreeCodec>;

export const proofCodec = list(bytes({ exactly: DIGEST_BYTES }), PROOF_MAX_HASHES);
/** Hashes from the leaf towards the root (RFC 6962 section 2.1.1 and 2.1.2). */
export type Proof = readonly Uint8Array[];

export const EMPTY_TREE: CompactTree = { size: 0, hashes: [] };

/** SHA-256(0x00 || data). */
export function leafHash(crypto: Crypto, data: Uint8Array): LeafHash {
  return hashOfLeaf(crypto, data) as LeafHash;
}

/** The tree with one leaf more; the given one stays as it was. One hash on average. */
export function appendLeaf(crypto: Crypto, tree: CompactTree, leaf: Uint8Array): CompactTree {
  assert(leaf.length === DIGEST_BYTES, 'a leaf hash has 32 bytes');
  const hashes = tree.hashes.slice();
  let hash = leaf;
  for (let rest = tree.size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = hashes.pop();
    assert(left !== undefined, 'one peak for each set bit of the size');
    hash = nodeHash(crypto, left, hash);
  }
  hashes.push(hash);
  return { size: tree.size + 1, hashes };
}

/** The root; of the empty tree it is SHA-256 of nothing. */
export function treeRoot(crypto: Crypto, tree: CompactTree): RootHash {
  let root = tree.hashes.at(-1);
  if (root === undefined) return crypto.hash('sha256', new Uint8Array(0)) as RootHash;
  for (let i = tree.hashes.length - 2; i >= 0; i--) {
    root = nodeHash(crypto, tree.hashes[i] as Uint8Array, root);
  }
  return root as RootHash;
}

/** Whether the peaks are as many as the size asks for: true of every tree that `appendLeaf` made. */
export function isCompactTree(tree: CompactTree): boolean {
  let peaks = 0;
  for (let rest = tree.size; rest > 0; rest = Math.floor(rest / 2)) peaks += rest % 2;
  return peaks === tree.hashes.length;
}

/** The largest power of two below `size`, for sizes of at least two. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Where leaf hashes come from: an array's `at`, a column of a table. */
export type LeafSource = (index: number) => Uint8Array;

function subtree(crypto: Crypto, leaves: LeafSource, from: number, to: number): Uint8Array {
  let tree = EMPTY_TREE;
  for (let i = from; i < to; i++) tree = appendLeaf(crypto, tree, leaves(i));
  return treeRoot(crypto, tree);
}

/** Proves that the leaf at `index` is in the tree of `size` leaves. Reads every leaf once. */
export function inclusionProof(
  crypto: Crypto,
  leaves: LeafSource,
  at: { index: number; size: number },
): Proof {
  assert(at.index >= 0 && at.index < at.size, `no leaf ${at.index} in a tree of ${at.size}`);
  const proof: Uint8Array[] = [];
  let from = 0;
  let to = at.size;
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (at.index < middle) {
      proof.push(subtree(crypto, leaves, middle, to));
      to = middle;
    } else {
      proof.push(subtree(crypto, leaves, from, middle));
      from = middle;
    }
  }
  return proof.toReversed();
}

/** Proves that the tree of `from` leaves is the beginning of the tree of `to` leaves. Reads every leaf at most once. */
export function consistencyProof(
  crypto: Crypto,
  leaves: LeafSource,
  sizes: { from: number; to: number },
): Proof {
  assert(sizes.from > 0 && sizes.from <= sizes.to, `no proof from ${sizes.from} to ${sizes.to}`);
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = sizes.to;
  // The subtree [start, end) still holds the border; `whole` says that it began with the tree itself.
  let whole = true;
  while (sizes.from !== end) {
    const middle = start + split(end - start);
    if (sizes.from <= middle) {
      proof.push(subtree(crypto, leaves, middle, end));
      end = middle;
    } else {
      proof.push(subtree(crypto, leaves, start, middle));
      start = middle;
      whole = false;
    }
  }
  if (!whole) proof.push(subtree(crypto, leaves, start, end));
  return proof.toReversed();
}

/** Whether `proof` leads from the leaf at `index` to `root` in a tree of `size` leaves (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  crypto: Crypto,
  claim: { leaf: Uint8Array; index: number; size: number; root: Uint8Array },
  proof: Proof,
): boolean {
  if (!Number.isSafeInteger(claim.size) || !Number.isSafeInteger(claim.index)) return false;
  if (claim.index < 0 || claim.index >= claim.size) return false;
  if (claim.leaf.length !== DIGEST_BYTES || !proof.every((h) => h.length === DIGEST_BYTES)) {
    return false;
  }
  let position = claim.index;
  let last = claim.size - 1;
  let hash = claim.leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(crypto, sibling, hash);
      while (position % 2 === 0 && position > 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(crypto, hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(hash, claim.root);
}

/** A tree at two sizes, as two roots say. */
export type Growth = {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
};

/** Whether `proof` shows that the older tree is the beginning of the newer one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(crypto: Crypto, growth: Growth, proof: Proof): boolean {
  const { from, to } = growth;
  if (!Number.isSafeInteger(from.size) || !Number.isSafeInteger(to.size)) return false;
  // A proof from the empty tree would prove nothing, so there is none.
  if (from.size <= 0 || from.size > to.size) return false;
  if (!proof.every((h) => h.length === DIGEST_BYTES)) return false;
  if (from.size === to.size) return proof.length === 0 && sameBytes(from.root, to.root);
  let position = from.size - 1;
  let last = to.size - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  // A power of two is a whole subtree: its root starts both paths and is left out of the proof.
  const path = position === 0 ? [from.root, ...proof] : proof;
  const first = path[0];
  if (first === undefined || first.length !== DIGEST_BYTES) return false;
  let older = first;
  let newer = first;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      older = nodeHash(crypto, sibling, older);
      newer = nodeHash(crypto, sibling, newer);
      while (position % 2 === 0 && position > 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newer = nodeHash(crypto, newer, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(older, from.root) && sameBytes(newer, to.root);
}
