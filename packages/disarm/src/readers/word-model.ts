// WordprocessingML to the text model, by whitelist: what is not named here does not exist in the copy.

import type { Block, Cell, Inline, PageSize, Paragraph, TextModel } from '../list/text-model.ts';
import { MODEL_LIMITS } from '../list/text-model.ts';
import { withoutUnseen } from '../unseen.ts';
import type { OfficeInsides } from './office-insides.ts';
import { FieldFollower, type Shown } from './page-number.ts';
import { WordNumbering } from './word-numbering.ts';
import { boxed, side, sizeOf, twips, WordPage } from './word-page.ts';
import { levelOf, lookWith, PLAIN_LOOK, styleNames, type Look } from './word-styles.ts';
import { usualLook } from './word-usual.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

type Style = Paragraph['style'];
type OpenParagraph = {
  style: Style;
  styleId: string;
  level: number | undefined;
  list: string | undefined;
  align: Paragraph['align'];
  inlines: Inline[];
};
type OpenTable = { widths: number[]; rows: Cell[][] };
type OpenCell = { span: number; merge: Cell['merge']; blocks: Block[] };

/** Deleted text, what a tracked change of looks or lists was before, and older copies of drawings: no part of what a reader sees. */
const GONE: ReadonlySet<string> = new Set([
  'w:del',
  'w:moveFrom',
  'w:pPrChange',
  'w:rPrChange',
  'mc:Fallback',
]);

type Parsed = { blocks: Block[]; notes: Map<string, Paragraph[]>; page: PageSize };

class StoryReader {
  readonly blocks: Block[] = [];
  readonly notes = new Map<string, Paragraph[]>();
  readonly #styles: Map<string, Style>;
  readonly #lists: WordNumbering;
  readonly #insides: OfficeInsides;
  readonly #noteNumber: (kind: string, id: string) => number;
  readonly #part: string;
  readonly #paragraphs: OpenParagraph[] = [];
  readonly #tables: OpenTable[] = [];
  readonly #cells: OpenCell[] = [];
  #look: Look = PLAIN_LOOK;
  #inRunProperties = false;
  #inParagraphProperties = false;
  #skip = 0;
  readonly #fields = new FieldFollower();
  #reads = false;
  #text = '';
  #extent = { width: 914_400, height: 914_400 };
  #noteId: string | undefined;
  readonly #pages = new WordPage();

  constructor(
    part: string,
    shared: {
      styles: Map<string, Style>;
      lists: WordNumbering;
      insides: OfficeInsides;
      noteNumber: (kind: string, id: string) => number;
    },
  ) {
    this.#part = part;
    this.#styles = shared.styles;
    this.#lists = shared.lists;
    this.#insides = shared.insides;
    this.#noteNumber = shared.noteNumber;
  }

