// The languages of the page and how each is written.

import type { Catalogue } from './format.ts';

export const LANGUAGES = ['en', 'fr', 'ru', 'ar', 'ko', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  fr: 'Français',
  ru: 'Русский',
  ar: 'العربية',
  ko: '한국어',
  zh: '中文',
};

export const DIRECTIONS: Readonly<Record<Language, 'ltr' | 'rtl'>> = {
  en: 'ltr',
  fr: 'ltr',
  ru: 'ltr',
  ar: 'rtl',
  ko: 'ltr',
  zh: 'ltr',
};

/** Word lists of the ceremony, by tag. The numbers beside the words are the same in every language. */
export const WORD_LISTS: Readonly<Record<string, string>> = {
  en: 'English',
  fr: 'Français',
  es: 'Español',
  ko: '한국어',
  'zh-Hans': '简体中文',
  'zh-Hant': '繁體中文',
  ja: '日本語',
  it: 'Italiano',
  pt: 'Português',
  cs: 'Čeština',
};

/** The list that a reader of this language starts with: their own, or English where there is none. */
export function wordListFor(language: Language): string {
  if (language === 'zh') return 'zh-Hans';
  return language in WORD_LISTS ? language : 'en';
}

/** The first of the reader's languages that there is a catalogue for, else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}

/** Each catalogue is a file of its own, fetched from the client when it is needed. */
export async function catalogueOf(language: Language): Promise<Catalogue> {
  switch (language) {
    case 'en':
      return (await import('./en.ts')).en;
    case 'fr':
      return (await import('./fr.ts')).fr;
    case 'ru':
      return (await import('./ru.ts')).ru;
    case 'ar':
      return (await import('./ar.ts')).ar;
    case 'ko':
      return (await import('./ko.ts')).ko;
    default:
      return (await import('./zh.ts')).zh;
  }
}
