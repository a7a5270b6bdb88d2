import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backtest, BACKTEST_OPTIONS } from '../backtest/backtest.ts';
import { SHIPPED_HISTORY } from '../history/shipped.ts';
import type { Incident } from '../history/record.ts';
import { articleFromBytes } from './article-file.ts';
import { backtestPage } from './backtest-page.ts';
import { publicHolidays } from './holidays.ts';
import { importFile } from './import-file.ts';
import { appendLine, readLines, replaceLines } from './json-lines.ts';
import { calendarHeatMap, timeline } from './pictures.ts';
import { OutlookStore } from './store.ts';
import { textOfDay } from '../calendar.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-outlook-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = (name: string): string => join(home, name);
const csis = (rows: object[]): string => JSON.stringify(rows);
const event = (date: string): object => ({ date, cat: 'missile', event: 'Launch', sev: 3 });

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content);
  return at(name);
}

describe('importing files', () => {
  it('takes a file whole, and the same file twice is one batch', async () => {
    const store = new OutlookStore(join(home, 'a'));
    const path = file('c.json', csis([event('2017-07-04'), event('2017-07-28')]));
    for (let i = 0; i < 2; i++) {
      const read = await importFile(path);
      if (!read.ok) throw new Error(read.reason);
      store.saveBatch(read.value.imported, 'c.json', read.value.sha256, i);
    }
    expect(store.batches()).toHaveLength(1);
    expect(store.history()).toHaveLength(2);
    expect(store.forget(store.batches()[0]?.batch ?? '')).toBe(true);
    expect(store.history()).toEqual([]);
  });

  it.each([
    ['a spreadsheet', new Uint8Array([80, 75, 3, 4, 0, 0]), 'not-a-text'],
    ['a PDF', '%PDF-1.7', 'not-a-text'],
    ['Latin-1', new Uint8Array([97, 44, 233, 10, 98, 44, 99, 10]), 'not-utf8'],
    ['another table', 'colour,shape\nred,round\n', 'unknown-format'],
    ['half a JSON', '[{"date":"2017-07-04"', 'not-json'],
    ['nothing', '', 'nothing-usable'],
  ])('%s is refused and leaves nothing', async (_what, content, reason) => {
    const store = new OutlookStore(join(home, 'b'));
    expect(await importFile(file('x', content))).toMatchObject({ ok: false, reason });
    expect(store.batches()).toEqual([]);
  });

  it('a file that is not there is a fault with a next action', async () => {
    await expect(importFile(at('none'))).rejects.toMatchObject({
      code: 'outlook-file-unreadable',
      nextAction: 'check the name and that you may read it',
    });
    expect(await importFile(home)).toMatchObject({ ok: false, reason: 'not-a-text' });
  });

  it('a byte sequence cut between two reads is one letter', async () => {
    const rows = csis([{ ...event('2017-07-04'), event: 'é'.repeat(300_000) }]);
    expect(await importFile(file('big.json', rows))).toMatchObject({ ok: true });
  });
});

describe('the store', () => {
  it('a later import of the same record takes its place, and a marked duplicate stays readable', () => {
    const store = new OutlookStore(join(home, 'd'));
    const [first, second] = SHIPPED_HISTORY.filter(
      (record): record is Incident => record.type === 'incident',
    );
    if (first === undefined || second === undefined) throw new Error('no incidents');
    const imported = { dataset: 'D', actors: [], refused: [], remarks: [] };
    store.saveBatch({ ...imported, records: [first, second] }, 'one', 'a'.repeat(64), 1);
    store.saveBatch(
      { ...imported, records: [{ ...first, severity: 1 }] },
      'two',
      'b'.repeat(64),
      2,
    );
    expect(store.history()).toHaveLength(2);
    expect(store.history().find(({ id }) => id === first.id)?.severity).toBe(1);
    store.decideDuplicate({
      record: second.id,
      of: first.id,
      against: first.id,
      by: 'Ann',
      at: '2026-11-21',
    });
    expect(store.history().find(({ id }) => id === second.id)).toMatchObject({
      duplicateOf: first.id,
    });
    store.decideDuplicate({
      record: second.id,
      of: null,
      against: first.id,
      by: 'Ann',
      at: '2026-11-22',
    });
    expect(store.history().find(({ id }) => id === second.id)).toMatchObject({ duplicateOf: null });
  });

  it('a line that a power cut stopped is left out; a broken line inside is a fault', () => {
    const path = at('lines.jsonl');
    appendLine(path, { n: 1 });
    appendLine(path, { n: 2 });
    appendFileSync(path, '{"n":3');
    expect(readLines(path)).toEqual([{ n: 1 }, { n: 2 }]);
    writeFileSync(path, '{"n":1}\n{"n":\n{"n":3}\n');
    expect(() => readLines(path)).toThrow(
      expect.objectContaining({ code: 'outlook-store-broken' }) as Error,
    );
  });

  it('replacing leaves no part behind', () => {
    const path = join(home, 'e', 'x.jsonl');
    replaceLines(path, [1, 2]);
    replaceLines(path, [3]);
    expect(readLines(path)).toEqual([3]);
    expect(readdirSync(join(home, 'e'))).toEqual(['x.jsonl']);
    expect(() => replaceLines(join(at('x'), 'inside-a-file', 'x'), [])).toThrow(
      expect.objectContaining({ code: 'outlook-store-unwritable' }) as Error,
    );
  });

  it('a batch that lost a line says so', () => {
    const store = new OutlookStore(join(home, 'f'));
    const batch = store.saveBatch(
      { dataset: 'D', records: SHIPPED_HISTORY, actors: [], refused: [], remarks: [] },
      'f',
      'c'.repeat(64),
      1,
    );
    const path = join(home, 'f', 'outlook', 'history', `${batch.batch}.jsonl`);
    writeFileSync(path, readFileSync(path, 'utf8').split('\n').slice(0, -3).join('\n') + '\n');
    expect(() => store.history()).toThrow(
      expect.objectContaining({ code: 'outlook-store-broken' }) as Error,
    );
  });
});

