// What the page can ask the desk to do: one name, one reader of its fields, one call. Policy stays in the desk.

import type { Ports } from '@parley/kernel';
import type { Desk } from '@parley/desk';
import { LANGUAGES } from '../words/languages.ts';
import type { Asked } from './asked.ts';
import type { Confirmation } from './confirmation.ts';
import type { Door } from './door.ts';
import { foundIn } from './found.ts';
import { outlookAnswer } from './outlook.ts';
import { PageRefusal } from './refusals.ts';
import type { PageTalks } from './off-record.ts';
import type { Search } from './search.ts';
import { waitingAnswer } from './waiting.ts';
import type { OffRecordAnswer } from './wire-off-record.ts';
import type { Watch } from './watch.ts';
import type { OutlookAnswer } from './wire-outlook.ts';
import type {
  CeremonyAnswer,
  ChannelCard,
  DeskAnswer,
  DocumentAnswer,
  InvitationAnswer,
  OriginalsAnswer,
  PinsAnswer,
  PostureAnswer,
  RequestAnswer,
  RoomAnswer,
  SearchAnswer,
  WaitingAnswer,
} from './wire.ts';

export type Workplace = {
  readonly ports: Ports;
  readonly search: Search;
  readonly talks: PageTalks;
  readonly door: Door;
  readonly desk: Desk;
  readonly watch: Watch;
  readonly confirmation: Confirmation;
  /** A start token for one more window. */
  readonly newToken: () => string;
};

export type Act = (at: Workplace, asked: Asked) => unknown;

const NAME_MAX = 200;
const REASON_MAX = 1000;
const PASSPHRASE_MAX = 1024;
const TEXT_MAX = 65_536;
const INVITATION_MAX = 8192;
const ENTRIES_MAX = 10_000_000;
/** Entries in one answer. */
const SPAN_MAX = 500;

const channelOf = (asked: Asked): string => asked.text('channel', NAME_MAX);

function deskAnswer({ desk, watch }: Workplace): DeskAnswer {
  const channels = desk.channels().map((view): ChannelCard => ({
    ...view,
    ...(view.stage === 'asking' ? { fresh: 0, mentions: 0 } : desk.unseen(view.name)),
    line: watch.line(view.name),
  }));
  return { who: desk.whoAmI(), channels };
}

async function admit(at: Workplace, asked: Asked): Promise<unknown> {
  const name = channelOf(asked);
  at.confirmation.require(asked.text('passphrase', PASSPHRASE_MAX));
  const request = await at.desk.admissionRequest(name);
  // What the person looked at is what is admitted, and nothing else.
  if (request.fingerprint !== asked.text('fingerprint', 128)) {
    throw new PageRefusal(403, 'another-asks', {
      message: 'Who asks now is not who was shown. Nobody was admitted.',
      next: 'look at the fingerprint again',
    });
  }
  await at.desk.admit(name, request);
  return { admitted: true };
}

/** The report beside a safe copy; the copy's bytes go another way. */
async function document(at: Workplace, asked: Asked): Promise<DocumentAnswer> {
  const name = channelOf(asked);
  const entry = String(asked.whole('entry', { min: 0, max: 1e9 }));
  const {
    content,
    report,
    parts: _,
    ...facts
  } = await at.watch.inTurn(() => at.desk.viewDocument(name, entry));
  return { ...facts, size: content.length, found: foundIn(report.details) };
}

function posture({ desk }: Workplace, asked: Asked): PostureAnswer {
  return { ...desk.posture.view(channelOf(asked)), table: desk.posture.table() };
}

async function lower(at: Workplace, asked: Asked): Promise<unknown> {
  at.confirmation.require(asked.text('passphrase', PASSPHRASE_MAX));
  const level = asked.oneOf('level', ['calm', 'elevated']);
  return at.desk.posture.lower(channelOf(asked), level, asked.text('reason', REASON_MAX));
}

async function removeDevice(at: Workplace, asked: Asked): Promise<unknown> {
  at.confirmation.require(asked.text('passphrase', PASSPHRASE_MAX));
  const device = asked.text('device', 64);
  return at.desk.removeDevice(channelOf(asked), device, asked.text('reason', REASON_MAX));
}

