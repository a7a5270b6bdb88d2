// One entry opened to an arbiter: it stands by itself, and nothing of the others is in the file.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, decode, encode, utf8 } from '@parley/kernel';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import { digestKey } from './digests.ts';
import { entryProofCodec } from './entry-proof.ts';
import { frame, MAGIC, onlyFrame } from './frames.ts';
import {
  cosignCheckpoint,
  encodeCheckpoint,
  openEntryProof,
  verifyEntryProof,
  verifyFile,
  type Checkpoint,
  type OpenedEntry,
} from './index.ts';
import type { Decoded } from '@parley/kernel';

const runs = { numRuns: process.env['SLOW'] === '1' ? 1_000 : 30 };
const { room, kim, lena, tom } = summit();
const checkpoint = room.checkpoint([kim, lena]);
const TEXT_AT = 8;

const file = openEntryProof(crypto, room.entries[TEXT_AT] as OpenedEntry, {
  index: TEXT_AT,
  leaves: room.leafAt,
  checkpoint,
  certificates: [kim, lena, tom].map(({ signed }) => signed),
});

type Opened = Decoded<typeof entryProofCodec>;
const framed = onlyFrame(file, 'entry-proof');
const unpacked = framed.ok ? decode(entryProofCodec, framed.value) : framed;

function changed(change: (proof: Opened) => Partial<Opened>): string {
  if (!unpacked.ok) return unpacked.reason;
  const bent = { ...unpacked.value, ...change(unpacked.value) };
  const verdict = verifyEntryProof(
    crypto,
    concat(MAGIC['entry-proof'], frame(encode(entryProofCodec, bent))),
  );
  return verdict.ok ? 'accepted' : verdict.reason;
}

test('an opened entry says who said what, where in the record, and who acknowledged it', async () => {
  const verdict = verifyEntryProof(crypto, file);
  expect(verdict).toMatchObject({
    ok: true,
    value: {
      index: TEXT_AT,
      size: 11,
      author: { device: digestKey(tom.id), partyName: 'Delegation of the West', member: 'Tom' },
      body: { kind: 'text', text: 'Good morning. The draft follows.' },
      cosigners: [{ member: 'Kim Yo-han' }, { member: 'Lena Brandt' }],
      acknowledgedByOther: true,
    },
  });
  expect(await verifyFile(crypto, file)).toEqual({ kind: 'entry-proof', verdict });
});

test('nothing of the other entries is in it', () => {
  const others = room.entries.filter((_, i) => i !== TEXT_AT);
  const held = Buffer.from(file).toString('latin1');
  expect(held).toContain('Good morning');
  for (const { signed } of others) {
    const header = Buffer.from(signed.header).toString('latin1');
    expect(held.includes(header)).toBe(false);
  }
  expect(held).not.toContain('Joint statement');
});

test('only the own party having signed is told as such', () => {
  const own = openEntryProof(crypto, room.entries[TEXT_AT] as OpenedEntry, {
    index: TEXT_AT,
    leaves: room.leafAt,
    checkpoint: room.checkpoint([lena]),
    certificates: [lena.signed, tom.signed],
  });
  expect(verifyEntryProof(crypto, own)).toMatchObject({ value: { acknowledgedByOther: false } });
});

test('each way in which a proof can be wrong has its own reason', () => {
  const { signed, opened } = room.entries[TEXT_AT] as OpenedEntry;
  const next = room.entries[TEXT_AT + 1] as OpenedEntry;
  expect(changed(() => ({}))).toBe('accepted');
  expect(changed(() => ({ index: TEXT_AT + 1 }))).toBe('wrong-proof');
  expect(changed(({ proof }) => ({ proof: proof.toReversed() }))).toBe('wrong-proof');
  expect(changed(() => ({ entry: next }))).toBe('wrong-proof');
  expect(changed(() => ({ entry: { signed, opened: null } }))).toBe('body-withheld');
  const other = { salt: opened.salt, body: utf8('x') };
  expect(changed(() => ({ entry: { signed, opened: other } }))).toBe('wrong-body');
  const mixed = { header: next.signed.header, signature: signed.signature };
  expect(changed(() => ({ entry: { signed: mixed, opened } }))).toBe('bad-signature');
  const odd = { header: new Uint8Array(3), signature: signed.signature };
  expect(changed(() => ({ entry: { signed: odd, opened } }))).toBe('malformed-entry');
  expect(changed(() => ({ certificates: [lena.signed, kim.signed] }))).toBe('unknown-device');
  expect(changed(() => ({ certificates: [lena.signed, tom.signed] }))).toBe('unknown-device');
  const forged = { body: kim.signed.body, signature: lena.signed.signature };
  expect(changed(() => ({ certificates: [forged] }))).toBe('wrong-authority');
  expect(changed(() => ({ checkpoint: utf8('x') }))).toBe('malformed-checkpoint');
  const unsigned = { ...checkpoint, cosignatures: [] };
  expect(changed(() => ({ checkpoint: encodeCheckpoint(unsigned) }))).toBe('bad-cosignature');
  const swapped = checkpoint.cosignatures.map((one, i, all) => ({
    ...one,
    signature: (all[1 - i] ?? one).signature,
  }));
  const bent = encodeCheckpoint({ ...checkpoint, cosignatures: swapped });
  expect(changed(() => ({ checkpoint: bent }))).toBe('bad-cosignature');
  const elsewhere: Checkpoint = { ...checkpoint.checkpoint, room: summit('elsewhere').room.room };
  const by = { device: kim.id, ...kim.signer, timeMs: 0 };
  const cosignatures = [cosignCheckpoint(crypto, elsewhere, by)];
  const foreign = encodeCheckpoint({ checkpoint: elsewhere, cosignatures });
  expect(changed(() => ({ checkpoint: foreign }))).toBe('wrong-room');
});

test('a proof with any byte flipped, cut or added is refused', () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const bent = file.map((byte, i) => (i === at ? byte ^ by : byte));
      expect(verifyEntryProof(crypto, bent).ok).toBe(false);
      expect(verifyEntryProof(crypto, file.subarray(0, at)).ok).toBe(false);
    }),
    runs,
  );
  expect(verifyEntryProof(crypto, concat(file, utf8('x')))).toMatchObject({
    reason: 'trailing-bytes',
  });
});
