import { decode, encode } from '@parley/kernel';
import { readFileSync } from 'node:fs';
import { array, assert, constantFrom, nat, oneof, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPosture,
  CALM,
  lineCheckStatus,
  partyLevel,
  postureAct,
  roomPosture,
  type PostureAct,
  type PostureActor,
  type PostureState,
} from './posture.ts';
import { adviceText, makeAdvice, type Advice } from './posture-advice.ts';
import { POSTURE_LEVELS, POSTURE_TABLE, postureRows, strictestLevel } from './posture-table.ts';

const HOUR = 3_600_000;
const START = 1_800_000_000_000;

function actor(party: string, officer: string, hours: number, leaf = hours): PostureActor {
  return {
    party,
    officer,
    isOfficer: true,
    timeMs: START + hours * HOUR,
    leaf: new Uint8Array(32).fill(leaf),
  };
}

const raise = (to: 'elevated' | 'severe'): PostureAct => ({
  kind: 'raise',
  to,
  reason: 'the summit was cancelled',
  advice: null,
});
const lower = (to: 'calm' | 'elevated'): PostureAct => ({
  kind: 'propose-lower',
  to,
  reason: 'talks have resumed',
});
const agree = (leaf: number): PostureAct => ({
  kind: 'agree-lower',
  proposal: new Uint8Array(32).fill(leaf),
});

function apply(state: PostureState, who: PostureActor, act: PostureAct): PostureState {
  const next = applyPosture(state, who, act);
  if (!next.ok) throw new Error(next.reason);
  return next.value;
}

