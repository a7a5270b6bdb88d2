import { describe, expect, it } from 'vitest';

import { FieldFollower } from './page-number.ts';

function inPieces(...instructions: string[]) {
  const fields = new FieldFollower();
  const said = instructions.map((words) => {
    fields.mark('begin');
    fields.instruct(words);
    return fields.mark('separate');
  });
  return { fields, said };
}

describe('fields of a text', () => {
  it('keeps the number of the page and of all pages, in pieces and in one element', () => {
    for (const [words, of] of [
      [' PAGE ', 'page'],
      ['page \\* MERGEFORMAT', 'page'],
      [' NUMPAGES \\* Arabic ', 'pages'],
    ] as const) {
      const { fields, said } = inPieces(words);
      expect(said).toEqual([of]);
      expect(fields.hides).toBe(true);
      expect(fields.mark('end')).toBeUndefined();
      expect(fields.hides).toBe(false);
      expect(new FieldFollower().simple(words)).toBe(of);
    }
  });

  it('keeps the words of a place to press, which has no result', () => {
    const end = (words: string, result: boolean) => {
      const fields = new FieldFollower();
      fields.mark('begin');
      fields.instruct(words);
      if (result) fields.mark('separate');
      return fields.mark('end');
    };
    const click = ' MACROBUTTON  NoMacro Name of the party ';
    expect(end(click, false)).toEqual({ words: 'Name of the party' });
    expect(end(click, true)).toBeUndefined();
    expect(end(' MACROBUTTON NoMacro ', false)).toBeUndefined();
    expect(end(' DDEAUTO c:\\x.exe words', false)).toBeUndefined();
  });

  it('keeps of every other field the words it last showed', () => {
    for (const words of [
      ' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" ',
      'PAGEREF x',
      'PAGE "http://evil.example"',
      'INCLUDETEXT PAGE',
      '= PAGE + 1',
      '',
    ]) {
      const { fields, said } = inPieces(words);
      expect(said).toEqual([undefined]);
      expect(fields.hides).toBe(false);
    }
  });

  it('says a number inside of another field, and one number of a field inside of it', () => {
    expect(inPieces('IF 1 = 1', 'PAGE').said).toEqual([undefined, 'page']);
    const { fields, said } = inPieces('PAGE', 'NUMPAGES');
    expect(said).toEqual(['page', undefined]);
    fields.mark('end');
    expect(fields.hides).toBe(true);
    fields.mark('end');
    expect(fields.hides).toBe(false);
  });

  it('says the number of a field without a result at its end, and endures marks out of order', () => {
    const fields = new FieldFollower();
    fields.mark('end');
    fields.end();
    fields.mark('begin');
    fields.instruct('PAGE');
    expect(fields.mark('end')).toBe('page');
    for (let i = 0; i < 1000; i++) fields.mark('begin');
    expect(fields.mark('separate')).toBeUndefined();
  });
});
