// SpreadsheetML: hidden sheets, rows and columns with what they hold, comments, and formulas that reach outside.

import { emit } from '../cage/emit.ts';
import { columnNumber } from '../list/plain-formula.ts';
import { remark, removed } from './tell.ts';
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

function readSheet(zip: ZipReader, sheet: SheetEntry, strings: readonly string[]): void {
  const wholeHidden = sheet.state !== 'visible';
  const texts: string[] = [];
  const hiddenColumns: [number, number][] = [];
  let hiddenRow = false;
  let cell = { type: '', reference: '', value: '', formula: '' };
  let reads: 'value' | 'formula' | '' = '';
  readXml(zip.text(sheet.part) ?? '', {
    open(tag, a) {
      if (tag === 'col' && (a['hidden'] === '1' || a['hidden'] === 'true')) {
        hiddenColumns.push([Number(a['min']), Number(a['max'])]);
      }
      if (tag === 'row') hiddenRow = a['hidden'] === '1' || a['hidden'] === 'true';
      if (tag === 'c')
        cell = { type: a['t'] ?? '', reference: a['r'] ?? '', value: '', formula: '' };
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
      const column = columnNumber(/^[A-Z]{1,3}/.exec(cell.reference)?.[0] ?? '');
      const hidden =
        wholeHidden ||
        hiddenRow ||
        hiddenColumns.some(([min, max]) => column >= min && column <= max);
      if (!hidden || texts.length >= TEXTS_MAX) return;
      const said = cell.type === 's' ? (strings[Number(cell.value)] ?? '') : cell.value;
      if (said.trim() !== '') texts.push(`${cell.reference}: ${said}`);
    },
  });
  if (wholeHidden) {
    emit.remark({ list: 'hidden', kind: 'hidden-sheet', text: `${sheet.name} (${sheet.state})` });
  }
  const kind = wholeHidden ? 'hidden-sheet' : 'hidden-row-or-column';
  for (const text of texts)
    emit.remark({ list: 'hidden', kind, count: 0, text: `${sheet.name}!${text}` });
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
  const persons = personsOf(zip);
  for (const sheet of workbookSheets(zip)) readSheet(zip, sheet, strings);
  let definedName = '';
  readXml(zip.text('xl/workbook.xml') ?? '', {
    open(tag, a) {
      if (tag === 'definedName') definedName = a['name'] ?? '';
      if (/auto_(open|close|activate)/i.test(definedName)) removed('macro-sheet', definedName);
    },
    close: () => (definedName = ''),
  });
  for (const name of zip.names) {
    if (/^xl\/(comments[^/]*|threadedComments\/[^/]+)\.xml$/i.test(name))
      readComments(zip.text(name) ?? '', persons);
    if (
      /^xl\/externalLinks\/[^/]+\.xml$/i.test(name) &&
      /<(\w+:)?ddeLink/.test(zip.text(name) ?? '')
    ) {
      removed('dde', name);
    }
  }
}
