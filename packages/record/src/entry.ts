// One signed line of a room's record: a header that carries everything but the words, and a salted body beside it.

import {
  accept,
  assert,
  bytes,
  decode,
  encode,
  HYBRID_SIGNATURE_BYTES,
  hybridChecks,
  hybridSign,
  hybridVerify,
  nullable,
  refuse,
  struct,
  text,
  uint,
  type Codec,
  type Crypto,
  type Decoded,
  type DecodeReason,
  type Ports,
  type Verdict,
} from '@parley/kernel';
import {
  digest,
  DIGEST_BYTES,
  sha256,
  type DeviceId,
  type LeafHash,
  type RoomId,
  type RootHash,
} from './digests.ts';
import { BODY_MAX_BYTES, encodeBody, KIND_MAX_BYTES, type Body } from './kinds.ts';
import { leafHash } from './tree.ts';

const PURPOSE = 'entry';
const HEADER_MAX_BYTES = 512;
const KIND_SHAPE = /^[a-z][a-z0-9-]*$/;

const version: Codec<1> = {
  write: (out, value) => uint().write(out, value),
  read: (from) => (uint().read(from) === 1 ? 1 : from.refuse('out-of-range')),
};

// Kinds are shown to people even where they are unknown, so they are plain lower-case words.
const kindName: Codec<string> = {
  write(out, value) {
    assert(KIND_SHAPE.test(value), `not a kind: ${value}`);
    text(KIND_MAX_BYTES).write(out, value);
  },
  read(from) {
    const value = text(KIND_MAX_BYTES).read(from);
    return KIND_SHAPE.test(value) ? value : from.refuse('out-of-range');
  },
};

/** How many entries the author had seen, and the root over them. */
export const seenCodec = struct({ size: uint(), root: digest<RootHash>() });
export type Seen = Decoded<typeof seenCodec>;

/** Zones of this world lie from UTC-12:00 to UTC+14:00. */
const ZONE_FROM = -720;
const ZONE_TO = 840;

/** Minutes east of UTC; null where the author states none. Written as minutes east of UTC-12:00, which has no sign. */
const zone: Codec<number | null> = {
  write: (out, value) =>
    nullable(uint(ZONE_TO - ZONE_FROM)).write(out, value === null ? null : value - ZONE_FROM),
  read(from) {
    const value = nullable(uint(ZONE_TO - ZONE_FROM)).read(from);
    return value === null ? null : value + ZONE_FROM;
  },
};

/**
 * `authorSeq` counts the author's earlier entries in the room; `authorPrev` is the leaf hash of the last of them (zeros
 * at first); `body` is SHA-256(salt || body); `timeMs` is the author's claim, and
 * `zone` that of the author's own clock: for people to read a time with, and for nothing else.
 */
export const entryHeaderCodec = struct({
  version,
  room: digest<RoomId>(),
  author: digest<DeviceId>(),
  authorSeq: uint(),
  authorPrev: digest<LeafHash>(),
  seen: seenCodec,
  kind: kindName,
  timeMs: uint(),
  zone,
  body: bytes({ exactly: DIGEST_BYTES }),
});
export type EntryHeader = Decoded<typeof entryHeaderCodec>;

/** A header's exact bytes with its author's hybrid signature over them. */
export const signedEntryCodec = struct({
  header: bytes({ max: HEADER_MAX_BYTES }),
  signature: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
});
export type SignedEntry = Decoded<typeof signedEntryCodec>;

/** What a header's `body` hash stands for. */
export const openedBodyCodec = struct({
  salt: bytes({ exactly: 32 }),
  body: bytes({ max: BODY_MAX_BYTES }),
});
export type OpenedBody = Decoded<typeof openedBodyCodec>;

/** A signed entry with its body, or with `opened: null` where the body is withheld. */
export const recordEntryCodec = struct({
  signed: signedEntryCodec,
  opened: nullable(openedBodyCodec),
});
export type RecordEntry = Decoded<typeof recordEntryCodec>;
/** An entry as its author makes it and members receive it. */
export type OpenedEntry = RecordEntry & { readonly opened: OpenedBody };

export function entryLeaf(crypto: Crypto, signed: SignedEntry): LeafHash {
  return leafHash(crypto, encode(signedEntryCodec, signed));
}

