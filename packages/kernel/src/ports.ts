// Ports: what the pure packages may ask of the world. The one native binding is this package's `./node` entry.

/** Milliseconds since 1970-01-01T00:00:00Z, by the local clock, which may be wrong. */
export interface Clock {
  nowMs(): number;
  /** Minutes that this clock's zone is east of UTC now. A clock without it keeps its zone to itself. */
  zoneMinutes?(): number;
}

/** Uniform random bytes fit for keys. A simulation binds a seeded one. */
export interface Randomness {
  bytes(length: number): Uint8Array;
}

export type HashName = 'sha256' | 'sha384' | 'sha512' | 'sha3-256';
export type AeadName = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
export type CurveName = 'x25519' | 'x448' | 'p-256' | 'p-384' | 'p-521';
export type SignatureName =
  | 'ed25519'
  | 'ed448'
  | 'ecdsa-p256'
  | 'ecdsa-p384'
  | 'ecdsa-p521'
  | 'ml-dsa-65';

/** Hashing in pieces. `digest` ends it. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** A raw key pair. The secret is the scheme's own shortest form: a seed where the scheme has one. */
export type KeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

export type PasswordCost = {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
};

/**
 * Primitives, all but one synchronous (synchronous native calls beat WebCrypto at our sizes: notes/protocol.md).
 * Functions that take a stranger's key, ciphertext or signature answer `undefined` or `false` for bad input; they
 * throw only for wrong use (a key of the wrong length made by ourselves).
 */
export interface Crypto {
  hash(name: HashName, data: Uint8Array): Uint8Array;
  hasher(name: HashName): Hasher;
  hmac(name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array;
  shake256(data: Uint8Array, length: number): Uint8Array;
  /** Same time for any two inputs of one length. */
  equal(a: Uint8Array, b: Uint8Array): boolean;

  /** Ciphertext with its 16-byte tag at the end. */
  seal(
    name: AeadName,
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  open(
    name: AeadName,
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
  ): Uint8Array | undefined;

  generateDh(curve: CurveName): KeyPair;
  /**
   * Agrees with the owner of a public key by a fresh pair of one use: its public half, and the shared secret as `dh`
   * gives it. Its secret half is kept nowhere. Undefined where `dh` would be.
   */
  agreeOnce(
    curve: CurveName,
    publicKey: Uint8Array,
  ): { publicKey: Uint8Array; shared: Uint8Array } | undefined;
  /** The public key of a secret scalar or seed; NIST points are uncompressed. */
  dhPublicKey(curve: CurveName, secretKey: Uint8Array): Uint8Array;
  /** The shared secret (x-coordinate for NIST curves), or undefined for an invalid or low-order point. */
  dh(curve: CurveName, secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;

  generateSigner(name: SignatureName): KeyPair;
  signerFromSecret(name: SignatureName, secretKey: Uint8Array): KeyPair;
  /** ECDSA signatures are DER, as MLS wants them; the others raw. */
  sign(name: SignatureName, secretKey: Uint8Array, message: Uint8Array): Uint8Array;
  verify(
    name: SignatureName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean;
  /** As `verify`, beside the caller's own thread: many asked together use all cores. */
  verifyAside(
    name: SignatureName,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean>;

  /** ML-KEM-768 (FIPS 203); the secret key is the 64-byte seed d || z. */
  mlKemPublicKey(seed: Uint8Array): Uint8Array;
  mlKemEncapsulate(
    publicKey: Uint8Array,
  ): { sharedSecret: Uint8Array; ciphertext: Uint8Array } | undefined;
  mlKemDecapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;

  /** Argon2id (RFC 9106), 32 bytes out. */
  passwordKey(passphrase: Uint8Array, salt: Uint8Array, cost: PasswordCost): Uint8Array;
}

/** What a pure state machine is handed. */
export type Ports = {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly crypto: Crypto;
};
