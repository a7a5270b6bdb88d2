// Evidence that a desk keeps: files that anybody can check, named by what they are, so that one found again is one file.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@parley/kernel';
import type { Receipt, RelayLog } from '@parley/post';
import type { Context } from './context.ts';

/** Answers the path. */
export function keepEvidence(
  context: Context,
  room: Uint8Array,
  what: string,
  evidence: Uint8Array,
): string {
  const directory = join(context.home, 'evidence');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const mark = toHex(context.ports.crypto.hash('sha256', evidence)).slice(0, 12);
  const path = join(directory, `${what}-${toHex(room).slice(0, 12)}-${mark}.parley`);
  writeFileSync(path, evidence, { mode: 0o600 });
  return path;
}

/** The proof of a fork is found once and asked for again at every command: it is written the first time. */
export function keepForkEvidence(context: Context, room: Uint8Array, evidence: Uint8Array): string {
  const { vault } = context;
  const key = toHex(room);
  const known = vault.get('evidence-path', key);
  if (known !== undefined) return new TextDecoder().decode(known);
  const path = keepEvidence(context, room, 'fork', evidence);
  vault.put('evidence-path', key, new TextEncoder().encode(path));
  return path;
}

/** The relay's receipt for its own envelope at a place, by asking it to store it again. */
export async function receiptAt(
  log: Pick<RelayLog, 'read' | 'append'>,
  seq: number,
): Promise<Receipt | undefined> {
  if (seq === 0) return undefined;
  const page = await log.read({ after: seq - 1, limit: 1 });
  const envelope = page.ok ? page.value.envelopes[0] : undefined;
  if (envelope === undefined) return undefined;
  const again = await log.append({ expectedSeq: seq, envelope: envelope.envelope });
  return again.ok ? again.value : undefined;
}
