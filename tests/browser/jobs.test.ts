import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import type { Catalogue } from '../../apps/web/src/words/format.ts';
import { catalogueOf } from '../../apps/web/src/words/languages.ts';
import { notRun } from '../../tools/not-run.ts';
import { PARLEY, ROOT } from '../scenario/command.ts';
import {
  button,
  dropFile,
  field,
  isForEveryone,
  place,
  press,
  tabTo,
  type,
} from './at-the-page.ts';
import { startChromium } from './browser.ts';
import { Delegations } from './delegations.ts';
import { HOSTILE_PDF } from './hostile-copy.ts';

// The jobs that the other stories pass by: each done by keyboard in English (alpha) and by pointer in Arabic (beta).

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const ar = await catalogueOf('ar');
const chromium = await startChromium();
if ('missing' in chromium) notRun('further jobs at the page', chromium.missing);

/** Opens a view of a channel: by keyboard from the first tab on, or by pointer. */
async function view(
  page: Page,
  channel: string,
  {
    tab,
    words,
    keys,
  }: { tab: 'talk' | 'register' | 'parties' | 'posture'; words: Catalogue; keys: boolean },
): Promise<void> {
  const wanted = page.getByRole('tab', { name: words[`tab.${tab}`], exact: true });
  if (!keys) {
    await place(page, channel).click();
    return wanted.click();
  }
  await press(page, place(page, channel));
  await tabTo(page, page.getByRole('tab', { selected: true }));
  while ((await wanted.getAttribute('aria-selected')) !== 'true')
    await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel').waitFor();
}

