// Checks evidence by itself and says in sentences who signed what, what that proves, and what it does not.

import {
  accept,
  decode,
  refuse,
  sameBytes,
  type Crypto,
  type DecodeReason,
  type Decoded,
  type Refused,
  type Verdict,
} from '@parley/kernel';
import { cosignatureHolds, decodeCheckpoint } from './checkpoint.ts';
import { digestKey, type DeviceId, type RoomId, type RootHash } from './digests.ts';
import { quoted, shortFingerprint, timeText } from './display-text.ts';
import { checkCertificates, provenSigner, type ProvenSigner } from './entry-proof.ts';
import { entrySignatureHolds, readHeader, type SignedEntry } from './entry.ts';
import {
  EVIDENCE_MAX_BYTES,
  evidenceCodec,
  type Evidence,
  type EvidenceKind,
  type statementCodec,
} from './evidence.ts';
import { onlyFrame } from './frames.ts';
import type { CertificateReason, CheckedCertificate, SignedCertificate } from './identity.ts';
import { readReceipt, type RelayReceipt } from './receipt.ts';
import { verifyConsistency } from './tree.ts';

export type EvidenceReason =
  | DecodeReason
  | CertificateReason
  | 'not-evidence'
  | 'malformed-entry'
  | 'malformed-checkpoint'
  | 'malformed-receipt'
  | 'unknown-signer'
  | 'bad-signature'
  | 'different-rooms'
  | 'different-authors'
  | 'different-relays'
  | 'wrong-order'
  | 'wrong-proof'
  | 'no-contradiction';

export type EvidenceReport = {
  readonly kind: EvidenceKind;
  /** The room in hexadecimal; for receipts, the relay's log. */
  readonly room: string;
  /** Who signed the two statements; empty for receipts, which a relay signed. */
  readonly signers: readonly ProvenSigner[];
  /** The relay's Ed25519 key in hexadecimal, for receipts. */
  readonly relay: string | null;
  /** What is proven and what is not, for people. Foreign names in it are quoted and isolated. */
  readonly sentences: readonly string[];
};

type Judgement<T> = Verdict<T, EvidenceReason>;
type No = Refused<EvidenceReason>;

function no(reason: EvidenceReason, detail: string): No {
  return refuse(reason, { detail });
}

/** A statement reduced to what it says, and a way to check that its signer said it. */
type Said = {
  readonly room: RoomId;
  readonly size: number;
  readonly root: RootHash;
  readonly device: DeviceId;
  readonly timeMs: number;
  readonly holds: (publicKey: Uint8Array) => boolean;
};

function readEntry(crypto: Crypto, signed: SignedEntry): Judgement<Said & { header: Uint8Array }> {
  const header = readHeader(signed);
  if (!header.ok) return no('malformed-entry', `a header is ${header.reason}`);
  const { room, seen, author, timeMs } = header.value;
  const holds = (publicKey: Uint8Array): boolean => entrySignatureHolds(crypto, signed, publicKey);
  return accept({ room, ...seen, device: author, timeMs, holds, header: signed.header });
}

function readStatement(crypto: Crypto, statement: Decoded<typeof statementCodec>): Judgement<Said> {
  if (statement.kind === 'entry') return readEntry(crypto, statement);
  const note = decodeCheckpoint(statement.note);
  if (!note.ok) return note;
  const { checkpoint, cosignatures } = note.value;
  const [cosignature, ...others] = cosignatures;
  if (cosignature === undefined || others.length > 0) {
    return no('malformed-checkpoint', 'a statement is signed by one device');
  }
  const holds = (publicKey: Uint8Array): boolean =>
    cosignatureHolds(crypto, checkpoint, cosignature, publicKey);
  const { device, timeS } = cosignature;
  return accept({ ...checkpoint, device, timeMs: timeS * 1000, holds });
}

/** Who signed each statement, once both signatures hold. */
function signersOf(
  crypto: Crypto,
  said: readonly Said[],
  certificates: readonly SignedCertificate[],
): Judgement<ProvenSigner[]> {
  const certified = checkCertificates(crypto, certificates);
  if (!certified.ok) return certified;
  const signers: CheckedCertificate[] = [];
  for (const { device, holds } of said) {
    const signer = certified.value.get(digestKey(device));
    if (signer === undefined) return no('unknown-signer', 'a signer comes without a certificate');
    if (!holds(signer.certificate.signer)) return no('bad-signature', 'a signature does not hold');
    signers.push(signer);
  }
  return accept(signers.map((signer) => provenSigner(signer)));
}

function nameOf({ member, partyName, party, label }: ProvenSigner): string {
  return `${quoted(member)} for ${quoted(partyName)} (authority ${shortFingerprint(party)}, device ${quoted(label)})`;
}

const COMPARE =
  'Compare the authority fingerprints with the ones you know: a certificate alone does not say who somebody is.';

function forkSentences(
  [earlier, later]: readonly [Said, Said],
  [first, second]: readonly [ProvenSigner, ProvenSigner],
  impliedRoot: RootHash,
): string[] {
  const room = digestKey(earlier.room);
  const says = (said: Said, signer: ProvenSigner): string =>
    `${nameOf(signer)} signed, by its own clock at ${timeText(said.timeMs)}, that the first ${said.size} entries of room ${room} have the root ${digestKey(said.root)}.`;
  const contradiction =
    earlier.size === later.size
      ? 'One record has one root at one size, so both cannot be true of one record.'
      : `A record with the second root has the root ${digestKey(impliedRoot)} over its first ${earlier.size} entries, not the one signed first, so both cannot be true of one record.`;
  const who =
    first.device === second.device
      ? 'One and the same device signed both: it contradicts itself, or its keys or its stored state were copied.'
      : 'So the two hold different histories of the room. Either one of them signed what it did not see, or whoever carried the messages showed them different ones; to tell which, ask both for their exported records.';
  return [says(earlier, first), says(later, second), contradiction, who, COMPARE];
}

