// A doorstep: the log where a member of a channel leaves sealed calls for the devices of one party, since an invitation
// into a further room must reach them without a word on the record of the plenary.
//
// Its name and key follow from a secret. From the channel's id every member of the channel finds the doorstep of every
// party; from a secret that only a party's own devices share, only they find the one where their caucuses are called.

import {
  accept,
  bytes,
  concat,
  decode,
  encode,
  HYBRID_SIGNATURE_BYTES,
  hkdf,
  hpkeOpen,
  hpkeSeal,
  hybridSign,
  hybridVerify,
  pad,
  refuse,
  struct,
  text,
  unpad,
  utf8,
  variant,
  word,
  xwingKem,
  type Crypto,
  type Decoded,
  type HpkeSuite,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  deviceOf,
  digest,
  earlierCodec,
  signedCertificateCodec,
  type Device,
  type DeviceId,
  type Fingerprint,
  type Transcript,
} from '@parley/record';
import type { Identity } from './identity.ts';

const LABEL = utf8('parley/v1/call\0');
const PURPOSE = 'call';
const LEAST_BYTES = 16_384;
const ENC_BYTES = 1_120;
/** The longest envelope of a doorstep: whatever is longer is no call. */
export const CALL_MAX_BYTES = 32_768;

const callCodec = variant({
  /** Into a room of named parties: ask with this invitation. */
  room: struct({
    of: word(['caucus', 'bilateral']),
    name: text(100),
    invitation: text(2_048),
  }),
  /** To go on in a new room after a fork; a person decides. */
  restart: struct({ earlier: earlierCodec, invitation: text(2_048) }),
  /** From a fellow device of one's own party: what finds the doorstep of its caucuses. */
  secret: struct({ secret: bytes({ exactly: 32 }) }),
  /** From whoever holds our party's new authority: its certificate for the keys of the device called. */
  certificate: struct({ certificate: signedCertificateCodec }),
});

export type Call = Decoded<typeof callCodec>;

const sealedCodec = struct({
  from: digest<DeviceId>(),
  call: bytes({ max: 12_288 }),
  /** By the caller's device over the channel, the device called, and the call. */
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
});

export type CallReason =
  /** For another device, or changed on the way. */
  | 'unreadable'
  | 'malformed'
  /** Of a device that the plenary does not have, or has removed. */
  | 'unknown-device'
  | 'wrong-signature';

export type DoorstepKeys = {
  readonly id: Uint8Array;
  readonly capability: { readonly id: Uint8Array; readonly key: Uint8Array };
};

/** The log of a party's doorstep, from the channel's id or from the party's own secret for this channel. */
export function doorstepKeys(crypto: Crypto, secret: Uint8Array, party: Fingerprint): DoorstepKeys {
  const derive = (label: string, length: number): Uint8Array =>
    hkdf(crypto, 'sha256', {
      ikm: secret,
      info: concat(utf8(`parley/v1/doorstep ${label}\0`), party),
      length,
    });
  return {
    id: derive('id', 32),
    capability: { id: derive('capability id', 16), key: derive('capability key', 32) },
  };
}

function suiteFor(crypto: Crypto, randomness: Ports['randomness']): HpkeSuite {
  return { kem: xwingKem({ crypto, randomness }), kdf: 'sha512', aead: 'aes-256-gcm' };
}

const infoOf = (channel: Uint8Array, to: DeviceId): Uint8Array => concat(LABEL, channel, to);

/** Seals a call to one device of the plenary. The relay sees one size and no address; nor does any other member. */
export function sealCall(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  identity: Identity,
  to: Device,
  { channel, call }: { channel: Uint8Array; call: Call },
): Verdict<Uint8Array, 'malformed'> {
  const { crypto, randomness } = ports;
  const encoded = encode(callCodec, call);
  const info = infoOf(channel, to.id);
  const signature = hybridSign(
    crypto,
    { secretKey: identity.signer.secretKey, purpose: PURPOSE },
    concat(info, encoded),
  );
  const plain = encode(sealedCodec, { from: identity.deviceId, call: encoded, signature });
  const recipient = { publicKey: to.certificate.seal, info };
  const sealed = hpkeSeal(crypto, suiteFor(crypto, randomness), recipient, pad(plain, LEAST_BYTES));
  if (sealed === undefined) return refuse('malformed', { detail: 'its sealing key is none' });
  return accept(concat(sealed.enc, sealed.ciphertext));
}

/** Opens a call to this device, and says which device of the plenary signed it. */
export function openCall(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  identity: Identity,
  plenary: Transcript,
  sealed: Uint8Array,
): Verdict<{ call: Call; from: Device }, CallReason> {
  const { crypto, randomness } = ports;
  const { channel } = plenary;
  if (channel === null || sealed.length > CALL_MAX_BYTES) return refuse('unreadable');
  const info = infoOf(channel, identity.deviceId);
  const opened = hpkeOpen(
    crypto,
    suiteFor(crypto, randomness),
    { secretKey: identity.seal.secretKey, info },
    { enc: sealed.subarray(0, ENC_BYTES), ciphertext: sealed.subarray(ENC_BYTES) },
  );
  if (opened === undefined) return refuse('unreadable');
  const plain = unpad(opened, LEAST_BYTES);
  const decoded = plain.ok ? decode(sealedCodec, plain.value) : plain;
  if (!decoded.ok) return refuse('malformed', { detail: decoded.reason });
  const { call: encoded, signature } = decoded.value;
  const from = deviceOf(plenary, decoded.value.from);
  if (from === undefined || from.removed !== null) return refuse('unknown-device');
  const key = { publicKey: from.certificate.signer, purpose: PURPOSE };
  if (!hybridVerify(crypto, key, concat(info, encoded), signature))
    return refuse('wrong-signature');
  const call = decode(callCodec, encoded);
  return call.ok
    ? accept({ call: call.value, from })
    : refuse('malformed', { detail: call.reason });
}
