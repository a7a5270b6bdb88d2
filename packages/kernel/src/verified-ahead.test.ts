// What was checked ahead is answered at once, and only for exactly the bytes that were checked.

import { expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { nativeCrypto } from './node/native-crypto.ts';
import type { Crypto } from './ports.ts';
import { verifiedAhead, type SignatureCheck } from './verified-ahead.ts';

const NAMES = ['ed25519', 'ml-dsa-65'] as const;

function signed(name: (typeof NAMES)[number], text: string): SignatureCheck {
  const { publicKey, secretKey } = nativeCrypto.generateSigner(name);
  const message = utf8(text);
  return { name, publicKey, message, signature: nativeCrypto.sign(name, secretKey, message) };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const bent = bytes.slice();
  bent[at] = (bent[at] ?? 0) ^ 1;
  return bent;
}

const ask = (crypto: Crypto, { name, publicKey, message, signature }: SignatureCheck): boolean =>
  crypto.verify(name, publicKey, message, signature);

/** The native crypto, and how often it was made to verify at once. */
function counting(): { crypto: Crypto; computed: () => number } {
  let computed = 0;
  const verify: Crypto['verify'] = (...asked) => {
    computed++;
    return nativeCrypto.verify(...asked);
  };
  return { crypto: { ...nativeCrypto, verify }, computed: () => computed };
}

test.each(NAMES)(
  'an outcome of %s is known for its own bytes, and a false one stays false',
  async (name) => {
    const good = signed(name, 'message');
    const forged = { ...good, signature: flipped(good.signature, 40) };
    const noKey = { ...good, publicKey: good.publicKey.subarray(1) };
    const { crypto, computed } = counting();
    const knowing = await verifiedAhead(crypto, [good, signed(name, 'another')]);
    expect(ask(knowing, good)).toBe(true);
    expect(computed()).toBe(0);
    for (const known of [forged, noKey]) {
      const told = await verifiedAhead(crypto, [known]);
      expect(ask(told, known)).toBe(false);
    }
    expect(computed()).toBe(0);
  },
);

test.each(NAMES)(
  'whatever differs in a byte from what was checked by %s is computed',
  async (name) => {
    const good = signed(name, 'message');
    const { crypto, computed } = counting();
    const knowing = await verifiedAhead(crypto, [good]);
    const other = name === 'ed25519' ? 'ml-dsa-65' : 'ed25519';
    const asked: SignatureCheck[] = [
      { ...good, name: other },
      { ...good, publicKey: flipped(good.publicKey, 5) },
      { ...good, publicKey: signed(name, 'message').publicKey },
      { ...good, message: utf8('massage') },
      { ...good, message: good.message.subarray(1) },
      { ...good, signature: flipped(good.signature, 0) },
      { ...good, signature: flipped(good.signature, good.signature.length - 1) },
      { ...good, signature: good.signature.subarray(0, 32) },
    ];
    for (const [i, one] of asked.entries()) {
      expect(ask(knowing, one), `change ${i}`).toBe(false);
      expect(computed(), `change ${i}`).toBe(i + 1);
    }
  },
);

test('what is written over the checked bytes afterwards was not checked', async () => {
  const good = signed('ed25519', 'message');
  const knowing = await verifiedAhead(nativeCrypto, [good]);
  good.message.fill(0x41);
  expect(ask(knowing, good)).toBe(false);
});

test('two checks that begin alike do not speak for each other', async () => {
  const good = signed('ml-dsa-65', 'message');
  const forged = { ...good, signature: flipped(good.signature, 3_000) };
  for (const order of [
    [good, forged],
    [forged, good],
  ]) {
    const knowing = await verifiedAhead(nativeCrypto, order);
    expect(ask(knowing, good)).toBe(true);
    expect(ask(knowing, forged)).toBe(false);
  }
});
