// What an outlook says when it proposes a level: a value that a person reads. Nothing turns it into a level.

import {
  accept,
  boolean as codecBoolean,
  nullable,
  refuse,
  struct,
  text,
  uint,
  utf8,
  word,
  type Decoded,
  type Verdict,
} from '@parley/kernel';
import { POSTURE_LEVELS } from './posture-table.ts';

const level = word(POSTURE_LEVELS);
/** What goes into an entry as a reason has the same limit. */
export const REASON_BYTES_MAX = 1000;

/**
 * Plain data, made elsewhere: the trigger, what is at stake, and the chance beside it.
 * Chances are in hundredths of a per cent, because canonical bytes hold no fractions.
 */
export const adviceCodec = struct({
  trigger: text(200),
  stakes: text(REASON_BYTES_MAX),
  proposes: level,
  chance: nullable(
    struct({
      basisPoints: uint(10_000),
      lowBasisPoints: uint(10_000),
      highBasisPoints: uint(10_000),
      baseBasisPoints: uint(10_000),
    }),
  ),
  horizonDays: uint(366),
  measuredSkill: codecBoolean(),
  source: text(200),
});
export type Advice = Decoded<typeof adviceCodec>;

export type AdviceReason = 'bad-chance' | 'empty' | 'too-long' | 'bad-horizon';

/** A probability as an outlook states it: fractions, with its interval and the base rate beside it. */
export type Chance = {
  readonly p: number;
  readonly low: number;
  readonly high: number;
  readonly base: number;
};

/** Advice from plain numbers and words. Refuses what could not be carried: chances outside [low, high], empty words. */
export function makeAdvice(
  draft: Omit<Advice, 'chance'> & { readonly chance: Chance | null },
): Verdict<Advice, AdviceReason> {
  const { trigger, stakes, source, chance, horizonDays } = draft;
  if (trigger.trim() === '' || stakes.trim() === '') return refuse('empty');
  const fits = utf8(trigger).length <= 200 && utf8(stakes).length <= REASON_BYTES_MAX;
  if (!fits || utf8(source).length > 200) return refuse('too-long');
  if (!Number.isInteger(horizonDays) || horizonDays < 1 || horizonDays > 366)
    return refuse('bad-horizon');
  if (chance === null) return accept({ ...draft, chance });
  const { p, low, high, base } = chance;
  const inside = 0 <= low && low <= p && p <= high && high <= 1 && base >= 0 && base <= 1;
  if (!inside) return refuse('bad-chance');
  const basisPoints = (value: number): number => Math.round(value * 10_000);
  return accept({
    ...draft,
    chance: {
      basisPoints: basisPoints(p),
      lowBasisPoints: basisPoints(low),
      highBasisPoints: basisPoints(high),
      baseBasisPoints: basisPoints(base),
    },
  });
}

/** The sentence an officer reads before deciding: the stakes first, then the chance, then what it is worth. */
export function adviceText(advice: Advice): string {
  const percent = (basisPoints: number): string => `${(basisPoints / 100).toFixed(1)} %`;
  const { chance } = advice;
  const number =
    chance === null
      ? 'No probability is given.'
      : `Chance within ${advice.horizonDays} days: ${percent(chance.basisPoints)} (${percent(chance.lowBasisPoints)} to ${percent(chance.highBasisPoints)}), base rate ${percent(chance.baseBasisPoints)}.`;
  const worth = advice.measuredSkill
    ? ''
    : ' For this trigger there is no measured skill: decide by the stakes.';
  return `${advice.trigger}. ${advice.stakes} ${number}${worth} ${advice.source} proposes: ${advice.proposes}. Only an officer decides.`;
}
