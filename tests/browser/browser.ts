// One real Chromium for all browser tests, in a directory of its own; or the reason why there is none here.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

export type Chromium =
  | { readonly browser: Browser; readonly close: () => Promise<void> }
  | { readonly missing: string };

/**
 * Never the package's own `args`: they switch off web security, and with it everything that these tests show. It
 * unpacks under TMPDIR and takes what it finds there, so it gets a TMPDIR nobody else uses. `camera` is a y4m file that
 * stands for what a camera sees; it is read when a page opens the camera.
 */
export async function startChromium(options: { camera?: string } = {}): Promise<Chromium> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-chromium-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  const restore = (): void => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  };
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const { chromium: driver } = await import('playwright-core');
    const browser = await driver.launch({
      executablePath: await chromium.executablePath(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        ...(options.camera === undefined
          ? []
          : [
              // Headless there is nobody to ask: without the first flag a camera is not supported at all.
              '--use-fake-ui-for-media-stream',
              '--use-fake-device-for-media-stream',
              `--use-file-for-fake-video-capture=${options.camera}`,
            ]),
      ],
      headless: true,
      timeout: 120_000,
    });
    return {
      browser,
      close: async () => {
        await browser.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const [reason = 'no reason given'] = String(error).split('\n');
    return { missing: `Chromium does not start: ${reason.slice(0, 200)}` };
  } finally {
    restore();
  }
}
