// Byte strings and their text forms: one value, one spelling.

import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  assert,
  compareBytes,
  concat,
  Fault,
  fromBase64Url,
  fromHex,
  fromUtf8,
  isFault,
  sameBytes,
  toBase64Url,
  toHex,
  utf8,
} from './index.ts';

const anyBytes = fc.uint8Array({ maxLength: 80 });

test('hexadecimal and base64url come back, as other tools write them', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual({ ok: true, value: bytes });
      expect(fromBase64Url(toBase64Url(bytes))).toEqual({ ok: true, value: bytes });
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }),
  );
});

test('any other text is refused, or is the one spelling of what it reads to', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'AQgwBZ019-_=+/ aF'.split('')),
    maxLength: 9,
  });
  fc.assert(
    fc.property(letters, (written) => {
      const hex = fromHex(written);
      if (hex.ok) expect(toHex(hex.value)).toBe(written);
      const url = fromBase64Url(written);
      if (url.ok) expect(toBase64Url(url.value)).toBe(written);
    }),
  );
  for (const bad of ['A', 'AB', 'AAB', 'AA==', 'A+==', 'AAA AA'])
    expect(fromBase64Url(bad), bad).toMatchObject({ reason: 'not-base64url' });
  for (const bad of ['0', 'AB', '0g', '0x00'])
    expect(fromHex(bad), bad).toMatchObject({ reason: 'not-hex' });
});

test('UTF-8 is refused where it is malformed, never repaired', () => {
  expect(fromUtf8(utf8('평화'))).toEqual({ ok: true, value: '평화' });
  expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual({ ok: true, value: '\ufeffa' });
  for (const bad of [[0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xff]])
    expect(fromUtf8(Uint8Array.from(bad))).toMatchObject({ reason: 'not-utf8' });
});

test('joining, comparing and ordering agree with each other', () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      const joined = concat(a, b);
      expect(sameBytes(joined.subarray(0, a.length), a)).toBe(true);
      expect(sameBytes(joined.subarray(a.length), b)).toBe(true);
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(sameBytes(a, b)).toBe(compareBytes(a, b) === 0);
    }),
  );
});

test('a fault is told by its shape, a bug by its word', () => {
  const fault = new Fault('disk-full', 'no room', { retry: true, nextAction: 'make room' });
  expect(isFault(fault)).toBe(true);
  expect(isFault(fault, 'disk-full')).toBe(true);
  expect(isFault(fault, 'relay-broken')).toBe(false);
  expect(isFault(new Error('no room'))).toBe(false);
  expect(fault).toMatchObject({ retry: true, nextAction: 'make room' });
  expect(() => assert(false, 'never')).toThrow('bug: never');
  expect(() => assert(1, 'always')).not.toThrow();
});
