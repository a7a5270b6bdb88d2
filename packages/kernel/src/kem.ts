// Key encapsulation for HPKE: DHKEM of RFC 9180 section 4.1 on five curves, and X-Wing.

import { concat, utf8 } from './bytes.ts';
import { hkdfExpand, hkdfExtract } from './hkdf.ts';
import { assert } from './fault.ts';
import type { Crypto, CurveName, HashName, KeyPair, Randomness } from './ports.ts';
import { generateXWing, xwingDecapsulate, xwingEncapsulate, xwingFromSeed } from './xwing.ts';

const EMPTY = new Uint8Array(0);

/** A KEM as HPKE wants it. `undefined` answers a stranger's key or ciphertext that is none. */
export interface Kem {
  /** The number in the IANA HPKE registry. */
  readonly id: number;
  readonly publicKeyBytes: number;
  generate(): KeyPair;
  /** The same key pair for the same input of at least 32 uniform bytes. */
  derive(ikm: Uint8Array): KeyPair;
  encapsulate(
    publicKey: Uint8Array,
  ): { sharedSecret: Uint8Array; ciphertext: Uint8Array } | undefined;
  decapsulate(secretKey: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
}

type Curve = {
  readonly id: number;
  readonly hash: HashName;
  readonly secretBytes: number;
  readonly publicBytes: number;
  /** NIST curves only: the group order, and the mask of a candidate's first byte. */
  readonly order?: bigint;
  readonly mask?: number;
};

const CURVES: Record<CurveName, Curve> = {
  'p-256': {
    id: 0x0010,
    hash: 'sha256',
    secretBytes: 32,
    publicBytes: 65,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    mask: 0xff,
  },
  'p-384': {
    id: 0x0011,
    hash: 'sha384',
    secretBytes: 48,
    publicBytes: 97,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    mask: 0xff,
  },
  'p-521': {
    id: 0x0012,
    hash: 'sha512',
    secretBytes: 66,
    publicBytes: 133,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    mask: 0x01,
  },
  x25519: { id: 0x0020, hash: 'sha256', secretBytes: 32, publicBytes: 32 },
  x448: { id: 0x0021, hash: 'sha512', secretBytes: 56, publicBytes: 56 },
};

/** Big-endian bytes of a small unsigned number (I2OSP). */
export function bigEndian(value: number, size: number): Uint8Array {
  const encoded = new Uint8Array(size);
  let rest = value;
  for (let i = size - 1; i >= 0; i--) {
    encoded[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  assert(rest === 0, `${value} does not fit in ${size} bytes`);
  return encoded;
}

/** LabeledExtract and LabeledExpand of RFC 9180 section 4, for one suite id. */
export function labelledKdf(
  crypto: Crypto,
  hash: HashName,
  suiteId: Uint8Array,
): {
  extract(salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array;
  expand(prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array;
} {
  const version = utf8('HPKE-v1');
  return {
    extract: (salt, label, ikm) =>
      hkdfExtract(crypto, hash, { salt, ikm: concat(version, suiteId, utf8(label), ikm) }),
    expand: (prk, label, info, length) =>
      hkdfExpand(crypto, hash, {
        prk,
        info: concat(bigEndian(length, 2), version, suiteId, utf8(label), info),
        length,
      }),
  };
}

function toNumber(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

export function dhKem(crypto: Crypto, curve: CurveName): Kem {
  const { id, hash, secretBytes, publicBytes, order, mask } = CURVES[curve];
  const kdf = labelledKdf(crypto, hash, concat(utf8('KEM'), bigEndian(id, 2)));
  const secretSize = hash === 'sha512' ? 64 : hash === 'sha384' ? 48 : 32;

  const shared = (dh: Uint8Array, context: Uint8Array): Uint8Array =>
    kdf.expand(kdf.extract(EMPTY, 'eae_prk', dh), 'shared_secret', context, secretSize);

  function deriveSecret(ikm: Uint8Array): Uint8Array {
    const prk = kdf.extract(EMPTY, 'dkp_prk', ikm);
    if (order === undefined || mask === undefined) return kdf.expand(prk, 'sk', EMPTY, secretBytes);
    for (let counter = 0; counter < 256; counter++) {
      const candidate = kdf.expand(prk, 'candidate', Uint8Array.of(counter), secretBytes);
      candidate[0] = (candidate[0] ?? 0) & mask;
      const scalar = toNumber(candidate);
      if (scalar > 0n && scalar < order) return candidate;
    }
    throw new Error('bug: 256 candidates in a row were no scalar');
  }

  return {
    id,
    publicKeyBytes: publicBytes,
    generate: () => crypto.generateDh(curve),
    derive(ikm) {
      const secretKey = deriveSecret(ikm);
      return { secretKey, publicKey: crypto.dhPublicKey(curve, secretKey) };
    },
    encapsulate(publicKey) {
      const once = crypto.agreeOnce(curve, publicKey);
      if (once === undefined) return undefined;
      const context = concat(once.publicKey, publicKey);
      return { sharedSecret: shared(once.shared, context), ciphertext: once.publicKey };
    },
    decapsulate(secretKey, ciphertext) {
      const dh = crypto.dh(curve, secretKey, ciphertext);
      if (dh === undefined) return undefined;
      return shared(dh, concat(ciphertext, crypto.dhPublicKey(curve, secretKey)));
    },
  };
}

/** X-Wing with the key derivation of its HPKE section: the seed is SHAKE256 of the input. */
export function xwingKem(ports: { crypto: Crypto; randomness: Randomness }): Kem {
  const { crypto, randomness } = ports;
  return {
    id: 0x647a,
    publicKeyBytes: 1216,
    generate: () => generateXWing(crypto, randomness),
    derive: (ikm) => xwingFromSeed(crypto, crypto.shake256(ikm, 32)),
    encapsulate: (publicKey) => xwingEncapsulate(crypto, publicKey),
    decapsulate: (secretKey, ciphertext) => xwingDecapsulate(crypto, secretKey, ciphertext),
  };
}
