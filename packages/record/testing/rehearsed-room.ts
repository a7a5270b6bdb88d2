// A room played by its own parties with real keys from a seed: what tests, vectors and benches judge.

import { createHash } from 'node:crypto';
import {
  assert,
  concat,
  encode,
  fullTree,
  generateHybridSigner,
  generateXWing,
  leafHash,
  utf8,
  type HybridKeyPair,
  type Ports,
  type Randomness,
} from '@parley/kernel';
import { nativeCrypto } from '@parley/kernel/node';
import {
  asRoomId,
  authorEntry,
  checkCertificate,
  cosignCheckpoint,
  deviceOf,
  emptyTranscript,
  issueCertificate,
  judge,
  NO_LEAF,
  type AuthoredEntry,
  type Body,
  type CosignedCheckpoint,
  type DeviceId,
  type EntryPlace,
  type Fingerprint,
  type Judged,
  type LeafHash,
  type OpenedEntry,
  type Role,
  type RoomId,
  type SignedCertificate,
  type Transcript,
} from '../src/index.ts';
import { receiptClaimCodec, receiptCodec } from '../src/receipt.ts';

export const crypto = nativeCrypto;

/** The same bytes for the same seed, on every machine. For rehearsals only. */
export function seededRandomness(seed: string): Randomness {
  let drawn = 0;
  return {
    bytes(length) {
      const blocks: Uint8Array[] = [];
      for (let have = 0; have < length; have += 32) {
        const block = createHash('sha256').update(`${seed}/${drawn++}`).digest();
        blocks.push(Uint8Array.from(block));
      }
      return concat(...blocks).slice(0, length);
    },
  };
}

export type Delegate = {
  readonly member: string;
  readonly authority: HybridKeyPair;
  readonly signer: HybridKeyPair;
  readonly signed: SignedCertificate;
  readonly id: DeviceId;
  readonly party: Fingerprint;
};

/** A member's device with its certificate; `authority` is the party's, where it has one already. */
export function delegate(
  randomness: Randomness,
  who: {
    party: string;
    member: string;
    label?: string;
    role?: Role;
    authority?: HybridKeyPair;
  },
): Delegate {
  const authority = who.authority ?? generateHybridSigner(crypto, randomness);
  const signer = generateHybridSigner(crypto, randomness);
  const signed = issueCertificate(crypto, authority.secretKey, {
    party: who.party,
    authority: authority.publicKey,
    member: who.member,
    label: who.label ?? 'laptop',
    role: who.role ?? 'officer',
    signer: signer.publicKey,
    mls: randomness.bytes(32),
    seal: generateXWing(crypto, randomness).publicKey,
    issuedMs: START_MS,
  });
  const checked = checkCertificate(crypto, signed);
  assert(checked.ok, 'a certificate of our own making holds');
  const { deviceId: id, party } = checked.value;
  return { member: who.member, authority, signer, signed, id, party };
}

/** 10 June 2018, 09:00 UTC. */
export const START_MS = 1_528_621_200_000;

/** Plays entries into a room and keeps what a member of it would keep. */
export class RehearsedRoom {
  readonly randomness: Randomness;
  readonly ports: Pick<Ports, 'crypto' | 'randomness'>;
  readonly room: RoomId;
  readonly entries: OpenedEntry[] = [];
  readonly leaves: LeafHash[] = [];
  transcript: Transcript;
  #nowMs = START_MS;

  constructor(seed: string, room?: RoomId) {
    this.randomness = seededRandomness(seed);
    this.ports = { crypto, randomness: this.randomness };
    this.room = room ?? asRoomId(this.randomness.bytes(32));
    this.transcript = emptyTranscript(crypto, this.room);
  }

  /** Where the next entry of `by` honestly stands. */
  placeOf(by: Delegate): EntryPlace {
    const device = deviceOf(this.transcript, by.id);
    this.#nowMs += 60_000;
    return {
      room: this.room,
      author: by.id,
      authorSeq: device?.entries ?? 0,
      authorPrev: device?.lastLeaf ?? NO_LEAF,
      seen: { size: this.transcript.tree.size, root: this.transcript.root },
      timeMs: this.#nowMs,
      // Singapore's zone in some entries, and none stated in the others.
      zone: (device?.entries ?? 0) % 2 === 0 ? 480 : null,
    };
  }

  /** Signs an entry without adding it; `place` overrides where it stands. */
  draft(by: Delegate, body: Body, place: Partial<EntryPlace> = {}): AuthoredEntry {
    return authorEntry(this.ports, { ...this.placeOf(by), ...place }, body, by.signer.secretKey);
  }

  /** Adds an entry that must be accepted. */
  add(entry: OpenedEntry): Judged {
    const judged = judge(crypto, this.transcript, entry);
    assert(judged.ok, `the entry was refused: ${judged.ok ? '' : judged.reason}`);
    this.transcript = judged.value.transcript;
    this.entries.push(entry);
    this.leaves.push(judged.value.leaf);
    return judged.value;
  }

  say(by: Delegate, body: Body): Judged {
    return this.add(this.draft(by, body).entry);
  }

