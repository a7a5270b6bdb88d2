// The tree against the published RFC 6962 vectors, and against the definition in the RFC's own words.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bytes as bytesCodec,
  concat,
  decode,
  encode,
  fullTree,
  list,
  nodeHash,
  rootAlong,
  toHex,
  utf8,
} from '@parley/kernel';
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
import { compactTreeCodec, isCompactTree, proofCodec } from './tree.ts';

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

test('a full tree is the same tree: root and paths, and a path leads to the root from its own place only', () => {
  for (const size of [1, 2, 4, 8, 32]) {
    const leaves = LEAVES.slice(0, size);
    const { root, paths } = fullTree(crypto, leaves);
    expect(toHex(root)).toBe(toHex(rootAt(size)));
    for (const [place, path] of paths.entries()) {
      expect(path).toEqual(inclusionProof(crypto, at, { index: place, size }));
      const led = Array.from({ length: size + 1 }, (_, other) => {
        const to = rootAlong(crypto, { hash: at(place), place: other }, path);
        return to !== undefined && toHex(to) === toHex(root);
      });
      expect(led).toEqual(led.map((_, other) => other === place));
    }
  }
  expect(() => fullTree(crypto, LEAVES.slice(0, 3))).toThrow('3 leaves fill no tree');
  expect(() => fullTree(crypto, [])).toThrow('0 leaves fill no tree');
  expect(rootAlong(crypto, { hash: at(0), place: 0 }, [new Uint8Array(31)])).toBeUndefined();
  expect(rootAlong(crypto, { hash: new Uint8Array(31), place: 0 }, [])).toBeUndefined();
});

test('sizes and indexes that are no whole numbers prove nothing', () => {
  const claim = { leaf: at(0), index: 0, size: 1, root: at(0) };
  expect(verifyInclusion(crypto, { ...claim, size: Number.NaN }, [])).toBe(false);
  expect(verifyInclusion(crypto, { ...claim, index: -1 }, [])).toBe(false);
  expect(verifyInclusion(crypto, { ...claim, index: 0.5 }, [])).toBe(false);
  const growth = { from: { size: 2, root: at(0) }, to: { size: 1, root: at(0) } };
  expect(verifyConsistency(crypto, growth, [])).toBe(false);
});

const anyHash = bytesCodec({ exactly: 32 });
const rootOver = (leaves: readonly Uint8Array[]): Uint8Array => {
  let tree: CompactTree = EMPTY_TREE;
  for (const leaf of leaves) tree = appendLeaf(crypto, tree, leaf);
  return treeRoot(crypto, tree);
};

test('of every small tree every proof holds, and none with a hash less, more or changed', () => {
  const leaves = leavesOf(17);
  const at = (i: number): Uint8Array => leaves[i] ?? new Uint8Array(0);
  const extra = new Uint8Array(32).fill(1);
  const spoiled = (proof: readonly Uint8Array[]): (readonly Uint8Array[])[] => [
    [...proof, extra],
    ...(proof.length === 0 ? [] : [proof.slice(1), proof.slice(0, -1)]),
    ...proof.map((_, i) => proof.map((hash, n) => (n === i ? extra : hash))),
  ];
  for (let size = 1; size <= 17; size++) {
    const root = rootOver(leaves.slice(0, size));
    for (let index = 0; index < size; index++) {
      const claim = { leaf: at(index), index, size, root };
      const proof = inclusionProof(crypto, at, { index, size });
      expect(verifyInclusion(crypto, claim, proof)).toBe(true);
      for (const bad of spoiled(proof)) expect(verifyInclusion(crypto, claim, bad)).toBe(false);
    }
    for (let from = 1; from <= size; from++) {
      const growth = {
        from: { size: from, root: rootOver(leaves.slice(0, from)) },
        to: { size, root },
      };
      const proof = consistencyProof(crypto, at, { from, to: size });
      expect(verifyConsistency(crypto, growth, proof)).toBe(true);
      for (const bad of spoiled(proof)) expect(verifyConsistency(crypto, growth, bad)).toBe(false);
    }
  }
});

test('a proof too long or too short holds nothing, even where its hashes add up', () => {
  const [leaf = new Uint8Array(0), extra = new Uint8Array(0)] = leavesOf(2);
  const alone = { leaf, index: 0, size: 1, root: nodeHash(crypto, extra, leaf) };
  expect(verifyInclusion(crypto, alone, [extra])).toBe(false);
  expect(verifyInclusion(crypto, { leaf, index: 0, size: 2, root: leaf }, [])).toBe(false);
  expect(verifyInclusion(crypto, { leaf, index: 1, size: 1, root: leaf }, [])).toBe(false);
  const whole = { size: 1, root: leaf };
  const grown = { size: 2, root: nodeHash(crypto, nodeHash(crypto, leaf, extra), extra) };
  expect(verifyConsistency(crypto, { from: whole, to: grown }, [extra, extra])).toBe(false);
  expect(verifyConsistency(crypto, { from: whole, to: { size: 2, root: leaf } }, [])).toBe(false);
  expect(
    verifyConsistency(crypto, { from: { ...whole, size: 3 }, to: { size: 5, root: leaf } }, []),
  ).toBe(false);
});

