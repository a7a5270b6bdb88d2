import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativePorts } from '@parley/kernel/node';
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, textOfSpan } from '../calendar.ts';
import { initiatorCountries } from '../history/record.ts';
import { importCsv } from '../imports/csv-import.ts';
import type { NamedActor } from '../imports/imported.ts';
import { sentencesOf, type Article } from './article.ts';
import { datesIn, horizonIn } from './dates.ts';
import { readFeed } from './feed.ts';
import { buildGazetteer } from './gazetteer.ts';
import { initiatorOf } from './initiator.ts';
import { describeProposal, readArticle, type Proposal } from './read.ts';
import { decide, type Decision } from './review.ts';

const ARTICLES = join(import.meta.dirname, '../../../../vectors/outlook/articles');
const CSV = join(
  import.meta.dirname,
  '../../../../../shared/corpus/outlook/eurepoc-1.1-subset.csv',
);
const gazetteer = buildGazetteer();
const runs = { numRuns: process.env['SLOW'] === undefined ? 100 : 10_000 };

type Labelled = Omit<Article, 'url'> & {
  labels: {
    events: { date: string; what: string }[];
    forecasts: { speaker: string; horizon: string | null }[];
  };
};

const labelled: Labelled[] = readdirSync(ARTICLES).map(
  (name) => JSON.parse(readFileSync(join(ARTICLES, name), 'utf8')) as Labelled,
);

function proposals(text: string, published = '2018-05-25'): readonly Proposal[] {
  const read = readArticle({ title: 't', outlet: 'o', published, url: null, text }, gazetteer);
  if (!read.ok) throw new Error(read.reason);
  return read.value.proposals;
}

