// How a person uses the page in a test: the keyboard alone, the screens one after the other, and what axe says of each.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { LANGUAGES, type Language } from '../../apps/web/src/words/languages.ts';

const TABS_MAX = 80;

/** Presses Tab until the focus is there: what the keyboard cannot reach, a test cannot use. */
/** What people see and press, by its words. */
export const button = (page: Page | Locator, name: string): Locator =>
  page.getByRole('button', { name, exact: true });
export const field = (page: Page | Locator, name: string): Locator =>
  page.getByLabel(name, { exact: true });
export const place = (page: Page, name: string): Locator =>
  page.getByRole('navigation').getByRole('button', { name });

export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  const focused = target.and(page.locator(':focus'));
  for (let tab = 0; tab < TABS_MAX; tab++) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${target.toString()}`);
}

export async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

export async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.insertText(text);
}

export type Look = {
  readonly width: 320 | 1280;
  readonly colors: 'light' | 'dark' | 'forced';
};

export const LOOKS: readonly Look[] = ([320, 1280] as const).flatMap((width) =>
  (['light', 'dark', 'forced'] as const).map((colors) => ({ width, colors })),
);

export async function wear(page: Page, { width, colors }: Look): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({
    colorScheme: colors === 'dark' ? 'dark' : 'light',
    forcedColors: colors === 'forced' ? 'active' : 'none',
  });
}

/** What axe finds of any impact, one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  // In one piece and without the list of what passes: there is one frame, and this runs a thousand times.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** What makes the page wider than its window: the elements that stand out of it, outside the boxes that scroll. */
export async function overflow(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.closest('.scroller') === null || element.matches('.scroller'))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.right > root.clientWidth + 0.5 || box.left < -0.5)
      .map(({ element, box }) => element.outerHTML.slice(0, 120) + ' ' + box.left + '..' + box.right);
  })()`);
}

/**
 * What stands on the page in our words, on the screen and for a screen reader: not what others wrote, nor names of engines.
 * `without` selects what is left out too.
 */
export async function textsOfOurs(page: Page, without = 'script'): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const exempt = '${without}, bdi, code, select, script, style, .foreign-block, .words-layer, dl [lang=en], .quiet [lang=en]';
    const found = [];
    const isShown = (element) => element.closest(exempt) === null && element.checkVisibility() && element.getClientRects().length > 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      // What stands in a field to write in is the person's own.
      if (isShown(node.parentElement) && node.parentElement.tagName !== 'TEXTAREA') found.push(node.textContent);
    for (const name of ['aria-label', 'aria-description', 'alt', 'title', 'placeholder'])
      for (const element of document.querySelectorAll('[' + name + ']'))
        if (isShown(element)) found.push(element.getAttribute(name));
    return found;
  })()`);
}

/** Names of programs, formats, keys and units and examples of a form, the same in every language; and whom these stories name. */
const NAMES =
  /https:\/\/relay\.example:7447|parley1…|\b(?:talks(?:\/drafting)?|Ana|Cleo(?: Dahl)?|Dee|From|sha256|Parley|parley(?: (?:ui|outlook|backtest))*|SHA-?256|PDF|DOCX|XLSX|PPTX|JavaScript|Ctrl|Enter|Brier|UTC|QR|DKIM|SPF|DMARC|ARC|eml|APT\d+|MH17|TV5Monde|DMM)\b/g;

/**
 * Texts of the page with Latin words that are neither what others wrote, nor names, nor an engine, a policy or a
 * publication that a rule comes from. A sentence of a part that has no form in the page's language is among them.
 */
export async function latinOfOurs(page: Page): Promise<string[]> {
  const texts = await textsOfOurs(page);
  return texts.filter((text) => /[A-Za-z]{2,}/.test(text.replaceAll(NAMES, '')));
}

const languageOf = (page: Page): Promise<Language> =>
  page.evaluate<Language>('document.documentElement.lang');

/** Every word of the page changes, and everything else stays where it is. */
export async function speak(page: Page, language: Language): Promise<void> {
  if ((await languageOf(page)) === language) return;
  const choice = page.locator('header select').filter({ visible: true });
  await choice.selectOption(language);
  // The words come in small steps; the choice says the language that stands on the page.
  await expect.poll(() => choice.inputValue(), { timeout: 30_000 }).toBe(language);
  await expect.poll(() => languageOf(page), { timeout: 30_000 }).toBe(language);
}

/** Lets a file go over that place as a hand does it: what a script makes up carries no file. */
export async function dropFile(page: Page, zone: Locator, path: string): Promise<void> {
  await zone.scrollIntoViewIfNeeded();
  const box = (await zone.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const hand = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await hand.send('Input.dispatchDragEvent', {
      type,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      data: { items: [], files: [path], dragOperationsMask: 1 },
    });
}

const isSlow = process.env['SLOW'] === '1';
/** Each screen of this file with how many languages and looks axe has seen of it. */
const seen = new Map<string, number>();
afterAll(() => {
  if (!isSlow) return;
  const states = [...seen.values()].reduce((sum, count) => sum + count, 0);
  console.log(`axe: ${seen.size} screens, ${states} states: ${[...seen.keys()].join('; ')}`);
});

/** What is not written in Latin letters shows what was left in English. */
const NOT_LATIN: ReadonlySet<Language> = new Set(['ar', 'ko', 'ru', 'zh']);

/**
 * The screen fits its window, satisfies axe, and has no Latin word of ours: with SLOW=1 in every language and look, else in
 * the language it stands in and some looks; and in Korean for its words. It stays in the language that it was in.
 */
export async function isForEveryone(
  page: Page,
  name: string,
  some: readonly Look[] = SOME_LOOKS,
): Promise<void> {
  expect(seen.has(name), `${name} is looked at once`).toBe(false);
  const own = await languageOf(page);
  try {
    for (const language of isSlow ? LANGUAGES : [own]) {
      await speak(page, language);
      for (const look of isSlow ? LOOKS : some) {
        await wear(page, look);
        const what = `${name} in ${language} at ${look.width} px, ${look.colors}`;
        expect(await overflow(page), what).toEqual([]);
        expect(await axeFindings(page), what).toEqual([]);
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
      if (isSlow && NOT_LATIN.has(language)) await saysNothingInLatin(page, name);
    }
    if (!isSlow) {
      await speak(page, 'ko');
      await saysNothingInLatin(page, name);
    }
  } finally {
    // One finding is one failure: what follows in the story finds its words.
    await speak(page, own);
    await wear(page, { width: 1280, colors: 'light' });
  }
}

async function saysNothingInLatin(page: Page, name: string): Promise<void> {
  const language = await languageOf(page);
  // What the client says in the page's language may still be on its way.
  await expect
    .poll(() => latinOfOurs(page), { message: `${name} in ${language}`, timeout: 20_000 })
    .toEqual([]);
}

/** What of the looks is tried each time. */
const SOME_LOOKS: readonly Look[] = [
  { width: 320, colors: 'dark' },
  { width: 1280, colors: 'light' },
];
