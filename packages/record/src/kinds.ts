// What entries say: one body codec for each kind that an arbiter can read.
//
// The kind stands in the signed header, the body only as a salted hash, so a withheld entry still shows what it was.

import {
  accept,
  bytes,
  decode,
  encode,
  HYBRID_PUBLIC_KEY_BYTES,
  HYBRID_SIGNATURE_BYTES,
  list,
  nullable,
  refuse,
  struct,
  text,
  uint,
  word,
  type Codec,
  type Decoded,
  type DecodeReason,
  type Verdict,
} from '@parley/kernel';
import {
  digest,
  type DeviceId,
  type Fingerprint,
  type LeafHash,
  type RoomId,
  type RootHash,
} from './digests.ts';
import { signedCertificateCodec } from './identity.ts';

/** Text of one `text` entry, in bytes of UTF-8. */
export const TEXT_MAX_BYTES = 65_536;
/** Any body, of a kind we know or not. */
export const BODY_MAX_BYTES = 131_072;
/** A statement that another part encodes. */
const STATEMENT_MAX_BYTES = 65_536;
/** The parties of one channel, and so of any of its rooms. */
export const NAMED_PARTIES_MAX = 8;
/** Officers whose consent a party's policy may ask for. */
export const OFFICERS_MAX = 16;
/** A share of an authority's secret, sealed. */
export const SHARE_MAX_BYTES = 2_048;
/** Devices that one handing out of shares reaches. */
export const SHARES_MAX = 32;
/** A kind's name, in ASCII letters, digits and hyphens. */
export const KIND_MAX_BYTES = 32;

const nonce = bytes({ exactly: 32 });
const fileHash = bytes({ exactly: 32 });
const certified = struct({ certificate: signedCertificateCodec });

/**
 * The record that a restarted room goes on from: its last checkpoint that both sides hold, and the SHA-256 of the file
 * that proves the fork, where there is one.
 */
export const earlierCodec = struct({
  room: digest<RoomId>(),
  size: uint(),
  root: digest<RootHash>(),
  evidence: nullable(bytes({ exactly: 32 })),
});
export type EarlierRecord = Decoded<typeof earlierCodec>;

