// What a refusal's code means, in the reader's own language: what happened, and what to do next. English readers get
// the desk's own sentence, which names names; others get it behind theirs.

import type { Code, Sentences } from './code-list.ts';
import { formatMessage } from './format.ts';
import { catalogueOf, DIRECTIONS, preferredLanguage, type Language } from './languages.ts';
import { questionAbout, type AskedMail } from './question.ts';

/** Each language's sentences are a file of their own; English has none. */
export async function sentencesOf(language: Language): Promise<Sentences | undefined> {
  switch (language) {
    case 'fr':
      return (await import('./fr-codes.ts')).frCodes;
    case 'ru':
      return (await import('./ru-codes.ts')).ruCodes;
    case 'ar':
      return (await import('./ar-codes.ts')).arCodes;
    case 'ko':
      return (await import('./ko-codes.ts')).koCodes;
    case 'zh':
      return (await import('./zh-codes.ts')).zhCodes;
    default:
      return undefined;
  }
}

/** The sentence of a code; undefined for one that is not in the list. A relay may refuse for a reason of its own. */
export function sentenceFor(sentences: Sentences | undefined, code: string): string | undefined {
  if (sentences === undefined) return undefined;
  if (Object.hasOwn(sentences, code)) return sentences[code as Code];
  return code.startsWith('relay-') ? sentences['relay-refuses'] : undefined;
}

/** The sentence for a terminal of this locale (`fr_FR.UTF-8`); undefined in English, and for a code not in the list. */
export async function sentenceIn(locale: string, code: string): Promise<string | undefined> {
  const language = preferredLanguage([locale.replaceAll('_', '-')]);
  return sentenceFor(await sentencesOf(language), code);
}

/** The question about a mail for a terminal of this locale; undefined in English, which has the part's own. */
export async function questionIn(
  locale: string,
  mail: AskedMail,
  verdict: Parameters<typeof questionAbout>[1],
): Promise<string | undefined> {
  const language = preferredLanguage([locale.replaceAll('_', '-')]);
  if (language === 'en') return undefined;
  const catalogue = await catalogueOf(language);
  return questionAbout(mail, verdict, {
    t: (key, values) => formatMessage(language, catalogue, key, values),
    direction: DIRECTIONS[language],
  });
}
