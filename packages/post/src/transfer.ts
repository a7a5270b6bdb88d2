// A whole file to the relay and back: chunks in parallel, resumable on both sides, never more than a few chunks in memory.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { broken } from './exchange.ts';
import { WAIT_MAX_MS } from './limits.ts';
import type { CommonRefusal } from './call.ts';
import type { RelayLog } from './relay-log.ts';
import { planBlob, type BlobPlan } from './blob-plan.ts';
import type { Pieces } from './pieces.ts';
import { FileOpener, sealFile, type FileKey, type SealedFile } from './sealing.ts';
import { hasChunk } from './wire.ts';

/** Bytes on their way at once: more would fill memory, less would leave a long line empty. */
const ON_THE_WAY_BYTES = 12 * 1024 * 1024;
/** A line that takes a chunk within this time gets several at once; a thinner one gets them one by one. */
const QUICK_MS = 2000;

export type Progress = (done: { chunks: number; of: number }) => void;

export type Upload = {
  readonly key: FileKey;
  readonly size: number;
  readonly source: AsyncIterable<Uint8Array>;
  /** When the relay may forget it. */
  readonly expiresMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
};

export type UploadRefusal =
  | 'full'
  | 'exists'
  | 'too-large'
  | 'no-such-blob'
  | 'incomplete'
  | CommonRefusal;

/**
 * Seals and uploads a file, skipping what the relay already has, and answers the hash of its plaintext. Call it again with
 * the same key to resume. Accepted means that the relay has every chunk on disk.
 */
export async function uploadFile(
  log: RelayLog,
  upload: Upload,
): Promise<Verdict<SealedFile, UploadRefusal>> {
  const { key, size, expiresMs } = upload;
  const plan = planBlob(size);
  const declared = await log.declareBlob(key, {
    chunks: plan.chunks,
    size: plan.sealedSize,
    expiresMs,
  });
  if (!declared.ok) return declared;
  const have = declared.value.have;
  const skip = (chunk: number): boolean => hasChunk(have, chunk);
  let done = 0;
  for (let chunk = 0; chunk < plan.chunks; chunk++) if (skip(chunk)) done++;
  upload.onProgress?.({ chunks: done, of: plan.chunks });

  const flying = new Set<Promise<void>>();
  const failures: ({ refused: Verdict<never, UploadRefusal> } | { thrown: unknown })[] = [];
  const most = Math.ceil(ON_THE_WAY_BYTES / plan.chunkBytes);
  let atOnce = 2;
  const sending = sealFile(log.client.ports, key, { size, source: upload.source, skip });
  let step = await sending.next();
  while (step.done !== true && failures.length === 0) {
    const { number, sealed } = step.value;
    const leftMs = performance.now();
    const flight = log
      .putChunk(key.blob, {
        number,
        sealed,
        ...(upload.signal === undefined ? {} : { signal: upload.signal }),
      })
      .then(
        (stored) => {
          atOnce = performance.now() - leftMs < QUICK_MS ? most : 1;
          if (!stored.ok) failures.push({ refused: stored });
          else upload.onProgress?.({ chunks: ++done, of: plan.chunks });
        },
        (thrown: unknown) => void failures.push({ thrown }),
      )
      .finally(() => flying.delete(flight));
    flying.add(flight);
    while (flying.size >= atOnce) await Promise.race(flying);
    if (failures.length === 0) step = await sending.next();
  }
  await Promise.all(flying);
  const failed = failures[0];
  if (failed !== undefined) {
    await sending.return(undefined as never);
    if ('thrown' in failed) throw failed.thrown;
    return failed.refused;
  }
  if (!declared.value.finished) {
    const finished = await log.finishBlob(key.blob);
    if (!finished.ok) return finished;
  }
  return step.done === true ? accept(step.value) : refuse('incomplete');
}

export type Download = {
  readonly key: FileKey;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly signal?: AbortSignal;
  readonly onProgress?: Progress;
};

export type DownloadRefusal =
  | 'no-such-blob'
  | 'no-such-chunk'
  | 'unreadable'
  | 'wrong-file'
  | 'incomplete'
  | CommonRefusal;

/**
 * Sealed chunks in order, several ahead of the one that is used, waiting for those still on their way up. It checks
 * nothing: give each to a `FileOpener`.
 */
export async function* sealedChunks(
  log: RelayLog,
  asked: { key: FileKey; plan: BlobPlan; from?: number; signal?: AbortSignal },
): AsyncGenerator<Verdict<Pieces, 'no-such-blob' | 'no-such-chunk' | CommonRefusal>> {
  const stop = new AbortController();
  const signal =
    asked.signal === undefined ? stop.signal : AbortSignal.any([asked.signal, stop.signal]);
  const fetchOne = (number: number): ReturnType<RelayLog['getChunk']> => {
    const coming = log.getChunk(asked.key.blob, { number, waitMs: WAIT_MAX_MS, signal });
    // Whoever takes it from the queue sees the failure; the others must not end the process.
    coming.catch(() => {});
    return coming;
  };
  const queue: ReturnType<RelayLog['getChunk']>[] = [];
  let next = asked.from ?? 0;
  const { chunks, chunkBytes } = asked.plan;
  const ahead = Math.ceil(ON_THE_WAY_BYTES / chunkBytes);
  try {
    for (let at = next; at < chunks; at++) {
      while (queue.length < ahead && next < chunks) queue.push(fetchOne(next++));
      const got = await queue.shift();
      if (got === undefined) throw broken('no chunk');
      yield got;
      if (!got.ok) return;
    }
  } finally {
    stop.abort();
  }
}

/** Downloads and opens a file, giving its plaintext to `write` piece by piece. Nothing written counts before it is accepted. */
export async function downloadFile(
  log: RelayLog,
  download: Download,
  write: (plaintext: Uint8Array) => Promise<void> | void,
): Promise<Verdict<{ size: number }, DownloadRefusal>> {
  const opener = new FileOpener(log.client.crypto, download.key, download);
  const { chunks } = opener.plan;
  let done = 0;
  const chunksFrom = sealedChunks(log, {
    key: download.key,
    plan: opener.plan,
    ...(download.signal === undefined ? {} : { signal: download.signal }),
  });
  for await (const sealed of chunksFrom) {
    if (!sealed.ok) return sealed;
    const opened = opener.next(sealed.value);
    if (!opened.ok) return opened;
    for (const piece of opened.value) await write(piece);
    download.onProgress?.({ chunks: ++done, of: chunks });
  }
  return opener.finish();
}
