// How a device comes into its own party: an officer's terms, the device's request, the authority's answer, in one box.
//
// Envelope 1 says whom the invitation is for. Envelope 2 is by the device, which writes its own certificate and one key
// package for each room. The others are sealed to it: the authority's signature, and the welcome into one room each.

import {
  accept,
  bytes,
  concat,
  decode,
  encode,
  HYBRID_PUBLIC_KEY_BYTES,
  HYBRID_SIGNATURE_BYTES,
  hpkeOpen,
  hpkeSeal,
  hybridSign,
  hybridVerify,
  list,
  pad,
  refuse,
  sameBytes,
  struct,
  text,
  uint,
  unpad,
  utf8,
  word,
  xwingKem,
  type Crypto,
  type Decoded,
  type HpkeSuite,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  asDeviceId,
  checkCertificate,
  deviceCertificateCodec,
  fingerprint,
  ROLES,
  type DeviceCertificate,
  type DeviceId,
  type SignedCertificate,
} from '@parley/record';
import { KEY_PACKAGE_MAX_BYTES } from './act.ts';
import { welcomeCodec, type Joining, type Welcome } from './admission.ts';
import { boxKeys, type Invitation } from './invitation.ts';
import type { DeviceKeys } from './identity.ts';
import { checkKeyPackage, makeKeyPackage } from './key-package.ts';
import type { SuitePorts } from './suite.ts';

const PREFIX = 'parleyfellow1';

/** Rooms that one invitation can lead into; for later ones there are further invitations. */
export const FELLOW_ROOMS_MAX = 64;
const TERMS_LABEL = utf8('parley/v1/fellow-terms\0');
const REQUEST_LABEL = utf8('parley/v1/fellow-request\0');
const ANSWER_LABEL = utf8('parley/v1/fellow-answer\0');
const PURPOSE = 'fellow-request';
const LEAST_BYTES = 16_384;
const NONCE_BYTES = 12;
const ENC_BYTES = 1_120;
const BODY_MAX_BYTES = 6_000;

/** Whom an officer invites: the names and the role that the authority will certify, and how many rooms await. */
export const fellowTermsCodec = struct({
  party: text(120),
  authority: bytes({ exactly: HYBRID_PUBLIC_KEY_BYTES }),
  member: text(120),
  role: word(ROLES),
  rooms: uint(FELLOW_ROOMS_MAX),
});
export type FellowTerms = Decoded<typeof fellowTermsCodec>;

const requestCodec = struct({
  /** The certificate's body as the device wants it signed. */
  body: bytes({ max: BODY_MAX_BYTES }),
  keyPackages: list(bytes({ max: KEY_PACKAGE_MAX_BYTES }), FELLOW_ROOMS_MAX),
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
});

export type FellowRequest = {
  readonly body: Uint8Array;
  readonly certificate: DeviceCertificate;
  /** What the new device shows, to be compared by voice: it is the hash of what the authority is to sign. */
  readonly deviceId: DeviceId;
  readonly keyPackages: readonly Uint8Array[];
};

const answerCodec = struct({
  /** Of the authority under the certificate's body. */
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
  /** Which of the request's key packages the welcome is for. */
  keyPackage: uint(FELLOW_ROOMS_MAX),
  /** How the officer calls the room, and where its log is. */
  name: text(300),
  relay: text(300),
  relayKey: bytes({ exactly: 32 }),
  welcome: welcomeCodec,
});

export type FellowAnswer = {
  readonly certificate: SignedCertificate;
  readonly keyPackage: number;
  readonly name: string;
  readonly relay: string;
  readonly relayKey: Uint8Array;
  readonly welcome: Welcome;
};

export type FellowReason =
  /** Not sealed with this invitation's secret, or changed on the way. */
  | 'unreadable'
  | 'malformed'
  /** The invitation is by another party's authority than the terms name, or the certificate by another than asked. */
  | 'wrong-authority'
  /** The request is not for whom the invitation was made. */
  | 'other-terms'
  | 'wrong-key-package'
  | 'wrong-signature';

/** The invitation's text: another first word, so that nobody takes it for one into a channel. */
export function fellowInvitationText(written: string): string {
  return written.replace(/^parley1/, PREFIX);
}

