// What a new entry sets off at this desk: a document to be fetched, a statement to be found again. Called inside the
// transaction that stores the entry, also for the record that a guest is handed.

import { encode, struct, toHex, uint, utf8, word } from '@parley/kernel';
import type { EntryOutcome } from '@parley/channel';
import type { Vault } from './vault.ts';

/** Kinds whose bodies another part reads, kept in an index so that they are found without reading the whole record. */
export const STATEMENT_KINDS = [
  'mail-directory',
  'mail-attestation',
  'mail-day-key',
  'mail-count',
  'forecast',
  'posture-raised',
  'posture-lowering',
  'line-check',
  'line-answer',
  'opened',
  'admission-proposed',
  'authority-changed',
  'objection',
  'recovery-shared',
  'recovery-asked',
  'recovery-given',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

export const todoCollection = (room: Uint8Array): string => `todo:${toHex(room)}`;
export const statementStream = (room: Uint8Array): string => `statements:${toHex(room)}`;

/** What the index of statements holds for an entry: its kind, and when this desk received it by its own clock. */
export const noticedCodec = struct({ kind: word(STATEMENT_KINDS), receivedMs: uint() });

export function notice(
  at: { vault: Vault; room: Uint8Array; nowMs: number },
  outcome: EntryOutcome,
): void {
  const { vault, room, nowMs } = at;
  const { body, own, leaf, index } = outcome;
  if (!own && body.kind === 'document')
    vault.put(todoCollection(room), toHex(leaf), utf8(String(index)));
  const kind = STATEMENT_KINDS.find((one) => one === body.kind);
  if (kind !== undefined) {
    vault.putLine(statementStream(room), index, encode(noticedCodec, { kind, receivedMs: nowMs }));
  }
}
