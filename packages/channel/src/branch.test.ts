import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { assert, toHex } from '@parley/kernel';
import { isOpen, present, wipeBranch } from './branch.ts';
import type { Seat } from './branch-seats.ts';
import { reviewBranch } from './branch-take.ts';
import {
  BRANCH_ENVELOPE_MAX_BYTES,
  branchDoorOf,
  openBranch,
  sealBranch,
  verifiesBranch,
  type BranchDoor,
} from './branch-wire.ts';
import { settle, Talker } from '../testing/talk.ts';
import { crypto, found, invite, Log, person, type Desk } from '../testing/town.ts';

// Ana of Alpha, Bo of Beta and Cy of Gamma share a plenary; who of them talks off the record differs.

const runs = { numRuns: process.env['SLOW'] === undefined ? 60 : 3000 };
let ana: Desk;
let bo: Desk;
let cy: Desk;
let door: BranchDoor;

beforeAll(async () => {
  const log = new Log();
  ana = await found(log, person('branch', { party: 'Alpha', member: 'Ana' }));
  bo = await invite(log, ana, person('branch', { party: 'Beta', member: 'Bo' }));
  cy = await invite(log, ana, person('branch', { party: 'Gamma', member: 'Cy' }));
  await bo.sync(log);
  await ana.sync(log);
  door = await branchDoorOf(ana.ports, ana.room);
});

const sit = (desk: Desk): Talker => new Talker(desk, door);

function together(...desks: Desk[]): { log: Log; talkers: Talker[] } {
  const log = new Log();
  const talkers = desks.map(sit);
  settle(log, ...talkers);
  return { log, talkers };
}

function two(): { log: Log; a: Talker; b: Talker } {
  const { log, talkers } = together(ana, bo);
  const [a, b] = talkers;
  assert(a !== undefined && b !== undefined, 'two sit there');
  return { log, a, b };
}

