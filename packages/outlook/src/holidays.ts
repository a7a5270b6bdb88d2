// Days that timing claims are about: US federal holidays by rule, and the anniversaries that North Korea celebrates.

import { dayOf, weekday, type Day } from './calendar.ts';

/** Holidays of one country as plain days; other countries come in through the `./node` entry. */
export type HolidayCalendar = {
  readonly country: string;
  readonly name: string;
  readonly days: readonly Day[];
};

/** The nth given weekday of a month; n = -1 is the last. */
function nthWeekday(year: number, month: number, wanted: number, n: number): Day {
  if (n > 0) {
    const first = dayOf(year, month, 1);
    return (first + ((wanted - weekday(first) + 7) % 7) + 7 * (n - 1)) as Day;
  }
  const last = (dayOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - 1) as Day;
  return (last - ((weekday(last) - wanted + 7) % 7)) as Day;
}

/** 5 U.S.C. 6103: the holidays themselves, not the weekdays on which offices observe them. Juneteenth since 2021. */
export function usFederalHolidays(year: number): Day[] {
  return [
    dayOf(year, 1, 1),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    nthWeekday(year, 5, 1, -1),
    ...(year >= 2021 ? [dayOf(year, 6, 19)] : []),
    dayOf(year, 7, 4),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 10, 1, 2),
    dayOf(year, 11, 11),
    nthWeekday(year, 11, 4, 4),
    dayOf(year, 12, 25),
  ];
}

/** Birthdays of Kim Jong Il and Kim Il Sung, army day, armistice, foundation of the state and of the party. */
export function dprkAnniversaries(year: number): Day[] {
  return [
    dayOf(year, 2, 16),
    dayOf(year, 4, 15),
    dayOf(year, 4, 25),
    dayOf(year, 7, 27),
    dayOf(year, 9, 9),
    dayOf(year, 10, 10),
  ];
}

const over = (first: number, last: number, ofYear: (year: number) => Day[]): Day[] =>
  Array.from({ length: last - first + 1 }, (_, i) => ofYear(first + i)).flat();

export function usHolidayCalendar(firstYear: number, lastYear: number): HolidayCalendar {
  return {
    country: 'US',
    name: 'US federal holidays',
    days: over(firstYear, lastYear, usFederalHolidays),
  };
}

export function dprkCalendar(firstYear: number, lastYear: number): HolidayCalendar {
  return {
    country: 'KP',
    name: 'North Korean anniversaries',
    days: over(firstYear, lastYear, dprkAnniversaries),
  };
}

/** US presidential and midterm election days: the Tuesday after the first Monday of November in even years. */
export function usElections(firstYear: number, lastYear: number): Day[] {
  return over(firstYear, lastYear, (year) =>
    year % 2 === 0 ? [(nthWeekday(year, 11, 1, 1) + 1) as Day] : [],
  );
}
