// A room between two delegations, told as stories.

import { describe, expect, test } from 'vitest';
import { assert, sameBytes, toHex } from '@parley/kernel';
import {
  author,
  ceremonyBetween,
  decodeRoom,
  dueActs,
  encodeRoom,
  epochAuthenticator,
  epochOf,
  members,
  overdueRemovals,
  receive,
  renewalDue,
  unsentAct,
  wordsFor,
  type Act,
} from './index.ts';
import {
  colleague,
  crypto,
  invite,
  person,
  START_MS,
  summit,
  type Desk,
  type Log,
} from '../testing/town.ts';

const say = (text: string): Act => ({ kind: 'text', text });

function agree(...desks: readonly Desk[]): void {
  const [first, ...others] = desks.map(({ room }) => ({
    root: toHex(room.transcript.root),
    head: toHex(room.head),
    epoch: toHex(epochAuthenticator(room.group)),
    frozen: room.frozen,
  }));
  for (const other of others) expect(other).toEqual(first);
}

/** Seals an act against a desk's state without telling the desk. */
async function sealed(desk: Desk, act: Act): Promise<{ seq: number; envelope: Uint8Array }> {
  const made = await author(desk.ports, desk.room, desk.identity, act);
  assert(made.ok, `authored, not ${made.ok ? '' : made.reason}`);
  return { seq: made.value.expectedSeq, envelope: made.value.envelope };
}

async function verify(log: Log, from: Desk, to: Desk): Promise<void> {
  await from.act(log, { kind: 'verify-offer', about: to.identity.party });
  await to.settle(log);
  await from.settle(log);
  await to.sync(log);
}

test('two delegations talk, and agree on record, epoch and log', async () => {
  const { log, ana, bo } = await summit('talk');
  expect(await ana.act(log, say('Good morning.'))).toBe('done');
  expect(await bo.act(log, say('Good morning to you.'))).toBe('done');
  await ana.sync(log);
  expect(ana.seen('entry').at(-1)).toMatchObject({
    body: { kind: 'text', text: 'Good morning to you.' },
    own: false,
  });
  agree(ana, bo);
});

test('a desk whose clock is wrong by a year takes part like the others', async () => {
  const { log, ana } = await summit('clock');
  const year = 365 * 86_400_000;
  const late = person(
    'clock',
    { party: 'Kingdom of Beta', member: 'Zoe' },
    {
      nowMs: () => START_MS - year,
    },
  );
  const zoe = await invite(log, ana, late);
  expect(await zoe.act(log, say('My clock is wrong.'))).toBe('done');
  await ana.sync(log);
  expect(ana.seen('entry').at(-1)?.header.timeMs).toBe(START_MS - year);
  agree(ana, zoe);
});

