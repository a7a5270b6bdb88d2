import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import { startUi, type RunningUi } from '@parley/web';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import { formatMessage } from '../../apps/web/src/words/format.ts';
import { catalogueOf } from '../../apps/web/src/words/languages.ts';
import { notRun } from '../../tools/not-run.ts';
import { isForEveryone, place, press, tabTo, type } from './at-the-page.ts';
import { startChromium } from './browser.ts';
import { Delegations, PASSPHRASE } from './delegations.ts';

// A party among itself: Ana, in English and by keyboard, brings in Cleo, who works in Arabic and by pointer; they talk in
// a room of their own, let originals out, go on after the client was started anew, and restore the authority of a lost desk.

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));
const CLEO_WORDS = 'another four plain words';
const ar = await catalogueOf('ar');
const films = mkdtempSync(join(tmpdir(), 'parley-camera-'));
const camera = join(films, 'camera.y4m');
const chromium = await startChromium({ camera });
if ('missing' in chromium) notRun('a party among itself in the browser', chromium.missing);

describe.runIf('browser' in chromium)('a party among itself', () => {
  let browser: Browser;
  let stage: Delegations;
  let ana: Page;
  let cleo: Page;
  let cleosUi: RunningUi;
  const uis: RunningUi[] = [];

  beforeAll(async () => {
    if ('missing' in chromium) return;
    browser = chromium.browser;
    stage = await Delegations.meet();
    await stage.acquaint('talks');
    const { desk } = stage.beta;
    await desk.send('talks', `${SAMPLES}note-to-registrar.txt`, { onProgress: () => undefined });
    ana = (await stage.window(browser, stage.alpha, 'en-GB')).page;
  });

  afterAll(async () => {
    if ('missing' in chromium) return;
    await chromium.close();
    for (const ui of [cleosUi, ...uis]) await ui?.close();
    await stage.part();
    rmSync(films, { recursive: true, force: true });
  });

  const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
  const form = (page: Page, name: string) => page.getByRole('form', { name, exact: true });

  /** A machine of its own at this directory, with its own client, read in Arabic. */
  async function newcomer(home: string): Promise<{ context: BrowserContext; page: Page }> {
    const ui = await startUi({ home }, { ports: nativePorts, everyMs: 500 });
    uis.push(ui);
    const context = await browser.newContext({ locale: 'ar-EG', reducedMotion: 'reduce' });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    stage.listenTo(page);
    await page.goto(ui.newLink());
    return { context, page };
  }

  /** Ana, in Arabic and by keyboard, lets a device ask to come in. */
  async function inviteInArabic(
    member: string,
    { officer }: { officer: boolean },
  ): Promise<string> {
    // The form is there once: an invitation that was made stands in its place until the place is left.
    await press(ana, tab(ana, ar['tab.parties']));
    await ana.keyboard.press('ArrowRight');
    await ana.keyboard.press('ArrowLeft');
    await press(ana, ana.getByRole('button', { name: ar['own.look'] }));
    const inviting = form(ana, ar['own.invite']);
    await type(ana, inviting.getByLabel(ar['field.member']), member);
    await tabTo(ana, inviting.getByLabel(ar['own.role']));
    if (officer) await ana.keyboard.press('ArrowDown');
    await type(ana, inviting.getByLabel(ar['field.passphrase']), PASSPHRASE);
    await ana.keyboard.press('Enter');
    return (await ana.getByTestId('invitation').textContent()) ?? '';
  }

  /** Ana, in Arabic and by keyboard, lets the device in whose code she was read. */
  async function admitInArabic(code: string): Promise<void> {
    await press(ana, ana.getByRole('button', { name: ar['own.look'] }));
    const asks = form(ana, ar['own.asks']);
    expect(await asks.locator('.groups').textContent()).toBe(code);
    await type(ana, asks.getByLabel(ar['field.passphrase']), PASSPHRASE);
    await ana.keyboard.press('Enter');
    await asks.waitFor({ state: 'detached' });
  }

  it('invites a colleague by keyboard', async () => {
    await press(ana, place(ana, 'talks'));
    await tabTo(ana, tab(ana, en['tab.talk']));
    await ana.keyboard.press('ArrowRight');
    await ana.keyboard.press('ArrowRight');
    await press(ana, ana.getByRole('button', { name: en['own.look'] }));
    const inviting = form(ana, en['own.invite']);
    await type(ana, inviting.getByLabel(en['field.member']), 'Cleo');
    await tabTo(ana, inviting.getByLabel(en['own.role']));
    await ana.keyboard.press('ArrowDown');
    await type(ana, inviting.getByLabel(en['field.passphrase']), PASSPHRASE);
    await isForEveryone(ana, 'own party');
    await ana.keyboard.press('Enter');
    await ana.getByTestId('invitation').waitFor();
  });

  it('signs the colleague up in Arabic: the invitation is read by the camera', async () => {
    const invitation = (await ana.getByTestId('invitation').textContent()) ?? '';
    stage.film(camera, invitation);
    cleosUi = await startUi(
      { home: join(stage.folder, 'cleo') },
      { ports: nativePorts, everyMs: 500 },
    );
    const context = await browser.newContext({
      locale: 'ar-EG',
      permissions: ['camera'],
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(60_000);
    cleo = await context.newPage();
    stage.listenTo(cleo);
    await cleo.goto(cleosUi.newLink());
    await cleo.getByText(ar['setUp.haveInvitation']).click();
    await cleo.getByRole('button', { name: ar['scan.camera'] }).click();
    const given = cleo.getByRole('textbox', { name: ar['setUp.invitation'] });
    await expect.poll(() => given.inputValue(), { timeout: 60_000 }).toBe(invitation);
    expect(await cleo.locator('video').count()).toBe(0);
    await cleo.getByLabel(ar['setUp.passphrase'], { exact: true }).fill(CLEO_WORDS);
    await cleo.getByLabel(ar['setUp.again'], { exact: true }).fill(CLEO_WORDS);
    await isForEveryone(cleo, 'invited');
    await cleo.getByRole('button', { name: ar['setUp.act'] }).click();
    await cleo.getByText(ar['setUp.asked']).waitFor();
    await isForEveryone(cleo, 'asked in');
    const code = await cleo.locator('.groups').textContent();

    await press(ana, ana.getByRole('button', { name: en['own.look'] }));
    const asks = form(ana, en['own.asks']);
    expect(await asks.locator('.groups').textContent()).toBe(code);
    await type(ana, asks.getByLabel(en['field.passphrase']), PASSPHRASE);
    await ana.keyboard.press('Enter');
    await asks.waitFor({ state: 'detached' });
    await cleo.getByRole('button', { name: ar['unlock.title'] }).click();
    await cleo.getByLabel(ar['field.passphrase'], { exact: true }).fill(CLEO_WORDS);
    await cleo.getByRole('button', { name: ar['unlock.act'], exact: true }).click();
    await place(cleo, 'talks').waitFor();
  });

  it('opens a room of its own, names somebody there, and keeps what matters in sight', async () => {
    const opening = form(ana, en['room.new']);
    await type(ana, opening.getByLabel(en['channel.name']), 'drafting');
    await ana.keyboard.press('Enter');
    await press(ana, place(ana, 'talks/drafting'));
    await ana.locator('.audience').getByText('Cleo').waitFor();
    await type(ana, ana.getByLabel(en['composer.message']), 'First: @cl');
    await isForEveryone(ana, 'a room of the party');
    await press(ana, ana.getByRole('group', { name: en['mention.title'] }).getByRole('button'));
    await ana.keyboard.insertText('please read the note.');
    await ana.keyboard.press('Control+Enter');
    await ana.locator('.entry.mine').getByText('First: @Cleo please read the note.').waitFor();

    const room = place(cleo, 'talks/drafting');
    await room.getByText(/يذكرك/).waitFor();
    await room.click();
    const said = cleo.locator('.entry.theirs').filter({ hasText: 'please read the note.' });
    await said.getByText(ar['mention.you']).waitFor();
    await cleo.getByText(ar['room.since']).waitFor();
    await room.getByText(/يذكرك/).waitFor({ state: 'detached' });
    // This machine states its own zone, and the window is in Singapore.
    await said.locator('time').waitFor();
    const number = /#(\d+)/.exec((await said.locator('.byline').last().textContent()) ?? '')?.[1];
    await said
      .getByRole('button', { name: ar['pin.add'].replace('{entry}', number ?? '') })
      .click();
    const pinned = cleo.getByRole('region', { name: ar['pin.title'] });
    await pinned.getByText('please read the note.').waitFor();
    await isForEveryone(cleo, 'pinned');
    await pinned.getByRole('button').click();
    await pinned.waitFor({ state: 'detached' });

    // Out of the room of the party into the channel: first who will read it then, among them the other side.
    await said.getByText(ar['forward.title']).click();
    await said.getByRole('button', { name: ar['forward.show'] }).click();
    const readers = said.getByRole('listitem').filter({ hasText: 'بدر' });
    await readers.getByText(ar['forward.newReader']).waitFor();
    await isForEveryone(cleo, 'forwarded');
    await said.getByRole('button', { name: ar['forward.act'] }).click();
    await said.getByText(ar['forward.done']).waitFor();
  });

  it('lets an original out by two officers: into a file, not into the page', async () => {
    await press(ana, place(ana, 'talks').first());
    const note = ana.locator('.entry.theirs').filter({ hasText: 'note-to-registrar.txt' });
    await note.getByText(en['document.ready']).waitFor();
    await press(ana, note.getByRole('button', { name: en['document.open'] }));
    await press(ana, note.getByText(en['original.title'], { exact: true }));
    await type(ana, note.getByLabel(en['field.reason']), 'the watermark');
    await ana.keyboard.press('Enter');
    await note.getByText(en['original.asked']).waitFor();
    await isForEveryone(ana, 'original asked');

    await cleo.getByRole('button', { name: ar['nav.waiting'] }).click();
    const waits = cleo.getByRole('row').filter({ hasText: ar['waiting.original-asked'] });
    await waits.getByRole('button').click();
    const approving = cleo.getByRole('form', { name: ar['original.approve'] });
    await approving.getByLabel(ar['field.passphrase']).fill('not the passphrase');
    await approving.getByRole('button').click();
    await approving.getByText('wrong-passphrase').waitFor();
    await isForEveryone(cleo, 'original to approve');
    await approving.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
    await approving.getByRole('button').click();
    await approving.waitFor({ state: 'detached' });

    const folder = join(stage.folder, 'stick');
    mkdirSync(folder);
    const writing = ana.getByRole('form', { name: en['original.write'] });
    await type(ana, writing.getByLabel(en['original.folder']), folder);
    await type(ana, writing.getByLabel(en['field.passphrase']), PASSPHRASE);
    await ana.keyboard.press('Enter');
    await note.getByText(en['original.done']).waitFor();
    await isForEveryone(ana, 'an original that was let out');
    const [written = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(written).toMatch(/^note-to-registrar_txt-[0-9a-f]{16}\.parley-original$/);
    expect(statSync(join(folder, written)).mode & 0o777).toBe(0o400);
    const original = readFileSync(`${SAMPLES}note-to-registrar.txt`);
    expect(readFileSync(join(folder, written)).equals(original)).toBe(true);
  });

  it('lets another out that is asked for in Arabic by pointer, and approved in English by keyboard', async () => {
    const words = 'A second note, with a seal.';
    await stage.beta.desk.send('talks', stage.write('second-note.txt', words), {
      onProgress: () => undefined,
    });
    await place(cleo, 'talks').first().click();
    const note = cleo.locator('.entry.theirs').filter({ hasText: 'second-note.txt' });
    await note.getByText(ar['document.ready']).waitFor();
    await note.getByRole('button', { name: ar['document.open'] }).click();
    await note.getByText(ar['original.title'], { exact: true }).click();
    const asking = note.getByRole('form', { name: ar['original.ask'] });
    await asking.getByLabel(ar['field.reason']).fill('الختم');
    await asking.getByRole('button').click();
    await note.getByText(ar['original.asked']).waitFor();
    await isForEveryone(cleo, 'original asked in Arabic');

    await press(ana, ana.getByRole('button', { name: en['nav.waiting'] }));
    const waits = ana.getByRole('row').filter({ hasText: en['waiting.original-asked'] });
    await press(ana, waits.getByRole('button'));
    const approving = ana.getByRole('form', { name: en['original.approve'] });
    await type(ana, approving.getByLabel(en['field.passphrase']), PASSPHRASE);
    await ana.keyboard.press('Enter');
    await approving.waitFor({ state: 'detached' });

    const folder = join(stage.folder, 'second-stick');
    mkdirSync(folder);
    const writing = cleo.getByRole('form', { name: ar['original.write'] });
    await writing.getByLabel(ar['original.folder']).fill(folder);
    await writing.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
    await writing.getByRole('button').click();
    await note.getByText(ar['original.done']).waitFor();
    const [written = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, written), 'utf8')).toBe(words);
  });

  it('suspends a colleague, lets her back and renames her, in Arabic by keyboard', async () => {
    await tabTo(ana, ana.getByLabel(en['nav.language']));
    await ana.getByLabel(en['nav.language']).selectOption('ar');
    await press(ana, place(ana, 'talks').first());
    await tabTo(ana, tab(ana, ar['tab.talk']));
    // To the next view is to the left here.
    await ana.keyboard.press('ArrowLeft');
    await ana.keyboard.press('ArrowLeft');
    await press(ana, ana.getByRole('button', { name: ar['own.look'] }));
    const about = ar['own.change'].replace('{member}', 'Cleo');
    const devices = ana.getByRole('listitem').filter({ hasText: 'Cleo' }).last();
    const deeds = form(ana, about);
    const act = async (fields: readonly (readonly [label: string, text: string])[]) => {
      if (!(await deeds.isVisible())) await press(ana, ana.getByText(about, { exact: true }));
      for (const [label, text] of fields) await type(ana, deeds.getByLabel(label), text);
      await type(ana, deeds.getByLabel(ar['field.passphrase']), PASSPHRASE);
      await ana.keyboard.press('Enter');
    };
    await act([[ar['field.reason'], 'a lost notebook']]);
    await devices.getByText(ar['own.suspended']).waitFor();
    await isForEveryone(ana, 'a colleague who is suspended');
    await place(cleo, 'talks').first().click();
    // Her desk reads that she is suspended, or the relay has shut it out before it could.
    const out = cleo.getByText(/^(no-access|suspended)$/);
    await out.first().waitFor();
    await act([[ar['field.reason'], 'it was found']]);
    await devices.getByText(ar['own.suspended']).waitFor({ state: 'detached' });

    // She comes back by an invitation, which her desk takes by pointer.
    const invitation = await inviteInArabic('Cleo', { officer: true });
    await tab(cleo, ar['tab.parties']).click();
    await cleo.getByText(ar['setUp.haveInvitation']).click();
    const back = form(cleo, ar['own.return']);
    await back.getByLabel(ar['setUp.invitation']).fill('parleyfellow1 not this one');
    await back.getByRole('button', { name: ar['own.return'] }).click();
    await back.getByRole('alert').waitFor();
    await back.getByLabel(ar['setUp.invitation']).fill(invitation);
    await isForEveryone(cleo, 'a colleague who comes back');
    await back.getByRole('button', { name: ar['own.return'] }).click();
    await cleo.getByText(ar['own.returned']).waitFor();
    await admitInArabic((await cleo.locator('.letter .groups').textContent()) ?? '');
    await tab(cleo, ar['tab.talk']).click();
    // What is said before her desk is in again is refused.
    await expect.poll(() => out.count(), { timeout: 60_000 }).toBe(0);
    await cleo.getByLabel(ar['composer.message']).fill('عدت.');
    await cleo.getByRole('button', { name: ar['composer.send'], exact: true }).click();
    await cleo.locator('.entry.mine').getByText('عدت.').waitFor();
    const heard = (): boolean => {
      const end = { from: 0, count: 500 };
      return stage.alpha.desk.span('talks', end).entries.some(({ text }) => text === 'عدت.');
    };
    await expect.poll(heard, { timeout: 30_000 }).toBe(true);

    await press(ana, ana.getByText(about, { exact: true }));
    await tabTo(ana, deeds.getByLabel(ar['own.deed']));
    await ana.keyboard.press('ArrowDown');
    await isForEveryone(ana, 'a colleague to rename');
    await act([[ar['own.newName'], 'Cleo Dahl']]);
    await ana.getByText(ar['own.change'].replace('{member}', 'Cleo Dahl')).waitFor();

    // The room of the party follows: she is named by her new name there too.
    await press(ana, place(ana, 'talks/drafting'));
    await ana.locator('.audience').getByText('Cleo Dahl').waitFor();
    await ana.getByLabel(ar['nav.language']).selectOption('en');
  });

  it('lets in a second device of her own, and shares out the authority, in Arabic by keyboard', async () => {
    await ana.getByLabel(en['nav.language']).selectOption('ar');
    await press(ana, place(ana, 'talks').first());
    await tabTo(ana, tab(ana, ar['tab.talk']));
    await ana.keyboard.press('ArrowLeft');
    await ana.keyboard.press('ArrowLeft');
    const invitation = await inviteInArabic('Ana', { officer: true });
    const { context, page } = await newcomer(join(stage.folder, 'second-device'));
    await press(page, page.getByText(ar['setUp.haveInvitation']));
    await type(page, page.getByRole('textbox', { name: ar['setUp.invitation'] }), invitation);
    for (const label of [ar['setUp.passphrase'], ar['setUp.again']])
      await type(page, page.getByLabel(label, { exact: true }), CLEO_WORDS);
    await page.keyboard.press('Enter');
    await page.getByText(ar['setUp.asked']).waitFor();
    await admitInArabic((await page.locator('.groups').textContent()) ?? '');
    await press(page, page.getByRole('button', { name: ar['unlock.title'] }));
    await type(page, page.getByLabel(ar['field.passphrase'], { exact: true }), CLEO_WORDS);
    await page.keyboard.press('Enter');
    await press(page, place(page, 'talks').first());
    await page.locator('.audience').getByText('بدر').waitFor();
    await context.close();

    // Dee is an officer too; her desk was set up elsewhere.
    const { desk } = stage.alpha;
    const { invitation: invited } = await desk.party.invite({
      member: 'Dee',
      role: 'officer',
      days: 1,
    });
    const home = join(stage.folder, 'dee');
    const vault = { home, passphrase: utf8(CLEO_WORDS) };
    const asked = await Desk.createInvited(nativePorts, vault, { invited, label: 'laptop' });
    await desk.party.admit(asked.deviceId);
    await press(ana, ana.getByRole('button', { name: ar['own.look'] }));
    await ana.getByRole('tabpanel').getByText('Dee').first().waitFor();
    await press(ana, ana.getByText(ar['recovery.title'], { exact: true }));
    const sharing = form(ana, ar['recovery.share']);
    await type(ana, sharing.getByLabel(ar['recovery.needed']), '2');
    await type(ana, sharing.getByLabel(ar['field.passphrase']), PASSPHRASE);
    await isForEveryone(ana, 'shares of the authority');
    await ana.keyboard.press('Enter');
    const holders = ana.getByRole('status').getByRole('listitem');
    await holders.filter({ hasText: 'Dee' }).waitFor();
    expect((await holders.allTextContents()).toSorted()).toEqual(['Ana', 'Cleo Dahl', 'Dee']);
    await ana.getByLabel(ar['nav.language']).selectOption('en');
  });

  it('goes on where the person was after the client was started anew, in every window', async () => {
    const { page: second } = await stage.window(browser, stage.alpha, 'en-GB');
    await place(second, 'talks/drafting').click();
    await press(ana, place(ana, 'talks/drafting'));
    const half = ana.getByLabel(en['composer.message']);
    await type(ana, half, 'Half a thought');
    const { desk, ui } = stage.alpha;
    const SLOWLY = { timeout: 30_000 };
    await expect.poll(() => desk.drafts.read('talks/drafting'), SLOWLY).toBe('Half a thought');
    await ui.close();
    // Another program of this machine takes the port: it is asked who it is, and told nothing.
    const squatter = await squat(Number(new URL(ui.origin).port));
    await form(ana, en['live.link']).waitFor();
    await half.fill('Half a thought, and more');
    await expect.poll(() => squatter.heard.length, { timeout: 60_000 }).toBeGreaterThan(6);
    await squatter.leave();
    for (const { url, said } of squatter.heard) {
      expect(url).toBe('/api/prove');
      // The nonce is drawn by chance: it may hold any word.
      expect(said.replace(/"nonce":"[\w+/=-]+"/, '')).not.toMatch(
        /authorization|bearer|parley-desk|Half/i,
      );
    }
    const again = await startUi(desk, { ports: nativePorts, everyMs: 500 });
    try {
      expect(again.origin).toBe(ui.origin);
      for (const page of [ana, second]) {
        const anew = form(page, en['live.link']);
        await anew.waitFor();
        if (page === ana) await isForEveryone(ana, 'client anew');
        await type(page, anew.getByLabel(en['live.link']), again.newLink());
        await page.keyboard.press('Enter');
        await anew.waitFor({ state: 'detached' });
        expect(page.url()).toBe(`${again.origin}/`);
      }
      expect(await half.inputValue()).toBe('Half a thought, and more');
      await expect
        .poll(() => desk.drafts.read('talks/drafting'), SLOWLY)
        .toBe('Half a thought, and more');
      await tabTo(ana, half);
      await ana.keyboard.press('Control+Enter');
      await second.locator('.entry.mine').getByText('Half a thought, and more').waitFor();
    } finally {
      await again.close();
    }
    await second.close();
  });

  it('restores the authority of a lost desk by two officers, in Arabic: one by pointer, one by keyboard', async () => {
    // Ana's client ended above: take it that her machine is gone.
    await place(cleo, 'talks').first().click();
    await tab(cleo, ar['tab.parties']).click();
    await cleo.getByRole('button', { name: ar['own.look'] }).click();
    await cleo.getByText(ar['recovery.title'], { exact: true }).click();
    const asking = form(cleo, ar['recovery.ask']);
    await asking.getByLabel(ar['field.reason']).fill('ضاع حاسوب آنا');
    await asking.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
    await asking.getByRole('button').click();
    await cleo.getByText(ar['recovery.asked']).waitFor();
    const restoring = form(cleo, ar['recovery.recover']);
    const restore = async (): Promise<void> => {
      await restoring.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
      await restoring.getByRole('button').click();
    };
    await restore();
    const have = formatMessage('ar', ar, 'recovery.have', { given: 1, needed: 2 });
    await cleo.getByText(have).waitFor();
    await isForEveryone(cleo, 'recovery');

    const { context, page: dee } = await newcomer(join(stage.folder, 'dee'));
    await type(dee, dee.getByLabel(ar['field.passphrase'], { exact: true }), CLEO_WORDS);
    await dee.keyboard.press('Enter');
    await press(dee, place(dee, 'talks').first());
    await tabTo(dee, tab(dee, ar['tab.talk']));
    await dee.keyboard.press('ArrowLeft');
    await dee.keyboard.press('ArrowLeft');
    const giving = form(dee, ar['recovery.give']);
    await expect
      .poll(
        async () => {
          await press(dee, dee.getByRole('button', { name: ar['own.look'] }));
          return giving.count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    await giving.getByText('ضاع حاسوب آنا').waitFor();
    await type(dee, giving.getByLabel(ar['field.passphrase']), CLEO_WORDS);
    await isForEveryone(dee, 'a share to give');
    await dee.keyboard.press('Enter');
    await giving.waitFor({ state: 'detached' });
    await context.close();

    await expect
      .poll(
        async () => {
          await restore();
          return cleo.getByText(ar['recovery.done']).count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);

    // The lost device goes, and who lost it is invited anew.
    const lost = stage.alpha.desk.party.view().members[0]?.devices[0]?.id.slice(0, 16) ?? '';
    const device = cleo.locator('.party li').filter({ hasText: lost });
    await device.getByRole('button', { name: ar['device.remove'] }).click();
    const removing = form(cleo, ar['device.remove']);
    await removing.getByLabel(ar['field.reason']).fill('ضاع');
    await removing.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
    await removing.getByRole('button').click();
    await device.getByText(ar['device.removed']).waitFor();
    await isForEveryone(cleo, 'a device that was removed');
    const inviting = form(cleo, ar['own.invite']);
    await inviting.getByLabel(ar['field.member']).fill('Ana');
    await inviting.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
    await inviting.getByRole('button').click();
    expect(await cleo.getByTestId('invitation').textContent()).toMatch(/^parleyfellow1/);
  });

  it('broke no rule of the browser', () => {
    const broken = stage.complaints.filter(
      (said) => !said.startsWith('Failed to load resource') && !said.includes('WebSocket'),
    );
    expect(broken).toEqual([]);
  });
});

/** A program that is not ours on the port of the page; it says yes to everything and remembers what it hears. */
async function squat(
  port: number,
): Promise<{ heard: { url: string; said: string }[]; leave: () => Promise<void> }> {
  const heard: { url: string; said: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      heard.push({
        url: request.url ?? '',
        said: `${JSON.stringify(request.headers)} ${body}`,
      });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, value: { proofs: ['x'.repeat(43)] } }));
    });
  });
  server.on('upgrade', (request, socket) => {
    heard.push({ url: request.url ?? '', said: JSON.stringify(request.headers) });
    socket.destroy();
  });
  await new Promise<void>((settle) => {
    server.listen(port, '127.0.0.1', () => settle());
  });
  const leave = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((settle) => server.close(settle));
  };
  return { heard, leave };
}
