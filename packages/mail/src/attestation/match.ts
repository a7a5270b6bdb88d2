// A received mail against what its party attested: proven, altered, denied or unknown.

import { sameBytes } from '@parley/kernel';
import { canonicalBody } from '../authentication/canonical-body.ts';
import { readAddresses } from '../message/address.ts';
import type { HeaderField } from '../message/headers.ts';
import { asciiHost, registrable } from '../message/links.ts';
import type { Message } from '../message/message.ts';
import { isCleanBase64 } from '../message/transfer.ts';
import { visible } from '../unicode/visible.ts';
import { isListedRelay, isOfficialHost, type KnownParty } from '../screen/known-party.ts';
import { findDetails, type AttestationBook } from './book.ts';
import {
  bodyOf,
  fieldMeaning,
  isSenderField,
  keyed,
  meaningHash,
  ownParts,
  rawFieldHash,
  strayHash,
  wholeHash,
} from './fingerprint.ts';
import { denial } from './denial.ts';
import type { Details } from './details.ts';
import { compareParts, foreignInAdded, type Given } from './match-parts.ts';
import type { AttestationOutcome, Difference } from './outcome.ts';

/** Statements about one mail that are looked at: of the same subject, sender and second there are hardly more. */
const TWINS_MAX = 20;

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
