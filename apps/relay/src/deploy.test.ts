// What an operator installs: the unit, the container file and the onion service, read by the programs that will read them,
// where those are on this machine.

import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { removeDirectory, temporaryDirectory } from './testing/fixture.ts';

const file = (name: string): string => new URL(`../deploy/${name}`, import.meta.url).pathname;

const analyze = spawnSync(
  'systemd-analyze',
  ['security', '--offline=true', file('parley-relay.service')],
  {
    encoding: 'utf8',
  },
);
if (analyze.error !== undefined)
  it('the unit: not judged: systemd-analyze is not installed', () => {
    expect(readFileSync(file('parley-relay.service'), 'utf8')).toContain('DynamicUser=yes');
  });
else
  it('systemd takes the unit as it is written and finds little that it leaves open', async () => {
    const directory = await temporaryDirectory();
    const unit = join(directory, 'parley-relay.service');
    // Parley is not installed where the unit looks for it: that alone is changed.
    const own = readFileSync(file('parley-relay.service'), 'utf8').replace(
      '/opt/parley/node_modules/.bin/parley',
      '/bin/true',
    );
    writeFileSync(unit, own);
    const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    await removeDirectory(directory);
    const level = /Overall exposure level for parley-relay\.service: (\d+\.\d)/.exec(
      analyze.stdout,
    );
    expect(Number(level?.[1])).toBeLessThan(2);
  });

it('the container is nobody, stops by SIGTERM and writes only to /data', () => {
  const text = readFileSync(file('Containerfile'), 'utf8');
  expect(text).toMatch(/^USER 65534:65534$/m);
  expect(text).toMatch(/^STOPSIGNAL SIGTERM$/m);
  expect(text).toMatch(/^VOLUME \/data$/m);
  expect(text).toContain('"relay", "serve", "--data", "/data"');
});

const tor = ['tor', '/usr/sbin/tor'].find(
  (command) => spawnSync(command, ['--version']).status === 0,
);
if (tor === undefined)
  it('the onion service: not verified: tor is not installed', () => {
    expect(readFileSync(file('torrc'), 'utf8')).toContain('HiddenServicePort 80 127.0.0.1:7447');
  });
else
  it('tor takes the onion service as it is written, and gives it an address', async () => {
    const directory = await temporaryDirectory();
    const torrc = join(directory, 'torrc');
    const own = readFileSync(file('torrc'), 'utf8').replaceAll(
      '/var/lib/tor/parley/',
      `${directory}/parley/`,
    );
    writeFileSync(torrc, own);
    const common = ['-f', torrc, '--DataDirectory', join(directory, 'data')];
    const said = spawnSync(tor, ['--verify-config', ...common], { encoding: 'utf8' });
    expect(said.stdout).toContain('Configuration was valid');
    // Without a network: the address is made before tor speaks to anybody.
    const running = spawn(tor, [...common, '--DisableNetwork', '1', '--SocksPort', '0'], {
      stdio: 'ignore',
    });
    const ended = once(running, 'exit');
    const hostname = join(directory, 'parley', 'hostname');
    for (let looks = 0; looks < 1000 && !existsSync(hostname) && running.exitCode === null; looks++)
      await sleep(50);
    expect(readFileSync(hostname, 'utf8')).toMatch(/^[a-z2-7]{56}\.onion$/m);
    running.kill('SIGKILL');
    await ended;
    await removeDirectory(directory);
  });

if (spawnSync('patroni', ['--version']).status !== 0)
  it('the Patroni configuration: not validated: patroni is not installed', () => {
    expect(readFileSync(file('patroni.yml'), 'utf8')).toContain('synchronous_mode_strict: true');
  });
else
  it('Patroni takes its configuration as it is written', async () => {
    const directory = await temporaryDirectory();
    const programs = join(directory, 'bin');
    mkdirSync(programs);
    // It looks whether the programs of PostgreSQL are there, and runs none of them.
    for (const name of ['pg_ctl', 'initdb', 'pg_controldata', 'pg_basebackup', 'postgres'])
      writeFileSync(join(programs, name), '#!/bin/sh\necho "postgres (PostgreSQL) 16.4"\n', {
        mode: 0o755,
      });
    writeFileSync(join(programs, 'pg_isready'), '#!/bin/sh\n', { mode: 0o755 });
    const config = join(directory, 'patroni.yml');
    const own = readFileSync(file('patroni.yml'), 'utf8')
      .replace('/usr/lib/postgresql/16/bin', programs)
      .replace('/var/lib/postgresql/16/parley', join(directory, 'data'));
    writeFileSync(config, own);
    const said = spawnSync('patroni', ['--validate-config', config], { encoding: 'utf8' });
    expect([said.status, said.stderr, said.stdout]).toEqual([0, '', '']);
    await removeDirectory(directory);
  });
