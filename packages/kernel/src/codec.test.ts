// One value, one encoding: the vectors, and every other byte string refused.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  boolean,
  bytes,
  decode,
  encode,
  fromHex,
  list,
  nullable,
  struct,
  text,
  toHex,
  uint,
  variant,
  word,
  type Codec,
} from './index.ts';

const RUNS = process.env['SLOW'] === '1' ? 5_000 : 200;

const small = uint(10);
const seen = struct({ size: uint(), root: bytes({ max: 4 }) });
const schemas: Record<string, Codec<never>> = {
  number: uint(),
  small,
  id: bytes({ exactly: 2 }),
  data: bytes({ max: 4, min: 1 }),
  name: text(8),
  flag: boolean(),
  maybe: nullable(small),
  answer: word(['yes', 'no']),
  row: list(small, 3),
  seen,
  pair: struct({ id: bytes({ exactly: 2 }), seen }),
  act: variant({ say: struct({ text: text(8) }), go: struct({ to: small }) }),
} as unknown as Record<string, Codec<never>>;

function schema(name: string): Codec<unknown> {
  const found = schemas[name];
  if (found === undefined) throw new Error(`no schema ${name}`);
  return found;
}

function hex(written: string): Uint8Array {
  const read = fromHex(written);
  if (!read.ok) throw new Error('not hexadecimal');
  return read.value;
}

const file = JSON.parse(
  readFileSync(new URL('../../../vectors/kernel/canonical.json', import.meta.url), 'utf8'),
) as {
  schemas: Record<string, string>;
  valid: { schema: string; hex: string; value: unknown }[];
  invalid: { name: string; schema: string; hex: string; reason: string; at?: number }[];
};

/** JSON has no bytes: a pair {"hex"} stands for them. */
function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ('hex' in value && typeof value.hex === 'string') return hex(value.hex);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]));
}

describe('vectors', () => {
  test('name the schemas this test knows', () => {
    expect(Object.keys(file.schemas).toSorted()).toEqual(Object.keys(schemas).toSorted());
  });

  test.each(file.valid)('valid: $schema $hex', (one) => {
    const value = revive(one.value);
    expect(decode(schema(one.schema), hex(one.hex))).toEqual({ ok: true, value });
    expect(toHex(encode(schema(one.schema), value))).toBe(one.hex);
  });

  test.each(file.invalid)('invalid: $name', ({ at, reason, schema: name, hex: written }) => {
    const verdict = decode(schema(name), hex(written));
    expect(verdict).toMatchObject({ ok: false, reason, ...(at === undefined ? {} : { at }) });
  });
});

const values: Record<string, fc.Arbitrary<unknown>> = {
  number: fc.maxSafeNat(),
  data: fc.uint8Array({ minLength: 1, maxLength: 4 }),
  name: fc
    .string({ maxLength: 2, unit: 'grapheme-composite' })
    .filter((s) => Buffer.byteLength(s) <= 8),
  maybe: fc.option(fc.nat(10)),
  row: fc.array(fc.nat(10), { maxLength: 3 }),
  pair: fc.record({
    id: fc.uint8Array({ minLength: 2, maxLength: 2 }),
    seen: fc.record({ size: fc.maxSafeNat(), root: fc.uint8Array({ maxLength: 4 }) }),
  }),
  act: fc.oneof(
    fc.record({ kind: fc.constant('say'), text: fc.constantFrom('', 'hi', '평화') }),
    fc.record({ kind: fc.constant('go'), to: fc.nat(10) }),
  ),
};

describe.each(Object.entries(values))('%s', (name, arbitrary) => {
  test('reads back what it wrote, and refuses it cut or stretched', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(255), (value, place, extra) => {
        const encoded = encode(schema(name), value);
        expect(decode(schema(name), encoded)).toEqual({ ok: true, value });
        const cut = encoded.subarray(0, place % encoded.length);
        expect(decode(schema(name), cut).ok).toBe(false);
        const stretched = Uint8Array.of(...encoded, extra);
        expect(decode(schema(name), stretched)).toMatchObject({ reason: 'trailing-bytes' });
      }),
      { numRuns: RUNS },
    );
  });
});

describe.each(Object.keys(schemas))('any bytes as %s', (name) => {
  test('are refused, or are the one encoding of what they read to', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (noise) => {
        const read = decode(schema(name), noise);
        if (read.ok) expect(encode(schema(name), read.value)).toEqual(noise);
        else expect(read.at ?? 0).toBeLessThanOrEqual(noise.length);
      }),
      { numRuns: RUNS },
    );
    // Noise seldom reads; a valid encoding with one byte changed often does.
    const valid = file.valid.filter((one) => one.schema === name);
    for (const one of valid) {
      const original = hex(one.hex);
      for (let at = 0; at < original.length; at++)
        for (const byte of [0, 1, 0x18, 0x40, 0x60, 0x80, 0xa0, 0xf6, 0xff]) {
          const changed = original.slice();
          changed[at] = byte;
          const read = decode(schema(name), changed);
          if (read.ok) expect(encode(schema(name), read.value)).toEqual(changed);
        }
    }
  });
});

describe('writing', () => {
  test.each<[string, string, unknown]>([
    ['a number over the limit', 'small', 11],
    ['a fraction', 'number', 1.5],
    ['a negative number', 'number', -1],
    ['bytes over the limit', 'id', new Uint8Array(3)],
    ['text over the limit', 'name', '평화평화'],
    ['half a surrogate pair', 'name', '\ud83d'],
    ['an unknown word', 'answer', 'maybe'],
    ['too many items', 'row', [1, 2, 3, 4]],
    ['an unknown kind', 'act', { kind: 'stay' }],
  ])('%s is a bug of ours', (_what, name, value) => {
    expect(() => encode(schema(name), value)).toThrow(/^bug: /);
  });
});
