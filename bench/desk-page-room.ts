// A long room at the desk in the browser, each interaction by its name: how long until it was painted, and what it cost.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { builtPage } from '../apps/web/src/server/build.ts';
import { en } from '../apps/web/src/words/en.ts';
import { fr } from '../apps/web/src/words/fr.ts';
import { CHANNEL, PASSPHRASE, line, longRecord, type LongRecord } from './desk-page-record.ts';

const PARLEY = fileURLToPath(new URL('../apps/cli/bin/parley.js', import.meta.url));
const ROUNDS = 3;
const VISITS = 3;
/** Whatever an interaction sets off has ended by then, or is under way in the client. */
const SETTLED_MS = 1500;

/** Runs before the page's own scripts: keeps when the list of rooms was painted, and what was slow. */
const WATCHING = `
  window.seen = { list: 0, paint: 0, frame: 0 };
  const look = () => {
    if (window.seen.list === 0 && document.querySelector('nav button.place') !== null)
      requestAnimationFrame(() => requestAnimationFrame(() => { window.seen.list ||= performance.now(); }));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId > 0) window.seen.paint = Math.max(window.seen.paint, duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.seen.frame = Math.max(window.seen.frame, duration);
  }).observe({ type: 'long-animation-frame', buffered: true });
`;

type Cost = { readonly paintMs: number; readonly frameMs: number; readonly cpuMs: number };

/** A client of its own process, as `parley ui` runs; it gives one link. */
class Client {
  readonly #process;
  readonly link: Promise<string>;

  constructor(home: string) {
    const words = `${home}.passphrase`;
    writeFileSync(words, PASSPHRASE, { mode: 0o600 });
    this.#process = spawn(process.execPath, [PARLEY, 'ui'], {
      env: { ...process.env, PARLEY_HOME: home, PARLEY_PASSPHRASE_FILE: words },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.#process;
    this.link = (async () => {
      for await (const text of createInterface({ input: stdout })) {
        const [link] = /http:\/\/\S+/.exec(text) ?? [];
        if (link !== undefined) return link;
      }
      throw new Error('the client ended without a link');
    })();
  }

  get memoryMB(): number {
    return residentMB(this.#process.pid ?? 0);
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((settle) => this.#process.once('exit', settle));
    this.#process.kill('SIGINT');
    await ended;
  }
}

function residentMB(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}

/** One window in which every act is measured. */
class Window {
  readonly page: Page;
  readonly #session: CDPSession;
  readonly costs = new Map<string, Cost[]>();

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  static async open(browser: Browser, link: string): Promise<Window> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
    });
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    await page.addInitScript(WATCHING);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(link);
    // The page allows nobody to evaluate text, so that the driver's own waiting is refused in it.
    while ((await page.evaluate<number>('window.seen.list')) === 0) await page.waitForTimeout(50);
    return new Window(page, session);
  }

  async metric(name: string): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return metrics.find((one) => one.name === name)?.value ?? 0;
  }

  async step(name: string, act: () => Promise<unknown>): Promise<void> {
    await this.page.evaluate('window.seen.paint = window.seen.frame = 0');
    const before = await this.metric('TaskDuration');
    await act();
    await this.page.waitForTimeout(SETTLED_MS);
    const cpuMs = ((await this.metric('TaskDuration')) - before) * 1000;
    const [paintMs, frameMs] = await this.page.evaluate<[number, number]>(
      '[window.seen.paint, window.seen.frame]',
    );
    this.costs.set(name, [...(this.costs.get(name) ?? []), { paintMs, frameMs, cpuMs }]);
  }

  async heapMB(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    return (await this.metric('JSHeapUsedSize')) / 1e6;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

async function tabMemoryMB(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return Math.max(
    0,
    ...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentMB(id)),
  );
}

