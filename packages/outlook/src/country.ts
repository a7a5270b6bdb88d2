// From the many names of a country to one code, and back to the name we print.

import { COUNTRY_LINES } from './country-table.ts';

/** ISO 3166-1 alpha-2, plus XK (Kosovo) and EU (the Union as an actor). */
export type CountryCode = string & { readonly __country: 'ISO 3166-1 alpha-2' };

export type Country = {
  readonly code: CountryCode;
  readonly name: string;
  readonly names: readonly string[];
  readonly demonyms: readonly string[];
};

const parts = (text: string | undefined): string[] =>
  (text ?? '').split(';').filter((part) => part !== '');

/** Every country we know, each with the spellings of the data sets we import. */
export const COUNTRIES: readonly Country[] = COUNTRY_LINES.trim()
  .split('\n')
  .map((line) => {
    const [code = '', name = '', others, demonyms] = line.split('|');
    return {
      code: code as CountryCode,
      name,
      names: [name, ...parts(others)],
      demonyms: parts(demonyms),
    };
  });

const byCode = new Map(COUNTRIES.map((country) => [country.code as string, country]));
const byName = new Map<string, CountryCode>();
for (const country of COUNTRIES) {
  for (const name of country.names) byName.set(name.toLowerCase(), country.code);
}

/** The code of a country's name or code in any case; undefined for regions, unions of states and "Unknown". */
export function countryCode(text: string): CountryCode | undefined {
  const trimmed = text.trim();
  const upper = trimmed.toUpperCase();
  return (
    (trimmed.length === 2 ? byCode.get(upper)?.code : undefined) ??
    byName.get(trimmed.toLowerCase())
  );
}

/** Our name for a code; the code itself where we have none. */
export function countryName(code: string): string {
  return byCode.get(code)?.name ?? code;
}
