// Sending a document: sealed here under a key of its own, brought to the relay chunk by chunk, then announced by an entry.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  Fault,
  bytes,
  decode,
  encode,
  sameBytes,
  struct,
  text,
  toHex,
  type Crypto,
} from '@parley/kernel';
import type { Act } from '@parley/channel';
import {
  fileKey,
  isAway,
  newFileKey,
  planBlob,
  unable,
  uploadFile,
  type RelayLog,
} from '@parley/post';
import type { Context, OpenCard } from './context.ts';
import { nameFault } from './file-name.ts';
import { Outbox } from './outbox.ts';
import { DeskRefusal } from './refusal.ts';
import type { Sent } from './traffic.ts';
import { BLOB_LIFE_MS, UNSENT_MAX_BYTES, keepUnsent } from './unsent-documents.ts';

const uploadCodec = struct({ secret: bytes({ exactly: 32 }), name: text(255) });

/** Files of more chunks than this are announced while they are still on their way: the others need not wait. */
const ANNOUNCED_EARLY_CHUNKS = 8;

/**
 * Seals a file, brings it to the relay and announces it by an entry; a large one as soon as its first chunks are there. Run
 * again after an interruption it goes on with the chunks that are missing: it knows the file by its content and name, so a
 * file that was changed in between starts anew, and one that is on the record already makes no second entry. Where the relay cannot be reached and the file fits
 * into a courier bundle, it is sealed into this desk's store and waits with its entry.
 */
export async function sendFile(
  context: Context,
  to: { card: OpenCard; log: RelayLog; announce: (act: Act) => Promise<Sent> },
  file: { path: string; as?: string | undefined },
  onProgress: (done: number, total: number) => void,
): Promise<Sent & { name: string; size: number }> {
  const name = (file.as ?? basename(file.path)).normalize('NFC');
  const fault = nameFault(name);
  if (fault !== undefined) {
    throw new DeskRefusal('policy', 'unsafe-name', {
      message:
        'The name of this file could mislead whoever receives it (path separators, hidden or reserved characters, or too long).',
      next: 'give another name with --as NAME',
      data: { fault },
    });
  }
  const { size, sha256 } = await measure(context.ports.crypto, file.path);
  const { vault, ports } = context;
  const { card, log } = to;
  const outbox = new Outbox(vault, card.room);
  const uploadKey = `${toHex(card.room)}:${toHex(sha256)}:${name}`;
  const waiting = queuedTwin(outbox, name, sha256);
  if (waiting !== undefined && planBlob(size).chunks <= ANNOUNCED_EARLY_CHUNKS)
    return { ...(await to.announce(waiting)), name, size };
  const stored = vault.get('upload', uploadKey);
  const known = stored === undefined ? undefined : decode(uploadCodec, stored);
  const key = known?.ok === true ? fileKey(ports.crypto, known.value.secret) : newFileKey(ports);
  vault.put('upload', uploadKey, encode(uploadCodec, { secret: key.secret, name }));
  const plan = planBlob(size);
  const act: Act = {
    kind: 'document',
    name,
    size,
    sha256,
    mediaType: 'application/octet-stream',
    blob: { id: key.blob, chunks: plan.chunks, key: key.secret, sealedSize: plan.sealedSize },
  };
  let announced: Promise<Sent> | undefined;
  const upload = uploadFile(log, {
    key,
    size,
    source: createReadStream(file.path, {
      highWaterMark: 256 * 1024,
    }) as AsyncIterable<Uint8Array>,
    expiresMs: ports.clock.nowMs() + BLOB_LIFE_MS,
    onProgress: ({ chunks, of }) => {
      onProgress(Math.min(size, Math.round((chunks / of) * size)), size);
      if (announced !== undefined || chunks === 0 || of <= ANNOUNCED_EARLY_CHUNKS) return;
      announced = to.announce(act);
      // Whoever waits for it below hears of a failure; the upload goes on.
      announced.catch(() => {});
    },
  });
  const uploaded = await upload
    .then((done) => {
      const away = done.ok ? undefined : unable(done.reason);
      if (away !== undefined) throw away;
      return done;
    })
    .catch((error: unknown) => {
      const fits = announced === undefined && plan.sealedSize <= UNSENT_MAX_BYTES;
      if (fits && isAway(error)) return undefined;
      throw error;
    });
  if (uploaded === undefined) {
    // No relay: it waits here, sealed, for a courier bundle or for the day when the relay is back.
    await keepUnsent(context, card.room, { path: file.path, key, size, sha256 });
    return { ...(await to.announce(act)), name, size };
  }
  if (!uploaded.ok) {
    throw new DeskRefusal('policy', uploaded.reason, {
      message: `The relay does not take this document: ${uploaded.reason}.`,
      next: 'ask its operator for more room, or run the command again to resume',
    });
  }
  if (!sameBytes(uploaded.value.sha256, sha256)) {
    vault.remove('upload', uploadKey);
    throw new Fault(
      'file-changed',
      announced === undefined
        ? 'The file changed while it was being sent. No entry was made.'
        : 'The file changed while it was being sent. What was announced will not open for the others.',
      {
        nextAction: 'send it again when nothing is writing to it',
      },
    );
  }
  return { ...(await (announced ?? to.announce(act))), name, size };
}

async function measure(
  crypto: Crypto,
  path: string,
): Promise<{ size: number; sha256: Uint8Array }> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    throw new Fault('file-missing', `There is no file ${path}.`, {
      nextAction: 'check the name and the directory',
    });
  }
  planBlob(found.size);
  const hasher = crypto.hasher('sha256');
  let size = 0;
  const source = createReadStream(path, {
    highWaterMark: 1024 * 1024,
  }) as AsyncIterable<Uint8Array>;
  for await (const piece of source) {
    hasher.update(piece);
    size += piece.length;
  }
  return { size, sha256: hasher.digest() };
}

function queuedTwin(outbox: Outbox, name: string, sha256: Uint8Array): Act | undefined {
  return outbox
    .all()
    .find(
      ({ act }) => act.kind === 'document' && act.name === name && sameBytes(act.sha256, sha256),
    )?.act;
}
