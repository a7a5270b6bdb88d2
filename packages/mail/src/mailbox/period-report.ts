// A mailbox over a period, in counts: what claimed whom, what was warned of and why, what officers said of it.

import { rulingCounts, type History } from '../history/history.ts';
import type { DetectorId } from '../screen/evidence.ts';
import type { Screening, VerdictWord } from '../screen/screen.ts';

export type PeriodReport = {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly mails: number;
  /** Mails without a readable date, or outside the period: not counted above. */
  readonly outside: number;
  readonly verdicts: Readonly<Record<VerdictWord, number>>;
  readonly parties: Readonly<Record<string, Readonly<Record<VerdictWord, number>>>>;
  /** How many warned mails each detector spoke on. */
  readonly detectors: Readonly<Partial<Record<DetectorId, number>>>;
  /** The senders warned of most, with their number. */
  readonly warnedSenders: readonly (readonly [sender: string, count: number])[];
  readonly rulings: Readonly<Record<string, { readonly right: number; readonly wrong: number }>>;
};

function noVerdicts(): Record<VerdictWord, number> {
  return { proven: 0, altered: 0, denied: 0, suspicious: 0, unknown: 0 };
}

export function isWarned(verdict: VerdictWord): boolean {
  return verdict === 'altered' || verdict === 'denied' || verdict === 'suspicious';
}

const SENDERS_SHOWN = 20;

/** Counts screenings one at a time, so that a mailbox of any size is reported in constant memory but for its senders. */
export function startReport(period: {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}): {
  add(screening: Screening): void;
  finish(history: History): PeriodReport;
} {
  const verdicts = noVerdicts();
  const parties: Record<string, Record<VerdictWord, number>> = {};
  const detectors: Partial<Record<DetectorId, number>> = {};
  const senders = new Map<string, number>();
  let mails = 0;
  let outside = 0;
  return {
    add(screening) {
      const dateMs = screening.mail.date === null ? null : Date.parse(screening.mail.date);
      const bounded = period.fromMs !== null || period.toMs !== null;
      if (
        bounded &&
        (dateMs === null ||
          dateMs < (period.fromMs ?? dateMs) ||
          dateMs >= (period.toMs ?? Number.POSITIVE_INFINITY))
      ) {
        outside++;
        return;
      }
      mails++;
      verdicts[screening.verdict]++;
      if (screening.party !== null)
        (parties[screening.party] ??= noVerdicts())[screening.verdict]++;
      if (!isWarned(screening.verdict)) return;
      for (const id of new Set(
        screening.evidence
          .filter(({ strength }) => strength !== 'info')
          .map(({ detector }) => detector),
      ))
        detectors[id] = (detectors[id] ?? 0) + 1;
      if (senders.size < 100_000 || senders.has(screening.mail.from))
        senders.set(screening.mail.from, (senders.get(screening.mail.from) ?? 0) + 1);
    },
    finish(history) {
      const warnedSenders = [...senders].toSorted((a, b) => b[1] - a[1]).slice(0, SENDERS_SHOWN);
      return {
        ...period,
        mails,
        outside,
        verdicts,
        parties,
        detectors,
        warnedSenders,
        rulings: rulingCounts(history),
      };
    },
  };
}
