// The crypto port on node:crypto. Raw keys are wrapped in the fixed DER prefixes of their schemes; parsed keys are kept
// in a small cache, since parsing costs more than using them.

import nodeCrypto from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat } from '../bytes.ts';
import { hmac } from './hmac.ts';
import type { AeadName, Crypto, CurveName, KeyPair, SignatureName } from '../ports.ts';

const TAG_BYTES = 16;
const CACHE_ENTRIES = 512;

const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// PKCS #8 and SubjectPublicKeyInfo headers up to the raw key (RFC 8410, RFC 9881, RFC 9935: seed form).
const PREFIXES: Record<string, { secret: Uint8Array; public: Uint8Array }> = {
  ed25519: {
    secret: hexBytes('302e020100300506032b657004220420'),
    public: hexBytes('302a300506032b6570032100'),
  },
  ed448: {
    secret: hexBytes('3047020100300506032b6571043b0439'),
    public: hexBytes('3043300506032b6571033a00'),
  },
  x25519: {
    secret: hexBytes('302e020100300506032b656e04220420'),
    public: hexBytes('302a300506032b656e032100'),
  },
  x448: {
    secret: hexBytes('3046020100300506032b656f043a0438'),
    public: hexBytes('3042300506032b656f033900'),
  },
  'ml-dsa-65': {
    secret: hexBytes('3034020100300b060960864801650304031204228020'),
    public: hexBytes('308207b2300b0609608648016503040312038207a100'),
  },
  'ml-kem-768': {
    secret: hexBytes('3054020100300b060960864801650304040204428040'),
    public: hexBytes('308204b2300b0609608648016503040402038204a100'),
  },
};

const PUBLIC_BYTES: Record<string, number> = {
  ed25519: 32,
  ed448: 57,
  x25519: 32,
  x448: 56,
  'ml-dsa-65': 1952,
  'ml-kem-768': 1184,
};

const SECRET_BYTES: Record<string, number> = {
  ed25519: 32,
  ed448: 57,
  x25519: 32,
  x448: 56,
  'ml-dsa-65': 32,
  'ml-kem-768': 64,
};

const NIST: Record<string, { name: string; crv: string; size: number; hash: string }> = {
  'p-256': { name: 'prime256v1', crv: 'P-256', size: 32, hash: 'sha256' },
  'p-384': { name: 'secp384r1', crv: 'P-384', size: 48, hash: 'sha384' },
  'p-521': { name: 'secp521r1', crv: 'P-521', size: 66, hash: 'sha512' },
};

const ECDSA_CURVE: Partial<Record<SignatureName, CurveName>> = {
  'ecdsa-p256': 'p-256',
  'ecdsa-p384': 'p-384',
  'ecdsa-p521': 'p-521',
};

/** Parsed keys by scheme and raw bytes, oldest out first. Secrets stay in memory as long as the process that uses them. */
class KeyCache {
  readonly #keys = new Map<string, KeyObject>();

