// Triggers that may raise a rate: which events count for which pair, over the weeks of a walk or of one horizon.

import { day, type Day } from '../calendar.ts';
import type { HistoryEvent, HistoryRecord } from '../history/record.ts';
import type { HolidayCalendar } from '../holidays.ts';
import type { Covariate } from './gate.ts';
import type { Dyad } from './series.ts';
import type { Walk } from './walk-forward.ts';

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

/** A trigger counts for so many days after it. */
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

function triggerDays(history: readonly HistoryRecord[], trigger: Trigger, dyad: Dyad): Day[] {
  return history.flatMap((record) =>
    record.type === 'event' &&
    record.occurred?.precision === 'day' &&
    trigger.concerns(record, dyad)
      ? [day(record.occurred.start)]
      : [],
  );
}

const HOLIDAYS = 'holidays of the other side';

/** Every covariate that the history has dates for, laid over the steps of a walk. */
export function covariatesFor(
  history: readonly HistoryRecord[],
  dyads: readonly Dyad[],
  walk: Walk,
  calendars: readonly HolidayCalendar[],
): Covariate[] {
  const triggered = TRIGGERS.map((trigger) =>
    covariateOf(
      trigger.name,
      trigger.question,
      walk,
      trigger.scheduled,
      dyads.map((dyad) => triggerDays(history, trigger, dyad)),
    ),
  );
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
    { name: HOLIDAYS, question: 'do weeks with a holiday of the receiver draw attacks?', x },
  ];
}

/**
 * Share of the weeks of a horizon, from its issue day on, in which each covariate is on for a pair: by what is known on that
 * day. What is not scheduled counts only if it happened before.
 */
export function sharesOn(
  history: readonly HistoryRecord[],
  dyad: Dyad,
  horizon: { readonly issue: Day; readonly end: Day },
  calendars: readonly HolidayCalendar[],
): ReadonlyMap<string, number> {
  const { issue, end } = horizon;
  const weeks = Array.from({ length: Math.max(1, Math.ceil((end - issue) / 7)) }, (_, i) => ({
    from: issue + 7 * i,
    to: Math.min(end, issue + 7 * (i + 1)),
  }));
  const share = (on: (week: { from: number; to: number }) => boolean): number =>
    weeks.filter(on).length / weeks.length;
  const shares = TRIGGERS.map((trigger): [string, number] => {
    const days = triggerDays(history, trigger, dyad).filter(
      (at) => trigger.scheduled || at < issue,
    );
    return [
      trigger.name,
      share(({ from, to }) =>
        days.some((at) => at >= from - KERNEL_DAYS && at < (trigger.scheduled ? to : from)),
      ),
    ];
  });
  const holidays = calendars.find(({ country }) => country === dyad.receiver)?.days ?? [];
  const holiday = share(({ from, to }) => holidays.some((at) => at >= from && at < to));
  return new Map([...shares, [HOLIDAYS, holiday]]);
}