  found(by: Delegate, name = 'Sentosa preparatory channel'): Judged {
    const channel = this.randomness.bytes(32);
    const relay = 'https://relay.example';
    return this.say(by, { kind: 'found', channel, name, relay, certificate: by.signed });
  }

  leafAt = (index: number): LeafHash => {
    const leaf = this.leaves[index];
    assert(leaf !== undefined, `no leaf ${index}`);
    return leaf;
  };

  /** Another copy of this room after its first `size` entries: what a host can show to somebody else. */
  copy(size = this.entries.length): RehearsedRoom {
    const copied = new RehearsedRoom(`copy ${size}`, this.room);
    copied.#nowMs = this.#nowMs;
    for (const entry of this.entries.slice(0, size)) copied.add(entry);
    return copied;
  }

  /** A checkpoint of the room as it stands, cosigned by these devices. */
  checkpoint(by: readonly Delegate[]): CosignedCheckpoint {
    const { tree, root } = this.transcript;
    const checkpoint = { room: this.room, size: tree.size, root };
    const cosignatures = by.map(({ id, signer }) =>
      cosignCheckpoint(crypto, checkpoint, { device: id, ...signer, timeMs: this.#nowMs }),
    );
    return { checkpoint, cosignatures };
  }
}

export type Summit = {
  readonly room: RehearsedRoom;
  readonly kim: Delegate;
  readonly park: Delegate;
  readonly lena: Delegate;
  /** A second device of Lena's party, admitted by Lena. */
  readonly tom: Delegate;
};

/** Two parties, three devices, a ceremony by voice, a document and its safe copy: eleven entries of all weights. */
export function summit(seed = 'summit'): Summit {
  const room = new RehearsedRoom(seed);
  const { randomness } = room;
  const kim = delegate(randomness, { party: 'Delegation of the North', member: 'Kim Yo-han' });
  const park = delegate(randomness, {
    party: 'Delegation of the North',
    member: 'Park',
    authority: kim.authority,
  });
  const lena = delegate(randomness, { party: 'Delegation of the West', member: 'Lena Brandt' });
  const tom = delegate(randomness, {
    party: 'Delegation of the West',
    member: 'Tom',
    authority: lena.authority,
  });
  room.found(kim);
  room.say(kim, { kind: 'party-admitted', certificate: lena.signed });
  const nonce = randomness.bytes(32);
  const commitment = Uint8Array.from(createHash('sha256').update(nonce).digest());
  const { leaf: offer } = room.say(kim, { kind: 'verify-offer', about: lena.party, commitment });
  room.say(lena, { kind: 'verify-answer', offer, nonce: randomness.bytes(32) });
  room.say(kim, { kind: 'verify-open', offer, nonce });
  const words = [12, 700, 1999, 3];
  room.say(kim, { kind: 'verified', about: lena.party, how: 'voice', words, offer });
  room.say(lena, { kind: 'verified', about: kim.party, how: 'voice', words, offer });
  room.say(lena, { kind: 'device-admitted', certificate: tom.signed });
  room.say(tom, { kind: 'text', text: 'Good morning. The draft follows.' });
  const original = Uint8Array.from(createHash('sha256').update('draft').digest());
  const { leaf: document } = room.say(tom, {
    kind: 'document',
    name: 'Joint statement, draft 3.docx',
    size: 48_211,
    sha256: original,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    blob: { id: randomness.bytes(32), chunks: 1, key: randomness.bytes(32), sealedSize: 48_227 },
  });
  room.say(kim, {
    kind: 'disarmed',
    document,
    original,
    safe: Uint8Array.from(createHash('sha256').update('safe').digest()),
    policy: 'default/1',
    engine: 'parley-disarm 0.1.0',
    report: Uint8Array.from(createHash('sha256').update('report').digest()),
    outcome: 'rebuilt',
  });
  return { room, kim, park, lena, tom };
}

/** Bytes of a source, joined. */
export async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concat(...all);
}

/** A receipt as a relay signs it (docs/protocol/record.md), alone or at the second place of 32 claims signed together. */
export function signedReceipt(
  relay: { publicKey: Uint8Array; secretKey: Uint8Array },
  claim: { log?: Uint8Array; seq: number; head?: Uint8Array; timeMs?: number; together?: boolean },
): Uint8Array {
  const claimed = {
    relay: relay.publicKey,
    log: claim.log ?? new Uint8Array(32),
    seq: claim.seq,
    head: claim.head ?? new Uint8Array(32),
    timeMs: claim.timeMs ?? START_MS,
  };
  const label = utf8('parley/v1/receipt\0');
  const leaf = leafHash(crypto, concat(label, encode(receiptClaimCodec, claimed)));
  const place = claim.together === true ? 1 : 0;
  const leaves = Array.from({ length: claim.together === true ? 32 : 1 }, (_, at) =>
    at === place ? leaf : new Uint8Array(32),
  );
  const { root, paths } = fullTree(crypto, leaves);
  const signed = concat(utf8('parley/v1/receipts\0'), root);
  const signature = crypto.sign('ed25519', relay.secretKey, signed);
  return encode(receiptCodec, { ...claimed, place, path: paths[place] ?? [], signature });
}
