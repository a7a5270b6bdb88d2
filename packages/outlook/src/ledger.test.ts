import { nativePorts } from '@parley/kernel/node';
import { array, assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day } from './calendar.ts';
import type { CountryCode } from './country.ts';
import { cautionText } from './forecast/cautions.ts';
import { adjust, forecast } from './forecast/forecast.ts';
import {
  checkQuestion,
  resolveQuestion,
  standardRule,
  type Question,
} from './forecast/question.ts';
import { chanceText, estimativeWords, rangeOfWords } from './forecast/words.ts';
import { SHIPPED_HISTORY } from './history/shipped.ts';
import {
  nextLine,
  RANKED_MIN,
  scoreLedger,
  verifyLedger,
  type LedgerBody,
  type LedgerLine,
} from './ledger.ts';

const { crypto } = nativePorts;
const START = Date.parse('2026-11-21T12:00:00Z');
const runs = { numRuns: process.env['SLOW'] === undefined ? 100 : 10_000 };

function question(over: Partial<Question> = {}): Question {
  const draft = {
    initiator: 'KP' as CountryCode,
    receivers: ['US'] as CountryCode[],
    group: null,
    issued: '2026-11-21',
    closes: '2026-12-18',
  };
  return { ...draft, source: 'EuRepoC', rule: standardRule(draft), ...over };
}

function add(lines: LedgerLine[], body: LedgerBody, timeMs = START): LedgerLine {
  const line = nextLine(crypto, lines, body, timeMs);
  if (!line.ok) throw new Error(line.reason);
  lines.push(line.value);
  return line.value;
}

const say = (
  asked: LedgerLine,
  name: string,
  p: number,
  baseRate: number | null = 0.1,
): LedgerBody => ({
  type: 'forecast',
  question: asked.hash,
  by: { kind: 'person', name },
  p,
  interval90: null,
  baseRate,
  rationale: '',
  evidence: [],
  snapshot: null,
});
const settle = (
  asked: LedgerLine,
  outcome: 'yes' | 'no',
  revises: string | null = null,
): LedgerBody => ({
  type: 'resolution',
  question: asked.hash,
  resolution: { outcome, asOf: '2027-12-31', evidence: [] },
  by: 'Ann',
  note: 'as the source has it',
  revises,
});