  get(scheme: string, raw: Uint8Array, parse: () => KeyObject): KeyObject {
    const id = `${scheme}:${Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1')}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = parse();
    if (this.#keys.size >= CACHE_ENTRIES) {
      const oldest = this.#keys.keys().next();
      if (oldest.done !== true) this.#keys.delete(oldest.value);
    }
    this.#keys.set(id, key);
    return key;
  }
}

const publicKeys = new KeyCache();
const secretKeys = new KeyCache();

function fixed(size: number, number: Uint8Array): Uint8Array {
  return number.length >= size
    ? number.slice(number.length - size)
    : concat(new Uint8Array(size - number.length), number);
}

function nistPoint(scheme: string, secretKey: Uint8Array): Uint8Array {
  const curve = nodeCrypto.createECDH(NIST[scheme]?.name ?? '');
  curve.setPrivateKey(secretKey);
  return Uint8Array.from(curve.getPublicKey());
}

function nistJwk(
  scheme: string,
  point: Uint8Array,
): { kty: string; crv: string; x: string; y: string } {
  const { crv, size } = NIST[scheme] ?? { crv: '', size: 0 };
  if (point.length !== 2 * size + 1 || point[0] !== 4)
    throw new TypeError('not an uncompressed point');
  const coordinate = (at: number): string =>
    Buffer.from(point.subarray(at, at + size)).toString('base64url');
  return { kty: 'EC', crv, x: coordinate(1), y: coordinate(1 + size) };
}

/** Text, because Node 24 throws and catches two errors for each raw key or options object, to see that it is no key object. */
function pem(kind: 'PUBLIC' | 'PRIVATE', prefix: Uint8Array | undefined, raw: Uint8Array): string {
  const der = Buffer.from(concat(prefix ?? new Uint8Array(0), raw)).toString('base64');
  return `-----BEGIN ${kind} KEY-----\n${der}\n-----END ${kind} KEY-----\n`;
}

function publicKeyOf(scheme: string, raw: Uint8Array): KeyObject {
  return publicKeys.get(scheme, raw, () => {
    if (scheme in NIST)
      return nodeCrypto.createPublicKey({ key: nistJwk(scheme, raw), format: 'jwk' });
    if (raw.length !== PUBLIC_BYTES[scheme])
      throw new TypeError(`a ${scheme} public key of ${raw.length} bytes`);
    return nodeCrypto.createPublicKey(pem('PUBLIC', PREFIXES[scheme]?.public, raw));
  });
}

function secretKeyOf(scheme: string, raw: Uint8Array): KeyObject {
  return secretKeys.get(scheme, raw, () => {
    if (scheme in NIST) {
      const size = NIST[scheme]?.size ?? 0;
      const scalar = fixed(size, raw);
      const jwk = {
        ...nistJwk(scheme, nistPoint(scheme, scalar)),
        d: Buffer.from(scalar).toString('base64url'),
      };
      return nodeCrypto.createPrivateKey({ key: jwk, format: 'jwk' });
    }
    if (raw.length !== SECRET_BYTES[scheme])
      throw new TypeError(`a ${scheme} secret key of ${raw.length} bytes`);
    return nodeCrypto.createPrivateKey(pem('PRIVATE', PREFIXES[scheme]?.secret, raw));
  });
}

/** A curve's key comes out of a JWK, which is twenty times as fast as DER; the lattice schemes have none in Node 24.12. */
function rawOf(scheme: string, key: KeyObject): Uint8Array {
  if (scheme.startsWith('ml-')) {
    const spki = key.export({ format: 'der', type: 'spki' });
    return Uint8Array.from(spki.subarray(spki.length - (PUBLIC_BYTES[scheme] ?? 0)));
  }
  const { x = '', y } = key.export({ format: 'jwk' });
  const coordinate = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'base64url'));
  return y === undefined ? coordinate(x) : concat(Uint8Array.of(4), coordinate(x), coordinate(y));
}

function rawPublicKey(scheme: string, secretKey: Uint8Array): Uint8Array {
  return rawOf(scheme, nodeCrypto.createPublicKey(secretKeyOf(scheme, secretKey)));
}

function freshPair(curve: CurveName): { publicKey: KeyObject; privateKey: KeyObject } {
  const nist = NIST[curve];
  return nist === undefined
    ? nodeCrypto.generateKeyPairSync(curve as 'x25519')
    : nodeCrypto.generateKeyPairSync('ec', { namedCurve: nist.name });
}

function freshSecret(scheme: string): Uint8Array {
  const curve = NIST[scheme];
  if (curve === undefined)
    return Uint8Array.from(nodeCrypto.randomBytes(SECRET_BYTES[scheme] ?? 0));
  const generated = nodeCrypto.createECDH(curve.name);
  generated.generateKeys();
  return fixed(curve.size, Uint8Array.from(generated.getPrivateKey()));
}

function keyPair(scheme: string, secretKey: Uint8Array): KeyPair {
  return { publicKey: rawPublicKey(scheme, secretKey), secretKey };
}

/** `undefined` for whatever a stranger's bytes make OpenSSL throw. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function openAead(
  name: AeadName,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  if (ciphertext.length < TAG_BYTES) return undefined;
  return attempt(() => {
    // One call for all three: the AEAD options differ only in types.
    const secret = nodeCrypto.createSecretKey(key);
    const decipher = nodeCrypto.createDecipheriv(name as 'aes-256-gcm', secret, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aad, { plaintextLength: ciphertext.length - TAG_BYTES });
    decipher.setAuthTag(ciphertext.subarray(ciphertext.length - TAG_BYTES));
    const plaintext = decipher.update(ciphertext.subarray(0, ciphertext.length - TAG_BYTES));
    decipher.final();
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
  });
}

const signatureScheme = (name: SignatureName): string => ECDSA_CURVE[name] ?? name;
const signatureHash = (name: SignatureName): string | null =>
  NIST[ECDSA_CURVE[name] ?? '']?.hash ?? null;

/** The native binding of the crypto port. It needs Node 24.7 or newer: see `missingAlgorithms`. */
export const nativeCrypto: Crypto = {
  // A copy by constructor: `Uint8Array.from` walks an iterator and takes as long as the hash.
  hash: (name, data) => new Uint8Array(nodeCrypto.hash(name, data, 'buffer')),
  hasher(name) {
    const hash = nodeCrypto.createHash(name);
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => Uint8Array.from(hash.digest()),
    };
  },
  hmac,
  shake256: (data, length) =>
    Uint8Array.from(
      nodeCrypto.createHash('shake256', { outputLength: length }).update(data).digest(),
    ),
  equal: (a, b) => a.length === b.length && nodeCrypto.timingSafeEqual(a, b),

  seal(name, key, nonce, aad, plaintext) {
    // A key object: see `pem`. It takes a third of the time that a raw key does.
    const secret = nodeCrypto.createSecretKey(key);
    const cipher = nodeCrypto.createCipheriv(name as 'aes-256-gcm', secret, nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(aad, { plaintextLength: plaintext.length });
    const body = cipher.update(plaintext);
    cipher.final();
    return concat(body, cipher.getAuthTag());
  },
  open: openAead,

  generateDh: (curve) => keyPair(curve, freshSecret(curve)),
  agreeOnce: (curve, publicKey) =>
    attempt(() => {
      const theirs = publicKeyOf(curve, publicKey);
      const once = freshPair(curve);
      const shared = nodeCrypto.diffieHellman({ privateKey: once.privateKey, publicKey: theirs });
      return { publicKey: rawOf(curve, once.publicKey), shared: Uint8Array.from(shared) };
    }),
  dhPublicKey: (curve, secretKey) => rawPublicKey(curve, secretKey),
  dh: (curve, secretKey, publicKey) =>
    attempt(() =>
      Uint8Array.from(
        nodeCrypto.diffieHellman({
          privateKey: secretKeyOf(curve, secretKey),
          publicKey: publicKeyOf(curve, publicKey),
        }),
      ),
    ),

  generateSigner(name) {
    const scheme = signatureScheme(name);
    return keyPair(scheme, freshSecret(scheme));
  },
  signerFromSecret: (name, secretKey) => keyPair(signatureScheme(name), secretKey),
  sign: (name, secretKey, message) =>
    Uint8Array.from(
      nodeCrypto.sign(signatureHash(name), message, secretKeyOf(signatureScheme(name), secretKey)),
    ),
  verify: (name, publicKey, message, signature) =>
    attempt(() =>
      nodeCrypto.verify(
        signatureHash(name),
        message,
        publicKeyOf(signatureScheme(name), publicKey),
        signature,
      ),
    ) ?? false,
  verifyAside: (name, publicKey, message, signature) =>
    new Promise((resolve) => {
      const key = attempt(() => publicKeyOf(signatureScheme(name), publicKey));
      if (key === undefined) return resolve(false);
      nodeCrypto.verify(signatureHash(name), message, key, signature, (error, holds) =>
        resolve(error === null && holds),
      );
    }),

  mlKemPublicKey: (seed) => rawPublicKey('ml-kem-768', seed),
  mlKemEncapsulate: (publicKey) =>
    attempt(() => {
      const { sharedKey, ciphertext } = nodeCrypto.encapsulate(
        publicKeyOf('ml-kem-768', publicKey),
      );
      return { sharedSecret: Uint8Array.from(sharedKey), ciphertext: Uint8Array.from(ciphertext) };
    }),
  mlKemDecapsulate: (seed, ciphertext) =>
    attempt(() =>
      Uint8Array.from(nodeCrypto.decapsulate(secretKeyOf('ml-kem-768', seed), ciphertext)),
    ),

  passwordKey: (passphrase, salt, cost) =>
    Uint8Array.from(
      nodeCrypto.argon2Sync('argon2id', {
        message: passphrase,
        nonce: salt,
        memory: cost.memoryKiB,
        passes: cost.passes,
        parallelism: cost.lanes,
        tagLength: 32,
      }),
    ),
};

/** The algorithms this Node lacks: empty on 24.7 and newer, built on OpenSSL 3.5. */
export function missingAlgorithms(): readonly string[] {
  const probes: Record<string, () => unknown> = {
    'ML-KEM-768': () => nativeCrypto.mlKemPublicKey(new Uint8Array(64)),
    'ML-DSA-65': () => nativeCrypto.signerFromSecret('ml-dsa-65', new Uint8Array(32)),
    SHAKE256: () => nativeCrypto.shake256(new Uint8Array(1), 32),
    Argon2id: () =>
      nativeCrypto.passwordKey(new Uint8Array(1), new Uint8Array(16), {
        memoryKiB: 8,
        passes: 1,
        lanes: 1,
      }),
  };
  return Object.entries(probes).flatMap(([name, probe]) =>
    attempt(probe) === undefined ? [name] : [],
  );
}