test('hashes of another length hold nothing: no node is made of anything but two hashes', () => {
  const short = new Uint8Array(31).fill(2);
  const [leaf = new Uint8Array(0)] = leavesOf(1);
  expect(verifyInclusion(crypto, { leaf: short, index: 0, size: 1, root: short }, [])).toBe(false);
  const root = nodeHash(crypto, leaf, short);
  expect(verifyInclusion(crypto, { leaf, index: 0, size: 2, root }, [short])).toBe(false);
  const from = { size: 1, root: leaf };
  expect(verifyConsistency(crypto, { from, to: { size: 2, root } }, [short])).toBe(false);
  const odd = { from: { size: 1, root: short }, to: { size: 1, root: short } };
  expect(verifyConsistency(crypto, { ...odd, to: { size: 2, root: short } }, [leaf])).toBe(false);
  expect(() => appendLeaf(crypto, EMPTY_TREE, short)).toThrow('a leaf hash has 32 bytes');
});

test('an empty tree proves nothing, and a tree proves itself only by no hashes at all', () => {
  const root = rootOver(leavesOf(3));
  const itself = { from: { size: 3, root }, to: { size: 3, root } };
  expect(verifyConsistency(crypto, itself, [])).toBe(true);
  expect(verifyConsistency(crypto, itself, [root])).toBe(false);
  const other = { ...itself, to: { size: 3, root: rootOver(leavesOf(4)) } };
  expect(verifyConsistency(crypto, other, [])).toBe(false);
  for (const size of [0, -1, 1.5]) {
    const same = { from: { size, root }, to: { size, root } };
    expect(verifyConsistency(crypto, same, [])).toBe(false);
  }
});

test('who asks for a proof that cannot be is told so, and so is who grows a tree that is none', () => {
  const at = (i: number): Uint8Array => leavesOf(4)[i] ?? new Uint8Array(0);
  for (const index of [-1, 4, 5])
    expect(() => inclusionProof(crypto, at, { index, size: 4 })).toThrow(
      `no leaf ${index} in a tree of 4`,
    );
  for (const [from, to] of [
    [0, 4],
    [-1, 4],
    [5, 4],
  ] as const)
    expect(() => consistencyProof(crypto, at, { from, to })).toThrow(
      `no proof from ${from} to ${to}`,
    );
  const none: CompactTree = { size: 1, hashes: [] };
  expect(() => appendLeaf(crypto, none, at(0))).toThrow('one peak for each set bit of the size');
  expect(isCompactTree(none)).toBe(false);
  expect(isCompactTree({ size: 1, hashes: [at(0)] })).toBe(true);
});

test('a proof as long as the largest tree asks for is read, and no longer one', () => {
  const hashes = (count: number): Uint8Array[] =>
    Array.from({ length: count }, () => new Uint8Array(32));
  const read = (count: number): boolean =>
    decode(proofCodec, encode(list(anyHash, 200), hashes(count))).ok;
  expect([read(106), read(107)]).toEqual([true, false]);
});

test('a stored tree and a proof hold hashes of 32 bytes and nothing else', () => {
  let tree = EMPTY_TREE;
  for (let i = 0; i < 7; i++) tree = appendLeaf(crypto, tree, leafHash(crypto, utf8(`leaf ${i}`)));
  const read = decode(compactTreeCodec, encode(compactTreeCodec, tree));
  expect(read).toEqual({ ok: true, value: tree });
  for (const length of [0, 31, 33]) {
    const hashes = encode(list(bytesCodec({ max: 33 }), 1), [new Uint8Array(length)]);
    expect(decode(proofCodec, hashes).ok).toBe(false);
    // The same list as the peaks of a tree of one leaf: they stand last.
    const stored = encode(compactTreeCodec, { ...EMPTY_TREE, size: 1 });
    expect(stored.at(-1)).toBe(0x80);
    expect(decode(compactTreeCodec, concat(stored.subarray(0, -1), hashes)).ok).toBe(false);
  }
  const good = encode(list(bytesCodec({ exactly: 32 }), 1), [new Uint8Array(32)]);
  expect(decode(proofCodec, good).ok).toBe(true);
});
