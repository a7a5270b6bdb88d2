import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newDirectory } from '@parley/mail';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import { catalogueOf, type Language } from '../../apps/web/src/words/languages.ts';
import type { Catalogue } from '../../apps/web/src/words/format.ts';
import { notRun } from '../../tools/not-run.ts';
import {
  axeFindings,
  button,
  dropFile,
  field,
  isForEveryone,
  LOOKS,
  overflow,
  press,
  tabTo,
  textsOfOurs,
  type,
  type Look,
  wear,
} from './at-the-page.ts';
import { startChromium } from './browser.ts';
import { Delegations, PASSPHRASE } from './delegations.ts';
import { withFiles } from './sample-mail.ts';

// One story in the order it is told: two delegations meet, talk, send, and look at everything.

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const SCREENS = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const ar = await catalogueOf('ar');
const chromium = await startChromium();
if ('missing' in chromium) notRun('the desk in the browser', chromium.missing);

/** Screens that a quick run passes by: each is looked at in every language and look where SLOW=1 asks for all. */
const SLOW = process.env['SLOW'] === '1';
const NASTY = '<img src=x onerror="document.title=1"> \u202egpj.exe';

describe.runIf('browser' in chromium)('the desk in the browser', () => {
  let browser: Browser;
  let stage: Delegations;
  let alpha: Page;
  let beta: Page;

  beforeAll(async () => {
    if ('missing' in chromium) return;
    browser = chromium.browser;
    stage = await Delegations.meet();
    alpha = (await stage.window(browser, stage.alpha, 'en-GB')).page;
    beta = (await stage.window(browser, stage.beta, 'ar-EG')).page;
  });

  afterAll(async () => {
    if ('missing' in chromium) return;
    await chromium.close();
    await stage.part();
  });

  const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });

  it('lets two delegations meet: one by keyboard in English, one by pointer in Arabic', async () => {
    await type(alpha, field(alpha, en['channel.name']), 'talks');
    await type(alpha, field(alpha, en['channel.relay']), stage.relay.url);
    await press(alpha, button(alpha, en['channel.found']));
    const invitation = (await alpha.getByTestId('invitation').textContent()) ?? '';
    expect(invitation).toMatch(/^parley1/);
    if (SLOW) await isForEveryone(alpha, 'an invitation');
    await press(alpha, button(alpha, en['channel.go']));

    expect(await beta.evaluate('document.documentElement.dir')).toBe('rtl');
    await field(beta, ar['invitation.title']).fill(invitation);
    await button(beta, ar['join.act']).click();
    await button(beta, ar['channel.go']).click();
    await beta.getByText(ar['asking.wait']).waitFor();
    if (SLOW) await isForEveryone(beta, 'waiting to be let in');

    await tabTo(alpha, tab(alpha, en['tab.talk']));
    await alpha.keyboard.press('ArrowRight');
    await alpha.keyboard.press('ArrowRight');
    await press(alpha, button(alpha, en['admit.look']));
    const admitting = alpha.getByRole('form', { name: en['admit.title'] });
    const theirs = stage.beta.desk.whoAmI().fingerprint.match(/.{4}/g)?.join(' ');
    expect(await admitting.locator('.groups').textContent()).toBe(theirs);
    await type(alpha, field(alpha, en['field.passphrase']), 'not the passphrase');
    await alpha.keyboard.press('Enter');
    await alpha.getByRole('alert').getByText('wrong-passphrase').waitFor();
    if (SLOW) await isForEveryone(alpha, 'somebody to let in');
    await type(alpha, field(alpha, en['field.passphrase']), PASSPHRASE);
    await alpha.keyboard.press('Enter');
    await alpha.getByText(en['admit.done']).waitFor();
    await tab(beta, ar['tab.parties']).click();
  });

  it('lets them compare words, each in a language of their own', async () => {
    await press(alpha, button(alpha, en['verify.start']));
    await button(beta, ar['verify.start']).click();
    const words = async (page: Page): Promise<string[]> => {
      await page.locator('.words li').first().waitFor();
      return page.locator('.words bdi').allTextContents();
    };
    expect(await words(alpha)).toHaveLength(4);
    // There is no Arabic list: Arabic starts with English, and may choose another.
    expect(await words(beta)).toEqual(await words(alpha));
    const numbers = await beta.locator('.words .quiet').allTextContents();
    await field(beta, ar['verify.language']).selectOption('fr');
    await expect.poll(() => words(beta)).not.toEqual(await words(alpha));
    expect(await beta.locator('.words .quiet').allTextContents()).toEqual(numbers);
    await look(alpha, 'ceremony', 'en');
    await look(beta, SLOW ? 'ceremony, other words' : 'ceremony', 'ar');
    await press(alpha, button(alpha, en['verify.same']));
    await button(beta, ar['verify.same']).click();
    await alpha.getByText(en['verify.done']).waitFor();
    await beta.getByText(ar['verify.done']).waitFor();
  });

  it('shows what others write as they wrote it, and runs nothing of it', async () => {
    await tabTo(alpha, tab(alpha, en['tab.parties']));
    await alpha.keyboard.press('ArrowLeft');
    await alpha.keyboard.press('ArrowLeft');
    await alpha.locator('.audience').getByText('بدر').waitFor();
    await type(alpha, field(alpha, en['composer.message']), `Good morning. ${NASTY}`);
    await alpha.keyboard.press('Control+Enter');
    await alpha.locator('.entry.mine').getByText('Good morning.').waitFor();
    await tab(beta, ar['tab.talk']).click();
    const message = beta.locator('.entry.theirs').filter({ hasText: 'Good morning.' });
    await message.getByText('<img src=x').waitFor();
    expect(await message.locator('.hidden-character').textContent()).toBe('U+202E');
    expect(await message.locator('img').count()).toBe(0);
    await field(beta, ar['composer.message']).fill('صباح الخير');
    await button(beta, ar['composer.send']).click();
    await alpha.locator('.entry.theirs').getByText('صباح الخير').waitFor();
    await alpha.locator('.entry.mine').getByText(en['state.on-device']).last().waitFor();
  });

  it('sends a document, and gives the other side a safe copy with a report', async () => {
    await alpha.locator('input[type=file]').setInputFiles(`${SAMPLES}harbour.jpg`);
    await alpha.locator('.entry.mine').getByText('harbour.jpg').waitFor();
    await alpha.locator('input[type=file]').setInputFiles(`${SAMPLES}note-to-registrar.txt`);
    await alpha.locator('.entry.mine').getByText('note-to-registrar.txt').waitFor();
    const picture = beta.locator('.entry.theirs').filter({ hasText: 'harbour.jpg' });
    await picture.getByText(ar['document.ready']).waitFor();
    await picture.getByRole('button', { name: ar['document.open'] }).click();
    const drawn = picture.locator('.safe-picture');
    await drawn.waitFor();
    await expect
      .poll(() => beta.evaluate<number>("document.querySelector('.safe-picture').naturalWidth"))
      .toBeGreaterThan(0);
    expect(await picture.locator('.findings li').count()).toBeGreaterThan(0);
    const saving = beta.waitForEvent('download');
    await picture.getByRole('button', { name: ar['document.download'] }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('harbour.safe.jpg');
    const original = readFileSync(`${SAMPLES}harbour.jpg`);
    expect(readFileSync(await saved.path()).equals(original)).toBe(false);
    const note = beta.locator('.entry.theirs').filter({ hasText: 'note-to-registrar.txt' });
    await note.getByRole('button', { name: ar['document.open'] }).click();
    await note.locator('.safe-text').waitFor();
    if (SLOW) await isForEveryone(beta, 'a text');
  });

  it('shows posture, and raises it for both', async () => {
    await tab(alpha, en['tab.posture']).click();
    await alpha.getByRole('table').waitFor();
    const raising = alpha.getByRole('form', { name: en['posture.raise'] });
    await raising.getByLabel(en['field.reason']).fill('the summit was cancelled');
    await raising.getByRole('button', { name: en['posture.raise'] }).click();
    await alpha.locator('.level-elevated').waitFor();
    await tab(beta, ar['tab.posture']).click();
    await beta.locator('.level-elevated').getByText(ar['level.elevated']).waitFor();
  });

  it('judges a mail, with what speaks against it marked', async () => {
    const issuedMs = Date.now();
    await stage.alpha.desk.mail.publish('talks', {
      ...newDirectory('Republic of Alpha', { issuedMs, expiresMs: issuedMs + 30 * 86_400_000 }),
      domains: ['alpha-mfa.example'],
    });
    await tab(beta, ar['tab.register']).click();
    await beta.getByRole('cell', { name: ar['kind.mail-directory'] }).waitFor();
    await button(beta, ar['nav.mail']).click();
    await beta.locator('input[type=file]').setInputFiles(`${SAMPLES}changed-place.eml`);
    const verdict = beta.getByRole('region', { name: ar['mail.verdict'] });
    await verdict.getByText(ar['verdict.suspicious'], { exact: true }).waitFor();
    await verdict.getByText(ar['mail.next']).waitFor();
    expect(await verdict.locator('mark').allTextContents()).toContain('a1pha-mfa.example');
  });

  it('judges a mail that is dropped, and asks the other side about it in the channel', async () => {
    const mail = `${stage.folder}/with-files.eml`;
    writeFileSync(mail, withFiles(['draft-agenda.pdf', 'not-a-document.exe']));
    await button(beta, ar['nav.new']).click();
    await button(beta, ar['nav.mail']).click();
    await dropFile(beta, beta.locator('.drop'), mail);
    const verdict = beta.getByRole('region', { name: ar['mail.verdict'] });
    await verdict.getByText(ar['verdict.suspicious'], { exact: true }).waitFor();
    const channel = 'talks';
    await verdict
      .getByRole('button', { name: ar['mail.ask'].replace('{channel}', channel) })
      .click();
    await verdict.getByText(ar['mail.asked'].replace('{channel}', channel)).waitFor();
    await tab(alpha, en['tab.talk']).click();
    // It is asked in the language of who asks.
    await alpha.getByText(ar['mail.didYou']).waitFor();

    await verdict.getByRole('button', { name: ar['mail.rebuild'] }).click();
    const files = beta.getByRole('region', { name: ar['mail.rebuilt'] });
    await files.waitFor({ timeout: 60_000 });
    await files.getByText(ar['mail.notRebuilt']).waitFor();
    if (SLOW) await isForEveryone(beta, 'the files of a mail');
    expect(await files.getByRole('button').count()).toBe(1);
    const fetched = beta.waitForEvent('download');
    await files.getByRole('button', { name: ar['document.download'] }).click();
    const download = await fetched;
    expect(download.suggestedFilename()).toBe('1-draft-agenda.safe.pdf');
    const safe = readFileSync(await download.path());
    expect(safe.subarray(0, 5).toString()).toBe('%PDF-');
    expect(safe.equals(readFileSync(`${SAMPLES}draft-agenda.pdf`))).toBe(false);
  });

  // With SLOW=1 each screen is seen in every language where it stands.
  const SPOKEN: readonly Language[] = SLOW ? ['en'] : ['en', 'ar'];

  it.each(SPOKEN)('is for everyone, on every screen, in %s', async (language) => {
    const words = await catalogueOf(language);
    await alpha.bringToFront();
    await alpha.locator('header select').selectOption(language);
    await button(alpha, words['nav.new']).click();
    await look(alpha, 'start', language);
    await alpha.getByRole('navigation').getByRole('button', { name: 'talks' }).click();
    for (const view of ['talk', 'register', 'parties', 'posture'] as const) {
      await tab(alpha, words[`tab.${view}`]).click();
      await alpha.getByRole('tabpanel').waitFor();
      await look(alpha, view, language);
    }
    await alpha.locator('header select').selectOption('en');
    await beta.locator('header select').selectOption(language);
    await button(beta, words['nav.mail']).click();
    await beta.locator('input[type=file]').setInputFiles(`${SAMPLES}changed-place.eml`);
    await beta.getByRole('region', { name: words['mail.verdict'] }).waitFor();
    await look(beta, 'mail', language);
    await beta.getByRole('navigation').getByRole('button', { name: 'talks' }).click();
    const picture = beta.locator('.entry.theirs').filter({ hasText: 'harbour.jpg' });
    await picture.getByRole('button', { name: words['document.open'] }).click();
    await picture.locator('.safe-picture').waitFor();
    await look(beta, 'document', language);
  });

  it('has room for words that are longer by a half', async () => {
    const { context, page } = await stage.window(browser, stage.beta, 'en-GB');
    await context.route(/\/assets\/en-[^/]*\.js$/, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        headers: { 'cross-origin-resource-policy': 'same-origin' },
        body: `export const en = ${JSON.stringify(pseudo(en))};`,
      }),
    );
    await page.goto(stage.beta.ui.newLink().replace('/#', '/?again#'));
    await page.getByRole('navigation').getByRole('button', { name: 'talks' }).waitFor();
    await wear(page, { width: 320, colors: 'light' });
    await page.getByRole('navigation').getByRole('button', { name: 'talks' }).click();
    const words = pseudo(en);
    const notMarked: string[] = [];
    const seen = async (place: string): Promise<void> => {
      expect(await overflow(page), place).toEqual([]);
      // Pictures come from the client, with words of their own; so do sentences of the parts, in English.
      const texts = await textsOfOurs(page, 'figure, [lang=en]');
      notMarked.push(
        ...texts
          .filter((text) => /[A-Za-z]{2,}/.test(text) && !text.includes('~ah'))
          .map((text) => `${place}: ${text}`),
      );
    };
    for (const view of ['talk', 'register', 'parties', 'posture'] as const) {
      await tab(page, words[`tab.${view}`]).click();
      await page.getByRole('tabpanel').waitFor();
      await seen(view);
    }
    for (const place of ['nav.new', 'nav.waiting', 'nav.mail', 'nav.outlook'] as const) {
      await button(page, words[place]).click();
      if (place === 'nav.outlook') await page.locator('img.drawn').first().waitFor();
      await seen(place);
      if (place !== 'nav.mail') continue;
      await page.locator('input[type=file]').setInputFiles(`${SAMPLES}changed-place.eml`);
      await page.getByText(words['mail.willAsk']).click();
      await seen('a mail and what will be asked');
    }
    await page.getByRole('navigation').getByRole('button', { name: 'talks' }).click();
    await tab(page, words['tab.talk']).click();
    const picture = page.locator('.entry.theirs').filter({ hasText: 'harbour.jpg' });
    await picture.getByText(words['document.ready']).waitFor();
    await picture.getByRole('button', { name: words['document.open'] }).click();
    await picture.locator('.findings').first().waitFor();
    await seen('a document and its report');
    // What is not marked did not come from the catalogue.
    expect(notMarked).toEqual([]);
    await context.close();
  });

  it('is used at 400 %, printed without what is for the screen, and does not move', async () => {
    await tab(alpha, en['tab.talk']).click();
    // A window of 1280 by 900 at 400 %.
    await alpha.setViewportSize({ width: 320, height: 225 });
    expect(await overflow(alpha), 'at 400 %').toEqual([]);
    const message = field(alpha, en['composer.message']);
    // Past the buttons of all entries, by one key after the tabs.
    const skip = alpha.getByRole('link', { name: en['composer.skip'] });
    // A talk is drawn in steps: a key before the last one leads elsewhere.
    await skip.waitFor({ state: 'attached' });
    await tabTo(alpha, tab(alpha, en['tab.talk']));
    await alpha.keyboard.press('Tab');
    const at = await skip.and(alpha.locator(':focus')).boundingBox();
    expect(at !== null && at.y >= 0 && at.y < 225, 'the way past the entries').toBe(true);
    await alpha.keyboard.press('Enter');
    await message.and(alpha.locator(':focus')).waitFor();
    const box = await message.boundingBox();
    expect(box !== null && box.y >= 0 && box.y < 225, 'what has the focus is in sight').toBe(true);
    await wear(alpha, { width: 1280, colors: 'light' });

    await alpha.emulateMedia({ media: 'print' });
    for (const screenOnly of ['header', 'nav', '.composer', '.react-aria-TabList', '.pin'])
      expect(await alpha.locator(screenOnly).first().isVisible(), screenOnly).toBe(false);
    expect(await alpha.locator('.entry').last().isVisible()).toBe(true);
    const skipped = `[...document.querySelectorAll('.entry')].filter((entry) => getComputedStyle(entry).contentVisibility !== 'visible').length`;
    expect(await alpha.evaluate(skipped), 'what is out of sight is printed too').toBe(0);
    await alpha.emulateMedia({ media: 'screen' });

    // Every window of this story asks for reduced motion.
    const moving = `document.getAnimations().length + [...document.querySelectorAll('*')]
      .map((element) => getComputedStyle(element))
      .filter((style) => parseFloat(style.transitionDuration) > 0 || style.animationName !== 'none' || style.scrollBehavior === 'smooth').length`;
    expect(await alpha.evaluate(moving)).toBe(0);
  });

  it('shows the state of a relay that is gone, and keeps what is written', async () => {
    await stage.stopRelay();
    await tab(alpha, en['tab.talk']).click();
    await alpha.getByRole('status').filter({ hasText: 'The relay has not answered' }).waitFor();
    await field(alpha, en['composer.message']).fill('Are you there?');
    await button(alpha, en['composer.send']).click();
    const waiting = alpha.locator('.entry.mine').filter({ hasText: 'Are you there?' });
    await waiting.getByText(en['state.queued']).waitFor();
    if (SLOW) await isForEveryone(alpha, 'a relay that is gone');
  });

  it('says that a link works once', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const link = stage.alpha.ui.newLink();
    await page.goto(link);
    await page.locator('main#place').waitFor();
    expect(page.url()).toBe(`${stage.alpha.ui.origin}/`);
    expect(
      await page.evaluate(
        'document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)',
      ),
    ).toBe('');
    const second = await context.newPage();
    await second.goto(link);
    await second.getByText(en['enter.none']).waitFor();
    if (SLOW) await isForEveryone(second, 'a link that was used');
    await context.close();
  });

  it('gives a hostile page in the same browser nothing', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route('http://evil.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>evil</title>' }),
    );
    await page.goto('http://evil.example/');
    const { origin } = stage.alpha.ui;
    const tried = await page.evaluate<Record<string, string>>(`(async () => {
      const fetched = (path, options) => fetch('${origin}' + path, options).then((r) => r.text()).catch(() => 'refused');
      const loaded = (tag, name) => new Promise((settle) => {
        const element = document.createElement(tag);
        element.onload = () => settle('loaded');
        element.onerror = () => settle('refused');
        element[name] = '${origin}/';
        document.body.append(element);
      });
      const socket = () => new Promise((settle) => {
        const one = new WebSocket('${origin.replace('http', 'ws')}/live', ['parley-desk', 'x']);
        one.onopen = () => settle('open');
        one.onerror = () => settle('refused');
      });
      return {
        read: await fetched('/', {}),
        write: await fetched('/api/desk', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
        simple: await fetched('/api/desk', { method: 'POST', body: '{}' }),
        script: await loaded('script', 'src'),
        socket: await socket(),
      };
    })()`);
    expect(Object.values(tried).every((answer) => answer === 'refused')).toBe(true);
    const frame = await page.evaluate<string>(`(async () => {
      const frame = document.createElement('iframe');
      frame.src = '${origin}/';
      document.body.append(frame);
      await new Promise((settle) => frame.addEventListener('load', settle));
      try { return String(frame.contentDocument?.title ?? 'closed'); } catch { return 'closed'; }
    })()`);
    expect(frame).toBe('closed');
    expect(page.frames().some((one) => one.url().startsWith(origin))).toBe(false);
    await context.close();
  });

  it('loaded nothing from outside, and no browser rule was broken', () => {
    const origins = [stage.alpha.ui.origin, stage.beta.ui.origin];
    expect(stage.asked.length).toBeGreaterThan(20);
    const outside = stage.asked.filter(
      (address) =>
        !origins.some((origin) => address.replace(/^blob:/, '').startsWith(`${origin}/`)),
    );
    expect(outside).toEqual([]);
    // A refusal that the page shows is also an answer with a status, which the browser notes.
    const broken = stage.complaints.filter((said) => !said.startsWith('Failed to load resource'));
    expect(broken).toEqual([]);
  });
});

