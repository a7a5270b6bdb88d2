import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '@parley/kernel';
import { Gathered, cut, lengthOf } from './pieces.ts';

const arbitraryPieces = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 40 });

it('what is gathered and cut is what came, in order', () => {
  fc.assert(
    fc.property(arbitraryPieces, fc.nat(), fc.nat(), (pieces, a, b) => {
      const gathered = new Gathered();
      for (const piece of pieces) gathered.add(piece);
      const whole = concat(...pieces);
      expect(concat(...gathered.pieces)).toEqual(whole);
      expect(gathered.length).toBe(whole.length);
      const [from = 0, to = 0] = [a % (whole.length + 1), b % (whole.length + 1)].toSorted(
        (x, y) => x - y,
      );
      expect(concat(...cut(gathered.pieces, from, to))).toEqual(whole.subarray(from, to));
      expect(lengthOf(gathered.pieces)).toBe(whole.length);
    }),
  );
});

it('a stranger who sends single bytes fills no memory with pieces', () => {
  const gathered = new Gathered();
  for (let at = 0; at < 1_000_000; at++) gathered.add(Uint8Array.of(at & 255));
  expect(gathered.pieces.length).toBeLessThan(3000);
  expect(concat(...gathered.pieces).subarray(254, 258)).toEqual(Uint8Array.of(254, 255, 0, 1));
});