describe('saved pages', () => {
  const html =
    '<!doctype html><html><head><title>Bank hit</title><meta property="article:published_time" content="2018-05-25T08:00:00Z"><meta property="og:site_name" content="Paper"><script>alert(1)</script></head><body><nav><p>Menu of the site and all its parts</p></nav><article><p>The hackers of Lazarus wiped the servers of a bank.</p><p>It was on 4 May 2018, said the bank.</p></article></body></html>';

  it('give their words, title, outlet and day, and nothing else', () => {
    expect(articleFromBytes(new TextEncoder().encode(html), {})).toEqual({
      ok: true,
      value: {
        title: 'Bank hit',
        outlet: 'Paper',
        published: '2018-05-25',
        url: null,
        text: 'The hackers of Lazarus wiped the servers of a bank.\n\nIt was on 4 May 2018, said the bank.',
      },
    });
  });

  it('are refused when too large or no text', () => {
    expect(articleFromBytes(new Uint8Array(6 * 1024 * 1024), {})).toMatchObject({
      ok: false,
      reason: 'too-long',
    });
    expect(articleFromBytes(new Uint8Array([0xff, 0xfe]), {})).toMatchObject({
      ok: false,
      reason: 'not-utf8',
    });
  });
});

describe('pictures', () => {
  const result = backtest(SHIPPED_HISTORY, 'a'.repeat(64), {
    ...BACKTEST_OPTIONS,
    controlSeeds: 0,
    permutations: 200,
    resamples: 200,
  });
  if (!result.ok) throw new Error(result.reason);
  const page = backtestPage(result.value, SHIPPED_HISTORY);

  it('every picture has its title, its words and its table; nothing is loaded and nothing runs', () => {
    const figures = page.match(/<figure /g)?.length ?? 0;
    expect(figures).toBeGreaterThanOrEqual(4);
    expect(page.match(/<svg role="img" aria-labelledby="/g)).toHaveLength(figures);
    expect(page.match(/<details><summary>The same as a table/g)).toHaveLength(figures);
    expect(page).not.toMatch(/<script|<link|<img|\son\w+=|@import|url\(/i);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('@media print');
  });

  it('the same records give the same page', () => {
    expect(backtestPage(result.value, SHIPPED_HISTORY)).toBe(page);
  });

  it('a title from a stranger is text and not markup', () => {
    const [first] = SHIPPED_HISTORY;
    if (first === undefined) throw new Error('empty');
    const hostile = timeline(
      [{ ...first, title: '<img src=x onerror=alert(1)>\u202e' }],
      'occurred',
    );
    expect(
      backtestPage({ ...result.value, findings: ['<b>x</b>'] }, [
        { ...first, title: '<img src=x>' },
      ]),
    ).not.toMatch(/<img|<b>x/);
    expect(hostile.table.rows[0]?.[4]).toEqual({ theirs: expect.stringContaining('<img') });
  });

  it('the heat map says how many records have no month', () => {
    expect(calendarHeatMap(SHIPPED_HISTORY, 'occurred').says).toMatch(
      /\d+ incidents are dated to the year only/,
    );
  });
});

describe('holidays of other countries', () => {
  it('South Korea’s lunar holidays of 2018 are right, and North Korea is not known', () => {
    const korea = publicHolidays('KR', 2018, 2018).days.map(textOfDay);
    expect(korea).toEqual(expect.arrayContaining(['2018-02-16', '2018-05-22', '2018-09-24']));
    expect(publicHolidays('KP', 2018, 2018).days).toEqual([]);
  });
});
