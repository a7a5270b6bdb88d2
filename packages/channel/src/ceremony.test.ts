// The words: the same for both, different for anyone in the middle, and never known before both have committed.

import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { asFingerprint, asLeafHash } from '@parley/record';
import { ceremonyWords, commitmentOf } from './ceremony.ts';
import { indexOfWord, WORD_LANGUAGES, wordsFor } from './words.ts';
import { crypto } from '../testing/town.ts';

const filled = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const between = {
  offered: filled(1),
  answered: filled(2),
  parties: [asFingerprint(filled(3)), asFingerprint(filled(4))] as const,
  channel: filled(5),
  offer: asLeafHash(filled(6)),
};

describe('the four words', () => {
  test('are the same whoever computes them', () => {
    const [a, b] = between.parties;
    const words = ceremonyWords(crypto, between);
    expect(ceremonyWords(crypto, { ...between, parties: [b, a] })).toEqual(words);
    expect(words).toHaveLength(4);
  });

  test.each<[string, Partial<typeof between>]>([
    ['nonce offered', { offered: filled(9) }],
    ['nonce answered', { answered: filled(9) }],
    ['authority', { parties: [asFingerprint(filled(3)), asFingerprint(filled(9))] }],
    ['channel', { channel: filled(9) }],
    ['offer', { offer: asLeafHash(filled(9)) }],
  ])('change with the %s', (_what, change) => {
    expect(ceremonyWords(crypto, { ...between, ...change })).not.toEqual(
      ceremonyWords(crypto, between),
    );
  });

  test('use all their 44 bits', () => {
    const seen = Array.from({ length: 4 }, () => ({ low: 2048, high: -1 }));
    for (let i = 0; i < 300; i++) {
      const offered = crypto.hash('sha256', Uint8Array.of(i & 255, i >> 8));
      for (const [place, index] of ceremonyWords(crypto, { ...between, offered }).entries()) {
        const range = seen[place];
        if (range === undefined) continue;
        range.low = Math.min(range.low, index);
        range.high = Math.max(range.high, index);
      }
    }
    for (const { low, high } of seen) {
      expect(low).toBeLessThan(100);
      expect(high).toBeGreaterThan(1948);
      expect(high).toBeLessThan(2048);
    }
  });

  test('a commitment hides its nonce behind a hash of its own', () => {
    expect(commitmentOf(crypto, filled(1))).not.toEqual(commitmentOf(crypto, filled(2)));
    expect(commitmentOf(crypto, filled(1))).not.toEqual(crypto.hash('sha256', filled(1)));
  });
});

describe('word lists', () => {
  test.each(WORD_LANGUAGES)(
    '%s has 2048 different words, each found again as it is typed',
    (language) => {
      const words = wordsFor(
        Array.from({ length: 2048 }, (_, i) => i),
        language,
      );
      expect(new Set(words.map((word) => word.normalize('NFKD'))).size).toBe(2048);
      fc.assert(
        fc.property(fc.nat(2047), (index) => {
          const word = words[index] ?? '';
          expect(indexOfWord(` ${word.normalize('NFC').toUpperCase()} `, language)).toBe(index);
        }),
        { numRuns: 50 },
      );
      expect(indexOfWord('qqqq', language)).toBeUndefined();
    },
  );
});
