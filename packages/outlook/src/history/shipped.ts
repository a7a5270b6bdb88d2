// The shipped history as records. Small on purpose: to work out of the box and to learn from, not to forecast by.

import { readSpan, type Span } from '../calendar.ts';
import type { CountryCode } from '../country.ts';
import { EVENT_LINES } from './shipped-events.ts';
import { INCIDENT_LINES } from './shipped-incidents.ts';
import {
  EVENT_CLASSES,
  INCIDENT_KINDS,
  type HistoryEvent,
  type HistoryRecord,
  type Incident,
  type Initiator,
  type Source,
} from './record.ts';

const DATASET = 'Parley shipped history';
const LICENCE = 'Apache-2.0; facts typed and sourced by the Parley authors';

function span(text: string): Span | null {
  if (text === '?') return null;
  const read = readSpan(text);
  if (!read.ok) throw new Error(`bug: the shipped history has the date ${text}`);
  return read.value;
}

function source(text: string): Source {
  const url = text.startsWith('w:')
    ? `https://en.wikipedia.org/wiki/${encodeURI(text.slice(2))}`
    : text.startsWith('un:')
      ? `https://en.wikipedia.org/wiki/United_Nations_Security_Council_Resolution_${text.slice(3)}`
      : text;
  return {
    title: text.startsWith('http')
      ? (new RegExp('^https?://([^/]+)').exec(text)?.[1] ?? 'source')
      : 'English Wikipedia and the sources it names',
    url,
    span: null,
    admiralty: null,
  };
}

const codes = (text: string): CountryCode[] =>
  text === '' ? [] : (text.split(',') as CountryCode[]);

/** The first date in "FBI, 2014-12-19; indictment 2018-09-06": when the name was first public. */
function attributedIn(basis: string): Span | null {
  const found = /\d{4}(-\d{2}){0,2}/.exec(basis);
  return found === null ? null : span(found[0]);
}

function initiator(text: string, basis: string): Initiator {
  const disputed = text.startsWith('~');
  const [country = '', actor] = text.slice(disputed ? 1 : 0).split('/');
  return {
    actor: actor ?? null,
    country: country as CountryCode,
    sponsor:
      actor === 'Killnet' || actor === 'SamSam' || actor === 'Honker Union' ? 'non-state' : 'state',
    basis,
    confidence: null,
    attributed: attributedIn(basis),
    disputed,
  };
}

const common = (id: string, title: string, severity: string, from: string) => ({
  id: `parley:${id}`,
  title,
  severity: Number(severity),
  ended: null,
  sources: [source(from)],
  provenance: { dataset: DATASET, row: id, licence: LICENCE },
  corrections: [],
  tlp: 'clear' as const,
  remarks: [],
});

function incident(line: string): Incident {
  const [
    id = '',
    kinds = '',
    who = '',
    whom = '',
    onset = '',
    known = '',
    severity = '',
    basis = '',
    title = '',
    from = '',
  ] = line.split('|');
  const occurred = span(onset);
  return {
    ...common(id, title, severity, from),
    type: 'incident',
    occurred,
    disclosed: known === '=' ? occurred : span(known),
    initiators: who.split(',').map((one) => initiator(one, basis)),
    receivers: codes(whom).map((country) => ({ country, sector: null })),
    kinds: INCIDENT_KINDS.filter((kind) => kinds.split(',').includes(kind)),
    techniques: [],
    effect: null,
    duplicateOf: null,
  };
}

function event(line: string): HistoryEvent {
  const [
    id = '',
    named = '',
    actors = '',
    against = '',
    date = '',
    severity = '',
    title = '',
    from = '',
  ] = line.split('|');
  const found = EVENT_CLASSES.find((known) => known === named);
  if (found === undefined) throw new Error(`bug: the shipped history has the class ${named}`);
  const occurred = span(date);
  return {
    ...common(id, title, severity, from),
    type: 'event',
    class: found,
    actors: codes(actors),
    against: codes(against),
    occurred,
    disclosed: occurred,
  };
}

const lines = (text: string): string[] => text.trim().split('\n');

/** Every record has a source, a severity, and a date as precise as the source allows. */
export const SHIPPED_HISTORY: readonly HistoryRecord[] = [
  ...lines(EVENT_LINES).map(event),
  ...lines(INCIDENT_LINES).map(incident),
];
