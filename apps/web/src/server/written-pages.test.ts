import {
  DETAIL_SENTENCES,
  REPORT_PAGE_SENTENCES,
  reportPage,
  type DetailCode,
  type Report,
} from '@parley/disarm';
import { RECORD_PAGE_SENTENCES } from '@parley/record';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../words/languages.ts';
import { SCRIPT_OF, asksFor } from '../words/test-support.ts';
import { recordWordsIn, reportWordsIn, writtenPagesIn } from './written-pages.ts';

const ENGLISH = { report: REPORT_PAGE_SENTENCES, record: RECORD_PAGE_SENTENCES } as const;
const OTHERS = LANGUAGES.filter((language) => language !== 'en');
/** Forms of numbers and names alone. */
const BARE = new Set(['times', 'device-of']);

const NASTY = '<img src=x onerror=alert(1)>';
const REPORT: Report = {
  version: 2,
  detected: 'pdf',
  also: ['zip'],
  originalSha256: 'ab'.repeat(32),
  originalBytes: 12_345,
  pages: [{ page: 1, mode: 'pixel', likeness: 0.98 }],
  removed: [
    {
      kind: 'appended-data',
      count: 2,
      pages: [1, 3],
      texts: [NASTY],
      details: [
        { code: 'bytes-after-document', values: { count: 35 } },
        { code: 'meta-title', values: { text: NASTY } },
      ],
    },
  ],
  hidden: [{ kind: 'hidden-sheet', count: 1, pages: [], texts: [] }],
  links: [{ target: `https://a.example/${NASTY}`, page: 1 }],
  remarks: [{ what: 'inserted', of: 'row', author: NASTY, text: '', page: 1 }],
  notes: [{ code: 'was-signed', values: {} }],
  cage: { kind: 'permission-model', weaker: [{ code: 'no-bubblewrap', values: {} }] },
  parts: [{ name: NASTY, outcome: 'refused', reason: 'encrypted', report: null }],
};

describe.each(OTHERS)('the pages that the command writes, in %s', (language) => {
  it.each(['report', 'record'] as const)('%s: every sentence, the same values', async (table) => {
    const forms: Readonly<Record<string, string>> = (await writtenPagesIn(language))?.[table] ?? {};
    const english: Readonly<Record<string, string>> = ENGLISH[table];
    expect(Object.keys(forms).toSorted()).toEqual(Object.keys(english).toSorted());
    for (const [code, form] of Object.entries(forms)) {
      const wanted = [...(english[code] ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(new Set(asksFor(form, language).values), code).toEqual(new Set(wanted));
      if (!BARE.has(code))
        expect(form.replaceAll(/\{\w+\}/g, ''), code).toMatch(SCRIPT_OF[language]);
    }
  });

  it('say whose language they are in, and let nothing of a document through', async () => {
    const words = await reportWordsIn(`${language}_XX.UTF-8`);
    const page = reportPage(REPORT, NASTY, words);
    expect(page).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(page).not.toContain('<img');
    expect(page.match(/&lt;img/g)?.length).toBe(6);
    const ours = page
      .replace(/<style>[^<]*<\/style>/, '')
      .replaceAll(/<(span|code|bdi class="theirs")[^>]*>.*?<\/(?:bdi|span|code)>/g, '')
      .replaceAll(/<[^>]*>/g, ' ');
    if (language !== 'fr')
      expect(ours.replaceAll(/SHA-256|bubblewrap|Bubblewrap|Node|PDF/g, '')).not.toMatch(
        /[a-z]{2,}/i,
      );
    else expect(ours).not.toMatch(/Removed|Hidden|bytes|page\(s\)|Original is/);
  });

  it('have a kind of entry in words', async () => {
    const words = await recordWordsIn(`${language}_XX`);
    expect(words?.kind('verified')).toMatch(SCRIPT_OF[language]);
    expect(words?.kind('<b>')).toBe('&lt;b&gt;');
    expect(words?.say('entries-are', { count: 12, withheld: 1 })).toMatch(/12|١٢/);
  });
});

describe('in English', () => {
  it('they are the parts’ own', async () => {
    expect(await reportWordsIn('en_GB.UTF-8')).toBeUndefined();
    expect(await recordWordsIn('')).toBeUndefined();
    const page = reportPage(REPORT, NASTY);
    expect(page).toContain('bytes after the document: 35');
    expect(page).not.toContain('<img');
    const codes = Object.keys(DETAIL_SENTENCES) as DetailCode[];
    expect(codes.length).toBeGreaterThan(30);
  });
});
