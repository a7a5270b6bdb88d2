// Capabilities: the right of one device to use one log, proven by an HMAC that is checked before any body byte is read.
//
// The relay holds the same key, so a capability proves nothing to third parties. That is enough: members sign what they
// write, and the relay only has to keep strangers out cheaply.

import {
  accept,
  concat,
  fromBase64Url,
  refuse,
  toBase64Url,
  utf8,
  type Crypto,
  type Randomness,
  type Verdict,
} from '@parley/kernel';
import { capabilityId, type CapabilityId } from './ids.ts';

/** What its holder may do: an owner also grants and revokes; a reader only reads. */
export const RIGHTS = ['owner', 'member', 'reader'] as const;
export type Rights = (typeof RIGHTS)[number];

export type Capability = { readonly id: CapabilityId; readonly key: Uint8Array };

export type Grant = Capability & { readonly rights: Rights };
/** A capability as the relay holds it. 'awaited' has no rights: the log was restored and its holder has not come back. */
export type HeldGrant = Capability & { readonly rights: Rights | 'awaited' };

export function newCapability(randomness: Randomness): Capability {
  return { id: capabilityId(randomness.bytes(16)), key: randomness.bytes(32) };
}

/** What a request asks for: its method, and its path with the query, from `/v1/` on. */
export type Asked = { readonly method: string; readonly target: string };

export type Authorisation = {
  readonly id: CapabilityId;
  readonly expiresMs: number;
  readonly mac: Uint8Array;
};

function authorisationMac(
  crypto: Crypto,
  key: Uint8Array,
  asked: Asked & { expiresMs: number },
): Uint8Array {
  const lines = `${asked.method}\n${asked.target}\n${asked.expiresMs}`;
  return crypto.hmac('sha256', key, concat(utf8('parley/v1/capability\0'), utf8(lines)));
}

/** The value of the `authorization` header. `expiresMs` is by the relay's clock. */
export function authorisation(
  crypto: Crypto,
  capability: Capability,
  asked: Asked & { expiresMs: number },
): string {
  const mac = authorisationMac(crypto, capability.key, asked);
  return `Parley ${toBase64Url(capability.id)}.${asked.expiresMs}.${toBase64Url(mac)}`;
}

const FORM = /^Parley ([A-Za-z0-9_-]{22})\.([1-9][0-9]{0,15})\.([A-Za-z0-9_-]{43})$/;

/** Takes the header apart without judging it. */
export function readAuthorisation(header: string): Verdict<Authorisation, 'malformed'> {
  const [, idText, expiresText, macText] = FORM.exec(header) ?? [];
  if (idText === undefined || expiresText === undefined || macText === undefined)
    return refuse('malformed');
  const id = fromBase64Url(idText);
  const mac = fromBase64Url(macText);
  const expiresMs = Number(expiresText);
  if (!id.ok || !mac.ok || !Number.isSafeInteger(expiresMs)) return refuse('malformed');
  return accept({ id: capabilityId(id.value), expiresMs, mac: mac.value });
}

/** True only for the MAC that the key's holder made for exactly this request and expiry. Expiry itself is the caller's to judge. */
export function provesCapability(
  crypto: Crypto,
  key: Uint8Array,
  asked: Asked,
  shown: Authorisation,
): boolean {
  const expected = authorisationMac(crypto, key, { ...asked, expiresMs: shown.expiresMs });
  return crypto.equal(expected, shown.mac);
}
