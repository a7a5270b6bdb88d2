// A mail read for screening: its sender lines, its words, its links and its files. Any bytes give one.

import { readAddresses, type AddressList } from './address.ts';
import { decodeWords } from './encoded-word.ts';
import { fieldsNamed, readHeaders, type HeaderField, type Headers } from './headers.ts';
import { readHtml, type Anchor } from './html.ts';
import { readLinks, type Link } from './links.ts';
import { partText, readParts, type Part } from './mime.ts';

/** A longer mail is read up to here, and nothing about it is called proven. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** Text that is searched for signs; more is left unread, as a reader would leave it. */
const TEXT_BYTES_MAX = 512 * 1024;

export type AddressField = { readonly field: HeaderField; readonly list: AddressList };

export type Message = {
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  readonly from: readonly AddressField[];
  readonly sender: readonly AddressField[];
  readonly replyTo: readonly AddressField[];
  readonly returnPath: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  /** Milliseconds since 1970 by the sender's own word; null where it cannot be read. */
  readonly dateMs: number | null;
  readonly parts: readonly Part[];
  readonly unreadParts: number;
  /** Text outside the parts, which no program shows. */
  readonly stray: readonly string[];
  /** What the reader sees: plain text where there is some, else the HTML's visible text. Forwarded mails left out. */
  readonly text: string;
  readonly anchors: readonly Anchor[];
  readonly links: readonly Link[];
  readonly files: readonly Part[];
  /** False where a limit stopped the reading. */
  readonly complete: boolean;
};

function addressFields(headers: Headers, name: string): readonly AddressField[] {
  return fieldsNamed(headers, name)
    .slice(0, 20)
    .map((field) => ({ field, list: readAddresses(field.value) }));
}

function isFile(part: Part): boolean {
  if (part.type === 'message/rfc822') return true;
  if (part.disposition === 'attachment' || part.fileName !== '') return true;
  return (
    !part.type.startsWith('text/') &&
    !part.type.startsWith('multipart/') &&
    part.type !== 'message/delivery-status'
  );
}

function readBody(parts: readonly Part[]): { text: string; anchors: readonly Anchor[] } {
  let plain = '';
  let html = '';
  const anchors: Anchor[] = [];
  for (const part of parts) {
    if (part.forwarded || part.disposition === 'attachment') continue;
    if (part.type === 'text/html' && html.length < TEXT_BYTES_MAX) {
      const view = readHtml(partText(part, TEXT_BYTES_MAX));
      html += view.text;
      anchors.push(...view.anchors);
    } else if (
      part.type.startsWith('text/') &&
      part.fileName === '' &&
      plain.length < TEXT_BYTES_MAX
    )
      plain += `${partText(part, TEXT_BYTES_MAX)}\n`;
  }
  // Both are searched: a program shows one of them, and we do not know which.
  return { text: html === '' ? plain : `${plain}\n${html}`, anchors };
}

/** Reads a mail. Work and memory are bounded by the limits named here and in headers.ts and mime.ts. */
export function readMessage(bytes: Uint8Array): Message {
  const kept = bytes.length > MESSAGE_BYTES_MAX ? bytes.subarray(0, MESSAGE_BYTES_MAX) : bytes;
  const headers = readHeaders(kept);
  const { parts, stray, unread } = readParts(kept, headers);
  const { text, anchors } = readBody(parts);
  const first = (name: string): string => fieldsNamed(headers, name)[0]?.value ?? '';
  const recipients = ['to', 'cc', 'bcc'].flatMap((name) =>
    addressFields(headers, name).flatMap(({ list }) =>
      list.mailboxes.map(({ address }) => address.toLowerCase()),
    ),
  );
  const dateMs = Date.parse(first('date').replace(/\([^)]*\)/g, ''));
  return {
    bytes: kept,
    headers,
    from: addressFields(headers, 'from'),
    sender: addressFields(headers, 'sender'),
    replyTo: addressFields(headers, 'reply-to'),
    returnPath: readAddresses(first('return-path')).mailboxes[0]?.address.toLowerCase() ?? '',
    recipients,
    subject: decodeWords(first('subject')),
    messageId:
      /<([^<>\s]{1,990})>/.exec(first('message-id'))?.[1] ?? first('message-id').slice(0, 990),
    dateMs: Number.isNaN(dateMs) ? null : dateMs,
    parts,
    unreadParts: unread,
    stray,
    text,
    anchors,
    links: readLinks(anchors, text),
    files: parts.filter(isFile),
    complete: headers.complete && unread === 0 && kept.length === bytes.length,
  };
}
