// One entry for people, as HTML: what it did, in a sentence, and its words.

import { decode, sameBytes } from '@parley/kernel';
import { digestKey } from './digests.ts';
import { lengthText, timeText } from './display-text.ts';
import { deviceCertificateCodec, type SignedCertificate } from './identity.ts';
import {
  isKnownKind,
  type Body,
  type BodyOf,
  type EarlierRecord,
  type UnknownBody,
} from './kinds.ts';
import { block, digestText, escaped, inline, sizeText } from './page-text.ts';
import type { DeviceReport, PartyReport, RecordReport, ShownEntry } from './report.ts';

type Admitted = { readonly device: DeviceReport; readonly party: PartyReport };

/** Looks up parties and devices by what entries name them with. */
export type People = {
  readonly partyNamed: (fingerprint: Uint8Array) => string;
  readonly deviceNamed: (id: Uint8Array) => string;
  readonly admittedAt: (index: number) => Admitted | undefined;
  readonly indexOf: (leaf: Uint8Array) => number | undefined;
  /** SHA-256 of the document that an opened entry sent. */
  readonly originalOf: (leaf: Uint8Array) => Uint8Array | undefined;
};

export function peopleOf(report: RecordReport, entries: readonly ShownEntry[]): People {
  const parties = new Map(
    report.parties.flatMap((party) =>
      [party.fingerprint, ...party.formerly].map((fingerprint) => [fingerprint, party]),
    ),
  );
  const devices = new Map<string, Admitted>();
  const admissions = new Map<number, Admitted>();
  for (const party of report.parties) {
    for (const device of party.devices) {
      devices.set(device.id, { device, party });
      admissions.set(device.admittedAt, { device, party });
    }
  }
  const leaves = new Map(entries.map(({ leaf, index }) => [digestKey(leaf), index]));
  return {
    partyNamed: (fingerprint) => inline(parties.get(digestKey(fingerprint))?.name ?? 'unknown'),
    deviceNamed(id) {
      const found = devices.get(digestKey(id));
      if (found === undefined) return digestText(digestKey(id));
      return `${inline(found.device.member)} (${inline(found.device.label)})`;
    },
    admittedAt: (index) => admissions.get(index),
    indexOf: (leaf) => leaves.get(digestKey(leaf)),
    originalOf(leaf) {
      const body = entries[leaves.get(digestKey(leaf)) ?? -1]?.body;
      return body?.kind === 'document' ? body.sha256 : undefined;
    },
  };
}

const HOW: Readonly<Record<string, string>> = {
  voice: 'by voice',
  'in-person': 'in person',
  writing: 'in writing',
};

/** How a party verified another, as the end of a sentence. */
export function howVerified(how: string): string {
  return HOW[how] ?? how;
}

function reference(people: People, leaf: Uint8Array): string {
  const index = people.indexOf(leaf);
  if (index === undefined) return `an entry that is not here, ${digestText(digestKey(leaf))}`;
  return `<a href="#entry-${index}">entry ${index}</a>`;
}

/** Any member can sign any hash: where the document is here, the page says whether it is the one. */
function original(people: People, { document, original: claimed }: BodyOf<'disarmed'>): string {
  const sent = people.originalOf(document);
  if (sent === undefined)
    return `${hash(claimed)} <strong>No document of this record is named.</strong>`;
  return sameBytes(sent, claimed)
    ? hash(claimed)
    : `${hash(claimed)} <strong>This is not the file that was sent: its hash is ${digestText(digestKey(sent))}.</strong>`;
}

function admission(people: People, index: number, what: string): string {
  const admitted = people.admittedAt(index);
  if (admitted === undefined) return what;
  const { device, party } = admitted;
  return `${what}: ${inline(device.member)} (${inline(device.label)}) of ${inline(party.name)}.`;
}

/** Whom a certificate that has admitted nobody yet names. */
function certifiedNames({ body }: SignedCertificate): string {
  const read = decode(deviceCertificateCodec, body);
  if (!read.ok) return 'a device';
  const { member, label, party } = read.value;
  return `${inline(member)} (${inline(label)}) of ${inline(party)}`;
}

