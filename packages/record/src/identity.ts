// Who signs: a party's authority certifies the devices of its members, once, before anyone else sees them.

import {
  accept,
  bytes,
  decode,
  encode,
  HYBRID_PUBLIC_KEY_BYTES,
  HYBRID_SIGNATURE_BYTES,
  hybridSign,
  hybridVerify,
  refuse,
  struct,
  text,
  uint,
  word,
  XWING_PUBLIC_KEY_BYTES,
  type Crypto,
  type Decoded,
  type Verdict,
} from '@parley/kernel';
import { asDeviceId, fingerprint, sha256, type DeviceId, type Fingerprint } from './digests.ts';

const PURPOSE = 'device-certificate';
const CERTIFICATE_BODY_MAX_BYTES = 6_000;

/** What a device may do for its party: an officer's governs it (admits, renames, suspends, removes), a member's does not. */
export const ROLES = ['officer', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** What an authority says of one device. `issuedMs` is its claim: milliseconds since 1970. */
export const deviceCertificateCodec = struct({
  party: text(120),
  authority: bytes({ exactly: HYBRID_PUBLIC_KEY_BYTES }),
  member: text(120),
  label: text(60),
  role: word(ROLES),
  signer: bytes({ exactly: HYBRID_PUBLIC_KEY_BYTES }),
  mls: bytes({ exactly: 32 }),
  seal: bytes({ exactly: XWING_PUBLIC_KEY_BYTES }),
  issuedMs: uint(),
});
export type DeviceCertificate = Decoded<typeof deviceCertificateCodec>;

/** The certificate's exact bytes with the authority's hybrid signature over them. */
export const signedCertificateCodec = struct({
  body: bytes({ max: CERTIFICATE_BODY_MAX_BYTES }),
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
});
export type SignedCertificate = Decoded<typeof signedCertificateCodec>;

/** A certificate whose signature held. */
export type CheckedCertificate = {
  readonly certificate: DeviceCertificate;
  readonly deviceId: DeviceId;
  /** The fingerprint of the authority, which is how a party is told from another of the same name. */
  readonly party: Fingerprint;
};

export type CertificateReason = 'malformed-certificate' | 'wrong-authority';

/** Signs `body` with the secret of the authority it names. The pair must belong together: `checkCertificate` would refuse. */
export function issueCertificate(
  crypto: Crypto,
  authoritySecret: Uint8Array,
  body: DeviceCertificate,
): SignedCertificate {
  const encoded = encode(deviceCertificateCodec, body);
  const signature = hybridSign(crypto, { secretKey: authoritySecret, purpose: PURPOSE }, encoded);
  return { body: encoded, signature };
}

/** Reads a certificate without checking its signature: for one that was checked before. */
export function readCertificate(
  crypto: Crypto,
  signed: SignedCertificate,
): Verdict<CheckedCertificate, 'malformed-certificate'> {
  const decoded = decode(deviceCertificateCodec, signed.body);
  if (!decoded.ok) {
    return refuse('malformed-certificate', { detail: `the certificate is ${decoded.reason}` });
  }
  return accept({
    certificate: decoded.value,
    deviceId: asDeviceId(sha256(crypto, signed.body)),
    party: fingerprint(crypto, decoded.value.authority),
  });
}

/**
 * Accepts a certificate that the authority named in it signed with both schemes. Whether that authority is the one
 * you mean is another question: compare `party`.
 */
export function checkCertificate(
  crypto: Crypto,
  signed: SignedCertificate,
): Verdict<CheckedCertificate, CertificateReason> {
  const read = readCertificate(crypto, signed);
  if (!read.ok) return read;
  const { authority } = read.value.certificate;
  const key = { publicKey: authority, purpose: PURPOSE };
  if (!hybridVerify(crypto, key, signed.body, signed.signature)) {
    return refuse('wrong-authority', {
      detail: 'the certificate is not signed by the authority it names',
    });
  }
  return read;
}
