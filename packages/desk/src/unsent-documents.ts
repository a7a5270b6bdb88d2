// Documents sealed while the relay was away: they lie in this desk's own store, go along in courier bundles, and reach the
// relay before the next exchange with it.

import { createReadStream } from 'node:fs';
import { Fault, bytes, decode, encode, isFault, struct, toHex, uint } from '@parley/kernel';
import { fileKey, isAway, sealFile, uploadFile, type FileKey } from '@parley/post';
import type { Context } from './context.ts';
import type { SealedFileRef } from './sealed-files.ts';

const unsentIn = (room: Uint8Array): string => `unsent:${toHex(room)}`;

/** What a document may have to be kept like this: more goes into no courier bundle. */
export const UNSENT_MAX_BYTES = 64 * 1024 * 1024;
/** How long a relay keeps a document. */
export const BLOB_LIFE_MS = 365 * 24 * 60 * 60 * 1000;

const refCodec = struct({
  secret: bytes({ exactly: 32 }),
  size: uint(),
  sha256: bytes({ exactly: 32 }),
});

const changed = (): Fault<'file-changed'> =>
  new Fault('file-changed', 'The file changed while it was being sealed. No entry was made.', {
    nextAction: 'send it again when nothing is writing to it',
  });

/** Seals a file into this desk's store and notes that the relay lacks it. Throws `file-changed`. */
export async function keepUnsent(
  context: Context,
  room: Uint8Array,
  file: { readonly path: string; readonly key: FileKey } & Pick<SealedFileRef, 'size' | 'sha256'>,
): Promise<void> {
  const { ports, originals, vault } = context;
  const { key, size, sha256 } = file;
  const ref = { secret: key.secret, size, sha256 };
  if (!(await originals.has(ref))) {
    const source = createReadStream(file.path) as AsyncIterable<Uint8Array>;
    const sealing = sealFile(ports, key, { size, source });
    const kept = await originals.fetch(
      ref,
      async (wanted) => {
        for (;;) {
          const step = await sealing.next();
          if (step.done === true) throw changed();
          // What an interrupted call had sealed is there already.
          if (step.value.number >= wanted) return step.value.sealed;
        }
      },
      () => undefined,
    );
    if (!kept.ok) {
      await originals.remove(ref);
      throw changed();
    }
  }
  vault.put(unsentIn(room), toHex(key.blob), encode(refCodec, ref));
}

/** Brings to the relay what was sealed while it was away; answers what it refused, in words. Stops where it is away again. */
export async function bringUnsent(context: Context, name: string): Promise<string[]> {
  const { ports, originals, vault } = context;
  const card = context.openCard(name);
  const refused: string[] = [];
  for (const stored of vault.list(unsentIn(card.room))) {
    const ref = decode(refCodec, stored);
    if (!ref.ok) continue;
    const key = fileKey(ports.crypto, ref.value.secret);
    try {
      const uploaded = await uploadFile(context.log(card), {
        key,
        size: ref.value.size,
        source: originals.pieces(ref.value),
        expiresMs: ports.clock.nowMs() + BLOB_LIFE_MS,
      });
      if (uploaded.ok) vault.remove(unsentIn(card.room), toHex(key.blob));
      else refused.push(`a document waits here: the relay does not take it (${uploaded.reason})`);
    } catch (error) {
      if (isAway(error)) break;
      if (!isFault(error, 'file-damaged')) throw error;
      refused.push('a document that waits here was damaged on the disk: send it again');
    }
  }
  return refused;
}
