// OpenDocument: annotations, tracked changes, everything hidden, forms, scripts and what would be fetched.

import { emit } from '../cage/emit.ts';
import { property } from '../details.ts';
import { OF_SHEET, type HiddenKind } from '../report.ts';
import { removed, reportLetters } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

type Attributes = Readonly<Record<string, string>>;

const NOTES: Readonly<Record<string, 'comment' | 'inserted' | 'deleted'>> = {
  'office:annotation': 'comment',
  'text:insertion': 'inserted',
  'text:deletion': 'deleted',
  'table:insertion': 'inserted',
  'table:deletion': 'deleted',
  'table:cell-content-change': 'deleted',
};

/** Something whose words are gathered until it closes. */
type Gathered = {
  readonly tag: string;
  text: string;
  author: string;
  readonly id: string;
  readonly of: (typeof OF_SHEET)[number] | undefined;
};
type Hidden = { readonly kind: HiddenKind; text: string };

/** Names of styles that hide what wears them. */
function hidingStyles(xml: string): Set<string> {
  const names = new Set<string>();
  let style = '';
  readXml(xml, {
    open(tag, a) {
      if (tag === 'style:style') style = a['style:name'] ?? '';
      const hides =
        (tag === 'style:text-properties' && a['text:display'] === 'none') ||
        (tag === 'style:table-properties' && a['table:display'] === 'false') ||
        (tag === 'style:drawing-page-properties' && a['presentation:visibility'] === 'hidden');
      if (hides && style !== '') names.add(style);
    },
  });
  return names;
}

type Size = { readonly width: number; readonly height: number };

const LENGTHS: Readonly<Record<string, number>> = { cm: 1, mm: 0.1, in: 2.54, pt: 2.54 / 72 };

/** In centimetres; not a number for what says none. */
function lengthOf(said: string | undefined): number {
  const [, digits, unit = ''] = /^(-?[\d.]+)(cm|mm|in|pt)$/.exec(said ?? '') ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * (LENGTHS[unit] ?? Number.NaN);
}

/** The largest page of a document: what stands beside it stands beside every one. */
function pageSize(styles: string): Size {
  let width = 0;
  let height = 0;
  readXml(styles, {
    open(tag, a) {
      if (tag !== 'style:page-layout-properties') return;
      width = Math.max(width, lengthOf(a['fo:page-width']) || 0);
      height = Math.max(height, lengthOf(a['fo:page-height']) || 0);
    },
  });
  return { width, height };
}

/** True for a frame of a slide that no part of its page can show. */
function standsBeside(tag: string, a: Attributes, { width, height }: Size): boolean {
  if (width === 0 || !/^draw:(frame|custom-shape|g|rect|ellipse|caption)$/.test(tag)) return false;
  const [x, y] = [lengthOf(a['svg:x']), lengthOf(a['svg:y'])];
  const right = x + lengthOf(a['svg:width']);
  const below = y + lengthOf(a['svg:height']);
  return x >= width || y >= height || right <= 0 || below <= 0;
}

/** How an element hides its words; undefined where it does not. */
function hiddenBy(tag: string, a: Attributes, hiding: ReadonlySet<string>): HiddenKind | undefined {
  const styled = (name: string): boolean => hiding.has(a[name] ?? '');
  switch (tag) {
    case 'text:hidden-text':
    case 'text:hidden-paragraph':
      return 'hidden-text';
    case 'text:p':
    case 'text:h':
    case 'text:span':
      return styled('text:style-name') ? 'hidden-text' : undefined;
    case 'text:section':
      return a['text:display'] === 'none' || a['text:condition'] !== undefined
        ? 'hidden-text'
        : undefined;
    case 'table:table':
      return a['table:display'] === 'false' || styled('table:style-name')
        ? 'hidden-sheet'
        : undefined;
    case 'table:table-row':
      return /^(collapse|filter)$/.test(a['table:visibility'] ?? '')
        ? 'hidden-row-or-column'
        : undefined;
    case 'draw:page':
      return styled('draw:style-name') ? 'hidden-slide' : undefined;
    case 'presentation:notes':
      return 'speaker-notes';
    default:
      return undefined;
  }
}

/** What would act, fetch or ask, named by its element. */
function reportActive(tag: string, a: Attributes): void {
  const target = a['xlink:href'] ?? '';
  if (tag === 'script:event-listener' || tag === 'office:script') removed('script', target || tag);
  if (tag === 'text:execute-macro' || tag === 'text:script') removed('script', target || tag);
  if (tag.startsWith('text:database-')) removed('field-code', a['text:table-name'] ?? tag);
  if (/^(office|text):dde-/.test(tag)) removed('dde', a['office:dde-topic'] ?? '');
  if (tag === 'draw:object' || tag === 'draw:object-ole') removed('ole-object', target);
  if (tag === 'draw:plugin' || tag === 'draw:applet') removed('multimedia', target);
  if (/^form:(?!form$|properties?$|list-property|list-value|option$|item$|column$)/.test(tag))
    removed('form-field', a['form:label'] ?? a['form:name'] ?? '');
  if (/^(text:section-source|table:table-source|table:cell-range-source)$/.test(tag))
    return removed('external-relationship', target);
  if (/^(https?|ftp|file|mailto|smb):|^\\\\/i.test(target)) {
    if (tag === 'text:a' || tag === 'draw:a') emit.remark({ list: 'link', target });
    else removed('external-relationship', target);
  }
}

