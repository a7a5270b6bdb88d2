import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assert, utf8 } from '@parley/kernel';
import {
  RelayClient,
  auditReceipts,
  auditStore,
  decodeReceipts,
  emptyHead,
  encodeReceipts,
  nextHead,
  signReceipt,
  signReceipts,
  type Receipt,
} from '@parley/post';
import { startRelay } from './relay.ts';
import { openSqliteStore } from './sqlite-store.ts';
import {
  crypto,
  freshLog,
  randomness,
  removeDirectory,
  temporaryDirectory,
} from './testing/fixture.ts';

let dataDir: string;
beforeAll(async () => (dataDir = await temporaryDirectory()));
afterAll(async () => removeDirectory(dataDir));

describe('receipts held against a relay', () => {
  it('an honest one passes; a lost entry, a changed one and a second history are named', async () => {
    const relay = await startRelay({
      dataDir,
      listen: '127.0.0.1:0',
      journal: { level: 'silent' },
    });
    const log = await freshLog(new RelayClient({ url: relay.url, relayKey: relay.relayKey }));
    const receipts: Receipt[] = [];
    for (let seq = 1; seq <= 5; seq++) {
      const stored = await log.append({ expectedSeq: seq, envelope: utf8(`entry ${seq}`) });
      if (stored.ok) receipts.push(stored.value);
    }
    await relay.close();
    const file = encodeReceipts(receipts);
    const read = decodeReceipts(file);
    expect(read).toEqual({ ok: true, value: receipts });
    expect(decodeReceipts(file.slice(1))).toMatchObject({ reason: 'unreadable' });
    expect(auditReceipts(crypto, receipts)).toEqual({ genuine: receipts, findings: [] });

    const path = join(dataDir, 'relay.db');
    const against = async (): Promise<string[]> => {
      const store = openSqliteStore(path);
      const findings = await auditStore(crypto, receipts, store);
      await store.close();
      return findings.map((found) => `${found.kind} ${found.seq}`);
    };
    expect(await against()).toEqual([]);
    const db = new Database(path);
    db.exec('DELETE FROM envelope WHERE seq = 5; UPDATE log SET seq = 4');
    expect(await against()).toEqual(['lost 5']);
    db.prepare('UPDATE envelope SET body = ? WHERE seq = 3').run(Buffer.from('another'));
    expect(await against()).toEqual(['other-history 3', 'other-history 4', 'lost 5']);
    db.close();
  });

  it('a forged one proves nothing, two of one number prove two histories', () => {
    const pair = crypto.generateSigner('ed25519');
    const log = new Uint8Array(32) as Parameters<typeof emptyHead>[1];
    const head = nextHead(crypto, emptyHead(crypto, log), utf8('a'));
    const claim = { relay: pair.publicKey, log, seq: 1, head, timeMs: 10 };
    const one = signReceipt(crypto, pair.secretKey, claim);
    const other = signReceipt(crypto, pair.secretKey, { ...claim, head: emptyHead(crypto, log) });
    const later = signReceipt(crypto, pair.secretKey, { ...claim, seq: 2, timeMs: 9 });
    const kinds = (receipts: Receipt[]): string[] =>
      auditReceipts(crypto, receipts).findings.map((found) => found.kind);
    expect(kinds([one, { ...other, seq: 9 }])).toEqual(['forged']);
    expect(kinds([one, other])).toEqual(['two-histories']);
    expect(kinds([later, one])).toEqual(['time-backwards']);
    expect(kinds([one, one])).toEqual([]);
    // Signed with others they prove as much; another's path proves nothing.
    const many = Array.from({ length: 12 }, (_, n) => ({ ...claim, seq: n + 1, timeMs: 10 + n }));
    const [first, second, ...rest] = signReceipts({ crypto, randomness }, pair.secretKey, many);
    assert(first !== undefined && second !== undefined, 'a receipt for each claim');
    expect(first.path).toHaveLength(5);
    expect(kinds([first, second, ...rest])).toEqual([]);
    expect(kinds([first, other])).toEqual(['two-histories']);
    expect(kinds([{ ...first, path: second.path }])).toEqual(['forged']);
  });
});