/** Every span anywhere in a value must quote its text exactly. */
function checkSpans(value: unknown, text: string): number {
  if (Array.isArray(value))
    return value.reduce<number>((sum, item) => sum + checkSpans(item, text), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const { start, end, text: quoted } = value as { start?: unknown; end?: unknown; text?: unknown };
  const here = typeof start === 'number' && typeof end === 'number' && typeof quoted === 'string';
  if (here) expect(text.slice(start, end)).toBe(quoted);
  return Object.values(value).reduce<number>(
    (sum, item) => sum + checkSpans(item, text),
    here ? 1 : 0,
  );
}

describe('reading articles', () => {
  it('finds the dated events of our labelled articles with F1 of 0.8 and more, every span exact', () => {
    expect(labelled.length).toBeGreaterThanOrEqual(40);
    let [right, extra, missed, spans] = [0, 0, 0, 0];
    for (const { labels, ...article } of labelled) {
      const read = readArticle({ ...article, url: null }, gazetteer);
      if (!read.ok) throw new Error(read.reason);
      spans += checkSpans(read.value.proposals, article.text);
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
    expect(spans).toBeGreaterThan(300);
    expect((2 * right) / (2 * right + extra + missed)).toBeGreaterThanOrEqual(0.8);
  });

  it('finds the quoted forecasts, who says them and how far they look', () => {
    const wanted = labelled.flatMap(({ labels, ...article }) =>
      labels.forecasts.map((forecast) => ({ article, forecast })),
    );
    const found = wanted.filter(({ article, forecast }) => {
      const read = readArticle({ ...article, url: null }, gazetteer);
      return (
        read.ok &&
        read.value.proposals.some(
          (one) =>
            one.type === 'forecast' &&
            one.speaker?.text.includes(forecast.speaker) === true &&
            (forecast.horizon === null || one.horizon?.text === forecast.horizon),
        )
      );
    });
    expect(wanted.length).toBeGreaterThanOrEqual(8);
    expect(found.length / wanted.length).toBeGreaterThanOrEqual(0.8);
  });

  it('the forecast of 2018 is read with what it lacks', () => {
    const [one] = proposals(
      '"We expect cyberattacks against American targets in the coming weeks and months," said Priscilla Mora, an analyst at Recorded Future.',
    );
    expect(one).toMatchObject({
      type: 'forecast',
      speaker: { text: 'Priscilla Mora' },
      role: { text: 'an analyst at Recorded Future' },
      probability: null,
      horizon: { text: 'in the coming weeks and months', toDays: 90, vague: true },
      missing: ['horizon', 'probability'],
    });
  });

  it.runIf(existsSync(CSV))(
    'names the initiator of incident descriptions with precision 0.95 at recall 0.70',
    () => {
      const read = importCsv(readFileSync(CSV, 'utf8'));
      if (!read.ok) throw new Error(read.detail);
      let [asked, answered, right] = [0, 0, 0];
      for (const record of read.value.records) {
        if (record.type !== 'incident') continue;
        const countries = initiatorCountries(record);
        if (countries.length === 0) continue;
        asked++;
        const found = initiatorOf(`${record.title}. ${record.effect ?? ''}`, gazetteer);
        if (found?.country == null) continue;
        answered++;
        if (countries.includes(found.country)) right++;
      }
      expect(asked).toBeGreaterThan(500);
      expect(right / answered).toBeGreaterThanOrEqual(0.95);
      expect(right / asked).toBeGreaterThanOrEqual(0.7);
    },
  );

  it.each([
    [
      'Spanish',
      'El gobierno anunció el martes que los piratas informáticos atacaron la red del ministerio de defensa en mayo.',
      'not-english',
    ],
    [
      'Korean',
      '북한 해커들이 지난 3월 20일 방송사와 은행의 전산망을 공격해 컴퓨터 3만여 대의 하드디스크를 지웠다고 정부가 밝혔다.',
      'not-english',
    ],
    [
      'five megabytes',
      'the attack of the hackers was on the network. '.repeat(110_000),
      'too-long',
    ],
    ['nothing', '   ', 'empty'],
  ])('refuses %s', (_what, text, reason) => {
    expect(
      readArticle({ title: '', outlet: '', published: '2018-05-25', url: null, text }, gazetteer),
    ).toMatchObject({ ok: false, reason });
  });

  it('refuses an article without its day: "on Thursday" would mean nothing', () => {
    expect(
      readArticle(
        {
          title: '',
          outlet: '',
          published: '',
          url: null,
          text: 'The hackers of the group were in the network on Thursday.',
        },
        gazetteer,
      ),
    ).toMatchObject({ ok: false, reason: 'no-date' });
  });

  it('reads any text without an exception, and every span it gives is exact', () => {
    assert(
      property(string({ maxLength: 300 }), (noise) => {
        const text = `The hackers of the group attacked the network on 4 July 2009. ${noise} It was said that the attack was by North Korean hackers in March.`;
        const read = readArticle(
          { title: '', outlet: '', published: '2018-05-25', url: null, text },
          gazetteer,
        );
        if (read.ok) checkSpans(read.value.proposals, text);
        for (const sentence of sentencesOf(text))
          expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
      }),
      runs,
    );
  });
});

describe('dates in prose', () => {
  const reference = day('2018-05-25');
  const one = (text: string): string | undefined => {
    const [found] = datesIn(text, reference);
    return found === undefined ? undefined : textOfSpan(found.span);
  };

  it.each([
    ['It happened on Thursday.', '2018-05-24'],
    ['It happened yesterday.', '2018-05-24'],
    ['It happened three days ago.', '2018-05-22'],
    ['It happened on 4 July.', '2017-07-04'],
    ['They will meet on June 12.', '2018-06-12'],
    ['It began in March 2015.', '2015-03'],
    ['It began in December.', '2017-12'],
    ['It was in 2014.', '2014'],
    ['It was last month.', '2018-04'],
    ['It was in the spring of 2016.', '2016-03-01/2016-05-31'],
    ['It ran between 4 and 6 February 2016.', '2016-02-04/2016-02-06'],
    ['It came a week after the drill.', undefined],
    ['On 31 February 2018 nothing happened.', undefined],
    ['About 2014 computers were hit.', undefined],
  ])('%s', (text, expected) => {
    expect(one(text)).toBe(expected);
  });

  it.each([
    ['in the next three months', 90, false],
    ['over the next few days', 3, true],
    ['by the end of the year', 220, false],
  ])('a horizon "%s"', (text, toDays, vague) => {
    expect(horizonIn(`Attacks may come ${text}.`, reference)).toMatchObject({ toDays, vague });
  });
});

describe('the gazetteer', () => {
  const actor = (name: string, country: string, aliases: string[] = []): NamedActor => ({
    name,
    aliases,
    country: country as NamedActor['country'],
    sponsor: 'unknown',
    techniques: [],
    source: 'test',
  });

  it('an alias that is a common word needs a cue: "the June summit" names nobody', () => {
    const own = buildGazetteer([actor('Summit', 'RU')]);
    expect(own.find('before the Summit in June')).toEqual([]);
    expect(own.find('the group Summit attacked')).toHaveLength(1);
  });

  it('a name of two groups in two countries is asked, not guessed', () => {
    const own = buildGazetteer([actor('Night Owl', 'RU'), actor('Other', 'CN', ['Night Owl'])]);
    expect(own.ambiguous).toContain('Night Owl');
    const read = readArticle(
      {
        title: '',
        outlet: '',
        published: '2018-05-25',
        url: null,
        text: 'The hackers of Night Owl broke into the network of a bank in Estonia on 4 May 2018.',
      },
      own,
    );
    if (!read.ok) throw new Error(read.reason);
    const proposal = read.value.proposals.find((one) => one.type === 'incident');
    if (proposal === undefined) throw new Error('no incident');
    expect(describeProposal(proposal)).toContain('ambiguous: Night Owl');
    const decision: Decision = {
      what: 'confirm',
      by: 'Ann',
      at: '2018-05-26',
      changes: {},
      reason: '',
    };
    expect(decide(nativePorts.crypto, read.value.article, proposal, decision)).toMatchObject({
      ok: false,
      reason: 'still-ambiguous',
    });
    expect(
      decide(nativePorts.crypto, read.value.article, proposal, {
        ...decision,
        what: 'correct',
        changes: { initiators: 'Russia' },
        reason: 'named so elsewhere',
      }),
    ).toMatchObject({
      ok: true,
      value: {
        initiators: [{ country: 'RU' }],
        corrections: [{ field: 'initiators', was: '?', now: 'Russia' }],
      },
    });
  });
});

describe('a person decides', () => {
  const text = 'The hackers of Lazarus wiped the servers of a bank in South Korea on 4 May 2018.';
  const article: Article = {
    title: 'Bank',
    outlet: 'Paper',
    published: '2018-05-25',
    url: 'https://example.org/a',
    text,
  };
  const proposal = proposals(text)[0] as Proposal;
  const confirm: Decision = {
    what: 'confirm',
    by: 'Ann',
    at: '2018-05-26',
    changes: {},
    reason: '',
  };
  const decideOn = (over: Partial<Decision>) =>
    decide(nativePorts.crypto, article, proposal, { ...confirm, ...over });

  it('a confirmed incident carries the span of its sentence in the stored text', () => {
    const record = decideOn({ changes: { admiralty: 'B2', tlp: 'amber' } });
    if (!record.ok) throw new Error(record.detail);
    expect(record.value).toMatchObject({
      type: 'incident',
      occurred: { start: '2018-05-04' },
      disclosed: { start: '2018-05-25' },
      tlp: 'amber',
      sources: [{ admiralty: 'B2', url: 'https://example.org/a' }],
    });
    const { span } = record.value.sources[0] ?? {};
    expect(text.slice(span?.start, span?.end)).toBe(text);
  });

  it.each([
    [{ by: ' ' }, 'no-person'],
    [{ what: 'reject' as const }, 'rejected'],
    [{ what: 'correct' as const, changes: { date: '2018-05-05' } }, 'no-reason'],
    [{ changes: { date: '2018-02-31' } }, 'bad-value'],
    [{ changes: { receivers: 'Atlantis' } }, 'bad-value'],
    [{ changes: { kinds: 'magic' } }, 'bad-value'],
    [{ changes: { admiralty: 'Z9' } }, 'bad-value'],
    [{ changes: { colour: 'red' } }, 'unknown-field'],
  ])('%j is answered %s', (over, reason) => {
    expect(decideOn(over)).toMatchObject({ ok: false, reason });
  });

  it('a quoted forecast goes to the ledger, not into the history', () => {
    const [forecast] = proposals(
      '"We expect cyberattacks in the coming weeks," said John Hartley, an analyst.',
    );
    if (forecast === undefined) throw new Error('none');
    expect(decide(nativePorts.crypto, article, forecast, confirm)).toMatchObject({
      ok: false,
      reason: 'is-a-forecast',
    });
  });
});

describe('feeds', () => {
  it.each([
    [
      'RSS',
      '<rss version="2.0"><channel><title>T</title><item><title>A &amp; B</title><link>https://e.org/1</link><pubDate>Fri, 25 May 2018 10:00:00 GMT</pubDate><description>&lt;p&gt;Text&lt;/p&gt;</description></item></channel></rss>',
    ],
    [
      'Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>u</id><updated>2018-05-25T10:00:00Z</updated><entry><title>A &amp; B</title><id>1</id><updated>2018-05-25T10:00:00Z</updated><link href="https://e.org/1"/><summary>Text</summary></entry></feed>',
    ],
    [
      'JSON Feed',
      '{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","title":"A & B","url":"https://e.org/1","date_published":"2018-05-25T10:00:00Z","content_html":"<p>Text</p>"}]}',
    ],
  ])('%s', (_format, source) => {
    expect(readFeed(source)).toMatchObject({
      ok: true,
      value: {
        title: 'T',
        items: [{ title: 'A & B', url: 'https://e.org/1', published: '2018-05-25', text: 'Text' }],
      },
    });
  });

  it.each([
    ['a page', '<html><body>no feed</body></html>'],
    [
      'an entity bomb',
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel></rss>',
    ],
    ['nothing', ''],
  ])('%s is no feed', (_what, source) => {
    expect(readFeed(source)).toMatchObject({ ok: false, reason: 'not-a-feed' });
  });

  it('a link that is no web address is not kept', () => {
    expect(
      readFeed(
        '<rss version="2.0"><channel><title>T</title><item><title>A</title><link>javascript:alert(1)</link></item></channel></rss>',
      ),
    ).toMatchObject({ ok: true, value: { items: [{ url: null }] } });
  });
});