describe('posture', () => {
  it('one officer raises at once, and the room works by the strictest party', () => {
    const state = apply(CALM, actor('north', 'Ann', 0), raise('severe'));
    expect(roomPosture(state, START)).toEqual({ level: 'severe', rules: POSTURE_TABLE.severe });
    expect(partyLevel(state, 'south', START)).toBe('calm');
    const both = apply(state, actor('south', 'Ben', 1), raise('elevated'));
    expect(roomPosture(both, START + 2 * HOUR).level).toBe('severe');
  });

  it('lowering takes a second officer and the waiting time of the level it leaves', () => {
    const high = apply(CALM, actor('north', 'Ann', 0), raise('severe'));
    const proposed = apply(high, actor('north', 'Ann', 10, 7), lower('calm'));
    expect(applyPosture(proposed, actor('north', 'Ann', 11), agree(7))).toMatchObject({
      ok: false,
      reason: 'same-officer',
    });
    const done = apply(proposed, actor('north', 'Bob', 12), agree(7));
    expect(partyLevel(done, 'north', START + 59 * HOUR)).toBe('severe');
    expect(partyLevel(done, 'north', START + 60 * HOUR)).toBe('calm');
    expect(applyPosture(done, actor('north', 'Cai', 13), agree(7))).toMatchObject({
      ok: false,
      reason: 'already-agreed',
    });
  });

  it('raising again, or one officer’s objection, ends a lowering under way', () => {
    const high = apply(CALM, actor('north', 'Ann', 0), raise('elevated'));
    const under = apply(
      apply(high, actor('north', 'Ann', 1, 5), lower('calm')),
      actor('north', 'Bob', 2),
      agree(5),
    );
    const again = apply(under, actor('north', 'Cai', 3), raise('severe'));
    expect(partyLevel(again, 'north', START + 400 * HOUR)).toBe('severe');
    const kept = apply(under, actor('north', 'Cai', 3), {
      kind: 'keep-level',
      proposal: new Uint8Array(32).fill(5),
      reason: 'not yet',
    });
    expect(partyLevel(kept, 'north', START + 400 * HOUR)).toBe('elevated');
  });

  it('refuses members who are no officers, sideways moves, missing reasons, strangers’ proposals and times that run back', () => {
    const state = apply(CALM, actor('north', 'Ann', 5), raise('elevated'));
    const cases: [PostureActor, PostureAct, string][] = [
      [{ ...actor('north', 'Eve', 6), isOfficer: false }, raise('severe'), 'not-an-officer'],
      [actor('north', 'Ann', 6), raise('elevated'), 'not-higher'],
      [
        actor('north', 'Ann', 6),
        { kind: 'raise', to: 'severe', reason: ' ', advice: null },
        'no-reason',
      ],
      [actor('north', 'Ann', 6), lower('elevated'), 'not-lower'],
      [actor('north', 'Ann', 6), agree(9), 'no-proposal'],
      [actor('north', 'Ann', 1), raise('severe'), 'time-runs-back'],
      [actor('south', 'Sam', 6), agree(5), 'no-proposal'],
    ];
    for (const [who, act, reason] of cases)
      expect(applyPosture(state, who, act)).toMatchObject({ ok: false, reason });
  });

  it('no officer lowers alone, whatever the order of acts', () => {
    const act = oneof(
      constantFrom<PostureAct>(
        raise('elevated'),
        raise('severe'),
        lower('calm'),
        lower('elevated'),
      ),
      nat({ max: 40 }).map(agree),
    );
    assert(
      property(array(act, { maxLength: 40 }), (acts) => {
        let state = CALM;
        let highest = 0;
        acts.forEach((one, hours) => {
          const next = applyPosture(state, actor('north', 'Ann', hours), one);
          if (next.ok) state = next.value;
          highest = Math.max(
            highest,
            POSTURE_LEVELS.indexOf(partyLevel(state, 'north', START + hours * HOUR)),
          );
        });
        expect(POSTURE_LEVELS.indexOf(partyLevel(state, 'north', START + 10_000 * HOUR))).toBe(
          highest,
        );
      }),
      { numRuns: process.env['SLOW'] === undefined ? 50 : 5000 },
    );
  });

  it('levels only tighten from calm to severe', () => {
    expect(strictestLevel([])).toBe('calm');
    for (const [a, b] of [
      ['calm', 'elevated'],
      ['elevated', 'severe'],
    ] as const) {
      const [low, high] = [POSTURE_TABLE[a], POSTURE_TABLE[b]];
      expect(high.releaseApprovals).toBeGreaterThanOrEqual(low.releaseApprovals);
      expect(high.keyUpdateHours).toBeLessThan(low.keyUpdateHours);
      expect(high.lineCheckHours).toBeLessThan(low.lineCheckHours);
      expect(high.lineCheckAnswerMinutes).toBeLessThan(low.lineCheckAnswerMinutes);
      expect(high.lowerWaitHours).toBeGreaterThan(low.lowerWaitHours);
    }
  });

  it('acts and advice survive their canonical bytes; a cut act is refused', () => {
    const advice: Advice = {
      trigger: 'The summit was cancelled',
      stakes: 'Drafts of the agreement lie in this channel.',
      proposes: 'elevated',
      chance: {
        basisPoints: 620,
        lowBasisPoints: 210,
        highBasisPoints: 1180,
        baseBasisPoints: 400,
      },
      horizonDays: 28,
      measuredSkill: false,
      source: 'parley-rate/1',
    };
    const act: PostureAct = { kind: 'raise', to: 'elevated', reason: 'as proposed', advice };
    const bytes = encode(postureAct, act);
    expect(decode(postureAct, bytes)).toEqual({ ok: true, value: act });
    expect(decode(postureAct, bytes.subarray(0, bytes.length - 1))).toMatchObject({
      ok: false,
      reason: 'truncated',
    });
    expect(adviceText(advice)).toBe(
      'The summit was cancelled. Drafts of the agreement lie in this channel. Chance within 28 days: 6.2 % (2.1 % to 11.8 %), base rate 4.0 %. For this trigger there is no measured skill: decide by the stakes. parley-rate/1 proposes: elevated. Only an officer decides.',
    );
  });

  it('makes advice from fractions, and refuses what an outlook cannot mean', () => {
    const draft = {
      trigger: 'The summit was cancelled',
      stakes: 'Drafts lie in this channel.',
      proposes: 'elevated' as const,
      horizonDays: 28,
      measuredSkill: false,
      source: 'parley-rate/1',
    };
    const chance = { p: 0.062, low: 0.021, high: 0.118, base: 0.04 };
    expect(makeAdvice({ ...draft, chance })).toMatchObject({
      ok: true,
      value: { chance: { basisPoints: 620, lowBasisPoints: 210, highBasisPoints: 1180 } },
    });
    expect(makeAdvice({ ...draft, chance: null })).toMatchObject({ ok: true });
    for (const wrong of [
      { ...chance, p: 1.2 },
      { ...chance, low: 0.07 },
      { ...chance, high: Number.NaN },
      { ...chance, base: -0.1 },
    ])
      expect(makeAdvice({ ...draft, chance: wrong })).toMatchObject({ reason: 'bad-chance' });
    expect(makeAdvice({ ...draft, stakes: ' ', chance })).toMatchObject({ reason: 'empty' });
    expect(makeAdvice({ ...draft, trigger: 'x'.repeat(201), chance })).toMatchObject({
      reason: 'too-long',
    });
    expect(makeAdvice({ ...draft, horizonDays: 0, chance })).toMatchObject({
      reason: 'bad-horizon',
    });
  });

  it('shows a line check as due, waiting, answered or failed', () => {
    const rules = POSTURE_TABLE.severe;
    expect(lineCheckStatus(null, rules, START)).toBe('never');
    expect(lineCheckStatus({ sentMs: START, answeredMs: null }, rules, START + HOUR)).toBe(
      'waiting',
    );
    expect(lineCheckStatus({ sentMs: START, answeredMs: null }, rules, START + HOUR + 1)).toBe(
      'failed',
    );
    expect(
      lineCheckStatus({ sentMs: START, answeredMs: START + 2 * HOUR }, rules, START + 3 * HOUR),
    ).toBe('failed');
    expect(
      lineCheckStatus({ sentMs: START, answeredMs: START + 60_000 }, rules, START + HOUR),
    ).toBe('answered');
    expect(
      lineCheckStatus({ sentMs: START, answeredMs: START + 60_000 }, rules, START + 4 * HOUR),
    ).toBe('due');
  });

  it('docs/posture.md prints this table and no other', () => {
    const page = readFileSync(new URL('../../../docs/posture.md', import.meta.url), 'utf8');
    const rows = page
      .split('\n')
      .filter(
        (line) => line.startsWith('| ') && !line.startsWith('| |') && !line.startsWith('| ---'),
      )
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(rows).toEqual(postureRows());
  });
});
