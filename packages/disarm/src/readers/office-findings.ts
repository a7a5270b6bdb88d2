// What an office file carries besides its pages, told before the engine sees it: macros, links, fields, objects; comments, changes and everything hidden.

import { emit, JobRefusal } from '../cage/emit.ts';
import type { Kind } from '../kind.ts';
import type { RemovedKind } from '../report.ts';
import { reportXlsbLink, reportXlsRecords } from './binary-links.ts';
import { reportOpenDocument } from './odf-findings.ts';
import { CompoundReader, CompoundRefusal } from './compound.ts';
import { reportLinks, reportRelationships } from './relationships.ts';
import { reportSheets } from './sheet-findings.ts';
import { reportSlides } from './slide-findings.ts';
import { removed, reportField } from './tell.ts';
import { reportWords } from './word-findings.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from './zip.ts';

/** Parts that mean something active by their name alone (ECMA-376, MS-OFFMACRO2). */
const PARTS: readonly (readonly [RegExp, RemovedKind])[] = [
  [/vbaProject|vbaData|(^|\/)Basic\//i, 'macro'],
  [/macrosheets|intlMacro|dialogsheets/i, 'macro-sheet'],
  [/activeX|ctrlProps/i, 'activex'],
  [/embeddings\/|oleObject|ObjectReplacements|^Object \d/i, 'ole-object'],
  [/externalLinks\/[^_]*\.xml$/i, 'external-formula'],
  [/connections\.xml|queryTables/i, 'connection'],
  [/webextension|customUI|attachedToolbars|^Scripts\//i, 'script'],
  [/customXml\/item|docProps\/custom|customProperty/i, 'custom-data'],
  [/media\/.*\.(mp4|avi|wav|mp3|wmv|mov|m4a)$/i, 'media'],
  [/\.(ttf|odttf|fntdata|otf)$/i, 'font-program'],
  [/_xmlsignatures|META-INF\/documentsignatures/i, 'signature'],
];

function reportParts(zip: ZipReader): void {
  for (const name of zip.names) {
    for (const [pattern, kind] of PARTS) if (pattern.test(name)) removed(kind, name);
  }
}

/** Old binary files show what they hold by the names of their streams. */
function reportCompound(kind: 'doc' | 'xls' | 'ppt', bytes: Uint8Array): void {
  const files = unbroken(() => new CompoundReader(bytes));
  const names = files?.names ?? namesByLook(bytes);
  const found = (kind: RemovedKind, pattern: RegExp): void => {
    const [first] = names.filter((name) => pattern.test(name));
    if (first !== undefined) removed(kind, first);
  };
  found('macro', /_VBA_PROJECT|(^|\/)Macros?(\/|$)|(^|\/)VBA\//i);
  found('ole-object', /ObjectPool|Ole10Native|(^|\/)Package$|^MBD/i);
  found('activex', /OCXNAME|OCXDATA/i);
  found('signature', /_signatures|_xmlsignatures/i);
  found('metadata', /SummaryInformation$/);
  if (kind !== 'xls') return;
  const book = unbroken(() => files?.read('Workbook') ?? files?.read('Book'));
  if (book !== undefined) reportXlsRecords(book);
}

/** What a compound file says; undefined where its tables are broken. */
function unbroken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CompoundRefusal) return undefined;
    throw error;
  }
}

/** A file whose inner tables are broken still names its streams, in UTF-16. */
function namesByLook(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const known = [
    '_VBA_PROJECT',
    'Macros',
    'ObjectPool',
    'Ole10Native',
    '_signatures',
    'SummaryInformation',
  ];
  return known.filter((name) => buffer.includes(Buffer.from(name, 'utf16le')));
}

/** Whether an old binary file says that it needs a password ([MS-DOC] FibBase, [MS-XLS] FilePass, [MS-PPT] CurrentUser). */
export function isLockedTheOldWay(kind: Kind, bytes: Uint8Array): boolean {
  try {
    const files = new CompoundReader(bytes);
    const read = (name: string): DataView | undefined => {
      const data = files.read(name);
      return data && new DataView(data.buffer, data.byteOffset, data.length);
    };
    if (kind === 'doc') return ((read('WordDocument')?.getUint8(11) ?? 0) & 1) === 1;
    if (kind === 'ppt') return read('Current User')?.getUint32(12, true) === 0xf3d1c4df;
    const book = kind === 'xls' ? (read('Workbook') ?? read('Book')) : undefined;
    if (book === undefined) return false;
    // It stands among the first records, behind the mark of the beginning.
    for (let at = 0, n = 0; n < 8; n++) {
      if (book.getUint16(at, true) === 0x2f) return true;
      at += 4 + book.getUint16(at + 2, true);
    }
    return false;
  } catch (error) {
    if (error instanceof CompoundRefusal || error instanceof RangeError) return false;
    throw error;
  }
}

/** Comments, changes and hidden content of an old document, from the form in which the engine wrote it anew. */
export function reportContent(kind: 'docx' | 'xlsx' | 'pptx', bytes: Uint8Array): void {
  const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
  if (kind === 'docx') reportWords(zip);
  if (kind === 'xlsx') reportSheets(zip);
  if (kind === 'pptx') reportSlides(zip);
  reportLinks(zip);
}

const FIELD_MAX = 4000;

/** The words from a place in RTF to the end of its group; how they are cut into further groups and dressed says nothing. */
function plainGroup(text: string, from: number): string {
  let depth = 0;
  let words = '';
  const token = /\\'([0-9a-f]{2})|\\([a-z]+)-?\d* ?|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/giy;
  token.lastIndex = from;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [, hex, , escaped = '', brace, plain = ''] = found;
    if (brace === '{') depth++;
    if (brace === '}' && depth-- === 0) break;
    words += hex === undefined ? escaped + plain : String.fromCharCode(Number.parseInt(hex, 16));
    if (words.length > FIELD_MAX) break;
  }
  return words;
}

function reportRtf(bytes: Uint8Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const found = (kind: RemovedKind, pattern: RegExp): void => {
    const times = count(pattern);
    if (times > 0) emit.remark({ list: 'removed', kind, count: times });
  };
  found('ole-object', /\\obj(data|emb|link|ocx|autlink)\b/g);
  found('remote-template', /\\\*\\template\b/g);
  found('metadata', /\\info\b/g);
  for (const { index } of text.matchAll(/\\fldinst\b/g)) reportField(plainGroup(text, index + 8));
}

/** Tells everything it can read. Throws `JobRefusal` for archives that are bombs, encrypted or no archives. */
export async function reportOffice(kind: Kind, bytes: Uint8Array): Promise<void> {
  if (kind === 'rtf') return reportRtf(bytes);
  if (kind === 'doc' || kind === 'xls' || kind === 'ppt') return reportCompound(kind, bytes);
  try {
    const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
    reportParts(zip);
    if (kind === 'odt' || kind === 'ods' || kind === 'odp') return reportOpenDocument(kind, zip);
    reportRelationships(zip);
    if (kind === 'docx') reportWords(zip);
    if (kind === 'xlsx') reportSheets(zip);
    if (kind === 'pptx') reportSlides(zip);
    for (const name of zip.names) {
      if (!/^xl\/externalLinks\/[^/]+\.bin$/i.test(name)) continue;
      reportXlsbLink(name, zip.read(name) ?? new Uint8Array(0));
    }
    // Every other part is unpacked once, so that a bomb ends here and not in the engine.
    for (const name of zip.names) if (/\.(xml|rels|bin|vml)$/i.test(name)) zip.read(name);
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
