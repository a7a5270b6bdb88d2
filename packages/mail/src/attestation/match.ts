// A received mail against what its party attested: proven, altered, denied or unknown.

import { sameBytes, type Crypto } from '@parley/kernel';
import { canonicalBody } from '../authentication/canonical-body.ts';
import { isWithin } from '../domains/look-alike.ts';
import { readAddresses } from '../message/address.ts';
import type { HeaderField } from '../message/headers.ts';
import { asciiHost, readLinks, registrable } from '../message/links.ts';
import type { Message } from '../message/message.ts';
import type { Part } from '../message/mime.ts';
import { isCleanBase64 } from '../message/transfer.ts';
import { visible } from '../unicode/visible.ts';
import { isListedRelay, isOfficialHost, type KnownParty } from '../screen/known-party.ts';
import { findDetails, type AttestationBook } from './book.ts';
import {
  bodyOf,
  fieldMeaning,
  fileHash,
  isSenderField,
  keyed,
  meaningHash,
  ownParts,
  partKind,
  partUnits,
  rawFieldHash,
  strayHash,
  unitsHash,
  wholeHash,
} from './fingerprint.ts';
import { denial } from './denial.ts';
import type { Details } from './details.ts';
import type { AttestationOutcome, Difference } from './outcome.ts';

const ADDED_UNITS_MAX = 80;
const ADDED_PARTS_MAX = 3;
const ADDED_PART_BYTES_MAX = 8 * 1024;
/** Statements about one mail that are looked at: of the same subject, sender and second there are hardly more. */
const TWINS_MAX = 20;

type Given = {
  readonly crypto: Crypto;
  readonly message: Message;
  readonly details: Details;
  readonly party: KnownParty;
};

/** Hosts by which a list names itself. Anybody can write these lines: they allow what a list does, and prove nothing. */
function listHosts(message: Message): readonly string[] {
  const hosts = new Set<string>();
  for (const { name, value } of message.headers.fields) {
    if (name !== 'list-id' && name !== 'list-post') continue;
    for (const match of value.toLowerCase().matchAll(/[a-z0-9-]+(?:\.[a-z0-9-]+)+/g)) {
      const host = asciiHost(match[0]);
      if (host !== null) hosts.add(host);
      if (hosts.size >= 10) return [...hosts];
    }
  }
  return [...hosts];
}

/** Recoding servers rewrite encoded words; otherwise a field is the same text or another. */
function fieldMatches(
  given: Given,
  field: HeaderField,
  attested: Details['fields'][number],
  recoded: boolean,
): boolean {
  const { crypto, details } = given;
  if (sameBytes(rawFieldHash(crypto, details.salt, field), attested.raw)) return true;
  if (!recoded) return false;
  const meaning = meaningHash(crypto, details.salt, field.name, fieldMeaning(field));
  return sameBytes(meaning, attested.meaning);
}

/** On a direct way every field that the sender wrote is still there, and none that a reader sees was added. */
function directDifferences(given: Given, recoded: boolean): Difference[] {
  const { message, details } = given;
  const differences: Difference[] = [];
  const left = message.headers.fields.filter(isSenderField);
  for (const attested of details.fields) {
    const at = left.findIndex(
      (field) => field.name === attested.name && fieldMatches(given, field, attested, recoded),
    );
    if (at >= 0) left.splice(at, 1);
    else {
      const now = left.find((field) => field.name === attested.name);
      differences.push({
        what: `header ${attested.name}`,
        detail: now === undefined ? 'is missing' : visible(now.value, 200),
      });
      if (now !== undefined) left.splice(left.indexOf(now), 1);
    }
  }
  const seen = new Set([
    'from',
    'sender',
    'reply-to',
    'subject',
    'to',
    'cc',
    'date',
    'message-id',
    'in-reply-to',
    'content-type',
    'content-transfer-encoding',
  ]);
  for (const field of left)
    if (seen.has(field.name))
      differences.push({
        what: `header ${field.name}`,
        detail: `was added: ${visible(field.value, 200)}`,
      });
  return differences;
}

