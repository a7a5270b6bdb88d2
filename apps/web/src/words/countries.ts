// A country by its code (ISO 3166-1), as a language names it.

import type { Language } from './languages.ts';

/** Actors that are no country keep their code. */
export function countryIn(language: Language): (code: string) => string {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  return (code) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code);
}

/** Several, as a language lists them. */
export function countriesIn(language: Language): (codes: readonly string[]) => string {
  const country = countryIn(language);
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  return (codes) => list.format(codes.map(country));
}
