// Remarks from the cage, checked word by word and gathered: the cage may lie, but only within the report's vocabulary.

import {
  HIDDEN_KINDS,
  OF_SHEET,
  REMOVED_KINDS,
  type Finding,
  type HiddenKind,
  type Link,
  type Remark,
  type RemovedKind,
} from './report.ts';
import { inert, readDetail, type Detail } from './details.ts';
import { readNote, type Note } from './notes.ts';

const TEXTS_PER_FINDING = 200;
const LIST_MAX = 5000;
const REMARK_WORDS = ['comment', 'inserted', 'deleted', 'moved', 'reply'] as const;

type More = { count?: number; page?: number | null; text?: string | Detail };
type Gathered = { count: number; pages: Set<number>; texts: string[]; details: Detail[] };

/** Gathers findings in the order of the report's word lists, so that the same document gives the same report. */
export class Findings {
  readonly #removed = new Map<RemovedKind, Gathered>();
  readonly #hidden = new Map<HiddenKind, Gathered>();
  readonly links: Link[] = [];
  readonly remarks: Remark[] = [];
  readonly notes: Note[] = [];
  /** Parts that the cage did not hand out. */
  readonly unreached: { readonly name: string; readonly reason: 'not-reached' | 'encrypted' }[] =
    [];
  #engineMuted = false;

  /** From now on removed things are those of an engine's own PDF, not the sender's: only links count. */
  muteEngine(): void {
    this.#engineMuted = true;
  }

  /** Takes the JSON of one remark frame. Anything outside the vocabulary is dropped. */
  take(payload: Uint8Array): void {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(payload.subarray(0, 262_144)).toString('utf8'));
    } catch {
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const said = value as Record<string, unknown>;
    const number = (field: unknown, or: number): number =>
      typeof field === 'number' && Number.isInteger(field) && field >= 0 && field < 1e9
        ? field
        : or;
    const page = number(said['page'], 0) || null;
    const text = readDetail(said['said']) ?? inert(said['text']);
    switch (said['list']) {
      case 'removed': {
        const kind = REMOVED_KINDS.find((k) => k === said['kind']);
        if (kind !== undefined && !this.#engineMuted)
          this.removed(kind, { count: number(said['count'], 1), page, text });
        return;
      }
      case 'hidden': {
        const kind = HIDDEN_KINDS.find((k) => k === said['kind']);
        if (kind !== undefined) this.hidden(kind, { count: number(said['count'], 1), page, text });
        return;
      }
      case 'link': {
        const target = inert(said['target']);
        if (target !== '' && this.links.length < LIST_MAX) this.links.push({ target, page });
        return;
      }
      case 'remark': {
        const what = REMARK_WORDS.find((word) => word === said['what']);
        if (what === undefined || this.remarks.length >= LIST_MAX) return;
        const of = OF_SHEET.find((part) => part === said['of']);
        const author = inert(said['author']);
        const words = inert(said['text']);
        if (this.#engineMuted && this.#placed(words, page)) return;
        this.remarks.push({ what, author, text: words, page, ...(of && { of }) });
        return;
      }
      case 'note': {
        const note = readNote(said['said']);
        if (note !== undefined && this.notes.length < 100) this.notes.push(note);
        return;
      }
      case 'unreached': {
        const name = inert(said['text']);
        const reason = said['locked'] === true ? 'encrypted' : 'not-reached';
        if (name !== '' && this.unreached.length < LIST_MAX) this.unreached.push({ name, reason });
      }
    }
  }

  /** The engine draws comments that the document has told before: then only their page is new. */
  #placed(text: string, page: number | null): boolean {
    const at = this.remarks.findIndex((one) => one.page === null && one.text === text);
    const found = this.remarks[at];
    if (found !== undefined) this.remarks[at] = { ...found, page };
    return found !== undefined;
  }

  removed(kind: RemovedKind, more: More = {}): void {
    gather(this.#removed, kind, more);
  }

  hidden(kind: HiddenKind, more: More = {}): void {
    gather(this.#hidden, kind, more);
  }

  removedList(): Finding<RemovedKind>[] {
    return listed(this.#removed, REMOVED_KINDS);
  }

  hiddenList(): Finding<HiddenKind>[] {
    return listed(this.#hidden, HIDDEN_KINDS);
  }
}

function gather<K>(
  into: Map<K, Gathered>,
  kind: K,
  { count = 1, page = null, text = '' }: More,
): void {
  let found = into.get(kind);
  if (found === undefined)
    into.set(kind, (found = { count: 0, pages: new Set(), texts: [], details: [] }));
  found.count += count;
  if (page !== null && found.pages.size < 2000) found.pages.add(page);
  if (typeof text === 'object') {
    const same = JSON.stringify(text);
    if (
      found.details.length < TEXTS_PER_FINDING &&
      found.details.every((one) => JSON.stringify(one) !== same)
    )
      found.details.push(text);
  } else if (text !== '' && found.texts.length < TEXTS_PER_FINDING && !found.texts.includes(text))
    found.texts.push(text);
}

function listed<K extends string>(from: Map<K, Gathered>, order: readonly K[]): Finding<K>[] {
  return order.flatMap((kind) => {
    const found = from.get(kind);
    if (found === undefined) return [];
    const { count, pages, texts, details } = found;
    const ours = details.length === 0 ? {} : { details };
    return [{ kind, count: Math.max(1, count), pages: [...pages], texts, ...ours }];
  });
}
