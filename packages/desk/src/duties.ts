// What a desk owes a room by itself: answers to line checks, checks of its own, new keys when they are due.

import { members, renewalDue, type Act } from '@parley/channel';
import type { Context } from './context.ts';
import { Outbox } from './outbox.ts';
import { lineView, owedLineAnswers, rulesOf } from './posture-record.ts';
import { isRoomName } from './room-name.ts';

/** Queues what is owed now; false where nothing is. */
export function queueDuties(context: Context, name: string): boolean {
  const { vault, ports } = context;
  const card = context.openCard(name);
  const room = context.room(card);
  if (room.frozen !== null) return false;
  // The line is checked and answered in the plenary, for all rooms of the channel.
  const aside = isRoomName(name);
  const owed = aside ? [] : owedLineAnswers(context, card);
  const acts: Act[] = owed.map((check) => ({ kind: 'line-answer', check }));
  const nowMs = ports.clock.nowMs();
  const { level, rules } = rulesOf(context, card);
  if (renewalDue(room, nowMs, rules.keyUpdateHours * 3_600_000) && members(room.group).length > 1) {
    acts.push({ kind: 'commit', change: { kind: 'update' } });
  }
  const { status } = lineView(context, card, rules);
  const unchecked = status === 'due' || (status === 'never' && level !== 'calm');
  if (unchecked && !aside && room.transcript.parties.size > 1) {
    const answerBeforeMs = nowMs + rules.lineCheckAnswerMinutes * 60_000;
    acts.push({ kind: 'line-check', answerBeforeMs });
  }
  vault.transaction(() => {
    for (const act of acts) new Outbox(vault, card.room).add(act);
  });
  return acts.length > 0;
}
