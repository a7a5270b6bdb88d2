import { describe, expect, it } from 'vitest';
import { EMPTY_HOUSE, addedBy, readHouse } from './house.ts';
import { MAY_IMPORT, checkCycles, checkJoining, checkLayers } from './layers.ts';

const house = readHouse();

/** Where a fault is planted in a room, and the name the room is imported by. */
function at(room: string): string {
  return `${house.packages.find((candidate) => candidate.room === room)?.folder}/src/planted.ts`;
}

function named(room: string): string {
  return house.packages.find((candidate) => candidate.room === room)?.manifest.name ?? '';
}

describe('who may import whom', () => {
  it('holds for every import in the house', () => {
    const { read, findings } = checkLayers(house);
    console.log(`read ${read} imports of ${house.packages.length} rooms`);
    expect(findings).toEqual([]);
    expect(read).toBeGreaterThan(house.packages.length);
  });

  it('fails when it reads nothing', () => {
    expect(checkLayers(EMPTY_HOUSE).findings).toHaveLength(1);
    expect(checkJoining(EMPTY_HOUSE).findings).toHaveLength(1);
    expect(checkCycles(EMPTY_HOUSE).findings).toHaveLength(1);
  });

  // One fault for every arrow that must not exist.
  const rooms = Object.keys(MAY_IMPORT).filter((room) =>
    house.packages.some((candidate) => candidate.room === room),
  );
  const forbidden = rooms.flatMap((from) =>
    rooms
      .filter((to) => to !== from && MAY_IMPORT[from]?.includes(to) === false)
      .map((to) => ({ from, to })),
  );
  it.each(forbidden)('sees $from import $to', ({ from, to }) => {
    expect(
      addedBy(checkLayers, house, { [at(from)]: `import { x } from '${named(to)}';` }),
    ).toEqual([`${at(from)}:1: ${from} may not import ${to}`]);
  });

  it.each([
    ['a type', `import type { x } from '@parley/channel';`],
    ['a re-export', `export { x } from '@parley/channel';`],
    ['a re-export of everything', `export * from '@parley/channel';`],
    ['a dynamic import', `const x = await import('@parley/channel');`],
    ['an import inside a type', `type X = import('@parley/channel').X;`],
    ['a require', `const x = require('@parley/channel');`],
    ['a resolution', `const x = import.meta.resolve('@parley/channel');`],
    ['a side effect', `import '@parley/channel';`],
  ])('sees it as %s', (_, text) => {
    expect(addedBy(checkLayers, house, { 'packages/record/src/planted.ts': text })).toEqual([
      'packages/record/src/planted.ts:1: record may not import channel',
    ]);
  });

  it.each([
    ['a computed name', `const x = await import('@parley/' + 'channel');`],
    ['a path into another room', `import { x } from '../../channel/src/index.ts';`],
    ['an absolute path', `import { x } from '/etc/x.js';`],
    ['an entry that is not exported', `import { x } from '@parley/kernel/src/codec.ts';`],
    ['ports bound in a pure program', `import { nativePorts } from '@parley/kernel/node';`],
  ])('sees %s', (_, text) => {
    expect(addedBy(checkLayers, house, { 'packages/record/src/planted.ts': text })).toHaveLength(1);
  });

  it('binds no test, nor what only tests import', () => {
    const fixture = { 'packages/record/src/planted.ts': `import '@parley/kernel/node';` };
    const user = { 'packages/record/src/user.test.ts': `import './planted.ts';` };
    const program = { 'packages/record/src/user.ts': `import './planted.ts';` };
    expect(addedBy(checkLayers, house, fixture)).toHaveLength(1);
    expect(addedBy(checkLayers, house, { ...fixture, ...user })).toEqual([]);
    expect(addedBy(checkLayers, house, { ...fixture, ...user, ...program })).toHaveLength(1);
  });

  it('sees a room that nobody put into the table', () => {
    const manifest = JSON.stringify({ name: '@parley/annex' });
    expect(addedBy(checkLayers, house, { 'packages/annex/package.json': manifest })).toHaveLength(
      1,
    );
  });
});

describe('only desk joins the parts', () => {
  it('holds for every file of the apps', () => {
    const { read, findings } = checkJoining(house);
    console.log(`read ${read} imports of apps`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['two parts in one file', `import '@parley/disarm'; import '@parley/mail';`],
    [
      'the state machine beside another part',
      `import '@parley/channel'; import '@parley/outlook';`,
    ],
    ['the transport', `import { RelayClient } from '@parley/post';`],
  ])('sees %s in an app', (_, text) => {
    expect(addedBy(checkJoining, house, { 'apps/cli/src/planted.ts': text })).toHaveLength(1);
  });
});

describe('no import cycles', () => {
  it('holds for every file', () => {
    const { read, findings } = checkCycles(house);
    console.log(`read ${read} relative imports`);
    expect(findings).toEqual([]);
  });

  it('sees a cycle over three files, types included', () => {
    const planted = {
      'packages/record/src/planted-a.ts': `import { b } from './planted-b.ts';`,
      'packages/record/src/planted-b.ts': `import type { C } from './planted-c.ts';`,
      'packages/record/src/planted-c.ts': `export * from './planted-a.ts';`,
    };
    expect(addedBy(checkCycles, house, planted)).toEqual([
      'cycle: packages/record/src/planted-a.ts -> packages/record/src/planted-b.ts -> ' +
        'packages/record/src/planted-c.ts -> packages/record/src/planted-a.ts',
    ]);
  });
});
