// Mails of a file, an mbox or a maildir, one after the other and never all in memory.

import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@parley/kernel';
import { MESSAGE_BYTES_MAX } from '../message/message.ts';

export type MailboxItem = {
  /** The path, or the path and the number of the mail in an mbox. */
  readonly name: string;
  readonly bytes: Uint8Array;
};

export type MailboxKind = 'mail' | 'mbox' | 'maildir' | 'folder';

const FILES_MAX = 1_000_000;
// One byte more than is read of a mail, so that a longer one shows as incomplete.
const READ_MAX = MESSAGE_BYTES_MAX + 1;

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What a path holds. Throws the fault `mailbox-unreadable` where it cannot be read. */
export async function mailboxKind(path: string): Promise<MailboxKind> {
  try {
    if ((await stat(path)).isDirectory()) {
      const entries = await readdir(path);
      return entries.includes('cur') && entries.includes('new') ? 'maildir' : 'folder';
    }
    return (await firstBytes(path)).toString('latin1').startsWith('From ') ? 'mbox' : 'mail';
  } catch (cause) {
    throw new Fault('mailbox-unreadable', 'The mail or mailbox cannot be read.', {
      cause,
      nextAction: 'Check that the path exists and that you may read it.',
    });
  }
}

async function readFirst(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size <= READ_MAX) return readFile(path);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: READ_MAX - 1 }))
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const SEPARATOR = Buffer.from('\nFrom ');

/** Splits at lines that begin with "From "; a mail over the limit is cut, the rest of it skipped. */
async function* readMbox(path: string): AsyncGenerator<MailboxItem> {
  let number = 0;
  let held: Buffer = Buffer.alloc(0);
  let kept: Buffer[] = [];
  let keptBytes = 0;
  const keep = (piece: Buffer): void => {
    const room = READ_MAX - keptBytes;
    if (room > 0 && piece.length > 0) kept.push(piece.subarray(0, room));
    keptBytes += Math.min(room, piece.length);
  };
  const finish = (): MailboxItem => {
    const whole = Buffer.concat(kept);
    kept = [];
    keptBytes = 0;
    const lineEnd = whole.indexOf(0x0a);
    // The "From " line is the mailbox's, not the mail's.
    const bytes =
      whole.subarray(0, 5).toString('latin1') === 'From ' ? whole.subarray(lineEnd + 1) : whole;
    return { name: `${path}#${++number}`, bytes };
  };
  for await (const chunk of createReadStream(path)) {
    held = Buffer.concat([held, chunk as Buffer]);
    for (let at = held.indexOf(SEPARATOR); at >= 0; at = held.indexOf(SEPARATOR)) {
      keep(held.subarray(0, at + 1));
      yield finish();
      held = held.subarray(at + 1);
    }
    const safe = Math.max(0, held.length - SEPARATOR.length);
    keep(held.subarray(0, safe));
    held = held.subarray(safe);
  }
  keep(held);
  if (keptBytes > 0) yield finish();
}

async function* walk(path: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = join(path, entry.name);
    if (entry.isDirectory() && depth < 12) yield* walk(full, depth + 1);
    else if (entry.isFile()) yield full;
  }
}

/** Yields the mails of a path in a stable order. A file that vanishes or cannot be read ends in a fault. */
export async function* readMailbox(path: string): AsyncGenerator<MailboxItem> {
  const kind = await mailboxKind(path);
  if (kind === 'mbox') {
    yield* readMbox(path);
    return;
  }
  if (kind === 'mail') {
    yield { name: path, bytes: await readFirst(path) };
    return;
  }
  const roots = kind === 'maildir' ? [join(path, 'cur'), join(path, 'new')] : [path];
  let count = 0;
  for (const root of roots)
    for await (const file of walk(root, 0)) {
      if (++count > FILES_MAX)
        throw new Fault('mailbox-too-large', `The mailbox holds more than ${FILES_MAX} files.`);
      if ((await firstBytes(file)).toString('latin1').startsWith('From ')) yield* readMbox(file);
      else yield { name: file, bytes: await readFirst(file) };
    }
}