const bodies = {
  /** The first entry: names the channel and certifies its own author. */
  found: struct({
    channel: bytes({ exactly: 32 }),
    name: text(200),
    relay: text(300),
    certificate: signedCertificateCodec,
  }),
  /** The first entry of a room of some parties of a channel: nobody of another party can be admitted. */
  'room-founded': struct({
    channel: bytes({ exactly: 32 }),
    room: word(['caucus', 'bilateral']),
    parties: list(digest<Fingerprint>(), NAMED_PARTIES_MAX),
    name: text(200),
    relay: text(300),
    /** The record of the room that it goes on from after a fork. */
    earlier: nullable(earlierCodec),
    certificate: signedCertificateCodec,
  }),
  /** The first entry of the room in which a channel goes on after a fork. */
  'room-restarted': struct({
    channel: bytes({ exactly: 32 }),
    name: text(200),
    relay: text(300),
    earlier: earlierCodec,
    certificate: signedCertificateCodec,
  }),
  /** The first entry of every other party there: it holds the same record up to that checkpoint, and goes on from it. */
  'restart-accepted': struct({ earlier: earlierCodec }),
  /** A party joins with its first device. */
  'party-admitted': certified,
  /** A party adds a device of its own. */
  'device-admitted': certified,
  'device-removed': struct({ device: digest<DeviceId>(), reason: text(500) }),

  // How a party governs itself, each by a device of one of its officers (governance.ts, authority.ts).
  /** Asks a second officer to admit this certificate's device: the admission by another of them is the consent. */
  'admission-proposed': certified,
  'member-renamed': struct({ member: text(120), to: text(120) }),
  'member-suspended': struct({ member: text(120), reason: text(500) }),
  'member-resumed': struct({ member: text(120), reason: text(500) }),
  'party-policy': struct({
    officersForAdmission: uint(2),
    officersForAuthority: uint(OFFICERS_MAX),
  }),
  /** A new authority key. `proof` is by it; `signature` by the one it replaces, null where officers decide instead. */
  'authority-changed': struct({
    authority: bytes({ exactly: HYBRID_PUBLIC_KEY_BYTES }),
    proof: bytes({ exactly: HYBRID_SIGNATURE_BYTES }),
    signature: nullable(bytes({ exactly: HYBRID_SIGNATURE_BYTES })),
    reason: text(500),
  }),
  /** Another party's word about an admission. It changes nothing: a party governs itself. */
  objection: struct({ device: digest<DeviceId>(), reason: text(1000) }),
  /** Shares of the authority's secret, each sealed to a fellow officer's device. */
  'recovery-shared': struct({
    authority: digest<Fingerprint>(),
    needed: uint(OFFICERS_MAX),
    shares: list(
      struct({ device: digest<DeviceId>(), sealed: bytes({ max: SHARE_MAX_BYTES }) }),
      SHARES_MAX,
    ),
  }),
  'recovery-asked': struct({ authority: digest<Fingerprint>(), reason: text(500) }),
  /** A share, handed to the device that asked. */
  'recovery-given': struct({
    request: digest<LeafHash>(),
    sealed: bytes({ max: SHARE_MAX_BYTES }),
  }),

  // The ceremony by voice: commit, answer, open; then what the people heard.
  'verify-offer': struct({ about: digest<Fingerprint>(), commitment: nonce }),
  'verify-answer': struct({ offer: digest<LeafHash>(), nonce }),
  'verify-open': struct({ offer: digest<LeafHash>(), nonce }),
  verified: struct({
    about: digest<Fingerprint>(),
    how: word(['voice', 'in-person', 'writing']),
    words: list(uint(2047), 12),
    offer: nullable(digest<LeafHash>()),
  }),
  /** The comparison failed; `offer` names the ceremony where it was one by voice. */
  mismatch: struct({
    about: digest<Fingerprint>(),
    how: word(['voice', 'in-person', 'writing']),
    offer: nullable(digest<LeafHash>()),
  }),

  text: struct({ text: text(TEXT_MAX_BYTES) }),
  /** A file sent. `sha256` and `size` are of the original; opening this entry also opens the blob's key. */
  document: struct({
    name: text(255),
    size: uint(),
    sha256: fileHash,
    mediaType: text(100),
    blob: struct({
      id: bytes({ exactly: 32 }),
      chunks: uint(0xffff_ffff),
      key: bytes({ exactly: 32 }),
      sealedSize: uint(),
    }),
  }),
  /** A file made safe, or refused: `safe` is null exactly when nothing was rebuilt. */
  disarmed: struct({
    document: digest<LeafHash>(),
    original: fileHash,
    safe: nullable(fileHash),
    policy: text(100),
    engine: text(200),
    report: fileHash,
    outcome: word(['rebuilt', 'refused']),
  }),

  // Statements of a party in the canonical bytes of the part that made them: an arbiter sees that they were signed, and
  // when; what they say is read by that part.
  /** The party's official mail domains, addresses and keys (packages/mail: directory). */
  'mail-directory': struct({ directory: bytes({ max: STATEMENT_MAX_BYTES }) }),
  /** What the party says of one mail that it sent (packages/mail: attestation). */
  'mail-attestation': struct({ statement: bytes({ max: STATEMENT_MAX_BYTES }) }),
  /** The key that opens a day's attestations: withheld from an arbiter, so that they say nothing about a mail's content. */
  'mail-day-key': struct({ key: bytes({ max: 1024 }) }),
  /** The sealed count of a day's mails. */
  'mail-count': struct({ count: bytes({ max: STATEMENT_MAX_BYTES }) }),
  /** Forecasts and resolutions that the party shares (packages/outlook: ledger). */
  forecast: struct({ ledger: bytes({ max: STATEMENT_MAX_BYTES }) }),

  /** A person of the author's party has opened the safe copy of a document, or seen the entries below `upTo`. */
  opened: struct({ upTo: uint(), document: nullable(digest<LeafHash>()) }),

  // A talk off the record: that it was proposed, that others agreed when it took place, and who left it when. What is said
  // in it is on no record, and nothing here leads to it.
  'off-record-proposed': struct({}),
  'off-record-agreed': struct({ proposal: digest<LeafHash>() }),
  /** `lastedMs`: how long the author heard others there, by its own clock; null where nobody agreed on the record. */
  'off-record-closed': struct({ proposal: digest<LeafHash>(), lastedMs: nullable(uint()) }),

  // Posture: raising takes effect at once; lowering waits for a second officer and for time (packages/channel: posture).
  'posture-raised': struct({ level: word(['elevated', 'severe']), reason: text(1000) }),
  'posture-lowering': struct({
    level: word(['calm', 'elevated']),
    reason: text(1000),
    /** The first officer's proposal; null where this is it. */
    confirms: nullable(digest<LeafHash>()),
  }),
  /**
   * A member asks a colleague to release a document: a hash over the room, its name and its bytes, so that who releases
   * must hold the very file, and nobody else learns more than that somebody asked.
   */
  'release-asked': struct({ commitment: fileHash }),
  'release-given': struct({ asked: digest<LeafHash>() }),
  // An original leaves the quarantine by two officers, in a room of their own party.
  /** One asks for the file of the document in entry `entry` of `room`; another approves; the first one's desk wrote it. */
  'original-asked': struct({
    room: digest<RoomId>(),
    entry: uint(),
    document: digest<LeafHash>(),
    sha256: fileHash,
    reason: text(500),
  }),
  'original-approved': struct({ asked: digest<LeafHash>() }),
  'original-written': struct({ asked: digest<LeafHash>() }),
  /** A test of the line, to be answered by the others before a time. */
  'line-check': struct({ answerBeforeMs: uint() }),
  'line-answer': struct({ check: digest<LeafHash>() }),
};