const TAG = /^\s*(?:(?:re|aw|fwd?|wg)\s*:\s*)*\[[^\]]{1,60}\]\s*/i;

/** What a list may do to the lines that a reader sees: tag the subject, put itself in From, To and Reply-To. */
function listDifferences(given: Given, hosts: readonly string[]): Difference[] {
  const { crypto, message, details } = given;
  const differences: Difference[] = [];
  const ofList = (address: string): boolean =>
    hosts.some(
      (host) => registrable(host) === registrable(address.slice(address.lastIndexOf('@') + 1)),
    );
  const named = (name: string): readonly HeaderField[] =>
    message.headers.fields.filter((field) => field.name === name);
  const means = (name: string, meaning: string): boolean =>
    details.fields.some(
      (attested) =>
        attested.name === name &&
        sameBytes(meaningHash(crypto, details.salt, name, meaning), attested.meaning),
    );
  const attestedFields = (name: string): number =>
    details.fields.filter((attested) => attested.name === name).length;
  for (const name of ['date', 'message-id', 'in-reply-to', 'subject', 'from', 'to', 'cc']) {
    if (attestedFields(name) === 0) continue;
    const fields = named(name);
    if (fields.some((field) => means(name, fieldMeaning(field)))) continue;
    if (
      name === 'subject' &&
      fields.some(
        (field) =>
          means(name, fieldMeaning(field).replace(TAG, '')) ||
          means(name, fieldMeaning(field).replace(/\[[^\]]{1,60}\]\s*/, '')),
      )
    )
      continue;
    const addresses = fields.flatMap(({ value }) =>
      readAddresses(value).mailboxes.map(({ address }) => address.toLowerCase()),
    );
    if (name === 'from' && addresses.length === 1 && addresses.every(ofList)) {
      const elsewhere = [
        ...named('reply-to'),
        ...named('x-original-from'),
        ...named('original-from'),
        ...named('cc'),
      ];
      if (elsewhere.some((field) => means('from', fieldMeaning({ ...field, name: 'from' }))))
        continue;
    }
    if ((name === 'to' || name === 'cc') && addresses.some(ofList)) continue;
    if (name === 'cc' && fields.length === 0) continue;
    differences.push({
      what: `header ${name}`,
      detail: fields[0] === undefined ? 'is missing' : visible(fields[0].value, 200),
    });
  }
  for (const field of named('reply-to')) {
    const addresses = readAddresses(field.value).mailboxes.map(({ address }) =>
      address.toLowerCase(),
    );
    const own =
      means('reply-to', fieldMeaning(field)) ||
      means('from', fieldMeaning({ ...field, name: 'from' }));
    if (!own && !addresses.every((address) => ofList(address) || fromAddressIs(given, address)))
      differences.push({ what: 'header reply-to', detail: visible(field.value, 200) });
  }
  for (const name of ['from', 'subject', 'date', 'message-id'])
    if (named(name).length > 1)
      differences.push({ what: `header ${name}`, detail: 'stands there more than once' });
  return differences;
}

function fromAddressIs(given: Given, address: string): boolean {
  return (
    given.message.from.some(({ list }) =>
      list.mailboxes.some((mailbox) => mailbox.address.toLowerCase() === address),
    ) && isOfficialHost(given.party, address.slice(address.lastIndexOf('@') + 1))
  );
}

/** The units that were put into a text, or null where the attested text is not in it. */
function addedUnits(
  given: Given,
  part: Part,
  attested: Details['parts'][number],
): readonly string[] | null {
  const units = partUnits(part);
  const more = units.length - attested.units;
  const same = (candidate: readonly string[]): boolean =>
    sameBytes(unitsHash(given.crypto, given.details.salt, attested.kind, candidate), attested.hash);
  if (more < 0) return null;
  if (more === 0) return same(units) ? [] : null;
  if (more > ADDED_UNITS_MAX) return null;
  const cuts = new Set<number>();
  for (let back = 0; back <= 40; back++)
    if (attested.units - back >= 0) cuts.add(attested.units - back);
  for (let front = 0; front <= Math.min(4, attested.units); front++) cuts.add(front);
  for (const cut of cuts) {
    const original = [...units.slice(0, cut), ...units.slice(cut + more)];
    let end = original.length;
    while (end > 0 && original[end - 1] === '') end--;
    if (same(original) || (end < original.length && same(original.slice(0, end))))
      return units.slice(cut, cut + more);
  }
  // A list leaves one or more empty lines before its own: they belong to what was added.
  return null;
}

