import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { hostilePdf } from '../../testing/pdf-maker.ts';
import { defaultPolicy } from '../policy.ts';
import { confine } from './confine.ts';
import { jobHead, type Job } from './job.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const STRACE = '/usr/bin/strace';

/** Runs `command` under strace and gives every line about programs and sockets; undefined where tracing is forbidden. */
async function traced(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  input: Uint8Array,
): Promise<string[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-trace-'));
  try {
    const out = join(folder, 'trace');
    const child = spawn(
      STRACE,
      ['-f', '-qq', '-e', 'trace=execve,socket,connect,sendto,bind', '-o', out, command, ...args],
      {
        env,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const code = await new Promise<number | null>((settle) => child.on('close', settle));
    if (code !== 0 || !existsSync(out)) return undefined;
    return readFileSync(out, 'latin1')
      .split('\n')
      .filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the child', () => {
  const name = existsSync(STRACE)
    ? 'opens no socket to any network while it reads a document'
    : 'not run: strace is not installed here';
  it(name, async () => {
    if (!existsSync(STRACE)) return;
    const {
      mode,
      rasterDpi,
      pictureDpi,
      likenessFloor,
      pagesMax,
      pixelsMax,
      pageSideMax,
      memoryMaxBytes,
      inputMaxBytes,
      partsMax,
    } = defaultPolicy;
    const job: Job = {
      kind: 'pdf',
      mode,
      rasterDpi,
      pictureDpi,
      likenessFloor,
      pagesMax,
      pixelsMax,
      pageSideMax,
      memoryMaxBytes,
      inputMaxBytes,
      partsMax,
      password: null,
      languages: [],
    };
    const input = Buffer.concat([jobHead(job), hostilePdf()]);
    // Without the walls of bubblewrap: here it would show.
    const { command, args, env } = confine(CHILD, { heapMiB: 512, bubblewrap: false });
    const lines = await traced(command, args, env, input);
    if (lines === undefined) return;
    expect(
      lines.some((line) => line.includes('execve')),
      'nothing was traced',
    ).toBe(true);
    expect(lines.filter((line) => /AF_INET|AF_PACKET|connect\(|sendto\(/.test(line))).toEqual([]);
    // The check itself sees a socket where there is one.
    const script = 'require("node:net").connect(9,"127.0.0.1").on("error",()=>{})';
    const seen = await traced(process.execPath, ['-e', script], {}, new Uint8Array(0));
    expect(seen?.some((line) => line.includes('AF_INET'))).toBe(true);
  });
});
