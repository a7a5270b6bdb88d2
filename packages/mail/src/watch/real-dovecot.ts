// A real Dovecot from Debian, run for a test under a directory of its own.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../postfix/real-postfix.ts';

/** Null where it can run here; else why not. */
export function dovecotMissing(): string | null {
  if (!existsSync('/usr/sbin/dovecot') || !existsSync('/usr/lib/dovecot/imap'))
    return 'Debian package dovecot-imapd missing';
  if (!existsSync('/usr/bin/openssl')) return 'Debian package openssl missing';
  return process.getuid?.() === 0 ? null : 'Dovecot starts as root only';
}

export type RealDovecot = {
  /** In the clear with STARTTLS; it listens on 127.0.0.1 and on 127.0.0.2, which Parley does not take for this machine. */
  readonly port: number;
  /** TLS from the first byte. */
  readonly tlsPort: number;
  /** The certificate of both addresses, which nobody vouches for. */
  readonly certificate: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  remove(): Promise<void>;
};

export const DOVECOT_USER = { user: 'delegate', password: 'not-a-secret' } as const;

/** Any user logs in with the one password. Without `tls` it offers none at all. `stop` and `start` play a server that goes away and comes back. */
export async function startDovecot(
  options: { readonly tls: boolean } = { tls: false },
): Promise<RealDovecot> {
  const root = mkdtempSync(join(tmpdir(), 'parley-dovecot-'));
  chmodSync(root, 0o755);
  const port = await freePort();
  const tlsPort = await freePort();
  const [certificate, key] = [join(root, 'cert.pem'), join(root, 'key.pem')];
  const request = '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test';
  const names = 'subjectAltName=IP:127.0.0.1,IP:127.0.0.2';
  execFileSync(
    'openssl',
    `req ${request} -addext ${names} -keyout ${key} -out ${certificate}`.split(' '),
    { stdio: 'ignore' },
  );
  mkdirSync(join(root, 'home'));
  execFileSync('chown', ['mail:mail', join(root, 'home')]);
  const config = join(root, 'dovecot.conf');
  const ids = ['-u', '-g'].map((flag) =>
    execFileSync('id', [flag, 'mail'], { encoding: 'utf8' }).trim(),
  );
  writeFileSync(
    config,
    [
      `base_dir = ${root}/run`,
      `state_dir = ${root}/state`,
      `log_path = ${root}/log`,
      'protocols = imap',
      'listen = 127.0.0.1, 127.0.0.2',
      `ssl = ${options.tls ? 'yes' : 'no'}`,
      `ssl_cert = <${certificate}`,
      `ssl_key = <${key}`,
      'disable_plaintext_auth = no',
      'auth_mechanisms = plain login',
      `passdb {\n driver = static\n args = password=${DOVECOT_USER.password}\n}`,
      `userdb {\n driver = static\n args = uid=${ids[0]} gid=${ids[1]} home=${root}/home/%u\n}`,
      'first_valid_uid = 1',
      'first_valid_gid = 1',
      'mail_location = maildir:~/Maildir',
      'namespace inbox {\n inbox = yes\n mailbox Outbound {\n auto = create\n special_use = \\Sent\n }\n}',
      `service imap-login {\n inet_listener imap {\n port = ${port}\n }\n inet_listener imaps {\n port = ${options.tls ? tlsPort : 0}\n ssl = ${options.tls ? 'yes' : 'no'}\n }\n}`,
      '',
    ].join('\n'),
  );
  const start = async (): Promise<void> => {
    spawn('/usr/sbin/dovecot', ['-c', config], { stdio: 'ignore' });
    await wait(1500);
  };
  const stop = async (): Promise<void> => {
    execFileSync('/usr/sbin/dovecot', ['-c', config, 'stop'], { stdio: 'ignore' });
    await wait(500);
  };
  await start();
  return {
    port,
    tlsPort,
    certificate,
    start,
    stop,
    async remove() {
      await stop().catch(() => undefined);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
