// One mail against one party: everything the detectors are handed, and the lines they mark.

import type { Authentication } from '../authentication/authenticate.ts';
import type { AttestationOutcome } from '../attestation/outcome.ts';
import type { History } from '../history/history.ts';
import type { Mailbox } from '../message/address.ts';
import type { HeaderField } from '../message/headers.ts';
import type { Message } from '../message/message.ts';
import type { SquareCodes } from '../message/square-codes.ts';
import { mark, type Mark } from './evidence.ts';
import type { KnownParty } from './known-party.ts';

export type Proof =
  | {
      readonly by: 'dkim';
      readonly domain: string;
      readonly selector: string;
      readonly key: 'pinned' | 'dns';
      readonly line: number;
    }
  | { readonly by: 'attestation'; readonly how: string };

export type Case = {
  readonly message: Message;
  readonly party: KnownParty;
  readonly history: History;
  readonly nowMs: number;
  /** Our own addresses, for replay. */
  readonly self: readonly string[];
  readonly authentication: Authentication | null;
  readonly attestation: AttestationOutcome | null;
  /** Null where nobody looked: the mail claims nobody, and its sender is a stranger. */
  readonly codes: SquareCodes | null;
};

/** The first mailbox of the first From: what most programs show. */
export function shownSender(message: Message): Mailbox | null {
  return message.from[0]?.list.mailboxes[0] ?? null;
}

export function allSenders(message: Message): readonly Mailbox[] {
  return message.from.flatMap(({ list }) => list.mailboxes);
}

/** Marks `part` inside a header line, or the whole line where it does not stand there as written. */
export function markField(field: HeaderField, part?: string): Mark {
  const text = `${field.writtenName}: ${field.value}`;
  const at =
    part === undefined || part === ''
      ? -1
      : text.toLowerCase().indexOf(part.toLowerCase(), field.writtenName.length);
  return mark(`line ${field.line}`, text, at < 0 ? [] : [[at, at + (part?.length ?? 0)]]);
}
