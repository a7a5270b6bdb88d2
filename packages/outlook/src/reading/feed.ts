// RSS, Atom and JSON feeds as lists of things to read. A feed proposes texts; it puts nothing into the history.

import { parseFeed } from 'feedsmith';
import { accept, refuse, type Verdict } from '@parley/kernel';
import { civilOf, readCivil, textOfDay, type Day } from '../calendar.ts';

export type FeedItem = {
  readonly title: string;
  readonly url: string | null;
  readonly published: string | null;
  readonly text: string;
};

export type Feed = {
  readonly title: string;
  readonly format: string;
  readonly items: readonly FeedItem[];
};

export type FeedReason = 'too-long' | 'not-a-feed';

const CHARACTERS_MAX = 5_000_000;
const ITEMS_MAX = 500;

type Loose = Readonly<Record<string, unknown>>;

const loose = (value: unknown): Loose =>
  typeof value === 'object' && value !== null ? (value as Loose) : {};
const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof loose(value)['value'] === 'string'
      ? (loose(value)['value'] as string)
      : '';
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Tags out, entities that matter in, white space folded: what a person would read. */
function words(html: string): string {
  return html
    .replaceAll(/<[^<>]{0,2000}>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&(?:#39|apos);/g, "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The day in UTC of an RFC 822 or ISO date. */
function dayText(value: unknown): string | null {
  const ms = Date.parse(text(value));
  if (!Number.isFinite(ms)) return null;
  const { year, month, day } = civilOf(Math.floor(ms / 86_400_000) as Day);
  const read = readCivil(year, month, day);
  return read.ok ? textOfDay(read.value) : null;
}

function itemOf(value: unknown): FeedItem {
  const item = loose(value);
  const links = list(item['links']).map((link) => text(loose(link)['href']));
  const url = text(item['link']) || text(item['url']) || links[0] || '';
  const content = loose(item['content']);
  const body =
    text(content['encoded']) ||
    text(item['content']) ||
    text(item['content_html']) ||
    text(item['content_text']) ||
    text(item['summary']) ||
    text(item['description']);
  return {
    title: words(text(item['title'])),
    url: /^https?:/.test(url) ? url : null,
    published: dayText(
      item['pubDate'] ??
        item['published'] ??
        item['updated'] ??
        item['date_published'] ??
        loose(item['dc'])['date'],
    ),
    text: words(body),
  };
}

/** Reads a feed of any of the formats; at most 500 items of it. Links are carried as text, never followed. */
export function readFeed(source: string): Verdict<Feed, FeedReason> {
  if (source.length > CHARACTERS_MAX)
    return refuse('too-long', { detail: `at most ${CHARACTERS_MAX} characters` });
  // Entity declarations can grow without bound, and no feed needs them.
  if (/<!ENTITY/i.test(source)) return refuse('not-a-feed', { detail: 'it declares entities' });
  let parsed: { format: string; feed: unknown };
  try {
    parsed = parseFeed(source);
  } catch (error) {
    return refuse('not-a-feed', {
      detail: error instanceof Error ? error.message.slice(0, 200) : 'no feed',
    });
  }
  const feed = loose(parsed.feed);
  const items = list(feed['items'] ?? feed['entries'])
    .slice(0, ITEMS_MAX)
    .map(itemOf);
  return accept({ title: words(text(feed['title'])), format: parsed.format, items });
}
