// What a new entry sets off at this desk: a document to be fetched, a statement to be found again. Called inside the
// transaction that stores the entry, also for the record that a guest is handed.

import { decode, encode, sameBytes, struct, toHex, uint, utf8 } from '@parley/kernel';
import type { EntryOutcome } from '@parley/channel';
import { digest, type DeviceId } from '@parley/record';
import { noticeCopy } from './copy-doubts.ts';
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
  'release-asked',
  'release-given',
  'original-asked',
  'original-approved',
  'original-written',
  'line-check',
  'line-answer',
  'opened',
  'admission-proposed',
  'authority-changed',
  'objection',
  'recovery-shared',
  'recovery-asked',
  'recovery-given',
  'off-record-proposed',
  'off-record-agreed',
  'off-record-closed',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

export const todoCollection = (room: Uint8Array): string => `todo:${toHex(room)}`;
/** One stream for each kind: who asks for the posture does not walk over years of receipts. */
export const statementStream = (room: Uint8Array, kind: StatementKind): string =>
  `statements:${toHex(room)}:${kind}`;

/** What the index of statements holds for an entry: whose it is, and when this desk received it by its own clock. */
export const noticedCodec = struct({ device: digest<DeviceId>(), receivedMs: uint() });

/** Answers to line checks that the index remembers: as many as a room has devices that may have asked. */
const LINE_ANSWERS_MAX = 128;

export function notice(
  at: { vault: Vault; room: Uint8Array; nowMs: number },
  outcome: EntryOutcome,
): void {
  const { vault, room, nowMs } = at;
  const { body, own, leaf, index } = outcome;
  noticeCopy(vault, room, outcome);
  if (!own && body.kind === 'document')
    vault.put(todoCollection(room), toHex(leaf), utf8(String(index)));
  const kind = STATEMENT_KINDS.find((one) => one === body.kind);
  if (kind === undefined) return;
  const device = outcome.author.id;
  if (kind === 'line-check') forgetLineChecks(vault, room, device);
  const noticed = encode(noticedCodec, { device, receivedMs: nowMs });
  vault.putLine(statementStream(room, kind), index, noticed);
}

/**
 * Of each device only its latest check is ever looked at, with what answers it. The checks go on for years, and every
 * exchange reads this index: so it holds as many as there are devices.
 */
function forgetLineChecks(vault: Vault, room: Uint8Array, device: DeviceId): void {
  const checks = statementStream(room, 'line-check');
  let oldest = Number.MAX_SAFE_INTEGER;
  // Read whole before anything is dropped from it.
  const before = [...vault.lines(checks)];
  for (const { n, value } of before) {
    const noticed = decode(noticedCodec, value);
    if (noticed.ok && !sameBytes(noticed.value.device, device)) oldest = Math.min(oldest, n);
    else vault.dropLine(checks, n);
  }
  const stream = statementStream(room, 'line-answer');
  const answers = [...vault.lines(stream)];
  for (const [i, { n }] of answers.entries())
    if (n < oldest || i < answers.length - LINE_ANSWERS_MAX) vault.dropLine(stream, n);
}