/** The text that `readInvitation` reads, or undefined where this is no invitation into a party. */
export function channelInvitationText(written: string): string | undefined {
  const compact = written.trim();
  return compact.startsWith(PREFIX) ? `parley1${compact.slice(PREFIX.length)}` : undefined;
}

function sealInBox(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  invitation: Pick<Invitation, 'box'>,
  label: Uint8Array,
  plain: Uint8Array,
): Uint8Array {
  const box = boxKeys(ports.crypto, invitation);
  const nonce = ports.randomness.bytes(NONCE_BYTES);
  const padded = pad(plain, LEAST_BYTES);
  return concat(
    nonce,
    ports.crypto.seal('aes-256-gcm', box.seal, nonce, concat(label, box.id), padded),
  );
}

function openInBox(
  crypto: Crypto,
  invitation: Pick<Invitation, 'box'>,
  label: Uint8Array,
  sealed: Uint8Array,
): Verdict<Uint8Array, 'unreadable' | 'malformed'> {
  const box = boxKeys(crypto, invitation);
  const [nonce, ciphertext] = [sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES)];
  const opened = crypto.open('aes-256-gcm', box.seal, nonce, concat(label, box.id), ciphertext);
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, LEAST_BYTES);
  return plain.ok ? plain : refuse('malformed', { detail: plain.reason });
}

/** The first envelope of the box, before its invitation is given to anybody. */
export function sealFellowTerms(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  invitation: Invitation,
  terms: FellowTerms,
): Uint8Array {
  return sealInBox(ports, invitation, TERMS_LABEL, encode(fellowTermsCodec, terms));
}

/** Reads whom an invitation is for. Its authority is the one whose fingerprint the invitation names. */
export function openFellowTerms(
  crypto: Crypto,
  invitation: Invitation,
  envelope: Uint8Array,
): Verdict<FellowTerms, FellowReason> {
  const plain = openInBox(crypto, invitation, TERMS_LABEL, envelope);
  if (!plain.ok) return plain;
  const terms = decode(fellowTermsCodec, plain.value);
  if (!terms.ok) return refuse('malformed', { detail: terms.reason });
  return sameBytes(fingerprint(crypto, terms.value.authority), invitation.inviter)
    ? terms
    : refuse('wrong-authority');
}

const signedRequest = (
  crypto: Crypto,
  boxId: Uint8Array,
  body: Uint8Array,
  keyPackages: readonly Uint8Array[],
): Uint8Array =>
  concat(
    boxId,
    crypto.hash('sha256', body),
    ...keyPackages.map((keyPackage) => crypto.hash('sha256', keyPackage)),
  );

/** The certificate's body that a new device asks its authority to sign. */
export function fellowCertificate(
  ports: Pick<Ports, 'clock'>,
  terms: FellowTerms,
  keys: DeviceKeys,
  label: string,
): Uint8Array {
  return encode(deviceCertificateCodec, {
    party: terms.party,
    authority: terms.authority,
    member: terms.member,
    label,
    role: terms.role,
    signer: keys.signer.publicKey,
    mls: keys.mls.publicKey,
    seal: keys.seal.publicKey,
    issuedMs: ports.clock.nowMs(),
  });
}

/** Asks to be let in. Store `joinings` first: they hold the secrets that open each room's welcome. */
export async function requestFellowship(
  ports: SuitePorts,
  invitation: Invitation,
  device: { keys: DeviceKeys; body: Uint8Array },
  rooms: number,
): Promise<{ deviceId: DeviceId; joinings: readonly Joining[]; request: Uint8Array }> {
  const { crypto } = ports;
  const { keys, body } = device;
  const deviceId = asDeviceId(crypto.hash('sha256', body));
  const joinings: Joining[] = [];
  for (let room = 0; room < rooms; room++) {
    const made = await makeKeyPackage(ports, deviceId, keys.mls);
    joinings.push({ box: invitation.box, inviter: invitation.inviter, ...made });
  }
  const keyPackages = joinings.map((one) => one.keyPackage);
  const signature = hybridSign(
    crypto,
    { secretKey: keys.signer.secretKey, purpose: PURPOSE },
    signedRequest(crypto, boxKeys(crypto, invitation).id, body, keyPackages),
  );
  const plain = encode(requestCodec, { body, keyPackages, signature });
  return { deviceId, joinings, request: sealInBox(ports, invitation, REQUEST_LABEL, plain) };
}

