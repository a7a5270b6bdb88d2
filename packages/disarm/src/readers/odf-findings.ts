// OpenDocument: annotations, tracked changes, hidden text, scripts and what would be fetched.

import { emit } from '../cage/emit.ts';
import { remark, removed } from './tell.ts';
import { readXml } from './xml.ts';
import type { ZipReader } from './zip.ts';

type Note = { tag: string; what: 'comment' | 'inserted' | 'deleted'; author: string; text: string };

const CHANGE = { 'text:insertion': 'inserted', 'text:deletion': 'deleted' } as const;

function readContent(xml: string, part: string): void {
  const open: Note[] = [];
  let inAuthor = false;
  let inDate = false;
  readXml(xml, {
    open(tag, a) {
      if (tag === 'office:annotation') open.push({ tag, what: 'comment', author: '', text: '' });
      if (tag === 'text:insertion' || tag === 'text:deletion') {
        open.push({ tag, what: CHANGE[tag], author: '', text: '' });
      }
      if (tag === 'dc:creator') inAuthor = true;
      if (tag === 'dc:date') inDate = true;
      if (tag === 'script:event-listener' || tag === 'office:script')
        removed('script', a['xlink:href'] ?? tag);
      if (/^(office|text):dde-/.test(tag)) removed('dde', a['office:dde-topic'] ?? '');
      if (tag === 'text:hidden-text' || tag === 'text:hidden-paragraph') {
        emit.remark({ list: 'hidden', kind: 'hidden-text', text: a['text:string-value'] ?? '' });
      }
      if (tag === 'draw:object' || tag === 'draw:object-ole')
        removed('ole-object', a['xlink:href'] ?? '');
      if (tag === 'draw:plugin' || tag === 'draw:applet')
        removed('multimedia', a['xlink:href'] ?? '');
      if (tag === 'table:table' && a['table:display'] === 'false') {
        emit.remark({ list: 'hidden', kind: 'hidden-sheet', text: a['table:name'] ?? '' });
      }
      const target = a['xlink:href'] ?? '';
      if (/^(https?|ftp|file|mailto|smb):|^\\\\/i.test(target)) {
        if (tag === 'text:a' || tag === 'draw:a') emit.remark({ list: 'link', target });
        else removed('external-relationship', target);
      }
    },
    close(tag) {
      if (tag === 'dc:creator') inAuthor = false;
      if (tag === 'dc:date') inDate = false;
      if (tag === 'text:p') for (const note of open) note.text += ' ';
      if (open.at(-1)?.tag === tag) {
        const note = open.pop();
        if (note !== undefined) {
          // An insertion's text stands in the document itself: the change list has only its author.
          const text =
            note.text.trim() === '' && note.what === 'inserted' ? '(shown in the text)' : note.text;
          remark({ list: 'remark', what: note.what, author: note.author, text });
        }
      }
    },
    text(text) {
      const note = open.at(-1);
      if (note === undefined || inDate) return;
      if (inAuthor) note.author += text;
      else note.text += text;
    },
    doctype: () => removed('active-element', `document type in ${part}`),
  });
}

export function reportOpenDocument(zip: ZipReader): void {
  for (const part of ['content.xml', 'styles.xml']) readContent(zip.text(part) ?? '', part);
  let open = '';
  readXml(zip.text('meta.xml') ?? '', {
    open: (tag) => (open = tag),
    close: () => (open = ''),
    text(text) {
      if (
        /^(meta:initial-creator|dc:creator|dc:title|dc:subject|dc:description|meta:keyword)$/.test(
          open,
        ) &&
        text.trim() !== ''
      ) {
        removed('metadata', `${open.replace(/^.*:/, '')}: ${text}`);
      }
    },
  });
}