describe('verification by voice', () => {
  test('both sides see the same four words, in their own language', async () => {
    const { log, ana, bo } = await summit('words');
    await verify(log, ana, bo);
    const [left, right] = [ana, bo].map((desk) =>
      ceremonyBetween(desk.room, ana.identity.party, bo.identity.party),
    );
    expect(left).toMatchObject({ phase: 'open' });
    expect(left).toEqual(right);
    expect(left?.words).toHaveLength(4);
    expect(wordsFor(left?.words ?? [], 'ko')).not.toEqual(wordsFor(right?.words ?? [], 'en'));
    assert(left, 'a ceremony');
    const { offer, words } = left;
    const about = bo.identity.party;
    const verified: Act = { kind: 'verified', about, how: 'voice', words, offer };
    expect(await ana.act(log, verified)).toBe('done');
    await bo.sync(log);
    expect(bo.room.transcript.parties.get(toHex(about))?.verifications).toMatchObject([
      { how: 'voice' },
    ]);
    agree(ana, bo);
  });

  test('a mismatch is one act and freezes the room for both', async () => {
    const { log, ana, bo } = await summit('mismatch');
    await verify(log, ana, bo);
    const one = ceremonyBetween(bo.room, ana.identity.party, bo.identity.party);
    assert(one, 'a ceremony');
    await bo.act(log, {
      kind: 'mismatch',
      about: ana.identity.party,
      how: 'voice',
      offer: one.offer,
    });
    await ana.sync(log);
    for (const desk of [ana, bo]) {
      expect(desk.room.frozen).toMatchObject({ reason: 'mismatch' });
      expect(await desk.act(log, say('Hello?'))).toBe('frozen');
    }
  });

  test('a mismatch by a party whose name is long and strange freezes the room, and the room is stored', async () => {
    const { log, ana } = await summit('strange name');
    const doves = { party: '🕊'.repeat(30), member: '🕊'.repeat(30) };
    const odd = await invite(log, ana, person('strange name', doves));
    await verify(log, odd, ana);
    const one = ceremonyBetween(odd.room, odd.identity.party, ana.identity.party);
    assert(one, 'a ceremony');
    await odd.act(log, {
      kind: 'mismatch',
      about: ana.identity.party,
      how: 'voice',
      offer: one.offer,
    });
    await ana.sync(log);
    ana.crash();
    expect(ana.room.frozen).toMatchObject({
      reason: 'mismatch',
      detail: expect.stringContaining('🕊'),
    });
  });

  test('other words than everybody computes are refused before they are signed', async () => {
    const { log, ana, bo } = await summit('other words');
    await verify(log, ana, bo);
    const one = ceremonyBetween(bo.room, ana.identity.party, bo.identity.party);
    assert(one, 'a ceremony');
    const words = one.words.map((index) => index ^ 1);
    const { offer } = one;
    const about = ana.identity.party;
    expect(await bo.act(log, { kind: 'verified', about, how: 'voice', words, offer })).toBe(
      'not-allowed',
    );
    expect(await bo.act(log, { kind: 'verified', about, how: 'writing', words, offer })).toBe(
      'not-allowed',
    );
  });

  test('an answer to an offer that is not about this party is refused', async () => {
    const { log, ana, bo } = await summit('not about us');
    await ana.act(log, { kind: 'verify-offer', about: bo.identity.party });
    const offer = ana.room.ceremonies[0]?.offer;
    assert(offer, 'an offer');
    expect(await ana.act(log, { kind: 'verify-answer', offer })).toBe('no-such-offer');
    expect(await ana.act(log, { kind: 'verify-open', offer })).toBe('no-such-offer');
  });
});

