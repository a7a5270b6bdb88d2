// How a mailbox is reached: its server, whose it is, and what is said when that fails.

import { Fault } from '@parley/kernel';
import type { ImapFlow } from 'imapflow';

export type ImapAccess = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; without it STARTTLS is used, and a server without it is refused but on loopback. */
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
};

/** Where a reading of a folder stopped. UIDs only grow while UIDVALIDITY stays (RFC 9051 section 2.3.1.1). */
export type FolderPosition = { readonly uidValidity: string; readonly lastUid: number };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** A client that logs nothing: its log would hold the password. */
export async function newClient(access: ImapAccess): Promise<ImapFlow> {
  // Loaded when a mailbox is read: every command would wait for it otherwise.
  const imap = await import('imapflow');
  return new imap.ImapFlow({
    host: access.host,
    port: access.port,
    secure: access.secure,
    // Plain text would show the password to the network: allowed on this machine only.
    ...(access.secure || LOOPBACK.has(access.host) ? {} : { doSTARTTLS: true }),
    // imapflow upgrades without it, and a certificate for an address is then held against the name "localhost".
    tls: { host: access.host },
    auth: { user: access.user, pass: access.password },
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: 25 * 60_000,
  });
}

export function isLoginRefused(error: unknown): boolean {
  if (!(error instanceof Error) || !('authenticationFailed' in error)) return false;
  // A server that is starting, or overloaded, says so: its NO is none to the password (RFC 5530).
  const said = 'serverResponseCode' in error ? error.serverResponseCode : undefined;
  return error.authenticationFailed === true && said !== 'UNAVAILABLE' && said !== 'INUSE';
}

/** Node's names for a certificate that nobody vouches for, or that is for somebody else. */
const UNTRUSTED =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY|GET)_\w+|CERT_\w+|ERR_TLS_CERT_\w+)$/;

/** What a person has to put right: trying again would not help. */
export function isFinal(error: unknown): boolean {
  return isLoginRefused(error) || isUntrusted(error);
}

function isUntrusted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNTRUSTED.test(String(error.code));
}

/** What broke a connection, as the fault that a person is told. */
export function imapFault(cause: unknown): Fault {
  if (isLoginRefused(cause))
    return new Fault('imap-login-refused', 'The IMAP server refused the user name or password.', {
      cause,
      nextAction: 'give the credentials again',
    });
  if (isUntrusted(cause))
    return new Fault('imap-untrusted', 'The certificate of the IMAP server is not to be trusted.', {
      cause,
      nextAction:
        'check the name of the server; where your own authority made the certificate, name its file in NODE_EXTRA_CA_CERTS',
    });
  return new Fault('imap-unreachable', 'The IMAP server cannot be reached or broke off.', {
    cause,
    retry: true,
    nextAction: 'check host, port and TLS, then run it again: it resumes',
  });
}

/** Logs in and out again. Throws `imap-login-refused`, `imap-untrusted` or `imap-unreachable`. */
export async function tryAccess(access: ImapAccess): Promise<void> {
  const client = await newClient(access);
  client.on('error', () => client.close());
  try {
    await client.connect();
    await client.logout();
  } catch (cause) {
    throw imapFault(cause);
  } finally {
    client.close();
  }
}
