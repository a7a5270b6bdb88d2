// Key derivation, X-Wing, HPKE and hybrid signatures against their published vectors, and against changed bytes.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  dhKem,
  fromHex,
  generateHybridSigner,
  generateXWing,
  hkdf,
  hkdfExpand,
  hkdfExtract,
  hpkeOpen,
  hpkeReceiveSecret,
  hpkeSeal,
  hpkeSendSecret,
  HYBRID_PUBLIC_KEY_BYTES,
  HYBRID_SIGNATURE_BYTES,
  hybridSign,
  hybridSignerFromSecret,
  hybridVerify,
  toHex,
  utf8,
  XWING_CIPHERTEXT_BYTES,
  XWING_PUBLIC_KEY_BYTES,
  xwingDecapsulate,
  xwingEncapsulate,
  xwingFromSeed,
  xwingKem,
  type CurveName,
  type HpkeSuite,
} from './index.ts';
import { nativePorts } from './node/index.ts';

const { crypto, randomness } = nativePorts;
const RUNS = process.env['SLOW'] === '1' ? 300 : 15;

function hex(text: string): Uint8Array {
  const read = fromHex(text);
  if (!read.ok) throw new Error('not hexadecimal');
  return read.value;
}

function load(name: string): unknown {
  const url = new URL(`../../../vectors/kernel/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

type Published = {
  hkdf: {
    name: string;
    ikm: string;
    salt: string;
    info: string;
    length: number;
    prk: string;
    okm: string;
  }[];
  hpke: {
    name: string;
    kem: CurveName;
    kdf: 'sha256';
    aead: 'aes-128-gcm';
    ikmR: string;
    skRm: string;
    pkRm: string;
    enc: string;
    info: string;
    aad: string;
    pt: string;
    ct: string;
    exports: { context: string; length: number; value: string }[];
  }[];
};
const published = load('hkdf-hpke') as Published;

describe('HKDF (RFC 5869)', () => {
  test.each(published.hkdf)('$name', (one) => {
    const [ikm, salt, info] = [hex(one.ikm), hex(one.salt), hex(one.info)];
    const prk = hkdfExtract(crypto, 'sha256', { salt, ikm });
    expect(toHex(prk)).toBe(one.prk);
    expect(toHex(hkdfExpand(crypto, 'sha256', { prk, info, length: one.length }))).toBe(one.okm);
    const { length } = one;
    expect(toHex(hkdf(crypto, 'sha256', { ikm, salt, info, length }))).toBe(one.okm);
  });

  test('an absent salt is zeros, and 255 blocks are the most', () => {
    const use = { ikm: utf8('ikm'), info: utf8('info'), length: 32 };
    expect(hkdf(crypto, 'sha384', use)).toEqual(
      hkdf(crypto, 'sha384', { ...use, salt: new Uint8Array(48) }),
    );
    expect(() => hkdf(crypto, 'sha256', { ...use, length: 255 * 32 + 1 })).toThrow('255 blocks');
  });
});

describe('HPKE (RFC 9180)', () => {
  test.each(published.hpke)('$name', (one) => {
    const suite: HpkeSuite = { kem: dhKem(crypto, one.kem), kdf: one.kdf, aead: one.aead };
    const { publicKey, secretKey } = suite.kem.derive(hex(one.ikmR));
    expect([toHex(secretKey), toHex(publicKey)]).toEqual([one.skRm, one.pkRm]);
    const [info, aad] = [hex(one.info), hex(one.aad)];
    const sealed = { enc: hex(one.enc), ciphertext: hex(one.ct) };
    const opened = hpkeOpen(crypto, suite, { secretKey, info, aad }, sealed);
    expect(toHex(opened ?? new Uint8Array(0))).toBe(one.pt);
    for (const { context, length, value } of one.exports) {
      const use = { secretKey, enc: hex(one.enc), info, exporterContext: hex(context), length };
      expect(toHex(hpkeReceiveSecret(crypto, suite, use) ?? new Uint8Array(0))).toBe(value);
    }
  });

  const suites: [string, HpkeSuite][] = [
    ...(['x25519', 'x448', 'p-256', 'p-384', 'p-521'] as const).map(
      (curve): [string, HpkeSuite] => [
        curve,
        { kem: dhKem(crypto, curve), kdf: 'sha256', aead: 'aes-256-gcm' },
      ],
    ),
    ['X-Wing', { kem: xwingKem({ crypto, randomness }), kdf: 'sha512', aead: 'aes-256-gcm' }],
  ];

  test.each(suites)(
    '%s: opens for the key it was sealed to, unchanged and in its context',
    (_name, suite) => {
      const [pair, other] = [suite.kem.generate(), suite.kem.generate()];
      const info = utf8('info');
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (plaintext, place) => {
          const to = { publicKey: pair.publicKey, info, aad: utf8('aad') };
          const sealed = hpkeSeal(crypto, suite, to, plaintext);
          expect(sealed).toBeDefined();
          if (sealed === undefined) return;
          const from = { secretKey: pair.secretKey, info, aad: utf8('aad') };
          expect(hpkeOpen(crypto, suite, from, sealed)).toEqual(plaintext);
          const wrongKey = { ...from, secretKey: other.secretKey };
          expect(hpkeOpen(crypto, suite, wrongKey, sealed)).toBeUndefined();
          expect(hpkeOpen(crypto, suite, { ...from, aad: info }, sealed)).toBeUndefined();
          expect(hpkeOpen(crypto, suite, { ...from, info: utf8('x') }, sealed)).toBeUndefined();
          const enc = sealed.enc.slice();
          enc[place % enc.length] = (enc[place % enc.length] ?? 0) ^ 2;
          expect(hpkeOpen(crypto, suite, from, { ...sealed, enc })).toBeUndefined();
          const cut = { ...sealed, enc: sealed.enc.subarray(1) };
          expect(hpkeOpen(crypto, suite, from, cut)).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
      const use = { info, exporterContext: utf8('export'), length: 40 };
      const sent = hpkeSendSecret(crypto, suite, { ...use, publicKey: pair.publicKey });
      expect(sent?.secret).toHaveLength(40);
      const enc = sent?.enc ?? new Uint8Array(0);
      expect(hpkeReceiveSecret(crypto, suite, { ...use, enc, secretKey: pair.secretKey })).toEqual(
        sent?.secret,
      );
      expect(hpkeSeal(crypto, suite, { publicKey: new Uint8Array(3), info }, info)).toBeUndefined();
      expect(suite.kem.derive(new Uint8Array(64))).toEqual(suite.kem.derive(new Uint8Array(64)));
    },
  );
});

describe('X-Wing', () => {
  test('the vector of the draft', () => {
    const vector = load('xwing') as { seed: string; pk: string; ct: string; ss: string };
    const pair = xwingFromSeed(crypto, hex(vector.seed));
    expect(toHex(pair.publicKey)).toBe(vector.pk);
    const secret = xwingDecapsulate(crypto, pair.secretKey, hex(vector.ct));
    expect(toHex(secret ?? new Uint8Array(0))).toBe(vector.ss);
  });

  test('both sides get one secret; changed or short bytes give another or none', () => {
    const pair = generateXWing(crypto, randomness);
    expect(pair.publicKey).toHaveLength(XWING_PUBLIC_KEY_BYTES);
    const made = xwingEncapsulate(crypto, pair.publicKey);
    expect(made?.ciphertext).toHaveLength(XWING_CIPHERTEXT_BYTES);
    if (made === undefined) return;
    expect(xwingDecapsulate(crypto, pair.secretKey, made.ciphertext)).toEqual(made.sharedSecret);
    for (const at of [0, 1_087, 1_088, 1_119]) {
      const changed = made.ciphertext.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(xwingDecapsulate(crypto, pair.secretKey, changed)).not.toEqual(made.sharedSecret);
    }
    expect(xwingDecapsulate(crypto, pair.secretKey, made.ciphertext.subarray(1))).toBeUndefined();
    expect(xwingEncapsulate(crypto, pair.publicKey.subarray(1))).toBeUndefined();
    // A low-order X25519 half would make that half known to everybody.
    const lowOrder = pair.publicKey.slice().fill(0, 1_184);
    expect(xwingEncapsulate(crypto, lowOrder)).toBeUndefined();
  });
});

describe('hybrid signatures', () => {
  const pair = generateHybridSigner(crypto, randomness);
  const key = { ...pair, purpose: 'test' };
  const message = utf8('message');
  const signature = hybridSign(crypto, key, message);

  test('have fixed sizes and one public key for one seed', () => {
    expect(pair.publicKey).toHaveLength(HYBRID_PUBLIC_KEY_BYTES);
    expect(signature).toHaveLength(HYBRID_SIGNATURE_BYTES);
    expect(hybridSignerFromSecret(crypto, pair.secretKey)).toEqual(pair);
    expect(hybridVerify(crypto, key, message, signature)).toBe(true);
  });

  test('need both halves, the purpose and the message', () => {
    for (const at of [0, 63, 64, HYBRID_SIGNATURE_BYTES - 1]) {
      const broken = signature.slice();
      broken[at] = (broken[at] ?? 0) ^ 1;
      expect(hybridVerify(crypto, key, message, broken), `byte ${at}`).toBe(false);
    }
    expect(hybridVerify(crypto, { ...key, purpose: 'other' }, message, signature)).toBe(false);
    expect(hybridVerify(crypto, key, utf8('massage'), signature)).toBe(false);
    // Half of one signer and half of another is nobody's signature.
    const other = generateHybridSigner(crypto, randomness);
    const mixed = signature.slice();
    mixed.set(hybridSign(crypto, { ...other, purpose: 'test' }, message).subarray(64), 64);
    expect(hybridVerify(crypto, key, message, mixed)).toBe(false);
  });

  test('of wrong length, or under a key of wrong length, are false', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), (noise) => {
        expect(hybridVerify(crypto, key, message, noise)).toBe(false);
        expect(hybridVerify(crypto, { ...key, publicKey: noise }, message, signature)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });
});