describe('the ledger', () => {
  it('a changed, dropped, swapped or added line is named', () => {
    const lines: LedgerLine[] = [];
    const asked = add(lines, { type: 'question', question: question() });
    add(lines, say(asked, 'Ann', 0.2));
    add(lines, say(asked, 'Bob', 0.3));
    add(lines, settle(asked, 'no'));
    expect(verifyLedger(crypto, JSON.parse(JSON.stringify(lines)) as unknown[])).toEqual({
      ok: true,
      value: lines,
    });
    const changed = structuredClone(lines);
    Object.assign(changed[1]?.body ?? {}, { p: 0.01 });
    expect(verifyLedger(crypto, changed)).toMatchObject({
      ok: false,
      reason: 'changed-line',
      at: 2,
    });
    expect(verifyLedger(crypto, lines.toSpliced(1, 1))).toMatchObject({
      ok: false,
      reason: 'wrong-order',
      at: 2,
    });
    expect(verifyLedger(crypto, [lines[0], { ...lines[2], seq: 2 }])).toMatchObject({
      ok: false,
      reason: 'broken-chain',
      at: 2,
    });
    expect(verifyLedger(crypto, [{}])).toMatchObject({ ok: false, reason: 'wrong-shape', at: 1 });
  });

  it('takes no forecast without its question, after it closed, after it was settled, or that is no probability', () => {
    const lines: LedgerLine[] = [];
    const asked = add(lines, { type: 'question', question: question() });
    expect(
      nextLine(crypto, lines, { ...say(asked, 'Ann', 0.2), question: 'ff' } as LedgerBody, START),
    ).toMatchObject({ reason: 'no-such-question' });
    expect(nextLine(crypto, lines, say(asked, 'Ann', 1.2), START)).toMatchObject({
      reason: 'bad-probability',
    });
    expect(nextLine(crypto, lines, say(asked, 'Ann', Number.NaN), START)).toMatchObject({
      reason: 'bad-probability',
    });
    expect(
      nextLine(crypto, lines, say(asked, 'Ann', 0.2), Date.parse('2026-12-19T00:00:01Z')),
    ).toMatchObject({ reason: 'question-closed' });
    const first = add(lines, settle(asked, 'no'));
    expect(nextLine(crypto, lines, say(asked, 'Ann', 0.2), START)).toMatchObject({
      reason: 'question-closed',
    });
    expect(nextLine(crypto, lines, settle(asked, 'yes'), START)).toMatchObject({
      reason: 'already-resolved',
    });
    expect(nextLine(crypto, lines, settle(asked, 'yes', first.hash), START)).toMatchObject({
      ok: true,
    });
  });

  it('scores everybody alike, the last word on a question counts, and nobody is ranked under twenty', () => {
    const lines: LedgerLine[] = [];
    for (let i = 0; i < RANKED_MIN; i++) {
      const asked = add(lines, { type: 'question', question: question({ rule: `rule ${i}` }) });
      const came = i % 5 === 0;
      add(lines, say(asked, 'Careful', came ? 0.6 : 0.1, 0.2));
      add(lines, say(asked, 'Careless', 0.9, 0.2));
      if (i > 0) add(lines, say(asked, 'Newcomer', 0.5, 0.2));
      if (i === 3) add(lines, say(asked, 'Careful', 0.05, 0.2));
      add(lines, settle(asked, came ? 'yes' : 'no'));
    }
    const scores = scoreLedger(lines);
    expect(scores.map(({ forecaster, resolved, rank }) => [forecaster, resolved, rank])).toEqual([
      ['Careful', 20, 1],
      ['Careless', 20, 2],
      ['Newcomer', 19, null],
    ]);
    const [careful, careless] = scores;
    expect(careful?.forecasts).toBe(21);
    expect(careful?.skillOverBaseRate?.value).toBeGreaterThan(0);
    expect(careless?.skillOverBaseRate?.value).toBeLessThan(0);
    expect(careful?.brier?.interval90.low).toBeLessThanOrEqual(careful?.brier?.value ?? 0);
    const revised = lines.findLast((line) => line.body.type === 'resolution');
    const asked = lines.findLast((line) => line.body.type === 'question');
    if (revised === undefined || asked === undefined) throw new Error('no lines');
    add(lines, settle(asked, 'yes', revised.hash));
    expect(scoreLedger(lines)[0]?.brier?.value).not.toBe(careful?.brier?.value);
  });

  it('an open question scores nothing', () => {
    const lines: LedgerLine[] = [];
    add(lines, say(add(lines, { type: 'question', question: question() }), 'Ann', 0.2));
    expect(scoreLedger(lines)).toMatchObject([
      { forecaster: 'Ann', forecasts: 1, resolved: 0, brier: null, rank: null },
    ]);
  });
});

describe('questions', () => {
  it.each([
    [{ receivers: [] }, 'no-receiver'],
    [{ receivers: ['KP'] }, 'same-country'],
    [{ issued: '2026-02-31' }, 'bad-date'],
    [{ closes: '2026-11-01' }, 'closes-before-issue'],
    [{ closes: '2029-11-01' }, 'too-far'],
    [{ source: ' ' }, 'no-source'],
    [{ rule: '' }, 'no-rule'],
  ])('%j cannot be settled: %s', (over, reason) => {
    expect(checkQuestion(question(over as Partial<Question>))).toMatchObject({ ok: false, reason });
  });

  it('is answered by the history, and only when the history reaches beyond it', () => {
    const sony = question({ issued: '2014-11-01', closes: '2014-11-30' });
    expect(resolveQuestion(sony, SHIPPED_HISTORY, day('2016-01-01'))).toMatchObject({
      outcome: 'yes',
      evidence: ['parley:kp-2014-sony'],
    });
    expect(
      resolveQuestion(
        question({ issued: '2015-01-01', closes: '2015-01-31' }),
        SHIPPED_HISTORY,
        day('2016-01-01'),
      ),
    ).toMatchObject({ outcome: 'no' });
    expect(resolveQuestion(question(), SHIPPED_HISTORY, day('2027-06-01'))).toMatchObject({
      outcome: 'open',
    });
    const rough = question({
      initiator: 'CN' as CountryCode,
      issued: '2014-03-01',
      closes: '2014-06-30',
    });
    expect(resolveQuestion(rough, SHIPPED_HISTORY, day('2016-01-01'))).toMatchObject({
      outcome: 'unclear',
    });
  });
});

