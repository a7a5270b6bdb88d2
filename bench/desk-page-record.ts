// A long record for the bench of the page: two parties' desks and a relay. Making it takes minutes, so a folder can keep it.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import { startRelay } from '@parley/relay';

export const PASSPHRASE = 'four plain words here';
export const CHANNEL = 'talks';

export type LongRecord = {
  /** The directory of the desk that is looked at. It is closed: whoever looks at it opens it. */
  readonly home: string;
  readonly entries: number;
  /** The other party's desk, which can go on talking. */
  readonly other: Desk;
  readonly close: () => Promise<void>;
};

/** What a line of a long talk says: some are long, each names an article. */
export function line(said: number): string {
  const more = said % 7 === 0 ? ' It was said before, and it is said again for the minutes.' : '';
  return `Line ${said} of a long conversation about article ${said % 40}.${more}`;
}

async function acquaint(desk: Desk, other: Desk, relay: string): Promise<void> {
  const { invitation } = await desk.newChannel({ relay, name: CHANNEL, days: 1 });
  await other.joinChannel({ invitation, name: CHANNEL });
  await desk.admit(CHANNEL, await desk.admissionRequest(CHANNEL));
  for (const one of [other, desk]) await one.sync(CHANNEL);
}

/**
 * A record of at least `entries` entries. What the folder holds already is gone on with, also after an interruption.
 * The relay stands at the same port each time, since the channel names it.
 */
export async function longRecord(folder: string, entries: number): Promise<LongRecord> {
  mkdirSync(folder, { recursive: true });
  const portFile = join(folder, 'port.txt');
  const port = existsSync(portFile) ? readFileSync(portFile, 'utf8').trim() : '0';
  const relay = await startRelay({
    dataDir: join(folder, 'relay'),
    listen: `127.0.0.1:${port}`,
    journal: { level: 'silent' },
  });
  writeFileSync(portFile, new URL(relay.url).port);
  const home = join(folder, 'reader');
  const seat = (at: string, party: string, member: string): Desk => {
    const vault = { home: at, passphrase: utf8(PASSPHRASE) };
    if (Desk.exists(at)) return Desk.open(nativePorts, vault);
    return Desk.create(nativePorts, vault, { party, member, label: 'desk' });
  };
  const desk = seat(home, 'Mediator', 'Chandra');
  const other = seat(join(folder, 'other'), 'Republic of Alpha', 'Ana');
  if (desk.channels().length === 0) await acquaint(desk, other, relay.url);
  const size = (): number => desk.span(CHANNEL, { from: 0, count: 0 }).size;
  // Each speaks a hundred lines, and then hears a hundred.
  for (let said = size(); said < entries; said = size()) {
    const [speaker, listener] = said % 200 < 100 ? [desk, other] : [other, desk];
    const end = Math.min(entries, said + 100);
    for (let next = said; next < end; next++) await speaker.say(CHANNEL, line(next));
    await listener.sync(CHANNEL);
    process.stderr.write(`\r${size()} entries`);
  }
  process.stderr.write('\r');
  await other.sync(CHANNEL);
  desk.inbox(CHANNEL, true);
  const made = size();
  desk.close();
  return {
    home,
    entries: made,
    other,
    close: async () => {
      other.close();
      await relay.close();
    },
  };
}
