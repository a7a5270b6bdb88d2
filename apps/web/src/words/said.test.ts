import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ALARM_SENTENCES, ENTRY_SENTENCES } from '@parley/desk';
import {
  DETAIL_SENTENCES,
  DISARM_REASONS,
  HIDDEN_KINDS,
  NOTE_SENTENCES,
  OF_SHEET,
  REMOVED_KINDS,
} from '@parley/disarm';
import { say } from '@parley/kernel';
import { DETECTORS, MAIL_SENTENCES } from '@parley/mail';
import { CAUTION_SENTENCES, estimativeWords, FIGURE_SENTENCES } from '@parley/outlook';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { splitHidden } from './hidden.ts';
import { LANGUAGES } from './languages.ts';
import { saidIn, sayIn } from './said.ts';
import type { SaidTables } from './said-tables.ts';
import { SCRIPT_OF, asksFor } from './test-support.ts';

type Forms = Readonly<Record<string, string>>;
const ENGLISH: Readonly<Record<keyof SaidTables, Forms>> = {
  entry: ENTRY_SENTENCES,
  alarm: ALARM_SENTENCES,
  note: NOTE_SENTENCES,
  caution: CAUTION_SENTENCES,
  figure: FIGURE_SENTENCES,
  mail: MAIL_SENTENCES,
  detail: DETAIL_SENTENCES,
};
const TABLES = Object.keys(ENGLISH) as (keyof SaidTables)[];
/** The same thing for a machine: a time as a number beside its English words, a length as seconds. */
const SAME: Readonly<Record<string, string>> = { ms: 'time', seconds: 'length' };
/** Names and numbers alone say nothing in any script. */
const BARE = new Set(['whose-device', 'device-id']);

/** Codes that a part can say and a table has no words for, and words for what no part says. */
function gaps(english: Forms, forms: Forms): string[] {
  const missing = Object.keys(english).filter((code) => (forms[code] ?? '').trim() === '');
  return [...missing, ...Object.keys(forms).filter((code) => !(code in english))];
}

/** What a form asks for that its sentence is not filled with, or leaves out. */
function unfilled(english: string, form: string, language: string): string[] {
  const given = new Set(english.match(/\{\w+\}/g) ?? []);
  const { values } = asksFor(form, language);
  const known = (name: string): boolean =>
    given.has(`{${name}}`) ||
    given.has(`{${SAME[name] ?? ''}}`) ||
    (name === 'ms' && given.has('{day}'));
  const said = new Set(values.flatMap((name) => [`{${name}}`, `{${SAME[name] ?? name}}`]));
  if (values.includes('ms')) said.add('{day}');
  return [
    ...values.filter((name) => !known(name)),
    ...[...given].filter((name) => !said.has(name)),
  ];
}

describe.each(LANGUAGES.filter((language) => language !== 'en'))(
  'what parts say, in %s',
  (language) => {
    it.each(TABLES)(
      '%s: every code, nothing else, the same values, every plural form',
      async (table) => {
        const tables = await saidIn(language);
        const forms: Forms = tables?.[table] ?? {};
        expect(gaps(ENGLISH[table], forms)).toEqual([]);
        const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
        const needed = plurals.filter((form) => language !== 'fr' || form !== 'many');
        for (const [code, form] of Object.entries(forms)) {
          expect(unfilled(ENGLISH[table][code] ?? '', form, language), code).toEqual([]);
          const { forms: has } = asksFor(form, language);
          if (has.length > 0) expect(has, code).toEqual(expect.arrayContaining(needed));
          if (!BARE.has(code))
            expect(form.replaceAll(/\{\w+\}/g, ''), code).toMatch(SCRIPT_OF[language]);
          expect(
            splitHidden(form).some(({ hidden }) => hidden),
            code,
          ).toBe(false);
        }
      },
    );
  },
);

