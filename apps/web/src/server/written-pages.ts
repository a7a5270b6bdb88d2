// The words of pages that the command writes as files, in the language of its terminal; English has the parts' own.

import { escapedHtml } from '@parley/kernel';
import type { ReportPageWords } from '@parley/disarm';
import type { RecordPageWords } from '@parley/record';
import { messageOf, type Catalogue } from '../words/format.ts';
import { catalogueOf, DIRECTIONS, preferredLanguage, type Language } from '../words/languages.ts';
import type { WrittenPagesIn } from '../words/said-tables.ts';
import { saidIn, sayIn, type AnySaid } from '../words/said.ts';

/** Each language's sentences are a file of their own; English has none. */
export async function writtenPagesIn(language: Language): Promise<WrittenPagesIn | undefined> {
  switch (language) {
    case 'fr':
      return (await import('../words/fr-pages.ts')).frPages;
    case 'ru':
      return (await import('../words/ru-pages.ts')).ruPages;
    case 'ar':
      return (await import('../words/ar-pages.ts')).arPages;
    case 'ko':
      return (await import('../words/ko-pages.ts')).koPages;
    case 'zh':
      return (await import('../words/zh-pages.ts')).zhPages;
    default:
      return undefined;
  }
}

type Html = { readonly html: string };
const joined = (pieces: readonly (string | Html)[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? escapedHtml(piece) : piece.html)).join('');

/** A form as HTML: its own words escaped, texts among its values HTML already, numbers as the language writes them. */
function htmlOf(
  language: Language,
  form: string,
  values: Readonly<Record<string, string | number>>,
): string {
  const given = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? { html: value } : value,
  ]);
  const made: unknown = messageOf(language, form).format<Html>(
    Object.fromEntries(given) as Record<string, Html>,
  );
  return joined((Array.isArray(made) ? made : [made]) as (string | Html)[]);
}

type Spoken = {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly pages: WrittenPagesIn;
  readonly word: (key: string, or: string) => string;
};

async function spokenIn(locale: string): Promise<Spoken | undefined> {
  const language = preferredLanguage([locale.replaceAll('_', '-')]);
  const pages = await writtenPagesIn(language);
  if (pages === undefined) return undefined;
  const catalogue = await catalogueOf(language);
  const word = (key: string, or: string): string =>
    escapedHtml(Object.hasOwn(catalogue, key) ? catalogue[key as keyof Catalogue] : or);
  return { language, direction: DIRECTIONS[language], pages, word };
}

/** The report's page for a terminal of this locale (`fr_FR.UTF-8`); undefined in English. */
export async function reportWordsIn(locale: string): Promise<ReportPageWords | undefined> {
  const spoken = await spokenIn(locale);
  if (spoken === undefined) return undefined;
  const { language, direction, pages, word } = spoken;
  const tables = await saidIn(language);
  const told = (
    table: 'note' | 'detail',
    said: AnySaid,
    theirs: (text: string) => string,
  ): string =>
    joined(
      sayIn<Html>(language, tables?.[table], said, (text) => ({ html: theirs(text) })) ?? [
        said.code,
      ],
    );
  const keys = { found: 'found.', remark: 'remark.', of: 'remark.of.', reason: 'reason.' };
  return {
    language,
    direction,
    say: (code, values = {}) => htmlOf(language, pages.report[code], values),
    word: (of, code) => word(`${keys[of]}${code}`, code.replaceAll('-', ' ')),
    note: (note) => told('note', note, escapedHtml),
    detail: (detail, theirs) => told('detail', detail, theirs),
  };
}

/** The same for the page of a record. */
export async function recordWordsIn(locale: string): Promise<RecordPageWords | undefined> {
  const spoken = await spokenIn(locale);
  if (spoken === undefined) return undefined;
  const { language, direction, pages, word } = spoken;
  return {
    language,
    direction,
    say: (code, values = {}) => htmlOf(language, pages.record[code], values),
    kind: (kind) => word(`kind.${kind}`, kind),
  };
}
