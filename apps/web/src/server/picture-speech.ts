// How a picture is spoken in the reader's language: its words from the tables, its numbers and dates as that language has them.

import { FIGURE_SENTENCES, type FigureSpeech } from '@parley/outlook';
import { inEnglish } from '@parley/kernel';
import { countriesIn, countryIn } from '../words/countries.ts';
import { formatMessage } from '../words/format.ts';
import { catalogueOf, DIRECTIONS, type Language } from '../words/languages.ts';
import { saidIn, sayIn } from '../words/said.ts';
import { titleOf, titlesIn } from './history-titles.ts';

export type PictureSpeech = {
  readonly figures: FigureSpeech;
  /** Who against whom, by the codes of countries. */
  readonly between: (who: string, whom: readonly string[]) => string;
};

export async function pictureSpeech(language: Language): Promise<PictureSpeech> {
  const [catalogue, tables, titles] = await Promise.all([
    catalogueOf(language),
    saidIn(language),
    titlesIn(language),
  ]);
  const numbers = new Intl.NumberFormat(language);
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const dates = {
    year: new Intl.DateTimeFormat(language, { year: 'numeric', timeZone: 'UTC' }),
    month: new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', timeZone: 'UTC' }),
    day: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }),
  };
  const country = countryIn(language);
  const countries = countriesIn(language);
  return {
    figures: {
      direction: DIRECTIONS[language],
      say: (said) =>
        sayIn(language, tables?.figure, said, (text) => text)?.join('') ??
        inEnglish(FIGURE_SENTENCES, said),
      country,
      number: (value) => numbers.format(value),
      percent: (share) => shares.format(share),
      date: (date, step) => dates[step].format(date),
      title: (record) => titleOf(record, titles),
    },
    between: (who, whom) =>
      formatMessage(language, catalogue, 'outlook.between', {
        who: country(who),
        whom: countries(whom),
      }),
  };
}
