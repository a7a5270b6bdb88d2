import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  NOTHING,
  type Tally,
  add,
  lastLine,
  notRunLines,
  readAnnouncements,
  readName,
  readPrinted,
} from '../../tools/tally.ts';
import { type House, ROOT, isTest, plant, readHouse } from './house.ts';

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

describe('the test runner counts every way to fail', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-runner-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('in a house of one test each', () => {
    const files: Record<string, string> = {
      'vitest.config.ts': `export default { test: { projects: [{ test: { name: 'unit', include: ['*.test.ts'] } }] } };`,
      'one.test.ts': `import { it } from 'vitest';
        it('passes', () => {});
        it('fails', () => { throw new Error('planted'); });
        it('is skipped', (context) => context.skip('planted'));
        it('part of it: not run, planted', () => {});`,
      'two.test.ts': `throw new Error('this file does not load');`,
      'three.test.ts': `import { beforeAll, describe, it } from 'vitest';
        describe('x', () => {
          beforeAll(() => { throw new Error('a set-up that fails'); });
          it('never starts', () => {});
        });`,
      'four.test.ts': `import { it } from 'vitest';
        it('passes too early', () => { void Promise.reject(new Error('unhandled')); });`,
      'announcements.jsonl': `{"name":"announced","why":"planted"}\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const tallyFile = join(folder, 'tally.json');
    const args = [join(ROOT, 'tools/run-tests.ts'), tallyFile, join(folder, 'announcements.jsonl')];
    const run = spawnSync(process.execPath, [...args, folder], { cwd: folder, encoding: 'utf8' });
    expect(run.status).not.toBe(0);
    const tally = JSON.parse(readFileSync(tallyFile, 'utf8')) as Tally;
    // Failed: the test, the file, the set-up, the unhandled rejection.
    expect({ passed: tally.passed, failed: tally.failed }).toEqual({ passed: 2, failed: 4 });
    const said = tally.notRun.map(({ name, why }) => `${name}: ${why}`);
    expect(said).toEqual(
      expect.arrayContaining([
        'announced: planted',
        'one.test.ts: is skipped: planted',
        'part of it: planted',
        'project docs: it holds no tests yet',
      ]),
    );
  });
});

describe('every test file belongs to a project', () => {
  const orphans = (some: House): string[] =>
    [...some.files.keys()].filter(
      (path) =>
        isTest(path) &&
        !/^(?:(?:packages|apps)\/[^/]+\/src|tests\/(?:architecture|docs|scenario|simulation|browser))\//.test(
          path,
        ),
    );

  it('holds for all of them', () => {
    expect([...house.files.keys()].filter((path) => isTest(path)).length).toBeGreaterThan(20);
    expect(orphans(house)).toEqual([]);
  });

  it('sees one that none would run', () => {
    const path = 'packages/record/tests/planted.test.ts';
    expect(orphans(plant(house, { [path]: '' }))).toEqual([path]);
  });
});

it('npm test is tools/check.ts', () => {
  const manifest = JSON.parse(house.files.get('package.json') ?? '{}') as {
    scripts: Record<string, string>;
  };
  expect(manifest.scripts['test']).toBe('node tools/check.ts');
});
