// The timing claims that get tested in every report, the one of 2018 first, and the covariates that ask for a place.

import { civilOf, day, type Day } from '../calendar.ts';
import {
  initiatorCountries,
  kindGroup,
  receiverCountries,
  type EventClass,
  type HistoryEvent,
  type HistoryRecord,
  type Incident,
} from '../history/record.ts';
import { dprkCalendar, usElections, usHolidayCalendar, type HolidayCalendar } from '../holidays.ts';
import type { TimingClaim } from './permutation.ts';
import type { Covariate } from './gate.ts';
import type { Dyad } from './series.ts';
import type { Walk } from './walk-forward.ts';

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

type Trigger = {
  readonly name: string;
  readonly question: string;
  readonly scheduled: boolean;
  readonly concerns: (event: HistoryEvent, dyad: Dyad) => boolean;
};

const involves = (codes: readonly string[], code: string): boolean => codes.includes(code);

/** Who must have done what to whom for a trigger to count for a pair. Scheduled ones are known before they happen. */
const TRIGGERS: readonly Trigger[] = [
  {
    name: 'own provocations and tests',
    question: 'do the initiator’s own provocations announce attacks?',
    scheduled: false,
    concerns: (event, { initiator }) =>
      (event.class === 'provocation' || event.class === 'test') &&
      involves(event.actors, initiator),
  },
  {
    name: 'exercises of the other side',
    question: 'do military exercises of the receiver draw attacks?',
    scheduled: true,
    concerns: (event, { initiator, receiver }) =>
      event.class === 'exercise' &&
      involves(event.actors, receiver) &&
      involves(event.against, initiator),
  },
  {
    name: 'sanctions, indictments and strikes by the other side',
    question: 'is punishment answered?',
    scheduled: false,
    concerns: (event, { initiator, receiver }) =>
      (event.class === 'sanction' || event.class === 'indictment' || event.class === 'strike') &&
      involves(event.actors, receiver) &&
      involves(event.against, initiator),
  },
  {
    name: 'summits and cancellations',
    question: 'do summits and their cancellation draw attacks?',
    scheduled: true,
    concerns: (event, { initiator, receiver }) =>
      (event.class === 'summit' || event.class === 'cancellation') &&
      [initiator, receiver].every(
        (code) => involves(event.actors, code) || involves(event.against, code),
      ),
  },
  {
    name: 'elections of the other side',
    question: 'do elections of the receiver draw attacks?',
    scheduled: true,
    concerns: (event, { receiver }) =>
      event.class === 'election' && involves(event.actors, receiver),
  },
];

const KERNEL_DAYS = 28;

function covariateOf(
  name: string,
  question: string,
  walk: Walk,
  scheduled: boolean,
  daysOf: readonly (readonly Day[])[],
): Covariate {
  const x = new Float64Array(walk.model.length);
  walk.issues.forEach((issue, s) => {
    const until = scheduled ? (walk.horizonEnds[s] ?? issue) : issue;
    for (let d = 0; d < walk.dyads; d++) {
      if (daysOf[d]?.some((at) => at >= issue - KERNEL_DAYS && at < until) === true)
        x[s * walk.dyads + d] = 1;
    }
  });
  return { name, question, x };
}

/** Every covariate that the history has dates for, laid over the steps of a walk. */
export function covariatesFor(
  history: readonly HistoryRecord[],
  dyads: readonly Dyad[],
  walk: Walk,
  calendars: readonly HolidayCalendar[],
): Covariate[] {
  const events = history.filter(
    (record): record is HistoryEvent =>
      record.type === 'event' && record.occurred?.precision === 'day',
  );
  const triggered = TRIGGERS.map((trigger) => {
    const daysOf = dyads.map((dyad) =>
      events
        .filter((event) => trigger.concerns(event, dyad))
        .map((event) => day(event.occurred?.start ?? '')),
    );
    return covariateOf(trigger.name, trigger.question, walk, trigger.scheduled, daysOf);
  });
  const holidays = dyads.map(
    ({ receiver }) => calendars.find(({ country }) => country === receiver)?.days ?? [],
  );
  const x = new Float64Array(walk.model.length);
  walk.issues.forEach((issue, s) => {
    const end = walk.horizonEnds[s] ?? issue;
    holidays.forEach((days, d) => {
      if (days.some((at) => at >= issue && at < end)) x[s * walk.dyads + d] = 1;
    });
  });
  return [
    ...triggered,
    {
      name: 'holidays of the other side',
      question: 'do weeks with a holiday of the receiver draw attacks?',
      x,
    },
  ];
}
