// What this mailbox has seen: who wrote, from where, with what; and what its officers said of verdicts. Local only.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { createHash } from 'node:crypto';
import type { Message } from '../message/message.ts';

/** Senders and message ids that are kept; the oldest go first. */
export const SENDERS_MAX = 20_000;
export const MESSAGES_MAX = 100_000;
const NAMES_KEPT = 8;
const RULINGS_MAX = 5000;

export type SenderProfile = {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly withFiles: number;
  readonly withLinks: number;
  readonly names: readonly string[];
  readonly mailers: readonly string[];
  readonly replyTo: readonly string[];
};

/** An officer's word on one verdict: `right`, or `wrong` with what it should have been about this sender. */
export type Ruling = {
  readonly id: string;
  readonly mail: string;
  readonly sender: string;
  readonly party: string;
  readonly verdict: string;
  readonly ruling: 'right' | 'wrong';
  readonly officer: string;
  readonly atMs: number;
};

export type History = {
  readonly senders: ReadonlyMap<string, SenderProfile>;
  /** Short digests of known Message-IDs. */
  readonly messages: ReadonlySet<string>;
  readonly rulings: readonly Ruling[];
};

export const emptyHistory: History = { senders: new Map(), messages: new Set(), rulings: [] };

/** Sixteen hexadecimal digits: enough to recognise, too few to be worth reading. */
export function messageDigest(messageId: string): string {
  return createHash('sha256').update(messageId).digest('hex').slice(0, 16);
}

export function senderOf(message: Message): string {
  return message.from[0]?.list.mailboxes[0]?.address.toLowerCase() ?? '';
}

function kept(list: readonly string[], item: string): readonly string[] {
  return item === '' || list.includes(item) ? list : [...list, item].slice(-NAMES_KEPT);
}

function withoutOldest<K, V>(map: Map<K, V>, max: number): void {
  while (map.size > max) {
    const oldest = map.keys().next();
    if (oldest.done === true) return;
    map.delete(oldest.value);
  }
}

function profileWith(
  old: SenderProfile | undefined,
  message: Message,
  seenMs: number,
): SenderProfile {
  const mailer = message.headers.fields.find(
    ({ name }) => name === 'x-mailer' || name === 'user-agent',
  );
  return {
    count: (old?.count ?? 0) + 1,
    firstMs: Math.min(old?.firstMs ?? seenMs, seenMs),
    lastMs: Math.max(old?.lastMs ?? seenMs, seenMs),
    withFiles: (old?.withFiles ?? 0) + (message.files.length > 0 ? 1 : 0),
    withLinks: (old?.withLinks ?? 0) + (message.links.length > 0 ? 1 : 0),
    names: kept(old?.names ?? [], message.from[0]?.list.mailboxes[0]?.name.slice(0, 120) ?? ''),
    mailers: kept(old?.mailers ?? [], mailer?.value.slice(0, 80) ?? ''),
    replyTo: kept(
      old?.replyTo ?? [],
      message.replyTo[0]?.list.mailboxes[0]?.address.toLowerCase() ?? '',
    ),
  };
}

/** A history that grows mail by mail without being copied each time: `history` shows what has been added so far. */
export function startLearning(start: History): {
  readonly history: History;
  add(message: Message, seenMs: number): void;
} {
  const senders = new Map(start.senders);
  const messages = new Set(start.messages);
  return {
    history: { senders, messages, rulings: start.rulings },
    add(message, seenMs) {
      if (message.messageId !== '') messages.add(messageDigest(message.messageId));
      for (const oldest of messages) {
        if (messages.size <= MESSAGES_MAX) break;
        messages.delete(oldest);
      }
      const sender = senderOf(message);
      if (sender === '') return;
      const profile = profileWith(senders.get(sender), message, seenMs);
      // Taken out and put back, so that the longest silent sender stands first and goes first.
      senders.delete(sender);
      senders.set(sender, profile);
      withoutOldest(senders, SENDERS_MAX);
    },
  };
}

