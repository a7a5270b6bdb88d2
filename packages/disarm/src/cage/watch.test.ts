import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { watchChild } from './watch.ts';

const LIMITS = { memoryMaxBytes: 2 ** 31, silenceMs: 20_000, totalMs: 20_000 };

async function endOf(code: string, limits: Parameters<typeof watchChild>[1]): Promise<string> {
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  try {
    return await new Promise((resolve) => {
      const watch = watchChild(child.pid ?? 0, limits, resolve);
      child.on('exit', () => {
        watch.stop();
        resolve('ended by itself');
      });
    });
  } finally {
    child.kill('SIGKILL');
  }
}

describe.skipIf(process.platform !== 'linux')('a child watched from outside', () => {
  it('is ended where it waits for itself, not where it works', async () => {
    const limits = { ...LIMITS, standstillMs: 1000 };
    expect(await endOf('setInterval(() => {}, 1000)', limits)).toBe('standstill');
    const works = 'const end = Date.now() + 2500; while (Date.now() < end);';
    expect(await endOf(works, limits)).toBe('ended by itself');
    expect(await endOf('setTimeout(() => {}, 2500)', LIMITS)).toBe('ended by itself');
  });
});
