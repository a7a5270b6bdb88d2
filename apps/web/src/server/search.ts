// Search through a room: what was written, who wrote it, what documents are called, and what their safe copies say.

import { setImmediate as afterOthers } from 'node:timers/promises';
import type { Desk } from '@parley/desk';
import { RoomWords, type KnownEntry } from './room-words.ts';
import type { EntryView, SearchAnswer } from './wire.ts';

/** Entries that are found in one answer. */
const FOUND_MAX = 100;
/** Safe copies read for one answer: each takes a moment, and the rest is read for the next. */
const READ_MAX = 8;
/** Words kept of one safe copy, and of all together, in UTF-16 units. */
const WORDS_MAX = 2_000_000;
const KEPT_MAX = 50_000_000;
/** Entries compared before others of the page are answered. */
const AT_ONCE = 2000;

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
  readonly #rooms = new Map<string, RoomWords>();
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
    const room = this.#room(channel);
    await room.learn();
    const { size, root, entries: end } = desk.span(channel, { from: room.size, count: 0 });
    const found: number[] = [];
    let unread = 0;
    let reads = READ_MAX;
    let at = Math.min(wanted.before, room.size);
    for (; at > 0 && found.length < FOUND_MAX; at--) {
      if (at % AT_ONCE === 0) await afterOthers();
      const entry = room.at(at - 1);
      if (wanted.kind !== '' && entry.kind !== wanted.kind) continue;
      if (words === '' || entry.words.includes(words)) {
        found.push(at - 1);
        continue;
      }
      if (!entry.isDocument) continue;
      const said = await this.#saidIn(channel, entry, at - 1, reads > 0);
      if (said === 'read') reads--;
      if (said === 'unread') unread++;
      else if (this.#words.get(entry.leaf)?.includes(words) === true) found.push(at - 1);
    }
    const queued =
      wanted.before < size
        ? []
        : end.filter(
            (entry) =>
              entry.entry === null &&
              (wanted.kind === '' || entry.kind === wanted.kind) &&
              wordsOf(entry).includes(words),
          );
    const { entries } = desk.span(channel, { numbers: found });
    return {
      entries: [...queued.toReversed(), ...entries],
      before: at === 0 ? null : at,
      unread,
      root,
    };
  }

  #room(channel: string): RoomWords {
    const room = this.#rooms.get(channel) ?? new RoomWords(this.#desk, channel, wordsOf);
    this.#rooms.set(channel, room);
    return room;
  }

  /** Makes sure that a safe copy's words are known, where there is one and it may be read now. */
  async #saidIn(
    channel: string,
    { leaf }: KnownEntry,
    index: number,
    mayRead: boolean,
  ): Promise<'known' | 'read' | 'unread' | 'none'> {
    if (this.#words.has(leaf)) return 'known';
    const [view] = this.#desk().span(channel, { numbers: [index] }).entries;
    if (view?.document?.state !== 'ready') return 'none';
    if (!mayRead) return 'unread';
    const { content, mediaType } = await this.#desk().readyCopy(channel, index);
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
    return 'read';
  }
}

/** All that is looked through of an entry beside a document's own words. */
function wordsOf({ member, party, device, summary, text, document }: EntryView): string {
  return plain([member, party, device, summary, text ?? '', document?.name ?? ''].join('\n'));
}
