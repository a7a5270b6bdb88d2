// A stored text to read from: bounded, in English, unchanged for ever, so that every span points at what was read.

import { accept, refuse, type Verdict } from '@parley/kernel';
import { readDay } from '../calendar.ts';

export type Article = {
  readonly title: string;
  readonly outlet: string;
  /** ISO date; relative dates ("on Thursday") are counted from it. */
  readonly published: string;
  readonly url: string | null;
  /** Spans are offsets into this text (UTF-16 code units). */
  readonly text: string;
};

export type ArticleReason = 'too-long' | 'empty' | 'not-english' | 'no-date';

/** About 30,000 words: a long report. Longer texts are given in parts, so that somebody has looked at them. */
export const ARTICLE_CHARACTERS_MAX = 200_000;

const FUNCTION_WORDS = new Set(
  'the of and to in a is that for on was with as by at from it an be has have its were are said not which this had who but'.split(
    ' ',
  ),
);

/** Share of English function words among the first 400 words; English prose has 0.3 and more, German or Spanish under 0.08. */
function englishShare(text: string): number {
  const words =
    text
      .toLowerCase()
      .match(/[\p{L}']+/gu)
      ?.slice(0, 400) ?? [];
  return words.length === 0
    ? 0
    : words.filter((word) => FUNCTION_WORDS.has(word)).length / words.length;
}

/** Refuses texts that would be read wrongly rather than read badly. */
export function checkArticle(article: Article): Verdict<Article, ArticleReason> {
  if (article.text.length > ARTICLE_CHARACTERS_MAX) {
    return refuse('too-long', {
      detail: `${article.text.length} characters, at most ${ARTICLE_CHARACTERS_MAX}: give the part that matters`,
    });
  }
  if (article.text.trim().length < 20)
    return refuse('empty', { detail: 'there is no text to read' });
  if (englishShare(article.text) < 0.15)
    return refuse('not-english', { detail: 'only English is read; have it translated first' });
  const published = readDay(article.published);
  return published.ok
    ? accept(article)
    : refuse('no-date', {
        detail: 'the day of publication is needed: relative dates are counted from it',
      });
}

export type Sentence = { readonly start: number; readonly end: number; readonly text: string };

const ABBREVIATION =
  /(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Sen|Rep|Gov|St|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Inc|Corp|Co|Ltd|Prof|approx|e\.g|i\.e|a\.m|p\.m)|\b[A-Z]|\b(?:[A-Z]\.)+[A-Z])\.$/;
const SENTENCE_MAX = 2000;

/** Splits at ends of sentences and at line breaks between paragraphs; every sentence is an exact slice of the text. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const close = (end: number): void => {
    const raw = text.slice(start, end);
    const lead = raw.length - raw.trimStart().length;
    const trimmed = raw.trim();
    if (trimmed !== '')
      sentences.push({ start: start + lead, end: start + lead + trimmed.length, text: trimmed });
    start = end;
  };
  for (const match of text.matchAll(
    /[.!?]["'”’)\]]*(?=\s+["'“‘([]?[\p{Lu}\d]|\s*$)|\n\s*\n|\n(?=\s*[\p{Lu}"“])/gu,
  )) {
    const end = match.index + match[0].length;
    const before = text.slice(Math.max(start, match.index - 14), match.index + 1);
    if (match[0].startsWith('.') && ABBREVIATION.test(before)) {
      // "U.S. officials" goes on; "in the U.S. The" ends, but joining two sentences costs less than cutting one.
      continue;
    }
    close(end);
  }
  close(text.length);
  return sentences.flatMap((sentence) =>
    sentence.text.length <= SENTENCE_MAX
      ? [sentence]
      : [
          {
            ...sentence,
            end: sentence.start + SENTENCE_MAX,
            text: sentence.text.slice(0, SENTENCE_MAX),
          },
        ],
  );
}
