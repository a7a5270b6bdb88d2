import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader, readCsv } from '../csv.ts';
import { CsvImport, importCsv } from './csv-import.ts';
import { EUREPOC_COLUMNS } from './eurepoc.ts';
import { importJson, readJson } from './json-import.ts';
import { readMapping } from './mapped.ts';

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpus/outlook');
const here = existsSync(CORPUS);
const runs = { numRuns: process.env['SLOW'] === undefined ? 200 : 20_000 };

const HEADER = [
  ...EUREPOC_COLUMNS,
  'weighted_cyber_intensity',
  'attribution_date',
  'attribution_basis',
  'receiver_category',
  'sources_url',
];

function eurepoc(...rows: readonly Partial<Record<string, string>>[]): string {
  const standard = {
    ID: '1',
    name: 'A',
    description: 'B',
    start_date: '2014-11-24',
    end_date: '2014-11-25',
    incident_type: 'Disruption',
    receiver_country: "['United States']",
    initiator_name: "['Lazarus']",
    initiator_country: `["Korea, Democratic People's Republic of"]`,
    initiator_category: "['State']",
  };
  const cells = rows.map((row, i) =>
    HEADER.map(
      (name) =>
        `"${({ ...standard, ID: String(i + 1), ...row }[name] ?? '').replaceAll('"', '""')}"`,
    ).join(','),
  );
  return [HEADER.join(','), ...cells].join('\n');
}

const CFR =
  'Title,Date,Affiliations,Description,Response,Victims,Sponsor,Type,Category,Source,Sources_2,Sources_3';

