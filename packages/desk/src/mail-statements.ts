// Mail and channel joined: directories and attestations travel as entries of the record, and come back as what the
// screening of mail knows. Only what a verified party signed counts.

import { decode, encode } from '@parley/kernel';
import {
  checkDirectory,
  dayKeyCodec,
  daySealCodec,
  decodeDirectory,
  describeChange,
  directoryChanges,
  effectiveDirectory,
  encodeDirectory,
  openBook,
  sameContent,
  sealDay,
  statementCodec,
  type AttestationBook,
  type DayKey,
  type DaySeal,
  type Directory,
  type Statement as MailStatement,
} from '@parley/mail';
import type { Context, OpenCard } from './context.ts';
import type { StatementKind } from './notices.ts';
import { rulesOf, tightSinceMs } from './posture-record.ts';
import { DeskRefusal } from './refusal.ts';
import { statements, type Statement } from './statements.ts';

const MAIL_KINDS: readonly StatementKind[] = [
  'mail-directory',
  'mail-attestation',
  'mail-day-key',
  'mail-count',
];

/** What the channels of this desk know about other parties' mail. */
export type MailKnowledge = {
  readonly directories: readonly Directory[];
  readonly attestations: readonly AttestationBook[];
  /** For the person: what changed lately, what waits, what is expired or not from a verified party. */
  readonly remarks: readonly string[];
};

type ByParty = Map<string, { name: string; mine: boolean; verified: boolean; said: Statement[] }>;

function byParty(said: Iterable<Statement>): ByParty {
  const parties: ByParty = new Map();
  for (const one of said) {
    const { fingerprint, name } = one.party;
    const known = parties.get(fingerprint) ?? {
      name,
      mine: one.mine,
      verified: one.verified,
      said: [],
    };
    known.said.push(one);
    parties.set(fingerprint, known);
  }
  return parties;
}

type Published = {
  readonly directory: Directory;
  readonly receivedMs: number;
  readonly member: string;
};

function published(said: readonly Statement[]): Published[] {
  const found: Published[] = [];
  for (const { body, receivedMs, member } of said) {
    if (body.kind !== 'mail-directory') continue;
    const directory = decodeDirectory(body.directory);
    if (directory.ok && checkDirectory(directory.value).ok) {
      found.push({ directory: directory.value, receivedMs, member });
    }
  }
  return found;
}

/** The directories of a party, each once; one that two of its members published counts as released by both. */
function received(
  said: readonly Published[],
): { directory: Directory; receivedMs: number; secondOfficer: boolean }[] {
  const versions: {
    directory: Directory;
    receivedMs: number;
    secondOfficer: boolean;
    member: string;
  }[] = [];
  for (const one of said) {
    // Only the newest can be seconded: going back to what an older one said is a change like any other.
    const newest = versions.at(-1);
    const twin =
      newest !== undefined && sameContent(newest.directory, one.directory) ? newest : undefined;
    if (twin === undefined) versions.push({ ...one, secondOfficer: false });
    else if (twin.member !== one.member) twin.secondOfficer = true;
  }
  return versions;
}

function bookOf(context: Context, party: string, said: readonly Statement[]): AttestationBook {
  const dayKeys: DayKey[] = [];
  const mails: MailStatement[] = [];
  const seals: DaySeal[] = [];
  for (const { body } of said) {
    if (body.kind === 'mail-day-key') {
      const key = decode(dayKeyCodec, body.key);
      if (key.ok) dayKeys.push(key.value);
    } else if (body.kind === 'mail-attestation') {
      const statement = decode(statementCodec, body.statement);
      if (statement.ok) mails.push(statement.value);
    } else if (body.kind === 'mail-count') {
      const seal = decode(daySealCodec, body.count);
      if (seal.ok) seals.push(seal.value);
    }
  }
  return openBook(context.ports.crypto, { party, dayKeys, statements: mails, seals });
}