function fields(...rows: readonly (readonly [string, string])[]): string {
  const items = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return `<dl>${items.join('')}</dl>`;
}

const hash = (bytes: Uint8Array): string => digestText(digestKey(bytes));

function earlierFields({ room, size, root, evidence }: EarlierRecord): string {
  return fields(
    ['Earlier room', hash(room)],
    ['Entries held by both', String(size)],
    ['Root over them', hash(root)],
    ['Evidence of the fork', evidence === null ? 'none' : hash(evidence)],
  );
}

function told(body: Body | UnknownBody, index: number, people: People): string {
  switch (body.kind) {
    case 'found':
      return `${admission(people, index, 'Founded the room')} Channel ${inline(body.name)}, relay ${inline(body.relay)}.`;
    case 'room-founded':
      return `${admission(people, index, `Founded the ${body.room === 'caucus' ? 'caucus' : 'room of some parties'}`)} Room ${inline(body.name)}, relay ${inline(body.relay)}, for ${body.parties.map((party) => people.partyNamed(party)).join(', ')} alone.${body.earlier === null ? '' : ` It goes on after a fork.${earlierFields(body.earlier)}`}`;
    case 'room-restarted':
      return `${admission(people, index, 'Founded the room anew after a fork')} Channel ${inline(body.name)}, relay ${inline(body.relay)}.${earlierFields(body.earlier)}`;
    case 'restart-accepted':
      return `Accepted to go on from the earlier record.${earlierFields(body.earlier)}`;
    case 'party-admitted':
      return admission(people, index, 'Admitted a party with its first device');
    case 'device-admitted':
      return admission(people, index, 'Admitted a device of its own party');
    case 'device-removed':
      return `Removed the device ${people.deviceNamed(body.device)}.${block(body.reason)}`;
    case 'admission-proposed':
      return `Proposed, as the first of two officers, to admit ${certifiedNames(body.certificate)}.`;
    case 'member-renamed':
      return `Renamed the member ${inline(body.member)} to ${inline(body.to)}.`;
    case 'member-suspended':
      return `Suspended the member ${inline(body.member)}: its devices say and read nothing until it is resumed.${block(body.reason)}`;
    case 'member-resumed':
      return `Resumed the member ${inline(body.member)}.${block(body.reason)}`;
    case 'party-policy':
      return `Asked that its party's admissions take ${body.officersForAdmission} of its officers, and a new authority without the old key ${body.officersForAuthority}. Asking for fewer takes effect when a second officer says the same.`;
    case 'authority-changed':
      return `<strong>${body.signature === null ? "Agreed, as one of its officers, to replace its party's authority key without the old key" : "Replaced its party's authority key, as the old key signed"}.</strong> The party is not verified from then on.${block(body.reason)}`;
    case 'objection':
      return `<strong>Objects to the device ${people.deviceNamed(body.device)}.</strong> That device stays: a party governs itself.${block(body.reason)}`;
    case 'recovery-shared':
      return `Handed ${body.shares.length} sealed shares of its party's authority to officers' devices; any ${body.needed} of the officers can restore it.`;
    case 'recovery-asked':
      return `Asked its fellow officers for their shares of the party's authority.${block(body.reason)}`;
    case 'recovery-given':
      return `Gave its share of the party's authority to who asked in ${reference(people, body.request)}.`;
    case 'verify-offer':
      return `Offered to compare words with ${people.partyNamed(body.about)}.`;
    case 'verify-answer':
      return `Answered the offer of ${reference(people, body.offer)}.`;
    case 'verify-open':
      return `Opened the offer of ${reference(people, body.offer)}.`;
    case 'verified':
      return `Verified ${people.partyNamed(body.about)} ${howVerified(body.how)}${body.words.length === 0 ? '' : `, by the words number ${body.words.join(', ')}`}.`;
    case 'mismatch':
      return `<strong>Reported that the comparison with ${people.partyNamed(body.about)} ${howVerified(body.how)} did not match.</strong>`;
    case 'text':
      return block(body.text);
    case 'document':
      return `Sent a document.${fields(
        ['Name', inline(body.name)],
        ['Kind', inline(body.mediaType)],
        ['Size', escaped(sizeText(body.size))],
        ['SHA-256', hash(body.sha256)],
      )}`;
    case 'disarmed':
      return `${body.outcome === 'rebuilt' ? 'Made a safe copy of' : 'Could not make a safe copy of'} the document of ${reference(people, body.document)}.${fields(
        ['Original', original(people, body)],
        ['Safe copy', body.safe === null ? 'none' : hash(body.safe)],
        ['Report', hash(body.report)],
        ['Policy', inline(body.policy)],
        ['Engine', inline(body.engine)],
      )}`;
    case 'mail-directory':
      return `Stated its party's official mail domains and addresses, in ${escaped(sizeText(body.directory.length))}.`;
    case 'mail-attestation':
      return `Stated that it sent a certain mail, in ${escaped(sizeText(body.statement.length))}.`;
    case 'mail-day-key':
      return "Gave the key that opens a day's statements about mails.";
    case 'mail-count':
      return 'Stated, sealed, how many mails it sent on a day.';
    case 'forecast':
      return `Shared forecasts, in ${escaped(sizeText(body.ledger.length))}.`;
    case 'opened':
      return body.document === null
        ? `Has seen the entries below number ${body.upTo}.`
        : `Opened the safe copy of the document of ${reference(people, body.document)}.`;
    case 'off-record-proposed':
      return 'Proposed to talk off the record. What is said there leaves no signed proof.';
    case 'off-record-agreed':
      return `Agreed to the talk off the record that ${reference(people, body.proposal)} proposed: it took place.`;
    case 'off-record-closed':
      return body.lastedMs === null
        ? `Withdrew the proposal of ${reference(people, body.proposal)} to talk off the record.`
        : `Left the talk off the record that ${reference(people, body.proposal)} proposed, after ${lengthText(body.lastedMs)}.`;
    case 'posture-raised':
      return `Raised the posture to ${body.level}.${block(body.reason)}`;
    case 'posture-lowering': {
      const { confirms } = body;
      const what =
        confirms === null ? 'Proposed' : `Confirmed the proposal of ${reference(people, confirms)}`;
      return `${what} to lower the posture to ${body.level}.${block(body.reason)}`;
    }
    case 'release-asked':
      return `Asked a colleague to release a document, ${hash(body.commitment)}.`;
    case 'release-given':
      return `Released the document of ${reference(people, body.asked)}.`;
    case 'original-asked':
      return `Asked a second officer to approve that the original of entry ${body.entry} of room ${hash(body.room)} leaves the quarantine, ${hash(body.sha256)}.${block(body.reason)}`;
    case 'original-approved':
      return `Approved that the original of ${reference(people, body.asked)} leaves the quarantine.`;
    case 'original-written':
      return `Wrote the original of ${reference(people, body.asked)} to a file.`;
    case 'line-check':
      return `Tested the line, to be answered before ${escaped(timeText(body.answerBeforeMs))}.`;
    case 'line-answer':
      return `Answered the test of ${reference(people, body.check)}.`;
    // A kind that is added and not described here does not compile.
    default:
      return unknownWords(body);
  }
}

function unknownWords({ name, bytes }: UnknownBody): string {
  const what = isKnownKind(name)
    ? 'The words of this entry are not of its kind'
    : 'This program does not know this kind of entry';
  return `${what}: ${escaped(sizeText(bytes.length))}.`;
}

/** The inside of one entry of the page. */
export function entryWords({ body, index, header }: ShownEntry, people: People): string {
  if (body !== null) return told(body, index, people);
  return `<p class="withheld">Words withheld. They hash, with a salt, to ${hash(header.body)}.</p>`;
}
