// A relay that lies and members that cheat: every envelope is taken, or refused with its reason, or stops the room with a
// proof; nothing is lost and nothing throws.

import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { assert, concat, toHex, utf8 } from '@parley/kernel';
import {
  asLeafHash,
  authorEntry,
  authorUnknownEntry,
  checkCertificate,
  cosignCheckpoint,
  deviceOf,
  encodeCheckpoint,
  encodeEntry,
  verifyEvidence,
  type Body,
  type EntryPlace,
} from '@parley/record';
import { createCommit, emptyPskIndex, encodeMlsMessage } from 'ts-mls';
import { ENVELOPE_LEAST_BYTES, sealEnvelope } from './envelope.ts';
import { makeCommit, type Change } from './commit.ts';
import { sealContent } from './group.ts';
import { makeKeyPackage } from './key-package.ts';
import { author, members, receive, type Act, type Outcome } from './index.ts';
import { checkpointOf, ownPlace } from './room.ts';
import { ciphersuite, HOUSE_SUITE } from './suite.ts';
import { colleague, invite, Log, person, START_MS, summit, type Desk } from '../testing/town.ts';

const RUNS = process.env['SLOW'] === '1' ? 400 : 25;
const say = (text: string): Act => ({ kind: 'text', text });

async function envelopeOf(desk: Desk, act: Act): Promise<Uint8Array> {
  const made = await author(desk.ports, desk.room, desk.identity, act);
  assert(made.ok, `authored, not ${made.ok ? '' : made.reason}`);
  return made.value.envelope;
}

async function outcomesOf(desk: Desk, envelope: Uint8Array): Promise<readonly Outcome[]> {
  const delivered = { seq: desk.room.seq + 1, envelope };
  return (await receive(desk.ports, desk.room, desk.identity, delivered, desk.history)).outcomes;
}

/** Seals what a member would not make by `author`: the tests' own forged content. */
async function forged(desk: Desk, content: Uint8Array): Promise<Uint8Array> {
  const { message } = await sealContent(desk.ports, desk.room.group, content);
  const place = { room: desk.room.room, seq: desk.room.seq + 1 };
  return sealEnvelope(desk.ports, desk.room.group, place, message);
}

/** An entry signed by a member, placed as it says. */
function entryOf(desk: Desk, body: Body, change: Partial<EntryPlace> = {}): Uint8Array {
  const { tree, root } = desk.room.transcript;
  const place: EntryPlace = {
    room: desk.room.room,
    author: desk.identity.deviceId,
    ...ownPlace(desk.room),
    seen: { size: tree.size, root },
    timeMs: START_MS,
    ...change,
  };
  return encodeEntry(authorEntry(desk.ports, place, body, desk.identity.signer.secretKey).entry);
}

const text: Body = { kind: 'text', text: 'forged' };

/** Two logs that part after their common beginning. */
function split(log: Log): [Log, Log] {
  const [left, right] = [new Log(), new Log()];
  left.envelopes.push(...log.envelopes);
  right.envelopes.push(...log.envelopes);
  return [left, right];
}

function noteBy(
  signer: Desk,
  room: Desk,
  device = signer.identity.deviceId,
  secretKey = signer.identity.signer.secretKey,
): Uint8Array {
  const checkpoint = checkpointOf(room.room);
  const cosignature = cosignCheckpoint(signer.ports.crypto, checkpoint, {
    device,
    publicKey: signer.identity.signer.publicKey,
    secretKey,
    timeMs: START_MS,
  });
  return encodeCheckpoint({ checkpoint, cosignatures: [cosignature] });
}

async function forgedCommit(desk: Desk, change: Change): Promise<Uint8Array> {
  const made = await makeCommit(desk.ports, desk.room.group, change, noteBy(desk, desk));
  assert(made.ok, 'a commit');
  const place = { room: desk.room.room, seq: desk.room.seq + 1 };
  return sealEnvelope(desk.ports, desk.room.group, place, made.value.message);
}