/**
 * Reads who asks. Names, role and authority must be those of the terms, but for a device that `known` recognises: it was
 * certified before, and its member may have been renamed since.
 */
export async function readFellowRequest(
  ports: SuitePorts,
  invitation: Invitation,
  terms: FellowTerms,
  envelope: Uint8Array,
  known: (device: DeviceId) => boolean = () => false,
): Promise<Verdict<FellowRequest, FellowReason>> {
  const { crypto } = ports;
  const plain = openInBox(crypto, invitation, REQUEST_LABEL, envelope);
  if (!plain.ok) return plain;
  const decoded = decode(requestCodec, plain.value);
  if (!decoded.ok) return refuse('malformed', { detail: decoded.reason });
  const { body, keyPackages, signature } = decoded.value;
  const read = decode(deviceCertificateCodec, body);
  if (!read.ok) return refuse('malformed', { detail: read.reason });
  const certificate = read.value;
  const deviceId = asDeviceId(crypto.hash('sha256', body));
  const asInvited =
    certificate.party === terms.party &&
    certificate.member === terms.member &&
    certificate.role === terms.role &&
    sameBytes(certificate.authority, terms.authority);
  if (!asInvited && !known(deviceId)) return refuse('other-terms');
  const said = signedRequest(crypto, boxKeys(crypto, invitation).id, body, keyPackages);
  const key = { publicKey: certificate.signer, purpose: PURPOSE };
  if (!hybridVerify(crypto, key, said, signature)) return refuse('wrong-signature');
  for (const keyPackage of keyPackages) {
    const leaf = await checkKeyPackage(ports, keyPackage);
    if (!leaf.ok || !sameBytes(leaf.value.device, deviceId)) return refuse('wrong-key-package');
    if (!sameBytes(leaf.value.mlsKey, certificate.mls)) return refuse('wrong-key-package');
  }
  return accept({ body, certificate, deviceId, keyPackages });
}

const suiteOf = (ports: SuitePorts): HpkeSuite => ({
  kem: xwingKem(ports),
  kdf: 'sha512',
  aead: 'aes-256-gcm',
});

/** Seals the certificate's signature and one room's welcome to the device. `welcome` is that of an `admitted` outcome. */
export function sealFellowAnswer(
  ports: SuitePorts,
  invitation: Invitation,
  request: FellowRequest,
  answer: Decoded<typeof answerCodec>,
): Verdict<Uint8Array, 'malformed'> {
  const info = concat(ANSWER_LABEL, boxKeys(ports.crypto, invitation).id);
  const to = { publicKey: request.certificate.seal, info };
  const plain = pad(encode(answerCodec, answer), LEAST_BYTES);
  const sealed = hpkeSeal(ports.crypto, suiteOf(ports), to, plain);
  if (sealed === undefined) return refuse('malformed', { detail: 'its sealing key is none' });
  return accept(concat(sealed.enc, sealed.ciphertext));
}

/** Opens an answer: the authority must have signed exactly the certificate that was asked for. */
export function openFellowAnswer(
  ports: SuitePorts,
  invitation: Invitation,
  device: { keys: DeviceKeys; body: Uint8Array },
  sealed: Uint8Array,
): Verdict<FellowAnswer, FellowReason> {
  const info = concat(ANSWER_LABEL, boxKeys(ports.crypto, invitation).id);
  const opened = hpkeOpen(
    ports.crypto,
    suiteOf(ports),
    { secretKey: device.keys.seal.secretKey, info },
    { enc: sealed.subarray(0, ENC_BYTES), ciphertext: sealed.subarray(ENC_BYTES) },
  );
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, LEAST_BYTES);
  const decoded = plain.ok ? decode(answerCodec, plain.value) : plain;
  if (!decoded.ok) return refuse('malformed', { detail: decoded.reason });
  const { signature, ...answer } = decoded.value;
  const certificate = { body: device.body, signature };
  const checked = checkCertificate(ports.crypto, certificate);
  if (!checked.ok) return refuse('wrong-authority');
  return accept({ certificate, ...answer });
}
