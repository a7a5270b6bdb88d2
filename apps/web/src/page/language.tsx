// The reader's language: its messages, its direction, its dates and numbers.

import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Sentences } from '../words/code-list.ts';
import { sentenceFor } from '../words/codes.ts';
import { countriesIn, countryIn } from '../words/countries.ts';
import { formatMessage, messageOf, type Catalogue, type MessageKey } from '../words/format.ts';
import { DIRECTIONS, type Language } from '../words/languages.ts';
import { sayIn, type AnySaid } from '../words/said.ts';
import type { SaidTables } from '../words/said-tables.ts';

export type Speech = {
  readonly language: Language;
  readonly t: (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;
  /** A message in pieces: what it is filled with stays what it is, such as a name that is kept apart. */
  readonly around: (
    key: MessageKey,
    values: Readonly<Record<string, ReactNode>>,
  ) => readonly ReactNode[];
  /** What a refusal's code means and what to do next, in the reader's language; undefined in English and for others. */
  readonly said: (code: string) => string | undefined;
  /** A sentence of a part in pieces, its texts wrapped; undefined in English, and for a code of a later version. */
  readonly told: <T>(
    table: keyof SaidTables,
    said: AnySaid,
    wrap: (text: string) => T,
  ) => readonly (string | T)[] | undefined;
  /** Whether there is a message of this name: kinds of a later engine have none. */
  readonly has: (key: string) => key is MessageKey;
  /** In the reader's zone, to the minute. */
  readonly time: (ms: number) => string;
  /** In another zone, such as `+09:00`: the time alone where it is the same day there. */
  readonly timeIn: (ms: number, zone: string) => string;
  readonly number: (value: number) => string;
  /** A country by its code (ISO 3166-1). */
  readonly country: (code: string) => string;
  readonly countries: (codes: readonly string[]) => string;
  /** A day of the calendar, such as `2026-11-22`. */
  readonly day: (text: string) => string;
  /** A share of one, with a decimal. */
  readonly percent: (share: number) => string;
};

const SpeechContext = createContext<Speech | null>(null);

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === null) throw new Error('bug: no language around this part of the page');
  return speech;
}

type ZoneFormats = Readonly<Record<'day' | 'time' | 'both', Intl.DateTimeFormat>>;

function speechOf(
  language: Language,
  catalogue: Catalogue,
  { sentences, tables }: { sentences: Sentences | undefined; tables: SaidTables | undefined },
): Speech {
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const numbers = new Intl.NumberFormat(language);
  // A formatter takes longer to make than a line to draw; there are few zones in a room.
  const inZone = new Map<string, ZoneFormats>();
  const formatsIn = (timeZone: string): ZoneFormats => {
    const known = inZone.get(timeZone) ?? {
      day: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }),
      time: new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone }),
      both: new Intl.DateTimeFormat(language, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone,
      }),
    };
    inZone.set(timeZone, known);
    return known;
  };
  const here = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return {
    language,
    t: (key, values) => formatMessage(language, catalogue, key, values),
    around: (key, values) => {
      const made: unknown = messageOf(language, catalogue[key]).format<ReactNode>({ ...values });
      return (Array.isArray(made) ? made : [made]) as ReactNode[];
    },
    said: (code) => sentenceFor(sentences, code),
    told: (table, said, wrap) => sayIn(language, tables?.[table], said, wrap),
    country: countryIn(language),
    countries: countriesIn(language),
    day: (text) => days.format(Date.parse(`${text}T00:00:00Z`)),
    has: (key): key is MessageKey => key in catalogue,
    time: (ms) => dates.format(ms),
    timeIn: (ms, timeZone) => {
      const there = formatsIn(timeZone);
      const sameDay = there.day.format(ms) === here.format(ms);
      return (sameDay ? there.time : there.both).format(ms);
    },
    number: (value) => numbers.format(value),
    percent: (share) => shares.format(share),
  };
}

export function Speaking(props: {
  language: Language;
  catalogue: Catalogue;
  sentences: Sentences | undefined;
  tables: SaidTables | undefined;
  children: ReactNode;
}): ReactNode {
  const { language, catalogue, sentences, tables, children } = props;
  const speech = useMemo(
    () => speechOf(language, catalogue, { sentences, tables }),
    [language, catalogue, sentences, tables],
  );
  document.documentElement.lang = language;
  document.documentElement.dir = DIRECTIONS[language];
  return (
    <I18nProvider locale={language}>
      <SpeechContext value={speech}>{children}</SpeechContext>
    </I18nProvider>
  );
}
