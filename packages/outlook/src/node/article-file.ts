// An article from a file: plain text, or a saved web page whose words, title and date are taken and nothing else.

import { parseHTML } from 'linkedom';
import { accept, refuse, type Verdict } from '@parley/kernel';
import { ARTICLE_CHARACTERS_MAX, type Article, type ArticleReason } from '../reading/article.ts';

/** A saved page may carry scripts and styles many times its words. */
export const ARTICLE_BYTES_MAX = 5 * 1024 * 1024;

export type ArticleFacts = {
  readonly title?: string;
  readonly outlet?: string;
  readonly published?: string;
  readonly url?: string;
};

/** What is asked of a document. linkedom has more; nothing of a page is ever run or fetched. */
type Element = {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  remove(): void;
};
type Page = {
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
};

const meta = (page: Page, ...names: string[]): string | undefined => {
  for (const name of names) {
    const content = page
      .querySelector(`meta[property="${name}"], meta[name="${name}"], meta[itemprop="${name}"]`)
      ?.getAttribute('content');
    if (content != null && content !== '') return content;
  }
  return undefined;
};

function fromPage(source: string, facts: ArticleFacts): Article {
  const page = parseHTML(source).document as unknown as Page;
  const published =
    meta(page, 'article:published_time', 'datePublished', 'date', 'pubdate', 'dc.date') ??
    page.querySelector('time[datetime]')?.getAttribute('datetime') ??
    '';
  const title = meta(page, 'og:title') ?? page.querySelector('title')?.textContent ?? '';
  const outlet = meta(page, 'og:site_name') ?? '';
  const url = meta(page, 'og:url');
  const dropped = page.querySelectorAll(
    'script, style, noscript, nav, aside, footer, form, svg, iframe, template',
  );
  // Copied first: the list changes as its members leave the page.
  for (const element of Array.from(dropped)) element.remove();
  const paragraphs = [...page.querySelectorAll('article p, article h1, article h2, article li')];
  const used = paragraphs.length >= 2 ? paragraphs : [...page.querySelectorAll('p, h1, h2, li')];
  const text = used
    .map((element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim())
    .filter((part) => part !== '')
    .join('\n\n');
  return {
    title: facts.title ?? title.trim(),
    outlet: facts.outlet ?? outlet.trim(),
    published: facts.published ?? published.slice(0, 10),
    url: facts.url ?? (url !== undefined && /^https?:/.test(url) ? url : null),
    text,
  };
}

/** Reads bytes as an article. Refuses what is too large or no UTF-8 before anything parses it. */
export function articleFromBytes(
  bytes: Uint8Array,
  facts: ArticleFacts,
): Verdict<Article, ArticleReason | 'not-utf8'> {
  if (bytes.length > ARTICLE_BYTES_MAX)
    return refuse('too-long', { detail: `${bytes.length} bytes, at most ${ARTICLE_BYTES_MAX}` });
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('not-utf8', { detail: 'save it as UTF-8' });
  }
  const head = source.slice(0, 2000).trimStart().toLowerCase();
  if (
    head.startsWith('<!doctype html') ||
    head.startsWith('<html') ||
    /<(?:head|body|article|meta)\b/.test(head)
  )
    return accept(fromPage(source, facts));
  if (source.length > ARTICLE_CHARACTERS_MAX)
    return refuse('too-long', {
      detail: `${source.length} characters, at most ${ARTICLE_CHARACTERS_MAX}`,
    });
  return accept({
    title: facts.title ?? source.trim().split('\n')[0]?.slice(0, 200) ?? '',
    outlet: facts.outlet ?? '',
    published: facts.published ?? '',
    url: facts.url ?? null,
    text: source,
  });
}
