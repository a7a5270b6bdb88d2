// What the apps show: plain values without keys, made from a room, its ledger and what the desk did with documents.

import { decode, toHex } from '@parley/kernel';
import {
  decodeBody,
  deviceOf,
  entryLeaf,
  partyOf,
  readHeader,
  lengthText,
  timeText,
  type Body,
  deviceCertificateCodec,
  type Device,
  type EntryHeader,
  type PartyPolicy,
  type Role,
  type Transcript,
  type UnknownBody,
} from '@parley/record';
import type { Crypto } from '@parley/kernel';
import { safeName } from './file-name.ts';
import type { LedgerLine } from './ledger.ts';

/**
 * How far something of ours has come. Nothing is claimed that was not proven: `at-relay` is the relay's signed receipt,
 * `on-device` and `opened` are the other side's signed word.
 */
export type DeliveryState = 'queued' | 'at-relay' | 'on-device' | 'opened';

export type DocumentState = 'mine' | 'not-fetched' | 'ready' | 'refused';

export type DocumentView = {
  readonly name: string;
  /** The name that the safe copy gets: no path, no hidden character, the true kind. */
  readonly safeName: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: DocumentState;
  readonly reason?: string;
};

export type EntryView = {
  /** The number in the record, from 0; null while it is queued here. */
  readonly entry: number | null;
  /** The author's claim. */
  readonly timeMs: number;
  /** Minutes that the author's clock is east of UTC, by the author's claim; null where none is stated. */
  readonly zone: number | null;
  readonly party: string;
  readonly member: string;
  readonly device: string;
  readonly kind: string;
  readonly mine: boolean;
  /** Whether our party has verified the author's. */
  readonly verified: boolean;
  readonly fresh: boolean;
  /** Whether it names this desk's member, as in "@Ana". */
  readonly mentions: boolean;
  /** For our own entries. */
  readonly state: DeliveryState | null;
  /** One sentence, or the message itself. It holds the others' words as they wrote them: show it isolated. */
  readonly summary: string;
  readonly text?: string;
  readonly document?: DocumentView;
  /** What is wrong with it beside other entries, as a sentence. */
  readonly warning?: string;
  readonly leaf: string | null;
};

export type DeviceView = {
  readonly id: string;
  readonly member: string;
  readonly label: string;
  readonly role: Role;
  readonly removed: boolean;
  readonly suspended: boolean;
  /** Its last signed entry says that it had seen the entries before this number. */
  readonly acknowledged: number;
  readonly lastMs: number | null;
};

export type PartyView = {
  readonly name: string;
  readonly fingerprint: string;
  readonly mine: boolean;
  readonly verified: boolean;
  /** It changed its authority and our party has not verified it since: nothing is sent until then. */
  readonly awaitsVerification: boolean;
  readonly policy: PartyPolicy;
  readonly devices: readonly DeviceView[];
};

/** Whether `own` said that it compared words or fingerprints with `other`, and nothing to the contrary since. */
export function isVerifiedBy(transcript: Transcript, own: Uint8Array, other: Uint8Array): boolean {
  if (toHex(own) === toHex(other)) return true;
  for (const party of transcript.parties.values()) {
    if (toHex(party.fingerprint) !== toHex(other)) continue;
    const word = party.verifications.findLast((said) => toHex(said.by) === toHex(own));
    return word !== undefined && word.how !== 'mismatch';
  }
  return false;
}

export function partyViews(transcript: Transcript, own: Uint8Array): PartyView[] {
  return [...transcript.parties.values()].map((party) => ({
    name: party.name,
    fingerprint: toHex(party.fingerprint),
    mine: toHex(party.fingerprint) === toHex(own),
    verified: isVerifiedBy(transcript, own, party.fingerprint),
    awaitsVerification:
      party.formerly.length > 0 && !isVerifiedBy(transcript, own, party.fingerprint),
    policy: party.policy,
    devices: [...transcript.devices.values()]
      .filter((device) => toHex(device.party) === toHex(party.fingerprint))
      .map((device) => ({
        id: toHex(device.id),
        member: device.member,
        label: device.certificate.label,
        role: device.certificate.role,
        removed: device.removed !== null,
        suspended: device.suspended !== null,
        acknowledged: device.acknowledged,
        lastMs: device.lastMs,
      })),
  }));
}

