// The texts and files of a received mail against the attested ones: what is missing, what differs, what was put in.

import { sameBytes, type Crypto } from '@parley/kernel';
import { isWithin } from '../domains/look-alike.ts';
import { asciiHost, readLinks, registrable } from '../message/links.ts';
import type { Message } from '../message/message.ts';
import type { Part } from '../message/mime.ts';
import { visible } from '../unicode/visible.ts';
import { isListedRelay, isOfficialHost, type KnownParty } from '../screen/known-party.ts';
import { fileHash, ownParts, partKind, partUnits, unitsHash } from './fingerprint.ts';
import type { Details } from './details.ts';
import type { Difference } from './outcome.ts';

const ADDED_UNITS_MAX = 80;
const ADDED_PARTS_MAX = 3;
const ADDED_PART_BYTES_MAX = 8 * 1024;

/** A mail beside the statement that may be about it. */
export type Given = {
  readonly crypto: Crypto;
  readonly message: Message;
  readonly details: Details;
  readonly party: KnownParty;
};

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

/** Every attested text and file against what came, and what came besides. */
export function compareParts(given: Given): PartsResult {
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
export function foreignInAdded(
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
