// A mail: its headers and words as text, its attachments handed out one by one to cages of their own.

import PostalMime, { type Address } from 'postal-mime';

import { htmlText } from '../readers/html-text.ts';
import { cleanText } from './text.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';

const addressText = (address: Address): string =>
  address.group === undefined
    ? `${address.name} <${address.address}>`.trim()
    : `${address.name}: ${address.group.map((member) => `${member.name} <${member.address}>`).join(', ')}`;

const listText = (addresses: readonly Address[] | undefined): string =>
  (addresses ?? []).map(addressText).join(', ');

const LISTED_MAX = 1000;

/** Emits the mail's text, then each attachment as a part. Nothing in a mail is believed. */
export async function convertMail(bytes: Uint8Array, job: Job): Promise<void> {
  let mail: Awaited<ReturnType<typeof PostalMime.parse>>;
  try {
    mail = await PostalMime.parse(bytes, {
      attachmentEncoding: 'arraybuffer',
      maxNestingDepth: 50,
      maxHeadersSize: 1 << 20,
    });
  } catch (error) {
    throw new JobRefusal('broken', error instanceof Error ? error.message : '');
  }
  const lines = [
    ['From', mail.from === undefined ? '' : addressText(mail.from)],
    ['Sender', mail.sender === undefined ? '' : addressText(mail.sender)],
    ['Reply-To', listText(mail.replyTo)],
    ['To', listText(mail.to)],
    ['Cc', listText(mail.cc)],
    ['Subject', mail.subject ?? ''],
    ['Date', mail.date ?? ''],
    ['Message-ID', mail.messageId ?? ''],
  ].filter(([, value]) => value !== '');
  const head = lines
    .map(([name, value]) => `${name}: ${(value ?? '').replaceAll(/\s+/g, ' ')}`)
    .join('\n');
  const plain = mail.text?.trim() ?? '';
  const rich = mail.html === undefined ? '' : htmlText(mail.html);
  const body = plain !== '' ? plain : rich;
  if (plain !== '' && rich !== '' && !sameWords(plain, rich)) {
    emit.note('mail-versions-differ');
  }
  const both =
    plain !== '' && rich !== '' && !sameWords(plain, rich)
      ? `\n\n--- formatted version ---\n${rich}`
      : '';
  const names = mail.attachments
    .slice(0, LISTED_MAX)
    .map(({ filename, mimeType }, i) => `${i + 1}. ${filename ?? mimeType}`);
  const attached =
    names.length === 0
      ? ''
      : `\n\n--- attachments, each rebuilt by itself ---\n${names.join('\n')}`;
  emit.text(cleanText(`${head}\n\n${body}${both}${attached}\n`));
  emit.note('mail-sender');
  const called = mail.attachments.map(
    ({ filename, mimeType }, i) => filename ?? `attachment-${i + 1} (${mimeType})`,
  );
  emit.parts(called, job.partsMax, (at) => {
    const content = mail.attachments[at]?.content ?? '';
    return typeof content === 'string'
      ? new TextEncoder().encode(content)
      : new Uint8Array(content);
  });
}

/** True where nearly every word of the shorter version stands in the longer one. */
function sameWords(a: string, b: string): boolean {
  const words = (text: string): string[] =>
    text
      .toLowerCase()
      .replaceAll(/\[[^\]]*\]|https?:\S+/g, ' ')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const left = words(a);
  const right = new Set(words(b));
  const missing = left.filter((word) => !right.has(word)).length;
  return missing <= left.length * 0.1;
}
