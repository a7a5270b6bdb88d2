// The files of the page, read once into memory: nothing else can be asked for by any path.

import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Stands in the built page where each answer puts its own nonce. */
const NONCE_MARK = '%NONCE%';

export type PageFile = { readonly body: Buffer; readonly mediaType: string };

export class PageFiles {
  readonly #page: string;
  readonly #files = new Map<string, PageFile>();

  constructor(folder: string) {
    this.#page = readFileSync(join(folder, 'index.html'), 'utf8');
    for (const item of readdirSync(join(folder, 'assets'))) {
      const mediaType = MEDIA_TYPES[extname(item)];
      if (mediaType === undefined) continue;
      const body = readFileSync(join(folder, 'assets', item));
      this.#files.set(`/assets/${item}`, { body, mediaType });
    }
  }

  page(nonce: string): string {
    return this.#page.replaceAll(NONCE_MARK, nonce);
  }

  file(path: string): PageFile | undefined {
    return this.#files.get(path);
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }
}
