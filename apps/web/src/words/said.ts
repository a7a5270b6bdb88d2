// What our parts say as data, in the reader's language: a table for each part, a form for each code. English readers get
// the part's own sentence. Every language has every form, or it does not compile.

import { messageOf } from './format.ts';
import type { Language } from './languages.ts';
import type { SaidTables } from './said-tables.ts';

/** As it comes from a part: a value may itself be said, of the same table. */
export type AnySaid = {
  readonly code: string;
  readonly values: Readonly<Record<string, string | number | AnySaid>>;
};

/** Each language's tables are files of their own; English has none. */
export async function saidIn(language: Language): Promise<SaidTables | undefined> {
  switch (language) {
    case 'fr':
      return {
        ...(await import('./fr-said.ts')).frSaid,
        mail: (await import('./fr-evidence.ts')).frEvidence,
        detail: (await import('./fr-details.ts')).frDetails,
      };
    case 'ru':
      return {
        ...(await import('./ru-said.ts')).ruSaid,
        mail: (await import('./ru-evidence.ts')).ruEvidence,
        detail: (await import('./ru-details.ts')).ruDetails,
      };
    case 'ar':
      return {
        ...(await import('./ar-said.ts')).arSaid,
        mail: (await import('./ar-evidence.ts')).arEvidence,
        detail: (await import('./ar-details.ts')).arDetails,
      };
    case 'ko':
      return {
        ...(await import('./ko-said.ts')).koSaid,
        mail: (await import('./ko-evidence.ts')).koEvidence,
        detail: (await import('./ko-details.ts')).koDetails,
      };
    case 'zh':
      return {
        ...(await import('./zh-said.ts')).zhSaid,
        mail: (await import('./zh-evidence.ts')).zhEvidence,
        detail: (await import('./zh-details.ts')).zhDetails,
      };
    default:
      return undefined;
  }
}

/**
 * The sentence in pieces, in the reader's language; undefined where there is no form for its code. `wrap` gets each text
 * that a sentence is filled with, so that a page isolates it and a terminal makes it printable.
 */
export function sayIn<T>(
  language: Language,
  forms: Readonly<Record<string, string>> | undefined,
  said: AnySaid,
  wrap: (text: string) => T,
): readonly (string | T)[] | undefined {
  if (forms === undefined || !Object.hasOwn(forms, said.code)) return undefined;
  const values: Record<string, number | T | readonly (string | T)[]> = {};
  for (const [name, value] of Object.entries(said.values)) {
    if (typeof value === 'number') values[name] = value;
    else if (typeof value === 'string') values[name] = wrap(value);
    else values[name] = sayIn(language, forms, value, wrap) ?? wrap(value.code);
  }
  // What is not a text or a number comes back as it went in, in its place.
  const made: unknown = messageOf(language, forms[said.code] ?? '').format<T>(
    values as Record<string, T>,
  );
  return (Array.isArray(made) ? made.flat() : [made]) as (string | T)[];
}
