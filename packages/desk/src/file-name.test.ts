import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFault, safeName } from './file-name.ts';

test('names with separators, bidi controls, control characters or device names are refused by kind', () => {
  expect(nameFault('draft.pdf')).toBeUndefined();
  expect(nameFault('초안 (3).docx')).toBeUndefined();
  expect(nameFault('')).toBe('empty');
  expect(nameFault('..')).toBe('empty');
  expect(nameFault('../../etc/passwd')).toBe('hidden-characters');
  expect(nameFault('annex\u202efdp.exe')).toBe('hidden-characters');
  expect(nameFault('a\u0000b')).toBe('hidden-characters');
  expect(nameFault('con.txt')).toBe('reserved');
  expect(nameFault('x'.repeat(300))).toBe('too-long');
});

test('a safe name tells what the copy is, not what the sender called it', () => {
  expect(safeName('annex.exe', 'pdf')).toBe('annex.safe.pdf');
  expect(safeName('annex\u202efdp.exe', 'pdf')).toBe('annex_fdp.safe.pdf');
  expect(safeName('../../etc/passwd', 'txt')).toBe('etc_passwd.safe.txt');
  expect(safeName('nul', 'pdf')).toBe('document nul.safe.pdf');
});

test('whatever the sender writes, the safe name is a name and not a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeName(name, 'pdf');
      expect(nameFault(safe)).toBeUndefined();
      expect(safe.endsWith('.safe.pdf')).toBe(true);
    }),
    { numRuns: process.env['SLOW'] === '1' ? 20_000 : 300 },
  );
});
