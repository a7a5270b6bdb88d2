// HWPX (KS X 6101), read by our own whitelist: the words of every section in order, tables as lines, nothing else.

import { readXml } from '../readers/xml.ts';
import { OFFICE_ZIP_LIMITS, ZipReader, ZipRefusal } from '../readers/zip.ts';
import { emit, JobRefusal } from './emit.ts';
import type { Job } from './job.ts';
import { cleanText } from './text.ts';

function sectionText(xml: string): string {
  let text = '';
  let reads = false;
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
        if (type === 'HYPERLINK') emit.remark({ list: 'removed', kind: 'external-link' });
        else if (type === 'MEMO') memo++;
        else emit.remark({ list: 'removed', kind: 'field-code', text: type });
      }
      if (tag === 'hp:hiddenComment') memo++;
      if (tag === 'hp:ole' || tag === 'hp:video') {
        emit.remark({ list: 'removed', kind: tag === 'hp:ole' ? 'ole-object' : 'multimedia' });
      }
      if (tag === 'hp:stringParam' && attributes['name'] === 'Command') reads = false;
      if (tag === 'hp:insertBegin' || tag === 'hp:deleteBegin') {
        emit.remark({
          list: 'remark',
          what: tag === 'hp:insertBegin' ? 'inserted' : 'deleted',
          author: '',
          text: '(shown in the text)',
        });
      }
    },
    close(tag) {
      if (tag === 'hp:t') reads = false;
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
      if (reads) add(value);
    },
    doctype: () => emit.remark({ list: 'removed', kind: 'active-element', text: 'document type' }),
  });
  return text;
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
    const text = sections.map((name) => sectionText(zip.text(name) ?? '')).join('\n');
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
