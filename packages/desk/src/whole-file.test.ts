import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@parley/kernel';
import { expect, test } from 'vitest';
import { writeWhole } from './whole-file.ts';

test('a file is written under a free name, over another only by force, and nothing else stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-whole-'));
  const path = join(folder, 'safe.pdf');
  await writeWhole(path, utf8('first'), false);
  await expect(writeWhole(path, utf8('second'), false)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(path, 'utf8')).toBe('first');
  await writeWhole(path, utf8('third'), true);
  expect(readFileSync(path, 'utf8')).toBe('third');
  await expect(writeWhole(join(folder, 'no', 'x'), utf8('x'), false)).rejects.toMatchObject({
    code: 'ENOENT',
  });
  writeFileSync(join(folder, 'other'), '');
  expect(readdirSync(folder).toSorted()).toEqual(['other', 'safe.pdf']);
  rmSync(folder, { recursive: true });
});
