// SpreadsheetML: hidden sheets, rows and columns with what they hold, comments, and formulas that reach outside.

import { emit } from '../cage/emit.ts';
import { columnNumber } from '../list/plain-formula.ts';
import type { HiddenKind } from '../report.ts';
import { hiddenWords } from './sheet-drawings.ts';
import { remark, removed, reportLetters } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

const TEXTS_MAX = 200;

/** Shared strings in order; a long list is cut, which only shortens what is quoted. */
export function sharedStrings(zip: ZipReader): string[] {
  const strings: string[] = [];
  let text = '';
  let phonetic = false;
  let reads = false;
  readXml(zip.text('xl/sharedStrings.xml') ?? '', {
    open(tag) {
      if (tag === 'si') text = '';
      if (tag === 'rPh') phonetic = true;
      if (tag === 't') reads = !phonetic;
    },
    close(tag) {
      if (tag === 'rPh') phonetic = false;
      if (tag === 't') reads = false;
      if (tag === 'si' && strings.length < 1_000_000) strings.push(text);
    },
    text: (value) => {
      if (reads) text += value;
    },
  });
  return strings;
}

export type SheetEntry = { readonly name: string; readonly state: string; readonly part: string };

/** Sheets of the workbook in order, with the part that holds each. */
export function workbookSheets(zip: ZipReader): SheetEntry[] {
  const targets = new Map<string, string>();
  readXml(zip.text('xl/_rels/workbook.xml.rels') ?? '', {
    open(tag, { Id: id = '', Target: target = '' }) {
      if (tag === 'Relationship')
        targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheets: SheetEntry[] = [];
  readXml(zip.text('xl/workbook.xml') ?? '', {
    open(tag, attributes) {
      if (tag !== 'sheet') return;
      const part = targets.get(attributes['r:id'] ?? '') ?? '';
      sheets.push({
        name: attributes['name'] ?? '',
        state: attributes['state'] ?? 'visible',
        part,
      });
    },
  });
  return sheets;
}

const REACHES_OUT = /\b(WEBSERVICE|CALL|EXEC|REGISTER|RTD|FILTERXML)\s*\(|\w+\|'?[^'!]*'?!/i;

type Box = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

/** What a workbook says of its cells elsewhere than in them. */
type Look = {
  readonly strings: readonly string[];
  /** Numbers of styles that show nothing: by their number format, or white on no ground. */
  readonly blank: ReadonlySet<string>;
  /** By the number of a sheet, the part of it that is printed; a sheet without is printed whole. */
  readonly printed: ReadonlyMap<number, readonly Box[]>;
};

function blankStyles(zip: ZipReader): Set<string> {
  const codes = new Set<string>();
  const blank = new Set<string>();
  const white: boolean[] = [];
  let style = 0;
  let inside: '' | 'fonts' | 'cellXfs' = '';
  readXml(zip.text('xl/styles.xml') ?? '', {
    open(tag, a) {
      if (tag === 'numFmt' && /^;;;+$/.test(a['formatCode'] ?? '')) codes.add(a['numFmtId'] ?? '');
      if (tag === 'cellXfs' || tag === 'fonts') inside = tag;
      if (tag === 'font' && inside === 'fonts') white.push(false);
      // The first colour of a theme is the paper's.
      if (tag === 'color' && inside === 'fonts')
        white[white.length - 1] = /^(?:ff)?f{6}$/i.test(a['rgb'] ?? '') || a['theme'] === '0';
      if (tag !== 'xf' || inside !== 'cellXfs') return;
      const unseen = white[Number(a['fontId'] ?? 0)] === true && (a['fillId'] ?? '0') === '0';
      if (unseen || codes.has(a['numFmtId'] ?? '')) blank.add(`${style}`);
      style++;
    },
    close(tag) {
      if (tag === inside) inside = '';
    },
  });
  return blank;
}

/** `Costs!$A$1:$C$9,Costs!$E:$E` as boxes; what a name says in another way says nothing here. */
function boxesOf(area: string): Box[] {
  const cell = String.raw`\$?([A-Z]{0,3})\$?(\d{0,7})`;
  return [...area.matchAll(new RegExp(`!${cell}(?::${cell})?(?:,|$)`, 'g'))].map(
    ([, left = '', top = '', right = left, bottom = top]) => ({
      left: columnNumber(left) || 1,
      top: Number(top) || 1,
      right: columnNumber(right) || Number.POSITIVE_INFINITY,
      bottom: Number(bottom) || Number.POSITIVE_INFINITY,
    }),
  );
}

function readSheet(zip: ZipReader, sheet: SheetEntry, number: number, look: Look): void {
  const { strings, blank } = look;
  const printed = look.printed.get(number);
  const unseen: [HiddenKind, string][] = [];
  const wholeHidden = sheet.state !== 'visible';
  const texts: string[] = [];
  const hiddenColumns: [number, number][] = [];
  let hiddenRow = false;
  let cell = { type: '', style: '', reference: '', value: '', formula: '' };
  let reads: 'value' | 'formula' | '' = '';
  readXml(zip.text(sheet.part) ?? '', {
    open(tag, a) {
      if (tag === 'col' && (a['hidden'] === '1' || a['hidden'] === 'true')) {
        hiddenColumns.push([Number(a['min']), Number(a['max'])]);
      }
      if (tag === 'row') hiddenRow = a['hidden'] === '1' || a['hidden'] === 'true';
      if (tag === 'c')
        cell = {
          type: a['t'] ?? '',
          style: a['s'] ?? '',
          reference: a['r'] ?? '',
          value: '',
          formula: '',
        };
      if (tag === 'v' || tag === 't') reads = 'value';
      if (tag === 'f') reads = 'formula';
    },
    text(text) {
      if (reads !== '') cell[reads] += text;
    },
    close(tag) {
      if (tag === 'v' || tag === 't' || tag === 'f') reads = '';
      if (tag !== 'c') return;
      if (REACHES_OUT.test(cell.formula))
        removed('external-formula', `${sheet.name}!${cell.reference}: ${cell.formula}`);
      const target = /^\s*_?x?l?f?n?\.?HYPERLINK\s*\(\s*"([^"]+)"/i.exec(cell.formula)?.[1];
      if (target !== undefined) emit.remark({ list: 'link', target });
      const [, letters = '', digits = ''] = /^([A-Z]{1,3})(\d*)/.exec(cell.reference) ?? [];
      const column = columnNumber(letters);
      const row = Number(digits);
      const hidden =
        wholeHidden ||
        hiddenRow ||
        hiddenColumns.some(([min, max]) => column >= min && column <= max);
      const said = cell.type === 's' ? (strings[Number(cell.value)] ?? '') : cell.value;
      if (cell.type === 'inlineStr') reportLetters(said);
      if (said.trim() === '') return;
      const text = `${cell.reference}: ${said}`;
      const outside =
        printed?.every(
          (box) => column < box.left || column > box.right || row < box.top || row > box.bottom,
        ) ?? false;
      if (hidden) {
        if (texts.length < TEXTS_MAX) texts.push(text);
      } else if ((outside || blank.has(cell.style)) && unseen.length < TEXTS_MAX)
        unseen.push([outside ? 'off-page-text' : 'invisible-text', text]);
    },
  });
  if (wholeHidden) {
    const code = sheet.state === 'veryHidden' ? 'sheet-very-hidden' : 'sheet-hidden';
    const said = { code, values: { sheet: sheet.name } } as const;
    emit.remark({ list: 'hidden', kind: 'hidden-sheet', said });
  }
  const kind = wholeHidden ? 'hidden-sheet' : 'hidden-row-or-column';
  for (const text of texts)
    emit.remark({ list: 'hidden', kind, count: 0, text: `${sheet.name}!${text}` });
  for (const [why, text] of unseen)
    emit.remark({ list: 'hidden', kind: why, text: `${sheet.name}!${text}` });
}

/** People of threaded comments by their number. */
function personsOf(zip: ZipReader): Map<string, string> {
  const persons = new Map<string, string>();
  for (const name of zip.names) {
    if (!/^xl\/persons\/[^/]+\.xml$/i.test(name)) continue;
    readXml(zip.text(name) ?? '', {
      open(tag, a) {
        if (tag === 'person') persons.set(a['id'] ?? '', a['displayName'] ?? '');
      },
    });
  }
  return persons;
}

function readComments(xml: string, persons: ReadonlyMap<string, string>): void {
  const authors: string[] = [];
  let author = '';
  let text = '';
  let inAuthor = false;
  readXml(xml, {
    open(tag, a) {
      if (tag === 'author') {
        authors.push('');
        inAuthor = true;
      }
      if (tag === 'comment' || tag === 'threadedComment') {
        author = persons.get(a['personId'] ?? '') ?? authors[Number(a['authorId'])] ?? '';
        text = a['ref'] === undefined ? '' : `${a['ref']}: `;
      }
    },
    text(value) {
      if (inAuthor) authors[authors.length - 1] += value;
      else text += value;
    },
    close(tag) {
      if (tag === 'author') inAuthor = false;
      if (tag === 'comment' || tag === 'threadedComment')
        remark({ list: 'remark', what: 'comment', author, text });
    },
  });
}

export function reportSheets(zip: ZipReader): void {
  const strings = sharedStrings(zip);
  for (const text of strings) reportLetters(text);
  const persons = personsOf(zip);
  const printed = new Map<number, Box[]>();
  let definedName = '';
  let sheetOfName = -1;
  readXml(zip.text('xl/workbook.xml') ?? '', {
    open(tag, a) {
      if (tag === 'definedName') {
        definedName = a['name'] ?? '';
        sheetOfName = Number(a['localSheetId'] ?? -1);
      }
      if (/auto_(open|close|activate)/i.test(definedName)) removed('macro-sheet', definedName);
    },
    text(area) {
      if (definedName !== '_xlnm.Print_Area') return;
      const boxes = boxesOf(area);
      if (boxes.length > 0) printed.set(sheetOfName, boxes);
    },
    close: () => (definedName = ''),
  });
  const look = { strings, blank: blankStyles(zip), printed };
  workbookSheets(zip).forEach((sheet, number) => readSheet(zip, sheet, number, look));
  for (const name of zip.names) {
    if (/^xl\/(comments[^/]*|threadedComments\/[^/]+)\.xml$/i.test(name))
      readComments(zip.text(name) ?? '', persons);
    if (/^xl\/drawings\/drawing[^/]*\.xml$/i.test(name)) {
      for (const text of hiddenWords(zip.text(name) ?? ''))
        emit.remark({ list: 'hidden', kind: 'hidden-text', text });
    }
    if (
      /^xl\/externalLinks\/[^/]+\.xml$/i.test(name) &&
      /<(\w+:)?ddeLink/.test(zip.text(name) ?? '')
    ) {
      removed('dde', name);
    }
  }
}