  read(xml: string): Parsed {
    readXml(xml, {
      open: (tag, attributes) => this.#open(tag, attributes),
      close: (tag) => this.#close(tag),
      text: (value) => {
        if (this.#reads && this.#skip === 0) this.#text += value;
      },
    });
    return { blocks: this.blocks, notes: this.notes, page: this.#pages.page };
  }

  #add(inline: Inline): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined || paragraph.inlines.length >= MODEL_LIMITS.inlines) return;
    if (this.#fields.hides && inline.kind !== 'number') return;
    paragraph.inlines.push(inline);
  }

  #say(text: string): void {
    if (this.#look.hidden || this.#fields.hides) return;
    const { hidden: _, ...look } = this.#look;
    const clean = withoutUnseen(text.toWellFormed());
    const last = this.#paragraphs.at(-1)?.inlines.at(-1);
    if (clean === '') return;
    const same =
      last?.kind === 'run' &&
      (Object.keys(look) as (keyof typeof look)[]).every((key) => last[key] === look[key]);
    if (same && last.text.length < 10_000) {
      this.#paragraphs.at(-1)?.inlines.splice(-1, 1, { ...last, text: last.text + clean });
    } else this.#add({ kind: 'run', text: clean.slice(0, 50_000), ...look });
  }

  #number(of: Shown): void {
    if (typeof of === 'object') this.#say(of.words);
    else if (of !== undefined && !this.#look.hidden) this.#add({ kind: 'number', of });
  }

  #open(tag: string, a: Readonly<Record<string, string>>): void {
    if (GONE.has(tag)) this.#skip++;
    if (this.#skip > 0) return;
    const value = a['w:val'];
    switch (tag) {
      case 'w:footnote':
      case 'w:endnote':
        this.#noteId = a['w:type'] === undefined ? `${tag} ${a['w:id'] ?? ''}` : '';
        return;
      case 'w:p':
        this.#paragraphs.push({
          style: 'normal',
          styleId: '',
          level: undefined,
          list: undefined,
          align: 'left',
          inlines: [],
        });
        return;
      case 'w:pPr':
        this.#inParagraphProperties = true;
        return;
      case 'w:r':
        this.#look = PLAIN_LOOK;
        return;
      case 'w:rPr':
        this.#inRunProperties = true;
        return;
      case 'w:fldSimple':
        return this.#number(this.#fields.simple(a['w:instr'] ?? ''));
      case 'w:fldChar':
        return this.#number(this.#fields.mark(a['w:fldCharType'] ?? ''));
      case 'w:instrText':
      case 'w:t':
        this.#reads = true;
        this.#text = '';
        return;
      case 'w:tab':
        if (!this.#inParagraphProperties) this.#add({ kind: 'tab' });
        return;
      case 'w:br':
      case 'w:cr':
        this.#add({ kind: 'break', page: a['w:type'] === 'page' });
        return;
      case 'w:noBreakHyphen':
        return this.#say('-');
      case 'w:sym': {
        const code = Number.parseInt(a['w:char'] ?? '', 16);
        // Symbol fonts keep their signs in the private area: a bullet stands for all of them.
        if (code > 32)
          this.#say(code >= 0xe000 && code <= 0xf8ff ? '\u2022' : String.fromCharCode(code));
        return;
      }
      case 'w:footnoteReference':
      case 'w:endnoteReference':
        this.#add({
          kind: 'note',
          note: this.#noteNumber(tag.replace('Reference', ''), a['w:id'] ?? ''),
        });
        return;
      case 'wp:extent':
        this.#extent = { width: side(a['cx']), height: side(a['cy']) };
        return;
      case 'a:blip':
      case 'v:imagedata': {
        const seen = this.#insides.picture(a['r:embed'] ?? a['r:id'] ?? '', this.#part);
        if (seen?.kind === 'picture')
          this.#add({ kind: 'picture', picture: seen.picture, ...this.#extent });
        else if (seen !== undefined) this.#box(seen.lines);
        return;
      }
      case 'c:chart': {
        const chart = this.#insides.chart(a['r:id'] ?? '', this.#part);
        if (chart !== undefined) this.#add({ kind: 'chart', chart, ...this.#extent });
        return;
      }
      case 'dgm:relIds': {
        const seen = this.#insides.diagram(a['r:dm'] ?? '', this.#part);
        if (seen?.kind === 'words') this.#box(seen.lines);
        return;
      }
      case 'a:graphicData':
        return this.#insides.laterChart(a['uri']);
      case 'v:shape':
        this.#extent = sizeOf(a['style'] ?? '') ?? this.#extent;
        return;
      case 'w:pgSz':
      case 'w:pgMar':
        return this.#pages.open(tag, a);
      case 'w:tbl':
        this.#tables.push({ widths: [], rows: [] });
        return;
      case 'w:gridCol': {
        const widths = this.#tables.at(-1)?.widths;
        if (widths !== undefined && widths.length < MODEL_LIMITS.cells)
          widths.push(twips(a['w:w']));
        return;
      }
      case 'w:tr':
        this.#tables.at(-1)?.rows.push([]);
        return;
      case 'w:tc':
        this.#cells.push({ span: 1, merge: 'none', blocks: [] });
        return;
      case 'w:gridSpan': {
        const cell = this.#cells.at(-1);
        if (cell !== undefined) cell.span = Math.max(1, Math.min(200, Number(value) || 1));
        return;
      }
      case 'w:vMerge': {
        const cell = this.#cells.at(-1);
        if (cell !== undefined) cell.merge = value === 'restart' ? 'start' : 'continue';
        return;
      }
      default:
        if (this.#inRunProperties) {
          if (!this.#inParagraphProperties) this.#look = lookWith(this.#look, tag, value);
        } else if (this.#inParagraphProperties) this.#paragraphProperty(tag, value);
    }
  }

  #paragraphProperty(tag: string, value: string | undefined): void {
    const paragraph = this.#paragraphs.at(-1);
    if (paragraph === undefined) return;
    if (tag === 'w:pStyle') {
      paragraph.styleId = value ?? '';
      paragraph.style = this.#styles.get(paragraph.styleId) ?? 'normal';
    } else if (tag === 'w:jc') {
      paragraph.align =
        value === 'center'
          ? 'center'
          : value === 'right' || value === 'end'
            ? 'right'
            : value === 'both'
              ? 'both'
              : 'left';
    } else if (tag === 'w:ilvl') paragraph.level = levelOf(value);
    else if (tag === 'w:numId') paragraph.list = value;
  }

