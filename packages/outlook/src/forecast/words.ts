// Words of estimative probability, always beside the number and never instead of it.

export type Yardstick = 'icd203' | 'phia';

type Band = { readonly low: number; readonly high: number; readonly words: string };

/** US Intelligence Community Directive 203 (also MISP's estimative-language taxonomy): bands that meet. */
const ICD203: readonly Band[] = [
  { low: 0, high: 0.05, words: 'almost no chance' },
  { low: 0.05, high: 0.2, words: 'very unlikely' },
  { low: 0.2, high: 0.45, words: 'unlikely' },
  { low: 0.45, high: 0.55, words: 'roughly even chance' },
  { low: 0.55, high: 0.8, words: 'likely' },
  { low: 0.8, high: 0.95, words: 'very likely' },
  { low: 0.95, high: 1, words: 'almost certain' },
];

/** The British PHIA yardstick: bands with gaps between them, on purpose. */
const PHIA: readonly Band[] = [
  { low: 0, high: 0.05, words: 'remote chance' },
  { low: 0.1, high: 0.2, words: 'highly unlikely' },
  { low: 0.25, high: 0.35, words: 'unlikely' },
  { low: 0.4, high: 0.5, words: 'realistic possibility' },
  { low: 0.55, high: 0.75, words: 'likely' },
  { low: 0.8, high: 0.9, words: 'highly likely' },
  { low: 0.95, high: 1, words: 'almost certain' },
];

const BANDS: Readonly<Record<Yardstick, readonly Band[]>> = { icd203: ICD203, phia: PHIA };

/** The words for a probability. In a gap of the PHIA yardstick both neighbours are named, the nearer one first. */
export function estimativeWords(p: number, yardstick: Yardstick = 'icd203'): string {
  const bands = BANDS[yardstick];
  const inside = bands.find((band) => p >= band.low && (p < band.high || band.high === 1));
  if (inside !== undefined) return inside.words;
  const distance = (band: Band): number => Math.max(band.low - p, p - band.high, 0);
  const [nearest, next] = bands.toSorted((a, b) => distance(a) - distance(b));
  return `between ${nearest?.words ?? ''} and ${next?.words ?? ''}`;
}

/** The range that a word stands for; undefined where it is none of the yardstick's. For quoted forecasts without a number. */
export function rangeOfWords(
  words: string,
  yardstick: Yardstick = 'icd203',
): { low: number; high: number } | undefined {
  const wanted = words
    .trim()
    .toLowerCase()
    .replace(/^(it is )?/, '');
  const synonyms: Readonly<Record<string, string>> = {
    probable: 'likely',
    probably: 'likely',
    'highly probable': yardstick === 'icd203' ? 'very likely' : 'highly likely',
    'highly likely': yardstick === 'icd203' ? 'very likely' : 'highly likely',
    'very likely': yardstick === 'icd203' ? 'very likely' : 'highly likely',
    improbable: 'unlikely',
    'nearly certain': 'almost certain',
    'almost certainly': 'almost certain',
    remote: yardstick === 'icd203' ? 'almost no chance' : 'remote chance',
  };
  const name = synonyms[wanted] ?? wanted;
  const band = BANDS[yardstick].find(({ words: candidate }) => candidate === name);
  return band === undefined ? undefined : { low: band.low, high: band.high };
}

/** "6.2 % (2.1 to 11.8 %), very unlikely" */
export function chanceText(
  p: number,
  low: number,
  high: number,
  yardstick: Yardstick = 'icd203',
): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  return `${percent(p)} % (${percent(low)} to ${percent(high)} %), ${estimativeWords(p, yardstick)}`;
}
