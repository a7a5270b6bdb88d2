// Characters that cannot be seen: what they are, and text without them.

type Range = readonly [from: number, to: number];

function pattern(ranges: readonly Range[]): RegExp {
  const point = (value: number): string => `\\u{${value.toString(16)}}`;
  return new RegExp(
    `[${ranges.map(([from, to]) => `${point(from)}-${point(to)}`).join('')}]`,
    'gu',
  );
}

const CONTROL_RANGES: readonly Range[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xfff9, 0xfffb],
];

const BIDI_RANGES: readonly Range[] = [
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
];

const ZERO_WIDTH_RANGES: readonly Range[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x200b, 0x200d],
  [0x2060, 0x2065],
  [0x206a, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xe0000, 0xe0fff],
];

/** Controls other than tab and line feed, and interlinear marks. */
export const CONTROL = pattern(CONTROL_RANGES);
/** Marks that change the order in which letters are shown. */
export const BIDI = pattern(BIDI_RANGES);
/** Characters without width, tags and fillers among them. */
export const ZERO_WIDTH = pattern(ZERO_WIDTH_RANGES);

const ALL = pattern([
  ...CONTROL_RANGES,
  ...BIDI_RANGES,
  ...ZERO_WIDTH_RANGES,
  [0x09, 0x0a],
  [0x2028, 0x2029],
  [0xfffc, 0xffff],
]);

/** What of the unseen a text holds, in the words of the report. */
export function unseenKinds(text: string): ('bidi-control' | 'zero-width')[] {
  return [
    ...(text.search(BIDI) < 0 ? [] : ['bidi-control' as const]),
    ...(text.search(ZERO_WIDTH) < 0 ? [] : ['zero-width' as const]),
  ];
}

const JOINED =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Sinhala}\p{Script=Malayalam}\p{Emoji_Presentation}\u{fe0f}][\u{200c}\u{200d}]+/gu;
/** Where a word may be divided, and how an emoji looks. */
const ORDINARY = /\u{ad}|[\u{fe00}-\u{fe0f}]/gu;

/** The same of what a person wrote: joiners where a script needs them and marks that word processors set say nothing. */
export function unseenInWords(text: string): ('bidi-control' | 'zero-width')[] {
  return unseenKinds(text.replaceAll(JOINED, '').replaceAll(ORDINARY, ''));
}

/** Text without anything unseen, tabs and line ends included. */
export function withoutUnseen(text: string): string {
  return text.replaceAll(ALL, '');
}

/** Words of Latin letters with Cyrillic or Greek letters among them. */
export function mixedWords(text: string): string[] {
  const found = new Set<string>();
  for (const [word] of text.matchAll(/[\p{L}\p{M}]{3,}/gu)) {
    if (/\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word))
      found.add(word);
    if (found.size === 100) break;
  }
  return [...found];
}
