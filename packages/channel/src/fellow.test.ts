// A device and an officer of its party in one box: what is sealed there opens for the one it is for, and for nothing else.

import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { assert, type Verdict } from '@parley/kernel';
import { asRoomId, asRootHash, checkCertificate, issueCertificate } from '@parley/record';
import { crypto, person, seededPorts, START_MS } from '../testing/town.ts';
import {
  assembleIdentity,
  channelInvitationText,
  fellowCertificate,
  fellowInvitationText,
  generateDeviceKeys,
  makeInvitation,
  openFellowAnswer,
  openFellowTerms,
  readFellowRequest,
  readInvitation,
  requestFellowship,
  sealFellowAnswer,
  sealFellowTerms,
  type DeviceKeys,
  type FellowRequest,
  type FellowTerms,
  type Invitation,
} from './index.ts';

const ana = person('fellow', { party: 'Republic of Alpha', member: 'Ana' });
const { authority } = ana.identity;
const guest = seededPorts('fellow/cy');
const other = seededPorts('fellow/other');
const keys: DeviceKeys = generateDeviceKeys(guest);
const { invitation, text } = makeInvitation(ana.ports, {
  relay: 'https://relay.example',
  relayKey: new Uint8Array(32),
  inviter: ana.identity.party,
  name: 'Republic of Alpha',
  expiresMs: START_MS + 86_400_000,
});
const terms: FellowTerms = {
  party: 'Republic of Alpha',
  authority: ana.identity.certified.authority,
  member: 'Cy',
  role: 'member',
  rooms: 2,
};
let body: Uint8Array;
let request: Uint8Array;
let read: FellowRequest;

beforeAll(async () => {
  body = fellowCertificate(guest, terms, keys, 'laptop');
  ({ request } = await requestFellowship(guest, invitation, { keys, body }, terms.rooms));
  const opened = await readFellowRequest(ana.ports, invitation, terms, request);
  assert(opened.ok, 'an honest request reads');
  read = opened.value;
});

function answer(over: { box?: Invitation } = {}): Uint8Array {
  assert(authority !== null, 'Ana holds the authority');
  const signed = issueCertificate(crypto, authority.secretKey, read.certificate);
  const ticket = {
    room: asRoomId(new Uint8Array(32)),
    seq: 3,
    head: new Uint8Array(32),
    size: 2,
    root: asRootHash(new Uint8Array(32)),
    mls: new Uint8Array(8),
  };
  const capability = { id: new Uint8Array(16), key: new Uint8Array(32) };
  const sealed = sealFellowAnswer(ana.ports, over.box ?? invitation, read, {
    signature: signed.signature,
    keyPackage: 1,
    name: 'talks',
    relay: 'https://relay.example',
    relayKey: new Uint8Array(32),
    welcome: { ticket, capability, history: new Uint8Array(4) },
  });
  assert(sealed.ok, 'sealed');
  return sealed.value;
}

const reasonOf = (verdict: Verdict<unknown, string>): string =>
  verdict.ok ? 'accepted' : verdict.reason;

describe('an invitation into a party', () => {
  test('is no invitation into a channel, and the other way round', () => {
    const fellow = fellowInvitationText(text);
    expect(fellow).toMatch(/^parleyfellow1/);
    expect(channelInvitationText(fellow)).toBe(text);
    expect(channelInvitationText(text)).toBeUndefined();
    expect(reasonOf(readInvitation(crypto, fellow, START_MS))).toBe('unknown-version');
  });

  test('says whom it is for, by the authority that it names and no other', () => {
    const envelope = sealFellowTerms(ana.ports, invitation, terms);
    expect(openFellowTerms(crypto, invitation, envelope)).toEqual({ ok: true, value: terms });
    const stranger = person('fellow', { party: 'Republic of Alpha', member: 'Mal' });
    const forgedTerms = { ...terms, authority: stranger.identity.certified.authority };
    const forged = sealFellowTerms(ana.ports, invitation, forgedTerms);
    expect(reasonOf(openFellowTerms(crypto, invitation, forged))).toBe('wrong-authority');
    const elsewhere = { ...invitation, box: new Uint8Array(32) };
    expect(reasonOf(openFellowTerms(crypto, elsewhere, envelope))).toBe('unreadable');
  });
});

