// Getting in: an invitation used, used twice, expired, garbled or stolen; a welcome for another; a record that was bent.

import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { assert, toHex } from '@parley/kernel';
import { asRoomId } from '@parley/record';
import { makeCommit } from './commit.ts';
import { makeKeyPackage } from './key-package.ts';
import {
  acceptWelcome,
  assembleIdentity,
  boxKeys,
  certifyDevice,
  createIdentity,
  decodeAct,
  decodeIdentity,
  decodeJoining,
  encodeAct,
  encodeIdentity,
  encodeInvitation,
  encodeJoining,
  generateDeviceKeys,
  joinRoom,
  makeInvitation,
  readInvitation,
  readJoinRequest,
  requestJoin,
  sealWelcome,
  type Act,
  type Invitation,
} from './index.ts';
import {
  crypto,
  found,
  invite,
  Log,
  person,
  seededPorts,
  START_MS,
  summit,
} from '../testing/town.ts';

const RUNS = process.env['SLOW'] === '1' ? 500 : 40;
const DAY = 86_400_000;

function invitationFor(seed: string, change: Partial<Invitation> = {}) {
  const host = person(seed, { party: 'Republic of Alpha', member: 'Ana' });
  const made = makeInvitation(host.ports, {
    relay: 'https://relay.example',
    relayKey: new Uint8Array(32),
    inviter: host.identity.party,
    name: 'talks',
    expiresMs: START_MS + DAY,
  });
  const invitation = { ...made.invitation, ...change };
  return { host, invitation, text: encodeInvitation(crypto, invitation) };
}