/** What of the looks is tried each time; SLOW=1 tries every one, in every language. */
const SOME_LOOKS: Readonly<Record<'en' | 'others', readonly Look[]>> = {
  en: [
    { width: 320, colors: 'light' },
    { width: 1280, colors: 'dark' },
  ],
  others: [{ width: 320, colors: 'forced' }],
};

/** A screen fits its window and satisfies axe, in each look. SCREENS=1 keeps pictures of it. */
async function look(page: Page, screen: string, language: Language): Promise<void> {
  if (SLOW) return isForEveryone(page, screen);
  const looks =
    process.env['SCREENS'] === '1'
      ? LOOKS.filter(({ colors }) => colors === 'light')
      : SOME_LOOKS[language === 'en' ? 'en' : 'others'];
  for (const one of looks) {
    await wear(page, one);
    const name = `${screen} in ${language} at ${one.width} px, ${one.colors}`;
    expect(await overflow(page), name).toEqual([]);
    expect(await axeFindings(page), name).toEqual([]);
    if (process.env['SCREENS'] === '1' && one.colors === 'light') {
      mkdirSync(SCREENS, { recursive: true });
      // A picture of one window makes it the front one; a window behind it draws no frames, and nothing there is still.
      await page.bringToFront();
      // A conversation is read and written at its end.
      if (screen === 'talk')
        await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      if (screen === 'document')
        await page.evaluate(`document.querySelector('.safe-copy').scrollIntoView()`);
      await page.screenshot({
        path: `${SCREENS}${screen}-${language}-${one.width}.png`,
        fullPage: screen === 'ceremony' || screen === 'mail',
      });
    }
  }
  await wear(page, { width: 1280, colors: 'light' });
}

/** Longer by a half, with marks that show where a message ends; what stands in braces stays. */
function pseudo(catalogue: Catalogue): Catalogue {
  const longer = (text: string): string => `[${text}${'~ah'.repeat(Math.ceil(text.length / 6))}]`;
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, text]) => [key, longer(text)]),
  ) as Catalogue;
}
