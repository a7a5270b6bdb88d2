// Two words about one safe copy that differ are told, and nothing else is.

import { expect, test } from 'vitest';
import { crypto, joined, summit } from '../testing/rehearsed-room.ts';
import { copyDoubtSentence } from './copy-doubt.ts';
import { exportRecord } from './export.ts';
import type { BodyOf } from './kinds.ts';
import type { CopyDoubtReport } from './report.ts';
import { verifyRecord } from './verify-record.ts';

const DOCUMENT = 9;
const COPY = 10;

/** What a verifier doubts of the summit's record, once Lena has said these words about the document's copy as well. */
async function doubts(...said: Partial<BodyOf<'disarmed'>>[]): Promise<readonly CopyDoubtReport[]> {
  const { room, lena } = summit();
  const first: BodyOf<'disarmed'> = {
    kind: 'disarmed',
    document: room.leafAt(DOCUMENT),
    original: Uint8Array.from(crypto.hash('sha256', new TextEncoder().encode('draft'))),
    safe: Uint8Array.from(crypto.hash('sha256', new TextEncoder().encode('safe'))),
    policy: 'default/1',
    engine: 'parley-disarm 0.1.0',
    report: new Uint8Array(32),
    outcome: 'rebuilt',
  };
  for (const one of said) room.say(lena, { ...first, ...one });
  const { root, tree } = room.transcript;
  const of = { room: room.room, size: tree.size, root };
  const verdict = await verifyRecord(crypto, [
    await joined(exportRecord(crypto, room.entries, of)),
  ]);
  if (!verdict.ok) throw new Error(verdict.reason);
  return verdict.value.copyDoubts;
}

const other = new Uint8Array(32).fill(7);

test('the same copy again, or one by another policy or engine, is no doubt', async () => {
  expect(await doubts({})).toEqual([]);
  const apart = [{ policy: 'pixel/1' }, { engine: 'parley-disarm 0.2.0' }];
  expect(await doubts(...apart.map((one) => ({ ...one, safe: other })))).toEqual([]);
});

test('another copy by the same policy and engine is one, and so is a refusal where there was a copy', async () => {
  const found = await doubts({ safe: other }, { safe: null, outcome: 'refused' });
  expect(found).toMatchObject([
    { entry: 11, first: COPY },
    { entry: 12, first: COPY },
  ]);
  expect(copyDoubtSentence(found[0] ?? { entry: 0, first: 0 })).toContain(
    'entry 11 names another safe copy than entry 10',
  );
});

test('a copy of another file than the one that was sent is one, whatever its bytes', async () => {
  const [doubt] = await doubts({ original: other });
  expect(doubt).toMatchObject({ entry: 11, first: null });
  expect(copyDoubtSentence(doubt ?? { entry: 0, first: 0 })).toContain('another file');
});
