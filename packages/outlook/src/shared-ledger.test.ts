import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { array, assert, property, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import type { CountryCode } from './country.ts';
import { standardRule, type Question } from './forecast/question.ts';
import { nextLine, RANKED_MIN, type LedgerBody, type LedgerLine } from './ledger.ts';
import {
  decodeShared,
  encodeShared,
  joinLedgers,
  SHARED_MAX_BYTES,
  sharedQuestion,
  type SharedBy,
} from './shared-ledger.ts';

const { crypto } = nativePorts;
const START = Date.parse('2026-11-21T12:00:00Z');
const CLOSED = Date.parse('2027-11-21T12:00:00Z');

function question(day: number): Question {
  const draft = {
    initiator: 'KP' as CountryCode,
    receivers: ['US'] as CountryCode[],
    group: null,
    issued: '2026-11-21',
    closes: `2026-12-${String(day).padStart(2, '0')}`,
  };
  return { ...draft, source: 'EuRepoC', rule: standardRule(draft) };
}

function chain(...bodies: ((lines: readonly LedgerLine[]) => LedgerBody)[]): LedgerLine[] {
  const lines: LedgerLine[] = [];
  for (const body of bodies) {
    const made = body(lines);
    const line = nextLine(crypto, lines, made, made.type === 'resolution' ? CLOSED : START);
    if (!line.ok) throw new Error(line.reason);
    lines.push(line.value);
  }
  return lines;
}

const ask =
  (day: number): (() => LedgerBody) =>
  () => ({ type: 'question', question: question(day) });

const say =
  (asked: number, p: number): ((lines: readonly LedgerLine[]) => LedgerBody) =>
  (lines) => ({
    type: 'forecast',
    question: lines[asked]?.hash ?? '',
    by: { kind: 'person', name: 'analyst' },
    p,
    interval90: null,
    baseRate: 0.1,
    rationale: 'talks were broken off',
    evidence: [],
    snapshot: null,
  });

const answer =
  (asked: number, outcome: 'yes' | 'no'): ((lines: readonly LedgerLine[]) => LedgerBody) =>
  (lines) => ({
    type: 'resolution',
    question: lines[asked]?.hash ?? '',
    resolution: { outcome, asOf: '2027-11-21', evidence: ['eurepoc:1'] },
    by: 'analyst',
    note: 'as the history has it',
    revises: null,
  });

const by = (party: string, lines: readonly LedgerLine[], receivedMs = START): SharedBy => ({
  who: `${party} / Somebody`,
  party,
  device: `device of ${party}`,
  lines: lines.map((line, i) => ({ line, entry: 10 + i, receivedMs })),
});

it('shared lines come back as they were, in as many statements as the record asks for', () => {
  const lines = chain(...Array.from({ length: 200 }, () => ask(18)));
  const statements = encodeShared(lines);
  expect(statements.length).toBeGreaterThan(1);
  const read = statements.flatMap((one) => {
    expect(one.length).toBeLessThanOrEqual(SHARED_MAX_BYTES);
    const decoded = decodeShared(crypto, one);
    return decoded.ok ? decoded.value : [];
  });
  expect(read).toEqual(lines);
});

it.each<[string, (text: string) => string, string]>([
  ['a changed probability', (text) => text.replace('0.25', '0.95'), 'changed-line'],
  ['a probability above one', (text) => text.replace('0.25', '25'), 'wrong-shape'],
  ['a question of nobody', (text) => text.replace('"KP"', '""'), 'wrong-shape'],
  ['31 February', (text) => text.replace('2026-12-18', '2026-02-31'), 'wrong-shape'],
  ['a forecaster of no kind', (text) => text.replace('"person"', '"oracle"'), 'wrong-shape'],
  ['a hash that is none', (text) => text.replaceAll(/"hash":"../g, '"hash":"ZZ'), 'wrong-shape'],
  ['a later version', (text) => text.replace('"version":1', '"version":2'), 'not-a-ledger'],
  ['half of it', (text) => text.slice(0, 300), 'not-a-ledger'],
  [
    'lines that are none',
    () => '{"format":"parley-outlook-ledger","lines":7,"version":1}',
    'wrong-shape',
  ],
])('a statement with %s is refused', (_, change, reason) => {
  const [statement] = encodeShared(chain(ask(18), say(0, 0.25)));
  const text = change(new TextDecoder().decode(statement));
  expect(decodeShared(crypto, utf8(text))).toMatchObject({ ok: false, reason });
});

it('no bytes make the decoder throw', () => {
  assert(
    property(array(uint8Array({ maxLength: 200 })), (pieces) => {
      for (const piece of pieces) expect(decodeShared(crypto, piece).ok).toBe(false);
    }),
    { numRuns: process.env['SLOW'] === undefined ? 50 : 5000 },
  );
});

it('the same question asked by two sides is one, and both are scored on it under their own names', () => {
  const alpha = by('Alpha', chain(ask(18), say(0, 0.25), answer(0, 'yes')));
  const beta = by('Beta', chain(ask(5), ask(18), say(1, 0.75)));
  const joint = joinLedgers([alpha, beta]);
  expect(joint.questions.map(({ settled }) => settled)).toEqual(['open', 'yes']);
  expect(joint.questions[1]?.askedBy).toEqual(['Alpha / Somebody', 'Beta / Somebody']);
  const scores = joint.scores.map(({ forecaster, brier, rank }) => [
    forecaster,
    brier?.value,
    rank,
  ]);
  expect(scores).toEqual([
    ['Alpha / Somebody: analyst', 0.5625, null],
    ['Beta / Somebody: analyst', 0.0625, null],
  ]);
});

it('answers that differ between the parties settle nothing', () => {
  const alpha = by('Alpha', chain(ask(18), say(0, 0.25), answer(0, 'yes')));
  const beta = by('Beta', chain(ask(18), answer(0, 'no')));
  const joint = joinLedgers([alpha, beta]);
  expect(joint.questions[0]?.settled).toBe('disputed');
  expect(joint.scores[0]).toMatchObject({ resolved: 0, brier: null });
});

it('what reached the record after the question closed is shown and not scored', () => {
  const lines = chain(ask(18), say(0, 0.99), answer(0, 'yes'));
  const joint = joinLedgers([by('Alpha', lines, Date.parse('2026-12-19T00:00:01Z'))]);
  expect(joint.questions[0]?.forecasts[0]?.late).toBe(true);
  expect(joint.scores).toEqual([]);
});

it('two lines with one number are two stories: named, and not scored', () => {
  const kept = chain(ask(18), say(0, 0.25));
  const other = chain(ask(18), say(0, 0.75));
  const alpha = by('Alpha', [...kept, ...other]);
  const joint = joinLedgers([alpha]);
  expect(joint.remarks.join()).toContain('two stories of line 2');
  expect(joint.questions[0]?.forecasts).toEqual([]);
});

it('nobody is ranked on fewer than twenty resolved questions, and from then on everybody alike', () => {
  const many = (count: number, p: number): LedgerLine[] =>
    chain(
      ...Array.from({ length: count }, (_, i) => ask(1 + i)),
      ...Array.from({ length: count }, (_, i) => say(i, p)),
      ...Array.from({ length: count }, (_, i) => answer(i, i % 5 === 0 ? 'yes' : 'no')),
    );
  const under = joinLedgers([by('Alpha', many(RANKED_MIN - 1, 0.2))]);
  expect(under.scores.map(({ rank }) => rank)).toEqual([null]);
  const enough = joinLedgers([
    by('Alpha', many(RANKED_MIN, 0.2)),
    by('Beta', many(RANKED_MIN, 0.9)),
  ]);
  expect(enough.scores.map(({ rank }) => rank)).toEqual([1, 2]);
  const [best] = enough.scores;
  expect(best?.brier?.interval90.low).toBeLessThan(best?.brier?.value ?? 0);
});

it('a shared question is found by the beginning of its hash, and only where it is one', () => {
  const lines = chain(ask(18), ask(5));
  const shared = [by('Alpha', lines)];
  expect(sharedQuestion(shared, lines[0]?.hash.slice(0, 12) ?? '')).toEqual(question(18));
  expect(sharedQuestion(shared, '')).toBeUndefined();
});
