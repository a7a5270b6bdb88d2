// Groups without rooms: what the tests of the MLS adapter and the bench of it play with.

import { assert } from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import { makeCommit, type Change } from '../src/commit.ts';
import { applyCommit, createGroup, joinGroup, readMessage } from '../src/group.ts';
import { makeKeyPackage } from '../src/key-package.ts';
import { type Group } from '../src/mls-state.ts';
import type { SuiteId, SuitePorts } from '../src/suite.ts';
import { seededRandomness } from './town.ts';

export function deviceName(n: number): Uint8Array {
  const name = new Uint8Array(32);
  name[30] = n >> 8;
  name[31] = n & 255;
  return name;
}

const CHECKPOINT = new Uint8Array(40);

/** A group with `count` devices, founded by device 1 and joined by the others at once. */
export async function assembly(
  count: number,
  suite: SuiteId,
  ports: SuitePorts = { crypto: nativeCrypto, randomness: seededRandomness('assembly') },
): Promise<Group[]> {
  const mls = () => ports.crypto.signerFromSecret('ed25519', ports.randomness.bytes(32));
  const founder = { groupId: new Uint8Array(32).fill(7), device: deviceName(1), mls: mls() };
  const group = await createGroup(ports, founder, suite);
  if (count === 1) return [group];
  const guests = [];
  for (let n = 2; n <= count; n++) {
    const device = deviceName(n);
    guests.push(await makeKeyPackage(ports, device, mls(), suite));
  }
  const change: Change = { kind: 'add', keyPackages: guests.map((guest) => guest.keyPackage) };
  const made = await makeCommit(ports, group, change, CHECKPOINT);
  assert(made.ok && made.value.welcome !== null, 'the guests are added');
  const groups = [made.value.next];
  for (const guest of guests) {
    const joined = await joinGroup(ports, { welcome: made.value.welcome, ...guest }, suite);
    assert(joined.ok, 'a guest joins');
    groups.push(joined.value);
  }
  return groups;
}

/** Reads and applies a commit. */
export async function follow(ports: SuitePorts, group: Group, message: Uint8Array): Promise<Group> {
  const read = await readMessage(ports, group, message);
  assert(read.ok && read.value.kind === 'commit', `a commit, not ${read.ok ? '' : read.reason}`);
  const applied = await applyCommit(ports, group, read.value.commit);
  assert(applied.ok, 'it leads to the next epoch');
  return applied.value;
}
