// What an alarm and a frozen room mean and what to do next, by code, in English. Apps have the other languages.

import { inEnglish, say, type Said } from '@parley/kernel';
import type { RefusedReason } from '@parley/channel';

const COMPARE = 'Nothing of it was taken in. Compare the roots by voice.';
const ANOTHER_WAY = 'Ask them by another way, and tell your security officer.';

/** Why an envelope was refused that an honest relay and honest members cannot have made. */
const ENVELOPES = {
  'alarm-misplaced': `The relay moved or repeated envelope {seq}: its author made it for another place. ${COMPARE}`,
  'alarm-withheld': `Envelope {seq} was made for a later place: the relay holds something back. ${COMPARE}`,
  'alarm-unreadable': `Envelope {seq} is by nobody in this channel, or was changed on the way. ${COMPARE}`,
  'alarm-malformed': `A member sent envelope {seq}, and no Parley makes such a one. ${ANOTHER_WAY}`,
  'alarm-outside-profile': `Envelope {seq} asks for a change of the room's keys that no Parley makes. It was not taken in. ${ANOTHER_WAY}`,
  'alarm-wrong-sender': `Envelope {seq} is signed by another device than the one that sent it. It was not taken in. ${ANOTHER_WAY}`,
  'alarm-not-allowed': `Envelope {seq} holds an entry that the rules of the record forbid. It was not taken in. ${ANOTHER_WAY}`,
  'alarm-not-on-record': `Envelope {seq} would let a device in, or put one out, of which the record says nothing. It was not taken in. ${ANOTHER_WAY}`,
  'alarm-stale': `Envelope {seq} was made over an older record than this desk holds. ${COMPARE}`,
} as const;

export const ALARM_SENTENCES = {
  ...ENVELOPES,
  'alarm-talk-envelope': `Envelope {seq} of the talk was changed on the way, or is by nobody in it. Nothing of it is shown.`,
  'alarm-document-altered':
    'The document in entry {entry} was altered after its sender sealed it. It is asked for again; tell the operator of the relay, or the sender.',
  'alarm-wrong-document':
    'What the relay holds for entry {entry} is not the document that was announced. It was not opened. Ask the sender by another way what they sent.',
  'alarm-document': 'The document in entry {entry} could not be trusted, and was not opened.',
  'alarm-call-by-a-stranger': `{party} / {member} used a call into {room}, and is not in the channel: it was not let in. ${ANOTHER_WAY}`,
  'party-objection':
    '{party} ({member}) objects to the device {label} of {whose}, {their} (entry {entry}): "{reason}". Ask both by a way you trust.',
  'party-objection-elsewhere':
    '{party} ({member}) objects to a device that is not here (entry {entry}): "{reason}". Ask them by a way you trust.',
  'party-authority-changed':
    '{party} ({member}) has changed the authority key of its party (entry {entry}): {reason}. It is not verified until words are compared anew.',
  'frozen-fork':
    'Two histories of it exist: somebody was shown another one than you. The proof is kept. Talk to the other side by another way, then go on from what both have: parley channel restart.',
  'frozen-mismatch':
    'The words that were compared differed: somebody stands between you. Talk to the other side face to face, and found a new channel.',
  'frozen-broken-commit':
    'A change of the keys does not do what it says. Talk to the other side by another way, then go on from what both have: parley channel restart.',
  'frozen-removed':
    'This device was removed from it. Ask another officer of your party to admit it again.',
  'frozen-lost-state':
    'The vault is older than what this device did: nothing can be said with it. Ask an officer of your party to admit a new device.',
} as const;

export type AlarmCode = keyof typeof ALARM_SENTENCES;

/** An alarm as people see it. */
export type AlarmView = {
  /** Null for one of a code that this version does not know. */
  readonly said: Said<AlarmCode> | null;
  /** In English, with what the machine saw. */
  readonly text: string;
  /** What a party did within the rules, and that people must know: no evidence of tampering. */
  readonly ofParty: boolean;
};

const isEnvelopeCode = (code: string): code is keyof typeof ENVELOPES =>
  Object.hasOwn(ENVELOPES, code);

export function envelopeAlarm(seq: number, reason: RefusedReason): Said<AlarmCode> {
  const code = `alarm-${reason}`;
  return say(isEnvelopeCode(code) ? code : 'alarm-unreadable', { seq });
}

/** The alarm of a document that its sender or the relay has not handed out honestly. */
export function documentAlarm(entry: number, refusal: string): Said<AlarmCode> {
  const code =
    refusal === 'document-altered' || refusal === 'wrong-document'
      ? (`alarm-${refusal}` as const)
      : 'alarm-document';
  return say(code, { entry });
}

export function alarmView(said: Said<AlarmCode>, detail = ''): AlarmView {
  const known = Object.hasOwn(ALARM_SENTENCES, said.code);
  const sentence = known ? inEnglish(ALARM_SENTENCES, said) : said.code;
  return {
    said: known ? said : null,
    text: detail === '' ? sentence : `${sentence} (${detail})`,
    ofParty: said.code.startsWith('party-'),
  };
}

/** Why a room is frozen, from what its card says; null where it is not. */
export function frozenView(frozen: string | null): AlarmView | null {
  if (frozen === null) return null;
  const [, reason = '', detail = ''] = /^([a-z-]+): ?(.*)$/s.exec(frozen) ?? [];
  return alarmView(say(`frozen-${reason}` as AlarmCode), detail === '' ? frozen : detail);
}
