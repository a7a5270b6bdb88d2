// Any CSV with a mapping file that says which column is what. The mapping is data; it can run nothing.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { readCivil, readSpan, spanOfDay, type DateReason, type Span } from '../calendar.ts';
import { countryCode } from '../country.ts';
import {
  EVENT_CLASSES,
  INCIDENT_KINDS,
  type HistoryRecord,
  type IncidentKind,
} from '../history/record.ts';
import { readTlp, type Tlp } from '../marking.ts';
import { readColumns, type RowReader } from './columns.ts';
import { clip, type ImportReason, type RefusedRow } from './imported.ts';

/** `iso` also reads months, years and ranges as `readSpan` does. */
export const DATE_FORMATS = ['iso', 'm/d/y', 'd/m/y', 'd.m.y'] as const;

/** Fields that a mapping may name, each with the column it stands in. */
const FIELDS = [
  'id',
  'title',
  'occurred',
  'ended',
  'disclosed',
  'initiator',
  'actor',
  'receiver',
  'sector',
  'kind',
  'class',
  'severity',
  'url',
  'effect',
  'tlp',
] as const;
type Field = (typeof FIELDS)[number];

export type Mapping = {
  readonly dataset: string;
  readonly licence: string;
  readonly type: 'event' | 'incident';
  readonly dateFormat: (typeof DATE_FORMATS)[number];
  readonly separator: string;
  /** What splits several countries or kinds in one cell. */
  readonly listSeparator: string;
  readonly columns: Readonly<Partial<Record<Field, string>>>;
  /** Our kind or class for the words of the file. */
  readonly words: Readonly<Record<string, string>>;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (detail: string): Verdict<never, ImportReason> => refuse('bad-mapping', { detail });

/** Checks a mapping file: every key must be known, so that a misspelt one is not silently ignored. */
export function readMapping(value: unknown): Verdict<Mapping, ImportReason> {
  if (!isRecord(value)) return bad('a mapping is a JSON object');
  const known = [
    'dataset',
    'licence',
    'type',
    'dateFormat',
    'separator',
    'listSeparator',
    'columns',
    'words',
  ];
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined)
    return bad(`"${strange}" is no key of a mapping; known are ${known.join(', ')}`);
  const { dataset, licence, columns, words } = value;
  const type = value['type'] ?? 'incident';
  const dateFormat = DATE_FORMATS.find((format) => format === (value['dateFormat'] ?? 'iso'));
  const separator = value['separator'] ?? ',';
  const listSeparator = value['listSeparator'] ?? ';';
  if (typeof dataset !== 'string' || dataset === '' || dataset.length > 120)
    return bad('"dataset" is the name of the data set');
  if (typeof licence !== 'string')
    return bad('"licence" says under what terms the rows may be used');
  if (type !== 'event' && type !== 'incident') return bad('"type" is event or incident');
  if (dateFormat === undefined) return bad(`"dateFormat" is one of ${DATE_FORMATS.join(', ')}`);
  if (typeof separator !== 'string' || separator.length !== 1)
    return bad('"separator" is one character');
  if (typeof listSeparator !== 'string' || listSeparator === '')
    return bad('"listSeparator" is a text');
  if (!isRecord(columns)) return bad('"columns" names the columns');
  for (const [name, column] of Object.entries(columns)) {
    if (!FIELDS.includes(name as Field))
      return bad(`"${name}" is no field; known are ${FIELDS.join(', ')}`);
    if (typeof column !== 'string' || column === '')
      return bad(`the column of "${name}" is a text`);
  }
  if (columns['title'] === undefined) return bad('"columns" must name a title');
  if (columns['occurred'] === undefined && columns['disclosed'] === undefined)
    return bad('"columns" must name occurred or disclosed');
  if (
    words !== undefined &&
    (!isRecord(words) || Object.values(words).some((word) => typeof word !== 'string'))
  ) {
    return bad('"words" maps texts to texts');
  }
  return accept({
    dataset,
    licence,
    type,
    dateFormat,
    separator,
    listSeparator,
    columns,
    words: (words ?? {}) as Record<string, string>,
  });
}