describe('devices that come and go', () => {
  test('nothing is said to a removed device, and what follows it cannot read', async () => {
    const { log, ana, bo } = await summit('removal');
    const zoe = await invite(log, ana, colleague('removal', ana, 'Zoe'));
    await bo.sync(log);
    const device = zoe.identity.deviceId;
    await ana.act(log, { kind: 'device-removed', device, reason: 'lost' });
    await bo.sync(log);
    expect(overdueRemovals(bo.room).map(toHex)).toEqual([toHex(device)]);
    expect(await bo.act(log, say('Is it gone?'))).toBe('removal-due');
    const remove: Act = { kind: 'commit', change: { kind: 'remove', devices: [device] } };
    expect(dueActs(bo.room, bo.identity)).toMatchObject([{ act: remove }]);
    await zoe.sync(log);
    expect(dueActs(zoe.room, zoe.identity)).toEqual([]);
    expect(await zoe.act(log, say('I object.'))).toBe('not-allowed');
    await ana.settle(log);
    await bo.sync(log);
    expect(await bo.act(log, say('Now it is.'))).toBe('done');
    await ana.sync(log);
    await zoe.sync(log);
    expect(members(ana.room.group)).toHaveLength(2);
    expect(zoe.room.frozen).toMatchObject({ reason: 'removed' });
    expect(zoe.seen('entry').some(({ body }) => body.kind === 'text')).toBe(false);
    expect(await zoe.act(log, say('Let me in.'))).toBe('frozen');
    agree(ana, bo);
  });

  test('any device can finish a removal whose author has gone', async () => {
    const { log, ana, bo } = await summit('orphan removal');
    const zoe = await invite(log, ana, colleague('orphan', ana, 'Zoe'));
    await bo.sync(log);
    await ana.act(log, { kind: 'device-removed', device: zoe.identity.deviceId, reason: 'lost' });
    await bo.sync(log);
    const devices = overdueRemovals(bo.room);
    expect(await bo.act(log, { kind: 'commit', change: { kind: 'remove', devices } })).toBe('done');
    await ana.sync(log);
    expect(dueActs(ana.room, ana.identity)).toEqual([]);
    agree(ana, bo);
  });

  test('what a removed device still seals is refused by everybody alike', async () => {
    const { log, ana, bo } = await summit('ghost');
    const zoe = await invite(log, ana, colleague('ghost', ana, 'Zoe'));
    await bo.sync(log);
    await zoe.sync(log);
    // Zoe has not heard of the removal when she speaks; the relay puts her envelope behind it.
    const late = await sealed(zoe, say('I am still here.'));
    await ana.act(log, { kind: 'device-removed', device: zoe.identity.deviceId, reason: 'lost' });
    log.envelopes.push(late.envelope);
    for (const desk of [ana, bo]) {
      await desk.sync(log);
      expect(desk.seen('refused').at(-1)).toMatchObject({ reason: 'misplaced', alarm: true });
    }
    agree(ana, bo);
  });

  test('an update commit renews keys and the talk goes on', async () => {
    const { log, ana, bo } = await summit('update');
    const before = epochOf(ana.room.group);
    expect(await bo.act(log, { kind: 'commit', change: { kind: 'update' } })).toBe('done');
    await ana.sync(log);
    expect(epochOf(ana.room.group)).toBe(before + 1);
    const { checkpoint } = ana.seen('epoch').at(-1) ?? {};
    expect(checkpoint?.checkpoint.size).toBe(ana.room.transcript.tree.size);
    expect(checkpoint?.cosignatures[0]?.device).toEqual(bo.identity.deviceId);
    await ana.act(log, say('Fresh keys.'));
    await bo.sync(log);
    agree(ana, bo);
  });

  test('old keys are renewed on time, also after the clock was set back; adding others renews nothing', async () => {
    const { log, ana } = await summit('renewal');
    const day = 86_400_000;
    expect(renewalDue(ana.room, START_MS, day)).toBe(false);
    expect(renewalDue(ana.room, START_MS + day, day)).toBe(true);
    expect(renewalDue(ana.room, START_MS - 1, day)).toBe(true);
    const later = { ...ana.ports, clock: { nowMs: () => START_MS + day } };
    const made = await author(later, ana.room, ana.identity, {
      kind: 'commit',
      change: { kind: 'update' },
    });
    assert(made.ok, 'authored');
    expect(renewalDue(made.value.state, START_MS + 3 * day, day)).toBe(false);
    const delivered = { seq: made.value.expectedSeq, envelope: made.value.envelope };
    log.append(delivered.seq, delivered.envelope);
    const { state } = await receive(later, made.value.state, ana.identity, delivered, ana.history);
    expect(state.renewedMs).toBe(START_MS + day);
    expect(renewalDue(state, START_MS + day, day)).toBe(false);
    ana.store(state);
    await invite(log, ana, person('renewal', { party: 'Alliance of Gamma', member: 'Zoe' }));
    expect(ana.room.renewedMs).toBe(START_MS + day);
  });

  test('a commit that adds or removes somebody the record does not name is refused', async () => {
    const { log, ana, bo } = await summit('off record');
    const device = bo.identity.deviceId;
    const remove: Act = { kind: 'commit', change: { kind: 'remove', devices: [device] } };
    expect(await ana.act(log, remove)).toBe('not-on-record');
    for (const change of [
      { kind: 'remove', devices: [] },
      { kind: 'add', keyPackages: [] },
    ] as const)
      expect(await ana.act(log, { kind: 'commit', change })).toBe('no-such-device');
    const noise: Act = { kind: 'commit', change: { kind: 'add', keyPackages: [device] } };
    expect(await ana.act(log, noise)).toBe('bad-key-package');
    const huge = new Uint8Array(9_000);
    const large: Act = { kind: 'commit', change: { kind: 'add', keyPackages: [huge] } };
    expect(await ana.act(log, large)).toBe('does-not-fit');
  });
});

