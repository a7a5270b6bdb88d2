// Does this mail claim to come from that party, and by what? Without a claim there is nothing to warn of.

import type { LookAlike } from '../domains/look-alike.ts';
import { readTags } from '../authentication/arc.ts';
import type { Mailbox } from '../message/address.ts';
import { asciiHost, hostNamedBy, registrable } from '../message/links.ts';
import { lookFold } from '../unicode/skeleton.ts';
import { decodeWords } from '../message/encoded-word.ts';
import type { NameMatch } from '../names/name-match.ts';
import type { DirectoryPerson } from '../directory/directory.ts';
import type { HeaderField } from '../message/headers.ts';
import type { Message } from '../message/message.ts';
import { signedText, type SignedText } from './signed-text.ts';
import {
  isOfficialAddress,
  lookAlikeOf,
  matchParty,
  matchPerson,
  type KnownParty,
} from './known-party.ts';

export type LookAlikeClaim = {
  readonly found: LookAlike;
  readonly where: string;
  readonly field: HeaderField | null;
  readonly written: string;
};
export type NameClaim = {
  readonly person: DirectoryPerson;
  readonly match: NameMatch;
  readonly mailbox: Mailbox;
};

export type Claims = {
  /** The shown sender's address is the party's. */
  readonly address: Mailbox | null;
  /** Another sender line (a second From, Sender) holds an address of the party. */
  readonly otherLine: HeaderField | null;
  readonly lookAlikes: readonly LookAlikeClaim[];
  readonly name: NameClaim | null;
  /** An official address or domain stands in a display name whose address is another. */
  readonly inName: { readonly mailbox: Mailbox; readonly written: string } | null;
  /** A sender line that cannot be read cleanly mentions an official domain. */
  readonly inRawLine: HeaderField | null;
  /** The text is signed by a listed person. */
  readonly signedAs: SignedText | null;
};

function hostOf(mailbox: Mailbox): string | null {
  return asciiHost(mailbox.domain);
}

export function officialMailbox(party: KnownParty, mailbox: Mailbox): boolean {
  const host = hostOf(mailbox);
  return host !== null && isOfficialAddress(party, `${mailbox.local.toLowerCase()}@${host}`);
}

const LIST_LINES = new Set(['list-id', 'list-post', 'list-unsubscribe', 'x-beenthere']);
const LIST_BOX =
  /^(?:owner-.+|.+[-+_](?:admin|owner|bounces?|request|errors?)(?:[-+=].*)?|(?:bounces?|errors?)[-+=].+)$/;

/**
 * The box of a list's own machinery in a Sender line, as list servers write it for whoever posts: it names no person, so
 * on a list that the party hosts it is no claim to be the party. An address that the directory lists never counts as one.
 */
function isListBox(message: Message, party: KnownParty): (mailbox: Mailbox) => boolean {
  const namesList = message.headers.fields.some(({ name }) => LIST_LINES.has(name));
  return ({ local, domain, name }) =>
    namesList &&
    LIST_BOX.test(local.toLowerCase()) &&
    !party.addresses.has(`${local}@${domain}`.toLowerCase()) &&
    matchPerson(party, name) === null;
}

const SENDER_LINES = new Set([
  'from',
  'sender',
  'reply-to',
  'resent-from',
  'resent-sender',
  'return-path',
  'x-sender',
  'x-original-from',
]);

function lookAlikeClaims(message: Message, party: KnownParty): LookAlikeClaim[] {
  const claims: LookAlikeClaim[] = [];
  const seen = new Set<string>();
  const check = (written: string, where: string, field: HeaderField | null): void => {
    const host = asciiHost(written.toLowerCase());
    if (host === null || seen.has(host) || seen.size >= 60) return;
    seen.add(host);
    const found = lookAlikeOf(party, host);
    if (found !== null) claims.push({ found, where, field, written });
  };
  for (const [where, fields] of [
    ['From', message.from],
    ['Sender', message.sender],
    ['Reply-To', message.replyTo],
  ] as const)
    for (const { field, list } of fields)
      for (const { domain } of list.mailboxes.slice(0, 10)) check(domain, where, field);
  const path = message.headers.fields.find(({ name }) => name === 'return-path') ?? null;
  check(message.returnPath.slice(message.returnPath.lastIndexOf('@') + 1), 'Return-Path', path);
  for (const field of message.headers.fields
    .filter(({ name }) => name === 'dkim-signature')
    .slice(0, 10))
    check(readTags(field.value)?.get('d') ?? '', 'DKIM seal', field);
  for (const link of message.links.slice(0, 200)) check(link.host, 'link', null);
  return claims;
}

/** An official address or domain inside a display name, also where it is spaced out or written with other letters. */
function addressInName(name: string, party: KnownParty): string | null {
  if (name === '') return null;
  const folded = lookFold(name);
  const tight = folded
    .replace(/\s*([@.])\s*/g, '$1')
    .replace(/\(at\)|\[at\]| at /g, '@')
    .replace(/\(dot\)|\[dot\]| dot /g, '.');
  for (const address of party.addresses) if (tight.includes(lookFold(address))) return address;
  for (const domain of party.directory.domains) {
    const at = tight.indexOf(lookFold(domain));
    if (at < 0) continue;
    const before = tight.charAt(at - 1);
    const after = tight.charAt(at + lookFold(domain).length);
    if (!/[\p{L}\p{N}-]/u.test(before) && !/[\p{L}\p{N}-]/u.test(after)) return domain;
  }
  return null;
}

