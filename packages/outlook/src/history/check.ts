// A record from outside, checked field by field: what a stranger's bundle claims to be a record of ours.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { day, readSpan, textOfSpan, type Span } from '../calendar.ts';
import { countryCode, type CountryCode } from '../country.ts';
import { readAdmiralty, readTlp } from '../marking.ts';
import {
  EVENT_CLASSES,
  INCIDENT_KINDS,
  type Correction,
  type HistoryRecord,
  type Initiator,
  type Receiver,
  type Source,
} from './record.ts';

export type RecordReason = 'wrong-shape' | 'bad-date' | 'bad-country' | 'too-long';

type Loose = Readonly<Record<string, unknown>>;

/** Thrown inside this file only, and turned into a refusal at its door. */
class Refusal extends Error {
  readonly reason: RecordReason;
  constructor(reason: RecordReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

const LIST_MAX = 200;

function object(value: unknown, name: string): Loose {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal('wrong-shape', `${name} is no object`);
  return value as Loose;
}

function text(value: unknown, name: string, max = 5000): string {
  if (typeof value !== 'string') throw new Refusal('wrong-shape', `${name} is no text`);
  if (value.length > max) throw new Refusal('too-long', `${name} is longer than ${max}`);
  return value;
}

const nullable = <T>(value: unknown, read: (value: unknown) => T): T | null =>
  value === null || value === undefined ? null : read(value);

function list<T>(value: unknown, name: string, read: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new Refusal('wrong-shape', `${name} is no list`);
  if (value.length > LIST_MAX)
    throw new Refusal('too-long', `${name} has more than ${LIST_MAX} items`);
  return value.map(read);
}

function oneOf<const T extends string>(value: unknown, known: readonly T[], name: string): T {
  const found = known.find((candidate) => candidate === value);
  if (found === undefined)
    throw new Refusal('wrong-shape', `${name} is none of ${known.join(', ')}`);
  return found;
}

/** A span must be what its precision says: no month of ten days. */
function span(value: unknown): Span {
  const { start, end, precision } = object(value, 'a date');
  const claimed = {
    start: text(start, 'start', 10),
    end: text(end, 'end', 10),
    precision: oneOf(precision, ['day', 'month', 'year', 'range'], 'precision'),
  };
  const [first, last] = [readSpan(claimed.start), readSpan(claimed.end)];
  if (!first.ok || !last.ok || first.value.precision !== 'day' || last.value.precision !== 'day')
    throw new Refusal('bad-date', `${claimed.start} to ${claimed.end}`);
  if (day(claimed.end) < day(claimed.start))
    throw new Refusal('bad-date', `${claimed.end} lies before ${claimed.start}`);
  if (claimed.precision === 'range') return claimed;
  const meant = readSpan(textOfSpan(claimed));
  if (!meant.ok || meant.value.start !== claimed.start || meant.value.end !== claimed.end)
    throw new Refusal('bad-date', `${claimed.start} to ${claimed.end} is no ${claimed.precision}`);
  return claimed;
}

function country(value: unknown): CountryCode {
  const code = typeof value === 'string' && value.length === 2 ? countryCode(value) : undefined;
  if (code === undefined) throw new Refusal('bad-country', String(value).slice(0, 20));
  return code;
}

function whole(value: unknown, name: string, low: number, high: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < low || value > high)
    throw new Refusal('wrong-shape', `${name} is no number from ${low} to ${high}`);
  return value;
}

function source(value: unknown): Source {
  const { title, url, span: at, admiralty } = object(value, 'a source');
  return {
    title: text(title, 'title of a source', 400),
    url: nullable(url, (one) => text(one, 'url', 2100)),
    span: nullable(at, (one) => {
      const { text: hash, start, end } = object(one, 'a span');
      return {
        text: text(hash, 'hash', 64),
        start: whole(start, 'start', 0, 1e9),
        end: whole(end, 'end', 0, 1e9),
      };
    }),
    admiralty: nullable(admiralty, (one) => {
      const code = readAdmiralty(text(one, 'admiralty', 10));
      if (!code.ok) throw new Refusal('wrong-shape', 'admiralty');
      return code.value;
    }),
  };
}

function correction(value: unknown): Correction {
  const one = object(value, 'a correction');
  return {
    field: text(one['field'], 'field', 100),
    was: text(one['was'], 'was'),
    now: text(one['now'], 'now'),
    reason: text(one['reason'], 'reason'),
    by: text(one['by'], 'by', 200),
    at: text(one['at'], 'at', 40),
  };
}

function initiator(value: unknown): Initiator {
  const one = object(value, 'an initiator');
  return {
    actor: nullable(one['actor'], (name) => text(name, 'actor', 400)),
    country: nullable(one['country'], country),
    sponsor: oneOf(one['sponsor'], ['state', 'non-state', 'unknown'], 'sponsor'),
    basis: nullable(one['basis'], (basis) => text(basis, 'basis', 1000)),
    confidence: nullable(one['confidence'], (confidence) =>
      whole(confidence, 'confidence', 0, 100),
    ),
    attributed: nullable(one['attributed'], span),
    disputed: one['disputed'] === true,
  };
}

function receiver(value: unknown): Receiver {
  const one = object(value, 'a receiver');
  return {
    country: nullable(one['country'], country),
    sector: nullable(one['sector'], (sector) => text(sector, 'sector', 200)),
  };
}

function record(value: unknown): HistoryRecord {
  const from = object(value, 'the record');
  const provenance = object(from['provenance'], 'provenance');
  const tlp = readTlp(text(from['tlp'], 'tlp', 30));
  if (!tlp.ok) throw new Refusal('wrong-shape', 'tlp');
  const common = {
    id: text(from['id'], 'id', 300),
    title: text(from['title'], 'title', 400),
    occurred: nullable(from['occurred'], span),
    ended: nullable(from['ended'], span),
    disclosed: nullable(from['disclosed'], span),
    severity: nullable(from['severity'], (severity) => whole(severity, 'severity', 1, 5)),
    sources: list(from['sources'], 'sources', source),
    provenance: {
      dataset: text(provenance['dataset'], 'dataset', 200),
      row: text(provenance['row'], 'row', 300),
      licence: text(provenance['licence'], 'licence', 400),
    },
    corrections: list(from['corrections'], 'corrections', correction),
    tlp: tlp.value,
    remarks: list(from['remarks'], 'remarks', (remark) => text(remark, 'a remark', 1000)),
  };
  if (from['type'] === 'event') {
    return {
      ...common,
      type: 'event',
      class: oneOf(from['class'], EVENT_CLASSES, 'class'),
      actors: list(from['actors'], 'actors', country),
      against: list(from['against'], 'against', country),
    };
  }
  return {
    ...common,
    type: oneOf(from['type'], ['incident'], 'type'),
    initiators: list(from['initiators'], 'initiators', initiator),
    receivers: list(from['receivers'], 'receivers', receiver),
    kinds: list(from['kinds'], 'kinds', (kind) => oneOf(kind, INCIDENT_KINDS, 'a kind')),
    techniques: list(from['techniques'], 'techniques', (technique) =>
      text(technique, 'a technique', 20),
    ),
    effect: nullable(from['effect'], (effect) => text(effect, 'effect')),
    duplicateOf: nullable(from['duplicateOf'], (id) => text(id, 'duplicateOf', 300)),
  };
}

/** Reads a record and keeps only what a record has. */
export function readRecord(value: unknown): Verdict<HistoryRecord, RecordReason> {
  try {
    return accept(record(value));
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.reason, { detail: error.message });
    throw error;
  }
}
