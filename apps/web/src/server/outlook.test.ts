import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativePorts } from '@parley/kernel/node';
import { afterAll, describe, expect, it } from 'vitest';
import { DIRECTIONS, LANGUAGES, type Language } from '../words/languages.ts';
import { SCRIPT_OF } from '../words/test-support.ts';
import { outlookAnswer } from './outlook.ts';
import type { PictureCell } from './wire-outlook.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-outlook-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What stands in a picture, but for actors that only their source has a name for: they are no country. */
const ACTORS = /^(?:[A-Z]{2}|.*[A-Za-z]{3,}.*)$/;
/** Names of exercises, companies and programs inside a title in another script: they are written so in every language. */
const NAMED = /\b[A-Z][A-Za-z0-9]+\b/g;
const textsIn = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text = '']) => text);
const attributesIn = (svg: string): string[] =>
  [...svg.matchAll(/aria-(?:label|description)="([^"]*)"/g)].map(([, text = '']) => text);
const isOurs = (cell: PictureCell): cell is string =>
  typeof cell === 'string' && !/^[\d/-]+$/.test(cell);

describe.each(LANGUAGES)('the pictures of the outlook in %s', (language: Language) => {
  it('say every word in that language, in the picture and in its table', async () => {
    const { pictures } = await outlookAnswer(nativePorts, home, language);
    expect(pictures.length).toBe(7);
    const theirs = new Set(
      pictures.flatMap(({ table }) =>
        table.rows.flat().flatMap((cell) => (typeof cell === 'object' ? [cell?.theirs ?? ''] : [])),
      ),
    );
    const own = SCRIPT_OF[language];
    let read = 0;
    for (const { title, says, svg, table } of pictures) {
      const lanes = textsIn(svg).filter((text) => !theirs.has(text));
      const words = [
        title,
        says,
        ...table.columns,
        ...table.rows.flat().filter(isOurs),
        ...lanes,
      ].filter((text) => /\p{L}/u.test(text));
      read += words.length;
      expect(words.filter((text) => !own.test(text))).toEqual([]);
      if (own.source !== SCRIPT_OF.en.source)
        expect(
          words.filter(
            (text) =>
              ACTORS.test(text) && (!own.test(text) || ACTORS.test(text.replaceAll(NAMED, ''))),
          ),
        ).toEqual([]);
      expect(attributesIn(svg)).toEqual(expect.arrayContaining([title, says]));
    }
    expect(read).toBeGreaterThan(200);
    // What is looked for is found where it is.
    if (language !== 'en' && language !== 'fr') expect('days from issue').not.toMatch(own);
  });

  it('are read from the side that the language is read from', async () => {
    const { pictures } = await outlookAnswer(nativePorts, home, language);
    for (const { svg } of pictures) {
      const ticks = [...svg.matchAll(/text-anchor="(\w+)"[^>]*aria-label="y-axis tick label"/g)];
      expect(ticks.length).toBe(1);
      expect(ticks[0]?.[1]).toBe(DIRECTIONS[language] === 'ltr' ? 'end' : 'start');
    }
  });
});
