// A body of every kind there is, and a room in which each of the kinds that are words was said once: for vectors.

import { assert, generateHybridSigner, type HybridKeyPair } from '@parley/kernel';
import {
  checkCertificate,
  issueCertificate,
  readCertificate,
  type Body,
  type BodyOf,
  type Fingerprint,
} from '../src/index.ts';
import { asDeviceId, asFingerprint, asLeafHash, asRoomId, asRootHash } from '../src/digests.ts';
import { governed } from './governed-room.ts';
import { crypto, delegate, RehearsedRoom, summit, type Delegate } from './rehearsed-room.ts';

type KnownKind = Body['kind'];

const of = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const certificate = { body: new Uint8Array(64).fill(1), signature: new Uint8Array(3373).fill(2) };
const earlier = { room: asRoomId(of(4)), size: 7, root: asRootHash(of(5)), evidence: of(6) };
const reason = 'as agreed by telephone';
const member = 'Mia Berg';

/** The compiler asks for a body of every new kind here. Certificates and signatures are of the right size, and no more. */
export const BODIES: { readonly [K in KnownKind]: Omit<BodyOf<K>, 'kind'> } = {
  found: { channel: of(3), name: 'talks', relay: 'https://relay.example', certificate },
  'room-founded': {
    channel: of(3),
    room: 'bilateral',
    parties: [asFingerprint(of(1)), asFingerprint(of(2))],
    name: 'chairs',
    relay: 'https://relay.example',
    earlier,
    certificate,
  },
  'room-restarted': {
    channel: of(3),
    name: 'talks',
    relay: 'https://relay.example',
    earlier,
    certificate,
  },
  'restart-accepted': { earlier: { ...earlier, evidence: null } },
  'party-admitted': { certificate },
  'device-admitted': { certificate },
  'device-removed': { device: asDeviceId(of(8)), reason },
  'admission-proposed': { certificate },
  'member-renamed': { member, to: 'Mia Berg-Lind' },
  'member-suspended': { member, reason },
  'member-resumed': { member, reason },
  'party-policy': { officersForAdmission: 2, officersForAuthority: 3 },
  'authority-changed': {
    authority: new Uint8Array(1984).fill(9),
    proof: new Uint8Array(3373).fill(10),
    signature: null,
    reason,
  },
  objection: { device: asDeviceId(of(8)), reason },
  'recovery-shared': {
    authority: asFingerprint(of(1)),
    needed: 2,
    shares: [{ device: asDeviceId(of(8)), sealed: new Uint8Array(40).fill(11) }],
  },
  'recovery-asked': { authority: asFingerprint(of(1)), reason },
  'recovery-given': { request: asLeafHash(of(12)), sealed: new Uint8Array(40).fill(11) },
  'verify-offer': { about: asFingerprint(of(1)), commitment: of(13) },
  'verify-answer': { offer: asLeafHash(of(12)), nonce: of(14) },
  'verify-open': { offer: asLeafHash(of(12)), nonce: of(14) },
  verified: {
    about: asFingerprint(of(1)),
    how: 'voice',
    words: [0, 1, 2, 2047],
    offer: asLeafHash(of(12)),
  },
  mismatch: { about: asFingerprint(of(1)), how: 'writing', offer: null },
  text: { text: 'Guten Morgen. 안녕하십니까.' },
  document: {
    name: 'Draft 3.docx',
    size: 48_211,
    sha256: of(15),
    mediaType: 'application/octet-stream',
    blob: { id: of(16), chunks: 1, key: of(17), sealedSize: 48_227 },
  },
  disarmed: {
    document: asLeafHash(of(12)),
    original: of(15),
    safe: null,
    policy: 'default/1',
    engine: 'parley-disarm 0.1.0',
    report: of(18),
    outcome: 'refused',
  },
  'mail-directory': { directory: of(19) },
  'mail-attestation': { statement: of(19) },
  'mail-day-key': { key: of(19) },
  'mail-count': { count: of(19) },
  forecast: { ledger: of(19) },
  opened: { upTo: 12, document: asLeafHash(of(12)) },
  'off-record-proposed': {},
  'off-record-agreed': { proposal: asLeafHash(of(12)) },
  'off-record-closed': { proposal: asLeafHash(of(12)), lastedMs: 60_000 },
  'posture-raised': { level: 'severe', reason },
  'posture-lowering': { level: 'calm', reason, confirms: asLeafHash(of(12)) },
  'release-asked': { commitment: of(20) },
  'release-given': { asked: asLeafHash(of(12)) },
  'original-asked': {
    room: asRoomId(of(4)),
    entry: 9,
    document: asLeafHash(of(12)),
    sha256: of(15),
    reason,
  },
  'original-approved': { asked: asLeafHash(of(12)) },
  'original-written': { asked: asLeafHash(of(12)) },
  'line-check': { answerBeforeMs: 1_528_621_200_000 },
  'line-answer': { check: asLeafHash(of(12)) },
};

export const bodyOf = (kind: KnownKind): Body => ({ kind, ...BODIES[kind] }) as Body;

/** The governed room, in which every kind of word is then said once. */
export function wordyRoom(words: readonly KnownKind[]): RehearsedRoom {
  const { room, kim } = governed('vectors of words');
  for (const kind of words) room.say(kim, bodyOf(kind));
  return room;
}

export type Aside = {
  readonly name: string;
  readonly room: RehearsedRoom;
  /** Entries that a device really signed and that may not stand after the last one. */
  readonly refused: readonly {
    readonly what: string;
    readonly by: Delegate;
    readonly body: Body;
    readonly reason: string;
  }[];
};