/** Acts that change nothing and need no exchange afterwards. */
export const READING: Readonly<Record<string, Act>> = {
  desk: deskAnswer,
  room: ({ desk }, asked): RoomAnswer => {
    const channel = channelOf(asked);
    const count = asked.whole('count', { min: 1, max: SPAN_MAX });
    // The end of the record, unless the page says from where.
    const end = asked.has('from')
      ? undefined
      : Math.max(0, desk.span(channel, { from: 0, count: 0 }).size - count);
    return desk.span(channel, {
      from: end ?? asked.whole('from', { min: 0, max: ENTRIES_MAX }),
      count,
    });
  },
  pins: ({ desk }, asked): PinsAnswer => {
    const channel = channelOf(asked);
    return { entries: desk.span(channel, { numbers: desk.pins.list(channel) }).entries };
  },
  originals: ({ desk }, asked): OriginalsAnswer => ({
    requests: desk.originals.requests(channelOf(asked)),
  }),
  draft: ({ desk }, asked) => ({ text: desk.drafts.read(channelOf(asked)) }),
  search: ({ search }, asked): Promise<SearchAnswer> =>
    search.find(channelOf(asked), {
      words: asked.text('words', NAME_MAX),
      kind: asked.text('kind', NAME_MAX),
      before: asked.whole('before', { min: 0, max: ENTRIES_MAX }),
    }),
  'keep-draft': ({ desk }, asked) => {
    desk.drafts.keep(channelOf(asked), asked.text('text', TEXT_MAX));
    return {};
  },
  posture,
  'off-record': ({ talks }, asked): OffRecordAnswer =>
    talks.view(channelOf(asked), asked.has('here')),
  waiting: ({ desk, watch, ports }): WaitingAnswer =>
    waitingAnswer(desk, (channel) => watch.line(channel), ports.clock.nowMs()),
  outlook: ({ desk, ports }, asked): Promise<OutlookAnswer> =>
    outlookAnswer(ports, desk.home, asked.oneOf('language', LANGUAGES)),
  window: ({ newToken }) => ({ token: newToken() }),
  door: ({ door }) => ({ state: door.state }),
};

/** Acts after which the relays are asked at once, and every window looks again. */
export const DOING: Readonly<Record<string, Act>> = {
  sync: () => ({}),
  unlock: async ({ door }, asked) => {
    await door.unlock(asked.text('passphrase', PASSPHRASE_MAX));
    return { state: door.state };
  },
  'set-up': async ({ door }, asked) => {
    const invited = asked.maybe('invited', INVITATION_MAX)?.trim();
    if (invited !== undefined) {
      const device = asked.text('device', NAME_MAX);
      const passphrase = asked.text('passphrase', PASSPHRASE_MAX);
      const request = await door.createInvited({ invited, device, passphrase });
      return { state: door.state, request };
    }
    door.create({
      party: asked.text('party', NAME_MAX),
      member: asked.text('member', NAME_MAX),
      device: asked.text('device', NAME_MAX),
      passphrase: asked.text('passphrase', PASSPHRASE_MAX),
    });
    return { state: door.state };
  },
  document,
  /** The person has seen what came in. */
  seen: ({ desk }, asked) => {
    desk.inbox(channelOf(asked), true);
    return {};
  },
  pin: ({ desk }, asked) => {
    const entry = asked.whole('entry', { min: 0, max: ENTRIES_MAX });
    desk.pins.set(channelOf(asked), entry, asked.flag('on'));
    return {};
  },
  'off-record-start': ({ talks }, asked): Promise<OffRecordAnswer> =>
    talks.start(channelOf(asked), asked.flag('logged')),
  'off-record-say': async ({ talks }, asked) => {
    await talks.say(channelOf(asked), asked.text('text', TEXT_MAX));
    return {};
  },
  'off-record-leave': async ({ talks }, asked) => {
    await talks.leave(channelOf(asked));
    return {};
  },
  say: ({ desk }, asked) => desk.say(channelOf(asked), asked.text('text', TEXT_MAX)),
  found: ({ desk }, asked): Promise<InvitationAnswer> =>
    desk.newChannel({
      relay: asked.text('relay', 300),
      name: asked.text('name', NAME_MAX),
      days: asked.whole('days', { min: 1, max: 90 }),
    }),
  invite: ({ desk }, asked): Promise<InvitationAnswer> =>
    desk.invite(channelOf(asked), asked.whole('days', { min: 1, max: 90 })),
  join: ({ desk }, asked) =>
    desk.joinChannel({
      invitation: asked.text('invitation', INVITATION_MAX).trim(),
      name: asked.maybe('name', NAME_MAX),
    }),
  request: ({ desk }, asked): Promise<RequestAnswer> => desk.admissionRequest(channelOf(asked)),
  admit,
  ceremony: ({ desk }, asked): Promise<CeremonyAnswer> =>
    desk.ceremony(channelOf(asked), asked.text('language', 20)),
  confirm: async ({ desk }, asked) => {
    await desk.confirmWords(channelOf(asked));
    return {};
  },
  mismatch: async ({ desk }, asked) => ({ evidence: await desk.mismatch(channelOf(asked)) }),
  raise: ({ desk }, asked) => {
    const level = asked.oneOf('level', ['elevated', 'severe']);
    return desk.posture.raise(channelOf(asked), level, asked.text('reason', REASON_MAX));
  },
  lower,
  'check-line': ({ desk }, asked) => desk.posture.checkLine(channelOf(asked)),
  receipts: ({ desk }, asked) => {
    desk.setReceipts(channelOf(asked), asked.flag('on'));
    return {};
  },
  'remove-device': removeDevice,
};
