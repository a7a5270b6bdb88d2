// How a person uses the page in a test: the keyboard alone, the screens one after the other, and what axe says of each.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';

const TABS_MAX = 80;

/** Presses Tab until the focus is there: what the keyboard cannot reach, a test cannot use. */
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
  const { violations } = await new AxeBuilder({ page }).analyze();
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
    const exempt = '${without}, bdi, code, select, script, style, .foreign-block, .textLayer, dl [lang=en], .quiet [lang=en]';
    const found = [];
    const isShown = (element) => element.closest(exempt) === null && element.getClientRects().length > 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      if (isShown(node.parentElement)) found.push(node.textContent);
    for (const name of ['aria-label', 'aria-description', 'alt', 'title', 'placeholder'])
      for (const element of document.querySelectorAll('[' + name + ']'))
        if (isShown(element)) found.push(element.getAttribute(name));
    return found;
  })()`);
}
