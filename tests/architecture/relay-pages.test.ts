import { describe, expect, it } from 'vitest';
import { EMPTY_HOUSE, addedBy, readHouse } from './house.ts';
import { checkRelayPages } from './relay-pages.ts';

const house = readHouse();

describe('the relay serves no page', () => {
  it('holds for every string in it', () => {
    const { read, findings } = checkRelayPages(house);
    console.log(`read ${read} strings of the relay`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['a page', 'planted.ts', `reply.type('text/html').send('');`],
    ['a script', 'planted.ts', `reply.header('content-type', 'text/javascript');`],
    ['markup in a template', 'planted.ts', 'reply.send(`<html>${x}`);'],
    ['a sender of files', 'planted.ts', `import { x } from '@fastify/static';`],
    ['a file that a browser runs', 'page.html', ''],
  ])('sees %s', (_, name, text) => {
    expect(addedBy(checkRelayPages, house, { [`apps/relay/src/${name}`]: text })).toHaveLength(1);
  });

  it('fails when it reads nothing', () => {
    expect(checkRelayPages(EMPTY_HOUSE).findings).toHaveLength(1);
  });
});