type Bodies = typeof bodies;
export type KnownKind = keyof Bodies;
/** A body with its kind, for every kind this version knows. */
export type Body = { [K in KnownKind]: { readonly kind: K } & Decoded<Bodies[K]> }[KnownKind];
export type BodyOf<K extends KnownKind> = Extract<Body, { kind: K }>;
/** A later version's entry, or one whose body is not of its kind: carried, hashed and shown as unknown. */
export type UnknownBody = {
  readonly kind: 'unknown';
  readonly name: string;
  readonly bytes: Uint8Array;
};

/** Kinds that decide who may sign: they cannot be withheld, or nobody could check what follows. */
const STRUCTURAL: ReadonlySet<string> = new Set<KnownKind>([
  'found',
  'room-founded',
  'room-restarted',
  'restart-accepted',
  'party-admitted',
  'device-admitted',
  'device-removed',
  'admission-proposed',
  'member-renamed',
  'member-suspended',
  'member-resumed',
  'party-policy',
  'authority-changed',
  'verified',
  'mismatch',
]);

export const KNOWN_KINDS: readonly KnownKind[] = Object.keys(bodies) as KnownKind[];

export function isKnownKind(kind: string): kind is KnownKind {
  return Object.hasOwn(bodies, kind);
}

export function isStructuralKind(kind: string): boolean {
  return STRUCTURAL.has(kind);
}

/** The canonical bytes of a body, without its kind. Asserts the limits that `decodeBody` enforces. */
export function encodeBody(body: Body): Uint8Array {
  return encode(bodies[body.kind] as Codec<unknown>, body);
}

function readBody(kind: KnownKind, encoded: Uint8Array): Verdict<Body, DecodeReason> {
  const decoded = decode(bodies[kind] as Codec<object>, encoded);
  if (!decoded.ok) return decoded;
  const body = { kind, ...decoded.value } as Body;
  if (body.kind === 'disarmed' && (body.safe === null) !== (body.outcome === 'refused')) {
    return refuse('out-of-range', { detail: 'a safe copy is named exactly when one was rebuilt' });
  }
  // One officer at least admits, and no new authority rests on a single voice.
  if (body.kind === 'party-policy') {
    const { officersForAdmission, officersForAuthority } = body;
    if (officersForAdmission < 1 || officersForAuthority < 2) return refuse('out-of-range');
  }
  return accept(body);
}

/**
 * Reads a body of the kind its header names. Only a structural body is refused for its shape. Any other that cannot be
 * read is accepted as unknown, as a kind we do not know is: whether an entry stands must not depend on which kinds a
 * version knows, or two versions would hold two records.
 */
export function decodeBody(
  kind: string,
  encoded: Uint8Array,
): Verdict<Body | UnknownBody, DecodeReason> {
  if (encoded.length > BODY_MAX_BYTES) return refuse('too-large');
  const read = isKnownKind(kind) ? readBody(kind, encoded) : undefined;
  if (read?.ok === true || (read !== undefined && isStructuralKind(kind))) return read;
  return accept({ kind: 'unknown', name: kind, bytes: encoded });
}