function readContent(xml: string, part: string, hiding: ReadonlySet<string>, page: Size): void {
  const notes: Gathered[] = [];
  const hidden: Hidden[] = [];
  /** For each open element what it hides. */
  const open: (Hidden | undefined)[] = [];
  /** Changed regions by their name: an insertion's words stand in the text itself, between two marks. */
  const inserted = new Map<string, Gathered>();
  let region = '';
  let said = '';
  let formats = 0;
  const collapsed: boolean[] = [];
  let reads: 'text' | 'author' | 'nothing' = 'text';
  const tell = (note: Gathered): void => {
    const what = NOTES[note.tag] ?? 'comment';
    const { author, text, of } = note;
    // Without words of its own it says that the words stand in the text, or which part of a sheet it is.
    if (text.trim() !== '' || of !== undefined || note.tag === 'text:insertion')
      emit.remark({
        list: 'remark',
        what,
        author,
        text: text.trim() === '' ? '' : text,
        ...(of && { of }),
      });
  };
  readXml(xml, {
    open(tag, a) {
      reportActive(tag, a);
      if (tag === 'text:changed-region') region = a['text:id'] ?? a['xml:id'] ?? '';
      if (tag === 'text:format-change') formats++;
      if (tag === 'text:change-start') {
        const note = inserted.get(a['text:change-id'] ?? '');
        if (note !== undefined) notes.push(note);
      }
      if (tag === 'text:change-end') {
        const at = notes.findIndex(({ id }) => id !== '' && id === a['text:change-id']);
        for (const note of at < 0 ? [] : notes.splice(at, 1)) tell(note);
        inserted.delete(a['text:change-id'] ?? '');
      }
      if (NOTES[tag] !== undefined) {
        const of = tag.startsWith('table:')
          ? (OF_SHEET.find((part) => part === a['table:type']) ?? 'cell')
          : undefined;
        const id = tag === 'text:insertion' ? region : '';
        notes.push({ tag, author: '', text: '', id, of });
      }
      if (tag === 'dc:creator') reads = 'author';
      if (tag === 'dc:date') reads = 'nothing';
      if (tag === 'table:table-column' || tag === 'table:table-columns')
        collapsed.push(/^(collapse|filter)$/.test(a['table:visibility'] ?? ''));
      const kind =
        hiddenBy(tag, a, hiding) ?? (standsBeside(tag, a, page) ? 'off-page-text' : undefined);
      const name = a['table:name'] ?? a['text:string-value'] ?? '';
      const one = kind && { kind, text: name === '' ? '' : `${name} ` };
      open.push(one);
      if (one !== undefined) hidden.push(one);
    },
    close(tag) {
      if (tag === 'dc:creator' || tag === 'dc:date') reads = 'text';
      if (tag === 'text:p' || tag === 'text:h') {
        for (const each of [...notes, ...hidden]) each.text += ' ';
        reportLetters(said);
        said = '';
      }
      if (tag === 'table:table' && collapsed.splice(0).includes(true)) {
        const said = { code: 'a-hidden-column', values: {} } as const;
        emit.remark({ list: 'hidden', kind: 'hidden-row-or-column', said });
      }
      if (NOTES[tag] !== undefined && notes.at(-1)?.tag === tag) {
        const note = notes.pop();
        if (note !== undefined && note.id !== '') inserted.set(note.id, note);
        else if (note !== undefined) tell(note);
      }
      if (open.pop() !== undefined) tellHidden(hidden.pop());
    },
    text(text) {
      const note = notes.at(-1);
      if (reads === 'author' && note !== undefined) note.author += text;
      if (reads !== 'text') return;
      said += text;
      for (const each of notes) each.text += text;
      const inside = hidden.at(-1);
      if (inside !== undefined) inside.text += text;
    },
    doctype: () => emit.detail('active-element', 'document-type-in', { part }),
  });
  // Marks that a damaged or dishonest text does not have.
  for (const note of inserted.values()) tell(note);
  if (formats > 0) {
    emit.note('format-changes', { count: formats });
  }
}

function tellHidden(one: Hidden | undefined): void {
  if (one === undefined) return;
  const { kind } = one;
  const text = one.text.trim();
  if (text !== '' || kind === 'hidden-sheet' || kind === 'hidden-slide')
    emit.remark({ list: 'hidden', kind, text });
}

export function reportOpenDocument(kind: 'odt' | 'ods' | 'odp', zip: ZipReader): void {
  const parts = ['content.xml', 'styles.xml'].map((part) => [part, zip.text(part) ?? ''] as const);
  const hiding = new Set(parts.flatMap(([, xml]) => [...hidingStyles(xml)]));
  const page = kind === 'odp' ? pageSize(zip.text('styles.xml') ?? '') : { width: 0, height: 0 };
  for (const [part, xml] of parts) readContent(xml, part, hiding, page);
  let open = '';
  let name = '';
  readXml(zip.text('meta.xml') ?? '', {
    open(tag, a) {
      open = tag;
      name = a['meta:name'] ?? '';
    },
    close: () => (open = ''),
    text(text) {
      if (text.trim() === '') return;
      if (open === 'meta:user-defined') removed('custom-data', `${name}: ${text}`);
      if (
        /^(meta:initial-creator|dc:creator|dc:title|dc:subject|dc:description|meta:keyword)$/.test(
          open,
        )
      ) {
        removed('metadata', property(open, text));
      }
    },
  });
}
