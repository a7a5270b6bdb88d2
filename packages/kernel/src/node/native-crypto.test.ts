// The native binding keeps the port's law: bad bytes of a stranger give undefined or false, never a throw.

import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { utf8 } from '../bytes.ts';
import { assert } from '../fault.ts';
import type { AeadName, CurveName, SignatureName } from '../ports.ts';
import { missingAlgorithms, nativeCrypto as crypto } from './native-crypto.ts';
import { nativePorts } from './index.ts';

const RUNS = process.env['SLOW'] === '1' ? 500 : 25;
const AEADS: readonly AeadName[] = ['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305'];
const CURVES: readonly CurveName[] = ['x25519', 'x448', 'p-256', 'p-384', 'p-521'];
const SIGNATURES: readonly SignatureName[] = [
  'ed25519',
  'ed448',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'ml-dsa-65',
];

test('this Node has every algorithm', () => {
  expect(missingAlgorithms()).toEqual([]);
});

test('hashes and MACs are the known ones, whole and in pieces', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const abc = utf8('abc');
  expect(hex(crypto.hash('sha256', abc))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(hex(crypto.hash('sha3-256', abc))).toBe(
    '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  );
  // RFC 4231, case 2.
  expect(hex(crypto.hmac('sha256', utf8('Jefe'), utf8('what do ya want for nothing?')))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  const pieces = crypto.hasher('sha512');
  for (const letter of ['a', 'b', 'c']) pieces.update(utf8(letter));
  expect(pieces.digest()).toEqual(crypto.hash('sha512', abc));
  expect(crypto.equal(abc, utf8('abc'))).toBe(true);
  expect(crypto.equal(abc, utf8('abd'))).toBe(false);
  expect(crypto.equal(abc, utf8('ab'))).toBe(false);
});

test.each(['sha256', 'sha384', 'sha512', 'sha3-256'] as const)(
  'HMAC with %s is that of OpenSSL',
  (name) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        (key, data) => {
          const theirs = createHmac(name, key).update(data).digest();
          expect(Buffer.from(crypto.hmac(name, key, data)).equals(theirs)).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
    // At the border between a key that is padded and one that is hashed.
    for (const length of [0, 63, 64, 65, 127, 128, 129, 136, 137]) {
      const key = new Uint8Array(length).fill(7);
      const theirs = createHmac(name, key).update(utf8('border')).digest();
      expect(Buffer.from(crypto.hmac(name, key, utf8('border'))).equals(theirs)).toBe(true);
    }
  },
);

describe.each(AEADS)('%s', (name) => {
  const key = new Uint8Array(name === 'aes-128-gcm' ? 16 : 32).fill(1);
  const nonce = new Uint8Array(12).fill(2);

  test('opens what it sealed, and nothing that was changed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.nat(),
        (plaintext, aad, place) => {
          const sealed = crypto.seal(name, key, nonce, aad, plaintext);
          expect(crypto.open(name, key, nonce, aad, sealed)).toEqual(plaintext);
          const flipped = sealed.slice();
          flipped[place % sealed.length] = (flipped[place % sealed.length] ?? 0) ^ 1;
          expect(crypto.open(name, key, nonce, aad, flipped)).toBeUndefined();
          expect(crypto.open(name, key, nonce, utf8('another'), sealed)).toBeUndefined();
          expect(
            crypto.open(name, key, nonce, aad, sealed.subarray(0, place % sealed.length)),
          ).toBeUndefined();
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe.each(CURVES)('Diffie-Hellman on %s', (curve) => {
  test('agrees for both sides, from generated and from raw keys', () => {
    const [a, b] = [crypto.generateDh(curve), crypto.generateDh(curve)];
    expect(crypto.dh(curve, a.secretKey, b.publicKey)).toEqual(
      crypto.dh(curve, b.secretKey, a.publicKey),
    );
    expect(crypto.dhPublicKey(curve, a.secretKey)).toEqual(a.publicKey);
  });

  test('agrees once with an owner, by another key each time', () => {
    const { secretKey, publicKey } = crypto.generateDh(curve);
    const [a, b] = [crypto.agreeOnce(curve, publicKey), crypto.agreeOnce(curve, publicKey)];
    assert(a !== undefined && b !== undefined, 'agreed');
    expect(crypto.dh(curve, secretKey, a.publicKey)).toEqual(a.shared);
    expect(a.publicKey).not.toEqual(b.publicKey);
    expect(crypto.agreeOnce(curve, new Uint8Array(publicKey.length))).toBeUndefined();
    expect(crypto.agreeOnce(curve, publicKey.subarray(1))).toBeUndefined();
  });

  test("answers undefined for a stranger's bytes that are no point", () => {
    const { secretKey, publicKey } = crypto.generateDh(curve);
    for (const bad of [
      new Uint8Array(0),
      new Uint8Array(publicKey.length),
      publicKey.subarray(1),
      new Uint8Array(publicKey.length).fill(0xff).fill(4, 0, 1),
    ]) {
      // Montgomery curves take nearly any bytes for a point; all zeros is the low-order one.
      const answer = crypto.dh(curve, secretKey, bad);
      const montgomery = curve.startsWith('x') && bad.length === publicKey.length && bad[1] !== 0;
      if (!montgomery) expect(answer).toBeUndefined();
    }
  });
});

describe.each(SIGNATURES)('signatures by %s', (name) => {
  const message = utf8('message');

  test('verify for their key and message only', () => {
    const [a, b] = [crypto.generateSigner(name), crypto.generateSigner(name)];
    const signature = crypto.sign(name, a.secretKey, message);
    expect(crypto.verify(name, a.publicKey, message, signature)).toBe(true);
    expect(crypto.verify(name, b.publicKey, message, signature)).toBe(false);
    expect(crypto.verify(name, a.publicKey, utf8('massage'), signature)).toBe(false);
    const again = crypto.signerFromSecret(name, a.secretKey);
    expect(again.publicKey).toEqual(a.publicKey);
  });

  test('are false for noise, never thrown', () => {
    const { publicKey } = crypto.generateSigner(name);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (noise) => {
        expect(crypto.verify(name, publicKey, message, noise)).toBe(false);
        expect(crypto.verify(name, noise, message, noise)).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });
});

test('ML-KEM-768 gives both sides one secret, and undefined for noise', () => {
  const seed = new Uint8Array(64).fill(3);
  const publicKey = crypto.mlKemPublicKey(seed);
  const made = crypto.mlKemEncapsulate(publicKey);
  expect(made).toBeDefined();
  if (made === undefined) return;
  expect(crypto.mlKemDecapsulate(seed, made.ciphertext)).toEqual(made.sharedSecret);
  expect(crypto.mlKemEncapsulate(publicKey.subarray(1))).toBeUndefined();
  expect(crypto.mlKemEncapsulate(new Uint8Array(1184).fill(0xff))).toBeUndefined();
  expect(crypto.mlKemDecapsulate(seed, made.ciphertext.subarray(1))).toBeUndefined();
  // A changed ciphertext of the right length gives another secret (implicit rejection).
  const changed = made.ciphertext.slice();
  changed[0] = (changed[0] ?? 0) ^ 1;
  expect(crypto.mlKemDecapsulate(seed, changed)).not.toEqual(made.sharedSecret);
});

test('argon2id depends on passphrase, salt and cost', () => {
  const cost = { memoryKiB: 64, passes: 2, lanes: 1 };
  const salt = new Uint8Array(16).fill(1);
  const key = crypto.passwordKey(utf8('passphrase'), salt, cost);
  expect(key).toHaveLength(32);
  expect(crypto.passwordKey(utf8('passphrase'), salt, cost)).toEqual(key);
  expect(crypto.passwordKey(utf8('Passphrase'), salt, cost)).not.toEqual(key);
  expect(crypto.passwordKey(utf8('passphrase'), new Uint8Array(16), cost)).not.toEqual(key);
  expect(crypto.passwordKey(utf8('passphrase'), salt, { ...cost, passes: 3 })).not.toEqual(key);
});

test('the native ports draw fresh randomness and tell the time', () => {
  const { clock, randomness } = nativePorts;
  expect(randomness.bytes(32)).toHaveLength(32);
  expect(randomness.bytes(32)).not.toEqual(randomness.bytes(32));
  expect(clock.nowMs()).toBeGreaterThan(Date.UTC(2020, 0));
});
