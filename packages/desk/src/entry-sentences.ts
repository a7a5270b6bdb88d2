// What an entry says, in one sentence as data. Texts of people stay theirs: a message has no sentence of ours.

import { decode, inEnglish, say, toHex, type Said } from '@parley/kernel';
import {
  deviceOf,
  deviceCertificateCodec,
  lengthText,
  partyOf,
  timeText,
  type Body,
  type DeviceId,
  type Transcript,
  type UnknownBody,
} from '@parley/record';

export const ENTRY_SENTENCES = {
  'unknown-party': 'an unknown party',
  'some-device': 'a device',
  'whose-device': '{party} ({member}, {label})',
  'device-of': '"{label}" of {member}',
  'device-id': '"{label}"',
  withheld: 'withheld',
  found: 'founded the channel "{name}"',
  'caucus-founded': 'founded the caucus "{name}"',
  'bilateral-founded': 'founded the bilateral "{name}"',
  'caucus-founded-anew':
    'founded the caucus "{name}" anew after a fork, from the first {size} entries of the earlier record',
  'bilateral-founded-anew':
    'founded the bilateral "{name}" anew after a fork, from the first {size} entries of the earlier record',
  'room-restarted':
    'founded the channel "{name}" anew after a fork, from the first {size} entries of the earlier record',
  'restart-accepted': 'accepted to go on from the first {size} entries of the earlier record',
  'party-admitted': 'admitted {whose}',
  'device-admitted': 'added the device {whose}',
  'device-removed': 'removed the device {device}: {reason}',
  'admission-proposed': 'proposed, as the first of two officers, to admit {whose}',
  'member-renamed': 'renamed the member {member} to {to}',
  'member-suspended': 'suspended the member {member}: {reason}',
  'member-resumed': 'resumed the member {member}: {reason}',
  'party-policy':
    'asks for {admission} of its officers at admissions, and {authority} for a new authority',
  'authority-replaced': 'replaced the AUTHORITY KEY of its party: {reason}',
  'authority-agreed': 'agreed to replace the AUTHORITY KEY of its party: {reason}',
  objection: 'OBJECTS to the device {device}: {reason}',
  'recovery-shared': 'handed out {shares} shares of its authority, of which {needed} restore it',
  'recovery-asked': 'asks its officers for their shares of the authority: {reason}',
  'recovery-given': 'gave its share of the authority to a fellow officer',
  'verify-offer': 'offered to compare words with {party}',
  'verify-answer': 'answered the offer to compare words',
  'verify-open': 'opened the words to compare',
  'how-voice': 'voice',
  'how-in-person': 'in-person',
  'how-writing': 'writing',
  verified: 'verified {party} ({how})',
  mismatch: 'says that the comparison with {party} ({how}) DIFFERS',
  document: 'sent the document "{name}"',
  'document-queued': 'sends the document "{name}"',
  rebuilt: 'rebuilt a document into a safe copy (sha256 {sha256})',
  'not-rebuilt-safely': 'could not rebuild a document safely',
  'mail-directory': 'published the directory of its official mail addresses',
  'mail-attestation': 'attested a mail that it sent',
  'mail-day-key': 'gave the key to the attested mails of a day',
  'mail-count': 'closed a day of its mail',
  forecast: 'shared forecasts',
  'seen-up-to': 'has seen the entries before {upTo}',
  'opened-copy': 'has opened the safe copy of a document',
  'off-record-proposed': 'proposed to talk off the record',
  'off-record-agreed': 'agreed to talk off the record: it took place',
  'off-record-withdrawn': 'withdrew its proposal to talk off the record',
  'off-record-left': 'left the talk off the record after {length}',
  'level-calm': 'calm',
  'level-elevated': 'elevated',
  'level-severe': 'severe',
  'posture-raised': 'raised its posture to {level}: {reason}',
  'lowering-proposed': 'proposed lowering its posture to {level}: {reason}',
  'lowering-confirmed': 'confirmed lowering its posture to {level}: {reason}',
  'release-asked': 'asks a colleague to release a document',
  'release-given': 'released a document',
  'original-is-asked':
    'asks a second officer to approve that the original of a document leaves the quarantine: {reason}',
  'original-is-approved': 'approved, as the second officer, that an original leaves the quarantine',
  'original-is-written': 'wrote an original to a file',
  'line-check': 'checks the line; to be answered before {time}',
  'line-answer': 'answered a check of the line',
  'unknown-kind': 'an entry of kind "{name}", which this version does not know',
  'doubt-other-file': 'entry {entry} is about another file than the one that was sent',
  'doubt-other-copy':
    'entry {entry} names another safe copy than entry {first}, of the same file by the same policy and engine: one of the two desks was altered or does not say the truth',
} as const;

export type EntryCode = keyof typeof ENTRY_SENTENCES;

const ID_LETTERS = 16;

