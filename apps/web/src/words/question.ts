// The question to the other side about a mail, in the language of who asks: whoever signs an entry can read what it says.

import type { MessageKey } from './format.ts';

export type AskedMail = {
  readonly from: string;
  readonly date: string | null;
  readonly subject: string;
  readonly messageId: string;
  readonly files: readonly string[];
};

type Verdict = 'proven' | 'altered' | 'denied' | 'suspicious' | 'unknown';

/**
 * Plain text for a channel message, at most about 900 characters; it quotes no text of the mail. Where words run from the
 * right, each fact has a line of its own: an address or a date beside them would be turned about.
 */
export function questionAbout(
  mail: AskedMail,
  verdict: Verdict,
  {
    t,
    direction,
  }: {
    readonly t: (key: MessageKey, values?: Readonly<Record<string, string>>) => string;
    readonly direction: 'ltr' | 'rtl';
  },
): string {
  const line = (key: MessageKey, value: string): string =>
    direction === 'ltr'
      ? t('mail.line', { name: t(key), value })
      : `${t('mail.line', { name: t(key), value: '' }).trimEnd()}\n${value}`;
  const none = t('value.none');
  return [
    t('mail.didYou'),
    line('mail.from', mail.from),
    line('mail.date', mail.date ?? none),
    line('mail.subject', mail.subject),
    line('mail.id', mail.messageId === '' ? none : mail.messageId),
    ...(mail.files.length === 0
      ? []
      : [line('mail.files', mail.files.slice(0, 5).join(', ').slice(0, 200))]),
    t('mail.ourCheck', { verdict: t(`verdict.${verdict}`) }),
  ].join('\n');
}
