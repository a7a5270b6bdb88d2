// The question that a delegate asks in the channel about a mail: enough for the other side to find it, and no more.

import type { Screening } from './screen.ts';

/** Plain text for a channel message, safe to print, at most about 900 characters. It quotes no text of the mail. */
export function questionFor(screening: Screening): string {
  const { mail } = screening;
  return [
    'Did you send this mail?',
    `From: ${mail.from}`,
    `Date: ${mail.date ?? 'none'}`,
    `Subject: ${mail.subject}`,
    `Message-ID: ${mail.messageId === '' ? 'none' : mail.messageId}`,
    ...(mail.files.length === 0
      ? []
      : [`Files: ${mail.files.slice(0, 5).join(', ').slice(0, 200)}`]),
    `Our check says: ${screening.verdict}.`,
  ].join('\n');
}
