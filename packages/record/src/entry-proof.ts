// One entry opened to an arbiter without the others: the entry, its path to a root, and who signed that root.

import {
  accept,
  assert,
  bytes,
  decode,
  encode,
  list,
  refuse,
  sameBytes,
  struct,
  uint,
  concat,
  type Crypto,
  type DecodeReason,
  type Verdict,
} from '@parley/kernel';
import {
  CHECKPOINT_MAX_BYTES,
  COSIGNATURES_MAX,
  cosignatureHolds,
  decodeCheckpoint,
  encodeCheckpoint,
  type CosignedCheckpoint,
} from './checkpoint.ts';
import { digestKey } from './digests.ts';
import {
  bodyHash,
  entryLeaf,
  entrySignatureHolds,
  readHeader,
  recordEntryCodec,
  type EntryHeader,
  type OpenedEntry,
} from './entry.ts';
import { frame, MAGIC, onlyFrame } from './frames.ts';
import {
  checkCertificate,
  signedCertificateCodec,
  type CertificateReason,
  type CheckedCertificate,
  type SignedCertificate,
} from './identity.ts';
import { decodeBody, type Body, type UnknownBody } from './kinds.ts';
import { inclusionProof, proofCodec, verifyInclusion, type LeafSource } from './tree.ts';

export const ENTRY_PROOF_MAX_BYTES = 2 * 1024 * 1024;

export const entryProofCodec = struct({
  entry: recordEntryCodec,
  index: uint(),
  proof: proofCodec,
  checkpoint: bytes({ max: CHECKPOINT_MAX_BYTES }),
  certificates: list(signedCertificateCodec, COSIGNATURES_MAX + 1),
});

export type EntryProofReason =
  | DecodeReason
  | CertificateReason
  | 'not-an-entry-proof'
  | 'malformed-entry'
  | 'malformed-checkpoint'
  | 'malformed-body'
  | 'body-withheld'
  | 'unknown-device'
  | 'wrong-room'
  | 'bad-signature'
  | 'wrong-body'
  | 'bad-cosignature'
  | 'wrong-proof';

/** A signer as its certificate names it. Which authority `party` is must be known from elsewhere. */
export type ProvenSigner = {
  readonly device: string;
  readonly party: string;
  readonly partyName: string;
  readonly member: string;
  readonly label: string;
};

export type EntryProofReport = {
  readonly room: string;
  readonly index: number;
  readonly size: number;
  readonly root: string;
  readonly author: ProvenSigner;
  readonly header: EntryHeader;
  readonly body: Body | UnknownBody;
  readonly cosigners: readonly (ProvenSigner & { readonly timeMs: number })[];
  /** Whether another party than the author's signed that the record holds this entry. */
  readonly acknowledgedByOther: boolean;
};

/**
 * Makes the proof file. `leaves` gives the leaf hashes below the checkpoint's size; `certificates` are those of the
 * author and of every cosigner.
 */
export function openEntryProof(
  crypto: Crypto,
  entry: OpenedEntry,
  place: {
    index: number;
    leaves: LeafSource;
    checkpoint: CosignedCheckpoint;
    certificates: readonly SignedCertificate[];
  },
): Uint8Array {
  const { index, checkpoint, certificates } = place;
  const { size } = checkpoint.checkpoint;
  const proof = inclusionProof(crypto, place.leaves, { index, size });
  const encoded = encode(entryProofCodec, {
    entry,
    index,
    proof,
    checkpoint: encodeCheckpoint(checkpoint),
    certificates,
  });
  const file = concat(MAGIC['entry-proof'], frame(encoded));
  assert(file.length <= ENTRY_PROOF_MAX_BYTES, `an entry proof of ${file.length} bytes`);
  return file;
}

export function provenSigner({ deviceId, party, certificate }: CheckedCertificate): ProvenSigner {
  const { party: partyName, member, label } = certificate;
  return { device: digestKey(deviceId), party: digestKey(party), partyName, member, label };
}

