// The mails of one IMAP folder, oldest first, from where an earlier reading stopped. The folder is opened read-only.

import { Fault, isFault } from '@parley/kernel';
import type { ImapFlow } from 'imapflow';
import { MESSAGE_BYTES_MAX } from '../message/message.ts';
import { imapFault, newClient, type FolderPosition, type ImapAccess } from './imap-connection.ts';

export type FolderMail = {
  readonly bytes: Uint8Array;
  /** Keep it once the mail is dealt with: the next reading starts behind it. */
  readonly position: FolderPosition;
};

/** The folder that the server marks as holding sent mail (RFC 6154), else the one that is called so. */
async function sentFolder(client: ImapFlow): Promise<string> {
  const folders = await client.list();
  const sent =
    folders.find(({ specialUse }) => specialUse === '\\Sent') ??
    folders.find(({ path }) => /^(?:INBOX[./])?sent(?: items| messages| mail)?$/i.test(path));
  if (sent !== undefined) return sent.path;
  throw new Fault('no-sent-folder', 'The mailbox names no folder of sent mail.', {
    nextAction: 'name it with --folder',
  });
}

async function mailAt(client: ImapFlow, uid: number): Promise<Uint8Array | null> {
  const fetched = await client.fetchOne(
    String(uid),
    { source: { start: 0, maxLength: MESSAGE_BYTES_MAX + 1 } },
    { uid: true },
  );
  // It may have been deleted meanwhile.
  return fetched === false || fetched.source === undefined ? null : fetched.source;
}

/**
 * Yields what stands behind `position` (null: everything), one mail in memory at a time. A folder that was numbered anew is
 * read from its start. Throws `imap-login-refused`, `imap-unreachable` (retry), `no-such-folder`, `no-sent-folder`.
 */
export async function* readFolder(
  access: ImapAccess,
  wanted: {
    /** Null: the folder of sent mail. */
    readonly folder: string | null;
    readonly position: FolderPosition | null;
    /** Only mails that arrived in the folder on this day or later; null for all. */
    readonly since: Date | null;
  },
): AsyncGenerator<FolderMail> {
  const client = await newClient(access);
  client.on('error', () => client.close());
  try {
    await client.connect();
    const folder = wanted.folder ?? (await sentFolder(client));
    const opened = await client.mailboxOpen(folder, { readOnly: true }).catch((cause: unknown) => {
      if (!client.usable) throw cause;
      throw new Fault('no-such-folder', 'The mailbox has no such folder.', {
        cause,
        nextAction: 'name another with --folder',
      });
    });
    const uidValidity = String(opened.uidValidity);
    const { position, since } = wanted;
    const from = position?.uidValidity === uidValidity ? position.lastUid : 0;
    const found = await client.search(
      { uid: `${from + 1}:*`, ...(since === null ? {} : { since }) },
      { uid: true },
    );
    // "n:*" names the newest mail even where it is older than n.
    const uids = (found === false ? [] : found).filter((uid) => uid > from);
    for (const uid of uids.toSorted((a, b) => a - b)) {
      const bytes = await mailAt(client, uid);
      if (bytes !== null) yield { bytes, position: { uidValidity, lastUid: uid } };
    }
    await client.logout();
  } catch (cause) {
    throw isFault(cause) ? cause : imapFault(cause);
  } finally {
    client.close();
  }
}
