import { describe, expect, it } from 'vitest';
import { EMPTY_HOUSE, addedBy, readHouse, sources } from './house.ts';
import { PURE_ROOMS, isPureSource } from './layers.ts';
import { checkPurity } from './purity.ts';

const house = readHouse();
const AT = 'packages/channel/src/planted.ts';

describe('kernel, record, channel and outlook are pure', () => {
  it('holds for every program of theirs', () => {
    const { read, findings } = checkPurity(house);
    console.log(`read ${read} pure programs`);
    expect(findings).toEqual([]);
  });

  it('reads programs of each pure room', () => {
    for (const room of PURE_ROOMS)
      expect(
        sources(house).filter(
          ([path]) => path.startsWith(`packages/${room}/`) && isPureSource(house, path),
        ),
        room,
      ).not.toHaveLength(0);
  });

  it('fails when it reads nothing', () => {
    expect(checkPurity(EMPTY_HOUSE).findings).toEqual([
      '0 pure programs read: the check itself is broken',
    ]);
  });

  it.each([
    ['a module of Node', `import { readFileSync } from 'node:fs';`],
    ['a module of Node without its prefix', `import { readFileSync } from 'fs';`],
    ['a dynamic module of Node', `const x = await import('node:fs');`],
    ['the clock', `const x = Date.now();`],
    ['the clock by construction', `const x = new Date();`],
    ['the clock by call', `const x = Date();`],
    ['the clock under another name', `const D = Date;`],
    ['the clock by a computed member', `const x = Date['now']();`],
    ['the monotonic clock', `const x = performance.now();`],
    ['chance', `const x = Math.random();`],
    ['chance by a computed member', `const x = Math['random']();`],
    ['chance by destructuring', `const { random } = Math;`],
    ['chance of the platform', `const x = crypto.getRandomValues(new Uint8Array(1));`],
    ['the network', `const x = await fetch('http://127.0.0.1/');`],
    ['a socket', `const x = new WebSocket('ws://127.0.0.1/');`],
    ['the process', `const x = process.env;`],
    ['the process as a shorthand', `export const x = { process };`],
    ['the global object', `const x = globalThis;`],
    ['a timer', `setTimeout(() => {}, 1);`],
    ['the screen', `document.title = '';`],
    ['the console', `console.log(1);`],
    ['evaluation', `eval('1');`],
    ['where the file stands', `const x = import.meta.url;`],
    ['an ambient declaration', `declare const prompt: () => string;`],
    ['an ambient function', `declare function prompt(): string;`],
    ['an ambient namespace', `declare global { var x: number; }`],
  ])('sees %s', (_, text) => {
    expect(addedBy(checkPurity, house, { [AT]: text })).not.toEqual([]);
    // Each planted line is an offence in any pure room, and none outside them.
    expect(addedBy(checkPurity, house, { 'packages/desk/src/planted.ts': text })).toEqual([]);
  });

  it.each([
    ['arithmetic on a given time', `export const x = new Date(0).getTime() + Date.UTC(2026, 1);`],
    ['arithmetic', `export const x = Math.floor(1.5);`],
    ['a port of that name', `export const x = (crypto: { hash(): void }) => crypto.hash();`],
    ['a member of that name', `export const x = (p: { process: number }) => p.process;`],
    ['a key of that name', `export const x = { document: 1 };`],
    ['a type of that name', `export type X = typeof fetch;`],
    ['the symbol of a brand', `declare const brand: unique symbol;`],
    ['a pattern that binds that name', `export const f = ({ a: [location] }: any) => location;`],
  ])('lets %s pass', (_, text) => {
    expect(addedBy(checkPurity, house, { [AT]: text })).toEqual([]);
  });
});
