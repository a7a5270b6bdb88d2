// Originals: bytes as the counterpart sealed them, from the relay into quarantine. The cage reads them, and where two
// officers agreed they are copied to a file; nothing else gets to see them.

import { open, rm } from 'node:fs/promises';
import { isFault, refuse, sameBytes, type Refused } from '@parley/kernel';
import { defaultPolicy } from '@parley/disarm';
import { fileKey, planBlob, sealedChunks, type Pieces, type RelayLog } from '@parley/post';
import type { BodyOf } from '@parley/record';
import type { Context } from './context.ts';
import { DeskRefusal } from './refusal.ts';

type DocumentBody = BodyOf<'document'>;
const MIB = 1024 * 1024;
/** More than this is not fetched: a counterpart must not fill our disks. */
const ORIGINAL_MAX_BYTES = 1024 * MIB;

type Source = { readonly log: RelayLog; readonly onProgress: (text: string) => void };

/** The bytes as they came, from quarantine; fetched again where the file at rest was damaged. */
export async function originalOf(
  context: Context,
  body: DocumentBody,
  from: Source,
): Promise<Uint8Array> {
  const { originals } = context;
  const ref = { secret: body.blob.key, size: body.size, sha256: body.sha256 };
  await fetchOriginal(context, body, from);
  from.onProgress(`rebuilding ${body.name}`);
  try {
    return await originals.read(ref);
  } catch (error) {
    if (!isFault(error, 'file-damaged')) throw error;
    await originals.remove(ref);
    await fetchOriginal(context, body, from);
    return originals.read(ref);
  }
}

/**
 * A document that is too large to be rebuilt travels all the same: it lies sealed in quarantine, where two officers can have
 * it. The answer says why there is no safe copy.
 */
export async function keepSealed(
  context: Context,
  body: DocumentBody,
  from: Source,
): Promise<Refused<'too-large'>> {
  const size = `${Math.ceil(body.size / MIB)} MiB`;
  const why = `${size}; no safe copy is made of more than ${defaultPolicy.inputMaxBytes / MIB} MiB`;
  if (body.size > ORIGINAL_MAX_BYTES)
    return refuse('too-large', { detail: `${why}, and nothing over 1 GiB is fetched` });
  await fetchOriginal(context, body, from);
  return refuse('too-large', { detail: `${why}; it lies sealed in quarantine` });
}

/**
 * Copies an original from quarantine to a file that only its owner reads and nobody executes; the file is new and whole,
 * or not there. No byte of it comes back to the caller.
 */
export async function copyOriginal(
  context: Context,
  body: DocumentBody,
  path: string,
): Promise<void> {
  const ref = { secret: body.blob.key, size: body.size, sha256: body.sha256 };
  const file = await open(path, 'wx', 0o400);
  try {
    for await (const piece of context.originals.pieces(ref)) await file.appendFile(piece);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    // What was damaged at rest is fetched anew by the next attempt.
    if (isFault(error, 'file-damaged')) await context.originals.remove(ref);
    throw error;
  } finally {
    await file.close();
  }
}

/** Brings an original into quarantine, unless it is there. Refuses what is not the announced file. */
export async function fetchOriginal(
  context: Context,
  body: DocumentBody,
  { log, onProgress }: Source,
): Promise<void> {
  const { originals, ports } = context;
  const ref = { secret: body.blob.key, size: body.size, sha256: body.sha256 };
  const key = fileKey(ports.crypto, body.blob.key);
  if (!sameBytes(key.blob, body.blob.id)) notTheFile('its key is not the key of the blob it names');
  const plan = planBlob(body.size);
  if (plan.chunks !== body.blob.chunks || plan.sealedSize !== body.blob.sealedSize)
    notTheFile('its size is not the size of the blob it names');
  if (await originals.has(ref)) return;
  // Several chunks are fetched ahead of the one that is checked, also while their sender is still bringing them.
  let coming: ReturnType<typeof sealedChunks> | undefined;
  const next = async (from: number): Promise<Pieces> => {
    coming ??= sealedChunks(log, { key, plan, from });
    const { value: chunk } = await coming.next();
    if (chunk?.ok === true) return chunk.value;
    throw new DeskRefusal('waiting', 'document-not-there', {
      message: `The relay does not have the whole document (${chunk?.reason ?? 'it ended early'}).`,
      next: 'ask the sender to send it again: the command goes on where it stopped',
    });
  };
  let fetched: Awaited<ReturnType<typeof originals.fetch>>;
  try {
    fetched = await originals.fetch(ref, next, (done, total) =>
      onProgress(`fetching: ${done} of ${total} chunks`),
    );
  } finally {
    await coming?.return(undefined);
  }
  if (!fetched.ok) {
    await originals.remove(ref);
    if (fetched.reason === 'wrong-file') notTheFile('its hash is not the announced one');
    throw new DeskRefusal('tampering', 'document-altered', {
      message: 'A piece of the document was altered after its sender sealed it.',
      next: 'it is asked for again by the next "parley sync"; tell the operator of the relay, or the sender',
    });
  }
}

function notTheFile(why: string): never {
  throw new DeskRefusal('tampering', 'wrong-document', {
    message: `What the relay holds is not the document that was announced: ${why}.`,
    next: 'ask the sender whether they sent it; the entry in the record proves what they announced',
  });
}
