import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import { catalogueOf } from '../../apps/web/src/words/languages.ts';
import { notRun } from '../../tools/not-run.ts';
import { button, isForEveryone, press, type } from './at-the-page.ts';
import { startChromium } from './browser.ts';
import { Delegations } from './delegations.ts';

// Two delegations talk off the record: one by keyboard in English, one by pointer in Arabic.

const ar = await catalogueOf('ar');
const chromium = await startChromium();
if ('missing' in chromium) notRun('talking off the record in the browser', chromium.missing);
/** Two processes, a relay and a browser answer each other here, and the machine may be busy. */
const SLOW = { timeout: 120_000 };
const SAID = 'What if we both gave up the ports?';

describe.runIf('browser' in chromium)('talking off the record in the browser', () => {
  let browser: Browser;
  let stage: Delegations;
  let alpha: Page;
  let beta: Page;

  beforeAll(async () => {
    if ('missing' in chromium) return;
    browser = chromium.browser;
    stage = await Delegations.meet();
    await stage.acquaint('talks');
    alpha = (await stage.window(browser, stage.alpha, 'en-GB')).page;
    beta = (await stage.window(browser, stage.beta, 'ar-EG')).page;
    for (const page of [alpha, beta]) {
      await page.getByRole('button', { name: /talks/ }).first().click();
      await page.locator('.composer').waitFor();
    }
  });

  afterAll(async () => {
    if ('missing' in chromium) return;
    await chromium.close();
    await stage.part();
  });

  const panel = (page: Page) => page.locator('section.off-record');
  const door = (page: Page) => page.locator('.off-record-door');

  it('begins where both go there, and puts the composer of the record away', async () => {
    await press(alpha, door(alpha).locator('summary'));
    await press(alpha, button(alpha, en['off.start']));
    await panel(alpha).getByText(en['off.waiting']).waitFor();
    expect(await alpha.locator('.composer').count()).toBe(0);
    // The other side is told, without having opened anything.
    await door(beta).getByRole('status').getByText('Ana').waitFor(SLOW);
    await isForEveryone(alpha, 'waiting for them off the record');
    await isForEveryone(beta, 'called off the record');
    await button(beta, ar['off.join']).click();
    await panel(alpha).getByText(en['off.here']).waitFor(SLOW);
    await panel(beta).getByText(ar['off.here']).waitFor(SLOW);
    expect(await panel(beta).textContent()).toContain(ar['off.promise']);
  });

  it('carries lines, each marked as what it is', async () => {
    await type(alpha, alpha.getByLabel(en['off.line'], { exact: true }), SAID);
    await alpha.keyboard.press('Enter');
    const heard = panel(beta).locator('.off-record-lines li').filter({ hasText: SAID });
    await heard.getByText(ar['off.mark'], { exact: true }).waitFor();
    await beta.getByLabel(ar['off.line'], { exact: true }).fill('إذن نوقّع في مايو.');
    await button(beta, ar['off.say']).click();
    await panel(alpha).getByText('إذن نوقّع في مايو.').waitFor();
  });

  it('has no finding of axe in any look, and scrolls to no side', async () => {
    await isForEveryone(alpha, 'off the record');
    await isForEveryone(beta, 'off the record, in Arabic');
    if (process.env['SCREENS'] !== undefined)
      for (const [page, language] of [
        [alpha, 'en'],
        [beta, 'ar'],
      ] as const) {
        await page.bringToFront();
        await page.screenshot({ path: `docs/screens/off-record-${language}-1280.png` });
      }
  });

  it('ends for both where one leaves, says what is left of it, and gives the composer back', async () => {
    await press(alpha, button(alpha, en['off.leave']));
    const over = alpha.locator('.off-record-over');
    await over.getByText(en['off.published']).waitFor(SLOW);
    await over.getByText(en['off.onRecord']).waitFor(SLOW);
    await beta.locator('.off-record-over').getByText(ar['off.end.over']).waitFor(SLOW);
    await alpha.locator('.composer').waitFor();
    await isForEveryone(alpha, 'after a talk off the record');
    for (const page of [alpha, beta]) expect(await page.content()).not.toContain(SAID);
    await press(alpha, button(alpha, en['off.close']));
    await button(beta, ar['off.close']).click();
  });

  it('is begun in Arabic too, and ends where the window is closed: the other side sees that they left', async () => {
    await door(beta).locator('summary').click();
    await button(beta, ar['off.start']).click();
    await panel(beta).getByText(ar['off.waiting']).waitFor();
    await door(alpha).getByRole('status').getByText('بدر').waitFor(SLOW);
    await press(alpha, button(alpha, en['off.join']));
    await panel(alpha).getByText(en['off.here']).waitFor(SLOW);
    await panel(beta).getByText(ar['off.here']).waitFor(SLOW);
    await alpha.close();
    await beta.locator('.off-record-over').getByText(ar['off.end.over']).waitFor(SLOW);
    expect(await beta.locator('.off-record-over').textContent()).not.toContain(
      ar['off.unpublished'],
    );
    expect(stage.complaints).toEqual([]);
  });
});
