// A desk that was away for a month catches up in order, in every room; one that lost its state is told what it can read.

import { cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativePorts } from '@parley/kernel/node';
import { decodeRoom } from '@parley/channel';
import { utf8, type Ports } from '@parley/kernel';
import { Vault, type Desk } from '@parley/desk';
import Database from 'better-sqlite3';
import { PASSPHRASE, Stage, TALKS, refusalOf, textsIn, type Scene } from './stage.ts';

const ROOM = `${TALKS}/chairs`;
const MONTH_MS = 30 * 86_400_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
});
afterAll(async () => stage.strike());

/** Ports whose clock runs ahead by what `ahead` says now. */
function portsAhead(ahead: { ms: number }): Ports {
  return { ...nativePorts, clock: { nowMs: () => nativePorts.clock.nowMs() + ahead.ms } };
}

async function openChairs(alpha: Desk, beta: Desk): Promise<void> {
  await alpha.rooms.open({
    channel: TALKS,
    kind: 'bilateral',
    with: ['Republic of Beta'],
    name: 'chairs',
  });
  for (const desk of [beta, alpha, beta]) await desk.sync(TALKS);
}

/** What the vault's files hold, and the keys in its one room. */
function vaultOf(scene: Scene, home: string): { files: Buffer; sealed: Buffer[]; keys: Buffer[] } {
  const folder = scene.path(home);
  const vault = Vault.open(nativePorts, { home: folder, passphrase: utf8(PASSPHRASE) });
  const [stored] = vault.list('room');
  vault.close();
  const room = stored === undefined ? undefined : decodeRoom(nativePorts.crypto, stored);
  if (room?.ok !== true) throw new Error('a vault with a room');
  const { keySchedule, privatePath } = room.value.group.state;
  const keys = [
    keySchedule.initSecret,
    keySchedule.exporterSecret,
    keySchedule.senderDataSecret,
    ...Object.values(privatePath.privateKeys),
  ].map((key) => Buffer.from(key));
  const database = new Database(join(folder, 'vault.db'), { readonly: true });
  const rows = database.prepare<[], { sealed: Buffer }>('SELECT sealed FROM item').all();
  database.close();
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = Buffer.concat(names.map(({ name }) => readFileSync(join(folder, name))));
  const sealed = rows.map((row) => row.sealed);
  return { files, sealed, keys: [...keys, Buffer.from(stored ?? [])] };
}

/** No key of the room as `before` held it is in the vault as it is `now`, sealed or open: not even in a free page. */
function expectOldKeysGone(scene: Scene, before: string, now: string): void {
  const [then, today] = [vaultOf(scene, before), vaultOf(scene, now)];
  const room = today.keys.at(-1) ?? Buffer.alloc(0);
  const old = then.keys.slice(0, -1);
  expect(old.length).toBeGreaterThan(3);
  expect(old.every((key) => then.keys.at(-1)?.includes(key))).toBe(true);
  expect(old.filter((key) => room.includes(key))).toEqual([]);
  const replaced = then.sealed.filter((row) => !today.sealed.some((one) => one.equals(row)));
  expect(replaced.length).toBeGreaterThan(0);
  expect(replaced.filter((row) => today.files.includes(row))).toEqual([]);
}

describe('a desk that was away', () => {
  test('catches up with a month of entries in their order, in the plenary and in a room', async () => {
    const scene = await stage.scene();
    const ahead = { ms: 0 };
    const alpha = scene.open('alpha', portsAhead(ahead));
    const beta = scene.open('beta', portsAhead(ahead));
    await openChairs(alpha, beta);
    const said = { plenary: [] as string[], room: [] as string[] };
    for (let day = 3; day <= 30; day += 3) {
      ahead.ms = (day * MONTH_MS) / 30;
      said.plenary.push(`plenary, day ${day}`);
      said.room.push(`chairs, day ${day}`);
      await alpha.say(TALKS, `plenary, day ${day}`);
      const sent = await alpha.say(ROOM, `chairs, day ${day}`);
      expect(sent).toMatchObject({ channel: TALKS, room: 'bilateral', state: 'at-relay' });
    }
    const renewed = async (): Promise<boolean[]> =>
      (await beta.sync()).channels.map((channel) => channel.renewed);
    expect(await renewed()).toEqual([true, true]);
    expect(await renewed()).toEqual([false, false]);
    expect(textsIn(beta)).toEqual(said.plenary);
    expect(textsIn(beta, ROOM)).toEqual(said.room);
    expect(beta.log(ROOM).root).toBe(alpha.log(ROOM).root);
    // Beta's desk made new keys, over all it had read: its signed word. Opened is claimed with a receipt only.
    const states = (): unknown[] =>
      alpha
        .log(ROOM)
        .entries.filter((entry) => entry.kind === 'text')
        .slice(-1)
        .map((entry) => entry.state);
    await alpha.sync();
    expect(states()).toEqual(['on-device']);
    beta.setReceipts(ROOM, true);
    expect(beta.inbox(ROOM, true)[0]?.entries).toHaveLength(10);
    await beta.sync();
    await alpha.sync();
    expect(states()).toEqual(['opened']);
  });

  test('and came back with an old copy of its vault is told what it can read, and what to do', async () => {
    const scene = await stage.scene();
    const ahead = { ms: 0 };
    const beta = scene.open('beta');
    await beta.say(TALKS, 'before the copy');
    scene.close(beta);
    cpSync(scene.path('beta'), scene.path('copy'), { recursive: true });
    // A month later the keys are due: Beta's desk makes new ones, and then its disk fails.
    ahead.ms = MONTH_MS;
    const later = scene.open('beta', portsAhead(ahead));
    await later.say(TALKS, 'after the copy');
    await later.sync();
    const { renewedMs } = later.posture.view(TALKS).keys;
    expect(renewedMs).toBeGreaterThan(Date.now() + MONTH_MS - 86_400_000);
    await later.say(TALKS, 'under new keys');
    scene.close(later);
    expectOldKeysGone(scene, 'copy', 'beta');
    rmSync(scene.path('beta'), { recursive: true });
    cpSync(scene.path('copy'), scene.path('beta'), { recursive: true });

    const restored = scene.open('beta');
    const refusal = await refusalOf(restored.sync());
    expect(refusal).toMatchObject({ nature: 'policy', code: 'lost-state' });
    expect(refusal.message).toContain('You can read the first');
    expect(refusal.next).toContain('parley party invite');
    expect(textsIn(restored)).toEqual(['before the copy', 'after the copy']);
    expect(await refusalOf(restored.say(TALKS, 'as if nothing had been'))).toMatchObject({
      code: 'lost-state',
    });
    // The other side reads all of it and hears no alarm.
    const alpha = scene.open('alpha');
    await alpha.sync();
    expect(textsIn(alpha)).toEqual(['before the copy', 'after the copy', 'under new keys']);
  });
});
