import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nativePorts } from '@parley/kernel/node';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { assert, property, string, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from '../forecast/forecast.ts';
import { standardRule, type Question } from '../forecast/question.ts';
import { adjust } from '../forecast/forecast.ts';
import { SHIPPED_HISTORY } from '../history/shipped.ts';
import { importJson, readJson } from '../imports/json-import.ts';
import { canonicalJson } from '../snapshot.ts';
import type { CountryCode } from '../country.ts';
import { isObject, type StixObject } from './object.ts';
import { checkStixBundle, checkStixObject, upgradeStix } from './validate.ts';
import { stixBundle } from './write.ts';

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpus/outlook');
const here = existsSync(CORPUS);
const runs = { numRuns: process.env['SLOW'] === undefined ? 100 : 20_000 };

function jsonFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? jsonFiles(path) : name.endsWith('.json') ? [path] : [];
  });
}

const question: Question = (() => {
  const draft = {
    initiator: 'KP' as CountryCode,
    receivers: ['US', 'KR'] as CountryCode[],
    group: null,
    issued: '2024-03-01',
    closes: '2024-03-28',
  };
  return { ...draft, source: 'EuRepoC', rule: standardRule(draft) };
})();

function ourBundle(): ReturnType<typeof stixBundle> {
  const made = forecast(question, SHIPPED_HISTORY, 'ab'.repeat(32));
  if (!made.ok) throw new Error(made.reason);
  const moved = adjust(made.value, {
    logOdds: 0.7,
    reason: 'the summit was cancelled',
    evidence: [],
    by: 'Ann',
  });
  if (!moved.ok) throw new Error(moved.reason);
  return stixBundle(nativePorts.crypto, SHIPPED_HISTORY, [moved.value], '2026-11-21T12:00:00.000Z');
}

const identity = {
  type: 'identity',
  spec_version: '2.1',
  id: 'identity--023d105b-752e-4e3c-941c-7d3f3cb15e9e',
  created: '2016-04-06T20:03:00.000Z',
  modified: '2016-04-06T20:03:00.000Z',
  name: 'x',
};