/** A body in one sentence. */
export function summaryOf(body: Body | UnknownBody | null, transcript: Transcript): string {
  if (body === null) return 'withheld';
  const partyName = (fingerprint: Uint8Array): string =>
    partyOf(transcript, fingerprint as never)?.name ?? 'an unknown party';
  switch (body.kind) {
    case 'found':
      return `founded the channel "${body.name}"`;
    case 'room-founded':
      return `founded the ${body.room} "${body.name}"${body.earlier === null ? '' : ` anew after a fork, from the first ${body.earlier.size} entries of the earlier record`}`;
    case 'room-restarted':
      return `founded the channel "${body.name}" anew after a fork, from the first ${body.earlier.size} entries of the earlier record`;
    case 'restart-accepted':
      return `accepted to go on from the first ${body.earlier.size} entries of the earlier record`;
    case 'party-admitted':
      return `admitted ${namesIn(body.certificate.body, transcript)}`;
    case 'device-admitted':
      return `added the device ${namesIn(body.certificate.body, transcript)}`;
    case 'device-removed': {
      const device = deviceOf(transcript, body.device);
      const whose = device === undefined ? '' : ` of ${device.member}`;
      return `removed the device "${device?.certificate.label ?? toHex(body.device).slice(0, 16)}"${whose}: ${body.reason}`;
    }
    case 'admission-proposed':
      return `proposed, as the first of two officers, to admit ${certifiedNames(body.certificate.body)}`;
    case 'member-renamed':
      return `renamed the member ${body.member} to ${body.to}`;
    case 'member-suspended':
      return `suspended the member ${body.member}: ${body.reason}`;
    case 'member-resumed':
      return `resumed the member ${body.member}: ${body.reason}`;
    case 'party-policy':
      return `asks for ${body.officersForAdmission} of its officers at admissions, and ${body.officersForAuthority} for a new authority`;
    case 'authority-changed':
      return `${body.signature === null ? 'agreed to replace' : 'replaced'} the AUTHORITY KEY of its party: ${body.reason}`;
    case 'objection': {
      const device = deviceOf(transcript, body.device);
      const whose = device === undefined ? '' : ` of ${device.member}`;
      return `OBJECTS to the device "${device?.certificate.label ?? toHex(body.device).slice(0, 16)}"${whose}: ${body.reason}`;
    }
    case 'recovery-shared':
      return `handed out ${body.shares.length} shares of its authority, of which ${body.needed} restore it`;
    case 'recovery-asked':
      return `asks its officers for their shares of the authority: ${body.reason}`;
    case 'recovery-given':
      return 'gave its share of the authority to a fellow officer';
    case 'verify-offer':
      return `offered to compare words with ${partyName(body.about)}`;
    case 'verify-answer':
      return 'answered the offer to compare words';
    case 'verify-open':
      return 'opened the words to compare';
    case 'verified':
      return `verified ${partyName(body.about)} (${body.how})`;
    case 'mismatch':
      return `says that the comparison with ${partyName(body.about)} (${body.how}) DIFFERS`;
    case 'text':
      return body.text;
    case 'document':
      return `sent the document "${body.name}"`;
    case 'disarmed':
      return body.outcome === 'rebuilt'
        ? `rebuilt a document into a safe copy (sha256 ${toHex(body.safe ?? new Uint8Array(0)).slice(0, 16)})`
        : 'could not rebuild a document safely';
    case 'mail-directory':
      return 'published the directory of its official mail addresses';
    case 'mail-attestation':
      return 'attested a mail that it sent';
    case 'mail-day-key':
      return 'gave the key to the attested mails of a day';
    case 'mail-count':
      return 'closed a day of its mail';
    case 'forecast':
      return 'shared forecasts';
    case 'opened':
      return body.document === null
        ? `has seen the entries before ${body.upTo}`
        : 'has opened the safe copy of a document';
    case 'off-record-proposed':
      return 'proposed to talk off the record';
    case 'off-record-agreed':
      return 'agreed to talk off the record: it took place';
    case 'off-record-closed':
      return body.lastedMs === null
        ? 'withdrew its proposal to talk off the record'
        : `left the talk off the record after ${lengthText(body.lastedMs)}`;
    case 'posture-raised':
      return `raised its posture to ${body.level}: ${body.reason}`;
    case 'posture-lowering':
      return `${body.confirms === null ? 'proposed' : 'confirmed'} lowering its posture to ${body.level}: ${body.reason}`;
    case 'release-asked':
      return 'asks a colleague to release a document';
    case 'release-given':
      return 'released a document';
    case 'original-asked':
      return `asks a second officer to approve that the original of a document leaves the quarantine: ${body.reason}`;
    case 'original-approved':
      return 'approved, as the second officer, that an original leaves the quarantine';
    case 'original-written':
      return 'wrote an original to a file';
    case 'line-check':
      return `checks the line; to be answered before ${timeText(body.answerBeforeMs)}`;
    case 'line-answer':
      return 'answered a check of the line';
    default:
      return `an entry of kind "${body.name}", which this version does not know`;
  }
}