const inOrder = (parties: readonly Fingerprint[]): Fingerprint[] =>
  parties.toSorted((a, b) => Buffer.compare(a, b));

/** The device with a certificate for the same keys by the authority that its party has now. */
function certifiedAnew(device: Delegate, authority: HybridKeyPair): Delegate {
  const before = readCertificate(crypto, device.signed);
  assert(before.ok, 'a certificate of our own making reads');
  const { certificate } = before.value;
  const signed = issueCertificate(crypto, authority.secretKey, {
    ...certificate,
    authority: authority.publicKey,
  });
  const now = checkCertificate(crypto, signed);
  assert(now.ok, 'a certificate of our own making holds');
  return { ...device, authority, signed, id: now.value.deviceId, party: now.value.party };
}

/** A caucus, rooms and a channel that go on after a fork, one under a new authority, with what they refuse. */
export function rooms(): Aside[] {
  const { room: old, kim, park, lena } = summit('vectors of rooms');
  const { tree, root } = old.transcript;
  const before = { room: old.room, size: tree.size, root, evidence: null };
  const place = { channel: of(3), relay: 'https://relay.example', certificate: kim.signed };
  const text: Body = { kind: 'text', text: 'Where were we?' };
  const otherwise: Body = { kind: 'restart-accepted', earlier: { ...before, size: 8 } };
  const admits: Body = { kind: 'party-admitted', certificate: lena.signed };
  const caucus = new RehearsedRoom('a caucus');
  const own = { kind: 'room-founded', ...place, room: 'caucus', name: 'own' } as const;
  caucus.say(kim, { ...own, parties: [kim.party], earlier: null });
  caucus.say(kim, { kind: 'device-admitted', certificate: park.signed });
  const chairs = new RehearsedRoom('the chairs again');
  const parties = inOrder([kim.party, lena.party]);
  chairs.say(kim, { ...own, room: 'bilateral', name: 'chairs', parties, earlier: before });
  chairs.say(kim, admits);
  const unaccepted = chairs.copy();
  chairs.say(lena, { kind: 'restart-accepted', earlier: before });
  chairs.say(lena, text);
  const anew = new RehearsedRoom('the channel again');
  anew.say(kim, { kind: 'room-restarted', ...place, name: 'talks', earlier: before });
  anew.say(kim, admits);
  const renewed = new RehearsedRoom('a caucus under the new authority');
  const authority = generateHybridSigner(crypto, renewed.randomness);
  const [kimNow, parkNow] = [certifiedAnew(kim, authority), certifiedAnew(park, authority)];
  const named = { parties: [kimNow.party], certificate: kimNow.signed, earlier: before };
  renewed.say(kimNow, { ...own, ...named });
  renewed.say(kimNow, { kind: 'device-admitted', certificate: parkNow.signed });
  renewed.say(parkNow, text);
  const spare = delegate(renewed.randomness, {
    party: 'Delegation of the North',
    member: 'Spare',
    authority: kim.authority,
  });
  const fresh = new RehearsedRoom('nothing yet');
  const itself = { ...before, room: fresh.room };
  const first = (what: string, body: Body, reason: string): Aside['refused'][number] => ({
    what,
    by: kim,
    body,
    reason,
  });
  return [
    {
      name: 'caucus',
      room: caucus,
      refused: [
        first('another party in a caucus', admits, 'party-not-named'),
        first(
          'a caucus founded twice',
          { ...own, parties: [kim.party], earlier: null },
          'founded-twice',
        ),
        first('an acceptance where nothing was restarted', otherwise, 'wrong-restart'),
      ],
    },
    {
      name: 'room-restarted',
      room: chairs,
      refused: [
        {
          what: 'an acceptance of another checkpoint',
          by: lena,
          body: otherwise,
          reason: 'wrong-restart',
        },
      ],
    },
    {
      name: 'room-not-accepted',
      room: unaccepted,
      refused: [
        {
          what: 'words before the acceptance',
          by: lena,
          body: text,
          reason: 'restart-not-accepted',
        },
      ],
    },
    {
      name: 'channel-restarted',
      room: anew,
      refused: [
        {
          what: 'words before the acceptance in a plenary',
          by: lena,
          body: text,
          reason: 'restart-not-accepted',
        },
      ],
    },
    {
      name: 'certified-anew',
      room: renewed,
      refused: [
        {
          what: 'the certificate of before beside the one made anew',
          by: kimNow,
          body: { kind: 'device-admitted', certificate: park.signed },
          reason: 'key-reused',
        },
        {
          what: 'a device that only the authority of before has certified',
          by: kimNow,
          body: { kind: 'device-admitted', certificate: spare.signed },
          reason: 'other-party',
        },
        {
          what: 'words under the certificate of before',
          by: park,
          body: text,
          reason: 'unknown-device',
        },
      ],
    },
    {
      name: 'nothing',
      room: fresh,
      refused: [
        first('a caucus of two', { ...own, parties, earlier: null }, 'wrong-parties'),
        first(
          'a caucus of others',
          { ...own, parties: [lena.party], earlier: null },
          'wrong-parties',
        ),
        first(
          'a bilateral room of one',
          { ...own, room: 'bilateral', parties: [kim.party], earlier: null },
          'wrong-parties',
        ),
        first(
          'parties out of order',
          { ...own, room: 'bilateral', parties: parties.toReversed(), earlier: null },
          'wrong-parties',
        ),
        first(
          'a room that goes on from itself',
          { ...own, parties: [kim.party], earlier: itself },
          'wrong-restart',
        ),
        first(
          'a restart from nothing',
          { kind: 'room-restarted', ...place, name: 'talks', earlier: { ...before, size: 0 } },
          'wrong-restart',
        ),
      ],
    },
  ];
}
