// Our suites against the official MLS vectors, against ts-mls's own crypto, and against wrong keys.

import { describe, expect, test } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { getCiphersuiteFromName, getCiphersuiteImpl } from 'ts-mls';
import { ciphersuite, type SuiteId } from './suite.ts';
import { FILES, runFile, vectorsDirectory } from '../testing/mls/official-vectors.ts';

// The long run is `node packages/channel/testing/mls/run.ts`; SLOW=1 does it here.
const full = process.env['SLOW'] === '1';
const directory = vectorsDirectory();

describe('official MLS vectors', () => {
  test.for(FILES.filter(({ every }) => full || every > 0))('$file', async (entry, context) => {
    if (directory === undefined) {
      context.skip('../shared missing');
      return;
    }
    const { failures, passed, cases } = await runFile(directory, entry, full);
    expect(failures).toEqual([]);
    expect(passed).toBe(full ? cases : Math.ceil(cases / entry.every));
  });
});

const text = new TextEncoder();

test.each([1, 83] as const)(
  'suite %i opens what ts-mls seals with its own crypto, and the other way round',
  async (id: SuiteId) => {
    const ours = ciphersuite(nativePorts, id);
    const theirs = await getCiphersuiteImpl(getCiphersuiteFromName(ours.name));
    const plaintext = text.encode('a message');
    const info = text.encode('info');
    const aad = text.encode('aad');
    for (const [sealer, opener] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const pair = await opener.hpke.generateKeyPair();
      const raw = await opener.hpke.exportPublicKey(pair.publicKey);
      const key = await sealer.hpke.importPublicKey(raw);
      const { ct, enc } = await sealer.hpke.seal(key, plaintext, info, aad);
      expect(await opener.hpke.open(pair.privateKey, enc, ct, info, aad)).toEqual(plaintext);
      const sent = await sealer.hpke.exportSecret(key, aad, 48, info);
      const received = await opener.hpke.importSecret(pair.privateKey, aad, sent.enc, 48, info);
      expect(received).toEqual(sent.secret);
    }
  },
);

test('the house suite seals to a key and to no other', async () => {
  const cs = ciphersuite(nativePorts, 83);
  const [pair, other] = [await cs.hpke.generateKeyPair(), await cs.hpke.generateKeyPair()];
  const info = text.encode('info');
  const { ct, enc } = await cs.hpke.seal(pair.publicKey, text.encode('hello'), info);
  expect(await cs.hpke.open(pair.privateKey, enc, ct, info)).toEqual(text.encode('hello'));
  await expect(cs.hpke.open(other.privateKey, enc, ct, info)).rejects.toThrow();
  await expect(cs.hpke.open(pair.privateKey, enc, ct, otherInfo(info))).rejects.toThrow();
  const flipped = ct.slice();
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  await expect(cs.hpke.open(pair.privateKey, enc, flipped, info)).rejects.toThrow();
  await expect(cs.hpke.importPublicKey(new Uint8Array(1215))).rejects.toThrow();
});

const otherInfo = (info: Uint8Array): Uint8Array => info.map((byte) => byte ^ 1);
