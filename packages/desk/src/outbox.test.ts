// The queue and the alarms: what must survive between two runs of a desk.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Act } from '@parley/channel';
import { utf8, type Said } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlarmCode } from './alarm-sentences.ts';
import { Alarms } from './alarms.ts';
import { Outbox } from './outbox.ts';
import { Vault } from './vault.ts';

const say = (text: string): Act => ({ kind: 'text', text });
const room = (n: number): Uint8Array => new Uint8Array(32).fill(n);
let home = '';
let vault: Vault;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-outbox-'));
  vault = Vault.create(nativePorts, {
    home: join(home, 'v'),
    passphrase: utf8('four plain words'),
  });
});
afterAll(() => {
  vault.close();
  rmSync(home, { recursive: true, force: true });
});

test('acts leave in the order in which they were decided, and rooms do not mix', () => {
  const outbox = new Outbox(vault, room(1));
  const numbers = ['one', 'two', 'three'].map((text) => outbox.add(say(text)));
  expect(numbers).toEqual([0, 1, 2]);
  new Outbox(vault, room(2)).add(say('elsewhere'));
  expect(outbox.all().map(({ act }) => act)).toEqual([say('one'), say('two'), say('three')]);
  outbox.remove(1);
  expect([outbox.has(0), outbox.has(1), outbox.has(2)]).toEqual([true, false, true]);
  outbox.done(say('one'));
  expect(outbox.all().map(({ n }) => n)).toEqual([2]);
});

test('a person may say a thing twice; what a desk owes waits once', () => {
  const outbox = new Outbox(vault, room(3));
  expect([outbox.add(say('yes')), outbox.add(say('yes'))]).toEqual([0, 1]);
  const renewal: Act = { kind: 'commit', change: { kind: 'update' } };
  expect([outbox.add(renewal), outbox.add(renewal)]).toEqual([2, 2]);
});

const stale = (seq: number): Said<AlarmCode> => ({ code: 'alarm-stale', values: { seq } });

test('an alarm is told once, and one that comes later again', () => {
  const alarms = new Alarms(vault, room(1));
  expect(alarms.untold()).toEqual([]);
  alarms.add(stale(1));
  alarms.add(stale(2));
  expect(new Alarms(vault, room(1)).untold().map(({ said }) => said)).toEqual([stale(1), stale(2)]);
  expect(new Alarms(vault, room(2)).untold()).toEqual([]);
  alarms.told();
  alarms.add(stale(3));
  expect(alarms.untold().map(({ said }) => said)).toEqual([stale(3)]);
});
