// A device's own keys and its party's certificate for them; the first device of a party also holds its authority key.

import {
  accept,
  bytes,
  decode,
  encode,
  generateHybridSigner,
  generateXWing,
  hybridSignerFromSecret,
  nullable,
  refuse,
  sameBytes,
  struct,
  xwingFromSeed,
  type HybridKeyPair,
  type KeyPair,
  type Ports,
  type Verdict,
  type XWingKeyPair,
} from '@parley/kernel';
import {
  checkCertificate,
  issueCertificate,
  signedCertificateCodec,
  type DeviceCertificate,
  type DeviceId,
  type Fingerprint,
  type Role,
  type SignedCertificate,
} from '@parley/record';

/** The keys a device makes for itself; their public halves are what an authority certifies. */
export type DeviceKeys = {
  /** Signs entries. */
  readonly signer: HybridKeyPair;
  /** Signs inside MLS. */
  readonly mls: KeyPair;
  /** Opens what is sealed to the device outside any group. */
  readonly seal: XWingKeyPair;
};

export type Identity = DeviceKeys & {
  /** Null on devices that do not hold the party's authority. */
  readonly authority: HybridKeyPair | null;
  readonly certificate: SignedCertificate;
  /** What the certificate says. */
  readonly certified: DeviceCertificate;
  readonly deviceId: DeviceId;
  /** The authority's fingerprint. */
  readonly party: Fingerprint;
};

export type IdentityReason =
  | 'malformed-identity'
  /** The certificate is not for these keys, or its signature does not hold. */
  | 'wrong-certificate';

export function generateDeviceKeys(ports: Pick<Ports, 'crypto' | 'randomness'>): DeviceKeys {
  return {
    signer: generateHybridSigner(ports.crypto, ports.randomness),
    mls: ports.crypto.signerFromSecret('ed25519', ports.randomness.bytes(32)),
    seal: generateXWing(ports.crypto, ports.randomness),
  };
}

/** The authority's statement about one device. Names are at most 120, 120 and 60 bytes of UTF-8. */
export function certifyDevice(
  ports: Pick<Ports, 'clock' | 'crypto'>,
  authority: HybridKeyPair,
  device: {
    party: string;
    member: string;
    label: string;
    role: Role;
    keys: { signer: Uint8Array; mls: Uint8Array; seal: Uint8Array };
  },
): SignedCertificate {
  return issueCertificate(ports.crypto, authority.secretKey, {
    party: device.party,
    authority: authority.publicKey,
    member: device.member,
    label: device.label,
    role: device.role,
    signer: device.keys.signer,
    mls: device.keys.mls,
    seal: device.keys.seal,
    issuedMs: ports.clock.nowMs(),
  });
}

/** Puts a device's keys and its certificate together; refuses a certificate for other keys. */
export function assembleIdentity(
  ports: Pick<Ports, 'crypto'>,
  keys: DeviceKeys,
  certificate: SignedCertificate,
  authority: HybridKeyPair | null = null,
): Verdict<Identity, IdentityReason> {
  const checked = checkCertificate(ports.crypto, certificate);
  if (!checked.ok) return refuse('wrong-certificate', { detail: checked.reason });
  const { certificate: certified, deviceId, party } = checked.value;
  const fits =
    sameBytes(certified.signer, keys.signer.publicKey) &&
    sameBytes(certified.mls, keys.mls.publicKey) &&
    sameBytes(certified.seal, keys.seal.publicKey) &&
    (authority === null || sameBytes(certified.authority, authority.publicKey));
  if (!fits) return refuse('wrong-certificate', { detail: 'it certifies other keys' });
  return accept({ ...keys, authority, certificate, certified, deviceId, party });
}

/**
 * This device under a certificate that its party has made anew: for the same keys and party name, by the authority that
 * the party has now. It holds no authority, whatever the device did before.
 */
export function certifiedAnew(
  ports: Pick<Ports, 'crypto'>,
  device: Identity,
  certificate: SignedCertificate,
  authority: Fingerprint,
): Verdict<Identity, IdentityReason> {
  const made = assembleIdentity(ports, device, certificate);
  if (!made.ok) return made;
  const { certified, party } = made.value;
  const theirs = !sameBytes(party, authority) || certified.party !== device.certified.party;
  return theirs
    ? refuse('wrong-certificate', { detail: 'it is another party that certifies' })
    : made;
}

/** A new party: its authority key and its first device, certified by it. */
export function createIdentity(
  ports: Pick<Ports, 'clock' | 'crypto' | 'randomness'>,
  names: { party: string; member: string; label: string },
): Identity {
  const authority = generateHybridSigner(ports.crypto, ports.randomness);
  const keys = generateDeviceKeys(ports);
  const certificate = certifyDevice(ports, authority, {
    ...names,
    role: 'officer',
    keys: {
      signer: keys.signer.publicKey,
      mls: keys.mls.publicKey,
      seal: keys.seal.publicKey,
    },
  });
  const identity = assembleIdentity(ports, keys, certificate, authority);
  if (!identity.ok) throw new Error(`bug: our own certificate is refused: ${identity.reason}`);
  return identity.value;
}

const identityCodec = struct({
  authority: nullable(bytes({ exactly: 64 })),
  signer: bytes({ exactly: 64 }),
  mls: bytes({ exactly: 32 }),
  seal: bytes({ exactly: 32 }),
  certificate: signedCertificateCodec,
});

/** Bytes for the vault, secrets in plain. */
export function encodeIdentity(identity: Identity): Uint8Array {
  return encode(identityCodec, {
    authority: identity.authority?.secretKey ?? null,
    signer: identity.signer.secretKey,
    mls: identity.mls.secretKey,
    seal: identity.seal.secretKey,
    certificate: identity.certificate,
  });
}

export function decodeIdentity(
  ports: Pick<Ports, 'crypto'>,
  stored: Uint8Array,
): Verdict<Identity, IdentityReason> {
  const decoded = decode(identityCodec, stored);
  if (!decoded.ok) return refuse('malformed-identity', { detail: decoded.reason });
  const { crypto } = ports;
  const { authority, signer, mls, seal, certificate } = decoded.value;
  const keys: DeviceKeys = {
    signer: hybridSignerFromSecret(crypto, signer),
    mls: crypto.signerFromSecret('ed25519', mls),
    seal: xwingFromSeed(crypto, seal),
  };
  const pair = authority === null ? null : hybridSignerFromSecret(crypto, authority);
  return assembleIdentity(ports, keys, certificate, pair);
}
