// Holidays of countries by the date-holidays package (ISC and CC-BY-3.0): 12 MB of rules, so loaded only here and when asked.

import { createRequire } from 'node:module';
import { readDay, type Day } from '../calendar.ts';
import { receiverCountries, type HistoryRecord } from '../history/record.ts';
import { usHolidayCalendar, type HolidayCalendar } from '../holidays.ts';

type Rules = {
  getHolidays(year: number): { date: string; type: string; start: Date; end: Date }[];
};
type RulesOf = new (country: string) => Rules;

const YEARS_MAX = 60;
const HOLIDAY_DAYS_MAX = 10;
const COUNTRIES_MAX = 12;

/** Public holidays of one country; empty for a country that the package does not know, such as North Korea. */
export function publicHolidays(
  country: string,
  firstYear: number,
  lastYear: number,
): HolidayCalendar {
  const Holidays = createRequire(import.meta.url)('date-holidays') as RulesOf;
  const rules = new Holidays(country);
  const days: Day[] = [];
  for (let year = firstYear; year <= Math.min(lastYear, firstYear + YEARS_MAX); year++) {
    for (const holiday of rules.getHolidays(year) ?? []) {
      const read = holiday.type === 'public' ? readDay(holiday.date.slice(0, 10)) : undefined;
      if (read?.ok !== true) continue;
      // Chuseok and the like last several days, of which the package names the first.
      const length = Math.min(
        HOLIDAY_DAYS_MAX,
        Math.max(1, Math.round((holiday.end.getTime() - holiday.start.getTime()) / 86_400_000)),
      );
      for (let i = 0; i < length; i++) days.push((read.value + i) as Day);
    }
  }
  return { country, name: `public holidays of ${country}`, days };
}

/** Calendars of the named receivers for the years of the history; without names, of South Korea and the United States. */
export function holidayCalendars(
  history: readonly HistoryRecord[],
  receivers: readonly string[],
): HolidayCalendar[] {
  const years = history.flatMap((record) =>
    record.type === 'incident' && record.occurred !== null && receiverCountries(record).length > 0
      ? [Number(record.occurred.start.slice(0, 4))]
      : [],
  );
  if (years.length === 0) return [];
  const first = Math.min(...years) - 1;
  const last = Math.max(...years) + 1;
  const others = [...new Set(receivers.length > 0 ? receivers : ['KR'])]
    .filter((code) => code !== 'US')
    .slice(0, COUNTRIES_MAX);
  return [
    usHolidayCalendar(first, last),
    ...others
      .map((code) => publicHolidays(code, first, last))
      .filter(({ days }) => days.length > 0),
  ];
}
