// What a person makes of a proposal: confirmed, corrected or rejected. Only here does a reading become history.

import { accept, refuse, toHex, utf8, type Crypto, type Verdict } from '@parley/kernel';
import { readSpan, textOfSpan, type Span as DateSpan } from '../calendar.ts';
import { countryCode, type CountryCode } from '../country.ts';
import {
  EVENT_CLASSES,
  INCIDENT_KINDS,
  type Correction,
  type EventClass,
  type HistoryRecord,
  type IncidentKind,
} from '../history/record.ts';
import { readAdmiralty, readTlp, type AdmiraltyCode, type Tlp } from '../marking.ts';
import type { Article } from './article.ts';
import type { Proposal, ReadEvent, ReadIncident } from './read.ts';

export type Decision = {
  readonly what: 'confirm' | 'correct' | 'reject';
  readonly by: string;
  readonly at: string;
  /** Fields a person puts right: date, initiators, receivers, kinds, class, actors, admiralty, tlp, actor. */
  readonly changes: Readonly<Record<string, string>>;
  readonly reason: string;
};

export type ReviewReason =
  | 'rejected'
  | 'is-a-forecast'
  | 'no-person'
  | 'no-reason'
  | 'unknown-field'
  | 'bad-value'
  | 'still-ambiguous';

const FIELDS = [
  'date',
  'initiators',
  'receivers',
  'kinds',
  'class',
  'actors',
  'actor',
  'admiralty',
  'tlp',
];

