// Bytes that the page brings: a file to be sealed and sent, or a mail to be judged. They are not kept.

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { MESSAGE_BYTES_MAX, screen } from '@parley/mail';
import type { Desk } from '@parley/desk';
import { PageRefusal } from './refusals.ts';
import type { MailAnswer } from './wire-mail.ts';

/** What one file may have; larger ones are sent from the command line. */
export const UPLOAD_BYTES_MAX = 2 * 1024 ** 3;

function limited(maxBytes: number): Transform {
  let size = 0;
  return new Transform({
    transform(piece: Uint8Array, _encoding, done) {
      size += piece.length;
      if (size <= maxBytes) done(null, piece);
      else
        done(
          new PageRefusal(413, 'too-large', {
            message: `This is longer than ${maxBytes} bytes. Nothing was sent.`,
            next: 'send it from the command line: parley send',
          }),
        );
    },
  });
}

/** A file lies in a directory of its own, for its owner only, until `work` is done. */
export async function withUpload<T>(
  body: Readable,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-outgoing-'));
  try {
    const path = join(folder, 'file');
    await pipeline(body, limited(UPLOAD_BYTES_MAX), createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A mail that the page brings, in memory; a longer one is refused. */
export async function readMail(body: Readable): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body.pipe(limited(MESSAGE_BYTES_MAX)) as AsyncIterable<Uint8Array>)
    pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** The verdict on a mail, with what the channels know. Nothing is asked of the network. */
export async function screenUpload(desk: Desk, body: Readable, nowMs: number): Promise<MailAnswer> {
  const mail = await readMail(body);
  const { directories, attestations } = desk.mail.knowledge();
  return screen(mail, { directories, attestations, nowMs });
}
