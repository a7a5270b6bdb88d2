// What a finding's detail says in our words, as data: apps say it in any language. What the document says stays as it is.

import { inEnglish, type Said } from '@parley/kernel';

import { withoutUnseen } from './unseen.ts';

export const DETAIL_SENTENCES = {
  'bytes-before': 'bytes before the document: {count}',
  'bytes-after-document': 'bytes after the document: {count}',
  'bytes-after-picture': 'bytes after the picture: {count}',
  'document-type': 'a document type',
  'document-type-in': 'a document type in {part}',
  'document-type-entities': 'a document type with entities',
  'file-in-text': 'a file that is taken into the text (altChunk)',
  'earlier-version': 'an earlier version: {name}',
  'path-outside': 'a path that leads out of the archive: {path}',
  'a-picture': 'a picture',
  'picture-unread': 'picture {number} could not be read',
  'frames-left-out': 'frames: {count}; the first is kept',
  'more-formulas': 'sheet {sheet}, more formulas: {count}',
  'sheet-hidden': 'sheet {sheet}',
  'sheet-very-hidden': 'sheet {sheet}, which no menu shows',
  'a-hidden-column': 'a hidden column',
  'format-program': 'a program',
  'format-text': 'plain text',
  'format-csv': 'a table as text (CSV)',
  'format-mail': 'an e-mail',
  'meta-title': 'title: {text}',
  'meta-author': 'author: {text}',
  'meta-last-author': 'last saved by: {text}',
  'meta-subject': 'subject: {text}',
  'meta-description': 'description: {text}',
  'meta-keywords': 'keywords: {text}',
  'meta-company': 'company: {text}',
  'meta-manager': 'manager: {text}',
  'meta-template': 'template: {text}',
  'meta-program': 'made with: {text}',
  'tag-comment': 'a comment',
  'tag-description': 'a description',
  'tag-make': 'the make of the device',
  'tag-model': 'the model of the device',
  'tag-program': 'the program',
  'tag-date': 'the date',
  'tag-author': 'the author',
  'tag-copyright': 'a note of copyright',
  'tag-place': 'the place ({format})',
} as const;

export type DetailCode = keyof typeof DETAIL_SENTENCES;
/** A detail: numbers are ours, texts in it are the stranger's, made inert. */
export type Detail = Said<DetailCode> & {
  readonly values: Readonly<Record<string, string | number>>;
};

export const detailText = (detail: Detail): string => inEnglish(DETAIL_SENTENCES, detail);

const isDetail = (word: unknown): word is DetailCode =>
  typeof word === 'string' && Object.hasOwn(DETAIL_SENTENCES, word);

const TEXT_MAX = 2000;

/** A stranger's text made fit to be shown: one line, nothing unseen, bounded. */
export function inert(text: unknown): string {
  if (typeof text !== 'string') return '';
  const clean = withoutUnseen(
    text
      .slice(0, TEXT_MAX * 2)
      .toWellFormed()
      .replaceAll(/\s+/gu, ' '),
  );
  return clean.trim().slice(0, TEXT_MAX).toWellFormed();
}

/** Reads what a cage says: a kind of ours, and the values that its sentence has a place for. */
export function readDetail(said: unknown): Detail | undefined {
  if (typeof said !== 'object' || said === null) return undefined;
  const { code, values } = said as Record<string, unknown>;
  if (!isDetail(code)) return undefined;
  const given = typeof values === 'object' && values !== null ? values : {};
  const read: Record<string, string | number> = {};
  for (const [, name = ''] of DETAIL_SENTENCES[code].matchAll(/\{(\w+)\}/g)) {
    const value: unknown = Object.hasOwn(given, name)
      ? (given as Record<string, unknown>)[name]
      : undefined;
    read[name] =
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : inert(value);
  }
  return { code, values: read };
}

/** The properties that formats name, by the name that each gives them. */
const PROPERTIES: Readonly<Record<string, DetailCode>> = {
  title: 'meta-title',
  creator: 'meta-author',
  author: 'meta-author',
  'initial-creator': 'meta-author',
  lastmodifiedby: 'meta-last-author',
  lastsaveby: 'meta-last-author',
  subject: 'meta-subject',
  description: 'meta-description',
  keyword: 'meta-keywords',
  keywords: 'meta-keywords',
  company: 'meta-company',
  manager: 'meta-manager',
  template: 'meta-template',
};

/** A property of a document by the name that its format has for it; one that is not known is told as it stands. */
export function property(format: string, text: string): Detail | string {
  const name = format.replace(/^.*:/, '');
  const code = PROPERTIES[name.toLowerCase()];
  return code === undefined ? `${name}: ${text}` : { code, values: { text } };
}

/** How a format is named: most by their own short names, some in words. */
export function formatDetail(kind: string): Detail | string {
  const worded: Readonly<Record<string, DetailCode>> = {
    program: 'format-program',
    text: 'format-text',
    csv: 'format-csv',
    eml: 'format-mail',
  };
  const code = worded[kind];
  return code === undefined ? kind.toUpperCase() : { code, values: {} };
}
