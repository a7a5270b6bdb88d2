// Posture: how tightly a channel works. Each party has a level, the room applies the strictest, and only people move it.

import {
  accept,
  assert,
  boolean as codecBoolean,
  bytes,
  nullable,
  refuse,
  sameBytes,
  struct,
  text,
  uint,
  variant,
  word,
  type Codec,
  type Decoded,
  type Verdict,
} from '@parley/kernel';

export const POSTURE_LEVELS = ['calm', 'elevated', 'severe'] as const;
export type PostureLevel = (typeof POSTURE_LEVELS)[number];

/** What a level asks of everybody in the room. */
export type PostureRules = {
  /** How a document is rebuilt: keep its structure, or keep nothing but its pixels. */
  readonly disarmMode: 'structure' | 'pixel';
  /** People who must release a document before it leaves. */
  readonly releaseApprovals: 1 | 2;
  readonly deviceAdmission: 'one-officer' | 'two-officers' | 'frozen';
  /** A member's key is renewed at least this often. */
  readonly keyUpdateHours: number;
  readonly directoryAdditions: 'one-officer' | 'two-officers' | 'frozen';
  /** Every document and message must be acknowledged by the other side's desk. */
  readonly receiptsRequired: boolean;
  /** `padme`: sizes leak little; `buckets`: a few sizes only. */
  readonly padding: 'padme' | 'buckets';
  /** Empty envelopes at this interval, so that silence looks like talk. Null: none. */
  readonly coverTrafficMinutes: number | null;
  /** A courier bundle is prepared at this interval, for the day the network goes. Null: on request. */
  readonly courierBundleHours: number | null;
  /** A test message both ways, and how long an answer may take. */
  readonly lineCheckHours: number;
  readonly lineCheckAnswerMinutes: number;
  /** After two officers agreed to lower from this level, it stays this long. */
  readonly lowerWaitHours: number;
};

/** The whole of what posture changes. docs/posture.md prints this table, and a test compares the two. */
export const POSTURE_TABLE: Readonly<Record<PostureLevel, PostureRules>> = {
  calm: {
    disarmMode: 'structure',
    releaseApprovals: 1,
    deviceAdmission: 'one-officer',
    keyUpdateHours: 168,
    directoryAdditions: 'one-officer',
    receiptsRequired: false,
    padding: 'padme',
    coverTrafficMinutes: null,
    courierBundleHours: null,
    lineCheckHours: 168,
    lineCheckAnswerMinutes: 1440,
    lowerWaitHours: 0,
  },
  elevated: {
    disarmMode: 'pixel',
    releaseApprovals: 2,
    deviceAdmission: 'two-officers',
    keyUpdateHours: 24,
    directoryAdditions: 'two-officers',
    receiptsRequired: true,
    padding: 'padme',
    coverTrafficMinutes: null,
    courierBundleHours: 24,
    lineCheckHours: 24,
    lineCheckAnswerMinutes: 240,
    lowerWaitHours: 24,
  },
  severe: {
    disarmMode: 'pixel',
    releaseApprovals: 2,
    deviceAdmission: 'frozen',
    keyUpdateHours: 4,
    directoryAdditions: 'frozen',
    receiptsRequired: true,
    padding: 'buckets',
    coverTrafficMinutes: 10,
    courierBundleHours: 6,
    lineCheckHours: 4,
    lineCheckAnswerMinutes: 60,
    lowerWaitHours: 48,
  },
};

export function strictestLevel(levels: Iterable<PostureLevel>): PostureLevel {
  let found = 0;
  for (const level of levels) found = Math.max(found, POSTURE_LEVELS.indexOf(level));
  return POSTURE_LEVELS[found] ?? 'calm';
}

const REASON_BYTES_MAX = 1000;

const level = word(POSTURE_LEVELS);

/**
 * What an outlook says when it proposes a level: plain data, made elsewhere, that a person reads. It changes nothing.
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

/** The table in words, one row per rule: for screens and docs. */
export function postureRows(): readonly (readonly string[])[] {
  const hours = (value: number): string => (value % 24 === 0 ? `${value / 24} d` : `${value} h`);
  const row = (name: string, of: (rules: PostureRules) => string): string[] => [
    name,
    ...POSTURE_LEVELS.map((one) => of(POSTURE_TABLE[one])),
  ];
  return [
    row('documents are rebuilt as', (rules) =>
      rules.disarmMode === 'pixel' ? 'pixels only' : 'structure',
    ),
    row('people who release a document', (rules) => String(rules.releaseApprovals)),
    row('new devices', (rules) => rules.deviceAdmission.replace('-', ' ')),
    row('keys renewed every', (rules) => hours(rules.keyUpdateHours)),
    row('directory additions', (rules) => rules.directoryAdditions.replace('-', ' ')),
    row('receipts required', (rules) => (rules.receiptsRequired ? 'yes' : 'no')),
    row('padding', (rules) => rules.padding),
    row('cover traffic every', (rules) =>
      rules.coverTrafficMinutes === null ? 'none' : `${rules.coverTrafficMinutes} min`,
    ),
    row('courier bundle every', (rules) =>
      rules.courierBundleHours === null ? 'on request' : hours(rules.courierBundleHours),
    ),
    row('line check every', (rules) => hours(rules.lineCheckHours)),
    row('line check answered within', (rules) =>
      rules.lineCheckAnswerMinutes % 60 === 0
        ? hours(rules.lineCheckAnswerMinutes / 60)
        : `${rules.lineCheckAnswerMinutes} min`,
    ),
    row('wait before lowering', (rules) =>
      rules.lowerWaitHours === 0 ? '–' : hours(rules.lowerWaitHours),
    ),
  ];
}
