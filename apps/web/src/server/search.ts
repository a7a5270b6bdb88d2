// Search through a room: what was written, who wrote it, what documents are called, and what their safe copies say.

import type { Desk } from '@parley/desk';
import type { EntryView, SearchAnswer } from './wire.ts';

/** Entries that are found in one answer, and looked through for it. */
const FOUND_MAX = 200;
const LOOKED_AT_MAX = 20_000;
const SPAN = 500;
/** Safe copies read for one answer: each takes a moment, and the rest is read for the next. */
const READ_MAX = 8;
/** Words kept of one safe copy, and of all together, in UTF-16 units. */
const WORDS_MAX = 2_000_000;
const KEPT_MAX = 50_000_000;

export type Wanted = { readonly words: string; readonly kind: string; readonly before: number };

/** How texts are compared: without case, width or line ends. */
function plain(text: string): string {
  return text.normalize('NFKC').toLocaleLowerCase().replaceAll(/\s+/gu, ' ');
}

/** The words of a PDF that our own writer made. */
async function wordsOfPdf(content: Uint8Array): Promise<string> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({
    data: new Uint8Array(content),
    isEvalSupported: false,
    useWasm: false,
    useSystemFonts: false,
    disableFontFace: true,
    verbosity: 0,
  }).promise;
  let words = '';
  for (let page = 1; page <= document.numPages && words.length < WORDS_MAX; page++) {
    const { items } = await (await document.getPage(page)).getTextContent();
    for (const item of items) if ('str' in item) words += item.hasEOL ? `${item.str} ` : item.str;
    words += ' ';
  }
  await document.loadingTask.destroy();
  return words;
}

export class Search {
  readonly #desk: () => Desk;
  /** By the leaf of the document's entry; the oldest are forgotten first. */
  readonly #words = new Map<string, string>();
  #kept = 0;

  constructor(desk: () => Desk) {
    this.#desk = desk;
  }

  /** Looks from `before` backwards. `kind` empty is every kind; words empty find everything. */
  async find(channel: string, wanted: Wanted): Promise<SearchAnswer> {
    const desk = this.#desk();
    const words = plain(wanted.words).trim();
    const { size, root } = desk.span(channel, { from: 0, count: 0 });
    const found: EntryView[] = [];
    let at = Math.min(wanted.before, size);
    let unread = 0;
    let reads = READ_MAX;
    // What waits to be sent stands behind the last entry.
    let first = wanted.before >= size;
    const stop = Math.max(0, at - LOOKED_AT_MAX);
    while ((at > stop || first) && found.length < FOUND_MAX) {
      const from = Math.max(stop, at - SPAN);
      const { entries } = desk.span(channel, { from, count: Math.max(1, at - from) });
      const these = first ? entries : entries.filter(({ entry }) => entry !== null);
      first = false;
      for (const entry of these.toReversed()) {
        if (wanted.kind !== '' && entry.kind !== wanted.kind) continue;
        if (words === '' || matches(entry, words)) {
          found.push(entry);
          continue;
        }
        if (entry.document?.state !== 'ready' || entry.entry === null || entry.leaf === null)
          continue;
        let said = this.#words.get(entry.leaf);
        if (said === undefined && reads > 0) {
          reads--;
          said = await this.#read(channel, entry.entry, entry.leaf);
        }
        if (said === undefined) unread++;
        else if (said.includes(words)) found.push(entry);
      }
      at = from;
    }
    return { entries: found, before: at === 0 ? null : at, unread, root };
  }

  async #read(channel: string, entry: number, leaf: string): Promise<string> {
    const { content, mediaType } = await this.#desk().readyCopy(channel, entry);
    const words = mediaType.startsWith('text/')
      ? new TextDecoder().decode(content.subarray(0, WORDS_MAX))
      : mediaType === 'application/pdf'
        ? await wordsOfPdf(content).catch(() => '')
        : '';
    const said = plain(words);
    this.#words.set(leaf, said);
    this.#kept += said.length;
    for (const [oldest, text] of this.#words) {
      if (this.#kept <= KEPT_MAX) break;
      this.#words.delete(oldest);
      this.#kept -= text.length;
    }
    return said;
  }
}

function matches(entry: EntryView, words: string): boolean {
  const { member, party, device, summary, text, document } = entry;
  return plain(
    [member, party, device, summary, text ?? '', document?.name ?? ''].join('\n'),
  ).includes(words);
}
