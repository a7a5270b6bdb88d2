// Watches an IMAP folder: screens what is new, resumes where it stopped, and changes nothing unless told to.

import { setTimeout as wait } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { MESSAGE_BYTES_MAX } from '../message/message.ts';
import { isWarned } from '../mailbox/period-report.ts';
import type { Screening } from '../screen/screen.ts';
import {
  imapFault,
  isFinal,
  newClient,
  type FolderPosition,
  type ImapAccess,
} from './imap-connection.ts';

export type WatchPosition = FolderPosition;

export type WatchAction =
  /** Look only: the folder is opened read-only, so not even "seen" can change. */
  | { readonly kind: 'read-only' }
  /** Set the keyword $ParleyWarned on mails that are warned of, $ParleyProven on proven ones. */
  | { readonly kind: 'keyword' }
  /** Move mails that are warned of to this folder; it is made where it is missing. */
  | { readonly kind: 'move'; readonly folder: string };

export type WatchedMail = {
  readonly uid: number;
  readonly screening: Screening;
  readonly done: 'nothing' | 'keyword' | 'moved';
};

export type WatchOptions = ImapAccess & {
  readonly folder: string;
  readonly action: WatchAction;
  /** Null on the first run: then only the `backlog` newest mails are screened. */
  readonly position: WatchPosition | null;
  readonly backlog: number;
  readonly screen: (bytes: Uint8Array) => Promise<Screening>;
  /** Called after each mail, before the next is fetched: keep what it is given, and a crash repeats one mail at most. */
  readonly onMail: (mail: WatchedMail, position: WatchPosition) => Promise<void> | void;
  readonly onRemark?: (text: string) => void;
  readonly signal: AbortSignal;
  /** Stop when there is nothing new, instead of waiting for more. */
  readonly once?: boolean;
};

const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 5 * 60_000;
export const KEYWORDS = { warned: '$ParleyWarned', proven: '$ParleyProven' } as const;

async function act(
  client: ImapFlow,
  uid: number,
  screening: Screening,
  action: WatchAction,
): Promise<WatchedMail['done']> {
  const range = String(uid);
  const warned = isWarned(screening.verdict);
  if (action.kind === 'keyword' && (warned || screening.verdict === 'proven')) {
    const set = await client.messageFlagsAdd(range, [warned ? KEYWORDS.warned : KEYWORDS.proven], {
      uid: true,
    });
    return set ? 'keyword' : 'nothing';
  }
  if (action.kind === 'move' && warned) {
    const moved = await client.messageMove(range, action.folder, { uid: true });
    return moved === false ? 'nothing' : 'moved';
  }
  return 'nothing';
}

class Watch {
  readonly #options: WatchOptions;
  position: WatchPosition | null;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.position = options.position;
  }

  /** Screens everything after the position, oldest first. */
  async #catchUp(client: ImapFlow): Promise<void> {
    const { signal } = this.#options;
    const position = this.position;
    if (position === null) return;
    const found = await client.search({ uid: `${position.lastUid + 1}:*` }, { uid: true });
    // "n:*" names the newest mail even where it is older than n.
    const uids = (found === false ? [] : found)
      .filter((uid) => uid > position.lastUid)
      .toSorted((a, b) => a - b);
    for (const uid of uids) {
      if (signal.aborted) return;
      const fetched = await client.fetchOne(
        String(uid),
        { source: { start: 0, maxLength: MESSAGE_BYTES_MAX + 1 } },
        { uid: true },
      );
      const next = { uidValidity: position.uidValidity, lastUid: uid };
      // It may have been deleted meanwhile.
      if (fetched === false || fetched.source === undefined) {
        this.position = next;
        continue;
      }
      const screening = await this.#options.screen(fetched.source);
      const done = await act(client, uid, screening, this.#options.action);
      await this.#options.onMail({ uid, screening, done }, next);
      // Only now: a mail whose verdict could not be kept is screened again.
      this.position = next;
    }
  }

  async #open(client: ImapFlow): Promise<void> {
    const { action, folder, backlog, onRemark } = this.#options;
    if (action.kind === 'move') await client.mailboxCreate(action.folder);
    const opened = await client.mailboxOpen(folder, { readOnly: action.kind === 'read-only' });
    const uidValidity = String(opened.uidValidity);
    if (this.position !== null && this.position.uidValidity !== uidValidity) {
      onRemark?.('The server has numbered this folder anew; its newest mails are screened again.');
      this.position = null;
    }
    if (this.position !== null) return;
    const all = backlog > 0 ? await client.search({ all: true }, { uid: true }) : false;
    const older = all === false ? [] : all.toSorted((a, b) => a - b).slice(0, -backlog);
    const before = backlog > 0 ? (older.at(-1) ?? 0) : opened.uidNext - 1;
    this.position = { uidValidity, lastUid: before };
  }

  /** One connection, until it ends or the watch is stopped. */
  async session(): Promise<void> {
    const { signal, once } = this.#options;
    const client = await newClient(this.#options);
    client.on('error', () => client.close());
    const stop = (): void => client.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      await this.#open(client);
      let arrived = false;
      client.on('exists', () => {
        arrived = true;
      });
      for (;;) {
        arrived = false;
        await this.#catchUp(client);
        if (once === true || signal.aborted) break;
        // IDLE ends when the server reports something, or after its time; a lost connection throws.
        if (!arrived) await idleUntilNews(client, signal);
      }
      if (!signal.aborted) await client.logout();
    } finally {
      signal.removeEventListener('abort', stop);
      client.close();
    }
  }
}

async function idleUntilNews(client: ImapFlow, signal: AbortSignal): Promise<void> {
  let news: () => void = () => {};
  const reported = new Promise<void>((settle) => {
    news = settle;
  });
  client.on('exists', news);
  client.on('close', news);
  signal.addEventListener('abort', news, { once: true });
  try {
    const idling = client.idle();
    await Promise.race([reported, idling]);
    // Any other command ends the IDLE; the next search does.
    if (!client.usable && !signal.aborted) throw new Error('connection closed');
  } finally {
    client.off('exists', news);
    client.off('close', news);
    signal.removeEventListener('abort', news);
  }
}

/**
 * Watches until the signal aborts, connecting again after 1 s, 2 s, ... 5 min. Throws the faults `imap-login-refused`
 * and `imap-untrusted` (the certificate), and `imap-unreachable` with `once` where there is no server. Answers where it stopped.
 */
export async function watchFolder(options: WatchOptions): Promise<WatchPosition | null> {
  const watch = new Watch(options);
  let pauseMs = RETRY_FIRST_MS;
  while (!options.signal.aborted) {
    const before = watch.position?.lastUid;
    try {
      await watch.session();
      if (options.once === true) break;
    } catch (cause) {
      if (options.signal.aborted) break;
      if (isFinal(cause) || options.once === true) throw imapFault(cause);
    }
    if (watch.position?.lastUid !== before) pauseMs = RETRY_FIRST_MS;
    options.onRemark?.(`The connection ended; trying again in ${Math.round(pauseMs / 1000)} s.`);
    await wait(pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
    pauseMs = Math.min(2 * pauseMs, RETRY_MAX_MS);
  }
  return watch.position;
}
