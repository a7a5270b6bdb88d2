import { assert } from '@parley/kernel';
import { describe, expect, test } from 'vitest';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import { asFingerprint, asRoomId, digestKey, type Fingerprint } from './digests.ts';
import {
  awaitsVerification,
  decodeTranscript,
  deviceOf,
  emptyTranscript,
  encodeTranscript,
  isOfficer,
  isVerifiedParty,
  maySign,
  partyOf,
  partyOfAuthority,
  type Device,
  type Party,
  type Transcript,
  type Verification,
} from './transcript.ts';

const { room, kim, lena } = summit('transcript');
const played = room.transcript;
const name = (fill: number): Fingerprint => asFingerprint(new Uint8Array(32).fill(fill));
const OUT = { at: 3, by: kim.id, reason: 'lost at the station' };

function device(of: Uint8Array, change: Partial<Device> = {}): Device {
  const found = played.devices.get(digestKey(of));
  assert(found !== undefined, 'the summit has this device');
  return { ...found, ...change };
}

function party(of: Uint8Array, change: Partial<Party> = {}): Party {
  const found = played.parties.get(digestKey(of));
  assert(found !== undefined, 'the summit has this party');
  return { ...found, ...change };
}

const withParties = (...parties: Party[]): Transcript => ({
  ...played,
  parties: new Map(parties.map((one) => [digestKey(one.fingerprint), one])),
});

const said = (by: Fingerprint, how: Verification['how']): Verification => ({ by, how, at: 4 });

test('a room before its first entry is a plenary of nobody, without a name', () => {
  const id = asRoomId(new Uint8Array(32).fill(7));
  expect(emptyTranscript(crypto, id)).toMatchObject({
    room: id,
    channel: null,
    name: '',
    relay: '',
    terms: { kind: 'plenary', parties: [], earlier: null },
  });
});

test('a device signs and governs while it is neither removed nor suspended', () => {
  const cases: [Partial<Device>, boolean][] = [
    [{}, true],
    [{ removed: OUT }, false],
    [{ suspended: OUT }, false],
    [{ removed: OUT, suspended: OUT }, false],
  ];
  for (const [change, may] of cases) {
    expect(maySign(device(kim.id, change))).toBe(may);
    expect(isOfficer(device(kim.id, change))).toBe(may);
  }
  expect(deviceOf(played, kim.id)?.member).toBe(device(kim.id).member);
});

test('an authority of before leads to the party that had it, and to no other', () => {
  const north = party(kim.party, { formerly: [name(1), name(2)] });
  const west = party(lena.party, { formerly: [name(3)] });
  const both = withParties(north, west);
  expect(partyOfAuthority(both, name(2))?.name).toBe(north.name);
  expect(partyOfAuthority(both, name(3))?.name).toBe(west.name);
  expect(partyOfAuthority(both, lena.party)?.name).toBe(west.name);
  expect(partyOfAuthority(both, name(4))).toBeUndefined();
  expect(partyOf(both, name(3))).toBeUndefined();
});

describe('a changed authority', () => {
  const changed = { formerly: [name(1)] };
  const [west] = [party(lena.party)];

  test.each([
    ['nobody has verified since', [], true],
    ['a mismatch was found since', [said(lena.party, 'mismatch')], true],
    ['another verified since', [said(lena.party, 'voice')], false],
  ] as const)('awaits verification: %s', (_name, verifications, awaits) => {
    const north = party(kim.party, { ...changed, verifications });
    const both = withParties(north, west);
    expect(awaitsVerification(both, north)).toBe(awaits);
    // The founder's word admits, but not while its authority is a stranger's.
    expect(isVerifiedParty(both, kim.party)).toBe(!awaits);
    // Alone there is nobody to verify it.
    expect(awaitsVerification(withParties(north), north)).toBe(false);
  });

  test('one that never changed awaits nothing, and a party that is not there is not verified', () => {
    const both = withParties(party(kim.party, { verifications: [] }), west);
    expect(awaitsVerification(both, party(kim.party))).toBe(false);
    expect(isVerifiedParty(both, name(9))).toBe(false);
  });
});

describe('a stored transcript', () => {
  const hows = ['voice', 'in-person', 'writing', 'mismatch'] as const;
  const full: Transcript = {
    ...withParties(
      party(kim.party, {
        formerly: [name(1)],
        loosening: { policy: { officersForAdmission: 1, officersForAuthority: 3 }, by: kim.id },
        proposals: [{ on: lena.id, by: kim.id }],
        claims: [{ on: name(5), by: kim.id }],
        verifications: hows.map((how, i) => said(name(i + 20), how)),
      }),
      party(lena.party),
    ),
    devices: new Map([
      [digestKey(kim.id), device(kim.id, { suspended: OUT })],
      [digestKey(lena.id), device(lena.id, { removed: OUT })],
    ]),
  };

  test.each(['plenary', 'caucus', 'bilateral'] as const)('comes back whole: a %s', (kind) => {
    const earlier = { room: full.room, size: 2, root: full.root, evidence: null };
    const parties = kind === 'plenary' ? [] : [kim.party];
    const transcript = { ...full, terms: { kind, parties, earlier } };
    const read = decodeTranscript(crypto, encodeTranscript(transcript));
    expect(read).toEqual({ ok: true, value: transcript });
  });

  test('whose tree has not the peaks of its size, or that is cut, is refused', () => {
    const bent = { ...full, tree: { ...full.tree, size: full.tree.size + 1 } };
    expect(decodeTranscript(crypto, encodeTranscript(bent))).toMatchObject({
      ok: false,
      reason: 'out-of-range',
    });
    expect(decodeTranscript(crypto, encodeTranscript(full).subarray(0, -1)).ok).toBe(false);
  });
});
