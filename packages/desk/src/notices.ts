// What a new entry sets off at this desk: a document to be fetched, a statement to be found again. Called inside the
// transaction that stores the entry, also for the record that a guest is handed.

import { toHex, utf8 } from '@parley/kernel';
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
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

const KINDS: ReadonlySet<string> = new Set(STATEMENT_KINDS);

export const todoCollection = (room: Uint8Array): string => `todo:${toHex(room)}`;
export const statementStream = (room: Uint8Array): string => `statements:${toHex(room)}`;

export function notice(vault: Vault, room: Uint8Array, outcome: EntryOutcome): void {
  const { body, own, leaf, index } = outcome;
  if (!own && body.kind === 'document')
    vault.put(todoCollection(room), toHex(leaf), utf8(String(index)));
  if (KINDS.has(body.kind)) vault.putLine(statementStream(room), index, utf8(body.kind));
}