/** Kilobytes of script that the first view asked for, compressed as a server would. */
async function scriptSize(page: Page): Promise<{ kilobytes: number; files: number }> {
  const addresses = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`,
  );
  let bytes = 0;
  for (const address of addresses)
    bytes += gzipSync(Buffer.from(await (await fetch(address)).arrayBuffer())).length;
  return { kilobytes: bytes / 1000, files: addresses.length };
}

/** What a person does in a long room, once. */
async function aRound(window: Window, say: () => Promise<void>): Promise<void> {
  const { page } = window;
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const place = (name: string) => page.getByRole('navigation').getByRole('button', { name });
  const language = page.locator('header select');
  await place(en['nav.mail']).click();
  await window.step('open the room', async () => {
    await place(CHANNEL).click();
    await page.locator('.entry').first().waitFor();
  });
  const message = page.getByLabel(en['composer.message']);
  await window.step('write a message', () => message.pressSequentially('A line that is typed.'));
  await window.step('send it', () => message.press('Control+Enter'));
  await window.step('a message comes in', say);
  await window.step('pin an entry', () => page.locator('.entries > li .pin').last().click());
  await window.step('take the pin off', () => page.locator('.entries > li .pin').last().click());
  const earlier = page.locator('.earlier');
  if ((await earlier.count()) > 0) {
    await earlier.scrollIntoViewIfNeeded();
    await earlier.hover();
    await window.step('scroll back', async () => {
      for (let turn = 0; turn < 40; turn++) await page.mouse.wheel(0, -2000);
    });
    await earlier.focus();
    await window.step('to the first entry, by key', () => page.keyboard.press('Home'));
    await window.step('a page on, by key', async () => {
      for (let turn = 0; turn < 5; turn++) await page.keyboard.press('PageDown');
    });
  }
  await window.step('to the register', () => tab(en['tab.register']).click());
  const older = page.getByRole('button', { name: en['room.older'], exact: true });
  if ((await older.count()) > 0) await window.step('more of the register', () => older.click());
  const search = page.getByLabel(en['register.search']);
  await window.step('search, by each key', () => search.pressSequentially('article 7.'));
  await window.step('empty the search', () => search.fill(''));
  await window.step('filter by kind', () =>
    page.getByLabel(en['register.kind']).selectOption('party-admitted'),
  );
  await window.step('to the parties', () => tab(en['tab.parties']).click());
  await window.step('to the posture', () => tab(en['tab.posture']).click());
  await window.step('back to the talk', () => tab(en['tab.talk']).click());
  await window.step('another language', () => language.selectOption('fr'));
  await window.step('and back', async () => {
    await page.getByRole('tab', { name: fr['tab.talk'], exact: true }).waitFor();
    await language.selectOption('en');
  });
}

const worst = (values: readonly number[]): string => String(Math.round(Math.max(0, ...values)));

function printCosts(costs: ReadonlyMap<string, readonly Cost[]>, entries: number): void {
  console.log(`${entries} entries; the slowest of ${ROUNDS}, in milliseconds:`);
  console.log(`  ${' '.repeat(28)} next paint  longest frame  work of the tab`);
  for (const [name, of] of costs) {
    const columns = [
      worst(of.map(({ paintMs }) => paintMs)).padStart(10),
      worst(of.map(({ frameMs }) => frameMs)).padStart(14),
      worst(of.map(({ cpuMs }) => cpuMs)).padStart(16),
    ];
    console.log(`  ${name.padEnd(28)} ${columns.join(' ')}`);
  }
  const paints = [...costs.values()].flat().map(({ paintMs }) => paintMs);
  console.log(
    `slowest interaction     ${worst(paints)} ms to the next paint at ${entries} entries (at most 100)`,
  );
}

/** Prints the figures of a room of at least this many entries, whose record is in the folder or is made there. */
export async function measureRoom(
  browser: Browser,
  folder: string,
  entries: number,
): Promise<void> {
  await builtPage();
  const record = await longRecord(folder, entries);
  const paints: string[] = [];
  try {
    for (let visit = 0; visit < VISITS; visit++) {
      const client = new Client(record.home);
      try {
        const window = await Window.open(browser, await client.link);
        paints.push((await window.page.evaluate<number>('window.seen.list')).toFixed(0));
        if (visit === 0) await measure(browser, record, { client, window });
        await window.close();
      } finally {
        await client.end();
      }
    }
  } finally {
    await record.close();
  }
  console.log(`room list painted       ${paints.join(', ')} ms (at most 300)`);
}

async function measure(
  browser: Browser,
  record: LongRecord,
  { client, window }: { client: Client; window: Window },
): Promise<void> {
  const { kilobytes, files } = await scriptSize(window.page);
  let said = record.entries;
  for (let round = 0; round < ROUNDS; round++)
    await aRound(window, async () => {
      const text = line(said++);
      await record.other.say(CHANNEL, text);
      await window.page.locator('.entry').filter({ hasText: text }).waitFor();
    });
  printCosts(window.costs, record.entries);
  const [tabMB, heapMB] = [await tabMemoryMB(browser), await window.heapMB()];
  console.log(
    `memory                  tab ${tabMB.toFixed(0)} MB, of it values of scripts ${heapMB.toFixed(0)} MB; client ${client.memoryMB.toFixed(0)} MB`,
  );
  console.log(
    `JavaScript, first view  ${kilobytes.toFixed(0)} kB gzip in ${files} files (at most 250)`,
  );
}