describe('a request', () => {
  test('names the device by what the authority is to sign', () => {
    expect(read.certificate).toMatchObject({ member: 'Cy', label: 'laptop', role: 'member' });
    expect(read.keyPackages).toHaveLength(2);
    expect(read.deviceId).toEqual(crypto.hash('sha256', body));
  });

  test('for other names, another role or another authority is refused, unless the device is known', async () => {
    for (const wanted of [
      { member: 'Ana' },
      { role: 'officer' as const },
      { party: 'Kingdom of Beta' },
      { authority: person('x', { party: 'x', member: 'x' }).identity.certified.authority },
    ]) {
      const asked = fellowCertificate(guest, { ...terms, ...wanted }, keys, 'laptop');
      const made = await requestFellowship(guest, invitation, { keys, body: asked }, 1);
      const verdict = await readFellowRequest(ana.ports, invitation, terms, made.request);
      expect(reasonOf(verdict), Object.keys(wanted).join()).toBe('other-terms');
      const known = await readFellowRequest(ana.ports, invitation, terms, made.request, () => true);
      expect(reasonOf(known)).toBe('accepted');
    }
  });

  test("with another device's certificate or key packages is refused", async () => {
    const theirs = generateDeviceKeys(other);
    const stolen = await requestFellowship(other, invitation, { keys: theirs, body }, 1);
    expect(reasonOf(await readFellowRequest(ana.ports, invitation, terms, stolen.request))).toBe(
      'wrong-signature',
    );
    const mixed = { ...theirs, signer: keys.signer };
    const half = await requestFellowship(other, invitation, { keys: mixed, body }, 1);
    expect(reasonOf(await readFellowRequest(ana.ports, invitation, terms, half.request))).toBe(
      'wrong-key-package',
    );
  });

  test('with any byte changed, or cut, opens for nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: request.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (place, flip) => {
          const bent = request.map((byte, i) => (i === place ? byte ^ flip : byte));
          expect(reasonOf(await readFellowRequest(ana.ports, invitation, terms, bent))).toBe(
            'unreadable',
          );
          const cut = request.subarray(0, place);
          expect(reasonOf(await readFellowRequest(ana.ports, invitation, terms, cut))).toBe(
            'unreadable',
          );
        },
      ),
      { numRuns: process.env['SLOW'] === '1' ? 300 : 20 },
    );
  });
});

describe('an answer', () => {
  test('certifies exactly the device that asked', () => {
    const opened = openFellowAnswer(guest, invitation, { keys, body }, answer());
    assert(opened.ok, 'an honest answer opens');
    expect(opened.value).toMatchObject({ keyPackage: 1, name: 'talks' });
    const checked = checkCertificate(crypto, opened.value.certificate);
    expect(checked.ok && checked.value.party).toEqual(ana.identity.party);
    expect(assembleIdentity(guest, keys, opened.value.certificate).ok).toBe(true);
  });

  test('of another box, for another certificate, or changed is refused', () => {
    const elsewhere = { ...invitation, box: new Uint8Array(32).fill(9) };
    const device = { keys, body };
    const foreign = answer({ box: elsewhere });
    expect(reasonOf(openFellowAnswer(guest, invitation, device, foreign))).toBe('unreadable');
    const swapped = fellowCertificate(guest, { ...terms, role: 'officer' }, keys, 'laptop');
    const asOfficer = { keys, body: swapped };
    expect(reasonOf(openFellowAnswer(guest, invitation, asOfficer, answer()))).toBe(
      'wrong-authority',
    );
    const sealed = answer();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sealed.length - 1 }), (place) => {
        const bent = sealed.map((byte, i) => (i === place ? byte ^ 1 : byte));
        expect(openFellowAnswer(guest, invitation, device, bent).ok).toBe(false);
      }),
      { numRuns: process.env['SLOW'] === '1' ? 300 : 20 },
    );
  });
});
