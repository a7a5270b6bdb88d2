import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativePorts } from '@parley/kernel/node';
import { newDirectory } from '@parley/mail';
import { startUi } from '@parley/web';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import { catalogueOf } from '../../apps/web/src/words/languages.ts';
import { notRun } from '../../tools/not-run.ts';
import {
  axeFindings,
  button,
  field,
  isForEveryone,
  latinOfOurs,
  press,
  tabTo,
  type,
} from './at-the-page.ts';
import { startChromium } from './browser.ts';
import { Delegations, PASSPHRASE } from './delegations.ts';
import { withFiles } from './sample-mail.ts';

// The places beside the conversation: the first day at a new machine, reading a document, and what the others are for.

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const ko = await catalogueOf('ko');
const chromium = await startChromium();
if ('missing' in chromium) notRun('the places of the page', chromium.missing);

describe.runIf('browser' in chromium)('the places of the page', () => {
  let browser: Browser;
  let stage: Delegations;
  let beta: Page;

  beforeAll(async () => {
    if ('missing' in chromium) return;
    browser = chromium.browser;
    stage = await Delegations.meet();
    await stage.acquaint('talks');
    for (const name of ['draft-agenda.pdf', 'order-of-speakers.pdf', 'harbour.jpg'])
      await stage.alpha.desk.send('talks', `${SAMPLES}${name}`, { onProgress: () => undefined });
    beta = (await stage.window(browser, stage.beta, 'en-GB')).page;
  });

  afterAll(async () => {
    if ('missing' in chromium) return;
    await chromium.close();
    await stage.part();
  });

  it('sets up a machine by keyboard, and lets its vault be opened the next day', async () => {
    const home = join(stage.folder, 'newcomer');
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    stage.listenTo(page);
    const first = await startUi({ home }, { ports: nativePorts });
    await page.goto(first.newLink());
    await type(page, field(page, en['setUp.party']), 'Mediator');
    await type(page, field(page, en['setUp.member']), 'Chandra');
    await type(page, field(page, en['setUp.passphrase']), 'password1');
    await page.getByRole('status').getByText(en['strength.0']).waitFor();
    await field(page, en['setUp.passphrase']).fill(PASSPHRASE);
    await type(page, field(page, en['setUp.again']), 'something else');
    await page.getByText(en['setUp.differs']).waitFor();
    await isForEveryone(page, 'set-up');
    await field(page, en['setUp.again']).fill(PASSPHRASE);
    await press(page, button(page, en['setUp.act']));
    await button(page, en['channel.found']).waitFor();
    await first.close();

    const second = await startUi({ home }, { ports: nativePorts });
    await page.goto(second.newLink());
    await field(page, en['field.passphrase']).fill('not this one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('wrong-passphrase').waitFor();
    await isForEveryone(page, 'unlock');
    await field(page, en['field.passphrase']).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await field(page, en['channel.name']).fill('aside');
    await field(page, en['channel.relay']).fill(stage.relay.url);
    await button(page, en['channel.found']).click();
    const invitation = (await page.getByTestId('invitation').textContent()) ?? '';
    const code = join(stage.folder, 'code.png');
    await page.getByRole('img', { name: en['invitation.codeLabel'] }).screenshot({ path: code });
    await page.locator('input[type=file]').setInputFiles(code);
    await expect
      .poll(() => page.getByRole('textbox', { name: en['invitation.title'] }).inputValue())
      .toBe(invitation);
    // The same picture pasted, and dropped: as a browser hands over a file.
    for (const way of ['paste', 'drop'] as const) {
      await page.getByRole('textbox', { name: en['invitation.title'] }).fill('');
      await handOver(page, '.scan', { way, picture: readFileSync(code) });
      await expect
        .poll(() => page.getByRole('textbox', { name: en['invitation.title'] }).inputValue(), {
          message: way,
        })
        .toBe(invitation);
    }

    // The client is started anew with the vault locked: the same window opens it and goes on where it was.
    await second.close();
    const third = await startUi({ home }, { ports: nativePorts });
    await page.getByRole('textbox', { name: en['live.link'] }).fill(third.newLink());
    await page.keyboard.press('Enter');
    await page.getByText(en['unlock.explain']).waitFor();
    expect(await page.getByTestId('invitation').isVisible()).toBe(false);
    await field(page, en['field.passphrase']).fill(PASSPHRASE);
    await page.keyboard.press('Enter');
    await page.getByTestId('invitation').waitFor();
    expect(await page.getByTestId('invitation').textContent()).toBe(invitation);
    await context.close();
    await third.close();
  });

  it('shows the pages of a safe copy, finds words in them, and leads from a finding to its page', async () => {
    await beta.getByRole('button', { name: 'talks' }).click();
    const agenda = beta.locator('.entry').filter({ hasText: 'draft-agenda.pdf' }).first();
    await agenda.getByText(en['document.ready']).waitFor();
    await agenda.getByRole('button', { name: en['document.open'] }).click();
    const sheet = agenda.locator('.sheet canvas').first();
    await sheet.waitFor();
    const inked = (): Promise<number> =>
      beta.evaluate<number>(`(() => {
        const canvas = document.querySelector('.sheet canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, at) => at % 4 === 0 && value < 128).length;
      })()`);
    await expect.poll(inked).toBeGreaterThan(100);
    await field(beta, en['viewer.search']).fill('agenda');
    await agenda.locator('.viewer-search [role=status]').getByText('time').waitFor();
    expect(await beta.evaluate('CSS.highlights.get("found-words")?.size ?? 0')).toBeGreaterThan(0);
    await button(beta, en['viewer.larger']).click();
    const jump = agenda.locator('.page-link').first();
    await jump.click();
    await expect
      .poll(() => beta.evaluate('document.activeElement?.className ?? ""'))
      .toBe('sheets');
    expect(await agenda.getByText('JavaScript').count()).toBeGreaterThan(0);
    await button(beta, en['viewer.thumbs']).click();
    await agenda.locator('.thumb canvas').first().waitFor();
    await isForEveryone(beta, 'document');
  });

  it('compares two documents word by word', async () => {
    await button(beta, en['compare.act']).click();
    await beta.locator('.compared ins').first().waitFor();
    expect(await beta.locator('.compared del').count()).toBeGreaterThan(0);
  });

  it('is told by axe what nobody could use or read', async () => {
    await beta.evaluate(`(() => {
      const planted = Object.assign(document.createElement('div'), { className: 'planted' });
      const unnamed = document.createElement('button');
      const pale = Object.assign(document.createElement('p'), { textContent: 'Pale.' });
      pale.style.color = 'rgb(250, 250, 250)';
      pale.style.background = 'white';
      planted.append(unnamed, pale);
      document.querySelector('main').append(planted);
    })()`);
    const found = (await axeFindings(beta))
      .map((finding) => finding.replace(/:.*/s, ''))
      .toSorted();
    expect(found).toEqual(['button-name', 'color-contrast']);
    await beta.evaluate(`document.querySelector('.planted').remove()`);
    expect(await axeFindings(beta)).toEqual([]);
  });

  it('lists what waits, and leads to the channel', async () => {
    await button(beta, en['nav.waiting']).click();
    await beta.getByRole('region', { name: en['relay.title'] }).getByText(en['relay.up']).waitFor();
    await isForEveryone(beta, 'what waits');
  });

  it('shows the outlook with a table beside each picture', async () => {
    await button(beta, en['nav.outlook']).click();
    const drawn = beta.locator('img.drawn');
    await drawn.first().waitFor({ timeout: 60_000 });
    expect(await drawn.count()).toBe(await beta.locator('details table').count());
    const width = 'document.querySelector("img.drawn").naturalWidth';
    await expect.poll(() => beta.evaluate<number>(width)).toBeGreaterThan(0);
    await isForEveryone(beta, 'outlook');
  });

  it('speaks Korean at every place: nothing of ours is left in Latin letters', async () => {
    const issuedMs = Date.now();
    await stage.alpha.desk.mail.publish('talks', {
      ...newDirectory('Republic of Alpha', { issuedMs, expiresMs: issuedMs + 30 * 86_400_000 }),
      domains: ['alpha-mfa.example'],
    });
    const { context, page } = await stage.window(browser, stage.beta, 'ko-KR');
    const seen: string[] = [];
    const look = async (name: string): Promise<void> => {
      seen.push(...(await latinOfOurs(page)).map((text) => `${name}: ${text}`));
    };
    await look('home');
    await page.getByRole('button', { name: 'talks' }).first().click();
    const agenda = page.locator('.entry').filter({ hasText: 'draft-agenda.pdf' }).first();
    await agenda.getByRole('button', { name: ko['document.open'] }).click();
    await agenda.getByText(ko['report.removed'], { exact: true }).waitFor();
    // What a report says in our own words of a finding stands there in Korean too.
    const named = page.locator('.document > p', { hasText: 'harbour.jpg' });
    const picture = page.locator('.entry').filter({ has: named });
    await picture.getByText(ko['document.ready']).waitFor({ timeout: 120_000 });
    await picture.getByRole('button', { name: ko['document.open'] }).click();
    await picture
      .locator('.findings')
      .getByText(/그림 뒤에 \d+바이트/)
      .waitFor();
    await look('conversation');
    for (const tab of ['tab.register', 'tab.parties', 'tab.posture'] as const) {
      await page.getByRole('tab', { name: ko[tab], exact: true }).click();
      if (tab === 'tab.register')
        await page.getByRole('cell', { name: ko['kind.mail-directory'] }).waitFor();
      await page.locator('table, .party').first().waitFor();
      await look(tab);
    }
    await button(page, ko['nav.mail']).click();
    const mail = join(stage.folder, 'theirs.eml');
    writeFileSync(mail, withFiles(['draft-agenda.pdf', 'offer.exe']));
    await page.locator('input[type=file]').setInputFiles(mail);
    await page.locator('.evidence').first().waitFor();
    await page.locator('summary', { hasText: ko['mail.willAsk'] }).click();
    const asked = page.locator('details .foreign-block');
    await asked.getByText(ko['mail.didYou']).waitFor();
    expect(
      (await asked.innerText()).replaceAll(/\S*@\S*|offer\.exe|draft-agenda\.pdf/g, ''),
    ).not.toMatch(/From|Subject|Did you/);
    await look('mail');
    await button(page, ko['nav.outlook']).click();
    await page.locator('img.drawn').first().waitFor({ timeout: 60_000 });
    await page.evaluate(
      `for (const one of document.querySelectorAll('figure details')) one.open = true`,
    );
    await page.getByRole('cell', { name: '판문점 남북 정상회담', exact: true }).first().waitFor();
    await look('outlook');
    await button(page, ko['nav.waiting']).click();
    await page.getByRole('region', { name: ko['relay.title'] }).waitFor();
    await look('what waits');
    expect(seen).toEqual([]);
    // The walk sees what it looks for: a sentence of the page, and one that a part said in a language without a form for it.
    await page.evaluate(
      `document.querySelector('main').append(Object.assign(document.createElement('p'), { textContent: 'Planted in English.' }))`,
    );
    expect(await latinOfOurs(page)).toEqual(['Planted in English.']);
    await page.route('**/api/document', async (route) => {
      const answer = await route.fetch();
      const json = (await answer.json()) as {
        value: { found: { removed: { details: { said: { code: string }; text: string }[] }[] } };
      };
      for (const { details } of json.value.found.removed)
        for (const one of details) one.said.code = 'planted';
      await route.fulfill({ response: answer, json });
    });
    await page.getByRole('navigation').getByRole('button', { name: 'talks' }).click();
    await picture.getByRole('button', { name: ko['document.open'] }).click();
    await picture
      .locator('.findings')
      .getByText(/bytes after the picture/)
      .waitFor();
    expect((await latinOfOurs(page)).join()).toMatch(/bytes after the picture: \d+/);
    await context.close();
  });

  it('draws the rows of the register that are in sight, says where they stand, and prints all', async () => {
    for (let line = 0; line < 120; line++) await stage.alpha.desk.say('talks', `Line ${line}.`);
    await beta.getByRole('navigation').getByRole('button', { name: 'talks' }).click();
    await beta.getByRole('tab', { name: en['tab.register'], exact: true }).click();
    const table = beta.locator('table.register');
    const rows = table.locator('tbody tr[data-index]');
    await beta.getByRole('cell', { name: 'Line 119.', exact: true }).waitFor();
    // Nobody has asked for the oldest yet, so that nobody knows how many there are.
    expect(await table.getAttribute('aria-rowcount')).toBe('-1');
    expect(await rows.first().getAttribute('aria-rowindex')).toBe('2');
    const older = button(beta, en['room.older']);
    await expect
      .poll(
        async () => {
          await older.click({ timeout: 1_000 }).catch(() => undefined);
          return older.count();
        },
        { timeout: 30_000 },
      )
      .toBe(0);
    const all = Number(await table.getAttribute('aria-rowcount')) - 1;
    expect(all).toBeGreaterThan(120);
    expect(await rows.count()).toBeLessThan(60);
    // To the end by keyboard: the oldest entry is the last row, and its number is said.
    await tabTo(beta, beta.getByRole('region', { name: en['tab.register'] }));
    await expect
      .poll(
        async () => {
          await beta.keyboard.press('End');
          return rows.last().getAttribute('aria-rowindex');
        },
        { timeout: 30_000 },
      )
      .toBe(String(all + 1));
    await beta.getByRole('cell', { name: en['kind.found'], exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(60);
    await isForEveryone(beta, 'the end of the register');
    await beta.emulateMedia({ media: 'print' });
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(all);
    await beta.emulateMedia({ media: 'screen' });
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBeLessThan(60);
    // The search is over all, drawn or not.
    await field(beta, en['register.search']).fill('line 7.');
    await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(1);
    await beta.getByRole('cell', { name: 'Line 7.', exact: true }).waitFor();
  });

  it('begins the tour by a link, and lets it be left', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(stage.alpha.ui.newLink('tour'));
    const tour = page.getByRole('complementary', { name: en['tour.title'] });
    await tour.getByText(en['tour.start']).waitFor();
    await tour.getByRole('button', { name: en['tour.on'] }).click();
    await tour.getByText(en['tour.channel']).waitFor();
    await isForEveryone(page, 'tour');
    await tour.getByRole('button', { name: en['tour.leave'] }).click();
    expect(await tour.count()).toBe(0);
    await context.close();
  });

  it('broke no rule of the browser', () => {
    const broken = stage.complaints.filter((said) => !said.startsWith('Failed to load resource'));
    expect(broken).toEqual([]);
  });
});

/** Pastes or drops a picture there, as a browser does. */
async function handOver(
  page: Page,
  selector: string,
  { way, picture }: { way: 'paste' | 'drop'; picture: Buffer },
): Promise<void> {
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(picture.toString('base64'))}), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'code.png', { type: 'image/png' }));
    const how = { bubbles: true, cancelable: true };
    document.querySelector('${selector}').dispatchEvent(
      '${way}' === 'paste'
        ? new ClipboardEvent('paste', { ...how, clipboardData: data })
        : new DragEvent('drop', { ...how, dataTransfer: data }),
    );
  })()`);
}
