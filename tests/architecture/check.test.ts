import { describe, expect, it } from 'vitest';
import {
  NOTHING,
  add,
  lastLine,
  notRunLines,
  readAnnouncements,
  readName,
  readPrinted,
} from '../../tools/tally.ts';
import { readHouse } from './house.ts';

const house = readHouse();

describe('npm test counts what it did', () => {
  it('closes with one line of exactly one form', () => {
    const total = add(
      { passed: 3, failed: 1, notRun: [{ name: 'oracle', why: 'qpdf is not installed' }] },
      { ...NOTHING, passed: 4 },
    );
    expect(lastLine(total)).toBe('7 passed, 1 failed, 1 skipped');
    expect(lastLine(total)).toMatch(/^\d+ passed, \d+ failed, \d+ skipped$/);
  });

  it('names what did not run, and why', () => {
    const tally = { ...NOTHING, notRun: [{ name: 'oracle', why: 'qpdf is not installed' }] };
    expect(notRunLines(tally)).toEqual(['Did not run here:', '  oracle: qpdf is not installed']);
    expect(notRunLines(NOTHING)).toEqual([]);
  });

  it('hears a test that says by its name that it did not run', () => {
    const missing = { name: 'tree > vectors', why: '../shared missing' };
    expect(readName('tree > vectors: not run, ../shared missing')).toEqual(missing);
    expect(readName('tree > not run')).toEqual({ name: 'tree', why: 'no reason given' });
    expect(readName('a script does not run')).toBeUndefined();
  });

  it('hears announcements made by file, by print, and badly', () => {
    const line = JSON.stringify({ name: 'cage', why: 'no bwrap' });
    expect(readAnnouncements(`${line}\n${line}\nnot json\n`)).toEqual([
      { name: 'cage', why: 'no bwrap' },
      { name: 'not json', why: 'no reason given' },
    ]);
    expect(readPrinted('x\nnot run: oracle: qpdf: missing\nnot run: age\nsaid not run: y')).toEqual(
      [
        { name: 'oracle', why: 'qpdf: missing' },
        { name: 'age', why: 'no reason given' },
      ],
    );
  });
});

it('npm test is tools/check.ts', () => {
  const manifest = JSON.parse(house.files.get('package.json') ?? '{}') as {
    scripts: Record<string, string>;
  };
  expect(manifest.scripts['test']).toBe('node tools/check.ts');
});
