// The pieces of a mail that an attestation hashes, each under the mail's salt.

import { concat, utf8, type Crypto, type Decoded } from '@parley/kernel';
import { canonicalBody, withCrlf } from '../authentication/canonical-body.ts';
import { readAddresses } from '../message/address.ts';
import { knowsCharset } from '../message/charset.ts';
import { senderOf } from '../history/history.ts';
import { decodeWords } from '../message/encoded-word.ts';
import type { HeaderField } from '../message/headers.ts';
import { registrable } from '../message/links.ts';
import type { Message } from '../message/message.ts';
import { partBytes, partText, type Part } from '../message/mime.ts';
import type { detailsCodec } from './details.ts';

export type Fingerprint = Omit<Decoded<typeof detailsCodec>, 'salt' | 'locators'>;

/** Fields that servers add or strip on the way, so that a sender cannot vouch for them. */
const TRACE = new Set([
  'received',
  'return-path',
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'bcc',
  'resent-bcc',
  'dkim-signature',
  'authentication-results',
  'received-spf',
  'arc-seal',
  'arc-message-signature',
  'arc-authentication-results',
  'status',
  'x-status',
  'x-keywords',
  'lines',
  'content-length',
  'x-spam-status',
  'x-spam-score',
  'x-spam-level',
  'x-spam-flag',
]);
const ADDRESSES = new Set(['from', 'to', 'cc', 'reply-to', 'sender']);
const TEXT_MAX = 8 * 1024 * 1024;
const FIELDS_MAX = 200;
const PARTS_MAX = 300;

export function keyed(
  crypto: Crypto,
  salt: Uint8Array,
  label: string,
  data: Uint8Array,
): Uint8Array {
  return crypto.hmac('sha256', salt, concat(utf8(`${label}\0`), data));
}

/** What mail programs write into their own copy in the folder of sent mail, and leave out of what they send. */
const OWN_COPY =
  /^(?:x-(?:mozilla|evolution|apple|claws|kmail|sylpheed)-|x-(?:identity|account)-key$|x-uidl?$|fcc$)/;

/** True for fields whose value the sender wrote. */
export function isSenderField(field: HeaderField): boolean {
  return (
    !TRACE.has(field.name) &&
    !field.name.startsWith('x-spam-') &&
    !field.name.startsWith('list-') &&
    !OWN_COPY.test(field.name)
  );
}

/** What a field says, whatever its folding and encoding: addresses without names' spelling tricks, texts decoded. */
export function fieldMeaning(field: HeaderField): string {
  const unknown = [...field.value.matchAll(/=\?([^?\s*]{1,60})/g)].some(
    (match) => !knowsCharset(match[1] ?? ''),
  );
  // What no program can decode means nothing but itself.
  if (unknown) return field.value;
  if (ADDRESSES.has(field.name))
    return readAddresses(field.value)
      .mailboxes.map(({ name, address }) => `${name.normalize('NFC')} <${address.toLowerCase()}>`)
      .join(', ');
  return decodeWords(field.value).replace(/\s+/g, ' ').trim().normalize('NFC');
}

export function rawFieldHash(crypto: Crypto, salt: Uint8Array, field: HeaderField): Uint8Array {
  return keyed(
    crypto,
    salt,
    'raw',
    utf8(`${field.writtenName}:${field.written}`.toWellFormed()),
  ).subarray(0, 16);
}

export function meaningHash(
  crypto: Crypto,
  salt: Uint8Array,
  name: string,
  meaning: string,
): Uint8Array {
  return keyed(crypto, salt, `meaning ${name}`, utf8(meaning.toWellFormed())).subarray(0, 16);
}

export function partKind(part: Part): 'text' | 'html' | 'file' {
  if (part.disposition === 'attachment' || part.fileName !== '') return 'file';
  if (part.type === 'text/html') return 'html';
  return part.type.startsWith('text/') ? 'text' : 'file';
}

/**
 * A text in the units that survive a list: lines of plain text, pieces of HTML that end with a tag. Exact but for line
 * ends, `>From` of mbox files, and empty lines at the end.
 */
export function partUnits(part: Part): readonly string[] {
  const text = partText(part, TEXT_MAX).replace(/\r\n?/g, '\n');
  const units =
    partKind(part) === 'html'
      ? text.split(/(?<=>)|\n/).filter((unit) => unit.trim() !== '')
      : text.split('\n').map((line) => line.replace(/^>+From /, 'From '));
  let end = units.length;
  while (end > 0 && units[end - 1] === '') end--;
  return units.slice(0, end);
}

