import { describe, expect, it } from 'vitest';
import { EMPTY_HOUSE, addedBy, readHouse } from './house.ts';
import {
  checkExports,
  checkLeftovers,
  checkLengths,
  checkNames,
  checkOpenings,
  longFiles,
} from './shape.ts';

const house = readHouse();
const ROOM = 'packages/record/src';

describe('files are named for one idea', () => {
  it('holds for every file', () => {
    const { read, findings } = checkNames(house);
    console.log(`read ${read} names`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a word that says nothing', `${ROOM}/string-util.ts`],
    ['a folder that says nothing', `${ROOM}/helpers/text.ts`],
    ['capitals', `${ROOM}/fileName.ts`],
    ['an inner index', `${ROOM}/tree/index.ts`],
  ])('sees %s', (_, path) => {
    expect(addedBy(checkNames, house, { [path]: '' })).toHaveLength(1);
  });
});

describe('exports are explicit', () => {
  it('holds for every file', () => {
    const { read, findings } = checkExports(house);
    console.log(`read ${read} statements`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a default export', `${ROOM}/planted.ts`, 'export default 1;'],
    ['a default function', `${ROOM}/planted.ts`, 'export default function planted() {}'],
    ['an export of everything', `${ROOM}/planted.ts`, `export * from './tree.ts';`],
    ['work in an index', 'packages/planted/src/index.ts', 'export const x = 1;'],
    ['a side effect in an index', 'packages/planted/src/index.ts', `import './tree.ts';`],
  ])('sees %s', (_, path, text) => {
    expect(addedBy(checkExports, house, { [path]: text })).toHaveLength(1);
  });
});

describe('a file opens with its idea', () => {
  it('holds for every program', () => {
    const { read, findings } = checkOpenings(house);
    console.log(`read ${read} openings`);
    expect(findings).toEqual([]);
  });

  it('sees a file that starts with its imports', () => {
    const planted = { [`${ROOM}/planted.ts`]: `import { x } from './tree.ts';\n// An idea.` };
    expect(addedBy(checkOpenings, house, planted)).toHaveLength(1);
  });
});

describe('a file holds one idea', () => {
  it('holds for every program', () => {
    const { read, findings } = checkLengths(house);
    const long = longFiles(house).map(({ path, lines }) => `  ${lines} ${path}`);
    console.log([`read ${read} files; ${long.length} over 250 lines:`, ...long].join('\n'));
    expect(findings).toEqual([]);
  });

  it('sees a file of 401 lines and lets one of 400 pass', () => {
    const path = `${ROOM}/planted.ts`;
    expect(addedBy(checkLengths, house, { [path]: '// x\n'.repeat(401) })).toHaveLength(1);
    expect(addedBy(checkLengths, house, { [path]: '// x\n'.repeat(400) })).toEqual([]);
  });
});

describe('nothing is left unfinished or switched off', () => {
  it('holds for every file', () => {
    const { read, findings } = checkLeftovers(house);
    console.log(`read ${read} files`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a mark', ['// TO', 'DO: later'].join('')],
    ['a silenced type error', ['// @ts-', 'ignore'].join('')],
    ['a skipped test', `it.skip('x', () => {});`],
    ['a test that stands alone', `describe.only('x', () => {});`],
  ])('sees %s', (_, text) => {
    expect(addedBy(checkLeftovers, house, { [`${ROOM}/planted.test.ts`]: text })).toHaveLength(1);
  });
});

it('every check fails when it reads nothing', () => {
  for (const check of [checkNames, checkExports, checkOpenings, checkLengths, checkLeftovers])
    expect(check(EMPTY_HOUSE).findings, check.name).toHaveLength(1);
});
