// How much a person has to do and to wait at the desk in the browser, in a real Chromium with a relay on this machine; a
// person reads and speaks, which no figure here contains. `npm run bench:desk-page -- [entries] [folder]`: the record of
// that many entries takes minutes to make; a folder keeps it for the next time, and then only the long room is measured.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { startRelay } from '@parley/relay';
import { startUi } from '@parley/web';
import type { Browser, Locator, Page } from 'playwright-core';
import { en } from '../apps/web/src/words/en.ts';
import { makePdf } from '../packages/disarm/testing/pdf-maker.ts';
import { startChromium } from '../tests/browser/browser.ts';
import { PASSPHRASE } from './desk-page-record.ts';
import { measureRoom } from './desk-page-room.ts';

const [ENTRIES = '10000', KEPT] = process.argv.slice(2);
const PAGES = 10;

/** A plain document of ten pages. */
function tenPages(): Uint8Array {
  // Object 3 is the font; each page is followed by its content.
  const pages = Array.from({ length: PAGES }, (_, page) => {
    const lines = Array.from({ length: 40 }, (_, line) => `(Article ${page}.${line}) Tj T*`);
    return [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${5 + 2 * page} 0 R/Resources<</Font<</F 3 0 R>>>>>>`,
      { dictionary: '', stream: `BT /F 11 Tf 14 TL 60 780 Td ${lines.join(' ')} ET` },
    ];
  });
  const kids = pages.map((_, page) => `${4 + 2 * page} 0 R`).join(' ');
  return makePdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${PAGES}/Kids[${kids}]>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...pages.flat(),
  ]);
}

/** One person at one window: what is pressed is counted, what is typed or read is not. */
class Person {
  readonly page: Page;
  pressed = 0;

  constructor(page: Page) {
    this.page = page;
  }

  async press(target: Locator): Promise<void> {
    await target.click();
    this.pressed++;
  }

  async button(name: string): Promise<void> {
    await this.press(this.page.getByRole('button', { name, exact: true }).first());
  }

  async tab(name: string): Promise<void> {
    await this.press(this.page.getByRole('tab', { name, exact: true }));
  }

  async fill(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

async function window(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

async function setUp(person: Person, party: string, member: string): Promise<void> {
  await person.fill(en['setUp.party'], party);
  await person.fill(en['setUp.member'], member);
  await person.fill(en['setUp.passphrase'], PASSPHRASE);
  await person.fill(en['setUp.again'], PASSPHRASE);
  await person.button(en['setUp.act']);
}

/** Two machines that are set up, until the safe copy of a ten-page document can be read on the other side. */
async function meet(browser: Browser, folder: string, relay: string): Promise<void> {
  const everyMs = 1000;
  const uis = await Promise.all(
    ['alpha', 'beta'].map((name) =>
      startUi({ home: join(folder, name) }, { ports: nativePorts, everyMs }),
    ),
  );
  const [alpha, beta] = await Promise.all(
    uis.map(async (ui) => new Person(await window(browser, ui.newLink()))),
  );
  assert(alpha !== undefined && beta !== undefined, 'two windows');
  const startMs = performance.now();
  await setUp(alpha, 'Republic of Alpha', 'Ana');
  await setUp(beta, 'Union of Beta', 'Bo');
  await alpha.fill(en['channel.name'], 'talks');
  await alpha.fill(en['channel.relay'], relay);
  await alpha.button(en['channel.found']);
  const invitation = (await alpha.page.getByTestId('invitation').textContent()) ?? '';
  await alpha.button(en['copy']);
  await alpha.button(en['channel.go']);
  await beta.fill(en['invitation.title'], invitation);
  await beta.button(en['join.act']);
  await beta.button(en['channel.go']);
  await alpha.tab(en['tab.parties']);
  await alpha.button(en['admit.look']);
  await alpha.fill(en['field.passphrase'], PASSPHRASE);
  await alpha.button(en['admit.act']);
  await beta.tab(en['tab.parties']);

  const ceremonyMs = performance.now();
  await alpha.button(en['verify.start']);
  await beta.button(en['verify.start']);
  for (const { page } of [alpha, beta]) await page.locator('.words li').first().waitFor();
  await alpha.button(en['verify.same']);
  await beta.button(en['verify.same']);
  await alpha.page.getByText(en['verify.done']).waitFor();
  await beta.page.getByText(en['verify.done']).waitFor();
  const comparedMs = performance.now();

  await alpha.tab(en['tab.talk']);
  await alpha.page.locator('input[type=file]').setInputFiles(join(folder, 'ten-pages.pdf'));
  alpha.pressed++;
  await beta.tab(en['tab.talk']);
  const document = beta.page.locator('.entry.theirs').filter({ hasText: 'ten-pages.pdf' });
  await document.waitFor();
  const sentMs = performance.now();
  await beta.press(document.getByRole('button', { name: en['document.open'] }));
  await document.locator('.sheet canvas').first().waitFor();
  const doneMs = performance.now();
  console.log(
    `activations             ${alpha.pressed} at the founder's side, ${beta.pressed} at the other (at most 12)`,
  );
  console.log(
    `two set-ups to copy     ${seconds(doneMs - startMs)} s of machine time (at most 30 s)`,
  );
  console.log(`  of it the copy        ${seconds(doneMs - sentMs)} s for ${PAGES} pages`);
  console.log(
    `ceremony                ${seconds(comparedMs - ceremonyMs)} s of machine time (at most 60 s with two people)`,
  );
  for (const ui of uis) await ui.close();
}

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-page-'));
const chromium = await startChromium();
if ('missing' in chromium) throw new Error(chromium.missing);
const relay = await startRelay({
  dataDir: join(folder, 'relay'),
  listen: '127.0.0.1:0',
  journal: { level: 'silent' },
});
try {
  if (KEPT === undefined) {
    writeFileSync(join(folder, 'ten-pages.pdf'), tenPages());
    await meet(chromium.browser, folder, relay.url);
  }
  await measureRoom(chromium.browser, KEPT ?? join(folder, 'room'), Number(ENTRIES));
} finally {
  await chromium.close();
  await relay.close();
  rmSync(folder, { recursive: true, force: true });
}
