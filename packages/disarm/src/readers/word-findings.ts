// WordprocessingML: comments, tracked changes, hidden text and fields, each with its text and author.

import { emit } from '../cage/emit.ts';
import { remark, removed, reportField, reportLetters } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

const STORIES = /^word\/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$/i;
/** Texts kept for later use, which no page shows. */
const SHELVED = /^word\/glossary\/document\.xml$/i;
const CHANGES = {
  'w:ins': 'inserted',
  'w:del': 'deleted',
  'w:moveTo': 'moved',
  'w:moveFrom': 'moved',
} as const;

type Change = { tag: keyof typeof CHANGES; author: string; text: string };

const isChange = (tag: string): tag is keyof typeof CHANGES => Object.hasOwn(CHANGES, tag);
const isOff = (value: string | undefined): boolean =>
  value === '0' || value === 'false' || value === 'off';

/** Styles that hide the words that wear them. */
function hidingStyles(xml: string): Set<string> {
  const names = new Set<string>();
  let style = '';
  readXml(xml, {
    open(tag, attributes) {
      if (tag === 'w:style') style = attributes['w:styleId'] ?? '';
      if (tag === 'w:vanish' && style !== '' && !isOff(attributes['w:val'])) names.add(style);
    },
    close(tag) {
      if (tag === 'w:style') style = '';
    },
  });
  return names;
}

function readStory(xml: string, hiding: ReadonlySet<string>): void {
  const open: Change[] = [];
  const elements: string[] = [];
  let inRunProperties = false;
  let hiddenRun = false;
  let hiddenParagraph = false;
  let hidden = '';
  /** White words with nothing dark behind them, as far as the text itself says. */
  let white = '';
  let whiteRun = false;
  /** For each open element whether it has a ground of its own, on which white may be read. */
  const grounds: boolean[] = [];
  let said = '';
  let formats = 0;
  let field = '';
  let readsText = false;
  let readsField = false;
  readXml(xml, {
    open(tag, attributes) {
      elements.push(tag);
      // Inside run or paragraph properties the same names mark a paragraph's end, not a text.
      if (isChange(tag) && elements.at(-2) !== 'w:rPr' && elements.at(-2) !== 'w:trPr') {
        open.push({ tag, author: attributes['w:author'] ?? '', text: '' });
      }
      if (tag === 'w:p') hiddenParagraph = false;
      if (tag === 'w:pStyle') hiddenParagraph = hiding.has(attributes['w:val'] ?? '');
      if (tag === 'w:r') {
        hiddenRun = hiddenParagraph;
        whiteRun = false;
      }
      grounds.push(/^(w:txbxContent|w:background|w:tblStyle)$/.test(tag));
      // The properties of a run, a paragraph, a cell or a table stand one below it.
      if (tag === 'w:shd' || tag === 'w:highlight' || tag === 'w:tblStyle')
        grounds[grounds.length - 3] = true;
      if (inRunProperties && tag === 'w:color')
        whiteRun = /^f{6}$/i.test(attributes['w:val'] ?? '');
      if (tag === 'w:rStyle' && hiding.has(attributes['w:val'] ?? '')) hiddenRun = true;
      if (/^w:(rPr|pPr|tblPr|trPr|tcPr|sectPr)Change$/.test(tag)) formats++;
      if (tag === 'w:rPr') inRunProperties = true;
      if (inRunProperties && (tag === 'w:vanish' || tag === 'w:webHidden')) {
        hiddenRun = tag === 'w:vanish' && !isOff(attributes['w:val']);
      }
      if (tag === 'w:t' || tag === 'w:delText') readsText = true;
      if (tag === 'w:instrText' || tag === 'w:delInstrText') readsField = true;
      if (tag === 'w:fldSimple') reportField(attributes['w:instr'] ?? '');
      if (tag === 'w:fldChar' && attributes['w:fldCharType'] !== 'begin') {
        if (field !== '') reportField(field);
        field = '';
      }
      if (tag === 'w:altChunk') emit.detail('external-relationship', 'file-in-text');
      if (tag === 'w:object' || tag === 'w:control') {
        emit.remark({ list: 'removed', kind: tag === 'w:control' ? 'activex' : 'ole-object' });
      }
      if (tag === 'w:sdt' || tag === 'w:ffData')
        emit.remark({ list: 'removed', kind: 'form-field' });
    },
    close(tag) {
      elements.pop();
      grounds.pop();
      if (tag === 'w:rPr') inRunProperties = false;
      if (tag === 'w:t' || tag === 'w:delText') readsText = false;
      if (tag === 'w:instrText' || tag === 'w:delInstrText') readsField = false;
      if (tag === 'w:p') {
        for (const change of open) change.text += ' ';
        if (hidden !== '') emit.remark({ list: 'hidden', kind: 'hidden-text', text: hidden });
        if (white.trim() !== '')
          emit.remark({ list: 'hidden', kind: 'invisible-text', text: white });
        reportLetters(said);
        hidden = white = said = '';
      }
      if (open.at(-1)?.tag === tag && isChange(tag) && elements.at(-1) !== 'w:rPr') {
        const change = open.pop();
        if (change !== undefined) {
          const { author, text } = change;
          remark({ list: 'remark', what: CHANGES[tag], author, text });
        }
      }
    },
    text(text) {
      if (readsField) field += text;
      if (!readsText) return;
      for (const change of open) change.text += text;
      said += text;
      if (hiddenRun) hidden += text;
      else if (whiteRun && !grounds.includes(true)) white += text;
    },
    doctype: () => emit.detail('active-element', 'document-type'),
  });
  if (formats === 0) return;
  emit.note('format-changes', { count: formats });
}

function readComments(xml: string): void {
  let author = '';
  let text = '';
  readXml(xml, {
    open(tag, attributes) {
      if (tag === 'w:comment') {
        author = attributes['w:author'] ?? '';
        text = '';
      }
    },
    text: (value) => (text += value),
    close(tag) {
      if (tag === 'w:p') text += ' ';
      if (tag === 'w:comment') remark({ list: 'remark', what: 'comment', author, text });
    },
  });
}

/** Texts kept for later use, one a piece. */
function shelved(xml: string): string[] {
  const pieces: string[] = [];
  let text = '';
  let reads = false;
  readXml(xml, {
    open: (tag) => (reads = tag === 'w:t'),
    text: (value) => {
      if (reads) text += value;
    },
    close(tag) {
      reads = false;
      if (tag === 'w:p') text += ' ';
      if (tag !== 'w:docPart') return;
      if (text.trim() !== '') pieces.push(text);
      text = '';
    },
  });
  return pieces;
}

export function reportWords(zip: ZipReader): void {
  readXml(zip.text('word/settings.xml') ?? '', {
    open(tag, a) {
      if (tag === 'w:docVar') removed('custom-data', `${a['w:name'] ?? ''}: ${a['w:val'] ?? ''}`);
    },
  });
  const hiding = hidingStyles(zip.text('word/styles.xml') ?? '');
  for (const name of zip.names) {
    if (STORIES.test(name)) readStory(zip.text(name) ?? '', hiding);
    if (SHELVED.test(name)) {
      for (const text of shelved(zip.text(name) ?? ''))
        emit.remark({ list: 'hidden', kind: 'hidden-text', text });
    }
    if (/^word\/comments\.xml$/i.test(name)) readComments(zip.text(name) ?? '');
  }
}
