// The parts that touch the world: files, live DNS, IMAP and the mail server's hooks.

export { mailboxKind, readMailbox, type MailboxItem, type MailboxKind } from './mailbox/mailbox.ts';
export { liveDns, type LiveDnsOptions } from './authentication/live-dns.ts';