export function bodyHash(crypto: Crypto, opened: OpenedBody): Uint8Array {
  return sha256(crypto, opened.salt, opened.body);
}

export function readHeader(signed: SignedEntry): Verdict<EntryHeader, DecodeReason> {
  return decode(entryHeaderCodec, signed.header);
}

/** The checks behind `entrySignatureHolds`, for whoever has many entries to check at a time. */
export function entryChecks(
  signed: SignedEntry,
  publicKey: Uint8Array,
): ReturnType<typeof hybridChecks> {
  return hybridChecks({ publicKey, purpose: PURPOSE }, signed.header, signed.signature);
}

/** Whether both schemes of `publicKey` signed exactly this header. */
export function entrySignatureHolds(
  crypto: Crypto,
  signed: SignedEntry,
  publicKey: Uint8Array,
): boolean {
  return hybridVerify(crypto, { publicKey, purpose: PURPOSE }, signed.header, signed.signature);
}

/** Where a new entry stands: what its author is and has seen. */
export type EntryPlace = Pick<
  EntryHeader,
  'room' | 'author' | 'authorSeq' | 'authorPrev' | 'seen' | 'timeMs'
> & {
  /** Minutes east of UTC; one that no zone of this world has is not stated. */
  readonly zone?: number | null | undefined;
};

function zoneStated(minutes: number | null | undefined): number | null {
  if (minutes == null || !Number.isInteger(minutes)) return null;
  return minutes < ZONE_FROM || minutes > ZONE_TO ? null : minutes;
}

export type AuthoredEntry = {
  readonly entry: OpenedEntry;
  readonly header: EntryHeader;
  readonly leaf: LeafHash;
};

function signHeader(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  place: EntryPlace,
  said: { kind: string; body: Uint8Array },
  signerSecret: Uint8Array,
): AuthoredEntry {
  const opened = { salt: ports.randomness.bytes(32), body: said.body };
  const header: EntryHeader = {
    version: 1,
    room: place.room,
    author: place.author,
    authorSeq: place.authorSeq,
    authorPrev: place.authorPrev,
    seen: place.seen,
    kind: said.kind,
    timeMs: place.timeMs,
    zone: zoneStated(place.zone),
    body: bodyHash(ports.crypto, opened),
  };
  const encoded = encode(entryHeaderCodec, header);
  const key = { secretKey: signerSecret, purpose: PURPOSE };
  const signed = { header: encoded, signature: hybridSign(ports.crypto, key, encoded) };
  return { entry: { signed, opened }, header, leaf: entryLeaf(ports.crypto, signed) };
}

/**
 * Makes and signs an entry. A device signs at most one entry for each `seen.size` of a room: two are proof against it.
 * So an entry that lost a race is signed anew only when the record has grown, and otherwise sent again as it is.
 */
export function authorEntry(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  place: EntryPlace,
  body: Body,
  signerSecret: Uint8Array,
): AuthoredEntry {
  return signHeader(ports, place, { kind: body.kind, body: encodeBody(body) }, signerSecret);
}

/** Makes an entry of a kind that this version does not know, as a later version or a test would. */
export function authorUnknownEntry(
  ports: Pick<Ports, 'crypto' | 'randomness'>,
  place: EntryPlace,
  said: { kind: string; body: Uint8Array },
  signerSecret: Uint8Array,
): AuthoredEntry {
  assert(said.body.length <= BODY_MAX_BYTES, `a body of ${said.body.length} bytes`);
  return signHeader(ports, place, said, signerSecret);
}

/** The bytes that travel to the other members: the entry with its body. */
export function encodeEntry(entry: RecordEntry): Uint8Array {
  return encode(recordEntryCodec, entry);
}

export function decodeEntry(encoded: Uint8Array): Verdict<RecordEntry, DecodeReason> {
  return decode(recordEntryCodec, encoded);
}

/** As `decodeEntry`, for a place where a withheld body has no business. */
export function decodeOpenedEntry(
  encoded: Uint8Array,
): Verdict<OpenedEntry, DecodeReason | 'body-withheld'> {
  const decoded = decodeEntry(encoded);
  if (!decoded.ok) return decoded;
  const { signed, opened } = decoded.value;
  return opened === null ? refuse('body-withheld') : accept({ signed, opened });
}
