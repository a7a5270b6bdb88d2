// Cipher suites for ts-mls over the crypto port: suite 83 (X-Wing, AES-256-GCM, SHA-512, Ed25519) is the house's own;
// 1-7 exist so that the official MLS vectors pass through the same code.

import {
  assert,
  dhKem,
  hkdfExpand,
  hkdfExtract,
  hpkeOpen,
  hpkeReceiveSecret,
  hpkeSeal,
  hpkeSendSecret,
  xwingKem,
  type AeadName,
  type HpkeSuite,
  type Kem,
  type Ports,
  type SignatureName,
} from '@parley/kernel';
import type { CiphersuiteImpl, CiphersuiteName, Hpke, PrivateKey, PublicKey } from 'ts-mls';

export type SuiteId = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 83;

/** The suite of every Parley room. A later change is a planned new group, never a negotiation. */
export const HOUSE_SUITE = 83;

type Choice = {
  readonly name: CiphersuiteName;
  readonly kem: (ports: SuitePorts) => Kem;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly aead: AeadName;
  readonly signature: SignatureName;
};

/** Suites need no clock. */
export type SuitePorts = Pick<Ports, 'crypto' | 'randomness'>;

const CHOICES: Record<SuiteId, Choice> = {
  1: {
    name: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
    kem: ({ crypto }) => dhKem(crypto, 'x25519'),
    hash: 'sha256',
    aead: 'aes-128-gcm',
    signature: 'ed25519',
  },
  2: {
    name: 'MLS_128_DHKEMP256_AES128GCM_SHA256_P256',
    kem: ({ crypto }) => dhKem(crypto, 'p-256'),
    hash: 'sha256',
    aead: 'aes-128-gcm',
    signature: 'ecdsa-p256',
  },
  3: {
    name: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519',
    kem: ({ crypto }) => dhKem(crypto, 'x25519'),
    hash: 'sha256',
    aead: 'chacha20-poly1305',
    signature: 'ed25519',
  },
  4: {
    name: 'MLS_256_DHKEMX448_AES256GCM_SHA512_Ed448',
    kem: ({ crypto }) => dhKem(crypto, 'x448'),
    hash: 'sha512',
    aead: 'aes-256-gcm',
    signature: 'ed448',
  },
  5: {
    name: 'MLS_256_DHKEMP521_AES256GCM_SHA512_P521',
    kem: ({ crypto }) => dhKem(crypto, 'p-521'),
    hash: 'sha512',
    aead: 'aes-256-gcm',
    signature: 'ecdsa-p521',
  },
  6: {
    name: 'MLS_256_DHKEMX448_CHACHA20POLY1305_SHA512_Ed448',
    kem: ({ crypto }) => dhKem(crypto, 'x448'),
    hash: 'sha512',
    aead: 'chacha20-poly1305',
    signature: 'ed448',
  },
  7: {
    name: 'MLS_256_DHKEMP384_AES256GCM_SHA384_P384',
    kem: ({ crypto }) => dhKem(crypto, 'p-384'),
    hash: 'sha384',
    aead: 'aes-256-gcm',
    signature: 'ecdsa-p384',
  },
  83: {
    name: 'MLS_256_XWING_AES256GCM_SHA512_Ed25519',
    kem: xwingKem,
    hash: 'sha512',
    aead: 'aes-256-gcm',
    signature: 'ed25519',
  },
};

const HASH_BYTES = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** Raw key bytes in the place where ts-mls expects a WebCrypto key; it never looks inside. */
type RawKey = { readonly raw: Uint8Array };

const publicKeyOf = (raw: Uint8Array): PublicKey => ({ raw }) as RawKey as PublicKey;
const privateKeyOf = (raw: Uint8Array): PrivateKey => ({ raw }) as RawKey as PrivateKey;
const raw = (key: unknown): Uint8Array => (key as RawKey).raw;

/** ts-mls reports a stranger's bad bytes by throwing; `group.ts` turns every such throw into a verdict. */
function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TypeError(what);
  return value;
}

