// A real Postfix from Debian, run for a test under a directory of its own: one listener with our hook, and where it delivers.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Null where it can run here; else why not. */
export function postfixMissing(): string | null {
  if (!existsSync('/usr/sbin/postfix')) return 'Debian package postfix missing';
  return process.getuid?.() === 0 ? null : 'Postfix starts as root only';
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((settle) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        settle(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

export type RealPostfix = {
  readonly port: number;
  readonly again: number;
  log(): string;
  queue(): string;
  stop(): void;
};

const SERVICES = [
  'pickup unix n - n 60 1 pickup',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'verify unix - - n - 1 verify',
  'flush unix n - n 1000? 0 flush',
  'proxymap unix - - n - - proxymap',
  'smtp unix - - n - - smtp',
  'relay unix - - n - - smtp',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'showq unix n - n - - showq',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Starts it; everything it takes goes to `deliverTo`. `settings` are lines for main.cf that hang our hook in. */
export async function startPostfix(options: {
  readonly deliverTo: number;
  readonly settings: readonly string[];
}): Promise<RealPostfix> {
  const root = mkdtempSync(join(tmpdir(), 'parley-postfix-'));
  chmodSync(root, 0o755);
  const [config, spool, data] = [join(root, 'etc'), join(root, 'spool'), join(root, 'data')];
  for (const folder of [config, spool, data]) mkdirSync(folder);
  execFileSync('chown', ['postfix', data]);
  const [port, again] = [await freePort(), await freePort()];
  const log = join(root, 'mail.log');
  writeFileSync(
    join(config, 'main.cf'),
    [
      'compatibility_level = 3.6',
      `queue_directory = ${spool}`,
      `data_directory = ${data}`,
      'command_directory = /usr/sbin',
      'daemon_directory = /usr/lib/postfix/sbin',
      'mail_owner = postfix',
      'setgid_group = postdrop',
      'myhostname = mx.our-mission.example',
      'mydestination =',
      'mynetworks = 127.0.0.0/8',
      'inet_interfaces = 127.0.0.1',
      'inet_protocols = ipv4',
      'smtpd_relay_restrictions = permit_mynetworks, reject',
      `relayhost = [127.0.0.1]:${options.deliverTo}`,
      'smtp_tls_security_level = none',
      'smtpd_tls_security_level = none',
      'local_recipient_maps =',
      'alias_maps =',
      'alias_database =',
      `maillog_file = ${log}`,
      `maillog_file_prefixes = ${root}`,
      'smtp_dns_support_level = disabled',
      'disable_dns_lookups = yes',
      'smtpd_peername_lookup = no',
      'minimal_backoff_time = 5s',
      'queue_run_delay = 5s',
      ...options.settings,
      '',
    ].join('\n'),
  );
  writeFileSync(
    join(config, 'master.cf'),
    [
      `127.0.0.1:${port} inet n - n - - smtpd`,
      `127.0.0.1:${again} inet n - n - - smtpd`,
      '  -o content_filter=',
      '  -o smtpd_milters=',
      ...SERVICES,
      '',
    ].join('\n'),
  );
  const run = (...words: string[]): string =>
    execFileSync('/usr/sbin/postfix', ['-c', config, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  run('check');
  run('start');
  await wait(1500);
  return {
    port,
    again,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    queue: () => execFileSync('/usr/sbin/postqueue', ['-c', config, '-p'], { encoding: 'utf8' }),
    stop() {
      try {
        run('abort');
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    },
  };
}
