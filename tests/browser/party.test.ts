import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativePorts } from '@parley/kernel/node';
import { startUi, type RunningUi } from '@parley/web';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../apps/web/src/words/en.ts';
import { catalogueOf } from '../../apps/web/src/words/languages.ts';
import { notRun } from '../../tools/not-run.ts';
import { axeFindings, overflow, press, tabTo, type, wear } from './at-the-page.ts';
import { startChromium } from './browser.ts';
import { Delegations, PASSPHRASE } from './delegations.ts';

// A party among itself: Ana, in English and by keyboard, brings in Cleo, who works in Arabic and by pointer; they talk in
// a room of their own, let an original out, and go on after the client was started anew.

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
    await cleosUi?.close();
    await stage.part();
    rmSync(films, { recursive: true, force: true });
  });

  const place = (page: Page, name: string) =>
    page.getByRole('navigation').getByRole('button', { name });
  const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
  const form = (page: Page, name: string) => page.getByRole('form', { name, exact: true });

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
    const approving = form(cleo, ar['original.approve']);
    await approving.getByLabel(ar['field.passphrase']).fill('not the passphrase');
    await approving.getByRole('button').click();
    await approving.getByText('wrong-passphrase').waitFor();
    await isForEveryone(cleo, 'original to approve');
    await approving.getByLabel(ar['field.passphrase']).fill(CLEO_WORDS);
    await approving.getByRole('button').click();
    await approving.waitFor({ state: 'detached' });

    const folder = join(stage.folder, 'stick');
    mkdirSync(folder);
    const writing = form(ana, en['original.write']);
    await type(ana, writing.getByLabel(en['original.folder']), folder);
    await type(ana, writing.getByLabel(en['field.passphrase']), PASSPHRASE);
    await ana.keyboard.press('Enter');
    await note.getByText(en['original.done']).waitFor();
    const [written = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(written).toMatch(/^note-to-registrar_txt-[0-9a-f]{16}\.parley-original$/);
    expect(statSync(join(folder, written)).mode & 0o777).toBe(0o400);
    const original = readFileSync(`${SAMPLES}note-to-registrar.txt`);
    expect(readFileSync(join(folder, written)).equals(original)).toBe(true);
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
    await cleo.getByText('no-access').first().waitFor();
    await act([[ar['field.reason'], 'it was found']]);
    await devices.getByText(ar['own.suspended']).waitFor({ state: 'detached' });
    await press(ana, ana.getByText(about, { exact: true }));
    await tabTo(ana, deeds.getByLabel(ar['own.deed']));
    await ana.keyboard.press('ArrowDown');
    await act([[ar['own.newName'], 'Cleo Dahl']]);
    await ana.getByText(ar['own.change'].replace('{member}', 'Cleo Dahl')).waitFor();

    // The room of the party follows: she is named by her new name there too.
    await press(ana, place(ana, 'talks/drafting'));
    await ana.locator('.audience').getByText('Cleo Dahl').waitFor();
    await ana.getByLabel(ar['nav.language']).selectOption('en');
  });

  it('goes on where the person was after the client was started anew, in every window', async () => {
    const { page: second } = await stage.window(browser, stage.alpha, 'en-GB');
    await place(second, 'talks/drafting').click();
    await press(ana, place(ana, 'talks/drafting'));
    const half = ana.getByLabel(en['composer.message']);
    await type(ana, half, 'Half a thought');
    const { desk, ui } = stage.alpha;
    await expect.poll(() => desk.drafts.read('talks/drafting')).toBe('Half a thought');
    await ui.close();
    // Another program of this machine takes the port: it is asked who it is, and told nothing.
    const squatter = await squat(Number(new URL(ui.origin).port));
    await form(ana, en['live.link']).waitFor();
    await half.fill('Half a thought, and more');
    await expect.poll(() => squatter.heard.length, { timeout: 60_000 }).toBeGreaterThan(6);
    await squatter.leave();
    for (const { url, said } of squatter.heard) {
      expect(url).toBe('/api/prove');
      expect(said).not.toMatch(/authorization|bearer|parley-desk|Half/i);
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
      await expect.poll(() => desk.drafts.read('talks/drafting')).toBe('Half a thought, and more');
      await tabTo(ana, half);
      await ana.keyboard.press('Control+Enter');
      await second.locator('.entry.mine').getByText('Half a thought, and more').waitFor();
    } finally {
      await again.close();
    }
    await second.close();
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

/** It fits a narrow window, with SLOW=1 also a wide one, and axe finds nothing. */
async function isForEveryone(page: Page, name: string): Promise<void> {
  for (const width of process.env['SLOW'] === '1' ? ([320, 1280] as const) : ([320] as const)) {
    await wear(page, { width, colors: width === 320 ? 'dark' : 'light' });
    expect(await overflow(page), `${name} at ${width} px`).toEqual([]);
    expect(await axeFindings(page), `${name} at ${width} px`).toEqual([]);
  }
  await wear(page, { width: 1280, colors: 'light' });
}