function hpkeOf({ crypto }: SuitePorts, choice: Choice, kem: Kem): Hpke {
  const suite: HpkeSuite = { kem, kdf: choice.hash, aead: choice.aead };
  return {
    keyLength: choice.aead === 'aes-128-gcm' ? 16 : 32,
    nonceLength: 12,
    async seal(publicKey, plaintext, info, aad = new Uint8Array(0)) {
      const sealed = hpkeSeal(crypto, suite, { publicKey: raw(publicKey), info, aad }, plaintext);
      const { enc, ciphertext } = given(sealed, 'not a public key');
      return { enc, ct: ciphertext };
    },
    async open(privateKey, enc, ciphertext, info, aad = new Uint8Array(0)) {
      const from = { secretKey: raw(privateKey), info, aad };
      return given(hpkeOpen(crypto, suite, from, { enc, ciphertext }), 'not sealed to this key');
    },
    async exportSecret(publicKey, exporterContext, length, info) {
      const to = { publicKey: raw(publicKey), info, exporterContext, length };
      return given(hpkeSendSecret(crypto, suite, to), 'not a public key');
    },
    async importSecret(privateKey, exporterContext, enc, length, info) {
      const from = { secretKey: raw(privateKey), enc, info, exporterContext, length };
      return given(hpkeReceiveSecret(crypto, suite, from), 'not sent to this key');
    },
    importPrivateKey: async (key) => privateKeyOf(key),
    async importPublicKey(key) {
      if (key.length !== kem.publicKeyBytes) throw new TypeError('a public key of a wrong length');
      return publicKeyOf(key);
    },
    exportPublicKey: async (key) => raw(key),
    exportPrivateKey: async (key) => raw(key),
    encryptAead: async (key, nonce, aad, plaintext) =>
      crypto.seal(choice.aead, key, nonce, aad ?? new Uint8Array(0), plaintext),
    decryptAead: async (key, nonce, aad, ciphertext) =>
      given(
        crypto.open(choice.aead, key, nonce, aad ?? new Uint8Array(0), ciphertext),
        'not sealed under this key',
      ),
    async deriveKeyPair(ikm) {
      const { publicKey, secretKey } = kem.derive(ikm);
      return { publicKey: publicKeyOf(publicKey), privateKey: privateKeyOf(secretKey) };
    },
    async generateKeyPair() {
      const { publicKey, secretKey } = kem.generate();
      return { publicKey: publicKeyOf(publicKey), privateKey: privateKeyOf(secretKey) };
    },
  };
}

/** A suite as ts-mls takes it. Everything runs on the port; nothing of ts-mls's own crypto is used. */
export function ciphersuite(ports: SuitePorts, id: SuiteId): CiphersuiteImpl {
  const choice = CHOICES[id];
  assert(choice !== undefined, `no suite ${String(id)}`);
  const { crypto, randomness } = ports;
  const { hash } = choice;
  return {
    name: choice.name,
    hash: {
      digest: async (data) => crypto.hash(hash, data),
      mac: async (key, data) => crypto.hmac(hash, key, data),
      verifyMac: async (key, mac, data) => crypto.equal(crypto.hmac(hash, key, data), mac),
    },
    kdf: {
      size: HASH_BYTES[hash],
      extract: async (salt, ikm) => hkdfExtract(crypto, hash, { salt, ikm }),
      expand: async (prk, info, length) => hkdfExpand(crypto, hash, { prk, info, length }),
    },
    signature: {
      sign: async (key, message) => crypto.sign(choice.signature, key, message),
      verify: async (key, message, signature) =>
        crypto.verify(choice.signature, key, message, signature),
      async keygen() {
        const { publicKey, secretKey } = crypto.generateSigner(choice.signature);
        return { publicKey, signKey: secretKey };
      },
    },
    hpke: hpkeOf(ports, choice, choice.kem(ports)),
    rng: { randomBytes: (length) => randomness.bytes(length) },
  };
}