/** The certificates that hold, by device. One that does not refuses them all. */
export function checkCertificates(
  crypto: Crypto,
  certificates: readonly SignedCertificate[],
): Verdict<ReadonlyMap<string, CheckedCertificate>, CertificateReason> {
  const checked = new Map<string, CheckedCertificate>();
  for (const signed of certificates) {
    const certificate = checkCertificate(crypto, signed);
    if (!certificate.ok) return certificate;
    checked.set(digestKey(certificate.value.deviceId), certificate.value);
  }
  return accept(checked);
}

type Certified = ReadonlyMap<string, CheckedCertificate>;

function checkCosigners(
  crypto: Crypto,
  { checkpoint, cosignatures }: CosignedCheckpoint,
  certified: Certified,
): Verdict<EntryProofReport['cosigners'], EntryProofReason> {
  const cosigners: (ProvenSigner & { timeMs: number })[] = [];
  for (const cosignature of cosignatures) {
    const device = certified.get(digestKey(cosignature.device));
    if (device === undefined) {
      return refuse('unknown-device', { detail: 'a cosigner comes without a certificate' });
    }
    if (!cosignatureHolds(crypto, checkpoint, cosignature, device.certificate.signer)) {
      return refuse('bad-cosignature', { detail: 'a cosigner did not sign the checkpoint' });
    }
    cosigners.push({ ...provenSigner(device), timeMs: cosignature.timeS * 1000 });
  }
  return cosigners.length > 0
    ? accept(cosigners)
    : refuse('bad-cosignature', { detail: 'nobody signed the checkpoint' });
}

/** Checks what `openEntryProof` wrote, by itself: signatures, body, path and cosignatures. */
export function verifyEntryProof(
  crypto: Crypto,
  file: Uint8Array,
): Verdict<EntryProofReport, EntryProofReason> {
  if (file.length > ENTRY_PROOF_MAX_BYTES) return refuse('too-large');
  const framed = onlyFrame(file, 'entry-proof');
  if (!framed.ok)
    return refuse(framed.reason === 'wrong-kind' ? 'not-an-entry-proof' : framed.reason);
  const decoded = decode(entryProofCodec, framed.value);
  if (!decoded.ok) return decoded;
  const { entry, index, proof, certificates } = decoded.value;

  const certified = checkCertificates(crypto, certificates);
  if (!certified.ok) return certified;
  const header = readHeader(entry.signed);
  if (!header.ok) return refuse('malformed-entry', { detail: `the header is ${header.reason}` });
  const author = certified.value.get(digestKey(header.value.author));
  if (author === undefined) {
    return refuse('unknown-device', { detail: 'the author comes without a certificate' });
  }
  if (!entrySignatureHolds(crypto, entry.signed, author.certificate.signer)) {
    return refuse('bad-signature', { detail: 'its author did not sign the entry' });
  }
  if (entry.opened === null) return refuse('body-withheld');
  if (!sameBytes(bodyHash(crypto, entry.opened), header.value.body)) {
    return refuse('wrong-body', { detail: 'the body is not the one its author signed' });
  }
  const body = decodeBody(header.value.kind, entry.opened.body);
  if (!body.ok) return refuse('malformed-body', { detail: `the body is ${body.reason}` });

  const note = decodeCheckpoint(decoded.value.checkpoint);
  if (!note.ok) return note;
  const { room, size, root } = note.value.checkpoint;
  if (!sameBytes(room, header.value.room)) return refuse('wrong-room');
  const cosigners = checkCosigners(crypto, note.value, certified.value);
  if (!cosigners.ok) return cosigners;
  const leaf = entryLeaf(crypto, entry.signed);
  // An honest author had seen exactly the entries before its own, so its own header names the index.
  if (
    header.value.seen.size !== index ||
    !verifyInclusion(crypto, { leaf, index, size, root }, proof)
  ) {
    return refuse('wrong-proof', { detail: 'the path does not lead from the entry to the root' });
  }
  const signer = provenSigner(author);
  return accept({
    room: digestKey(room),
    index,
    size,
    root: digestKey(root),
    author: signer,
    header: header.value,
    body: body.value,
    cosigners: cosigners.value,
    acknowledgedByOther: cosigners.value.some(({ party }) => party !== signer.party),
  });
}