/** Whom a certificate names that has admitted nobody yet. */
function certifiedNames(certificate: Uint8Array): string {
  const read = decode(deviceCertificateCodec, certificate);
  if (!read.ok) return 'a device';
  const { party, member, label } = read.value;
  return `${party} (${member}, ${label})`;
}

function namesIn(certificate: Uint8Array, transcript: Transcript): string {
  const device = [...transcript.devices.values()].find(
    (one) => toHex(one.signed.body) === toHex(certificate),
  );
  if (device === undefined) return 'a device';
  const { party, member, label } = device.certificate;
  return `${party} (${member}, ${label})`;
}

export type ReadLine = {
  readonly header: EntryHeader;
  readonly body: Body | UnknownBody | null;
  readonly author: Device | undefined;
  readonly leaf: string;
};

/** Reads a line of the ledger again. It was judged when it came in, so what cannot be read is damage, not an attack. */
export function readLine(
  crypto: Crypto,
  transcript: Transcript,
  line: LedgerLine,
): ReadLine | undefined {
  const header = readHeader(line.entry.signed);
  if (!header.ok) return undefined;
  const { opened } = line.entry;
  const body = opened === null ? undefined : decodeBody(header.value.kind, opened.body);
  if (body !== undefined && !body.ok) return undefined;
  return {
    header: header.value,
    body: body?.value ?? null,
    author: deviceOf(transcript, header.value.author),
    leaf: toHex(entryLeaf(crypto, line.entry.signed)),
  };
}

export type DocumentFacts = {
  readonly state: DocumentState;
  readonly reason?: string;
  readonly extension: string;
};

export function documentView(
  body: Extract<Body, { kind: 'document' }>,
  facts: DocumentFacts,
): DocumentView {
  return {
    name: body.name,
    safeName: safeName(body.name, facts.extension),
    size: body.size,
    sha256: toHex(body.sha256),
    state: facts.state,
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
  };
}

export type WhoAmI = {
  readonly party: string;
  readonly member: string;
  readonly device: string;
  /** Of the party's authority, in hexadecimal. */
  readonly fingerprint: string;
  readonly deviceId: string;
};

export type ViewOptions = {
  readonly passwordFile?: string | undefined;
  readonly onProgress?: (text: string) => void;
};
