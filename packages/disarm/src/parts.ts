// What was found inside a mail or an archive: each file is disarmed by itself, all of them within one budget. None is dropped without a word.

import { accept, refuse, type Verdict } from '@parley/kernel';

import type { Budget } from './budget.ts';
import type { DisarmReason } from './cage/job.ts';
import { detect, isOffice } from './kind.ts';
import { quarantine, type Original } from './original.ts';
import type { Policy } from './policy.ts';
import type { PartReport, Report } from './report.ts';
import type { SafeCopy } from './safe-copy.ts';

/** A copy with its report, and the copies of what was inside it. */
export type Rebuilt = {
  readonly safe: SafeCopy;
  readonly report: Report;
  /** Attachments and archive members that were rebuilt, each a copy of its own; empty for other documents. */
  readonly parts: readonly { readonly name: string; readonly safe: SafeCopy }[];
};

type Part = { readonly name: string; readonly bytes: Uint8Array };

export type Parts = {
  readonly copies: Rebuilt['parts'];
  readonly reports: readonly PartReport[];
};

const refusedPart = (name: string, reason: DisarmReason): PartReport => ({
  name,
  outcome: 'refused',
  reason,
  report: null,
});

/** Rebuilds parts in order. A part that cannot be rebuilt, or that the budget does not reach, is named; the rest stands. */
export async function disarmParts(
  parts: readonly Part[],
  unreached: readonly { readonly name: string; readonly reason: DisarmReason }[],
  {
    depth,
    policy,
    budget,
    signal,
    rebuild,
  }: {
    readonly depth: number;
    readonly policy: Policy;
    readonly budget: Budget;
    readonly signal: AbortSignal | undefined;
    readonly rebuild: (original: Original) => Promise<Verdict<Rebuilt, DisarmReason>>;
  },
): Promise<Verdict<Parts, DisarmReason>> {
  const copies: { name: string; safe: SafeCopy }[] = [];
  const reports: PartReport[] = [];
  for (const { name, bytes } of parts) {
    const { kind } = detect(bytes);
    if (depth + 1 >= policy.depthMax && (kind === 'zip' || kind === 'eml')) {
      reports.push(refusedPart(name, 'too-deep'));
      continue;
    }
    if (!budget.take(bytes.length, isOffice(kind) ? 2 : 1)) {
      reports.push(refusedPart(name, 'not-reached'));
      continue;
    }
    const verdict = await rebuild(quarantine(bytes, name));
    if (signal?.aborted === true) return refuse('cancelled');
    if (!verdict.ok) {
      // Nobody cancelled: the time for the whole ended in the middle of this part.
      const reason = verdict.reason === 'cancelled' ? 'not-reached' : verdict.reason;
      reports.push(refusedPart(name, reason));
      continue;
    }
    const { safe, report, parts: inner } = verdict.value;
    if (!budget.keep(safe.bytes.length)) {
      reports.push(refusedPart(name, 'output-too-large'));
      continue;
    }
    copies.push(
      { name, safe },
      ...inner.map((part) => ({ name: `${name}/${part.name}`, safe: part.safe })),
    );
    reports.push({ name, outcome: 'rebuilt', reason: null, report });
  }
  for (const { name, reason } of unreached) reports.push(refusedPart(name, reason));
  return accept({ copies, reports });
}
