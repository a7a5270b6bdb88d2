// Admission: a device asks in the box of an invitation; the inviter reads who asks, admits it on the record, adds it to
// the group, and seals the welcome to the device's own key.

import {
  accept,
  bytes,
  concat,
  decode,
  encode,
  HYBRID_SIGNATURE_BYTES,
  hpkeOpen,
  hpkeSeal,
  hybridSign,
  hybridVerify,
  pad,
  refuse,
  sameBytes,
  struct,
  uint,
  unpad,
  utf8,
  xwingKem,
  type Decoded,
  type HpkeSuite,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  checkCertificate,
  digest,
  signedCertificateCodec,
  type DeviceId,
  type Fingerprint,
  type RoomId,
  type RootHash,
  type SignedCertificate,
} from '@parley/record';
import { KEY_PACKAGE_MAX_BYTES } from './act.ts';
import { checkKeyPackage, makeKeyPackage } from './key-package.ts';
import type { Identity } from './identity.ts';
import { boxKeys, isExpired, type Invitation } from './invitation.ts';
import { WELCOME_MAX_BYTES } from './room.ts';
import type { SuitePorts } from './suite.ts';

const REQUEST_LABEL = utf8('parley/v1/join-request\0');
const WELCOME_LABEL = utf8('parley/v1/welcome\0');
const REQUEST_PURPOSE = 'join-request';
const REQUEST_LEAST_BYTES = 16_384;
const NONCE_BYTES = 12;
const XWING_ENC_BYTES = 1_120;
const HISTORY_MAX_BYTES = 4_096;

const requestCodec = struct({
  certificate: signedCertificateCodec,
  keyPackage: bytes({ max: KEY_PACKAGE_MAX_BYTES }),
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
});

/** Who asks, as its own authority certifies it. Names are claims: compare fingerprints, then verify. */
export type JoinRequest = {
  readonly party: string;
  readonly member: string;
  readonly label: string;
  readonly fingerprint: Fingerprint;
  readonly deviceId: DeviceId;
  readonly certificate: SignedCertificate;
  readonly keyPackage: Uint8Array;
  /** The key that the device signs entries with. */
  readonly signer: Uint8Array;
  /** Where the welcome is sealed to. */
  readonly seal: Uint8Array;
};

export type RequestReason =
  | 'expired'
  /** Not sealed with this invitation's secret, or changed on the way. */
  | 'unreadable'
  | 'malformed'
  | 'wrong-certificate'
  | 'wrong-key-package'
  /** The device did not sign this request for this box. */
  | 'wrong-signature';

const joiningCodec = struct({
  box: bytes({ exactly: 32 }),
  inviter: digest<Fingerprint>(),
  keyPackage: bytes({ max: KEY_PACKAGE_MAX_BYTES }),
  secret: bytes({ max: 512 }),
});

/** What a device that has asked must keep until it is answered; secret. */
export type Joining = Decoded<typeof joiningCodec>;

export function encodeJoining(joining: Joining): Uint8Array {
  return encode(joiningCodec, joining);
}

export function decodeJoining(stored: Uint8Array): Verdict<Joining, 'malformed'> {
  const decoded = decode(joiningCodec, stored);
  return decoded.ok ? decoded : refuse('malformed', { detail: decoded.reason });
}

/** What the signature in a request covers: this box, this inviter, this certificate and this key package. */
function signedRequest(
  ports: Pick<Ports, 'crypto'>,
  boxId: Uint8Array,
  inviter: Fingerprint,
  request: { certificate: SignedCertificate; keyPackage: Uint8Array },
): Uint8Array {
  const { crypto } = ports;
  return concat(
    boxId,
    inviter,
    crypto.hash('sha256', request.certificate.body),
    crypto.hash('sha256', request.keyPackage),
  );
}

/** Asks to join. Store `joining`, then append `request` as the first envelope of the box. */
export async function requestJoin(
  ports: SuitePorts,
  identity: Identity,
  invitation: Invitation,
): Promise<{ joining: Joining; request: Uint8Array }> {
  const { crypto, randomness } = ports;
  const box = boxKeys(crypto, invitation);
  const { inviter } = invitation;
  const made = await makeKeyPackage(ports, identity.deviceId, identity.mls);
  const { certificate } = identity;
  const { keyPackage, secret } = made;
  const signature = hybridSign(
    crypto,
    { secretKey: identity.signer.secretKey, purpose: REQUEST_PURPOSE },
    signedRequest(ports, box.id, inviter, { certificate, keyPackage }),
  );
  const plain = encode(requestCodec, { certificate, keyPackage, signature });
  const nonce = randomness.bytes(NONCE_BYTES);
  const sealed = crypto.seal(
    'aes-256-gcm',
    box.seal,
    nonce,
    concat(REQUEST_LABEL, box.id),
    pad(plain, REQUEST_LEAST_BYTES),
  );
  const joining = { box: invitation.box, inviter, keyPackage, secret };
  return { joining, request: concat(nonce, sealed) };
}