function mentionsParty(line: string, party: KnownParty): boolean {
  const text = lookFold(decodeWords(line)).replace(/[\s\0]+/g, '');
  return (
    party.directory.domains.some((domain) => text.includes(`@${lookFold(domain)}`)) ||
    [...party.addresses].some((address) => text.includes(lookFold(address)))
  );
}

/** Everything by which a mail claims the party. Constant work per mailbox, link and listed name. */
export function findClaims(message: Message, party: KnownParty): Claims {
  const senders = message.from.flatMap(({ list }) => list.mailboxes);
  const shown = senders[0] ?? null;
  const address = shown !== null && officialMailbox(party, shown) ? shown : null;
  const others = [
    ...message.from.slice(1),
    ...message.sender.filter(({ list }) => !list.mailboxes.every(isListBox(message, party))),
  ];
  const laterInFirst =
    message.from[0]?.list.mailboxes.slice(1).some((mailbox) => officialMailbox(party, mailbox)) ===
    true;
  const otherLine =
    others.find(({ list }) => list.mailboxes.some((mailbox) => officialMailbox(party, mailbox)))
      ?.field ?? (laterInFirst ? (message.from[0]?.field ?? null) : null);
  const foreign = [...senders, ...message.sender.flatMap(({ list }) => list.mailboxes)].filter(
    (mailbox) => !officialMailbox(party, mailbox),
  );
  let name: NameClaim | null = null;
  let inName: Claims['inName'] = null;
  for (const mailbox of foreign.slice(0, 10)) {
    if (name === null) {
      const found =
        matchPerson(party, mailbox.name) ??
        (hostNamedBy(mailbox.name) === null ? matchPerson(party, localAsName(mailbox)) : null);
      const itself = found ?? matchParty(party, mailbox.name);
      if (itself !== null) name = { ...itself, mailbox };
    }
    const written: string | null = inName === null ? addressInName(mailbox.name, party) : null;
    if (written !== null) inName = { mailbox, written };
  }
  const lines = message.headers.fields.filter(
    ({ name: field, writtenName }) => SENDER_LINES.has(field) || isLikeFrom(writtenName),
  );
  const clean =
    message.from.length === 1 &&
    message.from[0]?.list.problems.length === 0 &&
    senders.length === 1;
  const odd = lines.filter(
    (field) =>
      (field.name !== 'from' && !SENDER_LINES.has(field.name)) || (field.name === 'from' && !clean),
  );
  const inRawLine =
    odd.find((field) => mentionsParty(field.value, party)) ?? problemLine(message, party);
  const claims: Claims = {
    address,
    otherLine,
    lookAlikes: lookAlikeClaims(message, party),
    name,
    inName,
    inRawLine,
    signedAs: address === null && name === null ? signedText(message.text, party) : null,
  };
  // The world is full of links to honest sites whose short name, or whose name under another ending, is near.
  const strong = { ...claims, lookAlikes: claims.lookAlikes.filter((one) => !isWeakLink(one)) };
  return claimsParty(strong) ? claims : strong;
}

const SHORT_LABEL = 4;

/** A link that is no claim by itself: it counts only where the mail claims the party in another way too. */
function isWeakLink({ where, found }: LookAlikeClaim): boolean {
  if (where !== 'link') return false;
  const label = registrable(found.official).split('.')[0] ?? '';
  return (
    found.how === 'other-ending' || (found.how === 'one-letter-off' && label.length <= SHORT_LABEL)
  );
}

/** `kim.jongsu@mail.example` says a name too, where no display name does. */
function localAsName(mailbox: Mailbox): string {
  return mailbox.name === '' &&
    /^[\p{L}]+[._-][\p{L}]+(?:[._-][\p{L}]+)?\d{0,4}$/u.test(mailbox.local)
    ? mailbox.local.replace(/[._-]+/g, ' ').replace(/\d+$/, '')
    : '';
}

/** A header name that looks like From without being it. */
export function isLikeFrom(writtenName: string): boolean {
  const plain = writtenName.trim().toLowerCase();
  if (writtenName.length > 12 || /^[a-z-]+$/.test(plain)) return false;
  return plain !== 'from' && lookFold(writtenName).replace(/[^a-z]/g, '') === 'from';
}

function problemLine(message: Message, party: KnownParty): HeaderField | null {
  for (const problem of message.headers.problems)
    if (
      /from|sender|reply/i.test(lookFold(problem.text.slice(0, 40))) &&
      mentionsParty(problem.text, party)
    )
      return {
        name: 'from',
        writtenName: '',
        value: problem.text,
        written: problem.text,
        line: problem.line,
      };
  return null;
}

/** True where the mail claims the party in any way that a reader could believe. */
export function claimsParty(claims: Claims): boolean {
  return (
    claims.address !== null ||
    claims.otherLine !== null ||
    claims.lookAlikes.length > 0 ||
    claims.name !== null ||
    claims.inName !== null ||
    claims.inRawLine !== null ||
    claims.signedAs !== null
  );
}
