import { SHIPPED_HISTORY } from '@parley/outlook';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../words/languages.ts';
import { SCRIPT_OF } from '../words/test-support.ts';
import { titleOf, titlesIn } from './history-titles.ts';

const ENGLISH = new Set(SHIPPED_HISTORY.map(({ title }) => title));

describe.each(LANGUAGES.filter((language) => language !== 'en'))(
  'the history in %s',
  (language) => {
    it('has a title for each of the shipped records, in its own script, and for nothing else', async () => {
      const titles = await titlesIn(language);
      expect([...titles.keys()].toSorted()).toEqual([...ENGLISH].toSorted());
      const wrong = [...titles].filter(
        ([english, title]) => !SCRIPT_OF[language].test(title) || title === english,
      );
      expect(wrong).toEqual([]);
      // Figures are the same in every language, but for how one of them is cut into thousands.
      const figures = (text: string): string => text.replaceAll(/\D/g, '').slice(0, 2);
      const lost = [...titles].filter(
        ([english, title]) => /APT\d|MH17/.test(english) && figures(title) !== figures(english),
      );
      expect(lost).toEqual([]);
    });
  },
);

describe('a title', () => {
  it('is the source’s own where the record is not a shipped one as it was shipped', async () => {
    const [first] = SHIPPED_HISTORY;
    if (first === undefined) throw new Error('no history');
    const titles = await titlesIn('fr');
    expect(titleOf(first, titles)).toBe('Premier essai nucléaire nord-coréen');
    expect(titleOf({ ...first, title: 'Corrected' }, titles)).toEqual({ theirs: 'Corrected' });
    expect(titleOf({ ...first, id: 'theirs' }, titles)).toEqual({ theirs: first.title });
    expect(titleOf(first, await titlesIn('en'))).toEqual({ theirs: first.title });
  });
});
