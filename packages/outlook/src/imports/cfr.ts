// The CFR Cyber Operations Tracker as CSV. Its dates are days of DISCLOSURE: the onset stays unknown, and is not guessed.

import { accept, type Verdict } from '@parley/kernel';
import { readCivil, spanOfDay, type DateReason, type Span } from '../calendar.ts';
import { countriesIn } from '../country-mentions.ts';
import { countryCode, type CountryCode } from '../country.ts';
import type { Incident, IncidentKind } from '../history/record.ts';
import { readColumns, type RowReader } from './columns.ts';
import { clip, type ImportReason, type RefusedRow } from './imported.ts';

export const CFR_COLUMNS = [
  'Title',
  'Date',
  'Affiliations',
  'Description',
  'Victims',
  'Sponsor',
  'Type',
];

const DATASET = 'CFR Cyber Operations Tracker';

const KINDS: readonly (readonly [RegExp, IncidentKind])[] = [
  [/sabotage|data destruction/i, 'destruction'],
  [/denial of service/i, 'disruption'],
  [/defacement/i, 'defacement'],
  [/doxing/i, 'doxing'],
  [/financial theft/i, 'theft'],
  [/espionage/i, 'espionage'],
];

/** `M/D/YYYY`, or ISO. */
function readDate(text: string): Verdict<Span, DateReason> {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text);
  const read =
    american === null
      ? readCivil(Number(iso?.[1] ?? Number.NaN), Number(iso?.[2]), Number(iso?.[3]))
      : readCivil(Number(american[3]), Number(american[1]), Number(american[2]));
  return read.ok ? accept(spanOfDay(read.value)) : read;
}

/** Sponsors are names joined by commas, and one name has a comma of its own: "Korea, Republic of". */
function sponsors(text: string): CountryCode[] {
  const whole = countryCode(text);
  if (whole !== undefined) return [whole];
  return text.split(',').flatMap((part) => countryCode(part) ?? []);
}

function incidentOf(
  get: RowReader,
  row: readonly string[],
  line: number,
): Verdict<Incident, DateReason> {
  const date = get(row, 'Date');
  const disclosed = date === '' ? undefined : readDate(date);
  if (disclosed?.ok === false) return disclosed;
  const group = get(row, 'Affiliations');
  const countries = sponsors(get(row, 'Sponsor'));
  const victims = get(row, 'Victims');
  const category = get(row, 'Category');
  const receivers = countriesIn(victims);
  const urls = ['Source', 'Sources', 'Sources_1', 'Sources_2', 'Sources_3'].map((name) =>
    get(row, name),
  );
  const response = get(row, 'Response');
  return accept({
    type: 'incident',
    id: `cfr:${line}`,
    title: clip(get(row, 'Title'), 300),
    occurred: null,
    ended: null,
    disclosed: disclosed?.value ?? null,
    severity: null,
    initiators: (countries.length > 0 ? countries : [null]).map((country) => ({
      actor:
        group === '' ? null : clip(group.replace(/^believed to be( the work of)?\s*/i, ''), 300),
      country,
      sponsor: country === null ? 'unknown' : 'state',
      basis: 'CFR: suspected state sponsor',
      confidence: null,
      attributed: null,
      disputed: countries.length > 1,
    })),
    receivers:
      receivers.length > 0
        ? receivers.map((country) => ({ country, sector: category || null }))
        : [{ country: null, sector: category || null }],
    kinds: KINDS.filter(([word]) => word.test(get(row, 'Type'))).map(([, kind]) => kind),
    techniques: [],
    effect: clip(get(row, 'Description'), 4000) || null,
    duplicateOf: null,
    sources: urls
      .filter((url) => /^https?:/.test(url))
      .map((url) => ({ title: DATASET, url: clip(url, 2000), span: null, admiralty: null })),
    provenance: {
      dataset: DATASET,
      row: String(line),
      licence: 'Council on Foreign Relations; terms to be checked before sharing',
    },
    corrections: [],
    tlp: 'clear',
    remarks: [
      'The tracker dates the disclosure, not the attack.',
      ...(response === '' ? [] : [clip(`Response: ${response}`, 500)]),
      ...(victims === '' ? [] : [clip(`Victims as the source has them: ${victims}`, 500)]),
    ],
  });
}

export function cfrImporter(
  header: readonly string[],
): Verdict<(row: readonly string[], line: number) => Incident | RefusedRow, ImportReason> {
  const columns = readColumns(header, CFR_COLUMNS);
  if (!columns.ok) return columns;
  return accept((row, line) => {
    if (columns.value(row, 'Title') === '') {
      return { row: `row ${line}`, reason: 'no-title', detail: 'the title is empty' };
    }
    const incident = incidentOf(columns.value, row, line);
    return incident.ok
      ? incident.value
      : {
          row: `row ${line}`,
          reason: incident.reason,
          detail: incident.detail ?? columns.value(row, 'Date'),
        };
  });
}

export function looksLikeCfr(header: readonly string[]): boolean {
  return readColumns(header, ['Title', 'Affiliations', 'Sponsor', 'Victims']).ok;
}
