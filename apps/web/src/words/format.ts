// Messages in ICU form: parsed once, filled with values, never as markup.

import { IntlMessageFormat } from 'intl-messageformat';
import type { en } from './en.ts';

export type MessageKey = keyof typeof en;
/** Every language has every message; a missing one does not compile. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

const parsed = new Map<string, IntlMessageFormat>();

/** A form in a language, parsed once. Without markup: a tag is text. */
export function messageOf(language: string, form: string): IntlMessageFormat {
  const place = `${language} ${form}`;
  let message = parsed.get(place);
  if (message === undefined) {
    message = new IntlMessageFormat(form, language, undefined, { ignoreTag: true });
    parsed.set(place, message);
  }
  return message;
}

export function formatMessage(
  language: string,
  catalogue: Catalogue,
  key: MessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return String(messageOf(language, catalogue[key]).format(values));
}