describe('an envelope that was changed on the way', () => {
  test('is refused at any flipped bit, and the honest one is taken after it', async () => {
    const { ana, bo } = await summit('flip');
    const envelope = await envelopeOf(ana, say('hello'));
    await fc.assert(
      fc.asyncProperty(fc.nat(envelope.length * 8 - 1), async (bit) => {
        const flipped = envelope.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await outcomesOf(bo, flipped)).toMatchObject([
          { kind: 'refused', reason: 'unreadable', alarm: true },
        ]);
      }),
      { numRuns: RUNS },
    );
    expect(await outcomesOf(bo, envelope)).toMatchObject([{ kind: 'entry' }]);
  });

  test('is refused at any length', async () => {
    const { ana, bo } = await summit('truncate');
    const envelope = await envelopeOf(ana, say('hello'));
    await fc.assert(
      fc.asyncProperty(fc.nat(envelope.length - 1), async (length) => {
        expect(await outcomesOf(bo, envelope.subarray(0, length))).toMatchObject([
          { kind: 'refused', reason: 'unreadable' },
        ]);
      }),
      { numRuns: RUNS },
    );
    expect(await outcomesOf(bo, concat(envelope, Uint8Array.of(0)))).toMatchObject([
      { kind: 'refused', reason: 'unreadable' },
    ]);
  });

  test('or made of nothing is refused, whatever it holds', async () => {
    const { bo } = await summit('noise');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9_000 }), async (noise) => {
        expect(await outcomesOf(bo, noise)).toMatchObject([{ kind: 'refused', alarm: true }]);
      }),
      { numRuns: RUNS },
    );
  });

  test('garbage from outside uses up its place for everybody alike, and the talk goes on', async () => {
    const { log, ana, bo } = await summit('garbage');
    log.envelopes.push(new Uint8Array(ENVELOPE_LEAST_BYTES).fill(3));
    expect(await ana.act(log, say('after the noise'))).toBe('done');
    await bo.sync(log);
    expect(bo.seen('refused')).toMatchObject([{ reason: 'unreadable' }]);
    expect(bo.seen('entry').at(-1)).toMatchObject({ body: { text: 'after the noise' } });
  });
});

describe('a relay that moves envelopes', () => {
  test('cannot replay one: it is refused, and named', async () => {
    const { log, ana, bo } = await summit('replay');
    await ana.act(log, say('once'));
    log.envelopes.push(log.envelopes.at(-1) as Uint8Array);
    await bo.sync(log);
    expect(bo.seen('entry').filter(({ body }) => body.kind === 'text')).toHaveLength(1);
    expect(bo.seen('refused')).toMatchObject([{ reason: 'misplaced', alarm: true }]);
    // The author, who sees its own envelope twice, is not confused either.
    await ana.sync(log);
    expect(ana.seen('refused')).toMatchObject([{ reason: 'misplaced' }]);
    expect(toHex(ana.room.transcript.root)).toBe(toHex(bo.room.transcript.root));
  });

  test('cannot reorder two: the later one waits, and both are taken once the order is right', async () => {
    const { log, ana, bo } = await summit('reorder');
    await ana.act(log, say('first'));
    await ana.act(log, say('second'));
    const [first, second] = log.envelopes.slice(-2);
    assert(first && second, 'two envelopes');
    const { seq } = bo.room;
    expect(await bo.take(seq + 1, second)).toMatchObject([
      { reason: 'withheld', alarm: true, detail: expect.stringContaining('Ana') },
    ]);
    expect(bo.room.seq).toBe(seq);
    await bo.take(seq + 1, first);
    await bo.take(seq + 2, second);
    expect(bo.seen('entry').flatMap(({ body }) => (body.kind === 'text' ? body.text : []))).toEqual(
      ['first', 'second'],
    );
  });

  test('cannot drop one and renumber the rest', async () => {
    const { log, ana, bo } = await summit('drop');
    for (const line of ['one', 'two', 'three']) await ana.act(log, say(line));
    const kept = [...log.envelopes.slice(0, -3), ...log.envelopes.slice(-2)];
    const lying = new Log();
    lying.envelopes.push(...kept);
    const { seq } = bo.room;
    await bo.sync(lying);
    expect(bo.room.seq).toBe(seq);
    expect(bo.seen('refused')[0]).toMatchObject({ reason: 'withheld', alarm: true });
    await bo.sync(log);
    expect(toHex(bo.room.transcript.root)).toBe(toHex(ana.room.transcript.root));
  });

  test('cannot bring an envelope that lost its race back at a later place', async () => {
    const { log, ana, bo } = await summit('late loser');
    const made = await author(bo.ports, bo.room, bo.identity, say('lost'));
    assert(made.ok, 'authored');
    bo.store(made.value.state);
    await ana.act(log, say('won'));
    await bo.sync(log);
    log.envelopes.push(made.value.envelope);
    await ana.sync(log);
    await bo.sync(log);
    expect(ana.seen('refused')).toMatchObject([{ reason: 'misplaced', alarm: true }]);
    bo.queue = [];
    expect(await bo.act(log, say('lost'))).toBe('done');
    await ana.sync(log);
    expect(ana.room.frozen).toBeNull();
    expect(toHex(ana.room.transcript.root)).toBe(toHex(bo.room.transcript.root));
  });
});