describe('races', () => {
  test('the loser of a race for one place says the same again, and both are on the record once', async () => {
    const { log, ana, bo } = await summit('race');
    const [first, second] = [say('from Ana'), say('from Bo')];
    const a = await author(ana.ports, ana.room, ana.identity, first);
    const b = await author(bo.ports, bo.room, bo.identity, second);
    assert(a.ok && b.ok, 'both author');
    ana.store(a.value.state);
    bo.store(b.value.state);
    expect(log.append(a.value.expectedSeq, a.value.envelope)).toBe('stored');
    expect(log.append(b.value.expectedSeq, b.value.envelope)).toBe('conflict');
    const [lost] = (await bo.sync(log)).filter((one) => one.kind === 'lost');
    expect(lost).toMatchObject({ act: second });
    bo.queue = [];
    expect(await bo.act(log, second)).toBe('done');
    await ana.sync(log);
    const texts = ana
      .seen('entry')
      .flatMap(({ body }) => (body.kind === 'text' ? [body.text] : []));
    expect(texts).toEqual(['from Ana', 'from Bo']);
    agree(ana, bo);
  });

  test('an entry that loses to a commit goes out as it was signed, since a second one would be proof against its author', async () => {
    const { log, ana, bo } = await summit('race with a commit');
    const act = say('signed once');
    const entry = await author(bo.ports, bo.room, bo.identity, act);
    assert(entry.ok, 'Bo authors');
    bo.store(entry.value.state);
    const signed = bo.room.draft?.entry;
    await ana.act(log, { kind: 'commit', change: { kind: 'update' } });
    expect(log.append(entry.value.expectedSeq, entry.value.envelope)).toBe('conflict');
    await bo.sync(log);
    bo.queue = [];
    expect(unsentAct(bo.room)).toEqual(act);
    expect(await bo.act(log, say('something else'))).toBe('unsent-entry');
    expect(await bo.act(log, act)).toBe('done');
    expect(bo.entries.at(-1)).toEqual(signed);
    await ana.sync(log);
    agree(ana, bo);
  });

  test('a commit that loses its race is made anew for the epoch there is', async () => {
    const { log, ana, bo } = await summit('commit race');
    const update: Act = { kind: 'commit', change: { kind: 'update' } };
    const [a, b] = [
      await author(ana.ports, ana.room, ana.identity, update),
      await author(bo.ports, bo.room, bo.identity, update),
    ];
    assert(a.ok && b.ok, 'both author');
    ana.store(a.value.state);
    bo.store(b.value.state);
    log.append(a.value.expectedSeq, a.value.envelope);
    await bo.sync(log);
    bo.queue = [];
    await bo.act(log, update);
    await ana.sync(log);
    agree(ana, bo);
  });
});

