import { nativePorts } from '@parley/kernel/node';
import { assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../history/check.ts';
import { pairKey, proposeDuplicates } from '../history/duplicates.ts';
import type { Incident } from '../history/record.ts';
import { SHIPPED_HISTORY } from '../history/shipped.ts';
import { importJson } from '../imports/json-import.ts';
import {
  admiraltyWords,
  readAdmiralty,
  readTlp,
  strictestTlp,
  TLP_LEVELS,
  TLP_MARKINGS,
  tlpOfMarking,
} from '../marking.ts';
import { navigatorLayer } from '../navigator.ts';
import { canonicalJson, snapshotHash } from '../snapshot.ts';
import { mispEvent } from './event.ts';

const { crypto } = nativePorts;
const first = SHIPPED_HISTORY.find((record): record is Incident => record.type === 'incident');
if (first === undefined) throw new Error('the shipped history has no incident');

describe('the shipped history', () => {
  it('has at least 120 records on five dyads, each dated, graded and sourced', () => {
    expect(SHIPPED_HISTORY.length).toBeGreaterThanOrEqual(120);
    const dyads = new Set(
      SHIPPED_HISTORY.flatMap((record) =>
        record.type === 'incident'
          ? record.initiators.flatMap((by) =>
              record.receivers.map((to) => `${by.country}-${to.country}`),
            )
          : [],
      ),
    );
    for (const dyad of ['KP-KR', 'KP-US', 'RU-UA', 'RU-US', 'IR-US', 'IL-IR', 'CN-US', 'CN-TW'])
      expect(dyads).toContain(dyad);
    for (const record of SHIPPED_HISTORY) {
      expect(readRecord(JSON.parse(JSON.stringify(record))), record.id).toEqual({
        ok: true,
        value: record,
      });
      expect(record.sources[0]?.url, record.id).toMatch(/^https:\/\//);
      expect(record.severity, record.id).not.toBeNull();
      if (record.type === 'incident' && record.occurred !== null && record.disclosed !== null)
        expect(record.disclosed.end >= record.occurred.start, record.id).toBe(true);
    }
    expect(new Set(SHIPPED_HISTORY.map(({ id }) => id)).size).toBe(SHIPPED_HISTORY.length);
  });

  it('carries disputed claims as disputed and keeps rough dates rough', () => {
    const stuxnet = SHIPPED_HISTORY.find(({ id }) => id === 'parley:us-2009-stuxnet');
    expect(stuxnet).toMatchObject({
      occurred: { precision: 'month' },
      initiators: [{ disputed: true }, { disputed: true }],
    });
    expect(
      SHIPPED_HISTORY.find(({ id }) => id === 'parley:cn-2003-titanrain')?.occurred?.precision,
    ).toBe('year');
  });

  it('has one fingerprint in any order, and another after any change', () => {
    const hash = snapshotHash(crypto, SHIPPED_HISTORY);
    expect(snapshotHash(crypto, SHIPPED_HISTORY.toReversed())).toBe(hash);
    expect(
      snapshotHash(crypto, [
        { ...first, severity: 1 },
        ...SHIPPED_HISTORY.filter((record) => record !== first),
      ]),
    ).not.toBe(hash);
  });
});

describe('records from outside', () => {
  it.each([
    [{ occurred: { start: '2014-02-31', end: '2014-02-31', precision: 'day' } }, 'bad-date'],
    [{ occurred: { start: '2014-02-10', end: '2014-02-20', precision: 'month' } }, 'bad-date'],
    [{ occurred: { start: '2014-02-10', end: '2014-01-20', precision: 'range' } }, 'bad-date'],
    [{ receivers: [{ country: 'ZZ', sector: null }] }, 'bad-country'],
    [{ kinds: ['magic'] }, 'wrong-shape'],
    [{ title: 'x'.repeat(500) }, 'too-long'],
    [{ severity: 9 }, 'wrong-shape'],
    [{ tlp: 'pink' }, 'wrong-shape'],
    [{ remarks: Array.from({ length: 300 }, () => 'x') }, 'too-long'],
    [{ type: 'rumour' }, 'wrong-shape'],
    [{ provenance: null }, 'wrong-shape'],
  ])('%j is refused: %s', (over, reason) => {
    expect(readRecord({ ...first, ...over })).toMatchObject({ ok: false, reason });
  });
});

describe('MISP', () => {
  it('brings every record back whole', () => {
    const response = SHIPPED_HISTORY.map((record) => mispEvent(crypto, record, 1_770_000_000));
    const back = importJson(JSON.stringify({ response }));
    if (!back.ok) throw new Error(back.detail);
    expect(canonicalJson(back.value.records)).toBe(canonicalJson(SHIPPED_HISTORY));
  });

  it('writes TLP 2.0 and Admiralty as tags, and a tightened tag tightens the record', () => {
    const source = { title: 's', url: 'https://example.org', span: null, admiralty: 'B2' as const };
    const { Event } = mispEvent(crypto, { ...first, tlp: 'amber+strict', sources: [source] }, 0);
    expect(Event['Tag']).toEqual(
      expect.arrayContaining([
        { name: 'tlp:amber+strict' },
        { name: 'admiralty-scale:source-reliability="b"' },
        { name: 'admiralty-scale:information-credibility="2"' },
      ]),
    );
    const { Event: green } = mispEvent(crypto, { ...first, tlp: 'green' }, 0);
    const tightened = { Event: { ...green, Tag: [{ name: 'tlp:red' }] } };
    expect(importJson(JSON.stringify(tightened))).toMatchObject({
      ok: true,
      value: { records: [{ tlp: 'red' }] },
    });
  });

  it('takes actors from a galaxy and nothing from a galaxy of sectors', () => {
    const galaxy = {
      uuid: 'u',
      type: 'threat-actor',
      values: [
        {
          value: 'Lazarus Group',
          meta: { country: 'KP', synonyms: ['HIDDEN COBRA'], 'cfr-suspected-state-sponsor': 'x' },
        },
      ],
    };
    expect(importJson(JSON.stringify(galaxy))).toMatchObject({
      ok: true,
      value: {
        actors: [
          { name: 'Lazarus Group', country: 'KP', aliases: ['HIDDEN COBRA'], sponsor: 'state' },
        ],
      },
    });
    expect(importJson(JSON.stringify({ ...galaxy, type: 'sector' }))).toMatchObject({
      ok: false,
      reason: 'nothing-usable',
    });
  });

  it('an event with an impossible date is refused', () => {
    expect(importJson('{"Event":{"uuid":"u","info":"x","date":"2020-02-31"}}')).toMatchObject({
      ok: false,
      reason: 'too-many-bad-rows',
    });
    expect(
      importJson(
        '{"Event":{"uuid":"u","info":"x","date":"2020-02-01","Attribute":[{"comment":"parley-record/1","value":"{"}]}}',
      ),
    ).toMatchObject({ ok: false, reason: 'too-many-bad-rows' });
  });
});

describe('marks', () => {
  it.each([
    ['TLP:CLEAR', 'clear'],
    ['white', 'clear'],
    ['tlp:amber+strict', 'amber+strict'],
    ['TLP:RED', 'red'],
  ])('%s is %s', (text, level) => {
    expect(readTlp(text)).toEqual({ ok: true, value: level });
  });

  it('refuses what is no mark', () => {
    expect(readTlp('pink')).toMatchObject({ ok: false });
    expect(readAdmiralty('G2')).toMatchObject({ ok: false });
    expect(admiraltyWords('B2')).toBe('usually reliable source, probably true');
  });

  it('the stricter of two marks wins in any order, and each has its STIX definition', () => {
    assert(
      property(constantFrom(...TLP_LEVELS), constantFrom(...TLP_LEVELS), (a, b) => {
        expect(strictestTlp(a, b)).toBe(strictestTlp(b, a));
        expect(TLP_LEVELS.indexOf(strictestTlp(a, b))).toBe(
          Math.max(TLP_LEVELS.indexOf(a), TLP_LEVELS.indexOf(b)),
        );
        expect(tlpOfMarking(TLP_MARKINGS[a])).toBe(a);
      }),
    );
  });
});

describe('Navigator layers', () => {
  const actor = {
    name: 'APT X',
    aliases: ['Nightly'],
    country: null,
    sponsor: 'unknown' as const,
    techniques: ['T1566.001', 'T1485'],
    source: 'ATT&CK',
  };

  it('counts known use and incidents, by any name of the actor', () => {
    const incident: Incident = {
      ...first,
      techniques: ['T1485'],
      initiators: first.initiators.map((one) => ({ ...one, actor: 'Nightly' })),
    };
    expect(navigatorLayer('nightly', [actor], [incident])).toMatchObject({
      versions: { layer: '4.5' },
      domain: 'enterprise-attack',
      techniques: [
        { techniqueID: 'T1485', score: 2 },
        { techniqueID: 'T1566.001', score: 1 },
      ],
    });
  });

  it('an unknown actor has none', () => {
    expect(navigatorLayer('nobody', [actor], [])).toBeUndefined();
  });
});

describe('duplicates', () => {
  const other: Incident = {
    ...first,
    id: 'other:1',
    title: `${first.title} again`,
    occurred: first.occurred,
  };

  it('two records of one incident are proposed with reasons, and not again once decided', () => {
    const [proposal] = proposeDuplicates([first, other]);
    expect(proposal?.because.join(' ')).toContain('same initiator');
    expect(proposeDuplicates([first, other], new Set([pairKey(other.id, first.id)]))).toEqual([]);
  });

  it('another initiator, or another year, is another incident', () => {
    const elsewhere = {
      ...other,
      initiators: other.initiators.map((one) => ({ ...one, country: 'RU' as typeof one.country })),
    };
    const later = {
      ...other,
      occurred: { start: '2030-01-01', end: '2030-01-01', precision: 'day' as const },
    };
    expect(proposeDuplicates([first, elsewhere])).toEqual([]);
    expect(proposeDuplicates([first, later])).toEqual([]);
  });
});
