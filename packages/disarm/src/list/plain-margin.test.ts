import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { plainMargin } from './plain-margin.ts';

describe('what stands above and below the pages of a sheet', () => {
  it('keeps words, sections and numbers of pages; fonts, dates, names of files and pictures go', () => {
    const cases: [string, string][] = [
      ['&L&"Arial,Bold"&12Draft &A&CPage &P of &N&R&K01+000&D &T', '&LDraft &A&CPage &P of &N&R '],
      ['&C&KFF0000Red && white', '&CRed && white'],
      ['&R&F &Z &G &S&Bbold&X', '&R   bold'],
      ['합의안 초안', '합의안 초안'],
      ['&', ''],
      ['&"unclosed &P', 'unclosed &P'],
      ['', ''],
    ];
    for (const [codes, plain] of cases) expect(plainMargin(codes)).toBe(plain);
  });

  it('has 255 letters at most, no code in half, and is its own plain form', () => {
    expect(plainMargin('&P'.repeat(200))).toBe('&P'.repeat(127));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('&', 'P', 'A', '1', '"', 'K', 'ö', ' ') }),
        (codes) => {
          const plain = plainMargin(codes);
          expect(plainMargin(plain)).toBe(plain);
          expect(plain.replaceAll(/&[LCR&PNA]/gi, '')).not.toContain('&');
        },
      ),
      { numRuns: process.env['SLOW'] === '1' ? 20_000 : 200 },
    );
  });
});
