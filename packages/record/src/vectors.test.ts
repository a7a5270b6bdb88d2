// The committed vectors, as any other implementation would run them.

import { expect, test } from 'vitest';
import { toHex, utf8 } from '@parley/kernel';
import { nativeCrypto as crypto } from '@parley/kernel/node';
import { casesOf, fromHexText, readVector, vectorFile } from '../testing/vector-cases.ts';
import {
  appendLeaf,
  checkCertificate,
  decodeBody,
  decodeCheckpoint,
  decodeEntry,
  EMPTY_TREE,
  encodeBody,
  encodeCheckpoint,
  entryLeaf,
  isStructuralKind,
  KNOWN_KINDS,
  leafHash,
  readHeader,
  treeRoot,
  verifyConsistency,
  verifyFile,
  verifyInclusion,
} from './index.ts';

const hex = fromHexText;
const cases = casesOf();

test('there are cases, and more of them are wrong than right', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(cases.filter(({ ok }) => !ok).length).toBeGreaterThan(cases.length / 2);
});

test.each(cases.map((one) => [`${one.base}: ${one.description}`, one] as const))(
  '%s',
  async (_, one) => {
    const { verdict } = await verifyFile(crypto, vectorFile(one));
    const { ok, reason, at } = one;
    const expected = {
      ok,
      ...(reason === undefined ? {} : { reason }),
      ...(at === undefined ? {} : { at }),
    };
    expect(verdict).toMatchObject(expected);
  },
);

test('every kind has a body that is of it and bodies that are not', () => {
  const bodies = JSON.parse(readVector('record/bodies.json')) as {
    kind: string;
    structural: boolean;
    valid: string;
    invalid: string[];
  }[];
  expect(bodies.map(({ kind }) => kind).toSorted()).toEqual([...KNOWN_KINDS].toSorted());
  for (const { kind, structural, valid, invalid } of bodies) {
    expect(isStructuralKind(kind), kind).toBe(structural);
    const read = decodeBody(kind, hex(valid));
    expect(read, kind).toMatchObject({ ok: true, value: { kind } });
    if (read.ok && read.value.kind !== 'unknown')
      expect(toHex(encodeBody(read.value)), kind).toBe(valid);
    // Where a kind decides nothing, what is not of it is carried; where it decides who may sign, it is refused.
    for (const one of invalid)
      expect(decodeBody(kind, hex(one)), kind).toMatchObject(
        structural ? { ok: false } : { ok: true, value: { kind: 'unknown' } },
      );
  }
});

test('the parts of a record have the published values', () => {
  const parts = JSON.parse(readVector('record/parts.json')) as {
    certificate: Record<'body' | 'signature' | 'device' | 'party', string>;
    entry: Record<'encoded' | 'header' | 'leaf' | 'bodyHash' | 'kind', string>;
    checkpoint: string;
  };
  const { certificate, entry } = parts;
  const signed = { body: hex(certificate.body), signature: hex(certificate.signature) };
  const checked = checkCertificate(crypto, signed);
  expect(checked.ok && toHex(checked.value.deviceId)).toBe(certificate.device);
  expect(checked.ok && toHex(checked.value.party)).toBe(certificate.party);

  const decoded = decodeEntry(hex(entry.encoded));
  if (!decoded.ok) throw new Error(decoded.reason);
  expect(toHex(decoded.value.signed.header)).toBe(entry.header);
  expect(toHex(entryLeaf(crypto, decoded.value.signed))).toBe(entry.leaf);
  const header = readHeader(decoded.value.signed);
  expect(header.ok && header.value.kind).toBe(entry.kind);
  expect(header.ok && toHex(header.value.body)).toBe(entry.bodyHash);

  const note = decodeCheckpoint(utf8(parts.checkpoint));
  expect(note.ok && encodeCheckpoint(note.value)).toEqual(utf8(parts.checkpoint));
});

test('the tree has the published roots and proofs', () => {
  const vectors = JSON.parse(readVector('merkle/tree.json')) as {
    roots: string[];
    inclusion: { index: number; size: number; proof: string[] }[];
    consistency: { from: number; to: number; proof: string[] }[];
  };
  const leaf = (i: number): Uint8Array => leafHash(crypto, utf8(`leaf ${i}`));
  const root = (size: number): Uint8Array => hex(vectors.roots[size] ?? '');
  let tree = EMPTY_TREE;
  for (const [size, expected] of vectors.roots.entries()) {
    expect(toHex(treeRoot(crypto, tree))).toBe(expected);
    tree = appendLeaf(crypto, tree, leaf(size));
  }
  for (const { index, size, proof } of vectors.inclusion) {
    const claim = { leaf: leaf(index), index, size, root: root(size) };
    expect(
      verifyInclusion(
        crypto,
        claim,
        proof.map((one) => hex(one)),
      ),
    ).toBe(true);
  }
  for (const { from, to, proof } of vectors.consistency) {
    const growth = { from: { size: from, root: root(from) }, to: { size: to, root: root(to) } };
    expect(
      verifyConsistency(
        crypto,
        growth,
        proof.map((one) => hex(one)),
      ),
    ).toBe(true);
  }
});
