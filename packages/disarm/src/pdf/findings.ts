// What a PDF carries besides its pages: scripts, actions, attachments, links, notes. Named for the report, never carried over.

import { emit } from '../cage/emit.ts';
import type { RemovedKind } from '../report.ts';
import type { Engine } from './engine.ts';

const LISTED_MAX = 500;

/** Reads a UTF-16LE answer of a call that takes a buffer and its length and answers the bytes needed. */
function wideText(engine: Engine, read: (buffer: number, length: number) => number): string {
  const needed = Math.min(read(0, 0), 1 << 16);
  if (needed <= 2) return '';
  const buffer = engine.call.malloc(needed);
  read(buffer, needed);
  const text = Buffer.from(engine.bytes().slice(buffer, buffer + needed - 2)).toString('utf16le');
  engine.call.free(buffer);
  return text;
}

function narrowText(engine: Engine, read: (buffer: number, length: number) => number): string {
  const needed = Math.min(read(0, 0), 1 << 16);
  if (needed <= 1) return '';
  const buffer = engine.call.malloc(needed);
  read(buffer, needed);
  const text = Buffer.from(engine.bytes().slice(buffer, buffer + needed - 1)).toString('utf8');
  engine.call.free(buffer);
  return text;
}

/** Calls `use` with a NUL-terminated string in the engine's memory. */
function withString<T>(engine: Engine, text: string, use: (at: number) => T): T {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const at = engine.call.malloc(bytes.length);
  engine.bytes().set(bytes, at);
  try {
    return use(at);
  } finally {
    engine.call.free(at);
  }
}

/** Names of the format that always mean something active, with the word of the report. */
const NAMES: ReadonlyMap<string, RemovedKind> = new Map<string, RemovedKind>([
  ['Launch', 'launch-action'],
  ...'AA OpenAction GoToR GoToE SubmitForm ResetForm ImportData Named Hide SetOCGState Rendition Trans Thread'
    .split(' ')
    .map((name) => [name, 'action'] as const),
  ['XFA', 'form'],
  ...'RichMedia Movie Sound 3D U3D PRC'.split(' ').map((name) => [name, 'multimedia'] as const),
  ...'FontFile FontFile2 FontFile3'.split(' ').map((name) => [name, 'font-program'] as const),
  ['Metadata', 'metadata'],
  ['PieceInfo', 'metadata'],
  ['OCProperties', 'layer'],
  ['JavaScript', 'javascript'],
  ['JS', 'javascript'],
]);
const NAMED = new RegExp(`/(?:${[...NAMES.keys()].join('|')})\\b`, 'g');

