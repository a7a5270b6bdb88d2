import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { columnLetters, columnNumber, plainFormula } from './plain-formula.ts';

const SHEETS = new Set(['Costs', "Ann's plan", '계획']);
const RUNS = process.env['SLOW'] === '1' ? 100_000 : 500;

describe('plain formulas', () => {
  it.each([
    'A1',
    'SUM(A1:B2)',
    'IF(A1>=2,"yes ""sir""",-B$3%)',
    "'Ann''s plan'!C3+Costs!$D$4",
    '계획!A1&"x"',
    '1.5E-3*(2^3)',
    'SUM(A:A)',
    'SUM($1:$2)',
    'ROUND( SUM(A1,2) , 2 )',
    '{1,2;3,4}',
    'TRUE',
    'VLOOKUP(A1,B1:C9,2,FALSE)',
    'LOG10(5)+A10',
  ])('%s stays', (formula) => {
    expect(plainFormula(formula, SHEETS)).toBe(formula);
  });

  it.each([
    "cmd|'/c calc'!A0",
    '[1]Sheet!A1',
    "'[b.xlsx]S'!A1",
    'WEBSERVICE("http://x")',
    'HYPERLINK("http://x")',
    'INDIRECT("A1")',
    'CALL("k","w")',
    'Other!A1',
    'MyName',
    'SUM(MyName)',
    '_xlfn.WEBSERVICE("x")',
    'EXEC("x")',
    'RTD("a","b")',
    'A1#',
    '@A1',
    '',
    'REGISTER.ID("a","b")',
    'sum(A1)',
    '"open',
    'A1 <- B1\u0000',
    "'Costs'!A1|B1",
    'Costs !A1'.replace(' !', '\u00a0!'),
  ])('%s does not', (formula) => {
    expect(plainFormula(formula, SHEETS)).toBeUndefined();
  });

  it('move their relative places only, and never off the sheet', () => {
    expect(plainFormula('A1+$A1+A$1+$A$1', SHEETS, { rows: 2, columns: 1 })).toBe(
      'B3+$A3+B$1+$A$1',
    );
    expect(plainFormula('A1', SHEETS, { rows: -1, columns: 0 })).toBeUndefined();
    expect(plainFormula('SUM(A:A)', SHEETS, { rows: 0, columns: 1 })).toBeUndefined();
  });

  it('hold no word that is not on the list, whatever is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const plain = plainFormula(text, SHEETS);
        const bare = plain?.replaceAll(/"(?:[^"]|"")*"/g, '').replaceAll(/'(?:[^']|'')+'!/g, '');
        expect(bare ?? '').not.toMatch(/[|[\]@#\\]|https?:/);
      }),
      { numRuns: RUNS },
    );
  });

  it('columns have letters and numbers', () => {
    for (const column of [1, 26, 27, 702, 703, 16_384])
      expect(columnNumber(columnLetters(column))).toBe(column);
  });
});
