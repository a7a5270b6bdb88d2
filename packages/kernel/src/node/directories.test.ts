// Directories that a person named: made, found, or refused at once.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDirectories } from './directories.ts';

test('what is missing is made, and a file in the way or a parent that takes none ends it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-directories-'));
  try {
    const deep = join(folder, 'a', 'b', 'c');
    makeDirectories(deep);
    makeDirectories(deep);
    expect(statSync(deep).mode & 0o777).toBe(0o700);
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeDirectories(join(folder, 'file'))).toThrow('EEXIST');
    expect(() => makeDirectories(join(folder, 'file', 'below'))).toThrow();
    if (process.platform === 'linux')
      expect(() => makeDirectories('/proc/parley/vault')).toThrow('ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
