// Evidence: a fork leaves a proof that anyone can check, and no proof can be made against the honest.

import { describe, expect, test } from 'vitest';
import { concat, toHex } from '@parley/kernel';
import {
  crypto,
  joined,
  seededRandomness,
  signedReceipt,
  summit,
  type Delegate,
  type RehearsedRoom,
} from '../testing/rehearsed-room.ts';
import { digestKey } from './digests.ts';
import {
  asRootHash,
  authorEntry,
  cosignCheckpoint,
  doubleEntryEvidence,
  forkEvidence,
  readHeader,
  relayReceiptsEvidence,
  verifyEvidence,
  verifyFile,
  type CosignedCheckpoint,
  type OpenedEntry,
  type SignedEntry,
  type Statement,
} from './index.ts';
import { evidenceCodec, type Evidence } from './evidence.ts';
import { frame, MAGIC, onlyFrame } from './frames.ts';
import { decode, encode } from '@parley/kernel';

// One room until entry 11; then the host shows Kim one history and Lena another.
const { kim, lena, room: kims } = summit();
const lenas = kims.copy();
kims.say(kim, { kind: 'text', text: 'We accept paragraph 4.' });
lenas.say(lena, { kind: 'text', text: 'We withdraw paragraph 4.' });
kims.say(kim, { kind: 'text', text: 'And paragraph 5.' });

const entryAt = (room: RehearsedRoom, index: number): Statement => ({
  kind: 'entry',
  signed: room.entries[index]?.signed as SignedEntry,
});
const note = (room: RehearsedRoom, by: Delegate): Statement => ({
  kind: 'checkpoint',
  checkpoint: room.checkpoint([by]),
});
const certificates = (...who: Delegate[]): Delegate['signed'][] => who.map(({ signed }) => signed);

function unpack(file: Uint8Array): Evidence {
  const framed = onlyFrame(file, 'evidence');
  const decoded = framed.ok ? decode(evidenceCodec, framed.value) : framed;
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}
const pack = (evidence: Evidence): Uint8Array =>
  concat(MAGIC.evidence, frame(encode(evidenceCodec, evidence)));

function reason(file: Uint8Array): string {
  const verdict = verifyEvidence(crypto, file);
  return verdict.ok ? 'accepted' : verdict.reason;
}

