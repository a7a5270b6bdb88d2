// Statements on the record that other parts read: mail directories and attestations, forecasts, posture, line checks.
// The desk hands them on as plain data; it does not know what is in them.

import { decode, toHex } from '@parley/kernel';
import type { Body } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { Ledger } from './ledger.ts';
import { STATEMENT_KINDS, noticedCodec, statementStream, type StatementKind } from './notices.ts';
import { readLine } from './views.ts';

export type Statement = {
  readonly entry: number;
  readonly leaf: string;
  /** The author's claim. */
  readonly timeMs: number;
  /** When this desk took it in, by its own clock. */
  readonly receivedMs: number;
  readonly party: { readonly name: string; readonly fingerprint: string };
  readonly member: string;
  readonly deviceId: string;
  readonly mine: boolean;
  /** Whether our party has verified the author's: what is said by others is only their claim to be them. */
  readonly verified: boolean;
  readonly body: Extract<Body, { kind: StatementKind }>;
};

/** The statements of a room of the given kinds from one entry on, in the order of the record. */
export function* statements(
  context: Context,
  card: OpenCard,
  kinds: readonly StatementKind[] = STATEMENT_KINDS,
  from = 0,
): Generator<Statement> {
  const { transcript } = context.room(card);
  const ledger = new Ledger(context.vault, card.room);
  const own = context.ownParty(card);
  const noted = kinds.flatMap((kind) => [
    ...context.vault.lines(statementStream(card.room, kind), from),
  ]);
  for (const { n, value } of noted.toSorted((a, b) => a.n - b.n)) {
    const noticed = decode(noticedCodec, value);
    if (!noticed.ok) continue;
    const line = ledger.at(n);
    const read = line === undefined ? undefined : readLine(context.ports.crypto, transcript, line);
    if (read?.author === undefined || read.body === null) continue;
    const { author, body, header, leaf } = read;
    if (!isStatement(body)) continue;
    yield {
      entry: n,
      leaf,
      timeMs: header.timeMs,
      receivedMs: noticed.value.receivedMs,
      party: { name: author.certificate.party, fingerprint: toHex(author.party) },
      member: author.member,
      deviceId: toHex(author.id),
      mine: toHex(author.party) === toHex(own),
      verified: context.verifies(card, author.party),
      body,
    };
  }
}

function isStatement(body: { readonly kind: string }): body is Statement['body'] {
  return STATEMENT_KINDS.some((kind) => kind === body.kind);
}
