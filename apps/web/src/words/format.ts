// Messages in ICU form: parsed once, filled with values, never as markup.

import { IntlMessageFormat } from 'intl-messageformat';
import type { en } from './en.ts';

export type MessageKey = keyof typeof en;
/** Every language has every message; a missing one does not compile. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

const parsed = new Map<string, IntlMessageFormat>();

export function formatMessage(
  language: string,
  catalogue: Catalogue,
  key: MessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const place = `${language}:${key}`;
  let message = parsed.get(place);
  if (message === undefined) {
    message = new IntlMessageFormat(catalogue[key], language, undefined, { ignoreTag: true });
    parsed.set(place, message);
  }
  return String(message.format(values));
}