describe('a fork', () => {
  const made = (): Uint8Array => {
    // Kim's entry 12 has seen 12 entries of one history, Lena cosigned 12 entries of the other.
    const statements = { earlier: note(lenas, lena), later: entryAt(kims, 12) };
    return forkEvidence(crypto, statements, {
      leaves: kims.leafAt,
      certificates: certificates(kim, lena),
    });
  };

  test('at one size is proven by two signatures', async () => {
    const file = made();
    const verdict = verifyEvidence(crypto, file);
    expect(verdict).toMatchObject({
      ok: true,
      value: { kind: 'fork', room: toHex(kims.room), relay: null },
    });
    if (!verdict.ok) return;
    expect(verdict.value.signers.map(({ member }) => member)).toEqual([
      'Lena Brandt',
      'Kim Yo-han',
    ]);
    const [first, second] = verdict.value.sentences;
    expect(first).toContain('Lena Brandt');
    expect(first).toContain('that the first 12 entries of room');
    expect(second).toContain('Kim Yo-han');
    expect(await verifyFile(crypto, file)).toEqual({ kind: 'evidence', verdict });
  });

  test('at two sizes is proven with the path between them', () => {
    const later = note(kims, kim);
    const statements = { earlier: note(lenas, lena), later };
    const history = {
      leaves: kims.leafAt,
      certificates: certificates(lena, kim),
    };
    const file = forkEvidence(crypto, statements, history);
    expect(file.length).toBeLessThan(40_000);
    expect(verifyEvidence(crypto, file)).toMatchObject({ ok: true, value: { kind: 'fork' } });

    const evidence = unpack(file) as Extract<Evidence, { kind: 'fork' }>;
    const lie = { ...evidence, root: asRootHash(new Uint8Array(32)) };
    expect(reason(pack(lie))).toBe('wrong-proof');
    expect(reason(pack({ ...evidence, proof: evidence.proof.slice(1) }))).toBe('wrong-proof');
    expect(reason(pack({ ...evidence, certificates: [] }))).toBe('unknown-signer');
    const swapped = { ...evidence, earlier: evidence.later, later: evidence.earlier };
    expect(reason(pack(swapped))).toBe('wrong-order');
  });

  test('cannot be proven of one honest history, at any two of its sizes', () => {
    const { room, kim, lena, tom } = summit('honest');
    for (let earlier = 1; earlier < room.entries.length; earlier++) {
      for (const later of [earlier, room.entries.length - 1]) {
        const statements = { earlier: entryAt(room, earlier), later: entryAt(room, later) };
        const history = { leaves: room.leafAt, certificates: certificates(kim, lena) };
        const file = forkEvidence(crypto, statements, history);
        expect(['no-contradiction', 'unknown-signer']).toContain(reason(file));
      }
    }
    expect(tom.id).toBeDefined();
  });

  test('cannot be made up by signing for another', () => {
    const { room, kim, lena } = summit('forged');
    const { tree } = room.transcript;
    const checkpoint = { room: room.room, size: tree.size, root: asRootHash(new Uint8Array(32)) };
    const by = { device: lena.id, publicKey: lena.signer.publicKey, timeMs: 0 };
    const forger = { ...by, secretKey: kim.signer.secretKey };
    const cosignatures = [cosignCheckpoint(crypto, checkpoint, forger)];
    const earlier: Statement = { kind: 'checkpoint', checkpoint: { checkpoint, cosignatures } };
    const statements = { earlier, later: note(room, kim) };
    const history = { leaves: room.leafAt, certificates: certificates(kim, lena) };
    expect(reason(forkEvidence(crypto, statements, history))).toBe('bad-signature');
  });

  test('from a note with two signers, or an entry without a header, is a bug of the caller', () => {
    const { room, kim, lena } = summit('no statement');
    const history = { leaves: room.leafAt, certificates: certificates(kim, lena) };
    const both: Statement = { kind: 'checkpoint', checkpoint: room.checkpoint([kim, lena]) };
    const made = (earlier: Statement): Uint8Array =>
      forkEvidence(crypto, { earlier, later: entryAt(room, 3) }, history);
    expect(() => made(both)).toThrow('a statement has one signer');
    const { signature } = (room.entries[2] as OpenedEntry).signed;
    const headless: Statement = { kind: 'entry', signed: { header: Uint8Array.of(0), signature } };
    expect(() => made(headless)).toThrow('an entry that was judged has a header');
  });

  test('is not two statements about two rooms', () => {
    const [one, two] = [summit('one'), summit('two')];
    const statements = { earlier: note(one.room, one.kim), later: note(two.room, two.kim) };
    const history = { leaves: two.room.leafAt, certificates: certificates(one.kim, two.kim) };
    expect(reason(forkEvidence(crypto, statements, history))).toBe('different-rooms');
  });

  test('by one device against itself is told as such', () => {
    const { room, kim } = summit('self');
    const { tree } = room.transcript;
    const checkpoint = { room: room.room, size: tree.size, root: asRootHash(new Uint8Array(32)) };
    const cosigned: CosignedCheckpoint = {
      checkpoint,
      cosignatures: [
        cosignCheckpoint(crypto, checkpoint, { device: kim.id, ...kim.signer, timeMs: 0 }),
      ],
    };
    const earlier: Statement = { kind: 'checkpoint', checkpoint: cosigned };
    const file = forkEvidence(
      crypto,
      { earlier, later: note(room, kim) },
      { leaves: room.leafAt, certificates: certificates(kim) },
    );
    const verdict = verifyEvidence(crypto, file);
    expect(verdict.ok && verdict.value.sentences.join(' ')).toContain('contradicts itself');
  });
});

