// Real name servers from Debian, run for a test under a directory of their own: NSD signs zones, Unbound validates them.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../postfix/real-postfix.ts';

/** Null where they can run here; else why not. */
export function realDnsMissing(): string | null {
  const needed = ['/usr/sbin/nsd', '/usr/sbin/unbound', '/usr/bin/ldns-signzone'];
  return needed.every((path) => existsSync(path))
    ? null
    : 'Debian packages nsd, unbound and ldnsutils missing';
}

export type RealDns = {
  /** The validating resolver, as `--live-dns` takes it. */
  readonly server: string;
  /** It takes questions and answers none, until `wake`. */
  sleep(): void;
  wake(): void;
  remove(): Promise<void>;
};

export type Zone = {
  readonly name: string;
  /** `altered`: signed, and changed afterwards, as an attacker on the way would. */
  readonly how: 'signed' | 'altered' | 'unsigned';
  /** Lines of the zone, such as `s._domainkey IN TXT "..."`. */
  readonly lines: readonly string[];
};

function writeZone(
  root: string,
  { name, how, lines }: Zone,
): { file: string; anchor: string | null } {
  const file = join(root, `${name}.zone`);
  const head = `$ORIGIN ${name}.\n$TTL 60\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n@ IN NS ns\nns IN A 127.0.0.1\n`;
  writeFileSync(file, `${head}${lines.join('\n')}\n`);
  if (how === 'unsigned') return { file, anchor: null };
  const run = (command: string, ...words: string[]): string =>
    execFileSync(command, words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const key = run('ldns-keygen', '-a', 'ECDSAP256SHA256', '-k', name).trim();
  run('ldns-signzone', '-o', name, file, key);
  const signed = `${file}.signed`;
  if (how === 'altered')
    writeFileSync(signed, readFileSync(signed, 'utf8').replace(/(TXT\s+")v=/, '$1w='));
  return { file: signed, anchor: join(root, `${key}.key`) };
}

/** Starts both and answers when the resolver does. */
export async function startRealDns(zones: readonly Zone[]): Promise<RealDns> {
  const root = mkdtempSync(join(tmpdir(), 'parley-dns-'));
  const [nsdPort, port] = [await freePort(), await freePort()];
  const written = zones.map((zone) => ({ ...zone, ...writeZone(root, zone) }));
  writeFileSync(
    join(root, 'nsd.conf'),
    [
      'server:',
      `  ip-address: 127.0.0.1@${nsdPort}`,
      '  username: ""',
      '  chroot: ""',
      `  zonesdir: "${root}"`,
      `  pidfile: "${root}/nsd.pid"`,
      `  database: ""`,
      `  xfrdfile: "${root}/xfrd.state"`,
      `  zonelistfile: "${root}/zone.list"`,
      '  server-count: 1',
      'remote-control:',
      '  control-enable: no',
      ...written.flatMap(({ name, file }) => ['zone:', `  name: ${name}`, `  zonefile: "${file}"`]),
      '',
    ].join('\n'),
  );
  writeFileSync(
    join(root, 'unbound.conf'),
    [
      'server:',
      `  interface: 127.0.0.1@${port}`,
      '  do-daemonize: no',
      '  username: ""',
      '  chroot: ""',
      `  directory: "${root}"`,
      `  pidfile: "${root}/unbound.pid"`,
      '  use-syslog: no',
      `  logfile: "${root}/unbound.log"`,
      '  num-threads: 1',
      '  do-not-query-localhost: no',
      '  module-config: "validator iterator"',
      '  qname-minimisation: no',
      '  local-zone: "test." nodefault',
      ...written.flatMap(({ anchor }) =>
        anchor === null ? [] : [`  trust-anchor-file: "${anchor}"`],
      ),
      'remote-control:',
      '  control-enable: no',
      ...written.flatMap(({ name }) => [
        'stub-zone:',
        `  name: "${name}."`,
        `  stub-addr: 127.0.0.1@${nsdPort}`,
      ]),
      '',
    ].join('\n'),
  );
  const start = (command: string, words: readonly string[]): ChildProcess =>
    spawn(command, words, { stdio: 'ignore' });
  const nsd = start('/usr/sbin/nsd', ['-d', '-c', join(root, 'nsd.conf')]);
  const unbound = start('/usr/sbin/unbound', ['-d', '-c', join(root, 'unbound.conf')]);
  await wait(1500);
  const end = (child: ChildProcess): Promise<void> =>
    new Promise((settle) => {
      if (child.exitCode !== null) settle();
      else child.once('exit', () => settle());
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    });
  return {
    server: `127.0.0.1:${port}`,
    sleep: () => void unbound.kill('SIGSTOP'),
    wake: () => void unbound.kill('SIGCONT'),
    async remove() {
      await Promise.all([end(nsd), end(unbound)]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