describe('the check itself', () => {
  it('sees a kind that one language has no words for, and a value that is left out', () => {
    const english = { ...ALARM_SENTENCES, 'alarm-planted': 'Planted: {seq}.' };
    expect(gaps(english, { ...ALARM_SENTENCES })).toEqual(['alarm-planted']);
    expect(gaps(ALARM_SENTENCES, { ...ALARM_SENTENCES, 'alarm-gone': 'x' })).toEqual([
      'alarm-gone',
    ]);
    expect(unfilled('Planted: {seq}.', 'Posé.', 'fr')).toEqual(['{seq}']);
    expect(unfilled('Planted.', 'Posé : {seq}.', 'fr')).toEqual(['seq']);
  });

  it('reads what the parts have', () => {
    expect(TABLES.map((table) => Object.keys(ENGLISH[table]).length)).toEqual(
      TABLES.map(() => expect.any(Number) as number),
    );
    expect(Object.keys(MAIL_SENTENCES).length).toBeGreaterThan(90);
    expect(Object.keys(ENTRY_SENTENCES).length).toBeGreaterThan(50);
  });
});

describe('the page has words for', () => {
  const keys = new Set(Object.keys(en));
  const lacking = (wanted: readonly string[]): string[] => wanted.filter((key) => !keys.has(key));

  it('every kind of finding, every reason, and every word of chance', () => {
    expect(lacking([...REMOVED_KINDS, ...HIDDEN_KINDS].map((kind) => `found.${kind}`))).toEqual([]);
    expect(lacking(DISARM_REASONS.map((reason) => `reason.${reason}`))).toEqual([]);
    const words = Array.from({ length: 100 }, (_, at) => estimativeWords(at / 100, 'icd203'));
    expect(lacking(words.map((word) => `chance.${word.replaceAll(' ', '-')}`))).toEqual([]);
    expect(lacking(OF_SHEET.map((part) => `remark.of.${part}`))).toEqual([]);
    expect(lacking(['found.planted'])).toEqual(['found.planted']);
  });

  it('every source of a rule that is not the name of a publication', () => {
    const own = Object.entries(DETECTORS).filter(
      ([, { source }]) => !/RFC|UTS|JCSA|Proofpoint/.test(source),
    );
    expect(lacking(own.map(([id]) => `source.${id}`))).toEqual([]);
  });

  it('every place that evidence marks', () => {
    const folder = new URL('../../../../packages/mail/src/screen/', import.meta.url);
    const texts = ['answer', 'codes', 'forward', 'history', 'seal', 'sender'].map((name) =>
      readFileSync(fileURLToPath(new URL(`detect-${name}.ts`, folder)), 'utf8'),
    );
    const places = texts.flatMap((text) =>
      [...text.matchAll(/\bmark\('([^']+)'/g)].map(([, where = '']) => where),
    );
    expect(places.length).toBeGreaterThan(15);
    const known = new Set(Object.keys(MAIL_SENTENCES));
    expect(places.filter((where) => !known.has(`where-${where.replaceAll(' ', '-')}`))).toEqual([]);
  });
});

describe('a sentence', () => {
  it('keeps each text of others apart, also inside what it is filled with', async () => {
    const tables = await saidIn('ko');
    const pieces = sayIn(
      'ko',
      tables?.entry,
      say('device-removed', {
        device: say('device-of', { label: 'laptop', member: 'Mia' }),
        reason: 'lost',
      }),
      (text) => ({ foreign: text }),
    );
    expect(pieces?.filter((piece) => typeof piece !== 'string')).toEqual([
      { foreign: 'Mia' },
      { foreign: 'laptop' },
      { foreign: 'lost' },
    ]);
  });

  it('is none for a code of a later version, nor in English', async () => {
    const tables = await saidIn('fr');
    expect(sayIn('fr', tables?.entry, { code: 'toString', values: {} }, String)).toBeUndefined();
    expect(await saidIn('en')).toBeUndefined();
  });
});
