// The parts that touch the world: files, live DNS, IMAP and the mail server's hooks.

export { mailboxKind, readMailbox, type MailboxItem, type MailboxKind } from './mailbox/mailbox.ts';
export { liveDns, type LiveDnsOptions } from './authentication/live-dns.ts';
export {
  defaultHookPolicy,
  severeHookPolicy,
  VERDICT_HEADER,
  verdictHeader,
  type HookAction,
  type HookPolicy,
} from './postfix/hook-policy.ts';
export {
  startContentFilter,
  withVerdict,
  type ContentFilterOptions,
} from './postfix/content-filter.ts';
export { startMilter, type RunningHook } from './postfix/milter-server.ts';
export type { ScreenMail } from './postfix/milter-session.ts';
export {
  sendMail,
  type SmtpAnswer,
  type SmtpEnvelope,
  type SmtpTarget,
} from './postfix/smtp-client.ts';
export {
  watchFolder,
  type WatchAction,
  type WatchedMail,
  type WatchOptions,
  type WatchPosition,
} from './watch/imap-watch.ts';