  #close(tag: string): void {
    if (GONE.has(tag)) {
      this.#skip--;
      return;
    }
    if (this.#skip > 0) return;
    switch (tag) {
      case 'w:t':
        this.#reads = false;
        return this.#say(this.#text);
      case 'w:instrText':
        this.#reads = false;
        return this.#fields.instruct(this.#text);
      case 'w:fldSimple':
        return this.#fields.end();
      case 'w:rPr':
        this.#inRunProperties = false;
        return;
      case 'w:pPr':
        this.#inParagraphProperties = false;
        return;
      case 'w:p': {
        const paragraph = this.#paragraphs.pop();
        if (paragraph !== undefined) this.#place({ kind: 'paragraph', ...this.#listed(paragraph) });
        return;
      }
      case 'w:tc': {
        const cell = this.#cells.pop();
        const row = this.#tables.at(-1)?.rows.at(-1);
        if (cell !== undefined && row !== undefined && row.length < MODEL_LIMITS.cells)
          row.push(cell);
        return;
      }
      case 'w:tbl': {
        const table = this.#tables.pop();
        if (table === undefined || this.#tables.length >= MODEL_LIMITS.depth) return;
        const rows = table.rows.filter((row) => row.length > 0);
        if (rows.length > 0) this.#place({ kind: 'table', widths: table.widths, rows });
        return;
      }
      case 'w:footnote':
      case 'w:endnote':
        this.#noteId = undefined;
    }
  }

  #listed({ style, styleId, level, list, align, inlines }: OpenParagraph): Paragraph {
    const at = this.#lists.of({ style: styleId, own: list, level });
    const marked = style === 'bullet' || style === 'number';
    const plain = marked && (at.numbering !== null || at.none);
    return {
      style: plain ? 'normal' : style,
      level: at.level,
      numbering: at.numbering,
      align,
      inlines,
    };
  }

  /** In a note the words stand without a frame. */
  #box(lines: readonly string[]): void {
    const box = boxed(lines);
    for (const block of this.#noteId === undefined ? [box] : flat(box)) this.#place(block);
  }

  #place(block: Block): void {
    if (this.#noteId !== undefined) {
      if (this.#noteId === '' || block.kind !== 'paragraph') return;
      const paragraphs = this.notes.get(this.#noteId) ?? [];
      const { kind: _, ...paragraph } = block;
      paragraphs.push(paragraph);
      this.notes.set(this.#noteId, paragraphs);
      return;
    }
    const into = this.#cells.at(-1)?.blocks ?? this.blocks;
    if (into.length < MODEL_LIMITS.blocks) into.push(block);
  }
}

/** The document as a reader sees it: insertions kept, deletions left out, hidden text left out. */
export function readTextModel(zip: ZipReader, insides: OfficeInsides): TextModel {
  const noteIds: string[] = [];
  const noteNumber = (kind: string, id: string): number => {
    const key = `${kind} ${id}`;
    const at = noteIds.indexOf(key);
    return at >= 0 ? at : noteIds.push(key) - 1;
  };
  const lists = new WordNumbering(zip);
  const shared = { styles: styleNames(zip), lists, insides, noteNumber };
  const story = (part: string): Parsed => new StoryReader(part, shared).read(zip.text(part) ?? '');
  const { blocks, page } = story('word/document.xml');
  const notes = new Map([
    ...story('word/footnotes.xml').notes,
    ...story('word/endnotes.xml').notes,
  ]);
  const margins = (pattern: RegExp): Paragraph[] => {
    const found = new Map<string, Paragraph>();
    for (const part of zip.names.filter((name) => pattern.test(name)).toSorted()) {
      for (const block of story(part).blocks) {
        const paragraphs = block.kind === 'paragraph' ? [block] : flat(block);
        for (const { kind: _, ...paragraph } of paragraphs) {
          const words = paragraph.inlines
            .map((inline) =>
              inline.kind === 'run' ? inline.text : inline.kind === 'number' ? '#' : ' ',
            )
            .join('');
          if (words.trim() !== '' && !found.has(words)) found.set(words, paragraph);
        }
      }
    }
    return [...found.values()].slice(0, 1000);
  };
  return {
    page,
    usual: usualLook(zip),
    header: margins(/^word\/header\d*\.xml$/i),
    footer: margins(/^word\/footer\d*\.xml$/i),
    blocks:
      blocks.length > 0
        ? blocks
        : [
            {
              kind: 'paragraph',
              style: 'normal',
              level: 0,
              numbering: null,
              align: 'left',
              inlines: [],
            },
          ],
    notes: noteIds.map((id) => notes.get(id) ?? []),
    lists: lists.lists,
    numberings: lists.numberings,
    charts: insides.charts,
  };
}

function flat(block: Block): Extract<Block, { kind: 'paragraph' }>[] {
  if (block.kind === 'paragraph') return [block];
  return block.rows.flatMap((row) => row.flatMap((cell) => cell.blocks.flatMap(flat)));
}
