// What a relay keeps in memory between requests.

import { expect, it } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { checkReceipt, emptyHead, logId } from '@parley/post';
import { Receipts } from './world.ts';

const { crypto, randomness } = nativePorts;

it('a receipt that is kept keeps nothing else in memory', () => {
  const receipts = new Receipts(crypto, crypto.generateSigner('ed25519'));
  const body = Buffer.concat([randomness.bytes(32), randomness.bytes(1000)]);
  const log = logId(body.subarray(0, 32));
  const at = { seq: 0, head: emptyHead(crypto, log), timeMs: 1 };
  const receipt = receipts.of(log, at);
  expect(checkReceipt(crypto, receipt)).toMatchObject({ ok: true });
  expect(receipts.of(log, at)).toBe(receipt);
  for (const part of [receipt.log, receipt.head, receipt.signature])
    expect(part.buffer.byteLength).toBe(part.length);
});
