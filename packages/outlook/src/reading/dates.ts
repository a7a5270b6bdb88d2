// Dates in prose: absolute, relative and vague ones, each as a span of days that is no more precise than the words.

import * as chrono from 'chrono-node';
import {
  civilOf,
  readCivil,
  spanOfDay,
  spanOfMonth,
  spanOfYear,
  textOfDay,
  weekday,
  type Day,
  type Span,
} from '../calendar.ts';

export type DateMention = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly span: Span;
  /** After the day of publication. */ readonly future: boolean;
};

const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  few: 3,
  several: 4,
  couple: 2,
};
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const range = (start: number, end: number): Span => ({
  start: textOfDay(start as Day),
  end: textOfDay(end as Day),
  precision: 'range',
});

function monthsBefore(day: Day, months: number): { year: number; month: number } {
  const { year, month } = civilOf(day);
  const index = year * 12 + month - 1 - months;
  return { year: Math.floor(index / 12), month: (((index % 12) + 12) % 12) + 1 };
}

type Found = { start: number; end: number; span: Span };

type Rule = {
  readonly pattern: RegExp;
  readonly read: (match: RegExpMatchArray, reference: Day, sentence: string) => Span | undefined;
};

const number = (text: string | undefined): number =>
  NUMBERS[(text ?? '').toLowerCase()] ?? Number(text);

const SEASONS: Readonly<Record<string, readonly [number, number]>> = {
  spring: [3, 5],
  summer: [6, 8],
  autumn: [9, 11],
  fall: [9, 11],
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAMES =
  '(January|February|March|April|May|June|July|August|September|October|November|December)';
const monthNumber = (name: string | undefined): number =>
  MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;

/** A day without its year: the latest one that is not after the article, unless the sentence looks ahead. */
function dayWithoutYear(
  month: number,
  dayOfMonth: number,
  reference: Day,
  sentence: string,
): Day | undefined {
  const { year } = civilOf(reference);
  const here = readCivil(year, month, dayOfMonth);
  if (here.ok && (here.value <= reference || isFuture(sentence))) return here.value;
  const before = readCivil(year - 1, month, dayOfMonth);
  return before.ok ? before.value : undefined;
}

function dayRange(
  first: string | undefined,
  last: string | undefined,
  month: string | undefined,
  year: string | undefined,
  reference: Day,
  sentence: string,
): Span | undefined {
  const number = monthNumber(month);
  const end =
    year === undefined ? dayWithoutYear(number, Number(last), reference, sentence) : undefined;
  const read = year === undefined ? undefined : readCivil(Number(year), number, Number(last));
  const until = end ?? (read?.ok === true ? read.value : undefined);
  if (until === undefined || Number(first) > Number(last)) return undefined;
  return range(until - (Number(last) - Number(first)), until);
}

/** What chrono reads too precisely or not at all. */
const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:between|from) (\d{1,2}) (?:and|to) (\d{1,2}) ${MONTH_NAMES}(?:,? ((?:19|20)\d\d))?`,
      'g',
    ),
    read: (match, reference, sentence) =>
      dayRange(match[1], match[2], match[3], match[4], reference, sentence),
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:between|from) ${MONTH_NAMES} (\d{1,2}) (?:and|to) (\d{1,2})(?:,? ((?:19|20)\d\d))?`,
      'g',
    ),
    read: (match, reference, sentence) =>
      dayRange(match[2], match[3], match[1], match[4], reference, sentence),
  },
  {
    // The latest such weekday up to the day of publication; "next Monday" and "will meet on Monday" look ahead.
    pattern:
      /\b(?:(next|last) )?(Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday)\b(?!,? (?:the )?\d)(?!,? (?:January|February|March|April|May|June|July|August|September|October|November|December))/g,
    read: (match, reference, sentence) => {
      const back = (weekday(reference) - WEEKDAYS.indexOf((match[2] ?? '').toLowerCase()) + 7) % 7;
      const ahead =
        match[1] === 'next' ||
        (/\b(?:will|is to|are to|scheduled|planned|due)\b/.test(sentence) &&
          match[1] === undefined &&
          !/\bsaid\b/.test(sentence));
      return spanOfDay((ahead ? reference - back + 7 : reference - back) as Day);
    },
  },
  {
    pattern: /\b(?:the )?(?:day before )?yesterday\b|\blast night\b/gi,
    read: (match, reference) => spanOfDay((reference - (/before/i.test(match[0]) ? 2 : 1)) as Day),
  },
  {
    pattern: /\btoday\b|\bthis morning\b|\bearlier today\b/gi,
    read: (_match, reference) => spanOfDay(reference),
  },
  {
    pattern:
      /\b(a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}) days? (?:ago|earlier)\b/gi,
    read: (match, reference) => spanOfDay((reference - number(match[1])) as Day),
  },
  {
    pattern: /\b(a|one|two|three|four|five|six|seven|eight|\d{1,2}) weeks? ago\b/gi,
    read: (match, reference) =>
      range(reference - 7 * number(match[1]) - 3, reference - 7 * number(match[1]) + 3),
  },
  {
    pattern: /\b(a|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) months? ago\b/gi,
    read: (match, reference) => {
      const { year, month } = monthsBefore(reference, number(match[1]));
      return spanOfMonth(year, month);
    },
  },
  {
    pattern: /\b(a|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) years? ago\b/gi,
    read: (match, reference) => spanOfYear(civilOf(reference).year - number(match[1])),
  },
  {
    pattern: /\b(last|this|earlier this) week\b/gi,
    read: (match, reference) => {
      const monday = reference - ((weekday(reference) + 6) % 7) - (/last/i.test(match[0]) ? 7 : 0);
      return range(monday, monday + 6);
    },
  },
  {
    pattern: /\b(last|this|earlier this) month\b/gi,
    read: (match, reference) => {
      const { year, month } = monthsBefore(reference, /last/i.test(match[0]) ? 1 : 0);
      return spanOfMonth(year, month);
    },
  },
  {
    pattern: /\b(last|this|earlier this|late last|early last) year\b/gi,
    read: (match, reference) =>
      spanOfYear(civilOf(reference).year - (/last/i.test(match[0]) ? 1 : 0)),
  },
  {
    pattern: /\bin (?:the )?(spring|summer|autumn|fall)(?: of)? ((?:19|20)\d\d)\b/gi,
    read: (match) => {
      const [first, last] = SEASONS[(match[1] ?? '').toLowerCase()] ?? [1, 12];
      return {
        start: spanOfMonth(Number(match[2]), first).start,
        end: spanOfMonth(Number(match[2]), last).end,
        precision: 'range',
      };
    },
  },
];