export function unitsHash(
  crypto: Crypto,
  salt: Uint8Array,
  kind: string,
  units: readonly string[],
): Uint8Array {
  return keyed(crypto, salt, `part ${kind}`, utf8(units.join('\n').toWellFormed()));
}

/** A file: its name, type and bytes; texts among them without regard to line ends. */
export function fileHash(crypto: Crypto, salt: Uint8Array, part: Part): Uint8Array {
  const content = partBytes(part);
  const bytes =
    part.type.startsWith('text/') || part.type === 'message/rfc822' ? withCrlf(content) : content;
  return keyed(crypto, salt, `file ${part.type} ${part.fileName}`, bytes);
}

/** Parts that count: those of the mail itself, in order; a forwarded mail counts as one file. */
export function ownParts(message: Message): readonly Part[] {
  return message.parts.filter(({ forwarded }) => !forwarded).slice(0, PARTS_MAX);
}

export function bodyOf(message: Message): Uint8Array {
  return message.bytes.subarray(message.headers.bodyAt);
}

/** The whole mail as handed to the first server, apart from what servers put on top. */
export function wholeHash(crypto: Crypto, salt: Uint8Array, message: Message): Uint8Array {
  const fields = message.headers.fields
    .filter(isSenderField)
    .map((field) => `${field.writtenName}:${field.written}`);
  return keyed(
    crypto,
    salt,
    'whole',
    concat(utf8(fields.join('\r\n').toWellFormed()), utf8('\r\n\r\n'), withCrlf(bodyOf(message))),
  );
}

export function strayHash(crypto: Crypto, salt: Uint8Array, text: string): Uint8Array {
  return keyed(crypto, salt, 'stray', utf8(text.toWellFormed())).subarray(0, 16);
}

export function linkHash(crypto: Crypto, salt: Uint8Array, host: string): Uint8Array {
  return keyed(crypto, salt, 'link', utf8(registrable(host))).subarray(0, 16);
}

/** A subject without a list's tags. */
function plainSubject(subject: string): string {
  return subject
    .replace(/^\s*(?:\[[^\]]{1,60}\]\s*)+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** How a statement is found for a mail that was forwarded as text, where only sender and subject are left. */
export function forwardLocator(
  crypto: Crypto,
  named: { readonly from: string; readonly subject: string },
  dayKey: Uint8Array,
): Uint8Array {
  const value = `${named.from} ${plainSubject(named.subject)}`.toWellFormed();
  return keyed(crypto, dayKey, 'forwarded', utf8(value)).subarray(0, 16);
}

/** How a recipient finds the statement: by Message-ID, or by Date, sender and subject where a list gave it another id. */
export function locators(
  crypto: Crypto,
  message: Message,
  dayKey: Uint8Array,
): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const add = (label: string, value: string): void => {
    found.push(keyed(crypto, dayKey, label, utf8(value.toWellFormed())).subarray(0, 16));
  };
  if (message.messageId !== '') add('message-id', message.messageId);
  const from = senderOf(message);
  const subject = plainSubject(message.subject);
  if (message.dateMs !== null && from !== '')
    add('date-from', `${message.dateMs} ${from} ${subject}`);
  return found;
}

export function fingerprint(crypto: Crypto, message: Message, salt: Uint8Array): Fingerprint {
  const fields = message.headers.fields.filter(isSenderField).slice(0, FIELDS_MAX);
  return {
    whole: wholeHash(crypto, salt, message),
    body: keyed(crypto, salt, 'body', canonicalBody(bodyOf(message), 'simple')),
    relaxed: keyed(crypto, salt, 'relaxed', canonicalBody(bodyOf(message), 'relaxed')),
    fields: fields.map((field) => ({
      name: field.name.slice(0, 80).toWellFormed(),
      raw: rawFieldHash(crypto, salt, field),
      meaning: meaningHash(crypto, salt, field.name, fieldMeaning(field)),
    })),
    parts: ownParts(message).map((part) => {
      const kind = partKind(part);
      const encoding = (part.encoding ?? '').slice(0, 40).toWellFormed();
      if (kind === 'file') return { kind, units: 0, hash: fileHash(crypto, salt, part), encoding };
      const units = partUnits(part);
      return { kind, units: units.length, hash: unitsHash(crypto, salt, kind, units), encoding };
    }),
    links: [...new Set(message.links.map(({ host }) => registrable(host)))]
      .slice(0, 500)
      .map((host) => linkHash(crypto, salt, host)),
    stray: message.stray.map((text) => strayHash(crypto, salt, text)),
  };
}
