// What each level of posture asks of everybody in a room, in numbers and, for screens and docs, in words.

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

/** The table in words, one row per rule and, last, who keeps it: for screens and docs. */
export function postureRows(): readonly (readonly string[])[] {
  const hours = (value: number): string => (value % 24 === 0 ? `${value / 24} d` : `${value} h`);
  const row = (name: string, of: (rules: PostureRules) => string, keptBy: string): string[] => [
    name,
    ...POSTURE_LEVELS.map((one) => of(POSTURE_TABLE[one])),
    keptBy,
  ];
  const sender = 'the sending desk';
  const reader = 'the receiving desk';
  const each = 'every desk, when it syncs';
  return [
    row(
      'documents are rebuilt as',
      (rules) => (rules.disarmMode === 'pixel' ? 'pixels only' : 'structure'),
      reader,
    ),
    row('people who release a document', (rules) => String(rules.releaseApprovals), sender),
    row('new devices', (rules) => rules.deviceAdmission.replace('-', ' '), 'the desk that admits'),
    row('keys renewed every', (rules) => hours(rules.keyUpdateHours), each),
    row(
      'directory additions',
      (rules) => rules.directoryAdditions.replace('-', ' '),
      'the publishing and the receiving desk',
    ),
    row('receipts required', (rules) => (rules.receiptsRequired ? 'yes' : 'no'), reader),
    row('padding of envelopes', (rules) => rules.padding, sender),
    row(
      'cover traffic every',
      (rules) => (rules.coverTrafficMinutes === null ? 'none' : `${rules.coverTrafficMinutes} min`),
      each,
    ),
    row(
      'courier bundle every',
      (rules) =>
        rules.courierBundleHours === null ? 'on request' : hours(rules.courierBundleHours),
      each,
    ),
    row('line check every', (rules) => hours(rules.lineCheckHours), each),
    row(
      'line check answered within',
      (rules) =>
        rules.lineCheckAnswerMinutes % 60 === 0
          ? hours(rules.lineCheckAnswerMinutes / 60)
          : `${rules.lineCheckAnswerMinutes} min`,
      'the desk that asked: late is failed',
    ),
    row(
      'wait before lowering',
      (rules) => (rules.lowerWaitHours === 0 ? '–' : hours(rules.lowerWaitHours)),
      'every desk, by its own clock',
    ),
  ];
}
