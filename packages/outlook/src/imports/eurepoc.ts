// The EuRepoC Global Database as CSV. Its dates look exact and mostly are not, so precision is inferred, and said.

import { accept, type Verdict } from '@parley/kernel';
import {
  readDay,
  spanOfDay,
  spanOfMonth,
  spanOfYear,
  civilOf,
  type DateReason,
  type Span,
} from '../calendar.ts';
import { countryCode, type CountryCode } from '../country.ts';
import type { IncidentKind, Incident, Initiator, Receiver, Sponsor } from '../history/record.ts';
import { clip, type ImportReason, type RefusedRow } from './imported.ts';
import { readColumns, readPythonList, type RowReader } from './columns.ts';

export const EUREPOC_COLUMNS = [
  'ID',
  'name',
  'description',
  'start_date',
  'end_date',
  'incident_type',
  'receiver_country',
  'initiator_name',
  'initiator_country',
  'initiator_category',
];

const DATASET = 'EuRepoC Global Database';

/** A first of January is written for "some time that year", a first of a month for "some time that month". */
function inferSpan(text: string): Verdict<Span, DateReason> {
  const read = readDay(text.slice(0, 10));
  if (!read.ok) return read;
  const { year, month, day } = civilOf(read.value);
  if (day !== 1) return accept(spanOfDay(read.value));
  return accept(month === 1 ? spanOfYear(year) : spanOfMonth(year, month));
}

const KIND_WORDS: readonly (readonly [RegExp, IncidentKind])[] = [
  [/ransomware/i, 'ransom'],
  [/disruption/i, 'disruption'],
  [/doxing/i, 'doxing'],
  [/data theft/i, 'espionage'],
  [/hijacking/i, 'hijacking'],
];

function sponsorOf(category: string | undefined): Sponsor {
  if (category === undefined || category === '' || /unknown|not attributed/i.test(category))
    return 'unknown';
  return /^state|state-affiliation/i.test(category) ? 'state' : 'non-state';
}

function initiatorsOf(get: RowReader, row: readonly string[]): Initiator[] {
  const countries = readPythonList(get(row, 'initiator_country'));
  const names = readPythonList(get(row, 'initiator_name'));
  const categories = readPythonList(get(row, 'initiator_category'));
  const attributed = inferSpan(get(row, 'attribution_date').split(';')[0]?.trim() ?? '');
  const bases = get(row, 'attribution_basis').split(';');
  const seen = new Set<string>();
  const initiators: Initiator[] = [];
  for (let i = 0; i < Math.max(countries.length, names.length); i++) {
    const country = countryCode(countries[i] ?? '') ?? null;
    const named = names[i] ?? '';
    const actor =
      named === '' || /^(not available|unknown)$/i.test(named) ? null : clip(named, 300);
    const key = `${country ?? ''}|${actor ?? ''}`;
    if (seen.has(key) || (country === null && actor === null)) continue;
    seen.add(key);
    initiators.push({
      actor,
      country,
      sponsor: sponsorOf(categories[i]),
      basis: (bases[i] ?? bases[0] ?? '').trim() || null,
      confidence: null,
      attributed: attributed.ok ? attributed.value : null,
      disputed: new Set(countries.map(countryCode).filter((code) => code !== undefined)).size > 1,
    });
  }
  return initiators;
}

function receiversOf(get: RowReader, row: readonly string[]): Receiver[] {
  const countries = readPythonList(get(row, 'receiver_country'));
  const sectors = readPythonList(get(row, 'receiver_category'));
  const seen = new Set<CountryCode | null>();
  const receivers: Receiver[] = [];
  countries.forEach((name, i) => {
    const country = countryCode(name) ?? null;
    if (seen.has(country)) return;
    seen.add(country);
    const sector = (sectors.length === countries.length ? sectors[i] : sectors[0]) ?? '';
    receivers.push({
      country,
      sector: sector === '' ? null : clip(sector.split('(')[0]?.trim() ?? '', 120),
    });
  });
  return receivers;
}

function incidentOf(get: RowReader, row: readonly string[]): Verdict<Incident, DateReason> {
  const occurred = inferSpan(get(row, 'start_date'));
  if (!occurred.ok) return occurred;
  const remarks: string[] = [];
  const end = get(row, 'end_date');
  const ended = end === '' ? undefined : inferSpan(end);
  if (ended?.ok === false) return ended;
  const endBelievable = ended?.ok === true && ended.value.end >= occurred.value.start;
  if (ended?.ok === true && !endBelievable) {
    remarks.push(
      `The source's end date ${end.slice(0, 10)} lies before the start and is left out.`,
    );
  }
  if (occurred.value.precision !== 'day') {
    remarks.push(
      `The source writes ${get(row, 'start_date').slice(0, 10)}; read as "some time in that ${occurred.value.precision}".`,
    );
  }
  const type = get(row, 'incident_type');
  const intensity = Number(get(row, 'weighted_cyber_intensity'));
  const id = get(row, 'ID');
  return accept({
    type: 'incident',
    id: `eurepoc:${id}`,
    title: clip(get(row, 'name') || `EuRepoC incident ${id}`, 300),
    occurred: occurred.value,
    ended: endBelievable ? ended.value : null,
    disclosed: null,
    severity:
      Number.isFinite(intensity) && intensity >= 1 ? Math.min(5, Math.round(intensity)) : null,
    initiators: initiatorsOf(get, row),
    receivers: receiversOf(get, row),
    kinds: KIND_WORDS.filter(([word]) => word.test(type)).map(([, kind]) => kind),
    techniques: [],
    effect: clip(get(row, 'description'), 4000) || null,
    duplicateOf: null,
    sources: readPythonList(get(row, 'sources_url'))
      .slice(0, 20)
      .map((url) => ({ title: DATASET, url: clip(url, 2000), span: null, admiralty: null })),
    provenance: { dataset: DATASET, row: id, licence: 'EuRepoC terms of use' },
    corrections: [],
    tlp: 'clear',
    remarks,
  });
}

/** Reads rows after the header as they come. A row with an impossible date is refused and named, the others stand. */
export function eurepocImporter(
  header: readonly string[],
): Verdict<(row: readonly string[], line: number) => Incident | RefusedRow, ImportReason> {
  const columns = readColumns(header, EUREPOC_COLUMNS);
  if (!columns.ok) return columns;
  const get = columns.value;
  const ids = new Set<string>();
  return accept((row, line) => {
    const id = get(row, 'ID');
    if (row.length !== header.length) {
      return {
        row: `row ${line}`,
        reason: 'wrong-columns',
        detail: `${row.length} values under ${header.length} columns`,
      };
    }
    if (id === '' || ids.has(id)) {
      return {
        row: `row ${line}`,
        reason: 'bad-id',
        detail: id === '' ? 'the ID is empty' : `the ID ${id} stands there twice`,
      };
    }
    ids.add(id);
    const incident = incidentOf(get, row);
    return incident.ok
      ? incident.value
      : { row: `row ${line}`, reason: incident.reason, detail: incident.detail ?? '' };
  });
}

/** True for a header of this data set. */
export function looksLikeEurepoc(header: readonly string[]): boolean {
  return (
    readColumns(header, EUREPOC_COLUMNS).ok ||
    (header.includes('incident_type') && header.includes('receiver_country'))
  );
}
