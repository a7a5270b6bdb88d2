// Posture and the line as the record says it: channel's rules applied to the entries, in their order.
//
// Every act is an entry; an act against the rules changes nothing.

import {
  CALM,
  applyPosture,
  lineCheckStatus,
  partyLevel,
  roomPosture,
  type LineCheckStatus,
  type PostureAct,
  type PostureLevel,
  type PostureRules,
  type PostureState,
} from '@parley/channel';
import { asLeafHash, type LeafHash } from '@parley/record';
import type { Context, OpenCard } from './context.ts';
import { isRoomName } from './room-name.ts';
import { statements, type Statement } from './statements.ts';

export type LineView = {
  readonly status: LineCheckStatus;
  readonly lastCheckMs: number | null;
  readonly answeredMs: number | null;
  readonly answerBeforeMs: number | null;
};

export const POSTURE_KINDS = ['posture-raised', 'posture-lowering'] as const;

export const leafBytes = (hex: string): LeafHash =>
  asLeafHash(Uint8Array.from(Buffer.from(hex, 'hex')));

/** Naming the level that holds, while a lowering is under way, ends the lowering. */
function actOf({ body, party }: Statement, state: PostureState): PostureAct | undefined {
  if (body.kind === 'posture-raised') {
    const held = state.get(party.fingerprint);
    if (held?.level === body.level && held.lowering !== null)
      return { kind: 'keep-level', proposal: held.lowering.id, reason: body.reason };
    return { kind: 'raise', to: body.level, reason: body.reason, advice: null };
  }
  if (body.kind !== 'posture-lowering') return undefined;
  return body.confirms === null
    ? { kind: 'propose-lower', to: body.level, reason: body.reason }
    : { kind: 'agree-lower', proposal: body.confirms };
}

export type Replayed = { readonly state: PostureState; readonly said: readonly Statement[] };

export function replayPosture(context: Context, card: OpenCard): Replayed {
  const said = [...statements(context, card, POSTURE_KINDS)];
  const { devices } = context.room(card).transcript;
  let state = CALM;
  for (const one of said) {
    const act = actOf(one, state);
    if (act === undefined) continue;
    const actor = {
      party: one.party.fingerprint,
      officer: one.member,
      isOfficer: devices.get(one.deviceId)?.certificate.role === 'officer',
      // By our own clock: a wrong clock of theirs must neither stop a raising nor shorten a wait.
      timeMs: one.receivedMs,
      leaf: leafBytes(one.leaf),
    };
    const applied = applyPosture(state, actor, act);
    if (applied.ok) state = applied.value;
  }
  return { state, said };
}

/** What the room works by now. */
export function rulesOf(
  context: Context,
  card: OpenCard,
): { level: PostureLevel; rules: PostureRules } {
  // The plenary's posture is that of all rooms of the channel.
  const plenary = isRoomName(card.name) ? context.plenaryOf(card) : card;
  return roomPosture(replayPosture(context, plenary).state, context.ports.clock.nowMs());
}

/** Since when the channel has been above calm; null while it is calm. */
export function tightSinceMs(context: Context, card: OpenCard): number | null {
  const plenary = isRoomName(card.name) ? context.plenaryOf(card) : card;
  const { state } = replayPosture(context, plenary);
  const nowMs = context.ports.clock.nowMs();
  const since = [...state].flatMap(([party, { sinceMs }]) =>
    partyLevel(state, party, nowMs) === 'calm' ? [] : [sinceMs],
  );
  return since.length === 0 ? null : Math.min(...since);
}

/** Whether this desk signs what its person opened: the person's choice, or the posture's. */
export function signsReceipts(context: Context, card: OpenCard): boolean {
  return card.receipts || rulesOf(context, card).rules.receiptsRequired;
}

/** Answers that this desk owes to line checks of the others, by leaf. */
export function owedLineAnswers(context: Context, card: OpenCard): LeafHash[] {
  const answered = new Set<string>();
  // Of each device only its latest check: whoever asks a thousand times is answered once.
  const asked = new Map<string, string>();
  for (const { body, mine, leaf, deviceId } of statements(context, card, [
    'line-check',
    'line-answer',
  ])) {
    if (body.kind === 'line-check' && !mine) asked.set(deviceId, leaf);
    if (body.kind === 'line-answer' && mine) answered.add(Buffer.from(body.check).toString('hex'));
  }
  return [...asked.values()].filter((leaf) => !answered.has(leaf)).map(leafBytes);
}

export function lineView(context: Context, card: OpenCard, rules: PostureRules): LineView {
  let last: { leaf: string; sentMs: number; answerBeforeMs: number } | undefined;
  let answeredMs: number | null = null;
  for (const one of statements(context, card, ['line-check', 'line-answer'])) {
    if (one.body.kind === 'line-check' && one.mine) {
      last = { leaf: one.leaf, sentMs: one.receivedMs, answerBeforeMs: one.body.answerBeforeMs };
      answeredMs = null;
    }
    const answers =
      one.body.kind === 'line-answer' && Buffer.from(one.body.check).toString('hex') === last?.leaf;
    if (answers && !one.mine) answeredMs ??= one.receivedMs;
  }
  const checked = last === undefined ? null : { sentMs: last.sentMs, answeredMs };
  return {
    status: lineCheckStatus(checked, rules, context.ports.clock.nowMs()),
    lastCheckMs: last?.sentMs ?? null,
    answeredMs,
    answerBeforeMs: last?.answerBeforeMs ?? null,
  };
}
