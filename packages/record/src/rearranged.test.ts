// Any sequence of a record's entries, in any order, with any left out or told again, each whole or with one byte changed:
// the verifier names the first place at which it is not the record.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, decode, encode } from '@parley/kernel';
import { entryLeaf, type RecordEntry } from './entry.ts';
import { exportRecord, recordItemCodec, type RecordItem } from './export.ts';
import { frame, FrameReader, MAGIC } from './frames.ts';
import { EMPTY_TREE, appendLeaf, treeRoot } from './tree.ts';
import { verifyRecord } from './verify-record.ts';
import { crypto, joined, summit } from '../testing/rehearsed-room.ts';

const RUNS = process.env['SLOW'] === '1' ? 2_000 : 60;
const { room } = summit('rearranged');
const { entries } = room;

/** A file of these entries as a forger would write it: its header names their own root, its digest fits. */
async function fileOf(sequence: readonly RecordEntry[]): Promise<Uint8Array> {
  let tree = EMPTY_TREE;
  for (const { signed } of sequence) tree = appendLeaf(crypto, tree, entryLeaf(crypto, signed));
  const what = { room: room.room, size: sequence.length, root: treeRoot(crypto, tree) };
  const honest = await joined(
    exportRecord(crypto, entries, { ...what, size: entries.length, root: room.transcript.root }),
  );
  const frames = new FrameReader(honest);
  await frames.magic();
  const first = await frames.next();
  const header =
    first.ok && first.value !== undefined ? decode(recordItemCodec, first.value) : undefined;
  if (header?.ok !== true || header.value.kind !== 'header') throw new Error('a file has a header');
  const items: RecordItem[] = [
    { ...header.value, size: what.size, root: what.root },
    ...sequence.map((entry): RecordItem => ({ ...entry, kind: 'entry' })),
  ];
  const pieces = [MAGIC.record, ...items.map((item) => frame(encode(recordItemCodec, item)))];
  const digest = crypto.hash('sha256', concat(...pieces));
  const end = encode(recordItemCodec, { kind: 'end', digest, signature: null });
  return concat(...pieces, frame(end));
}

type Step = { readonly from: number; readonly flip: number | null };

function bent(entry: RecordEntry, flip: number): RecordEntry {
  const { opened, signed } = entry;
  if (opened === null) throw new Error('the rehearsed entries are opened');
  const parts = [signed.header, signed.signature, opened.salt, opened.body].map((part) =>
    part.slice(),
  );
  let at = flip % parts.reduce((sum, part) => sum + part.length, 0);
  for (const part of parts) {
    if (at >= 0 && at < part.length) part[at] = (part[at] ?? 0) ^ 1;
    at -= part.length;
  }
  const [header, signature, salt, body] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return { signed: { header, signature }, opened: { salt, body } };
}

test('the first place where a file is not the record is named, however often it was tampered with', async () => {
  // Mostly the right entry, or nothing would be tried far from the beginning.
  const step = (i: number): fc.Arbitrary<Step> =>
    fc.record({
      from: fc.oneof({ weight: 8, arbitrary: fc.constant(i) }, fc.nat(entries.length - 1)),
      flip: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, fc.nat(5_000)),
    });
  const sequence = fc
    .integer({ min: 1, max: entries.length })
    .chain((length) => fc.tuple(...Array.from({ length }, (_, i) => step(i))));
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const told = steps.map(({ flip, from }) => {
        const entry = entries[from] as RecordEntry;
        return flip === null ? entry : bent(entry, flip);
      });
      const wrong = steps.findIndex(({ flip, from }, i) => from !== i || flip !== null);
      const verdict = await verifyRecord(crypto, await fileOf(told));
      if (wrong >= 0) refused += 1;
      expect(verdict).toMatchObject(wrong < 0 ? { ok: true } : { ok: false, at: wrong });
    }),
    { numRuns: RUNS },
  );
  expect(refused).toBeGreaterThan(RUNS / 4);
});
