// The committed vectors, as any other implementation would run them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { concat, toHex, utf8 } from '@parley/kernel';
import { nativeCrypto as crypto } from '@parley/kernel/node';
import {
  appendLeaf,
  checkCertificate,
  decodeCheckpoint,
  decodeEntry,
  EMPTY_TREE,
  encodeCheckpoint,
  entryLeaf,
  leafHash,
  readHeader,
  treeRoot,
  verifyConsistency,
  verifyFile,
  verifyInclusion,
} from './index.ts';

const FOLDER = join(import.meta.dirname, '../../../vectors');
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

type Edit = [number, number, string];
type Case = {
  description: string;
  base: string;
  edits: Edit[];
  ok: boolean;
  reason?: string;
  at?: number;
};

function edited(file: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [from, remove, insert] of edits) {
    parts.push(file.subarray(at, from), hex(insert));
    at = from + remove;
  }
  return concat(...parts, file.subarray(at));
}

const cases = JSON.parse(read('record/cases.json')) as Case[];

test('there are cases, and more of them are wrong than right', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(cases.filter(({ ok }) => !ok).length).toBeGreaterThan(cases.length / 2);
});

test.each(cases.map((one) => [`${one.base}: ${one.description}`, one] as const))(
  '%s',
  async (_, one) => {
    const base = hex(read(`record/${one.base}.hex`).replaceAll('\n', ''));
    const { verdict } = await verifyFile(crypto, edited(base, one.edits));
    const { ok, reason, at } = one;
    const expected = {
      ok,
      ...(reason === undefined ? {} : { reason }),
      ...(at === undefined ? {} : { at }),
    };
    expect(verdict).toMatchObject(expected);
  },
);

test('the parts of a record have the published values', () => {
  const parts = JSON.parse(read('record/parts.json')) as {
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
  const vectors = JSON.parse(read('merkle/tree.json')) as {
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