describe('a forecast', () => {
  it('holds its number, interval, base rate, profile, evidence and cautions together', () => {
    const made = forecast(
      question({ issued: '2025-07-01', closes: '2025-07-28' }),
      SHIPPED_HISTORY,
      'x',
    );
    if (!made.ok) throw new Error(made.reason);
    const { p, interval90, kinds, targets, cautions, evidence } = made.value;
    expect(interval90.low).toBeLessThan(p);
    expect(p).toBeLessThan(interval90.high);
    expect(kinds.reduce((sum, kind) => sum + kind.share, 0)).toBeCloseTo(1, 9);
    expect(targets.length).toBeGreaterThan(1);
    expect(evidence.length).toBeGreaterThan(0);
    expect(cautions.map(cautionText).join(' ')).toContain('none has measured skill');
  });

  it('knows nothing of what came after its issue date', () => {
    const asked = question({ issued: '2014-06-01', closes: '2014-06-28' });
    const past = SHIPPED_HISTORY.filter(
      (record) => (record.occurred?.end ?? '9999') < '2014-06-01',
    );
    const [whole, cut] = [forecast(asked, SHIPPED_HISTORY, 'x'), forecast(asked, past, 'x')];
    expect(whole.ok && cut.ok && Math.abs(whole.value.p - cut.value.p)).toBeLessThan(0.05);
    expect(
      whole.ok && whole.value.evidence.every((id) => past.some((record) => record.id === id)),
    ).toBe(true);
  });

  it('is moved by a person with a reason, within bounds', () => {
    const made = forecast(
      question({ issued: '2025-07-01', closes: '2025-07-28' }),
      SHIPPED_HISTORY,
      'x',
    );
    if (!made.ok) throw new Error(made.reason);
    const change = { logOdds: Math.LN2, reason: 'summit cancelled', evidence: [], by: 'Ann' };
    const moved = adjust(made.value, change);
    const odds = (p: number): number => p / (1 - p);
    expect(moved.ok && odds(moved.value.p) / odds(made.value.p)).toBeCloseTo(2, 9);
    expect(adjust(made.value, { ...change, reason: ' ' })).toMatchObject({ reason: 'no-reason' });
    expect(adjust(made.value, { ...change, logOdds: 9 })).toMatchObject({
      reason: 'adjustment-too-large',
    });
    expect(adjust(made.value, { ...change, logOdds: Number.NaN })).toMatchObject({
      reason: 'adjustment-too-large',
    });
  });

  it('refuses an empty history', () => {
    expect(forecast(question(), [], 'x')).toMatchObject({ ok: false, reason: 'no-history' });
  });
});

describe('words', () => {
  it.each([
    [0.03, 'almost no chance', 'remote chance'],
    [0.07, 'very unlikely', 'between remote chance and highly unlikely'],
    [0.3, 'unlikely', 'unlikely'],
    [0.5, 'roughly even chance', 'between realistic possibility and likely'],
    [0.6, 'likely', 'likely'],
    [0.85, 'very likely', 'highly likely'],
    [0.97, 'almost certain', 'almost certain'],
  ])('%d is "%s" by ICD 203 and "%s" by PHIA', (p, icd, phia) => {
    expect([estimativeWords(p), estimativeWords(p, 'phia')]).toEqual([icd, phia]);
  });

  it('stand beside the number, never instead of it', () => {
    expect(chanceText(0.062, 0.021, 0.118)).toBe('6.2 % (2.1 to 11.8 %), very unlikely');
    expect(rangeOfWords('probable')).toEqual({ low: 0.55, high: 0.8 });
    expect(rangeOfWords('perhaps')).toBeUndefined();
  });

  it('exist for every probability', () => {
    assert(
      property(array(double({ min: 0, max: 1, noNaN: true })), (list) => {
        for (const p of list)
          expect(estimativeWords(p, 'phia').length + estimativeWords(p).length).toBeGreaterThan(8);
      }),
      runs,
    );
  });
});
