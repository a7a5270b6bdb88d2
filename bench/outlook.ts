// Outlook: skill, reliability, control, extraction and speed, each beside the number the house asks for. Run: node bench/outlook.ts

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativePorts } from '@parley/kernel/node';
import {
  backtest,
  BACKTEST_OPTIONS,
  buildGazetteer,
  checkStixObject,
  importCsv,
  importJson,
  initiatorCountries,
  initiatorOf,
  RATE_SETTINGS,
  readArticle,
  scoreInAdvance,
  SHIPPED_HISTORY,
  snapshotHash,
  textOfEstimate,
  textOfSpan,
  WALK_OPTIONS,
  type Article,
  type Backtest,
  type Comparison,
  type CountryCode,
  type Dyad,
  type HistoryRecord,
} from '@parley/outlook';
import { backtestPage } from '@parley/outlook/node';

const CORPUS = join(import.meta.dirname, '../../shared/corpus/outlook');
const ARTICLES = join(import.meta.dirname, '../vectors/outlook/articles');

function row(what: string, measured: string, asked: string): void {
  console.log(`${what.padEnd(58)} ${measured.padStart(30)}   ${asked}`);
}

function timed<T>(work: () => T): { value: T; ms: number } {
  const start = performance.now();
  const value = work();
  return { value, ms: performance.now() - start };
}

function history(): { name: string; records: readonly HistoryRecord[] } {
  if (!existsSync(CORPUS)) {
    console.log(
      'not run on EuRepoC: ../shared missing; the shipped history stands in, which is too small to show skill',
    );
    return { name: 'shipped', records: SHIPPED_HISTORY };
  }
  const incidents = importCsv(readFileSync(join(CORPUS, 'eurepoc-1.1-subset.csv'), 'utf8'));
  const events = importJson(readFileSync(join(CORPUS, 'csis-provocations.json'), 'utf8'));
  if (!incidents.ok || !events.ok) throw new Error('the corpus cannot be read');
  return {
    name: 'EuRepoC subset + CSIS',
    records: [...incidents.value.records, ...events.value.records],
  };
}

function skill(): void {
  const { name, records } = history();
  const snapshot = snapshotHash(nativePorts.crypto, records);
  const full = timed(() => {
    const result = backtest(records, snapshot);
    if (!result.ok) throw new Error(result.reason);
    const page = backtestPage(result.value, records);
    return { ...result.value, pageBytes: page.length };
  });
  const result = full.value;
  row(
    `${name}, ${result.years.first} to ${result.years.last}, ${result.dyads.length} pairs: Brier skill`,
    textOfEstimate(result.rate.brierSkill),
    'lower bound > 0',
  );
  row('log skill', textOfEstimate(result.rate.logSkill), '>= 0.05');
  row(
    'largest reliability error, n >= 200 (uncalibrated)',
    `${((result.reliability.largestError ?? 1) * 100).toFixed(1)} (${((result.uncalibratedReliability.largestError ?? 1) * 100).toFixed(1)}) points`,
    '<= 3 points',
  );
  const asked = { kind: '>= 0.12', target: '>= 0.14', sector: 'none' };
  for (const profile of result.profiles)
    row(
      `log skill of the ${profile.question} profile`,
      textOfEstimate(profile.logSkill),
      asked[profile.question],
    );
  for (const control of result.control)
    row(
      `planted x${control.multiple}, ${control.seeds} seeds: claimed`,
      `${(100 * control.share).toFixed(0)} %`,
      control.multiple === 1 ? '<= 5 %' : '>= 80 %',
    );
  row(
    'timing claims supported',
    `${result.timing.filter(({ supported }) => supported).length} of ${result.timing.length}`,
    'none',
  );
  row('whole report with control and permutations', `${(full.ms / 1000).toFixed(1)} s`, '< 30 s');
  const weekly = timed(() =>
    backtest(records, snapshot, {
      ...BACKTEST_OPTIONS,
      step: 'week',
      controlSeeds: 0,
      permutations: 1,
      resamples: 300,
    }),
  );
  row(
    'weekly walk-forwards of 14 pairs (7 of them) with profiles',
    `${(weekly.ms / 1000).toFixed(2)} s`,
    '< 1 s each',
  );
}

const QUICK = { ...BACKTEST_OPTIONS, controlSeeds: 0, permutations: 1, resamples: 1000 };

