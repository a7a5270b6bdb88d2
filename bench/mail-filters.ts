// Asks Debian's SpamAssassin and rspamd, where they are installed, about the same mails: offline and as shipped.

import type { spawn as spawnProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Made } from './mail-bases.ts';

type Say = (text: string) => void;
type Ask = (bytes: Buffer) => Promise<boolean> | boolean;

function sample(mails: readonly Made[], perKind: number): ReadonlyMap<string, readonly Made[]> {
  const byKind = Map.groupBy(mails, ({ kind }) =>
    kind.startsWith('trick') ? 'header tricks' : kind,
  );
  return new Map(
    [...byKind].map(([kind, list]) => [
      kind,
      list
        .filter((_, i) => i % Math.max(1, Math.floor(list.length / perKind)) === 0)
        .slice(0, perKind),
    ]),
  );
}

/** Waits until a filter has read its rules and listens: seconds on an idle machine, a minute on a busy one. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const heard = await new Promise<boolean>((settle) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        settle(true);
      });
      socket.on('error', () => settle(false));
    });
    if (heard) return;
    await wait(1000);
  }
  throw new Error('it did not start within two minutes');
}

async function judge(
  name: string,
  ask: Ask,
  mails: ReadonlyMap<string, readonly Made[]>,
  say: Say,
): Promise<void> {
  const start = performance.now();
  let count = 0;
  for (const [kind, list] of mails) {
    let marked = 0;
    for (const { bytes } of list) {
      if (await ask(bytes)) marked++;
      count++;
    }
    say(`  ${name.padEnd(14)} ${kind.padEnd(32)} marked ${marked}/${list.length}`);
  }
  say(`  ${name}: ${(count / ((performance.now() - start) / 1000)).toFixed(1)} mails/s`);
}

async function spamassassin(
  mails: ReadonlyMap<string, readonly Made[]>,
  say: Say,
  spawn: typeof spawnProcess,
): Promise<void> {
  if (!existsSync('/usr/sbin/spamd') || !existsSync('/usr/bin/spamc')) {
    say('  SpamAssassin: not run: Debian packages spamassassin, spamd and spamc missing');
    return;
  }
  const port = '17830';
  const daemon = spawn(
    '/usr/sbin/spamd',
    [
      '-L',
      '-x',
      '-p',
      port,
      '-i',
      '127.0.0.1',
      '-A',
      '127.0.0.1',
      '--max-children=1',
      '--syslog=null',
    ],
    { stdio: 'ignore' },
  );
  try {
    await listening(Number(port));
    await judge(
      'SpamAssassin',
      (bytes) => {
        try {
          execFileSync('/usr/bin/spamc', ['-d', '127.0.0.1', '-p', port, '-c', '-x'], {
            input: bytes,
            stdio: ['pipe', 'pipe', 'ignore'],
          });
          return false;
        } catch (error) {
          // spamc -c ends with 1 for spam; anything else means that it was not asked.
          if ((error as { status?: number }).status === 1) return true;
          throw error;
        }
      },
      mails,
      say,
    );
  } catch (error) {
    say(
      `  SpamAssassin: not run: ${error instanceof Error ? error.message.slice(0, 120) : 'failed'}`,
    );
  } finally {
    daemon.kill('SIGTERM');
  }
}

async function rspamd(
  mails: ReadonlyMap<string, readonly Made[]>,
  say: Say,
  spawn: typeof spawnProcess,
): Promise<void> {
  if (!existsSync('/usr/bin/rspamd')) {
    say('  rspamd: not run: Debian package rspamd missing');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'parley-rspamd-'));
  const daemon = spawn(
    '/usr/bin/rspamd',
    [
      '-i',
      '-f',
      '--var',
      `DBDIR=${folder}`,
      '--var',
      `RUNDIR=${folder}`,
      '--var',
      `LOGDIR=${folder}`,
    ],
    { stdio: 'ignore' },
  );
  try {
    await listening(11_333);
    await judge(
      'rspamd',
      async (bytes) => {
        const answer = await fetch('http://127.0.0.1:11333/checkv2', {
          method: 'POST',
          body: new Uint8Array(bytes),
          headers: { deliver_to: 'delegate@our-mission.example' },
        });
        const said = (await answer.json()) as { action?: string };
        return (
          said.action === 'reject' ||
          said.action === 'add header' ||
          said.action === 'rewrite subject'
        );
      },
      mails,
      say,
    );
  } catch (error) {
    say(`  rspamd: not run: ${error instanceof Error ? error.message.slice(0, 120) : 'failed'}`);
  } finally {
    daemon.kill('SIGTERM');
    await wait(500);
    // Its workers end a moment later and still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 });
  }
}

/** The same mails in the same run, a few of each kind since the filters are slow. */
export async function askFilters(
  mails: readonly Made[],
  perKind: number,
  say: Say,
  spawn: typeof spawnProcess,
): Promise<void> {
  say(
    `Filters as shipped, offline, ${perKind} mails a kind (they do not know who the counterpart is)`,
  );
  const chosen = sample(mails, perKind);
  await spamassassin(chosen, say, spawn);
  await rspamd(chosen, say, spawn);
}
