// Checkpoints: one text for one value, and a cosignature that counts for nothing else.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, fromUtf8, hybridSign, toHex, utf8 } from '@parley/kernel';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import {
  COSIGNATURES_MAX,
  cosignatureHolds,
  cosignCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type CosignedCheckpoint,
} from './index.ts';
import { CHECKPOINT_MAX_BYTES } from './checkpoint.ts';

const { room, kim, lena } = summit();
const cosigned = room.checkpoint([kim, lena]);
const encoded = encodeCheckpoint(cosigned);
const text = fromUtf8(encoded);
const lines = (text.ok ? text.value : '').split('\n');
const runs = { numRuns: process.env['SLOW'] === '1' ? 2_000 : 60 };

const refusalOf = (note: Uint8Array): string => {
  const verdict = decodeCheckpoint(note);
  return verdict.ok ? 'accepted' : `${verdict.reason} ${verdict.at}: ${verdict.detail}`;
};
const reason = (changed: readonly string[]): string => refusalOf(utf8(changed.join('\n')));

test('a checkpoint is a note that a person can read', () => {
  expect(lines).toHaveLength(7);
  expect(lines[0]).toMatch(/^parley\/room\/[0-9a-f]{64}$/);
  expect(lines[1]).toBe('11');
  expect(lines[2]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(lines[4]).toMatch(/^\u2014 parley\/device\/[0-9a-f]{64} [A-Za-z0-9+/]+={0,2}$/);
});

test('what is written is read again, to the byte', () => {
  const decoded = decodeCheckpoint(encoded);
  expect(decoded).toEqual({ ok: true, value: cosigned });
  expect(decoded.ok && encodeCheckpoint(decoded.value)).toEqual(encoded);
});

test('a cosignature holds for its own key, size, root, room and time only', () => {
  const { checkpoint } = cosigned;
  const [first] = cosigned.cosignatures;
  if (first === undefined) throw new Error('no cosignature');
  const holds = (change: Partial<typeof checkpoint>, also: Partial<typeof first> = {}): boolean =>
    cosignatureHolds(
      crypto,
      { ...checkpoint, ...change },
      { ...first, ...also },
      kim.signer.publicKey,
    );
  expect(holds({})).toBe(true);
  expect(cosignatureHolds(crypto, checkpoint, first, lena.signer.publicKey)).toBe(false);
  expect(holds({ size: 12 })).toBe(false);
  expect(holds({ root: summit('other').room.transcript.root })).toBe(false);
  expect(holds({ room: summit('other').room.room })).toBe(false);
  expect(holds({}, { timeS: first.timeS + 1 })).toBe(false);
  expect(holds({}, { device: lena.id })).toBe(false);
  const message = utf8(
    `parley cosignature v1\ntime ${first.timeS}\n${lines.slice(0, 3).join('\n')}\n`,
  );
  const signedFor = (purpose: string): Uint8Array =>
    hybridSign(crypto, { secretKey: kim.signer.secretKey, purpose }, message);
  expect(holds({}, { signature: signedFor('entry') })).toBe(false);
  expect(holds({}, { signature: signedFor('checkpoint') })).toBe(true);
  // The key's name by C2SP, with our own name for the scheme.
  const scheme = Uint8Array.of(0xff, ...utf8('parley/v1/ed25519+ml-dsa-65'));
  const named = utf8(`parley/device/${toHex(kim.id)}\n`);
  const hash = crypto.hash('sha256', concat(named, scheme, kim.signer.publicKey));
  expect(first.keyId).toEqual(hash.slice(0, 4));
});

test("the time is the device's own, cut to seconds", () => {
  const by = { device: kim.id, ...kim.signer, timeMs: 1_528_621_200_999 };
  expect(cosignCheckpoint(crypto, cosigned.checkpoint, by).timeS).toBe(1_528_621_200);
});

test('each other spelling is refused with its line', () => {
  const [line0, , line2, , line4] = lines as [string, string, string, string, string];
  const bad = (line: number, detail: string): string => `malformed-checkpoint ${line}: ${detail}`;
  expect(reason(lines)).toBe('accepted');
  expect(reason(lines.with(1, '1234567890123456'))).toBe('accepted');
  for (const origin of ['parley/room/00', line0.toUpperCase(), line0.replace('room', 'roof')])
    expect(reason(lines.with(0, origin))).toBe(bad(0, 'not the origin of a room'));
  for (const size of [
    '',
    '011',
    '-1',
    '1.5',
    '99999999999999999',
    '9999999999999999',
    '1e3',
    ' 11',
  ])
    expect(reason(lines.with(1, size))).toBe(bad(1, 'not a size'));
  // Of the other base64 as well: with - and _, at either end.
  for (const root of [
    line2.replace('=', ''),
    `-${line2.slice(1)}`,
    `${line2.slice(0, -2)}_=`,
    'AA==',
  ])
    expect(reason(lines.with(2, root))).toBe(bad(2, 'not a root'));
  const shapeless = bad(3, 'not three lines, an empty one and signatures');
  expect(reason(lines.with(3, 'extension'))).toBe(shapeless);
  expect(reason(lines.slice(0, -1))).toBe(shapeless);
  expect(reason([...lines.slice(0, 3), ''])).toBe(shapeless);
  const [dash, name, payload] = line4.split(' ') as [string, string, string];
  for (const line of [`- ${name} ${payload}`, dash, `${dash} ${name}`, `${line4} x`])
    expect(reason(lines.with(4, line))).toBe(bad(4, 'not a signature line'));
  for (const other of [name.replace('device', 'relay'), name.slice(0, -2)])
    expect(reason(lines.with(5, `${dash} ${other} ${payload}`))).toBe(
      bad(5, 'not the name of a device'),
    );
  expect(reason(lines.with(5, line4.slice(0, -8)))).toBe(bad(5, 'not a cosignature'));
  const late = Buffer.from(payload, 'base64').fill(0xff, 4, 12).toString('base64');
  expect(reason(lines.with(4, `${dash} ${name} ${late}`))).toBe(bad(4, 'a time out of range'));
  const so = (many: number): string[] => [
    ...lines.slice(0, 4),
    ...Array.from({ length: many }, () => line4),
    '',
  ];
  expect(reason(so(COSIGNATURES_MAX))).toBe('accepted');
  expect(reason(so(COSIGNATURES_MAX + 1))).toBe(bad(4, 'too many cosignatures'));
  expect(refusalOf(Uint8Array.of(0xff))).toBe(bad(0, 'not UTF-8'));
  expect(refusalOf(new Uint8Array(CHECKPOINT_MAX_BYTES))).toBe(shapeless);
  expect(refusalOf(new Uint8Array(CHECKPOINT_MAX_BYTES + 1))).toBe(bad(0, 'too large'));
});

test('a note holds 64 cosignatures, and one more is a bug of whoever writes it', () => {
  const [first] = cosigned.cosignatures;
  if (first === undefined) throw new Error('no cosignature');
  const by = (many: number): CosignedCheckpoint => ({
    ...cosigned,
    cosignatures: Array.from({ length: many }, () => first),
  });
  const full = by(COSIGNATURES_MAX);
  expect(decodeCheckpoint(encodeCheckpoint(full))).toEqual({ ok: true, value: full });
  expect(() => encodeCheckpoint(by(COSIGNATURES_MAX + 1))).toThrow('too many cosignatures');
});

test('a note with any byte changed is refused, or reads as another note', () => {
  fc.assert(
    fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const bent = encoded.map((byte, i) => (i === at ? byte ^ by : byte));
      const decoded = decodeCheckpoint(bent);
      if (decoded.ok) expect(encodeCheckpoint(decoded.value)).toEqual(bent);
    }),
    runs,
  );
});

test('a note without signatures is read, and says that nobody signed', () => {
  const unsigned: CosignedCheckpoint = { ...cosigned, cosignatures: [] };
  expect(decodeCheckpoint(encodeCheckpoint(unsigned))).toEqual({ ok: true, value: unsigned });
});
