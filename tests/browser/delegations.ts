// Two desks and a relay, each desk served to a browser window: what every browser test plays with.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@parley/kernel';
import { nativePorts } from '@parley/kernel/node';
import { Desk } from '@parley/desk';
import { startRelay, type RunningRelay } from '@parley/relay';
import { startUi, type RunningUi } from '@parley/web';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { encodeQR } from 'qr';

export const PASSPHRASE = 'four plain words here';

export type Seat = { readonly desk: Desk; readonly ui: RunningUi };

export class Delegations {
  readonly relay: RunningRelay;
  readonly alpha: Seat;
  readonly beta: Seat;
  readonly folder: string;
  #relayRuns = true;
  /** Every address that any window asked for. */
  readonly asked: string[] = [];
  /** What the browser complained of: refused loads, scripts that failed. */
  readonly complaints: string[] = [];

  private constructor(parts: { relay: RunningRelay; alpha: Seat; beta: Seat; folder: string }) {
    this.relay = parts.relay;
    this.alpha = parts.alpha;
    this.beta = parts.beta;
    this.folder = parts.folder;
  }

  static async meet(): Promise<Delegations> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-browser-'));
    const relay = await startRelay({
      dataDir: join(folder, 'relay'),
      listen: '127.0.0.1:0',
      journal: { level: 'silent' },
    });
    const seat = async (home: string, party: string, member: string): Promise<Seat> => {
      const options = { home: join(folder, home), passphrase: utf8(PASSPHRASE) };
      const desk = Desk.create(nativePorts, options, { party, member, label: 'laptop' });
      return { desk, ui: await startUi(desk, { ports: nativePorts, everyMs: 500 }) };
    };
    const alpha = await seat('alpha', 'Republic of Alpha', 'Ana');
    const beta = await seat('beta', 'جمهورية بيتا', 'بدر');
    return new Delegations({ relay, alpha, beta, folder });
  }

  /** A channel between the two, made without a browser; whose words are not compared yet. */
  async open(channel: string): Promise<void> {
    const { desk: alpha } = this.alpha;
    const { desk: beta } = this.beta;
    const { invitation } = await alpha.newChannel({
      relay: this.relay.url,
      name: channel,
      days: 1,
    });
    await beta.joinChannel({ invitation, name: channel });
    await alpha.admit(channel, await alpha.admissionRequest(channel));
    for (const desk of [beta, alpha, beta, alpha]) await desk.sync(channel);
  }

  /** The same with words compared: where a story begins later. */
  async acquaint(channel: string): Promise<void> {
    await this.open(channel);
    const { desk: alpha } = this.alpha;
    const { desk: beta } = this.beta;
    await alpha.ceremony(channel, 'en');
    await beta.ceremony(channel, 'en');
    await alpha.confirmWords(channel);
    await beta.confirmWords(channel);
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** A window of its own profile, let in by a fresh link. */
  async window(
    browser: Browser,
    seat: Seat,
    locale: string,
  ): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({
      locale,
      timezoneId: 'Asia/Singapore',
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    this.listenTo(page);
    await page.goto(seat.ui.newLink());
    await page.locator('main#place').waitFor();
    return { context, page };
  }

  /** What a camera sees that is held before a square code: a few seconds of it, as raw video. */
  film(path: string, text: string): void {
    const rows = encodeQR(text, 'raw', { ecc: 'low' });
    const scale = Math.max(2, Math.floor(700 / rows.length));
    const side = rows.length * scale + 80;
    const wide = side + (side % 2);
    const light = Buffer.alloc(wide * wide, 235);
    for (const [y, row] of rows.entries())
      for (const [x, dark] of row.entries()) {
        if (!dark) continue;
        for (let line = 0; line < scale; line++) {
          const at = (40 + y * scale + line) * wide + 40 + x * scale;
          light.fill(16, at, at + scale);
        }
      }
    const frame = Buffer.concat([
      Buffer.from('FRAME\n'),
      light,
      Buffer.alloc((wide * wide) / 2, 128),
    ]);
    const head = Buffer.from(`YUV4MPEG2 W${wide} H${wide} F10:1 Ip A1:1 C420jpeg\n`);
    writeFileSync(path, Buffer.concat([head, frame, frame, frame]));
  }

  /** Remembers what the window asks for and what its browser complains of. */
  listenTo(page: Page): void {
    page.on('request', (request) => this.asked.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** The network goes: from now on nobody reaches the relay. */
  async stopRelay(): Promise<void> {
    if (this.#relayRuns) await this.relay.close();
    this.#relayRuns = false;
  }

  async part(): Promise<void> {
    for (const { ui, desk } of [this.alpha, this.beta]) {
      await ui.close();
      desk.close();
    }
    await this.stopRelay();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
