// Countries named in a text, by name or by the word for their people: exact spans, longest match first.

import { COUNTRIES, type CountryCode } from './country.ts';

export type CountryMention = {
  readonly country: CountryCode;
  readonly start: number;
  readonly end: number;
  readonly as: 'name' | 'demonym';
};

// Words that are names of countries and something else far more often in English prose about attacks.
const CAPITALS: Readonly<Record<string, string>> = {
  Pyongyang: 'KP',
  Seoul: 'KR',
  Beijing: 'CN',
  Moscow: 'RU',
  Kremlin: 'RU',
  Kyiv: 'UA',
  Kiev: 'UA',
  Tehran: 'IR',
  Teheran: 'IR',
  Washington: 'US',
  'White House': 'US',
  Pentagon: 'US',
  'Tel Aviv': 'IL',
  Taipei: 'TW',
  Tokyo: 'JP',
  'New Delhi': 'IN',
  Islamabad: 'PK',
  Riyadh: 'SA',
  Ankara: 'TR',
  Damascus: 'SY',
  Baku: 'AZ',
  Yerevan: 'AM',
  Tbilisi: 'GE',
  Tallinn: 'EE',
  Minsk: 'BY',
  Hanoi: 'VN',
  Whitehall: 'GB',
  Downing: 'GB',
};

const CASE_SENSITIVE = new Set([
  'us',
  'uk',
  'eu',
  'prc',
  'rok',
  'dprk',
  'uae',
  'turkey',
  'chad',
  'turk',
  'dane',
  'finn',
  'jordan',
  'georgia',
  'polish',
  'swede',
  'thai',
  'lao',
  'mali',
  'niger',
  'guinea',
  'dominica',
]);

const lookup = new Map<string, { country: CountryCode; as: 'name' | 'demonym'; exact: string }>();
for (const country of COUNTRIES) {
  for (const name of country.names)
    lookup.set(name.toLowerCase(), { country: country.code, as: 'name', exact: name });
  for (const demonym of country.demonyms) {
    lookup.set(demonym.toLowerCase(), { country: country.code, as: 'demonym', exact: demonym });
    // Plural: "Iranians"; words in -ese, -ish, -ch and the like have none.
    if (/(an|i|ian|ean|er|ot|n|k)$/.test(demonym)) {
      lookup.set(`${demonym.toLowerCase()}s`, {
        country: country.code,
        as: 'demonym',
        exact: `${demonym}s`,
      });
    }
  }
}
for (const [capital, code] of Object.entries(CAPITALS)) {
  lookup.set(capital.toLowerCase(), { country: code as CountryCode, as: 'name', exact: capital });
}

/** "NorthKorea": headlines and data sets lose spaces. */
const bySquashed = new Map([...lookup].map(([name, entry]) => [name.replaceAll(' ', ''), entry]));

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const PATTERN = new RegExp(
  `(?<![\\p{L}\\p{N}_@./-])(?:${[...lookup.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => escape(name).replaceAll(' ', String.raw`\s?`))
    .join('|')})(?!(?!hackers?\\b)[\\p{L}\\p{N}_])`,
  'giu',
);

/** Every mention in order. A short code such as "US" counts only in capitals; "Georgia" only with its capital letter. */
export function countryMentions(text: string): CountryMention[] {
  const found: CountryMention[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const entry =
      lookup.get(match[0].toLowerCase()) ??
      bySquashed.get(match[0].toLowerCase().replaceAll(/\s/g, ''));
    if (entry === undefined) continue;
    if (CASE_SENSITIVE.has(match[0].toLowerCase()) && match[0] !== entry.exact) continue;
    found.push({
      country: entry.country,
      start: match.index,
      end: match.index + match[0].length,
      as: entry.as,
    });
  }
  return found;
}

/** The countries named, each once, in order of first mention. */
export function countriesIn(text: string): CountryCode[] {
  return [...new Set(countryMentions(text).map((mention) => mention.country))];
}
