// HPKE (RFC 9180), base mode: seal one message to a public key, or agree on a secret with its owner.
//
// Single-shot only: every call makes its own context, so no nonce sequence can ever be used twice.

import { concat, sameBytes, utf8 } from './bytes.ts';
import { bigEndian, labelledKdf, type Kem } from './kem.ts';
import type { AeadName, Crypto, HashName } from './ports.ts';

const BASE_MODE = Uint8Array.of(0);
const EMPTY = new Uint8Array(0);

const KDF_IDS: Partial<Record<HashName, number>> = { sha256: 1, sha384: 2, sha512: 3 };
const AEADS: Record<AeadName, { id: number; keyBytes: number }> = {
  'aes-128-gcm': { id: 1, keyBytes: 16 },
  'aes-256-gcm': { id: 2, keyBytes: 32 },
  'chacha20-poly1305': { id: 3, keyBytes: 32 },
};
const NONCE_BYTES = 12;

export type HpkeSuite = {
  readonly kem: Kem;
  readonly kdf: 'sha256' | 'sha384' | 'sha512';
  readonly aead: AeadName;
};

/** What both sides must name alike; `info` belongs to the key, `aad` to the message. */
export type HpkeContext = { readonly info: Uint8Array; readonly aad?: Uint8Array };

export type Sealed = { readonly enc: Uint8Array; readonly ciphertext: Uint8Array };

type Schedule = {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly exported: (context: Uint8Array, length: number) => Uint8Array;
};

/** What all messages of a suite begin with, and of them those that name the same `info`, like a commit's to a whole group. */
type Start = {
  readonly kdf: ReturnType<typeof labelledKdf>;
  readonly pskIdHash: Uint8Array;
  readonly info: Uint8Array;
  readonly infoHash: Uint8Array;
};

const starts = new WeakMap<HpkeSuite, Start>();

function startOf(crypto: Crypto, suite: HpkeSuite, info: Uint8Array): Start {
  const known = starts.get(suite);
  if (known !== undefined && sameBytes(known.info, info)) return known;
  const suiteId = concat(
    utf8('HPKE'),
    bigEndian(suite.kem.id, 2),
    bigEndian(KDF_IDS[suite.kdf] ?? 0, 2),
    bigEndian(AEADS[suite.aead].id, 2),
  );
  const kdf = known?.kdf ?? labelledKdf(crypto, suite.kdf, suiteId);
  const start: Start = {
    kdf,
    pskIdHash: known?.pskIdHash ?? kdf.extract(EMPTY, 'psk_id_hash', EMPTY),
    // A copy: the caller may use its bytes again for others.
    info: info.slice(),
    infoHash: kdf.extract(EMPTY, 'info_hash', info),
  };
  starts.set(suite, start);
  return start;
}

function schedule(
  crypto: Crypto,
  suite: HpkeSuite,
  sharedSecret: Uint8Array,
  info: Uint8Array,
): Schedule {
  const { keyBytes } = AEADS[suite.aead];
  const { kdf, pskIdHash, infoHash } = startOf(crypto, suite, info);
  const context = concat(BASE_MODE, pskIdHash, infoHash);
  const secret = kdf.extract(sharedSecret, 'secret', EMPTY);
  const size = suite.kdf === 'sha512' ? 64 : suite.kdf === 'sha384' ? 48 : 32;
  return {
    key: kdf.expand(secret, 'key', context, keyBytes),
    nonce: kdf.expand(secret, 'base_nonce', context, NONCE_BYTES),
    exported: (exporterContext, length) =>
      kdf.expand(kdf.expand(secret, 'exp', context, size), 'sec', exporterContext, length),
  };
}

/** Undefined where the public key is not one. */
export function hpkeSeal(
  crypto: Crypto,
  suite: HpkeSuite,
  to: HpkeContext & { publicKey: Uint8Array },
  plaintext: Uint8Array,
): Sealed | undefined {
  const made = suite.kem.encapsulate(to.publicKey);
  if (made === undefined) return undefined;
  const { key, nonce } = schedule(crypto, suite, made.sharedSecret, to.info);
  const ciphertext = crypto.seal(suite.aead, key, nonce, to.aad ?? EMPTY, plaintext);
  return { enc: made.ciphertext, ciphertext };
}

/** Undefined for whatever was not sealed to this key under this context. */
export function hpkeOpen(
  crypto: Crypto,
  suite: HpkeSuite,
  from: HpkeContext & { secretKey: Uint8Array },
  sealed: Sealed,
): Uint8Array | undefined {
  const sharedSecret = suite.kem.decapsulate(from.secretKey, sealed.enc);
  if (sharedSecret === undefined) return undefined;
  const { key, nonce } = schedule(crypto, suite, sharedSecret, from.info);
  return crypto.open(suite.aead, key, nonce, from.aad ?? EMPTY, sealed.ciphertext);
}

/** A fresh secret that the owner of the public key can derive from `enc`. */
export function hpkeSendSecret(
  crypto: Crypto,
  suite: HpkeSuite,
  to: { publicKey: Uint8Array; info: Uint8Array; exporterContext: Uint8Array; length: number },
): { enc: Uint8Array; secret: Uint8Array } | undefined {
  const made = suite.kem.encapsulate(to.publicKey);
  if (made === undefined) return undefined;
  const { exported } = schedule(crypto, suite, made.sharedSecret, to.info);
  return { enc: made.ciphertext, secret: exported(to.exporterContext, to.length) };
}

/** The other side of `hpkeSendSecret`. */
export function hpkeReceiveSecret(
  crypto: Crypto,
  suite: HpkeSuite,
  from: {
    secretKey: Uint8Array;
    enc: Uint8Array;
    info: Uint8Array;
    exporterContext: Uint8Array;
    length: number;
  },
): Uint8Array | undefined {
  const sharedSecret = suite.kem.decapsulate(from.secretKey, from.enc);
  if (sharedSecret === undefined) return undefined;
  return schedule(crypto, suite, sharedSecret, from.info).exported(
    from.exporterContext,
    from.length,
  );
}
