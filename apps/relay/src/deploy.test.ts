// What an operator installs: the unit, the container file and the onion service, read by the programs that will read them,
// where those are on this machine.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  it('systemd finds little that the unit leaves open', () => {
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
  it('tor takes the onion service as it is written', async () => {
    const directory = await temporaryDirectory();
    const torrc = join(directory, 'torrc');
    const own = readFileSync(file('torrc'), 'utf8').replace(
      '/var/lib/tor/parley/',
      `${directory}/parley/`,
    );
    writeFileSync(torrc, own);
    const verify = ['--verify-config', '-f', torrc, '--DataDirectory', join(directory, 'data')];
    const said = spawnSync(tor, verify, { encoding: 'utf8' });
    expect(said.stdout).toContain('Configuration was valid');
    await removeDirectory(directory);
  });
