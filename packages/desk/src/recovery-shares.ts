// Shares of the authority's secret: any k officers' shares restore it, fewer say nothing about it (Shamir, GF(256)).
//
// A share travels sealed to one device, on the record: everybody sees that it was handed over, and to whom.

import {
  bytes,
  concat,
  decode,
  encode,
  hpkeOpen,
  hpkeSeal,
  hybridSignerFromSecret,
  sameBytes,
  struct,
  toHex,
  uint,
  utf8,
  xwingKem,
  type Decoded,
  type HpkeSuite,
  type HybridKeyPair,
  type Ports,
} from '@parley/kernel';
import {
  digest,
  fingerprint,
  OFFICERS_MAX,
  type BodyOf,
  type Device,
  type Fingerprint,
} from '@parley/record';
import { combine, split } from 'shamir-secret-sharing';
import type { Context } from './context.ts';

const LABEL = utf8('parley/v1/authority-share\0');
const ENC_BYTES = 1_120;
const SHARES = 'authority-share';
/** The secret's 64 bytes and the share's own number. */
const SHARE_BYTES = 65;

const shareCodec = struct({
  authority: digest<Fingerprint>(),
  needed: uint(OFFICERS_MAX),
  share: bytes({ exactly: SHARE_BYTES }),
});
export type Share = Decoded<typeof shareCodec>;

const suiteOf = (ports: Pick<Ports, 'crypto' | 'randomness'>): HpkeSuite => ({
  kem: xwingKem(ports),
  kdf: 'sha512',
  aead: 'aes-256-gcm',
});

/** One share for each officer; with any `needed` of them the secret comes back. */
export async function splitAuthority(
  ports: Pick<Ports, 'crypto'>,
  authority: HybridKeyPair,
  { officers, needed }: { officers: number; needed: number },
): Promise<Share[]> {
  const shares = await split(Uint8Array.from(authority.secretKey), officers, needed);
  const of = fingerprint(ports.crypto, authority.publicKey);
  return shares.map((share) => ({ authority: of, needed, share }));
}

/** How many sets of shares are tried where some are wrong: all there are for 14 officers, and most for 16. */
const TRIES_MAX = 4_096;

/** Sets of `size` of these, in order. */
function* sets<T>(from: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [i, first] of from.entries())
    for (const rest of sets(from.slice(i + 1), size - 1)) yield [first, ...rest];
}

/**
 * The authority that `needed` of these shares make, and the shares among them that do not belong to it: whoever handed
 * such a one over cannot keep the others from the key. Undefined where there are too few, or none that go together.
 */
export async function combineAuthority<T extends Share>(
  ports: Pick<Ports, 'crypto'>,
  { of, needed }: { of: Fingerprint; needed: number },
  shares: readonly T[],
): Promise<{ key: HybridKeyPair; wrong: readonly T[] } | undefined> {
  const key = async (chosen: readonly T[]): Promise<HybridKeyPair | undefined> => {
    try {
      const secret = await combine(chosen.map(({ share }) => Uint8Array.from(share)));
      const made = hybridSignerFromSecret(ports.crypto, secret);
      return sameBytes(fingerprint(ports.crypto, made.publicKey), of) ? made : undefined;
    } catch {
      // Two shares of one number; what they make is no key of ours either way.
      return undefined;
    }
  };
  const ours = shares.filter((one) => sameBytes(one.authority, of));
  const distinct = [...new Map(ours.map((one) => [toHex(one.share), one])).values()];
  if (needed < 2) return undefined;
  let tries = 0;
  for (const chosen of sets(distinct, needed)) {
    if (++tries > TRIES_MAX) return undefined;
    const made = await key(chosen);
    if (made === undefined) continue;
    const wrong: T[] = [];
    for (const other of distinct)
      if (!chosen.includes(other) && (await key([other, ...chosen.slice(1)])) === undefined)
        wrong.push(other);
    return { key: made, wrong };
  }
  return undefined;
}

export function sealShare(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  to: Device,
  share: Share,
): Uint8Array | undefined {
  const recipient = { publicKey: to.certificate.seal, info: concat(LABEL, to.id) };
  const sealed = hpkeSeal(ports.crypto, suiteOf(ports), recipient, encode(shareCodec, share));
  return sealed === undefined ? undefined : concat(sealed.enc, sealed.ciphertext);
}

/** A share that was sealed to this device. */
export function openShare(context: Context, sealed: Uint8Array): Share | undefined {
  const { ports, identities } = context;
  for (const { deviceId, seal } of identities.all()) {
    const opened = hpkeOpen(
      ports.crypto,
      suiteOf(ports),
      { secretKey: seal.secretKey, info: concat(LABEL, deviceId) },
      { enc: sealed.subarray(0, ENC_BYTES), ciphertext: sealed.subarray(ENC_BYTES) },
    );
    const share = opened === undefined ? undefined : decode(shareCodec, opened);
    if (share?.ok === true) return share.value;
  }
  return undefined;
}

/** Keeps the share of a handing-out that is for this device; a later one takes the place of an earlier. */
export function keepShare(context: Context, body: BodyOf<'recovery-shared'>): void {
  const ours = body.shares.find((one) => context.isOwn(one.device));
  const share = ours === undefined ? undefined : openShare(context, ours.sealed);
  if (share === undefined || !sameBytes(share.authority, body.authority)) return;
  context.vault.put(SHARES, toHex(share.authority), encode(shareCodec, share));
}

/** This device's share of an authority. */
export function shareOf(context: Context, authority: Fingerprint): Share | undefined {
  const stored = context.vault.get(SHARES, toHex(authority));
  const share = stored === undefined ? undefined : decode(shareCodec, stored);
  return share?.ok === true ? share.value : undefined;
}