function tested(
  records: readonly HistoryRecord[],
  options: Partial<typeof BACKTEST_OPTIONS>,
): Backtest {
  const result = backtest(records, 'bench', { ...QUICK, ...options });
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

/** Pairs and years that had no part in anything: chosen each New Year by what was known, settings chosen on other years. */
function elsewhere(): void {
  const { name, records } = history();
  if (name === 'shipped') return;
  const all = { first: 2010, last: 2017 };
  const advance = (from: number, to: number, years = all, settings = RATE_SETTINGS): Comparison => {
    const walk = { ...WALK_OPTIONS, settings };
    const scored = scoreInAdvance(records, { ranks: { from, to }, years, walk, resamples: 2000 });
    if (scored === undefined) throw new Error('no forecast in these years');
    return scored;
  };
  const tell = (what: string, { brierSkill, logSkill }: Comparison): void =>
    row(what, `${textOfEstimate(brierSkill)}, log ${textOfEstimate(logSkill)}`, '> 0, >= 0.05');
  tell('pairs 1 to 14, chosen each New Year', advance(0, 14));
  tell('pairs 15 to 40, chosen each New Year', advance(14, 40));
  tell('pairs 1 to 40, chosen each New Year', advance(0, 40));
  const spans = [
    { first: 2010, last: 2013 },
    { first: 2014, last: 2017 },
  ] as const;
  for (const [i, years] of spans.entries()) {
    const chosen = [12, 24, 48, 96]
      .map((halfLifeMonths) => ({ ...RATE_SETTINGS, halfLifeMonths }))
      .map((settings) => ({
        settings,
        skill: advance(0, 40, spans[1 - i], settings).logSkill.value,
      }))
      .toSorted((a, b) => b.skill - a.skill)[0];
    if (chosen === undefined) throw new Error('bug: the grid is not empty');
    tell(
      `the same, ${years.first}-${years.last}, half-life ${chosen.settings.halfLifeMonths} of the other years`,
      advance(0, 40, years, chosen.settings),
    );
  }
  const rare = tested(records, {
    dyads: tested(records, { dyads: 40 })
      .dyads.slice(14)
      .map((text): Dyad => {
        const [initiator, receiver] = text.split('-') as [CountryCode, CountryCode];
        return { initiator, receiver };
      }),
  });
  tell('pairs 15 to 40 of the whole history', rare.rate);
  const shipped = tested(SHIPPED_HISTORY, {});
  row(
    `the shipped history alone, ${shipped.years.first} to ${shipped.years.last}: Brier skill`,
    textOfEstimate(shipped.rate.brierSkill),
    'too small to say',
  );
}

function extraction(): void {
  const gazetteer = buildGazetteer();
  if (existsSync(CORPUS)) {
    const read = importCsv(readFileSync(join(CORPUS, 'eurepoc-1.1-subset.csv'), 'utf8'));
    if (!read.ok) throw new Error(read.reason);
    for (const [name, half] of [
      ['even rows, tuned on', 0],
      ['odd rows', 1],
    ] as const) {
      let [asked, answered, right] = [0, 0, 0];
      for (const record of read.value.records) {
        if (record.type !== 'incident' || Number(record.provenance.row) % 2 !== half) continue;
        const countries = initiatorCountries(record);
        if (countries.length === 0) continue;
        asked++;
        const found = initiatorOf(`${record.title}. ${record.effect ?? ''}`, gazetteer);
        if (found?.country == null) continue;
        answered++;
        if (countries.includes(found.country)) right++;
      }
      row(
        `initiator of descriptions (${name}): precision, recall`,
        `${(right / answered).toFixed(3)}, ${(right / asked).toFixed(3)} of ${asked}`,
        '0.95, 0.70',
      );
    }
  }
  let [right, extra, missed] = [0, 0, 0];
  const names = readdirSync(ARTICLES);
  const reading = timed(() => {
    for (const name of names) {
      const { labels, ...article } = JSON.parse(
        readFileSync(join(ARTICLES, name), 'utf8'),
      ) as Article & { labels: { events: { date: string; what: string }[] } };
      const read = readArticle({ ...article, url: null }, gazetteer);
      if (!read.ok) throw new Error(read.reason);
      const found = new Set(
        read.value.proposals.flatMap((one) =>
          one.type === 'forecast'
            ? []
            : [
                `${textOfSpan(one.date.span)}|${one.type === 'incident' ? 'incident' : one.class.name}`,
              ],
        ),
      );
      const wanted = new Set(labels.events.map(({ date, what }) => `${date}|${what}`));
      right += [...found].filter((key) => wanted.has(key)).length;
      extra += [...found].filter((key) => !wanted.has(key)).length;
      missed += [...wanted].filter((key) => !found.has(key)).length;
    }
  });
  row(
    `dated events of ${names.length} articles: F1`,
    `${((2 * right) / (2 * right + extra + missed)).toFixed(3)} (${(reading.ms / names.length).toFixed(1)} ms each)`,
    '>= 0.80',
  );
}

function adversarial(): void {
  const identity = {
    type: 'identity',
    spec_version: '2.1',
    id: 'identity--023d105b-752e-4e3c-941c-7d3f3cb15e9e',
    created: '2016-04-06T20:03:00.000Z',
    modified: '2016-04-06T20:03:00.000Z',
    name: 'x',
  };
  const names = [
    'a'.repeat(45) + '!',
    `${'a0'.repeat(110)}_`,
    `x${'-a'.repeat(120)}`,
    'ab'.repeat(100_000),
    `${'a'.repeat(249)}-`,
  ];
  checkStixObject(identity);
  const slowest = Math.max(
    ...names.flatMap((name) =>
      [
        { ...identity, [name]: 1 },
        { ...identity, type: name },
        { ...identity, extensions: { [name]: {} } },
      ].map((object) => timed(() => checkStixObject(object)).ms),
    ),
  );
  row('STIX with names made to hang a pattern, slowest', `${slowest.toFixed(2)} ms`, '< 5 ms');
}

row('what', 'measured', 'asked');
skill();
elsewhere();
extraction();
adversarial();
