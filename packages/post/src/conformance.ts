// The tests that every store must pass. A store's own test file is a few lines: how to open it, twice, on the same data.

import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8, type Randomness } from '@parley/kernel';
import { nativeCrypto, nativePorts } from '@parley/kernel/node';
import { newCapability } from './capability.ts';
import { blobId, newLogId, newShelfId, type LogId } from './ids.ts';
import { GRANTS_MAX, SHELF_MAX_PACKAGES } from './limits.ts';
import { emptyHead, nextHead } from './receipt.ts';
import type { Store } from './store.ts';

/** One set of stored data for one test. */
export interface StoreUnderTest {
  /** Another handle on the same data, as another relay process would have. The suite closes it. */
  open(): Promise<Store>;
  /** Throws the data away. */
  destroy(): Promise<void>;
}

const RACERS = 8;
const SLOW = process.env['SLOW'] === '1';

/** Registers the suite. 100 epochs are raced, 10,000 under SLOW=1. */
export function storeConformance(what: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${what} keeps the store contract`, () => {
    const { randomness } = nativePorts;
    let data: StoreUnderTest;
    let store: Store;
    let others: Store[];

    beforeEach(async () => {
      data = await make();
      store = await data.open();
      others = [];
    });
    afterEach(async () => {
      for (const other of [store, ...others]) await other.close();
      await data.destroy();
    });

    const another = async (): Promise<Store> => {
      const other = await data.open();
      others.push(other);
      return other;
    };

    it('an empty log has the head that binds its name, and is made only once', async () => {
      const log = newLogId(randomness);
      const owner = newCapability(randomness);
      const made = await store.createLog(log, { owner, maxEntries: 10, nowMs: 1000 });
      expect(made).toEqual({
        ok: true,
        value: { seq: 0, head: emptyHead(nativeCrypto, log), timeMs: 1000 },
      });
      await append(store, log, 1);
      expect(await store.createLog(log, { owner, maxEntries: 10, nowMs: 2000 })).toEqual(made);
      const stranger = newCapability(randomness);
      expect(
        await store.createLog(log, { owner: stranger, maxEntries: 10, nowMs: 3000 }),
      ).toMatchObject({
        ok: false,
        reason: 'exists',
      });
      expect(await store.grantOf(log, owner.id)).toEqual({ ...owner, rights: 'owner' });
      expect(await store.grantOf(log, stranger.id)).toBeUndefined();
    });

    it('appends chain, and what was read is what was appended', async () => {
      const log = await freshLog(store, randomness);
      let head = emptyHead(nativeCrypto, log);
      for (let seq = 1; seq <= 20; seq++) {
        const envelope = envelopeOf(seq);
        head = nextHead(nativeCrypto, head, envelope);
        expect(await store.append(log, { expectedSeq: seq, envelope, nowMs: seq })).toEqual({
          ok: true,
          value: { seq, head, timeMs: seq },
        });
      }
      expect(await store.head(log)).toEqual({ ok: true, value: { seq: 20, head, timeMs: 20 } });
      const page = await store.read(log, { after: 5, maxEnvelopes: 1000, maxBytes: 1e9 });
      expect(page.ok && page.value.envelopes).toEqual(
        Array.from({ length: 15 }, (_, i) => ({ seq: i + 6, envelope: envelopeOf(i + 6) })),
      );
    });

    it('a wrong number changes nothing, and the same envelope sent again gets the same answer', async () => {
      const log = await freshLog(store, randomness);
      const first = await store.append(log, { expectedSeq: 1, envelope: envelopeOf(1), nowMs: 5 });
      for (const expectedSeq of [0, 3, 4_000_000])
        expect(
          await store.append(log, { expectedSeq, envelope: envelopeOf(1), nowMs: 6 }),
        ).toMatchObject({ ok: false, reason: 'conflict' });
      expect(
        await store.append(log, { expectedSeq: 1, envelope: envelopeOf(2), nowMs: 7 }),
      ).toMatchObject({
        ok: false,
        reason: 'conflict',
      });
      await append(store, log, 2);
      const again = await another();
      expect(
        await again.append(log, { expectedSeq: 1, envelope: envelopeOf(1), nowMs: 99 }),
      ).toEqual(first);
      expect(await again.head(log)).toMatchObject({ value: { seq: 2 } });
    });

    it('time within a log never runs backwards', async () => {
      const log = await freshLog(store, randomness);
      await store.append(log, { expectedSeq: 1, envelope: envelopeOf(1), nowMs: 5000 });
      expect(
        await store.append(log, { expectedSeq: 2, envelope: envelopeOf(2), nowMs: 10 }),
      ).toMatchObject({ value: { timeMs: 5000 } });
    });

    it(`of ${RACERS} racers through several handles exactly one wins each number`, async () => {
      const log = await freshLog(store, randomness);
      const handles = [store, await another(), await another()];
      const epochs = SLOW ? 10_000 : 100;
      for (let seq = 1; seq <= epochs; seq++) {
        const racers = Array.from({ length: RACERS }, (_, racer) =>
          utf8(`racer ${racer} of ${seq}`),
        );
        const results = await Promise.all(
          racers.map((envelope, racer) =>
            (handles[racer % handles.length] as Store).append(log, {
              expectedSeq: seq,
              envelope,
              nowMs: 1,
            }),
          ),
        );
        const winners = results.flatMap((result, racer) => (result.ok ? [racer] : []));
        expect(winners).toHaveLength(1);
        expect(results.filter((result) => !result.ok && result.reason === 'conflict')).toHaveLength(
          RACERS - 1,
        );
        const page = await store.read(log, { after: seq - 1, maxEnvelopes: 9, maxBytes: 1e6 });
        expect(page.ok && page.value.envelopes).toEqual([
          { seq, envelope: racers[winners[0] as number] },
        ]);
      }
    });

    it('a log takes no more than it may, and a log that is not there says so', async () => {
      const log = await freshLog(store, randomness, 2);
      await append(store, log, 1);
      await append(store, log, 2);
      expect(
        await store.append(log, { expectedSeq: 3, envelope: envelopeOf(3), nowMs: 1 }),
      ).toMatchObject({ ok: false, reason: 'full' });
      const unknown = newLogId(randomness);
      const none = { ok: false, reason: 'no-such-log' };
      expect(
        await store.append(unknown, { expectedSeq: 1, envelope: envelopeOf(1), nowMs: 1 }),
      ).toMatchObject(none);
      expect(await store.head(unknown)).toMatchObject(none);
      expect(await store.read(unknown, { after: 0, maxEnvelopes: 1, maxBytes: 1 })).toMatchObject(
        none,
      );
      expect(await store.revoke(unknown, newCapability(randomness).id)).toMatchObject(none);
    });

    it('a page keeps its limits but holds at least one envelope', async () => {
      const log = await freshLog(store, randomness);
      for (let seq = 1; seq <= 5; seq++)
        await store.append(log, {
          expectedSeq: seq,
          envelope: new Uint8Array(1000).fill(seq),
          nowMs: 1,
        });
      const seqs = async (maxEnvelopes: number, maxBytes: number): Promise<number[]> => {
        const page = await store.read(log, { after: 1, maxEnvelopes, maxBytes });
        return page.ok ? page.value.envelopes.map((found) => found.seq) : [];
      };
      expect(await seqs(2, 1e9)).toEqual([2, 3]);
      expect(await seqs(100, 2500)).toEqual([2, 3]);
      expect(await seqs(100, 1)).toEqual([2]);
      expect(await seqs(100, 1e9)).toEqual([2, 3, 4, 5]);
    });

    it('grants are given, replaced and taken, but never the last owner', async () => {
      const log = newLogId(randomness);
      const owner = newCapability(randomness);
      await store.createLog(log, { owner, maxEntries: 10, nowMs: 1 });
      const reader = newCapability(randomness);
      expect(await store.grant(log, { ...reader, rights: 'reader' })).toMatchObject({ ok: true });
      expect(await store.grantOf(log, reader.id)).toMatchObject({ rights: 'reader' });
      expect(await store.grant(log, { ...reader, rights: 'member' })).toMatchObject({ ok: true });
      const other = await another();
      expect(await other.grantOf(log, reader.id)).toMatchObject({ rights: 'member' });
      const last = { ok: false, reason: 'last-owner' };
      expect(await store.revoke(log, owner.id)).toMatchObject(last);
      expect(await store.grant(log, { ...owner, rights: 'member' })).toMatchObject(last);
      await store.grant(log, { ...reader, rights: 'owner' });
      // What another process takes away is gone here with the next question, though it was known a moment ago.
      expect(await store.grantOf(log, owner.id)).toMatchObject({ rights: 'owner' });
      expect(await other.revoke(log, owner.id)).toMatchObject({ ok: true });
      expect(await store.grantOf(log, owner.id)).toBeUndefined();
      expect(await store.revoke(log, owner.id)).toMatchObject({ ok: true });
      const elsewhere = await freshLog(store, randomness);
      expect(await store.grantOf(elsewhere, reader.id)).toBeUndefined();
    });

    it(`one log has at most ${GRANTS_MAX} grants`, async () => {
      const log = await freshLog(store, randomness);
      const rights = 'member' as const;
      const results = [];
      for (let some = 0; some < GRANTS_MAX; some += 512) {
        const count = Math.min(512, GRANTS_MAX - some);
        results.push(
          ...(await Promise.all(
            Array.from({ length: count }, () =>
              store.grant(log, { ...newCapability(randomness), rights }),
            ),
          )),
        );
      }
      expect(results.filter((result) => result.ok)).toHaveLength(GRANTS_MAX - 1);
      // Which of the grants asked for at once comes last is the store's affair.
      expect(results.filter((result) => !result.ok)).toMatchObject([{ reason: 'full' }]);
    });

    it('a package is handed out once, the oldest first', async () => {
      const log = await freshLog(store, randomness);
      const shelf = newShelfId(randomness);
      expect(await store.takePackage(log, shelf)).toMatchObject({ ok: false, reason: 'empty' });
      for (let n = 0; n < 10; n++)
        await store.putPackage(log, shelf, { sealed: envelopeOf(n), nowMs: n });
      expect(await store.takePackage(log, shelf)).toEqual({ ok: true, value: envelopeOf(0) });
      const other = await another();
      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? store : other).takePackage(log, shelf)),
      );
      const names = taken.flatMap((one) => (one.ok ? [String(one.value)] : []));
      expect(names).toHaveLength(9);
      expect(new Set(names).size).toBe(9);
    });

    it('a shelf is the own of one log and has room for so many', async () => {
      const log = await freshLog(store, randomness);
      const shelf = newShelfId(randomness);
      for (let n = 0; n < SHELF_MAX_PACKAGES; n++)
        expect(
          await store.putPackage(log, shelf, { sealed: envelopeOf(n), nowMs: n }),
        ).toMatchObject({ ok: true });
      const more = { sealed: utf8('another'), nowMs: 1 };
      expect(await store.putPackage(log, shelf, more)).toMatchObject({ ok: false, reason: 'full' });
      const elsewhere = await freshLog(store, randomness);
      expect(await store.takePackage(elsewhere, shelf)).toMatchObject({ reason: 'empty' });
      expect(await store.putPackage(elsewhere, shelf, more)).toMatchObject({ ok: true });
      expect(await store.takePackage(log, shelf)).toEqual({ ok: true, value: envelopeOf(0) });
    });

    it('blobs have a quota, an end, and an expiry that only moves on', async () => {
      const log = await freshLog(store, randomness);
      const blob = blobId(randomness.bytes(32));
      const signer = randomness.bytes(32);
      const terms = { chunks: 2, size: 1500, expiresMs: 1000, signer };
      const asked = { ...terms, signature: randomness.bytes(64), quotaBytes: 2000 };
      const row = { ...terms, signature: asked.signature, finished: false };
      const later = { ...asked, expiresMs: 2000, signature: randomness.bytes(64) };
      expect(await store.blob(log, blob)).toMatchObject({ ok: false, reason: 'no-such-blob' });
      expect(await store.declareBlob(log, blob, asked)).toEqual({ ok: true, value: row });
      expect(await store.declareBlob(log, blob, { ...later, expiresMs: 500 })).toEqual({
        ok: true,
        value: row,
      });
      expect(await store.declareBlob(log, blob, later)).toMatchObject({
        value: { expiresMs: 2000, signature: later.signature },
      });
      expect(await store.blob(log, blob)).toEqual({
        ok: true,
        value: { ...row, expiresMs: 2000, signature: later.signature },
      });
      const another = { ...later, expiresMs: 3000, signer: randomness.bytes(32) };
      expect(await store.declareBlob(log, blob, another)).toMatchObject({ reason: 'exists' });
      expect(await store.declareBlob(log, blob, { ...asked, size: 9 })).toMatchObject({
        reason: 'exists',
      });
      const second = blobId(randomness.bytes(32));
      expect(await store.declareBlob(log, second, asked)).toMatchObject({ reason: 'full' });
      expect(await store.finishBlob(log, blob)).toMatchObject({ value: { finished: true } });
      expect(await store.expiredBlobs(1999, 10)).toEqual([]);
      expect(await store.expiredBlobs(2000, 10)).toEqual([{ log, blob }]);
      expect(await store.dropBlob(log, blob, 1999)).toBe(false);
      expect(await store.dropBlob(log, blob, 2000)).toBe(true);
      expect(await store.declareBlob(log, second, asked)).toMatchObject({ ok: true });
    });

    it('everyone who watches hears of an append, whichever handle made it', async () => {
      const log = await freshLog(store, randomness);
      const other = await another();
      const deaf = new Set([store, other]);
      for (const listening of deaf) {
        const stop = listening.watch((rung, seq) => {
          if (String(rung) !== String(log) || seq < 1) return;
          stop();
          deaf.delete(listening);
        });
      }
      // Rings may be lost, above all before the listener is there: but not all of them, and not for long.
      for (let seq = 1; deaf.size > 0; seq++) {
        await append(store, log, seq);
        await new Promise((settle) => setTimeout(settle, 50));
      }
      expect(deaf.size).toBe(0);
    });

    it('what was acknowledged is there after closing and opening again', async () => {
      const log = await freshLog(store, randomness);
      await Promise.all([1, 2, 3].map((seq) => append(store, log, seq)));
      const before = await store.head(log);
      await store.close();
      store = await data.open();
      expect(await store.head(log)).toEqual(before);
      expect(await store.countLogs()).toBeGreaterThanOrEqual(1);
    });

    it('forgets a log whose time is over and one that never held anything, and no other', async () => {
      const owner = newCapability(randomness);
      const made = { owner, maxEntries: 10, nowMs: 1000 };
      const [kept, over, unused] = [1, 2, 3].map(() => newLogId(randomness)) as [
        LogId,
        LogId,
        LogId,
      ];
      await store.createLog(kept, made);
      await store.createLog(over, { ...made, expiresMs: 5000 });
      await store.createLog(unused, made);
      await append(store, kept, 1);
      await append(store, over, 1);
      const early = { nowMs: 4999, unusedSinceMs: 999 };
      const late = { nowMs: 5000, unusedSinceMs: 1000 };
      const mine = async (when: typeof early): Promise<LogId[]> =>
        (await store.expiredLogs(when, 1000)).filter((log) =>
          [kept, over, unused].some((one) => nativeCrypto.equal(one, log)),
        );
      expect(await mine(early)).toEqual([]);
      expect(await store.dropLog(over, early)).toBe(false);
      expect(await mine(late)).toHaveLength(2);
      expect(await store.dropLog(over, late)).toBe(true);
      expect(await store.dropLog(unused, late)).toBe(true);
      expect(await store.dropLog(kept, late)).toBe(false);
      for (const log of [over, unused]) {
        expect(await store.head(log)).toMatchObject({ reason: 'no-such-log' });
        expect(await store.grantOf(log, owner.id)).toBeUndefined();
      }
      expect(await store.head(kept)).toMatchObject({ value: { seq: 1 } });
      // The name is free again, for whoever comes.
      expect(await store.createLog(over, { ...made, nowMs: 9000 })).toMatchObject({ ok: true });
    });

    it('any order of appends to several logs gives what a list of lists would', async () => {
      const step = fc.record({
        log: fc.nat(2),
        ahead: fc.constantFrom(-1, 0, 0, 0, 1),
        size: fc.nat(300),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const logs = await Promise.all([0, 1, 2].map(() => freshLog(store, randomness)));
          const model: Uint8Array[][] = [[], [], []];
          await Promise.all(
            steps.map(async ({ log, ahead, size }, n) => {
              const kept = model[log] as Uint8Array[];
              const envelope = new Uint8Array(size + 2).fill(n);
              const appended = store.append(logs[log] as LogId, {
                expectedSeq: kept.length + 1 + ahead,
                envelope,
                nowMs: n,
              });
              if (ahead === 0) kept.push(envelope);
              expect((await appended).ok).toBe(ahead === 0);
            }),
          );
          for (const [n, log] of logs.entries()) {
            const page = await store.read(log, { after: 0, maxEnvelopes: 1000, maxBytes: 1e9 });
            expect(page.ok && page.value.envelopes.map((found) => found.envelope)).toEqual(
              model[n],
            );
          }
        }),
        { numRuns: SLOW ? 200 : 10 },
      );
    });
  });
}

function envelopeOf(n: number): Uint8Array {
  return utf8(`envelope ${n}`);
}

async function freshLog(
  store: Store,
  randomness: Randomness,
  maxEntries = 100_000,
): Promise<LogId> {
  const log = newLogId(randomness);
  await store.createLog(log, { owner: newCapability(randomness), maxEntries, nowMs: 0 });
  return log;
}

async function append(store: Store, log: LogId, seq: number): Promise<void> {
  const stored = await store.append(log, {
    expectedSeq: seq,
    envelope: envelopeOf(seq),
    nowMs: seq,
  });
  expect(stored).toMatchObject({ ok: true });
}
