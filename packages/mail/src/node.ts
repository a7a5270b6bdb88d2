// The parts that touch the world: files, live DNS, IMAP and the mail server's hooks.

export { mailboxKind, readMailbox, type MailboxItem, type MailboxKind } from './mailbox/mailbox.ts';
export { liveDns, type LiveDnsOptions } from './authentication/live-dns.ts';
export {
  defaultHookPolicy,
  screeningHook,
  severeHookPolicy,
  VERDICT_HEADER,
  verdictHeader,
  type DecideMail,
  type HookAction,
  type HookDecision,
  type HookMail,
  type HookPolicy,
  type ScreenMail,
} from './postfix/hook-policy.ts';
export {
  startContentFilter,
  withVerdict,
  type ContentFilterOptions,
} from './postfix/content-filter.ts';
export { startMilter, type RunningHook } from './postfix/milter-server.ts';
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
export { tryAccess, type FolderPosition, type ImapAccess } from './watch/imap-connection.ts';
export { readFolder, type FolderMail } from './watch/imap-folder.ts';
export { squareCodeIn } from './message/square-codes.ts';
