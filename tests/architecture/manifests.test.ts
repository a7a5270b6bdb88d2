import { describe, expect, it } from 'vitest';
import { EMPTY_HOUSE, addedBy, readHouse } from './house.ts';
import {
  checkDeclared,
  checkInstallScripts,
  checkPins,
  checkRegistries,
  unusedDependencies,
} from './manifests.ts';

const house = readHouse();

/** Joins what must not stand in this file in one piece, or the check would find this file. */
const apart = (...pieces: string[]): string => pieces.join('');

describe('what a room imports it declares', () => {
  it('holds for every import of a package', () => {
    const { read, findings } = checkDeclared(house);
    const unused = unusedDependencies(house).map((line) => `  ${line}`);
    console.log([`read ${read} imports; declared and not imported:`, ...unused].join('\n'));
    expect(findings).toEqual([]);
  });

  it.each([
    ['a package of another room', 'packages/record/src/planted.ts', `import 'fastify';`],
    ['a room of ours', 'packages/record/src/planted.ts', `import '@parley/mail';`],
    ['a test tool in a program', 'packages/record/src/planted.ts', `import 'vitest';`],
    ['a package nobody has', 'tools/planted.ts', `import 'left-pad';`],
  ])('sees %s', (_, path, text) => {
    expect(addedBy(checkDeclared, house, { [path]: text })).toHaveLength(1);
  });
});

describe('versions are exact', () => {
  it('holds for every manifest', () => {
    const { read, findings } = checkPins(house);
    console.log(`read ${read} versions`);
    expect(findings).toEqual([]);
  });

  it.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.2.3', 'npm:x@^1.0.0', 'github:a/b'])(
    'sees %s',
    (version) => {
      const manifest = JSON.stringify({ name: 'planted', dependencies: { x: version } });
      expect(addedBy(checkPins, house, { 'packages/planted/package.json': manifest })).toHaveLength(
        1,
      );
    },
  );
});

describe('no file names a registry', () => {
  it('holds for every committed file', () => {
    const { read, findings } = checkRegistries(house);
    console.log(`read ${read} files`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a lock with addresses', apart('"resol', 'ved": "https://127.0.0.1/x.tgz"')],
    ['a setting', apart('registry=https://regis', 'try.example.org/')],
    ['a well-known host', apart('see https://www.npm', 'js.com/package/x')],
  ])('sees %s', (_, text) => {
    expect(addedBy(checkRegistries, house, { 'docs/planted.md': text })).toHaveLength(1);
  });
});

describe('install scripts stay off', () => {
  it('holds', () => {
    expect(checkInstallScripts(house).findings).toEqual([]);
  });

  it('sees them switched on', () => {
    const planted = { '.npmrc': 'ignore-scripts=false\n' };
    expect(addedBy(checkInstallScripts, house, planted)).toHaveLength(1);
  });
});

it('every check fails when it reads nothing', () => {
  for (const check of [checkDeclared, checkPins, checkRegistries])
    expect(check(EMPTY_HOUSE).findings, check.name).toHaveLength(1);
  expect(checkInstallScripts(EMPTY_HOUSE).findings).not.toEqual([]);
});
