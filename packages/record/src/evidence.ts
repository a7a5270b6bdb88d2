// Evidence: two signed statements that cannot both be true of one room, in one small file that anyone can check.

import {
  assert,
  bytes,
  concat,
  encode,
  list,
  struct,
  variant,
  type Crypto,
  type Decoded,
} from '@parley/kernel';
import { encodeCheckpoint, type CosignedCheckpoint } from './checkpoint.ts';
import { digest, type RootHash } from './digests.ts';
import { readHeader, signedEntryCodec, type SignedEntry } from './entry.ts';
import { frame, MAGIC } from './frames.ts';
import { signedCertificateCodec, type SignedCertificate } from './identity.ts';
import { RECEIPT_MAX_BYTES } from './receipt.ts';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_TREE,
  proofCodec,
  treeRoot,
  type LeafSource,
} from './tree.ts';

export const EVIDENCE_MAX_BYTES = 64 * 1024;
const NOTE_MAX_BYTES = 8 * 1024;

export const statementCodec = variant({
  entry: signedEntryCodec,
  checkpoint: struct({ note: bytes({ max: NOTE_MAX_BYTES }) }),
});
const certificatesCodec = list(signedCertificateCodec, 2);
const receipt = bytes({ max: RECEIPT_MAX_BYTES });

export const evidenceCodec = variant({
  fork: struct({
    earlier: statementCodec,
    later: statementCodec,
    /** The root at the earlier size that the later statement's history had. */
    root: digest<RootHash>(),
    proof: proofCodec,
    certificates: certificatesCodec,
  }),
  'double-entry': struct({
    first: signedEntryCodec,
    second: signedEntryCodec,
    certificates: certificatesCodec,
  }),
  'relay-receipts': struct({ first: receipt, second: receipt }),
});
export type Evidence = Decoded<typeof evidenceCodec>;

/** A signed word about the first `size` entries of a room: an entry's `seen`, or a checkpoint with one cosignature. */
export type Statement =
  | { readonly kind: 'entry'; readonly signed: SignedEntry }
  | { readonly kind: 'checkpoint'; readonly checkpoint: CosignedCheckpoint };

export type EvidenceKind = Evidence['kind'];

function toFile(evidence: Evidence): Uint8Array {
  const file = concat(MAGIC.evidence, frame(encode(evidenceCodec, evidence)));
  assert(file.length <= EVIDENCE_MAX_BYTES, `evidence of ${file.length} bytes`);
  return file;
}

function encodeStatement(statement: Statement): Decoded<typeof statementCodec> {
  if (statement.kind === 'entry') return { kind: 'entry', ...statement.signed };
  assert(statement.checkpoint.cosignatures.length === 1, 'a statement has one signer');
  return { kind: 'checkpoint', note: encodeCheckpoint(statement.checkpoint) };
}

function aboutOf(statement: Statement): { size: number; root: RootHash } {
  if (statement.kind === 'checkpoint') return statement.checkpoint.checkpoint;
  const header = readHeader(statement.signed);
  assert(header.ok, 'an entry that was judged has a header');
  return header.value.seen;
}

function rootOver(crypto: Crypto, leaves: LeafSource, size: number): RootHash {
  let tree = EMPTY_TREE;
  for (let i = 0; i < size; i++) tree = appendLeaf(crypto, tree, leaves(i));
  return treeRoot(crypto, tree);
}

/**
 * Fork evidence: `earlier` and `later` speak of different histories; `earlier` of at least one entry and of no more than
 * `later` (anything else is a bug of the caller). `leaves` gives the leaf hashes of the history that
 * `later` speaks of, below its size. `certificates` are those of the two signers. Whether it proves anything is for
 * `verifyEvidence` to say: call it on the result.
 */
export function forkEvidence(
  crypto: Crypto,
  statements: { earlier: Statement; later: Statement },
  history: { leaves: LeafSource; certificates: readonly SignedCertificate[] },
): Uint8Array {
  const later = aboutOf(statements.later);
  const sizes = { from: aboutOf(statements.earlier).size, to: later.size };
  const same = sizes.from === sizes.to;
  const { leaves } = history;
  return toFile({
    kind: 'fork',
    earlier: encodeStatement(statements.earlier),
    later: encodeStatement(statements.later),
    root: same ? later.root : rootOver(crypto, leaves, sizes.from),
    proof: same ? [] : consistencyProof(crypto, leaves, sizes),
    certificates: history.certificates,
  });
}

/** Evidence that one device signed two different entries for one place in one room's record. */
export function doubleEntryEvidence(
  entries: { first: SignedEntry; second: SignedEntry },
  certificate: SignedCertificate,
): Uint8Array {
  return toFile({ kind: 'double-entry', ...entries, certificates: [certificate] });
}

/** Evidence that a relay signed two different heads for one length of one log: its receipts, as they came. */
export function relayReceiptsEvidence(first: Uint8Array, second: Uint8Array): Uint8Array {
  return toFile({ kind: 'relay-receipts', first, second });
}
