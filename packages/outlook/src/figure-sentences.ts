// The words in a picture and in its table, as data: a report says them in English, the page in its reader's language.

import type { HistoryRecord } from './history/record.ts';
import { inEnglish, say, type Said } from '@parley/kernel';
import type { Precision } from './calendar.ts';
import { countryName } from './country.ts';
import type { EventClass, IncidentKind } from './history/record.ts';

const PRECISIONS: Readonly<Record<`precision-${Precision}`, string>> = {
  'precision-day': 'day',
  'precision-month': 'month',
  'precision-year': 'year',
  'precision-range': 'range',
};

const EVENTS: Readonly<Record<`event-${EventClass}`, string>> = {
  'event-provocation': 'provocation',
  'event-test': 'test',
  'event-exercise': 'exercise',
  'event-sanction': 'sanction',
  'event-summit': 'summit',
  'event-cancellation': 'cancellation',
  'event-election': 'election',
  'event-holiday': 'holiday',
  'event-indictment': 'indictment',
  'event-strike': 'strike',
  'event-agreement': 'agreement',
  'event-statement': 'statement',
};

const KINDS: Readonly<Record<`kind-${IncidentKind}`, string>> = {
  'kind-disruption': 'disruption',
  'kind-destruction': 'destruction',
  'kind-defacement': 'defacement',
  'kind-ransom': 'ransom',
  'kind-doxing': 'doxing',
  'kind-espionage': 'espionage',
  'kind-theft': 'theft',
  'kind-hijacking': 'hijacking',
};

export const FIGURE_SENTENCES = {
  ...PRECISIONS,
  ...EVENTS,
  ...KINDS,
  incident: 'incident',
  'timeline-occurred': 'When it happened',
  'timeline-disclosed': 'When it became known',
  'timeline-says':
    'Each bar is one record, as wide as the doubt about its date: a day, a month, a year or a range. Events stand above, incidents below in each lane.',
  'horizon-says':
    'The line is the forecast with its 90 % credible band; the grey band is the base rate. Where the bands overlap, the forecast says little more than the base rate.',
  'axis-days': 'days from issue',
  'axis-probability': 'probability',
  'column-occurred': 'Happened',
  'column-disclosed': 'Known',
  'column-precision': 'Precision',
  'column-who': 'Who',
  'column-what': 'What',
  'column-title': 'Title',
  'column-days': 'Days',
  'column-forecast': 'Forecast',
  'column-low': 'Low',
  'column-high': 'High',
  'column-base': 'Base rate',
  'nobody-named': 'nobody named',
  'unknown-actor': 'unknown',
  'and-others': '{who} and others',
} as const;

export type FigureCode = keyof typeof FIGURE_SENTENCES;

/** How a picture is spoken and which way it is read. */
export type FigureSpeech = {
  readonly direction: 'ltr' | 'rtl';
  readonly say: (said: Said<FigureCode>) => string;
  /** A country by its code. */
  readonly country: (code: string) => string;
  readonly number: (value: number) => string;
  /** A share of one. */
  readonly percent: (share: number) => string;
  /** A tick on an axis of time, in UTC. */
  readonly date: (date: Date, step: 'year' | 'month' | 'day') => string;
  /** What a record is called: in our words, or in those of its source. */
  readonly title: (record: HistoryRecord) => string | { readonly theirs: string };
};

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The words of reports, which are English. */
export const ENGLISH_FIGURES: FigureSpeech = {
  direction: 'ltr',
  say: (said) => inEnglish(FIGURE_SENTENCES, said),
  country: countryName,
  number: String,
  percent: (share) => `${Number((share * 100).toPrecision(3))}%`,
  date: (date, step) => {
    const year = String(date.getUTCFullYear());
    if (step === 'year') return year;
    const month = `${MONTHS[date.getUTCMonth()] ?? ''} ${year}`;
    return step === 'month' ? month : `${date.getUTCDate()} ${month}`;
  },
  title: ({ title }) => ({ theirs: title }),
};

/** A sentence without values, which most words of a picture are. */
export const word = (speech: FigureSpeech, code: FigureCode): string => speech.say(say(code));
