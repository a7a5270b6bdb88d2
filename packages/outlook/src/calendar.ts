// Civil days as numbers, and spans of days that say how precise they are. No clock, no time zones.

import { accept, refuse, type Verdict } from '@parley/kernel';

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
export type Day = number & { readonly __day: 'days since 1970-01-01' };

/** `range`: it happened somewhere, or all the time, between two days that the source names. */
export type Precision = 'day' | 'month' | 'year' | 'range';

/** Both ends are ISO dates and inclusive; a month or a year is written out from its first to its last day. */
export type Span = { readonly start: string; readonly end: string; readonly precision: Precision };

export type DateReason = 'not-a-date' | 'no-such-day' | 'out-of-range' | 'end-before-start';

const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

/** Average month in days: rates are per month of this length. */
export const DAYS_PER_MONTH = 30.436875;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Day number of a civil date (Howard Hinnant's days_from_civil). Month 1 to 12; the caller has checked the day. */
export function dayOf(year: number, month: number, dayOfMonth: number): Day {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) as Day;
}

export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

export function civilOf(day: Day): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** 0 is Sunday. */
export function weekday(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

const two = (value: number): string => String(value).padStart(2, '0');

export function textOfDay(day: Day): string {
  const { year, month, day: dayOfMonth } = civilOf(day);
  return `${year}-${two(month)}-${two(dayOfMonth)}`;
}

/** Accepts `YYYY-MM-DD` between 1900 and 2100 and refuses days that no calendar has, such as 31 February. */
export function readDay(text: string): Verdict<Day, DateReason> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null)
    return refuse('not-a-date', { detail: `"${text.slice(0, 40)}" is not YYYY-MM-DD` });
  return readCivil(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** The same check for numbers that were read from another notation. */
export function readCivil(year: number, month: number, day: number): Verdict<Day, DateReason> {
  if (!Number.isInteger(year) || year < FIRST_YEAR || year > LAST_YEAR) {
    return refuse('out-of-range', {
      detail: `the year ${year} is not between ${FIRST_YEAR} and ${LAST_YEAR}`,
    });
  }
  if (month < 1 || month > 12)
    return refuse('no-such-day', { detail: `there is no month ${month}` });
  if (day < 1 || day > daysInMonth(year, month)) {
    return refuse('no-such-day', { detail: `there is no day ${day} in ${year}-${two(month)}` });
  }
  return accept(dayOf(year, month, day));
}

/** Day number of a date that has been checked before: a bug of ours if it is none. */
export function day(text: string): Day {
  const read = readDay(text);
  if (!read.ok) throw new Error(`bug: ${text} is not a checked date`);
  return read.value;
}

export function spanOfDay(at: Day): Span {
  const text = textOfDay(at);
  return { start: text, end: text, precision: 'day' };
}

export function spanOfMonth(year: number, month: number): Span {
  const prefix = `${year}-${two(month)}`;
  return {
    start: `${prefix}-01`,
    end: `${prefix}-${two(daysInMonth(year, month))}`,
    precision: 'month',
  };
}

export function spanOfYear(year: number): Span {
  return { start: `${year}-01-01`, end: `${year}-12-31`, precision: 'year' };
}

/** Reads `2014`, `2014-11`, `2014-11-24` and `2014-11-01/2014-12-15` (also with two months). */
export function readSpan(text: string): Verdict<Span, DateReason> {
  const ends = text.split('/');
  if (ends.length === 2) {
    const start = readSpan(ends[0] ?? '');
    if (!start.ok) return start;
    const end = readSpan(ends[1] ?? '');
    if (!end.ok) return end;
    if (end.value.end < start.value.start) {
      return refuse('end-before-start', { detail: `${text} ends before it starts` });
    }
    return accept({ start: start.value.start, end: end.value.end, precision: 'range' });
  }
  const month = /^(\d{4})-(\d{2})$/.exec(text);
  if (month !== null) {
    const first = readCivil(Number(month[1]), Number(month[2]), 1);
    return first.ok ? accept(spanOfMonth(Number(month[1]), Number(month[2]))) : first;
  }
  if (/^\d{4}$/.test(text)) {
    const first = readCivil(Number(text), 1, 1);
    return first.ok ? accept(spanOfYear(Number(text))) : first;
  }
  const single = readDay(text);
  return single.ok ? accept(spanOfDay(single.value)) : single;
}

/** The shortest text that `readSpan` reads back. */
export function textOfSpan(span: Span): string {
  if (span.precision === 'day') return span.start;
  if (span.precision === 'month') return span.start.slice(0, 7);
  if (span.precision === 'year') return span.start.slice(0, 4);
  return `${span.start}/${span.end}`;
}

/** True for what can be counted month by month: a day, a month, or a range that ends within 31 days. */
export function isMonthPrecise(span: Span): boolean {
  if (span.precision === 'year') return false;
  return span.precision !== 'range' || day(span.end) - day(span.start) <= 31;
}

/** First days of calendar months from `first` up to and including the month of `last`. */
export function monthStarts(first: Day, last: Day): Day[] {
  const { year, month } = civilOf(first);
  const starts: Day[] = [];
  for (let index = year * 12 + month - 1; ; index++) {
    const start = dayOf(Math.floor(index / 12), (index % 12) + 1, 1);
    if (start > last) return starts;
    starts.push(start);
  }
}
