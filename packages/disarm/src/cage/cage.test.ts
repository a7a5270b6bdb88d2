import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { confine, hasBubblewrap, type Confinement } from './confine.ts';

const PROBE = fileURLToPath(new URL('../../testing/probe.ts', import.meta.url));

type Probed = {
  passwd: string;
  home: string;
  write: string;
  program: string;
  network: string;
  environment: string[];
};

async function probe(confinement: Confinement): Promise<{ probed: Probed; connections: number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  const port = await new Promise<number>((settle) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      settle(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
  const args = confinement.args.flatMap((arg) =>
    arg === '--chdir' ? ['--setenv', 'PROBE_PORT', String(port), arg] : [arg],
  );
  const ran = await new Promise<string>((settle) => {
    // Not spawnSync: the server must be able to answer.
    void import('node:child_process').then(({ spawn }) => {
      const child = spawn(confinement.command, args, {
        env: { ...confinement.env, PROBE_PORT: String(port) },
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.on('close', () => settle(out));
    });
  });
  server.close();
  return { probed: JSON.parse(ran) as Probed, connections };
}

describe('the cage', () => {
  const name = hasBubblewrap()
    ? 'under bubblewrap has no files, programs, network or secrets'
    : 'not run: bubblewrap is not usable here';
  it(name, async () => {
    const confinement = confine(PROBE, { heapMiB: 256 });
    if (confinement.report.kind !== 'bubblewrap') {
      expect(hasBubblewrap()).toBe(false);
      return;
    }
    expect(confinement.report).toEqual({ kind: 'bubblewrap', weaker: [] });
    const { probed, connections } = await probe(confinement);
    expect(connections).toBe(0);
    expect(probed.network).not.toBe('allowed');
    expect(probed.passwd).not.toBe('allowed');
    expect(probed.home).not.toBe('allowed');
    expect(probed.write).not.toBe('allowed');
    expect(probed.program).not.toBe('allowed');
    expect(probed.environment).not.toContain('PARLEY_PASSPHRASE');
  });

  const withCode = hasBubblewrap()
    ? 'reads its compiled code and cannot change it'
    : 'not run: compiled code is used under bubblewrap only';
  it(withCode, async () => {
    if (!hasBubblewrap()) return;
    const folder = mkdtempSync(join(tmpdir(), 'parley-compiled-'));
    try {
      const confinement = confine(PROBE, { heapMiB: 256, compiled: { folder, fill: false } });
      const args = confinement.args.flatMap((arg) =>
        arg === '--chdir' ? ['--setenv', 'PROBE_WRITE', join(folder, 'planted'), arg] : [arg],
      );
      const { probed } = await probe({ ...confinement, args });
      expect(probed.write).toBe('EROFS');
      expect(readdirSync(folder)).toEqual([]);
      const filling = confine(PROBE, { heapMiB: 256, compiled: { folder, fill: true } });
      expect((await probe(filling)).probed.write).not.toBe('allowed');
      expect(readdirSync(folder).length).toBe(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('without bubblewrap has no files and programs, and says what is weaker', async () => {
    const confinement = confine(PROBE, { heapMiB: 256, bubblewrap: false });
    expect(confinement.report.kind).toBe('permission-model');
    expect(confinement.report.weaker.length).toBeGreaterThan(0);
    const { probed } = await probe(confinement);
    expect(probed.passwd).toBe('ERR_ACCESS_DENIED');
    expect(probed.write).toBe('ERR_ACCESS_DENIED');
    expect(probed.program).toBe('ERR_ACCESS_DENIED');
  });

  const strace = '/usr/bin/strace';
  const traced = existsSync(strace)
    ? 'opens no socket while it works, seen by the kernel'
    : 'not run: strace is not installed';
  it(traced, async () => {
    if (!existsSync(strace)) return;
    const { onePage } = await import('../../testing/pdf-maker.ts');
    const child = fileURLToPath(new URL('./child.ts', import.meta.url));
    const { args } = confine(child, { heapMiB: 512, bubblewrap: false });
    const job = Buffer.from(
      JSON.stringify({
        kind: 'pdf',
        mode: 'structure',
        rasterDpi: 100,
        pictureDpi: 100,
        likenessFloor: 900,
        pagesMax: 10,
        pixelsMax: 1e7,
        pageSideMax: 5000,
        memoryMaxBytes: 1 << 30,
        inputMaxBytes: 1 << 28,
        partsMax: 10,
        password: null,
        languages: ['eng'],
      }),
    );
    const length = Buffer.alloc(4);
    length.writeUInt32LE(job.length);
    const seen = spawnSync(
      strace,
      ['-f', '-e', 'trace=socket,connect,bind,sendto', process.execPath, ...args],
      {
        input: Buffer.concat([length, job, onePage('BT /F1 12 Tf 10 10 Td (x) Tj ET')]),
        maxBuffer: 1 << 26,
      },
    );
    expect(seen.stdout.subarray(0, 13).toString()).toBe('PARLEY-LIST-1');
    expect(seen.stderr.toString()).not.toMatch(/AF_INET/);
  });
});
