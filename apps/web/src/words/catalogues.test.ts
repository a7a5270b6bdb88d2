import { WORD_LANGUAGES } from '@parley/channel';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { formatMessage, type MessageKey } from './format.ts';
import { splitHidden } from './hidden.ts';
import { LANGUAGES, WORD_LISTS, catalogueOf, preferredLanguage, wordListFor } from './languages.ts';
import { SCRIPT_OF, asksFor } from './test-support.ts';

const KEYS = Object.keys(en) as MessageKey[];

describe.each(LANGUAGES)('the catalogue of %s', (language) => {
  it('has every message, none empty, none that English has not', async () => {
    const catalogue = await catalogueOf(language);
    expect(Object.keys(catalogue).toSorted()).toEqual(KEYS.toSorted());
    for (const key of KEYS) expect(catalogue[key].trim(), key).not.toBe('');
  });

  it('asks for the same values as English, and has every plural form of its language', async () => {
    const catalogue = await catalogueOf(language);
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const key of KEYS) {
      const { values, forms } = asksFor(catalogue[key], language);
      expect(values, key).toEqual(asksFor(en[key], 'en').values);
      // French "many" is for millions written in words: "other" says the same.
      const needed = wanted.filter((form) => language !== 'fr' || form !== 'many');
      if (forms.length > 0) expect(forms, key).toEqual(expect.arrayContaining(needed));
    }
  });

  it('is in its own script, but for names and signs', async () => {
    const own = SCRIPT_OF[language];
    const catalogue = await catalogueOf(language);
    const values = (key: MessageKey): Record<string, number> =>
      Object.fromEntries(asksFor(en[key], 'en').values.map((name) => [name, 5]));
    const signs = [
      'app.title',
      'composer.share',
      'register.number',
      'outlook.interval',
      'mail.line',
    ];
    const foreign = KEYS.filter(
      (key) =>
        !signs.includes(key) && !own.test(formatMessage(language, catalogue, key, values(key))),
    );
    expect(foreign).toEqual([]);
  });

  it('names a page in a way that the number on its button is a word of', async () => {
    const said = formatMessage(language, await catalogueOf(language), 'viewer.goTo', { page: 3 });
    expect(said.split(' ')).toContain('3');
  });

  it('holds no direction marks: the page isolates what needs it', async () => {
    const catalogue = await catalogueOf(language);
    for (const key of KEYS)
      expect(
        splitHidden(catalogue[key]).filter(({ hidden }) => hidden),
        key,
      ).toEqual([]);
  });
});

describe('messages', () => {
  it('count as their language does', async () => {
    const count = async (language: 'ar' | 'ru', value: number): Promise<string> =>
      formatMessage(language, await catalogueOf(language), 'register.count', { count: value });
    expect(await count('ru', 1)).toBe('1 запись');
    expect(await count('ru', 3)).toBe('3 записи');
    expect(await count('ru', 11)).toBe('11 записей');
    expect(await count('ar', 2)).toBe('قيدان');
    expect(await count('ar', 11)).toMatch(/قيدًا$/);
  });

  it('take values as text, never as markup or as a message', () => {
    const said = formatMessage('en', en, 'relay.down', { time: '<b>{x}</b>' });
    expect(said).toContain('<b>{x}</b>');
  });
});

describe('languages', () => {
  it('prefer what the reader prefers', () => {
    expect(preferredLanguage(['de-AT', 'fr-CA', 'en'])).toBe('fr');
    expect(preferredLanguage(['zh-Hant-TW'])).toBe('zh');
    expect(preferredLanguage([])).toBe('en');
  });

  it('name exactly the word lists that the ceremony has', () => {
    expect(Object.keys(WORD_LISTS).toSorted()).toEqual([...WORD_LANGUAGES].toSorted());
    for (const language of LANGUAGES) expect(WORD_LISTS).toHaveProperty(wordListFor(language));
  });
});

describe('hidden characters', () => {
  it('are shown as what they are', () => {
    expect(splitHidden('a\u202eb')).toEqual([
      { text: 'a', hidden: false },
      { text: 'U+202E', hidden: true },
      { text: 'b', hidden: false },
    ]);
    const hidden = ['\u0000', '\u00ad', '\u200b', '\u2066', '\ufeff', '\u{e0041}', '\u034f', '\n'];
    for (const letter of hidden) expect(splitHidden(letter)[0]?.hidden, letter).toBe(true);
  });

  it('leave ordinary text of every script alone', () => {
    for (const text of ['Ünïcode é', 'مرحبا', '한국어', '中文', 'हिन्दी', '👍🏽'])
      expect(splitHidden(text)).toEqual([{ text, hidden: false }]);
  });
});