describe.runIf('browser' in chromium)('further jobs at the page', () => {
  let browser: Browser;
  let stage: Delegations;
  let alpha: Page;
  let beta: Page;

  beforeAll(async () => {
    if ('missing' in chromium) return;
    browser = chromium.browser;
    stage = await Delegations.meet();
    await stage.acquaint('talks');
    await stage.open('letters');
    await stage.open('doubt');
    alpha = (await stage.window(browser, stage.alpha, 'en-GB')).page;
    beta = (await stage.window(browser, stage.beta, 'ar-EG')).page;
  });

  afterAll(async () => {
    if ('missing' in chromium) return;
    await chromium.close();
    await stage.part();
  });

  const EN = { words: en, keys: true } as const;
  const AR = { words: ar, keys: false } as const;

  it('finds words that only a safe copy has', async () => {
    const progress = { onProgress: () => undefined };
    const send = async (desk: 'alpha' | 'beta', name: string, text: string): Promise<void> => {
      await stage[desk].desk.send('talks', stage.write(name, text), progress);
    };
    await send('alpha', 'memo.txt', 'The heron stands in the harbour.');
    await send('beta', 'answer.txt', 'يقف مالك الحزين في الميناء.');
    for (const [page, { words, keys }, wanted] of [
      [alpha, EN, 'مالك الحزين'],
      [beta, AR, 'HERON'],
    ] as const) {
      await view(page, 'talks', { tab: 'talk', words, keys });
      await page.locator('.entry.theirs').getByText(words['document.ready']).waitFor();
      await view(page, 'talks', { tab: 'register', words, keys });
      const search = field(page, words['register.search']);
      if (keys) await type(page, search, wanted);
      else await search.fill(wanted);
      const rows = page.locator('table.register tbody tr[data-index]');
      await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(1);
      await rows.getByText(words['kind.document'], { exact: true }).waitFor();
      if (!keys) await isForEveryone(page, 'a search');
      await search.fill('');
    }
  });

  it('sends what is dropped and what is pasted, and stops while it is sent', async () => {
    await view(beta, 'talks', { tab: 'talk', ...AR });
    await dropFile(beta, beta.locator('.composer .drop'), stage.write('dropped.txt', 'Dropped.'));
    await beta.locator('.entry.mine').getByText('dropped.txt').waitFor();

    await view(alpha, 'talks', { tab: 'talk', ...EN });
    const pasted = alpha.locator('.entry.mine').getByText('pasted.txt');
    for (const [where, count] of [
      [field(alpha, en['composer.message']), 1],
      [alpha.getByRole('button', { name: en['composer.drop'] }), 2],
    ] as const) {
      await tabTo(alpha, where);
      await alpha.evaluate(`(() => {
        const data = new DataTransfer();
        data.items.add(new File(['Pasted: ${count}.'], 'pasted.txt', { type: 'text/plain' }));
        const how = { bubbles: true, cancelable: true, clipboardData: data };
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', how));
      })()`);
      await expect.poll(() => pasted.count(), { timeout: 60_000 }).toBe(count);
    }
    expect(await field(alpha, en['composer.message']).inputValue()).toBe('');

    for (const [page, { words, keys }] of [
      [alpha, EN],
      [beta, AR],
    ] as const) {
      // The client takes its time: a large file on a slow machine.
      await page.route('**/api/send', () => undefined);
      const files = page.locator('.composer input[type=file]');
      await files.setInputFiles(`${SAMPLES}harbour.jpg`);
      const sending = page.locator('.composer [role=status]').filter({ hasText: 'harbour.jpg' });
      await sending.getByRole('progressbar').waitFor();
      if (!keys) await isForEveryone(page, 'a file on its way');
      if (keys) await press(page, button(page, words['composer.stop']));
      else await button(page, words['composer.stop']).click();
      await sending.waitFor({ state: 'detached' });
      expect(await page.getByRole('alert').count()).toBe(0);
      await page.unroute('**/api/send');
      expect(await page.locator('.entry.mine').getByText('harbour.jpg').count()).toBe(0);
    }
  });

  it('knows the other side by a code when they meet, and by a letter', async () => {
    await view(alpha, 'letters', { tab: 'parties', ...EN });
    await press(alpha, alpha.getByText(en['meeting.other'], { exact: true }));
    await press(alpha, button(alpha, en['meeting.show']));
    const path = join(stage.folder, 'meeting.png');
    await alpha.getByRole('img', { name: en['meeting.code'] }).screenshot({ path });
    await press(alpha, button(alpha, en['meeting.ownWords']));
    const letter = (await alpha.locator('.letter').textContent()) ?? '';
    expect(letter.split(' ')).toHaveLength(12);
    await isForEveryone(alpha, 'a meeting');

    await view(beta, 'letters', { tab: 'parties', ...AR });
    await beta.getByText(ar['meeting.other'], { exact: true }).click();
    const written = beta.getByRole('form', { name: ar['meeting.theirWords'] });
    const wrong = letter.split(' ').toReversed().join(' ');
    await field(written, ar['meeting.theirWords']).fill(wrong);
    await button(written, ar['meeting.check']).click();
    await written.getByRole('alert').waitFor();
    await isForEveryone(beta, 'a letter with other words');
    await field(written, ar['meeting.theirWords']).fill(letter);
    await button(written, ar['meeting.check']).click();
    await beta.getByText(ar['meeting.same']).waitFor();

    await button(beta, ar['meeting.show']).click();
    const theirs = join(stage.folder, 'their-meeting.png');
    await beta.getByRole('img', { name: ar['meeting.code'] }).screenshot({ path: theirs });
    const meeting = alpha.getByRole('region', { name: en['meeting.inPerson'] });
    await meeting.locator('input[type=file]').setInputFiles(theirs);
    await alpha.getByText(en['meeting.same']).waitFor();
    await alpha.getByText(en['verify.done']).waitFor();
  });

  it('ends at one press where the words differ: the channel is frozen for both, and says what to do', async () => {
    await view(alpha, 'doubt', { tab: 'parties', ...EN });
    await press(alpha, button(alpha, en['verify.start']));
    await view(beta, 'doubt', { tab: 'parties', ...AR });
    await button(beta, ar['verify.start']).click();
    for (const page of [alpha, beta]) await page.locator('.words li').first().waitFor();
    await button(beta, ar['verify.different']).click();
    await beta.getByText(ar['verify.evidence']).waitFor();
    for (const [page, words] of [
      [beta, ar],
      [alpha, en],
    ] as const) {
      const alarm = page.getByRole('alert').filter({ hasText: words['frozen.title'] });
      await alarm.waitFor({ timeout: 60_000 });
      await alarm.getByText(words['frozen.meaning']).waitFor();
      await place(page, 'doubt').getByText(words['channel.frozen']).waitFor();
      if (page === beta) await isForEveryone(page, 'a frozen channel');
      await view(page, 'doubt', { tab: 'talk', words, keys: false });
      expect(await page.locator('.composer textarea').count(), 'nothing is said there').toBe(0);
    }
  });

  it('explains an alarm, and names the next act', async () => {
    for (const [page, { words, keys }] of [
      [alpha, EN],
      [beta, AR],
    ] as const) {
      await page.route('**/api/room', async (route) => {
        const answer = await route.fetch();
        const json = (await answer.json()) as { value: { alarms: unknown[] } };
        const said = { code: 'alarm-misplaced', values: { seq: 7 } };
        const text = 'The relay moved or repeated envelope 7.';
        json.value.alarms = [{ said, text, ofParty: false }];
        await route.fulfill({ response: answer, json });
      });
      await button(page, words['nav.new']).click();
      await view(page, 'talks', { tab: 'talk', words, keys });
      const alarm = page.getByRole('alert').filter({ hasText: words['alarm.title'] });
      await alarm.getByText(words['alarm.next']).waitFor();
      await alarm.getByText('7').first().waitFor();
      expect(await alarm.locator('.groups').textContent()).toMatch(/^[0-9a-f ]{79}$/);
      if (keys) await isForEveryone(page, 'an alarm');
      await page.unroute('**/api/room');
    }
  });

  it('compares two versions by keyboard, and prints a safe copy with every page', async () => {
    for (const name of ['draft-agenda.pdf', 'order-of-speakers.pdf'])
      for (const { desk } of [stage.alpha, stage.beta])
        await desk.send('talks', `${SAMPLES}${name}`, { onProgress: () => undefined });
    for (const [page, { words, keys }] of [
      [alpha, EN],
      [beta, AR],
    ] as const) {
      await view(page, 'talks', { tab: 'talk', words, keys: false });
      const agenda = page.locator('.entry.theirs').filter({ hasText: 'draft-agenda.pdf' }).first();
      await agenda.getByText(words['document.ready']).waitFor();
      const act = async (name: string): Promise<void> => {
        if (keys) await press(page, button(agenda, name));
        else await button(agenda, name).click();
      };
      if (keys) await button(agenda, words['document.open']).focus();
      await act(words['document.open']);
      await agenda.locator('.sheet canvas').first().waitFor();
      await page.evaluate(
        `window.print = () => { window.printed = document.querySelectorAll('.paper img').length; }`,
      );
      await act(words['viewer.print']);
      const pages = Number(await agenda.locator('.viewer-tools input').getAttribute('max'));
      expect(pages).toBeGreaterThan(0);
      await expect.poll(() => page.evaluate('window.printed'), { timeout: 60_000 }).toBe(pages);
      await act(words['compare.act']);
      await agenda.locator('.compared ins').first().waitFor();
      expect(await agenda.locator('.compared del').count()).toBeGreaterThan(0);
      if (!keys) await isForEveryone(page, 'a comparison');
      if (!keys) continue;
      // Two of them open: what is told of one is not named as what is told of the other.
      const order = page
        .locator('.entry.theirs')
        .filter({ hasText: 'order-of-speakers.pdf' })
        .last();
      await press(page, button(order, words['document.open']));
      await order.locator('.sheet canvas').first().waitFor();
      for (const one of [agenda, order])
        await one.getByText(words['original.title'], { exact: true }).click();
      await isForEveryone(page, 'two documents');
    }
  });

  it('runs and loads nothing of a safe copy that is hostile', async () => {
    const dialogs: string[] = [];
    beta.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const asked = stage.asked.length;
    for (const [name, contentType, body] of [
      ['order-of-speakers.pdf', 'application/pdf', HOSTILE_PDF],
      [
        'memo.txt',
        'text/html',
        '<script>document.title="taken"</script><img src="http://evil.example/i">\u202ecod.exe',
      ],
    ] as const) {
      // Who comes back finds every document closed.
      await button(beta, ar['nav.new']).click();
      await view(beta, 'talks', { tab: 'talk', ...AR });
      await beta.route('**/api/safe-copy', (route) => route.fulfill({ contentType, body }));
      const copy = beta.locator('.entry.theirs').filter({ hasText: name }).first();
      await button(copy, ar['document.open']).click();
      const drawn = copy.locator('.sheet canvas, .safe-text');
      await drawn.first().waitFor();
      if (name === 'memo.txt') await copy.locator('.safe-text').getByText('<script>').waitFor();
      else await copy.locator('.words-layer').getByText('hostile').waitFor({ state: 'attached' });
      expect(
        await copy.locator('a[href], script, iframe, .safe-text img, .sheet input').count(),
      ).toBe(0);
      await beta.unroute('**/api/safe-copy');
    }
    expect(await beta.title()).toBe(ar['app.title']);
    expect(dialogs).toEqual([]);
    const outside = stage.asked
      .slice(asked)
      .filter(
        (address) =>
          !address.replace(/^blob:/, '').startsWith(stage.beta.ui.origin) &&
          !address.startsWith(stage.alpha.ui.origin),
      );
    expect(outside).toEqual([]);
  });

  it('raises the posture, proposes to lower it, and checks the line', async () => {
    await view(alpha, 'talks', { tab: 'posture', ...EN });
    const raising = alpha.getByRole('form', { name: en['posture.raise'] });
    await type(alpha, field(raising, en['field.reason']), 'a leak');
    await alpha.keyboard.press('Enter');
    await alpha.locator('.level-elevated').waitFor();
    await press(alpha, button(alpha, en['line.check']));
    await alpha.getByText(en['line.answered']).waitFor({ timeout: 60_000 });
    await isForEveryone(alpha, 'a line that was checked');

    await view(beta, 'talks', { tab: 'posture', ...AR });
    await beta.locator('.level-elevated').waitFor();
    await button(beta, ar['line.check']).click();
    await beta.getByText(ar['line.answered']).waitFor({ timeout: 60_000 });

    const lowering = alpha.getByRole('form', { name: en['posture.lower'] });
    await type(alpha, field(lowering, en['field.reason']), 'it was none');
    await type(alpha, field(lowering, en['field.passphrase']), 'not the passphrase');
    await alpha.keyboard.press('Enter');
    await lowering.getByRole('alert').getByText('wrong-passphrase').waitFor();
    await isForEveryone(alpha, 'a lowering refused');
  });

  it('opens another window, and both follow what is said', async () => {
    for (const [page, { words, keys }, text] of [
      [alpha, EN, 'Said in one window.'],
      [beta, AR, 'قيل في نافذة.'],
    ] as const) {
      const opening = page.context().waitForEvent('page');
      if (keys) await press(page, button(page, words['nav.window']));
      else await button(page, words['nav.window']).click();
      const second = await opening;
      stage.listenTo(second);
      await place(second, 'talks').click();
      await view(page, 'talks', { tab: 'talk', words, keys });
      await field(second, words['composer.message']).fill(text);
      await button(second, words['composer.send']).click();
      for (const one of [page, second]) await one.locator('.entry.mine').getByText(text).waitFor();
      await second.close();
    }
  });

  it('lets the tour be left at each of its stops', async () => {
    for (const [page, { words, keys }] of [
      [alpha, EN],
      [beta, AR],
    ] as const) {
      const tour = page.getByRole('complementary', { name: words['tour.title'] });
      const act = async (within: Page | Locator, name: string): Promise<void> => {
        if (keys) await press(page, button(within, name));
        else await button(within, name).click();
      };
      const stops = ['start', 'channel', 'document', 'parties', 'posture', 'mail'] as const;
      for (const at of stops.keys()) {
        await act(page, words['tour.title']);
        for (let on = 0; on < at; on++) await act(tour, words['tour.on']);
        await tour.getByText(words[`tour.${stops[at] ?? 'start'}`]).waitFor();
        // Every other time by the one key that leaves, from wherever the focus is.
        if (keys && at % 2 === 1) await page.keyboard.press('Escape');
        else await act(tour, words['tour.leave']);
        await tour.waitFor({ state: 'detached' });
        expect(await page.locator('.tour-subject').count()).toBe(0);
        await button(page, words['tour.title']).and(page.locator(':focus')).waitFor();
      }
    }
  });

  it('goes where the person goes while the tour is on', async () => {
    await button(beta, ar['tour.title']).click();
    await button(beta, ar['nav.new']).click();
    await field(beta, ar['channel.name']).waitFor();
    await beta.keyboard.press('Escape');
    await beta
      .getByRole('complementary', { name: ar['tour.title'] })
      .waitFor({ state: 'detached' });
    expect(await field(beta, ar['channel.name']).isVisible()).toBe(true);
  });

  it('is the demo: two links, each of which opens a desk with something in it', async () => {
    const child = spawn(process.execPath, [PARLEY, 'demo'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', HOME: stage.folder, TMPDIR: stage.folder },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const done = new Promise((settle) => child.once('close', settle));
    try {
      const links = (): string[] => said.match(/http:\/\/127\.0\.0\.1:\d+\/#\S+/g) ?? [];
      await expect.poll(() => links().length, { timeout: 300_000 }).toBe(2);
      for (const [at, link] of links().entries()) {
        const context = await browser.newContext({ locale: at === 0 ? 'en-GB' : 'ar-EG' });
        const page = await context.newPage();
        const words = at === 0 ? en : ar;
        await page.goto(link);
        const tour = page.getByRole('complementary', { name: words['tour.title'] });
        await tour.getByText(words['tour.start']).waitFor({ timeout: 60_000 });
        const entries = page.locator('.entry');
        await expect.poll(() => entries.count(), { timeout: 60_000 }).toBeGreaterThan(5);
        if (at === 0) await isForEveryone(page, 'the demo');
        await context.close();
      }
    } finally {
      child.kill('SIGINT');
      await done;
    }
  });

  it('loaded nothing from outside, and no browser rule was broken', () => {
    const broken = stage.complaints.filter((said) => !said.startsWith('Failed to load resource'));
    expect(broken).toEqual([]);
  });
});
