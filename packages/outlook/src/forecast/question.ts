// A question that the world will answer: who, against whom, which kind, by when, and by which source it is settled.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { day, readDay, textOfDay, type Day } from '../calendar.ts';
import { countryName, type CountryCode } from '../country.ts';
import {
  initiatorCountries,
  KIND_GROUPS,
  kindGroup,
  receiverCountries,
  type HistoryRecord,
  type KindGroup,
} from '../history/record.ts';

export type Question = {
  readonly initiator: CountryCode;
  readonly receivers: readonly CountryCode[];
  /** Null: any kind of incident. */
  readonly group: KindGroup | null;
  /** The forecast is for [issued, closes], both days included. */
  readonly issued: string;
  readonly closes: string;
  /** The source that settles it, and what counts there. */
  readonly source: string;
  readonly rule: string;
};

export type QuestionReason =
  | 'no-initiator'
  | 'no-receiver'
  | 'same-country'
  | 'bad-date'
  | 'closes-before-issue'
  | 'too-far'
  | 'no-source'
  | 'no-rule'
  | 'bad-kind';

/** Beyond a year nothing here has been scored. */
export const HORIZON_DAYS_MAX = 366;

const TEXT_MAX = 1000;

/** What counts when nobody says otherwise. */
export function standardRule(
  question: Pick<Question, 'initiator' | 'receivers' | 'group' | 'issued' | 'closes'>,
): string {
  const kind =
    question.group === null ? 'cyber incident' : `cyber incident of the group "${question.group}"`;
  return `Yes if the source lists at least one ${kind} with ${countryName(question.initiator)} as initiator and ${question.receivers.map(countryName).join(' or ')} as receiver that began from ${question.issued} to ${question.closes}; judged one year after it closes.`;
}

/** Refuses what nobody could ever settle. */
export function checkQuestion(question: Question): Verdict<Question, QuestionReason> {
  const { initiator, receivers, issued, closes, source, rule, group } = question;
  if (initiator === ('' as CountryCode)) return refuse('no-initiator');
  if (receivers.length === 0) return refuse('no-receiver');
  if (receivers.includes(initiator))
    return refuse('same-country', { detail: `${initiator} is on both sides` });
  if (group !== null && !KIND_GROUPS.includes(group)) return refuse('bad-kind');
  const from = readDay(issued);
  const to = readDay(closes);
  if (!from.ok || !to.ok)
    return refuse('bad-date', { detail: (from.ok ? (to.ok ? '' : to.detail) : from.detail) ?? '' });
  if (to.value < from.value)
    return refuse('closes-before-issue', { detail: `${closes} lies before ${issued}` });
  if (to.value - from.value > HORIZON_DAYS_MAX)
    return refuse('too-far', { detail: `at most ${HORIZON_DAYS_MAX} days` });
  if (source.trim() === '' || source.length > TEXT_MAX)
    return refuse('no-source', { detail: 'name the source that settles it' });
  if (rule.trim() === '' || rule.length > TEXT_MAX)
    return refuse('no-rule', { detail: 'say what counts' });
  return accept(question);
}

/** The question in one sentence. */
export function questionText(question: Question): string {
  const kind =
    question.group === null ? 'a cyber incident' : `a cyber incident (${question.group})`;
  return `${kind} by ${countryName(question.initiator)} against ${question.receivers.map(countryName).join(' or ')} from ${question.issued} to ${question.closes}`;
}

export type Resolution = {
  /** `unclear`: an incident is dated so roughly that it may lie inside or outside. A person decides. */
  readonly outcome: 'yes' | 'no' | 'open' | 'unclear';
  readonly asOf: string;
  readonly evidence: readonly string[];
};

/**
 * What the history says about a question on a given day. "No" only after the question has closed and the history reaches
 * beyond it: silence of a history that ended earlier is no answer.
 */
export function resolveQuestion(
  question: Question,
  history: readonly HistoryRecord[],
  asOf: Day,
): Resolution {
  const from = day(question.issued);
  const to = day(question.closes);
  const inside: string[] = [];
  const across: string[] = [];
  let reaches = Number.NEGATIVE_INFINITY;
  for (const record of history) {
    if (record.type !== 'incident' || record.occurred === null || record.duplicateOf !== null)
      continue;
    const start = day(record.occurred.start);
    const end = day(record.occurred.end);
    reaches = Math.max(reaches, end);
    if (!initiatorCountries(record).includes(question.initiator)) continue;
    if (!receiverCountries(record).some((code) => question.receivers.includes(code))) continue;
    if (question.group !== null && kindGroup(record.kinds) !== question.group) continue;
    if (start >= from && end <= to) inside.push(record.id);
    else if (start <= to && end >= from) across.push(record.id);
  }
  const dated = { asOf: textOfDay(asOf) };
  if (inside.length > 0) return { ...dated, outcome: 'yes', evidence: inside };
  if (asOf <= to || reaches <= to) return { ...dated, outcome: 'open', evidence: across };
  return across.length > 0
    ? { ...dated, outcome: 'unclear', evidence: across }
    : { ...dated, outcome: 'no', evidence: [] };
}