/** 7bit, 8bit and unknown names leave the bytes alone: going from one to another is no recoding, but a changed line. */
function recodes(encoding: string): string {
  return encoding === 'base64' || encoding === 'quoted-printable' ? encoding : '';
}

type PartsResult = {
  readonly differences: readonly Difference[];
  readonly added: readonly string[];
  readonly recoded: boolean;
};

function compareParts(given: Given): PartsResult {
  const { crypto, message, details } = given;
  const differences: Difference[] = [];
  const added: string[] = [];
  let recoded = false;
  const left = [...ownParts(message)];
  for (const [index, attested] of details.parts.entries()) {
    let found = -1;
    let extra: readonly string[] = [];
    for (const [at, part] of left.entries()) {
      if (partKind(part) !== attested.kind) continue;
      if (attested.kind === 'file') {
        if (!sameBytes(fileHash(crypto, details.salt, part), attested.hash)) continue;
      } else {
        const units = addedUnits(given, part, attested);
        if (units === null) continue;
        extra = units;
      }
      found = at;
      break;
    }
    if (found < 0) {
      const candidate = left.find((part) => partKind(part) === attested.kind);
      const what =
        attested.kind === 'file'
          ? `file ${visible(candidate?.fileName ?? '', 120)}`
          : `${attested.kind} part ${index + 1}`;
      differences.push({
        what,
        detail: candidate === undefined ? 'is missing' : 'differs from what was sent',
      });
      if (candidate !== undefined) left.splice(left.indexOf(candidate), 1);
      continue;
    }
    const [part] = left.splice(found, 1);
    if (recodes(part?.encoding ?? '') !== recodes(attested.encoding)) recoded = true;
    added.push(...extra.filter((unit) => unit.trim() !== ''));
  }
  for (const part of left) {
    const kind = partKind(part);
    if (
      kind === 'text' &&
      part.type === 'text/plain' &&
      part.body.length <= ADDED_PART_BYTES_MAX &&
      left.length <= ADDED_PARTS_MAX
    )
      added.push(...partUnits(part).filter((unit) => unit.trim() !== ''));
    else
      differences.push({
        what:
          kind === 'file'
            ? `file ${visible(part.fileName === '' ? part.type : part.fileName, 120)}`
            : `${kind} part`,
        detail: 'was added',
      });
  }
  return { differences, added, recoded };
}

