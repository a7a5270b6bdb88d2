// HWPX (KS X 6101), read by our own whitelist: the words of every section in order, tables as lines, nothing else.

import { property } from '../details.ts';
import { removed } from '../readers/tell.ts';
import { readXml } from '../readers/xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { cleanText } from './text.ts';

type Change = {
  readonly what: 'inserted' | 'deleted';
  readonly id: string;
  readonly author: string;
  text: string;
};

/** Authors of tracked changes by the change's number, and who wrote the document. */
function readHeader(zip: ZipReader): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const authors = new Map<string, string>();
  readXml(zip.text('Contents/header.xml') ?? '', {
    open(tag, a) {
      if (tag === 'hh:trackChange') authors.set(a['id'] ?? '', a['authorID'] ?? '');
      if (tag === 'hh:trackChangeAuthor') names.set(a['id'] ?? '', a['name'] ?? '');
    },
  });
  let meta = '';
  readXml(zip.text('Contents/content.hpf') ?? '', {
    open: (tag, a) =>
      (meta = tag === 'opf:meta' ? (a['name'] ?? '') : tag === 'opf:title' ? 'title' : ''),
    close: () => (meta = ''),
    text(text) {
      if (
        /^(creator|lastsaveby|title|subject|description|keyword)$/.test(meta) &&
        text.trim() !== ''
      )
        removed('metadata', property(meta, text));
    },
  });
  return new Map([...authors].map(([id, author]) => [id, names.get(author) ?? '']));
}

function sectionText(xml: string, authors: ReadonlyMap<string, string>): string {
  let text = '';
  let reads = false;
  let field = '';
  let link = false;
  const changes: Change[] = [];
  let memo = 0;
  let memoText = '';
  const add = (value: string): void => {
    if (memo > 0) memoText += value;
    else text += value;
  };
  readXml(xml, {
    open(tag, attributes) {
      if (tag === 'hp:t') reads = true;
      if (tag === 'hp:lineBreak') add('\n');
      if (tag === 'hp:tab') add('\t');
      if (tag === 'hp:fieldBegin') {
        const type = attributes['type'] ?? '';
        field = type;
        if (type === 'HYPERLINK') emit.remark({ list: 'removed', kind: 'external-link' });
        else if (type === 'MEMO') memo++;
        else emit.remark({ list: 'removed', kind: 'field-code', text: type });
      }
      if (tag === 'hp:hiddenComment') memo++;
      if (tag === 'hp:ole' || tag === 'hp:video') {
        emit.remark({ list: 'removed', kind: tag === 'hp:ole' ? 'ole-object' : 'multimedia' });
      }
      if (tag === 'hp:stringParam')
        link = field === 'HYPERLINK' && /^(Command|Path)$/.test(attributes['name'] ?? '');
      if (tag === 'hp:insertBegin' || tag === 'hp:deleteBegin') {
        const id = attributes['Id'] ?? '';
        const author = authors.get(attributes['TcId'] ?? '') ?? '';
        const what = tag === 'hp:insertBegin' ? 'inserted' : 'deleted';
        changes.push({ what, id, author, text: '' });
      }
      if (tag === 'hp:insertEnd' || tag === 'hp:deleteEnd') {
        const at = changes.findIndex(({ id }) => id === (attributes['Id'] ?? ''));
        for (const change of at < 0 ? [] : changes.splice(at, 1)) tellChange(change);
      }
    },
    close(tag) {
      if (tag === 'hp:t') reads = false;
      if (tag === 'hp:stringParam') link = false;
      if (tag === 'hp:p') add('\n');
      if (tag === 'hp:tc') add('\t');
      if ((tag === 'hp:fieldEnd' || tag === 'hp:hiddenComment') && memo > 0) {
        memo--;
        if (memo === 0 && memoText.trim() !== '') {
          emit.remark({ list: 'remark', what: 'comment', author: '', text: memoText });
          memoText = '';
        }
      }
    },
    text: (value) => {
      // The command of a link says its target before its first mark, with escaped colons.
      const target = link ? (value.split(';')[0] ?? '').replaceAll('\\', '') : '';
      if (target.trim() !== '') emit.remark({ list: 'link', target });
      if (reads) add(value);
      if (reads) for (const change of changes) change.text += value;
    },
    doctype: () => emit.detail('active-element', 'document-type'),
  });
  // Marks that do not close hold to the end.
  for (const change of changes) tellChange(change);
  return text;
}

function tellChange({ what, author, text }: Change): void {
  emit.remark({ list: 'remark', what, author, text });
}

export function convertHwpx(bytes: Uint8Array, job: Job): void {
  try {
    const zip = new ZipReader(bytes, OFFICE_ZIP_LIMITS);
    if (
      zip.has('META-INF/manifest.xml') &&
      /encryption-data/.test(zip.text('META-INF/manifest.xml') ?? '')
    ) {
      throw new JobRefusal('encrypted');
    }
    for (const name of zip.names) {
      if (/^Scripts\//i.test(name)) emit.remark({ list: 'removed', kind: 'script', text: name });
      if (/^BinData\/.*\.(ole|exe|bin)$/i.test(name))
        emit.remark({ list: 'removed', kind: 'ole-object', text: name });
    }
    const number = (name: string): number => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0);
    const sections = zip.names
      .filter((name) => /^Contents\/section\d+\.xml$/i.test(name))
      .toSorted((a, b) => number(a) - number(b));
    if (sections.length === 0) throw new JobRefusal('broken', 'no section');
    const authors = readHeader(zip);
    const text = sections.map((name) => sectionText(zip.text(name) ?? '', authors)).join('\n');
    if (text.trim() === '') throw new JobRefusal('broken', 'no text in any section');
    emit.note('hwpx-words-only');
    emit.text(cleanText(`${text.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`));
    const pictures = zip.names.filter((name) =>
      /^BinData\/.*\.(png|jpe?g|gif|bmp|tiff?)$/i.test(name),
    );
    emit.parts(pictures, job.partsMax, (at) => zip.read(pictures[at] ?? '') ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof ZipRefusal) throw new JobRefusal(error.reason, error.message);
    throw error;
  }
}
