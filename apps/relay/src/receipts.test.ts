// What a relay signs of one turn, and what it keeps in memory between requests.

import { expect, it } from 'vitest';
import { assert } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { checkReceipt, emptyHead, logId } from '@parley/post';
import { Receipts } from './receipts.ts';

const { crypto, randomness } = nativePorts;

it('a receipt that is kept keeps nothing else in memory', async () => {
  const receipts = new Receipts({ crypto, randomness }, crypto.generateSigner('ed25519'));
  const body = Buffer.concat([randomness.bytes(32), randomness.bytes(1000)]);
  const log = logId(body.subarray(0, 32));
  const at = { seq: 0, head: emptyHead(crypto, log), timeMs: 1 };
  expect(checkReceipt(crypto, await receipts.of(log, at))).toMatchObject({ ok: true });
  const kept = await receipts.of(log, at);
  expect(await receipts.of(log, at)).toBe(kept);
  for (const part of [kept.log, kept.head, kept.signature, ...kept.path])
    expect(part.buffer.byteLength).toBe(part.length);
});

it('a receipt that many ask for in one turn is signed once', async () => {
  const key = crypto.generateSigner('ed25519');
  let signed = 0;
  const counting: typeof crypto = {
    ...crypto,
    sign: (...claim) => (signed++, crypto.sign(...claim)),
  };
  const receipts = new Receipts({ crypto: counting, randomness }, key);
  const log = logId(randomness.bytes(32));
  const at = { seq: 0, head: emptyHead(crypto, log), timeMs: 1 };
  const made = await Promise.all(Array.from({ length: 7 }, () => receipts.of(log, at)));
  expect(signed).toBe(1);
  expect(new Set(made).size).toBe(1);
});

it('receipts of one turn are each genuine, and 32 of them share a signature where there are eight or more', async () => {
  const key = crypto.generateSigner('ed25519');
  for (const [asked, signatures] of [
    [1, 1],
    [7, 7],
    [8, 1],
    [32, 1],
    [39, 8],
    [80, 3],
  ] as const) {
    let signed = 0;
    const counting: typeof crypto = {
      ...crypto,
      sign: (...claim) => (signed++, crypto.sign(...claim)),
    };
    const receipts = new Receipts({ crypto: counting, randomness }, key);
    const logs = Array.from({ length: asked }, () => logId(randomness.bytes(32)));
    const made = await Promise.all(
      logs.map((log, n) => receipts.of(log, { seq: n, head: emptyHead(crypto, log), timeMs: n })),
    );
    expect(signed).toBe(signatures);
    for (const [n, receipt] of made.entries()) {
      const [log, other] = [logs[n], logs[n - 1]];
      assert(log !== undefined, 'one receipt a log');
      expect(receipt.seq).toBe(n);
      expect(checkReceipt(crypto, receipt, { relayKey: key.publicKey, log }).ok).toBe(true);
      // It is good for its own claim only, and at its own place only.
      const place = (receipt.place + 1) % 32;
      for (const changed of [{ seq: n + 1 }, { log: other ?? key.publicKey }, { place }])
        expect(checkReceipt(crypto, { ...receipt, ...changed })).toMatchObject({
          reason: 'forged',
        });
    }
  }
});