describe('a talk off the record', () => {
  test('every device of the room finds the same door, and nobody in another epoch does', async () => {
    expect(toHex((await branchDoorOf(bo.ports, bo.room)).id)).toBe(toHex(door.id));
    const log = new Log();
    const alone = await found(log, person('elsewhere', { party: 'Alpha', member: 'Ana' }));
    const before = await branchDoorOf(alone.ports, alone.room);
    await alone.act(log, { kind: 'commit', change: { kind: 'update' } });
    const after = await branchDoorOf(alone.ports, alone.room);
    expect(toHex(after.id)).not.toBe(toHex(before.id));
  });

  test('two prove whose seats they have, share a key, and hear each other', () => {
    const { log, a, b } = two();
    expect([isOpen(a.branch), isOpen(b.branch)]).toEqual([true, true]);
    a.say(log, 'What if we both move?');
    b.say(log, 'Then we both move.');
    a.read(log);
    expect(a.heard()).toEqual(['What if we both move?', 'Then we both move.']);
    expect(b.heard()).toEqual(a.heard());
    expect(a.seen('line').map(({ mine }) => mine)).toEqual([true, false]);
    expect(a.refusals()).toEqual([]);
    // The relay: steps and short lines of one size.
    expect(new Set(log.envelopes.map(({ length }) => length)).size).toBe(1);
  });

  test('whoever leaves publishes the signing key, and the last one learns that nobody is left', () => {
    const { log, a, b } = two();
    a.leave(log);
    b.read(log);
    expect(b.seen('left')).toMatchObject([{ published: true, seat: { gone: 'left' } }]);
    expect(b.seen('over')).toHaveLength(1);
    expect(isOpen(b.branch)).toBe(false);
    b.leave(log);
    expect(b.seen('ended')).toHaveLength(1);
    a.read(log);
    expect(a.seen('left')).toMatchObject([{ published: true }]);
  });

  test('after the close a forged line verifies just as the original', () => {
    const { log, a, b } = two();
    const place = { log: door.id, seq: log.envelopes.length + 1 };
    const after = a.branch.head;
    a.say(log, 'We would accept two ports.');
    const original = log.envelopes[place.seq - 1];
    b.read(log);
    const talk = b.branch.key?.bytes;
    assert(original !== undefined && talk !== undefined, 'a line and the key it is under');
    const keys = { door: door.key, talk };
    const seat = a.branch.own.seat;
    const signer = b.branch.seats.get(seat ?? 0)?.signer;
    assert(seat !== null && signer !== undefined, 'the seat that said it');

    a.leave(log);
    b.read(log);
    // Bo takes what Ana published and writes in her name what she never said.
    const left = openBranch(
      crypto,
      keys,
      { log: door.id, seq: log.envelopes.length },
      log.envelopes.at(-1) as Uint8Array,
    );
    assert(left.ok && left.value.body.kind === 'leave', 'the key is in the log');
    const forged = sealBranch(
      crypto,
      { key: talk, signer: left.value.body.secretKey, nonce: bo.ports.randomness.bytes(12) },
      place,
      { seat, after, body: { kind: 'line', text: 'We would accept none.' } },
    );
    for (const [envelope, text] of [
      [original, 'We would accept two ports.'],
      [forged, 'We would accept none.'],
    ] as const) {
      const opened = openBranch(crypto, keys, place, envelope);
      assert(opened.ok, 'it opens');
      expect(opened.value.body).toEqual({ kind: 'line', text });
      expect(verifiesBranch(crypto, signer, place, opened.value)).toBe(true);
    }
    expect(forged).toHaveLength(original.length);
  });

  test('no signature of a long-lived key is in it', () => {
    const { log, a, b } = two();
    a.say(log, 'Nothing of this is signed by me.');
    b.leave(log);
    a.leave(log);
    const mlDsa = 3_309;
    for (const [index, envelope] of log.envelopes.entries()) {
      const keys = { door: door.key, talk: a.branch.key?.bytes ?? null };
      const opened = openBranch(crypto, keys, { log: door.id, seq: index + 1 }, envelope);
      if (!opened.ok) continue;
      const longest = Math.max(0, ...lengthsIn(opened.value));
      expect(longest).toBeLessThan(mlDsa);
      for (const { identity } of [ana, bo])
        expect(toHex(envelope)).not.toContain(toHex(identity.signer.publicKey.slice(0, 32)));
    }
  });

  test('a third comes in under a new key and reads nothing from before; who left reads nothing after', () => {
    const { log, a, b } = two();
    a.say(log, 'before Cy');
    const c = sit(cy);
    settle(log, c, a, b);
    b.read(log);
    b.say(log, 'with Cy');
    a.leave(log);
    const [keyOfAna] = [a.branch.key?.bytes];
    settle(log, b, c);
    c.say(log, 'without Ana');
    b.read(log);
    expect(b.heard()).toEqual(['before Cy', 'with Cy', 'without Ana']);
    expect(c.heard()).toEqual(['with Cy', 'without Ana']);
    const last = { log: door.id, seq: log.envelopes.length };
    const opened = openBranch(
      crypto,
      { door: door.key, talk: keyOfAna ?? null },
      last,
      log.envelopes.at(-1) as Uint8Array,
    );
    expect(opened).toMatchObject({ ok: false, reason: 'unreadable' });
    expect(present(b.branch).map(({ device }) => toHex(device))).toEqual([
      toHex(cy.identity.deviceId),
    ]);
  });

  test('a process that died is replaced by the next one of its device', () => {
    const { log, a, b } = two();
    b.say(log, 'said before the crash');
    const again = sit(bo);
    settle(log, again, a);
    expect(isOpen(a.branch)).toBe(true);
    a.say(log, 'are you there?');
    again.read(log);
    expect(again.heard()).toEqual(['are you there?']);
    expect(present(a.branch)).toHaveLength(1);
  });

  test('who was removed from the room is let go, and the others go on under a new key', () => {
    const { log, talkers } = together(ana, bo, cy);
    const [a, b, c] = talkers as [Talker, Talker, Talker];
    const id = toHex(cy.identity.deviceId);
    const devices = new Map(a.transcript.devices);
    const device = devices.get(id);
    assert(device !== undefined, 'Cy is on the record');
    const removed = { at: 40, by: ana.identity.deviceId, reason: 'left the delegation' };
    devices.set(id, { ...device, removed });
    for (const one of [a, b]) {
      one.transcript = { ...one.transcript, devices };
      const step = reviewBranch(one.transcript, one.branch);
      one.branch = step.branch;
      expect(step.outcomes).toMatchObject([{ kind: 'left', published: false }]);
      expect(isOpen(one.branch)).toBe(false);
    }
    settle(log, a, b);
    a.say(log, 'the two of us');
    b.read(log);
    c.read(log);
    expect(b.heard()).toEqual(['the two of us']);
    expect(c.heard()).toEqual([]);
  });

  test('what is wiped is gone', () => {
    const { a } = two();
    wipeBranch(a.branch);
    const { own, key } = a.branch;
    for (const secret of [own.signer.secretKey, own.seal.secretKey, own.greeting, key?.bytes])
      expect(secret?.every((byte) => byte === 0)).toBe(true);
  });
});