describe('two entries of one device for one place', () => {
  const pair = (second: 'same place' | 'later place' | 'same header'): Uint8Array => {
    const { room, kim, lena } = summit('double');
    const first = room.draft(kim, { kind: 'text', text: 'yes' });
    if (second === 'later place') room.say(lena, { kind: 'text', text: 'first!' });
    const entry =
      second === 'same header'
        ? authorEntry(
            { crypto, randomness: { bytes: () => first.entry.opened.salt } },
            first.header,
            { kind: 'text', text: 'yes' },
            kim.signer.secretKey,
          )
        : room.draft(kim, { kind: 'text', text: 'no' });
    const entries = { first: first.entry.signed, second: entry.entry.signed };
    return doubleEntryEvidence(entries, kim.signed);
  };

  test('prove that it prepared two histories', () => {
    const verdict = verifyEvidence(crypto, pair('same place'));
    expect(verdict).toMatchObject({ ok: true, value: { kind: 'double-entry' } });
    expect(verdict.ok && verdict.value.sentences[0]).toContain('Kim Yo-han');
  });

  test('prove nothing when the first had lost its place to another entry', () => {
    expect(reason(pair('later place'))).toBe('no-contradiction');
  });

  test('prove nothing when one header carries two signatures', () => {
    expect(reason(pair('same header'))).toBe('no-contradiction');
  });

  test('are not two entries of two devices, or of two rooms', () => {
    const { room, kim, lena } = summit('two devices');
    const [first, second] = [kim, lena].map(
      (by) => room.draft(by, { kind: 'text', text: 'x' }).entry.signed,
    ) as [SignedEntry, SignedEntry];
    expect(reason(doubleEntryEvidence({ first, second }, kim.signed))).toBe('different-authors');
    const elsewhere = summit('elsewhere').room.draft(kim, { kind: 'text', text: 'x' }).entry.signed;
    const rooms = { first, second: elsewhere };
    expect(reason(doubleEntryEvidence(rooms, kim.signed))).toBe('different-rooms');
  });

  test('do not count when one of them was bent', () => {
    const evidence = unpack(pair('same place')) as Extract<Evidence, { kind: 'double-entry' }>;
    const signature = evidence.first.signature.map((byte, i) => (i === 70 ? byte ^ 1 : byte));
    const bent = { ...evidence, first: { ...evidence.first, signature } };
    expect(reason(pack(bent))).toBe('bad-signature');
    const header = readHeader(evidence.first);
    expect(header.ok).toBe(true);
    const cut = { ...evidence.first, header: evidence.first.header.slice(1) };
    expect(reason(pack({ ...evidence, first: cut }))).toBe('malformed-entry');
  });
});

describe('two receipts of one relay', () => {
  const relay = crypto.signerFromSecret('ed25519', seededRandomness('relay').bytes(32));
  const receipt = (seq: number, head: number, log = 0): Uint8Array =>
    signedReceipt(relay, {
      seq,
      head: new Uint8Array(32).fill(head),
      log: new Uint8Array(32).fill(log),
    });

  test('with one length and two heads prove that it told two histories', () => {
    const verdict = verifyEvidence(crypto, relayReceiptsEvidence(receipt(7, 1), receipt(7, 2)));
    const value = { kind: 'relay-receipts', relay: digestKey(relay.publicKey), signers: [] };
    expect(verdict).toMatchObject({ ok: true, value });
  });

  test('prove nothing when they agree, differ in length, or are of two logs or relays', () => {
    const first = receipt(7, 1);
    expect(reason(relayReceiptsEvidence(first, receipt(7, 1)))).toBe('no-contradiction');
    expect(reason(relayReceiptsEvidence(first, receipt(8, 2)))).toBe('no-contradiction');
    expect(reason(relayReceiptsEvidence(first, receipt(7, 2, 9)))).toBe('different-rooms');
    const other = crypto.generateSigner('ed25519');
    const foreign = signedReceipt(other, { seq: 7, head: new Uint8Array(32).fill(2) });
    expect(reason(relayReceiptsEvidence(first, foreign))).toBe('different-relays');
  });

  test('do not count when the relay did not sign one of them', () => {
    const bent = receipt(7, 2).map((byte, i, all) => (i === all.length - 80 ? byte ^ 1 : byte));
    const verdict = reason(relayReceiptsEvidence(receipt(7, 1), bent));
    expect(['bad-signature', 'malformed-receipt']).toContain(verdict);
    const odd = relayReceiptsEvidence(receipt(7, 1), Uint8Array.of(0));
    expect(reason(odd)).toBe('malformed-receipt');
  });
});

test('what is not an evidence file, or more than one, is refused', async () => {
  const { room, kim } = summit('file');
  const entries = [1, 2].map(() => room.draft(kim, { kind: 'text', text: 'x' }).entry.signed);
  const [first, second] = entries as [SignedEntry, SignedEntry];
  const file = doubleEntryEvidence({ first, second }, kim.signed);
  expect(reason(file)).toBe('accepted');
  expect(reason(new Uint8Array(0))).toBe('not-evidence');
  expect(reason(file.slice(0, -1))).toBe('truncated');
  expect(reason(file.slice(0, 22))).toBe('truncated');
  expect(reason(concat(file, Uint8Array.of(0)))).toBe('trailing-bytes');
  expect(reason(concat(file, new Uint8Array(70_000)))).toBe('too-large');
  const long = (async function* (): AsyncGenerator<Uint8Array> {
    yield file;
    yield Uint8Array.of(0);
  })();
  expect(await verifyFile(crypto, long)).toMatchObject({ verdict: { reason: 'trailing-bytes' } });
  expect(await joined((async function* () {})())).toHaveLength(0);
});