function scanNames(text: string): void {
  const counts = new Map<RemovedKind, number>();
  for (const [name] of text.matchAll(NAMED)) {
    const kind = NAMES.get(name.slice(1));
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  for (const kind of new Set(NAMES.values())) {
    const count = counts.get(kind) ?? 0;
    if (count > 0) emit.remark({ list: 'removed', kind, count });
  }
}

/** The whole document, every object in the open, as the engine would save it; undefined where it cannot. */
function inTheOpen(engine: Engine, document: number): string | undefined {
  const { call } = engine;
  const writer = call.PDFiumExt_OpenFileWriter();
  try {
    if (call.PDFiumExt_SaveAsCopy(document, writer) === 0) return undefined;
    const size = call.PDFiumExt_GetFileWriterSize(writer);
    const buffer = call.malloc(size);
    if (buffer === 0) return undefined;
    call.PDFiumExt_GetFileWriterData(writer, buffer, size);
    const text = Buffer.from(engine.bytes().slice(buffer, buffer + size)).toString('latin1');
    call.free(buffer);
    return text;
  } finally {
    call.PDFiumExt_CloseFileWriter(writer);
  }
}

/** What a PDF calls its creator is a program. */
const PROPERTIES = [
  ['Title', 'meta-title'],
  ['Author', 'meta-author'],
  ['Subject', 'meta-subject'],
  ['Keywords', 'meta-keywords'],
  ['Creator', 'meta-program'],
] as const;

/** Remarks on the document as a whole. */
export function reportDocument(engine: Engine, document: number, original: Uint8Array): void {
  const { call } = engine;
  const raw = Buffer.from(original.buffer, original.byteOffset, original.length).toString('latin1');
  const head = raw.indexOf('%PDF-');
  if (head > 0) emit.detail('appended-data', 'bytes-before', { count: head });
  const end = raw.lastIndexOf('%%EOF');
  const tail = end < 0 ? 0 : raw.slice(end + 5).trim().length;
  if (tail > 0) emit.detail('appended-data', 'bytes-after-document', { count: tail });
  const folded = /\/ObjStm|\/Encrypt|\/[A-Za-z]*#[0-9A-Fa-f]{2}/.test(raw);
  scanNames(
    (folded && original.length < 32 << 20 ? inTheOpen(engine, document) : undefined) ?? raw,
  );
  const scripts = Math.min(
    LISTED_MAX,
    Math.max(0, call.FPDFDoc_GetJavaScriptActionCount(document)),
  );
  for (let i = 0; i < scripts; i++) {
    const action = call.FPDFDoc_GetJavaScriptAction(document, i);
    if (action === 0) continue;
    const text = wideText(engine, (b, n) => call.FPDFJavaScriptAction_GetScript(action, b, n));
    emit.remark({ list: 'removed', kind: 'javascript', text, count: 0 });
    call.FPDFDoc_CloseJavaScriptAction(action);
  }
  const files = Math.min(LISTED_MAX, Math.max(0, call.FPDFDoc_GetAttachmentCount(document)));
  for (let i = 0; i < files; i++) {
    const file = call.FPDFDoc_GetAttachment(document, i);
    const text =
      file === 0 ? '' : wideText(engine, (b, n) => call.FPDFAttachment_GetName(file, b, n));
    emit.remark({ list: 'removed', kind: 'embedded-file', text });
  }
  if (call.FPDF_GetSignatureCount(document) > 0) {
    emit.remark({
      list: 'removed',
      kind: 'signature',
      count: call.FPDF_GetSignatureCount(document),
    });
    emit.note('was-signed');
  }
  if (call.FPDF_GetFormType(document) > 0) emit.remark({ list: 'removed', kind: 'form' });
  if (call.FPDFBookmark_GetFirstChild(document, 0) !== 0)
    emit.remark({ list: 'removed', kind: 'bookmarks' });
  for (const [key, code] of PROPERTIES) {
    const value = withString(engine, key, (at) =>
      wideText(engine, (b, n) => call.FPDF_GetMetaText(document, at, b, n)),
    );
    if (value !== '') emit.detail('metadata', code, { text: value });
  }
}

const ANNOTATION = {
  text: 1,
  link: 2,
  freeText: 3,
  popup: 16,
  file: 17,
  sound: 18,
  movie: 19,
  widget: 20,
  screen: 21,
  threeD: 25,
  richMedia: 26,
};
const FLAG = { hidden: 2, noView: 32 };
const ACTION = { goTo: 1, remoteGoTo: 2, uri: 3, launch: 4 };

/** Remarks on one page's links and annotations. `number` counts from 1. */
export function reportPage(engine: Engine, document: number, page: number, number: number): void {
  const { call, scratch } = engine;
  engine.memory().setInt32(scratch, 0, true);
  for (
    let i = 0;
    i < LISTED_MAX && call.FPDFLink_Enumerate(page, scratch, scratch + 4) !== 0;
    i++
  ) {
    const action = call.FPDFLink_GetAction(engine.memory().getUint32(scratch + 4, true));
    const type = action === 0 ? ACTION.goTo : call.FPDFAction_GetType(action);
    if (type === ACTION.uri) {
      const target = narrowText(engine, (b, n) =>
        call.FPDFAction_GetURIPath(document, action, b, n),
      );
      emit.remark({ list: 'link', target, page: number });
      emit.remark({ list: 'removed', kind: 'external-link', page: number });
    } else if (type === ACTION.remoteGoTo || type === ACTION.launch) {
      const text = narrowText(engine, (b, n) => call.FPDFAction_GetFilePath(action, b, n));
      emit.remark({
        list: 'removed',
        kind: type === ACTION.launch ? 'launch-action' : 'action',
        page: number,
        text,
      });
    } else emit.remark({ list: 'removed', kind: 'internal-link', page: number });
  }
  const count = Math.min(5000, Math.max(0, call.FPDFPage_GetAnnotCount(page)));
  for (let i = 0; i < count; i++) {
    const annotation = call.FPDFPage_GetAnnot(page, i);
    if (annotation === 0) continue;
    const type = call.FPDFAnnot_GetSubtype(annotation);
    const value = (key: string): string =>
      withString(engine, key, (at) =>
        wideText(engine, (b, n) => call.FPDFAnnot_GetStringValue(annotation, at, b, n)),
      );
    const flags = call.FPDFAnnot_GetFlags(annotation);
    if (type === ANNOTATION.widget) {
      emit.remark({ list: 'removed', kind: 'form-field', page: number });
    } else if (type === ANNOTATION.file) {
      emit.remark({
        list: 'removed',
        kind: 'embedded-file',
        page: number,
        text: value('Contents'),
      });
    } else if (
      [
        ANNOTATION.sound,
        ANNOTATION.movie,
        ANNOTATION.screen,
        ANNOTATION.threeD,
        ANNOTATION.richMedia,
      ].includes(type)
    ) {
      emit.remark({ list: 'removed', kind: 'multimedia', page: number });
    } else if (type !== ANNOTATION.link && type !== ANNOTATION.popup) {
      emit.remark({ list: 'removed', kind: 'annotation', page: number });
      const text = value('Contents');
      if (text !== '') {
        emit.remark({ list: 'remark', what: 'comment', author: value('T'), text, page: number });
      }
    }
    if ((flags & (FLAG.hidden | FLAG.noView)) !== 0 && type !== ANNOTATION.popup) {
      emit.remark({
        list: 'hidden',
        kind: 'hidden-annotation',
        page: number,
        text: value('Contents') || value('V'),
      });
    }
    call.FPDFPage_CloseAnnot(annotation);
  }
}