/** What the given channels say of the others' mail, as of now. */
export function mailKnowledge(context: Context, cards: readonly OpenCard[]): MailKnowledge {
  const nowMs = context.ports.clock.nowMs();
  const directories: Directory[] = [];
  const attestations: AttestationBook[] = [];
  const remarks: string[] = [];
  for (const card of cards) {
    // What one officer has added since the posture was raised does not count, however long it stands.
    const sinceMs = tightSinceMs(context, card);
    const strict = sinceMs !== null;
    for (const { name, mine, verified, said } of byParty(
      statements(context, card, MAIL_KINDS),
    ).values()) {
      if (mine) continue;
      if (!verified) {
        remarks.push(
          `${name} has published about its mail, but is not verified: it does not count`,
        );
        continue;
      }
      const versions = received(published(said));
      const { directory, waiting, expired } = effectiveDirectory(
        versions.map((one) =>
          strict && !one.secondOfficer && one.receivedMs >= sinceMs
            ? { ...one, receivedMs: nowMs }
            : one,
        ),
        nowMs,
      );
      if (directory !== null) directories.push(directory);
      if (expired)
        remarks.push(`the directory of ${name} has expired: ask them to publish it again`);
      for (const { change, fromMs } of waiting) {
        remarks.push(
          strict && fromMs >= sinceMs
            ? `${describeChange(name, change)} At this posture it counts when a second officer of theirs publishes the same.`
            : `${describeChange(name, change)} It counts from ${new Date(fromMs).toISOString()}.`,
        );
      }
      const book = bookOf(context, name, said);
      if (book.dayKeys.length > 0) attestations.push(book);
    }
  }
  return { directories, attestations, remarks };
}

/** What changed with each directory that a party published, newest first, in sentences. */
export function directoryHistory(
  context: Context,
  card: OpenCard,
): { party: string; mine: boolean; entry: number; changes: string[] }[] {
  const history: { party: string; mine: boolean; entry: number; changes: string[] }[] = [];
  for (const { name, mine, said } of byParty(
    statements(context, card, ['mail-directory']),
  ).values()) {
    let before: Directory | null = null;
    for (const one of said) {
      const [now] = published([one]);
      if (now === undefined) continue;
      const changes = directoryChanges(before, now.directory).map((change) =>
        describeChange(name, change),
      );
      history.push({ party: name, mine, entry: one.entry, changes });
      before = now.directory;
    }
  }
  return history.toReversed();
}

/** At posture severe nothing is added to a directory: what a thief of one desk would add, others would believe. */
export function requireNoAdditions(context: Context, card: OpenCard, directory: Directory): void {
  const { level, rules } = rulesOf(context, card);
  if (rules.directoryAdditions !== 'frozen') return;
  const own = [...statements(context, card, ['mail-directory'])].filter(({ mine }) => mine);
  const before = published(own).at(-1)?.directory ?? null;
  if (directoryChanges(before, directory).every(({ how }) => how !== 'added')) return;
  throw new DeskRefusal('policy', `posture-${level}`, {
    message: `The posture of this channel is ${level}: nothing is added to a directory.`,
    next: 'take entries out at any time; to add, lower the posture first with two officers',
  });
}

/** The entry that publishes a directory; refuses one that is malformed or expired. */
export function directoryStatement(directory: Directory): Statement['body'] {
  const checked = checkDirectory(directory);
  if (!checked.ok) {
    throw new DeskRefusal('wrong-use', `directory-${checked.reason}`, {
      message: `This directory is refused: ${checked.detail ?? checked.reason}.`,
      next: 'correct it, and publish it again',
    });
  }
  return { kind: 'mail-directory', directory: encodeDirectory(directory) };
}

/** The entry that closes a day: any other mail of that day from what it covers counts as denied. */
export function daySealStatement(
  context: Context,
  card: OpenCard,
  terms: { day: string; covers: readonly string[] },
): { body: Statement['body']; count: number } {
  const own: MailStatement[] = [];
  for (const { mine, body } of statements(context, card, ['mail-attestation'])) {
    if (!mine || body.kind !== 'mail-attestation') continue;
    const statement = decode(statementCodec, body.statement);
    if (statement.ok) own.push(statement.value);
  }
  const seal = sealDay(context.ports.crypto, terms.day, {
    statements: own,
    covers: terms.covers.map((one) => one.toLowerCase()),
  });
  return { body: { kind: 'mail-count', count: encode(daySealCodec, seal) }, count: seal.count };
}
