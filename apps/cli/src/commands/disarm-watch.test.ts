import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((settle) => setTimeout(settle, 50));
}

it('a watched folder gives copies of what comes to rest in it, half-written, replaced or removed as it may be', async () => {
  const root = mkdtempSync(join(tmpdir(), 'parley-watch-'));
  const [source, folder] = [join(root, 'in'), join(root, 'out')];
  mkdirSync(source);
  writeFileSync(join(source, 'there.txt'), 'there before');
  const child = spawn(process.execPath, [MAIN, 'disarm', '--watch', source, '-o', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    const copy = (name: string): string => {
      const path = join(folder, `${name}.safe.txt`);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    await until(() => copy('there') === 'there before');
    writeFileSync(join(source, 'half.txt'), 'one half, ');
    writeFileSync(join(source, 'gone.txt'), 'gone');
    rmSync(join(source, 'gone.txt'));
    writeFileSync(join(source, 'name.part'), 'not finished');
    await new Promise((settle) => setTimeout(settle, 200));
    appendFileSync(join(source, 'half.txt'), 'the other');
    await until(() => copy('half') === 'one half, the other');
    writeFileSync(join(source, 'there.txt'), 'replaced');
    await until(() => copy('there') === 'replaced');
    expect(copy('gone')).toBe('');
    expect(copy('name')).toBe('');
    const ended = new Promise<number | null>((settle) => child.on('close', settle));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(said).toContain('there.txt: rebuilt');
  } finally {
    child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
}, 120_000);
