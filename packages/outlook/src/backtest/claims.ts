// The timing claims that get tested in every report, the one of 2018 first.

import { civilOf, day, type Day } from '../calendar.ts';
import {
  initiatorCountries,
  kindGroup,
  receiverCountries,
  type EventClass,
  type HistoryRecord,
  type Incident,
} from '../history/record.ts';
import { dprkCalendar, usElections, usHolidayCalendar, type HolidayCalendar } from '../holidays.ts';
import type { TimingClaim } from './permutation.ts';

function dayPrecise(
  history: readonly HistoryRecord[],
  wanted: (incident: Incident) => boolean,
): Day[] {
  return history.flatMap((record) =>
    record.type === 'incident' &&
    record.duplicateOf === null &&
    record.occurred?.precision === 'day' &&
    wanted(record)
      ? [day(record.occurred.start)]
      : [],
  );
}

const by =
  (code: string) =>
  (incident: Incident): boolean =>
    initiatorCountries(incident).some((country) => country === code);
const against =
  (code: string) =>
  (incident: Incident): boolean =>
    receiverCountries(incident).some((country) => country === code);

/** Day-precise events of some classes in which a country acts. */
export function eventDays(
  history: readonly HistoryRecord[],
  classes: readonly EventClass[],
  country?: string,
): Day[] {
  return history.flatMap((record) =>
    record.type === 'event' &&
    classes.includes(record.class) &&
    record.occurred?.precision === 'day' &&
    (country === undefined || record.actors.some((actor) => actor === country))
      ? [day(record.occurred.start)]
      : [],
  );
}

function years(days: readonly Day[]): { first: number; last: number } {
  const all = days.map((at) => civilOf(at).year);
  return { first: Math.min(...all, 2100) - 1, last: Math.max(...all, 1900) + 1 };
}

/** What analysts and newspapers have claimed about timing, over the day-precise incidents of the history. */
export function timingClaims(
  history: readonly HistoryRecord[],
  calendars: readonly HolidayCalendar[] = [],
): TimingClaim[] {
  const all = dayPrecise(history, () => true);
  if (all.length === 0) return [];
  const { first, last } = years(all);
  const us = usHolidayCalendar(first, last).days;
  const near = (
    name: string,
    claim: string,
    days: Day[],
    anchors: readonly Day[],
    within: number,
  ): TimingClaim => ({
    name,
    claim,
    days,
    anchors,
    before: within,
    after: within,
    method: 'weekday',
  });
  const after = (
    name: string,
    claim: string,
    days: Day[],
    anchors: readonly Day[],
  ): TimingClaim => ({
    name,
    claim,
    days,
    anchors,
    before: 0,
    after: 28,
    method: 'circular',
  });
  const dprk = dayPrecise(history, by('KP'));
  const extra = calendars
    .filter(({ country }) => country !== 'US')
    .map((calendar) =>
      near(
        `holidays of ${calendar.country}`,
        `attacks on ${calendar.country} are timed around its holidays`,
        dayPrecise(history, against(calendar.country)),
        calendar.days,
        3,
      ),
    );
  return [
    near('holiday (North Korea)', 'North Korea times attacks around US holidays', dprk, us, 3),
    near(
      'holiday (North Korea, disruptive)',
      'North Korea times disruptive attacks around US holidays',
      dayPrecise(
        history,
        (incident) => by('KP')(incident) && kindGroup(incident.kinds) === 'disruption',
      ),
      us,
      3,
    ),
    near(
      'holiday (attacks on the US)',
      'attacks on the United States are timed around its holidays',
      dayPrecise(history, against('US')),
      us,
      3,
    ),
    near('holiday (all)', 'attacks are timed around US holidays', all, us, 3),
    near(
      'holiday itself',
      'attacks on the United States fall on its holidays',
      dayPrecise(history, against('US')),
      us,
      0,
    ),
    near(
      'anniversary',
      'North Korea strikes around its own anniversaries',
      dprk,
      dprkCalendar(first, last).days,
      3,
    ),
    near(
      'election',
      'attacks on the United States cluster within two weeks of federal elections',
      dayPrecise(history, against('US')),
      usElections(first, last),
      14,
    ),
    after(
      'provocation',
      'North Korean cyber attacks follow its provocations within four weeks',
      dprk,
      eventDays(history, ['provocation', 'test'], 'KP'),
    ),
    after(
      'exercise',
      'North Korean cyber attacks follow allied exercises within four weeks',
      dprk,
      eventDays(history, ['exercise']),
    ),
    after(
      'sanction',
      'attacks follow sanctions and indictments within four weeks',
      all,
      eventDays(history, ['sanction', 'indictment']),
    ),
    after(
      'summit',
      'attacks follow summits and cancellations within four weeks',
      all,
      eventDays(history, ['summit', 'cancellation']),
    ),
    ...extra,
  ];
}