describe('STIX', () => {
  it.runIf(here)('all OASIS examples and ATT&CK objects pass and leave as they came', () => {
    const files = [
      ...jsonFiles(join(CORPUS, 'oasis-stix2-json-schemas/examples')),
      ...jsonFiles(join(CORPUS, 'attack')),
    ];
    let objects = 0;
    for (const path of files) {
      const text = readFileSync(path, 'utf8');
      const json = readJson(text);
      if (!json.ok) throw new Error(path);
      const list =
        isObject(json.value) && json.value['type'] === 'bundle'
          ? undefined
          : Array.isArray(json.value)
            ? (json.value as unknown[])
            : [json.value];
      const is20 = path.includes('attack/');
      if (list === undefined) {
        const bundle = checkStixBundle(is20 ? upgradeStix(json.value) : json.value);
        expect(bundle, path).toMatchObject({ ok: true });
        if (!bundle.ok) continue;
        objects += bundle.value.objects.length;
        if (!is20)
          expect(canonicalJson(JSON.parse(JSON.stringify(bundle.value)))).toBe(
            canonicalJson(JSON.parse(text)),
          );
      } else {
        for (const item of list) {
          const object = checkStixObject(is20 ? upgradeStix(item) : item);
          expect(object, path).toMatchObject({ ok: true });
          objects++;
          if (object.ok && !is20) expect(canonicalJson(object.value)).toBe(canonicalJson(item));
        }
      }
    }
    expect(objects).toBeGreaterThan(500);
  });

  it.runIf(here)('everything we emit passes the OASIS schemas', () => {
    const ajv = new Ajv2020({ unicodeRegExp: false, strict: false, allErrors: false });
    addFormats.default(ajv);
    for (const path of jsonFiles(join(CORPUS, 'oasis-stix2-json-schemas/schemas')))
      ajv.addSchema(JSON.parse(readFileSync(path, 'utf8')) as object);
    const base =
      'http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/';
    const folder: Readonly<Record<string, string>> = {
      'marking-definition': 'common',
      'extension-definition': 'common',
      relationship: 'sros',
    };
    const { objects } = ourBundle();
    const types = new Set<string>();
    for (const object of JSON.parse(JSON.stringify(objects)) as StixObject[]) {
      const check = ajv.getSchema(`${base}${folder[object.type] ?? 'sdos'}/${object.type}.json`);
      expect(check, object.type).toBeDefined();
      expect(check?.(object), `${object.id} ${ajv.errorsText(check?.errors)}`).toBe(true);
      types.add(object.type);
    }
    expect([...types].toSorted()).toEqual([
      'extension-definition',
      'identity',
      'incident',
      'location',
      'marking-definition',
      'note',
      'opinion',
      'relationship',
      'threat-actor',
    ]);
  });

  it('our own bundle passes our check and brings every record back whole', () => {
    const bundle = JSON.stringify(ourBundle());
    expect(checkStixBundle(JSON.parse(bundle))).toMatchObject({ ok: true });
    const back = importJson(bundle);
    expect(back).toMatchObject({ ok: true });
    if (!back.ok) return;
    const sorted = (records: readonly { id: string }[]): string =>
      canonicalJson(records.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    expect(sorted(back.value.records)).toBe(sorted(SHIPPED_HISTORY));
    expect(back.value.refused).toEqual([]);
  });

  it('a forecast is a note with a probability in an extension, and confidence is left alone', () => {
    const notes = ourBundle().objects.filter(
      (object) => JSON.stringify(object['labels']) === '["parley-forecast"]',
    );
    expect(notes).toHaveLength(1);
    expect(notes[0]).not.toHaveProperty('confidence');
    expect(JSON.stringify(notes[0]?.['extensions'])).toContain('"probability":');
  });

  it('names made to hang a pattern are refused in a moment', () => {
    const names = [
      'a'.repeat(45) + '!',
      `${'a0'.repeat(22)}_`,
      `x_${'a-'.repeat(120)}`,
      'ab'.repeat(400),
      'a'.repeat(249) + '-',
    ];
    // bench/outlook.ts measures how quick; a pattern that backtracks would not end before the test does.
    for (const name of names) {
      for (const object of [
        { ...identity, [name]: 1 },
        { ...identity, type: name },
        { ...identity, extensions: { [name]: {} } },
      ]) {
        expect(typeof checkStixObject(object).ok).toBe('boolean');
      }
    }
    expect(checkStixObject({ ...identity, [`${'a'.repeat(45)}!`]: 1 })).toMatchObject({
      ok: false,
      reason: 'bad-property-name',
    });
  });

  it.each([
    [
      'an id of another type',
      { ...identity, id: 'tool--023d105b-752e-4e3c-941c-7d3f3cb15e9e' },
      'bad-id',
    ],
    ['no id', { type: 'identity' }, 'bad-id'],
    ['a type in capitals', { ...identity, type: 'Identity' }, 'bad-type'],
    ['a time that is none', { ...identity, created: '2016-13-06T20:03:00.000Z' }, 'bad-timestamp'],
    ['a missing name', { ...identity, name: undefined }, 'missing-property'],
    ['a reference to nothing', { ...identity, created_by_ref: 'somebody' }, 'bad-reference'],
    ['an empty list of labels', { ...identity, labels: [] }, 'wrong-shape'],
    [
      'deep nesting',
      { ...identity, x_deep: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown },
      'too-large',
    ],
    ['a list', [], 'wrong-shape'],
  ])('refuses %s', (_what, object, reason) => {
    expect(checkStixObject(JSON.parse(JSON.stringify(object)))).toMatchObject({
      ok: false,
      reason,
    });
  });

  it('refuses containers that hold themselves, through however many steps', () => {
    const report = (n: number, holds: number): object => ({
      ...identity,
      type: 'report',
      id: `report--00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      published: identity.created,
      object_refs: [`report--00000000-0000-4000-8000-${String(holds).padStart(12, '0')}`],
    });
    const bundle = (objects: object[]): object => ({
      type: 'bundle',
      id: 'bundle--023d105b-752e-4e3c-941c-7d3f3cb15e9e',
      objects,
    });
    const chain = Array.from({ length: 20_000 }, (_, i) => report(i, i + 1));
    expect(checkStixBundle(bundle(chain))).toMatchObject({ ok: true });
    expect(checkStixBundle(bundle([...chain, report(20_000, 0)]))).toMatchObject({
      ok: false,
      reason: 'cyclic-references',
    });
    expect(importJson(JSON.stringify(bundle([report(1, 1)])))).toMatchObject({
      ok: false,
      reason: 'cyclic-references',
    });
    expect(checkStixBundle(bundle([report(1, 2), report(1, 2)]))).toMatchObject({
      ok: false,
      reason: 'duplicate-object',
    });
  });

  it('any property name gets an answer, never an exception', () => {
    assert(
      property(
        string({ maxLength: 300, unit: 'binary' }),
        stringMatching(/^[a-z0-9_-]{1,60}$/),
        (wild, tame) => {
          for (const name of [wild, tame]) {
            const result = checkStixObject({ ...identity, [name]: { [name]: [name] } });
            expect(typeof result.ok).toBe('boolean');
          }
        },
      ),
      runs,
    );
  });
});
