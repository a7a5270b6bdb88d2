// How a schedule ends: what must be true of all devices together when everybody has read and said what was left.

import { assert, toHex } from '@parley/kernel';
import { checkpointOf, openStatement, sealStatement } from '@parley/channel';
import { decodeBody, decodeOpenedEntry, deviceOf, verifyEvidence } from '@parley/record';
import type { Desk } from '../../packages/channel/testing/town.ts';
import { sharedCrypto } from './cast.ts';
import { TRAITOR, type Temper } from './tempers.ts';
import type { Witness } from './witness.ts';

/** What is left of a schedule. */
export type Played = {
  readonly desks: readonly Desk[];
  readonly witness: Witness;
  /** Everything that was said, and what its author was told it cannot say. */
  readonly said: readonly string[];
  readonly unsaid: ReadonlySet<string>;
  /** What stood in a vault that was replaced by an older one: it may have been sent or not. */
  readonly unsure: ReadonlySet<string>;
  desk(device: number): Desk;
};

/**
 * At the end each device gets the word of the one before it by another way. Two histories are proven by the word of the
 * shorter one; one history never looks like two.
 */
export function exchangeWords(schedule: Played, temper: Temper): void {
  for (const [i, to] of schedule.desks.entries()) {
    const from = schedule.desk(i === 0 ? schedule.desks.length - 1 : i - 1);
    if (from.room.frozen !== null || to.room.frozen !== null) continue;
    if (deviceOf(to.room.transcript, from.room.device)?.removed !== null) continue;
    const { deviceId } = to.identity;
    const sealed = sealStatement(from.ports, from.room, from.identity, deviceId);
    if (!sealed.ok) continue;
    const { history, identity, ports, room } = to;
    const read = openStatement(ports, room, identity, sealed.value, history);
    assert(read.ok, 'a member is heard outside the room');
    const { size, root } = checkpointOf(from.room);
    const held = to.roots[size];
    const contradicts =
      size <= room.transcript.tree.size && held !== undefined && toHex(held) !== toHex(root);
    const { frozen } = read.value.state;
    const parted = read.value.epoch === 'parted';
    // A cheat whose word nobody took may hold an epoch of its own: that is its own affair.
    const cheats = temper === 'traitor' && [from, to].includes(schedule.desk(TRAITOR));
    assert(temper === 'forking' || cheats || !parted, 'one history has one epoch at a time');
    assert((read.value.record === 'contradiction') === contradicts, 'a fork, and no other');
    if (contradicts) {
      assert(frozen?.evidence, 'it stops the room with a proof');
      assert(verifyEvidence(sharedCrypto, frozen.evidence).ok, 'that holds');
      schedule.witness.counts.words += 1;
    } else if (!parted) assert(frozen === null, 'no false alarm');
  }
}

/** Without two histories everybody ends with one record, on which everything said stands exactly once. */
export function checkOneRecord(schedule: Played, temper: Temper): void {
  // What the cheat's own device holds in the end is its own affair.
  const desks = schedule.desks.filter((_, device) => temper !== 'traitor' || device !== TRAITOR);
  const present = desks.filter((desk) => desk.room.frozen === null);
  const [first] = present;
  if (first === undefined) {
    const stopped = desks.some(({ room }) => room.frozen?.reason !== 'removed');
    return assert(stopped, 'somebody is left');
  }
  // Who was convicted stops everybody alike; who came back older than its own commits is told so, and only that one.
  const convicted = desks.filter((desk) => desk.room.frozen?.reason === 'fork');
  assert(temper === 'traitor' || convicted.length === 0, 'one history has no fork');
  for (const [device, { room }] of desks.entries()) {
    const why = room.frozen?.reason;
    const own = why === 'lost-state' && schedule.witness.restored.has(device);
    const alone = why === undefined || why === 'removed' || own;
    assert(alone || why === 'fork', 'a relay with one history stops nobody');
  }
  for (const desk of present) {
    assert(
      toHex(desk.room.transcript.root) === toHex(first.room.transcript.root),
      'all hold one record',
    );
    assert(toHex(desk.room.head) === toHex(first.room.head), 'and one log');
  }
  const stands = textsOf(first);
  const everyone = present.length === schedule.desks.length;
  const expected = everyone
    ? schedule.said.filter(
        (text) =>
          !schedule.unsaid.has(text) && (!schedule.unsure.has(text) || stands.includes(text)),
      )
    : schedule.said.filter((text) => stands.includes(text));
  // Who came back with an old vault may say again what that vault had not sent yet.
  const again = [...schedule.witness.restored].map((device) => `${device} says`);
  const counted = stands.filter(
    (text, i) => stands.indexOf(text) === i || !again.some((by) => text.startsWith(by)),
  );
  assert(
    counted.toSorted().join('|') === expected.toSorted().join('|'),
    `everything said stands once: ${stands.length} of ${expected.length}`,
  );
  if (temper === 'honest') assert(schedule.witness.counts.alarms === 0, 'no false alarm');
}

function textsOf(desk: Desk): string[] {
  return desk.entries.flatMap((encoded) => {
    const entry = decodeOpenedEntry(encoded);
    assert(entry.ok, 'a kept entry reads');
    const { body } = entry.value.opened;
    const said = decodeBody('text', body);
    return said.ok && said.value.kind === 'text' ? [said.value.text] : [];
  });
}
