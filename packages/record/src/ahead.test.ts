// Signatures checked ahead change how fast a record is read, never what is found in it.

import { expect, test } from 'vitest';
import type { Crypto } from '@parley/kernel';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import { readAhead, type ReadItem } from './ahead.ts';
import { encodeEntry, type RecordEntry } from './entry.ts';
import { judge } from './judge.ts';
import { emptyTranscript, type Transcript } from './transcript.ts';

const { room, kim, lena } = summit('ahead');
for (let n = 0; n < 40; n++) {
  const { entry } = room.draft(n % 3 === 0 ? lena : kim, { kind: 'text', text: `line ${n}` });
  room.add(entry);
}

type Found = { readonly size: number; readonly reason: string | undefined };

function judgedAlone(entries: readonly RecordEntry[]): Found {
  let transcript = emptyTranscript(crypto, room.room);
  for (const entry of entries) {
    const judged = judge(crypto, transcript, entry);
    if (!judged.ok) return { size: transcript.tree.size, reason: judged.reason };
    transcript = judged.value.transcript;
  }
  return { size: transcript.tree.size, reason: undefined };
}

async function judgedAhead(
  entries: readonly RecordEntry[],
): Promise<Found & { computed: number; taken: number }> {
  let computed = 0;
  const counting: Crypto = {
    ...crypto,
    verify(...asked) {
      computed++;
      return crypto.verify(...asked);
    },
  };
  let taken = 0;
  async function* source(): AsyncGenerator<ReadItem> {
    for (const entry of entries) {
      taken++;
      yield { encoded: encodeEntry(entry), entry };
    }
  }
  let transcript: Transcript = emptyTranscript(crypto, room.room);
  for await (const { item, crypto: knowing } of readAhead(counting, source(), () => transcript)) {
    if (item.entry === undefined) throw new Error('every item is an entry');
    const judged = judge(knowing, transcript, item.entry);
    const { size } = transcript.tree;
    if (!judged.ok) return { size, reason: judged.reason, computed, taken };
    transcript = judged.value.transcript;
  }
  return { size: transcript.tree.size, reason: undefined, computed, taken };
}

test('a record read ahead is judged whole, and most of its signatures were checked before', async () => {
  const { computed, taken, ...found } = await judgedAhead(room.entries);
  expect(found).toEqual(judgedAlone(room.entries));
  expect(found).toEqual({ size: room.entries.length, reason: undefined });
  expect(taken).toBe(room.entries.length);
  // Two for each entry of the first two stretches, and for certificates.
  expect(computed).toBeLessThan(room.entries.length);
});

test('a planted signature is refused at its entry, whichever half is wrong and wherever it stands', async () => {
  // In the first stretch, at both sides of two borders, and at the end; in Ed25519's half and in ML-DSA's.
  for (const at of [1, 3, 4, 27, 28, room.entries.length - 1]) {
    for (const byte of [63, 64]) {
      const entries = room.entries.map((entry, index): RecordEntry => {
        if (index !== at) return entry;
        const signature = entry.signed.signature.slice();
        signature[byte] = (signature[byte] ?? 0) ^ 1;
        return { ...entry, signed: { ...entry.signed, signature } };
      });
      const { computed: _, taken: __, ...found } = await judgedAhead(entries);
      expect(found).toEqual({ size: at, reason: 'bad-signature' });
      if (byte === 63) expect(found).toEqual(judgedAlone(entries));
    }
  }
});

test("another author's signature, checked ahead and good, does not count for this entry", async () => {
  const at = room.entries.length - 2;
  const entries = [...room.entries];
  const [before, here] = [entries[at - 1], entries[at]];
  if (before === undefined || here === undefined) throw new Error('the room has entries');
  entries[at] = { ...here, signed: { ...here.signed, signature: before.signed.signature } };
  expect(await judgedAhead(entries)).toMatchObject({ size: at, reason: 'bad-signature' });
});