const MONTH_YEAR =
  /(?<!\b\d{1,2}(?:st|nd|rd|th)? )\b(?:early |late |mid-)?(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?,? ((?:19|20)\d\d)\b/g;
const YEAR_ONLY =
  /\b(?:in|during|since|of|early|late|mid|until|from|between|by|throughout) ?-?((?:19|20)\d\d)\b(?!\s*(?:percent|dollars|people|computers|sites|machines|%))/gi;
/** A month by itself: "in March". "May" counts only after "in", "last" or "since", for it is also a verb. */
const MONTH_ONLY =
  /\b(?:in|last|since|during|early|late|mid-|of)\s+(January|February|March|April|May|June|July|August|September|October|November|December)\b(?!\s+\d)/g;

function overlaps(found: readonly Found[], start: number, end: number): boolean {
  return found.some((one) => start < one.end && end > one.start);
}

const isFuture = (text: string): boolean =>
  /\b(?:will|next|upcoming|planned|scheduled|due|set for|to be held|coming|expected|agreed to|plans? to)\b/i.test(
    text,
  );

/** chrono's own date without a year goes to the nearest one; what is reported lies in the past unless the sentence says not. */
function chronoSpan(
  result: chrono.ParsedResult,
  reference: Day,
  sentence: string,
): Span | undefined {
  const { start } = result;
  const month = start.get('month');
  const day = start.get('day');
  let year = start.get('year');
  if (month === null || day === null || year === null) return undefined;
  const exact = start.isCertain('day') || start.isCertain('weekday');
  if (!exact) {
    if (!start.isCertain('month')) return undefined;
    const first = readCivil(year, month, 1);
    if (first.ok && !start.isCertain('year') && first.value > reference && !isFuture(sentence))
      year--;
    return first.ok ? spanOfMonth(year, month) : undefined;
  }
  let read = readCivil(year, month, day);
  if (!read.ok) return undefined;
  const named = WEEKDAYS.some((name) => result.text.toLowerCase().includes(name));
  if (!start.isCertain('year') && read.value > reference && !isFuture(sentence)) {
    read =
      named && !start.isCertain('day')
        ? readCivil(
            ...(textOfDay((read.value - 7) as Day)
              .split('-')
              .map(Number) as [number, number, number]),
          )
        : readCivil(year - 1, month, day);
  }
  return read.ok ? spanOfDay(read.value) : undefined;
}

/** Dates of one sentence, in order, none inside another. `offset` is where the sentence stands in the text. */
export function datesIn(sentence: string, reference: Day, offset = 0): DateMention[] {
  const found: Found[] = [];
  const take = (match: RegExpMatchArray, span: Span | undefined): void => {
    const start = match.index ?? 0;
    if (span !== undefined && !overlaps(found, start, start + match[0].length))
      found.push({ start, end: start + match[0].length, span });
  };
  for (const { pattern, read } of RULES)
    for (const match of sentence.matchAll(pattern)) take(match, read(match, reference, sentence));
  const instant = new Date(reference * 86_400_000 + 43_200_000);
  for (const result of chrono.en.casual.parse(sentence, { instant, timezone: 0 })) {
    if (overlaps(found, result.index, result.index + result.text.length)) continue;
    // "An hour before" and "a week after" are no dates by themselves.
    if (
      !/\d/.test(result.text) &&
      !/\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.test(result.text)
    )
      continue;
    if (/\b(?:after|before|later|earlier)\b/i.test(result.text)) continue;
    // "4:30 p.m." alone is a time of an unknown day.
    if (
      !/[A-Za-z]{3}|\d{4}-\d|\d\/\d/.test(result.text) ||
      /^\d{1,2}(:\d\d)?\s*[ap]\.?m/i.test(result.text)
    )
      continue;
    const span = chronoSpan(result, reference, sentence);
    if (span === undefined) continue;
    const end =
      result.end?.isCertain('day') === true
        ? readCivil(
            result.end.get('year') ?? 0,
            result.end.get('month') ?? 0,
            result.end.get('day') ?? 0,
          )
        : undefined;
    const whole: Span =
      end?.ok === true && span.precision === 'day' && textOfDay(end.value) > span.start
        ? { start: span.start, end: textOfDay(end.value), precision: 'range' }
        : span;
    found.push({ start: result.index, end: result.index + result.text.length, span: whole });
  }
  for (const match of sentence.matchAll(MONTH_YEAR))
    take(
      match,
      spanOfMonth(Number(match[2]), MONTHS.indexOf((match[1] ?? '').slice(0, 3).toLowerCase()) + 1),
    );
  for (const match of sentence.matchAll(MONTH_ONLY)) {
    const month = MONTHS.indexOf((match[1] ?? '').slice(0, 3).toLowerCase()) + 1;
    const now = civilOf(reference);
    const year = month > now.month && !isFuture(sentence) ? now.year - 1 : now.year;
    take(match, spanOfMonth(year, month));
  }
  for (const match of sentence.matchAll(YEAR_ONLY)) take(match, spanOfYear(Number(match[1])));
  const until = textOfDay(reference);
  return found
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end, span }) => ({
      start: start + offset,
      end: end + offset,
      text: sentence.slice(start, end),
      span,
      future: span.start > until,
    }));
}

