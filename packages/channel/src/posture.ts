// Posture: how tightly a channel works. Each party has a level, the room applies the strictest, and only people move it.

import {
  accept,
  assert,
  bytes,
  nullable,
  refuse,
  sameBytes,
  struct,
  text,
  variant,
  word,
  type Codec,
  type Decoded,
  type Verdict,
} from '@parley/kernel';
import { adviceCodec, REASON_BYTES_MAX } from './posture-advice.ts';
import {
  POSTURE_LEVELS,
  POSTURE_TABLE,
  strictestLevel,
  type PostureLevel,
  type PostureRules,
} from './posture-table.ts';

const level = word(POSTURE_LEVELS);

/** What an officer's entry says. The entry itself carries who signed it and when; a lowering names the proposal's entry. */
export const postureActCodec = variant({
  raise: struct({ to: level, reason: text(REASON_BYTES_MAX), advice: nullable(adviceCodec) }),
  'propose-lower': struct({ to: level, reason: text(REASON_BYTES_MAX) }),
  'agree-lower': struct({ proposal: bytes({ exactly: 32 }) }),
  'keep-level': struct({ proposal: bytes({ exactly: 32 }), reason: text(REASON_BYTES_MAX) }),
});
export type PostureAct = Decoded<typeof postureActCodec>;

/** The codec of the act as an entry's body. */
export const postureAct: Codec<PostureAct> = postureActCodec;

type Proposal = {
  /** Leaf hash of the proposing entry. */
  readonly id: Uint8Array;
  readonly officer: string;
  readonly to: PostureLevel;
  readonly atMs: number;
  /** Set when a second officer agreed. */
  readonly effectiveMs: number | null;
};

export type PartyPosture = {
  readonly level: PostureLevel;
  readonly sinceMs: number;
  readonly lowering: Proposal | null;
};

/** Levels by party; a party without an entry is calm. */
export type PostureState = ReadonlyMap<string, PartyPosture>;

export const CALM: PostureState = new Map();

export type PostureReason =
  | 'not-an-officer'
  | 'not-higher'
  | 'not-lower'
  | 'no-reason'
  | 'no-proposal'
  | 'same-officer'
  | 'already-agreed'
  | 'time-runs-back';

/** Who acts, by the record: the party and officer of the signing device, the entry's time and leaf. */
export type PostureActor = {
  readonly party: string;
  readonly officer: string;
  readonly isOfficer: boolean;
  readonly timeMs: number;
  readonly leaf: Uint8Array;
};

const HOUR_MS = 3_600_000;

function partyAt(state: PostureState, party: string, nowMs: number): PartyPosture {
  const held = state.get(party) ?? { level: 'calm', sinceMs: 0, lowering: null };
  const { lowering } = held;
  if (lowering?.effectiveMs == null || nowMs < lowering.effectiveMs) return held;
  return { level: lowering.to, sinceMs: lowering.effectiveMs, lowering: null };
}

/** The level of one party at a time: an agreed lowering takes effect by itself when its wait is over. */
export function partyLevel(state: PostureState, party: string, nowMs: number): PostureLevel {
  return partyAt(state, party, nowMs).level;
}

/** What the room works by: the strictest of all parties' levels. */
export function roomPosture(
  state: PostureState,
  nowMs: number,
): { readonly level: PostureLevel; readonly rules: PostureRules } {
  const strictest = strictestLevel(
    [...state.keys()].map((party) => partyLevel(state, party, nowMs)),
  );
  return { level: strictest, rules: POSTURE_TABLE[strictest] };
}

function raised(
  now: PartyPosture,
  actor: PostureActor,
  to: PostureLevel,
  reason: string,
): Verdict<PartyPosture, PostureReason> {
  if (POSTURE_LEVELS.indexOf(to) <= POSTURE_LEVELS.indexOf(now.level)) {
    return refuse('not-higher', { detail: `the level is ${now.level} already` });
  }
  if (reason.trim() === '') return refuse('no-reason');
  // Raising ends any lowering under way: who raises knows something newer.
  return accept({ level: to, sinceMs: actor.timeMs, lowering: null });
}

function agreed(
  now: PartyPosture,
  actor: PostureActor,
  proposal: Uint8Array,
): Verdict<PartyPosture, PostureReason> {
  const { lowering } = now;
  if (lowering === null || !sameBytes(lowering.id, proposal)) return refuse('no-proposal');
  if (lowering.effectiveMs !== null) return refuse('already-agreed');
  if (lowering.officer === actor.officer)
    return refuse('same-officer', { detail: 'a second officer must agree' });
  const waitMs = POSTURE_TABLE[now.level].lowerWaitHours * HOUR_MS;
  return accept({ ...now, lowering: { ...lowering, effectiveMs: actor.timeMs + waitMs } });
}

/**
 * Applies one officer's act to that officer's own party. Raising takes effect at once; lowering takes a second officer and
 * the waiting time of the level it leaves. Refuses members who are no officers, times that run back within the party, and a
 * lowering that is none.
 */
export function applyPosture(
  state: PostureState,
  actor: PostureActor,
  act: PostureAct,
): Verdict<PostureState, PostureReason> {
  if (!actor.isOfficer) return refuse('not-an-officer');
  const now = partyAt(state, actor.party, actor.timeMs);
  const latestMs = Math.max(now.sinceMs, now.lowering?.atMs ?? 0);
  if (actor.timeMs < latestMs)
    return refuse('time-runs-back', { detail: 'its time lies before the last change' });
  const next = step(now, actor, act);
  if (!next.ok) return next;
  return accept(new Map([...state, [actor.party, next.value]]));
}

function step(
  now: PartyPosture,
  actor: PostureActor,
  act: PostureAct,
): Verdict<PartyPosture, PostureReason> {
  switch (act.kind) {
    case 'raise':
      return raised(now, actor, act.to, act.reason);
    case 'propose-lower':
      if (POSTURE_LEVELS.indexOf(act.to) >= POSTURE_LEVELS.indexOf(now.level))
        return refuse('not-lower', { detail: `the level is ${now.level}` });
      if (act.reason.trim() === '') return refuse('no-reason');
      return accept({
        ...now,
        lowering: {
          id: actor.leaf,
          officer: actor.officer,
          to: act.to,
          atMs: actor.timeMs,
          effectiveMs: null,
        },
      });
    case 'agree-lower':
      return agreed(now, actor, act.proposal);
    case 'keep-level':
      // Any one officer may stop a lowering until it has taken effect.
      if (now.lowering === null || !sameBytes(now.lowering.id, act.proposal))
        return refuse('no-proposal');
      return accept({ ...now, lowering: null });
    default:
      return assert(false, 'an act of a kind that the codec does not know') as never;
  }
}

export type LineCheck = { readonly sentMs: number; readonly answeredMs: number | null };

export type LineCheckStatus = 'never' | 'answered' | 'waiting' | 'failed' | 'due';

/** How the line stands by the rules in force. A late answer is a failure that is shown, however welcome it was. */
export function lineCheckStatus(
  last: LineCheck | null,
  rules: PostureRules,
  nowMs: number,
): LineCheckStatus {
  if (last === null) return 'never';
  const limitMs = last.sentMs + rules.lineCheckAnswerMinutes * 60_000;
  if (last.answeredMs === null) return nowMs > limitMs ? 'failed' : 'waiting';
  if (last.answeredMs > limitMs) return 'failed';
  return nowMs - last.sentMs >= rules.lineCheckHours * HOUR_MS ? 'due' : 'answered';
}