type Fork = Extract<Evidence, { kind: 'fork' }>;

function verifyFork(crypto: Crypto, fork: Fork): Judgement<EvidenceReport> {
  const earlier = readStatement(crypto, fork.earlier);
  if (!earlier.ok) return earlier;
  const later = readStatement(crypto, fork.later);
  if (!later.ok) return later;
  if (!sameBytes(earlier.value.room, later.value.room)) {
    return no('different-rooms', 'the statements are about different rooms');
  }
  if (earlier.value.size > later.value.size)
    return no('wrong-order', 'the longer history comes second');
  const signers = signersOf(crypto, [earlier.value, later.value], fork.certificates);
  if (!signers.ok) return signers;
  const [first, second] = signers.value as [ProvenSigner, ProvenSigner];
  const growth = {
    from: { size: earlier.value.size, root: fork.root },
    to: { size: later.value.size, root: later.value.root },
  };
  if (!verifyConsistency(crypto, growth, fork.proof)) {
    return no('wrong-proof', 'the later root does not lead to the root named for the earlier size');
  }
  if (sameBytes(fork.root, earlier.value.root)) {
    return no('no-contradiction', 'both statements are about one history');
  }
  return accept({
    kind: 'fork',
    room: digestKey(earlier.value.room),
    signers: [first, second],
    relay: null,
    sentences: forkSentences([earlier.value, later.value], [first, second], fork.root),
  });
}

type DoubleEntry = Extract<Evidence, { kind: 'double-entry' }>;

function verifyDoubleEntry(crypto: Crypto, pair: DoubleEntry): Judgement<EvidenceReport> {
  const first = readEntry(crypto, pair.first);
  if (!first.ok) return first;
  const second = readEntry(crypto, pair.second);
  if (!second.ok) return second;
  if (!sameBytes(first.value.room, second.value.room)) {
    return no('different-rooms', 'the entries are of different rooms');
  }
  if (!sameBytes(first.value.device, second.value.device)) {
    return no('different-authors', 'the entries are by different devices');
  }
  const signers = signersOf(crypto, [first.value, second.value], pair.certificates);
  if (!signers.ok) return signers;
  // An entry that lost its place to another is signed anew over a longer history: that is honest. And one header may
  // carry two signatures, since ML-DSA signing is randomized: that says nothing twice.
  if (
    first.value.size !== second.value.size ||
    sameBytes(first.value.header, second.value.header)
  ) {
    return no('no-contradiction', 'an honest device may sign both of these entries');
  }
  const [signer] = signers.value as [ProvenSigner];
  const { size, room } = first.value;
  return accept({
    kind: 'double-entry',
    room: digestKey(room),
    signers: signers.value,
    relay: null,
    sentences: [
      `${nameOf(signer)} signed two different entries, both after the first ${size} entries of room ${digestKey(room)}.`,
      'A device signs at most one entry for each place in a record, so that it cannot show one to some and another to others.',
      'So this device, or whoever holds its keys or a copy of its stored state, prepared two histories of the room. This does not show that anybody was shown both.',
      COMPARE,
    ],
  });
}

type ReceiptPair = Extract<Evidence, { kind: 'relay-receipts' }>;

function verifyReceipts(crypto: Crypto, pair: ReceiptPair): Judgement<EvidenceReport> {
  const first = readReceipt(crypto, pair.first);
  if (!first.ok) return first;
  const second = readReceipt(crypto, pair.second);
  if (!second.ok) return second;
  const [one, two] = [first.value, second.value];
  if (!sameBytes(one.relay, two.relay)) return no('different-relays', 'two relays signed these');
  if (!sameBytes(one.log, two.log)) return no('different-rooms', 'the receipts are of two logs');
  if (one.seq !== two.seq || sameBytes(one.head, two.head)) {
    return no('no-contradiction', 'an honest relay may sign both of these receipts');
  }
  const describe = ({ timeMs, seq, head }: RelayReceipt): string =>
    `The relay with the key ${digestKey(one.relay)} signed, by its own clock at ${timeText(timeMs)}, that the first ${seq} envelopes of log ${digestKey(one.log)} have the head ${digestKey(head)}.`;
  return accept({
    kind: 'relay-receipts',
    room: digestKey(one.log),
    signers: [],
    relay: digestKey(one.relay),
    sentences: [
      describe(one),
      describe(two),
      'One log has one head at one length, so the relay, or whoever holds its key or a restored copy of its store, has told two histories of this log.',
      'Compare the relay key with the one in your invitation.',
    ],
  });
}

/** Checks an evidence file. Accepted means: the statements were signed as told and contradict each other. */
export function verifyEvidence(
  crypto: Crypto,
  file: Uint8Array,
): Verdict<EvidenceReport, EvidenceReason> {
  if (file.length > EVIDENCE_MAX_BYTES) return refuse('too-large');
  const framed = onlyFrame(file, 'evidence');
  if (!framed.ok) return refuse(framed.reason === 'wrong-kind' ? 'not-evidence' : framed.reason);
  const decoded = decode(evidenceCodec, framed.value);
  if (!decoded.ok) return decoded;
  switch (decoded.value.kind) {
    case 'fork':
      return verifyFork(crypto, decoded.value);
    case 'double-entry':
      return verifyDoubleEntry(crypto, decoded.value);
    default:
      return verifyReceipts(crypto, decoded.value);
  }
}