describe('CSV', () => {
  it.each([
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['\ufeffa\n"x,""y""\nz"\n', [['a'], ['x,"y"\nz']]],
    [
      'a,b\n\n5" disk,\n',
      [
        ['a', 'b'],
        ['5" disk', ''],
      ],
    ],
    ['', []],
  ])('reads %j', (text, rows) => {
    expect(readCsv(text)).toEqual({ ok: true, value: rows });
  });

  it.each([
    ['"a', 'unclosed-quote'],
    ['"a"b,c', 'text-after-quote'],
  ])('refuses %j', (text, reason) => {
    expect(readCsv(text)).toMatchObject({ ok: false, reason });
  });

  it('gives the same rows however the text is cut', () => {
    assert(
      property(
        array(array(string({ maxLength: 8 }), { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        (rows) => {
          const text = rows
            .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
            .join('\n');
          const reader = new CsvReader();
          const got: string[][] = [];
          for (const letter of text) {
            const out = reader.push(letter);
            if (out.ok) got.push(...out.value);
          }
          const rest = reader.end();
          if (rest.ok) got.push(...rest.value);
          expect(got).toEqual(rows);
          expect(readCsv(text)).toEqual({ ok: true, value: rows });
        },
      ),
      runs,
    );
  });

  it('a file of ten million rows is refused at its limit, whatever comes after', () => {
    const importer = new CsvImport(undefined, {
      rowsMax: 1000,
      columnsMax: 40,
      fieldCharactersMax: 10_000,
    });
    const [header = '', row = ''] = eurepoc({}).split('\n');
    importer.push(`${header}\n`);
    let pushed = 0;
    for (let refused = false; !refused; pushed++)
      refused = !importer.push(`${row.replace('"1"', `"${pushed}"`)}\n`).ok;
    expect(pushed).toBe(1000);
    expect(importer.push(`${row}\n`)).toMatchObject({ ok: false, reason: 'too-many-rows' });
    expect(importer.finish()).toMatchObject({ ok: false, reason: 'too-many-rows' });
  });

  it('too many columns and endless fields are refused', () => {
    expect(readCsv('a,'.repeat(600))).toMatchObject({ ok: false, reason: 'too-many-columns' });
    expect(readCsv('x'.repeat(300_000))).toMatchObject({ ok: false, reason: 'field-too-long' });
  });
});

describe('EuRepoC', () => {
  it('infers how precise a date is, and says so', () => {
    const read = importCsv(
      eurepoc(
        { start_date: '2014-01-01' },
        { start_date: '2014-11-01' },
        { start_date: '2014-11-24' },
      ),
    );
    if (!read.ok) throw new Error(read.detail);
    expect(read.value.records.map((record) => record.occurred?.precision)).toEqual([
      'year',
      'month',
      'day',
    ]);
    expect(read.value.records[0]?.remarks).toEqual([
      'The source writes 2014-01-01; read as "some time in that year".',
    ]);
  });

  it('keeps the initiator, its sponsor, its basis, and drops an end before the start with a remark', () => {
    const read = importCsv(
      eurepoc({
        end_date: '2000-01-01',
        attribution_basis: 'Attribution by receiver government',
        attribution_date: '2014-12-19 00:00:00',
      }),
    );
    if (!read.ok) throw new Error(read.detail);
    const [record] = read.value.records;
    expect(record).toMatchObject({
      ended: null,
      initiators: [
        {
          country: 'KP',
          actor: 'Lazarus',
          sponsor: 'state',
          basis: 'Attribution by receiver government',
          attributed: { start: '2014-12-19' },
          disputed: false,
        },
      ],
      receivers: [{ country: 'US' }],
      kinds: ['disruption'],
    });
    expect(record?.remarks[0]).toContain('before the start');
  });

  it('carries two named countries as a disputed attribution', () => {
    const read = importCsv(
      eurepoc({
        initiator_country: "['Russia', 'China']",
        initiator_name: "['Unknown', 'Unknown']",
      }),
    );
    if (!read.ok) throw new Error(read.detail);
    expect(read.value.records[0]).toMatchObject({
      initiators: [
        { country: 'RU', disputed: true },
        { country: 'CN', disputed: true },
      ],
    });
  });

  it('names one bad row among many and takes the rest; a file of bad rows leaves nothing', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      i === 7 ? { start_date: '2014-02-31' } : {},
    );
    const read = importCsv(eurepoc(...many));
    if (!read.ok) throw new Error(read.detail);
    expect(read.value.records).toHaveLength(39);
    expect(read.value.refused).toEqual([
      { row: 'row 9', reason: 'no-such-day', detail: 'there is no day 31 in 2014-02' },
    ]);
    expect(importCsv(eurepoc({ start_date: '2014-02-31' }, {}))).toMatchObject({
      ok: false,
      reason: 'too-many-bad-rows',
    });
  });

  it('refuses wrong columns by name, doubled ids, and an empty file', () => {
    expect(importCsv('ID,name,incident_type,receiver_country\n1,a,b,c')).toMatchObject({
      ok: false,
      reason: 'wrong-columns',
      detail: expect.stringContaining('start_date') as string,
    });
    expect(importCsv('colour,shape\nred,round')).toMatchObject({
      ok: false,
      reason: 'unknown-format',
    });
    expect(importCsv(eurepoc({ ID: '5' }, { ID: '5' }))).toMatchObject({
      ok: false,
      reason: 'too-many-bad-rows',
    });
    expect(importCsv('')).toMatchObject({ ok: false, reason: 'nothing-usable' });
  });

  it.runIf(here)('reads the corpus without losing a row', () => {
    const read = importCsv(readFileSync(join(CORPUS, 'eurepoc-1.1-subset.csv'), 'utf8'));
    if (!read.ok) throw new Error(read.detail);
    expect(read.value.records).toHaveLength(950);
    expect(read.value.refused).toEqual([]);
  });
});

describe('other histories', () => {
  it('CFR dates the disclosure and leaves the onset unknown', () => {
    const read = importCsv(
      `${CFR}\nHack,12/3/2014,"Believed to be the work of Lazarus",Text,,"Sony Pictures, United States","Korea (Democratic People's Republic of)",Data destruction,Private sector,https://example.org/a,,\n`,
    );
    if (!read.ok) throw new Error(read.detail);
    expect(read.value.records[0]).toMatchObject({
      occurred: null,
      disclosed: { start: '2014-12-03', precision: 'day' },
      initiators: [{ actor: 'Lazarus', country: 'KP' }],
      receivers: [{ country: 'US' }],
      kinds: ['destruction'],
    });
  });

  it('CSIS provocations become events of North Korea', () => {
    expect(
      importJson(
        '[{"date":"2017-09-03","cat":"nuclear_test","event":"Nuclear Test","sev":5,"url":"https://example.org"}]',
      ),
    ).toMatchObject({
      ok: true,
      value: { records: [{ type: 'event', class: 'test', actors: ['KP'], severity: 5 }] },
    });
    expect(importJson('[{"date":"2017-02-31","cat":"missile"}]')).toMatchObject({
      ok: false,
      reason: 'too-many-bad-rows',
    });
  });

  it('MISP events keep TLP and Admiralty, and date the filing', () => {
    const event = {
      Event: {
        uuid: 'u',
        info: 'DDoS on banks',
        date: '2020-01-02',
        Tag: [
          { name: 'tlp:amber+strict' },
          { name: 'admiralty-scale:source-reliability="b"' },
          { name: 'admiralty-scale:information-credibility="2"' },
        ],
        Attribute: [{ type: 'link', value: 'https://example.org' }],
        Galaxy: [
          {
            type: 'threat-actor',
            GalaxyCluster: [{ value: 'Lazarus Group', meta: { country: ['KP'] } }],
          },
        ],
      },
    };
    expect(importJson(JSON.stringify(event))).toMatchObject({
      ok: true,
      value: {
        records: [
          {
            tlp: 'amber+strict',
            occurred: null,
            disclosed: { start: '2020-01-02' },
            kinds: ['disruption'],
            initiators: [{ actor: 'Lazarus Group', country: 'KP' }],
            sources: [{ admiralty: 'B2' }],
          },
        ],
      },
    });
  });

  it('a mapping file opens any CSV, and is checked key by key', () => {
    const mapping = readMapping({
      dataset: 'Ours',
      licence: 'own',
      dateFormat: 'd.m.y',
      separator: ';',
      listSeparator: ',',
      columns: {
        id: 'Nr',
        title: 'Was',
        occurred: 'Wann',
        initiator: 'Wer',
        receiver: 'Wen',
        kind: 'Art',
      },
      words: { Sperre: 'disruption' },
    });
    if (!mapping.ok) throw new Error(mapping.detail);
    const text = 'Nr;Was;Wann;Wer;Wen;Art\n1;Netz weg;24.12.2015;Russia;Ukraine;Sperre\n';
    expect(importCsv(text, mapping.value)).toMatchObject({
      ok: true,
      value: {
        records: [
          {
            id: 'Ours:1',
            occurred: { start: '2015-12-24' },
            initiators: [{ country: 'RU' }],
            kinds: ['disruption'],
          },
        ],
      },
    });
    expect(importCsv(text.replace('24.12', '31.2'), mapping.value)).toMatchObject({
      ok: false,
      reason: 'too-many-bad-rows',
    });
    expect(importCsv(text.replace('Wann', 'When'), mapping.value)).toMatchObject({
      ok: false,
      reason: 'wrong-columns',
    });
  });

  it.each([
    [[], 'a JSON object'],
    [{ dataset: 'x', licence: '', columns: { title: 'a' } }, 'occurred or disclosed'],
    [{ dataset: 'x', licence: '', columns: { occurred: 'a' } }, 'title'],
    [{ dataset: 'x', licence: '', colums: {} }, 'colums'],
    [{ dataset: 'x', licence: '', columns: { titel: 'a' } }, 'titel'],
    [{ dataset: 'x', licence: '', dateFormat: 'y', columns: {} }, 'dateFormat'],
  ])('a mapping of %j is refused', (value, detail) => {
    expect(readMapping(value)).toMatchObject({
      ok: false,
      reason: 'bad-mapping',
      detail: expect.stringContaining(detail) as string,
    });
  });

  it.each([
    ['{', 'not-json'],
    ['{"a":1}', 'unknown-format'],
    ['['.repeat(100) + ']'.repeat(100), 'wrong-shape'],
    ['{"type":"bundle","id":"bundle--x","objects":[]}', 'wrong-shape'],
  ])('JSON %j is refused', (text, reason) => {
    expect(importJson(text.slice(0, 400))).toMatchObject({ ok: false, reason });
  });

  it('any text gets an answer', () => {
    assert(
      property(string({ maxLength: 200 }), (text) => {
        expect(typeof importCsv(text).ok).toBe('boolean');
        expect(typeof readJson(text).ok).toBe('boolean');
      }),
      runs,
    );
  });
});
