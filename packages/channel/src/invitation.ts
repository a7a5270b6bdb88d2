// An invitation: one line of text that lets a counterpart find the box where it may ask to join, and whom to expect.
//
// The box is a log of at most two envelopes on the relay: the request, then the sealed welcome. Compare-and-append lets
// only one request in, so a second user of the same invitation learns that it is used.

import {
  bytes,
  concat,
  decode,
  encode,
  fromBase64Url,
  hkdf,
  refuse,
  sameBytes,
  struct,
  text,
  toBase64Url,
  uint,
  utf8,
  type Crypto,
  type Decoded,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import { digest, type Fingerprint } from '@parley/record';

const PREFIX = 'parley1';
const CHECK_BYTES = 4;
const TEXT_MAX = 2_048;

const invitationCodec = struct({
  relay: text(300),
  /** The Ed25519 key of the relay's receipts, or zeros where the inviter did not pin it. */
  relayKey: bytes({ exactly: 32 }),
  box: bytes({ exactly: 32 }),
  inviter: digest<Fingerprint>(),
  name: text(200),
  expiresMs: uint(),
});

/** What an invitation says. `box` is the secret: whoever reads it may ask, once, to join. */
export type Invitation = Decoded<typeof invitationCodec>;

/** Keys of the box that the secret stands for. */
export type BoxKeys = {
  readonly id: Uint8Array;
  readonly capability: { readonly id: Uint8Array; readonly key: Uint8Array };
  readonly seal: Uint8Array;
};

export type InvitationReason =
  | 'not-an-invitation'
  /** A letter is wrong or the end is missing. */
  | 'damaged'
  | 'unknown-version'
  | 'expired';

const checksum = (crypto: Crypto, payload: Uint8Array): Uint8Array =>
  crypto.hash('sha256', concat(utf8('parley/v1/invitation\0'), payload)).slice(0, CHECK_BYTES);

/** `parley1` and base64url of the canonical payload with a 4-byte checksum. */
export function encodeInvitation(crypto: Crypto, invitation: Invitation): string {
  const payload = encode(invitationCodec, invitation);
  return PREFIX + toBase64Url(concat(payload, checksum(crypto, payload)));
}

/** A fresh invitation and its text. Names and addresses over their limits are a bug of the caller. */
export function makeInvitation(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  terms: Omit<Invitation, 'box'>,
): { invitation: Invitation; text: string } {
  const { relay, relayKey, inviter, name, expiresMs } = terms;
  const box = ports.randomness.bytes(32);
  const invitation = { relay, relayKey, box, inviter, name, expiresMs };
  return { invitation, text: encodeInvitation(ports.crypto, invitation) };
}

/**
 * Reads an invitation, ignoring white space that mail programs put in. `nowMs` is the local clock: an honest invitation
 * is refused as expired where that clock is far ahead, so show both times.
 */
export function readInvitation(
  crypto: Crypto,
  written: string,
  nowMs: number,
): Verdict<Invitation, InvitationReason> {
  if (written.length > TEXT_MAX) return refuse('not-an-invitation');
  const compact = written.replaceAll(/[\s\u200b\ufeff]+/g, '');
  if (!compact.startsWith('parley')) return refuse('not-an-invitation');
  if (!compact.startsWith(PREFIX)) return refuse('unknown-version');
  const decoded = fromBase64Url(compact.slice(PREFIX.length));
  if (!decoded.ok || decoded.value.length <= CHECK_BYTES) return refuse('damaged');
  const payload = decoded.value.slice(0, -CHECK_BYTES);
  if (!sameBytes(decoded.value.slice(-CHECK_BYTES), checksum(crypto, payload)))
    return refuse('damaged');
  const invitation = decode(invitationCodec, payload);
  if (!invitation.ok)
    return refuse('damaged', { at: invitation.at ?? 0, detail: invitation.reason });
  return isExpired(invitation.value, nowMs)
    ? refuse('expired', { at: invitation.value.expiresMs, detail: 'compare the local clock' })
    : invitation;
}

export function isExpired(invitation: Invitation, nowMs: number): boolean {
  return nowMs > invitation.expiresMs;
}

/** Everything both sides derive from the box secret. */
export function boxKeys(crypto: Crypto, invitation: Pick<Invitation, 'box'>): BoxKeys {
  const derive = (label: string, length: number): Uint8Array =>
    hkdf(crypto, 'sha256', { ikm: invitation.box, info: utf8(`parley/v1/box ${label}`), length });
  return {
    id: derive('id', 32),
    capability: { id: derive('capability id', 16), key: derive('capability key', 32) },
    seal: derive('seal', 32),
  };
}
