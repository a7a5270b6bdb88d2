// The tree against the published RFC 6962 vectors, and against the definition in the RFC's own words.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, toHex, utf8 } from '@parley/kernel';
import { nativeCrypto as crypto } from '@parley/kernel/node';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_TREE,
  inclusionProof,
  leafHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  type CompactTree,
} from './index.ts';
import { isCompactTree } from './tree.ts';

const VECTORS = join(import.meta.dirname, '../../../../shared/vectors/merkle/testdata');
const runs = { numRuns: process.env['SLOW'] === '1' ? 300 : 15 };

type InclusionCase = {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
};
type ConsistencyCase = {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
};

function cases(folder: string): { name: string; json: string }[] {
  return readdirSync(join(VECTORS, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .map((name) => ({ name, json: readFileSync(name, 'utf8') }));
}

const bytes = (base64: string | null): Uint8Array =>
  Uint8Array.from(Buffer.from(base64 ?? '', 'base64'));

test('all inclusion proofs are judged as their authors say', (context) => {
  if (!existsSync(VECTORS)) context.skip('../shared is missing');
  const all = cases('inclusion');
  for (const { name, json } of all) {
    const given = JSON.parse(json) as InclusionCase;
    const { leafIdx: index, treeSize: size } = given;
    const claim = { index, size, leaf: bytes(given.leafHash), root: bytes(given.root) };
    const held = verifyInclusion(
      crypto,
      claim,
      (given.proof ?? []).map((h) => bytes(h)),
    );
    expect(held, name).toBe(!given.wantErr);
  }
  expect(all.length).toBe(98);
});

test('all consistency proofs are judged as their authors say', (context) => {
  if (!existsSync(VECTORS)) context.skip('../shared is missing');
  const all = cases('consistency');
  for (const { name, json } of all) {
    const given = JSON.parse(json) as ConsistencyCase;
    const from = { size: given.size1, root: bytes(given.root1) };
    const to = { size: given.size2, root: bytes(given.root2) };
    const held = verifyConsistency(
      crypto,
      { from, to },
      (given.proof ?? []).map((h) => bytes(h)),
    );
    expect(held, name).toBe(!given.wantErr);
  }
  expect(all.length).toBe(98);
});

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(crypto, utf8(`leaf ${i}`)));

/** MTH of RFC 6962 section 2.1, word for word. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return crypto.hash('sha256', new Uint8Array(0));
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)].map((part) => rootByDefinition(part));
  return crypto.hash('sha256', concat(Uint8Array.of(1), left as Uint8Array, right as Uint8Array));
}

function grown(leaves: readonly Uint8Array[]): CompactTree {
  let tree = EMPTY_TREE;
  for (const leaf of leaves) tree = appendLeaf(crypto, tree, leaf);
  return tree;
}

const LEAVES = leavesOf(200);

test('a tree grown leaf by leaf has the root of the definition at every size', () => {
  for (let size = 0; size <= 70; size++) {
    const tree = grown(LEAVES.slice(0, size));
    expect(toHex(treeRoot(crypto, tree))).toBe(toHex(rootByDefinition(LEAVES.slice(0, size))));
    expect(isCompactTree(tree)).toBe(true);
  }
});

test('appending leaves the tree it was given as it was', () => {
  const tree = grown(LEAVES.slice(0, 7));
  const before = toHex(treeRoot(crypto, tree));
  appendLeaf(crypto, tree, LEAVES[7] as Uint8Array);
  expect(toHex(treeRoot(crypto, tree))).toBe(before);
});

const sizeAndIndex = fc
  .integer({ min: 1, max: LEAVES.length })
  .chain((size) =>
    fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }),
  );
const at = (index: number): Uint8Array => LEAVES[index] as Uint8Array;
const rootAt = (size: number): Uint8Array => treeRoot(crypto, grown(LEAVES.slice(0, size)));

test('a leaf is proven at its own index and at no other', () => {
  fc.assert(
    fc.property(sizeAndIndex, fc.nat(LEAVES.length - 1), ({ size, index }, other) => {
      const proof = inclusionProof(crypto, at, { index, size });
      const claim = { leaf: at(index), index, size, root: rootAt(size) };
      expect(verifyInclusion(crypto, claim, proof)).toBe(true);
      if (other !== index) {
        expect(verifyInclusion(crypto, { ...claim, index: other }, proof)).toBe(false);
        expect(verifyInclusion(crypto, { ...claim, leaf: at(other) }, proof)).toBe(false);
      }
      expect(verifyInclusion(crypto, claim, [...proof, at(0)])).toBe(false);
      expect(verifyInclusion(crypto, claim, proof.slice(1))).toBe(proof.length === 0);
    }),
    runs,
  );
});

test('an older size is proven to be the beginning of a newer one, and of no other tree', () => {
  fc.assert(
    fc.property(sizeAndIndex, fc.nat(255), ({ size, index }, flip) => {
      const from = { size: index + 1, root: rootAt(index + 1) };
      const to = { size, root: rootAt(size) };
      const proof = consistencyProof(crypto, at, { from: from.size, to: size });
      expect(verifyConsistency(crypto, { from, to }, proof)).toBe(true);
      const root = from.root.slice();
      root[flip % 32] = (root[flip % 32] ?? 0) ^ 1;
      expect(verifyConsistency(crypto, { from: { ...from, root }, to }, proof)).toBe(false);
      expect(verifyConsistency(crypto, { from, to: { ...to, root } }, proof)).toBe(false);
      expect(verifyConsistency(crypto, { from, to }, [...proof, at(0)])).toBe(false);
    }),
    runs,
  );
});

test('sizes and indexes that are no whole numbers prove nothing', () => {
  const claim = { leaf: at(0), index: 0, size: 1, root: at(0) };
  expect(verifyInclusion(crypto, { ...claim, size: Number.NaN }, [])).toBe(false);
  expect(verifyInclusion(crypto, { ...claim, index: -1 }, [])).toBe(false);
  expect(verifyInclusion(crypto, { ...claim, index: 0.5 }, [])).toBe(false);
  const growth = { from: { size: 2, root: at(0) }, to: { size: 1, root: at(0) } };
  expect(verifyConsistency(crypto, growth, [])).toBe(false);
});
