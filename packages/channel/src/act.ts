// An act is what a person or a desk wants to happen in a room; `author` makes the entry or the commit for it.

import {
  accept,
  bytes,
  decode,
  encode,
  list,
  refuse,
  struct,
  variant,
  word,
  text,
  type Verdict,
} from '@parley/kernel';
import {
  decodeBody,
  digest,
  encodeBody,
  signedCertificateCodec,
  BODY_MAX_BYTES,
  type Body,
  type Fingerprint,
  type LeafHash,
  type SignedCertificate,
} from '@parley/record';
import { DEVICES_MAX } from './profile.ts';
import type { Change } from './commit.ts';

/** The largest key package a request may carry; an X-Wing one has 2.8 KB. */
export const KEY_PACKAGE_MAX_BYTES = 8_192;

/** Kinds whose bodies hold a nonce that only the author may choose. */
type Ceremonial = 'verify-offer' | 'verify-answer' | 'verify-open';

export type Act =
  /** Any entry with a body that is ready: text, document, device-removed, verified, mismatch... */
  | Exclude<Body, { kind: Ceremonial }>
  /** Starts the comparison of words with another party. */
  | { readonly kind: 'verify-offer'; readonly about: Fingerprint }
  | { readonly kind: 'verify-answer'; readonly offer: LeafHash }
  | { readonly kind: 'verify-open'; readonly offer: LeafHash }
  /** Admits who asked: the entry first, then, asked for by an outcome `due`, the commit that adds the device. */
  | {
      readonly kind: 'admit';
      readonly certificate: SignedCertificate;
      readonly keyPackage: Uint8Array;
    }
  /** Asks a second officer of one's own party to admit it: the entry by whom then makes the commit due here. */
  | {
      readonly kind: 'propose';
      readonly certificate: SignedCertificate;
      readonly keyPackage: Uint8Array;
    }
  | { readonly kind: 'commit'; readonly change: Change };

const keyPackages = list(bytes({ max: KEY_PACKAGE_MAX_BYTES }), DEVICES_MAX);
const devices = list(bytes({ exactly: 32 }), DEVICES_MAX);

const admission = struct({
  certificate: signedCertificateCodec,
  keyPackage: bytes({ max: KEY_PACKAGE_MAX_BYTES }),
});

const actCodec = variant({
  entry: struct({ name: text(32), body: bytes({ max: BODY_MAX_BYTES }) }),
  'verify-offer': struct({ about: digest<Fingerprint>() }),
  'verify-answer': struct({ offer: digest<LeafHash>() }),
  'verify-open': struct({ offer: digest<LeafHash>() }),
  admit: admission,
  propose: admission,
  commit: struct({ change: word(['add', 'remove', 'update']), keyPackages, devices }),
});

/** Canonical bytes of an act, for a desk's queue. */
export function encodeAct(act: Act): Uint8Array {
  switch (act.kind) {
    case 'verify-offer':
    case 'verify-answer':
    case 'verify-open':
    case 'admit':
    case 'propose':
      return encode(actCodec, act);
    case 'commit':
      return encode(actCodec, {
        kind: 'commit',
        change: act.change.kind,
        keyPackages: act.change.kind === 'add' ? act.change.keyPackages : [],
        devices: act.change.kind === 'remove' ? act.change.devices : [],
      });
    default:
      return encode(actCodec, { kind: 'entry', name: act.kind, body: encodeBody(act) });
  }
}

export function decodeAct(encoded: Uint8Array): Verdict<Act, 'malformed-act'> {
  const decoded = decode(actCodec, encoded);
  if (!decoded.ok) return refuse('malformed-act', { detail: decoded.reason });
  const act = decoded.value;
  if (act.kind === 'entry') {
    const body = decodeBody(act.name, act.body);
    if (!body.ok || body.value.kind === 'unknown' || isCeremonial(body.value))
      return refuse('malformed-act');
    return accept(body.value);
  }
  if (act.kind !== 'commit') return accept(act);
  const { keyPackages: added, devices: removed } = act;
  if (act.change === 'add')
    return accept({ kind: 'commit', change: { kind: 'add', keyPackages: added } });
  if (act.change === 'remove')
    return accept({ kind: 'commit', change: { kind: 'remove', devices: removed } });
  return accept({ kind: 'commit', change: { kind: 'update' } });
}

const isCeremonial = (body: Body): body is Extract<Body, { kind: Ceremonial }> =>
  body.kind === 'verify-offer' || body.kind === 'verify-answer' || body.kind === 'verify-open';