function readDate(text: string, format: Mapping['dateFormat']): Verdict<Span | null, DateReason> {
  if (text === '') return accept(null);
  if (format === 'iso') return readSpan(text.replace(/[T ]\d\d:\d\d.*$/, ''));
  const numbers = text.split(format === 'd.m.y' ? '.' : '/').map(Number);
  const [first = Number.NaN, second = Number.NaN, year = Number.NaN] = numbers;
  const read = format === 'm/d/y' ? readCivil(year, first, second) : readCivil(year, second, first);
  return read.ok
    ? accept(spanOfDay(read.value))
    : refuse(read.reason, { detail: read.detail ?? text });
}

type Cells = (field: Field) => string;

function recordOf(mapping: Mapping, cell: Cells, line: number): Verdict<HistoryRecord, string> {
  const [occurred, ended, disclosed] = (['occurred', 'ended', 'disclosed'] as const).map((name) =>
    readDate(cell(name), mapping.dateFormat),
  );
  for (const date of [occurred, ended, disclosed]) if (date?.ok === false) return date;
  const dates = {
    occurred: occurred?.ok ? occurred.value : null,
    ended: ended?.ok ? ended.value : null,
    disclosed: disclosed?.ok ? disclosed.value : null,
  };
  if (dates.occurred === null && dates.disclosed === null)
    return refuse('no-date', { detail: 'neither date is given' });
  const many = (field: Field): string[] =>
    cell(field)
      .split(mapping.listSeparator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const countries = (field: Field): ReturnType<typeof countryCode>[] =>
    many(field).map(countryCode);
  const severity = Number(cell('severity'));
  const tlp = cell('tlp') === '' ? accept<Tlp>('clear') : readTlp(cell('tlp'));
  if (!tlp.ok) return tlp;
  const common = {
    id: `${mapping.dataset}:${cell('id') || line}`,
    title: clip(cell('title'), 300),
    ...dates,
    severity: severity >= 1 && severity <= 5 ? severity : null,
    sources: /^https?:/.test(cell('url'))
      ? [{ title: mapping.dataset, url: clip(cell('url'), 2000), span: null, admiralty: null }]
      : [],
    provenance: {
      dataset: mapping.dataset,
      row: cell('id') || String(line),
      licence: mapping.licence,
    },
    corrections: [],
    tlp: tlp.value,
    remarks: [],
  };
  if (common.title === '') return refuse('no-title', { detail: 'the title is empty' });
  if (mapping.type === 'event') {
    const word = mapping.words[cell('class')] ?? cell('class');
    const named = EVENT_CLASSES.find((known) => known === word);
    if (named === undefined)
      return refuse('unknown-class', {
        detail: `"${word.slice(0, 40)}" is none of ${EVENT_CLASSES.join(', ')}; map it under "words"`,
      });
    return accept({
      ...common,
      type: 'event',
      class: named,
      actors: countries('initiator').filter((code) => code !== undefined),
      against: countries('receiver').filter((code) => code !== undefined),
    });
  }
  const words = many('kind').map((word) => mapping.words[word] ?? word);
  const strange = words.find((word) => !INCIDENT_KINDS.includes(word as IncidentKind));
  if (strange !== undefined)
    return refuse('unknown-kind', {
      detail: `"${strange.slice(0, 40)}" is none of ${INCIDENT_KINDS.join(', ')}; map it under "words"`,
    });
  const actor = cell('actor') === '' ? null : clip(cell('actor'), 300);
  const initiators = countries('initiator');
  return accept({
    ...common,
    type: 'incident',
    initiators: (initiators.length > 0 ? initiators : actor === null ? [] : [undefined]).map(
      (country) => ({
        actor,
        country: country ?? null,
        sponsor: 'unknown',
        basis: null,
        confidence: null,
        attributed: null,
        disputed: false,
      }),
    ),
    receivers: countries('receiver').map((country) => ({
      country: country ?? null,
      sector: cell('sector') || null,
    })),
    kinds: words as IncidentKind[],
    techniques: [],
    effect: clip(cell('effect'), 4000) || null,
    duplicateOf: null,
  });
}

export function mappedImporter(
  header: readonly string[],
  mapping: Mapping,
): Verdict<(row: readonly string[], line: number) => HistoryRecord | RefusedRow, ImportReason> {
  const columns = readColumns(header, Object.values(mapping.columns));
  if (!columns.ok) return columns;
  const get: RowReader = columns.value;
  return accept((row, line) => {
    const record = recordOf(
      mapping,
      (field) => {
        const column = mapping.columns[field];
        return column === undefined ? '' : get(row, column);
      },
      line,
    );
    return record.ok
      ? record.value
      : { row: `row ${line}`, reason: record.reason, detail: record.detail ?? '' };
  });
}
