// The script that each language's sentences are written in and what they ask for, for the tests of what is said in them.

import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from './languages.ts';

export const SCRIPT_OF: Readonly<Record<Language, RegExp>> = {
  en: /\p{Script=Latin}/u,
  fr: /\p{Script=Latin}/u,
  ru: /\p{Script=Cyrillic}/u,
  ar: /\p{Script=Arabic}/u,
  ko: /\p{Script=Hangul}/u,
  zh: /\p{Script=Han}/u,
};

/** The values that a message asks for, and the plural forms it has. */
export function asksFor(message: string, language: string): { values: string[]; forms: string[] } {
  const values = new Set<string>();
  const forms = new Set<string>();
  const visit = (elements: readonly unknown[]): void => {
    for (const element of elements as {
      type: number;
      value?: unknown;
      options?: Record<string, { value: unknown[] }>;
    }[]) {
      if (element.type !== 0 && element.type !== 7) values.add(String(element.value));
      for (const [form, option] of Object.entries(element.options ?? {})) {
        forms.add(form === '=0' ? 'zero' : form);
        visit(option.value);
      }
    }
  };
  visit(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst());
  return { values: [...values].toSorted(), forms: [...forms] };
}