/** What a list may add: words, and links and addresses of its own. Anything else is somebody's message. */
function foreignInAdded(
  given: Given,
  added: readonly string[],
  hosts: readonly string[],
): Difference[] {
  const text = added.join('\n');
  const plain = text.replace(/<[^>]*>/g, ' ');
  const targets = [...text.matchAll(/(?:href|src|action)\s*=\s*["']?([^"'\s>]+)/gi)].map(
    (match) => ({ target: match[1] ?? '', text: '' }),
  );
  const own = (host: string): boolean =>
    isOfficialHost(given.party, host) ||
    isListedRelay(given.party, host) ||
    hosts.some((known) => isWithin(host, known) || registrable(known) === registrable(host));
  const differences: Difference[] = [];
  for (const { host, shownHost } of readLinks(targets, plain))
    if (!own(host))
      differences.push({ what: 'link', detail: `was added: ${visible(shownHost, 200)}` });
  for (const match of plain.matchAll(/[\w.+-]{1,64}@([\w.-]{1,200})/g))
    if (!own(asciiHost((match[1] ?? '').toLowerCase().replace(/\.$/, '')) ?? ''))
      differences.push({ what: 'address', detail: `was added: ${visible(match[0], 200)}` });
  return differences.slice(0, 10);
}

/**
 * Judges one mail. `proven` needs the attested text, files and sender lines whole; what was added is allowed only from a
 * list or relay that the party's directory names, only as plain words and links of its own, and is handed back. A mail
 * whose id or date is attested and that differs is `altered`; one that is not attested, claims the party and falls on a
 * fully held sealed day is `denied`.
 */
export function matchAttestation(
  message: Message,
  book: AttestationBook,
  known: { readonly party: KnownParty; readonly claimed: boolean },
): AttestationOutcome {
  const twins = findDetails(book, message).slice(0, TWINS_MAX);
  if (twins.length === 0) return denial(message, book, known.claimed);
  if (!message.complete) return { kind: 'unknown' };
  const outcomes = twins.map((details) =>
    compare({ crypto: book.crypto, message, details, party: known.party }),
  );
  return (
    outcomes.find(({ kind }) => kind === 'proven') ?? outcomes[0] ?? ({ kind: 'unknown' } as const)
  );
}

/** One mail against one statement about it. */
function compare(given: Given): AttestationOutcome {
  const { crypto, message, details, party } = given;
  if (sameBytes(wholeHash(crypto, details.salt, message), details.whole))
    return { kind: 'proven', how: 'whole', added: [], throughList: false };
  const named = listHosts(message);
  const throughList = named.length > 0;
  // Anybody can name a list; only those in the party's directory may put themselves into From, Reply-To and the text.
  const hosts = named.filter((host) => isListedRelay(party, host));
  const bodyHash = (form: 'simple' | 'relaxed'): Uint8Array =>
    keyed(
      crypto,
      details.salt,
      form === 'simple' ? 'body' : 'relaxed',
      canonicalBody(bodyOf(message), form),
    );
  const sameBody = sameBytes(bodyHash('simple'), details.body);
  const parts = compareParts(given);
  const recoded = parts.recoded && !sameBody;
  const headers = throughList ? listDifferences(given, hosts) : directDifferences(given, recoded);
  const differences = [
    ...headers.filter(({ what }) => !(recoded && isRecodingField(what))),
    ...parts.differences,
    ...strayDifferences(given),
  ];
  const untouched = sameBody || (throughList && sameBytes(bodyHash('relaxed'), details.relaxed));
  if (!untouched) differences.push(...uncleanParts(message));
  if (differences.length === 0 && parts.added.length === 0 && untouched)
    return { kind: 'proven', how: 'body', added: [], throughList };
  if (parts.added.length > 0)
    differences.push(
      ...(hosts.length > 0
        ? foreignInAdded(given, parts.added, hosts)
        : [{ what: 'text', detail: `was added: ${visible(parts.added.join(' / '), 200)}` }]),
    );
  const quoted = Buffer.from(bodyOf(message)).includes('\n>From ');
  if (differences.length === 0 && !throughList && !recoded && !quoted)
    differences.push({ what: 'bytes', detail: 'between the parts differ from what was sent' });
  if (differences.length > 0) return { kind: 'altered', differences };
  const added = parts.added.map((unit) => visible(unit, 300));
  return { kind: 'proven', how: 'parts', added, throughList };
}

/** Text put between base64 letters decodes to nothing here, and to words in another program. */
function uncleanParts(message: Message): Difference[] {
  return ownParts(message)
    .filter(({ encoding, body }) => encoding === 'base64' && !isCleanBase64(body))
    .map(() => ({ what: 'encoded part', detail: 'holds bytes outside its encoding' }));
}

function strayDifferences(given: Given): Difference[] {
  const { crypto, message, details } = given;
  const isAttested = (text: string): boolean =>
    details.stray.some((hash) => sameBytes(hash, strayHash(crypto, details.salt, text)));
  return message.stray
    .filter((text) => !isAttested(text))
    .map((text) => ({
      what: 'text outside the parts',
      detail: `was added: ${visible(text, 200)}`,
    }));
}

/** A server that recodes a text changes these lines with it. */
function isRecodingField(what: string): boolean {
  return (
    what === 'header content-transfer-encoding' ||
    what === 'header content-type' ||
    what === 'header mime-version'
  );
}
