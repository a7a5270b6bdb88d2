// A room between two delegations, told as stories.

import { expect, test } from 'vitest';
import { toHex } from '@parley/kernel';
import { epochAuthenticator } from './index.ts';
import { summit } from '../testing/town.ts';

test('two delegations talk, and agree on record, epoch and log', async () => {
  const { log, ana, bo } = await summit('talk');
  expect(await ana.act(log, { kind: 'text', text: 'Good morning.' })).toBe('done');
  expect(await bo.act(log, { kind: 'text', text: 'Good morning to you.' })).toBe('done');
  await ana.sync(log);
  expect(ana.seen('entry').at(-1)).toMatchObject({
    body: { kind: 'text', text: 'Good morning to you.' },
    own: false,
  });
  expect(toHex(ana.room.transcript.root)).toBe(toHex(bo.room.transcript.root));
  expect(toHex(ana.room.head)).toBe(toHex(bo.room.head));
  expect(toHex(epochAuthenticator(ana.room.group))).toBe(toHex(epochAuthenticator(bo.room.group)));
});