/** A history that also knows these mails. Learn a mail after it was screened, not before. */
export function learn(
  history: History,
  mails: readonly { readonly message: Message; readonly seenMs: number }[],
): History {
  const learning = startLearning(history);
  for (const { message, seenMs } of mails) learning.add(message, seenMs);
  return learning.history;
}

/** Adds an officer's ruling; a second ruling on the same mail replaces the first. */
export function rule(history: History, ruling: Ruling): History {
  const others = history.rulings.filter(({ mail }) => mail !== ruling.mail);
  return { ...history, rulings: [...others, ruling].slice(-RULINGS_MAX) };
}

/** Takes a ruling back: the history is as if it had never been given. */
export function unrule(history: History, id: string): Verdict<History, 'no-such-ruling'> {
  const rulings = history.rulings.filter((ruling) => ruling.id !== id);
  if (rulings.length === history.rulings.length) return refuse('no-such-ruling');
  return accept({ ...history, rulings });
}

/** True where an officer said that warning of this sender as that party was wrong. */
export function isCleared(history: History, sender: string, party: string): boolean {
  return history.rulings.some(
    (ruling) =>
      ruling.ruling === 'wrong' &&
      ruling.sender === sender &&
      ruling.party === party &&
      sender !== '' &&
      ruling.verdict === 'suspicious',
  );
}

/** How often officers agreed, by verdict. */
export function rulingCounts(
  history: History,
): Readonly<Record<string, { readonly right: number; readonly wrong: number }>> {
  const counts: Record<string, { right: number; wrong: number }> = {};
  for (const { verdict, ruling } of history.rulings) {
    const entry = (counts[verdict] ??= { right: 0, wrong: 0 });
    entry[ruling]++;
  }
  return counts;
}

/** The history as JSON text, for the desk's vault. */
export function encodeHistory(history: History): string {
  return JSON.stringify({
    format: 'parley/mail-history/1',
    senders: [...history.senders],
    messages: [...history.messages],
    rulings: history.rulings,
  });
}

function isProfile(value: unknown): value is SenderProfile {
  const profile = value as Partial<Record<keyof SenderProfile, unknown>> | null;
  if (typeof profile !== 'object' || profile === null) return false;
  const numbers = [
    profile.count,
    profile.firstMs,
    profile.lastMs,
    profile.withFiles,
    profile.withLinks,
  ];
  const lists = [profile.names, profile.mailers, profile.replyTo];
  return (
    numbers.every((n) => typeof n === 'number') &&
    lists.every((list) => Array.isArray(list) && list.every((item) => typeof item === 'string'))
  );
}

function isRuling(value: unknown): value is Ruling {
  const ruling = value as Partial<Record<keyof Ruling, unknown>> | null;
  if (typeof ruling !== 'object' || ruling === null) return false;
  const texts = [
    ruling.id,
    ruling.mail,
    ruling.sender,
    ruling.party,
    ruling.verdict,
    ruling.officer,
  ];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof ruling.atMs === 'number' &&
    (ruling.ruling === 'right' || ruling.ruling === 'wrong')
  );
}

/** Reads what `encodeHistory` wrote; anything else is refused whole. */
export function decodeHistory(text: string): Verdict<History, 'not-a-history'> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('not-a-history');
  }
  if (typeof value !== 'object' || value === null) return refuse('not-a-history');
  const { format, senders, messages, rulings } = value as Record<string, unknown>;
  if (
    format !== 'parley/mail-history/1' ||
    !Array.isArray(senders) ||
    !Array.isArray(messages) ||
    !Array.isArray(rulings)
  )
    return refuse('not-a-history');
  const profiles = new Map<string, SenderProfile>();
  for (const entry of senders as unknown[]) {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !isProfile(entry[1]))
      return refuse('not-a-history');
    profiles.set(entry[0], entry[1]);
  }
  if (!messages.every((item) => typeof item === 'string') || !rulings.every(isRuling))
    return refuse('not-a-history');
  return accept({ senders: profiles, messages: new Set(messages), rulings });
}
