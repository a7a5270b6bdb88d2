import { describe, expect, it } from 'vitest';
import { typeCheck } from '../../tools/type-check.ts';
import { checkBrands } from './brands.ts';
import { EMPTY_HOUSE, addedBy, readHouse } from './house.ts';

const house = readHouse();

const VIEWER = `
import type { Original, SafeCopy } from '@parley/disarm';
declare const original: Original;
declare const safe: SafeCopy;
declare function view(copy: SafeCopy): void;
`;

describe('a viewer that takes an original does not compile', () => {
  const cases: Record<string, { ends: string; compiles: boolean }> = {
    'a-safe-copy.ts': { ends: 'view(safe);', compiles: true },
    'an-original.ts': { ends: 'view(original);', compiles: false },
    'bytes-of-an-original.ts': { ends: 'view(original.bytes);', compiles: false },
    'bare-bytes.ts': { ends: 'view(new Uint8Array(1));', compiles: false },
    'a-look-alike.ts': {
      ends: `view({ bytes: new Uint8Array(1), mediaType: 'application/pdf', extension: 'pdf' });`,
      compiles: false,
    },
    'a-safe-copy-as-original.ts': {
      ends: 'const wrong: Original = safe; void wrong;',
      compiles: false,
    },
  };
  const texts = Object.fromEntries(
    Object.entries(cases).map(([name, { ends }]) => [name, `${VIEWER}${ends}\n`]),
  );
  const problems = typeCheck(texts);

  it.each(Object.entries(cases))('%s', (name, { compiles }) => {
    const found = problems.filter(({ file }) => file === name);
    // The last line is the one in question: a fault in the lines before it would prove nothing.
    const line = VIEWER.split('\n').length;
    expect(found.every((problem) => problem.line === line)).toBe(true);
    expect(found.length === 0).toBe(compiles);
  });
});

describe('only disarm makes safe copies and originals', () => {
  it('holds for every assertion in the house', () => {
    const { read, findings } = checkBrands(house);
    console.log(`read ${read} assertions`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['an assertion', 'const x = y as SafeCopy;'],
    ['a double assertion', 'const x = y as unknown as Original;'],
    ['an assertion to a list', 'const x = y as readonly SafeCopy[];'],
    ['an assertion through an import type', `const x = y as import('@parley/disarm').SafeCopy;`],
    ['a predicate', 'function isSafe(x: unknown): x is SafeCopy { return true; }'],
  ])('sees %s', (_, text) => {
    expect(addedBy(checkBrands, house, { 'packages/desk/src/planted.ts': text })).toHaveLength(1);
    expect(addedBy(checkBrands, house, { 'packages/disarm/src/planted.ts': text })).toEqual([]);
  });

  it('fails when it reads nothing', () => {
    expect(checkBrands(EMPTY_HOUSE).findings).toHaveLength(1);
  });
});
