export { authorityChange } from './authority.ts';
export {
  asDeviceId,
  asFingerprint,
  asLeafHash,
  asRoomId,
  asRootHash,
  digest,
  digestKey,
  fingerprint,
  NO_LEAF,
  type DeviceId,
  type Fingerprint,
  type LeafHash,
  type RoomId,
  type RootHash,
} from './digests.ts';
export {
  checkCertificate,
  issueCertificate,
  deviceCertificateCodec,
  readCertificate,
  ROLES,
  signedCertificateCodec,
  type CertificateReason,
  type CheckedCertificate,
  type DeviceCertificate,
  type Role,
  type SignedCertificate,
} from './identity.ts';
export { copyDoubt, copyDoubtSentence, type CopyDoubt, type CopyMemory } from './copy-doubt.ts';
export {
  authorEntry,
  authorUnknownEntry,
  decodeEntry,
  decodeOpenedEntry,
  encodeEntry,
  entryLeaf,
  readHeader,
  recordEntryCodec,
  type AuthoredEntry,
  type EntryHeader,
  type EntryPlace,
  type OpenedBody,
  type OpenedEntry,
  type RecordEntry,
  type Seen,
  type SignedEntry,
} from './entry.ts';
export {
  BODY_MAX_BYTES,
  decodeBody,
  earlierCodec,
  encodeBody,
  isKnownKind,
  isStructuralKind,
  KNOWN_KINDS,
  NAMED_PARTIES_MAX,
  OFFICERS_MAX,
  SHARES_MAX,
  TEXT_MAX_BYTES,
  type Body,
  type BodyOf,
  type EarlierRecord,
  type KnownKind,
  type UnknownBody,
} from './kinds.ts';
export {
  appendLeaf,
  consistencyProof,
  EMPTY_TREE,
  inclusionProof,
  leafHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  type CompactTree,
  type Growth,
  type LeafSource,
  type Proof,
} from './tree.ts';
export {
  activeDevices,
  decodeTranscript,
  deviceOf,
  emptyTranscript,
  encodeTranscript,
  isVerifiedParty,
  partyOf,
  ROOM_DEVICES_EVER_MAX,
  ROOM_DEVICES_MAX,
  ROOM_PARTIES_MAX,
  awaitsVerification,
  isOfficer,
  maySign,
  partyOfAuthority,
  type Device,
  type Party,
  type PartyPolicy,
  type RoomTerms,
  type Transcript,
  type Verification,
} from './transcript.ts';
export { sameEarlier } from './founding.ts';
export { judge, type Judged } from './judge.ts';
export { readAhead, type ReadItem } from './ahead.ts';
export type { JudgeReason } from './judgement.ts';
export {
  CHECKPOINT_MAX_BYTES,
  cosignatureHolds,
  cosignCheckpoint,
  COSIGNATURES_MAX,
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type Cosignature,
  type CosignedCheckpoint,
} from './checkpoint.ts';
export { exportRecord, RECORD_ENTRIES_MAX, type ExportOptions } from './export.ts';
export { fileKindOf, type ByteSource, type FileKind } from './frames.ts';
export { readReceipt, type RelayReceipt } from './receipt.ts';
export type {
  CheckpointReport,
  CosignerReport,
  DeviceReport,
  PartyReport,
  ReceiptReport,
  RecordReport,
  ShownEntry,
  TermsReport,
} from './report.ts';
export { verifyRecord, type RecordReason, type VerifyOptions } from './verify-record.ts';
export {
  ENTRY_PROOF_MAX_BYTES,
  openEntryProof,
  verifyEntryProof,
  type EntryProofReason,
  type EntryProofReport,
  type ProvenSigner,
} from './entry-proof.ts';
export {
  doubleEntryEvidence,
  EVIDENCE_MAX_BYTES,
  forkEvidence,
  relayReceiptsEvidence,
  type EvidenceKind,
  type Statement,
} from './evidence.ts';
export { verifyEvidence, type EvidenceReason, type EvidenceReport } from './verify-evidence.ts';
export { lengthText, timeText } from './display-text.ts';
export { verifyRestart, type RestartReason } from './verify-restart.ts';
export { verifyFile, type FileVerdict } from './verify-file.ts';
export { recordPage } from './record-page.ts';
export {
  RECORD_PAGE_SENTENCES,
  type RecordPageCode,
  type RecordPageWords,
} from './record-page-words.ts';