/** Reads who asks. An invitation past its time is refused here too, since a guest may not look at its own clock. */
export async function readJoinRequest(
  ports: Ports,
  invitation: Invitation,
  request: Uint8Array,
): Promise<Verdict<JoinRequest, RequestReason>> {
  if (isExpired(invitation, ports.clock.nowMs())) return refuse('expired');
  const { crypto } = ports;
  const box = boxKeys(crypto, invitation);
  const opened = crypto.open(
    'aes-256-gcm',
    box.seal,
    request.subarray(0, NONCE_BYTES),
    concat(REQUEST_LABEL, box.id),
    request.subarray(NONCE_BYTES),
  );
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, REQUEST_LEAST_BYTES);
  if (!plain.ok) return refuse('malformed', { detail: plain.reason });
  const decoded = decode(requestCodec, plain.value);
  if (!decoded.ok) return refuse('malformed', { at: decoded.at ?? 0, detail: decoded.reason });
  const { certificate, keyPackage, signature } = decoded.value;
  const checked = checkCertificate(crypto, certificate);
  if (!checked.ok) return refuse('wrong-certificate', { detail: checked.reason });
  const { certificate: certified, deviceId, party: fingerprint } = checked.value;
  const leaf = await checkKeyPackage(ports, keyPackage);
  if (!leaf.ok || !sameBytes(leaf.value.device, deviceId)) return refuse('wrong-key-package');
  if (!sameBytes(leaf.value.mlsKey, certified.mls)) return refuse('wrong-key-package');
  const key = { publicKey: certified.signer, purpose: REQUEST_PURPOSE };
  const signed = signedRequest(ports, box.id, invitation.inviter, { certificate, keyPackage });
  if (!hybridVerify(crypto, key, signed, signature)) return refuse('wrong-signature');
  const { party, member, label, seal, signer } = certified;
  const who = { party, member, label, fingerprint, deviceId, certificate };
  return accept({ ...who, keyPackage, seal, signer });
}

/** Where in the log and the record a commit let a device in: what `receive` gives as `welcome` with `admitted`. */
export const entryTicketCodec = struct({
  room: digest<RoomId>(),
  seq: uint(),
  head: bytes({ exactly: 32 }),
  size: uint(),
  root: digest<RootHash>(),
  mls: bytes({ max: WELCOME_MAX_BYTES }),
});

export const welcomeCodec = struct({
  ticket: entryTicketCodec,
  capability: struct({ id: bytes({ exactly: 16 }), key: bytes({ exactly: 32 }) }),
  history: bytes({ max: HISTORY_MAX_BYTES }),
});

/** What a welcome brings. `history` is the desk's own pointer to the record so far. */
export type Welcome = Decoded<typeof welcomeCodec>;

function suiteFor(ports: SuitePorts): HpkeSuite {
  return { kem: xwingKem(ports), kdf: 'sha512', aead: 'aes-256-gcm' };
}

/** Seals the second envelope of the box to the device that asked. `history` has at most 4,096 bytes. */
export function sealWelcome(
  ports: SuitePorts,
  invitation: Invitation,
  request: JoinRequest,
  content: {
    welcome: Uint8Array;
    capability: { id: Uint8Array; key: Uint8Array };
    history: Uint8Array;
  },
): Verdict<Uint8Array, 'malformed'> {
  const ticket = decode(entryTicketCodec, content.welcome);
  if (!ticket.ok) return refuse('malformed', { detail: 'not a welcome of an outcome' });
  const { capability, history } = content;
  const plain = encode(welcomeCodec, { ticket: ticket.value, capability, history });
  const info = concat(WELCOME_LABEL, boxKeys(ports.crypto, invitation).id);
  const to = { publicKey: request.seal, info };
  const sealed = hpkeSeal(ports.crypto, suiteFor(ports), to, pad(plain, REQUEST_LEAST_BYTES));
  if (sealed === undefined) return refuse('malformed', { detail: 'its sealing key is none' });
  return accept(concat(sealed.enc, sealed.ciphertext));
}

/** Opens the welcome. It says nothing yet about who made it: `joinRoom` checks that against the record. */
export function acceptWelcome(
  ports: SuitePorts,
  identity: Identity,
  joining: Joining,
  sealed: Uint8Array,
): Verdict<Welcome, 'unreadable' | 'malformed'> {
  const info = concat(WELCOME_LABEL, boxKeys(ports.crypto, joining).id);
  const opened = hpkeOpen(
    ports.crypto,
    suiteFor(ports),
    { secretKey: identity.seal.secretKey, info },
    { enc: sealed.subarray(0, XWING_ENC_BYTES), ciphertext: sealed.subarray(XWING_ENC_BYTES) },
  );
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, REQUEST_LEAST_BYTES);
  if (!plain.ok) return refuse('malformed', { detail: plain.reason });
  const decoded = decode(welcomeCodec, plain.value);
  return decoded.ok ? decoded : refuse('malformed', { at: decoded.at ?? 0 });
}
