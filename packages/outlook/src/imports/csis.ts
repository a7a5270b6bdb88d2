// The CSIS Beyond Parallel database of North Korean provocations as a JSON array: day-precise events, no incidents.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { readDay, spanOfDay } from '../calendar.ts';
import type { CountryCode } from '../country.ts';
import type { EventClass, HistoryEvent } from '../history/record.ts';
import { clip, type Imported, type ImportReason, type RefusedRow } from './imported.ts';

const DATASET = 'CSIS Beyond Parallel provocations';

const field = (row: Readonly<Record<string, unknown>>, name: string): string => {
  const value = row[name];
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
};

export function looksLikeCsis(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return (
    typeof first === 'object' &&
    first !== null &&
    'date' in first &&
    ('cat' in first || 'event' in first)
  );
}

function classOf(category: string): EventClass {
  return /nuclear_test|missile/.test(category) ? 'test' : 'provocation';
}

function eventOf(row: Readonly<Record<string, unknown>>, at: number): HistoryEvent | RefusedRow {
  const date = readDay(field(row, 'date').slice(0, 10));
  if (!date.ok) return { row: `item ${at + 1}`, reason: date.reason, detail: date.detail ?? '' };
  const severity = Number(field(row, 'sev'));
  const url = field(row, 'url');
  const span = spanOfDay(date.value);
  return {
    type: 'event',
    id: `csis:${span.start}:${at}`,
    title: clip(field(row, 'event') || 'Provocation', 300),
    class: classOf(field(row, 'cat')),
    actors: ['KP' as CountryCode],
    against: [],
    occurred: span,
    ended: null,
    disclosed: span,
    severity: severity >= 1 && severity <= 5 ? severity : null,
    sources: [
      {
        title: clip(field(row, 'source') || DATASET, 200),
        url: /^https?:/.test(url) ? clip(url, 2000) : null,
        span: null,
        admiralty: null,
      },
    ],
    provenance: { dataset: DATASET, row: String(at), licence: 'CSIS terms of use' },
    corrections: [],
    tlp: 'clear',
    remarks: field(row, 'cat') === 'cyber' ? ['The source files this under cyber.'] : [],
  };
}

export function importCsis(value: unknown): Verdict<Imported, ImportReason> {
  if (!Array.isArray(value))
    return refuse('wrong-shape', { detail: 'the file is not a list of events' });
  const records: HistoryEvent[] = [];
  const refused: RefusedRow[] = [];
  value.forEach((item: unknown, at) => {
    if (typeof item !== 'object' || item === null) {
      refused.push({ row: `item ${at + 1}`, reason: 'wrong-shape', detail: 'not an object' });
      return;
    }
    const event = eventOf(item as Record<string, unknown>, at);
    if ('type' in event) records.push(event);
    else refused.push(event);
  });
  return accept({ dataset: DATASET, records, actors: [], refused, remarks: [] });
}
