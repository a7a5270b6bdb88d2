// Checkpoints: one text for one value, and a cosignature that counts for nothing else.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, hybridSign, utf8 } from '@parley/kernel';
import { crypto, summit } from '../testing/rehearsed-room.ts';
import {
  COSIGNATURES_MAX,
  cosignatureHolds,
  decodeCheckpoint,
  encodeCheckpoint,
  type CosignedCheckpoint,
} from './index.ts';

const { room, kim, lena } = summit();
const cosigned = room.checkpoint([kim, lena]);
const encoded = encodeCheckpoint(cosigned);
const text = fromUtf8(encoded);
const lines = (text.ok ? text.value : '').split('\n');
const runs = { numRuns: process.env['SLOW'] === '1' ? 2_000 : 60 };

const reason = (changed: readonly string[]): string => {
  const verdict = decodeCheckpoint(utf8(changed.join('\n')));
  return verdict.ok ? 'accepted' : `${verdict.reason} ${verdict.at}`;
};

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
  const key = { secretKey: kim.signer.secretKey, purpose: 'entry' };
  expect(holds({}, { signature: hybridSign(crypto, key, message) })).toBe(false);
});

test('each other spelling is refused with its line', () => {
  const bad = 'malformed-checkpoint';
  expect(reason(lines)).toBe('accepted');
  expect(reason(lines.with(0, 'parley/room/00'))).toBe(`${bad} 0`);
  expect(reason(lines.with(0, (lines[0] ?? '').toUpperCase()))).toBe(`${bad} 0`);
  for (const size of ['', '011', '-1', '1.5', '99999999999999999', '1e3', ' 11']) {
    expect(reason(lines.with(1, size))).toBe(`${bad} 1`);
  }
  expect(reason(lines.with(2, (lines[2] ?? '').replace('=', '')))).toBe(`${bad} 2`);
  expect(reason(lines.with(3, 'extension'))).toBe(`${bad} 3`);
  expect(reason(lines.slice(0, -1))).toBe(`${bad} 3`);
  expect(reason(lines.with(4, (lines[4] ?? '').replace('\u2014', '-')))).toBe(`${bad} 4`);
  expect(reason(lines.with(5, `${lines[5]} x`))).toBe(`${bad} 5`);
  expect(reason(lines.with(5, (lines[5] ?? '').slice(0, -8)))).toBe(`${bad} 5`);
  const many = Array.from({ length: COSIGNATURES_MAX + 1 }, () => lines[4] ?? '');
  expect(reason([...lines.slice(0, 4), ...many, ''])).toBe(`${bad} 4`);
  expect(decodeCheckpoint(Uint8Array.of(0xff)).ok).toBe(false);
  expect(decodeCheckpoint(new Uint8Array(600_000)).ok).toBe(false);
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