/** SHA-256 of the text that spans point into. */
export function textHash(crypto: Crypto, text: string): string {
  return toHex(crypto.hash('sha256', utf8(text)));
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function readCountries(text: string): Verdict<CountryCode[], ReviewReason> {
  const codes = list(text).map((name) => countryCode(name));
  const bad = codes.indexOf(undefined);
  return bad < 0
    ? accept(codes.filter((code) => code !== undefined))
    : refuse('bad-value', { detail: `"${list(text)[bad] ?? ''}" is no country` });
}

type Values = { date: DateSpan; admiralty: AdmiraltyCode | null; tlp: Tlp };

function commonValues(
  proposal: ReadIncident | ReadEvent,
  decision: Decision,
): Verdict<Values, ReviewReason> {
  const strange = Object.keys(decision.changes).find((field) => !FIELDS.includes(field));
  if (strange !== undefined)
    return refuse('unknown-field', { detail: `"${strange}"; known are ${FIELDS.join(', ')}` });
  const { date: dateText, admiralty: admiraltyText, tlp: tlpText } = decision.changes;
  const date = dateText === undefined ? accept(proposal.date.span) : readSpan(dateText);
  if (!date.ok) return refuse('bad-value', { detail: date.detail ?? 'date' });
  const admiralty = admiraltyText === undefined ? accept(null) : readAdmiralty(admiraltyText);
  if (!admiralty.ok)
    return refuse('bad-value', {
      detail: 'an Admiralty code is a letter A to F and a digit 1 to 6',
    });
  const tlp = tlpText === undefined ? accept<Tlp>('clear') : readTlp(tlpText);
  if (!tlp.ok)
    return refuse('bad-value', { detail: 'TLP is clear, green, amber, amber+strict or red' });
  return accept({ date: date.value, admiralty: admiralty.value, tlp: tlp.value });
}

function correctionsOf(proposal: ReadIncident | ReadEvent, decision: Decision): Correction[] {
  const was: Readonly<Record<string, string>> = {
    date: textOfSpan(proposal.date.span),
    ...(proposal.type === 'incident'
      ? {
          initiators: proposal.initiators.map((one) => one.country ?? '?').join(','),
          receivers: proposal.receivers.map((one) => one.country).join(','),
          kinds: proposal.kinds.map((one) => one.kind).join(','),
        }
      : {
          class: proposal.class.name,
          actors: proposal.actors.map((one) => one.country).join(','),
        }),
  };
  return Object.entries(decision.changes)
    .filter(([field]) => field !== 'admiralty' && field !== 'tlp')
    .map(([field, now]) => ({
      field,
      was: was[field] ?? '',
      now,
      reason: decision.reason,
      by: decision.by,
      at: decision.at,
    }));
}

/**
 * Turns a proposal into a record as a person decided. Refuses without a name; a correction needs its reason; a name that
 * several groups share must be settled first. The record's source holds the span of the sentence in the stored text.
 */
export function decide(
  crypto: Crypto,
  article: Article,
  proposal: Proposal,
  decision: Decision,
): Verdict<HistoryRecord, ReviewReason> {
  if (decision.by.trim() === '') return refuse('no-person', { detail: 'say who decides' });
  if (decision.what === 'reject') return refuse('rejected');
  if (proposal.type === 'forecast')
    return refuse('is-a-forecast', {
      detail: 'a quoted forecast goes to the ledger, once its horizon and number are fixed',
    });
  if (decision.what === 'correct' && decision.reason.trim() === '')
    return refuse('no-reason', { detail: 'a correction needs its reason' });
  const values = commonValues(proposal, decision);
  if (!values.ok) return values;
  const { date, admiralty, tlp } = values.value;
  const hash = textHash(crypto, article.text);
  const common = {
    id: `article:${hash.slice(0, 12)}:${proposal.sentence.start}:${date.start}`,
    title: proposal.sentence.text.slice(0, 200),
    occurred: date,
    ended: null,
    disclosed: { start: article.published, end: article.published, precision: 'day' as const },
    severity: null,
    sources: [
      {
        title: `${article.outlet}: ${article.title}`.slice(0, 300),
        url: article.url,
        span: { text: hash, start: proposal.sentence.start, end: proposal.sentence.end },
        admiralty,
      },
    ],
    provenance: {
      dataset: 'Articles',
      row: `${hash.slice(0, 12)}:${proposal.sentence.start}`,
      licence: 'facts from the article; its text stays with its owner',
    },
    corrections: correctionsOf(proposal, decision),
    tlp,
    remarks: [],
  };
  return proposal.type === 'event'
    ? eventRecord(common, proposal, decision)
    : incidentRecord(common, proposal, decision);
}

type CommonRecord = Omit<
  HistoryRecord & { type: 'event' },
  'type' | 'class' | 'actors' | 'against'
>;

function eventRecord(
  common: CommonRecord,
  proposal: ReadEvent,
  { changes }: Decision,
): Verdict<HistoryRecord, ReviewReason> {
  const actors =
    changes['actors'] === undefined
      ? accept(proposal.actors.map((one) => one.country))
      : readCountries(changes['actors']);
  if (!actors.ok) return actors;
  const name: EventClass | undefined = EVENT_CLASSES.find(
    (known) => known === (changes['class'] ?? proposal.class.name),
  );
  if (name === undefined)
    return refuse('bad-value', { detail: `a class is one of ${EVENT_CLASSES.join(', ')}` });
  return accept({ ...common, type: 'event', class: name, actors: actors.value, against: [] });
}

function incidentRecord(
  common: CommonRecord,
  proposal: ReadIncident,
  { changes }: Decision,
): Verdict<HistoryRecord, ReviewReason> {
  const named =
    changes['initiators'] === undefined ? undefined : readCountries(changes['initiators']);
  if (named?.ok === false) return named;
  if (named === undefined && proposal.ambiguous.length > 0)
    return refuse('still-ambiguous', {
      detail: `${proposal.ambiguous.join(', ')}: say which country with initiators=`,
    });
  const receivers =
    changes['receivers'] === undefined
      ? accept(proposal.receivers.map((one) => one.country))
      : readCountries(changes['receivers']);
  if (!receivers.ok) return receivers;
  const kinds =
    changes['kinds'] === undefined
      ? proposal.kinds.map((one) => one.kind as string)
      : list(changes['kinds']);
  const strange = kinds.find((kind) => !INCIDENT_KINDS.includes(kind as IncidentKind));
  if (strange !== undefined)
    return refuse('bad-value', {
      detail: `"${strange}" is no kind; known are ${INCIDENT_KINDS.join(', ')}`,
    });
  const [first] = proposal.initiators;
  const countries = named?.value ?? (first?.country == null ? [] : [first.country]);
  const actor = changes['actor'] ?? first?.actor ?? null;
  return accept({
    ...common,
    type: 'incident',
    initiators: (countries.length > 0 ? countries : actor === null ? [] : [null]).map(
      (country) => ({
        actor,
        country,
        sponsor: 'unknown' as const,
        basis: 'as the article says',
        confidence: null,
        attributed: common.disclosed,
        disputed: false,
      }),
    ),
    receivers: receivers.value.map((country) => ({ country, sector: null })),
    kinds: [...new Set(kinds as IncidentKind[])],
    techniques: [],
    effect: null,
    duplicateOf: null,
  });
}
