// What a feed takes from memory is what the store holds: without gaps, with the head that it leads to, and not for long.

import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { newLogId } from '@parley/post';
import { FreshEnvelopes } from './fresh-envelopes.ts';

const { randomness } = nativePorts;
const ALL = { maxEnvelopes: 100, maxBytes: 1000 };
const bytesOf = (seq: number): Uint8Array => new Uint8Array(10).fill(seq);
const headOf = (seq: number) => ({ seq, head: new Uint8Array(32).fill(seq), timeMs: seq });

function filled(seqs: readonly number[]): {
  fresh: FreshEnvelopes;
  log: ReturnType<typeof newLogId>;
} {
  const fresh = new FreshEnvelopes();
  const log = newLogId(randomness);
  for (const seq of seqs) fresh.keep(log, bytesOf(seq), headOf(seq));
  return { fresh, log };
}

it('answers what follows a number, or nothing where it does not have all of it', () => {
  const { fresh, log } = filled([5, 6, 7]);
  const page = (from: number, to: number) => ({
    envelopes: [5, 6, 7].slice(from - 5, to - 4).map((seq) => ({ seq, envelope: bytesOf(seq) })),
    head: headOf(7),
  });
  expect(fresh.after(log, 4, ALL)).toEqual(page(5, 7));
  expect(fresh.after(log, 6, ALL)).toEqual(page(7, 7));
  expect(fresh.after(log, 7, ALL)).toBeUndefined();
  expect(fresh.after(log, 3, ALL)).toBeUndefined();
  expect(fresh.after(newLogId(randomness), 4, ALL)).toBeUndefined();
  expect(fresh.after(log, 4, { ...ALL, maxEnvelopes: 2 })).toBeUndefined();
  expect(fresh.after(log, 4, { ...ALL, maxBytes: 29 })).toBeUndefined();
});

it('an answer that is given again takes nothing back, and a gap is never shown as none', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 20 }), (seqs) => {
      const { fresh, log } = filled(seqs);
      for (let after = 0; after <= 12; after++) {
        const page = fresh.after(log, after, ALL);
        if (page === undefined) continue;
        const got = page.envelopes.map(({ seq }) => seq);
        expect(got).toEqual(got.map((_, at) => after + 1 + at));
        expect(got.every((seq) => seqs.includes(seq))).toBe(true);
        expect(got.at(-1)).toBe(page.head.seq);
        expect(page.head.seq).toBe(Math.max(...seqs));
      }
    }),
  );
});

it('stays for the readers who are rung in the next turn, also where another group was committed before them', async () => {
  const { fresh, log } = filled([1]);
  const rung = turn().then(() => fresh.after(log, 0, ALL)?.head.seq);
  expect(await rung).toBe(1);
  // Kept after the end of its own turn was asked for, rung in the next.
  const later = filled([1]);
  const kept = turn().then(() => later.fresh.keep(later.log, bytesOf(2), headOf(2)));
  await kept;
  await turn();
  expect(later.fresh.after(later.log, 1, ALL)?.head.seq).toBe(2);
});

it('is gone when nothing more comes, and does not grow while a log does', async () => {
  const { fresh, log } = filled([1]);
  for (let seq = 2; seq <= 50; seq++) {
    fresh.keep(log, bytesOf(seq), headOf(seq));
    await turn();
  }
  expect(fresh.after(log, 0, ALL)).toBeUndefined();
  for (let n = 0; n < 4; n++) await turn();
  for (let after = 0; after < 50; after++) expect(fresh.after(log, after, ALL)).toBeUndefined();
});