export type Horizon = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly fromDays: number;
  readonly toDays: number;
  /** The words name no number: a person must fix it before it can be scored. */ readonly vague: boolean;
};

const UNIT_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, year: 365 };
const HORIZON =
  /\b(?:in|over|within|during)\s+(?:the\s+)?(?:(coming|next|following|near)\s+)?(few|several|couple of|\d{1,3}|two|three|four|five|six|twelve)?\s*(days?|weeks?|months?|years?)(?:\s+(?:and|or|to)\s+(days?|weeks?|months?|years?))?(?:\s+(?:ahead|to come))?\b/gi;

/** How far a forecast looks, as its words say: "in the coming weeks and months" is up to three months, and vague. */
export function horizonIn(sentence: string, reference: Day, offset = 0): Horizon | undefined {
  const yearEnd = /\b(?:by|before) (?:the )?end of (?:the|this) year\b/i.exec(sentence);
  if (yearEnd !== null) {
    const { year } = civilOf(reference);
    const last = readCivil(year, 12, 31);
    return {
      start: offset + yearEnd.index,
      end: offset + yearEnd.index + yearEnd[0].length,
      text: yearEnd[0],
      fromDays: 0,
      toDays: last.ok ? last.value - reference : 365,
      vague: false,
    };
  }
  const next = /\b(?:next|this coming) (week|month|year)\b/i.exec(sentence);
  for (const match of sentence.matchAll(HORIZON)) {
    if (match[1] === undefined && match[2] === undefined) continue;
    const unit = (text: string): number => UNIT_DAYS[text.toLowerCase().replace(/s$/, '')] ?? 30;
    const count = match[2] === undefined ? 3 : number(match[2].replace(/ of$/, ''));
    const first = unit(match[3] ?? 'month') * count;
    const second = match[4] === undefined ? 0 : unit(match[4]) * 3;
    return {
      start: offset + match.index,
      end: offset + match.index + match[0].length,
      text: match[0],
      fromDays: 0,
      toDays: Math.max(first, second),
      vague:
        match[2] === undefined || /few|several|couple/.test(match[2]) || match[4] !== undefined,
    };
  }
  if (next === null) return undefined;
  return {
    start: offset + next.index,
    end: offset + next.index + next[0].length,
    text: next[0],
    fromDays: 0,
    toDays: 2 * (UNIT_DAYS[(next[1] ?? '').toLowerCase()] ?? 30),
    vague: true,
  };
}