function deviceSaid(transcript: Transcript, id: DeviceId): Said<EntryCode> {
  const device = deviceOf(transcript, id);
  return device === undefined
    ? say('device-id', { label: toHex(id).slice(0, ID_LETTERS) })
    : say('device-of', { label: device.certificate.label, member: device.member });
}

type Certified = { readonly party: string; readonly member: string; readonly label: string };

const whose = (certified: Certified | undefined): Said<EntryCode> =>
  certified === undefined
    ? say('some-device')
    : say('whose-device', {
        party: certified.party,
        member: certified.member,
        label: certified.label,
      });

/** Whom a certificate names that has admitted nobody yet. */
function certified(certificate: Uint8Array): Said<EntryCode> {
  const read = decode(deviceCertificateCodec, certificate);
  return whose(read.ok ? read.value : undefined);
}

function admitted(transcript: Transcript, certificate: Uint8Array): Said<EntryCode> {
  const device = [...transcript.devices.values()].find(
    (one) => toHex(one.signed.body) === toHex(certificate),
  );
  return whose(device?.certificate);
}

/** The sentence of an entry; null where it is a message, which speaks for itself. */
export function entrySaid(
  body: Body | UnknownBody | null,
  transcript: Transcript,
): Said<EntryCode> | null {
  if (body === null) return say('withheld');
  const party = (fingerprint: Uint8Array): string | Said<EntryCode> =>
    partyOf(transcript, fingerprint as never)?.name ?? say('unknown-party');
  switch (body.kind) {
    case 'text':
      return null;
    case 'found':
      return say('found', { name: body.name });
    case 'room-founded':
      return body.earlier === null
        ? say(`${body.room}-founded`, { name: body.name })
        : say(`${body.room}-founded-anew`, { name: body.name, size: body.earlier.size });
    case 'room-restarted':
      return say('room-restarted', { name: body.name, size: body.earlier.size });
    case 'restart-accepted':
      return say('restart-accepted', { size: body.earlier.size });
    case 'party-admitted':
    case 'device-admitted':
      return say(body.kind, { whose: admitted(transcript, body.certificate.body) });
    case 'device-removed':
    case 'objection':
      return say(body.kind, { device: deviceSaid(transcript, body.device), reason: body.reason });
    case 'admission-proposed':
      return say('admission-proposed', { whose: certified(body.certificate.body) });
    case 'member-renamed':
      return say('member-renamed', { member: body.member, to: body.to });
    case 'member-suspended':
    case 'member-resumed':
      return say(body.kind, { member: body.member, reason: body.reason });
    case 'party-policy':
      return say('party-policy', {
        admission: body.officersForAdmission,
        authority: body.officersForAuthority,
      });
    case 'authority-changed':
      return say(body.signature === null ? 'authority-agreed' : 'authority-replaced', {
        reason: body.reason,
      });
    case 'recovery-shared':
      return say('recovery-shared', { shares: body.shares.length, needed: body.needed });
    case 'recovery-asked':
      return say('recovery-asked', { reason: body.reason });
    case 'verify-offer':
      return say('verify-offer', { party: party(body.about) });
    case 'verified':
    case 'mismatch':
      return say(body.kind, { party: party(body.about), how: say(`how-${body.how}`) });
    case 'document':
      return say('document', { name: body.name });
    case 'disarmed':
      return body.outcome === 'rebuilt'
        ? say('rebuilt', { sha256: toHex(body.safe ?? new Uint8Array(0)).slice(0, ID_LETTERS) })
        : say('not-rebuilt-safely');
    case 'opened':
      return body.document === null ? say('seen-up-to', { upTo: body.upTo }) : say('opened-copy');
    case 'off-record-closed':
      return body.lastedMs === null
        ? say('off-record-withdrawn')
        : say('off-record-left', {
            length: lengthText(body.lastedMs),
            seconds: Math.round(body.lastedMs / 1000),
          });
    case 'posture-raised':
      return say('posture-raised', { level: say(`level-${body.level}`), reason: body.reason });
    case 'posture-lowering':
      return say(body.confirms === null ? 'lowering-proposed' : 'lowering-confirmed', {
        level: say(`level-${body.level}`),
        reason: body.reason,
      });
    case 'original-asked':
      return say('original-is-asked', { reason: body.reason });
    case 'original-approved':
      return say('original-is-approved');
    case 'original-written':
      return say('original-is-written');
    case 'line-check':
      return say('line-check', { time: timeText(body.answerBeforeMs), ms: body.answerBeforeMs });
    case 'recovery-given':
    case 'verify-answer':
    case 'verify-open':
    case 'mail-directory':
    case 'mail-attestation':
    case 'mail-day-key':
    case 'mail-count':
    case 'forecast':
    case 'off-record-proposed':
    case 'off-record-agreed':
    case 'release-asked':
    case 'release-given':
    case 'line-answer':
      return say(body.kind);
    default:
      return say('unknown-kind', { name: body.name });
  }
}

export const entryInEnglish = (said: Said<EntryCode>): string => inEnglish(ENTRY_SENTENCES, said);