describe('an invitation', () => {
  test('reads back, also broken into lines by a mail program', () => {
    const { invitation, text } = invitationFor('lines');
    expect(text.startsWith('parley1')).toBe(true);
    const broken = ` ${text.match(/.{1,40}/g)?.join('\r\n\t')}\n`;
    expect(readInvitation(crypto, broken, START_MS)).toEqual({ ok: true, value: invitation });
  });

  test('is refused with one letter wrong, anywhere', () => {
    const { text } = invitationFor('typo');
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('a', 'Z', '0', '-', '_', 'é', ' '),
        (at, letter) => {
          fc.pre(text[at] !== letter);
          const wrong = text.slice(0, at) + letter + text.slice(at + 1);
          const read = readInvitation(crypto, wrong, START_MS);
          expect(read.ok).toBe(false);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('is refused cut short, of another kind, of a later version, or past its time', () => {
    const { text } = invitationFor('garbled');
    const reason = (written: string, nowMs = START_MS): string => {
      const read = readInvitation(crypto, written, nowMs);
      return read.ok ? 'read' : read.reason;
    };
    expect(reason(text.slice(0, -1))).toBe('damaged');
    expect(reason('')).toBe('not-an-invitation');
    expect(reason('https://example.org')).toBe('not-an-invitation');
    expect(reason(`parley2${text.slice(7)}`)).toBe('unknown-version');
    expect(reason('x'.repeat(3_000))).toBe('not-an-invitation');
    expect(reason(text, START_MS + DAY + 1)).toBe('expired');
    expect(reason(text, START_MS - 365 * DAY)).toBe('read');
  });

  test('gives box keys that only its secret gives', () => {
    const [a, b] = [invitationFor('a').invitation, invitationFor('b').invitation];
    expect(toHex(boxKeys(crypto, a).id)).not.toBe(toHex(boxKeys(crypto, b).id));
    const { capability, id, seal } = boxKeys(crypto, a);
    const all = [id, seal, capability.key].map(toHex);
    expect(new Set(all).size).toBe(3);
    expect(capability.id).toHaveLength(16);
  });
});

describe('a request to join', () => {
  test('shows who asks, and is refused past the time of its invitation', async () => {
    const { host, invitation } = invitationFor('request');
    const guest = person('request', { party: 'Kingdom of Beta', member: 'Bo' });
    const { request } = await requestJoin(guest.ports, guest.identity, invitation);
    const read = await readJoinRequest(host.ports, invitation, request);
    expect(read).toMatchObject({
      ok: true,
      value: { party: 'Kingdom of Beta', member: 'Bo', fingerprint: guest.identity.party },
    });
    const late = { ...host.ports, clock: { nowMs: () => START_MS + 2 * DAY } };
    expect(await readJoinRequest(late, invitation, request)).toMatchObject({ reason: 'expired' });
  });

  test('is refused changed anywhere, and in another box', async () => {
    const { host, invitation } = invitationFor('changed request');
    const guest = person('changed', { party: 'Kingdom of Beta', member: 'Bo' });
    const { request } = await requestJoin(guest.ports, guest.identity, invitation);
    await fc.assert(
      fc.asyncProperty(fc.nat(request.length - 1), async (at) => {
        const flipped = request.slice();
        flipped[at] = (flipped[at] ?? 0) ^ 0x40;
        const read = await readJoinRequest(host.ports, invitation, flipped);
        expect(read).toMatchObject({ ok: false, reason: 'unreadable' });
        const cut = await readJoinRequest(host.ports, invitation, request.subarray(0, at));
        expect(cut).toMatchObject({ ok: false, reason: 'unreadable' });
      }),
      { numRuns: RUNS },
    );
    const other = invitationFor('another box');
    expect(await readJoinRequest(other.host.ports, other.invitation, request)).toMatchObject({
      reason: 'unreadable',
    });
  });

  test('is refused where the certificate, the key package or the signature is of another', async () => {
    const { host, invitation } = invitationFor('mixed request');
    const bo = person('mixed', { party: 'Kingdom of Beta', member: 'Bo' });
    const eve = person('mixed', { party: 'Kingdom of Beta', member: 'Eve' });
    const reasonFor = async (identity: typeof bo.identity): Promise<string> => {
      const { request } = await requestJoin(bo.ports, identity, invitation);
      const read = await readJoinRequest(host.ports, invitation, request);
      return read.ok ? 'read' : read.reason;
    };
    expect(await reasonFor(bo.identity)).toBe('read');
    expect(await reasonFor({ ...bo.identity, certificate: eve.identity.certificate })).toBe(
      'wrong-key-package',
    );
    expect(await reasonFor({ ...bo.identity, mls: eve.identity.mls })).toBe('wrong-key-package');
    expect(await reasonFor({ ...bo.identity, signer: eve.identity.signer })).toBe(
      'wrong-signature',
    );
    const { body, signature } = bo.identity.certificate;
    const bent = { body, signature: signature.map((byte) => byte ^ 1) };
    expect(await reasonFor({ ...bo.identity, certificate: bent })).toBe('wrong-certificate');
  });

  test('of a second guest with the same invitation finds the box used: the log has one first place', async () => {
    const { invitation } = invitationFor('used twice');
    const box = new Log();
    const outcomes = [];
    for (const member of ['Bo', 'Eve']) {
      const guest = person('used twice', { party: 'Kingdom of Beta', member });
      const { request } = await requestJoin(guest.ports, guest.identity, invitation);
      outcomes.push(box.append(1, request));
    }
    expect(outcomes).toEqual(['stored', 'conflict']);
  });
});

/** Everything up to the welcome, with its parts in the hand. */
async function admission(seed: string) {
  const log = new Log();
  const ana = await found(log, person(seed, { party: 'Republic of Alpha', member: 'Ana' }));
  const guest = person(seed, { party: 'Kingdom of Beta', member: 'Bo' });
  const { invitation } = makeInvitation(ana.ports, {
    relay: 'https://relay.example',
    relayKey: new Uint8Array(32),
    inviter: ana.identity.party,
    name: 'talks',
    expiresMs: START_MS + DAY,
  });
  const { joining, request } = await requestJoin(guest.ports, guest.identity, invitation);
  const read = await readJoinRequest(ana.ports, invitation, request);
  assert(read.ok, 'it reads');
  const { certificate, keyPackage } = read.value;
  await ana.act(log, { kind: 'admit', certificate, keyPackage });
  await ana.settle(log);
  const admitted = ana.seen('admitted').at(-1);
  assert(admitted, 'admitted');
  const content = {
    welcome: admitted.welcome,
    capability: { id: new Uint8Array(16), key: new Uint8Array(32) },
    history: new Uint8Array(3),
  };
  const sealed = sealWelcome(ana.ports, invitation, read.value, content);
  assert(sealed.ok, 'sealed');
  return { log, ana, guest, invitation, joining, read: read.value, content, sealed: sealed.value };
}

describe('a welcome', () => {
  test('opens for the device that asked and for nobody else, unchanged and in its own box', async () => {
    const { guest, joining, sealed } = await admission('welcome');
    expect(acceptWelcome(guest.ports, guest.identity, joining, sealed)).toMatchObject({
      ok: true,
      value: { ticket: { size: 2 }, history: new Uint8Array(3) },
    });
    const eve = person('welcome', { party: 'Kingdom of Beta', member: 'Eve' });
    expect(acceptWelcome(eve.ports, eve.identity, joining, sealed)).toMatchObject({
      reason: 'unreadable',
    });
    const elsewhere = { ...joining, box: new Uint8Array(32) };
    expect(acceptWelcome(guest.ports, guest.identity, elsewhere, sealed).ok).toBe(false);
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (at) => {
        const flipped = sealed.slice();
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        expect(acceptWelcome(guest.ports, guest.identity, joining, flipped).ok).toBe(false);
        expect(acceptWelcome(guest.ports, guest.identity, joining, sealed.subarray(0, at)).ok).toBe(
          false,
        );
      }),
      { numRuns: RUNS },
    );
  });

  test('of something that is no welcome is not sealed', async () => {
    const { ana, invitation, read, content } = await admission('no welcome');
    const bent = { ...content, welcome: content.welcome.subarray(1) };
    expect(sealWelcome(ana.ports, invitation, read, bent)).toMatchObject({ reason: 'malformed' });
  });
});

describe('joining', () => {
  test('replays the record and refuses one that was bent, cut, or stretched', async () => {
    const { ana, guest, joining, sealed } = await admission('bent record');
    const welcome = acceptWelcome(guest.ports, guest.identity, joining, sealed);
    assert(welcome.ok, 'opens');
    const reasonFor = async (entries: readonly Uint8Array[]) => {
      const joined = await joinRoom(guest.ports, guest.identity, joining, welcome.value, entries);
      return joined.ok
        ? 'joined'
        : `${joined.reason}${joined.at === undefined ? '' : ` at ${joined.at}`}`;
    };
    const [founded, admitted] = ana.entries;
    assert(founded && admitted, 'two entries');
    expect(await reasonFor([founded, admitted])).toBe('joined');
    expect(await reasonFor([founded])).toBe('wrong-record at 1');
    expect(await reasonFor([])).toBe('wrong-record at 0');
    expect(await reasonFor([admitted, founded])).toBe('bad-entry at 0');
    expect(await reasonFor([founded, founded])).toBe('bad-entry at 1');
    const flipped = admitted.slice();
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
    expect(await reasonFor([founded, flipped])).toBe('bad-entry at 1');
  });

  test('by the invitation of one party into the room of another is refused', async () => {
    const { ana, guest, joining, sealed } = await admission('wrong inviter');
    const welcome = acceptWelcome(guest.ports, guest.identity, joining, sealed);
    assert(welcome.ok, 'opens');
    const mallory = person('wrong inviter', { party: 'Republic of Alpha', member: 'Mallory' });
    const misled = { ...joining, inviter: mallory.identity.party };
    expect(
      await joinRoom(guest.ports, guest.identity, misled, welcome.value, ana.entries),
    ).toMatchObject({ ok: false, reason: 'wrong-inviter' });
    // Its own party's brings it back into a room that it knows, and into no other.
    const own = { ...joining, inviter: guest.identity.party };
    expect(
      await joinRoom(guest.ports, guest.identity, own, welcome.value, ana.entries),
    ).toMatchObject({ ok: false, reason: 'wrong-inviter' });
    const back = { ...own, comesBack: true };
    expect(
      await joinRoom(guest.ports, guest.identity, back, welcome.value, ana.entries),
    ).toMatchObject({ ok: true });
  });

  test('a room whose group holds somebody that the record does not is refused', async () => {
    const { log, ana, guest, invitation } = await admission('strange member');
    // Ana smuggles a device into the group by a commit that only a careless member would take.
    const stranger = person('strange member', { party: 'Nobody', member: 'Mallory' });
    const packages = [stranger, guest].map(async ({ identity, ports }) =>
      makeKeyPackage(ports, identity.deviceId, identity.mls),
    );
    const [smuggled, own] = await Promise.all(packages);
    assert(smuggled && own, 'two key packages');
    const removed = { kind: 'remove', devices: [guest.identity.deviceId] } as const;
    const out = await makeCommit(ana.ports, ana.room.group, removed, new Uint8Array(0));
    assert(out.ok, 'the guest is taken out');
    const keyPackages = [smuggled.keyPackage, own.keyPackage];
    const add = { kind: 'add', keyPackages } as const;
    const made = await makeCommit(ana.ports, out.value.next, add, new Uint8Array(0));
    assert(made.ok && made.value.welcome !== null, 'and comes back with a stranger');
    const { size } = ana.room.transcript.tree;
    const welcome = {
      ticket: {
        room: ana.room.room,
        seq: log.envelopes.length,
        head: ana.room.head,
        size,
        root: ana.room.transcript.root,
        mls: made.value.welcome,
      },
      capability: { id: new Uint8Array(16), key: new Uint8Array(32) },
      history: new Uint8Array(0),
    };
    const { box, inviter } = invitation;
    const joining = { box, inviter, keyPackage: own.keyPackage, secret: own.secret };
    expect(
      await joinRoom(guest.ports, guest.identity, joining, welcome, ana.entries),
    ).toMatchObject({ ok: false, reason: 'strange-member' });
    const elsewhere = { ...welcome, ticket: { ...welcome.ticket, room: asRoomId(box) } };
    expect(
      await joinRoom(guest.ports, guest.identity, joining, elsewhere, ana.entries),
    ).toMatchObject({ ok: false, reason: 'wrong-welcome' });
  });

  test('with keys that are not those of the key package is refused', async () => {
    const { ana, guest, invitation, joining, sealed } = await admission('wrong keys');
    const welcome = acceptWelcome(guest.ports, guest.identity, joining, sealed);
    assert(welcome.ok, 'opens');
    const again = await requestJoin(guest.ports, guest.identity, invitation);
    expect(
      await joinRoom(guest.ports, guest.identity, again.joining, welcome.value, ana.entries),
    ).toMatchObject({ ok: false, reason: 'wrong-welcome' });
  });

  test('a guest that joined talks at once, also after months of talk before it', async () => {
    const { log, ana, bo } = await summit('late guest');
    for (let i = 0; i < 10; i++) await ana.act(log, { kind: 'text', text: `day ${i}` });
    await bo.act(log, { kind: 'commit', change: { kind: 'update' } });
    await ana.sync(log);
    const gamma = person('late guest', { party: 'Alliance of Gamma', member: 'Zoe' });
    const zoe = await invite(log, ana, gamma);
    expect(await zoe.act(log, { kind: 'text', text: 'I have read it all.' })).toBe('done');
    await bo.sync(log);
    expect(toHex(bo.room.transcript.root)).toBe(toHex(zoe.room.transcript.root));
    expect(toHex(bo.room.head)).toBe(toHex(zoe.room.head));
  });
});

describe('a second device of a party', () => {
  test('is certified by its authority, let in by its own party, and shown as such', async () => {
    const { log, ana, bo } = await summit('second device');
    const ports = seededPorts('second device/phone');
    const keys = generateDeviceKeys(ports);
    const { authority } = bo.identity;
    assert(authority, 'Bo holds the authority');
    const names = { party: 'Kingdom of Beta', member: 'Bo', label: 'phone' };
    const publics = {
      signer: keys.signer.publicKey,
      mls: keys.mls.publicKey,
      seal: keys.seal.publicKey,
    };
    const certificate = certifyDevice(ports, authority, {
      ...names,
      role: 'officer',
      keys: publics,
    });
    const phone = assembleIdentity(ports, keys, certificate);
    assert(phone.ok, 'assembled');
    const desk = await invite(log, bo, { ports, identity: phone.value });
    await ana.sync(log);
    expect(ana.seen('entry').at(-1)).toMatchObject({
      body: { kind: 'device-admitted' },
      author: { id: bo.identity.deviceId },
    });
    expect(await desk.act(log, { kind: 'text', text: 'from the phone' })).toBe('done');
    await ana.sync(log);
    expect(ana.room.transcript.parties.size).toBe(2);
  });

  test('of the counterpart cannot be let in by this party', async () => {
    const { log, ana, bo } = await summit('foreign second device');
    const { authority } = bo.identity;
    assert(authority, 'Bo holds the authority');
    const ports = seededPorts('foreign phone');
    const keys = generateDeviceKeys(ports);
    const publics = {
      signer: keys.signer.publicKey,
      mls: keys.mls.publicKey,
      seal: keys.seal.publicKey,
    };
    const names = { party: 'Kingdom of Beta', member: 'Bo', label: 'phone' };
    const certificate = certifyDevice(ports, authority, {
      ...names,
      role: 'officer',
      keys: publics,
    });
    expect(await ana.act(log, { kind: 'party-admitted', certificate })).toBe('not-allowed');
    expect(await ana.act(log, { kind: 'device-admitted', certificate })).toBe('not-allowed');
  });
});

describe('what is stored', () => {
  test('an identity reads back, and is refused with foreign keys or cut short', () => {
    const ports = seededPorts('identity');
    const identity = createIdentity(ports, { party: 'Alpha', member: 'Ana', label: 'laptop' });
    const stored = encodeIdentity(identity);
    const read = decodeIdentity(ports, stored);
    expect(read).toEqual({ ok: true, value: identity });
    expect(decodeIdentity(ports, stored.subarray(1))).toMatchObject({
      reason: 'malformed-identity',
    });
    const other = createIdentity(ports, { party: 'Alpha', member: 'Ana', label: 'laptop' });
    const mixed = { ...identity, signer: other.signer };
    expect(decodeIdentity(ports, encodeIdentity(mixed))).toMatchObject({
      reason: 'wrong-certificate',
    });
  });

  test('a pending request reads back', async () => {
    const { invitation } = invitationFor('joining');
    const guest = person('joining', { party: 'Beta', member: 'Bo' });
    const { joining } = await requestJoin(guest.ports, guest.identity, invitation);
    expect(decodeJoining(encodeJoining(joining))).toEqual({ ok: true, value: joining });
    expect(decodeJoining(encodeJoining(joining).subarray(1)).ok).toBe(false);
  });

  test('every act reads back, and noise is refused', () => {
    const { identity } = person('acts', { party: 'Beta', member: 'Bo' });
    const { certificate, deviceId, party } = identity;
    const offer = new Uint8Array(32) as Extract<Act, { kind: 'verify-answer' }>['offer'];
    const acts: Act[] = [
      { kind: 'text', text: 'hello' },
      { kind: 'device-removed', device: deviceId, reason: 'lost' },
      { kind: 'verify-offer', about: party },
      { kind: 'verify-answer', offer },
      { kind: 'verify-open', offer },
      { kind: 'admit', certificate, keyPackage: new Uint8Array(9) },
      { kind: 'commit', change: { kind: 'update' } },
      { kind: 'commit', change: { kind: 'remove', devices: [deviceId] } },
      { kind: 'commit', change: { kind: 'add', keyPackages: [new Uint8Array(9)] } },
    ];
    for (const act of acts) expect(decodeAct(encodeAct(act))).toEqual({ ok: true, value: act });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(decodeAct(noise)).toMatchObject({ ok: false, reason: 'malformed-act' });
      }),
      { numRuns: RUNS },
    );
  });
});