describe('a place ahead of the log', () => {
  test('holds up the room only in an envelope that a device on the record made', async () => {
    const { log, ana, bo } = await summit('ahead');
    // Whoever has the epoch's key can seal a place, a removed device too; only a signature makes it somebody's word.
    const place = { room: bo.room.room, seq: bo.room.seq + 9 };
    const noise = await sealEnvelope(bo.ports, bo.room.group, place, utf8('no message'));
    expect(await outcomesOf(ana, noise)).toMatchObject([{ reason: 'malformed', alarm: true }]);
    const zoe = await invite(log, ana, colleague('ahead', ana, 'Zoe'));
    await ana.act(log, { kind: 'device-removed', device: zoe.identity.deviceId, reason: 'lost' });
    for (const desk of [bo, zoe]) await desk.sync(log);
    const { message } = await sealContent(zoe.ports, zoe.room.group, entryOf(zoe, text));
    const ahead = { room: zoe.room.room, seq: zoe.room.seq + 9 };
    const late = await sealEnvelope(zoe.ports, zoe.room.group, ahead, message);
    expect(await outcomesOf(bo, late)).toMatchObject([{ reason: 'not-on-record' }]);
  });
});

describe('a relay that shows two histories', () => {
  test('is found at the first entry that crosses, with a proof that names both signers', async () => {
    const { log, ana, bo } = await summit('fork');
    const [left, right] = split(log);
    await ana.act(left, say('to the left'));
    await bo.act(right, say('to the right'));
    const crossing = await envelopeOf(ana, say('this crosses'));
    right.envelopes.push(crossing);
    await bo.sync(right);
    expect(bo.room.frozen).toMatchObject({ reason: 'fork' });
    const evidence = bo.room.frozen?.evidence;
    assert(evidence, 'a proof');
    const report = verifyEvidence(bo.ports.crypto, evidence);
    assert(report.ok, 'which holds by itself');
    expect(report.value.signers.map((signer) => signer.member)).toEqual(['Ana', 'Bo']);
    expect(await bo.act(right, say('go on?'))).toBe('frozen');
    const state = bo.room;
    await bo.sync(right);
    expect(bo.room).toBe(state);
  });

  test('is found at a commit that crosses, with a proof', async () => {
    const { log, ana, bo } = await summit('fork by commit');
    const [left, right] = split(log);
    await ana.act(left, say('to the left'));
    await bo.act(right, say('to the right'));
    const act: Act = { kind: 'commit', change: { kind: 'update' } };
    right.envelopes.push(await envelopeOf(ana, act));
    await bo.sync(right);
    expect(bo.room.frozen).toMatchObject({ reason: 'fork' });
    const evidence = bo.room.frozen?.evidence;
    assert(evidence && verifyEvidence(bo.ports.crypto, evidence).ok, 'a proof that holds');
  });

  test('is found by both, whoever speaks first', async () => {
    const { log, ana, bo } = await summit('fork both ways');
    const [left, right] = split(log);
    await ana.act(left, say('to the left'));
    await bo.act(right, say('to the right'));
    const [a, b] = [await envelopeOf(ana, say('a')), await envelopeOf(bo, say('b'))];
    right.envelopes.push(a);
    left.envelopes.push(b);
    await ana.sync(left);
    await bo.sync(right);
    expect([ana.room.frozen?.reason, bo.room.frozen?.reason]).toEqual(['fork', 'fork']);
  });

  test('once the epochs have parted, nothing of the other side is readable, and that is an alarm', async () => {
    const { log, ana, bo } = await summit('parted epochs');
    const [left, right] = split(log);
    await ana.act(left, { kind: 'commit', change: { kind: 'update' } });
    await bo.act(right, say('to the right'));
    right.envelopes.push(await envelopeOf(ana, say('from another epoch')));
    await bo.sync(right);
    expect(bo.seen('refused')).toMatchObject([{ reason: 'unreadable', alarm: true }]);
    expect(bo.room.transcript.tree.size).toBe(4 - 1);
  });
});

