// The script that each language's sentences are written in, for the tests of what is said in them.

import type { Language } from './languages.ts';

export const SCRIPT_OF: Readonly<Record<Language, RegExp>> = {
  en: /\p{Script=Latin}/u,
  fr: /\p{Script=Latin}/u,
  ru: /\p{Script=Cyrillic}/u,
  ar: /\p{Script=Arabic}/u,
  ko: /\p{Script=Hangul}/u,
  zh: /\p{Script=Han}/u,
};
