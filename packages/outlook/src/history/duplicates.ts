// Two records of one incident: proposed by date, parties and words; joined by a person, never by the machine.

import { day } from '../calendar.ts';
import {
  initiatorCountries,
  receiverCountries,
  type HistoryRecord,
  type Incident,
} from './record.ts';

export type DuplicateProposal = {
  readonly first: Incident;
  readonly second: Incident;
  readonly score: number;
  readonly because: readonly string[];
};

const STOP = new Set(
  'the and for with from against attack attacks hack hacked hackers cyber targeting campaign operation incident group data website websites government state'.split(
    ' ',
  ),
);

function words(record: Incident): Set<string> {
  const text = `${record.title} ${record.effect?.slice(0, 300) ?? ''} ${record.initiators.map((one) => one.actor ?? '').join(' ')}`;
  return new Set(
    (text.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? []).filter((word) => !STOP.has(word)),
  );
}

type Entry = {
  readonly record: Incident;
  readonly words: Set<string>;
  readonly start: number;
  readonly end: number;
  readonly rough: boolean;
};

/** Disclosure stands in for an unknown onset, and may come a year later. */
function entryOf(record: Incident): Entry | undefined {
  const span = record.occurred ?? record.disclosed;
  if (span === null || record.duplicateOf !== null) return undefined;
  const slack = record.occurred === null ? 365 : 0;
  return {
    record,
    words: words(record),
    start: day(span.start) - slack,
    end: day(span.end),
    rough: span.precision === 'year' || slack > 0,
  };
}

const PROPOSALS_MAX = 500;
const COMPARED_MAX = 2_000_000;

function shared<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.some((one) => b.includes(one));
}

function compare(a: Entry, b: Entry): DuplicateProposal | undefined {
  const because: string[] = [];
  let score = 0;
  const gap = Math.max(a.start - b.end, b.start - a.end, 0);
  if (gap > 31) return undefined;
  score += gap === 0 && !a.rough && !b.rough ? 0.3 : 0.15;
  because.push(gap === 0 ? 'their dates overlap' : `their dates are ${gap} days apart`);
  const [ai, bi] = [initiatorCountries(a.record), initiatorCountries(b.record)];
  const [ar, br] = [receiverCountries(a.record), receiverCountries(b.record)];
  if (ai.length > 0 && bi.length > 0) {
    if (!shared(ai, bi)) return undefined;
    score += 0.15;
    because.push('same initiator');
  }
  if (ar.length > 0 && br.length > 0) {
    if (!shared(ar, br)) return undefined;
    score += 0.15;
    because.push('same receiver');
  }
  const common = [...a.words].filter((word) => b.words.has(word));
  const overlap = common.length / Math.max(1, Math.min(a.words.size, b.words.size));
  score += 0.6 * overlap;
  if (common.length > 0) because.push(`shared words: ${common.slice(0, 6).join(', ')}`);
  return score >= 0.6 && common.length >= 2
    ? { first: a.record, second: b.record, score, because }
    : undefined;
}

/**
 * Pairs that look like one incident, best first, at most 500. Pairs of one data set are proposed as well: data sets repeat
 * themselves. `decided` are pairs a person has judged, in any order.
 */
export function proposeDuplicates(
  history: readonly HistoryRecord[],
  decided: ReadonlySet<string> = new Set(),
): DuplicateProposal[] {
  const entries = history
    .flatMap((record) => (record.type === 'incident' ? (entryOf(record) ?? []) : []))
    .toSorted((a, b) => a.start - b.start);
  const found: DuplicateProposal[] = [];
  let compared = 0;
  for (let i = 0; i < entries.length; i++) {
    const a = entries[i];
    if (a === undefined) continue;
    for (let k = i + 1; k < entries.length && compared < COMPARED_MAX; k++) {
      const b = entries[k];
      if (b === undefined || b.start > a.end + 31) break;
      compared++;
      const proposal = compare(a, b);
      if (proposal !== undefined && !decided.has(pairKey(a.record.id, b.record.id)))
        found.push(proposal);
    }
  }
  return found
    .toSorted((a, b) => b.score - a.score || (a.first.id < b.first.id ? -1 : 1))
    .slice(0, PROPOSALS_MAX);
}

/** One key for a pair in any order. */
export function pairKey(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}
