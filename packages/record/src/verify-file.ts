// One door for an arbiter: any of Parley's three kinds of evidence files, told apart by its first line.

import { concat, refuse, type Crypto, type Refused, type Verdict } from '@parley/kernel';
import {
  ENTRY_PROOF_MAX_BYTES,
  verifyEntryProof,
  type EntryProofReason,
  type EntryProofReport,
} from './entry-proof.ts';
import { EVIDENCE_MAX_BYTES } from './evidence.ts';
import { fileKindOf, FrameReader, type ByteSource } from './frames.ts';
import type { RecordReport } from './report.ts';
import { verifyEvidence, type EvidenceReason, type EvidenceReport } from './verify-evidence.ts';
import { verifyRecordFrames, type RecordReason, type VerifyOptions } from './verify-record.ts';

export type FileVerdict =
  | { readonly kind: 'record'; readonly verdict: Verdict<RecordReport, RecordReason> }
  | { readonly kind: 'evidence'; readonly verdict: Verdict<EvidenceReport, EvidenceReason> }
  | { readonly kind: 'entry-proof'; readonly verdict: Verdict<EntryProofReport, EntryProofReason> }
  | { readonly kind: 'unknown'; readonly verdict: Refused<'not-a-parley-file'> };

/** Verifies a record, an evidence file or an entry proof. `onEntry` is for records. */
export async function verifyFile(
  crypto: Crypto,
  source: ByteSource,
  options: VerifyOptions = {},
): Promise<FileVerdict> {
  const frames = new FrameReader(source);
  try {
    const magic = await frames.magic();
    const kind = fileKindOf(magic);
    switch (kind) {
      case 'record':
        return { kind, verdict: await verifyRecordFrames(crypto, frames, options) };
      case 'evidence': {
        const file = concat(magic, await frames.rest(EVIDENCE_MAX_BYTES));
        return { kind, verdict: verifyEvidence(crypto, file) };
      }
      case 'entry-proof': {
        const file = concat(magic, await frames.rest(ENTRY_PROOF_MAX_BYTES));
        return { kind, verdict: verifyEntryProof(crypto, file) };
      }
      default:
        return { kind: 'unknown', verdict: refuse('not-a-parley-file', { at: 0 }) };
    }
  } finally {
    await frames.close();
  }
}
