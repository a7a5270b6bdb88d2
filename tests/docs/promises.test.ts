import { describe, expect, it } from 'vitest';
import { notRun } from '../../tools/not-run.ts';
import { describeMismatch, runTranscript } from '../../tools/transcript.ts';
import { EMPTY_HOUSE, addedBy, plant, readHouse } from '../architecture/house.ts';
import { askParley, commandNamed, knowsParley } from './parley-commands.ts';
import {
  checkCommands,
  checkLinks,
  checkReadmes,
  checkTour,
  checkTypes,
  commands,
  tours,
} from './promises.ts';

const house = readHouse();
const AT = 'docs/planted.md';
const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;

describe('links between documents lead somewhere', () => {
  it('holds for every document', () => {
    const { read, findings } = checkLinks(house);
    console.log(`read ${read} links`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a file that is not there', '[x](nowhere.md)'],
    ['a heading that is not there', '[x](#nowhere)'],
    ['a heading of another document', '[x](../samples/README.md#nowhere)'],
    ['a definition', '[x]\n\n[x]: nowhere.md'],
    ['an image', '![x](nowhere.png)'],
    ['a file named in prose', 'see `tools/nowhere.ts`'],
  ])('sees %s', (_, text) => {
    expect(addedBy(checkLinks, house, { [AT]: text })).toHaveLength(1);
  });

  it.each([
    ['a file', '[x](../samples/README.md)'],
    ['a folder', '[x](../samples/)'],
    ['a heading', '# Some `words`, here\n\n[x](#some-words-here)'],
    ['a repeated heading', '# A\n# A\n[x](#a-1)'],
    ['an example in a block', fence('md', '[x](nowhere.md)')],
    ['an address', '[x](https://example.org/)'],
  ])('lets %s pass', (_, text) => {
    expect(addedBy(checkLinks, house, { [AT]: text })).toEqual([]);
  });
});

describe('code blocks compile', () => {
  it('holds for every ts block', () => {
    const { read, findings } = checkTypes(house);
    console.log(`read the ts blocks of ${read} documents`);
    expect(findings).toEqual([]);
  });

  it('sees a wrong type, a missing export, a sketch that does not parse and an unknown note', () => {
    const planted = [
      fence('ts', 'const x: number = "1";'),
      fence('ts', "import { nothing } from '@parley/kernel';"),
      fence('ts sketch', 'const = ;'),
      fence('ts maybe', ''),
    ].join('\n');
    const lines = addedBy(checkTypes, house, { [AT]: planted }).map((line) => line.slice(0, 18));
    expect(lines.toSorted()).toEqual(
      [`${AT}:10:`, `${AT}:14:`, `${AT}:2: `, `${AT}:6: `]
        .map((line) => line.slice(0, 18))
        .toSorted(),
    );
  });

  it('lets a block pass that uses the one before it', () => {
    const planted = [
      fence('ts', "import { utf8 } from '@parley/kernel';"),
      fence('ts continued', "const x: Uint8Array = utf8('x');"),
    ].join('\ntext\n');
    expect(addedBy(checkTypes, house, { [AT]: planted })).toEqual([]);
  });
});

const asked = commands(house).filter(({ words }) => words[0] === 'parley');
const parley = await askParley(new Set(asked.map(({ words }) => words[1] ?? '')));
const knows = (words: readonly string[]): boolean => knowsParley(parley, words);
const namesIt = (words: readonly string[]): string => commandNamed(parley, words);

describe('commands name what exists', () => {
  it('holds for every sh block', () => {
    const { read, findings } = checkCommands(house, knows);
    console.log(`read ${read} commands, ${commands(house).length} in sh blocks`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a script', 'npm run nowhere'],
    ['a file', 'node tools/nowhere.ts'],
    ['a command of ours', 'parley nonesuch'],
    ['the second of two', 'npm ci && npm run nowhere'],
  ])('sees %s that is not there', (_, text) => {
    const check = (some: typeof house): ReturnType<typeof checkCommands> =>
      checkCommands(some, knows);
    expect(addedBy(check, house, { [AT]: fence('sh', text) })).toHaveLength(1);
  });

  it('lets commands pass that are there', () => {
    const text = 'npm ci && npm test  # everything\nnpx node tools/check.ts\nls -l';
    const check = (some: typeof house): ReturnType<typeof checkCommands> =>
      checkCommands(some, knows);
    expect(addedBy(check, house, { [AT]: fence('sh', text) })).toEqual([]);
  });
});

describe('commands that a document shows are run by a transcript', () => {
  const check = (some: typeof house): ReturnType<typeof checkTour> => checkTour(some, namesIt);

  it('holds for every command of parley', () => {
    const { read, findings } = check(house);
    console.log(`read ${read} commands of parley`);
    expect(findings).toEqual([]);
  });

  it('sees one that none runs', () => {
    const planted = { [AT]: fence('sh', 'parley nonesuch') };
    expect(addedBy(check, house, planted)).toHaveLength(1);
    const run = { 'tests/scenario/planted.txt': '$ parley nonesuch\n' };
    expect(addedBy(check, house, { ...planted, ...run })).toEqual([]);
  });
});

describe('console blocks show what happens', () => {
  const all = tours(house);
  const skipped = all.flatMap((tour) => tour.notRun);
  for (const { path, line, note } of skipped)
    notRun(`${path}:${line}`, note.replace(/^not-run: */, ''));

  it.each(all.filter(({ text }) => text.includes('$ ')))('$path', async ({ path, text }) => {
    const problems = await runTranscript(text);
    expect(problems.map((problem) => describeMismatch(problem, path)).join('\n')).toBe('');
  });

  it('sees output and exit codes that differ, at their lines', async () => {
    const planted = [
      'Text.',
      fence('console', '$ export X=1\n$ echo $X\n1'),
      fence('console', '$ echo $X\n2\n$ false'),
    ].join('\n');
    const [tour] = tours(plant(EMPTY_HOUSE, { [AT]: planted }));
    const problems = await runTranscript(tour?.text ?? '');
    expect(problems.map(({ step }) => step.line)).toEqual([9, 11]);
  });
});

describe('every room has its page', () => {
  it('holds for every package and the root', () => {
    expect(checkReadmes(house).findings).toEqual([]);
  });

  it('sees a room without one', () => {
    const planted = { 'packages/planted/package.json': '{"name":"planted"}' };
    expect(addedBy(checkReadmes, house, planted)).toEqual(['packages/planted: no README.md']);
  });
});

it('one command tests everything: .ci/run calls the command of the README', () => {
  expect(house.files.get('.ci/run')?.split('\n')).toContain('npm ci && npm test');
  expect(house.files.get('README.md')).toContain('npm ci && npm test');
});

it('every check fails when it reads nothing', () => {
  for (const check of [checkLinks, checkTypes, checkReadmes])
    expect(check(EMPTY_HOUSE).findings, check.name).toContainEqual(
      expect.stringContaining('the check itself is broken'),
    );
  expect(checkCommands(EMPTY_HOUSE, () => true).findings).toHaveLength(1);
});
