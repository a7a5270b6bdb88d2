// Titles of the shipped history in the reader's language: our words. What was imported keeps its source's.

import { SHIPPED_HISTORY, type HistoryRecord } from '@parley/outlook';
import type { Language } from '../words/languages.ts';

async function linesIn(language: Language): Promise<string> {
  switch (language) {
    case 'fr':
      return (await import('../words/fr-history.ts')).frHistory;
    case 'ru':
      return (await import('../words/ru-history.ts')).ruHistory;
    case 'ar':
      return (await import('../words/ar-history.ts')).arHistory;
    case 'ko':
      return (await import('../words/ko-history.ts')).koHistory;
    case 'zh':
      return (await import('../words/zh-history.ts')).zhHistory;
    default:
      return '';
  }
}

/** By the English title: several records have the same. Empty in English. */
export async function titlesIn(language: Language): Promise<ReadonlyMap<string, string>> {
  const english = new Map(SHIPPED_HISTORY.map(({ id, title }) => [id, title]));
  const titles = new Map<string, string>();
  for (const line of (await linesIn(language)).trim().split('\n')) {
    const [id = '', title = ''] = line.split('|');
    titles.set(english.get(id) ?? id, title);
  }
  titles.delete('');
  return titles;
}

const SHIPPED = new Map(SHIPPED_HISTORY.map((record) => [record.id, record.title]));

/** Ours where the record is a shipped one that nobody gave another title; else as its source has it. */
export function titleOf(
  { id, title }: HistoryRecord,
  titles: ReadonlyMap<string, string>,
): string | { readonly theirs: string } {
  const ours = SHIPPED.get(id) === title ? titles.get(title) : undefined;
  return ours ?? { theirs: title };
}
