// One entry for people, as HTML: what it did, in a sentence, and its words.

import { decode, sameBytes } from '@parley/kernel';
import { digestKey } from './digests.ts';
import { deviceCertificateCodec, type SignedCertificate } from './identity.ts';
import {
  isKnownKind,
  type Body,
  type BodyOf,
  type EarlierRecord,
  type UnknownBody,
} from './kinds.ts';
import { block, digestText, inline, lengthOn, momentOn, sizeOn } from './page-text.ts';
import type { RecordPageCode, RecordPageWords } from './record-page-words.ts';
import type { DeviceReport, PartyReport, RecordReport, ShownEntry } from './report.ts';

type Admitted = { readonly device: DeviceReport; readonly party: PartyReport };

/** Looks up parties and devices by what entries name them with. */
export type People = {
  readonly words: RecordPageWords;
  readonly partyNamed: (fingerprint: Uint8Array) => string;
  readonly deviceNamed: (id: Uint8Array) => string;
  readonly admittedAt: (index: number) => Admitted | undefined;
  readonly indexOf: (leaf: Uint8Array) => number | undefined;
  /** SHA-256 of the document that an opened entry sent. */
  readonly originalOf: (leaf: Uint8Array) => Uint8Array | undefined;
};

export function peopleOf(
  report: RecordReport,
  entries: readonly ShownEntry[],
  words: RecordPageWords,
): People {
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
    words,
    partyNamed(fingerprint) {
      const party = parties.get(digestKey(fingerprint));
      return party === undefined ? words.say('unknown') : inline(party.name);
    },
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

const HOW: Readonly<Record<string, RecordPageCode>> = {
  voice: 'by-voice',
  'in-person': 'by-in-person',
  writing: 'by-writing',
};

/** How a party verified another, as the end of a sentence. */
export function howVerified({ say }: RecordPageWords, how: string): string {
  const code = HOW[how];
  return code === undefined ? inline(how) : say(code);
}

/** An entry of this page, to be gone to. */
export const linkTo = ({ say }: RecordPageWords, index: number): string =>
  `<a href="#entry-${index}">${say('entry-number', { index })}</a>`;

function reference({ words, indexOf }: People, leaf: Uint8Array): string {
  const index = indexOf(leaf);
  if (index === undefined) return words.say('not-here', { digest: hash(leaf) });
  return linkTo(words, index);
}

/** Any member can sign any hash: where the document is here, the page says whether it is the one. */
function original(people: People, { document, original: claimed }: BodyOf<'disarmed'>): string {
  const { say } = people.words;
  const sent = people.originalOf(document);
  if (sent === undefined) return `${hash(claimed)} <strong>${say('no-document')}</strong>`;
  return sameBytes(sent, claimed)
    ? hash(claimed)
    : `${hash(claimed)} <strong>${say('other-file', { digest: hash(sent) })}</strong>`;
}

/** Whom an entry admitted. */
function admitted({ words, admittedAt }: People, index: number): string {
  const found = admittedAt(index);
  if (found === undefined) return words.say('a-device');
  const { device, party } = found;
  return deviceOf(words, { member: device.member, label: device.label, party: party.name });
}

const deviceOf = (
  { say }: RecordPageWords,
  of: { member: string; label: string; party: string },
): string =>
  say('device-of', { member: inline(of.member), label: inline(of.label), party: inline(of.party) });

/** Whom a certificate that has admitted nobody yet names. */
function certified(words: RecordPageWords, { body }: SignedCertificate): string {
  const read = decode(deviceCertificateCodec, body);
  return read.ok ? deviceOf(words, read.value) : words.say('a-device');
}

function fields(
  { say }: RecordPageWords,
  ...rows: readonly (readonly [RecordPageCode | 'SHA-256', string])[]
): string {
  const items = rows.map(([name, value]) => {
    const term = name === 'SHA-256' ? name : say(name);
    return `<div><dt>${term}</dt><dd>${value}</dd></div>`;
  });
  return `<dl>${items.join('')}</dl>`;
}

const hash = (bytes: Uint8Array): string => digestText(digestKey(bytes));

function earlierFields(
  words: RecordPageWords,
  { room, size, root, evidence }: EarlierRecord,
): string {
  return fields(
    words,
    ['earlier-room', hash(room)],
    ['earlier-size', String(size)],
    ['earlier-root', hash(root)],
    ['earlier-evidence', evidence === null ? words.say('none') : hash(evidence)],
  );
}

function told(body: Body | UnknownBody, index: number, people: People): string {
  const { words } = people;
  const { say } = words;
  const entry = (leaf: Uint8Array): { entry: string } => ({ entry: reference(people, leaf) });
  const strong = (sentence: string): string => `<strong>${sentence}</strong>`;
  switch (body.kind) {
    case 'found':
      return say('tell-found', { whom: admitted(people, index), ...placeOf(body) });
    case 'room-founded': {
      const parties = body.parties.map((party) => people.partyNamed(party)).join(', ');
      const code = body.room === 'caucus' ? 'tell-caucus' : 'tell-bilateral';
      const after =
        body.earlier === null ? '' : ` ${say('after-fork')}${earlierFields(words, body.earlier)}`;
      return `${say(code, { whom: admitted(people, index), parties, ...placeOf(body) })}${after}`;
    }
    case 'room-restarted':
      return `${say('tell-room-restarted', { whom: admitted(people, index), ...placeOf(body) })}${earlierFields(words, body.earlier)}`;
    case 'restart-accepted':
      return `${say('tell-restart-accepted')}${earlierFields(words, body.earlier)}`;
    case 'party-admitted':
      return say('tell-party-admitted', { whom: admitted(people, index) });
    case 'device-admitted':
      return say('tell-device-admitted', { whom: admitted(people, index) });
    case 'device-removed':
      return `${say('tell-device-removed', { device: people.deviceNamed(body.device) })}${block(body.reason)}`;
    case 'admission-proposed':
      return say('tell-admission-proposed', { whom: certified(words, body.certificate) });
    case 'member-renamed':
      return say('tell-member-renamed', { member: inline(body.member), name: inline(body.to) });
    case 'member-suspended':
      return `${say('tell-member-suspended', { member: inline(body.member) })}${block(body.reason)}`;
    case 'member-resumed':
      return `${say('tell-member-resumed', { member: inline(body.member) })}${block(body.reason)}`;
    case 'party-policy':
      return say('tell-party-policy', {
        admission: body.officersForAdmission,
        authority: body.officersForAuthority,
      });
    case 'authority-changed': {
      const code = body.signature === null ? 'tell-authority-agreed' : 'tell-authority-changed';
      return `${strong(say(code))} ${say('not-verified-since')}${block(body.reason)}`;
    }
    case 'objection':
      return `${strong(say('tell-objection', { device: people.deviceNamed(body.device) }))} ${say('device-stays')}${block(body.reason)}`;
    case 'recovery-shared':
      return say('tell-recovery-shared', { count: body.shares.length, needed: body.needed });
    case 'recovery-asked':
      return `${say('tell-recovery-asked')}${block(body.reason)}`;
    case 'recovery-given':
      return say('tell-recovery-given', entry(body.request));
    case 'verify-offer':
      return say('tell-verify-offer', { party: people.partyNamed(body.about) });
    case 'verify-answer':
      return say('tell-verify-answer', entry(body.offer));
    case 'verify-open':
      return say('tell-verify-open', entry(body.offer));
    case 'verified': {
      const by = { party: people.partyNamed(body.about), how: howVerified(words, body.how) };
      return body.words.length === 0
        ? say('tell-verified', by)
        : say('tell-verified-words', {
            ...by,
            words: `<bdi dir="ltr">${body.words.join(', ')}</bdi>`,
          });
    }
    case 'mismatch': {
      const by = { party: people.partyNamed(body.about), how: howVerified(words, body.how) };
      return strong(say('tell-mismatch', by));
    }
    case 'text':
      return block(body.text);
    case 'document':
      return `${say('tell-document')}${fields(
        words,
        ['name', inline(body.name)],
        ['kind-of-file', inline(body.mediaType)],
        ['size', sizeOn(words, body.size)],
        ['SHA-256', hash(body.sha256)],
      )}`;
    case 'disarmed':
      return `${say(body.outcome === 'rebuilt' ? 'tell-rebuilt' : 'tell-refused', entry(body.document))}${fields(
        words,
        ['original', original(people, body)],
        ['safe-copy', body.safe === null ? say('none') : hash(body.safe)],
        ['report', hash(body.report)],
        ['policy', inline(body.policy)],
        ['engine', inline(body.engine)],
      )}`;
    case 'mail-directory':
      return say('tell-mail-directory', { size: sizeOn(words, body.directory.length) });
    case 'mail-attestation':
      return say('tell-mail-attestation', { size: sizeOn(words, body.statement.length) });
    case 'mail-day-key':
    case 'mail-count':
      return say(`tell-${body.kind}`);
    case 'forecast':
      return say('tell-forecast', { size: sizeOn(words, body.ledger.length) });
    case 'opened':
      return body.document === null
        ? say('tell-seen', { index: body.upTo })
        : say('tell-opened', entry(body.document));
    case 'off-record-proposed':
      return say('tell-off-record-proposed');
    case 'off-record-agreed':
      return say('tell-off-record-agreed', entry(body.proposal));
    case 'off-record-closed':
      return body.lastedMs === null
        ? say('tell-off-record-withdrawn', entry(body.proposal))
        : say('tell-off-record-closed', {
            ...entry(body.proposal),
            length: lengthOn(body.lastedMs),
          });
    case 'posture-raised':
      return `${say('tell-posture-raised', { level: say(`level-${body.level}`) })}${block(body.reason)}`;
    case 'posture-lowering': {
      const level = say(`level-${body.level}`);
      const what =
        body.confirms === null
          ? say('tell-posture-lowering', { level })
          : say('tell-posture-confirmed', { ...entry(body.confirms), level });
      return `${what}${block(body.reason)}`;
    }
    case 'release-asked':
      return say('tell-release-asked', { digest: hash(body.commitment) });
    case 'release-given':
      return say('tell-release-given', entry(body.asked));
    case 'original-asked':
      return `${say('tell-original-asked', { index: body.entry, room: hash(body.room), digest: hash(body.sha256) })}${block(body.reason)}`;
    case 'original-approved':
      return say('tell-original-approved', entry(body.asked));
    case 'original-written':
      return say('tell-original-written', entry(body.asked));
    case 'line-check':
      return say('tell-line-check', { time: momentOn(words, body.answerBeforeMs) });
    case 'line-answer':
      return say('tell-line-answer', entry(body.check));
    // A kind that is added and not described here does not compile.
    default:
      return unknownWords(words, body);
  }
}

const placeOf = (of: { name: string; relay: string }): { name: string; relay: string } => ({
  name: inline(of.name),
  relay: inline(of.relay),
});

function unknownWords(words: RecordPageWords, { name, bytes }: UnknownBody): string {
  const code = isKnownKind(name) ? 'not-of-its-kind' : 'kind-not-known';
  return words.say(code, { size: sizeOn(words, bytes.length) });
}

/** The inside of one entry of the page. */
export function entryWords({ body, index, header }: ShownEntry, people: People): string {
  if (body !== null) return told(body, index, people);
  return `<p class="withheld">${people.words.say('withheld', { digest: hash(header.body) })}</p>`;
}