function lengthsIn(value: unknown): number[] {
  if (value instanceof Uint8Array) return [value.length];
  if (Array.isArray(value)) return value.flatMap(lengthsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(lengthsIn) : [];
}

describe('a hostile one', () => {
  test('cannot sit in the place of another device: nobody hears it, and nobody speaks while it could listen', () => {
    const log = new Log();
    const a = sit(ana);
    // Cy knows the door and says to be Bo, with throw-away keys of his own.
    const impostor = new Talker(
      {
        ports: cy.ports,
        identity: { ...cy.identity, deviceId: bo.identity.deviceId },
        room: cy.room,
      },
      door,
    );
    settle(log, a, impostor);
    expect(present(a.branch)).toEqual([]);
    expect(isOpen(a.branch)).toBe(false);
    expect(a.seen('proven')).toEqual([]);
    expect(a.seen('came')).toHaveLength(1);
    const b = sit(bo);
    settle(log, b, a, impostor);
    expect(present(a.branch).map(({ seat }) => seat)).toEqual([b.branch.own.seat]);
    a.say(log, 'to Bo alone');
    impostor.read(log);
    expect(impostor.heard()).toEqual([]);
    // Bo has not proven himself to the impostor's claim either: an answer made up is named.
    impostor.put(log, {
      kind: 'meet',
      greets: [],
      answers: [{ seat: a.branch.own.seat ?? 0, mac: new Uint8Array(32) }],
    });
    a.read(log);
    expect(a.refusals()).toEqual(['false-answer']);
  });

  test('cannot sign with the key of another seat before it is published', () => {
    const { log, a, b } = two();
    const seq = log.envelopes.length + 1;
    const [seat, talk] = [a.branch.own.seat, b.branch.key?.bytes];
    assert(seat !== null && talk !== undefined, 'a seat and a key');
    const envelope = sealBranch(
      crypto,
      { key: talk, signer: b.branch.own.signer.secretKey, nonce: bo.ports.randomness.bytes(12) },
      { log: door.id, seq },
      { seat, after: b.branch.head, body: { kind: 'line', text: 'in Ana’s name' } },
    );
    log.append(seq, envelope);
    b.read(log);
    a.read(log);
    expect([a.heard(), a.refusals()]).toEqual([[], ['wrong-signature']]);
  });

  test('cannot write in the name of who left, though it has the key by then', () => {
    const { log, talkers } = together(ana, bo, cy);
    const [a, b, c] = talkers as [Talker, Talker, Talker];
    b.leave(log);
    settle(log, a, c);
    const published = b.branch.own;
    const talk = c.branch.key?.bytes;
    assert(published.seat !== null && talk !== undefined, 'a seat and a key');
    const seq = log.envelopes.length + 1;
    const said = {
      seat: published.seat,
      after: c.branch.head,
      body: { kind: 'line', text: 'more' },
    } as const;
    const secrets = {
      key: talk,
      signer: published.signer.secretKey,
      nonce: cy.ports.randomness.bytes(12),
    };
    log.append(seq, sealBranch(crypto, secrets, { log: door.id, seq }, said));
    a.read(log);
    expect([a.heard(), a.refusals()]).toEqual([[], ['gone']]);
  });

  test('publishes another key than it signed with: it is named, and gone all the same', () => {
    const { log, a, b } = two();
    b.put(log, { kind: 'leave', secretKey: bo.ports.randomness.bytes(32) });
    a.read(log);
    expect(a.seen('left')).toMatchObject([{ published: false, seat: { gone: 'false-key' } }]);
    expect(a.seen('over')).toHaveLength(1);
  });

  test('cannot replay: an envelope is good for its place alone', () => {
    const { log, a, b } = two();
    a.say(log, 'once');
    const line = log.envelopes.at(-1) as Uint8Array;
    for (const old of [line, log.envelopes[0] as Uint8Array])
      log.append(log.envelopes.length + 1, old);
    b.read(log);
    expect(b.heard()).toEqual(['once']);
    expect(b.refusals()).toEqual(['unreadable', 'unreadable']);
  });

  test('relay that tells two talks is found at the first word that crosses', () => {
    const { log, a, b } = two();
    const other = new Log();
    other.envelopes.push(...log.envelopes);
    a.say(log, 'for Bo');
    // Bo is shown a log without it, and speaks; then the relay shows Ana what Bo said, in its place.
    b.say(other, 'what do you say?');
    const crossing = b.sealed({ kind: 'line', text: 'well?' });
    a.take(log.envelopes.length + 1, crossing);
    expect(a.seen('forked')).toMatchObject([{ seat: { proven: true } }]);
    expect(a.heard()).toEqual(['for Bo']);
  });

  test('a line under the door’s key, or a step under the talk’s, is none', () => {
    const { log, a, b } = two();
    const { own, key, head } = b.branch;
    assert(own.seat !== null && key !== null, 'Bo sits there');
    const wrong = [
      { key: door.key, body: { kind: 'line', text: 'for the whole room' } },
      { key: key.bytes, body: { kind: 'leave', secretKey: own.signer.secretKey } },
    ] as const;
    for (const { key: under, body } of wrong) {
      const seq = log.envelopes.length + 1;
      const secrets = {
        key: under,
        signer: own.signer.secretKey,
        nonce: bo.ports.randomness.bytes(12),
      };
      log.append(
        seq,
        sealBranch(crypto, secrets, { log: door.id, seq }, { seat: own.seat, after: head, body }),
      );
    }
    a.read(log);
    expect(a.refusals()).toEqual(['malformed', 'malformed']);
  });

  test('bytes of any kind are refused by name, and change nothing', () => {
    const { log, a } = two();
    const line = a.sealed({ kind: 'line', text: 'whole' });
    const seq = log.envelopes.length + 1;
    const keys = { door: door.key, talk: a.branch.key?.bytes ?? null };
    const garbage = fc.uint8Array({ maxLength: 6_000 });
    const flipped = fc.nat(line.length * 8 - 1).map((bit) => {
      const copy = line.slice();
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(garbage, flipped), (bytes) => {
        const opened = openBranch(crypto, keys, { log: door.id, seq }, bytes);
        expect(opened.ok).toBe(false);
        const before = a.branch;
        const outcomes = a.take(seq, bytes);
        expect(outcomes).toMatchObject([{ kind: 'refused' }]);
        expect(a.branch.seats).toBe(before.seats);
        a.branch = before;
      }),
      runs,
    );
    const huge = new Uint8Array(BRANCH_ENVELOPE_MAX_BYTES + 1);
    expect(openBranch(crypto, keys, { log: door.id, seq }, huge)).toMatchObject({
      reason: 'wrong-size',
    });
  });

  test('what was sealed opens to what was said, and to nothing under another place or key', () => {
    const key = bo.ports.randomness.bytes(32);
    const { secretKey, publicKey } = crypto.generateSigner('ed25519');
    const texts = fc
      .string({ unit: 'grapheme', maxLength: 900 })
      .filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(texts, fc.nat(1e6), fc.nat(1e6), (text, seat, seq) => {
        const place = { log: door.id, seq };
        const said = { seat, after: door.id, body: { kind: 'line', text } } as const;
        const secrets = { key, signer: secretKey, nonce: bo.ports.randomness.bytes(12) };
        const envelope = sealBranch(crypto, secrets, place, said);
        const opened = openBranch(crypto, { door: door.key, talk: key }, place, envelope);
        assert(opened.ok, 'it opens');
        expect(opened.value).toMatchObject(said);
        expect(verifiesBranch(crypto, publicKey, place, opened.value)).toBe(true);
        const elsewhere = { log: door.id, seq: seq + 1 };
        expect(openBranch(crypto, { door: door.key, talk: key }, elsewhere, envelope).ok).toBe(
          false,
        );
        expect(verifiesBranch(crypto, publicKey, elsewhere, opened.value)).toBe(false);
        expect(openBranch(crypto, { door: door.key, talk: null }, place, envelope).ok).toBe(false);
      }),
      runs,
    );
  });

  test('fills no more than the seats there are', () => {
    const { log, a } = two();
    const { device, seal, logged } = a.branch.seats.get(a.branch.own.seat ?? 0) as Seat;
    for (let n = 0; n < 31; n++) {
      const { publicKey: signer, secretKey } = crypto.generateSigner('ed25519');
      const seq = log.envelopes.length + 1;
      const secrets = { key: door.key, signer: secretKey, nonce: cy.ports.randomness.bytes(12) };
      const body = { kind: 'hello', device, signer, seal, logged } as const;
      const said = { seat: seq, after: a.branch.head, body };
      log.append(seq, sealBranch(crypto, secrets, { log: door.id, seq }, said));
      a.read(log);
    }
    a.read(log);
    expect(a.branch.seats.size).toBe(32);
    expect(a.refusals()).toContain('full');
  });
});
