// Questions and yardsticks as the command line writes them.

import {
  checkQuestion,
  countryCode,
  day,
  KIND_GROUPS,
  readDay,
  standardRule,
  textOfDay,
  type CountryCode,
  type Day,
  type Question,
  type Yardstick,
} from '@parley/outlook';
import { printable, Stop } from '../shell.ts';

export const today = (): Day => day(new Date().toISOString().slice(0, 10));

export function country(text: string): CountryCode {
  const code = countryCode(text);
  if (code === undefined)
    throw new Stop(
      2,
      'unknown-country',
      `"${printable(text)}" is no country we know.`,
      'use a name or a two-letter code such as KP',
    );
  return code;
}

export function date(text: string, option: string): Day {
  const read = readDay(text);
  if (!read.ok)
    throw new Stop(
      2,
      read.reason,
      `${option}: ${printable(read.detail ?? text)}.`,
      'write a date as 2026-11-21',
    );
  return read.value;
}

export type AskFlags = {
  who: string;
  against: string;
  kind?: string;
  days?: string;
  by?: string;
  issued?: string;
  source?: string;
  rule?: string;
};

export function questionOf(flags: AskFlags): Question {
  const group =
    flags.kind === undefined
      ? null
      : (KIND_GROUPS.find((known) => known === flags.kind) ?? undefined);
  if (group === undefined)
    throw new Stop(2, 'bad-option', `--kind is one of ${KIND_GROUPS.join(', ')}.`);
  const issued = flags.issued === undefined ? today() : date(flags.issued, '--issued');
  const days = Number(flags.days ?? '28');
  if (!Number.isInteger(days) || days < 1)
    throw new Stop(2, 'bad-option', '--days is a whole number of days.');
  const closes = flags.by === undefined ? ((issued + days - 1) as Day) : date(flags.by, '--by');
  const draft = {
    initiator: country(flags.who),
    receivers: [...new Set(flags.against.split(',').map(country))],
    group,
    issued: textOfDay(issued),
    closes: textOfDay(closes),
  };
  const question = checkQuestion({
    ...draft,
    source: flags.source ?? 'EuRepoC Global Database',
    rule: flags.rule ?? standardRule(draft),
  });
  if (!question.ok)
    throw new Stop(
      2,
      question.reason,
      `The question cannot be settled: ${printable(question.detail ?? question.reason)}.`,
    );
  return question.value;
}

export function yardstick(text: string | undefined): Yardstick {
  if (text === undefined || text === 'icd203' || text === 'phia') return text ?? 'icd203';
  throw new Stop(2, 'bad-option', '--words is icd203 or phia.');
}