describe('crashes', () => {
  test('between storing and sending: the same envelope goes out, once', async () => {
    const { log, ana, bo } = await summit('crash before sending');
    const made = await author(ana.ports, ana.room, ana.identity, say('before the lights went out'));
    assert(made.ok, 'authored');
    ana.store(made.value.state);
    ana.crash();
    const { pending } = ana.room;
    assert(pending, 'what was to be sent is there');
    expect(pending.envelope).toEqual(made.value.envelope);
    log.append(pending.seq, pending.envelope);
    ana.crash();
    expect(log.append(pending.seq, pending.envelope)).toBe('stored');
    await ana.sync(log);
    await bo.sync(log);
    expect(bo.seen('entry').at(-1)).toMatchObject({ body: { text: 'before the lights went out' } });
    agree(ana, bo);
  });

  test('between sending a commit and hearing of it: the next epoch is not lost', async () => {
    const { log, ana, bo } = await summit('crash after commit');
    const made = await author(ana.ports, ana.room, ana.identity, {
      kind: 'commit',
      change: { kind: 'update' },
    });
    assert(made.ok, 'authored');
    ana.store(made.value.state);
    log.append(made.value.expectedSeq, made.value.envelope);
    ana.crash();
    await ana.sync(log);
    await bo.act(log, say('Still there?'));
    await ana.sync(log);
    agree(ana, bo);
  });

  test('before storing: nothing was sent, so nothing of it exists', async () => {
    const { log, ana, bo } = await summit('crash before storing');
    const made = await author(ana.ports, ana.room, ana.identity, say('never stored'));
    assert(made.ok, 'authored');
    ana.crash();
    expect(ana.room.pending).toBeNull();
    expect(await ana.act(log, say('stored'))).toBe('done');
    await bo.sync(log);
    agree(ana, bo);
  });

  test('a stored room is the room', async () => {
    const { ana } = await summit('vault');
    const restored = decodeRoom(crypto, encodeRoom(ana.room));
    assert(restored.ok, 'it reads back');
    expect(encodeRoom(restored.value)).toEqual(encodeRoom(ana.room));
    const stored = encodeRoom(ana.room);
    expect(decodeRoom(crypto, stored.subarray(0, -1))).toMatchObject({ reason: 'malformed-room' });
  });
});

test('the stored size does not grow with the record', async () => {
  const { log, ana } = await summit('size');
  await ana.act(log, say('one'));
  const size = ana.vault.length;
  for (let i = 0; i < 40; i++) await ana.act(log, say(`line ${i}`));
  // The compact tree holds one hash for each set bit of the size.
  expect(ana.vault.length).toBeLessThan(size + 400);
});

test('an act over its limits is refused, and nothing is used up', async () => {
  const { ana } = await summit('limits');
  const long = await author(ana.ports, ana.room, ana.identity, say('x'.repeat(65_537)));
  expect(long).toMatchObject({ ok: false, reason: 'does-not-fit' });
  const torn: Act = {
    kind: 'disarmed',
    document: ana.room.transcript.devices.values().next().value?.lastLeaf as never,
    original: new Uint8Array(32),
    safe: null,
    policy: 'p',
    engine: 'e',
    report: new Uint8Array(32),
    outcome: 'rebuilt',
  };
  expect(await author(ana.ports, ana.room, ana.identity, torn)).toMatchObject({
    reason: 'does-not-fit',
  });
  const twice = await author(ana.ports, ana.room, ana.identity, {
    kind: 'found',
    channel: new Uint8Array(32),
    name: 'again',
    relay: '',
    certificate: ana.identity.certificate,
  });
  expect(twice).toMatchObject({ ok: false, reason: 'not-allowed' });
});

test('while an envelope is on its way nothing else is authored', async () => {
  const { ana } = await summit('busy');
  const made = await author(ana.ports, ana.room, ana.identity, say('first'));
  assert(made.ok, 'authored');
  const again = await author(ana.ports, made.value.state, ana.identity, say('second'));
  expect(again).toMatchObject({ ok: false, reason: 'busy' });
});

test('places that were skipped or repeated leave the state where it was', async () => {
  const { log, ana, bo } = await summit('order');
  await ana.act(log, say('one'));
  await ana.act(log, say('two'));
  const next = bo.room.seq + 1;
  const take = async (seq: number) =>
    receive(
      bo.ports,
      bo.room,
      bo.identity,
      { seq, envelope: log.envelopes[seq - 1] ?? new Uint8Array(0) },
      bo.history,
    );
  const gap = await take(next + 1);
  expect(gap.outcomes).toMatchObject([{ kind: 'refused', reason: 'gap', alarm: false }]);
  expect(gap.state).toBe(bo.room);
  await bo.sync(log);
  const again = await take(next);
  expect(again.outcomes).toMatchObject([{ kind: 'refused', reason: 'duplicate', alarm: false }]);
  expect(again.state).toBe(bo.room);
  expect(sameBytes(again.state.head, ana.room.head)).toBe(true);
});