describe('a member that cheats', () => {
  test('by signing what it has not seen is caught with proof', async () => {
    const { ana, bo } = await summit('false seen');
    const root = bo.room.transcript.root.map((byte) => byte ^ 1) as typeof bo.room.transcript.root;
    const { size } = bo.room.transcript.tree;
    const untrue = entryOf(bo, text, { seen: { size, root } });
    const outcomes = await outcomesOf(ana, await forged(bo, untrue));
    expect(outcomes).toMatchObject([{ kind: 'frozen', frozen: { reason: 'fork' } }]);
    const [frozen] = outcomes;
    assert(frozen?.kind === 'frozen' && frozen.frozen.evidence, 'a proof');
    expect(verifyEvidence(ana.ports.crypto, frozen.frozen.evidence).ok).toBe(true);
  });

  test('by an entry over an older record is refused, since it may only be late', async () => {
    const { ana, bo } = await summit('stale');
    const size = bo.room.transcript.tree.size - 1;
    const root = bo.roots[size];
    assert(root, 'an older root');
    const stale = entryOf(bo, text, { seen: { size, root } });
    expect(await outcomesOf(ana, await forged(bo, stale))).toMatchObject([
      { kind: 'refused', reason: 'stale', alarm: true },
    ]);
  });

  test('by breaking its own chain, by another room, or by a forged signature is refused', async () => {
    const { ana, bo } = await summit('chain');
    const chain = entryOf(bo, text, { authorSeq: 5, authorPrev: asLeafHash(new Uint8Array(32)) });
    expect(await outcomesOf(ana, await forged(bo, chain))).toMatchObject([
      {
        kind: 'refused',
        reason: 'not-allowed',
        detail: expect.stringContaining('broken-author-chain'),
      },
    ]);
    const other = entryOf(bo, text, { room: ana.identity.deviceId as never });
    expect(await outcomesOf(ana, await forged(bo, other))).toMatchObject([
      { reason: 'not-allowed', detail: expect.stringContaining('wrong-room') },
    ]);
    const signed = entryOf(bo, text);
    signed[signed.length - 10] = (signed[signed.length - 10] ?? 0) ^ 1;
    const [outcome] = await outcomesOf(ana, await forged(bo, signed));
    expect(outcome).toMatchObject({ kind: 'refused' });
  });

  test('by sending what another signed is refused', async () => {
    const { log, ana, bo } = await summit('wrong sender');
    const gamma = person('wrong sender', { party: 'Alliance of Gamma', member: 'Zoe' });
    const zoe = await invite(log, ana, gamma);
    await bo.sync(log);
    const copied = entryOf(zoe, text);
    expect(await outcomesOf(ana, await forged(bo, copied))).toMatchObject([
      { kind: 'refused', reason: 'wrong-sender', alarm: true },
    ]);
  });

  test('by bytes that are no entry, or an entry of an unknown kind: refused, and carried', async () => {
    const { ana, bo } = await summit('bytes');
    expect(await outcomesOf(ana, await forged(bo, utf8('not an entry')))).toMatchObject([
      { kind: 'refused', reason: 'malformed' },
    ]);
    const { tree, root } = bo.room.transcript;
    const place: EntryPlace = {
      room: bo.room.room,
      author: bo.identity.deviceId,
      ...ownPlace(bo.room),
      seen: { size: tree.size, root },
      timeMs: START_MS,
    };
    const said = { kind: 'later-kind', body: utf8('from a later version') };
    const { entry } = authorUnknownEntry(bo.ports, place, said, bo.identity.signer.secretKey);
    expect(await outcomesOf(ana, await forged(bo, encodeEntry(entry)))).toMatchObject([
      { kind: 'entry', body: { kind: 'unknown', name: 'later-kind' } },
    ]);
  });

  test('by adding a device that no entry admitted is refused, and the device stays out', async () => {
    const { ana, bo } = await summit('smuggle');
    const guest = person('smuggle', { party: 'Nobody', member: 'Mallory' }).identity;
    const { keyPackage } = await makeKeyPackage(bo.ports, guest.deviceId, guest.mls);
    const envelope = await forgedCommit(bo, { kind: 'add', keyPackages: [keyPackage] });
    expect(await outcomesOf(ana, envelope)).toMatchObject([
      { kind: 'refused', reason: 'not-on-record', alarm: true },
    ]);
    expect(members(ana.room.group)).toHaveLength(2);
  });

  test('by throwing out a device that no entry removed is refused', async () => {
    const { log, ana, bo } = await summit('oust');
    const gamma = person('oust', { party: 'Alliance of Gamma', member: 'Zoe' });
    const zoe = await invite(log, ana, gamma);
    await bo.sync(log);
    const envelope = await forgedCommit(bo, { kind: 'remove', devices: [zoe.identity.deviceId] });
    for (const desk of [ana, zoe])
      expect(await outcomesOf(desk, envelope)).toMatchObject([
        { kind: 'refused', reason: 'not-on-record' },
      ]);
  });

  test('by letting a suspended device back in is refused, until an entry of its party resumes it', async () => {
    const { log, ana, bo } = await summit('unresumed');
    const zoe = await invite(log, ana, colleague('unresumed', ana, 'Zoe'));
    await bo.sync(log);
    await ana.act(log, { kind: 'member-suspended', member: 'Zoe', reason: 'lost' });
    await ana.settle(log);
    await bo.sync(log);
    const { deviceId, mls } = zoe.identity;
    const { keyPackage } = await makeKeyPackage(zoe.ports, deviceId, mls);
    const change: Change = { kind: 'add', keyPackages: [keyPackage] };
    expect(await ana.act(log, { kind: 'commit', change })).toBe('not-on-record');
    expect(await outcomesOf(bo, await forgedCommit(ana, change))).toMatchObject([
      { kind: 'refused', reason: 'not-on-record', alarm: true },
    ]);
    await ana.act(log, { kind: 'member-resumed', member: 'Zoe', reason: 'found' });
    expect(await ana.act(log, { kind: 'commit', change })).toBe('done');
    await bo.sync(log);
    expect(bo.seen('entry').at(-1)).toMatchObject({ body: { kind: 'member-resumed' } });
    for (const desk of [ana, bo]) expect(members(desk.room.group)).toHaveLength(3);
  });

  test('after its removal, by a commit or an entry, is refused: the others go on', async () => {
    const { log, ana, bo } = await summit('ghost commit');
    const zoe = await invite(log, ana, colleague('ghost commit', ana, 'Zoe'));
    const device = zoe.identity.deviceId;
    await ana.act(log, { kind: 'device-removed', device, reason: 'lost' });
    for (const desk of [bo, zoe]) await desk.sync(log);
    const commit = await forgedCommit(zoe, { kind: 'update' });
    const entry = await forged(zoe, entryOf(zoe, text));
    for (const envelope of [commit, entry])
      for (const desk of [ana, bo])
        expect(await outcomesOf(desk, envelope)).toMatchObject([
          { kind: 'refused', reason: 'not-on-record', alarm: true },
        ]);
  });

  test('by a commit without its own checkpoint, or with the word of another, is refused', async () => {
    const { ana, bo } = await summit('no checkpoint');
    const cs = ciphersuite(bo.ports, HOUSE_SUITE);
    const context = { state: bo.room.group.state, cipherSuite: cs, pskIndex: emptyPskIndex };
    const place = { room: bo.room.room, seq: bo.room.seq + 1 };
    const notes = [
      new Uint8Array(0),
      utf8('parley/room/\n'),
      encodeCheckpoint({ checkpoint: checkpointOf(bo.room), cosignatures: [] }),
      noteBy(ana, bo),
      noteBy(bo, bo, ana.identity.deviceId),
      noteBy(bo, bo, bo.identity.deviceId, ana.identity.signer.secretKey),
    ];
    for (const authenticatedData of notes) {
      const { commit } = await createCommit(context, { authenticatedData });
      const message = encodeMlsMessage(commit);
      const envelope = await sealEnvelope(bo.ports, bo.room.group, place, message);
      expect(await outcomesOf(ana, envelope)).toMatchObject([
        { kind: 'refused', reason: 'malformed' },
      ]);
    }
  });

  test('by a commit that leads nobody on stops the room and names its author', async () => {
    const { ana, bo } = await summit('broken commit');
    const cs = ciphersuite(bo.ports, HOUSE_SUITE);
    const honest = ciphersuite(bo.ports, HOUSE_SUITE).hpke;
    // Path secrets sealed as they should be, but of the wrong bytes.
    cs.hpke.seal = async (key, plaintext, info, aad) =>
      honest.seal(
        key,
        plaintext.map((byte) => byte ^ 1),
        info,
        aad,
      );
    const context = { state: bo.room.group.state, cipherSuite: cs, pskIndex: emptyPskIndex };
    const { commit } = await createCommit(context, { authenticatedData: noteBy(bo, bo) });
    const place = { room: bo.room.room, seq: bo.room.seq + 1 };
    const message = encodeMlsMessage(commit);
    const envelope = await sealEnvelope(bo.ports, bo.room.group, place, message);
    expect(await outcomesOf(ana, envelope)).toMatchObject([
      {
        kind: 'frozen',
        frozen: { reason: 'broken-commit', detail: expect.stringContaining('Bo') },
      },
    ]);
  });

  test('by opening what it did not commit to breaks the ceremony: there are no words', async () => {
    const { log, ana, bo } = await summit('false opening');
    await ana.act(log, { kind: 'verify-offer', about: bo.identity.party });
    await bo.settle(log);
    await ana.sync(log);
    const offer = ana.room.ceremonies[0]?.offer;
    assert(offer, 'an offer');
    const opening: Body = { kind: 'verify-open', offer, nonce: new Uint8Array(32).fill(7) };
    const outcomes = await outcomesOf(bo, await forged(ana, entryOf(ana, opening)));
    expect(outcomes).toMatchObject([
      { kind: 'entry' },
      { kind: 'ceremony', ceremony: { phase: 'broken', words: [] } },
    ]);
  });

  test('by answering or opening for another moves nothing', async () => {
    const { log, ana, bo } = await summit('meddling');
    const gamma = person('meddling', { party: 'Alliance of Gamma', member: 'Zoe' });
    const zoe = await invite(log, ana, gamma);
    await bo.sync(log);
    await ana.act(log, { kind: 'verify-offer', about: bo.identity.party });
    for (const desk of [bo, zoe]) await desk.sync(log);
    const offer = ana.room.ceremonies[0]?.offer;
    assert(offer, 'an offer');
    const nonce = new Uint8Array(32).fill(7);
    const answer = entryOf(zoe, { kind: 'verify-answer', offer, nonce });
    expect(await outcomesOf(ana, await forged(zoe, answer))).toMatchObject([{ kind: 'entry' }]);
    // Nor may the other party open for the device that offered.
    await bo.settle(log);
    await ana.sync(log);
    const opening = entryOf(bo, { kind: 'verify-open', offer, nonce });
    expect(await outcomesOf(ana, await forged(bo, opening))).toMatchObject([{ kind: 'entry' }]);
  });

  test('by signing other words than everybody computes freezes the room', async () => {
    const { log, ana, bo } = await summit('signed other words');
    await ana.act(log, { kind: 'verify-offer', about: bo.identity.party });
    await bo.settle(log);
    await ana.settle(log);
    await bo.sync(log);
    const [one] = bo.room.ceremonies;
    assert(one, 'a ceremony');
    const words = one.words.map((index) => index ^ 1);
    const about = ana.identity.party;
    for (const said of [
      { kind: 'verified', about, how: 'voice', words, offer: one.offer },
      { kind: 'verified', about, how: 'writing', words, offer: null },
    ] as const) {
      const outcomes = await outcomesOf(ana, await forged(bo, entryOf(bo, said)));
      expect(outcomes.at(-1)).toMatchObject({ kind: 'frozen', frozen: { reason: 'mismatch' } });
    }
  });

  test('by admitting a device for another party is refused by the record', async () => {
    const { log, ana, bo } = await summit('foreign device');
    // Mallory is certified by Ana's authority name but not by its key.
    const mallory = person('foreign', { party: 'Republic of Alpha', member: 'Mallory' }).identity;
    expect(checkCertificate(bo.ports.crypto, mallory.certificate).ok).toBe(true);
    const act: Act = { kind: 'device-admitted', certificate: mallory.certificate };
    expect(await bo.act(log, act)).toBe('not-allowed');
    const outcomes = await outcomesOf(
      ana,
      await forged(bo, entryOf(bo, { kind: 'device-admitted', certificate: mallory.certificate })),
    );
    expect(outcomes).toMatchObject([
      { reason: 'not-allowed', detail: expect.stringContaining('other-party') },
    ]);
    expect(deviceOf(ana.room.transcript, mallory.deviceId)).toBeUndefined();
  });
});
