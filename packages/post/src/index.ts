export {
  AUTHORISATION_MAX_MS,
  BLOB_LIFE_MAX_MS,
  BLOB_MAX_CHUNKS,
  CHUNK_BYTES,
  CHUNK_OVERHEAD_BYTES,
  ENVELOPE_MAX_BYTES,
  FEED_FRAME_MAX_BYTES,
  FEED_PAGE_MAX_BYTES,
  GRANTS_MAX,
  LARGE_CHUNK_BYTES,
  LOG_MAX_ENTRIES,
  PACKAGE_MAX_BYTES,
  PAGE_MAX_BYTES,
  PAGE_MAX_ENVELOPES,
  RESTORE_PAGE_MAX_BYTES,
  RESTORE_RECEIPTS_MAX,
  SEALED_CHUNK_MAX_BYTES,
  SHELF_MAX_PACKAGES,
  SMALL_CHUNKS_MAX_BYTES,
  WAIT_MAX_MS,
} from './limits.ts';
export {
  blobId,
  capabilityId,
  idFromPath,
  idInPath,
  logId,
  newLogId,
  newShelfId,
  shelfId,
  type BlobId,
  type CapabilityId,
  type LogId,
  type ShelfId,
} from './ids.ts';
export {
  RIGHTS,
  authorisation,
  newCapability,
  provesCapability,
  readAuthorisation,
  type Asked,
  type Authorisation,
  type Capability,
  type Grant,
  type HeldGrant,
  type Rights,
} from './capability.ts';
export {
  declaredAlike,
  provesTerms,
  signTerms,
  type BlobTerms,
  type SignedTerms,
} from './blob-terms.ts';
export {
  checkReceipt,
  decodeReceipt,
  emptyHead,
  encodeReceipt,
  nextHead,
  receiptCodec,
  signReceipt,
  signReceipts,
  type Receipt,
  type ReceiptClaim,
  type ReceiptReason,
} from './receipt.ts';
export {
  CONTENT_TYPE,
  REFUSALS,
  SEALED_TYPE,
  blobRequestCodec,
  blobStateCodec,
  factsBytes,
  factsCodec,
  grantCodec,
  hasChunk,
  logRequestCodec,
  pageCodec,
  provesFacts,
  refusalCodec,
  type BlobRequest,
  type BlobState,
  type LogPage,
  type RefusalWord,
  type RelayFacts,
  type WireRefusal,
} from './wire.ts';
export { planBlob, sealedChunkLength, type BlobPlan } from './blob-plan.ts';
export { Gathered, lengthOf, writePieces, type Pieces } from './pieces.ts';
export {
  FileOpener,
  fileKey,
  newFileKey,
  openChunk,
  sealChunk,
  sealFile,
  type ChunkPlace,
  type FileKey,
  type SealedChunk,
  type SealedFile,
} from './sealing.ts';
export { WORK_MAX_BITS, WORK_WINDOW_MS, checkWork, proveWork, type WorkTask } from './work.ts';
export { isAway, unable, type RelayFaultCode } from './exchange.ts';
export type { CommonRefusal } from './call.ts';
export { RelayClient, type RelayClientOptions } from './relay-client.ts';
export { RelayLog, type ReadFrom } from './relay-log.ts';
export {
  bringBack,
  restoreRequestCodec,
  restoreStateCodec,
  type LogArchive,
  type RestoreRequest,
  type RestoreState,
} from './restoring.ts';
export {
  downloadFile,
  sealedChunks,
  uploadFile,
  type Download,
  type DownloadRefusal,
  type Progress,
  type Upload,
  type UploadRefusal,
} from './transfer.ts';
export type {
  BlobRow,
  LogHead,
  NewLog,
  NoLog,
  Over,
  Store,
  StoreFaultCode,
  StoredEnvelope,
} from './store.ts';
export {
  COURIER_ENVELOPES_MAX,
  COURIER_MAX_BYTES,
  decodeCourier,
  encodeCourier,
  type Courier,
  type CourierBundle,
  type CourierReason,
} from './courier.ts';
export {
  auditReceipts,
  auditStore,
  decodeReceipts,
  encodeReceipts,
  type Finding,
} from './audit.ts';
