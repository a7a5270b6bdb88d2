// What a sealed day says of a mail that nobody attested.

import { isWithin } from '../domains/look-alike.ts';
import { asciiHost } from '../message/links.ts';
import type { Message } from '../message/message.ts';
import type { AttestationBook } from './book.ts';
import type { AttestationOutcome } from './outcome.ts';
import { dayOf } from './statement.ts';

/** `denied` where the mail claims the party, its day is sealed and fully held, and the seal covers its sender. */
export function denial(
  message: Message,
  book: AttestationBook,
  claimed: boolean,
): AttestationOutcome {
  if (!claimed || message.dateMs === null || Math.abs(message.dateMs) > 8.64e15)
    return { kind: 'unknown' };
  const day = dayOf(message.dateMs);
  const seal = book.seals.get(day);
  const sender = message.from[0]?.list.mailboxes[0];
  if (seal === undefined || sender === undefined) return { kind: 'unknown' };
  const host = asciiHost(sender.domain) ?? '';
  const covered = seal.covers.some((entry) =>
    entry.includes('@') ? entry === sender.address.toLowerCase() : isWithin(host, entry),
  );
  return covered ? { kind: 'denied', day, count: seal.count } : { kind: 'unknown' };
}
