// The registrar's list: what is overdue, unanswered or unconfirmed in any channel, the gravest first.

import type { Desk } from '@parley/desk';
import type { LineState, Waiting, WaitingAnswer } from './wire.ts';

const HOUR_MS = 3_600_000;
/** How long something may take before it is said: to reach a device, to be opened, to be confirmed. */
const DEVICE_LATE_MS = HOUR_MS;
const OPENED_LATE_MS = 24 * HOUR_MS;
/** Only the end of a record is looked at: what lies further back was on this list before. */
const ENTRIES_LOOKED_AT = 500;

const GRAVITY = { now: 0, soon: 1, know: 2 } as const;

type Channel = ReturnType<Desk['channels']>[number];

/** What waits in one channel. */
function waitingIn(desk: Desk, view: Channel, line: LineState, nowMs: number): Waiting[] {
  const { name: channel } = view;
  const found: Waiting[] = [];
  const add = (gravity: Waiting['gravity'], what: Waiting['what'], more: Partial<Waiting> = {}) =>
    found.push({
      channel,
      gravity,
      what,
      who: null,
      entry: null,
      count: 1,
      sinceMs: null,
      ...more,
    });
  if (view.frozen !== null) add('now', 'frozen');
  if (line.relay === 'down') add('now', 'relay-down', { sinceMs: line.sinceMs });
  if (line.trouble !== null) add('now', 'trouble', { who: line.trouble.code });
  if (view.stage === 'asking') {
    add('soon', 'asking');
    return found;
  }
  const { entries, alarms } = desk.log(channel, ENTRIES_LOOKED_AT);
  if (alarms.length > 0) add('now', 'alarm', { count: alarms.length });
  const queued = entries.filter(({ state }) => state === 'queued').length;
  if (queued > 0) add('soon', 'queued', { count: queued });
  for (const { mine, state, entry, timeMs, kind, document } of entries) {
    if (kind !== 'text' && kind !== 'document') continue;
    const age = nowMs - timeMs;
    if (mine && state === 'at-relay' && age > DEVICE_LATE_MS)
      add('soon', 'not-on-device', { entry, sinceMs: timeMs });
    if (mine && state === 'on-device' && age > OPENED_LATE_MS)
      add('know', 'not-opened', { entry, sinceMs: timeMs });
    if (!mine && document?.state === 'refused') add('soon', 'refused', { entry, sinceMs: timeMs });
  }
  const unread = entries.filter(
    ({ fresh, kind }) => fresh && (kind === 'text' || kind === 'document'),
  );
  const mentions = unread.filter((entry) => entry.mentions).length;
  if (mentions > 0) add('soon', 'mention', { count: mentions });
  if (view.room === 'caucus') {
    for (const one of desk.originals.requests(channel).filter(({ room }) => room === channel)) {
      const { request: entry, askedMs: sinceMs } = one;
      if (!one.mine && one.state === 'asked')
        add('now', 'original-asked', { who: one.by, entry, sinceMs });
      if (one.mine && one.state === 'approved')
        add('soon', 'original-approved', { who: one.approvedBy, entry, sinceMs });
    }
  }
  if (unread.length > 0)
    add('soon', 'unread', { count: unread.length, sinceMs: unread[0]?.timeMs ?? null });
  for (const party of view.parties) {
    if (party.mine) continue;
    if (!party.verified) add('now', 'unverified', { who: party.name });
    for (const device of party.devices) {
      const behind = view.size - device.acknowledged;
      const { lastMs } = device;
      if (
        !device.removed &&
        !device.suspended &&
        behind > 0 &&
        nowMs - (lastMs ?? 0) > OPENED_LATE_MS
      )
        add('know', 'unconfirmed', { who: device.member, count: behind, sinceMs: lastMs });
    }
  }
  const { status, lastCheckMs } = desk.posture.view(channel).line;
  if (status === 'failed') add('now', 'line-failed', { sinceMs: lastCheckMs });
  if (status === 'due') add('soon', 'line-due', { sinceMs: lastCheckMs });
  return found;
}

export function waitingAnswer(
  desk: Desk,
  lineOf: (channel: string) => LineState,
  nowMs: number,
): WaitingAnswer {
  const channels = desk.channels();
  const waiting = channels
    .flatMap((view) => waitingIn(desk, view, lineOf(view.name), nowMs))
    .toSorted(
      (a, b) => GRAVITY[a.gravity] - GRAVITY[b.gravity] || (a.sinceMs ?? 0) - (b.sinceMs ?? 0),
    );
  const lines = channels.map(({ name }) => ({ channel: name, ...lineOf(name) }));
  return { waiting, lines };
}
