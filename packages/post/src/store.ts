// What a relay needs of a store. One law above all: a promise that resolves with an accepted verdict means that a power
// cut one microsecond later loses nothing of it.

import type { Verdict } from '@parley/kernel';
import type { Capability, HeldGrant } from './capability.ts';
import type { SignedTerms } from './blob-terms.ts';
import type { BlobId, CapabilityId, LogId, ShelfId } from './ids.ts';

/** Where a log stands: `seq` envelopes, the chained head over them, and when the last was stored. */
export type LogHead = { readonly seq: number; readonly head: Uint8Array; readonly timeMs: number };

export type StoredEnvelope = { readonly seq: number; readonly envelope: Uint8Array };

export type NoLog = 'no-such-log';

export type NewLog = {
  readonly owner: Capability;
  readonly maxEntries: number;
  readonly nowMs: number;
  /** When the log may be forgotten with all it holds; null or absent: never, once it holds something. */
  readonly expiresMs?: number | null;
};

export type Over = { readonly nowMs: number; readonly unusedSinceMs: number };

export type BlobRow = SignedTerms & { readonly finished: boolean };

/**
 * Logs, capabilities, shelves and the index of blobs. Several relay processes may use one store at once; every law
 * below holds across them. Refusals are verdicts; a store that cannot do its work throws `StoreFault`.
 */
export interface Store {
  /** Makes an empty log with its first owner. Asked again with the same owner it accepts again; with another, 'exists'. */
  createLog(log: LogId, made: NewLog): Promise<Verdict<LogHead, 'exists'>>;

  /**
   * Compare and append: of all callers with one `expectedSeq` exactly one wins, and `conflict` tells the others where the
   * log stands. The winner's own envelope sent again at its seq is accepted again with the same head and time.
   */
  append(
    log: LogId,
    entry: { expectedSeq: number; envelope: Uint8Array; nowMs: number },
  ): Promise<Verdict<LogHead, NoLog | 'conflict' | 'full'>>;

  head(log: LogId): Promise<Verdict<LogHead, NoLog>>;

  /** Envelopes after a seq, without gaps, up to the limits; at least one if there is one. */
  read(
    log: LogId,
    from: { after: number; maxEnvelopes: number; maxBytes: number },
  ): Promise<Verdict<{ envelopes: readonly StoredEnvelope[]; head: LogHead }, NoLog>>;

  /** The grant of one capability on one log; undefined where there is none. */
  grantOf(log: LogId, id: CapabilityId): Promise<HeldGrant | undefined>;
  /** Adds or replaces. 'full' over the limit of grants. Taking the last owner's rights is 'last-owner'. */
  grant(log: LogId, grant: HeldGrant): Promise<Verdict<null, NoLog | 'full' | 'last-owner'>>;
  /** Accepts also where there was nothing to revoke. */
  revoke(log: LogId, id: CapabilityId): Promise<Verdict<null, NoLog | 'last-owner'>>;

  /** Puts a package on a shelf of the log, which is made by the first one. */
  putPackage(
    log: LogId,
    shelf: ShelfId,
    entry: { sealed: Uint8Array; nowMs: number },
  ): Promise<Verdict<null, NoLog | 'full'>>;
  /** Takes the oldest; no package is ever handed to two callers. */
  takePackage(log: LogId, shelf: ShelfId): Promise<Verdict<Uint8Array, 'empty'>>;

  /**
   * Reserves room for a blob within the log's quota, or moves the expiry of one declared alike by the same signer to a
   * later time. Whether the signature is good is the caller's to judge, before and after.
   */
  declareBlob(
    log: LogId,
    blob: BlobId,
    asked: SignedTerms & { readonly quotaBytes: number },
  ): Promise<Verdict<BlobRow, NoLog | 'full' | 'exists'>>;
  blob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>>;
  finishBlob(log: LogId, blob: BlobId): Promise<Verdict<BlobRow, 'no-such-blob'>>;
  /** Blobs whose time is over, oldest first. */
  expiredBlobs(nowMs: number, max: number): Promise<readonly { log: LogId; blob: BlobId }[]>;
  /** Forgets a blob if its time is over by `nowMs`; true if it did. Call it before removing the chunks. */
  dropBlob(log: LogId, blob: BlobId, nowMs: number): Promise<boolean>;

  /** Logs whose time is over, and logs made before `unusedSinceMs` that hold nothing. */
  expiredLogs(over: Over, max: number): Promise<readonly LogId[]>;
  /** Forgets a log and all that belongs to it, if its time is over still; true if it did. Remove its chunks afterwards. */
  dropLog(log: LogId, over: Over): Promise<boolean>;

  /** Logs on this store, for the cap on them. An estimate may lag behind by a minute. */
  countLogs(): Promise<number>;

  /** Rings when a log grew, by whichever process. Rings may be lost, doubled or late: read by seq. Returns the way to stop. */
  watch(ring: (log: LogId, seq: number) => void): () => void;

  close(): Promise<void>;
}

/** Codes of the faults a store throws: no space, not writable, damaged, not answering, moved elsewhere, wrong set-up. */
export type StoreFaultCode =
  | 'store-full'
  | 'store-read-only'
  | 'store-damaged'
  | 'store-unreachable'
  | 'store-moved'
  | 'store-unusable';
